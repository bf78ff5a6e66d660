"""A plan under strain: every scenario, and each of its plants failing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from opt.record.columns import SHARE, UNITS, YEAR, Col
from opt.record.shown import Shown


class Strain(StrEnum):
    """What a case does to the plan."""

    PLAN = "plan"  # nothing: the case it was made for
    SCENARIO = "scenario"  # the shocks of a scenario
    SURE = "all operate"  # nothing, and every chance counts as 1
    FAILURE = "failure"  # one of its plants never operates, and every other chance counts as 1


@dataclass(frozen=True, slots=True)
class StressCase:
    """The plan held in one case, beside the same case without it. Shares are of weighted allied
    demand. A shortage is that of the worst year; its year is None where nobody is short.

    `idle` are plants of the plan that could run and never do in the cheapest flows, though they run
    where nothing goes wrong; where costs tie others may. `lapsed` are commitments that cannot be
    paid. `best` is the best plan found for the case, `best_bound` what no plan can beat; the regret
    lies between `regret` and `regret_most`. None: not asked, or not known for a `reason`.
    `by_year` is dependence of the plan held in each year of the plan, empty where it is not known.
    """

    case: Annotated[str, Col("Scenario, or project that fails")]
    strain: Annotated[Strain, Col("plan, scenario, all operate or failure")]
    dependence: Annotated[float | None, Col("Dependence over the counted years", SHARE)]
    last_year: Annotated[float | None, Col("Dependence in the last year", SHARE)]
    worst_short_share: Annotated[float | None, Col("Short in the worst year", SHARE)]
    worst_short_units: Annotated[float | None, Col("Short in that year", UNITS)]
    worst_short_year: Annotated[int | None, Col("That year; blank: nobody is short", YEAR)]
    idle: Annotated[tuple[str, ...], Col("Plants that stand idle; where costs tie, others may")]
    lapsed: Annotated[tuple[str, ...], Col("Commitments that cannot be paid")]
    without_plan: Annotated[float | None, Col("Dependence without the plan", SHARE)]
    without_last_year: Annotated[float | None, Col("The same in the last year", SHARE)]
    without_short_share: Annotated[
        float | None, Col("Short in the worst year without the plan", SHARE)
    ]
    without_short_units: Annotated[float | None, Col("Short in that year", UNITS)]
    without_short_year: Annotated[int | None, Col("That year; blank: nobody is short", YEAR)]
    best: Annotated[float | None, Col("The best plan found for the case", SHARE)]
    best_bound: Annotated[float | None, Col("No plan for the case can beat", SHARE)]
    regret: Annotated[float | None, Col("Above the best plan found", SHARE)]
    regret_most: Annotated[float | None, Col("Above what no plan can beat", SHARE)]
    reason: Annotated[str, Col("Why something is not known")] = ""
    by_year: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stress(Shown):
    """The plan under strain: the case that it was made for first, then scenarios in the order of
    the workbook, then failures, the worst first."""

    last: int
    cases: tuple[StressCase, ...]

    @property
    def complete(self) -> bool:
        """Whether every case was answered."""
        return not any(case.reason for case in self.cases)

    @property
    def has_regret(self) -> bool:
        """Whether the best plan of a scenario was looked for."""
        return any(case.best is not None for case in self.cases)

    def asks_less_than(self, other: Shown) -> bool:
        """Whether the other was asked for regret too."""
        return isinstance(other, Stress) and other.has_regret and not self.has_regret
