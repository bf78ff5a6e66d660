"""The sheet of stockpiles."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import MASS, PRICE, SHARE


@sheet(
    "stockpiles",
    "Stockpiles",
    "Stocks of material, clear and exposed kept apart.",
    key=("stockpile",),
)
class StockpileRow(SheetRow):
    """Material kept at a place."""

    stockpile = cell.identity("Stockpile")
    region = cell.ref("regions", "Where it lies")
    commodity = cell.ref("commodities", "What it holds")
    initial = cell.number("Stock before the first year", "units", MASS, default=0.0)
    initial_origin = cell.choice(
        "Origin class of that stock", ("clear", "exposed"), default="exposed"
    )
    capacity = cell.number("Most it can hold", "units", MASS, blank="no ceiling")
    loss = cell.share("Share lost in a year", SHARE, default=0.0)
    carrying_cost = cell.number("Cost of holding a unit for a year", "USD/unit", PRICE, default=0.0)
    release = cell.choice("any time, or only in a disruption", ("any", "disruption"), default="any")
    buys = cell.choice(
        "What may be bought: clear material alone, or any", ("clear", "any"), default="clear"
    )
