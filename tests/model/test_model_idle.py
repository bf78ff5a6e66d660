"""Least use of facilities, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1 and discounts by 1, 0.8
and 0.64.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from algebra import assert_row, linear
from instances import MILLION, tiny_instance
from tested import own_test

from opt.data.instance import Instance
from opt.model.build import build_model
from opt.model.objectives import measure
from opt.record.flows import CLEAR, EXPOSED


def with_least(**changes: Any) -> Instance:
    """The instance whose refinery in C (300 of ore a year) has a least use."""
    base = tiny_instance()
    own = dataclasses.replace(base.facilities["refinery_c"], **changes)
    return base.replace(facilities={**base.facilities, "refinery_c": own})


@own_test
def test_keep_least_use() -> None:
    m = build_model(with_least(least_use={2030: 0.5, 2031: 0.25}, idle_cost=2 * MILLION))
    assert sorted(m.keep_least_use) == [("refinery_c", 2030), ("refinery_c", 2031)]
    # 10 of ore a unit, and a quarter of 300.
    run = ("run", "refinery_c", "refine", EXPOSED, 2031)
    idle = ("idle", "refinery_c", 2031)
    assert_row(m.keep_least_use["refinery_c", 2031], {run: 10.0, idle: 1.0}, ">=", 75.0)


def test_idle_capacity_is_weighed_with_the_cost() -> None:
    plain = linear(measure(build_model(tiny_instance()), "cost").expression)[0]
    m = build_model(with_least(least_use={2030: 0.5, 2031: 0.25}, idle_cost=2 * MILLION))
    cost = linear(measure(m, "cost").expression)[0]
    added = {key: c for key, c in cost.items() if key not in plain}
    assert added == {("idle", "refinery_c", 2030): 2.0, ("idle", "refinery_c", 2031): 2.0 * 0.8}
    assert {key: cost[key] for key in plain} == plain


def test_a_host_metal_has_nothing_idle() -> None:
    base = tiny_instance()
    mine = dataclasses.replace(base.facilities["mine_a"], least_use={2032: 0.1})
    m = build_model(base.replace(facilities={**base.facilities, "mine_a": mine}))
    runs = {("run", "mine_a", "mine", o, 2032): 1.0 for o in (CLEAR, EXPOSED)}
    assert_row(m.keep_least_use["mine_a", 2032], runs, ">=", 60.0)
    assert m.index.IDLE == []


def test_the_clear_chain_knows_no_least_use() -> None:
    m = build_model(with_least(least_use={2030: 0.5}, idle_cost=MILLION), (CLEAR,))
    assert list(m.keep_least_use) == list(m.idle) == []


def test_what_can_run_nothing_has_no_least_use() -> None:
    usable = {2030: 0.0, 2031: 300.0, 2032: 300.0}
    m = build_model(with_least(least_use={2030: 0.5}, idle_cost=MILLION, usable=usable))
    assert list(m.keep_least_use) == []
