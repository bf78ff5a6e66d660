"""The most that limits on capacity can come to, whatever is committed before: what they leave no
room for no plan can build, though a relaxation that builds in parts would.

A limit grows with what was built, and what was built before stood within the limit of its own year.
So year after year the most of one follows from the most of those before. Where a limit carries
over, its most is what has come together up to a year: what was used only lowers what is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from opt.data.instance import Ceiling, Instance


@dataclass(frozen=True, slots=True)
class Room:
    """`limits`: the most of a limit on capacity, by its number and year, mass/yr; of one that
    carries over, of all years up to that one. `capacity`: the most capacity of a project that they
    leave room for, by project and year of commitment. Both only where there is a most."""

    limits: Mapping[tuple[int, int], float] = field(default_factory=dict)
    capacity: Mapping[tuple[str, int], float] = field(default_factory=dict)


def room_of(data: Instance) -> Room:
    """The room that the limits on capacity of an instance leave, in its units."""
    limits: dict[tuple[int, int], float] = {}
    capacity: dict[tuple[str, int], float] = {}
    for n, ceiling in enumerate(data.ceilings):
        if ceiling.what != "capacity":
            continue
        for t, most in _most(data, ceiling).items():
            limits[n, t] = most
            for j in ceiling.projects:
                if t in data.projects[j].offers and ceiling.made[j] > 0:
                    left = most / ceiling.made[j]
                    capacity[j, t] = min(left, capacity.get((j, t), math.inf))
    return Room(limits, capacity)


def standing(data: Instance, ceiling: Ceiling, year: int) -> float:
    """What the facilities that a limit covers could make of its commodity in clear in a year.
    mass/yr."""
    return math.fsum(
        made * data.facilities[f].usable.get(year, 0.0)
        for f, made in ceiling.made.items()
        if f in data.facilities and data.facilities[f].plant.clear_in(year)
    )


def _most(data: Instance, ceiling: Ceiling) -> dict[int, float]:
    r"""The most that one limit can come to, in its years in which there is a most.

    most_t = limit_t + learn (standing_{t-1} + \sum_j made_j merchant_{j,t-1} capacity_j
      + \sum_{v<t} most_v max_j (usable_{jv,t-1} - merchant_{j,t-1})) + \sum_i lift_i max\_units_i
    over j that can be clear in t - 1 and i that could operate in t.

    With carry-over most_t is that of all years up to t: most_{t-1} is added. The sum over v is then
    the largest \sum_v used_v top_v, top_v being the max_j above, with \sum_{u<=v} used_u <= most_v
    in every v: it is \sum_v most_v (best_v - best_{v+1}), best_v = max_{u>=v} top_u. For used_v
    top_v <= used_v best_v, and summed by parts \sum_v used_v best_v is \sum_v (best_v - best_{v+1})
    \sum_{u<=v} used_u, in which no difference is negative. So by induction all that is committed
    under a limit up to t makes at most most_t.
    """
    found: dict[int, float] = {}
    for t in data.years:
        if t in ceiling.limits:
            grown = ceiling.learn * _grown(data, ceiling, t, found) if ceiling.learn else 0.0
            most = ceiling.limits[t] + grown + math.fsum(_lifts(data, ceiling, t))
            if ceiling.carry_over and t > data.first_year:
                most += found[t - 1]
            if math.isfinite(most):
                found[t] = most
    return found


def _grown(data: Instance, ceiling: Ceiling, t: int, most: Mapping[int, float]) -> float:
    """The most that a limit can learn from: inf where something of it was without limit."""
    before = max(t - 1, data.first_year)
    grown = standing(data, ceiling, before)
    if before == t:
        return grown
    clear = [j for j in ceiling.projects if data.projects[j].plant.clear_in(before)]
    tops: dict[int, float] = {}
    for j in clear:
        project = data.projects[j]
        comes = project.merchant.get(before, 0.0)
        grown += ceiling.made[j] * project.capacity_max * comes
        for v, offer in project.offers.items():
            top = offer.usable.get(before, 0.0) - comes
            if v <= before and top > 0 and ceiling.made[j] > 0:
                tops[v] = max(top, tops.get(v, 0.0))
    if ceiling.carry_over:
        tops = _falls(tops)
    return grown + math.fsum(top * most.get(v, math.inf) for v, top in sorted(tops.items()))


def _falls(tops: Mapping[int, float]) -> dict[int, float]:
    """By year how much the largest of that year's and later values is above that of the years
    after, where it is."""
    falls, best = {}, 0.0
    for v in sorted(tops, reverse=True):
        if tops[v] > best:
            falls[v], best = tops[v] - best, tops[v]
    return falls


def _lifts(data: Instance, ceiling: Ceiling, t: int) -> Iterator[float]:
    """The most that each project can lift a limit by in a year."""
    for i, amount in ceiling.lifts.items():
        project = data.projects.get(i)
        if project is not None and any(t in o.open_years for o in project.offers.values()):
            yield amount * project.max_units
