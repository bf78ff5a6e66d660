"""The written answer of a run, read with the csv and json modules alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opt.audit.answer_policy import (
    PolicyTables,
    read_if_there,
    read_policy_tables,
    stock_year,
)
from opt.audit.broken import read_json
from opt.audit.lines import Line, Made, read_rows
from opt.audit.shape import check_shape
from opt.errors import InputError, Issue
from opt.results.solution import (
    Activity,
    Commitment,
    Delivery,
    Flows,
    Leftover,
    Payment,
    Shipment,
)

ALLIED = "allied"
WORLD = "world"
BASELINE = "baseline"
BASELINE_WORLD = "baseline_world"
FLOW_SETS = (ALLIED, WORLD, BASELINE)
# A run of an older version lacks the baseline's world.
WRITTEN_SETS = (*FLOW_SETS, BASELINE_WORLD)
TRUE_WORDS = frozenset({"1", "true", "yes"})
STATUSES_WITH_PLAN = frozenset({"optimal", "feasible"})


@dataclass(frozen=True, slots=True)
class PassRow:
    """One pass of run.json; a bound that the solver did not give is None. `status` is blank where
    none is written."""

    objective: str
    value: float
    bound: float | None
    gap: float | None
    status: str


@dataclass(frozen=True, slots=True)
class DependenceRow:
    """One row of tables/dependence.csv; shares in 0..1, amounts weighted."""

    year: int
    counted: bool
    demand: float
    exposed: float
    short: float
    dependence: float
    shortfall: float
    baseline_dependence: float | None
    pooled_dependence: float


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One row of tables/money.csv, USD million."""

    programme: str
    year: int
    committed_musd: float
    due_musd: float
    repaid_musd: float
    limit_musd: float | None
    left_musd: float | None
    amount_musd: float | None
    amount_left_musd: float | None


