"""Every number of an Instance has a unit in its type, and comes into model units by it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from algebra import CARS, VariableKey, assert_row, linear
from instances import (
    BOTH,
    MILLION,
    SINTER,
    YEARS,
    demand,
    large,
    offer,
    plant,
    programme,
    project,
    stockpile,
    target,
    tiny_instance,
)
from models import RICH, WEIGHTS, per_price

from opt.data.instance import Ceiling, Instance
from opt.data.units import Mass, Share
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.model.scaling import Scale, conversions, to_model_units
from opt.record.flows import CLEAR

# A model unit is 10 units of mass and USD 1000 million: USD 1e8 a unit is 1 in the model.
SCALE = Scale(mass=10.0, money=1000.0)


@dataclass(frozen=True)
class Deposit:
    """A record as one forgets a unit."""

    ore: Mass
    grade: Share
    depth: float


@dataclass(frozen=True)
class InMapping:
    """The same, deep in a mapping."""

    seams: Mapping[str, Mapping[int, float]]


@dataclass(frozen=True)
class InOptional:
    """The same, where there may be none."""

    depth: float | None


@dataclass(frozen=True)
class InRecord:
    """The same, in the record of a record."""

    deposits: tuple[Deposit, ...]


def test_every_number_of_an_instance_has_a_unit() -> None:
    assert conversions(Instance)


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (Deposit, "Deposit.depth: a number without a unit"),
        (InMapping, "InMapping.seams: a number without a unit"),
        (InOptional, "InOptional.depth: a number without a unit"),
        (InRecord, "InRecord.deposits: Deposit.depth: a number without a unit"),
    ],
)
def test_a_number_without_a_unit_is_refused_by_name(record: type, named: str) -> None:
    with pytest.raises(TypeError, match=f"^{named}$"):
        conversions(record)


def scaled(**changes: Any) -> Instance:
    """The tiny instance with changes, in model units."""
    return to_model_units(tiny_instance(**changes), SCALE)


def test_masses_and_money_of_a_project() -> None:
    costly = replace(plant("refinery", "A", "refine"), opex=2e8, fixed_opex=50.0)
    one = offer(2030, capex=4000.0, capex_per_unit=300.0, residual=0.25)
    given = project(
        plant=costly, offers={2030: one}, capacity_min=40.0, capacity_max=80.0, max_units=3
    )
    found = scaled(projects={"refinery": given}).projects["refinery"]
    assert (found.capacity_min, found.capacity_max, found.max_units) == (4.0, 8.0, 3)
    assert (found.plant.opex, found.plant.fixed_opex) == (2.0, 0.05)
    assert found.plant.rates == costly.rates
    made = found.offers[2030]
    # USD 300 million a unit is USD 3000 million for ten of them, three model units of money.
    assert (made.capex, made.capex_per_unit, made.residual) == (4.0, 3.0, 0.25)
    assert (made.spend, made.usable) == (one.spend, one.usable)


def test_money_of_a_programme() -> None:
    rates = {("refinery", "refine"): {2031: 3e8}}
    limits = {2030: 2000.0}
    given = programme(amount=5000.0, ticket_min=100.0, limits=limits, rates={"support": rates})
    found = scaled(programmes={"grant": given}).programmes["grant"]
    assert (found.amount, found.ticket_min, found.limits) == (5.0, 0.1, {2030: 2.0})
    assert (found.ticket_max, found.charge, found.shares) == (None, given.charge, given.shares)
    assert found.rates["support"] == {("refinery", "refine"): {2031: 3.0}}


def test_a_stockpile() -> None:
    given = stockpile(prices={2030: 1e8}, carrying_cost=5e7, initial={"clear": 20.0}, capacity=None)
    found = scaled(stockpiles={"vault": given}).stockpiles["vault"]
    assert (found.initial, found.capacity, found.loss) == ({"clear": 2.0}, None, given.loss)
    assert (found.prices, found.carrying_cost) == ({2030: 1.0}, 0.5)


def test_the_unit_of_a_ceiling_is_that_of_what_it_limits() -> None:
    kinds = ("private", "capex", "starts", "capacity")
    given = tuple(Ceiling(what, what, (), {2030: 2000.0}) for what in kinds)
    assert [c.limits[2030] for c in scaled(ceilings=given).ceilings] == [2.0, 2.0, 2000.0, 200.0]
    (lifted,) = scaled(
        ceilings=(Ceiling("c", "capacity", (), {}, made={"a": 2.0}, learn=0.5, lifts={"a": 40.0}),)
    ).ceilings
    assert (lifted.made, lifted.learn, lifted.lifts) == ({"a": 2.0}, 0.5, {"a": 4.0})


def test_the_scale_is_one(tiny: OptModel) -> None:
    # Largest allied demand 500 lies in 100..1000, largest capex 4 in 1..10.
    assert (tiny.scale.mass, tiny.scale.money) == (1.0, 1.0)
    assert tiny.scale.unit_cost * MILLION == pytest.approx(1.0)


def test_limits_in_model_units() -> None:
    # Capex of 4,000 makes 1 money unit USD 1,000 million: the ceiling of 6,000 is 6, of 2 units 2.
    dear = project(offers={2030: offer(2030, capex=4000.0)})
    ceilings = (
        Ceiling("capex|all|", "capex", ("refinery",), {2030: 6000.0}),
        Ceiling("starts|all|", "starts", ("refinery",), {2030: 2.0}),
    )
    m = build_model(tiny_instance(projects={"refinery": dear}, ceilings=ceilings, **RICH))
    build = ("build", "refinery", 2030)
    assert_row(m.limit_capex[0, 2030], {build: 4.0}, "<=", 6.0)
    assert_row(m.limit_starts[1, 2030], {build: 1.0}, "<=", 2.0)


def test_what_cannot_be_paid_does_not_set_the_scale_of_money() -> None:
    # A quarter of capex must be public and half may be, of a fund of 3: 12 at most. Capex 12 is
    # within reach and sets the scale at 10; 13 is not, and the scale stays that of the 4 beside it.
    def scale(capex: float, **changes: object) -> float:
        offers = {2030: offer(2030), 2031: offer(2031, capex=capex)}
        changed = {"projects": {"refinery": project(offers=offers)}} | changes
        return build_model(tiny_instance(**changed)).scale.money

    assert (scale(12.0), scale(13.0)) == (10.0, 1.0)
    assert scale(6e11) == 1.0
    # Where nothing is within reach, the fund's 3 says how large the case is, or the cheapest unit
    # where that is less or nobody has money.
    lone = {"refinery": project(offers={2030: offer(2030, capex=6e11)})}
    assert scale(0.0, projects=lone) == 1.0
    cheap = {"refinery": project(offers={2030: offer(2030, capex=50.0)})}
    poor = programme(shares={}, amount=700.0)
    assert scale(0.0, projects=cheap, programmes={"grant": poor}) == 10.0
    assert scale(0.0, projects=cheap, programmes={}) == 10.0
    # Of 60 half is private, and half of that falls due in 2031: 15, for which 10 is not enough.
    ready = {"ceilings": (Ceiling("private|all|", "private", ("refinery",), {2031: 10.0}),)}
    assert (scale(60.0, **RICH), scale(60.0, **RICH, **ready)) == (10.0, 1.0)


def test_what_does_not_count_does_not_set_the_scale_of_mass() -> None:
    # 500 a year count. 1e12 that others ask for, or that weighs nothing, does not, nor a capacity.
    base = tiny_instance()
    more = [demand("all", "C"), demand("toys", weight=0.0)]
    more = [dataclasses.replace(d, amounts=dict.fromkeys(YEARS, 1e12)) for d in more]
    plenty = {
        f: dataclasses.replace(item, usable=dict.fromkeys(YEARS, 1e12))
        for f, item in base.facilities.items()
    }
    both = {**base.demands, **{d.id: d for d in more}}
    assert build_model(base.replace(demands=both, facilities=plenty)).scale.mass == 1.0
    # However little it weighs, what counts has its say: 500 of the cars at a weight of a tenth.
    light = {d.id: dataclasses.replace(d, weight=d.weight / 20) for d in base.demands.values()}
    both = {**light, **{d.id: d for d in more}}
    assert build_model(base.replace(demands=both, facilities=plenty)).scale.mass == 1.0


def test_stock_and_support_in_model_units() -> None:
    # A thousand times the tonnes and the money: 1 model unit is 1,000 t or USD 1,000 million, so
    # that USD 3 million a tonne is 3,000 million a thousand: 3.
    support = {SINTER: {2031: 2 * MILLION}}
    grant = programme(amount=4000.0, stocks=("vault",), rates={"support": support})
    vault = stockpile(initial={CLEAR: 20e3}, capacity=60e3)
    m = build_model(
        large(
            stockpiles={"vault": vault},
            programmes={"grant": grant},
            gaps={SINTER: {2031: 4 * MILLION}},
        )
    )
    row: dict[VariableKey, float] = {
        ("level", "vault", CLEAR, 2030): 1.0,
        ("buy", "vault", CLEAR, 2030): -1.0,
    }
    assert_row(m.balance_stock["vault", CLEAR, 2030], row, "=", 18.0)
    assert_row(m.limit_stock["vault", 2030], {("level", "vault", CLEAR, 2030): 1.0}, "<=", 60.0)
    row = {("pay_stock", "grant", "vault", 2031): 1.0, ("buy", "vault", CLEAR, 2031): -3.0}
    assert_row(m.pay_purchases["vault", 2031], per_price(row, 3.0), ">=", 0.0)
    row |= {("level", "vault", CLEAR, 2031): -0.5}
    assert_row(m.pay_carrying["vault", 2031], per_price(row, 3.0), ">=", -8.1 / 3.0)
    cover = {("supported", "grant", *SINTER, 2031): 0.5}
    runs: dict[VariableKey, float] = {("run", *SINTER, o, 2031): -1.0 for o in BOTH}
    assert_row(m.cover_gap[*SINTER, 2031], {**cover, **runs}, ">=", 0.0)
    terms, _ = linear(m.limit_programme["grant"].body)
    assert terms["supported", "grant", *SINTER, 2031] == pytest.approx(2.0)


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
