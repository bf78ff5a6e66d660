"""Demand: what is served of it, and what it is short of."""

from __future__ import annotations

from opt.model.rule import OptModel, Relation, over
from opt.record.flows import CLEAR


@over(lambda m: m.index.SHORT)
def meet_demand(m: OptModel, d: str, t: int) -> Relation:
    r"""Demand is served clear, served exposed, or short.

    Enforced over: SHORT. Unit: mass/yr.
    \sum_o serve_{dot} + short_{dt} = demand_{dt}
    """
    served = sum(m.serve[d, o, t] for o in m.index.origins if (d, o, t) in m.serve)
    return served + m.short[d, t] == m.data.demands[d].amounts[t]


def _held_back(m: OptModel) -> list[tuple[str, int]]:
    demands = m.data.demands
    return [(d, t) for d, o, t in m.index.SERVE if o == CLEAR and t in demands[d].uptake]


@over(_held_back)
def limit_uptake(m: OptModel, d: str, t: int) -> Relation:
    r"""No more of a demand takes clear material than buys it.

    Enforced over: SERVE of clear material with an uptake below 1. Unit: mass/yr.
    serve_{d,clear,t} <= uptake_{dt} demand_{dt}
    """
    demand = m.data.demands[d]
    return m.serve[d, CLEAR, t] <= demand.uptake[t] * demand.amounts[t]
