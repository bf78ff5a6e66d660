"""The one declaration of the workbook: every sheet and column, kind, unit, range, default, help.

Reading, checking, the template with its drop-downs and the page docs/workbook.md come from here.
Nothing else in the package may know a sheet's columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opt.data.ranges import (
    BUILD_LIMIT,
    CAPEX,
    CAPEX_PER_UNIT,
    CHARGE,
    CONTENT,
    DISCOUNT,
    FACTOR,
    FIGURE,
    FIXED_OPEX,
    FREIGHT,
    FUND,
    GAP,
    LEAD_TIME,
    LIFE,
    MASS,
    PRICE,
    RECIPE,
    REPAYMENT,
    SECONDS,
    SEED,
    SHARE,
    SHIFT,
    SURPLUS,
    THREADS,
    UNITS,
    VERSION,
    WEIGHT,
    YEAR,
    Range,
)
from opt.objectives import ASKABLE, NEED_TARGET

SCHEMA_VERSION = 1

BLOCS = ("ally", "covered", "other")
SOURCELESS_STAGES = ("mining", "collection", "substitute")
CONFIDENCE = ("A", "B", "C", "D")


class Kind(StrEnum):
    """What a cell may hold."""

    ID = "id"  # names the row; trimmed, matched without case
    REF = "reference"  # an id of another sheet
    REFS = "references"  # ids of another sheet separated by ;
    TEXT = "text"
    CHOICE = "choice"  # one of `choices`
    NUMBER = "number"
    SHARE = "share"  # 0..1
    INTEGER = "whole number"
    YEAR = "year"
    SURPLUS = "surplus"  # free, none or USD per unit
    DECISION = "decision"  # free, forbid, force or `force 2028`
    PATTERN = "pattern"  # *, bloc:NAME or an id (lanes)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its meaning, unit, range and what a blank cell means.

    `default` is what a blank cell means; None together with `blank` gives the words for a blank
    that is not a value. `refs` are the sheets whose ids a REF may name. Every number has a `range`.
    """

    name: str
    kind: Kind
    help: str
    unit: str = ""
    required: bool = False
    default: float | int | str | None = None
    blank: str = ""
    range: Range | None = None
    choices: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YearColumns:
    """The block of columns named by calendar years (`2026`, ...) or by `year_1`, `year_2`, ..."""

    help: str
    unit: str
    kind: Kind = Kind.NUMBER
    required: bool = False
    numbered: bool = False  # year_1, year_2, ... instead of calendar years
    range: Range | None = None

    def column(self, name: str) -> Column:
        """The declaration of one column of the block."""
        return Column(name, self.kind, self.help, self.unit, range=self.range)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `key` are the columns that together must not repeat."""

    name: str
    title: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    years: YearColumns | None = None
    required: bool = False
    data: bool = True  # takes source, confidence, note

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns and, on data sheets, the three every row carries."""
        return self.columns + (TRACE_COLUMNS if self.data else ())

    def column(self, name: str) -> Column:
        """The declaration of one column; KeyError if there is none."""
        for column in self.all_columns:
            if column.name == name:
                return column
        raise KeyError(name)


TRACE_COLUMNS = (
    Column(
        "source",
        Kind.TEXT,
        "Where the figures come from: ids of sheet sources, separated by ;, or an address",
    ),
    Column(
        "confidence",
        Kind.CHOICE,
        "A primary source, B press or arithmetic on A, C unverified, D estimate",
        choices=CONFIDENCE,
    ),
    Column("note", Kind.TEXT, "Reasoning; required in good practice for an estimate (D)"),
)


def _id(name: str, help_: str) -> Column:
    return Column(name, Kind.ID, help_, required=True)


def _ref(
    name: str, sheet: str | tuple[str, ...], help_: str, required: bool = True, blank: str = ""
) -> Column:
    refs = (sheet,) if isinstance(sheet, str) else sheet
    return Column(name, Kind.REF, help_, required=required, refs=refs, blank=blank)


