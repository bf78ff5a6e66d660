"""Output under contract, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from algebra import VariableKey, assert_row
from instances import BOTH, YEARS, offtake, plant, stockpile, tiny_instance, trading
from models import DOWN, bound, left_over, offtake_row, on_lane, refined
from tested import own_test

from opt.data.instance import Facility, Pool
from opt.model.build import build_model
from opt.record.flows import CLEAR, EXPOSED


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
    row = {**refined(0.4, CLEAR), **on_lane(1, CLEAR), **left_over(CLEAR), **DOWN}
    assert_row(offtake_row(m, CLEAR, 0), row, "<=", 0.0)
    row = {**refined(0.4, *BOTH), **on_lane(1, *BOTH), **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)
    # Nothing clear is sent to C.
    m = bound(offtake("C", share=0.4))
    row = {**refined(0.4, CLEAR), **left_over(CLEAR), **DOWN}
    assert_row(offtake_row(m, CLEAR, 0), row, "<=", 0.0)
    row = {**refined(0.4, *BOTH), **on_lane(2, EXPOSED), **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)


def test_limit_offtake_at_home() -> None:
    # 0.4 of what is refined and what is sent elsewhere: at most what is refined and released.
    m = bound(offtake("A", share=0.4), stockpiles={"vault": stockpile()})
    released = {("release", "vault", CLEAR, 2031): -1.0}
    row = {**refined(0.4 - 1, CLEAR), **on_lane(1, CLEAR, factor=1.0), **released}
    assert_row(offtake_row(m, CLEAR, 0), row, "<=", 0.0)
    away = {**on_lane(1, *BOTH, factor=1.0), **on_lane(2, EXPOSED, factor=1.0)}
    row = {**refined(0.4 - 1, *BOTH), **away, **released}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)
    # To all allies: B is no way around it.
    m = bound(offtake("A", "B", share=0.4))
    row = {**refined(0.4 - 1, *BOTH), **on_lane(2, EXPOSED, factor=1.0)}
    assert_row(offtake_row(m, EXPOSED, 0), row, "<=", 0.0)


@own_test
def test_keep_bound_output() -> None:
    # 0.4 of what is refined is bound to B: with what goes to C it is at most what is refined and
    # released, whatever comes from C in its place.
    m = bound(offtake("B", share=0.4), stockpiles={"vault": stockpile()})
    rows = {key[0]: row for key, row in m.keep_bound_output.items() if key[1] == 2031}
    released = {("release", "vault", CLEAR, 2031): -1.0}
    assert_row(rows[CLEAR], {**refined(0.4 - 1, CLEAR), **released}, "<=", 0.0)
    away = on_lane(2, EXPOSED, factor=1.0)
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
    row = {**refined(0.3, *BOTH), **on_lane(2, EXPOSED), **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 1), row, "<=", 0.0)
    row = {**refined(0.7, CLEAR), **on_lane(1, CLEAR), **left_over(CLEAR), **DOWN}
    assert_row(offtake_row(m, CLEAR, 0, 1), row, "<=", 0.0)
    out = {**on_lane(1, *BOTH), **on_lane(2, EXPOSED)}
    row = {**refined(0.7, *BOTH), **out, **left_over(*BOTH)}
    assert_row(offtake_row(m, EXPOSED, 0, 1), row, "<=", 0.0)
    # One of them at home: together 0.7 of it stays or goes to C.
    m = bound(offtake("A", share=0.4), offtake("C", share=0.3))
    row = {**refined(0.7 - 1, *BOTH), **on_lane(1, *BOTH, factor=1.0)}
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
        **on_lane(1, *BOTH),
        **on_lane(2, EXPOSED),
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
