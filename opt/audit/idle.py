"""Least use of existing plants: what stands idle of it, what that costs, and what lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from opt.audit.case import ALLIED, BASELINE_WORLD, USD_PER_MUSD, WORLD, AuditPlant, interpolate
from opt.audit.check import PRICE_FLOOR, Check, at_most, equal, holds
from opt.audit.evidence import Evidence, Sums
from opt.audit.rule import of_flows, of_plan, once
from opt.audit.support import gap
from opt.record.flows import Delivery
from opt.record.idle import IdleYear

NOTHING = 1e-6  # of the largest demand
Spot = tuple[str, str]  # commodity, region


def least(evidence: Evidence, plant: AuditPlant, year: int) -> float:
    """least_use x what the facility could make in a year; 0 where it has none."""
    share = plant.row.optional("least_use")
    if share is None:
        rows = evidence.case.tables.rows.get("least_use", ())
        given = [row.years for row in rows if row.text("facility") == plant.name]
        share = interpolate(given[0], year) if given else 0.0
    return share * evidence.capacity(ALLIED, plant, year) if share else 0.0


def idle(evidence: Evidence, sums: Sums, plant: AuditPlant, year: int) -> float:
    """max(0, least - throughput) in a set of flows, in the unit of the capacity."""
    return max(0.0, least(evidence, plant, year) - sums.throughput.get((plant.name, year), 0.0))


@once
def idle_musd(evidence: Evidence) -> float:
    """Sum of idle_cost x idle of the allied flows x (1 + discount_rate)^-(t - first_year) / 1e6."""
    whole = 0.0
    for plant in evidence.case.facilities.values():
        rate = (plant.row.optional("idle_cost") or 0.0) / USD_PER_MUSD
        for year in evidence.case.years if rate else ():
            unused = idle(evidence, evidence.allied, plant, year)
            whole += rate * unused * evidence.case.discount(year)
    return whole


@of_flows
def keep_least_use(evidence: Evidence) -> Iterator[Check]:
    """throughput >= least_use x capacity of a facility without idle_cost, a host metal.

    For each set of flows. Units of capacity.
    """
    case = evidence.case
    for name, sums in evidence.sets():
        for plant in case.facilities.values():
            if plant.row.optional("idle_cost") is None:
                for year in case.years:
                    bound = least(evidence, plant, year)
                    used = sums.throughput.get((plant.name, year), 0.0)
                    if bound > 0:
                        yield at_most((name, plant.name, year), bound, used, case.mass_floor)


@of_plan
def limit_world_idle(evidence: Evidence) -> Iterator[Check]:
    """What stands idle, everybody served, is no more than where allies alone are.

    Units of capacity.
    """
    case, world = evidence.case, evidence.sums[WORLD]
    for plant in case.facilities.values():
        for year in case.years:
            if least(evidence, plant, year) > 0:
                more = idle(evidence, world, plant, year)
                most = idle(evidence, evidence.allied, plant, year)
                yield at_most((plant.name, year), more, most, case.mass_floor)


@of_plan
def define_idle(evidence: Evidence) -> Iterator[Check]:
    """idle.csv: each facility and year with a least use; idle = max(0, least_use - throughput) of
    the flows of the world, of allies, and of the world without new money.

    Units of capacity; `lacks` as in `lacks` below.
    """
    case = evidence.case
    rows = {(row.facility, row.year): row for row in evidence.answer.idle}
    for plant in case.facilities.values():
        for year in case.years:
            row, bound = rows.pop((plant.name, year), None), least(evidence, plant, year)
            if row is not None and bound > 0:
                yield from _check_row(evidence, plant, row, bound)
            elif row is not None or bound > 0:
                yield holds((plant.name, year, "row"), False)
    for key in rows:
        yield holds((*key, "row"), False)


def _check_row(
    evidence: Evidence, plant: AuditPlant, row: IdleYear, bound: float
) -> Iterator[Check]:
    place, floor = (row.facility, row.year), evidence.case.mass_floor
    yield equal((*place, "least_use"), row.least_use, bound, floor)
    unused = {
        name: idle(evidence, evidence.sums[flows], plant, row.year)
        for name, flows in (
            ("idle", WORLD),
            ("allied_idle", ALLIED),
            ("baseline_idle", BASELINE_WORLD),
        )
    }
    for name, right in unused.items():
        yield equal((*place, name), getattr(row, name), right, floor)
    rate = plant.row.optional("idle_cost")
    yield holds((*place, "host"), (rate is None) == (row.idle_cost is None))
    if rate is not None and row.idle_cost is not None:
        yield equal((*place, "idle_cost"), row.idle_cost, rate, PRICE_FLOOR)
    nothing = noise(evidence)
    # What is about nothing may be told either way.
    if not 0.5 * nothing < unused["idle"] < 2.0 * nothing:
        words = lacks(evidence, plant, row.year) if unused["idle"] > nothing else ""
        yield holds((*place, "lacks"), row.lacks == words)


def noise(evidence: Evidence) -> float:
    """NOTHING x the largest demand, or x 1 where there is none."""
    return NOTHING * (max(evidence.case.demand.values(), default=0.0) or 1.0)


def lacks(evidence: Evidence, plant: AuditPlant, year: int) -> str:
    """Why a plant stands idle, everybody served: of each process each `input` of which no more can
    be had, `demand for` its outputs where no more can be taken of any, and `support` where there is
    a gap; blank where some process lacks nothing.

    More can be had where something is left over, or a plant with capacity to spare and no gap could
    make it of what can be had; more can be taken where demand is short that takes exposed material,
    or such a plant could work it into what can be taken. Either at the place or over a lane that is
    open and not full.
    """
    spare = _spare(evidence, year)
    found: list[str] = []
    for process in sorted(plant.processes):
        recipe = evidence.case.recipes[process]
        uses = sorted(c for c, amount in recipe.items() if amount < 0)
        makes = sorted(c for c, amount in recipe.items() if amount > 0)
        words = [f"input {c}" for c in uses if not spare.comes(c, plant.region)]
        if makes and not any(spare.goes(c, plant.region) for c in makes):
            words += [f"demand for {c}" for c in makes]
        if gap(evidence, plant, process, year) > 0:
            words.append("support")
        if not words:
            return ""
        found += [word for word in words if word not in found]
    return "; ".join(found)


@dataclass(frozen=True, slots=True)
class _Spare:
    """Where more of a commodity can be `had` and `taken`; what was shipped in the year."""

    evidence: Evidence
    year: int
    had: set[Spot]
    taken: set[Spot]
    shipped: Mapping[tuple[str, str, str], float]

    def comes(self, commodity: str, region: str) -> bool:
        """Whether more can be had in a region."""
        regions = (r for c, r in self.had if c == commodity)
        return any(r == region or self._has_room(r, region, commodity) for r in regions)

    def goes(self, commodity: str, region: str) -> bool:
        """Whether more can be taken from a region."""
        regions = (r for c, r in self.taken if c == commodity)
        return any(r == region or self._has_room(region, r, commodity) for r in regions)

    def _has_room(self, origin: str, destination: str, commodity: str) -> bool:
        lane = self.evidence.lanes.find(origin, destination, commodity, self.year)
        used = self.shipped.get((origin, destination, commodity), 0.0)
        full = lane.limit is not None and lane.limit - used <= noise(self.evidence)
        return lane.is_open and not full


def _spare(evidence: Evidence, year: int) -> _Spare:
    """The year of the world's flows, worked out from what is left over and short outwards."""
    kept: dict[int, _Spare] = _known_spares(evidence)
    if year in kept:
        return kept[year]
    world, nothing = evidence.sums[WORLD], noise(evidence)
    short = {
        (d.commodity, d.region)
        for d in world.flows.deliveries
        if d.year == year and d.short > nothing and _takes_exposed(evidence, d)
    }
    shipped: dict[tuple[str, str, str], float] = defaultdict(float)
    for trade in world.flows.shipments:
        if trade.year == year:
            shipped[trade.origin_region, trade.destination, trade.commodity] += trade.amount
    had = {
        (commodity, region)
        for (region, commodity, _, t), amount in world.surplus.items()
        if t == year and amount > nothing
    }
    spare = _Spare(evidence, year, had, short, shipped)
    able = list(_able(evidence, year, nothing))
    while _spread(spare, able):
        pass
    kept[year] = spare
    return spare


