"""Every output table, declared once: name, caption, columns with unit and help, rows of a run.

The CSV files, the sheets of results.xlsx and docs/outputs.md all come from here. Ids stand as in
the workbook. Amounts are in the workbook's units, money in USD million of its price year.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from opt.report import table_lines
from opt.report.table_lines import Cell, Line
from opt.results.run import Run

UNITS = "units"
MUSD = "USD million"
SHARE = "share"
YEAR = "year"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name in the CSV, what it holds, and its unit (blank: text)."""

    name: str
    help: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `rows` gives a run's lines; `ordered` says that their order carries meaning."""

    name: str
    title: str
    help: str
    fields: tuple[Field, ...]
    rows: Callable[[Run], Iterable[Line]]
    ordered: bool = False

    def lines(self, run: Run) -> list[Line]:
        """The lines of a run, sorted unless their order carries meaning."""
        lines = list(self.rows(run))
        return lines if self.ordered else sorted(lines, key=_sort_key)


def _sort_key(line: Line) -> tuple[tuple[bool, Cell], ...]:
    return tuple((cell is None, "" if cell is None else cell) for cell in line)


_FLOWS = Field(
    "flows",
    "allied: cost pass, only allied demand; world: everybody; baseline, baseline_world: the same "
    "without new money",
)
_YEAR = Field("year", "Year", YEAR)
_ORIGIN = Field("origin", "clear or exposed")
_PROJECT = Field("project", "Project")
_COMMITTED = Field("year", "Year of commitment", YEAR)
_PROGRAMME = Field("programme", "Programme")
_STOCKPILE = Field("stockpile", "Stockpile")
_COMMODITY = Field("commodity", "Commodity")
_UNITS = Field("units", "Units committed", "count")
_SIZE = Field(
    "size", "Capacity committed of a scalable project; blank where not scalable", "units/yr"
)
_FIRST = Field("first_operation", "First year of operation", YEAR)
_CAPEX = Field("capex_musd", "Capital cost", MUSD)

