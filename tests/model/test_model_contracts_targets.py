"""Rules of contracts and targets against algebra by hand.

The instance is that of `instances.tiny_instance` with the stockpile of `instances.stockpile`: one
unit of money a unit is USD 1,000,000 a unit. Rows are written as in test_model_rules.
"""

from __future__ import annotations

from typing import Any

import pytest
from algebra import (
    CARS,
    DEFENCE,
    VariableKey,
    assert_row,
    linear,
)
from instances import (
    BOTH,
    MILLION,
    SINTER,
    YEARS,
    demand,
    large,
    offtake,
    plant,
    stockpile,
    target,
    tiny_instance,
    trading,
)
from tested import own_test

from opt.data.instance import Facility, Lane, Offtake, Pool, Target
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED

# ---- Contracts ------------------------------------------------------------------------------


def bound(*contracts: Offtake, **changes: Any) -> OptModel:
    """The model with contracts on the refinery's oxide."""
    return build_model(trading(offtakes=contracts, **changes))


def offtake_row(m: OptModel, o: str, *contracts: int) -> Any:
    """The row of a set of contracts for one class in 2031."""
    numbers = [n for n, some in enumerate(m.index.contract_sets) if some == contracts]
    (key,) = [key for key in m.limit_offtake if key[:2] == (o, 2031) and key[2] in numbers]
    return m.limit_offtake[key]


def refined(share: float, *classes: str) -> dict[VariableKey, float]:
    """The refinery's runs of 2031, each with a share."""
    return {("run", "refinery", "refine", o, 2031): share for o in classes}


def left_over(*classes: str) -> dict[VariableKey, float]:
    """Oxide of A that is left over or taken unused in 2031."""
    return {
        (name, "A", "oxide", o, 2031): -1.0 for name in ("surplus", "contracted") for o in classes
    }


def lane(number: int, *classes: str, factor: float = -1.0) -> dict[VariableKey, float]:
    """Trade on a lane in 2031."""
    return {("send", number, o, 2031): factor for o in classes}


DOWN: dict[VariableKey, float] = {("downgrade", "A", "oxide", 2031): -1.0}


@own_test
def test_limit_contracted() -> None:
    m = bound(offtake("B", share=0.4), offtake("C", share=0.3, last_year=2031))
    # Up to 0.4 + 0.3 of what is refined, class by class; from 2032 on the first alone.
    contracted: dict[VariableKey, float] = {("contracted", "A", "oxide", CLEAR, 2031): 1.0}
    row = {**contracted, **refined(-0.7, CLEAR)}
    assert_row(m.limit_contracted["A", "oxide", CLEAR, 2031], row, "<=", 0.0)
    row = {
        ("contracted", "A", "oxide", EXPOSED, 2032): 1.0,
        ("run", "refinery", "refine", EXPOSED, 2032): -0.4,
    }
    assert_row(m.limit_contracted["A", "oxide", EXPOSED, 2032], row, "<=", 0.0)


def test_limit_offtake_to_others() -> None:
    # 0.4 of the clear oxide goes to B, is left over, is taken, or is used as exposed; of all oxide
    # the last is no way out.
    m = bound(offtake("B", share=0.4))
    row = {**refined(0.4, CLEAR), **lane(1, CLEAR), **left_over(CLEAR), **DOWN}
    assert_row(offtake_row(m, CLEAR, 0), row, "<=", 0.0)
    row = {**refined(0.4, *BOTH), **lane(1, *BOTH), **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)
    # Nothing clear is sent to C.
    m = bound(offtake("C", share=0.4))
    row = {**refined(0.4, CLEAR), **left_over(CLEAR), **DOWN}
    assert_row(offtake_row(m, CLEAR, 0), row, "<=", 0.0)
    row = {**refined(0.4, *BOTH), **lane(2, EXPOSED), **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)


def test_limit_offtake_at_home() -> None:
    # 0.4 of what is refined and what is sent elsewhere: at most what is refined and released.
    m = bound(offtake("A", share=0.4), stockpiles={"vault": stockpile()})
    released = {("release", "vault", CLEAR, 2031): -1.0}
    row = {**refined(0.4 - 1, CLEAR), **lane(1, CLEAR, factor=1.0), **released}
    assert_row(offtake_row(m, CLEAR, 0), row, "<=", 0.0)
    away = {**lane(1, *BOTH, factor=1.0), **lane(2, EXPOSED, factor=1.0)}
    row = {**refined(0.4 - 1, *BOTH), **away, **released}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)
    # To all allies: B is no way around it.
    m = bound(offtake("A", "B", share=0.4))
    row = {**refined(0.4 - 1, *BOTH), **lane(2, EXPOSED, factor=1.0)}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)


@own_test
def test_keep_bound_output() -> None:
    # 0.4 of what is refined is bound to B: with what goes to C it is at most what is refined and
    # released, whatever comes from C in its place.
    m = bound(offtake("B", share=0.4), stockpiles={"vault": stockpile()})
    rows = {key[0]: row for key, row in m.keep_bound_output.items() if key[1] == 2031}
    released = {("release", "vault", CLEAR, 2031): -1.0}
    assert_row(rows[CLEAR], {**refined(0.4 - 1, CLEAR), **released}, "<=", 0.0)
    away = lane(2, EXPOSED, factor=1.0)
    row = {**refined(0.4 - 1, *BOTH), **away, **released}
    assert_row(rows[EXPOSED], row, "<=", 0.0)
    # At home it is limit_offtake that says so.
    assert not list(bound(offtake("A", share=0.4)).keep_bound_output)


