"""Sheets of what a year can carry: private money that is ready, and what can be committed."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.columns import YearColumns
from opt.data.sheets.declare import YES_NO, SheetRow, sheet
from opt.data.sheets.money import FILTER_FIELDS
from opt.data.sheets.ranges import FUND, MASS, SHARE, STARTS

MINERAL = "A mineral that the project must also make; both conditions hold"
CAPACITY = "capacity"


@sheet(
    "private_capital",
    "Private capital",
    "The most private money that is ready in a year. Blank: no ceiling.",
    key=("field", "value", "mineral"),
    years=YearColumns("Most private money in the year", "USD million", range=FUND),
)
class PrivateCapitalRow(SheetRow):
    """The most private money that is ready in a year for what a filter matches."""

    field = cell.choice("What is matched", (*FILTER_FIELDS, "all"), required=True)
    value = cell.text("The id or name it must have; blank for all")
    mineral = cell.text(MINERAL, blank="any mineral")


@sheet(
    "build_limits",
    "Build limits",
    "How much can be committed in a year.",
    key=("field", "value", "what", "mineral", "commodity"),
    years=YearColumns(
        "Most in the year",
        "units, USD million or units of the commodity/yr",
        range=MASS,
        by="what",
        ranges={"starts": STARTS, "capex": FUND, CAPACITY: MASS},
    ),
)
class BuildLimitRow(SheetRow):
    """The most that can be committed in a year of what a filter matches."""

    limit = cell.text("Of capacity: the id by which sheet lifts names it", blank="none")
    field = cell.choice("What is matched", (*FILTER_FIELDS, "all"), required=True)
    value = cell.text("The id or name it must have; blank for all")
    mineral = cell.text(MINERAL, blank="any mineral")
    what = cell.choice(
        "starts (units committed), capex (USD million) or capacity (what could be made of the"
        " commodity a year)",
        ("starts", "capex", CAPACITY),
        required=True,
    )
    commodity = cell.ref(
        "commodities", "Of capacity: the commodity in whose units it is limited", blank="none"
    )
    learn = cell.share(
        "Of capacity: part of what the plants covered could make in clear the year before, by which"
        " the limit grows",
        SHARE,
        default=0.0,
    )
    carry_over = cell.choice(
        "Of capacity, yes: what a year leaves of its limit adds to the next", YES_NO, default="no"
    )


@sheet(
    "lifts",
    "Lifts",
    "Projects that lift a limit on capacity while they operate.",
    key=("project", "limit"),
)
class LiftRow(SheetRow):
    """What a unit of a project adds to a limit on capacity in every year in which it operates."""

    project = cell.ref("projects", "The project that lifts it")
    limit = cell.ref("build_limits", "The limit, by its id in column limit")
    amount = cell.number(
        "What one unit adds to the limit of every year in which it operates",
        "units of the commodity/yr",
        MASS,
    )


CeilingRow = PrivateCapitalRow | BuildLimitRow
