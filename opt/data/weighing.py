r"""How the minerals of a share of demand are weighed against each other.

Where minerals have weights, a share is D = \sum_m W_m D_m / \sum_m W_m over the minerals that are
asked for, D_m = \sum_{d in m} w_d part_d / A_m the mineral's own, A_m = \sum_{d in m} w_d demand_d.
The same is written as one quotient, so that one rule serves with weights and without:

    D = \sum_m rate_m \sum_{d in m} w_d part_d / \sum_m rate_m A_m
    rate_m = W_m / \sum_n W_n x A / A_m, A = \sum_m A_m over minerals that count

The denominator is then A, what is asked for in all. Without weights every rate is 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping


def rates_of(weights: Mapping[str, float], asked: Mapping[str, float]) -> Mapping[str, float]:
    """What a weighted unit of each mineral counts for; `asked` is the weighted demand of each.

    0 for a mineral that has no weight or is not asked for; 1 for all where none has a weight given.
    """
    if not weights:
        return dict.fromkeys(asked, 1.0)
    counted = {m: weights.get(m, 0.0) for m, amount in asked.items() if amount > 0}
    counted = {m: weight for m, weight in counted.items() if weight > 0}
    whole, demand = math.fsum(counted.values()), math.fsum(asked[m] for m in counted)
    return {
        m: counted[m] / whole * demand / amount if m in counted else 0.0
        for m, amount in asked.items()
    }