def _takes_exposed(evidence: Evidence, given: Delivery) -> bool:
    row = evidence.case.demands[given.region, given.commodity, given.segment]
    first = row.optional("clear_from")
    return first is None or given.year < first


@once
def _known_spares(evidence: Evidence) -> dict[int, _Spare]:
    return {}


def _able(
    evidence: Evidence, year: int, nothing: float
) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Region and recipe of what plants with capacity to spare could run more of, without a gap."""
    throughput = evidence.sums[WORLD].throughput
    for name, plant in evidence.case.plants.items():
        if evidence.capacity_run(WORLD, plant, year) - throughput.get((name, year), 0.0) > nothing:
            for process in plant.processes:
                if gap(evidence, plant, process, year) <= 0:
                    yield plant.region, evidence.case.recipes[process]


def _spread(spare: _Spare, able: list[tuple[str, Mapping[str, float]]]) -> bool:
    """Add what follows from what is known; whether anything did."""
    before = len(spare.had) + len(spare.taken)
    for region, recipe in able:
        lacking = [c for c, a in recipe.items() if a < 0 and not spare.comes(c, region)]
        makes = [c for c, amount in recipe.items() if amount > 0]
        if not lacking:
            spare.had.update((c, region) for c in makes)
        if any(spare.goes(c, region) for c in makes):
            wanted = [c for c, a in recipe.items() if a < 0 and set(lacking) <= {c}]
            spare.taken.update((c, region) for c in wanted)
    return len(spare.had) + len(spare.taken) > before
