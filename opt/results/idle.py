"""What stands idle of the least use of existing plants by year, and which input or demand lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opt.data.instance import Instance, Process
from opt.record.flows import Delivery, Flows, Place
from opt.record.idle import IdleYear
from opt.record.run import Solution
from opt.results.least_use import idle_capacity, used_capacity
from opt.results.metrics import project_capacity

NOTHING = 1e-6  # of the largest demand: less is the solver's noise
Spare = Mapping[str, Mapping[int, float]]  # capacity that does not run, by plant and year


def idle_years(
    instance: Instance, solution: Solution, baseline_world: Flows
) -> tuple[IdleYear, ...]:
    """Every facility with a least use in every year in which it has one."""
    if not any(facility.least_use for facility in instance.facilities.values()):
        return ()
    allied, world, before = (
        idle_capacity(instance, flows)
        for flows in (solution.allied, solution.world, baseline_world)
    )
    noise = NOTHING * _largest_demand(instance)
    spare = _spare(instance, solution)
    rooms = {t: _room(_year(instance, solution.world, spare, t, noise)) for t in instance.years}
    return tuple(
        IdleYear(
            facility=f,
            year=t,
            least_use=facility.least(t),
            idle=world[f, t],
            allied_idle=allied[f, t],
            baseline_idle=before[f, t],
            idle_cost=facility.idle_cost,
            lacks=_lacks(instance, f, t, rooms[t]) if world[f, t] > noise else "",
        )
        for f, facility in sorted(instance.facilities.items())
        for t in instance.years
        if facility.least(t) > 0
    )


def _largest_demand(instance: Instance) -> float:
    amounts = (a for demand in instance.demands.values() for a in demand.amounts.values())
    return max(amounts, default=0.0) or 1.0


@dataclass(frozen=True, slots=True)
class _Year:
    """One year, everybody served: region and process of every plant that could run more, where
    something is `left` over, where demand that takes exposed material is `short` of it, and by
    commodity from where to where more could be shipped (`ways`)."""

    able: Sequence[tuple[str, Process]]
    left: frozenset[Place]
    short: frozenset[Place]
    ways: Mapping[str, frozenset[tuple[str, str]]]

    def origins(self, place: Place) -> list[Place]:
        """The places from which a commodity can come to one, itself included."""
        region, c = place
        return [place, *((a, c) for a, b in self.ways.get(c, ()) if b == region)]

    def destinations(self, place: Place) -> list[Place]:
        """The places to which it can go from there, itself included."""
        region, c = place
        return [place, *((b, c) for a, b in self.ways.get(c, ()) if a == region)]


@dataclass(frozen=True, slots=True)
class _Room:
    """Where more of a commodity could be `had`, and where more could be `taken` of it."""

    year: _Year
    had: frozenset[Place]
    taken: frozenset[Place]

    def comes(self, place: Place) -> bool:
        """Whether more can be had at a place, from there or from elsewhere."""
        return not self.had.isdisjoint(self.year.origins(place))

    def goes(self, place: Place) -> bool:
        """Whether more can be taken from a place, there or elsewhere."""
        return not self.taken.isdisjoint(self.year.destinations(place))

    def lacking(self, region: str, process: Process) -> list[str]:
        """What keeps a process in a region from running more."""
        inputs = [c for c in sorted(process.inputs) if not self.comes((region, c))]
        taken = not process.outputs or any(self.goes((region, c)) for c in process.outputs)
        outputs = [] if taken else sorted(process.outputs)
        return [*(f"input {c}" for c in inputs), *(f"demand for {c}" for c in outputs)]


def _room(year: _Year) -> _Room:
    """More can be had of what is left over and of what plants that could run more make of what can
    be had; more can be taken of what demand is short of, and of what such plants work into what
    can be taken."""
    room = _Room(year, year.left, year.short)
    while True:
        had = room.had | {
            (r, c)
            for r, process in year.able
            if all(room.comes((r, i)) for i in process.inputs)
            for c in process.outputs
        }
        taken = room.taken | {
            (r, c)
            for r, process in year.able
            if any(room.goes((r, o)) for o in process.outputs)
            for c in process.inputs
            if all(room.comes((r, i)) for i in process.inputs if i != c)
        }
        if (had, taken) == (room.had, room.taken):
            return room
        room = _Room(year, had, taken)


def _lacks(instance: Instance, facility: str, year: int, room: _Room) -> str:
    """What keeps every process of a facility from running more; blank where one lacks nothing."""
    plant = instance.facilities[facility].plant
    found: list[str] = []
    for p in sorted(plant.rates):
        lacking = room.lacking(plant.region, instance.processes[p])
        if year in instance.gaps.get((facility, p), ()):
            lacking.append("support")
        if not lacking:
            return ""
        found += lacking
    return "; ".join(dict.fromkeys(found))


def _year(instance: Instance, flows: Flows, spare: Spare, year: int, noise: float) -> _Year:
    """A year as the flows of an answer leave it; what is no more than `noise` is nothing."""
    return _Year(
        able=_able(instance, spare, year, noise),
        left=frozenset(
            (e.region, e.commodity) for e in flows.leftovers if e.year == year and e.surplus > noise
        ),
        short=frozenset(
            (e.region, e.commodity)
            for e in flows.deliveries
            if e.year == year and e.short > noise and _takes_exposed(instance, e)
        ),
        ways=_ways(instance, flows, year, noise),
    )


def _takes_exposed(instance: Instance, delivery: Delivery) -> bool:
    demand = instance.demand(delivery.region, delivery.commodity, delivery.segment)
    return demand.clear_from is None or delivery.year < demand.clear_from


def _spare(instance: Instance, solution: Solution) -> Spare:
    """Capacity of every plant that does not run, by year, everybody served."""
    used = used_capacity(instance, solution.world)
    usable = {f: item.usable for f, item in instance.facilities.items()}
    usable |= project_capacity(instance, solution.commitments)
    return {
        f: {t: capacity - used.get((f, t), 0.0) for t, capacity in by_year.items()}
        for f, by_year in usable.items()
    }


def _able(instance: Instance, spare: Spare, year: int, noise: float) -> list[tuple[str, Process]]:
    """Region and process of the plants that have capacity to spare, where no support lacks."""
    plants = instance.plants()
    return [
        (plants[f].region, instance.processes[p])
        for f, by_year in spare.items()
        if by_year.get(year, 0.0) > noise
        for p in plants[f].rates
        if year not in instance.gaps.get((f, p), ())
    ]


def _ways(
    instance: Instance, flows: Flows, year: int, noise: float
) -> dict[str, frozenset[tuple[str, str]]]:
    """By commodity the pairs of regions between which more could be shipped."""
    shipped: dict[tuple[str, str, str], float] = defaultdict(float)
    for e in flows.shipments:
        if e.year == year:
            shipped[e.commodity, e.origin_region, e.destination] += e.amount
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for lane in instance.lanes:
        ends = (lane.origin, lane.destination)
        if lane.limits.get(year, 0.0) - shipped[lane.commodity, *ends] > noise:
            found[lane.commodity].add(ends)
    for pool in instance.pools:
        if year in pool.years:
            pairs = ((a, b) for a in pool.origins for b in pool.destinations if a != b)
            found[pool.commodity].update(pairs)
    return {c: frozenset(pairs) for c, pairs in found.items()}