@dataclass(frozen=True, slots=True)
class CostRow:
    """One row of tables/costs.csv, USD million."""

    part: str
    year: int
    musd: float
    discounted_musd: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a run folder says: run.json and the tables.

    `flows` holds the sets allied, world, baseline and baseline_world; `metrics`, `projects`,
    `settings` and `plan` are as in run.json, `record` is all of it; `policy` holds the tables about
    stock, support, targets and the world; `folder` is where the tables lie.
    """

    folder: Path
    record: Mapping[str, Any]
    scenario: str | None
    objective: str
    status: str
    sha256: str
    passes: tuple[PassRow, ...]
    metrics: Mapping[str, Any]
    projects: tuple[Mapping[str, Any], ...]
    settings: Mapping[str, Any]
    plan: Mapping[str, Any] | None
    commitments: tuple[Commitment, ...]
    payments: tuple[Payment, ...]
    flows: Mapping[str, Flows]
    dependence: tuple[DependenceRow, ...]
    money: tuple[MoneyRow, ...]
    costs: tuple[CostRow, ...]
    policy: PolicyTables


def read_run(run_folder: Path) -> dict[str, Any]:
    """The content of run.json; an InputError where there is none or it holds no plan."""
    path = run_folder / "run.json"
    if not path.is_file():
        hint = "Give the folder that opt solve wrote."
        raise InputError([Issue(str(run_folder), "", "", "holds no run.json.", hint)])
    run = read_json(path)
    check_shape(run)
    if run["status"] not in STATUSES_WITH_PLAN:
        raise InputError([Issue(str(path), "", run["status"], "the run has no plan to audit.")])
    return run


def read_answer(run_folder: Path) -> Answer:
    """The answer of a run folder."""
    run = read_run(run_folder)
    tables = run_folder / "tables"
    return Answer(
        folder=tables,
        record=run,
        scenario=run["scenario"],
        objective=run["objective"],
        status=run["status"],
        sha256=run["workbook"]["sha256"],
        passes=tuple(_pass(entry) for entry in run["passes"]),
        metrics=run["metrics"],
        projects=tuple(run["projects"]),
        settings=run["settings"],
        plan=run.get("plan"),
        commitments=read_rows(tables, "commitments", _commitment),
        payments=read_rows(tables, "payments", _payment),
        flows=_flows(tables),
        dependence=read_rows(tables, "dependence", _dependence),
        money=read_rows(tables, "money", _money),
        costs=read_rows(tables, "costs", _cost),
        policy=read_policy_tables(tables),
    )


def _pass(entry: Mapping[str, Any]) -> PassRow:
    return PassRow(
        entry["objective"],
        float(entry["value"]),
        entry["bound"],
        entry["gap"],
        str(entry.get("status", "")),
    )


def _commitment(line: Line) -> Commitment:
    return Commitment(
        line["project"],
        line.whole("year"),
        line.whole("units"),
        line.optional("size"),
        line.whole("first_operation"),
        line.number_of("capex_musd"),
    )


def _payment(line: Line) -> Payment:
    paid = line.number_of("paid_musd")
    return Payment(line["project"], line.whole("year"), line["programme"], paid)


def _dependence(line: Line) -> DependenceRow:
    return DependenceRow(
        year=line.whole("year"),
        counted=line["counted"].strip().casefold() in TRUE_WORDS,
        demand=line.number_of("demand"),
        exposed=line.number_of("exposed"),
        short=line.number_of("short"),
        dependence=line.number_of("dependence"),
        shortfall=line.number_of("shortfall"),
        baseline_dependence=line.optional("baseline_dependence"),
        pooled_dependence=line.number_of("pooled_dependence"),
    )


def _money(line: Line) -> MoneyRow:
    return MoneyRow(
        line["programme"],
        line.whole("year"),
        line.number_of("committed_musd"),
        line.number_of("due_musd"),
        line.number_of("repaid_musd"),
        line.optional("limit_musd"),
        line.optional("left_musd"),
        line.optional("amount_musd"),
        line.optional("amount_left_musd"),
    )


def _cost(line: Line) -> CostRow:
    musd, discounted = line.number_of("musd"), line.number_of("discounted_musd")
    return CostRow(line["part"], line.whole("year"), musd, discounted)


def _activity(line: Line) -> Activity:
    year, amount = line.whole("year"), line.number_of("activity")
    return Activity(line["plant"], line["process"], line["origin"], year, amount)


def _shipment(line: Line) -> Shipment:
    year, amount = line.whole("year"), line.number_of("amount")
    return Shipment(line["from"], line["to"], line["commodity"], line["origin"], year, amount)


def _leftover(line: Line) -> Leftover:
    year = line.whole("year")
    columns = [c for c in ("downgraded", "surplus", "contracted") if line.has(c)]
    numbers = (line.number_of(column) for column in columns)
    return Leftover(line["region"], line["commodity"], line["origin"], year, *numbers)


def _delivery(line: Line) -> Delivery:
    numbers = [line.number_of(name) for name in ("demand", "clear", "exposed", "short")]
    names = (line["region"], line["commodity"], line["segment"])
    return Delivery(*names, line.whole("year"), *numbers)


def _in_set(make: Callable[[Line], Made]) -> Callable[[Line], tuple[str, Made]]:
    """A maker of rows that hands on the set of flows beside the row."""

    def make_both(line: Line) -> tuple[str, Made]:
        if line["flows"] not in WRITTEN_SETS:
            line.refuse("flows", f"no set of flows is called '{line['flows']}'.")
        return line["flows"], make(line)

    return make_both


def _flows(folder: Path) -> dict[str, Flows]:
    activities = read_rows(folder, "activity", _in_set(_activity))
    shipments = read_rows(folder, "shipments", _in_set(_shipment))
    leftovers = read_rows(folder, "leftovers", _in_set(_leftover))
    deliveries = read_rows(folder, "deliveries", _in_set(_delivery))
    stocks = read_if_there(folder, "stock", _in_set(stock_year))
    return {
        name: Flows(
            tuple(row for own, row in activities if own == name),
            tuple(row for own, row in shipments if own == name),
            tuple(row for own, row in leftovers if own == name),
            tuple(row for own, row in deliveries if own == name),
            tuple(row for own, row in stocks if own == name),
        )
        for name in WRITTEN_SETS
    }
