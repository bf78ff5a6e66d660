"""What the outcomes of several scenarios come to by a measure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from opt.record.risk import RiskMeasure


def expected(outcomes: Sequence[float], probabilities: Sequence[float]) -> float:
    """Their mean by probability."""
    return math.fsum(p * x for p, x in zip(probabilities, outcomes, strict=True))


def cvar(outcomes: Sequence[float], probabilities: Sequence[float], alpha: float) -> float:
    """The mean of the worst of them, so much probability as 1 - alpha: of the outcome at the edge
    only the part that fills it up."""
    tail = left = 1.0 - alpha
    terms = []
    for x, p in sorted(zip(outcomes, probabilities, strict=True), reverse=True):
        taken = min(p, left)
        if taken > 0.0:
            terms.append(taken * x)
            left -= taken
    return math.fsum(terms) / tail


def measured(
    measure: RiskMeasure, outcomes: Sequence[float], probabilities: Sequence[float], alpha: float
) -> float:
    """What outcomes come to by a measure; of regret they are distances from the best."""
    if not all(map(math.isfinite, outcomes)):
        return max(outcomes) if max(outcomes) == math.inf else -math.inf
    return _MEASURED[measure](outcomes, probabilities, alpha)


_MEASURED: Mapping[RiskMeasure, Callable[[Sequence[float], Sequence[float], float], float]] = {
    RiskMeasure.EXPECTED: lambda outcomes, probabilities, _: expected(outcomes, probabilities),
    RiskMeasure.CVAR: cvar,
    RiskMeasure.WORST: lambda outcomes, *_: max(outcomes),
    RiskMeasure.REGRET: lambda outcomes, *_: max(outcomes),
}
