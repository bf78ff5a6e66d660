"""Ceilings on what all projects together start, cost, could make or ask of private money a year."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from opt.data.instance import Ceiling
from opt.model.projects import capex, committed_capacity, usable_capacity
from opt.model.room import standing
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


def _years_of_commitments(m: OptModel) -> list[tuple[int, int]]:
    return [
        (n, t)
        for n, ceiling in enumerate(m.data.ceilings)
        if ceiling.what == "commitments"
        for t in sorted(ceiling.limits)
        if any(v <= t for j in ceiling.projects for v in m.data.projects[j].offers)
    ]


@over(_years_of_commitments)
def limit_commitments(m: OptModel, n: int, t: int) -> Relation:
    r"""Capital cost of all that is committed up to a year stays within what a study allows.

    Enforced over: ceilings on commitments, which no workbook has, and their years. Unit: money.
    \sum_{j, v<=t} capex_{jv} <= limit_{nt}
    """
    ceiling = m.data.ceilings[n]
    terms = [capex(m, j, v) for j in ceiling.projects for v in m.data.projects[j].offers if v <= t]
    return sum(terms) <= ceiling.limits[t]


@over(ceiling_years("capacity"))
def limit_capacity(m: OptModel, n: int, t: int) -> Relation:
    r"""What could be made of a commodity by what is committed in a year stays within the build
    limit, which grows with what could be made of it in clear the year before and is lifted by
    projects while they operate; with carry-over, cumulatively.

    Enforced over: build limits on capacity and their years. Unit: mass/yr.
    \sum_j made_{nj} capacity_{jt} <= limit_{nt} + learn_n (\sum_f made_{nf} usable_{f,t-1}
    + \sum_{jv} made_{nj} usable_{jv,t-1} capacity_{jv}) + \sum_{iv} lift_{ni} build_{iv}
    where made is the most of the commodity that a unit of capacity makes, capacity that of the
    units committed, f and j on the right those that can be clear in t - 1, iv those that operate in
    t and lift = amount x chance. In the first year that of the facilities in it counts.
    carry-over: both sides summed over all years up to t.
    """
    years = m.data.ceilings[n].counted(t)
    taken, given = zip(*(_taken(m, n, s) for s in years), strict=True)
    return sum(taken) <= math.fsum(given)


def _taken(m: OptModel, n: int, t: int) -> tuple[Any, float]:
    """What is committed in a year under a limit on capacity, less what the limit grows by for what
    is built by then and is lifted by; and the rest of the limit, which nothing decides."""
    ceiling = m.data.ceilings[n]
    new = [ceiling.made[j] * committed_capacity(m, j, t) for j in _offered(m, n, t)]
    lifted = [
        amount * m.build[i, v]
        for i, amount in ceiling.lifts.items()
        if amount > 0 and i in m.data.projects
        for v, offer in m.data.projects[i].offers.items()
        if t in offer.open_years
    ]
    stood, built = _made_in_clear(m, ceiling, t) if ceiling.learn else (0.0, 0.0)
    most = ceiling.limits[t] + ceiling.learn * stood
    return sum(new) - ceiling.learn * built - sum(lifted), most


def _offered(m: OptModel, n: int, t: int) -> list[str]:
    """The projects under a limit that can be committed in a year."""
    return [j for j in m.data.ceilings[n].projects if t in m.data.projects[j].offers]


# Commitments of which one to so many and no more fit into the room of a year are told apart.
FITTING = 8
# Relative: what fills the room but for rounding fits.
FITS = 1e-6


def _fills(m: OptModel, n: int, t: int, p: int, j: str) -> int:
    """How many parts of the room of a limit in a year, of p + 1, one unit of a project fills whole,
    at its smallest."""
    project = m.data.projects[j]
    least = project.capacity_min if project.scalable else project.capacity_max
    part = m.room.limits[n, t] * (1 + FITS) / (p + 1)
    made = m.data.ceilings[n].made[j] * least
    return math.floor(made / part) if part > 0 else int(made > 0)


def _filled(m: OptModel) -> list[tuple[int, int, int]]:
    return [
        (n, t, p)
        for n, t in sorted(m.room.limits)
        for p in range(FITTING)
        if any(_fills(m, n, t, p, j) for j in _offered(m, n, t))
    ]


@over(_filled)
def fit_commitments(m: OptModel, n: int, t: int, p: int) -> Relation:
    r"""Of commitments that fill more than a part of the most that a limit on capacity can come to,
    no more are made than parts can be filled. It follows from limit_capacity for whole units, and
    keeps a relaxation from building in parts what does not fit.

    Enforced over: limits on capacity, years with a most, p = 0 to 7, where a unit fills a part.
    Unit: parts.
    \sum_j floor((p + 1) made_{nj} least_j / most_{nt}) build_{jt} <= p
    where least is the smallest size of a unit.
    carry-over: the left side summed over all years up to t, as most is then what has come together
    up to t. In a year in which nothing that fills a part is offered it follows from the years
    before.
    """
    ceiling = m.data.ceilings[n]
    parts = {j: _fills(m, n, t, p, j) for j in ceiling.projects}
    committed = ((j, s) for s in ceiling.counted(t) for j in _offered(m, n, s))
    return sum(parts[j] * m.build[j, s] for j, s in committed if parts[j]) <= p


def _made_in_clear(m: OptModel, ceiling: Ceiling, t: int) -> tuple[float, Any]:
    """What facilities, and what projects, that a limit covers could make of its commodity in clear
    the year before; in the first year what facilities could make in it. Never what they do make: it
    would take the exposed chain to tell."""
    data, before = m.data, max(t - 1, m.data.first_year)
    built = sum(
        ceiling.made[j] * usable_capacity(m, j, before)
        for j in ceiling.projects
        if before < t and data.projects[j].plant.clear_in(before)
    )
    return standing(data, ceiling, before), built
