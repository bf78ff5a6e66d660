"""Every output table, declared once: name, caption, type of its rows, rows of a run.

The CSV files, their reading, the sheets of results.xlsx, the DataFrames and docs/outputs.md all
come from here. Ids stand as in the workbook. Amounts are in the workbook's units, money in USD
million of its price year.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from opt.data.reading.csv_text import without_formula
from opt.record.chain import CapacityYear, StageYear, TouchYear, WorldShare
from opt.record.columns import Cell, Line, TableColumn, cells_of
from opt.record.demand import DependenceYear, ElementYear
from opt.record.flows import Activity, Delivery, Flows, Leftover, Shipment
from opt.record.money import CostYear, Payment, ProgrammeYear
from opt.record.options import Option
from opt.record.projects import BuiltProject, Commitment
from opt.record.stock import StockpileYear, StockYear
from opt.record.support import MarginYear
from opt.record.targets import TargetResult

if TYPE_CHECKING:
    from opt.record.run import Run

FLOW_SETS = ("allied", "world", "baseline", "baseline_world")


class InFlows(NamedTuple):
    """A row of one of the four sets of flows."""

    flows: str
    row: Any


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `rows` gives its rows out of what it is written of, a run as a rule; `ordered`
    says that their order carries meaning. `in_flows` says that it has a column for the set of
    flows, and its rows are `InFlows`."""

    name: str
    title: str
    help: str
    row: type
    rows: Callable[[Any], Iterable[Any]]
    ordered: bool = False
    in_flows: bool = False

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """The columns, in order."""
        return (FLOWS, *cells_of(self.row)) if self.in_flows else cells_of(self.row)

    def lines(self, source: Any) -> list[Line]:
        """The cells of all rows, sorted unless their order carries meaning."""
        lines = [self._line(entry) for entry in self.rows(source)]
        return lines if self.ordered else sorted(lines, key=_sort_key)

    def _line(self, entry: Any) -> Line:
        if self.in_flows:
            return (entry.flows, *(column.cell(entry.row) for column in cells_of(self.row)))
        return tuple(column.cell(entry) for column in cells_of(self.row))


def _sort_key(line: Line) -> tuple[tuple[bool, Cell], ...]:
    return tuple((cell is None, "" if cell is None else cell) for cell in line)


FLOWS = TableColumn(
    field="flows",
    name="flows",
    type=str,
    optional=False,
    required=True,
    help="allied: cost pass, only allied demand; world: everybody; baseline, baseline_world: the "
    "same without new money",
    unit="",
    blank=None,
    is_cell=True,
    is_key=False,
)


def _flow_table(
    name: str, title: str, help_: str, row: type, rows: Callable[[Flows], Iterable[Any]]
) -> Table:
    """A table of all four sets of flows."""

    def in_flows(run: Run) -> Iterator[InFlows]:
        for flows, own in run.flows.items():
            yield from (InFlows(flows, entry) for entry in rows(own))

    return Table(name, title, help_, row, in_flows, in_flows=True)


def dependence_years(run: Run) -> Iterator[DependenceYear]:
    """Each year with the plan, beside the same without new money and where material mixes."""
    before = {entry.year: entry.dependence for entry in run.baseline.by_year}
    for e in run.metrics.by_year:
        yield DependenceYear(
            year=e.year,
            counted=e.counted,
            demand=e.demand,
            exposed=e.exposed,
            short=e.short,
            dependence=e.dependence,
            shortfall=e.shortfall,
            baseline_dependence=before[e.year],
            pooled_dependence=run.metrics.pooled_by_year[e.year],
        )


TABLES: tuple[Table, ...] = (
    Table(
        "projects",
        "The plan",
        "Each commitment with who pays for it.",
        BuiltProject,
        lambda run: run.projects,
    ),
    Table(
        "commitments",
        "Commitments",
        "What is committed, and when.",
        Commitment,
        lambda run: run.solution.commitments,
    ),
    Table(
        "payments",
        "Payments",
        "Public money of each programme into each commitment, stockpile and supported plant.",
        Payment,
        lambda run: run.solution.payments,
    ),
    Table(
        "money",
        "Money by programme and year",
        "What is promised and what falls due, against the limit.",
        ProgrammeYear,
        lambda run: run.payments_due,
    ),
    Table(
        "dependence",
        "Dependence by year",
        "Share of allied demand that is exposed or not served.",
        DependenceYear,
        dependence_years,
    ),
    Table(
        "stages",
        "Exposure by stage and year",
        "What allied plants and users take in at each stage, clear and exposed.",
        StageYear,
        lambda run: run.stages,
    ),
    Table(
        "options",
        "Options",
        "The plan beside its neighbours.",
        Option,
        lambda run: run.options,
        ordered=True,
    ),
    Table(
        "capacity",
        "Capacity and use",
        "What each plant could make and what it made.",
        CapacityYear,
        lambda run: run.capacity,
    ),
    Table(
        "costs",
        "Costs by part and year",
        "The cost pass by part, as spent and discounted.",
        CostYear,
        lambda run: run.costs,
    ),
    _flow_table(
        "deliveries",
        "Demand served",
        "Each demand in each year: clear, exposed, short.",
        Delivery,
        lambda flows: flows.deliveries,
    ),
    _flow_table(
        "shipments",
        "Shipments",
        "Trade between regions; zeros are left out.",
        Shipment,
        lambda flows: flows.shipments,
    ),
    _flow_table(
        "activity",
        "Activity",
        "What each plant runs; zeros are left out.",
        Activity,
        lambda flows: flows.activities,
    ),
    _flow_table(
        "leftovers",
        "Leftovers",
        "Clear material used as exposed, used by nobody, or kept by the holder of a contract.",
        Leftover,
        lambda flows: flows.leftovers,
    ),
    Table(
        "stockpiles",
        "Stockpiles by year",
        "What lies in stock, what moves, what it costs, how long it would last.",
        StockpileYear,
        lambda run: run.stockpiles,
    ),
    _flow_table(
        "stock",
        "Stock movements",
        "Each class of each stockpile; zeros are left out.",
        StockYear,
        lambda flows: flows.stocks,
    ),
    Table(
        "margins",
        "Plants that cost more than they earn",
        "Opex and inputs above the price of what is made, and whether the plant runs.",
        MarginYear,
        lambda run: run.margins,
    ),
    Table(
        "targets",
        "Targets",
        "Each policy target, what the plan comes to, and its slack.",
        TargetResult,
        lambda run: run.targets,
        ordered=True,
    ),
    Table(
        "touch",
        "First touch of the covered bloc",
        "At which stage exposed supply was first worked in the covered bloc or under its control.",
        TouchYear,
        lambda run: run.touch,
    ),
    Table(
        "elements",
        "Dependence by element",
        "Allied demand by the elements that it holds.",
        ElementYear,
        lambda run: run.elements,
    ),
    Table(
        "world",
        "World output by stage",
        "Who makes what, everybody served, and how concentrated it is.",
        WorldShare,
        lambda run: run.world,
    ),
)

TABLE: dict[str, Table] = {table.name: table for table in TABLES}


def write_tables(run: Run, folder: Path) -> None:
    """Writes every table as folder/NAME.csv: UTF-8, LF, full precision, and no text that a
    spreadsheet would run as a formula (opt.data.reading.csv_text)."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([column.name for column in table.columns])
            writer.writerows(map(_written, table.lines(run)))


def _written(line: Line) -> list[Cell]:
    """The cells of a line with no text that a spreadsheet would run."""
    return [without_formula(cell) if isinstance(cell, str) else cell for cell in line]
