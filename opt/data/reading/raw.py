"""A workbook as it stands in the file: raw cells that know their places, no meaning yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from opt.data.reading.dates import Dated

# The mend of a formula that was never calculated.
CALCULATE = "Open the file in Excel, press F9, save."


class ErrorValue(str):
    """An error value of a formula that the file marks as one, in whichever language."""

    __slots__ = ()


CellValue = str | int | float | bool | datetime | date | Dated | None


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell that is not blank. A formula that was never calculated has no value.

    Rows and columns count from 1; a value that stands in no cell has row 0.
    """

    value: CellValue
    row: int = 0
    column: int = 0
    uncalculated: bool = False

    @property
    def address(self) -> str:
        """The A1 address; blank for a value that stands in no cell."""
        return address(self.row, self.column) if self.row else ""


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row that are not blank, by column number (the first is 1)."""

    number: int
    cells: Mapping[int, RawCell]


@dataclass(frozen=True, slots=True)
class RawTable:
    """An Excel table: the first and last of its rows and columns, and how many of its last rows
    hold totals."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    totals: int = 0

    def is_total(self, row: int, column: int) -> bool:
        """Whether a cell stands in a totals row of the table."""
        rows = range(self.last_row - self.totals + 1, self.last_row + 1)
        return row in rows and self.first_column <= column <= self.last_column


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: its rows that are not blank, and what Excel says about them.

    `merged` are ranges such as `A5:B6`. `pending` are the rows and columns of the formulas whose
    stored values are, by the file's own word, still to be calculated. `bare_quotes` are the rows
    and columns of the cells of a CSV file with a quotation mark in them and none around them.
    `is_cut` is True of a CSV file whose last line does not end, though those of other files of its
    folder do.
    """

    name: str
    rows: tuple[RawRow, ...]
    hidden: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    tables: tuple[RawTable, ...] = ()
    pending: frozenset[tuple[int, int]] = frozenset()
    bare_quotes: tuple[tuple[int, int], ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class RawBook:
    """A whole workbook. `is_text` is True for CSV, where every value is text.

    `sha256` is of the file's bytes; of a folder, of the name and the bytes of all its CSV files in
    name order. `files` are these bytes by name, as they were when they were read.
    """

    path: Path
    sha256: str
    files: Mapping[str, bytes]
    sheets: tuple[RawSheet, ...]
    is_text: bool


def address(row: int, column: int) -> str:
    """The A1 address of a cell; rows and columns count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


@dataclass(frozen=True, slots=True)
class Addresses(Mapping[str, str]):
    """The addresses of one row's cells by column name; all rows share the column numbers."""

    columns: Mapping[str, int]
    row: int

    def __getitem__(self, name: str) -> str:
        return address(self.row, self.columns[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


def is_blank(value: CellValue) -> bool:
    """Whether a cell holds nothing, or spaces alone."""
    return value is None or (isinstance(value, str) and not value.strip())
