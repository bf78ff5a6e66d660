"""The sheet of demand."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.columns import YearColumns
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import MASS, WEIGHT


@sheet(
    "demand",
    "Demand",
    "What regions need. Years between two given ones are interpolated; every year up to"
    " last_year must be reached.",
    key=("region", "commodity", "segment"),
    years=YearColumns("Demand in the year", "units/yr", required=True, range=MASS),
    required=True,
)
class DemandRow(SheetRow):
    """What one segment of a region needs of a commodity, by year."""

    region = cell.ref("regions", "Region")
    commodity = cell.ref("commodities", "Commodity")
    segment = cell.text("Use, such as vehicles or defence", default="")
    weight = cell.number(
        "Weight of a unit in dependence and shortfall", "weight", WEIGHT, default=1.0
    )
    clear_from = cell.year("From this year on it takes no exposed material", blank="takes both")
