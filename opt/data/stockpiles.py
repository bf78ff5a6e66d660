"""Stockpiles: what lies there, what can be bought at which price, in which years it is drawn on."""

from __future__ import annotations

from opt.data.context import Context, Tags, casefolded
from opt.data.instance import Stockpile
from opt.data.prices import market_prices
from opt.data.tables import Row

DISRUPTIONS = ("supply", "lane")


def stockpiles(case: Context) -> dict[str, Stockpile]:
    """Stockpiles by id."""
    return {row.text("stockpile"): stockpile(case, row) for row in case.tables.rows["stockpiles"]}


def stockpile(case: Context, row: Row) -> Stockpile:
    """One stockpile. Material in the covered bloc is exposed, so that is what one there buys."""
    region, commodity = row.text("region"), row.text("commodity")
    buys = ("clear",) if row["buys"] == "clear" else ("clear", "exposed")
    return Stockpile(
        id=row.text("stockpile"),
        region=region,
        commodity=commodity,
        initial={row.text("initial_origin"): row.number_of("initial")},
        capacity=row.optional("capacity"),
        loss=row.number_of("loss"),
        carrying_cost=row.number_of("carrying_cost"),
        release_years=release_years(case, row.text("release")),
        buys=("exposed",) if case.blocs[region] == "covered" else buys,
        prices=market_prices(case, commodity, region) or {},
    )


def release_years(case: Context, rule: str) -> frozenset[int]:
    """Every year, or those in which the scenario cuts supply or a lane."""
    if rule == "any":
        return frozenset(case.years)
    cuts = [s for s in case.shocks if s.what in DISRUPTIONS and s.factor < 1.0]
    return frozenset(
        t for t in case.years if any(cut.first_year <= t <= cut.last_year for cut in cuts)
    )


def stock_tags(case: Context, row: Row) -> Tags:
    """What eligibility can match of a stockpile: where it lies and what it holds."""
    region = row.text("region")
    return {
        **case.commodity_tags(row.text("commodity")),
        "region": casefolded([region]),
        "bloc": casefolded([case.blocs[region]]),
    }
