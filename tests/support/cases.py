"""A small valid workbook for tests, as an .xlsx or a folder of CSV, with single cells changed.

It is the example that `opt init` writes, so that reading and checks are tested on what users begin
with. `full_case` and `number_cases` are this world with more rows.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from opt.data.example import EXAMPLE

Cells = dict[str, list[list[Any]]]
Edit = Callable[[Cells], None]


def tiny() -> Cells:
    """The case as header and rows by sheet; the caller's own to change."""
    return {name: [list(row) for row in table] for name, table in EXAMPLE.items()}


def patch(sheet: str, row: int, column: str, value: Any) -> Edit:
    """Set one cell; `row` counts data rows from 1. A column that is not there is added."""

    def change(case: Cells) -> None:
        table = case[sheet]
        if column not in table[0]:
            for line in table:
                line.append("")
            table[0][-1] = column
        table[row][table[0].index(column)] = value

    return change


def add(sheet: str, /, **values: Any) -> Edit:
    """Add a row (and the sheet, and columns) at the end."""

    def change(case: Cells) -> None:
        table = case.setdefault(sheet, [[]])
        table.append([""] * len(table[0]))
        for column, value in values.items():
            patch(sheet, len(table) - 1, column, value)(case)

    return change


def drop(sheet: str, row: int | None = None) -> Edit:
    """Delete a data row, or the whole sheet."""

    def change(case: Cells) -> None:
        if row is None:
            del case[sheet]
        else:
            del case[sheet][row]

    return change


def rename(sheet: str, column: str, new: str) -> Edit:
    """Rename a column."""

    def change(case: Cells) -> None:
        case[sheet][0][case[sheet][0].index(column)] = new

    return change


def setting(key: str, value: Any) -> Edit:
    """Set a setting, adding its row where there is none."""

    def change(case: Cells) -> None:
        for line in case["settings"]:
            if line[0] == key:
                line[1] = value
                return
        case["settings"].append([key, value, "", ""])

    return change


def tiny_case(folder: Path, *changes: Edit, xlsx: bool = False) -> Path:
    """Write the case with changes and give its path."""
    case = tiny()
    for change in changes:
        change(case)
    return write_xlsx(folder / "case.xlsx", case) if xlsx else write_folder(folder / "case", case)


def write_folder(folder: Path, case: Cells) -> Path:
    """Write a case as CSV files."""
    folder.mkdir(parents=True)
    for name, table in case.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
    return folder


def write_xlsx(path: Path, case: Cells) -> Path:
    """Write a case as a plain workbook: header in row 1, data from row 2."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, table in case.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(table):
                sheet.write_row(number, 0, line)
    return path
