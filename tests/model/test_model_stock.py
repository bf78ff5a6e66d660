"""Levels of stockpiles, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from algebra import VariableKey, assert_row
from instances import YEARS
from models import with_stock
from tested import own_test

from opt.record.flows import CLEAR, EXPOSED


@own_test
def test_balance_stock() -> None:
    m = with_stock()
    # 2030: 0.9 of the initial 20 is left; nothing can be released yet.
    row: dict[VariableKey, float] = {
        ("level", "vault", CLEAR, 2030): 1.0,
        ("buy", "vault", CLEAR, 2030): -1.0,
    }
    assert_row(m.balance_stock["vault", CLEAR, 2030], row, "=", 18.0)
    # 2031: 0.9 of the level before, plus bought, less released.
    row = {
        ("level", "vault", CLEAR, 2031): 1.0,
        ("level", "vault", CLEAR, 2030): -0.9,
        ("buy", "vault", CLEAR, 2031): -1.0,
        ("release", "vault", CLEAR, 2031): 1.0,
    }
    assert_row(m.balance_stock["vault", CLEAR, 2031], row, "=", 0.0)
    assert {key[1] for key in m.balance_stock} == {CLEAR}
    # Exposed material that lay there at first keeps to its class; clear begins with nothing.
    m = with_stock(initial={EXPOSED: 20.0})
    row = {("level", "vault", EXPOSED, 2030): 1.0}
    assert_row(m.balance_stock["vault", EXPOSED, 2030], row, "=", 18.0)
    row = {("level", "vault", CLEAR, 2030): 1.0, ("buy", "vault", CLEAR, 2030): -1.0}
    assert_row(m.balance_stock["vault", CLEAR, 2030], row, "=", 0.0)


@own_test
def test_limit_stock() -> None:
    m = with_stock(buys=(CLEAR, EXPOSED))
    row = {("level", "vault", CLEAR, 2031): 1.0, ("level", "vault", EXPOSED, 2031): 1.0}
    assert list(m.limit_stock) == [("vault", t) for t in YEARS]
    assert_row(m.limit_stock["vault", 2031], row, "<=", 60.0)
    assert not list(with_stock(capacity=None).limit_stock)
