"""Variants: named sets of cells that stand in for those of other sheets, applied as if typed there.

Every row of sheet variants is read on every reading, so that a wrong one is named before it is
asked for; only those of the variant asked for change anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    """The tables with the cells of a variant in place (None: as they are); faults noted."""
    tables = dict(found)
    asked = None if variant is None else tidy(variant).casefold()
    names = []
    for raw in tables[SHEET_NAME].rows if SHEET_NAME in tables else ():
        texts = _texts(tables[SHEET_NAME], raw)
        names.append(texts["variant"])
        changed = _changed(tables, raw, texts, is_text, log)
        if changed is not None and texts["variant"].casefold() == asked:
            tables[changed.sheet.name] = changed
    if asked is not None and asked not in {name.casefold() for name in names}:
        hint = did_you_mean(str(variant), names, f"It has: {', '.join(sorted(set(names)))}.")
        message = f"'{variant}' is not a variant."
        log.fault(SHEET_NAME, "", str(variant), message, hint if names else "It has none.")
    return tables


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


def _changed(
    tables: Mapping[str, HeadedSheet],
    raw: RawRow,
    texts: Mapping[str, str],
    is_text: bool,
    log: Log,
) -> HeadedSheet | None:
    """The table that a row of the sheet changes, with its cell in place; None with a fault."""
    if not all(texts[name] for name in ("variant", "sheet", "row", "column")):
        return None  # a blank required cell is reported when the row is typed
    own = tables[SHEET_NAME]
    try:
        place = _find(tables, texts)
        given = raw.cells.get(own.columns.get("value", 0))
        cell = None if given is None else _meant(place, given, is_text)
    except _CellError as fault:
        where = address(raw.number, own.columns.get(fault.column, 1))
        log.fault(SHEET_NAME, where, texts[fault.column], fault.message, fault.hint)
        return None
    cells = {n: c for n, c in place.row.cells.items() if n != place.number}
    if cell is not None:
        cells[place.number] = cell
    changed = RawRow(place.row.number, cells)
    rows = tuple(changed if row is place.row else row for row in place.table.rows)
    return replace(place.table, rows=rows)


def _find(tables: Mapping[str, HeadedSheet], texts: Mapping[str, str]) -> _Cell:
    """The cell that a row of the sheet names."""
    others = {name: table for name, table in tables.items() if name != SHEET_NAME}
    table = others.get(texts["sheet"].casefold())
    if table is None:
        message = f"'{texts['sheet']}' is not a sheet of this workbook."
        raise _CellError("sheet", message, did_you_mean(texts["sheet"], others))
    row = _row_named(table, texts["row"])
    by_name = {column.casefold(): n for column, n in table.columns.items()}
    if table.sheet.years is not None:
        by_name |= {table.sheet.years.title(year): n for year, n in table.years.items()}
    name = texts["column"].casefold()
    if name not in by_name:
        message = f"sheet {table.sheet.name} has no column '{texts['column']}'."
        hint = did_you_mean(name, by_name, "Add the column to that sheet.")
        raise _CellError("column", message, hint)
    return _Cell(table, row, by_name[name], name)


def _row_named(table: HeadedSheet, name: str) -> RawRow:
    """The one row of a table that a row of the sheet names."""
    ids: dict[str, list[RawRow]] = {}
    for row in table.rows:
        ids.setdefault(_row_id(table, row), []).append(row)
    found = ids.get(row_id([name]), [])
    if len(found) == 1:
        return found[0]
    raise _CellError("row", *missed_row(table.sheet, name, ids, [row.number for row in found]))


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
