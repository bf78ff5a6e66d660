"""Programmes with the projects each may pay for, and ceilings on private money and building."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from opt.data.context import Context, Tags
from opt.data.instance import Ceiling, Plant, Programme, Project
from opt.data.stockpiles import stock_tags
from opt.data.support import SUPPORTS, pays_for, rates
from opt.data.tables import Row

Gaps = Mapping[tuple[str, str], Mapping[int, float]]


def programmes(
    case: Context, projects: Mapping[str, Project], plants: Iterable[Plant], lost: Gaps
) -> dict[str, Programme]:
    """Programmes with the projects, stockpiles and running plants each may pay for."""
    rows = {row.text("project"): row for row in case.tables.rows["projects"]}
    tags = {j: case.tags(rows[j], "project") for j in projects}
    rows_of = {**{row.text("facility"): row for row in case.tables.rows["facilities"]}, **rows}
    short = {f for f, _ in lost}
    losing = [
        (plant, case.tags(rows_of[plant.id], "project" if plant.id in rows else "facility"))
        for plant in plants
        if plant.id in short
    ]
    rules: dict[str, list[Row]] = {}
    for row in case.tables.rows["eligibility"]:
        rules.setdefault(row.text("programme"), []).append(row)
    found = {}
    for row in case.tables.rows["programmes"]:
        own = rules.get(row.text("programme"), [])
        found[row.text("programme")] = dataclasses.replace(
            programme(case, row, own, tags),
            stocks=_stocks(case, row, own),
            support=_support(case, row, own, losing, lost),
        )
    return found


def programme(case: Context, row: Row, rules: Sequence[Row], tags: Mapping[str, Tags]) -> Programme:
    """One programme with the projects whose capex it may pay."""
    own_share = row.number_of("max_share")
    shares = {}
    for j, project_tags in tags.items() if "capex" in pays_for(row) else ():
        matching = eligible(rules, project_tags)
        if matching is not None:
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


def eligible(rules: Sequence[Row], tags: Tags) -> list[Row] | None:
    """The eligibility rows that match, or None where a thing with these tags is not eligible.

    It is where no `never` row and, for every field with `only` rows, at least one matches it.
    """
    matching = [r for r in rules if r.text("value").casefold() in tags.get(r.text("field"), ())]
    asked = {r.text("field") for r in rules if r["rule"] == "only"}
    met = {r.text("field") for r in matching if r["rule"] == "only"}
    fits = asked <= met and all(r["rule"] == "only" for r in matching)
    return matching if fits else None


def _stocks(case: Context, row: Row, rules: Sequence[Row]) -> tuple[str, ...]:
    """The stockpiles that a programme may buy for."""
    if "stock" not in pays_for(row):
        return ()
    return tuple(
        sorted(
            stock.text("stockpile")
            for stock in case.tables.rows["stockpiles"]
            if eligible(rules, stock_tags(case, stock)) is not None
        )
    )


def _support(
    case: Context,
    row: Row,
    rules: Sequence[Row],
    losing: Iterable[tuple[Plant, Tags]],
    lost: Gaps,
) -> dict[tuple[str, str], Mapping[int, float]]:
    """What a programme pays on a unit of activity of the plants it may support."""
    paid: dict[tuple[str, str], Mapping[int, float]] = {}
    if SUPPORTS & pays_for(row):
        for plant, tags in losing:
            if eligible(rules, tags) is not None:
                paid.update(rates(case, row, plant, lost))
    return paid


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
