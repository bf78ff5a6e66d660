"""Demand: what is served of it, and what it is short of."""

from __future__ import annotations

from opt.model.rule import OptModel, Relation, over


@over(lambda m: m.index.SHORT)
def meet_demand(m: OptModel, d: str, t: int) -> Relation:
    r"""Demand is served clear, served exposed, or short.

    Enforced over: SHORT. Unit: mass/yr.
    \sum_o serve_{dot} + short_{dt} = demand_{dt}
    """
    served = sum(m.serve[d, o, t] for o in m.index.origins if (d, o, t) in m.serve)
    return served + m.short[d, t] == m.data.demands[d].amounts[t]
