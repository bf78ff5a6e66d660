"""Who makes what in the world, by stage, and how dependent allies are element by element."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from opt.data.instance import Instance
from opt.record.chain import WorldShare
from opt.record.demand import ElementYear
from opt.record.flows import Delivery, Flows

HHI = 10_000.0  # the scale on which a single maker scores 10,000


class DependenceOf(NamedTuple):
    """Weighted allied demand for one thing in one year, what of it is exposed and short, and its
    dependence with the plan and without new money."""

    name: str
    year: int
    demand: float
    exposed: float
    short: float
    dependence: float
    baseline_dependence: float


def world_shares(
    instance: Instance, flows: Flows, mineral: str | None = None
) -> tuple[WorldShare, ...]:
    """Output of every stage by region and year, its share, and the concentration of the stage; of
    one mineral alone where it is named.

    Output is what processes of the stage make, by content of the elements that demand holds; the
    Herfindahl-Hirschman index is 10,000 times the sum of the squared shares of regions.
    """
    content = {
        c: instance.counted_content(c) if mineral in (None, instance.mineral_of(c)) else 0.0
        for c in instance.commodities
    }
    made: dict[tuple[str, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    plants = instance.plants()
    for run in flows.activities:
        process = instance.processes[run.process]
        output = sum(process.recipe[c] * content[c] for c in process.outputs) * run.activity
        made[process.stage, run.year][plants[run.plant].region] += output
    rows: list[WorldShare] = []
    for (stage, year), by_region in sorted(made.items()):
        total = sum(by_region.values()) or 1.0
        shares = {r: amount / total for r, amount in by_region.items() if amount > 0}
        hhi = HHI * sum(share**2 for share in shares.values())
        rows.extend(
            WorldShare(stage, r, instance.blocs[r], year, by_region[r], share, hhi)
            for r, share in shares.items()
        )
    return tuple(sorted(rows, key=lambda e: (e.stage, e.region, e.bloc, e.year)))


def element_years(instance: Instance, flows: Flows, baseline: Flows) -> tuple[ElementYear, ...]:
    """Dependence of every element that allied demand holds, by year: content x weight x amount."""
    rows = dependence_by(
        instance,
        lambda commodity: instance.contents.get(commodity, {}),
        flows.deliveries,
        baseline.deliveries,
    )
    return tuple(ElementYear(*row) for row in rows)


def dependence_by(
    instance: Instance,
    held: Callable[[str], Mapping[str, float]],
    deliveries: Iterable[Delivery],
    baseline: Iterable[Delivery],
) -> Iterator[DependenceOf]:
    """Allied demand by what a unit of a commodity holds (`held`: how much of each thing), and by
    year: held x weight x amount, with the share that is exposed or short, and the same without new
    money. Only what is asked for; by name and year."""
    now, before = _sums(instance, held, deliveries), _sums(instance, held, baseline)
    for (name, year), (demand, exposed, short) in sorted(now.items()):
        if demand > 0:
            dependence, without = (exposed + short) / demand, sum(before[name, year][1:]) / demand
            yield DependenceOf(name, year, demand, exposed, short, dependence, without)


def _sums(
    instance: Instance, held: Callable[[str], Mapping[str, float]], deliveries: Iterable[Delivery]
) -> dict[tuple[str, int], list[float]]:
    """Demand, exposed and short of allies by thing and year."""
    found: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for d in deliveries:
        if instance.blocs[d.region] != "ally":
            continue
        weight = instance.demand(d.region, d.commodity, d.segment).weight
        for name, share in held(d.commodity).items():
            entry = found[name, d.year]
            for n, amount in enumerate((d.demand, d.exposed, d.short)):
                entry[n] += weight * share * amount
    return found
