"""Programmes with the projects each may pay for, and ceilings on private money and building."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opt.data.context import Context, Tags
from opt.data.instance import Ceiling, Programme, Project
from opt.data.tables import Row


def programmes(case: Context, projects: Mapping[str, Project]) -> dict[str, Programme]:
    """Programmes with the projects each may pay for."""
    rows = {row.text("project"): row for row in case.tables.rows["projects"]}
    tags = {j: case.tags(rows[j], "project") for j in projects}
    rules: dict[str, list[Row]] = {}
    for row in case.tables.rows["eligibility"]:
        rules.setdefault(row.text("programme"), []).append(row)
    return {
        row.text("programme"): programme(case, row, rules.get(row.text("programme"), []), tags)
        for row in case.tables.rows["programmes"]
    }


def programme(case: Context, row: Row, rules: Sequence[Row], tags: Mapping[str, Tags]) -> Programme:
    """One programme; a project is eligible where no `never` row and, for every field with
    `only` rows, at least one of them matches it."""
    own_share = row.number_of("max_share")
    shares = {}
    for j, project_tags in tags.items():
        matching = [r for r in rules if r.text("value").casefold() in project_tags[r.text("field")]]
        asked = {r.text("field") for r in rules if r["rule"] == "only"}
        met = {r.text("field") for r in matching if r["rule"] == "only"}
        if asked <= met and all(r["rule"] == "only" for r in matching):
            given = [s for r in matching if (s := r.optional("max_share")) is not None]
            shares[j] = min([own_share, *given])
    commit_from, commit_to = row.optional("commit_from"), row.optional("commit_to")
    repay = row.optional("repay_years")
    return Programme(
        id=row.text("programme"),
        amount=row.number_of("amount"),
        commit_from=int(commit_from or case.years[0]),
        commit_to=int(commit_to or case.years[-1]),
        charge=row.number_of("charge"),
        ticket_min=row.number_of("ticket_min"),
        ticket_max=row.optional("ticket_max"),
        carry_over=row["carry_over"] == "yes",
        limits={t: amount for t, amount in row.years.items() if t in case.years},
        shares=shares,
        repay_years=None if repay is None else int(repay),
    )


def ceilings(case: Context) -> tuple[Ceiling, ...]:
    """Ceilings on private money and on what can be committed in a year, with the projects
    each covers: any match of a row's field takes the whole project, `all` takes every one."""
    tags = {row.text("project"): case.tags(row, "project") for row in case.tables.rows["projects"]}
    found = []
    for sheet in ("private_capital", "build_limits"):
        for row in case.tables.rows[sheet]:
            what = "private" if sheet == "private_capital" else row.text("what")
            field, value = row.text("field"), row.text("value")
            covered = tuple(
                sorted(j for j in tags if field == "all" or value.casefold() in tags[j][field])
            )
            limits = {t: limit for t, limit in row.years.items() if t in case.years}
            found.append(Ceiling(f"{what}|{field}|{value}", what, covered, limits))
    return tuple(found)
