"""The sheet of supports."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import PRICE

# What of sheet programmes is paid for by the unit.
UNIT_USES = ("price_support", "output_support")


@sheet(
    "supports",
    "Supports",
    "What a programme pays on a unit made: a price floor, or so much per unit.",
    key=("programme", "commodity", "basis"),
)
class SupportRow(SheetRow):
    """What a programme pays on a unit that a plant makes."""

    programme = cell.ref("programmes", "Programme")
    commodity = cell.ref("commodities", "Commodity made")
    basis = cell.choice(
        "floor tops the market price up to the amount; per_unit pays the amount",
        ("floor", "per_unit"),
        required=True,
    )
    amount = cell.number("The floor, or so much", "USD/unit", PRICE)
    first_year = cell.year("First year", blank="first_year")
    last_year = cell.year("Last year", blank="last_year")
