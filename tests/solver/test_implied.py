"""What rows imply of their columns, by hand and against linear programmes of another solver."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from opt.solver.highs import Standing
from opt.solver.implied import implied_bounds


def standing(
    rows: list[list[float]],
    within: list[tuple[float, float]],
    bounds: list[tuple[float, float]],
) -> Standing:
    """A programme by its rows, what these lie within, and the bounds of its columns."""
    low, high = np.array(within, dtype=float).T
    lower, upper = np.array(bounds, dtype=float).T
    matrix = csr_array(np.array(rows, dtype=float))
    return Standing((), (), matrix, low, high, lower, upper)


def implied(
    rows: list[list[float]],
    within: list[tuple[float, float]],
    bounds: list[tuple[float, float]],
    whole: list[int] | None = None,
) -> list[tuple[float, float]]:
    integers = np.array(whole or [], dtype=np.int32)
    low, high = implied_bounds(standing(rows, within, bounds), integers)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def test_who_has_to_pay_what_others_may_not() -> None:
    # 10 are to be paid, of which the other may pay no more than 4.
    first, other = implied([[1, 1]], [(10, math.inf)], [(0, math.inf), (0, 4)])
    assert first == pytest.approx((6, math.inf))
    assert other == (0, 4)


def test_a_row_from_above_bounds_what_is_taken_off() -> None:
    # x - 2 y <= -3 with x >= 1: y >= 2; and x <= 2 y - 3 <= 5 with y <= 4.
    x, y = implied([[1, -2]], [(-math.inf, -3)], [(1, math.inf), (0, 4)])
    assert x == pytest.approx((1, 5))
    assert y == pytest.approx((2, 4))


def test_what_is_found_of_one_tells_of_another() -> None:
    # x + y >= 5 with y <= 2: x >= 3; z >= 2 x: z >= 6.
    rows, within = [[1, 1, 0], [-2, 0, 1]], [(5, math.inf), (0, math.inf)]
    *_, z = implied(rows, within, [(0, math.inf), (0, 2), (0, math.inf)])
    assert z[0] == pytest.approx(6)


def test_whole_numbers_are_rounded_inwards() -> None:
    # 2 <= 4 n <= 11: n is 1 or 2.
    assert implied([[4]], [(2, 11)], [(0, 9)], whole=[0]) == [(1, 2)]


def test_two_that_are_not_bounded_say_nothing_of_each_other() -> None:
    bounds = [(-math.inf, math.inf)] * 2
    assert implied([[1, 1]], [(3, 3)], bounds) == bounds


@pytest.mark.parametrize("seed", range(30))
def test_no_point_lies_beyond(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = draw.integers(-3, 4, (4, 5)) * (draw.random((4, 5)) < 0.7)
    inside = draw.random(5) * 10
    width = np.where(draw.random((2, 4)) < 0.4, np.inf, draw.random((2, 4)) * 4)
    low, high = rows @ inside - width[0], rows @ inside + width[1]
    bounds = [(0.0, float(b)) for b in np.where(draw.random(5) < 0.3, np.inf, inside + 5)]
    found = implied(rows.tolist(), list(zip(low, high, strict=True)), bounds)
    matrix, most = np.vstack([rows, -rows]), np.concatenate([high, -low])
    kept = np.isfinite(most)
    for n, (least, greatest) in enumerate(found):
        for sign, bound in ((1.0, least), (-1.0, greatest)):
            cost = sign * np.eye(5)[n]
            end = linprog(cost, A_ub=matrix[kept], b_ub=most[kept], bounds=bounds)
            # Unbounded (3) is beyond every bound; a bound that is none holds too.
            assert end.status in (0, 3)
            if end.status == 3:
                assert math.isinf(bound)
            else:
                assert end.fun >= sign * bound - 1e-7
