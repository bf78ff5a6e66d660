"""The sheet of plans: commitments given from outside."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import MASS, UNITS


@sheet(
    "plans",
    "Plans",
    "Commitments given from outside, one row each; evaluated by python -m opt solve --plan NAME. It"
    " says nothing of stock: what is bought is free.",
    key=("plan", "project", "year"),
)
class PlanRow(SheetRow):
    """One commitment of a plan that is given from outside."""

    plan = cell.identity("Plan")
    project = cell.ref("projects", "Project")
    year = cell.year("Year of commitment")
    units = cell.whole("Units committed", "units", UNITS, default=1)
    size = cell.number(
        "Capacity committed of a scalable project, all units together",
        "units/yr",
        MASS,
        blank="not scalable",
    )
