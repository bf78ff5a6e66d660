"""Finds the tables of a workbook: its sheets, their headers and columns.

A misspelt sheet or column is reported once and then read as the one it resembles, so that faults
further on are reported in the same pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opt.data.reading.dates import Dated
from opt.data.reading.log import Log
from opt.data.reading.raw import CALCULATE, RawBook, RawCell, RawRow, RawSheet, RawTable, address
from opt.data.sheets.columns import Sheet
from opt.data.sheets.ranges import YEARS
from opt.data.sheets.registry import SHEET, SHEETS
from opt.data.words import did_you_mean, in_plain_digits, near, plain, tidy
from opt.errors import Effect

HEADER_ROWS = 10
_IGNORED = ("readme", "lists")
_OWN = ("x_", "_")
_YEARS_IN_WORDS = re.compile(r"[a-z]{0,4} ?(\d{4}) ?[-/–] ?(\d{4}|\d\d)", re.IGNORECASE)
_YEAR_IN_WORDS = re.compile(r"[a-z]{0,4} ?(\d{4})(?:-\d\d-\d\d.*| ?[a-z(].*)?", re.IGNORECASE)
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_NUMBERED = re.compile(r"year_([1-9][0-9]*)")
_NAMES = {sheet.name: {column.name for column in sheet.all_columns} for sheet in SHEETS}


def caution_dates(sheet: str, cells: Sequence[RawCell], log: Log, what: str = "cell") -> None:
    """Warn, once, of the cells of a sheet formatted as a date from which a year was read."""
    found = [(cell.address, cell.value) for cell in cells if isinstance(cell.value, Dated)]
    for is_year in (True, False):
        alike = [(where, value) for where, value in found if value.is_year is is_year]
        if not alike:
            continue
        where, first = alike[0]
        many = f"{len(alike)} {what}s are" if len(alike) > 1 else f"this {what} is"
        dates = "dates" if len(alike) > 1 else "a date"
        word = "not" if is_year else "of"
        shown = f"{first.year_meant}, {word} {first.shown}"
        message = f"{many} formatted as {dates}; the year is read ({where}: {shown})."
        log.caution(
            sheet, where, message, "Format as a number and type the year.", effect=Effect.TAKEN
        )


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """One sheet with its header understood. `columns` maps column names, `years` year numbers, to
    column numbers of the file; `own` are the user's x_ columns."""

    sheet: Sheet
    header_row: int
    columns: dict[str, int]
    years: dict[int, int]
    own: frozenset[int]
    rows: tuple[RawRow, ...]


def is_own(name: str) -> bool:
    """Whether a sheet is the user's own, or one that is there for people only."""
    return name.casefold() in _IGNORED or name.startswith(_OWN)


def find_tables(book: RawBook, log: Log) -> dict[str, HeadedSheet]:
    """The tables of all sheets that can be understood, by the schema's sheet names."""
    tables = {}
    for name, raw in _match_sheets(book, log).items():
        table = _find_table(SHEET[name], raw, log)
        if table:
            tables[name] = table
    return tables


def _match_sheets(book: RawBook, log: Log) -> dict[str, RawSheet]:
    found: dict[str, RawSheet] = {}
    unknown = []
    for raw in book.sheets:
        name = tidy(raw.name).casefold()
        if is_own(name) or (name not in SHEET and not raw.rows):
            continue  # Excel adds empty sheets of its own
        if name not in SHEET:
            unknown.append(raw)
        elif name in found:
            log.fault(name, "", raw.name, f"this sheet stands twice (also '{found[name].name}').")
        else:
            found[name] = raw
    _guess_sheets(unknown, found, log)
    for sheet in SHEETS:
        if sheet.required and sheet.name not in found:
            log.fault(sheet.name, "", "", "this sheet is missing.", "It is required; add it.")
    return found


def _guess_sheets(unknown: list[RawSheet], found: dict[str, RawSheet], log: Log) -> None:
    for raw in unknown:
        hint = did_you_mean(raw.name, SHEET, "Begin its name with x_ to keep a sheet of your own.")
        log.fault(raw.name, "", raw.name, f"'{raw.name}' is not a sheet of the workbook.", hint)
        guess = near(raw.name, SHEET)
        if guess and guess not in found:
            found[guess] = raw


