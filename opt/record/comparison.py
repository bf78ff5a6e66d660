"""Runs side by side: a row each of what one of them holds, so that any number of runs fits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import COUNT, MUSD, YEAR, Col
from opt.record.money import PROGRAMME
from opt.record.passes import Outcome
from opt.record.shown import Shown

RUN = Col("Run")


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One run: what was asked."""

    run: Annotated[str, RUN]
    id: Annotated[str, Col("Id of the run")]
    workbook: Annotated[str, Col("Workbook")]
    sha256: Annotated[str, Col("SHA-256 of the workbook")]
    scenario: Annotated[str, Col("Scenario; blank: the base case")]
    variant: Annotated[str, Col("Variant; blank: none")]
    objective: Annotated[str, Col("Objective")]
    plan: Annotated[str, Col("Given plan; blank: none")]
    status: Annotated[Outcome, Col("How it ended")]


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell of which a run's input differs from the first run's; a whole row where `column` is
    blank. A blank value: the cell is blank, or of a row: it is not there."""

    run: Annotated[str, RUN]
    sheet: Annotated[str, Col("Sheet")]
    row: Annotated[str, Col("Id of the row")]
    column: Annotated[str, Col("Column, or year; blank: the whole row")]
    before: Annotated[str, Col("In the first run")]
    after: Annotated[str, Col("In this run")]


@dataclass(frozen=True, slots=True)
class ComparedCommitment:
    """One commitment of one run; `common`: every run has it, in that year and those units."""

    project: Annotated[str, Col("Project")]
    run: Annotated[str, RUN]
    year: Annotated[int, Col("Year of commitment", YEAR)]
    units: Annotated[int, Col("Units committed", COUNT)]
    size: Annotated[float | None, Col("Capacity of a scalable project", "units/yr")]
    capex_musd: Annotated[float, Col("Capital cost", MUSD)]
    public_musd: Annotated[float, Col("Public money for capital", MUSD)]
    common: Annotated[bool, Col("yes: every run commits the same units in the same year")]


@dataclass(frozen=True, slots=True)
class ComparedMoney:
    """What a programme pays in a run, for every use."""

    programme: Annotated[str, PROGRAMME]
    run: Annotated[str, RUN]
    paid_musd: Annotated[float, Col("Public money", MUSD)]


@dataclass(frozen=True, slots=True)
class ComparedMetric:
    """One measure of one run, in its own unit."""

    metric: Annotated[str, Col("Measure, a key of run.json's metrics")]
    run: Annotated[str, RUN]
    value: Annotated[float, Col("Its value")]


@dataclass(frozen=True, slots=True)
class ComparedPass:
    """What is proven of one pass of a run."""

    objective: Annotated[str, Col("Objective of the pass")]
    run: Annotated[str, RUN]
    value: Annotated[float, Col("Value of the plan")]
    bound: Annotated[float, Col("No plan can beat", blank=-math.inf)]
    gap: Annotated[float, Col("Relative gap", blank=math.inf)]
    outcome: Annotated[Outcome, Col("How it ended")]


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """Runs side by side, the first the one that inputs are compared with."""

    runs: tuple[ComparedRun, ...]
    cells: tuple[ChangedCell, ...]
    plan: tuple[ComparedCommitment, ...]
    money: tuple[ComparedMoney, ...]
    metrics: tuple[ComparedMetric, ...]
    proofs: tuple[ComparedPass, ...]
