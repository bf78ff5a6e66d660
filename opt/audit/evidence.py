"""What a run says, and case and answer side by side with the sums that several rules need."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from opt.audit.case import (
    ALLIED,
    BASELINE,
    BASELINE_WORLD,
    FLOW_SETS,
    WORLD,
    AuditCase,
    AuditPlant,
    derive_case,
)
from opt.audit.check import FLOOR, MONEY_FLOOR
from opt.audit.projects import (
    after,
    committed_capex,
    existing_capacity,
    lost_share,
    project_capacity,
    use_of_capacity,
)
from opt.audit.trade import Lanes, Prices, derive_lanes, derive_prices
from opt.data.tables import Tables
from opt.record.ceilings import CeilingYear
from opt.record.chain import TouchYear, WorldShare
from opt.record.demand import DependenceYear, ElementYear, MeasureRow
from opt.record.flows import CLEAR, EXPOSED, Flows
from opt.record.folder import TABLES_FOLDER, read_document, read_flows
from opt.record.idle import IdleYear
from opt.record.lines import read_rows
from opt.record.minerals import MineralResult, MineralYear
from opt.record.money import CostYear, Payment, ProgrammeYear, Use, paid_for
from opt.record.passes import Pass
from opt.record.projects import Commitment
from opt.record.shape import (
    ANYTHING,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Each,
    OrNull,
    check_part,
    read_object,
    shape_of,
)
from opt.record.stock import StockpileYear
from opt.record.support import MarginYear
from opt.record.tables import TABLE
from opt.record.targets import TargetResult
from opt.record.uptake import UptakeYear

COMMITMENT = {"project": TEXT, "year": WHOLE, "units": WHOLE, "size": OrNull(NUMBER)}
YEAR = {
    **dict.fromkeys(("demand", "exposed", "short", "dependence", "shortfall"), NUMBER),
    "counted": TRUTH,
}
MONEY = ("cost_musd", "capex_musd", "public_musd", "private_musd")
# What of run.json must be there, and of which kind, before anything can be recomputed. Every other
# key is held against its recomputed value; see `told` in rule.py.
SHAPE = {
    "workbook": {"sha256": TEXT},
    "scenario": OrNull(TEXT),
    "objective": TEXT,
    "status": TEXT,
    "passes": [shape_of(Pass)],
    "metrics": {
        **dict.fromkeys(("dependence", "shortfall", "pooled_dependence", *MONEY), NUMBER),
        "by_year": Each(YEAR),
        "pooled_by_year": Each(NUMBER),
        "cost_parts": Each(NUMBER),
        "baseline": {"dependence": NUMBER, "shortfall": NUMBER, "by_year": Each(YEAR)},
    },
    "projects": [{**COMMITMENT, "capex_musd": NUMBER, "paid_by": Each(NUMBER)}],
    "settings": Each(ANYTHING),
    "overrides": Each(TEXT),
    "decisions": Each(TEXT),
    "plan": OrNull({"name": TEXT, "commitments": [COMMITMENT]}),
    "near": OrNull({"name": TEXT, "changes": WHOLE, "commitments": [COMMITMENT]}),
}
OPTIONS = [
    {
        "name": TEXT,
        "dependence": NUMBER,
        "bound": OrNull(NUMBER),
        "cost_musd": OrNull(NUMBER),
        "by_year": Each(YEAR),
        "commitments": [COMMITMENT],
        "paid_by": Each(NUMBER),
    }
]
MaterialKey = tuple[str, str, str, int]  # region (or plant), commodity, origin class, year
Amounts = Mapping[MaterialKey, float]


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """Everything a run folder says: run.json and the tables.

    `flows` holds the sets allied, world, baseline and baseline_world; `metrics`, `projects`,
    `settings`, `plan` and `near` are as in run.json, `record` is all of it; `folder` is where the
    tables lie.
    """

    folder: Path
    record: Mapping[str, Any]
    scenario: str | None
    objective: str
    status: str
    sha256: str
    passes: tuple[Pass, ...]
    metrics: Mapping[str, Any]
    projects: tuple[Mapping[str, Any], ...]
    settings: Mapping[str, Any]
    plan: Mapping[str, Any] | None
    near: Mapping[str, Any] | None
    commitments: tuple[Commitment, ...]
    payments: tuple[Payment, ...]
    flows: Mapping[str, Flows]
    dependence: tuple[DependenceYear, ...]
    money: tuple[ProgrammeYear, ...]
    costs: tuple[CostYear, ...]
    ceilings: tuple[CeilingYear, ...]
    margins: tuple[MarginYear, ...]
    idle: tuple[IdleYear, ...]
    targets: tuple[TargetResult, ...]
    stockpiles: tuple[StockpileYear, ...]
    world: tuple[WorldShare, ...]
    measures: tuple[MeasureRow, ...]
    elements: tuple[ElementYear, ...]
    minerals: tuple[MineralResult, ...]
    mineral_years: tuple[MineralYear, ...]
    touch: tuple[TouchYear, ...]
    uptake: tuple[UptakeYear, ...]

    def paid_for(self, use: Use) -> tuple[Payment, ...]:
        """The payments for one use."""
        return paid_for(self.payments, use)


def read_run_json(run_folder: Path) -> dict[str, Any]:
    """The content of run.json, of the shape that can be recomputed. Raises InputError where it
    cannot be read or holds no plan."""
    run = read_document(run_folder)
    check_part("", SHAPE, run)
    return run


def read_answer(run_folder: Path) -> WrittenAnswer:
    """The answer of a run folder. Raises InputError, which names the file and the place in it,
    where it cannot be read."""
    run, tables = read_run_json(run_folder), run_folder / TABLES_FOLDER
    return WrittenAnswer(
        folder=tables,
        record=run,
        scenario=run["scenario"],
        objective=run["objective"],
        status=run["status"],
        sha256=run["workbook"]["sha256"],
        passes=tuple(
            read_object(Pass, entry, f"passes.{n}") for n, entry in enumerate(run["passes"])
        ),
        metrics=run["metrics"],
        projects=tuple(run["projects"]),
        settings=run["settings"],
        plan=run["plan"],
        near=run["near"],
        flows=read_flows(tables),
        **{
            own.name: read_rows(tables, own.name) for own in fields(WrittenAnswer) if _is_table(own)
        },
    )


def _is_table(own: Field[Any]) -> bool:
    """Whether a field holds the rows of the table of its name; the projects are run.json's."""
    return own.name in TABLE and own.name != "projects"


