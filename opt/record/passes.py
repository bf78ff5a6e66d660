"""The solves of an answer: what each pass found and what is proven of it."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from opt.record.columns import MUSD, SHARE, Col


class Outcome(StrEnum):
    """The closed set of what a solve can come to."""

    OPTIMAL = "optimal"  # solved to the asked gap
    FEASIBLE = "feasible"  # stopped early, plan kept with its bound
    INFEASIBLE = "infeasible"  # no plan obeys every rule
    LIMIT = "limit"  # stopped early with no plan
    ERROR = "error"  # the solver failed


@dataclass(frozen=True, slots=True)
class Pass:
    """One solve of the order of objectives.

    `value` and `bound` are in the objective's own unit (a share for dependence, USD million for
    cost, weighted units for world); `gap` is |value - bound| / |value|. A bound of -inf and a gap
    of inf say that nothing is proven. Later passes may exceed the value by `kept`: absolute in
    shares, times the value in money.

    Of cost, `gap_musd` is value - bound in USD million, and `gap_added` that over what the plan
    costs above no new money; None where the plan costs no more than that, where nothing is proven,
    and in every other pass.
    """

    objective: Annotated[str, Col("Goal, in order")]
    value: Annotated[float, Col("What the plan comes to: a share, USD million, or units")]
    bound: Annotated[float, Col("Its bound; blank: not known", blank=-math.inf)]
    gap: Annotated[float, Col("Between the two, over the value", SHARE, blank=math.inf)]
    seconds: float
    outcome: Annotated[Outcome, Col("optimal: to the gap asked for; feasible: not", name="status")]
    kept: float = 0.0
    gap_musd: Annotated[float | None, Col("Gap of the cost", MUSD)] = None
    gap_added: Annotated[float | None, Col("The same over the added cost", SHARE)] = None

    @property
    def is_proven(self) -> bool:
        """Whether there is a bound that something proves."""
        return math.isfinite(self.bound)

    def beside(self, no_new_money: float) -> Pass:
        """The same pass beside the cost of no new money, USD million: of the cost pass its gap in
        money and over what the plan adds to that."""
        if self.objective != "cost" or not self.is_proven:
            return self
        musd, added = self.value - self.bound, self.value - no_new_money
        return dataclasses.replace(
            self, gap_musd=musd, gap_added=musd / added if added > 0.0 else None
        )
