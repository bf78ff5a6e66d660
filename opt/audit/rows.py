"""Rules of single rows as they are written: known names, no row twice, no amount below 0.

Where one of them is broken nothing else can be recomputed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from typing import Any

from opt.audit import stock, support
from opt.audit.case import AuditCase, can_run
from opt.audit.check import PRICE_FLOOR, Check, Where, holds
from opt.audit.evidence import Evidence
from opt.audit.metrics import PARTS
from opt.audit.passes import is_objective
from opt.audit.rule import of_rows
from opt.record.flows import CLEAR, EXPOSED
from opt.record.money import BY_UNIT, Payment, Use

CLASSES = (CLEAR, EXPOSED)
# What each use beside capital is paid for.
THINGS = {**stock.THINGS, **support.THINGS}


@of_rows
def known_names(evidence: Evidence) -> Iterator[Check]:
    """Every id, year, origin class and objective of the answer is one of the workbook.

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
        known = paid.programme in case.programmes and _is_thing(case, paid, committed)
        yield holds(("payments", *paid.place), known)
    for line in answer.plan["commitments"] if answer.plan else ():
        known = line["project"] in case.projects
        yield holds(("plan", line["project"]), known)
    for passed in answer.passes:
        yield holds(("passes", passed.objective), is_objective(evidence, passed.objective))
    for name in answer.flows:
        yield from _known_flows(evidence, name)
    yield from _known_names(evidence)
    for cost in answer.costs:
        yield holds(("costs", cost.part), cost.part in PARTS)
    for money in answer.money:
        yield holds(("money", money.programme), money.programme in case.programmes)


def _known_flows(evidence: Evidence, name: str) -> Iterator[Check]:
    case, flows = evidence.case, evidence.answer.flows[name]
    regions, goods, years = case.blocs, case.commodities, case.years
    for run in flows.activities:
        known = can_run(case, run.plant, run.process)
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
    for held in flows.stocks:
        known = held.stockpile in case.stockpiles and held.origin in CLASSES
        known = known and held.year in years
        yield holds(("stock", name, held.stockpile, held.origin, held.year), known)


def _known_names(evidence: Evidence) -> Iterator[Check]:
    """The rows of the tables about stock, support, targets and the world."""
    case, answer = evidence.case, evidence.answer
    names: list[tuple[Where, bool]] = []
    for margin in answer.margins:
        known = can_run(case, margin.plant, margin.process)
        names.append((("margins", margin.plant, margin.process, margin.year), known))
    for target in answer.targets:
        asked = {row.text("target") for row in case.tables.rows.get("targets", ())}
        names.append((("targets", target.target, target.year), target.target in asked))
    for held in answer.stockpiles:
        known = held.stockpile in case.stockpiles
        names.append((("stockpiles", held.stockpile, held.year), known))
    for made in answer.world:
        names.append((("world", made.stage, made.region, made.year), made.region in case.blocs))
    elements = {element for shares in case.contents.values() for element in shares}
    for need in answer.elements:
        names.append((("elements", need.element, need.year), need.element in elements))
    for touch in answer.touch:
        names.append((("touch", touch.stage, touch.year), True))
    for place, known in names:
        yield holds(place, known and place[-1] in case.years)


def _is_thing(case: AuditCase, paid: Payment, committed: Container[tuple[str, int]]) -> bool:
    """Whether what is paid for is there in that year: a commitment, or a thing of its use; units
    are told where it is paid by the unit."""
    if (paid.activity is not None) != (paid.use in BY_UNIT):
        return False
    if paid.use is Use.CAPITAL:
        return not paid.process and (paid.thing, paid.year) in committed
    return THINGS[paid.use](case, paid) and paid.year in case.years


@of_rows
def unique_rows(evidence: Evidence) -> Iterator[Check]:
    """Each commitment, payment, delivery, stock and row of a yearly table stands once."""
    answer = evidence.answer
    keys: list[Where] = [("commitments", made.project, made.year) for made in answer.commitments]
    keys += [("payments", *p.place) for p in answer.payments]
    for name, flows in answer.flows.items():
        keys += [
            ("deliveries", name, d.region, d.commodity, d.segment, d.year) for d in flows.deliveries
        ]
        keys += [("stock", name, s.stockpile, s.origin, s.year) for s in flows.stocks]
    keys += [("dependence", row.year) for row in answer.dependence]
    keys += [("money", row.programme, row.year) for row in answer.money]
    keys += [("costs", row.part, row.year) for row in answer.costs]
    keys += [("ceilings", *row.place, row.year) for row in answer.ceilings]
    keys += [("margins", row.plant, row.process, row.year) for row in answer.margins]
    keys += [("targets", row.target) for row in answer.targets]
    keys += [("stockpiles", row.stockpile, row.year) for row in answer.stockpiles]
    keys += [("world", row.stage, row.region, row.year) for row in answer.world]
    keys += [("elements", row.element, row.year) for row in answer.elements]
    keys += [("touch", row.stage, row.year) for row in answer.touch]
    for key, count in Counter(keys).items():
        yield holds(key, count == 1)


@of_rows
def limit_sign(evidence: Evidence) -> Iterator[Check]:
    """Units are at least 1; sizes, payments, gaps, levels and flows are finite and at least 0.

    Scale: the case's floor of mass, money or prices.
    """
    case, answer = evidence.case, evidence.answer
    for made in answer.commitments:
        yield Check(("commitments", made.project, made.year, "units"), 1.0 - made.units, 1.0)
        yield Check(("commitments", made.project, "size"), -(made.size or 0.0), case.mass_floor)
    mass, money, price = case.mass_floor, case.money_floor, PRICE_FLOOR
    supported = tuple(paid for paid in answer.payments if paid.activity is not None)
    rows: list[tuple[str, tuple[Any, ...], tuple[str, ...], float]] = [
        ("payments", answer.payments, ("paid_musd",), money),
        ("payments", supported, ("activity",), mass),
        ("margins", answer.margins, ("gap",), price),
        ("margins", answer.margins, ("activity",), mass),
    ]
    for name, flows in answer.flows.items():
        rows += [
            (f"activity {name}", flows.activities, ("activity",), mass),
            (f"shipments {name}", flows.shipments, ("amount",), mass),
            (f"leftovers {name}", flows.leftovers, ("downgraded", "surplus", "contracted"), mass),
            (f"deliveries {name}", flows.deliveries, ("clear", "exposed", "short"), mass),
            (f"stock {name}", flows.stocks, ("bought", "released", "level"), mass),
        ]
    for table, lines, columns, floor in rows:
        for line in lines:
            lowest = max(_below_zero(getattr(line, column)) for column in columns)
            yield Check((table, line), lowest, floor)


def _below_zero(amount: float) -> float:
    """How far an amount lies below 0; infinite where it is not a finite number."""
    return -amount if abs(amount) < float("inf") else float("inf")
