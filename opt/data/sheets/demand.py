"""The sheet of demand."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.columns import CellKind, YearColumns
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import MASS, SHARE, WEIGHT


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


@sheet(
    "uptake",
    "Uptake",
    "Largest share of a demand that takes clear material, where price or qualification keeps some"
    " buyers from it. Of several rows that match a demand the smallest holds.",
    key=("region", "commodity", "segment", "mineral"),
    years=YearColumns(
        "Largest clear share in the year; blank is all", "share", CellKind.SHARE, range=SHARE
    ),
)
class UptakeRow(SheetRow):
    """The largest share of some demands that takes clear material, by year."""

    region = cell.ref("regions", "Region of the demand", blank="all regions")
    commodity = cell.ref("commodities", "Commodity of the demand", blank="all commodities")
    segment = cell.text("Segment of the demand", blank="all segments")
    mineral = cell.text("Mineral of its commodity", blank="all minerals")
