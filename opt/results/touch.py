"""Where exposed material first touched the covered bloc: at the ore, the oxide, the metal, or last.

Exposed material of each place is a mixture of what is made there, arrives, is released, or is clear
material used as exposed. Each carries shares by the stage at which it was first worked in the
covered bloc or by a plant under its control. A plant's output follows the input of which most has
been touched; what is untouched when such a plant works it is first touched at that plant's stage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opt.data.instance import Instance
from opt.record.chain import TouchYear
from opt.record.flows import EXPOSED, Flows, Place
from opt.record.run import Solution
from opt.results.pooled import MOST_ROUNDS, SETTLED

NOTHING = 1e-9  # a share below it is the solver's noise
STOCK = "stock"  # exposed material that lay in stock: where it was touched is not known

Vector = NDArray[np.float64]
_Term = tuple[float, Place | None, Vector]  # amount, the place followed, what it has itself


@dataclass(frozen=True, slots=True)
class _Inflow:
    """Some exposed material that comes to a place: fixed shares, or those of the most touched of
    some places; `stage` is where a plant of the covered bloc touches the rest."""

    amount: float
    sources: tuple[Place, ...]
    fixed: int | None
    stage: int | None


def touch_years(instance: Instance, solution: Solution, baseline: Flows) -> tuple[TouchYear, ...]:
    """Share of weighted allied demand that is served exposed, by stage of first touch and year."""
    stages = [*sorted({p.stage for p in instance.processes.values()}), STOCK]
    rows: list[TouchYear] = []
    after = instance.after({c.project for c in solution.commitments})
    bare = instance.after(())
    for year in instance.years:
        now = _shares(after, solution.allied, year, stages)
        before = _shares(bare, baseline, year, stages)
        rows.extend(
            TouchYear(stage, year, float(now[n]), float(before[n]))
            for n, stage in enumerate(stages)
            if max(now[n], before[n]) > NOTHING
        )
    return tuple(rows)


def _shares(instance: Instance, flows: Flows, year: int, stages: list[str]) -> Vector:
    """Shares by stage of the weighted allied demand of a year."""
    touched = _touched(_inflows(instance, flows, year, stages), len(stages))
    rates, total, found = instance.rates_in([year]), 0.0, np.zeros(len(stages))
    for d in flows.deliveries:
        if d.year == year and instance.blocs[d.region] == "ally":
            weight = instance.demand(d.region, d.commodity, d.segment).weight
            weight *= rates[instance.mineral_of(d.commodity)]
            total += weight * d.demand
            place = (d.region, d.commodity)
            if d.exposed > 0 and place in touched:
                found += weight * d.exposed * touched[place]
    return found / total if total > 0 else found


def _inflows(
    instance: Instance, flows: Flows, year: int, stages: list[str]
) -> dict[Place, list[_Inflow]]:
    """What makes up the exposed material of each place in a year."""
    number = {stage: n for n, stage in enumerate(stages)}
    found: dict[Place, list[_Inflow]] = defaultdict(list)
    plants = instance.plants()
    for run in flows.activities:
        if run.year != year or run.origin != EXPOSED:
            continue
        plant, process = plants[run.plant], instance.processes[run.process]
        sources = tuple((plant.region, c) for c in sorted(process.inputs))
        stage = None if plant.clear_in(year) else number[process.stage]
        for c in process.outputs:
            amount = process.recipe[c] * run.activity
            found[plant.region, c].append(_Inflow(amount, sources, None, stage))
    for ship in flows.shipments:
        if ship.year == year and ship.origin == EXPOSED:
            source = ((ship.origin_region, ship.commodity),)
            found[ship.destination, ship.commodity].append(_Inflow(ship.amount, source, None, None))
    for left in flows.leftovers:
        if left.year == year and left.downgraded > 0:
            found[left.region, left.commodity].append(_Inflow(left.downgraded, (), None, None))
    for stock in flows.stocks:
        if stock.year == year and stock.origin == EXPOSED and stock.released > 0:
            kept = instance.stockpiles[stock.stockpile]
            inflow = _Inflow(stock.released, (), number[STOCK], None)
            found[kept.region, kept.commodity].append(inflow)
    return found


def _touched(inflows: Mapping[Place, list[_Inflow]], stages: int) -> dict[Place, Vector]:
    """Shares by stage of each place's exposed material.

    Each inflow follows the most touched of its places, which makes what is touched of every place a
    linear system; solved, the places are chosen anew until they stay. From nothing upwards this
    ends at the least solution, so that a closed loop into which nothing touched comes is untouched.
    """
    totals = dict.fromkeys(inflows, 0.0)
    followed = {place: [_most(e, totals, None) for e in rows] for place, rows in inflows.items()}
    for _ in range(MOST_ROUNDS):
        totals = _totals(inflows, followed)
        chosen = {
            place: [_most(e, totals, now) for e, now in zip(rows, followed[place], strict=True)]
            for place, rows in inflows.items()
        }
        if chosen == followed:
            break
        followed = chosen
    terms: dict[Place, list[_Term]] = {}
    for place, rows in inflows.items():
        terms[place] = []
        for entry, source in zip(rows, followed[place], strict=True):
            own = np.zeros(stages)
            if entry.fixed is not None:
                own[entry.fixed] = 1.0
            elif entry.stage is not None:
                rest = 1.0 - (totals[source] if source else 0.0)
                own[entry.stage] = rest if rest > NOTHING else 0.0
            terms[place].append((entry.amount, source, own))
    return _solve(terms, stages)


def _most(inflow: _Inflow, totals: Mapping[Place, float], current: Place | None) -> Place | None:
    """The place that an inflow follows: another than now only where it is clearly more touched."""
    known = [place for place in inflow.sources if place in totals]
    most = max(known, key=lambda place: (totals[place], place), default=None)
    if current and most and totals[most] <= totals[current] + SETTLED:
        return current
    return most


def _totals(
    inflows: Mapping[Place, list[_Inflow]], followed: Mapping[Place, list[Place | None]]
) -> dict[Place, float]:
    """How much of each place's exposed material is touched at all."""
    terms: dict[Place, list[_Term]] = {}
    for place, rows in inflows.items():
        terms[place] = []
        for entry, source in zip(rows, followed[place], strict=True):
            touched = entry.fixed is not None or entry.stage is not None
            terms[place].append((entry.amount, None if touched else source, np.full(1, touched)))
    return {place: float(share[0]) for place, share in _solve(terms, 1).items()}


def _solve(terms: Mapping[Place, list[_Term]], size: int) -> dict[Place, Vector]:
    """Mixtures of inflows, each with what it has itself and the share of the place it follows; of
    closed loops nothing."""
    fed = _fed(terms)
    order = {place: n for n, place in enumerate(sorted(fed))}
    matrix, right = np.eye(len(order)), np.zeros((len(order), size))
    for place, n in order.items():
        total = sum(amount for amount, _, _ in terms[place])
        for amount, source, own in terms[place]:
            right[n] += amount / total * own
            if source in order:
                matrix[n, order[source]] -= amount / total
    solved = np.linalg.solve(matrix, right)
    nothing = np.zeros(size)
    return {place: solved[order[place]] if place in order else nothing for place in terms}


def _fed(terms: Mapping[Place, list[_Term]]) -> set[Place]:
    """Places that an inflow which follows no other, or is touched on its way, reaches, directly or
    through others."""
    fed: set[Place] = set()
    while True:
        grown = {
            place
            for place, rows in terms.items()
            if any(amount > 0 and (not s or s in fed or own.any()) for amount, s, own in rows)
        }
        if grown == fed:
            return fed
        fed = grown
