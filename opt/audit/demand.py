"""Demand: what is served to whom, what of it is exposed or short, and what where material mixes.

At each region and commodity all that is made there, arrives or is released from stock mixes in
proportion to its amount. What a process makes has the smallest clear share among its inputs: 1
without inputs, 0 at a plant that cannot make clear output. What reaches a covered region has share
0. A stock keeps its classes apart: a release has share 1 or 0, as its class. Shares start all clear
and are worked out again until none moves by more than SETTLED, so that recycling settles too.
A mix that nothing joins counts as exposed: what is taken from it is too little to be written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from opt.audit.case import ALLIED, BASELINE, WORLD, AuditCase, DemandKey
from opt.audit.check import (
    PASS_SLACK,
    Check,
    KeyedRows,
    Near,
    OfKind,
    Scales,
    at_most,
    equal,
    holds,
    scales_of,
    within,
)
from opt.audit.evidence import Evidence, Sums
from opt.audit.rule import of_flows, of_plan, once, told
from opt.audit.settled import settle
from opt.audit.targets import element_weights, weighted_demand
from opt.audit.weighing import ByMineral, Dependence, joined, mineral_of, over
from opt.record.flows import CLEAR, Activity, Delivery, Flows, Place, Shipment
from opt.record.shape import NUMBER
from opt.record.stock import StockYear

SETTLED = 1e-12
MOST_ROUNDS = 1_000  # a loop that feeds itself all but alone settles too slowly to be checked
Shares = Mapping[Place, float]
POOLED_FLOOR = 1.0  # both programs settle mixes to a tolerance, not to the last digit


def dependence_by_mineral(evidence: Evidence, sums: Sums) -> Mapping[int, ByMineral]:
    """Sum over allied demands of weight x (demand, exposed, short), by year and mineral."""
    case = evidence.case
    found: dict[int, dict[str, Dependence]] = {year: {} for year in case.years}

    def add(key: DemandKey, year: int, *amounts: float) -> None:
        weight, mineral = case.demands[key].number_of("weight"), mineral_of(case, key)
        line = Dependence(*(weight * amount for amount in amounts))
        found[year][mineral] = found[year].get(mineral, Dependence()).plus(line)

    for (key, year), demand in case.demand.items():
        if case.is_allied(key[0]):
            add(key, year, demand, 0.0, 0.0)
    for given in sums.flows.deliveries:
        if case.is_allied(given.region):
            key = (given.region, given.commodity, given.segment)
            add(key, given.year, 0.0, given.exposed, given.short)
    return found


def dependence_by_year(evidence: Evidence, sums: Sums) -> Mapping[int, Dependence]:
    """Weighted demand of allies, and what of it is exposed or short, by year, minerals weighed by
    what is asked of them in the year."""
    by_year = dependence_by_mineral(evidence, sums)
    return {year: joined(evidence.case, each) for year, each in by_year.items()}


def dependence(evidence: Evidence, sums: Sums) -> float:
    """Sum over the counted years of (exposed + short), over the demand of those years."""
    return joined(evidence.case, counted_minerals(evidence, sums)).dependence()


def counted_minerals(evidence: Evidence, sums: Sums) -> ByMineral:
    """Weighted demand, exposed and short of each mineral over the counted years."""
    by_year = dependence_by_mineral(evidence, sums)
    return sum_of_years(each for t, each in by_year.items() if evidence.case.is_counted(t))


def shortfall(evidence: Evidence, sums: Sums) -> float:
    """Sum over all years of short, over the demand of the counted years."""
    counted = counted_minerals(evidence, sums)
    whole = sum_of_years(dependence_by_mineral(evidence, sums).values())
    short = joined(evidence.case, whole, counted)
    return short.shortfall(joined(evidence.case, counted).demand)


def sum_of_years(items: Iterable[ByMineral]) -> ByMineral:
    """Amounts of several years together, by mineral."""
    found: dict[str, Dependence] = {}
    for each in items:
        for mineral, line in each.items():
            found[mineral] = found.get(mineral, Dependence()).plus(line)
    return found


class Inflow(NamedTuple):
    """An amount that joins a mix: its clear share is the smallest of `most` and the shares of the
    mixes it comes from."""

    amount: float
    most: float
    sources: tuple[Place, ...]


Inflows = Mapping[Place, list[Inflow]]


@once
def pooled_shares(evidence: Evidence) -> tuple[float | None, dict[int, float | None]]:
    """Pooled dependence over the counted years, and of each year of the plan, of the world's flows:
    sum of weight x (served x (1 - clear share where it is served) + short) / sum of weight x
    demand, over allied demands; 0 where nothing is demanded, None where shares do not settle."""
    sums = evidence.sums[WORLD]
    amounts = _amounts_by_year(evidence, sums)
    demand = {
        year: {mineral: line.demand for mineral, line in each.items()}
        for year, each in dependence_by_mineral(evidence, sums).items()
    }
    case = evidence.case
    counted = [year for year in amounts if case.is_counted(year)]
    total = _mean(case, amounts, demand, counted)
    return total, {t: _mean(case, amounts, demand, [t]) for t in amounts}


Amounts = Mapping[str, float]  # by mineral


def _mean(
    case: AuditCase,
    amounts: Mapping[int, Amounts | None],
    demand: Mapping[int, Amounts],
    years: list[int],
) -> float | None:
    known = [amount for t in years if (amount := amounts[t]) is not None]
    if len(known) < len(years):
        return None
    return over(case, _added(known), _added([demand[t] for t in years]))


def _added(amounts: Iterable[Amounts]) -> Amounts:
    found: dict[str, float] = defaultdict(float)
    for each in amounts:
        for mineral, amount in each.items():
            found[mineral] += amount
    return found


def clear_shares(inflows: Inflows) -> Shares | None:
    """Clear share of each mix of one year: sum of amount x share over sum of amount.

    None where the shares do not settle.
    """
    shares = dict.fromkeys(inflows, 1.0)
    whole = {place: sum(part.amount for part in parts) for place, parts in inflows.items()}

    def work(place: Place) -> float:
        return sum(part.amount * _share(part, shares) for part in inflows[place]) / whole[place]

    sources = {
        place: [s for part in parts for s in part.sources] for place, parts in inflows.items()
    }
    found = settle(shares, sources, work, _apart, most_rounds=MOST_ROUNDS, settled=SETTLED)
    return shares if found else None


def _apart(before: float, after: float) -> float:
    return abs(after - before)


def inflows_by_year(case: AuditCase, flows: Flows) -> Mapping[int, Inflows]:
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


def _amounts_by_year(evidence: Evidence, sums: Sums) -> dict[int, Amounts | None]:
    """The numerator of pooled dependence by year and mineral; None where shares do not settle."""
    joined = inflows_by_year(evidence.case_of(WORLD), sums.flows)
    amounts: dict[int, Amounts | None] = {}
    for year in evidence.case.years:
        shares = clear_shares(joined.get(year, {}))
        given = [line for line in sums.flows.deliveries if line.year == year]
        amounts[year] = None if shares is None else _amount(evidence.case, given, shares)
    return amounts


def _amount(case: AuditCase, deliveries: list[Delivery], shares: Shares) -> Amounts:
    amounts: dict[str, float] = defaultdict(float)
    for given in deliveries:
        if case.is_allied(given.region):
            row = case.demands[given.region, given.commodity, given.segment]
            clear = shares.get((given.region, given.commodity), 0.0)
            exposed = (given.clear + given.exposed) * (1.0 - clear)
            amounts[mineral_of(case, _key(given))] += row.number_of("weight") * (
                exposed + given.short
            )
    return amounts


def _share(part: Inflow, shares: Shares) -> float:
    share = part.most
    for source in part.sources:
        share = min(share, shares.get(source, 0.0))
    return share


def _made(case: AuditCase, run: Activity) -> Iterator[tuple[Place, Inflow]]:
    plant, recipe = case.plant(run.plant), case.recipes[run.process]
    inputs = tuple((plant.region, good) for good, amount in recipe.items() if amount < 0)
    most = 1.0 if run.year in plant.clear_years else 0.0
    for good, amount in recipe.items():
        if amount > 0:
            yield (plant.region, good), Inflow(run.activity * amount, most, inputs)


def _arrived(case: AuditCase, trade: Shipment) -> Inflow:
    most = 0.0 if case.is_covered(trade.destination) else 1.0
    return Inflow(trade.amount, most, ((trade.origin_region, trade.commodity),))


def _released(stock: StockYear) -> Inflow:
    return Inflow(stock.released, 1.0 if stock.origin == CLEAR else 0.0, ())


@of_flows
def define_demand(evidence: Evidence) -> Iterator[Check]:
    """Written demand = (interpolated demand x factors + shifts), at least 0."""
    case = evidence.case
    for name, sums in evidence.sets():
        for given in sums.flows.deliveries:
            key = _key(given)
            right = case.demand[key, given.year]
            yield equal((name, *key, given.year), given.demand, right, case.mass_floor)


@of_flows
def meet_demand(evidence: Evidence) -> Iterator[Check]:
    """clear + exposed + short = demand, for every allied demand and year of every set of flows,
    and for every demand of the world's."""
    case = evidence.case
    for name, sums in evidence.sets():
        rows = _deliveries(sums)
        for (key, year), demand in case.demand.items():
            given = rows.get((key, year))
            if name != WORLD and not case.is_allied(key[0]):
                continue
            total = given.clear + given.exposed + given.short if given else 0.0
            yield equal((name, *key, year), total, demand, case.mass_floor)


