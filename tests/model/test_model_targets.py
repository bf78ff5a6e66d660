"""Targets, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from typing import Any

import pytest
from algebra import CARS, DEFENCE, VariableKey, assert_row
from instances import BOTH, MILLION, SINTER, YEARS, demand, plant, target, tiny_instance, trading
from models import WEIGHTS, on_lane
from tested import own_test

from opt.data.instance import Facility, Lane, Pool, Target
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import EXPOSED

# 2 x 450 + 100 in 2031, 2 x 500 + 100 in 2032.
TOTALS = {2031: 1000.0, 2032: 1100.0}


def aimed(aim: Target, **changes: Any) -> OptModel:
    """The model with one target."""
    return build_model(tiny_instance(targets=(aim,), **changes))


@own_test
def test_meet_target() -> None:
    m = aimed(target("dependence", 0.3, demands=WEIGHTS, totals=TOTALS))
    assert list(m.meet_target) == [(0, 0)]
    row = {
        ("short", CARS, 2031): 2.0,
        ("serve", CARS, EXPOSED, 2031): 2.0,
        ("short", DEFENCE, 2031): 1.0,
        ("serve", DEFENCE, EXPOSED, 2031): 1.0,
    }
    assert_row(m.meet_target[0, 0], row, "<=", 300.0)
    # Cars are served clear alone in 2032. A demand without weight does not count.
    weights = {CARS: 2.0, DEFENCE: 0.0}
    aim = target("dependence", 0.3, demands=weights, totals=TOTALS, year=2032, at_most=False)
    m = aimed(aim)
    assert_row(m.meet_target[0, 0], {("short", CARS, 2032): 2.0}, ">=", 330.0)
    # Nor does one that nobody asks for in the year: 100 of the defence are left.
    cars = demand("cars", amounts={2030: 400.0, 2031: 0.0, 2032: 500.0})
    guns = demand("defence", weight=1.0, amounts=dict.fromkeys(YEARS, 100.0))
    aim = target("dependence", 0.3, demands=WEIGHTS, totals={2031: 100.0})
    m = aimed(aim, demands={cars.id: cars, guns.id: guns})
    row = {("short", DEFENCE, 2031): 1.0, ("serve", DEFENCE, EXPOSED, 2031): 1.0}
    assert_row(m.meet_target[0, 0], row, "<=", 30.0)


def test_meet_target_of_shortfall() -> None:
    m = aimed(target("shortfall", 0.1, demands=WEIGHTS, totals=TOTALS))
    row = {("short", CARS, 2031): 2.0, ("short", DEFENCE, 2031): 1.0}
    assert_row(m.meet_target[0, 0], row, "<=", 100.0)
    m = aimed(target("shortfall", 0.1, demands=WEIGHTS, totals=TOTALS, at_most=False))
    assert_row(m.meet_target[0, 0], row, ">=", 100.0)


def sourced(metric_bound: float, *sources: str, **changes: Any) -> Target:
    """A target on A's oxide from each of some regions."""
    each = tuple(frozenset({r}) for r in sources)
    users, goods = frozenset({"A"}), frozenset({"oxide"})
    return target(
        "source_share",
        metric_bound,
        **{"commodities": goods, "sources": each, "users": users, **changes},
    )


def used(share: float) -> dict[VariableKey, float]:
    """Oxide that the magnet plant uses in 2031, half a unit a magnet, times a share."""
    return {("run", *SINTER, o, 2031): share * 0.5 for o in BOTH}


def test_meet_target_of_a_source() -> None:
    # Shipped from C <= 0.6 x what the magnet plant uses; nobody demands oxide.
    row = {**on_lane(0, EXPOSED, factor=1.0), **used(-0.6)}
    m = aimed(sourced(0.6, "C"))
    assert_row(m.meet_target[0, 0], row, "<=", 0.0)
    m = aimed(sourced(0.6, "C", at_most=False))
    assert_row(m.meet_target[0, 0], row, ">=", 0.0)


