"""Rows of a model as arrays, beside Pyomo's own standard form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from random_cases import random_case

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.errors import InputError, SolverError
from opt.model.build import build_model
from opt.solver.matrix import rows_of


@pytest.mark.parametrize("seed", range(8))
def test_rows_and_columns_are_those_of_pyomos_standard_form(tmp_path: Path, seed: int) -> None:
    try:
        tables = read(random_case(tmp_path, seed))
    except InputError:
        pytest.skip("a random case that is refused")
    model = build_model(assemble(tables))
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    rows = rows_of(model)
    assert [row.name for row in rows.constraints] == [row.constraint.name for row in form.rows]
    assert [v.name for v in rows.columns] == [v.name for v in form.columns]
    assert abs(rows.matrix - form.A).max() == 0
    kinds = np.array([row.bound_type for row in form.rows])
    assert np.array_equal(rows.upper, np.where(kinds == -1, np.inf, form.rhs))
    assert np.array_equal(rows.lower, np.where(kinds == 1, -np.inf, form.rhs))


def small() -> pyo.ConcreteModel:
    """Two variables without rows."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(), pyo.Var()
    return m


def test_a_row_within_two_bounds_is_one_row_without_its_constant() -> None:
    m = small()
    m.row = pyo.Constraint(expr=(1, 2 * m.x + 3 + m.x, 9))
    rows = rows_of(m)
    # 1 <= 3 x + 3 <= 9
    assert (rows.lower.tolist(), rows.upper.tolist()) == ([-2.0], [6.0])
    assert rows.matrix.toarray().tolist() == [[3.0]]
    assert [v.name for v in rows.columns] == ["x"]


def test_a_row_in_which_all_cancels_is_left_out_where_it_holds() -> None:
    m = small()
    m.row = pyo.Constraint(expr=m.x - m.x + 1 <= 2)
    m.other = pyo.Constraint(expr=m.y >= 1)
    rows = rows_of(m)
    assert [row.name for row in rows.constraints] == ["other"]
    assert [v.name for v in rows.columns] == ["y"]
    m.never = pyo.Constraint(expr=m.x - m.x + 3 <= 2)
    with pytest.raises(SolverError, match="row never can never hold"):
        rows_of(m)


def test_a_row_that_is_not_active_is_left_out() -> None:
    m = small()
    m.row = pyo.Constraint(expr=m.x >= 1)
    m.row.deactivate()
    assert rows_of(m).matrix.shape == (0, 0)


def test_a_row_must_be_linear() -> None:
    m = small()
    m.row = pyo.Constraint(expr=m.x * m.y <= 1)
    with pytest.raises(SolverError, match="row row is not linear"):
        rows_of(m)
