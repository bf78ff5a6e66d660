"""Objectives, their parts and the worst year, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

import dataclasses

import pytest
from algebra import CARS, DEFENCE, VariableKey, assert_row, assert_share, linear, with_project
from instances import (
    BOTH,
    MILLION,
    SINTER,
    YEARS,
    demand,
    offer,
    plant,
    project,
    scalable_instance,
    tiny_instance,
)
from models import RICH, pays, spends, with_grant, with_stock, with_support
from tested import own_test

from opt.data.instance import Facility
from opt.model import objectives
from opt.model.build import build_model
from opt.model.objectives import measure
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED


@own_test
def test_define_worst(tiny: OptModel) -> None:
    # 2031: (2 x unserved cars + unserved defence) / (2 x 450 + 100) <= worst / 600, where 600 is
    # the largest allied demand of a year: 2 / 1000 x 600 = 1.2 and 1 / 1000 x 600 = 0.6.
    assert list(tiny.define_worst) == [2031, 2032]
    assert_row(
        tiny.define_worst[2031],
        {
            ("short", CARS, 2031): 1.2,
            ("serve", CARS, EXPOSED, 2031): 1.2,
            ("short", DEFENCE, 2031): 0.6,
            ("serve", DEFENCE, EXPOSED, 2031): 0.6,
            ("worst",): -1.0,
        },
        "<=",
        0.0,
    )


def test_capital_cost(tiny: OptModel) -> None:
    # Committed in 2030: 4 x (0.5 x 1 + 0.5 x 0.8) = 3.6. Committed in 2031: 4 x (0.5 x 0.8 + 0.5 x
    # 0.64) = 2.88.
    terms, constant = linear(objectives.capital_cost(tiny))
    expected = {("build", "refinery", 2030): 3.6, ("build", "refinery", 2031): 2.88}
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_residual_value() -> None:
    # 3.6 less 0.9 x 4 x 0.64 = 2.304.
    m = with_project(offers={2030: offer(2030, residual=0.9)})
    terms, _ = linear(objectives.capital_cost(m))
    assert terms == pytest.approx({("build", "refinery", 2030): 1.296})


def test_capital_cost_of_a_scalable_project_and_of_late_money() -> None:
    # 0.9 x 1 a unit and 0.9 x 0.04 on every unit of size.
    m = build_model(scalable_instance())
    terms, _ = linear(objectives.capital_cost(m))
    expected = {("build", "refinery", 2030): 0.9, ("size", "refinery", 2030): 0.036}
    assert terms == pytest.approx(expected)
    # Half falls due in 2033, after the last year: 4 x (0.5 x 0.64 + 0.5 x 0.512) = 2.304.
    late = offer(2032, spend={2032: 0.5, 2033: 0.5}, usable={2032: 1.0}, open_years=(2032,))
    m = with_project(offers={2032: late})
    terms, _ = linear(objectives.capital_cost(m))
    assert terms == pytest.approx({("build", "refinery", 2032): 2.304})


def test_running_cost() -> None:
    # USD 2 million a unit of activity: 2 x 1, 0.8, 0.64, in either class.
    base = tiny_instance()
    dear = dataclasses.replace(
        base.facilities["magnets_a"], plant=plant("magnets_a", "A", "sinter", opex=2 * MILLION)
    )
    m = build_model(base.replace(facilities={**base.facilities, "magnets_a": dear}))
    terms, constant = linear(objectives.running_cost(m))
    expected = {
        ("run", "magnets_a", "sinter", EXPOSED, 2030): 2.0,
        ("run", "magnets_a", "sinter", CLEAR, 2031): 1.6,
        ("run", "magnets_a", "sinter", EXPOSED, 2031): 1.6,
        ("run", "magnets_a", "sinter", CLEAR, 2032): 1.28,
        ("run", "magnets_a", "sinter", EXPOSED, 2032): 1.28,
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_standing_cost() -> None:
    # Facility, open in 2030 and 2031: 5 x (1 + 0.8) = 9. Project from its first operation on:
    # committed in 2030 open 2031 and 2032: 3 x (0.8 + 0.64) = 4.32; committed in 2031: 3 x 0.64.
    base = tiny_instance()
    standing = Facility(
        plant("mine_a", "A", "mine", fixed_opex=5.0), {2030: 600.0, 2031: 600.0}, (2030, 2031)
    )
    paid = project(plant=plant("refinery", "A", "refine", fixed_opex=3.0))
    m = build_model(
        base.replace(
            facilities={**base.facilities, "mine_a": standing}, projects={"refinery": paid}
        )
    )
    terms, constant = linear(objectives.standing_cost(m))
    expected = {("build", "refinery", 2030): 4.32, ("build", "refinery", 2031): 1.92}
    assert (terms, constant) == (pytest.approx(expected), pytest.approx(9.0))


def test_freight(tiny: OptModel) -> None:
    # Lane USD 2 million, pool USD 1 million charged on what goes into it; 1, 0.8, 0.64.
    terms, constant = linear(objectives.freight(tiny))
    expected = {
        **{("send", 0, EXPOSED, t): 2 * f for t, f in zip(YEARS, (1, 0.8, 0.64), strict=True)},
        **{("out", 0, "A", EXPOSED, t): f for t, f in zip(YEARS, (1, 0.8, 0.64), strict=True)},
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


@pytest.mark.parametrize("sign", [1, -1])
def test_surplus_cost(sign: int) -> None:
    # USD 3 million a unit of ore left over; a credit where negative; magnets are free.
    base = tiny_instance()
    ore = dataclasses.replace(base.commodities["ore"], surplus=sign * 3 * MILLION)
    m = build_model(base.replace(commodities={**base.commodities, "ore": ore}))
    terms, constant = linear(objectives.surplus_cost(m))
    expected = {
        ("surplus", r, "ore", o, t): sign * 3 * f
        for r, o in (("A", CLEAR), ("A", EXPOSED), ("C", EXPOSED))
        for t, f in zip(YEARS, (1, 0.8, 0.64), strict=True)
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


# Dependence years 2031 and 2032: 2 x (450 + 500) + (100 + 100) = 2100.
UNSERVED = {
    ("short", CARS, 2031): 2,
    ("serve", CARS, EXPOSED, 2031): 2,
    ("short", CARS, 2032): 2,
    ("short", DEFENCE, 2031): 1,
    ("serve", DEFENCE, EXPOSED, 2031): 1,
    ("short", DEFENCE, 2032): 1,
    ("serve", DEFENCE, EXPOSED, 2032): 1,
}


@own_test
def test_measure_dependence(tiny: OptModel) -> None:
    assert_share(tiny, "dependence", {key: c / 2100 for key, c in UNSERVED.items()})


def test_measure_of_shares_where_allies_ask_for_nothing() -> None:
    other = demand("all", "C", prices=dict.fromkeys(YEARS, 1.0))
    m = build_model(tiny_instance(demands={other.id: other}))
    for name in ("dependence", "dependence@2031", "shortfall", "value-weighted"):
        found = measure(m, name)
        assert (linear(found.expression), found.per_unit) == (({}, 0), 0.0)


@own_test
def test_measure_dependence_at_a_year(tiny: OptModel) -> None:
    # 2031 alone: 2 x 450 + 100 = 1000.
    of_year = {key: c / 1000 for key, c in UNSERVED.items() if key[-1] == 2031}
    assert_share(tiny, "dependence@2031", of_year)
    # 2030, which is not among the dependence years: 2 x 400 + 100 = 900.
    of_year = {(*key[:-1], 2030): c / 900 for key, c in UNSERVED.items() if key[-1] == 2031}
    assert_share(tiny, "dependence@2030", of_year)


@own_test
def test_measure_shortfall(tiny: OptModel) -> None:
    # All years above, the denominator of dependence below.
    expected = {("short", d, t): w / 2100 for d, w in ((CARS, 2), (DEFENCE, 1)) for t in YEARS}
    assert_share(tiny, "shortfall", expected)


@own_test
def test_measure_value_weighted() -> None:
    # Weights x prices: cars 2 x 10 = 20 in 2031, 2 x 20 = 40 in 2032; defence 1 x 30 in both.
    # Denominator 20 x 450 + 40 x 500 + 30 x 200 = 35,000.
    priced = [
        demand("cars", clear_from=2032, prices={2030: 5.0, 2031: 10.0, 2032: 20.0}),
        demand(
            "defence",
            weight=1.0,
            amounts=dict.fromkeys(YEARS, 100.0),
            prices=dict.fromkeys(YEARS, 30.0),
        ),
    ]
    m = build_model(tiny_instance(demands={d.id: d for d in priced}))
    weights = {(CARS, 2031): 20, (CARS, 2032): 40, (DEFENCE, 2031): 30, (DEFENCE, 2032): 30}
    expected = {key: weights[key[1], key[-1]] / 35_000 for key in UNSERVED}
    assert_share(m, "value-weighted", expected)


@own_test
def test_measure_peak(tiny: OptModel) -> None:
    # The variable worst is 600 x the dependence of the worst year.
    assert_share(tiny, "peak", {("worst",): 1 / 600})


@own_test
def test_measure_public(tiny: OptModel) -> None:
    pays = {("pay", "refinery", "grant", 2030): 1.0, ("pay", "refinery", "grant", 2031): 1.0}
    assert_share(tiny, "public", pays)


@own_test
def test_measure_worth(tiny: OptModel) -> None:
    # USD 3 million a point are 300 of a share: on each term of dependence, beside what is paid.
    m = build_model(tiny_instance().replace(worth_of_point=3.0))
    found = linear(measure(m, "worth").expression)[0]
    share = {
        key: c * measure(m, "dependence").per_unit
        for key, c in linear(measure(m, "dependence").expression)[0].items()
    }
    pays = {("pay", "refinery", "grant", 2030): 1.0, ("pay", "refinery", "grant", 2031): 1.0}
    assert found == pytest.approx({**{key: 300 * c for key, c in share.items()}, **pays})
    # Nothing is said of its worth: what is paid alone.
    assert linear(measure(tiny, "worth").expression)[0] == pays


@own_test
def test_measure_cost(tiny: OptModel) -> None:
    # The sum of its parts.
    parts = (
        objectives.capital_cost,
        objectives.running_cost,
        objectives.standing_cost,
        objectives.freight,
        objectives.surplus_cost,
        objectives.carrying_cost,
        objectives.support_cost,
    )
    total: dict[VariableKey, float] = {}
    for part in parts:
        for key, c in linear(part(tiny))[0].items():
            total[key] = total.get(key, 0.0) + c
    assert linear(measure(tiny, "cost").expression)[0] == pytest.approx(total)
    assert measure(tiny, "cost").per_unit == 1.0


@own_test
def test_measure_world() -> None:
    # Only what regions outside the alliance are short of, unweighted.
    base = tiny_instance()
    other = demand("all", "C", amounts=dict.fromkeys(YEARS, 50.0))
    m = build_model(base.replace(demands={**base.demands, other.id: other}))
    assert_share(m, "world", {("short", other.id, t): 1.0 for t in YEARS})


def test_measures_in_the_units_of_the_workbook() -> None:
    # A thousand times the tonnes and the money: the model's own units hide it, the values do not.
    base = tiny_instance()
    big = {
        d.id: dataclasses.replace(d, amounts={t: a * 1e3 for t, a in d.amounts.items()})
        for d in base.demands.values()
    }
    dear = project(offers={2030: offer(2030, capex=4000.0)})
    m = build_model(base.replace(demands=big, projects={"refinery": dear}, **RICH))
    assert (m.scale.mass, m.scale.money) == (1e3, 1e3)
    assert_row(
        m.meet_demand[CARS, 2032],
        {("serve", CARS, CLEAR, 2032): 1, ("short", CARS, 2032): 1},
        "=",
        500.0,
    )
    assert measure(m, "public").per_unit == 1e3
    # Freight of USD 1 million on a thousand tonnes is USD 1,000 million: one unit of money.
    assert linear(objectives.freight(m))[0]["out", 0, "A", EXPOSED, 2030] == pytest.approx(1.0)


def test_carrying_cost() -> None:
    # 0.5 a unit and year, on the whole level of each class, at 1, 0.8 and 0.64.
    m = with_stock(buys=(CLEAR, EXPOSED))
    terms, constant = linear(objectives.carrying_cost(m))
    expected = {
        ("level", "vault", o, t): 0.5 * factor
        for o in BOTH
        for t, factor in zip(YEARS, (1, 0.8, 0.64), strict=True)
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_support_cost() -> None:
    # The rates themselves, 1 and 6 though the gap is 4, at the 0.8 of 2031.
    m = build_model(with_support(1.0, 6.0))
    terms, constant = linear(objectives.support_cost(m))
    expected = {
        ("supported", "grant", *SINTER, 2031): 0.8,
        ("supported", "credit", *SINTER, 2031): 4.8,
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_cost_counts_carrying_and_support_and_no_purchase() -> None:
    m = with_grant()
    terms, _ = linear(objectives.measure(m, "cost").expression)
    assert terms["level", "vault", CLEAR, 2032] == pytest.approx(0.5 * 0.64)
    assert terms["supported", "grant", *SINTER, 2032] == pytest.approx(0.64)
    assert not {"buy", "release", "pay_stock", "pay"} & {key[0] for key in terms}


def test_measure_public_with_stock_and_support() -> None:
    # Face value, whatever the charge.
    assert_share(with_grant(charge=0.5), "public", {**pays(1.0, 2030, 2031), **spends(1.0, *YEARS)})


def test_made_by_projects(tiny: OptModel) -> None:
    # A unit of the refinery's activity makes one of oxide. It can run from 2031 on, a year after a
    # commitment of 2030, exposed and, from the clear ore of its region, clear.
    terms, constant = linear(objectives.made_by_projects(tiny).expression)
    runs = [("run", "refinery", "refine", o, t) for o in BOTH for t in (2031, 2032)]
    assert (terms, constant) == (pytest.approx(dict.fromkeys(runs, 1.0)), 0)
