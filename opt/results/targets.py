"""Policy targets: what an answer comes to in each one's year."""

from __future__ import annotations

from collections.abc import Callable, Collection

from opt.data.instance import Instance, Target, demand_id
from opt.record.columns import SHARE, UNITS
from opt.record.flows import Delivery, Flows, rest
from opt.record.targets import TargetResult


def target_results(
    instance: Instance, flows: Flows, bare: Instance, baseline: Flows
) -> tuple[TargetResult, ...]:
    """Every target with its value, its slack and its value without new money (`bare`)."""
    rows = []
    for target in instance.targets:
        value = target_value(instance, target, flows)
        over = target.bound - value if target.at_most else value - target.bound
        slack = rest(over, max(target.bound, value))
        before = target_value(bare, target, baseline)
        rows.append(
            TargetResult(
                target=target.id,
                metric=target.metric,
                scope=target.scope,
                year=target.year,
                sense="at_most" if target.at_most else "at_least",
                bound=target.bound,
                value=value,
                slack=slack,
                baseline_value=before,
                unit=_unit(instance, target),
            )
        )
    return tuple(rows)


def _unit(instance: Instance, target: Target) -> str:
    """What a target's bound and value are measured in: the commodity's unit of an output."""
    if target.metric != "output":
        return SHARE
    name = target.scope.split(":")[0].strip().casefold()
    return next(c.unit for c in instance.commodities.values() if c.id.casefold() == name) or UNITS


def target_value(instance: Instance, target: Target, flows: Flows) -> float:
    r"""The measured share, or the output in units.

    dependence, shortfall: \sum w (exposed + short) / \sum w demand, or short alone.
    source_share: (shipped from source to users + short) / (used + served + short), of the sources
    the one that counts against the target most. home_share, output: \sum made / total.
    """
    rows = [d for d in flows.deliveries if d.year == target.year]
    if target.metric == "source_share":
        worst = max if target.at_most else min
        return worst(
            _source_share(instance, target, flows, rows, source) for source in target.sources
        )
    if target.metric in ("dependence", "shortfall"):
        exposed, weights = target.metric == "dependence", instance.target_weights(target)
        part = sum(
            weights.get(_id(d), 0.0) * (d.short + (d.exposed if exposed else 0.0)) for d in rows
        )
    else:
        part = sum(
            target.made.get((run.plant, run.process), 0.0) * run.activity
            for run in flows.activities
            if run.year == target.year
        )
    total = instance.target_total(target)
    return part / total if total > 0 else 0.0


def _id(delivery: Delivery) -> str:
    return demand_id(delivery.region, delivery.commodity, delivery.segment)


def _source_share(
    instance: Instance,
    target: Target,
    flows: Flows,
    rows: Collection[Delivery],
    source: Collection[str],
) -> float:
    def counts(region: str, commodity: str) -> bool:
        return region in target.users and commodity in target.commodities

    shipped = sum(
        ship.amount
        for ship in flows.shipments
        if ship.year == target.year
        and ship.origin_region in source
        and counts(ship.destination, ship.commodity)
    )
    wanted = [d for d in rows if counts(d.region, d.commodity)]
    short = sum(d.short for d in wanted)
    served = sum(d.clear + d.exposed for d in wanted)
    use = _used(instance, flows, target.year, counts) + served + short
    return (shipped + short) / use if use > 0 else 0.0


def _used(instance: Instance, flows: Flows, year: int, counts: Callable[[str, str], bool]) -> float:
    """Inputs of plants that count, in units."""
    plants = instance.plants()
    return sum(
        -amount * run.activity
        for run in flows.activities
        if run.year == year
        for c, amount in instance.processes[run.process].recipe.items()
        if amount < 0 and counts(plants[run.plant].region, c)
    )
