"""Stockpiles: what lies there, what can be bought at which price, when it is drawn on."""

from __future__ import annotations

from opt.data.book import Book
from opt.data.case import ScenarioBook
from opt.data.check import PAYERS, PLANTS, check
from opt.data.inspection import Inspection
from opt.data.instance import Stockpile
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.scenarios import ShockRow
from opt.data.sheets.stock import StockpileRow
from opt.data.sheets.trade import PriceRow
from opt.data.words import listed, plain
from opt.errors import Effect

DISRUPTIONS = ("supply", "lane")


def stockpile(case: ScenarioBook, row: StockpileRow) -> Stockpile:
    """One stockpile. Material in the covered bloc is exposed, so that is what one there buys."""
    buys = ("clear",) if row.buys == "clear" else ("clear", "exposed")
    return Stockpile(
        id=row.stockpile,
        region=row.region,
        commodity=row.commodity,
        initial={row.initial_origin: row.initial},
        capacity=row.capacity,
        loss=row.loss,
        carrying_cost=row.carrying_cost,
        release_years=release_years(case, row),
        buys=("exposed",) if case.bloc[row.region] == "covered" else buys,
        prices=case.prices(row.commodity, row.region) or {},
    )


def release_years(case: ScenarioBook, row: StockpileRow) -> frozenset[int]:
    """Every year, or those in which the scenario cuts supply or a lane; not of another mineral."""
    if row.release == "any":
        return frozenset(case.years)
    tags = case.commodity_tags(row.commodity)
    kinds = (s for s in case.shocks if s.what in DISRUPTIONS and s.of_mineral(tags))
    cuts = [s for s in kinds if s.factor < 1.0]
    return frozenset(
        t for t in case.years if any(cut.first_year <= t <= cut.last_year for cut in cuts)
    )


def buyers(book: Book, stock: StockpileRow) -> list[ProgrammeRow]:
    """The programmes that may buy for a stockpile in some year of the plan."""
    return [
        row
        for row in book.rows(ProgrammeRow)
        if "stock" in book.pays_for(row)
        and (row.commit_from or book.first) <= book.last
        and (row.commit_to or book.last) >= book.first
        and book.eligible(row, stock)
    ]


@check("stock levels", "regions")
def check_stock_levels(book: Inspection) -> None:
    """The initial stock fits, and is exposed where it lies in the covered bloc."""
    for row in book.rows(StockpileRow):
        initial, capacity = row.initial, row.capacity
        if capacity is not None and initial > capacity:
            message = f"initial {plain(initial)} is above capacity {plain(capacity)}."
            book.fault(row, "initial", message, "Mend one of them.")
        if _is_covered(book, row) and initial > 0 and row.initial_origin == "clear":
            message = f"{row.region} is in bloc covered, so what lies there is exposed."
            book.fault(row, "initial_origin", message, "Type exposed.")


def _is_covered(book: Inspection, stock: StockpileRow) -> bool:
    return book.bloc.get(stock.region) == "covered"


@check("stock prices", *PAYERS, "commodities", "prices")
def check_stock_prices(book: Inspection) -> None:
    """What may be bought has a price; a price of what is held is given up to last_year."""
    for row in book.rows(StockpileRow):
        commodity, region = row.commodity, row.region
        price = book.price(commodity, region)
        if price is not None:
            book.require_years(price)
        elif buyers(book, row):
            message = f"there is no price of {commodity} in {region} to buy it at."
            book.fault(row, "commodity", message, price_hint(book, commodity, region))


def price_hint(book: Inspection, commodity: str, region: str) -> str:
    """How to give a price that is missing: where it has one already, or a new row."""
    rows = [row for row in book.rows(PriceRow) if row.commodity == commodity]
    if not rows:
        return f"Add a row of {commodity} to sheet prices."
    markets = listed(row.market for row in rows)
    return f"Sheet prices has it for {markets}: add a row for {region} or *."


@check("stocks of use", *PAYERS, "commodities", "demand", "scenarios", "shocks", *PLANTS)
def check_stocks_of_use(book: Inspection) -> None:
    """A stockpile holds or can buy something that is wanted, and can give it out."""
    wanted = _wanted(book)
    for row in book.rows(StockpileRow):
        commodity, payers = row.commodity, buyers(book, row)
        if not payers and row.initial == 0:
            message = "it is empty and no programme may buy for it, so it changes nothing."
            hint = "Fill initial, or let a programme pay for stock (pays_for, eligibility)."
            book.warn(row, "stockpile", message, hint, effect=Effect.UNUSED)
            continue
        if commodity not in wanted:
            message = f"no plant uses {commodity} and nobody demands it, so nothing is released."
            book.warn(
                row, "commodity", message, "Mend the name, or delete the row.", effect=Effect.UNUSED
            )
        if row.release == "disruption" and not _is_cut(book):
            message = "no scenario cuts supply or a lane, so nothing is ever released."
            hint = "Type any, or add a shock on supply or lane with a factor below 1."
            book.warn(row, "release", message, hint, effect=Effect.UNUSED)
        if payers and _is_covered(book, row) and row.buys == "clear":
            region = row.region
            message = f"{region} is in bloc covered: what is bought there is exposed all the same."
            book.warn(row, "buys", message, "Type any.", effect=Effect.TAKEN)


def _wanted(book: Inspection) -> set[str]:
    used = {commodity for plant in book.plants for commodity in book.inputs(plant)}
    return used | {row.commodity for row in book.rows(DemandRow)}


def _is_cut(book: Inspection) -> bool:
    """Whether some scenario has a disruption in the plan."""
    return any(
        row.what in DISRUPTIONS
        and row.factor < 1
        and (row.first_year or book.first) <= book.last
        and (row.last_year or book.last) >= book.first
        for row in book.rows(ShockRow)
    )
