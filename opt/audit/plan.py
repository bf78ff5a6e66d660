"""The audit of a plan that a study found: what is committed, who pays, and the flows of allies.

A study writes no run, so there are no tables and no metrics to recompute, nobody outside the
alliance is served, and what is exposed need not be told: where the flows are those of the clear
chain alone, all demand that is not served clear stands as short. Such a plan is held to every rule
of single rows, of the plan, its money and the limits of a year, and of the flows of allies; those
that it has nothing for are named here with the reason. What the study says that the plan comes to
is recomputed from commitments, payments and deliveries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain as joined
from pathlib import Path
from typing import Any

from opt.audit.case import ALLIED
from opt.audit.check import (
    COST_SLACK,
    PASS_SLACK,
    AuditReport,
    Check,
    equal,
    within,
    write_report,
)
from opt.audit.evidence import Evidence, WrittenAnswer, add_sums, derive_evidence
from opt.audit.metrics import capex_musd
from opt.audit.passes import is_share, recomputed_value
from opt.audit.rule import AuditRule
from opt.audit.rules import ROW_RULES, RULES
from opt.data.tables import Tables
from opt.fixed import FixedCommitment
from opt.objectives import objective_of
from opt.record.flows import EXPOSED, Flows
from opt.record.run import Solution
from opt.record.stock import StockYear

_TABLE = "it recomputes a table that only a run writes"
_RECORD = "it recomputes what only run.json says"
_PASSES = "it is about the passes of a run"
_WORLD = "it is about the flows of everybody, and allies alone are served"
# The rules of a run that a plan has nothing for, with the reason.
NOT_OF_A_PLAN: Mapping[str, str] = {
    **dict.fromkeys(("same_workbook", "same_settings", "same_projects"), _RECORD),
    **dict.fromkeys(("define_dependence", "define_shortfall", "define_by_year"), _RECORD),
    **dict.fromkeys(("define_baseline", "define_pooled", "define_money"), _RECORD),
    **dict.fromkeys(("define_cost_parts", "define_cost"), _RECORD),
    **dict.fromkeys(("keep_order", "keep_pass", "limit_bound", "define_gap", "limit_gap"), _PASSES),
    **dict.fromkeys(("keep_clear_flows", "keep_allied_deliveries", "keep_stock"), _WORLD),
    "limit_world_idle": _WORLD,
    **dict.fromkeys(("define_money_table", "define_costs_table", "define_world_table"), _TABLE),
    **dict.fromkeys(("define_dependence_table", "define_pooled_column"), _TABLE),
    **dict.fromkeys(("define_elements_table", "define_measures_table"), _TABLE),
    **dict.fromkeys(("define_minerals_table", "define_mineral_years"), _TABLE),
    **dict.fromkeys(("define_uptake_table", "define_stockpiles_table", "define_margins"), _TABLE),
    **dict.fromkeys(("define_idle", "define_targets", "limit_touch"), _TABLE),
    "limit_changes": "a study is told of no plan to stay near",
    "keep_purchases": "a study holds no purchases that a plan from outside makes",
}
# Of these a plan of the clear chain has nothing: its plants may run exposed as well.
NOT_OF_THE_CLEAR_CHAIN = frozenset({"keep_least_use"})
PLAN_RULES: tuple[AuditRule, ...] = tuple(r for r in RULES if r.name not in NOT_OF_A_PLAN)


@dataclass(frozen=True, slots=True)
class FoundPlan:
    """What a study says of a plan: the plan itself, of which `world` is not looked at; what it
    comes to, by objective of those that the flows of allies decide (`values`: shares, USD million);
    its capital cost, USD million, None where it is not told; `given`: the commitments that were
    given from outside and held, None where the study found them."""

    solution: Solution
    values: Mapping[str, float] = field(default_factory=dict)
    capex_musd: float | None = None
    given: tuple[FixedCommitment, ...] | None = None


def audit_plan(tables: Tables, scenario: str | None, found: FoundPlan) -> AuditReport:
    """Recompute a plan from the workbook, by arithmetic: every rule of PLAN_RULES, and what the
    study says that it comes to. Where a rule of the rows is broken nothing else is looked at.

    `tables` are those of the case that was asked about: of a changed case the changed ones
    (opt.audit.changed).
    """
    evidence = derive_evidence(tables, _as_written(scenario, found))
    first = [(rule.name, list(rule.checks(evidence))) for rule in ROW_RULES]
    report = write_report(first)
    if not report.passed:
        return report
    evidence = add_sums(_with_stock_that_lies(evidence))
    others = [rule for rule in PLAN_RULES if rule not in ROW_RULES]
    if not _is_exposed_told(found.solution.allied):
        others = [rule for rule in others if rule.name not in NOT_OF_THE_CLEAR_CHAIN]
    checks = ((rule.name, rule.checks(evidence)) for rule in others)
    return write_report(joined(first, checks, [("keep_values", keep_values(evidence, found))]))


def keep_values(evidence: Evidence, found: FoundPlan) -> Iterator[Check]:
    """value = what its objective comes to in the flows and payments, a share within 2e-6, money
    within 1e-5 of itself; capex = sum of capex of the commitments, USD million."""
    for name, value in found.values.items():
        # Shortfall counts in the flows of both classes, which a plan has where it is told.
        assert name == "shortfall" or not objective_of(name).needs_network, name
        right = recomputed_value(evidence, name)
        slack = PASS_SLACK if is_share(name) else COST_SLACK * max(1.0, abs(value))
        yield within((name,), value, right, slack)
    if found.capex_musd is not None:
        right = capex_musd(evidence)
        yield equal(("capex",), found.capex_musd, right, max(evidence.case.money_floor, right))


def _as_written(scenario: str | None, found: FoundPlan) -> WrittenAnswer:
    """The plan as an answer of which nothing else is written."""
    plan: Mapping[str, Any] | None = None
    if found.given is not None:
        lines = [
            {"project": c.project, "year": c.year, "units": c.units, "size": c.size}
            for c in found.given
        ]
        plan = {"name": "", "improve": False, "commitments": lines}
    return WrittenAnswer(
        folder=Path(),
        record={},
        scenario=scenario,
        objective="",
        status="",
        sha256="",
        passes=(),
        metrics={},
        projects=(),
        settings={},
        plan=plan,
        near=None,
        commitments=found.solution.commitments,
        payments=found.solution.payments,
        flows={ALLIED: found.solution.allied},
        dependence=(),
        money=(),
        costs=(),
        ceilings=(),
        margins=(),
        idle=(),
        targets=(),
        stockpiles=(),
        world=(),
        measures=(),
        elements=(),
        minerals=(),
        mineral_years=(),
        touch=(),
        uptake=(),
    )


def _is_exposed_told(flows: Flows) -> bool:
    """Whether what is exposed is in the flows, so that they are more than the clear chain."""
    return (
        any(run.origin == EXPOSED for run in flows.activities)
        or any(trade.origin == EXPOSED for trade in flows.shipments)
        or any(stock.origin == EXPOSED for stock in flows.stocks)
        or any(given.exposed for given in flows.deliveries)
    )


def _with_stock_that_lies(evidence: Evidence) -> Evidence:
    """The evidence with exposed stock of which nothing is told lying where it lay at first: initial
    x (1 - loss)^n at the end of the n-th year."""
    case, flows = evidence.case, evidence.answer.flows[ALLIED]
    told = {(stock.stockpile, stock.origin) for stock in flows.stocks}
    lying = [
        StockYear(name, EXPOSED, year, 0.0, 0.0, row.number_of("initial") * left**n)
        for name, row in case.stockpiles.items()
        for left in [1.0 - row.number_of("loss")]
        if row.text("initial_origin") == EXPOSED and (name, EXPOSED) not in told
        for n, year in enumerate(case.years, start=1)
    ]
    whole = replace(flows, stocks=(*flows.stocks, *lying))
    return replace(evidence, answer=replace(evidence.answer, flows={ALLIED: whole}))
