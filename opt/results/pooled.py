"""Pooled dependence: the same flows, but clear and exposed material mixed at each place.

Tracing assumes that clear material is kept apart. Here it is not: at each region and commodity all
that is made or arrives in a year mixes in proportion, and the clear share of a plant's output is
the smallest clear share among its inputs. The truth lies between the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from opt.data.instance import Instance
from opt.results.solution import Delivery, Flows

Place = tuple[str, str]  # region, commodity

# Shares settle far below what is shown; a cycle of recipes needs some rounds.
SETTLED = 1e-12
MOST_ROUNDS = 10_000


def pooled_dependence(instance: Instance, flows: Flows, years: Iterable[int]) -> float:
    r"""Weighted share of allied demand in some years that is exposed or short when all mixes.

    \sum w_d (served_{dt} (1 - clear_{rct}) + short_{dt}) / \sum w_d demand_{dt}; 0 without demand.
    """
    rests = total = 0.0
    for year in years:
        shares = clear_shares(instance, flows, year)
        for d in flows.deliveries:
            if d.year == year and instance.blocs[d.region] == "ally":
                weight = instance.demands[f"{d.region}|{d.commodity}|{d.segment}"].weight
                total += weight * d.demand
                rests += weight * _rest(d, shares.get((d.region, d.commodity), 0.0))
    return rests / total if total > 0 else 0.0


def _rest(delivery: Delivery, clear: float) -> float:
    return (delivery.clear + delivery.exposed) * (1.0 - clear) + delivery.short


def clear_shares(instance: Instance, flows: Flows, year: int) -> dict[Place, float]:
    """Clear share of each region's material of each commodity in one year, by rounds from all
    clear downwards until they settle."""
    runs, ships = _mixed(instance, flows, year)
    inflow = _inflow(instance, runs, ships)
    shares = dict.fromkeys(inflow, 1.0)
    for _ in range(MOST_ROUNDS):
        clear: dict[Place, float] = defaultdict(float)
        for (f, p), activity in runs.items():
            share = _plant_share(instance, f, p, shares)
            for c, amount in instance.processes[p].recipe.items():
                if amount > 0:
                    clear[_region(instance, f), c] += amount * activity * share
        for (origin, destination, c), amount in ships.items():
            if instance.blocs[destination] != "covered":
                clear[destination, c] += amount * shares.get((origin, c), 0.0)
        settled = {place: clear[place] / amount for place, amount in inflow.items()}
        change = max((abs(settled[place] - shares[place]) for place in settled), default=0.0)
        shares = settled
        if change <= SETTLED:
            break
    return shares


def _mixed(
    instance: Instance, flows: Flows, year: int
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str, str], float]]:
    """Activity by plant and process, and trade by pair and commodity, both classes together."""
    runs: dict[tuple[str, str], float] = defaultdict(float)
    ships: dict[tuple[str, str, str], float] = defaultdict(float)
    for run in flows.activities:
        if run.year == year:
            runs[run.plant, run.process] += run.activity
    for ship in flows.shipments:
        if ship.year == year:
            ships[ship.origin_region, ship.destination, ship.commodity] += ship.amount
    return runs, ships


def _inflow(
    instance: Instance,
    runs: Mapping[tuple[str, str], float],
    ships: Mapping[tuple[str, str, str], float],
) -> dict[Place, float]:
    """What is made in a region or arrives there, by commodity."""
    inflow: dict[Place, float] = defaultdict(float)
    for (f, p), activity in runs.items():
        for c, amount in instance.processes[p].recipe.items():
            if amount > 0:
                inflow[_region(instance, f), c] += amount * activity
    for (_, destination, c), amount in ships.items():
        inflow[destination, c] += amount
    return dict(inflow)


def _plant_share(instance: Instance, f: str, p: str, shares: Mapping[Place, float]) -> float:
    """0 for a plant that can make no clear output, else the smallest share among its inputs."""
    holder = instance.facilities.get(f) or instance.projects[f]
    if not holder.plant.clear:
        return 0.0
    inputs = instance.processes[p].inputs
    return min((shares.get((holder.plant.region, c), 0.0) for c in inputs), default=1.0)


def _region(instance: Instance, f: str) -> str:
    return (instance.facilities.get(f) or instance.projects[f]).plant.region
