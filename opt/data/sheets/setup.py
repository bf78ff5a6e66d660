"""Sheets of the case itself: settings and regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import DISCOUNT, FUND, GAP, SECONDS, SEED, SHARE, THREADS, VERSION
from opt.data.tables import Row, Value
from opt.objectives import ASKABLE, NEED_TARGET, NEED_WORTH

SCHEMA_VERSION = 1
BLOCS = ("ally", "covered", "other")
LOSING_PLANTS = ("run", "need_support")
SURVIVAL = ("expected", "none")
BASELINES = ("merchant", "frozen")
MINERALS, EQUAL, TONNES = "minerals", "equal", "tonnes"


@sheet(
    "settings",
    "Settings",
    "One row a setting. The first three keys are required.",
    key=("key",),
    required=True,
)
class SettingRow(SheetRow):
    """A setting by its key, typed by the key's own declaration."""

    key = cell.identity("Name of the setting")
    value = cell.text("Its value", required=True)
    unit = cell.text("Unit, for the reader", for_reader=True)


def setting_row(rows: Iterable[Row], key: str) -> Row | None:
    """The row of sheet settings that gives a key."""
    for row in rows:
        if row.text("key").casefold() == key:
            return row
    return None


@sheet(
    "regions",
    "Regions",
    "Places with plants or demand, each in one bloc.",
    key=("region",),
    required=True,
)
class RegionRow(SheetRow):
    """A place with plants or demand."""

    region = cell.identity("Region")
    name = cell.text("Name for the reader", blank="the id")
    bloc = cell.choice(
        "ally: its demand counts; covered: dependence on it is what is measured; other",
        BLOCS,
        required=True,
    )


@dataclass(frozen=True)
class CaseSettings:
    """The settings of a case, typed: each as sheet settings or the caller gives it, or its
    default. `values` holds every declared setting."""

    values: Mapping[str, Value]

    schema = cell.whole("Version of the workbook's layout", "", VERSION)
    first_year = cell.year("First year of the plan")
    last_year = cell.year("Last year of the plan")
    title = cell.text("Title of the case", blank="the file's name")
    price_year = cell.year("Year of the money", blank="not stated")
    data_version = cell.text("Edition of the data", blank="not stated")
    data_date = cell.text(
        "Day, month or year up to which the data go: 2026-11-25, 2026-11 or 2026",
        blank="not stated; the memo then bears no date",
    )
    licence = cell.text("Terms under which the data may be used", blank="not stated")
    discount_rate = cell.number(
        "Real discount rate of the cost pass", "share a year", DISCOUNT, default=0.0
    )
    dependence_from = cell.year("First year in which dependence counts", blank="first_year")
    dependence_to = cell.year("Last year in which dependence counts", blank="last_year")
    dependence_target = cell.share(
        f"Dependence that must not be exceeded; needed by objective {' or '.join(NEED_TARGET)}",
        SHARE,
        blank="no target",
    )
    worth_of_point = cell.number(
        "Public money that a point (0.01) of dependence is worth at most; needed by objective"
        f" {' or '.join(NEED_WORTH)}",
        "USD million",
        FUND,
        blank="not said",
    )
    weights = cell.choice(
        "How minerals count in dependence: minerals (by the weights of sheet minerals; blank sheet:"
        " as tonnes), equal (each the same) or tonnes (all demand added up in its own units)",
        (MINERALS, EQUAL, TONNES),
        default=MINERALS,
    )
    elements = cell.text(
        "Elements whose dependence is told in their tonnes beside the weighted one, separated by ;",
        blank="all that allied demand holds",
    )
    objective = cell.text(
        f"What comes first: {', '.join(ASKABLE[:-1])} or {ASKABLE[-1]}",
        default="dependence",
    )
    public_share = cell.share(
        "Least share of capex from public money, where a project does not say", SHARE, default=0.0
    )
    losing_plants = cell.choice(
        "Plants whose costs exceed what they earn at market prices: run (they run all the"
        " same) or need_support (only as far as a programme covers the gap)",
        LOSING_PLANTS,
        default="run",
    )
    survival = cell.choice(
        "How the chances of facilities and projects count: expected (capacity times chance) or"
        " none (as if all reach operation)",
        SURVIVAL,
        default="expected",
    )
    baseline = cell.choice(
        "What no new money means: merchant (what comes without it comes) or frozen (existing and"
        " committed plants alone)",
        BASELINES,
        default="merchant",
    )
    second_wave = cell.year(
        "First year of the commitments that a plan for many scenarios lets wait for what is known"
        " then",
        blank="all are decided before",
    )
    gap = cell.number(
        "Relative gap at which the first passes stop; 0 asks for the optimum",
        "share",
        GAP,
        default=0.001,
    )
    cost_gap = cell.number("Relative gap at which the cost pass stops", "share", GAP, default=0.01)
    cost_gap_added = cell.number(
        "Gap at which the cost pass stops, as a share of what the plan costs above no new money;"
        " where it costs no more than that, cost_gap holds",
        "share",
        GAP,
        blank="cost_gap holds",
    )
    time_limit = cell.number("Most time for all passes", "seconds", SECONDS, default=600.0)
    threads = cell.whole("Threads of the solver", "", THREADS, default=1)
    seed = cell.whole("Random seed of the solver", "", SEED, default=0)
    calibrate_from = cell.year("First year of the calibration baseline", blank="first_year")
