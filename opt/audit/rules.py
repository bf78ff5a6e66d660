"""The table of every rule, those of the written rows first, and the audit that runs it.

Where a rule of the rows is broken nothing else can be recomputed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import chain
from typing import Any

from opt.audit.case import AuditCase
from opt.audit.ceilings import limit_build_capex, limit_private, limit_starts
from opt.audit.chain import (
    balance_commodity,
    define_world_table,
    keep_clear_flows,
    limit_surplus,
    limit_throughput,
    repeat_capacity,
    repeat_stages,
    require_clear_plant,
    tell_stages,
    tell_world,
)
from opt.audit.check import PRICE_FLOOR, AuditReport, Check, Place, holds, write_report
from opt.audit.contracts import keep_offtakes, limit_contracted
from opt.audit.demand import (
    define_baseline,
    define_by_year,
    define_demand,
    define_dependence,
    define_dependence_table,
    define_elements_table,
    define_pooled,
    define_pooled_column,
    define_shortfall,
    keep_allied_deliveries,
    limit_dependence,
    meet_demand,
    require_clear_from,
    serve_allies_only,
    tell_elements,
)
from opt.audit.document import (
    Rule,
    held,
    keep_keys,
    same_settings,
    same_workbook,
    tell_case,
    tell_reading,
    tell_settings,
)
from opt.audit.evidence import Evidence, WrittenAnswer, add_sums, derive_evidence
from opt.audit.findings import tell_findings
from opt.audit.metrics import (
    PARTS,
    define_cost,
    define_cost_parts,
    define_costs_table,
    define_money,
    tell_metrics,
)
from opt.audit.money import (
    define_money_table,
    limit_commit_years,
    limit_disbursement,
    limit_eligibility,
    limit_programme,
    limit_public_share,
    limit_share,
    limit_ticket,
    repeat_money,
    require_public_share,
    tell_money,
    tell_payments,
)
from opt.audit.options import repeat_options, tell_options
from opt.audit.passes import (
    define_gap,
    is_objective,
    keep_order,
    keep_pass,
    limit_bound,
    limit_gap,
    tell_passes,
)
from opt.audit.projects import (
    define_capex,
    define_first_operation,
    exclude_group,
    keep_decision,
    keep_plan,
    limit_size,
    limit_units,
    limit_years,
    order_requires,
    repeat_projects,
    same_projects,
    tell_plan,
    tell_projects,
)
from opt.audit.stock import (
    define_level,
    define_stockpiles_table,
    keep_purchases,
    keep_stock,
    limit_buying,
    limit_release,
    limit_room,
    limit_stock_payers,
    pay_for_stock,
    tell_stockpiles,
)
from opt.audit.support import (
    cover_gap,
    define_margins,
    define_support,
    limit_supported,
    limit_supporters,
    tell_margins,
)
from opt.audit.targets import define_targets, limit_target, tell_targets
from opt.audit.touch import define_touch, limit_touch, tell_touch
from opt.audit.trade import limit_export, limit_lane
from opt.data.tables import Tables
from opt.record.flows import CLEAR, EXPOSED
from opt.record.money import Payment, Use

CLASSES = (CLEAR, EXPOSED)
FLOW_RULES: tuple[Rule, ...] = (
    balance_commodity,
    limit_throughput,
    require_clear_plant,
    limit_export,
    limit_lane,
    define_demand,
    meet_demand,
    serve_allies_only,
    require_clear_from,
    limit_surplus,
    keep_clear_flows,
    keep_allied_deliveries,
    define_level,
    limit_room,
    limit_release,
    limit_buying,
    keep_stock,
    cover_gap,
    limit_contracted,
    keep_offtakes,
)


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
        known = _runs(case, run.plant, run.process) and run.origin in CLASSES and run.year in years
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
    for stock in flows.stocks:
        known = stock.stockpile in case.stockpiles and stock.origin in CLASSES
        known = known and stock.year in years
        yield holds(("stock", name, stock.stockpile, stock.origin, stock.year), known)


def _known_names(evidence: Evidence) -> Iterator[Check]:
    """The rows of the tables about stock, support, targets and the world."""
    case, answer = evidence.case, evidence.answer
    names: list[tuple[Place, bool]] = []
    for margin in answer.margins:
        known = _runs(case, margin.plant, margin.process)
        names.append((("margins", margin.plant, margin.process, margin.year), known))
    for target in answer.targets:
        asked = {row.text("target") for row in case.tables.rows.get("targets", ())}
        names.append((("targets", target.target, target.year), target.target in asked))
    for stock in answer.stockpiles:
        known = stock.stockpile in case.stockpiles
        names.append((("stockpiles", stock.stockpile, stock.year), known))
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
    """Whether what is paid for is there in that year: a commitment, a stockpile, or a plant that
    may run the process; only support has a process and an activity."""
    bare = not paid.process and paid.activity is None
    if paid.use is Use.CAPITAL:
        return bare and (paid.thing, paid.year) in committed
    if paid.use is Use.STOCK:
        return bare and paid.thing in case.stockpiles and paid.year in case.years
    supported = _runs(case, paid.thing, paid.process) and paid.activity is not None
    return supported and paid.year in case.years


def _runs(case: AuditCase, plant: str, process: str) -> bool:
    """Whether there is such a plant and it may run the process."""
    return plant in case.plants and process in case.plant(plant).processes


def unique_rows(evidence: Evidence) -> Iterator[Check]:
    """Each commitment, payment, delivery, stock and row of a yearly table stands once."""
    answer = evidence.answer
    keys: list[Place] = [("commitments", made.project, made.year) for made in answer.commitments]
    keys += [("payments", *p.place) for p in answer.payments]
    for name, flows in answer.flows.items():
        keys += [
            ("deliveries", name, d.region, d.commodity, d.segment, d.year) for d in flows.deliveries
        ]
        keys += [("stock", name, s.stockpile, s.origin, s.year) for s in flows.stocks]
    keys += [("dependence", row.year) for row in answer.dependence]
    keys += [("money", row.programme, row.year) for row in answer.money]
    keys += [("costs", row.part, row.year) for row in answer.costs]
    keys += [("margins", row.plant, row.process, row.year) for row in answer.margins]
    keys += [("targets", row.target) for row in answer.targets]
    keys += [("stockpiles", row.stockpile, row.year) for row in answer.stockpiles]
    keys += [("world", row.stage, row.region, row.year) for row in answer.world]
    keys += [("elements", row.element, row.year) for row in answer.elements]
    keys += [("touch", row.stage, row.year) for row in answer.touch]
    for key, count in Counter(keys).items():
        yield holds(key, count == 1)


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


def obey_in_baseline(evidence: Evidence) -> Iterator[Check]:
    """The baseline is an answer of its own without commitments and payments: every rule of flows
    and stock holds in its flows of allies and of the world."""
    bare = evidence.of_baseline()
    for rule in FLOW_RULES:
        for check in rule(bare):
            yield check._replace(place=(rule.__name__, *check.place))


RECORD_RULES: tuple[Rule, ...] = (
    keep_keys,
    held(tell_case),
    held(tell_settings),
    held(tell_reading),
    held(tell_passes),
    held(tell_metrics),
    held(tell_projects),
    held(tell_plan),
    held(tell_money),
    held(tell_stages),
    held(tell_stockpiles),
    held(tell_payments),
    held(tell_margins),
    held(tell_targets),
    held(tell_touch),
    held(tell_elements),
    held(tell_world),
    tell_options,
    held(tell_findings),
    define_touch,
    obey_in_baseline,
    repeat_stages,
    repeat_money,
    repeat_options,
    repeat_projects,
    repeat_capacity,
)


# Broken, these leave the rest without meaning: it is then not looked at.
ROW_RULES: tuple[Rule, ...] = (
    known_names,
    unique_rows,
    limit_sign,
)


RULES: tuple[Rule, ...] = (
    *ROW_RULES,
    limit_units,
    limit_size,
    exclude_group,
    order_requires,
    limit_years,
    define_first_operation,
    keep_decision,
    define_capex,
    keep_plan,
    limit_eligibility,
    limit_commit_years,
    limit_share,
    limit_ticket,
    limit_programme,
    limit_disbursement,
    require_public_share,
    limit_public_share,
    limit_private,
    limit_starts,
    limit_build_capex,
    balance_commodity,
    limit_throughput,
    require_clear_plant,
    limit_export,
    limit_lane,
    define_demand,
    meet_demand,
    serve_allies_only,
    require_clear_from,
    limit_surplus,
    keep_clear_flows,
    keep_allied_deliveries,
    define_level,
    keep_purchases,
    limit_room,
    limit_release,
    limit_buying,
    keep_stock,
    limit_stock_payers,
    pay_for_stock,
    define_margins,
    cover_gap,
    define_support,
    limit_supported,
    limit_supporters,
    limit_contracted,
    keep_offtakes,
    limit_target,
    define_targets,
    same_workbook,
    same_settings,
    same_projects,
    define_dependence,
    define_shortfall,
    define_by_year,
    define_baseline,
    define_pooled,
    define_money,
    define_cost_parts,
    define_cost,
    limit_dependence,
    define_dependence_table,
    define_pooled_column,
    define_money_table,
    define_costs_table,
    keep_order,
    keep_pass,
    limit_bound,
    define_gap,
    limit_gap,
    define_stockpiles_table,
    define_world_table,
    define_elements_table,
    limit_touch,
)


def audit(
    tables: Tables, answer: WrittenAnswer, rules: Sequence[Rule] = (*RULES, *RECORD_RULES)
) -> AuditReport:
    """Recompute every rule and every number of an answer from the workbook, by arithmetic.

    RULES are those of the plan, the flows, the tables and the metrics; RECORD_RULES hold all the
    rest of run.json, and the tables that only repeat.
    """
    evidence = derive_evidence(tables, answer)
    of_rows = [(rule.__name__, list(rule(evidence))) for rule in ROW_RULES]
    report = write_report(of_rows)
    if not report.passed:
        return report
    evidence = add_sums(evidence)
    others = ((rule.__name__, rule(evidence)) for rule in rules if rule not in ROW_RULES)
    return write_report(chain(of_rows, others))
