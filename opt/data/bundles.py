"""Bundles: projects that are committed together, all of them in the same year or none."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.instance import Project
from opt.data.sheets.projects import ProjectRow
from opt.data.words import listed, spans
from opt.errors import Effect


def bundled(candidates: Mapping[str, Project]) -> dict[str, Project]:
    """Candidates of which those of a bundle are offered in the years in which all of it are; one
    that bears a name alone is of no bundle."""
    members: dict[str, list[Project]] = {}
    for project in candidates.values():
        members.setdefault(project.bundle, []).append(project)
    return {j: _offered(project, members[project.bundle]) for j, project in candidates.items()}


def _offered(project: Project, members: list[Project]) -> Project:
    if not project.bundle:
        return project
    if not members[1:]:
        return dataclasses.replace(project, bundle="")
    met = set(project.offers).intersection(*(other.offers for other in members))
    offers = {v: offer for v, offer in project.offers.items() if v in met}
    return dataclasses.replace(project, offers=offers)


@check("bundles", "projects")
def check_bundles(book: Inspection) -> None:
    """A bundle has several projects, of one unit each, of which no two exclude each other or stand
    for the same place in it."""
    for members in bundles(book.rows(ProjectRow)):
        for row in members:
            _check_member(book, row, members)


def _check_member(book: Inspection, row: ProjectRow, members: list[ProjectRow]) -> None:
    name = f"'{row.project}' is of bundle '{row.bundle}'"
    others = [other for other in members if other is not row]
    if not others:
        message = f"no other project is of bundle '{row.bundle}'."
        book.warn(
            row,
            "bundle",
            message,
            "Type it the same way in the others, or delete it.",
            effect=Effect.UNUSED,
        )
    if row.max_units > 1:
        message = f"{name}, but max_units is {row.max_units}."
        book.fault(row, "max_units", message, "Make it 1: each further unit a bundle of its own.")
    group = row.group.casefold()
    rivals = [r for r in members[: members.index(row)] if group and r.group.casefold() == group]
    if rivals:
        message = f"'{rivals[0].project}' of bundle '{row.bundle}' is of group '{row.group}' too."
        hint = "One of a group can be built, and all of a bundle: mend one of the names."
        book.fault(row, "group", message, hint)
    if row.requires in [other.project for other in others]:
        message = f"it requires '{row.requires}' of its own bundle, which is built with it."
        book.warn(row, "requires", message, "Leave the cell blank.", effect=Effect.UNUSED)


@check("years of bundles", "settings", "projects")
def check_bundle_years(book: Inspection) -> None:
    """There is a year in which all of a bundle can be committed; those that are forced, in one."""
    for members in bundles(book.rows(ProjectRow)):
        met = set(book.years).intersection(*map(set, (_window(book, row) for row in members)))
        asked = [row for row in members if book.is_forced(row)]
        named = {year for row in asked if (year := book.forced_year(row)) is not None}
        possible = met & named if len(named) == 1 else set() if named else met
        if len(members) > 1 and asked and not possible:
            _report_forced(book, asked, met)
        elif len(members) > 1 and not met and all(_window(book, row) for row in members):
            message = f"there is no year in which all of bundle '{members[0].bundle}' can be"
            book.warn(
                members[0],
                "bundle",
                f"{message} committed.",
                "It can never be built.",
                effect=Effect.NEVER_BUILT,
            )


def _report_forced(book: Inspection, asked: list[ProjectRow], met: set[int]) -> None:
    row = next((row for row in asked if book.forced_year(row) is not None), asked[0])
    years = f"it can be in {listed(spans(sorted(met)))}" if met else "there is no year for that"
    message = (
        f"'{row.project}' is forced, and so all of bundle '{row.bundle}' in one year, but {years}."
    )
    hint = "Mend the years, or free it: those of a bundle that are forced name one year."
    book.fault(row, "decision", message, hint)


def _window(book: Inspection, row: ProjectRow) -> Iterable[int]:
    """The years in which a project can be committed; none of a forbidden one."""
    return book.window(row) if row.decision != "forbid" else ()


def bundles(rows: Iterable[ProjectRow]) -> Iterable[list[ProjectRow]]:
    """The projects of every bundle, in the order of rows."""
    found: dict[str, list[ProjectRow]] = {}
    for row in rows:
        if row.bundle:
            found.setdefault(row.bundle.casefold(), []).append(row)
    return found.values()