@of_flows
def serve_allies_only(evidence: Evidence) -> Iterator[Check]:
    """Outside the world pass nothing is served to a region that is no ally."""
    for name, sums in evidence.sets():
        for given in sums.flows.deliveries:
            if name != WORLD and not evidence.case.is_allied(given.region):
                served = given.clear + given.exposed
                yield at_most(
                    (name, *_key(given), given.year), served, 0.0, evidence.case.mass_floor
                )


@of_flows
def require_clear_from(evidence: Evidence) -> Iterator[Check]:
    """Exposed served = 0 from clear_from on."""
    case = evidence.case
    for name, sums in evidence.sets():
        for given in sums.flows.deliveries:
            first = case.demands[_key(given)].optional("clear_from")
            if first is not None and given.year >= first:
                place = (name, *_key(given), given.year)
                yield at_most(place, given.exposed, 0.0, case.mass_floor)


@of_flows
def limit_uptake(evidence: Evidence) -> Iterator[Check]:
    """Clear served of an allied demand <= demand x the smallest share of the rows of uptake that
    match it, x the factors and + the shifts of shocks, before clear_from. Blank: all. Scale: the
    demand."""
    case = evidence.case
    for name, sums in evidence.sets():
        for given in sums.flows.deliveries:
            key = _key(given)
            share = case.uptake.get((key, given.year))
            if share is not None and case.is_allied(given.region):
                demand = case.demand.get((key, given.year), 0.0)
                scale = max(case.mass_floor, demand)
                yield at_most((name, *key, given.year), given.clear, share * demand, scale)


