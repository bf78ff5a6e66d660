"""Ceilings on what all projects together start, cost, could make or ask of private money a year."""

from __future__ import annotations

from collections.abc import Callable

from opt.model.projects import capex, committed_capacity
from opt.model.rule import OptModel, Relation, over


def ceiling_years(what: str) -> Callable[[OptModel], list[tuple[int, int]]]:
    """The ceilings of one kind, by number, and the years in which they could be reached."""

    def keys(m: OptModel) -> list[tuple[int, int]]:
        return [
            (n, t)
            for n, ceiling in enumerate(m.data.ceilings)
            if ceiling.what == what
            for t in sorted(ceiling.limits)
            if any(_reaches(m, j, t, what) for j in ceiling.projects)
        ]

    return keys


def _reaches(m: OptModel, j: str, t: int, what: str) -> bool:
    offers = m.data.projects[j].offers
    if what == "private":
        return any(offer.spend.get(t, 0.0) > 0 for offer in offers.values())
    return t in offers and (what != "capacity" or m.data.projects[j].capacity_max > 0)


@over(ceiling_years("starts"))
def limit_starts(m: OptModel, n: int, t: int) -> Relation:
    r"""Units committed in a year stay within the build limit.

    Enforced over: build limits on starts and their years. Unit: units.
    \sum_j build_{jt} <= limit_{nt}
    """
    ceiling = m.data.ceilings[n]
    terms = [m.build[j, t] for j in ceiling.projects if t in m.data.projects[j].offers]
    return sum(terms) <= ceiling.limits[t]


@over(ceiling_years("capex"))
def limit_capex(m: OptModel, n: int, t: int) -> Relation:
    r"""Capital cost committed in a year stays within the build limit.

    Enforced over: build limits on capex and their years. Unit: money.
    \sum_j capex_{jt} <= limit_{nt}
    """
    ceiling = m.data.ceilings[n]
    terms = [capex(m, j, t) for j in ceiling.projects if t in m.data.projects[j].offers]
    return sum(terms) <= ceiling.limits[t]


@over(ceiling_years("capacity"))
def limit_capacity(m: OptModel, n: int, t: int) -> Relation:
    r"""What could be made of a commodity by what is committed in a year stays within the build
    limit.

    Enforced over: build limits on capacity and their years. Unit: mass/yr.
    \sum_j made_{nj} capacity_{jt} <= limit_{nt}
    where made is the most of the commodity that a unit of capacity makes, capacity that of the
    units committed.
    """
    ceiling = m.data.ceilings[n]
    terms = [
        ceiling.made[j] * committed_capacity(m, j, t)
        for j in ceiling.projects
        if t in m.data.projects[j].offers
    ]
    return sum(terms) <= ceiling.limits[t]
