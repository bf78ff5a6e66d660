"""Rules of run.json as a whole, and of the tables that only repeat: each key and each number is
what it is worked out to be, and there are no others."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from opt.audit import rules_flows as flows
from opt.audit import rules_offtakes as offtakes
from opt.audit import rules_stock as stock
from opt.audit import rules_support as support
from opt.audit.answer import WORLD
from opt.audit.check import LIMIT, AuditReport, Check, equal, holds
from opt.audit.evidence import Evidence
from opt.audit.record import Rows, Told, compare, compare_table, scales_of
from opt.audit.record_answer import (
    project_rows,
    tell_case,
    tell_metrics,
    tell_money,
    tell_passes,
    tell_plan,
    tell_projects,
    tell_reading,
    tell_settings,
)
from opt.audit.record_findings import tell_findings
from opt.audit.record_options import tell_options
from opt.audit.record_policy import stage_rows, tell_policy, tell_stages
from opt.audit.touches import touch_by_year
from opt.record.lines import read_cells
from opt.record.run import AuditSummary
from opt.record.shape import TEXT, check_part, shape_of
from opt.record.tables import TABLE

Tell = Callable[[Evidence], Mapping[str, Any]]
Rule = Callable[[Evidence], Iterator[Check]]

FLOW_RULES: tuple[Rule, ...] = (
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
    stock.limit_room,
    stock.limit_release,
    stock.limit_buying,
    stock.keep_stock,
    support.cover_gap,
    offtakes.limit_contracted,
    offtakes.keep_offtakes,
)
SECTIONS = (
    *("schema", "id", "workbook", "title", "scenario", "scenario_text", "variant", "objective"),
    "sentences",
    *("status", "passes", "metrics", "projects", "options", "stages", "money", "stockpiles"),
    *("payments", "margins", "targets", "touch", "elements", "world", "findings", "settings"),
    *("overrides", "plan", "defaults_used", "warnings", "versions", "audit"),
)
UNIT = "units/yr"  # of capacity.csv: whatever the plant's capacity is given in
TOUCH_FLOOR = 1e-2  # a share of 1e-8 is a mix that has not quite settled
NOISE = 1e-9  # a largest violation below it is rounding


def keep_keys(evidence: Evidence) -> Iterator[Check]:
    """run.json has no key but those of docs/outputs.md."""
    for key in evidence.answer.record:
        yield holds((key,), key in SECTIONS)


def held(tell: Tell) -> Rule:
    """The rule that run.json says what `tell` works out; its name and formula are those of it."""

    @functools.wraps(tell)
    def rule(evidence: Evidence) -> Iterator[Check]:
        record = evidence.answer.record
        for key, expected in tell(evidence).items():
            given = {key: record[key]} if key in record else {}
            yield from compare((), {key: expected}, given)

    return rule


def repeat_stages(evidence: Evidence) -> Iterator[Check]:
    """stages.csv holds the stages of run.json."""
    rows = Rows(("stage", "year"), stage_rows(evidence))
    yield from compare_table("stages.csv", rows, read_cells(evidence.answer.folder, "stages"))


def repeat_money(evidence: Evidence) -> Iterator[Check]:
    """money.csv holds the money of run.json."""
    rows = tell_money(evidence)["money"]
    yield from compare_table("money.csv", rows, read_cells(evidence.answer.folder, "money"))


def _columns(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in TABLE[table].columns)


def repeat_options(evidence: Evidence) -> Iterator[Check]:
    """options.csv holds the options of run.json."""
    scales = scales_of(evidence)
    money = ("public_musd", "capex_musd", "cost_musd")
    shares = ("dependence", "bound", "worst_year_dependence")
    rows = [
        {column: row[column] for column in _columns("options")}
        | {column: scales.share(row[column]) for column in shares}
        | {column: scales.musd(row[column]) for column in money}
        for row in evidence.answer.record["options"]
    ]
    lines = read_cells(evidence.answer.folder, "options")
    yield from compare_table("options.csv", Rows(("name",), rows), lines)


def repeat_projects(evidence: Evidence) -> Iterator[Check]:
    """projects.csv holds the projects of run.json, with site and payers in words."""
    case = evidence.case
    rows = [
        {column: row[column] for column in _columns("projects") if column in row}
        | {"site": case.projects[row["project"]].row.text("site"), "paid_by": Told(TEXT)}
        for row in project_rows(evidence)
    ]
    lines = read_cells(evidence.answer.folder, "projects")
    yield from compare_table("projects.csv", Rows(("project", "year"), rows), lines)


def repeat_capacity(evidence: Evidence) -> Iterator[Check]:
    """capacity.csv: each facility and built project in each year in which it is open; capacity =
    what it could make after ramp, availability and shocks, used = throughput of the world's flows.

    In the unit of the plant's capacity a year.
    """
    scales, case = scales_of(evidence), evidence.case
    built = {made.project for made in evidence.answer.commitments}
    rows: list[dict[str, Any]] = []
    spare: list[dict[str, Any]] = []
    for name in (*case.facilities, *sorted(built)):
        plant = case.plant(name)
        for year in case.years:
            capacity = evidence.capacity(WORLD, plant, year)
            used = evidence.sums[WORLD].throughput.get((name, year), 0.0)
            row = {
                "plant": name,
                "kind": "facility" if name in case.facilities else "project",
                "region": plant.region,
                "stage": case.processes[plant.processes[0]].text("stage"),
                "year": year,
                "capacity": scales.units(capacity),
                "used": scales.units(used),
                "unit": UNIT,
            }
            (rows if capacity > 0 or used > 0 else spare).append(row)
    lines = read_cells(evidence.answer.folder, "capacity")
    yield from compare_table("capacity.csv", Rows(("plant", "year"), rows, spare), lines)


def obey_in_baseline(evidence: Evidence) -> Iterator[Check]:
    """The baseline is an answer of its own without commitments and payments: every rule of flows
    and stock holds in its flows of allies and of the world."""
    bare = evidence.of_baseline()
    for rule in FLOW_RULES:
        for check in rule(bare):
            yield check._replace(place=(rule.__name__, *check.place))


def define_touch(evidence: Evidence) -> Iterator[Check]:
    """touch.csv: sum over allied demands of weight x exposed x share of the mix first touched at
    the stage / sum of weight x demand, of the allied flows and of the baseline's, as in touches.py.

    Not of a year in which the shares do not settle. A row left out is a share of 0.
    """
    sets = {"share": evidence.allied, "baseline_share": evidence.baseline}
    rows = {(row.stage, row.year): row for row in evidence.answer.touch}
    for column, sums in sets.items():
        by_year = touch_by_year(evidence.case, sums)
        known = {(s, t): v for t, found in by_year.items() for s, v in (found or {}).items()}
        for stage, year in sorted(rows.keys() | known.keys()):
            if by_year.get(year) is not None:
                row = rows.get((stage, year))
                left = getattr(row, column) if row else 0.0
                right = known.get((stage, year), 0.0)
                yield equal((stage, year, column), left, right, TOUCH_FLOOR)


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
    held(tell_policy),
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


def same_audit(record: Mapping[str, Any], report: AuditReport) -> Iterator[Check]:
    """run.json's audit says what is found when it is done again: passed, the checks of each rule,
    and the largest violation, to 1e-9: below that it is rounding, which another machine may round
    otherwise."""
    told = record.get("audit")
    check_part("audit", shape_of(AuditSummary), told)
    assert told is not None
    yield holds(("passed",), told["passed"] is True)
    strange = told.keys() - shape_of(AuditSummary).keys()
    yield from (holds((key, "is unknown"), False) for key in sorted(strange))
    checked = told["checked"]
    for rule in sorted(checked.keys() | report.checked.keys()):
        yield holds(("checked", rule), checked.get(rule) == report.checked.get(rule))
    left, right = told["largest_violation"], report.largest_violation
    yield equal(("largest_violation",), left, right, NOISE / LIMIT)
