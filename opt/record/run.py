"""A finished run as plain frozen data: all that its documents need, and all that is written.

Amounts are in the units of the workbook, money in USD million of its price year, shares in 0..1,
unless a field says otherwise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opt.data.reading.settings import MACHINE_SETTINGS
from opt.data.tables import Tables, Value
from opt.record.case import CaseRecord
from opt.record.ceilings import CeilingYear
from opt.record.chain import CapacityYear, StageYear, TouchYear, WorldShare
from opt.record.demand import ElementYear, Metrics
from opt.record.flows import Flows
from opt.record.idle import IdleYear
from opt.record.minerals import MineralResult, MineralYear
from opt.record.money import CostYear, Payment, ProgrammeYear, Use, paid_for, total_paid
from opt.record.options import Option
from opt.record.passes import Outcome, Pass
from opt.record.projects import BuildYear, BuiltProject, Commitment, NearUsed, PlanUsed
from opt.record.proof import PassProof
from opt.record.stock import StockpileYear
from opt.record.support import MarginYear
from opt.record.targets import TargetResult

if TYPE_CHECKING:
    from opt.record.frames import Frames

ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole answer. `allied` are the flows of the cost pass, in which only allied demand is
    served; `world` those of the world pass, in which everybody else is served as well as can be."""

    commitments: tuple[Commitment, ...]
    payments: tuple[Payment, ...]
    allied: Flows
    world: Flows

    @property
    def public_musd(self) -> float:
        """All public money: for capex, stock and support. USD million, undiscounted."""
        return sum((total_paid(self.paid_for(use)) for use in Use), 0.0)

    def outlays(self) -> tuple[Payment, ...]:
        """The payments for every use beside capital, each due in its year."""
        return tuple(paid for paid in self.payments if paid.use is not Use.CAPITAL)

    def paid_for(self, use: Use) -> tuple[Payment, ...]:
        """The payments for one use."""
        return paid_for(self.payments, use)


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """The audit's answer: how many cases of each rule were checked, and the largest violation."""

    passed: bool
    largest_violation: float
    checked: Mapping[str, int]


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """One execution, complete.

    `id` tells it from every other run. `workbook` is the checked input, as it was read, and `case`
    what it calls things and where its figures come from. `name` is its file name without its
    ending, `sha256` its hash. `scenario` is None for the base case and
    `scenario_text` says what happens in it. `baseline`, `baseline_flows` (of allies) and
    `baseline_world` (everybody served) are the same case without new money, as setting
    baseline means it. `overrides` are the settings changed on the command line. `log` is the
    solver's log and `input_files` the workbook or the CSV files, as they were read. `proofs` are
    the models of the passes, where they were asked for. `near` is a plan that was stayed near.
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
    ceilings: tuple[CeilingYear, ...]
    stages: tuple[StageYear, ...]
    stockpiles: tuple[StockpileYear, ...]
    margins: tuple[MarginYear, ...]
    idle: tuple[IdleYear, ...]
    targets: tuple[TargetResult, ...]
    world: tuple[WorldShare, ...]
    elements: tuple[ElementYear, ...]
    minerals: tuple[MineralResult, ...]
    mineral_years: tuple[MineralYear, ...]
    touch: tuple[TouchYear, ...]
    versions: Mapping[str, str]
    audit: AuditSummary
    log: str
    input_files: Mapping[str, bytes]
    baseline_world: Flows
    proofs: tuple[PassProof, ...] = ()
    builds: tuple[BuildYear, ...] = ()
    projects: tuple[BuiltProject, ...] = ()
    near: NearUsed | None = None

    @property
    def tables(self) -> Frames:
        """The run's tables by name as pandas DataFrames: `run.tables["margins"]`; the units of the
        columns stand in `.attrs["units"]`."""
        from opt.record.frames import Frames  # noqa: PLC0415  pandas takes half a second to import

        return Frames(self)

    @property
    def flows(self) -> dict[str, Flows]:
        """The four sets of flows by the name that they have in column `flows`."""
        return {
            "allied": self.solution.allied,
            "world": self.solution.world,
            "baseline": self.baseline_flows,
            "baseline_world": self.baseline_world,
        }

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
        settings, decisions, objective, given plan, plan to stay near, versions. Same id, same
        answer."""
        asked = {
            "sha256": self.sha256,
            "scenario": self.scenario,
            "variant": self.workbook.variant,
            "settings": self.settings_asked,
            "objective": self.objective,
            "decisions": dict(self.workbook.decisions),
            "plan": None if self.plan is None else self.plan.told(),
            "near": None if self.near is None else self.near.told(),
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

    def _repr_html_(self) -> str:
        """The run in a notebook: headline figures and the plan."""
        from opt.record.notebook import run_html  # noqa: PLC0415  for notebooks alone

        return run_html(self)

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
