"""The table of every rule, and the audit that runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from opt.audit import rules_ceilings as ceilings
from opt.audit import rules_flows as flows
from opt.audit import rules_metrics as metrics
from opt.audit import rules_money as money
from opt.audit import rules_offtakes as offtakes
from opt.audit import rules_plan as plan
from opt.audit import rules_reports as reports
from opt.audit import rules_rows as rows
from opt.audit import rules_stock as stock
from opt.audit import rules_stock_money as stock_money
from opt.audit import rules_support as support
from opt.audit import rules_tables as tables_
from opt.audit import rules_targets as targets
from opt.audit.answer import Answer
from opt.audit.check import AuditReport, Check, write_report
from opt.audit.evidence import Evidence, add_sums, derive_evidence
from opt.audit.rules_record import RECORD_RULES
from opt.data.tables import Tables

Rule = Callable[[Evidence], Iterator[Check]]

# Broken, these leave the rest without meaning: it is then not looked at.
ROW_RULES: tuple[Rule, ...] = (
    rows.known_names,
    rows.unique_rows,
    rows.limit_sign,
)

RULES: tuple[Rule, ...] = (
    *ROW_RULES,
    plan.limit_units,
    plan.limit_size,
    plan.exclude_group,
    plan.order_requires,
    plan.limit_years,
    plan.define_first_operation,
    plan.keep_decision,
    plan.define_capex,
    plan.keep_plan,
    money.limit_eligibility,
    money.limit_commit_years,
    money.limit_share,
    money.limit_ticket,
    money.limit_programme,
    money.limit_disbursement,
    money.require_public_share,
    money.limit_public_share,
    ceilings.limit_private,
    ceilings.limit_starts,
    ceilings.limit_build_capex,
    flows.balance_commodity,
    flows.limit_throughput,
    flows.require_clear_plant,
    flows.limit_export,
    flows.limit_lane,
    flows.define_demand,
    flows.meet_demand,
    flows.serve_allies_only,
    flows.require_clear_from,
    flows.limit_surplus,
    flows.keep_clear_flows,
    flows.keep_allied_deliveries,
    stock.define_level,
    stock.keep_purchases,
    stock.limit_room,
    stock.limit_release,
    stock.limit_buying,
    stock.keep_stock,
    stock_money.limit_stock_payers,
    stock_money.pay_for_stock,
    support.define_margins,
    support.cover_gap,
    support.define_support,
    support.limit_supported,
    support.limit_supporters,
    offtakes.limit_contracted,
    offtakes.keep_offtakes,
    targets.limit_target,
    targets.define_targets,
    metrics.same_workbook,
    metrics.same_settings,
    metrics.same_projects,
    metrics.define_dependence,
    metrics.define_shortfall,
    metrics.define_by_year,
    metrics.define_baseline,
    metrics.define_pooled,
    metrics.define_money,
    metrics.define_cost_parts,
    metrics.define_cost,
    metrics.limit_dependence,
    tables_.define_dependence_table,
    tables_.define_pooled_column,
    tables_.define_money_table,
    tables_.define_costs_table,
    tables_.keep_order,
    tables_.keep_pass,
    tables_.limit_bound,
    tables_.define_gap,
    tables_.limit_gap,
    reports.define_stockpiles_table,
    reports.define_world_table,
    reports.define_elements_table,
    reports.limit_touch,
)


def audit(
    tables: Tables, answer: Answer, rules: Sequence[Rule] = (*RULES, *RECORD_RULES)
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
