"""Least use: existing plants run at least a share of what they could, or stand idle at a cost."""

from __future__ import annotations

from opt.model.projects import throughput
from opt.model.rule import OptModel, Relation, over
from opt.model.variables import term


@over(lambda m: m.index.LEAST)
def keep_least_use(m: OptModel, f: str, t: int) -> Relation:
    r"""A facility runs its least use, but for what of it stands idle at a cost.

    Enforced over: facilities and years with a least use, where both classes are in the model; a
    host metal, which has no idle_cost, has no idle. Unit: capacity/yr.
    \sum_{p,o} rate_{fp} run_{fpot} + idle_{ft} >= least\_use_{ft} usable_{ft}
    """
    return throughput(m, f, t) + term(m.idle, (f, t)) >= m.data.facilities[f].least(t)
