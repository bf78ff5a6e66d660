"""What an answer is worth, recomputed: dependence by year, money, and cost by part and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opt.audit.case import USD_PER_MUSD
from opt.audit.evidence import Evidence, Sums
from opt.audit.supply import (
    committed_capex,
    is_open,
    lead_years,
    operates,
    residual_share,
    spend_shares,
)
from opt.record.flows import Flows
from opt.record.money import Use
from opt.record.projects import Commitment

PARTS = (
    "capex",
    "opex",
    "fixed_opex",
    "freight",
    "surplus",
    "residual",
    "carrying",
    "support",
)

CostLines = Mapping[tuple[str, int], float]


@dataclass(frozen=True, slots=True)
class Dependence:
    """Weighted demand of allies and what of it is exposed or short, over some years."""

    demand: float
    exposed: float
    short: float

    def dependence(self, demand: float | None = None) -> float:
        """(exposed + short) / demand; 0 where nothing is demanded."""
        return _ratio(self.exposed + self.short, self.demand if demand is None else demand)

    def shortfall(self, demand: float | None = None) -> float:
        """short / demand; 0 where nothing is demanded."""
        return _ratio(self.short, self.demand if demand is None else demand)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def dependence_by_year(evidence: Evidence, sums: Sums) -> Mapping[int, Dependence]:
    """Sum over allied demands of weight x (demand, exposed, short), by year."""
    case = evidence.case
    books: dict[str, dict[int, float]] = {
        name: defaultdict(float) for name in ("demand", "exposed", "short")
    }
    for (key, year), demand in case.demand.items():
        if case.is_allied(key[0]):
            books["demand"][year] += case.demands[key].number_of("weight") * demand
    for given in sums.flows.deliveries:
        key = (given.region, given.commodity, given.segment)
        if case.is_allied(given.region):
            weight = case.demands[key].number_of("weight")
            books["exposed"][given.year] += weight * given.exposed
            books["short"][given.year] += weight * given.short
    return {
        year: Dependence(books["demand"][year], books["exposed"][year], books["short"][year])
        for year in case.years
    }


def dependence(evidence: Evidence, sums: Sums) -> float:
    """Sum over the counted years of (exposed + short), over the demand of those years."""
    by_year = dependence_by_year(evidence, sums)
    return sum_of_years(
        d for year, d in by_year.items() if evidence.case.is_counted(year)
    ).dependence()


def shortfall(evidence: Evidence, sums: Sums) -> float:
    """Sum over all years of short, over the demand of the counted years."""
    by_year = dependence_by_year(evidence, sums)
    counted = sum_of_years(d for year, d in by_year.items() if evidence.case.is_counted(year))
    return sum_of_years(by_year.values()).shortfall(counted.demand)


def sum_of_years(items: Iterable[Dependence]) -> Dependence:
    """Amounts of several years together."""
    rows = list(items)
    return Dependence(
        sum(row.demand for row in rows),
        sum(row.exposed for row in rows),
        sum(row.short for row in rows),
    )


def capex_musd(evidence: Evidence) -> float:
    """Capex of all commitments, undiscounted, USD million."""
    return sum(committed_capex(evidence.case, made) for made in evidence.answer.commitments)


def public_capex_musd(evidence: Evidence) -> float:
    """Public money in all commitments, undiscounted face value, USD million."""
    return sum(paid.paid_musd for paid in evidence.answer.paid_for(Use.CAPITAL))


def public_musd(evidence: Evidence) -> float:
    """All public money: for capital, stock and support; undiscounted face value, USD million."""
    return sum(paid.paid_musd for paid in evidence.answer.payments)


def cost_lines(evidence: Evidence) -> CostLines:
    """Undiscounted cost of the allied flows by part and year, USD million; residual negative."""
    lines: dict[tuple[str, int], float] = defaultdict(float)
    for made in evidence.answer.commitments:
        _add_commitment(evidence, made, lines)
    _add_facilities(evidence, lines)
    _add_flows(evidence, evidence.allied.flows, lines)
    for paid in evidence.answer.paid_for(Use.SUPPORT):
        lines["support", paid.year] += paid.paid_musd
    return lines


def bare_cost(evidence: Evidence, flows: Flows) -> float:
    """Discounted cost of flows without projects and programmes, USD million."""
    lines: dict[tuple[str, int], float] = defaultdict(float)
    _add_facilities(evidence, lines)
    _add_flows(evidence, flows, lines)
    return sum(musd * evidence.case.discount(year) for (_, year), musd in lines.items())


def _add_commitment(
    evidence: Evidence, made: Commitment, lines: dict[tuple[str, int], float]
) -> None:
    """Capex by spend year, fixed_opex x units from first operation to the end of life, and the
    residual value at last_year."""
    case = evidence.case
    plant = case.projects[made.project]
    capex = committed_capex(case, made)
    for year, share in spend_shares(case, made.project, made.year).items():
        lines["capex", year] += capex * share
    start = made.year + lead_years(case, plant, made.year)
    for year in case.years:
        if operates(plant, start, year):
            lines["fixed_opex", year] += plant.row.number_of("fixed_opex") * made.units
    lines["residual", case.tables.last_year] -= capex * residual_share(case, made)


def _add_facilities(evidence: Evidence, lines: dict[tuple[str, int], float]) -> None:
    for plant in evidence.case.facilities.values():
        for year in evidence.case.years:
            if is_open(plant, year):
                lines["fixed_opex", year] += plant.row.number_of("fixed_opex")


def _add_flows(evidence: Evidence, flows: Flows, lines: dict[tuple[str, int], float]) -> None:
    """opex x activity, freight x amount, surplus price x surplus, carrying_cost x level, each /
    1e6."""
    case = evidence.case
    for run in flows.activities:
        opex = case.plant(run.plant).row.number_of("opex")
        lines["opex", run.year] += opex * run.activity / USD_PER_MUSD
    for trade in flows.shipments:
        key = (trade.origin_region, trade.destination, trade.commodity, trade.year)
        lines["freight", trade.year] += evidence.lanes.find(*key).cost * trade.amount / USD_PER_MUSD
    for left in flows.leftovers:
        price = case.commodities[left.commodity]["surplus"]
        if isinstance(price, int | float):
            lines["surplus", left.year] += price * left.surplus / USD_PER_MUSD
    for stock in flows.stocks:
        rate = case.stockpiles[stock.stockpile].number_of("carrying_cost")
        lines["carrying", stock.year] += rate * stock.level / USD_PER_MUSD


def discounted_parts(evidence: Evidence) -> Mapping[str, float]:
    """Cost by part, each year at its discount factor, USD million."""
    parts = dict.fromkeys(PARTS, 0.0)
    for (part, year), musd in cost_lines(evidence).items():
        parts[part] += musd * evidence.case.discount(year)
    return parts
