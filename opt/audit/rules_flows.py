"""Rules of material: balances, origin, capacity, lanes, demand, and what the world pass keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from opt.audit.answer import ALLIED, WORLD
from opt.audit.case import DemandKey
from opt.audit.check import Check, Place, at_most, equal
from opt.audit.evidence import Evidence, Sums
from opt.record.flows import CLEAR, EXPOSED, Delivery


def balance_commodity(evidence: Evidence) -> Iterator[Check]:
    """made + arrived + released (+ downgraded, if exposed) = used + sent + served + bought +
    surplus + contracted (+ downgraded, if clear).

    For each set of flows, region, commodity, class and year that any of them touches. Scale: the
    largest of the terms.
    """
    for name, sums in evidence.sets():
        for key in _touched(sums):
            region, commodity, origin, year = key
            down = sums.downgraded.get((region, commodity, CLEAR, year), 0.0)
            gains = [book.get(key, 0.0) for book in sums.gains]
            losses = [book.get(key, 0.0) for book in sums.losses]
            (gains if origin == EXPOSED else losses).append(down)
            scale = max(evidence.case.mass_floor, *gains, *losses)
            yield Check((name, *key), abs(sum(gains) - sum(losses)), scale)


def limit_throughput(evidence: Evidence) -> Iterator[Check]:
    """Sum over processes and classes of activity x |amount of capacity_of| <= capacity.

    Existing: nameplate x ramp[t - opens + 1] x availability x shocks while open. Project: sum over
    v of size x ramp[t - first operation + 1] x availability x shocks within its life.
    """
    case = evidence.case
    for name, sums in evidence.sets():
        for (plant, year), used in sums.throughput.items():
            capacity = evidence.capacity(name, case.plant(plant), year)
            yield at_most((name, plant, year), used, capacity, case.mass_floor)


def require_clear_plant(evidence: Evidence) -> Iterator[Check]:
    """Clear activity = 0 at a plant in a covered region or controlled by the covered bloc."""
    case = evidence.case
    for name, sums in evidence.sets():
        for run in sums.flows.activities:
            if run.origin == CLEAR:
                excess = 0.0 if case.plant(run.plant).can_be_clear else run.activity
                scale = max(case.mass_floor, run.activity)
                yield Check((name, run.plant, run.process, run.year), excess, scale)


def limit_export(evidence: Evidence) -> Iterator[Check]:
    """Clear sent <= clear made; clear + exposed sent <= clear + exposed made; exposed sent <=
    exposed made + downgraded, so that exposed imports do not leave while clear output stays. What
    is released from stock counts as made.

    For each set of flows, region, commodity and year in which something is sent.
    """
    floor = evidence.case.mass_floor
    for name, sums in evidence.sets():
        places = sorted({(region, good, year) for region, good, _, year in sums.sent})
        for region, good, year in places:
            sent, made, released = [
                [book.get((region, good, origin, year), 0.0) for origin in (CLEAR, EXPOSED)]
                for book in (sums.sent, sums.made, sums.released)
            ]
            made = [own + stock for own, stock in zip(made, released, strict=True)]
            yield at_most((name, region, good, CLEAR, year), sent[0], made[0], floor)
            yield at_most((name, region, good, year), sum(sent), sum(made), floor)
            down = sums.downgraded.get((region, good, CLEAR, year), 0.0)
            yield at_most((name, region, good, EXPOSED, year), sent[1], made[1] + down, floor)


def limit_lane(evidence: Evidence) -> Iterator[Check]:
    """Clear + exposed sent from r to r' <= limit of the lane in t; 0 where it is closed.

    The lane is the most specific row that exists in the year, its limit times the lane shocks.
    """
    floor = evidence.case.mass_floor
    for name, sums in evidence.sets():
        totals: dict[tuple[str, str, str, int], float] = defaultdict(float)
        for trade in sums.flows.shipments:
            key = (trade.origin_region, trade.destination, trade.commodity, trade.year)
            totals[key] += trade.amount
        for key, amount in totals.items():
            lane = evidence.lanes.find(*key)
            most = lane.limit if lane.is_open else 0.0
            yield at_most((name, *key), amount, amount if most is None else most, floor)


def define_demand(evidence: Evidence) -> Iterator[Check]:
    """Written demand = (interpolated demand x factors + shifts), at least 0."""
    case = evidence.case
    for name, sums in evidence.sets():
        for given in sums.flows.deliveries:
            key = _key(given)
            right = case.demand[key, given.year]
            yield equal((name, *key, given.year), given.demand, right, case.mass_floor)


def meet_demand(evidence: Evidence) -> Iterator[Check]:
    """clear + exposed + short = demand, for every allied demand and year of every set of flows,
    and for every demand of the world's."""
    case = evidence.case
    for name, sums in evidence.sets():
        rows = _deliveries(sums)
        for (key, year), demand in case.demand.items():
            given = rows.get((key, year))
            if name != WORLD and not case.is_allied(key[0]):
                continue
            total = given.clear + given.exposed + given.short if given else 0.0
            yield equal((name, *key, year), total, demand, case.mass_floor)