def test_meet_target_of_each_source() -> None:
    # B and C each on its own. What A sends to either does not count.
    lanes = (*trading().lanes, Lane(3, "oxide", "B", "A", 0.0, dict.fromkeys(YEARS, 30.0)))
    there = Facility(plant("refinery_b", "B", "refine"), dict.fromkeys(YEARS, 30.0), YEARS)
    pools = (Pool(0, "ore", 0.0, ("A",), ("B", "C"), YEARS),)
    base = trading(lanes=lanes, pools=pools)
    m = build_model(
        base.replace(
            facilities={**base.facilities, "refinery_b": there},
            targets=(sourced(0.6, "B", "C"),),
        )
    )
    assert list(m.meet_target) == [(0, 0), (0, 1)]
    row = {**on_lane(3, *BOTH, factor=1.0), **used(-0.6)}
    assert_row(m.meet_target[0, 0], row, "<=", 0.0)
    row = {**on_lane(0, EXPOSED, factor=1.0), **used(-0.6)}
    assert_row(m.meet_target[0, 1], row, "<=", 0.0)
    # Both as one source, such as a bloc.
    together = sourced(0.6, sources=(frozenset({"B", "C"}),))
    m = build_model(m.data.replace(targets=(together,)))
    row = {**on_lane(0, EXPOSED, factor=1.0), **on_lane(3, *BOTH, factor=1.0), **used(-0.6)}
    assert_row(m.meet_target[0, 0], row, "<=", 0.0)


def test_meet_target_of_a_source_counts_what_is_short() -> None:
    # Magnets of A, of which C sends none: short <= 0.6 x (served + short). Ore counts beside them:
    # A's pool sends it to C, not to A.
    goods = frozenset({"magnet", "ore"})
    m = aimed(sourced(0.6, "C", commodities=goods), pools=(ore_to_c(),))
    row: dict[VariableKey, float] = {}
    for d in (CARS, DEFENCE):
        row["short", d, 2031] = 1 - 0.6
        row |= {("serve", d, o, 2031): -0.6 for o in BOTH}
    # The refinery uses 10 of ore a unit.
    row |= {("run", "refinery", "refine", o, 2031): -6.0 for o in BOTH}
    assert_row(m.meet_target[0, 0], row, "<=", 0.0)
    # Ore that C takes in from A, by that pool, for its refinery.
    aim = sourced(0.6, "A", users=frozenset({"C"}), commodities=goods)
    m = aimed(aim, pools=(ore_to_c(),))
    row = {
        ("out", 0, "A", EXPOSED, 2031): 1.0,
        ("run", "refinery_c", "refine", EXPOSED, 2031): -6.0,
    }
    assert_row(m.meet_target[0, 0], row, "<=", 0.0)


def ore_to_c() -> Pool:
    """Ore from A to C alone."""
    return Pool(0, "ore", 1 * MILLION, ("A",), ("C",), YEARS)


def test_meet_target_of_home_share_and_output() -> None:
    # 1.5 counts of a unit of the magnet plant's activity; half of 1100 is 550.
    made = {SINTER: 1.5}
    row: dict[VariableKey, float] = {("run", *SINTER, o, 2032): 1.5 for o in BOTH}
    aim = target("home_share", 0.5, made=made, totals=TOTALS, year=2032, at_most=False)
    m = aimed(aim)
    assert_row(m.meet_target[0, 0], row, ">=", 550.0)
    aim = target("output", 80.0, made=made, totals=dict.fromkeys(YEARS, 1.0), year=2032)
    m = aimed(aim)
    assert_row(m.meet_target[0, 0], row, "<=", 80.0)


@pytest.mark.parametrize(("at_most", "sense"), [(True, "<="), (False, ">=")])
def test_a_target_that_nothing_can_count_for_is_still_a_row(at_most: bool, sense: str) -> None:
    # No plant makes what counts: 0 against 80. The row holds a variable that is always 0.
    aim = target("output", 80.0, totals=dict.fromkeys(YEARS, 1.0), at_most=at_most)
    m = aimed(aim)
    assert_row(m.meet_target[0, 0], {("nothing",): 1.0}, sense, 80.0)
    assert m.nothing.bounds == (0, 0)