@dataclass(frozen=True, slots=True)
class Sums:
    """One set of flows added up by region, commodity, origin class and year.

    `made_by` by plant, commodity, class and year; `activity` by plant, process and year;
    `throughput` by plant and year, in the unit of the plant's capacity.
    """

    flows: Flows
    made: Amounts
    used: Amounts
    sent: Amounts
    arrived: Amounts
    downgraded: Amounts
    surplus: Amounts
    contracted: Amounts
    served: Amounts
    bought: Amounts
    released: Amounts
    made_by: Amounts
    activity: Mapping[tuple[str, str, int], float]
    throughput: Mapping[tuple[str, int], float]

    @property
    def gains(self) -> tuple[Amounts, ...]:
        """The ways in which material comes to be at a place."""
        return (self.made, self.arrived, self.released)

    @property
    def losses(self) -> tuple[Amounts, ...]:
        """The ways in which it goes, but for a change of class."""
        kept = (self.bought, self.surplus, self.contracted)
        return (self.used, self.sent, self.served, *kept)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every rule gets: the case, its lanes and prices, the answer, and the answer added up.

    `is_baseline` where the answer is that without new money. `known` is what was worked out of it
    already; see `once` in rule.py.
    """

    case: AuditCase
    lanes: Lanes
    prices: Prices
    answer: WrittenAnswer
    sums: Mapping[str, Sums]
    is_baseline: bool = False
    known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def commitments(self, flow_set: str) -> tuple[Commitment, ...]:
        """The commitments behind a set of flows; the baseline has none."""
        return () if flow_set == BASELINE else self.answer.commitments

    def capacity(self, flow_set: str, plant: AuditPlant, year: int) -> float:
        """What a plant could make in a year of a set of flows, in the unit of its capacity. In the
        baseline nothing comes without new money where setting baseline is frozen."""
        if plant.name in self.case.facilities:
            return existing_capacity(self.case, plant, year)
        bare = self.is_baseline or flow_set == BASELINE
        merchants = not bare or self.case.setting_text("baseline") != "frozen"
        made = self.commitments(flow_set)
        return project_capacity(self.case, plant, made, year, merchants=merchants)

    def capacity_run(self, flow_set: str, plant: AuditPlant, year: int) -> float:
        """What a plant could make in a year of a set of flows, that of a lost project included."""
        own = self.capacity(flow_set, plant, year)
        if plant.name in self.case.facilities:
            return own
        share = lost_share(self.case, plant, year)
        if share == 0 or any(c.project == plant.name for c in self.commitments(flow_set)):
            return own
        return own + share * plant.row.number_of("capacity")

    def case_of(self, flow_set: str) -> AuditCase:
        """The case once it is known what is committed behind a set of flows."""
        return after(self.case, self.commitments(flow_set))

    def sets(self) -> Iterator[tuple[str, Sums]]:
        """The sets of flows of allies and of the world with the plan, and of allies without, with
        their sums; of a plan that a study found those of allies alone."""
        for name in FLOW_SETS:
            if name in self.sums:
                yield name, self.sums[name]

    def of_baseline(self) -> Evidence:
        """The baseline as an answer of its own: no commitments, no payments, its flows of allies
        and of the world."""
        sums = self.sums
        own = {ALLIED: sums[BASELINE], WORLD: sums[BASELINE_WORLD], BASELINE: sums[BASELINE]}
        answer = replace(
            self.answer,
            commitments=(),
            payments=(),
            flows={name: book.flows for name, book in own.items()},
        )
        return replace(self, answer=answer, sums=own, is_baseline=True)

    @property
    def allied(self) -> Sums:
        """The flows of the cost pass."""
        return self.sums[ALLIED]

    @property
    def baseline(self) -> Sums:
        """The flows of allies without new money."""
        return self.sums[BASELINE]


def derive_evidence(tables: Tables, answer: WrittenAnswer) -> Evidence:
    """Case and lanes without the sums, enough for the rules about names and signs."""
    case = derive_case(tables, answer.scenario)
    case = replace(case, money_floor=money_floor(case, answer))
    return Evidence(case, derive_lanes(case), derive_prices(case), answer, {})


def add_sums(evidence: Evidence) -> Evidence:
    """The evidence with its flows added up; names must be known by then."""
    case = evidence.case
    sums = {name: _add_up(case, flows) for name, flows in evidence.answer.flows.items()}
    return replace(evidence, sums=sums)


def _add_up(case: AuditCase, flows: Flows) -> Sums:
    made, used = _add_activity(case, flows)
    sent, arrived = _add_shipments(case, flows)
    bought, released = _add_stocks(case, flows)
    return Sums(
        flows=flows,
        made=made,
        used=used,
        sent=sent,
        arrived=arrived,
        downgraded=_add_leftovers(flows, "downgraded"),
        surplus=_add_leftovers(flows, "surplus"),
        contracted=_add_leftovers(flows, "contracted"),
        served=_add_deliveries(flows),
        bought=bought,
        released=released,
        made_by=_add_by_plant(case, flows),
        activity=_add_activities(flows),
        throughput=_add_throughput(case, flows),
    )


def _add_activity(case: AuditCase, flows: Flows) -> tuple[Amounts, Amounts]:
    """What plants made and what they used."""
    made: dict[MaterialKey, float] = defaultdict(float)
    used: dict[MaterialKey, float] = defaultdict(float)
    for run in flows.activities:
        region = case.plant(run.plant).region
        for commodity, amount in case.recipes[run.process].items():
            book = made if amount > 0 else used
            book[region, commodity, run.origin, run.year] += run.activity * abs(amount)
    return made, used


def _add_by_plant(case: AuditCase, flows: Flows) -> Amounts:
    made: dict[MaterialKey, float] = defaultdict(float)
    for run in flows.activities:
        for commodity, amount in case.recipes[run.process].items():
            if amount > 0:
                made[run.plant, commodity, run.origin, run.year] += run.activity * amount
    return made


def _add_activities(flows: Flows) -> Mapping[tuple[str, str, int], float]:
    """Activity of both classes."""
    activity: dict[tuple[str, str, int], float] = defaultdict(float)
    for run in flows.activities:
        activity[run.plant, run.process, run.year] += run.activity
    return activity


def _add_throughput(case: AuditCase, flows: Flows) -> Mapping[tuple[str, int], float]:
    throughput: dict[tuple[str, int], float] = defaultdict(float)
    for run in flows.activities:
        use = use_of_capacity(case, case.plant(run.plant), run.process)
        throughput[run.plant, run.year] += run.activity * use
    return throughput


def _add_shipments(case: AuditCase, flows: Flows) -> tuple[Amounts, Amounts]:
    """What left and what arrived; material that reaches a covered region arrives exposed."""
    sent: dict[MaterialKey, float] = defaultdict(float)
    arrived: dict[MaterialKey, float] = defaultdict(float)
    for trade in flows.shipments:
        origin = EXPOSED if case.is_covered(trade.destination) else trade.origin
        sent[trade.origin_region, trade.commodity, trade.origin, trade.year] += trade.amount
        arrived[trade.destination, trade.commodity, origin, trade.year] += trade.amount
    return sent, arrived


def _add_stocks(case: AuditCase, flows: Flows) -> tuple[Amounts, Amounts]:
    """What went into stock and what came out of it, where the stockpiles lie."""
    bought: dict[MaterialKey, float] = defaultdict(float)
    released: dict[MaterialKey, float] = defaultdict(float)
    for stock in flows.stocks:
        row = case.stockpiles[stock.stockpile]
        key = (row.text("region"), row.text("commodity"), stock.origin, stock.year)
        bought[key] += stock.bought
        released[key] += stock.released
    return bought, released


def _add_leftovers(flows: Flows, column: str) -> Amounts:
    amounts: dict[MaterialKey, float] = defaultdict(float)
    for left in flows.leftovers:
        amounts[left.region, left.commodity, left.origin, left.year] += getattr(left, column)
    return amounts


def _add_deliveries(flows: Flows) -> Amounts:
    served: dict[MaterialKey, float] = defaultdict(float)
    for given in flows.deliveries:
        served[given.region, given.commodity, CLEAR, given.year] += given.clear
        served[given.region, given.commodity, EXPOSED, given.year] += given.exposed
    return served


def money_floor(case: AuditCase, answer: WrittenAnswer) -> float:
    """FLOOR times the largest commitment at its recomputed capex, or payment for stock or support,
    and at least MONEY_FLOOR. USD million."""
    return max([MONEY_FLOOR, *(FLOOR * musd for musd in _amounts(case, answer))])


def _amounts(case: AuditCase, answer: WrittenAnswer) -> Iterator[float]:
    """What was committed and paid, as far as it is known and a number; the rest is a finding."""
    for made in answer.commitments:
        if made.project in case.projects and math.isfinite(made.size or 0.0):
            yield committed_capex(case, made)
    paid = [line.paid_musd for line in answer.payments if line.use is not Use.CAPITAL]
    yield from filter(math.isfinite, paid)
