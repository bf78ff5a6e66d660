"""Variants: named sets of cells that stand in for those of other sheets, applied as if typed there.

Every row of sheet variants is read on every reading, so that a wrong one is named before it is
asked for; only those of the variant asked for change anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from opt.data.reading.cells import as_text, type_cell
from opt.data.reading.layout import HeadedSheet, year_of
from opt.data.reading.log import Log
from opt.data.reading.raw import RawCell, RawRow, address
from opt.data.reading.row_ids import missed_row, row_id
from opt.data.reading.settings import setting_column
from opt.data.sheets.columns import Column
from opt.data.words import did_you_mean, tidy

SHEET_NAME = "variants"


def apply_variant(
    found: Mapping[str, HeadedSheet], variant: str | None, is_text: bool, log: Log
) -> dict[str, HeadedSheet]:
    """The tables with the cells of a variant in place (None: as they are); faults noted. Rows are
    named by what stands in them without the variant."""
    others = {name: _Named(table) for name, table in found.items() if name != SHEET_NAME}
    asked = None if variant is None else tidy(variant).casefold()
    names = []
    for raw in found[SHEET_NAME].rows if SHEET_NAME in found else ():
        line = _Line(found[SHEET_NAME], raw, _texts(found[SHEET_NAME], raw))
        names.append(line.texts["variant"])
        change = _change(line, others, is_text, log)
        if change is not None and names[-1].casefold() == asked:
            place, cell = change
            others[place.table.sheet.name].put(place, cell)
    if asked is not None and asked not in {name.casefold() for name in names}:
        hint = did_you_mean(str(variant), names, f"It has: {', '.join(sorted(set(names)))}.")
        message = f"'{variant}' is not a variant."
        log.fault(SHEET_NAME, "", str(variant), message, hint if names else "It has none.")
    return dict(found) | {name: own.changed() for name, own in others.items() if own.changes}


@dataclass(slots=True)
class _Named:
    """A table, and the cells that stand in for its own by number of row and column; None: blank."""

    table: HeadedSheet
    changes: dict[int, dict[int, RawCell | None]] = field(default_factory=dict)
    _ids: dict[str, list[RawRow]] | None = None

    @property
    def ids(self) -> dict[str, list[RawRow]]:
        """Its rows by their ids, gone over once: a sheet of variants may name each of them."""
        if self._ids is None:
            self._ids = {}
            for row in self.table.rows:
                self._ids.setdefault(_row_id(self.table, row), []).append(row)
        return self._ids

    def put(self, place: _Cell, cell: RawCell | None) -> None:
        """Another cell at a place of the table."""
        self.changes.setdefault(place.row.number, {})[place.number] = cell

    def changed(self) -> HeadedSheet:
        """The table with these cells in place."""
        rows = tuple(_with(row, self.changes.get(row.number, {})) for row in self.table.rows)
        return replace(self.table, rows=rows)


def _with(row: RawRow, changes: Mapping[int, RawCell | None]) -> RawRow:
    if not changes:
        return row
    cells = {n: cell for n, cell in row.cells.items() if n not in changes}
    given = {n: cell for n, cell in changes.items() if cell is not None}
    return RawRow(row.number, cells | given)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the sheet, and its columns as text."""

    sheet: HeadedSheet
    raw: RawRow
    texts: Mapping[str, str]


def _texts(table: HeadedSheet, raw: RawRow) -> dict[str, str]:
    """The columns of a row as text, blank where a cell is."""
    found = {}
    for name, column in table.columns.items():
        cell = raw.cells.get(column)
        found[name] = tidy(as_text(cell.value)) if cell else ""
    return {column.name: found.get(column.name, "") for column in table.sheet.columns}


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a row of the sheet points: a table, one of its rows, a column by number and name."""

    table: HeadedSheet
    row: RawRow
    number: int
    column: str


class _CellError(Exception):
    """What is wrong with one column of a row of the sheet, and the mend."""

    def __init__(self, column: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


def _change(
    line: _Line, others: Mapping[str, _Named], is_text: bool, log: Log
) -> tuple[_Cell, RawCell | None] | None:
    """The cell that a row of the sheet names, and what stands there instead; None with a fault."""
    columns, raw = line.sheet.columns, line.raw
    if not all(line.texts[name] for name in ("variant", "sheet", "row", "column")):
        return None  # a blank required cell is reported when the row is typed
    try:
        place = _find(others, line.texts)
        given = raw.cells.get(columns.get("value", 0))
        return place, None if given is None else _meant(place, given, is_text)
    except _CellError as fault:
        where = address(raw.number, columns.get(fault.column, 1))
        log.fault(SHEET_NAME, where, line.texts[fault.column], fault.message, fault.hint)
        return None


def _find(others: Mapping[str, _Named], texts: Mapping[str, str]) -> _Cell:
    """The cell that a row of the sheet names."""
    named = others.get(texts["sheet"].casefold())
    if named is None:
        message = f"'{texts['sheet']}' is not a sheet of this workbook."
        raise _CellError("sheet", message, did_you_mean(texts["sheet"], others))
    row, table = _row_named(named, texts["row"]), named.table
    by_name = {column.casefold(): n for column, n in table.columns.items()}
    if table.sheet.years is not None:
        by_name |= {table.sheet.years.title(year): n for year, n in table.years.items()}
    name = texts["column"].casefold()
    if name not in by_name:
        message = f"sheet {table.sheet.name} has no column '{texts['column']}'."
        hint = did_you_mean(name, by_name, "Add the column to that sheet.")
        raise _CellError("column", message, hint)
    return _Cell(table, row, by_name[name], name)


def _row_named(named: _Named, name: str) -> RawRow:
    """The one row of a table that a row of the sheet names."""
    found = named.ids.get(row_id([name]), [])
    if len(found) == 1:
        return found[0]
    numbers = [row.number for row in found]
    raise _CellError("row", *missed_row(named.table.sheet, name, named.ids, numbers))


def _meant(place: _Cell, given: RawCell, is_text: bool) -> RawCell:
    """The given cell as if typed at its place; a number typed as text counts as a number."""
    typed = type_cell(given, _declared(place), isinstance(given.value, str) or is_text)
    if typed.message:
        raise _CellError("value", typed.message, typed.hint)
    value = given.value
    if isinstance(given.value, str) and isinstance(typed.value, int | float) and not is_text:
        value = typed.value
    return RawCell(value, place.row.number, place.number, given.uncalculated)


def _row_id(table: HeadedSheet, row: RawRow) -> str:
    cells = [row.cells.get(table.columns.get(name, 0)) for name in table.sheet.named_by]
    return row_id(tidy(as_text(cell.value)) if cell else "" for cell in cells)


def _declared(place: _Cell) -> Column:
    """The declaration that the cell must meet."""
    sheet, block = place.table.sheet, place.table.sheet.years
    if block is not None and year_of(place.column, block.numbered) is not None:
        return block.column("year")
    if sheet.name == "settings" and place.column == "value":
        key = place.row.cells.get(place.table.columns.get("key", 0))
        return setting_column(tidy(as_text(key.value)) if key else "")
    return sheet.column(place.column)
