"""The sheet of ranges: how far a figure of another sheet may lie from what stands there."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import END
from opt.data.sheets.variants import COLUMN_NAME, ROW_NAME


@sheet(
    "ranges",
    "Ranges",
    "Between what and what a figure of another sheet may lie. A solve takes the figure itself;"
    " studies vary it within its range.",
    key=("sheet", "row", "column"),
)
class CellRangeRow(SheetRow):
    """The range of one figure of another sheet."""

    in_sheet = cell.text("Sheet of the cell", required=True, name="sheet")
    row = cell.text(ROW_NAME, required=True)
    column = cell.text(COLUMN_NAME, required=True)
    low = cell.number("Lowest that the figure may be", "as in the cell", END)
    high = cell.number("Highest that the figure may be", "as in the cell", END)
