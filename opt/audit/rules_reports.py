"""The written tables that only report: stockpiles, world output, elements, first touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from opt.audit.answer import WORLD
from opt.audit.check import PRICE_FLOOR, Check, at_most, equal, holds, within
from opt.audit.evidence import Evidence
from opt.audit.stocks import buyers, stocks_by_key
from opt.audit.targets import content_of, element_weights, held_elements, weighted_demand
from opt.audit.worth import Dependence, dependence_by_year
from opt.record.flows import CLEAR, EXPOSED
from opt.record.money import Use
from opt.record.stock import StockpileYear, StockYear

DAYS = 365.0
WHOLE_HHI = 10_000.0


def define_stockpiles_table(evidence: Evidence) -> Iterator[Check]:
    """stockpiles.csv: levels, bought and released by class of the allied flows; price in the
    stockpile's region, USD per unit (may be blank where nothing can be bought); paid, USD million;
    cover_days = 365 x level / yearly allied use, blank where nothing is used.

    Every stockpile has a row for every year.
    """
    rows = {(row.stockpile, row.year): row for row in evidence.answer.stockpiles}
    for name in evidence.case.stockpiles:
        for year in evidence.case.years:
            row = rows.get((name, year))
            yield holds((name, year), row is not None)
            if row is not None:
                yield from _check_amounts(evidence, row)
                yield from _check_price(evidence, row)
                yield from _check_cover(evidence, row)


def _check_amounts(evidence: Evidence, row: StockpileYear) -> Iterator[Check]:
    key = (row.stockpile, row.year)
    stocks = stocks_by_key(evidence.allied.flows)
    for origin in (CLEAR, EXPOSED):
        nothing = StockYear(row.stockpile, origin, row.year, 0.0, 0.0, 0.0)
        stock = stocks.get((row.stockpile, origin, row.year), nothing)
        pairs = {
            origin: stock.level,
            f"bought_{origin}": stock.bought,
            f"released_{origin}": stock.released,
        }
        for column, right in pairs.items():
            left = getattr(row, column)
            yield equal((*key, column), left, right, evidence.case.mass_floor)
    paid = sum(
        line.paid_musd
        for line in evidence.answer.paid_for(Use.STOCK)
        if (line.thing, line.year) == key
    )
    yield equal((*key, "paid"), row.paid_musd, paid, evidence.case.money_floor)


def _check_price(evidence: Evidence, row: StockpileYear) -> Iterator[Check]:
    own = evidence.case.stockpiles[row.stockpile]
    price = evidence.prices.find(own.text("commodity"), own.text("region"), row.year)
    place = (row.stockpile, row.year, "price")
    if row.price is None:
        yield holds(place, price is None or not buyers(evidence.case, own, row.year))
    else:
        yield holds(place, price is not None)
        yield equal(place, row.price, price or 0.0, PRICE_FLOOR)


def _check_cover(evidence: Evidence, row: StockpileYear) -> Iterator[Check]:
    place, floor = (row.stockpile, row.year, "cover_days"), evidence.case.mass_floor
    use = _allied_use(evidence, evidence.case.stockpiles[row.stockpile].text("commodity"), row.year)
    if row.cover_days is None:
        yield at_most(place, use, 0.0, floor)
    else:
        yield holds(place, use > 0)
        yield equal(place, row.cover_days * use, DAYS * (row.clear + row.exposed), DAYS * floor)


def _allied_use(evidence: Evidence, commodity: str, year: int) -> float:
    """Inputs of plants in allied regions and what is served there, of the allied flows, units."""
    books = (evidence.allied.used, evidence.allied.served)
    return sum(
        amount
        for book in books
        for (region, good, _, t), amount in book.items()
        if (good, t) == (commodity, year) and evidence.case.is_allied(region)
    )


def define_world_table(evidence: Evidence) -> Iterator[Check]:
    """world.csv: output of a stage = sum of outputs x content of its runs in the world's flows;
    share = output / that of all regions; hhi = 10000 x sum over regions of share^2.

    content: share by mass of the elements that any demanded commodity contains; 1 where sheet
    contents is empty. Units. A row left out is an output of 0.
    """
    made = _world_output(evidence)
    rows = {(row.stage, row.region, row.year): row for row in evidence.answer.world}
    totals: dict[tuple[str, int], float] = defaultdict(float)
    squares: dict[tuple[str, int], float] = defaultdict(float)
    for (stage, _, year), output in made.items():
        totals[stage, year] += output
        squares[stage, year] += output * output
    for key in sorted(made.keys() | rows.keys()):
        row, right = rows.get(key), made.get(key, 0.0)
        left = row.output if row else 0.0
        yield equal((*key, "output"), left, right, evidence.case.mass_floor)
        if row is None:
            continue
        total = totals.get((row.stage, row.year), 0.0)
        yield holds((*key, "bloc"), row.bloc == evidence.case.blocs[row.region])
        share = right / total if total else 0.0
        yield equal((*key, "share"), row.share, share, 1.0)
        hhi = WHOLE_HHI * squares[row.stage, row.year] / total**2 if total else 0.0
        yield equal((*key, "hhi"), row.hhi, hhi, WHOLE_HHI)


def _world_output(evidence: Evidence) -> Mapping[tuple[str, str, int], float]:
    """Output x content of the runs of each stage, by region and year."""
    case = evidence.case
    elements = held_elements(case, case.blocs)
    made: dict[tuple[str, str, int], float] = defaultdict(float)
    for (plant, process, year), activity in evidence.sums[WORLD].activity.items():
        stage, recipe = case.processes[process].text("stage"), case.recipes[process]
        outputs = sum(max(0.0, a) * content_of(case, c, elements) for c, a in recipe.items())
        if stage:
            made[stage, case.plant(plant).region, year] += outputs * activity
    return made


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


def limit_touch(evidence: Evidence) -> Iterator[Check]:
    """touch.csv: 0 <= share <= 1, and sum over stages of share <= exposed / demand of the year, of
    the allied flows; baseline_share likewise of the baseline's. Which stage it is: define_touch.
    """
    for column, sums in (("share", evidence.allied), ("baseline_share", evidence.baseline)):
        by_year = dependence_by_year(evidence, sums)
        totals: dict[int, float] = defaultdict(float)
        for row in evidence.answer.touch:
            share = getattr(row, column)
            place = (row.stage, row.year, column)
            yield at_most(place, share, 1.0, 1.0)
            yield at_most(place, -share, 0.0, 1.0)
            totals[row.year] += share
        for year, total in totals.items():
            if year in by_year:
                known = by_year[year]
                most = known.exposed / known.demand if known.demand else 0.0
                yield at_most((year, column), total, most, 1.0)
