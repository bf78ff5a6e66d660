"""What a linear programme with some columns fixed proves of their other values, and a programme
that is kept without its model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from opt.record.passes import Outcome
from opt.solver.control import Control
from opt.solver.highs import HighsModel, Linear


def served() -> Any:
    """Made x and bought y, of which at most 5, serve 8 at least; y costs 2 a unit."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(-10, 10))
    m.y = pyo.Var(bounds=(0, 5))
    m.serve = pyo.Constraint(expr=m.x + m.y >= 8)
    return m


def opened() -> tuple[HighsModel, Linear, np.ndarray[Any, Any]]:
    """The programme alone, what it costs, and the column of x."""
    m = served()
    solver = HighsModel(m, Control())
    cost, x = Linear(*solver.vector(2 * m.y + 1)), solver.column_of(m.x)
    solver.forget_model()
    return solver, cost, np.array([x], dtype=np.int32)


@pytest.mark.parametrize(("x", "slope", "constant"), [(4.0, -2.0, 17.0), (9.0, 0.0, 1.0)])
def test_a_cut_is_the_value_and_its_slope(x: float, slope: float, constant: float) -> None:
    """It costs 1 + 2 max(0, 8 - x)."""
    solver, cost, columns = opened()
    solver.fix({int(columns[0]): x})
    assert solver.minimise(cost).value == pytest.approx(1 + 2 * max(0.0, 8 - x))
    cut = solver.cut(cost, columns)
    assert cut is not None
    assert (cut.weights[0], cut.constant) == (pytest.approx(slope), pytest.approx(constant))


def test_what_leaves_no_point_is_cut_off() -> None:
    """Below 3 what is missing is more than can be bought."""
    solver, cost, columns = opened()
    assert solver.minimise(cost).point is not None
    basis = solver.live_basis()
    solver.fix({int(columns[0]): 1.0})
    assert solver.minimise(cost, basis=basis).outcome is Outcome.INFEASIBLE
    off = solver.cut_off(columns)
    assert off is not None
    assert off.weights[0] < 0
    assert -off.constant / off.weights[0] == pytest.approx(3)


def test_a_programme_that_sheds_stays_as_it_was() -> None:
    """With its fixed column and its row; one that is let go is gone."""
    solver, cost, columns = opened()
    solver.fix({int(columns[0]): 4.0})
    solver.keep_below(Linear(-cost.weights, 0.0), -9.0, "y at least 4.5")
    solver.keep_below(Linear(-cost.weights, 0.0), -9.8, "y at least 4.9")
    solver.minimise(cost)
    solver.shed()
    assert solver.minimise(cost).value == pytest.approx(1 + 2 * 4.9)
    solver.let_go("y at least 4.9")
    assert solver.minimise(cost).value == pytest.approx(1 + 2 * 4.5)
    solver.shed()
    assert solver.minimise(cost).value == pytest.approx(1 + 2 * 4.5)
    solver.free(columns.tolist())
    solver.release_rows()
    assert solver.minimise(cost).value == pytest.approx(1)
