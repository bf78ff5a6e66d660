"""What a plan uses of the limits on what a year can carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from opt.data.instance import Ceiling, Instance
from opt.record.ceilings import CeilingYear
from opt.record.columns import MUSD, UNITS
from opt.record.money import Use
from opt.record.projects import Commitment
from opt.record.run import Solution
from opt.results.metrics import project_capacity

Amount = Callable[[Ceiling, int], float]


def ceiling_years(instance: Instance, solution: Solution) -> tuple[CeilingYear, ...]:
    """Every limit of the workbook in every year that it has one.

    starts: units committed in t; capex: their capital cost; private: sum of spend[t - v] x (capex
    - public money) over all commitments; capacity: made x size of those of t, against limit + learn
    x what could be made in clear the year before + what lifts it.
    """
    amounts: Mapping[str, Amount] = {
        "starts": _starts(solution.commitments),
        "capex": _capex(solution.commitments),
        "private": _private(instance, solution),
        "capacity": _capacity(instance, solution.commitments),
    }
    grown = _grown(instance, solution.commitments)
    rows = []
    for ceiling in instance.ceilings:
        used, limit = 0.0, 0.0
        for t in sorted(ceiling.limits):
            if not ceiling.carry_over:
                used, limit = 0.0, 0.0
            used += amounts[ceiling.what](ceiling, t)
            limit += ceiling.limits[t] + grown(ceiling, t)
            place = (ceiling.what, ceiling.field, ceiling.value, ceiling.mineral, ceiling.commodity)
            share = used / limit if limit > 0 else None
            rows.append(CeilingYear(*place, t, used, limit, share, _unit(instance, ceiling)))
    return tuple(rows)


def _unit(instance: Instance, ceiling: Ceiling) -> str:
    """What a limit is in: plants that start, USD million, or a commodity's units a year."""
    if ceiling.what == "starts":
        return UNITS
    if ceiling.what == "capacity":
        return f"{instance.commodities[ceiling.commodity].unit or UNITS}/yr"
    return MUSD


def _starts(commitments: Sequence[Commitment]) -> Amount:
    def used(ceiling: Ceiling, t: int) -> float:
        own = (c for c in commitments if c.year == t and c.project in ceiling.projects)
        return float(sum(c.units for c in own))

    return used


def _capex(commitments: Sequence[Commitment]) -> Amount:
    def used(ceiling: Ceiling, t: int) -> float:
        own = (c for c in commitments if c.year == t and c.project in ceiling.projects)
        return sum(c.capex_musd for c in own)

    return used


def _private(instance: Instance, solution: Solution) -> Amount:
    public: dict[tuple[str, int], float] = defaultdict(float)
    for payment in solution.paid_for(Use.CAPITAL):
        public[payment.thing, payment.year] += payment.paid_musd

    def used(ceiling: Ceiling, t: int) -> float:
        return sum(
            instance.projects[c.project].offers[c.year].spend.get(t, 0.0)
            * (c.capex_musd - public[c.project, c.year])
            for c in solution.commitments
            if c.project in ceiling.projects
        )

    return used


def _capacity(instance: Instance, commitments: Sequence[Commitment]) -> Amount:
    def used(ceiling: Ceiling, t: int) -> float:
        return sum(
            ceiling.made[c.project] * _size(instance, c)
            for c in commitments
            if c.year == t and c.project in ceiling.projects
        )

    return used


def _size(instance: Instance, made: Commitment) -> float:
    whole = instance.projects[made.project].capacity_max * made.units
    return whole if made.size is None else made.size


def _grown(instance: Instance, commitments: Sequence[Commitment]) -> Amount:
    """By how much a limit is above what the workbook gives: what it has learnt, and its lifts."""
    built = project_capacity(instance, commitments)
    committed = {c.project for c in commitments}

    def in_clear(plant: str, t: int) -> float:
        if plant in instance.facilities:
            facility = instance.facilities[plant]
            return facility.usable.get(t, 0.0) if facility.plant.clear_in(t) else 0.0
        project = instance.projects[plant]
        taken = plant not in committed and t in project.lost
        return 0.0 if taken or not project.plant.clear_in(t) else built[plant].get(t, 0.0)

    def grown(ceiling: Ceiling, t: int) -> float:
        before = max(t - 1, instance.first_year)
        learnt = sum(
            made * in_clear(plant, before)
            for plant, made in ceiling.made.items()
            if before < t or plant in instance.facilities
        )
        lifted = sum(
            ceiling.lifts.get(c.project, 0.0) * c.units
            for c in commitments
            if t in instance.projects[c.project].offers[c.year].open_years
        )
        return ceiling.learn * learnt + lifted

    return grown
