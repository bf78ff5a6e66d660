"""Every number of every table as a row of its own, for programs that read one long table.

run, scenario, table, entity, measure, year, unit, value: what a row of a table names in text is its
`entity`, a column its `measure`. Units are those of the workbook where the row names one thing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from opt.record.case import CaseRecord
from opt.record.columns import UNITS, Scalar, TableColumn
from opt.record.table import Table
from opt.record.tables import TABLES, written

if TYPE_CHECKING:
    from opt.record.run import Run

FACTS_FILE = "facts.csv"
BETWEEN = " / "
# Columns that lead to a unit of the workbook, the nearest first.
TOLD_BY = ("unit", "commodity", "process", "stockpile", "project")
# Cells of text that say something of a row and name nothing.
ASIDE = frozenset({"note", "lacks", "unit", "paid_by", "counted"})


class Fact(NamedTuple):
    """One number: `year` None where the row has none, `unit` blank for a plain number."""

    run: str
    scenario: str
    table: str
    entity: str
    measure: str
    year: int | None
    unit: str
    value: float


def facts_of(run: Run) -> Iterator[Fact]:
    """The numbers of a run, table by table, in the order of their lines and columns."""
    for table in TABLES:
        yield from _facts(run, table)


def _facts(run: Run, table: Table) -> Iterator[Fact]:
    columns, asked, scenario = table.columns, run.id, run.scenario or ""
    at = {column.name: n for n, column in enumerate(columns)}
    names = [n for n, column in enumerate(columns) if _names(column)]
    numbers = [n for n, column in enumerate(columns) if _counts(column)]
    for line in table.lines(run):
        texts = written(line)
        entity = BETWEEN.join(str(texts[n]) for n in names if texts[n] not in (None, ""))
        year: Any = line[at["year"]] if "year" in at else None
        own = _own_unit(run.case, {name: line[n] for name, n in at.items() if name in TOLD_BY})
        for n in numbers:
            value: Any = line[n]
            if value is not None:
                unit = columns[n].unit.replace(UNITS, own) if own else columns[n].unit
                yield Fact(asked, scenario, table.name, entity, columns[n].name, year, unit, value)


def write_facts(run: Run, folder: Path) -> None:
    """Write folder/facts.csv: UTF-8, LF, full precision, no text that a spreadsheet would run."""
    with (folder / FACTS_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Fact._fields)
        writer.writerows(map(written, facts_of(run)))


def _names(column: TableColumn) -> bool:
    return column.type not in (int, float) and column.name not in ASIDE


def _counts(column: TableColumn) -> bool:
    return column.type in (int, float) and column.name != "year"


def _own_unit(case: CaseRecord, named: Mapping[str, Scalar]) -> str:
    """The workbook's unit of what a row names; blank where it names nothing with one unit."""
    cells = {name: str(cell) for name, cell in named.items() if cell is not None}
    if "unit" in cells:
        return cells["unit"]
    if (commodity := case.commodities.get(cells.get("commodity", ""))) is not None:
        return commodity.unit
    if (process := case.processes.get(cells.get("process", ""))) is not None:
        return process.unit
    if (stock := case.stockpiles.get(cells.get("stockpile", ""))) is not None:
        return case.commodities[stock.commodity].unit
    if (project := case.projects.get(cells.get("project", ""))) is not None:
        units = {case.processes[name].unit for name in project.rates}
        return units.pop() if len(units) == 1 else ""
    return ""
