"""Programmes that some release of HiGHS answers wrongly: here they are answered rightly."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import highspy
import pyomo.environ as pyo
import pytest

from opt.solver.canary import CANARIES, Canary, CanaryVerdict, sing
from opt.solver.control import Control
from opt.solver.highs import HighsModel


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.name)
def test_the_solver_at_hand_is_right(canary: Canary) -> None:
    verdict = sing(canary)
    assert verdict.passed, (highspy.Highs().version(), verdict)


def test_a_wrong_answer_is_told() -> None:
    # What HiGHS 1.16.0 gives for the first, and 1.14.0 for the second, whose value and bound agree.
    assert not CanaryVerdict("", 1.86, reported=1.3, recomputed=1.9, bound=1.3).passed
    assert not CanaryVerdict("", 9.0, reported=15.0, recomputed=15.0, bound=15.0).passed
    assert CanaryVerdict("", 9.0, reported=8.999999, recomputed=8.999999, bound=8.999999).passed


def test_fixed_lot_through_the_adapter() -> None:
    # 2 x 4.5 + 3 x 0 = 9; a lot of 1 costs 3 and saves 2.
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(0, 10))
    m.z = pyo.Var(bounds=(0, 10), domain=pyo.Integers)
    m.enough = pyo.Constraint(expr=m.x + m.z >= 4.5)
    answer = HighsModel(m, Control()).minimise(2 * m.x + 3 * m.z)
    assert (answer.value, answer.bound) == (pytest.approx(9), pytest.approx(9))


def test_the_start_of_the_trap_is_feasible(tmp_path: Path) -> None:
    """The trap is fair: its start obeys every row and is worth 1.9, by arithmetic alone."""
    home = files("opt.solver") / "canaries"
    path = tmp_path / "trap.mps"
    path.write_bytes((home / "start_trap.mps").read_bytes())
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(path))
    lp = highs.getLp()
    point = [float(w) for w in (home / "start_trap.start").read_text(encoding="utf-8").split()]
    worth = sum(c * x for c, x in zip(lp.col_cost_, point, strict=True)) + lp.offset_
    assert worth == pytest.approx(1.9)
    activity = [0.0] * lp.num_row_
    matrix = lp.a_matrix_
    for column, x in enumerate(point):
        assert lp.col_lower_[column] - 1e-9 <= x <= lp.col_upper_[column] + 1e-9
        for at in range(matrix.start_[column], matrix.start_[column + 1]):
            activity[matrix.index_[at]] += matrix.value_[at] * x
    for row, total in enumerate(activity):
        assert lp.row_lower_[row] - 1e-7 <= total <= lp.row_upper_[row] + 1e-7
