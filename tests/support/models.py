"""Models of `instances.tiny_instance` with stock, support or contracts, and terms of their rows.

One unit of money a unit of the stockpile is USD 1,000,000 a unit.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from algebra import CARS, DEFENCE, VariableKey
from instances import (
    MILLION,
    SINTER,
    offtake,
    programme,
    project,
    stockpile,
    tiny_instance,
    trading,
)

from opt.data.instance import Ceiling, Instance, Near, Offtake, Programme
from opt.model.build import build_model
from opt.model.rule import OptModel

WEIGHTS = {CARS: 2.0, DEFENCE: 1.0}
DOWN: dict[VariableKey, float] = {("downgrade", "A", "oxide", 2031): -1.0}
# A fund that could pay its half of a refinery of 8,000.
RICH: dict[str, Any] = {"programmes": {"grant": programme(amount=4000.0)}}


def with_ceiling(what: str, limits: dict[int, float], **changes: Any) -> OptModel:
    """The model with a ceiling over the refinery, which is changed."""
    ceiling = Ceiling(f"{what}|all|", what, ("refinery",), limits)
    projects = {"refinery": project(**changes)}
    return build_model(tiny_instance(projects=projects, ceilings=(ceiling,)))


def with_stock(*programmes: Programme, **changes: Any) -> OptModel:
    """The model with the vault changed, for which the grant, or these programmes, may buy."""
    payers = programmes or (programme(stocks=("vault",)),)
    return build_model(stocked(*payers, **changes))


def stocked(*programmes: Programme, **changes: Any) -> Instance:
    """The instance with the vault changed and these programmes."""
    return tiny_instance(
        stockpiles={"vault": stockpile(**changes)}, programmes={k.id: k for k in programmes}
    )


def per_price(row: dict[VariableKey, float], price: float) -> dict[VariableKey, float]:
    """The row as written: both sides over the price, which is above the carrying cost here."""
    return {key: coefficient / price for key, coefficient in row.items()}


def with_support(*rates: float, **changes: Any) -> Instance:
    """The instance in which the magnet plant loses USD 4 million a unit in 2031; for each rate a
    programme that pays so many USD million a unit then, the grant first."""
    funds = [
        programme(k, rates={"support": {SINTER: {2031: rate * MILLION}}}, **changes)
        for k, rate in zip(("grant", "credit"), rates, strict=False)
    ]
    return tiny_instance(
        gaps={SINTER: {2031: 4 * MILLION}}, programmes={fund.id: fund for fund in funds}
    )


def with_grant(**changes: Any) -> OptModel:
    """The model with a grant, changed, that pays for capex, for the vault, and USD 1 million a unit
    of the magnet plant's activity in 2031 and 2032."""
    rates = dict.fromkeys((2031, 2032), 1 * MILLION)
    grant = programme(stocks=("vault",), rates={"support": {SINTER: rates}}, **changes)
    gaps = {SINTER: dict.fromkeys((2031, 2032), 4 * MILLION)}
    return build_model(stocked(grant).replace(gaps=gaps))


def pays(capex: float, *year: int) -> dict[VariableKey, float]:
    """What the grant pays into commitments of some years, each with one coefficient."""
    return {("pay", "refinery", "grant", v): capex for v in year}


def spends(factor: float, *years: int) -> dict[VariableKey, float]:
    """What the grant pays for the vault and the magnet plant in some years, each with a factor."""
    stock: dict[VariableKey, float] = {("pay_stock", "grant", "vault", t): factor for t in years}
    support = {("supported", "grant", *SINTER, t): factor for t in years if t > 2030}
    return {**stock, **support}


def everything(**changes: Any) -> Instance:
    """An instance with a stockpile, support, a contract to 2031, a least use in C in 2031, a
    plan to stay near and a set to avoid; the stockpile is changed."""
    rates = {"support": {SINTER: {2031: MILLION}}}
    grant = programme(commit_to=2031, stocks=("vault",), rates=rates)
    facilities = dict(tiny_instance().facilities)
    facilities["refinery_c"] = dataclasses.replace(
        facilities["refinery_c"], least_use={2031: 0.5}, idle_cost=MILLION
    )
    return tiny_instance(
        facilities=facilities,
        stockpiles={"vault": stockpile(**changes)},
        programmes={
            "grant": grant,
            "late": programme("late", commit_from=2033, commit_to=2033, stocks=("vault",)),
        },
        gaps={SINTER: {2031: 4 * MILLION}},
        offtakes=(offtake("C", share=0.5, last_year=2031),),
        avoided=(("refinery",),),
        near=Near("before", {("refinery", 2030): 2, ("gone", 2030): 1}, 1),
    )


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


def on_lane(number: int, *classes: str, factor: float = -1.0) -> dict[VariableKey, float]:
    """Trade on a lane in 2031."""
    return {("send", number, o, 2031): factor for o in classes}
