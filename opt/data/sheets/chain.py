"""Sheets of the chain: commodities, contents, processes, recipes, facilities."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.columns import YearColumns
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import CONTENT, FIXED_OPEX, MASS, PRICE, RECIPE, SHARE, SURPLUS
from opt.data.sheets.setup import BLOCS

SOURCELESS_STAGES = ("mining", "collection", "substitute", "feed")


@sheet(
    "commodities", "Commodities", "Materials at a defined grade.", key=("commodity",), required=True
)
class CommodityRow(SheetRow):
    """A material at a defined grade."""

    commodity = cell.identity("Commodity")
    name = cell.text("Name for the reader", blank="the id")
    mineral = cell.text("Mineral it belongs to")
    stage = cell.text("Stage of the chain it belongs to")
    unit = cell.text("Unit of its amounts", default="t")
    surplus = cell.surplus(
        "What may happen to material nobody uses: free, none (forbidden), or USD per unit (a"
        " cost, a credit where negative)",
        "USD/unit",
        SURPLUS,
        default="free",
    )


@sheet(
    "contents",
    "Contents",
    "How much of each element a commodity holds, by mass.",
    key=("commodity", "element"),
)
class ContentRow(SheetRow):
    """The share of one element in the mass of a commodity."""

    commodity = cell.ref("commodities", "Commodity")
    element = cell.identity("Element")
    share = cell.share("Share by mass", CONTENT)


@sheet(
    "processes",
    "Processes",
    "Recipes by name; their amounts stand in sheet recipes.",
    key=("process",),
    required=True,
)
class ProcessRow(SheetRow):
    """A recipe by name."""

    process = cell.identity("Process")
    name = cell.text("Name for the reader", blank="the id")
    stage = cell.text(
        "Stage of the chain; mining, collection, substitute and feed (residues, dust and scrap of"
        " other chains) may make from nothing"
    )


@sheet(
    "recipes",
    "Recipes",
    "What one unit of activity of a process makes (+) and uses (-).",
    key=("process", "commodity"),
    required=True,
)
class RecipeRow(SheetRow):
    """What one unit of activity of a process makes (+) or uses (-) of a commodity."""

    process = cell.ref("processes", "Process")
    commodity = cell.ref("commodities", "Commodity")
    amount = cell.number(
        "Made (+) or used (-) per unit of activity", "units per unit of activity", RECIPE
    )


@sheet(
    "facilities",
    "Facilities",
    "Existing and committed plants. Capacity in one column, or one column a year.",
    key=("facility",),
    years=YearColumns("Capacity in the year, in place of column capacity", "units/yr", range=MASS),
)
class FacilityRow(SheetRow):
    """An existing or committed plant; its year columns may hold its capacity."""

    facility = cell.identity("Facility")
    name = cell.text("Name for the reader", blank="the id")
    site = cell.text("The place it stands at, for the reader")
    region = cell.ref("regions", "Where it stands")
    processes = cell.refs("processes", "Processes that share its capacity, separated by ;")
    capacity = cell.number(
        "Nameplate capacity a year, shared by its processes",
        "units/yr",
        MASS,
        blank="given by year columns",
    )
    capacity_of = cell.ref(
        "commodities",
        "The commodity in whose units the capacity is given, converted by the recipe",
        blank="capacity is in units of activity",
    )
    opens = cell.year("First year of operation", blank="open before the horizon and past its ramp")
    closes = cell.year("Last year of operation", blank="stays open")
    ramp = cell.ref("ramps", "Ramp-up curve", blank="full from the first year")
    availability = cell.share("Share of the year it can run", SHARE, default=1.0)
    chance = cell.share(
        "Chance that it reaches operation; its capacity counts times this chance where setting"
        " survival is expected",
        SHARE,
        default=1.0,
    )
    opex = cell.number("Operating cost per unit of activity", "USD/unit", PRICE, default=0.0)
    fixed_opex = cell.number(
        "Operating cost a year while open", "USD million/yr", FIXED_OPEX, default=0.0
    )
    opex_share = cell.share(
        "Share of opex and fixed_opex that this chain must carry, where other products carry the"
        " rest",
        SHARE,
        default=1.0,
    )
    least_use = cell.share(
        "Share of what it could make that runs at least, for a cost where it does not",
        SHARE,
        blank="none, or given by sheet least_use",
    )
    idle_cost = cell.number(
        "Cost of a unit of capacity that stands idle below the least use; blank of a host metal,"
        " which runs whatever this chain needs",
        "USD/unit",
        PRICE,
        blank="none, or it always runs that much",
    )
    controlled_by = cell.choice(
        "Bloc that controls it, where not its region's own", BLOCS, blank="its region's bloc"
    )
