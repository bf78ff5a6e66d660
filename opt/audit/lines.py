"""The lines of a written table, read with the csv module alone; a bad one is named by its cell."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from opt.audit.broken import broken, read_text
from opt.audit.columns import COLUMNS, LATER_COLUMNS
from opt.errors import InputError

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its cells by column, and where they stand."""

    path: Path
    number: int
    places: Mapping[str, int]
    cells: Sequence[str]

    def __getitem__(self, column: str) -> str:
        return self.cells[self.places[column]]

    def number_of(self, column: str) -> float:
        """A number; an InputError that names the cell where it is none, or not finite."""
        try:
            value = float(self[column])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.refuse(column, f"'{self[column]}' is not a number.")
        return value

    def whole(self, column: str) -> int:
        """A whole number; an InputError that names the cell where it is none."""
        try:
            return int(self[column])
        except ValueError:
            self.refuse(column, f"'{self[column]}' is not a whole number.")

    def optional(self, column: str) -> float | None:
        """A number; None where the cell is blank."""
        return self.number_of(column) if self[column].strip() else None

    def optional_whole(self, column: str) -> int | None:
        """A whole number; None where the cell is blank."""
        return self.whole(column) if self[column].strip() else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table."""
        return tuple(self.places)

    def has(self, column: str) -> bool:
        """Whether the table has the column."""
        return column in self.places

    def refuse(self, column: str, message: str) -> NoReturn:
        """Raise an InputError that names the cell of a column."""
        cell = f"{_letter(self.places[column])}{self.number}"
        message = f"{column} cannot be read: {message}"
        raise InputError([broken(self.path, cell, self[column], message)])


def read_rows(folder: Path, name: str, make: Callable[[Line], Made]) -> tuple[Made, ...]:
    """The rows of one table; an InputError that names the cell that cannot be read."""
    return tuple(make(line) for line in read_lines(folder, name))


def has_table(folder: Path, name: str) -> bool:
    """Whether the run wrote a table."""
    return (folder / f"{name}.csv").is_file()


def lacks_column(folder: Path, name: str, column: str) -> bool:
    """Whether a table with rows has no column of this name."""
    return any(not line.has(column) for line in list(read_lines(folder, name))[:1])


def read_lines(folder: Path, name: str) -> Iterator[Line]:
    """The lines of one table. An InputError where the file is missing, empty, not UTF-8 or not CSV,
    where its header is not the table's, or where a line has more or fewer cells."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise InputError([broken(path, "", "", "this table of the run is missing.")])
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = next(reader)
        _check_header(path, name, header)
        places = {column: place for place, column in enumerate(header)}
        for cells in reader:
            if len(cells) != len(header):
                message = f"this line has {len(cells)} cells, the header {len(header)}."
                raise InputError([broken(path, f"A{reader.line_num}", "", message)])
            yield Line(path, reader.line_num, places, cells)
    except csv.Error as fault:
        message = f"is not CSV at line {reader.line_num}: {fault}."
        raise InputError([broken(path, f"A{reader.line_num}", "", message)]) from fault


def _check_header(path: Path, name: str, header: Sequence[str]) -> None:
    """Every column of the table stands once in the header, and no other."""
    later = LATER_COLUMNS.get(name, ())
    missing = [c for c in COLUMNS[name] if c not in header and c not in later]
    strange = [c for c in header if c not in COLUMNS[name] or header.count(c) > 1]
    if missing:
        message = f"the header lacks column {', '.join(missing)}."
        raise InputError([broken(path, "A1", ",".join(header), message)])
    if strange:
        message = f"the header has column {', '.join(strange)}, which is not of the table."
        raise InputError([broken(path, "A1", ",".join(header), message)])


def _letter(place: int) -> str:
    """The letter of a column; tables have fewer than 26."""
    return chr(ord("A") + place)
