"""Pooled dependence: the same flows, but clear and exposed material mixed at each place.

Tracing assumes that clear material is kept apart. Here it is not: at each region and commodity all
that is made or arrives in a year mixes in proportion, and the clear share of a plant's output is
the smallest clear share among its inputs. The truth lies between the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from opt.data.instance import Instance
from opt.data.weighing import rates_of
from opt.record.flows import CLEAR, Delivery, Flows, Place

Inputs = tuple[Place, ...] | float  # places of which the least clear decides, or a share

SETTLED = 1e-9  # far below what is shown, far above rounding
MOST_ROUNDS = 1_000  # a plant changes the input it follows a few times at most


def pooled_dependence(instance: Instance, flows: Flows, years: Iterable[int]) -> float:
    r"""Weighted share of allied demand in some years that is exposed or short when all mixes.

    \sum w_d (served_{dt} (1 - clear_{rct}) + short_{dt}) / \sum w_d demand_{dt}; 0 without demand.
    Minerals are weighed as in dependence.
    """
    return share_of(instance, [pooled_parts(instance, flows, year) for year in years])


# What rests on the covered bloc, and what is asked for, by mineral.
Parts = tuple[Mapping[str, float], Mapping[str, float]]


def share_of(instance: Instance, parts: Sequence[Parts]) -> float:
    """Sum of what rests on the covered bloc over the sum of demand, minerals weighed by what is
    asked of them (opt.data.weighing); 0 without demand."""
    asked: dict[str, float] = defaultdict(float)
    for _, demand in parts:
        for mineral, amount in demand.items():
            asked[mineral] += amount
    rates = rates_of(instance.mineral_weights, asked)
    total = sum(rates[mineral] * amount for mineral, amount in asked.items())
    left = sum(rates[mineral] * amount for rests, _ in parts for mineral, amount in rests.items())
    return left / total if total > 0 else 0.0


def pooled_parts(instance: Instance, flows: Flows, year: int) -> Parts:
    """Weighted allied demand of one year that is exposed or short when all mixes, and all of it, by
    mineral."""
    rests: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    shares = clear_shares(instance, flows, year)
    for d in flows.deliveries:
        if d.year == year and instance.blocs[d.region] == "ally":
            weight = instance.demand(d.region, d.commodity, d.segment).weight
            mineral = instance.mineral_of(d.commodity)
            total[mineral] += weight * d.demand
            rests[mineral] += weight * _rest(d, shares.get((d.region, d.commodity), 0.0))
    return rests, total


def _rest(delivery: Delivery, clear: float) -> float:
    return (delivery.clear + delivery.exposed) * (1.0 - clear) + delivery.short


def clear_shares(instance: Instance, flows: Flows, year: int) -> dict[Place, float]:
    """Clear share of each region's material of each commodity in one year.

    Every inflow of a place has a share: 0 or 1, or that of another place. Each run follows its
    least clear input, which makes the shares a linear system; solved, the least inputs are chosen
    anew until they stay. From all clear downwards this ends at the greatest solution, so that a
    closed loop, into which nothing comes, keeps what it began with.
    """
    inflows = _inflows(instance, flows, year)
    shares = dict.fromkeys(inflows, 1.0)
    followed = {
        place: [(amount, _least(inputs, shares, inputs)) for amount, inputs in entries]
        for place, entries in inflows.items()
    }
    for _ in range(MOST_ROUNDS):
        shares = _solve(followed)
        chosen = {
            place: [
                (amount, _least(inputs, shares, source))
                for (amount, inputs), (_, source) in zip(entries, followed[place], strict=True)
            ]
            for place, entries in inflows.items()
        }
        if chosen == followed:
            break
        followed = chosen
    return shares


def _least(inputs: Inputs, shares: Mapping[Place, float], current: Inputs | Place) -> Place | float:
    """The share that an inflow follows: its own, or the place of its least clear input.

    It leaves the place it follows only for one that is clearly less, so that rounding never makes
    it go back and forth.
    """
    if isinstance(inputs, float):
        return inputs
    least = min(inputs, key=lambda place: (shares.get(place, 0.0), place))
    if current in inputs and shares.get(least, 0.0) >= shares.get(current, 0.0) - SETTLED:
        return current
    return least


def _solve(followed: Mapping[Place, Sequence[tuple[float, Place | float]]]) -> dict[Place, float]:
    """Shares of places whose inflows follow a number or one place each."""
    fed = _fed(followed)
    order = {place: n for n, place in enumerate(sorted(fed))}
    matrix, right = np.eye(len(order)), np.zeros(len(order))
    for place, n in order.items():
        total = sum(amount for amount, _ in followed[place])
        for amount, source in followed[place]:
            if isinstance(source, float):
                right[n] += amount / total * source
            elif source in order:
                matrix[n, order[source]] -= amount / total
            elif source in followed:
                right[n] += amount / total  # a closed loop stays clear
    solved = np.linalg.solve(matrix, right)
    return {place: float(solved[order[place]]) if place in order else 1.0 for place in followed}


def _fed(followed: Mapping[Place, Sequence[tuple[float, Place | float]]]) -> set[Place]:
    """Places that something of a known share reaches, directly or through others."""
    fed: set[Place] = set()
    while True:
        grown = {
            place
            for place, entries in followed.items()
            if any(isinstance(s, float) or s in fed or s not in followed for _, s in entries)
        }
        if grown == fed:
            return fed
        fed = grown


def _inflows(
    instance: Instance, flows: Flows, year: int
) -> dict[Place, list[tuple[float, Inputs]]]:
    """What is made in a region or arrives there, each amount with the places whose least share it
    takes, or with its own share: 0 from a plant that can make no clear output and on arrival in the
    covered bloc, 1 from a plant without inputs; a stock, which keeps its classes apart, releases
    with 1 or 0."""
    found: dict[Place, list[tuple[float, Inputs]]] = defaultdict(list)
    for run in flows.activities:
        if run.year != year or run.activity <= 0:
            continue
        plant = (instance.facilities.get(run.plant) or instance.projects[run.plant]).plant
        process = instance.processes[run.process]
        inputs: Inputs = tuple((plant.region, c) for c in process.inputs) or 1.0
        for c in process.outputs:
            amount = process.recipe[c] * run.activity
            found[plant.region, c].append((amount, inputs if plant.clear_in(year) else 0.0))
    for ship in flows.shipments:
        if ship.year == year and ship.amount > 0:
            covered = instance.blocs[ship.destination] == "covered"
            origin: Inputs = 0.0 if covered else ((ship.origin_region, ship.commodity),)
            found[ship.destination, ship.commodity].append((ship.amount, origin))
    for stock in flows.stocks:
        if stock.year == year and stock.released > 0:
            kept = instance.stockpiles[stock.stockpile]
            share: Inputs = 1.0 if stock.origin == CLEAR else 0.0
            found[kept.region, kept.commodity].append((stock.released, share))
    return dict(found)
