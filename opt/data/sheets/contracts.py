"""The sheet of offtake contracts."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import SHARE


@sheet(
    "offtakes",
    "Offtakes",
    "Output bound by contract to a region or bloc.",
    key=("facility", "project", "commodity", "destination"),
)
class OfftakeRow(SheetRow):
    """Output of one plant that a contract binds to some regions."""

    facility = cell.ref(
        "facilities",
        "Whose output: a facility, or a project in the next column",
        blank="a project is named",
    )
    project = cell.ref(
        "projects", "Whose output, where it is a project's", blank="a facility is named"
    )
    commodity = cell.ref("commodities", "Commodity")
    destination = cell.pattern("regions", "A region or a bloc (bloc:ally)")
    share = cell.share("Share of the output", SHARE)
    last_year = cell.year("Last year of the contract", blank="last_year")
