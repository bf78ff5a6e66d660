"""Classic problems written as workbooks give their known optimum.

Each optimum is checked in the test itself by going through every choice.
"""

from __future__ import annotations

from itertools import compress, product
from pathlib import Path

import numpy as np
import pytest
from builders import solved
from classics import (
    CAPACITIES,
    FIXED,
    KNAPSACK_OPTIMUM,
    LOCATION_OPTIMUM,
    NEEDS,
    PROFITS,
    ROOM,
    TRANSPORT,
    WEIGHTS,
    facility_location,
    knapsack,
)
from scipy.optimize import linprog

from opt.record.passes import Outcome
from opt.record.run import Run


def knapsack_by_enumeration() -> int:
    """The largest profit over all subsets that fit."""
    fits = [
        chosen
        for chosen in product((0, 1), repeat=len(PROFITS))
        if all(sum(compress(row, chosen)) <= room for row, room in zip(WEIGHTS, ROOM, strict=True))
    ]
    return max(sum(compress(PROFITS, chosen)) for chosen in fits)


def test_knapsack(tmp_path: Path) -> None:
    assert knapsack_by_enumeration() == KNAPSACK_OPTIMUM
    run = solved(tmp_path, knapsack())
    # What is packed is served, the rest of 6800 is short.
    assert run.status is Outcome.OPTIMAL
    expected = 1 - KNAPSACK_OPTIMUM / sum(PROFITS)
    assert run.metrics.dependence == pytest.approx(expected, abs=2e-6)
    packed = [int(c.project.removeprefix("object")) for c in run.solution.commitments]
    assert sum(PROFITS[n] for n in packed) == KNAPSACK_OPTIMUM
    assert run.passes[0].bound == pytest.approx(expected, abs=1e-6)


def cheapest_transport(chosen: tuple[int, ...]) -> float:
    """The least cost of supplying every warehouse from the plants that are open; inf if they are
    too small."""
    plants, warehouses = range(len(CAPACITIES)), range(len(NEEDS))
    if sum(compress(CAPACITIES, chosen)) < sum(NEEDS):
        return float("inf")
    supply = np.array([[q == p for q in plants] for _ in warehouses for p in plants], float).T
    needs = np.array([[v == w for v in warehouses] for w in warehouses for _ in plants], float).T
    room = [capacity * is_open for capacity, is_open in zip(CAPACITIES, chosen, strict=True)]
    return float(linprog(np.ravel(TRANSPORT), supply, room, needs, NEEDS, method="highs").fun)


def location_by_enumeration() -> float:
    """The least total cost over all sets of plants."""
    return min(
        sum(compress(FIXED, chosen)) + cheapest_transport(chosen)
        for chosen in product((0, 1), repeat=len(FIXED))
    )


def opened(run: Run) -> set[str]:
    """The plants of the plan."""
    return {c.project for c in run.solution.commitments}


def test_facility_location(tmp_path: Path) -> None:
    assert location_by_enumeration() == pytest.approx(LOCATION_OPTIMUM)
    run = solved(tmp_path, facility_location())
    assert run.status is Outcome.OPTIMAL
    # Every warehouse is served to 1e-6 of the whole, at the least cost.
    assert run.metrics.dependence == pytest.approx(0, abs=2e-6)
    assert run.metrics.cost_musd == pytest.approx(LOCATION_OPTIMUM, rel=1e-5)
    chosen = tuple(int(f"P{p}" in opened(run)) for p in range(len(FIXED)))
    total = sum(compress(FIXED, chosen)) + cheapest_transport(chosen)
    assert total == pytest.approx(LOCATION_OPTIMUM)
