"""Old plants before new ones: which of the flows that the passes leave open are told.

Among flows with the same values of all passes a new plant may run where an old one stands still
that could run as well; what a project makes would then rest on what the solver comes upon first. So
after the last pass what new plants make is made as little as it can be, around everything that is
decided: commitments, purchases, and what is paid by the unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from opt.model.objectives import Measure, made_by_projects, measure
from opt.model.outlays import OUTLAYS
from opt.record.passes import Pass
from opt.solver.highs import FEASIBILITY_TOLERANCE, Vector
from opt.solver.stage import Stage

# Model units, and of itself: what the solver's arithmetic leaves of a value that stays.
ROUNDING = 1e-12


def old_before_new(network: Stage, last: Pass, point: Vector, slack: float) -> Vector:
    """The point at which new plants make least, of those at which every pass keeps its value within
    `slack`; the given one where new plants make nothing or no other is found."""
    solver, made = network.solver, made_by_projects(network.model).expression
    if solver.value_of(made, point) <= solver.tolerance:
        return point
    searched = network.slack
    network.hold_within(slack)
    found = _least_made(network, measure(network.model, last.objective), made, point)
    network.hold_within(searched)
    return point if found is None else found


def _least_made(network: Stage, last: Measure, made: Any, point: Vector) -> Vector | None:
    """The same under the rows that are held now; None where there is none."""
    solver, value = network.solver, network.solver.value_of(last.expression, point)
    best = network.complete(last, network.plan_of(point))
    if best.point is None:
        return None
    held = [*map(int, solver.integers), *_decided(network)]
    solver.fix({n: float(point[n]) for n in held})
    with solver.at_optimum(best.point):
        found = solver.minimise(made, obey=False, doubt=False)
    solver.free(held)
    if found.point is None or solver.value_of(last.expression, found.point) > _most(value):
        return None
    # What has not moved comes back with the solver's rounding in its last digits.
    stays = np.isclose(found.point, point, rtol=ROUNDING, atol=ROUNDING)
    return np.where(stays, point, found.point)


def _most(value: float) -> float:
    """The most that the last pass may come to: its value, but for rounding."""
    return value + FEASIBILITY_TOLERANCE * max(1.0, abs(value))


def _decided(network: Stage) -> Iterator[int]:
    """Columns of sizes, purchases and what is paid by the unit."""
    model, column = network.model, network.solver.column_of
    yield from (column(model.size[key]) for key in model.index.SIZE)
    yield from (column(model.buy[key]) for key in model.index.BUY)
    for use in OUTLAYS:
        yield from (column(getattr(model, use.variable)[key]) for key in model.index.paid(use))