@of_flows
def keep_allied_deliveries(evidence: Evidence) -> Iterator[Check]:
    """Clear, exposed and short of every allied demand are in the world pass as in the allied.

    Scale: the demand.
    """
    case = evidence.case
    allied, world = (_deliveries(evidence.sums[name]) for name in (ALLIED, WORLD))
    for (key, year), left in allied.items():
        right = world.get((key, year))
        if right is None or not case.is_allied(key[0]):
            continue
        scale = max(case.mass_floor, case.demand[key, year])
        for column in ("clear", "exposed", "short"):
            pair = getattr(left, column), getattr(right, column)
            yield equal((*key, year, column), *pair, scale)


def _deliveries(sums: Sums) -> Mapping[tuple[DemandKey, int], Delivery]:
    return {(_key(given), given.year): given for given in sums.flows.deliveries}


def _key(given: Delivery) -> DemandKey:
    return (given.region, given.commodity, given.segment)


@of_plan
def define_dependence(evidence: Evidence) -> Iterator[Check]:
    """dependence = sum of weight x (exposed + short) / sum of weight x demand.

    Over allied demands and the years dependence_from..dependence_to; 0 without demand. Where
    minerals have weights: sum of W x the same of each mineral / sum of W, over those that are asked
    for; likewise in all that follows from it. A share.
    """
    right = dependence(evidence, evidence.allied)
    yield equal(("dependence",), evidence.answer.metrics["dependence"], right, 1.0)


