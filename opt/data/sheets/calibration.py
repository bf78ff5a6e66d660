"""The sheet of published figures."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import FIGURE


@sheet(
    "calibration",
    "Calibration",
    "Published figures that a baseline without new projects should reproduce.",
    key=("metric", "scope", "year"),
)
class CalibrationRow(SheetRow):
    """A published figure that a baseline should reproduce."""

    metric = cell.choice(
        "What is measured", ("world_share", "output", "exports", "dependence"), required=True
    )
    scope = cell.text(
        "stage:bloc or stage:region, of one mineral alone with :mineral:NAME at the end"
        " (world_share), commodity:place (output), commodity:origin:destination (exports),"
        " commodity, element, mineral:NAME or all (dependence); a place is a region, a bloc, world"
        " or, as destination, any; several commodities of output and exports are added up,"
        " separated by ;",
        default="all",
    )
    year = cell.year("Year")
    published = cell.number("The published figure", "share or units", FIGURE)
    tolerance = cell.number("Largest difference that passes", "as published", FIGURE)
