"""A plan that was stayed near: how many changes from it the plan makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from opt.audit.check import Check, KeyedRows, OfKind, at_most, scales_of
from opt.audit.evidence import Evidence
from opt.audit.rule import of_plan, told
from opt.record.shape import WHOLE

Units = Mapping[tuple[str, int], int]  # by project and year


def changes(given: Iterable[Mapping[str, Any]], made: Iterable[Mapping[str, Any]]) -> int:
    """Sum over projects of max(units given, units made) - sum over years of the smaller of both: a
    unit that is added, dropped or moved in year counts one."""
    one, other = _units(given), _units(made)
    total = 0
    for project in {j for j, _ in (*one, *other)}:
        years = {v for j, v in (*one, *other) if j == project}
        there, here = (
            [units.get((project, v), 0) for v in sorted(years)] for units in (one, other)
        )
        stays = sum(min(a, b) for a, b in zip(there, here, strict=True))
        total += max(sum(there), sum(here)) - stays
    return total


def _units(lines: Iterable[Mapping[str, Any]]) -> Units:
    units: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines:
        units[line["project"], line["year"]] += line["units"]
    return units


@of_plan
def limit_changes(evidence: Evidence) -> Iterator[Check]:
    """changes <= the most asked for, where changes = sum over projects of max(units given, units
    made) - sum over years of the smaller of both. Scale: units."""
    near = evidence.answer.near
    if near is None:
        return
    made = [
        {"project": c.project, "year": c.year, "units": c.units}
        for c in evidence.answer.commitments
    ]
    yield at_most((near["name"],), changes(near["commitments"], made), near["changes"], 1.0)


@told
def tell_near(evidence: Evidence) -> Mapping[str, Any]:
    """The plan to stay near: the rows of sheet plans, where it has one of this name, else the ones
    told, on which limit_changes rests."""
    near = evidence.answer.near
    if near is None:
        return {"near": None}
    units = scales_of(evidence).units
    rows = [
        {
            "project": row.text("project"),
            "year": int(row.number_of("year")),
            "units": int(row.number_of("units")),
            "size": units(row.optional("size")),
        }
        for row in evidence.case.tables.rows.get("plans", ())
        if row.text("plan").casefold() == str(near["name"]).casefold()
    ]
    given = KeyedRows(("project", "year"), rows or near["commitments"])
    return {
        "near": {"name": near["name"], "changes": OfKind(WHOLE), "commitments": given},
    }
