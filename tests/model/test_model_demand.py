"""What is served of demand and what it is short of, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from algebra import CARS, assert_row
from instances import demand, tiny_instance
from tested import own_test

from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED


@own_test
def test_meet_demand(tiny: OptModel) -> None:
    assert_row(
        tiny.meet_demand[CARS, 2031],
        {
            ("serve", CARS, CLEAR, 2031): 1,
            ("serve", CARS, EXPOSED, 2031): 1,
            ("short", CARS, 2031): 1,
        },
        "=",
        450.0,
    )
    # clear_from 2032: no exposed deliveries from then on.
    assert_row(
        tiny.meet_demand[CARS, 2032],
        {("serve", CARS, CLEAR, 2032): 1, ("short", CARS, 2032): 1},
        "=",
        500.0,
    )


def test_a_year_in_which_nothing_is_asked_for_has_no_demand() -> None:
    cars = demand("cars", amounts={2030: 400.0, 2031: 0.0, 2032: 500.0})
    m = build_model(tiny_instance(demands={cars.id: cars}))
    assert list(m.meet_demand) == [(CARS, 2030), (CARS, 2032)]
    assert {key[-1] for key in m.serve} == {2030, 2032}


@own_test
def test_limit_uptake() -> None:
    cars = demand("cars", uptake={2031: 0.6, 2032: 0.0})
    m = build_model(tiny_instance(demands={cars.id: cars}))
    assert list(m.limit_uptake) == [(CARS, 2031), (CARS, 2032)]
    # 0.6 of 450 and nothing of 500; all of 2030.
    assert_row(m.limit_uptake[CARS, 2031], {("serve", CARS, CLEAR, 2031): 1}, "<=", 270.0)
    assert_row(m.limit_uptake[CARS, 2032], {("serve", CARS, CLEAR, 2032): 1}, "<=", 0.0)