def header_name(cell: RawCell) -> str:
    """A header as text: tidy, and a year as a whole number, also where it stands as a date."""
    value = cell.value
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, Dated) and value.year_meant is not None:
        return str(value.year_meant)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(value)
    return tidy(str(value))


def year_of(name: str, numbered: bool) -> int | None:
    """The year a header names: 2026, or n of year_n on numbered sheets; None if it is no year."""
    if numbered:
        match = _NUMBERED.fullmatch(name.casefold())
        return int(match[1]) if match else None
    number = name.removesuffix(".0")
    return int(number) if re.fullmatch(r"[0-9]{4}", number) and int(number) in YEARS else None


def _score(sheet: Sheet, row: RawRow) -> tuple[int, bool]:
    names = _NAMES[sheet.name]
    numbered = sheet.years is not None and sheet.years.numbered
    hits = set()
    for cell in row.cells.values():
        name = header_name(cell).casefold()
        if name in names or (numbered and year_of(name, True) is not None):
            hits.add(name)
    return len(hits), len(hits) == len(row.cells)


def find_header(sheet: Sheet, raw: RawSheet, log: Log) -> RawRow | None:
    scored = [(_score(sheet, row), row) for row in raw.rows if row.number <= HEADER_ROWS]
    hits = [(score, row) for (score, _), row in scored if score]
    if not hits:
        names = ", ".join(column.name for column in sheet.columns[:4])
        message = f"no header row was found in the first {HEADER_ROWS} rows."
        log.fault(sheet.name, "", "", message, f"Its columns begin with {names}.")
        return None
    best = max(hits, key=lambda hit: hit[0])[1]
    for (score, whole), row in scored:
        if row.number > best.number and whole and score >= 2:
            message = f"row {row.number} is a second header row (also row {best.number})."
            log.fault(sheet.name, f"A{row.number}", "", message, "Keep one.")
    return best


def _find_table(sheet: Sheet, raw: RawSheet, log: Log) -> HeadedSheet | None:
    if not raw.rows:
        if not sheet.required:
            hint = "Put its header and rows back, or delete it."
            log.caution(
                sheet.name,
                "",
                "this sheet is empty, and is read as one without rows.",
                hint,
                effect=Effect.TAKEN,
            )
        return HeadedSheet(
            sheet, 1, {column.name: 0 for column in sheet.columns}, {}, frozenset(), ()
        )
    header = find_header(sheet, raw, log)
    if header is None:
        return None
    columns, years, own = _columns(sheet, header, log)
    again = {header.number}
    rows = tuple(row for row in data_rows(raw, header) if not _repeats(sheet, row, again))
    table = HeadedSheet(sheet, header.number, columns, years, own, rows)
    _report_headless(table, log)
    _report_shape(table, raw, log)
    _report_totals(table, raw, log)
    _report_pending(table, raw, log)
    _report_swallowed(table, len(header.cells), log)
    _report_escapes(table, log)
    _report_bare_quotes(table, raw, log)
    _report_cut(table, raw, log)
    return table


def data_rows(raw: RawSheet, header: RawRow) -> tuple[RawRow, ...]:
    """The rows below a header, without the totals row of its Excel table."""
    table = table_of(raw, header.number)
    rows = [row for row in raw.rows if row.number > header.number]
    if table is None or not table.totals:
        return tuple(rows)
    kept = []
    for row in rows:
        cells = {n: c for n, c in row.cells.items() if not table.is_total(row.number, n)}
        if cells:
            kept.append(RawRow(row.number, cells))
    return tuple(kept)


def table_of(raw: RawSheet, header_row: int) -> RawTable | None:
    """The Excel table that a header belongs to: the one with that first row, else the first."""
    at_header = (table for table in raw.tables if table.first_row == header_row)
    return next(at_header, raw.tables[0] if raw.tables else None)


def _repeats(sheet: Sheet, row: RawRow, seen: set[int]) -> bool:
    """Whether a row near the top is a second header (reported already)."""
    if row.number > HEADER_ROWS or row.number in seen:
        return False
    score, whole = _score(sheet, row)
    return whole and score >= 2


