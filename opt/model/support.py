"""Support of running plants: one that costs more than it earns runs only as far as it is paid."""

from __future__ import annotations

from typing import Any

from opt.model.outlays import SUPPORT
from opt.model.projects import lost_capacity
from opt.model.rule import OptModel, Relation, over


def activity(m: OptModel, f: str, p: str, t: int) -> Any:
    """Activity of a process at a plant in a year, both classes together."""
    return sum(m.run[f, p, o, t] for o in m.index.origins if (f, p, o, t) in m.run)


def _losing_runs(m: OptModel) -> list[tuple[str, str, int]]:
    runs = sorted({(f, p, t) for f, p, _, t in m.index.RUN})
    return [(f, p, t) for f, p, t in runs if t in m.data.gaps.get((f, p), ())]


@over(_losing_runs)
def cover_gap(m: OptModel, f: str, p: str, t: int) -> Relation:
    r"""Where a unit of activity costs more than it earns, support covers the gap of every unit.

    Enforced over: plants, processes and years with a gap. Unit: activity/yr.
    \sum_k min(rate_{kfpt}, gap_{fpt}) supported_{kfpt} >= gap_{fpt} \sum_o run_{fpot}
    (both sides over the gap). Of a project that can be lost + lost_{ft} capacity_f
    (1 - \sum_v build_{fv}) over rate_{fp}: where it is lost it runs at any price, and has no other
    capacity.
    """
    gap = m.data.gaps[f, p][t]
    covered = sum(
        min(SUPPORT.rate(m.data, (k, f, p, t)) / gap, 1.0) * m.supported[k, f, p, t]
        for k in m.index.payers_of(SUPPORT, f, p, t)
    )
    unpaid = lost_capacity(m, f, t) / m.index.plants[f].rates[p]
    return covered + unpaid - activity(m, f, p, t) >= 0.0


@over(lambda m: m.index.paid(SUPPORT))
def limit_supported(m: OptModel, k: str, f: str, p: str, t: int) -> Relation:
    r"""A programme supports no more than is run.

    Enforced over: SUPPORTED. Unit: activity/yr.
    supported_{kfpt} <= \sum_o run_{fpot}
    """
    return m.supported[k, f, p, t] - activity(m, f, p, t) <= 0.0