_NAME = Column("name", Kind.TEXT, "Name for the reader", blank="the id")
_SITE = Column("site", Kind.TEXT, "The place it stands at, for the reader")
_FILTER_FIELDS = ("region", "bloc", "stage", "mineral", "commodity", "process", "project")
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
)
SHOCKS = ("supply", "lane", "demand", "price", "lead_time", "ramp", "capex")
INSTRUMENTS = ("grant", "loan", "equity", "guarantee", "price_support", "output_support", "stock")
PAYS_FOR = ("capex", "stock", "price_support", "output_support")
LOSING_PLANTS = ("run", "need_support")
METRICS = ("dependence", "shortfall", "source_share", "home_share", "output")

_PLANT_TAIL = (
    Column(
        "capacity_of",
        Kind.REF,
        "The commodity in whose units the capacity is given, converted by the recipe",
        refs=("commodities",),
        blank="capacity is in units of activity",
    ),
)

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "settings",
        "Settings",
        "One row a setting. The first three keys are required.",
        (
            Column("key", Kind.ID, "Name of the setting", required=True),
            Column("value", Kind.TEXT, "Its value", required=True),
            Column("unit", Kind.TEXT, "Unit, for the reader"),
        ),
        key=("key",),
        required=True,
    ),
    Sheet(
        "regions",
        "Regions",
        "Places with plants or demand, each in one bloc.",
        (
            _id("region", "Region"),
            _NAME,
            Column(
                "bloc",
                Kind.CHOICE,
                "ally: its demand counts; covered: dependence on it is what is measured; other",
                required=True,
                choices=BLOCS,
            ),
        ),
        key=("region",),
        required=True,
    ),
    Sheet(
        "commodities",
        "Commodities",
        "Materials at a defined grade.",
        (
            _id("commodity", "Commodity"),
            _NAME,
            Column("mineral", Kind.TEXT, "Mineral it belongs to"),
            Column("stage", Kind.TEXT, "Stage of the chain it belongs to"),
            Column("unit", Kind.TEXT, "Unit of its amounts", default="t"),
            Column(
                "surplus",
                Kind.SURPLUS,
                "What may happen to material nobody uses: free, none (forbidden), or USD per unit"
                " (a cost, a credit where negative)",
                unit="USD/unit",
                default="free",
                range=SURPLUS,
            ),
        ),
        key=("commodity",),
        required=True,
    ),
    Sheet(
        "contents",
        "Contents",
        "How much of each element a commodity holds, by mass.",
        (
            _ref("commodity", "commodities", "Commodity"),
            Column("element", Kind.ID, "Element", required=True),
            Column(
                "share", Kind.SHARE, "Share by mass", unit="share", required=True, range=CONTENT
            ),
        ),
        key=("commodity", "element"),
    ),
    Sheet(
        "processes",
        "Processes",
        "Recipes by name; their amounts stand in sheet recipes.",
        (
            _id("process", "Process"),
            _NAME,
            Column(
                "stage",
                Kind.TEXT,
                "Stage of the chain; mining, collection and substitute may make from nothing",
            ),
        ),
        key=("process",),
        required=True,
    ),
    Sheet(
        "recipes",
        "Recipes",
        "What one unit of activity of a process makes (+) and uses (-).",
        (
            _ref("process", "processes", "Process"),
            _ref("commodity", "commodities", "Commodity"),
            Column(
                "amount",
                Kind.NUMBER,
                "Made (+) or used (-) per unit of activity",
                unit="units per unit of activity",
                required=True,
                range=RECIPE,
            ),
        ),
        key=("process", "commodity"),
        required=True,
    ),
    Sheet(
        "facilities",
        "Facilities",
        "Existing and committed plants. Capacity in one column, or one column a year.",
        (
            _id("facility", "Facility"),
            _NAME,
            _SITE,
            _ref("region", "regions", "Where it stands"),
            Column(
                "processes",
                Kind.REFS,
                "Processes that share its capacity, separated by ;",
                required=True,
                refs=("processes",),
            ),
            Column(
                "capacity",
                Kind.NUMBER,
                "Nameplate capacity a year, shared by its processes",
                unit="units/yr",
                blank="given by year columns",
                range=MASS,
            ),
            *_PLANT_TAIL,
            Column(
                "opens",
                Kind.YEAR,
                "First year of operation",
                blank="open before the horizon and past its ramp",
                range=YEAR,
            ),
            Column("closes", Kind.YEAR, "Last year of operation", blank="stays open", range=YEAR),
            _ref(
                "ramp", "ramps", "Ramp-up curve", required=False, blank="full from the first year"
            ),
            Column(
                "availability",
                Kind.SHARE,
                "Share of the year it can run",
                unit="share",
                default=1.0,
                range=SHARE,
            ),
            Column(
                "opex",
                Kind.NUMBER,
                "Operating cost per unit of activity",
                unit="USD/unit",
                default=0.0,
                range=PRICE,
            ),
            Column(
                "fixed_opex",
                Kind.NUMBER,
                "Operating cost a year while open",
                unit="USD million/yr",
                default=0.0,
                range=FIXED_OPEX,
            ),
            Column(
                "controlled_by",
                Kind.CHOICE,
                "Bloc that controls it, where not its region's own",
                choices=BLOCS,
                blank="its region's bloc",
            ),
        ),
        key=("facility",),
        years=YearColumns(
            "Capacity in the year, in place of column capacity", "units/yr", range=MASS
        ),
    ),
    Sheet(
        "projects",
        "Projects",
        "Candidate investments. A project once built is a plant of its own.",
        (
            _id("project", "Project"),
            _NAME,
            _SITE,
            _ref("region", "regions", "Where it would stand"),
            Column(
                "processes",
                Kind.REFS,
                "Processes that share its capacity, separated by ;",
                required=True,
                refs=("processes",),
            ),
            Column(
                "capacity",
                Kind.NUMBER,
                "Nameplate capacity a year of one unit",
                unit="units/yr",
                blank="scalable: capacity_min and capacity_max",
                range=MASS,
            ),
            Column(
                "capacity_min",
                Kind.NUMBER,
                "Smallest capacity of a scalable unit",
                unit="units/yr",
                blank="0 where capacity_max is given",
                range=MASS,
            ),
            Column(
                "capacity_max",
                Kind.NUMBER,
                "Largest capacity of a scalable unit",
                unit="units/yr",
                blank="not scalable",
                range=MASS,
            ),
            *_PLANT_TAIL,
            Column(
                "capex",
                Kind.NUMBER,
                "Capital cost of one unit",
                unit="USD million",
                required=True,
                range=CAPEX,
            ),
            Column(
                "capex_per_unit",
                Kind.NUMBER,
                "Capital cost on every unit of size of a scalable project",
                unit="USD million per unit/yr",
                default=0.0,
                range=CAPEX_PER_UNIT,
            ),
            Column(
                "capex_share",
                Kind.SHARE,
                "Share of the capex that this chain must carry",
                unit="share",
                default=1.0,
                range=SHARE,
            ),
            Column(
                "lead_time",
                Kind.NUMBER,
                "Years from commitment to first operation",
                unit="years",
                required=True,
                range=LEAD_TIME,
            ),
            _ref(
                "ramp", "ramps", "Ramp-up curve", required=False, blank="full from the first year"
            ),
            _ref(
                "spend",
                "spends",
                "Spend profile",
                required=False,
                blank="evenly over max(1, lead_time) years, without shocks",
            ),
            Column(
                "life",
                Kind.INTEGER,
                "Years of operation",
                unit="years",
                blank="outlives the horizon, no residual value",
                range=LIFE,
            ),
            Column(
                "earliest",
                Kind.YEAR,
                "First year in which it can be committed",
                blank="first_year",
                range=YEAR,
            ),
            Column(
                "latest",
                Kind.YEAR,
                "Last year in which it can be committed",
                blank="last_year",
                range=YEAR,
            ),
            Column(
                "max_units",
                Kind.INTEGER,
                "Most units over all years",
                unit="units",
                default=1,
                range=UNITS,
            ),
            Column("group", Kind.TEXT, "At most one project of a group is built", blank="no group"),
            _ref(
                "requires",
                "projects",
                "A project that must be committed no later",
                required=False,
                blank="none",
            ),
            Column(
                "public_share",
                Kind.SHARE,
                "Least share of capex from public money",
                unit="share",
                blank="setting public_share",
                range=SHARE,
            ),
            Column(
                "max_public_share",
                Kind.SHARE,
                "Largest share of capex from public money",
                unit="share",
                default=1.0,
                range=SHARE,
            ),
            Column(
                "opex",
                Kind.NUMBER,
                "Operating cost per unit of activity",
                unit="USD/unit",
                default=0.0,
                range=PRICE,
            ),
            Column(
                "fixed_opex",
                Kind.NUMBER,
                "Operating cost a year of one unit from first operation on",
                unit="USD million/yr",
                default=0.0,
                range=FIXED_OPEX,
            ),
            Column(
                "availability",
                Kind.SHARE,
                "Share of the year it can run",
                unit="share",
                default=1.0,
                range=SHARE,
            ),
            Column(
                "controlled_by",
                Kind.CHOICE,
                "Bloc that controls it, where not its region's own",
                choices=BLOCS,
                blank="its region's bloc",
            ),
            Column(
                "decision",
                Kind.DECISION,
                "free, forbid, force, or force with a year",
                default="free",
            ),
        ),
        key=("project",),
    ),
    Sheet(
        "ramps",
        "Ramps",
        "Share of capacity reached in the n-th year of operation; the last value stays.",
        (_id("ramp", "Ramp-up curve"),),
        key=("ramp",),
        years=YearColumns(
            "Share of capacity in that year of operation",
            "share",
            Kind.SHARE,
            True,
            True,
            range=SHARE,
        ),
    ),
    Sheet(
        "spends",
        "Spend profiles",
        "Share of capex that falls due in the year of commitment and the years after; sum 1.",
        (_id("spend", "Spend profile"),),
        key=("spend",),
        years=YearColumns("Share of capex", "share", Kind.SHARE, True, True, range=SHARE),
    ),
    Sheet(
        "programmes",
        "Programmes",
        "Public money with rules. Year columns are the most that may fall due in that year.",
        (
            _id("programme", "Programme"),
            _NAME,
            Column("owner", Kind.TEXT, "Who owns it"),
            Column(
                "instrument", Kind.CHOICE, "Kind of money", default="grant", choices=INSTRUMENTS
            ),
            Column(
                "amount",
                Kind.NUMBER,
                "Most it can commit in all",
                unit="USD million",
                required=True,
                range=FUND,
            ),
            Column(
                "commit_from",
                Kind.YEAR,
                "First year in which it can commit",
                blank="first_year",
                range=YEAR,
            ),
            Column(
                "commit_to",
                Kind.YEAR,
                "Last year in which it can commit",
                blank="last_year",
                range=YEAR,
            ),
            Column(
                "charge",
                Kind.NUMBER,
                "Share of face value that counts against amount and yearly limits",
                unit="share",
                default=1.0,
                range=CHARGE,
            ),
            Column(
                "max_share",
                Kind.SHARE,
                "Largest share of a project's capex",
                unit="share",
                default=1.0,
                range=SHARE,
            ),
            Column(
                "ticket_min",
                Kind.NUMBER,
                "Smallest payment into one commitment",
                unit="USD million",
                default=0.0,
                range=CAPEX,
            ),
            Column(
                "ticket_max",
                Kind.NUMBER,
                "Largest payment into one commitment",
                unit="USD million",
                blank="no ceiling",
                range=CAPEX,
            ),
            Column(
                "carry_over",
                Kind.CHOICE,
                "yes: what a year leaves of its limit adds to the next",
                default="no",
                choices=("yes", "no"),
            ),
            Column(
                "pays_for",
                Kind.TEXT,
                "capex, stock, price_support, output_support; several separated by ;",
                default="capex",
            ),
            Column(
                "repay_years",
                Kind.INTEGER,
                "Years, from first operation on, over which a loan is repaid evenly and lent again",
                unit="years",
                blank="not lent again",
                range=REPAYMENT,
            ),
        ),
        key=("programme",),
        years=YearColumns(
            "Most that may fall due in the year; blank is no limit", "USD million", range=FUND
        ),
    ),
    Sheet(
        "eligibility",
        "Eligibility",
        "What a programme may pay for. Rows of one field join by or, fields by and; never"
        " excludes.",
        (
            _ref("programme", "programmes", "Programme"),
            Column("field", Kind.CHOICE, "What is matched", required=True, choices=_FILTER_FIELDS),
            Column("value", Kind.TEXT, "The id or name it must have", required=True),
            Column("rule", Kind.CHOICE, "only or never", default="only", choices=("only", "never")),
            Column(
                "max_share",
                Kind.SHARE,
                "Largest share of capex for the projects this row matches",
                unit="share",
                blank="the programme's",
                range=SHARE,
            ),
        ),
        key=("programme", "field", "value"),
    ),
    Sheet(
        "supports",
        "Supports",
        "What a programme pays on a unit made: a price floor, or so much per unit.",
        (
            _ref("programme", "programmes", "Programme"),
            _ref("commodity", "commodities", "Commodity made"),
            Column(
                "basis",
                Kind.CHOICE,
                "floor tops the market price up to the amount; per_unit pays the amount",
                required=True,
                choices=("floor", "per_unit"),
            ),
            Column(
                "amount",
                Kind.NUMBER,
                "The floor, or so much",
                unit="USD/unit",
                required=True,
                range=PRICE,
            ),
            Column("first_year", Kind.YEAR, "First year", blank="first_year", range=YEAR),
            Column("last_year", Kind.YEAR, "Last year", blank="last_year", range=YEAR),
        ),
        key=("programme", "commodity", "basis"),
    ),
    Sheet(
        "private_capital",
        "Private capital",
        "The most private money that is ready in a year. Blank: no ceiling.",
        (
            Column(
                "field",
                Kind.CHOICE,
                "What is matched",
                required=True,
                choices=(*_FILTER_FIELDS, "all"),
            ),
            Column("value", Kind.TEXT, "The id or name it must have; blank for all"),
        ),
        key=("field", "value"),
        years=YearColumns("Most private money in the year", "USD million", range=FUND),
    ),
    Sheet(
        "build_limits",
        "Build limits",
        "How much can be committed in a year.",
        (
            Column(
                "field",
                Kind.CHOICE,
                "What is matched",
                required=True,
                choices=(*_FILTER_FIELDS, "all"),
            ),
            Column("value", Kind.TEXT, "The id or name it must have; blank for all"),
            Column(
                "what",
                Kind.CHOICE,
                "starts (units committed) or capex (USD million)",
                required=True,
                choices=("starts", "capex"),
            ),
        ),
        key=("field", "value", "what"),
        years=YearColumns("Most in the year", "units or USD million", range=BUILD_LIMIT),
    ),
    Sheet(
        "offtakes",
        "Offtakes",
        "Output bound by contract to a region or bloc.",
        (
            _ref(
                "facility",
                "facilities",
                "Whose output: a facility, or a project in the next column",
                required=False,
                blank="a project is named",
            ),
            _ref(
                "project",
                "projects",
                "Whose output, where it is a project's",
                required=False,
                blank="a facility is named",
            ),
            _ref("commodity", "commodities", "Commodity"),
            Column(
                "destination",
                Kind.PATTERN,
                "A region or a bloc (bloc:ally)",
                required=True,
                refs=("regions",),
            ),
            Column(
                "share", Kind.SHARE, "Share of the output", unit="share", required=True, range=SHARE
            ),
            Column(
                "last_year", Kind.YEAR, "Last year of the contract", blank="last_year", range=YEAR
            ),
        ),
        key=("facility", "project", "commodity", "destination"),
    ),
    Sheet(
        "demand",
        "Demand",
        "What regions need. Years between two given ones are interpolated; every year up to"
        " last_year must be reached.",
        (
            _ref("region", "regions", "Region"),
            _ref("commodity", "commodities", "Commodity"),
            Column("segment", Kind.TEXT, "Use, such as vehicles or defence", default=""),
            Column(
                "weight",
                Kind.NUMBER,
                "Weight of a unit in dependence and shortfall",
                unit="weight",
                default=1.0,
                range=WEIGHT,
            ),
            Column(
                "clear_from",
                Kind.YEAR,
                "From this year on it takes no exposed material",
                blank="takes both",
                range=YEAR,
            ),
        ),
        key=("region", "commodity", "segment"),
        years=YearColumns("Demand in the year", "units/yr", required=True, range=MASS),
        required=True,
    ),
    Sheet(
        "lanes",
        "Lanes",
        "Which trade is open, at what cost, up to which limit for each pair. Blank sheet: all trade"
        " is open and free. With rows: a pair no row matches is closed.",
        (
            Column(
                "origin", Kind.PATTERN, "A region, bloc:NAME or *", required=True, refs=("regions",)
            ),
            Column(
                "destination",
                Kind.PATTERN,
                "A region, bloc:NAME or *",
                required=True,
                refs=("regions",),
            ),
            Column(
                "commodity", Kind.PATTERN, "A commodity or *", required=True, refs=("commodities",)
            ),
            Column("cost", Kind.NUMBER, "Freight", unit="USD/unit", default=0.0, range=FREIGHT),
            Column(
                "limit",
                Kind.NUMBER,
                "Most a year on each pair the row matches, both origin classes together",
                unit="units/yr",
                blank="no limit",
                range=MASS,
            ),
            Column(
                "first_year", Kind.YEAR, "First year of the row", blank="first_year", range=YEAR
            ),
            Column("last_year", Kind.YEAR, "Last year of the row", blank="last_year", range=YEAR),
            Column(
                "open",
                Kind.CHOICE,
                "no closes the pairs the row matches",
                default="yes",
                choices=("yes", "no"),
            ),
        ),
    ),
    Sheet(
        "prices",
        "Prices",
        "Market prices by year. Years between two given ones are interpolated.",
        (
            _ref("commodity", "commodities", "Commodity"),
            Column(
                "market", Kind.PATTERN, "A region, bloc:NAME or *", default="*", refs=("regions",)
            ),
        ),
        key=("commodity", "market"),
        years=YearColumns("Price in the year", "USD/unit", required=True, range=PRICE),
    ),
    Sheet(
        "stockpiles",
        "Stockpiles",
        "Stocks of material, clear and exposed kept apart.",
        (
            _id("stockpile", "Stockpile"),
            _ref("region", "regions", "Where it lies"),
            _ref("commodity", "commodities", "What it holds"),
            Column(
                "initial",
                Kind.NUMBER,
                "Stock before the first year",
                unit="units",
                default=0.0,
                range=MASS,
            ),
            Column(
                "initial_origin",
                Kind.CHOICE,
                "Origin class of that stock",
                default="exposed",
                choices=("clear", "exposed"),
            ),
            Column(
                "capacity",
                Kind.NUMBER,
                "Most it can hold",
                unit="units",
                blank="no ceiling",
                range=MASS,
            ),
            Column(
                "loss", Kind.SHARE, "Share lost in a year", unit="share", default=0.0, range=SHARE
            ),
            Column(
                "carrying_cost",
                Kind.NUMBER,
                "Cost of holding a unit for a year",
                unit="USD/unit",
                default=0.0,
                range=PRICE,
            ),
            Column(
                "release",
                Kind.CHOICE,
                "any time, or only in a disruption",
                default="any",
                choices=("any", "disruption"),
            ),
            Column(
                "buys",
                Kind.CHOICE,
                "What may be bought: clear material alone, or any",
                default="clear",
                choices=("clear", "any"),
            ),
        ),
        key=("stockpile",),
    ),
    Sheet(
        "scenarios",
        "Scenarios",
        "Named futures; their changes stand in sheet shocks. The base case has no row.",
        (
            _id("scenario", "Scenario"),
            _NAME,
            Column(
                "probability",
                Kind.SHARE,
                "Only where a source or a stated judgement gives one",
                unit="share",
                blank="not stated",
                range=SHARE,
            ),
            Column("description", Kind.TEXT, "What happens"),
        ),
        key=("scenario",),
    ),
    Sheet(
        "shocks",
        "Shocks",
        "What a scenario changes. A blank field means everything; several shocks on one thing"
        " combine.",
        (
            _ref("scenario", "scenarios", "Scenario"),
            Column("what", Kind.CHOICE, "What changes", required=True, choices=SHOCKS),
            Column(
                "field", Kind.CHOICE, "What is matched", choices=SHOCK_FIELDS, blank="everything"
            ),
            Column("value", Kind.TEXT, "The id or name it must have", blank="everything"),
            Column("first_year", Kind.YEAR, "First year", blank="first_year", range=YEAR),
            Column("last_year", Kind.YEAR, "Last year", blank="last_year", range=YEAR),
            Column("factor", Kind.NUMBER, "Multiplies", unit="factor", default=1.0, range=FACTOR),
            Column(
                "shift",
                Kind.NUMBER,
                "Adds",
                unit="units, USD million or years",
                default=0.0,
                range=SHIFT,
            ),
        ),
    ),
    Sheet(
        "variants",
        "Variants",
        "Named sets of cells that stand in for those of other sheets; opt solve --variant NAME.",
        (
            Column("variant", Kind.TEXT, "Variant", required=True),
            Column("sheet", Kind.TEXT, "Sheet of the cell", required=True),
            Column(
                "row",
                Kind.TEXT,
                "The row's id; where several columns name a row, each of them, separated by ;",
                required=True,
            ),
            Column("column", Kind.TEXT, "Column of the cell: its name, or a year", required=True),
            Column("value", Kind.TEXT, "What stands there instead", blank="a blank cell"),
        ),
        key=("variant", "sheet", "row", "column"),
    ),
    Sheet(
        "targets",
        "Targets",
        "Policy targets, each for its year alone.",
        (
            _id("target", "Target"),
            Column("metric", Kind.CHOICE, "What is measured", required=True, choices=METRICS),
            Column(
                "scope",
                Kind.TEXT,
                "dependence, shortfall: a commodity, element, region, bloc or segment;"
                " source_share: stage:source or stage:source:users (source any: the largest);"
                " home_share: stage:users or stage:users:element; output: commodity:where",
                blank="everything",
            ),
            Column("year", Kind.YEAR, "Year in which it must hold", required=True, range=YEAR),
            Column(
                "bound",
                Kind.NUMBER,
                "The bound",
                unit="share or units",
                required=True,
                range=FIGURE,
            ),
            Column(
                "sense",
                Kind.CHOICE,
                "at_most or at_least",
                default="at_most",
                choices=("at_most", "at_least"),
            ),
        ),
        key=("target",),
    ),
    Sheet(
        "plans",
        "Plans",
        "Commitments given from outside, one row each; evaluated by opt solve --plan NAME. It says"
        " nothing of stock: what is bought is free.",
        (
            Column("plan", Kind.ID, "Plan", required=True),
            _ref("project", "projects", "Project"),
            Column("year", Kind.YEAR, "Year of commitment", required=True, range=YEAR),
            Column("units", Kind.INTEGER, "Units committed", unit="units", default=1, range=UNITS),
            Column(
                "size",
                Kind.NUMBER,
                "Capacity committed of a scalable project, all units together",
                unit="units/yr",
                blank="not scalable",
                range=MASS,
            ),
        ),
        key=("plan", "project", "year"),
    ),
    Sheet(
        "calibration",
        "Calibration",
        "Published figures that a baseline without new projects should reproduce.",
        (
            Column(
                "metric",
                Kind.CHOICE,
                "What is measured",
                required=True,
                choices=("world_share", "output", "exports", "dependence"),
            ),
            Column(
                "scope",
                Kind.TEXT,
                "stage:bloc or stage:region (world_share), commodity:place (output),"
                " commodity:origin:destination (exports), commodity, element or all (dependence);"
                " a place is a region, a bloc or, as destination, any; several commodities of"
                " output and exports are added up, separated by ;",
                default="all",
            ),
            Column("year", Kind.YEAR, "Year", required=True, range=YEAR),
            Column(
                "published",
                Kind.NUMBER,
                "The published figure",
                unit="share or units",
                required=True,
                range=FIGURE,
            ),
            Column(
                "tolerance",
                Kind.NUMBER,
                "Largest difference that passes",
                unit="as published",
                required=True,
                range=FIGURE,
            ),
        ),
        key=("metric", "scope", "year"),
    ),
    Sheet(
        "sources",
        "Sources",
        "Where the figures come from.",
        (
            _id("source", "Source"),
            Column("title", Kind.TEXT, "Title", required=True),
            Column("address", Kind.TEXT, "Address"),
            Column("date", Kind.TEXT, "Date, as the source gives it"),
            Column("confidence", Kind.CHOICE, "Grade", choices=CONFIDENCE),
            Column("note", Kind.TEXT, "What to know about it"),
        ),
        key=("source",),
        data=False,
    ),
)

