"""What every candidate is worth to the best plan: core, borderline or exterior."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from opt.record.columns import SHARE, Col
from opt.record.projects import PROJECT
from opt.record.shown import Shown

NO_PLAN = "no plan obeys every rule"


class Label(StrEnum):
    """What is proven of a candidate, within a loss that is allowed."""

    CORE = "core"  # every plan within it builds the project
    BORDERLINE = "borderline"  # some plan within it builds the project, and some does not
    EXTERIOR = "exterior"  # no plan within it builds the project
    UNDECIDED = "undecided"  # the interval of the loss holds what is allowed


def _loss(what: str, end: str) -> Col:
    blank = "no plan is known" if end == "most" else "no plan obeys every rule"
    help_ = f"Rise of dependence over the best plan with it {what}, at {end}; blank: {blank}"
    return Col(help_, SHARE, blank=math.inf)


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One candidate. `chosen` says whether the best plan builds it. The loss is that of the other
    decision: of leaving out what the plan builds, of building what it does not. Each interval runs
    from what is proven to what a plan that was found comes to."""

    project: Annotated[str, PROJECT]
    name: Annotated[str, Col("Name")]
    chosen: Annotated[bool, Col("Whether the best plan builds it")]
    label: Annotated[Label, Col("core, borderline, exterior or undecided")]
    loss_low: Annotated[float, _loss("decided otherwise", "least")]
    loss_high: Annotated[float, _loss("decided otherwise", "most")]
    out_low: Annotated[float, _loss("forced out", "least")]
    out_high: Annotated[float, _loss("forced out", "most")]
    in_low: Annotated[float, _loss("forced in", "least")]
    in_high: Annotated[float, _loss("forced in", "most")]
    reason: Annotated[str, Col("Why there is no plan, or no answer; blank where all is known")] = ""


@dataclass(frozen=True, slots=True)
class Labels(Shown):
    """The labels of all candidates, within a rise of dependence of `within` over the best plan,
    whose dependence is `best`; no plan of the case can beat `bound`. Shares of allied demand.
    `forced` are projects that the case itself puts into every plan: of them nothing is found out.
    """

    within: float
    best: float
    bound: float
    projects: tuple[LabelRow, ...]
    forced: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return all(row.reason in ("", NO_PLAN) for row in self.projects)

    def of(self, label: Label) -> tuple[LabelRow, ...]:
        """The candidates of one label, as they stand."""
        return tuple(row for row in self.projects if row.label is label)
