"""Policy targets and what the plan comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import SHARE, YEAR, Col
from opt.record.table import Table

MEASURE = "share or units"


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A policy target and what the plan comes to; `slack` is at least 0 where it is met, `unit`
    what the bound and the values are measured in."""

    target: Annotated[str, Col("Target")]
    metric: Annotated[str, Col("What is measured")]
    scope: Annotated[str, Col("Where it is measured")]
    year: Annotated[int, Col("Year", YEAR)]
    sense: Annotated[str, Col("at_most or at_least")]
    bound: Annotated[float, Col("The bound", MEASURE)]
    value: Annotated[float, Col("With the plan", MEASURE)]
    slack: Annotated[float, Col("Distance from the bound", MEASURE)]
    baseline_value: Annotated[float, Col("Without new money", MEASURE)]
    unit: str = SHARE


TARGETS = Table(
    "targets",
    "Targets",
    "Each policy target, what the plan comes to, and its slack.",
    TargetResult,
    lambda run: run.targets,
    ordered=True,
)
