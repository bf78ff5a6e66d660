"""Pooled dependence, recomputed: what of a delivery is clear where clear and exposed mix.

At each region and commodity all that is made there, arrives or is released from stock mixes in
proportion to its amount. What a process makes has the smallest clear share among its inputs: 1
without inputs, 0 at a plant that cannot make clear output. What reaches a covered region has share
0. A stock keeps its classes apart: a release has share 1 or 0, as its class. Shares start all clear
and are worked out again until none moves by more than SETTLED, so that recycling settles too.
A mix that nothing joins counts as exposed: what is taken from it is too little to be written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from opt.audit.case import Case
from opt.audit.evidence import Evidence, Sums
from opt.audit.worth import dependence_by_year
from opt.record.flows import CLEAR, Activity, Delivery, Flows, Shipment
from opt.record.stock import StockYear

SETTLED = 1e-12
MOST_ROUNDS = 1_000  # a loop that feeds itself all but alone settles too slowly to be checked

Place = tuple[str, str]  # region, commodity
Shares = Mapping[Place, float]


class Inflow(NamedTuple):
    """An amount that joins a mix: its clear share is the smallest of `most` and the shares of the
    mixes it comes from."""

    amount: float
    most: float
    sources: tuple[Place, ...]


Inflows = Mapping[Place, list[Inflow]]


def pooled_shares(evidence: Evidence, sums: Sums) -> tuple[float | None, dict[int, float | None]]:
    """Pooled dependence over the counted years, and of each year of the plan: sum of weight x
    (served x (1 - clear share where it is served) + short) / sum of weight x demand, over allied
    demands; 0 where nothing is demanded, None where shares do not settle."""
    amounts = _amounts_by_year(evidence, sums)
    demand = {year: line.demand for year, line in dependence_by_year(evidence, sums).items()}
    counted = [year for year in amounts if evidence.case.is_counted(year)]
    return _ratio(amounts, demand, counted), {t: _ratio(amounts, demand, [t]) for t in amounts}


def _ratio(
    amounts: Mapping[int, float | None], demand: Mapping[int, float], years: list[int]
) -> float | None:
    known = [amount for t in years if (amount := amounts[t]) is not None]
    whole = sum(demand[t] for t in years)
    if len(known) < len(years):
        return None
    return sum(known) / whole if whole else 0.0


def clear_shares(inflows: Inflows) -> Shares | None:
    """Clear share of each mix of one year: sum of amount x share over sum of amount.

    None where the shares do not settle.
    """
    shares = dict.fromkeys(inflows, 1.0)
    for _ in range(MOST_ROUNDS):
        moved = 0.0
        for place, parts in inflows.items():
            clear = sum(part.amount * _share(part, shares) for part in parts)
            share = clear / sum(part.amount for part in parts)
            moved = max(moved, abs(share - shares[place]))
            shares[place] = share
        if moved <= SETTLED:
            return shares
    return None


def inflows_by_year(case: Case, flows: Flows) -> Mapping[int, Inflows]:
    """What joins each mix, by year; nothing joins with an amount of 0."""
    found: dict[int, dict[Place, list[Inflow]]] = defaultdict(lambda: defaultdict(list))
    for run in flows.activities:
        if run.activity > 0:
            for place, part in _made(case, run):
                found[run.year][place].append(part)
    for trade in flows.shipments:
        if trade.amount > 0:
            found[trade.year][trade.destination, trade.commodity].append(_arrived(case, trade))
    for stock in flows.stocks:
        if stock.released > 0:
            row = case.stockpiles[stock.stockpile]
            place = (row.text("region"), row.text("commodity"))
            found[stock.year][place].append(_released(stock))
    return found


def _amounts_by_year(evidence: Evidence, sums: Sums) -> dict[int, float | None]:
    """The numerator of pooled dependence by year; None where shares do not settle."""
    joined = inflows_by_year(evidence.case, sums.flows)
    amounts: dict[int, float | None] = {}
    for year in evidence.case.years:
        shares = clear_shares(joined.get(year, {}))
        given = [line for line in sums.flows.deliveries if line.year == year]
        amounts[year] = None if shares is None else _amount(evidence.case, given, shares)
    return amounts


def _amount(case: Case, deliveries: list[Delivery], shares: Shares) -> float:
    amount = 0.0
    for given in deliveries:
        if case.is_allied(given.region):
            row = case.demands[given.region, given.commodity, given.segment]
            clear = shares.get((given.region, given.commodity), 0.0)
            exposed = (given.clear + given.exposed) * (1.0 - clear)
            amount += row.number_of("weight") * (exposed + given.short)
    return amount


def _share(part: Inflow, shares: Shares) -> float:
    return min((part.most, *(shares.get(source, 0.0) for source in part.sources)))


def _made(case: Case, run: Activity) -> Iterator[tuple[Place, Inflow]]:
    plant, recipe = case.plant(run.plant), case.recipes[run.process]
    inputs = tuple((plant.region, good) for good, amount in recipe.items() if amount < 0)
    most = 1.0 if plant.can_be_clear else 0.0
    for good, amount in recipe.items():
        if amount > 0:
            yield (plant.region, good), Inflow(run.activity * amount, most, inputs)


def _arrived(case: Case, trade: Shipment) -> Inflow:
    most = 0.0 if case.is_covered(trade.destination) else 1.0
    return Inflow(trade.amount, most, ((trade.origin_region, trade.commodity),))


def _released(stock: StockYear) -> Inflow:
    return Inflow(stock.released, 1.0 if stock.origin == CLEAR else 0.0, ())
