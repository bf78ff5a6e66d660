"""Who makes what in the world, by stage, and how dependent allies are element by element."""

from __future__ import annotations

from collections import defaultdict

from opt.data.instance import Instance
from opt.record.chain import WorldShare
from opt.record.demand import ElementYear
from opt.record.flows import Flows

HHI = 10_000.0  # the scale on which a single maker scores 10,000


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
    now, before = _by_element(instance, flows), _by_element(instance, baseline)
    return tuple(
        ElementYear(
            element=element,
            year=year,
            demand=demand,
            exposed=exposed,
            short=short,
            dependence=(exposed + short) / demand,
            baseline_dependence=sum(before[element, year][1:]) / demand,
        )
        for (element, year), (demand, exposed, short) in sorted(now.items())
        if demand > 0
    )


def _by_element(instance: Instance, flows: Flows) -> dict[tuple[str, int], list[float]]:
    """Demand, exposed and short by element and year, weighted mass."""
    found: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for d in flows.deliveries:
        if instance.blocs[d.region] != "ally":
            continue
        weight = instance.demand(d.region, d.commodity, d.segment).weight
        for element, share in instance.contents.get(d.commodity, {}).items():
            entry = found[element, d.year]
            for n, amount in enumerate((d.demand, d.exposed, d.short)):
                entry[n] += weight * share * amount
    return found
