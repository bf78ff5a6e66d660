"""What an answer costs, by part and year, and the metrics of run.json."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from opt.audit.case import BASELINE, USD_PER_MUSD
from opt.audit.check import WIDEST, Check, Scales, equal, scales_of
from opt.audit.demand import dependence, pooled_shares, shortfall, told_pooled, told_years
from opt.audit.evidence import Evidence
from opt.audit.idle import idle_musd
from opt.audit.measures import told_measures
from opt.audit.projects import (
    committed_capex,
    is_open,
    lead_years,
    operates,
    residual_share,
    spend_shares,
)
from opt.audit.rule import of_plan, told
from opt.record.flows import Flows
from opt.record.money import BESIDE_CAPITAL, BY_UNIT, Use
from opt.record.projects import Commitment

PARTS = (
    "capex",
    "opex",
    "fixed_opex",
    "freight",
    "surplus",
    "residual",
    "carrying",
    *(use.value for use in BY_UNIT),
)
CostLines = Mapping[tuple[str, int], float]


def capex_musd(evidence: Evidence) -> float:
    """Capex of all commitments, undiscounted, USD million."""
    return sum(committed_capex(evidence.case, made) for made in evidence.answer.commitments)


def public_capex_musd(evidence: Evidence) -> float:
    """Public money in all commitments, undiscounted face value, USD million."""
    return sum(paid.paid_musd for paid in evidence.answer.paid_for(Use.CAPITAL))


def public_musd(evidence: Evidence) -> float:
    """All public money, for every use: undiscounted face value, USD million."""
    return sum(paid.paid_musd for paid in evidence.answer.payments)


def cost_lines(evidence: Evidence) -> CostLines:
    """Undiscounted cost of the allied flows by part and year, USD million; residual negative."""
    lines: dict[tuple[str, int], float] = defaultdict(float)
    for made in evidence.answer.commitments:
        _add_commitment(evidence, made, lines)
    _add_facilities(evidence, lines)
    _add_flows(evidence, evidence.allied.flows, lines)
    for use in BY_UNIT:
        for paid in evidence.answer.paid_for(use):
            lines[use.value, paid.year] += paid.paid_musd
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
    """Capex by spend year, fixed_opex x opex_share x units from first operation to the end of life,
    and the residual value at last_year."""
    case = evidence.case
    plant = case.projects[made.project]
    capex = committed_capex(case, made)
    for year, share in spend_shares(case, made.project, made.year).items():
        lines["capex", year] += capex * share
    start = made.year + lead_years(case, plant, made.year)
    for year in case.years:
        if operates(plant, start, year):
            lines["fixed_opex", year] += plant.carried("fixed_opex") * made.units
    lines["residual", case.tables.last_year] -= capex * residual_share(case, made)


def _add_facilities(evidence: Evidence, lines: dict[tuple[str, int], float]) -> None:
    for plant in evidence.case.facilities.values():
        for year in evidence.case.years:
            if is_open(plant, year):
                lines["fixed_opex", year] += plant.carried("fixed_opex")


def _add_flows(evidence: Evidence, flows: Flows, lines: dict[tuple[str, int], float]) -> None:
    """opex x opex_share x activity, freight x amount, surplus price x surplus, carrying_cost x
    level, each / 1e6."""
    case = evidence.case
    for run in flows.activities:
        opex = case.plant(run.plant).carried("opex")
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


@of_plan
def define_money(evidence: Evidence) -> Iterator[Check]:
    """capex = sum of effective capex; public = sum of payments for capex, stock and support;
    private = capex - payments for capex.

    Undiscounted, USD million.
    """
    metrics, floor = evidence.answer.metrics, evidence.case.money_floor
    capex, public = capex_musd(evidence), public_musd(evidence)
    private = capex - public_capex_musd(evidence)
    for name, right in (("capex", capex), ("public", public), ("private", private)):
        yield equal((name,), metrics[f"{name}_musd"], right, max(floor, capex))


@of_plan
def define_cost_parts(evidence: Evidence) -> Iterator[Check]:
    """cost_parts[part] = sum over years of its cost x (1 + discount_rate)^-(t - first_year).

    Of the allied flows; residual negative. USD million; scale: the largest part.
    """
    parts = discounted_parts(evidence)
    given = evidence.answer.metrics["cost_parts"]
    scale = max(evidence.case.money_floor, *(abs(part) for part in parts.values()))
    for name, right in parts.items():
        yield equal((name,), given.get(name, 0.0), right, scale)


@of_plan
def define_cost(evidence: Evidence) -> Iterator[Check]:
    """cost = capex + opex + fixed_opex + freight + surplus + residual + carrying + support,
    discounted, USD million."""
    parts = discounted_parts(evidence)
    scale = max(evidence.case.money_floor, *(abs(part) for part in parts.values()))
    yield equal(("cost",), evidence.answer.metrics["cost_musd"], sum(parts.values()), scale)


@of_plan
def define_costs_table(evidence: Evidence) -> Iterator[Check]:
    """costs.csv: cost by part and year, and the same x (1 + discount_rate)^-(t - first_year).

    USD million; a line left out is 0.
    """
    floor = evidence.case.money_floor
    lines = cost_lines(evidence)
    rows = {(row.part, row.year): (row.musd, row.discounted_musd) for row in evidence.answer.costs}
    for key in sorted(lines.keys() | rows.keys()):
        musd, discounted = rows.get(key, (0.0, 0.0))
        right = lines.get(key, 0.0)
        yield equal((*key, "musd"), musd, right, floor)
        yield equal((*key, "discounted"), discounted, right * evidence.case.discount(key[1]), floor)


@told
def tell_metrics(evidence: Evidence) -> Mapping[str, Any]:
    """dependence, shortfall, pooled_dependence and by_year: of the rules of the same names;
    tonnes_dependence and element_dependence: of define_measures_table; money,
    USD million: cost discounted, capex = sum of capex of commitments, stock and support = sums of
    their payments, public = all payments, private = capex - payments for capex; idle = discounted
    cost of what stands idle of a least use, allies alone served. The baseline's are the same of
    an answer without commitments and payments."""
    scales = scales_of(evidence)
    bare = _metrics(evidence.of_baseline(), scales)
    return {"metrics": {**_metrics(evidence, scales), BASELINE: bare}}


def _metrics(evidence: Evidence, scales: Scales) -> dict[str, Any]:
    """The metrics of an answer, with the plan or without."""
    answer = evidence.answer
    capex = sum(made.capex_musd for made in answer.commitments)
    parts = discounted_parts(evidence)
    pooled, pooled_by_year = pooled_shares(evidence)
    largest = max(abs(part) for part in parts.values())
    cost = Scales(max(scales.money, WIDEST * largest), scales.mass)
    return {
        "dependence": scales.share(dependence(evidence, evidence.allied)),
        "shortfall": scales.share(shortfall(evidence, evidence.allied)),
        "cost_musd": cost.musd(sum(parts.values())),
        "idle_musd": cost.musd(idle_musd(evidence)),
        "capex_musd": scales.musd(capex),
        "public_musd": scales.musd(public_musd(evidence)),
        "private_musd": scales.musd(capex - public_capex_musd(evidence)),
        **{
            f"{use}_musd": scales.musd(sum(paid.paid_musd for paid in answer.paid_for(use)))
            for use in BESIDE_CAPITAL
        },
        "by_year": told_years(evidence, scales, evidence.allied),
        "pooled_dependence": told_pooled(pooled),
        "pooled_by_year": {str(year): told_pooled(share) for year, share in pooled_by_year.items()},
        "cost_parts": {part: cost.musd(musd) for part, musd in parts.items()},
        **told_measures(evidence, scales),
    }