@of_plan
def define_shortfall(evidence: Evidence) -> Iterator[Check]:
    """shortfall = sum over all years of weight x short, over the denominator of dependence."""
    right = shortfall(evidence, evidence.allied)
    yield equal(("shortfall",), evidence.answer.metrics["shortfall"], right, 1.0)


@of_plan
def define_by_year(evidence: Evidence) -> Iterator[Check]:
    """by_year: weighted demand, exposed and short of allies; dependence = (exposed + short) /
    demand, shortfall = short / demand, of each year of the plan; counted marks the optimised."""
    yield from _check_years(evidence, evidence.answer.metrics["by_year"], evidence.allied, ())


@of_plan
def define_baseline(evidence: Evidence) -> Iterator[Check]:
    """The baseline's dependence, shortfall and by_year, of the flows without projects."""
    given, sums = evidence.answer.metrics[BASELINE], evidence.sums[BASELINE]
    right = dependence(evidence, sums)
    yield equal((BASELINE, "dependence"), given["dependence"], right, 1.0)
    right = shortfall(evidence, sums)
    yield equal((BASELINE, "shortfall"), given["shortfall"], right, 1.0)
    yield from _check_years(evidence, given["by_year"], sums, (BASELINE,))


@of_plan
def define_pooled(evidence: Evidence) -> Iterator[Check]:
    """pooled_dependence = sum of weight x (served x (1 - clear share of the mix at the demand) +
    short) / sum of weight x demand; pooled_by_year likewise of each year of the plan.

    Of the world's flows, over allied demands and the years dependence_from..dependence_to; the
    shares as in mixing.py. The baseline's pooled dependence is not checked: the tables hold its
    allied flows, and it rests on its world's. Nor is a year in which the shares do not settle.
    A share.
    """
    metrics = evidence.answer.metrics
    total, by_year = pooled_shares(evidence)
    if total is not None:
        yield equal(("pooled_dependence",), metrics["pooled_dependence"], total, 1.0)
    given = metrics["pooled_by_year"]
    yield holds(("years",), given.keys() == {str(year) for year in by_year})
    for year, right in by_year.items():
        if right is not None:
            yield equal((year,), given.get(str(year), 0.0), right, 1.0)


@of_plan
def limit_dependence(evidence: Evidence) -> Iterator[Check]:
    """dependence <= dependence_target, where the setting is given (slack 2e-6)."""
    target = evidence.case.tables.settings.get("dependence_target")
    if target is not None:
        most = float(target) + PASS_SLACK  # type: ignore[arg-type]
        yield at_most(("dependence",), dependence(evidence, evidence.allied), most, 1.0)


def _check_years(
    evidence: Evidence, given: Mapping[str, Any], sums: Sums, place: tuple[str, ...]
) -> Iterator[Check]:
    for year, right in dependence_by_year(evidence, sums).items():
        line = given.get(str(year))
        yield holds((*place, year), line is not None)
        if line is not None:
            yield from check_year(evidence, line, right, year, place)


def check_year(
    evidence: Evidence,
    line: Mapping[str, Any],
    right: Dependence,
    year: int,
    place: tuple[str, ...],
) -> Iterator[Check]:
    """One year's line against what is recomputed; amounts scale with the year's demand."""
    scale = max(evidence.case.mass_floor, right.demand)
    for column in ("demand", "exposed", "short"):
        yield equal((*place, year, column), line[column], getattr(right, column), scale)
    yield within((*place, year, "dependence"), line["dependence"], right.dependence(), 0.0)
    yield within((*place, year, "shortfall"), line["shortfall"], right.shortfall(), 0.0)
    yield holds((*place, year, "counted"), line["counted"] == evidence.case.is_counted(year))


