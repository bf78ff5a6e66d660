"""Sheets of scenarios and their shocks."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import FACTOR, SHARE, SHIFT

BASE = "base"  # what the base case is called among scenarios
SHOCK_FIELDS = (
    "region",
    "bloc",
    "stage",
    "mineral",
    "commodity",
    "process",
    "facility",
    "project",
    "origin",
    "destination",
    "segment",
    "programme",
)
SHOCKS = (
    "supply",
    "lane",
    "demand",
    "price",
    "lead_time",
    "ramp",
    "capex",
    "uptake",
    "money",
    "control",
)


@sheet(
    "scenarios",
    "Scenarios",
    "Named futures; their changes stand in sheet shocks. The base case has no row.",
    key=("scenario",),
)
class ScenarioRow(SheetRow):
    """A named future; its shocks change the base case."""

    scenario = cell.identity("Scenario")
    name = cell.text("Name for the reader", blank="the id")
    probability = cell.share(
        "Only where a source or a stated judgement gives one", SHARE, blank="not stated"
    )
    description = cell.text("What happens")


@sheet(
    "shocks",
    "Shocks",
    "What a scenario changes. A blank field means everything; several shocks on one thing combine."
    " Money: yearly limits of programmes, never amounts; 0 where a year has none lets nothing be"
    " committed in it. Control: the plants make exposed output alone, as under the covered bloc.",
    names=("scenario", "what", "field", "value", "first_year", "last_year", "mineral"),
)
class ShockRow(SheetRow):
    """One change that a scenario brings, to all that its filter matches."""

    scenario = cell.ref("scenarios", "Scenario")
    what = cell.choice("What changes", SHOCKS, required=True)
    field = cell.choice("What is matched", SHOCK_FIELDS, blank="everything")
    value = cell.text("The id or name it must have", blank="everything")
    mineral = cell.text(
        "A mineral that it must be of, too; both conditions hold", blank="any mineral"
    )
    first_year = cell.year("First year", blank="first_year")
    last_year = cell.year("Last year", blank="last_year")
    factor = cell.number("Multiplies", "factor", FACTOR, default=1.0)
    shift = cell.number("Adds", "units, USD million or years", SHIFT, default=0.0)
