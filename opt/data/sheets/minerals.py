"""The sheet of minerals: what each counts for beside the others."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import WEIGHT


@sheet(
    "minerals",
    "Minerals",
    "What dependence of each mineral counts for. Blank sheet: all allied demand is added up in its"
    " own units, whatever mineral it is of.",
    key=("mineral",),
)
class MineralRow(SheetRow):
    """What the dependence of one mineral counts for beside that of the others."""

    mineral = cell.identity("Mineral, as in column mineral of sheet commodities")
    name = cell.text("Name for the reader", blank="the id")
    weight = cell.number(
        "What dependence on the covered bloc for all of the mineral counts for; only the ratios of"
        " the weights matter",
        "weight",
        WEIGHT,
    )
    reason = cell.text("What the weight stands for, such as output at risk", for_reader=True)
