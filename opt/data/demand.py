"""Demand by year, and the prices by which it can be weighed."""

from __future__ import annotations

from opt.data.book import Book, Tags
from opt.data.case import ScenarioBook
from opt.data.check import check
from opt.data.inspection import Inspection, last_year_cell, missing_years
from opt.data.instance import Demand, demand_id
from opt.data.patterns import casefolded
from opt.data.sheets.demand import DemandRow, UptakeRow
from opt.data.timing import value_in
from opt.errors import Effect, InputError, Issue


def demands(case: ScenarioBook) -> dict[str, Demand]:
    """Demands by region, commodity and segment, with shocks."""
    found = [demand_of(case, row) for row in case.rows(DemandRow)]
    return {demand.id: demand for demand in found}


def demand_of(case: ScenarioBook, row: DemandRow) -> Demand:
    """One demand over all years."""
    allied = case.bloc[row.region] == "ally"
    tags = {
        **case.commodity_tags(row.commodity),
        **case.place_tags(row.region),
        "segment": casefolded([row.segment]),
    }
    priced = allied and case.weighs_prices
    return Demand(
        id=demand_id(row.region, row.commodity, row.segment),
        region=row.region,
        commodity=row.commodity,
        segment=row.segment,
        weight=row.weight,
        clear_from=row.clear_from,
        amounts=case.shocked("demand", row.years, tags),
        allied=allied,
        prices=weighing_prices(case, row) if priced else {},
        uptake=uptake(case, row, tags) if allied else {},
    )


def uptake(case: ScenarioBook, demand: DemandRow, tags: Tags) -> dict[int, float]:
    """Largest share of a demand that takes clear material, in the years in which it is not all:
    the smallest of the rows that match, under shocks. From clear_from on all is."""
    rows = [row for row in case.rows(UptakeRow) if takes(case, row, demand)]
    shares = {}
    for t in case.years:
        given = [row.years[t] for row in rows if t in row.years]
        closed = demand.clear_from is not None and t >= demand.clear_from
        if not given or closed:
            continue
        share = min(given) * case.factor("uptake", tags, t) + case.shift("uptake", tags, t)
        if share < 1:
            shares[t] = max(0.0, share)
    return shares


def takes(book: Book, row: UptakeRow, demand: DemandRow) -> bool:
    """Whether a row of uptake is about a demand: every cell that is not blank matches."""
    pairs = (
        (row.region, demand.region),
        (row.commodity, demand.commodity),
        (row.segment, demand.segment),
        (row.mineral, book.commodities[demand.commodity].mineral),
    )
    return all(not own or own.casefold() == other.casefold() for own, other in pairs)


@check("uptake", "settings", "regions", "commodities", "demand")
def check_uptake(book: Inspection) -> None:
    """A row of uptake is about some allied demand and limits some year before its clear_from."""
    for row in book.rows(UptakeRow):
        demands = [
            demand
            for demand in book.rows(DemandRow)
            if book.bloc.get(demand.region) == "ally" and takes(book, row, demand)
        ]
        if not demands:
            book.warn(
                row,
                "region",
                "no allied demand matches this row.",
                "Mend or delete it.",
                effect=Effect.UNUSED,
            )
        elif not any(year in book.years for year in row.years):
            message = f"it limits no year of {book.first}-{book.last}."
            book.warn(
                row, "region", message, "Fill a year, or delete the row.", effect=Effect.UNUSED
            )
        for demand in demands:
            start = demand.clear_from
            late = [t for t, share in row.years.items() if start and t >= start and share < 1]
            if late:
                message = (
                    f"the demand of demand!{demand.cell('clear_from')} takes clear material alone"
                    f" from {start} on, which wins."
                )
                book.warn(
                    row,
                    min(late),
                    message,
                    "Leave the cells from that year on blank.",
                    effect=Effect.UNUSED,
                )


def weighing_prices(case: ScenarioBook, row: DemandRow) -> dict[int, float]:
    """Price of the demanded commodity where it is demanded. USD per unit.

    Raises InputError where it has none.
    """
    found = case.prices(row.commodity, row.region)
    if found is None:
        message = f"'{row.commodity}' in '{row.region}' has no price."
        raise InputError([Issue("prices", "", "", message, "Add a row for it.")])
    return found


@check("allied demand", "settings", "regions", "demand")
def check_allied_demand(book: Inspection) -> None:
    """Some allied demand falls into the dependence years."""
    for row in book.rows(DemandRow):
        allied = book.bloc.get(row.region) == "ally" and row.weight > 0
        if allied and row.years and any(value_in(row.years, y) for y in book.dependence_years):
            return
    years = f"{book.dependence_years.start}-{book.dependence_years.stop - 1}"
    book.log.caution(
        "demand", "", f"no allied demand in {years}: dependence is 0.", effect=Effect.COUNTED
    )


@check("demand years", "settings")
def check_demand_years(book: Inspection) -> None:
    """Demand is given up to last_year: a missing year is never zero."""
    for row in book.rows(DemandRow):
        missing = missing_years(row, book.last) if row.years else ""
        if missing:
            cell = row.cell(last_year_cell(row, book.last))
            hint = f"Fill the column of {book.last}; years between are interpolated."
            message = f"no value for {missing}; it is not treated as zero."
            book.log.fault("demand", cell, "", message, hint)


@check("prices", "settings", "regions", "prices")
def check_prices(book: Inspection) -> None:
    """An objective that weighs prices: each allied demand has one in every year of the plan."""
    if not book.weighs_prices:
        return
    for row in book.rows(DemandRow):
        region, commodity = row.region, row.commodity
        if book.bloc.get(region) != "ally":
            continue
        price = book.price(commodity, region)
        if price is None:
            message = f"there is no price of {commodity} in {region}."
            hint = f"Objective {book.settings.objective} needs one: add it to sheet prices."
            book.fault(row, "commodity", message, hint)
        else:
            book.require_years(price)
