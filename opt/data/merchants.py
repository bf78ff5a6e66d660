"""Merchants: what comes of projects without new money, and which of a group takes its place."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping

from opt.data.case import ScenarioBook
from opt.data.chain import running_by
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.instance import Offer, Project
from opt.data.projects import lead_time
from opt.data.sheets.projects import ProjectRow
from opt.data.timing import ramp_share
from opt.data.words import plain
from opt.errors import Effect

ROUNDING = 1e-9  # relative; a plant that is as large takes the place


def with_merchants(case: ScenarioBook, candidates: Mapping[str, Project]) -> dict[str, Project]:
    """Candidates with what comes of them without new money, and with the offers of others of its
    group, which run nothing before they are as large as it and take its place from then on."""
    found = {
        row.project: dataclasses.replace(candidates[row.project], merchant=merchant(case, row))
        for row in case.rows(ProjectRow)
        if row.merchant is not None
    }
    coming = {project.group: project for project in found.values() if project.group}
    return {
        j: _beside(found.get(j, project), coming.get(project.group))
        for j, project in candidates.items()
    }


def merchant(case: ScenarioBook, row: ProjectRow) -> dict[int, float]:
    """Share of a project's capacity that runs without new money, by year in which any does.

    merchant_chance x availability x ramp[t - first + 1] x shocks for first <= t < first + life,
    where first = merchant + the delay of a commitment that would operate in that year; what would
    be committed before the plan is not delayed.
    """
    assert row.merchant is not None
    assert row.merchant_chance is not None
    tags, ramp = case.tags(row), case.ramps.get(row.ramp, [])
    begun = row.merchant - case.lead(row)
    first = row.merchant if begun < case.first else begun + lead_time(case, row, tags, begun)
    end = math.inf if row.life is None else first + row.life - 1
    chance = row.merchant_chance
    shares = {
        t: running_by(case, row, tags, ramp_share(ramp, t - first + 1), t, chance=chance)
        for t in case.years
        if first <= t <= end
    }
    return {t: share for t, share in shares.items() if share > 0}


def _beside(project: Project, coming: Project | None) -> Project:
    """A project beside the one of its group that comes without new money."""
    if coming is None or coming.plant.id == project.plant.id:
        return project
    offers = {v: _taking_over(project, offer, coming) for v, offer in project.offers.items()}
    return dataclasses.replace(project, offers=offers, displaces=coming.plant.id)


def _taking_over(project: Project, offer: Offer, coming: Project) -> Offer:
    """An offer that runs from the first year on in which it is as large as what it displaces."""
    large = (
        t
        for t in offer.open_years
        if project.capacity_max * offer.usable[t] * (1 + ROUNDING)
        >= coming.capacity_max * coming.merchant.get(t, 0.0)
    )
    since = min(large, default=None)
    usable = {
        t: share if since is not None and t >= since else 0.0 for t, share in offer.usable.items()
    }
    return dataclasses.replace(offer, usable=usable, takes_over=since)


@check("merchants", "settings")
def check_merchants(book: Inspection) -> None:
    """What comes without new money is one unit of one size, with a chance of at most that of a
    commitment, neither forced nor forbidden, and comes within the plan."""
    for row in book.rows(ProjectRow):
        if row.merchant is None and row.merchant_chance is not None:
            message = "merchant_chance is given without merchant."
            book.fault(row, "merchant_chance", message, "Fill merchant, or delete this.")
        if row.merchant is not None:
            _check_merchant(book, row)


def _check_merchant(book: Inspection, row: ProjectRow) -> None:
    chance = row.merchant_chance
    if chance is None:
        message = "merchant is given without merchant_chance."
        book.fault(row, "merchant_chance", message, "Fill merchant_chance, or empty merchant.")
    elif chance > row.chance:
        message = (
            f"merchant_chance {plain(chance)} is above {plain(row.chance)}, the chance that a"
            " commitment reaches operation."
        )
        book.fault(row, "merchant_chance", message, "Lower it, or raise chance.")
    if row.decision == "forbid" or book.is_forced(row):
        message = f"'{row.project}' comes without new money: it is neither forced nor forbidden."
        book.fault(row, "decision", message, "Free it, or empty merchant and merchant_chance.")
    if row.merchant is not None and row.merchant > book.last:
        message = f"it comes after last_year {book.last}, so it changes nothing."
        book.warn(row, "merchant", message, effect=Effect.UNUSED)
    check_single(book, row, f"'{row.project}' comes without new money")


def check_single(book: Inspection, row: ProjectRow, why: str) -> None:
    """One unit, of one size."""
    if row.max_units > 1:
        message = f"{why}, but max_units is {row.max_units}."
        book.fault(row, "max_units", message, "Make it 1: each further unit a project of its own.")
    if row.capacity_max is not None:
        message = f"{why}, but its size is open."
        hint = "Fill capacity in place of capacity_min and capacity_max."
        book.fault(row, "capacity_max", message, hint)


@check("merchants of groups")
def check_merchant_groups(book: Inspection) -> None:
    """At most one project of a group comes without new money; the others of it are one unit of one
    size too, and measured alike."""
    for members in _groups(book.rows(ProjectRow)):
        coming = [row for row in members if row.merchant is not None]
        for row in coming[1:]:
            message = (
                f"'{coming[0].project}' of group '{row.group}' comes without new money too; one of"
                " a group can."
            )
            hint = "Empty merchant and merchant_chance of one of them."
            book.fault(row, "merchant", message, hint)
        for row in members if coming else ():
            if row.merchant is None:
                _check_member(book, row, coming[0])


def _check_member(book: Inspection, row: ProjectRow, coming: ProjectRow) -> None:
    why = f"it would take the place of '{coming.project}', which comes without new money"
    check_single(book, row, why)
    if row.capacity_of.casefold() != coming.capacity_of.casefold():
        message = f"{why}, but their capacities are not measured alike."
        book.fault(row, "capacity_of", message, "Name the same commodity in both rows.")


def _groups(rows: Iterable[ProjectRow]) -> Iterable[list[ProjectRow]]:
    """The projects of every group, in the order of rows."""
    found: dict[str, list[ProjectRow]] = {}
    for row in rows:
        if row.group:
            found.setdefault(row.group.casefold(), []).append(row)
    return found.values()
