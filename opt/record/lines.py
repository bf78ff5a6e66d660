"""The rows of a written table, typed as they are declared; a bad cell is named by its place."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from opt.data.reading.csv_text import as_meant
from opt.errors import InputError
from opt.record.broken import broken, read_text
from opt.record.columns import Scalar, TableColumn
from opt.record.table import FLOW_SETS, FLOWS, InFlows, Table
from opt.record.tables import TABLE

TRUTHS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class LinePlace:
    """Where the cells of one line of a file stand."""

    path: Path
    number: int
    columns: Sequence[str]

    def refuse(self, column: str, value: str, message: str) -> NoReturn:
        """Raise an InputError that names the cell of a column."""
        letter = chr(ord("A") + self.columns.index(column))  # tables have fewer than 26 columns
        message = f"{column} cannot be read: {message}"
        raise InputError([broken(self.path, f"{letter}{self.number}", value, message)])


def read_rows(folder: Path, name: str) -> tuple[Any, ...]:
    """The rows of a table under tables/ of a run, of its row type (`InFlows` of such rows where it
    holds the sets of flows). Raises InputError that names the file and the cell."""
    table = TABLE[name]
    columns = table.columns
    return tuple(_row(table, columns, cells) for cells in read_cells(folder, name))


def _row(table: Table, columns: Sequence[TableColumn], cells: Mapping[str, Any]) -> Any:
    own = {column.field: cells[column.name] for column in columns}
    flows = own.pop(FLOWS.field, None)
    row = table.row(**own)
    return InFlows(flows, row) if table.in_flows else row


def read_cells(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The lines of a table, cells by column: numbers as numbers, text as text, None for a blank
    that may be one.

    Raises InputError where the file is missing, empty, not UTF-8 or not CSV, where its header is
    not the table's, a line has more or fewer cells, or a cell is not of its column's type.
    """
    table, path = TABLE[name], folder / f"{name}.csv"
    columns = table.columns
    for place, texts in _lines(path, table):
        found = dict(zip(place.columns, texts, strict=True))
        yield {column.name: _typed(place, column, found[column.name]) for column in columns}


def _typed(place: LinePlace, column: TableColumn, text: str) -> Scalar:
    if column is FLOWS and text not in FLOW_SETS:
        place.refuse(column.name, text, f"no set of flows is called '{text}'.")
    if column.type is str:
        return text
    if column.type is int or column.type is float:
        if not text.strip() and (column.optional or column.blank is not None):
            return column.blank
        return _whole(place, column, text) if column.type is int else _number(place, column, text)
    if column.type is bool:
        return _truth(place, column, text)
    if isinstance(column.type, type) and issubclass(column.type, StrEnum):
        return _choice(place, column, text)
    return text


def _truth(place: LinePlace, column: TableColumn, text: str) -> bool:
    if text not in TRUTHS:
        place.refuse(column.name, text, f"'{text}' is neither yes nor no.")
    return TRUTHS[text]


def _choice(place: LinePlace, column: TableColumn, text: str) -> StrEnum:
    if text not in list(column.type):
        known = ", ".join(column.type)
        place.refuse(column.name, text, f"'{text}' is not one of {known}.")
    return column.type(text)  # type: ignore[no-any-return]


def _number(place: LinePlace, column: TableColumn, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        place.refuse(column.name, text, f"'{text}' is not a number.")
    return value


def _whole(place: LinePlace, column: TableColumn, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        place.refuse(column.name, text, f"'{text}' is not a whole number.")


def _lines(path: Path, table: Table) -> Iterator[tuple[LinePlace, list[str]]]:
    if not path.is_file():
        raise InputError([broken(path, "", "", "this table of the run is missing.")])
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = next(reader)
        _check_header(path, [column.name for column in table.columns], header)
        for cells in reader:
            if len(cells) != len(header):
                message = f"this line has {len(cells)} cells, the header {len(header)}."
                raise InputError([broken(path, f"A{reader.line_num}", "", message)])
            yield LinePlace(path, reader.line_num, header), [as_meant(cell) for cell in cells]
    except csv.Error as fault:
        message = f"is not CSV at line {reader.line_num}: {fault}."
        raise InputError([broken(path, f"A{reader.line_num}", "", message)]) from fault


def _check_header(path: Path, columns: Sequence[str], header: Sequence[str]) -> None:
    """Every column of the table stands once in the header, and no other."""
    missing = [c for c in columns if c not in header]
    strange = [c for c in header if c not in columns or header.count(c) > 1]
    if missing:
        message = f"the header lacks column {', '.join(missing)}."
        raise InputError([broken(path, "A1", ",".join(header), message)])
    if strange:
        message = f"the header has column {', '.join(strange)}, which is not of the table."
        raise InputError([broken(path, "A1", ",".join(header), message)])
