"""The plan beside its neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from opt.fixed import FixedCommitment
from opt.record.columns import COUNT, MUSD, SHARE, YEAR, Col
from opt.record.demand import YearMetrics
from opt.record.shown import Shown
from opt.record.table import Table

# No new money in the other sense than that of setting baseline.
FROZEN, WITH_MERCHANTS = "No new money, frozen", "No new money, with merchants"
NO_NEW_MONEY, MINIMUM, MORE = "No new money", "Do the minimum", "A larger budget"
# Rows that take a solve each beside those of a run.
LESS, NAMED, FASTER = "Half the money", "Named projects only", "A faster pace"
# The plan, its commitments held, where no uptake keeps buyers from clear material.
ALL_TAKE = "The plan, if all took clear material"


def fewer_changes(number: int, name: str) -> str:
    """What the row of so many changes of a plan to stay near is called."""
    changes = "no change" if number == 0 else f"{number} change{'s' if number > 1 else ''}"
    return f"With {changes} of {name}"


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the memo's options table.

    `dependence` and `worst_year_dependence` are shares; `bound` is the proven bound of
    `dependence`, -inf where nothing is proven. `cost_musd` and `first_output` are None where there
    is none. `note` says in words what could go wrong. What it comes to in the counted years
    (`by_year`), what it commits and who pays for it in all, capital, stock and running (`paid_by`,
    USD million), stand behind the sums.
    """

    name: Annotated[str, Col("Option")]
    dependence: Annotated[float, Col("Dependence over the counted years", SHARE)]
    bound: Annotated[float, Col("No plan of this option can beat", SHARE, blank=-math.inf)]
    public_musd: Annotated[float, Col("Public money", MUSD)]
    capex_musd: Annotated[float, Col("Capital cost", MUSD)]
    cost_musd: Annotated[float | None, Col("Discounted cost; blank where not worked out", MUSD)]
    worst_year: Annotated[int, Col("Worst counted year", YEAR)]
    worst_year_dependence: Annotated[float, Col("Dependence in that year", SHARE)]
    plants: Annotated[int, Col("Plants built", COUNT)]
    first_output: Annotated[int | None, Col("First output", YEAR)]
    note: Annotated[str, Col("What could go wrong")]
    by_year: tuple[YearMetrics, ...] = ()
    commitments: tuple[FixedCommitment, ...] = ()
    paid_by: Mapping[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """|dependence - bound| / dependence; inf where nothing is proven."""
        difference = abs(self.dependence - self.bound)
        if not math.isfinite(difference):
            return math.inf
        return difference / self.dependence if self.dependence > 0 else 0.0


@dataclass(frozen=True, slots=True)
class OtherOptions(Shown):
    """Rows beside those of a run that take a solve each: less money, named projects alone, more
    pace. `not_known` says which rows have no plan, and why."""

    rows: tuple[Option, ...]
    not_known: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every row was answered."""
        return not self.not_known


OPTIONS = Table(
    "options",
    "Options",
    "The plan beside its neighbours.",
    Option,
    lambda run: run.options,
    ordered=True,
)
