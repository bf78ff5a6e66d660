"""Sheets as plain grids of values, header first: what conversion and templates pass around."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from opt.data.reading.cells import as_text, is_error, slip
from opt.data.reading.dates import Dated
from opt.data.reading.layout import (
    data_rows,
    find_header,
    header_name,
    is_own,
    table_of,
    year_of,
)
from opt.data.reading.log import Log
from opt.data.reading.raw import CALCULATE, CellValue, RawBook, RawCell, RawRow, RawSheet, address
from opt.data.reading.settings import setting_column
from opt.data.sheets.columns import CellKind, Column, Sheet
from opt.data.sheets.registry import SHEET, SHEETS
from opt.errors import InputError

Grid = tuple[tuple[CellValue, ...], ...]
Grids = dict[str, Grid]

NUMERIC = (CellKind.NUMBER, CellKind.SHARE, CellKind.INTEGER, CellKind.YEAR, CellKind.SURPLUS)
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SMALLEST = 1e-12  # smaller numbers are written with an exponent
_SHOWN_ONLY = ("readme", "lists")


def grids_of(book: RawBook) -> Grids:
    """Every sheet that has a header, in the schema's order and then the user's own.

    Numbers are numbers also where the book is text. InputError where a cell has no value to take:
    error values and formulas that were never calculated.
    """
    log = Log()
    found: Grids = {}
    for raw in book.sheets:
        name = raw.name.strip()
        known = name.casefold() if name.casefold() in SHEET else name
        if known.casefold() in _SHOWN_ONLY or not raw.rows:
            continue
        header = _header(known, raw)
        _report_valueless(known, raw, header, log)
        found[known] = _grid(known, raw, header, book.is_text)
    if log.issues:
        raise InputError(log.issues)
    order = [sheet.name for sheet in SHEETS if sheet.name in found]
    return {name: found[name] for name in [*order, *sorted(set(found) - set(order))]}


def _header(name: str, raw: RawSheet) -> RawRow:
    if name in SHEET:
        return find_header(SHEET[name], raw, Log()) or raw.rows[0]
    table = table_of(raw, raw.rows[0].number)
    first = table.first_row if table else 0
    return next((row for row in raw.rows if row.number == first), raw.rows[0])


def _report_valueless(name: str, raw: RawSheet, header: RawRow, log: Log) -> None:
    titles = {n: header_name(cell) for n, cell in header.cells.items()}
    rows = (header, *data_rows(raw, header))
    for row in rows:
        for number, cell in row.cells.items():
            where, value = cell.address, as_text(cell.value)
            if cell.uncalculated:
                log.fault(name, where, "", "this formula was never calculated.", CALCULATE)
            elif is_error(cell.value):
                hint = "Fix the formula or type a value."
                log.fault(name, where, value, f"{value} is an error value.", hint)
            elif row is not header and _is_slip(name, titles.get(number, ""), row, cell.value):
                assert isinstance(cell.value, Dated)
                log.fault(name, where, value, *slip(cell.value))
    numbers = {row.number for row in rows}
    for row_number, column in sorted(raw.pending):
        if row_number in numbers:
            message = "this formula is still to be calculated."
            log.fault(name, address(row_number, column), "", message, CALCULATE)


def _is_slip(sheet: str, title: str, row: RawRow, value: CellValue) -> bool:
    """Whether a cell of a known sheet shows a small number as a day, and holds no year."""
    if not isinstance(value, Dated) or not value.is_slip or sheet not in SHEET:
        return False
    column = declared(sheet, title, row.cells[min(row.cells)].value)
    return not (value.is_year and column is not None and column.kind is CellKind.YEAR)


def _grid(name: str, raw: RawSheet, header: RawRow, is_text: bool) -> Grid:
    rows = data_rows(raw, header)
    columns = sorted({*header.cells, *(number for row in rows for number in row.cells)})
    names = [header_name(header.cells[n]) if n in header.cells else "" for n in columns]
    lines: list[tuple[CellValue, ...]] = [tuple(names)]
    for row in rows:
        line = [row.cells.get(number) for number in columns]
        key = next((cell.value for cell in line if cell), None)
        lines.append(
            tuple(
                _value(cell, declared(name, title, key), is_text)
                for cell, title in zip(line, names, strict=True)
            )
        )
    return tuple(lines)


def declared(sheet: str, title: str, key: CellValue) -> Column | None:
    """The declaration of a column by its header; `key` names the setting on sheet settings."""
    spec = SHEET.get(sheet)
    if spec is None:
        return None
    if sheet == "settings" and title.casefold() == "value":
        return setting_column(str(key))
    if spec.years and year_of(title, spec.years.numbered) is not None:
        return spec.years.column(title)
    return next((c for c in spec.all_columns if c.name == title.casefold()), None)


def _value(cell: RawCell | None, column: Column | None, is_text: bool) -> CellValue:
    if cell is None:
        return None
    value = cell.value
    if isinstance(value, Dated):
        is_year = column is not None and column.kind is CellKind.YEAR
        return value.year_meant if is_year and value.year_meant else as_text(value)
    if not is_text or not isinstance(value, str):
        return value
    if column is None:
        number = _number(value)
        return number if number is not None and written(number) == value else value
    number = _number(value) if column.kind in NUMERIC else None
    return value if number is None else number


def _number(text: str) -> int | float | None:
    """Plain number text as a number; None for any other text, and for what Excel cannot hold."""
    text = text.strip()
    if not _PLAIN.fullmatch(text):
        return None
    number = float(text)
    if number.is_integer() and abs(number) < 2**53:
        return int(number)
    return number if abs(number) < 1e308 else None


def written(value: CellValue) -> str:
    """A value as CSV holds it: every digit of a number, whole numbers without a point."""
    if isinstance(value, float) and _SMALLEST <= abs(value) < 1:
        return f"{Decimal(repr(value)):f}"  # 0.000085, as people write it, not 8.5e-05
    return as_text(value)


def complete(grids: Mapping[str, Grid], years: range) -> Grids:
    """All sheets of the schema with all their columns, blank where the grids have none.

    Year columns are those given, else one for each year of `years`; own columns and sheets stay.
    """
    whole = {sheet.name: _complete(sheet, grids.get(sheet.name, ((),)), years) for sheet in SHEETS}
    own = {name: grid for name, grid in grids.items() if name not in SHEET and is_own(name)}
    return whole | own


def _complete(sheet: Sheet, grid: Grid, years: range) -> Grid:
    given = [str(title) for title in grid[0]]
    names = [column.name for column in sheet.columns]
    trace = [column.name for column in sheet.trace]
    blocks: list[str] = []
    if sheet.years:
        numbered = sheet.years.numbered
        blocks = [title for title in given if year_of(title, numbered) is not None]
        blocks = blocks or [f"year_{n}" for n in range(1, 6)] if numbered else blocks
        blocks = blocks or [str(year) for year in years]
    own = [title for title in given if title.casefold() not in (*names, *trace, *blocks)]
    titles = [*names, *blocks, *trace, *own]
    place = {title.casefold(): number for number, title in enumerate(given)}
    lines: list[tuple[CellValue, ...]] = [tuple(titles)]
    for row in grid[1:]:
        at = [place.get(title.casefold()) for title in titles]
        lines.append(tuple(None if number is None else row[number] for number in at))
    return tuple(lines)


def plan_years(grids: Mapping[str, Grid]) -> range:
    """The years of the plan by the grids' settings; ten years from 2026 where they do not say."""
    found = {}
    for row in grids.get("settings", ()):
        cells = [cell for cell in row if cell not in (None, "")]
        if len(cells) > 1 and isinstance(cells[1], int | float):
            found[str(cells[0]).casefold()] = int(cells[1])
    first = found.get("first_year", 2026)
    return range(first, max(first, found.get("last_year", first + 9)) + 1)
