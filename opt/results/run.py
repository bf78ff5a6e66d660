"""A finished run as plain frozen data: all that the report needs.

Filled by `opt.api`, read by `opt.report`. Amounts are in the units of the workbook, money in USD
million of its price year, shares in 0..1, unless a field says otherwise.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from opt.data.instance import FixedPurchase
from opt.data.reading.settings import MACHINE_SETTINGS
from opt.data.tables import Tables, Value
from opt.record.case import CaseRecord
from opt.results.proof import PassProof
from opt.results.solution import Commitment, Flows, Metrics, Outcome, Pass, Solution, YearMetrics

HELD_STOCK, CUT_STOCK, FREE_STOCK = "held", "cut", "free"


@dataclass(frozen=True, slots=True)
class PlanUsed:
    """A plan given from outside: only evaluated, or with `improve` the plan to beat.

    `stock` is held where the plan's purchases for stock stay as they are, cut where they stay as
    far as material and money of the scenario allow, free where what is bought is free. `purchases`
    are those that stay.
    """

    name: str
    improve: bool
    commitments: tuple[Commitment, ...]
    stock: str = FREE_STOCK
    purchases: tuple[FixedPurchase, ...] = ()

    def told(self) -> dict[str, object]:
        """The plan as run.json has it."""
        made = [
            {"project": c.project, "year": c.year, "units": c.units, "size": c.size}
            for c in self.commitments
        ]
        return {
            "name": self.name,
            "improve": self.improve,
            "commitments": made,
            "stock": self.stock,
            "purchases": [dataclasses.asdict(entry) for entry in self.purchases],
        }


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the memo's options table.

    `dependence` and `worst_year_dependence` are shares; `bound` is the proven bound of
    `dependence`. `cost_musd` and `first_output` are None where there is none. `note` says in words
    what could go wrong. What it comes to in the counted years (`by_year`), what it commits and who
    pays for it in all, capital, stock and running (`paid_by`, USD million), stand behind the sums.
    """

    name: str
    dependence: float
    bound: float
    public_musd: float
    capex_musd: float
    cost_musd: float | None
    worst_year: int
    worst_year_dependence: float
    plants: int
    first_output: int | None
    note: str
    by_year: tuple[YearMetrics, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    paid_by: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CapacityYear:
    """What a plant could make and made in one year, in `unit` a year.

    `kind` is 'facility' for one that exists and 'project' for one that the plan builds.
    """

    plant: str
    kind: str
    region: str
    stage: str
    year: int
    capacity: float
    used: float
    unit: str


@dataclass(frozen=True, slots=True)
class BuildYear:
    """The share of a commitment's capacity that can run in one year: ramp x availability x shocks
    of the scenario. `committed` is the year of commitment; years in which it is not open are left
    out."""

    project: str
    committed: int
    year: int
    usable: float


@dataclass(frozen=True, slots=True)
class ProgrammeYear:
    """Public money of one programme in one year, USD million.

    `committed_musd` is promised in the year, `due_musd` falls due in it and `repaid_musd` comes
    back of revolving loans, both at the programme's charge; `limit_musd` is the most that may fall
    due (None: no limit) and `left_musd` what is left of it. `amount_musd` is the most that may be
    committed in all and `amount_left_musd` what is left of it at the end of the year, both at the
    charge (None: after the last year, in which nothing is committed).
    """

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
class CostYear:
    """One part of the cost in one year, USD million, as spent and discounted."""

    part: str
    year: int
    musd: float
    discounted_musd: float


@dataclass(frozen=True, slots=True)
class StageYear:
    """How much of what allied plants and users take in at one stage is clear and exposed in a year.

    `exposed_share` is exposed / (clear + exposed); `baseline_exposed_share` is the same without
    new projects.
    """

    stage: str
    year: int
    clear: float
    exposed: float
    exposed_share: float
    baseline_exposed_share: float


@dataclass(frozen=True, slots=True)
class StockpileYear:
    """One stockpile in one year: levels at its end and movements by origin class, in units; its
    price in USD per unit (None: it has none) and what was paid for it; `cover_days` is how long it
    would last allied users (None: nobody uses it)."""

    stockpile: str
    year: int
    clear: float
    exposed: float
    bought_clear: float
    bought_exposed: float
    released_clear: float
    released_exposed: float
    price: float | None
    paid_musd: float
    cover_days: float | None


@dataclass(frozen=True, slots=True)
class MarginYear:
    """A process of a plant in a year in which it costs more than it earns: `gap` in USD per unit of
    activity, and how much it runs with and without new money."""

    plant: str
    process: str
    year: int
    gap: float
    activity: float
    baseline_activity: float


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A policy target and what the plan comes to; `slack` is at least 0 where it is met."""

    target: str
    metric: str
    scope: str
    year: int
    sense: str
    bound: float
    value: float
    slack: float
    baseline_value: float


@dataclass(frozen=True, slots=True)
class WorldShare:
    """Output of one stage in one region and year, by content, its share of the world's, and the
    Herfindahl-Hirschman index of the stage (10,000: one region makes all)."""

    stage: str
    region: str
    bloc: str
    year: int
    output: float
    share: float
    hhi: float


@dataclass(frozen=True, slots=True)
class ElementYear:
    """Allied demand of one element in one year, weighted mass: how much is exposed and short."""

    element: str
    year: int
    demand: float
    exposed: float
    short: float
    dependence: float
    baseline_dependence: float


@dataclass(frozen=True, slots=True)
class TouchYear:
    """Share of weighted allied demand whose exposed supply first touched the covered bloc at one
    stage, with the plan and without new money."""

    stage: str
    year: int
    share: float
    baseline_share: float


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """The audit's answer: how many cases of each rule were checked, and the largest violation."""

    passed: bool
    largest_violation: float
    checked: Mapping[str, int]


ID_DIGITS = 12


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """One execution, complete.

    `id` tells it from every other run. `name` is the workbook's file name without its ending,
    `sha256` the hash of the input, `case` what the workbook calls things and where its figures come
    from. `scenario` is None for the base case and `scenario_text` says
    what happens in it. `baseline`, `baseline_flows` (of allies) and `baseline_world` (everybody
    served) are the same case with no projects. `overrides` are the settings changed
    on the command line. `log` is the solver's log and `input_files` the workbook or the
    CSV files, as they were read. `proofs` are the models of the passes, where they were asked for.
    """

    name: str
    title: str
    sha256: str
    workbook: Tables
    case: CaseRecord
    scenario: str | None
    scenario_text: str
    objective: str
    status: Outcome
    passes: tuple[Pass, ...]
    metrics: Metrics
    baseline: Metrics
    solution: Solution
    baseline_flows: Flows
    overrides: Mapping[str, str]
    plan: PlanUsed | None
    options: tuple[Option, ...]
    capacity: tuple[CapacityYear, ...]
    payments_due: tuple[ProgrammeYear, ...]
    costs: tuple[CostYear, ...]
    stages: tuple[StageYear, ...]
    stockpiles: tuple[StockpileYear, ...]
    margins: tuple[MarginYear, ...]
    targets: tuple[TargetResult, ...]
    world: tuple[WorldShare, ...]
    elements: tuple[ElementYear, ...]
    touch: tuple[TouchYear, ...]
    versions: Mapping[str, str]
    audit: AuditSummary
    log: str
    input_files: Mapping[str, bytes]
    baseline_world: Flows
    proofs: tuple[PassProof, ...] = ()
    builds: tuple[BuildYear, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether the plan was given from outside and only evaluated."""
        return self.plan is not None and not self.plan.improve

    @property
    def settings_asked(self) -> dict[str, Value]:
        """The settings that can change the answer, by key: all but those of the machine."""
        return {k: v for k, v in self.workbook.settings.items() if k not in MACHINE_SETTINGS}

    @property
    def id(self) -> str:
        """The first 12 hex digits of the SHA-256 of what was asked: input, scenario, variant,
        settings, objective, given plan, versions. Same id, same answer."""
        asked = {
            "sha256": self.sha256,
            "scenario": self.scenario,
            "variant": self.workbook.variant,
            "settings": self.settings_asked,
            "objective": self.objective,
            "plan": None if self.plan is None else self.plan.told(),
            "versions": dict(self.versions),
        }
        text = json.dumps(asked, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_DIGITS]

    def __repr__(self) -> str:
        """The run in a line."""
        return (
            f"Run(id={self.id!r}, name={self.name!r}, scenario={self.scenario!r}, "
            f"status={str(self.status)!r}, dependence={self.metrics.dependence:.4f})"
        )

    def __str__(self) -> str:
        """The run in five lines: what was asked, how it ended, what it does, what it takes, whether
        it was audited."""
        worth, before = self.metrics, self.baseline
        built = len({c.project for c in self.solution.commitments})
        plan = f"plan '{self.plan.name}', " if self.plan else ""
        verdict = "passed" if self.audit.passed else "FAILED"
        return (
            f"Run {self.id} of {self.name}: {' '.join(self.title.split())}\n"
            f"{self.scenario or 'base case'}, {plan}objective {self.objective}: {self.status}\n"
            f"dependence {worth.dependence:.1%}, {before.dependence:.1%} without new money\n"
            f"projects {built}, capital cost USD {worth.capex_musd:,.0f} million, "
            f"public money USD {worth.public_musd:,.0f} million\n"
            f"audit {verdict}, largest violation {self.audit.largest_violation:.1e}"
        )
