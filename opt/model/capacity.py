"""Capacity: what plants can run, given what is built, since when, and its ramp-up."""

from __future__ import annotations

from typing import Any

from opt.model.rule import OptModel, Relation, over


def throughput(m: OptModel, f: str, t: int) -> Any:
    """Capacity that a plant's activity takes: sum over processes and classes of rate x run."""
    rates = m.index.plants[f].rates
    return sum(rates[key[1]] * m.run[key] for key in m.index.runs_of[f, t])


def usable_capacity(m: OptModel, f: str, t: int) -> Any:
    """Capacity that can run in a year: the facility's own, or what was committed x its ramp."""
    if f in m.data.facilities:
        return m.data.facilities[f].usable[t]
    project = m.data.projects[f]
    return sum(
        project.offers[v].usable[t]
        * (m.size[f, v] if project.scalable else project.capacity_max * m.build[f, v])
        for v in m.index.commitments[f]
        if project.offers[v].usable.get(t, 0.0) > 0
    )


@over(lambda m: sorted(m.index.runs_of))
def limit_throughput(m: OptModel, f: str, t: int) -> Relation:
    r"""A plant runs within its ramped-up capacity, shared by its processes and classes.

    Enforced over: runs_of. Unit: capacity/yr.
    \sum_{p,o} rate_{fp} run_{fpot} <= \sum_v usable_{fvt} capacity_f build_{fv}
    where usable = availability x ramp[t - v - lead + 1] x shocks.
    """
    return throughput(m, f, t) - usable_capacity(m, f, t) <= 0.0


@over(lambda m: m.index.SIZE)
def limit_size_min(m: OptModel, j: str, v: int) -> Relation:
    r"""A unit of a scalable project is at least its smallest size.

    Enforced over: SIZE. Unit: capacity/yr.
    size_{jv} >= capacity\_min_j build_{jv}
    """
    return m.size[j, v] - m.data.projects[j].capacity_min * m.build[j, v] >= 0.0


@over(lambda m: m.index.SIZE)
def limit_size_max(m: OptModel, j: str, v: int) -> Relation:
    r"""A unit of a scalable project is at most its largest size.

    Enforced over: SIZE. Unit: capacity/yr.
    size_{jv} <= capacity\_max_j build_{jv}
    """
    return m.size[j, v] - m.data.projects[j].capacity_max * m.build[j, v] <= 0.0