def serve_allies_only(evidence: Evidence) -> Iterator[Check]:
    """Outside the world pass nothing is served to a region that is no ally."""
    for name, sums in evidence.sets():
        for given in sums.flows.deliveries:
            if name != WORLD and not evidence.case.is_allied(given.region):
                served = given.clear + given.exposed
                yield at_most(
                    (name, *_key(given), given.year), served, 0.0, evidence.case.mass_floor
                )


def require_clear_from(evidence: Evidence) -> Iterator[Check]:
    """Exposed served = 0 from clear_from on."""
    case = evidence.case
    for name, sums in evidence.sets():
        for given in sums.flows.deliveries:
            first = case.demands[_key(given)].optional("clear_from")
            if first is not None and given.year >= first:
                place = (name, *_key(given), given.year)
                yield at_most(place, given.exposed, 0.0, case.mass_floor)


def limit_surplus(evidence: Evidence) -> Iterator[Check]:
    """Surplus = 0 of a commodity whose surplus is `none`."""
    for name, sums in evidence.sets():
        for left in sums.flows.leftovers:
            if evidence.case.commodities[left.commodity]["surplus"] == "none":
                place = (name, left.region, left.commodity, left.origin, left.year)
                yield at_most(place, left.surplus, 0.0, evidence.case.mass_floor)


def keep_clear_flows(evidence: Evidence) -> Iterator[Check]:
    """Clear activity and clear shipments of the world pass = those of the allied flows."""
    allied, world = (_clear_flows(evidence.sums[name]) for name in (ALLIED, WORLD))
    for place in allied.keys() | world.keys():
        left, right = world.get(place, 0.0), allied.get(place, 0.0)
        yield equal(place, left, right, evidence.case.mass_floor)


def keep_allied_deliveries(evidence: Evidence) -> Iterator[Check]:
    """Clear, exposed and short of every allied demand are in the world pass as in the allied.

    Scale: the demand.
    """
    case = evidence.case
    allied, world = (_deliveries(evidence.sums[name]) for name in (ALLIED, WORLD))
    for (key, year), left in allied.items():
        right = world.get((key, year))
        if right is None or not case.is_allied(key[0]):
            continue
        scale = max(case.mass_floor, case.demand[key, year])
        for column in ("clear", "exposed", "short"):
            pair = getattr(left, column), getattr(right, column)
            yield equal((*key, year, column), *pair, scale)


def _touched(sums: Sums) -> set[tuple[str, str, str, int]]:
    keys = {key for book in (*sums.gains, *sums.losses) for key in book}
    for region, commodity, _, year in sums.downgraded:
        keys |= {(region, commodity, CLEAR, year), (region, commodity, EXPOSED, year)}
    return keys


def _deliveries(sums: Sums) -> Mapping[tuple[DemandKey, int], Delivery]:
    return {(_key(given), given.year): given for given in sums.flows.deliveries}


def _key(given: Delivery) -> DemandKey:
    return (given.region, given.commodity, given.segment)


def _clear_flows(sums: Sums) -> Mapping[Place, float]:
    amounts: dict[Place, float] = defaultdict(float)
    for run in sums.flows.activities:
        if run.origin == CLEAR:
            amounts[run.plant, run.process, run.year] += run.activity
    for trade in sums.flows.shipments:
        if trade.origin == CLEAR:
            key = (trade.origin_region, trade.destination, trade.commodity, trade.year)
            amounts[key] += trade.amount
    return amounts
