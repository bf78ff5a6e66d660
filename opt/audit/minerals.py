"""The tables of minerals, recomputed: dependence of each, plants and money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from opt.audit.case import AuditCase
from opt.audit.check import Check, KeyedRows, Scales, equal, holds, scales_of, within
from opt.audit.demand import counted_minerals, dependence_by_mineral
from opt.audit.evidence import Evidence
from opt.audit.projects import committed_capex
from opt.audit.rule import of_plan, told
from opt.audit.weighing import Dependence, ratio, weights
from opt.record.money import Payment, Use


def _several(case: AuditCase) -> bool:
    return len({row.text("mineral").casefold() for row in case.commodities.values()}) > 1


@of_plan
def define_mineral_years(evidence: Evidence) -> Iterator[Check]:
    """mineral_years.csv: weighted demand, exposed and short of allies for each mineral and year;
    dependence = (exposed + short) / demand, beside it that of the baseline. A row is needed where
    something is demanded; none where the workbook has one mineral."""
    rows = {(row.mineral, row.year): row for row in evidence.answer.mineral_years}
    yield holds(("rows",), len(rows) == len(evidence.answer.mineral_years))
    found = dependence_by_mineral(evidence, evidence.allied)
    before = dependence_by_mineral(evidence, evidence.baseline)
    right = {
        (mineral, year): line
        for year, each in found.items()
        for mineral, line in each.items()
        if line.demand > 0 and _several(evidence.case)
    }
    yield holds(("keys",), rows.keys() == right.keys())
    for key in sorted(rows.keys() & right.keys()):
        row, line = rows[key], right[key]
        scale = max(evidence.case.mass_floor, line.demand)
        for column in ("demand", "exposed", "short"):
            yield equal((*key, column), getattr(row, column), getattr(line, column), scale)
        yield within((*key, "dependence"), row.dependence, line.dependence(), 0.0)
        base = before[key[1]][key[0]].dependence()
        yield within((*key, "baseline_dependence"), row.baseline_dependence, base, 0.0)


@of_plan
def define_minerals_table(evidence: Evidence) -> Iterator[Check]:
    """minerals.csv: of each mineral its own dependence over the counted years, shortfall of all
    years over their demand, and weight = W / sum of W over minerals that count, demand / sum of
    demand without weights; projects, capex and payments of what makes it, stock of its commodities.
    """
    case, floor = evidence.case, evidence.case.money_floor
    rows = {row.mineral: row for row in evidence.answer.minerals}
    yield holds(("rows",), len(rows) == len(evidence.answer.minerals))
    if not _several(case):
        yield holds(("none",), not rows)
        return
    counted = counted_minerals(evidence, evidence.allied)
    before = counted_minerals(evidence, evidence.baseline)
    shorts: dict[str, float] = defaultdict(float)
    for each in dependence_by_mineral(evidence, evidence.allied).values():
        for mineral, line in each.items():
            shorts[mineral] += line.short
    counts, money = _weights(case, counted), _money(evidence)
    for mineral, row in rows.items():
        line = counted.get(mineral, Dependence())
        scale = max(case.mass_floor, line.demand)
        yield equal((mineral, "demand"), row.demand, line.demand, scale)
        base = before.get(mineral, Dependence()).dependence()
        short = ratio(shorts[mineral], line.demand)
        weight = counts.get(mineral, 0.0)
        for column, value in (
            ("weight", weight),
            ("dependence", line.dependence()),
            ("baseline_dependence", base),
            ("shortfall", short),
        ):
            yield within((mineral, column), getattr(row, column), value, 0.0)
        own = money.get(mineral, {})
        yield holds((mineral, "plants"), row.plants == int(own.get("plants", 0)))
        for column in ("capex_musd", "public_musd", "other_public_musd"):
            yield equal((mineral, column), getattr(row, column), own.get(column, 0.0), floor)
    needed = {m for m, line in counted.items() if line.demand > 0} | money.keys()
    yield holds(("minerals",), needed <= rows.keys())


def _weights(case: AuditCase, counted: Mapping[str, Dependence]) -> dict[str, float]:
    given = weights(case)
    asked = {m: line.demand for m, line in counted.items() if line.demand > 0}
    own = asked if given is None else {m: given[m] for m in asked}
    return {m: ratio(weight, sum(own.values())) for m, weight in own.items()}


def _money(evidence: Evidence) -> dict[str, dict[str, float]]:
    """Projects, capital cost and payments by mineral, USD million."""
    case = evidence.case
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in {made.project for made in evidence.answer.commitments}:
        found[_minerals_of(case, name)]["plants"] += 1
    for made in evidence.answer.commitments:
        found[_minerals_of(case, made.project)]["capex_musd"] += committed_capex(case, made)
    for paid in evidence.answer.payments:
        column = "public_musd" if paid.use is Use.CAPITAL else "other_public_musd"
        found[_mineral_paid(case, paid)][column] += paid.paid_musd
    return found


def _minerals_of(case: AuditCase, plant: str) -> str:
    return "; ".join(sorted(case.plant(plant).traits["mineral"]))


def _mineral_paid(case: AuditCase, paid: Payment) -> str:
    if paid.use is not Use.STOCK:
        return _minerals_of(case, paid.thing)
    return case.commodities[case.stockpiles[paid.thing].text("commodity")].text("mineral")


@told
def tell_minerals(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of minerals.csv, which define_minerals_table recomputes."""
    scales = scales_of(evidence)
    return {
        "minerals": KeyedRows(
            ("mineral",), [_told(scales, row) for row in evidence.answer.minerals]
        )
    }


def _told(scales: Scales, row: Any) -> dict[str, Any]:
    shares = ("weight", "dependence", "baseline_dependence", "shortfall")
    money = ("capex_musd", "public_musd", "other_public_musd")
    return (
        asdict(row)
        | {"demand": scales.units(row.demand)}
        | {name: scales.share(getattr(row, name)) for name in shares}
        | {name: scales.musd(getattr(row, name)) for name in money}
    )
