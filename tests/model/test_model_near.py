"""Changes from a plan to stay near, against algebra by hand and against counting.

The instance is that of `instances.tiny_instance`, whose model has scale 1: at most two refineries,
committed in 2030 or 2031. A row is a dict from variable and index to coefficient, all variables on
the left, with its sense and right-hand side.
"""

from __future__ import annotations

import itertools

import pytest
from algebra import assert_row
from instances import tiny_instance
from tested import own_test

from opt.data.instance import Near
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR
from opt.solver.control import Control
from opt.solver.highs import HighsModel

BEFORE = {("refinery", 2030): 2, ("gone", 2030): 1}
STAYS = ("stay", "refinery", 2030)


def near(changes: int = 1, units: dict[tuple[str, int], int] | None = None) -> OptModel:
    """The model with a plan to stay near: both refineries in 2030, and a project that is gone."""
    plan = Near("before", BEFORE if units is None else units, changes)
    return build_model(tiny_instance(near=plan), (CLEAR,))


@own_test
def test_limit_stay() -> None:
    row = {STAYS: 1.0, ("build", "refinery", 2030): -1.0}
    m = near()
    assert list(m.limit_stay) == [("refinery", 2030)]
    assert_row(m.limit_stay["refinery", 2030], row, "<=", 0.0)
    assert m.stay["refinery", 2030].ub == 2


@own_test
def test_count_dropped() -> None:
    m = near()
    assert list(m.count_dropped) == ["gone", "refinery"]
    assert_row(m.count_dropped["gone"], {("change", "gone"): 1.0}, ">=", 1.0)
    assert_row(m.count_dropped["refinery"], {("change", "refinery"): 1.0, STAYS: 1.0}, ">=", 2.0)


@own_test
def test_count_added() -> None:
    m = near()
    assert list(m.count_added) == ["refinery"]
    row = {
        ("change", "refinery"): 1.0,
        STAYS: 1.0,
        ("build", "refinery", 2030): -1.0,
        ("build", "refinery", 2031): -1.0,
    }
    assert_row(m.count_added["refinery"], row, ">=", 0.0)


@own_test
def test_limit_changes() -> None:
    m = near(3)
    assert list(m.limit_changes) == ["before"]
    row = {("change", "gone"): 1.0, ("change", "refinery"): 1.0}
    assert_row(m.limit_changes["before"], row, "<=", 3.0)


def test_nothing_is_counted_where_there_is_no_plan_to_stay_near(tiny: OptModel) -> None:
    for name in ("limit_stay", "count_dropped", "count_added", "limit_changes", "stay", "change"):
        assert not list(getattr(tiny, name))


PLANS = [p for p in itertools.product(range(3), repeat=2) if sum(p) <= 2]


@pytest.mark.parametrize("before", PLANS)
def test_the_fewest_changes_are_those_that_are_counted(before: tuple[int, int]) -> None:
    """Every plan of up to two units over two years, against every other: units that are in only one
    of two lists of years, paired with those that are only in the other as far as they go."""
    units = {("refinery", v): n for v, n in zip((2030, 2031), before, strict=True) if n}
    m = near(9, units)
    solver = HighsModel(m, Control())
    for after in PLANS:
        one, other = (
            [v for v, n in zip((2030, 2031), plan, strict=True) for _ in range(n)]
            for plan in (before, after)
        )
        for year in list(one):
            if year in other:
                one.remove(year)
                other.remove(year)
        for v, n in zip((2030, 2031), after, strict=True):
            solver.fix({solver.column_of(m.build["refinery", v]): float(n)})
        found = solver.minimise(m.change["refinery"] if len(m.change) else 0.0)
        assert found.value == pytest.approx(max(len(one), len(other))), after
