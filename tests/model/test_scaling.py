"""Every number of an Instance has a unit in its type, and comes into model units by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from instances import offer, plant, programme, project, stockpile, tiny_instance

from opt.data.instance import Ceiling, Instance
from opt.data.units import Mass, Share
from opt.model.scaling import Scale, conversions, to_model_units

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
    kinds = ("private", "capex", "starts")
    given = tuple(Ceiling(what, what, (), {2030: 2000.0}) for what in kinds)
    assert [c.limits[2030] for c in scaled(ceilings=given).ceilings] == [2.0, 2.0, 2000.0]