TABLES: tuple[Table, ...] = (
    Table(
        "projects",
        "The plan",
        "Each commitment with who pays for it.",
        (
            _PROJECT,
            Field("name", "Name"),
            Field("site", "Place"),
            Field("region", "Country or region"),
            Field("stage", "Stage of the chain"),
            _COMMITTED,
            _UNITS,
            _SIZE,
            _FIRST,
            _CAPEX,
            Field("public_musd", "Public money", MUSD),
            Field("private_musd", "Private money", MUSD),
            Field("paid_by", "Public money by programme, USD million"),
        ),
        table_lines.projects_lines,
    ),
    Table(
        "commitments",
        "Commitments",
        "What is committed, and when.",
        (_PROJECT, _COMMITTED, _UNITS, _SIZE, _FIRST, _CAPEX),
        table_lines.commitments_lines,
    ),
    Table(
        "payments",
        "Payments",
        "Public money of each programme into each commitment.",
        (_PROJECT, _COMMITTED, _PROGRAMME, Field("paid_musd", "Public money", MUSD)),
        table_lines.payments_lines,
    ),
    Table(
        "money",
        "Money by programme and year",
        "What is promised and what falls due, against the limit.",
        (
            _PROGRAMME,
            _YEAR,
            Field("committed_musd", "Promised in the year", MUSD),
            Field("due_musd", "Falls due in the year", MUSD),
            Field("repaid_musd", "Comes back of revolving loans, lent again", MUSD),
            Field("limit_musd", "Most that may fall due; blank is no limit", MUSD),
            Field(
                "left_musd", "Left of the limit: less what falls due, plus what comes back", MUSD
            ),
            Field("amount_musd", "Most that may be committed in all, at the charge", MUSD),
            Field(
                "amount_left_musd",
                "Left of the amount at the end of the year: less what is committed, plus what comes"
                " back",
                MUSD,
            ),
        ),
        table_lines.money_lines,
    ),
    Table(
        "dependence",
        "Dependence by year",
        "Share of allied demand that is exposed or not served.",
        (
            _YEAR,
            Field("counted", "yes: the year counts in the objective"),
            Field("demand", "Weighted allied demand", UNITS),
            Field("exposed", "Served exposed", UNITS),
            Field("short", "Not served", UNITS),
            Field("dependence", "Exposed or short", SHARE),
            Field("shortfall", "Short", SHARE),
            Field("baseline_dependence", "Dependence without new money", SHARE),
            Field("pooled_dependence", "Dependence where clear and exposed mix", SHARE),
        ),
        table_lines.dependence_lines,
    ),
    Table(
        "stages",
        "Exposure by stage and year",
        "What allied plants and users take in at each stage, clear and exposed.",
        (
            Field("stage", "Stage of the chain"),
            _YEAR,
            Field("clear", "Clear", UNITS),
            Field("exposed", "Exposed", UNITS),
            Field("exposed_share", "Exposed share", SHARE),
            Field("baseline_exposed_share", "Exposed share without new money", SHARE),
        ),
        table_lines.stages_lines,
    ),
    Table(
        "options",
        "Options",
        "The plan beside its neighbours.",
        (
            Field("name", "Option"),
            Field("dependence", "Dependence over the counted years", SHARE),
            Field("bound", "No plan of this option can beat", SHARE),
            Field("public_musd", "Public money", MUSD),
            _CAPEX,
            Field("cost_musd", "Discounted cost; blank where not worked out", MUSD),
            Field("worst_year", "Worst counted year", YEAR),
            Field("worst_year_dependence", "Dependence in that year", SHARE),
            Field("plants", "Plants built", "count"),
            Field("first_output", "First output", YEAR),
            Field("note", "What could go wrong"),
        ),
        table_lines.options_lines,
        ordered=True,
    ),
    Table(
        "capacity",
        "Capacity and use",
        "What each plant could make and what it made.",
        (
            Field("plant", "Facility or project"),
            Field("kind", "facility or project"),
            Field("region", "Region"),
            Field("stage", "Stage of the chain"),
            _YEAR,
            Field("capacity", "Could make", UNITS),
            Field("used", "Made", UNITS),
            Field("unit", "Unit"),
        ),
        table_lines.capacity_lines,
    ),
    Table(
        "costs",
        "Costs by part and year",
        "The cost pass by part, as spent and discounted.",
        (
            Field("part", "Part of the cost"),
            _YEAR,
            Field("musd", "As spent", MUSD),
            Field("discounted_musd", "Discounted", MUSD),
        ),
        table_lines.costs_lines,
    ),
    Table(
        "deliveries",
        "Demand served",
        "Each demand in each year: clear, exposed, short.",
        (
            _FLOWS,
            Field("region", "Region"),
            _COMMODITY,
            Field("segment", "Use"),
            _YEAR,
            Field("demand", "Demand", UNITS),
            Field("clear", "Served clear", UNITS),
            Field("exposed", "Served exposed", UNITS),
            Field("short", "Not served", UNITS),
        ),
        table_lines.deliveries_lines,
    ),
    Table(
        "shipments",
        "Shipments",
        "Trade between regions; zeros are left out.",
        (
            _FLOWS,
            Field("from", "Region that ships"),
            Field("to", "Region that receives"),
            _COMMODITY,
            _ORIGIN,
            _YEAR,
            Field("amount", "Amount", UNITS),
        ),
        table_lines.shipments_lines,
    ),
    Table(
        "activity",
        "Activity",
        "What each plant runs; zeros are left out.",
        (
            _FLOWS,
            Field("plant", "Facility or project"),
            Field("process", "Process"),
            _ORIGIN,
            _YEAR,
            Field("activity", "Units of activity", UNITS),
        ),
        table_lines.activity_lines,
    ),
    Table(
        "leftovers",
        "Leftovers",
        "Clear material used as exposed, used by nobody, or kept by the holder of a contract.",
        (
            _FLOWS,
            Field("region", "Region"),
            _COMMODITY,
            _ORIGIN,
            _YEAR,
            Field("downgraded", "Clear used as exposed", UNITS),
            Field("surplus", "Used by nobody", UNITS),
            Field("contracted", "Taken under contract and not used for allies", UNITS),
        ),
        table_lines.leftovers_lines,
    ),
    Table(
        "stockpiles",
        "Stockpiles by year",
        "What lies in stock, what moves, what it costs, how long it would last.",
        (
            _STOCKPILE,
            _YEAR,
            Field("clear", "Clear stock at the end of the year", UNITS),
            Field("exposed", "Exposed stock at the end of the year", UNITS),
            Field("bought_clear", "Clear material bought", UNITS),
            Field("bought_exposed", "Exposed material bought", UNITS),
            Field("released_clear", "Clear material released", UNITS),
            Field("released_exposed", "Exposed material released", UNITS),
            Field("price", "Market price; blank where there is none", "USD/unit"),
            Field("paid_musd", "Public money", MUSD),
            Field("cover_days", "Days of allied use that it would last", "days"),
        ),
        table_lines.stockpiles_lines,
    ),
    Table(
        "stock",
        "Stock movements",
        "Each class of each stockpile; zeros are left out.",
        (
            _FLOWS,
            _STOCKPILE,
            _ORIGIN,
            _YEAR,
            Field("bought", "Bought", UNITS),
            Field("released", "Released", UNITS),
            Field("level", "Stock at the end of the year", UNITS),
        ),
        table_lines.stock_lines,
    ),
    Table(
        "stock_payments",
        "Payments for stock",
        "Public money of each programme into each stockpile.",
        (_STOCKPILE, _YEAR, _PROGRAMME, Field("paid_musd", "Public money", MUSD)),
        table_lines.stock_payments_lines,
    ),
    Table(
        "margins",
        "Plants that cost more than they earn",
        "Opex and inputs above the price of what is made, and whether the plant runs.",
        (
            Field("plant", "Facility or project"),
            Field("process", "Process"),
            _YEAR,
            Field("gap", "Cost above earnings", "USD/unit of activity"),
            Field("activity", "Units of activity", UNITS),
            Field("baseline_activity", "Units of activity without new money", UNITS),
        ),
        table_lines.margins_lines,
    ),
    Table(
        "support",
        "Payments for running",
        "Public money of each programme for the running of each plant.",
        (
            Field("plant", "Facility or project"),
            Field("process", "Process"),
            _YEAR,
            _PROGRAMME,
            Field("activity", "Units of activity supported", UNITS),
            Field("paid_musd", "Public money", MUSD),
        ),
        table_lines.support_lines,
    ),
    Table(
        "targets",
        "Targets",
        "Each policy target, what the plan comes to, and its slack.",
        (
            Field("target", "Target"),
            Field("metric", "What is measured"),
            Field("scope", "Where it is measured"),
            _YEAR,
            Field("sense", "at_most or at_least"),
            Field("bound", "The bound", "share or units"),
            Field("value", "With the plan", "share or units"),
            Field("slack", "Distance from the bound", "share or units"),
            Field("baseline_value", "Without new money", "share or units"),
        ),
        table_lines.targets_lines,
        ordered=True,
    ),
    Table(
        "touch",
        "First touch of the covered bloc",
        "At which stage exposed supply was first worked in the covered bloc or under its control.",
        (
            Field("stage", "Stage of the chain"),
            _YEAR,
            Field("share", "Share of weighted allied demand", SHARE),
            Field("baseline_share", "The same without new money", SHARE),
        ),
        table_lines.touch_lines,
    ),
    Table(
        "elements",
        "Dependence by element",
        "Allied demand by the elements that it holds.",
        (
            Field("element", "Element"),
            _YEAR,
            Field("demand", "Weighted allied demand", UNITS),
            Field("exposed", "Served exposed", UNITS),
            Field("short", "Not served", UNITS),
            Field("dependence", "Exposed or short", SHARE),
            Field("baseline_dependence", "The same without new money", SHARE),
        ),
        table_lines.elements_lines,
    ),
    Table(
        "world",
        "World output by stage",
        "Who makes what, everybody served, and how concentrated it is.",
        (
            Field("stage", "Stage of the process"),
            Field("region", "Region"),
            Field("bloc", "Bloc"),
            _YEAR,
            Field("output", "Made, by content of the elements that demand holds", UNITS),
            Field("share", "Share of the world's", SHARE),
            Field("hhi", "Concentration of the stage (Herfindahl-Hirschman)", "0-10,000"),
        ),
        table_lines.world_lines,
    ),
)

TABLE: dict[str, Table] = {table.name: table for table in TABLES}


def write_tables(run: Run, folder: Path) -> None:
    """Writes every table as folder/NAME.csv: UTF-8, LF, full precision."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([field.name for field in table.fields])
            writer.writerows(table.lines(run))