def _columns(
    sheet: Sheet, header: RawRow, log: Log
) -> tuple[dict[str, int], dict[int, int], frozenset[int]]:
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    own, unknown = set(), []
    names = _NAMES[sheet.name]
    for number, cell in sorted(header.cells.items()):
        name = header_name(cell)
        year = year_of(name, sheet.years.numbered) if sheet.years else None
        taken = columns.get(name.casefold()) if year is None else years.get(year)
        if taken:
            also = header.cells[taken].address
            log.fault(
                sheet.name, cell.address, name, f"column '{name}' stands twice (also {also})."
            )
            own.add(number)
        elif name.casefold() in names:
            columns[name.casefold()] = number
        elif year is not None:
            years[year] = number
        elif name.casefold().startswith("x_"):
            own.add(number)
        else:
            unknown.append((number, cell, name))
    for number, cell, name in unknown:
        year = _report_year(sheet, cell, name, log)
        guess = None if year else _unknown_column(sheet, cell, name, columns, log)
        if guess:
            columns[guess] = number
        elif year and year not in years:
            years[year] = number
        else:
            own.add(number)
    if sheet.years:
        dated = [header.cells[number] for _, number in sorted(years.items())]
        caution_dates(sheet.name, dated, log, "header")
    _report_missing(sheet, columns, years, header, log)
    return columns, years, frozenset(own)


def _unknown_column(
    sheet: Sheet, cell: RawCell, name: str, columns: Iterable[str], log: Log
) -> str | None:
    """Report a header that is no column; the column it may stand for, where one is still free."""
    names = [column.name for column in sheet.all_columns]
    otherwise = "Begin its name with x_ to keep a column of your own."
    hint = did_you_mean(name, names, otherwise)
    log.fault(sheet.name, cell.address, name, f"'{name}' is not a column of this sheet.", hint)
    free = [column for column in names if column not in columns]
    guess = near(name, names)
    return guess if guess in free else None


def _report_year(sheet: Sheet, cell: RawCell, name: str, log: Log) -> int | None:
    """Report a header that says more of a year than its number, as 2026/27 does, or that in other
    digits; the first year that it may stand for, None where it is no such header."""
    digits = in_plain_digits(name)
    in_digits = year_of(digits, sheet.years.numbered) if sheet.years else None
    if in_digits is not None:
        hint = f"Type {digits}, in the digits 0 to 9."
        log.fault(sheet.name, cell.address, name, f"'{name}' is not a year.", hint)
        return in_digits
    span = _YEARS_IN_WORDS.fullmatch(name)
    found = span or _YEAR_IN_WORDS.fullmatch(name)
    year = int(found[1]) if found else 0
    if sheet.years is None or sheet.years.numbered or year not in YEARS:
        return None
    hint = f"Type the year alone: {year}."
    if span:
        second = int(span[1][: -len(span[2])] + span[2])
        follows = second == year + 1
        hint = f"A column is one year: type {f'{year} or {second}' if follows else 'it alone'}."
    log.fault(sheet.name, cell.address, name, f"'{name}' is not a year.", hint)
    return year


def _report_missing(
    sheet: Sheet, columns: Iterable[str], years: Iterable[int], header: RawRow, log: Log
) -> None:
    hint = f"It is required; add it to row {header.number}."
    for column in sheet.columns:
        if column.required and column.name not in columns:
            log.fault(sheet.name, "", "", f"column '{column.name}' is missing.", hint)
    if sheet.years and sheet.years.required and not any(True for _ in years):
        example = "year_1, year_2" if sheet.years.numbered else "2026, 2027"
        message = f"there are no columns for years ({example} ...)."
        log.fault(sheet.name, "", "", message, hint)


def _report_headless(table: HeadedSheet, log: Log) -> None:
    known = {*table.columns.values(), *table.years.values(), *table.own}
    for row in table.rows:
        for number, cell in row.cells.items():
            if number not in known:
                message = f"'{header_name(cell)}' stands in a column without a header."
                hint = f"Give it a header in row {table.header_row}, or delete it."
                log.fault(table.sheet.name, cell.address, str(cell.value), message, hint)


def _report_shape(table: HeadedSheet, raw: RawSheet, log: Log) -> None:
    """Merged cells are faults; hidden rows and rows below the Excel table are warnings."""
    name = table.sheet.name
    for area in raw.merged:
        corner, _, end = area.partition(":")
        if int(re.sub(r"\D", "", end or corner)) >= table.header_row:
            log.fault(name, corner, "", f"cells {area} are merged.", "Unmerge them and fill each.")
    for row in table.rows:
        if row.number in raw.hidden:
            log.caution(
                name, f"A{row.number}", f"row {row.number} is hidden but used.", effect=Effect.TAKEN
            )
    excel = table_of(raw, table.header_row)
    below = [row.number for row in table.rows if excel and row.number > excel.last_row]
    if below:
        rows = f"row {below[0]} is" if len(below) == 1 else f"rows {below[0]}-{below[-1]} are"
        log.caution(
            name,
            f"A{below[0]}",
            f"{rows} below the Excel table but used.",
            common="rows below the Excel table are used",
            subject=f"{name} {rows.split()[1]}",
            effect=Effect.NONE,
        )


