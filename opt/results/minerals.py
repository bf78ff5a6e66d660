"""How a plan falls on minerals: dependence of each, plants and money."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from opt.data.instance import Instance
from opt.record.flows import Delivery
from opt.record.minerals import MineralResult, MineralYear
from opt.record.money import Payment, Use
from opt.record.run import Solution
from opt.results.shares import dependence_by


def mineral_years(
    instance: Instance, deliveries: Iterable[Delivery], baseline: Iterable[Delivery]
) -> tuple[MineralYear, ...]:
    """Dependence of every mineral that allies ask for, by year; none where there is one mineral."""
    if _is_one(instance):
        return ()

    def held(commodity: str) -> Mapping[str, float]:
        return {instance.commodities[commodity].mineral: 1.0}

    return tuple(MineralYear(*row) for row in dependence_by(instance, held, deliveries, baseline))


def _is_one(instance: Instance) -> bool:
    return len({c.mineral.casefold() for c in instance.commodities.values()}) < 2


def mineral_results(
    instance: Instance, solution: Solution, years: Iterable[MineralYear]
) -> tuple[MineralResult, ...]:
    """Every mineral that allies ask for or the plan builds or pays for, by name; none where there
    is one mineral."""
    if _is_one(instance):
        return ()
    of = {j: minerals_of(instance, j) for j in instance.plants()}
    rows = list(years)
    counts = _weights(instance)
    names = {row.mineral for row in rows}
    names |= {of[c.project] for c in solution.commitments}
    names |= {_mineral_paid(instance, of, paid) for paid in solution.payments}
    return tuple(
        _result(instance, solution, (name, counts.get(name.casefold(), 0.0)), rows, of)
        for name in sorted(names)
    )


def _weights(instance: Instance) -> dict[str, float]:
    """The part that each mineral has of all that dependence is the mean of; of demand that is added
    up as it is, its part of it."""
    years = instance.dependence_years
    asked, rates = instance.asked_for(years), instance.rates_in(years)
    whole = sum(rates[m] * amount for m, amount in asked.items())
    return {m: rates[m] * amount / whole if whole > 0 else 0.0 for m, amount in asked.items()}


def _result(
    instance: Instance,
    solution: Solution,
    named: tuple[str, float],
    years: Collection[MineralYear],
    of: Mapping[str, str],
) -> MineralResult:
    mineral, weight = named
    own = [row for row in years if row.mineral == mineral]
    counted = [row for row in own if row.year in instance.dependence_years]
    demand = sum(row.demand for row in counted)
    made = [c for c in solution.commitments if of[c.project] == mineral]
    paid = [p for p in solution.payments if _mineral_paid(instance, of, p) == mineral]
    per = 1.0 / demand if demand > 0 else 0.0
    return MineralResult(
        mineral=mineral,
        weight=weight,
        demand=demand,
        dependence=sum(row.exposed + row.short for row in counted) * per,
        baseline_dependence=sum(row.baseline_dependence * row.demand for row in counted) * per,
        shortfall=sum(row.short for row in own) * per,
        plants=len({c.project for c in made}),
        capex_musd=sum((c.capex_musd for c in made), 0.0),
        public_musd=sum((p.paid_musd for p in paid if p.use is Use.CAPITAL), 0.0),
        other_public_musd=sum((p.paid_musd for p in paid if p.use is not Use.CAPITAL), 0.0),
    )


def _mineral_paid(instance: Instance, of: Mapping[str, str], paid: Payment) -> str:
    if paid.use is Use.STOCK:
        return instance.commodities[instance.stockpiles[paid.thing].commodity].mineral
    return of[paid.thing]


def minerals_of(instance: Instance, plant: str) -> str:
    """The minerals that a plant makes, or of the limits on capacity that it lifts where it makes
    nothing; several separated by ;."""
    made = {
        instance.commodities[c].mineral
        for p in instance.plants()[plant].rates
        for c in instance.processes[p].outputs
    }
    lifted = {
        instance.commodities[ceiling.commodity].mineral
        for ceiling in instance.ceilings
        if plant in ceiling.lifts
    }
    return "; ".join(sorted(filter(None, made or lifted)))