@own_test
def test_limit_offtake() -> None:
    # Two contracts: each alone, and both together with the destinations of both.
    m = bound(offtake("B", share=0.4), offtake("C", share=0.3))
    assert m.index.contract_sets[3:6] == [(0,), (1,), (0, 1)]
    assert len(list(m.limit_offtake)) == 2 * 3 * 2  # 2031 and 2032, three sets, two classes
    row = {**refined(0.3, *BOTH), **lane(2, EXPOSED), **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 1), row, "<=", 0.0)
    row = {**refined(0.7, CLEAR), **lane(1, CLEAR), **left_over(CLEAR), **DOWN}
    assert_row(offtake_row(m, CLEAR, 0, 1), row, "<=", 0.0)
    out = {**lane(1, *BOTH), **lane(2, EXPOSED)}
    row = {**refined(0.7, *BOTH), **out, **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 0, 1), row, "<=", 0.0)
    # One of them at home: together 0.7 of it stays or goes to C.
    m = bound(offtake("A", share=0.4), offtake("C", share=0.3))
    row = {**refined(0.7 - 1, *BOTH), **lane(1, *BOTH, factor=1.0)}
    assert_row(offtake_row(m, EXPOSED, 0, 1), row, "<=", 0.0)


def test_offtakes_of_two_plants_share_a_row() -> None:
    # A second refinery, under covered control, makes exposed oxide alone.
    held = plant("held", "A", "refine", clear=False)
    plants = {**trading().facilities, "held": Facility(held, dict.fromkeys(YEARS, 9.0), YEARS)}
    contracts = (offtake("B", share=0.4), offtake("C", share=0.3, plant="held"))
    m = bound(*contracts, facilities=plants)
    row = {
        **refined(0.4, *BOTH),
        ("run", "held", "refine", EXPOSED, 2031): 0.3,
        **lane(1, *BOTH),
        **lane(2, EXPOSED),
        **left_over(*BOTH),
    }
    assert_row(offtake_row(m, EXPOSED, 0, 1), row, "<=", 0.0)
    # The second binds nothing clear, so that it needs no row of its own.
    assert [key for key in m.limit_offtake if key[:2] == (CLEAR, 2031)] == [
        (CLEAR, 2031, n) for n, some in enumerate(m.index.contract_sets[1:4], 1) if 0 in some
    ]


def test_offtake_through_pools() -> None:
    # What goes into a pool reaches one of its destinations: of the two pools one serves B.
    pools = (
        Pool(0, "oxide", 0.0, ("A",), ("B",), YEARS),
        Pool(1, "oxide", 0.0, ("A",), ("C",), YEARS),
    )
    m = bound(offtake("B", share=0.4), lanes=(), pools=pools)
    sent: dict[VariableKey, float] = {("out", 0, "A", o, 2031): -1.0 for o in BOTH}
    row = {**refined(0.4, *BOTH), **sent, **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)
    m = bound(offtake("A", "B", share=0.4), lanes=(), pools=pools)
    row = {**refined(0.4 - 1, *BOTH), ("out", 1, "A", EXPOSED, 2031): 1.0}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)


def test_offtake_of_output_that_stays_at_home_whatever_happens() -> None:
    # Exposed oxide of C, bound to C: the row of both classes is there, none for the clear class.
    contract = offtake("C", share=1.0, plant="refinery_c", region="C")
    m = build_model(tiny_instance(offtakes=(contract,)))
    assert {key[0] for key in m.limit_offtake} == {EXPOSED}
    row = {("send", 0, EXPOSED, 2031): 1.0}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)


def test_balance_commodity_with_a_contract() -> None:
    m = bound(offtake("B", share=0.4))
    assert_row(
        m.balance_commodity["A", "oxide", CLEAR, 2031],
        {
            **refined(1.0, CLEAR),
            ("run", *SINTER, CLEAR, 2031): -0.5,
            **lane(1, CLEAR),
            **left_over(CLEAR),
            **DOWN,
        },
        "=",
        0.0,
    )


# ---- Targets --------------------------------------------------------------------------------

WEIGHTS = {CARS: 2.0, DEFENCE: 1.0}
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
    row = {**lane(0, EXPOSED, factor=1.0), **used(-0.6)}
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
    row = {**lane(3, *BOTH, factor=1.0), **used(-0.6)}
    assert_row(m.meet_target[0, 0], row, "<=", 0.0)
    row = {**lane(0, EXPOSED, factor=1.0), **used(-0.6)}
    assert_row(m.meet_target[0, 1], row, "<=", 0.0)
    # Both as one source, such as a bloc.
    together = sourced(0.6, sources=(frozenset({"B", "C"}),))
    m = build_model(m.data.replace(targets=(together,)))
    row = {**lane(0, EXPOSED, factor=1.0), **lane(3, *BOTH, factor=1.0), **used(-0.6)}
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


def test_targets_in_model_units() -> None:
    # A thousand times the tonnes: 0.3 x 1000 thousand tonnes; 80 tonnes are 0.08 model units.
    aims = (
        target("dependence", 0.3, demands=WEIGHTS, totals={2031: 1e6}),
        target("output", 80.0, made={SINTER: 1.0}, totals={2031: 1.0}),
    )
    m = build_model(large(targets=aims))
    terms, constant = linear(m.meet_target[0, 0].body)
    assert terms["short", CARS, 2031] == pytest.approx(2.0)
    assert float(m.meet_target[0, 0].upper) - constant == pytest.approx(300.0)
    row: dict[VariableKey, float] = {("run", *SINTER, o, 2031): 1.0 for o in BOTH}
    assert_row(m.meet_target[1, 0], row, "<=", 0.08)
