"""One plan for many scenarios: what it comes to in each, and what it is worth to know more."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from opt.data.sheets import scenarios
from opt.record.columns import COUNT, MUSD, SHARE, UNITS, YEAR, Col
from opt.record.shown import Shown


class RiskMeasure(StrEnum):
    """What of the outcomes of several scenarios is made small."""

    EXPECTED = "expected"  # their mean, by probability
    CVAR = "cvar"  # the mean of the worst of them, so much probability as 1 - alpha
    WORST = "worst"  # the worst of them
    REGRET = "regret"  # the largest distance from the best plan of its scenario


EVERY = ""  # the scenario of what is the same in all
BASE = scenarios.BASE
# Choices with less allowed; those with another rule of release are named RELEASE and the rule.
NO_STOCK, NO_PLANTS, RELEASE = "no stock", "no plants", "release"
BLANK = "every scenario"
WAITING = "waiting"  # what it is worth that a second wave waits


@dataclass(frozen=True, slots=True)
class RiskScenario:
    """The plan in one scenario, beside the best plan for it, which knew it before, and the plan
    that is best for the base case alone. `best` and `best_bound` bracket the first; the regret lies
    between `regret` and `regret_most`. `stated` says whether the workbook gives the probability."""

    scenario: Annotated[str, Col("Scenario; base is the base case")]
    probability: Annotated[float, Col("Probability", SHARE)]
    stated: Annotated[bool, Col("Whether the workbook states it, or it was drawn")]
    outcome: Annotated[float | None, Col("What is counted, under the plan", SHARE)]
    best: Annotated[float | None, Col("The best plan found for it alone", SHARE)]
    best_bound: Annotated[float | None, Col("No plan for it can beat", SHARE)]
    regret: Annotated[float | None, Col("Above the best plan found", SHARE)]
    regret_most: Annotated[float | None, Col("Above what no plan can beat", SHARE)]
    base_plan: Annotated[float | None, Col("The same under the base case's own plan", SHARE)]
    base_lapsed: Annotated[tuple[str, ...], Col("What of that plan cannot be paid in it")]
    reason: Annotated[str, Col("Why something is not known")] = ""


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """What the plan comes to by one measure, and what no plan can beat by it."""

    measure: Annotated[str, Col("expected, cvar, worst or regret")]
    asked: Annotated[bool, Col("Whether it is the measure that was made small")]
    value: Annotated[float, Col("What the plan comes to", SHARE, blank=math.inf)]
    bound: Annotated[float, Col("No plan can beat", SHARE, blank=-math.inf)]


@dataclass(frozen=True, slots=True)
class RiskCommitment:
    """Units committed in a year, and who pays: alike in every scenario, or in some."""

    project: Annotated[str, Col("Project")]
    year: Annotated[int, Col("Year of commitment", YEAR)]
    units: Annotated[int, Col("Units committed", COUNT)]
    size: Annotated[float | None, Col("Capacity of a scalable project", "units/yr")]
    scenarios: Annotated[tuple[str, ...], Col(f"Scenarios in which it is so; blank: {BLANK}")]
    capex_musd: Annotated[float, Col("Capital cost", MUSD)]
    paid_by: Annotated[Mapping[str, float], Col("Public money by programme", MUSD)]


@dataclass(frozen=True, slots=True)
class RiskStock:
    """What is bought for a stockpile in a year, in every scenario or in one. `cover_days` is how
    long all that lies there at the end of the year would last allied users (None: nobody uses it).
    """

    stockpile: Annotated[str, Col("Stockpile")]
    region: Annotated[str, Col("Where it lies")]
    year: Annotated[int, Col("Year", YEAR)]
    scenario: Annotated[str, Col(f"Scenario; blank: {BLANK}")]
    bought: Annotated[float, Col("Bought", UNITS)]
    level: Annotated[float, Col("Stock at the end of the year", UNITS)]
    cover_days: Annotated[float | None, Col("Days of allied use that it would last", "days")]
    paid_by: Annotated[Mapping[str, float], Col("Public money by programme, keeping it too", MUSD)]


@dataclass(frozen=True, slots=True)
class RiskWorth:
    """What it is worth to look at all scenarios, or to know more: a share of allied demand by the
    measure asked. It lies between `low` and `high`: the gaps of what it is the difference of leave
    no more to be said. Of all_scenarios nothing is said where the plan of the base case cannot be
    paid in some scenario."""

    name: Annotated[str, Col("wait_and_see, perfect_information, all_scenarios or waiting")]
    low: Annotated[float, Col("At least", SHARE, blank=-math.inf)]
    high: Annotated[float, Col("At most", SHARE, blank=math.inf)]


@dataclass(frozen=True, slots=True)
class RiskChoice:
    """The same question where stock or plants may not be had, or stock is released by another rule:
    the best plan found and what no plan can beat."""

    choice: Annotated[str, Col("no stock, no plants, release any, release disruption")]
    value: Annotated[float, Col("What the best plan found comes to", SHARE, blank=math.inf)]
    bound: Annotated[float, Col("No plan can beat", SHARE, blank=-math.inf)]
    bought_musd: Annotated[float, Col("Expected spending on stock", MUSD)]
    capex_musd: Annotated[float, Col("Expected capital cost", MUSD)]
    public_musd: Annotated[float, Col("Expected public money", MUSD)]


@dataclass(frozen=True, slots=True)
class Risk(Shown):
    """One plan for many scenarios. `measure` of `of` was made small, of cvar at `alpha`; `value` is
    what the plan comes to and `bound` what no plan can beat. Commitments before `second_wave`
    (None: all) are the same in every scenario; later ones, and what stock buys and gives out, are
    in scenarios in which the same has happened until then. `known_from` is the first year in which
    any two differ. `left_out` says what of the scenarios is not counted, and why."""

    measure: str
    of: str
    alpha: float
    second_wave: int | None
    known_from: int
    value: Annotated[float, Col("What the plan comes to", SHARE, blank=math.inf)]
    bound: Annotated[float, Col("No plan can beat", SHARE, blank=-math.inf)]
    scenarios: tuple[RiskScenario, ...]
    levels: tuple[RiskLevel, ...]
    commitments: tuple[RiskCommitment, ...]
    stock: tuple[RiskStock, ...]
    worth: tuple[RiskWorth, ...]
    choices: tuple[RiskChoice, ...]
    left_out: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        values = [self.value, *(row.value for row in self.choices)]
        values += [row.high for row in self.worth if row.name == WAITING]
        return all(map(math.isfinite, values)) and not any(row.reason for row in self.scenarios)
