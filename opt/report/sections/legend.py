"""The legend of the workbook of results."""

from __future__ import annotations

from opt.report.document import Bullets, Section
from opt.report.story import Story


def section(story: Story) -> Section:
    """What units, clear, exposed and blank cells mean, and where everything is."""
    covered = story.covered
    said = (
        "Units: row 3 of each sheet; shares are shown as per cent; money in USD million.",
        f"Clear: no step of the chain was done in {covered} or under its control.",
        f"Exposed: at least one step was done in {covered} or under its control.",
        "Blank: no value, for example a programme without a yearly limit.",
        "Files: every table stands in folder tables as CSV, with all flows and full precision.",
    )
    return Section("legend", "Legend", (Bullets(said),))
