"""Balances of commodities at places, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from algebra import DEFENCE, assert_row
from instances import SINTER, offtake, tiny_instance
from models import DOWN, bound, left_over, on_lane, refined, with_stock
from tested import own_test

from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED


@own_test
def test_balance_commodity(tiny: OptModel) -> None:
    # Clear ore: mined = used by the new refinery (10 a unit) + surplus + downgraded. No clear ore
    # goes to C, where it would be exposed, and nobody sends any to A.
    assert_row(
        tiny.balance_commodity["A", "ore", CLEAR, 2031],
        {
            ("run", "mine_a", "mine", CLEAR, 2031): 1.0,
            ("run", "refinery", "refine", CLEAR, 2031): -10.0,
            ("surplus", "A", "ore", CLEAR, 2031): -1.0,
            ("downgrade", "A", "ore", 2031): -1.0,
        },
        "=",
        0.0,
    )
    # Exposed ore in A: mined for exposed use + downgraded + out of the pool = used + into the pool
    # + surplus.
    assert_row(
        tiny.balance_commodity["A", "ore", EXPOSED, 2031],
        {
            ("run", "mine_a", "mine", EXPOSED, 2031): 1.0,
            ("downgrade", "A", "ore", 2031): 1.0,
            ("into", 0, "A", EXPOSED, 2031): 1.0,
            ("run", "refinery", "refine", EXPOSED, 2031): -10.0,
            ("out", 0, "A", EXPOSED, 2031): -1.0,
            ("surplus", "A", "ore", EXPOSED, 2031): -1.0,
        },
        "=",
        0.0,
    )
    # Exposed oxide in A: made + the lane from C + downgraded = used (0.5 a magnet); no surplus.
    assert_row(
        tiny.balance_commodity["A", "oxide", EXPOSED, 2031],
        {
            ("run", "refinery", "refine", EXPOSED, 2031): 1.0,
            ("send", 0, EXPOSED, 2031): 1.0,
            ("downgrade", "A", "oxide", 2031): 1.0,
            ("run", "magnets_a", "sinter", EXPOSED, 2031): -0.5,
        },
        "=",
        0.0,
    )
    # Exposed magnets in 2032: cars take none any more.
    assert_row(
        tiny.balance_commodity["A", "magnet", EXPOSED, 2032],
        {
            ("run", "magnets_a", "sinter", EXPOSED, 2032): 1.0,
            ("downgrade", "A", "magnet", 2032): 1.0,
            ("serve", DEFENCE, EXPOSED, 2032): -1.0,
            ("surplus", "A", "magnet", EXPOSED, 2032): -1.0,
        },
        "=",
        0.0,
    )


def test_balance_commodity_with_stock() -> None:
    # Clear oxide in A: refined + released = used (0.5 a magnet) + bought + downgraded.
    m = with_stock()
    assert_row(
        m.balance_commodity["A", "oxide", CLEAR, 2031],
        {
            ("run", "refinery", "refine", CLEAR, 2031): 1.0,
            ("release", "vault", CLEAR, 2031): 1.0,
            ("run", *SINTER, CLEAR, 2031): -0.5,
            ("buy", "vault", CLEAR, 2031): -1.0,
            ("downgrade", "A", "oxide", 2031): -1.0,
        },
        "=",
        0.0,
    )
    # Exposed: made, shipped in from C, downgraded and released; used and bought.
    m = with_stock(buys=(CLEAR, EXPOSED))
    assert_row(
        m.balance_commodity["A", "oxide", EXPOSED, 2031],
        {
            ("run", "refinery", "refine", EXPOSED, 2031): 1.0,
            ("send", 0, EXPOSED, 2031): 1.0,
            ("downgrade", "A", "oxide", 2031): 1.0,
            ("release", "vault", EXPOSED, 2031): 1.0,
            ("run", *SINTER, EXPOSED, 2031): -0.5,
            ("buy", "vault", EXPOSED, 2031): -1.0,
        },
        "=",
        0.0,
    )


def test_what_is_released_can_be_used() -> None:
    # Clear oxide is made from 2031 on; with stock that can be released in 2030, clear magnets too.
    first = ("magnets_a", "sinter", CLEAR, 2030)
    assert first not in build_model(tiny_instance()).run
    assert first in with_stock(release_years=frozenset({2030})).run
    exposed = with_stock(release_years=frozenset({2030}), initial={EXPOSED: 20.0}, buys=(EXPOSED,))
    assert first not in exposed.run


def test_balance_commodity_with_a_contract() -> None:
    m = bound(offtake("B", share=0.4))
    assert_row(
        m.balance_commodity["A", "oxide", CLEAR, 2031],
        {
            **refined(1.0, CLEAR),
            ("run", *SINTER, CLEAR, 2031): -0.5,
            **on_lane(1, CLEAR),
            **left_over(CLEAR),
            **DOWN,
        },
        "=",
        0.0,
    )
