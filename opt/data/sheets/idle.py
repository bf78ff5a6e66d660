"""Sheet of least use: how much of an existing plant runs at least, year by year."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.columns import CellKind, YearColumns
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import SHARE


@sheet(
    "least_use",
    "Least use",
    "How much of a facility runs at least, one column a year; one figure for all years stands in"
    " sheet facilities.",
    key=("facility",),
    years=YearColumns(
        "Share of what the facility could make in the year that runs at least",
        "share",
        CellKind.SHARE,
        range=SHARE,
    ),
)
class LeastUseRow(SheetRow):
    """The least use of a facility by year."""

    facility = cell.ref("facilities", "The facility, which names its idle_cost too")
