"""The sheet of variants."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet

ROW_NAME = "The row's id; where several columns name a row, each of them, separated by ;"
COLUMN_NAME = "Column of the cell: its name, or a year"


@sheet(
    "variants",
    "Variants",
    "Named sets of cells that stand in for those of other sheets;"
    " python -m opt solve --variant NAME.",
    key=("variant", "sheet", "row", "column"),
)
class VariantRow(SheetRow):
    """A cell that stands in for one of another sheet where its variant is asked for."""

    variant = cell.text("Variant", required=True)
    in_sheet = cell.text("Sheet of the cell", required=True, name="sheet")
    row = cell.text(
        ROW_NAME,
        required=True,
    )
    column = cell.text(COLUMN_NAME, required=True)
    value = cell.text("What stands there instead", blank="a blank cell")
