"""Objectives: named expressions, each with the unit in which a person reads it.

The solver minimises the expression in model units with weights scaled to at most 1; `Measure`
turns its value into the share or the USD million that is reported. Dividing inside the solver
would put coefficients under its tolerances and return a wrong optimum in silence.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from opt.data.instance import Demand
from opt.data.weighing import rates_of
from opt.model.money import outlay_money, public_money
from opt.model.outlays import OUTLAYS, UNIT_OUTLAYS, Outlay
from opt.model.projects import capex
from opt.model.rule import OptModel, Relation, over
from opt.model.variables import term
from opt.objectives import objective_of
from opt.record.flows import EXPOSED

POINTS = 100.0  # of a share of 1


@dataclass(frozen=True, slots=True)
class Measure:
    """One objective: reported value = expression x per_unit (0: there is nothing to measure)."""

    name: str
    expression: Any
    per_unit: float


def unserved(m: OptModel, d: str, t: int) -> Any:
    """Demand that is exposed or short. mass/yr."""
    return m.short[d, t] + term(m.serve, (d, EXPOSED, t))


def _allied(m: OptModel, years: Iterable[int]) -> list[tuple[Demand, int]]:
    wanted = set(years)
    return [
        (m.data.demands[d], t)
        for d, t in m.index.SHORT
        if t in wanted and m.data.demands[d].allied and m.data.demands[d].weight > 0
    ]


def _share(
    m: OptModel,
    years: Iterable[int],
    part: Callable[[OptModel, str, int], Any] = unserved,
    weigh: Callable[[Demand, int], float] = lambda demand, _: demand.weight,
    counted: Iterable[int] | None = None,
) -> tuple[Any, float, float]:
    """Sum of weight x part over allied demands and years, with weights scaled to at most 1,
    minerals weighed by what is asked of them in the counted years (opt.data.weighing), or in these.

    Returns the expression, the largest weight, and the sum of weight x demand.
    """
    terms = _allied(m, years)
    asked: dict[str, float] = defaultdict(float)
    for d, t in terms if counted is None else _allied(m, counted):
        asked[m.data.mineral_of(d.commodity)] += weigh(d, t) * d.amounts[t]
    rates = rates_of(m.data.mineral_weights, asked)
    # A mineral that has a weight and is not asked for in the counted years counts in none.
    absent = 0.0 if m.data.mineral_weights else 1.0
    weights = [rates.get(m.data.mineral_of(d.commodity), absent) * weigh(d, t) for d, t in terms]
    largest = max(weights, default=1.0) or 1.0
    parts = [
        weight / largest * part(m, d.id, t) for weight, (d, t) in zip(weights, terms, strict=True)
    ]
    return (
        sum(parts),
        largest,
        math.fsum(rates[mineral] * amount for mineral, amount in asked.items()),
    )


def _per(total: float, largest: float) -> float:
    return largest / total if total > 0 else 0.0


def dependence(m: OptModel) -> Measure:
    r"""Weighted share of allied demand in the dependence years that is exposed or short.

    \sum w_d (serve_{d,exposed,t} + short_{dt}) / \sum w_d demand_{dt}
    where minerals have weights: \sum_m W_m D_m / \sum_m W_m, D_m the same of mineral m alone, over
    minerals that are asked for. Likewise in all shares below.
    """
    expression, largest, total = _share(m, m.data.dependence_years)
    return Measure("dependence", expression, _per(total, largest))


def dependence_in(m: OptModel, year: int) -> Measure:
    """Dependence of one year alone."""
    expression, largest, total = _share(m, [year])
    return Measure(f"dependence@{year}", expression, _per(total, largest))


def value_weighted(m: OptModel) -> Measure:
    r"""Dependence with every unit weighed by its price as well: w_d price_{dt} in place of w_d."""
    years = m.data.dependence_years
    expression, largest, total = _share(m, years, weigh=lambda d, t: d.weight * d.prices[t])
    return Measure("value-weighted", expression, _per(total, largest))


def shortfall(m: OptModel) -> Measure:
    r"""Weighted short over all years, per the denominator of dependence.

    \sum_{all t} w_d short_{dt} / \sum_{dependence years} w_d demand_{dt}
    """
    years, counted = m.data.years, m.data.dependence_years
    expression, largest, total = _share(
        m, years, lambda model, d, t: model.short[d, t], counted=counted
    )
    return Measure("shortfall", expression, _per(total, largest))


def peak(m: OptModel) -> Measure:
    """Dependence of the worst of the dependence years; variable `worst` bounds each from above."""
    return Measure("peak", m.worst, 1.0 / m.worst_scale)


def public(m: OptModel) -> Measure:
    """Public money over all programmes, face value, for every use. USD million."""
    paid = sum(public_money(m, j, v) for j, v in m.index.BUILD)
    others = sum(outlay_money(m, outlay, key) for outlay in OUTLAYS for key in m.index.paid(outlay))
    return Measure("public", paid + others, m.scale.money)


def worth(m: OptModel) -> Measure:
    r"""Public money, and dependence at what a point of it, 0.01, is worth at most. USD million.

    public + worth\_of\_point \cdot 100 \cdot dependence
    """
    paid, share = public(m), dependence(m)
    of_share = POINTS * (m.data.worth_of_point or 0.0) * share.per_unit
    return Measure("worth", paid.expression + of_share * share.expression, paid.per_unit)


def cost(m: OptModel) -> Measure:
    r"""Discounted cost of serving allies, USD million: capex, opex, freight, surplus, residual.

    \sum_t df_t (capex due + opex run + fixed opex + freight + surplus cost + carrying + support)
      - df_{last} \sum residual share x capex
    and what it costs that capacity stands idle below its least use, which is told apart.
    """
    whole = sum(part(m) for part in COST_PARTS) + idle_cost(m)
    return Measure("cost", whole, m.scale.money)


def capital_cost(m: OptModel) -> Any:
    r"""capex_{jv} (\sum_t df_t spend_{t-v} - df_{last} residual_{jv}), late spending included."""
    discount, last = m.data.discount, m.data.last_year
    terms = []
    for j, v in m.index.BUILD:
        offer = m.data.projects[j].offers[v]
        factor = math.fsum(discount(t) * share for t, share in offer.spend.items())
        terms.append((factor - discount(last) * offer.residual) * capex(m, j, v))
    return sum(terms)


def running_cost(m: OptModel) -> Any:
    r"""\sum df_t opex_f run_{fpot}."""
    plants = m.index.plants
    return sum(
        m.data.discount(key[3]) * plants[key[0]].opex * m.run[key]
        for key in m.index.RUN
        if plants[key[0]].opex > 0
    )


def standing_cost(m: OptModel) -> Any:
    r"""\sum df_t fixed\_opex over the years a plant is open, whether it runs or not."""
    fixed = math.fsum(
        m.data.discount(t) * f.plant.fixed_opex
        for f in m.data.facilities.values()
        for t in f.open_years
    )
    terms = []
    for j, v in m.index.BUILD:
        project = m.data.projects[j]
        discounts = math.fsum(m.data.discount(t) for t in project.offers[v].open_years)
        if project.plant.fixed_opex > 0 and discounts > 0:
            terms.append(discounts * project.plant.fixed_opex * m.build[j, v])
    return sum(terms) + fixed


def freight(m: OptModel) -> Any:
    r"""\sum df_t cost x shipped; a pool charges what goes into it."""
    lanes = sum(
        m.data.discount(key[2]) * m.lanes[key[0]].cost * m.send[key]
        for key in m.index.SEND
        if m.lanes[key[0]].cost > 0
    )
    pools = sum(
        m.data.discount(key[3]) * m.pools[key[0]].cost * m.out[key]
        for key in m.index.OUT
        if m.pools[key[0]].cost > 0
    )
    return lanes + pools


def surplus_cost(m: OptModel) -> Any:
    r"""\sum df_t cost_c surplus_{rcot}; a credit where the cost is negative."""
    costs = {c: item.surplus or 0.0 for c, item in m.data.commodities.items()}
    return sum(
        m.data.discount(key[3]) * costs[key[1]] * m.surplus[key]
        for key in m.index.SURPLUS
        if costs[key[1]]
    )


def carrying_cost(m: OptModel) -> Any:
    r"""\sum df_t carrying_s level_{sot}."""
    stockpiles = m.data.stockpiles
    return sum(
        m.data.discount(key[2]) * stockpiles[key[0]].carrying_cost * m.level[key]
        for key in m.index.LEVEL
        if stockpiles[key[0]].carrying_cost > 0
    )


def support_cost(m: OptModel) -> Any:
    r"""\sum df_t rate x units of every use of public money that is paid by the unit."""
    return sum(outlay_cost(m, outlay) for outlay in UNIT_OUTLAYS)


def outlay_cost(m: OptModel, outlay: Outlay) -> Any:
    r"""\sum df_t rate x variable of one use of public money. money."""
    paid = m.index.paid(outlay)
    return sum(m.data.discount(key[-1]) * outlay_money(m, outlay, key) for key in paid)


def idle_cost(m: OptModel) -> Any:
    r"""\sum df_t idle\_cost_f idle_{ft}; no part of the cost that is told."""
    return sum(
        m.data.discount(t) * (m.data.facilities[f].idle_cost or 0.0) * m.idle[f, t]
        for f, t in m.index.IDLE
    )


COST_PARTS = (
    capital_cost,
    running_cost,
    standing_cost,
    freight,
    surplus_cost,
    carrying_cost,
    support_cost,
)


def others_shortage(m: OptModel) -> Measure:
    """What regions outside the alliance are short of, all years. Workbook units."""
    others = {d: own for d, own in m.data.demands.items() if not own.allied}
    part = {d: m.scale.of(own).mass / m.scale.mass for d, own in others.items()}
    terms = [part[d] * m.short[d, t] for d, t in m.index.SHORT if d in others]
    return Measure("world", sum(terms), m.scale.mass)


def made_by_projects(m: OptModel) -> Measure:
    r"""What the plants of projects make, all years and both classes. Model units of mass.

    \sum_{j,p,o,t} made_p run_{jpot}, with made_p what a unit of activity makes of all commodities
    """
    made = {name: sum(p.recipe[c] for c in p.outputs) for name, p in m.data.processes.items()}
    runs = [(made[key[1]], m.run[key]) for key in m.index.RUN if key[0] in m.data.projects]
    largest = max((weight for weight, _ in runs), default=1.0) or 1.0
    return Measure("made by projects", sum(w / largest * run for w, run in runs), largest)


def _weighted_years(m: OptModel) -> list[int]:
    return [t for t in m.data.dependence_years if m.data.weighted_demand_in([t]) > 0]


@over(_weighted_years)
def define_worst(m: OptModel, t: int) -> Relation:
    r"""The worst year is at least as bad as each year.

    Enforced over: dependence years with weighted allied demand.
    \sum_d w_d (serve_{d,exposed,t} + short_{dt}) / \sum_d w_d demand_{dt} <= worst
    (both sides times worst_scale, a demand of the size of the others, for the solver's sake)
    """
    measure = dependence_in(m, t)
    return measure.expression * (measure.per_unit * m.worst_scale) - m.worst <= 0.0


# Every objective of opt.objectives; one that is asked for a year takes it.
MEASURES: dict[str, Callable[..., Measure]] = {
    "dependence": dependence,
    "dependence@YEAR": dependence_in,
    "shortfall": shortfall,
    "cost": cost,
    "public": public,
    "worth": worth,
    "peak": peak,
    "value-weighted": value_weighted,
    "world": others_shortage,
}


def measure(m: OptModel, name: str) -> Measure:
    """The measure of a pass by name."""
    asked = objective_of(name)
    written = MEASURES[asked.row]
    return written(m) if asked.year is None else written(m, asked.year)