SHEET: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}

SETTINGS: tuple[Column, ...] = (
    Column(
        "schema", Kind.INTEGER, "Version of the workbook's layout", required=True, range=VERSION
    ),
    Column("first_year", Kind.YEAR, "First year of the plan", required=True, range=YEAR),
    Column("last_year", Kind.YEAR, "Last year of the plan", required=True, range=YEAR),
    Column("title", Kind.TEXT, "Title of the case", blank="the file's name"),
    Column("price_year", Kind.YEAR, "Year of the money", blank="not stated", range=YEAR),
    Column("data_version", Kind.TEXT, "Edition of the data", blank="not stated"),
    Column(
        "data_date",
        Kind.TEXT,
        "Day, month or year up to which the data go: 2026-11-25, 2026-11 or 2026",
        blank="not stated; the memo then bears no date",
    ),
    Column("licence", Kind.TEXT, "Terms under which the data may be used", blank="not stated"),
    Column(
        "discount_rate",
        Kind.NUMBER,
        "Real discount rate of the cost pass",
        unit="share a year",
        default=0.0,
        range=DISCOUNT,
    ),
    Column(
        "dependence_from",
        Kind.YEAR,
        "First year in which dependence counts",
        blank="first_year",
        range=YEAR,
    ),
    Column(
        "dependence_to",
        Kind.YEAR,
        "Last year in which dependence counts",
        blank="last_year",
        range=YEAR,
    ),
    Column(
        "dependence_target",
        Kind.SHARE,
        f"Dependence that must not be exceeded; needed by objective {' or '.join(NEED_TARGET)}",
        unit="share",
        blank="no target",
        range=SHARE,
    ),
    Column(
        "objective",
        Kind.TEXT,
        f"What comes first: {', '.join(ASKABLE[:-1])} or {ASKABLE[-1]}",
        default="dependence",
    ),
    Column(
        "public_share",
        Kind.SHARE,
        "Least share of capex from public money, where a project does not say",
        unit="share",
        default=0.0,
        range=SHARE,
    ),
    Column(
        "losing_plants",
        Kind.CHOICE,
        "Plants whose costs exceed what they earn at market prices: run (they run all the same) or"
        " need_support (only as far as a programme covers the gap)",
        default="run",
        choices=LOSING_PLANTS,
    ),
    Column(
        "gap",
        Kind.NUMBER,
        "Relative gap at which the first passes stop; 0 asks for the optimum",
        unit="share",
        default=1e-3,
        range=GAP,
    ),
    Column(
        "cost_gap",
        Kind.NUMBER,
        "Relative gap at which the cost pass stops",
        unit="share",
        default=1e-2,
        range=GAP,
    ),
    Column(
        "time_limit",
        Kind.NUMBER,
        "Most time for all passes",
        unit="seconds",
        default=600.0,
        range=SECONDS,
    ),
    Column("threads", Kind.INTEGER, "Threads of the solver", default=1, range=THREADS),
    Column("seed", Kind.INTEGER, "Random seed of the solver", default=0, range=SEED),
    Column(
        "calibrate_from",
        Kind.YEAR,
        "First year of the calibration baseline",
        blank="first_year",
        range=YEAR,
    ),
)

SETTING: dict[str, Column] = {column.name: column for column in SETTINGS}
