"""The sheet of sources."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import CONFIDENCE, SheetRow, sheet


@sheet("sources", "Sources", "Where the figures come from.", key=("source",), data=False)
class SourceRow(SheetRow):
    """Where figures come from."""

    source = cell.identity("Source")
    title = cell.text("Title", required=True)
    address = cell.text("Address")
    date = cell.text("Date, as the source gives it")
    confidence = cell.choice("Grade", CONFIDENCE)
    note = cell.text("What to know about it")
