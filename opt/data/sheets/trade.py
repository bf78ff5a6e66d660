"""Sheets of trade: lanes and market prices."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.columns import YearColumns
from opt.data.sheets.declare import YES_NO, SheetRow, sheet
from opt.data.sheets.ranges import FREIGHT, MASS, PRICE


@sheet(
    "lanes",
    "Lanes",
    "Which trade is open, at what cost, up to which limit for each pair. Blank sheet: all"
    " trade is open and free. With rows: a pair no row matches is closed.",
    names=("origin", "destination", "commodity", "first_year"),
)
class LaneRow(SheetRow):
    """Which trade is open, at what cost and up to which limit."""

    origin = cell.pattern("regions", "A region, bloc:NAME or *")
    destination = cell.pattern("regions", "A region, bloc:NAME or *")
    commodity = cell.pattern("commodities", "A commodity, mineral:NAME or *")
    cost = cell.number("Freight", "USD/unit", FREIGHT, default=0.0)
    limit = cell.number(
        "Most a year on each pair the row matches, both origin classes together",
        "units/yr",
        MASS,
        blank="no limit",
    )
    first_year = cell.year("First year of the row", blank="first_year")
    last_year = cell.year("Last year of the row", blank="last_year")
    open = cell.choice("no closes the pairs the row matches", YES_NO, default="yes")


@sheet(
    "prices",
    "Prices",
    "Market prices by year. Years between two given ones are interpolated.",
    key=("commodity", "market"),
    years=YearColumns("Price in the year", "USD/unit", required=True, range=PRICE),
)
class PriceRow(SheetRow):
    """The price of a commodity in a market, by year."""

    commodity = cell.ref("commodities", "Commodity")
    market = cell.pattern("regions", "A region, bloc:NAME or *", default="*")