def _report_totals(table: HeadedSheet, raw: RawSheet, log: Log) -> None:
    """A totals row that was left out is a warning."""
    excel = table_of(raw, table.header_row)
    if excel is None or not excel.totals:
        return
    found = [
        cell
        for row in raw.rows
        for cell in row.cells.values()
        if excel.is_total(row.number, cell.column)
    ]
    if found:
        where = found[0].address
        message = "this is the total row of the Excel table: it is not read as data."
        log.caution(table.sheet.name, where, message, effect=Effect.UNUSED)


def _report_pending(table: HeadedSheet, raw: RawSheet, log: Log) -> None:
    """Stored values that the file itself says are still to be calculated are a warning."""
    if not raw.pending:
        return
    used = {n for n in (*table.columns.values(), *table.years.values()) if n}
    rows = {row.number: row for row in table.rows}
    found = sorted((row, column) for row, column in raw.pending if row in rows and column in used)
    if not found:
        return
    row, column = found[0]
    where = address(row, column)
    cell = rows[row].cells.get(column)
    shown = "blank" if cell is None else header_name(cell)
    what = f"{len(found)} formulas are" if len(found) > 1 else "this formula is"
    message = (
        f"{what} still to be calculated, as the file itself says;"
        f" the stored value is read ({where}: {shown})."
    )
    log.caution(table.sheet.name, where, message, CALCULATE, effect=Effect.TAKEN)


def _report_swallowed(table: HeadedSheet, width: int, log: Log) -> None:
    """Warn of text with a line in it that could be a row of its own: a stray quotation mark."""
    for row in table.rows:
        for cell in row.cells.values():
            lines = cell.value.splitlines()[1:] if isinstance(cell.value, str) else []
            if any(line.count(",") >= max(2, width - 1) for line in lines):
                message = "this cell holds a whole row of commas after a line break."
                hint = "Look for a stray quotation mark; if it is text, leave out the line break."
                log.caution(table.sheet.name, cell.address, message, hint, effect=Effect.TAKEN)


def _report_escapes(table: HeadedSheet, log: Log) -> None:
    """Warn, once, of text with a character written as Excel's files write it, as _x000D_: what
    turned the file into this one has left it."""
    cells = [cell for row in table.rows for cell in row.cells.values()]
    found = [
        (cell, match[0])
        for cell in cells
        if isinstance(cell.value, str) and (match := _ESCAPE.search(cell.value))
    ]
    if found:
        cell, escape = found[0]
        many = f"{len(found)} cells hold" if len(found) > 1 else "this cell holds"
        message = f"{many} a character as Excel's files write it ({cell.address}: {escape})."
        log.caution(
            table.sheet.name,
            cell.address,
            message,
            "Delete it, or type the character.",
            effect=Effect.TAKEN,
        )


def _report_bare_quotes(table: HeadedSheet, raw: RawSheet, log: Log) -> None:
    """Warn, once, of cells of a CSV file with a quotation mark that no program writes so."""
    found = [address(*place) for place in raw.bare_quotes]
    if found:
        many = f"{len(found)} cells hold" if len(found) > 1 else "this cell holds"
        message = f"{many} a quotation mark without quotation marks around the cell ({found[0]})."
        hint = "Delete it if it is stray, else put the cell between two and write this one twice."
        log.caution(table.sheet.name, found[0], message, hint, effect=Effect.TAKEN)


def _report_cut(table: HeadedSheet, raw: RawSheet, log: Log) -> None:
    """Warn of a file that may be the first part of a longer one."""
    if raw.is_cut:
        last = raw.rows[-1].number
        message = (
            f"the file ends in the middle of row {last}, without a line break, unlike others of its"
            " folder: it may have been cut short."
        )
        hint = "Compare it with where it came from; if it is whole, end its last line."
        log.caution(table.sheet.name, f"A{last}", message, hint, effect=Effect.TAKEN)
