"""Sound tables with other values in some cells, other settings, rows added and sheets emptied.

The twin of what a study changes in an instance, for whoever holds its answer against the workbook.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from opt.data.sheets.registry import ROW, SHEET
from opt.data.tables import Row, Tables, Value


@dataclass(frozen=True, slots=True)
class NewCell:
    """Another value in one cell: its sheet, the number of its row there, its column (a year of a
    block of years as a number); None blanks it."""

    sheet: str
    row: int
    column: str | int
    value: Value


def cell_with(row: Row, column: str | int, value: Value) -> NewCell:
    """Another value in the cell of a row."""
    return NewCell(row.sheet, row.number, column, value)


def scaled_cells(row: Row, factor: float, *columns: str) -> list[NewCell]:
    """Some numeric columns of a row and all of its years multiplied; what is blank stays so."""
    held: list[tuple[str | int, float]] = [*row.years.items()]
    held += [(c, value) for c in columns if (value := row.optional(c)) is not None]
    return [cell_with(row, column, value * factor) for column, value in held]


def tables_with(
    tables: Tables,
    cells: Iterable[NewCell] = (),
    *,
    settings: Mapping[str, Value] | None = None,
    added: Mapping[str, Iterable[Mapping[str, Value]]] | None = None,
    emptied: Collection[str] = (),
) -> Tables:
    """The tables with other values in some cells, other settings, rows added at the end of sheets
    (blank columns at their defaults) and some sheets emptied. Whether they are sound with it is not
    asked.

    Raises KeyError for a cell that is not there.
    """
    rows = {name: () if name in emptied else own for name, own in tables.rows.items()}
    by_sheet: dict[str, dict[int, list[NewCell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        by_sheet[cell.sheet][cell.row].append(cell)
    for name, changes in by_sheet.items():
        missing = changes.keys() - {row.number for row in rows[name]}
        if missing:
            raise KeyError(f"sheet {name} has no row {min(missing)}")
        rows[name] = tuple(_changed(row, changes[row.number]) for row in rows[name])
    for name, lines in (added or {}).items():
        last = max((row.number for row in rows[name]), default=1)
        new = (_new(name, n, line) for n, line in enumerate(lines, start=last + 1))
        rows[name] = (*rows[name], *new)
    return dataclasses.replace(tables, rows=rows, settings={**tables.settings, **(settings or {})})


def _changed(row: Row, cells: Iterable[NewCell]) -> Row:
    values, years, given = dict(row.values), dict(row.years), set(row.given)
    for cell in cells:
        if isinstance(cell.column, str):
            if cell.column not in values:
                raise KeyError(f"sheet {row.sheet} has no column {cell.column}")
            values[cell.column] = cell.value
            given.add(cell.column)
        elif cell.value is None:
            years.pop(cell.column, None)
        else:
            assert isinstance(cell.value, int | float), cell
            years[cell.column] = float(cell.value)
    return dataclasses.replace(row, values=values, years=years, given=frozenset(given))


def _new(sheet: str, number: int, line: Mapping[str, Value]) -> Row:
    """A row of a sheet with some values, of the other columns what a blank cell means."""
    columns = SHEET[sheet].all_columns
    unknown = line.keys() - {column.name for column in columns}
    if unknown:
        raise KeyError(f"sheet {sheet} has no column {min(unknown)}")
    values = {column.name: line.get(column.name, column.default) for column in columns}
    return ROW[sheet](sheet, number, values, given=frozenset(line))
