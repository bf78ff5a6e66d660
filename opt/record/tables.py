"""Table of contents: every output table by subject, each declared once beside its row type.

The CSV files, their reading, the sheets of results.xlsx, the DataFrames and docs/outputs.md all
come from these declarations. Ids stand as in the workbook. Amounts are in the workbook's units,
money in USD million of its price year.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from opt.data.reading.csv_text import without_formula
from opt.record import (
    ceilings,
    chain,
    demand,
    flows,
    idle,
    minerals,
    money,
    options,
    projects,
    stock,
    support,
    targets,
    uptake,
)
from opt.record.columns import Line, Scalar
from opt.record.table import Table, tables_of

if TYPE_CHECKING:
    from opt.record.run import Run

# A subject a module, whose tables stand in their own order there.
SUBJECTS = (
    *(projects, money, ceilings, demand, minerals, chain, options, flows, stock, support, idle),
    *(targets, uptake),
)
TABLES: tuple[Table, ...] = tuple(table for subject in SUBJECTS for table in tables_of(subject))
TABLE: dict[str, Table] = {table.name: table for table in TABLES}


def write_tables(run: Run, folder: Path) -> None:
    """Writes every table as folder/NAME.csv: UTF-8, LF, full precision, and no text that a
    spreadsheet would run as a formula (opt.data.reading.csv_text)."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([column.name for column in table.columns])
            writer.writerows(map(written, table.lines(run)))


def written(line: Line) -> list[Scalar]:
    """The cells of a line with no text that a spreadsheet would run."""
    return [without_formula(cell) if isinstance(cell, str) else cell for cell in line]
