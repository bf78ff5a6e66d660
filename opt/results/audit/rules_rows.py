"""Rules of the written rows themselves; where one is broken nothing else can be recomputed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from opt.results.audit.check import Check, Place, holds
from opt.results.audit.evidence import Evidence
from opt.results.solution import CLEAR, EXPOSED

CLASSES = (CLEAR, EXPOSED)
# Sheets whose rules this audit does not know: a run that used one is not proven by it.
SHEETS_NOT_AUDITED = ("offtakes", "stockpiles", "targets")


def cover_sheets(evidence: Evidence) -> Iterator[Check]:
    """Every sheet with rows that bind an answer is one whose rules the audit knows."""
    for sheet in SHEETS_NOT_AUDITED:
        yield holds((sheet,), not evidence.case.tables.rows.get(sheet, ()))


def known_names(evidence: Evidence) -> Iterator[Check]:
    """Every id, year and origin class of the answer is one of the workbook.

    Only clear material is downgraded, and nothing is shipped from a region to itself.
    """
    case, answer = evidence.case, evidence.answer
    scenarios = {row.text("scenario").casefold() for row in case.tables.rows.get("scenarios", ())}
    known = answer.scenario is None or answer.scenario.casefold() in scenarios
    yield holds(("scenario", answer.scenario), known)
    for made in answer.commitments:
        yield holds(("commitments", made.project), made.project in case.projects)
    committed = {(made.project, made.year) for made in answer.commitments}
    for paid in answer.payments:
        place = ("payments", paid.project, paid.year, paid.programme)
        known = paid.programme in case.programmes and (paid.project, paid.year) in committed
        yield holds(place, known)
    for name in answer.flows:
        yield from _known_flows(evidence, name)
    parts = ("capex", "opex", "fixed_opex", "freight", "surplus", "residual")
    for cost in answer.costs:
        yield holds(("costs", cost.part), cost.part in parts)
    for money in answer.money:
        yield holds(("money", money.programme), money.programme in case.programmes)


def _known_flows(evidence: Evidence, name: str) -> Iterator[Check]:
    case, flows = evidence.case, evidence.answer.flows[name]
    regions, goods, years = case.blocs, case.commodities, case.years
    for run in flows.activities:
        plant = case.facilities.get(run.plant) or case.projects.get(run.plant)
        known = plant is not None and run.process in plant.processes
        known = known and run.origin in CLASSES and run.year in years
        yield holds(("activity", name, run.plant, run.process, run.origin, run.year), known)
    for trade in flows.shipments:
        known = trade.origin_region in regions and trade.destination in regions
        known = known and trade.origin_region != trade.destination
        known = known and trade.commodity in goods
        known = known and trade.origin in CLASSES and trade.year in years
        place = ("shipments", name, trade.origin_region, trade.destination, trade.commodity)
        yield holds((*place, trade.year), known)
    for left in flows.leftovers:
        known = left.region in regions and left.commodity in goods
        known = known and left.origin in CLASSES and left.year in years
        known = known and (left.origin == CLEAR or left.downgraded == 0)
        yield holds(("leftovers", name, left.region, left.commodity, left.year), known)
    for given in flows.deliveries:
        key = (given.region, given.commodity, given.segment)
        known = key in case.demands and given.year in years
        yield holds(("deliveries", name, *key, given.year), known)


def unique_rows(evidence: Evidence) -> Iterator[Check]:
    """Each commitment, payment, delivery and row of a yearly table stands once."""
    answer = evidence.answer
    keys: list[Place] = [("commitments", made.project, made.year) for made in answer.commitments]
    keys += [("payments", p.project, p.year, p.programme) for p in answer.payments]
    for name, flows in answer.flows.items():
        keys += [
            ("deliveries", name, d.region, d.commodity, d.segment, d.year) for d in flows.deliveries
        ]
    keys += [("dependence", row.year) for row in answer.dependence]
    keys += [("money", row.programme, row.year) for row in answer.money]
    keys += [("costs", row.part, row.year) for row in answer.costs]
    for key, count in Counter(keys).items():
        yield holds(key, count == 1)


def limit_sign(evidence: Evidence) -> Iterator[Check]:
    """Units are at least 1; sizes, payments and flows are finite and at least 0.

    Scale: the case's floor of mass or money.
    """
    case, answer = evidence.case, evidence.answer
    for made in answer.commitments:
        yield Check(("commitments", made.project, made.year, "units"), 1.0 - made.units, 1.0)
        yield Check(("commitments", made.project, "size"), -(made.size or 0.0), case.mass_floor)
    for paid in answer.payments:
        place = ("payments", paid.project, paid.year, paid.programme)
        yield Check(place, _below_zero(paid.paid_musd), case.money_floor)
    for name, flows in answer.flows.items():
        rows: tuple[tuple[str, tuple[Any, ...], tuple[str, ...]], ...] = (
            ("activity", flows.activities, ("activity",)),
            ("shipments", flows.shipments, ("amount",)),
            ("leftovers", flows.leftovers, ("downgraded", "surplus")),
            ("deliveries", flows.deliveries, ("clear", "exposed", "short")),
        )
        for table, lines, columns in rows:
            for line in lines:
                lowest = max(_below_zero(getattr(line, column)) for column in columns)
                yield Check((table, name, line), lowest, case.mass_floor)


def _below_zero(amount: float) -> float:
    """How far an amount lies below 0; infinite where it is not a finite number."""
    return -amount if abs(amount) < float("inf") else float("inf")