@of_plan
def define_dependence_table(evidence: Evidence) -> Iterator[Check]:
    """dependence.csv holds by_year, and the baseline's dependence of the same year beside it."""
    rows = {row.year: row for row in evidence.answer.dependence}
    before = dependence_by_year(evidence, evidence.baseline)
    for year, right in dependence_by_year(evidence, evidence.allied).items():
        row = rows.pop(year, None)
        yield holds((year,), row is not None)
        if row is None:
            continue
        yield from check_year(evidence, asdict(row), right, year, ())
        right_before = before[year].dependence()
        yield within((year, "baseline_dependence"), row.baseline_dependence, right_before, 0.0)
    for year in rows:
        yield holds((year, "outside the plan"), False)


@of_plan
def define_pooled_column(evidence: Evidence) -> Iterator[Check]:
    """pooled_dependence of dependence.csv = pooled_by_year recomputed of the world's flows.

    Not of a year in which the shares do not settle.
    """
    _, by_year = pooled_shares(evidence)
    for row in evidence.answer.dependence:
        right = by_year.get(row.year)
        if right is not None:
            yield within((row.year,), row.pooled_dependence, right, 0.0)


@of_plan
def define_elements_table(evidence: Evidence) -> Iterator[Check]:
    """elements.csv: demand, exposed and short of allies, each x weight x content of the element;
    dependence = (exposed + short) / demand, of the allied flows and beside it of the baseline's.

    A row is needed where something is demanded.
    """
    case, baseline = evidence.case, evidence.baseline
    rows = {(row.element, row.year): row for row in evidence.answer.elements}
    for element in sorted({e for shares in case.contents.values() for e in shares}):
        weights = element_weights(case, element)
        for year in case.years:
            key = (element, year)
            right = Dependence(*weighted_demand(case, evidence.allied, weights, year))
            row = rows.get(key)
            yield holds(key, row is not None or not right.demand)
            if row is None:
                continue
            scale = max(case.mass_floor, right.demand)
            for column in ("demand", "exposed", "short"):
                left = getattr(row, column)
                yield equal((*key, column), left, getattr(right, column), scale)
            yield within((*key, "dependence"), row.dependence, right.dependence(), 0.0)
            base = Dependence(*weighted_demand(case, baseline, weights, year)).dependence()
            yield within((*key, "baseline_dependence"), row.baseline_dependence, base, 0.0)


@told
def tell_elements(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of elements.csv, which define_elements_table recomputes."""
    scales = scales_of(evidence)
    rows = [element_row(scales, e) for e in evidence.answer.elements]
    return {"elements": KeyedRows(("element", "year"), rows)}


def element_row(scales: Scales, row: Any) -> dict[str, Any]:
    """A row of elements.csv."""
    amounts = {name: scales.units(getattr(row, name)) for name in ("demand", "exposed", "short")}
    shares = ("dependence", "baseline_dependence")
    return asdict(row) | amounts | {name: scales.share(getattr(row, name)) for name in shares}


def told_pooled(share: float | None) -> Near | OfKind:
    """A pooled share; only told where the mixes settle too slowly to be worked out."""
    return OfKind(NUMBER) if share is None else Near(share, POOLED_FLOOR)


def told_years(evidence: Evidence, scales: Scales, sums: Sums) -> Mapping[str, Any]:
    by_year = dependence_by_year(evidence, sums)
    return {
        str(year): year_entry(scales, line) | {"counted": evidence.case.is_counted(year)}
        for year, line in by_year.items()
    }


def year_entry(scales: Scales, line: Dependence) -> dict[str, Any]:
    """The weighted amounts of a year and the shares made of them."""
    return {
        "demand": scales.units(line.demand),
        "exposed": scales.units(line.exposed),
        "short": scales.units(line.short),
        "dependence": scales.share(line.dependence()),
        "shortfall": scales.share(line.shortfall()),
    }
