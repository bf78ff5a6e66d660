"""What an .xlsx file cannot hold of a workbook, by cell: refused before anything is written."""

from __future__ import annotations

from collections.abc import Iterator

from opt.data.reading.raw import RawBook, RawCell, RawRow, RawSheet
from opt.data.words import unwritable
from opt.errors import InputError, Issue

LONGEST_TEXT = 32_767
LONGEST_HEADER = 255
MOST_ROWS = 1_048_576 - 4  # below title, help, units and header
MOST_COLUMNS = 16_384


def refuse_beyond_excel(book: RawBook) -> None:
    """InputError with every cell, sheet and name that an .xlsx file cannot hold."""
    issues = list(_alike(book))
    for sheet in book.sheets:
        issues += [*_size(sheet), *(issue for row in sheet.rows for issue in _row(sheet, row))]
    if issues:
        raise InputError(issues)


def _alike(book: RawBook) -> Iterator[Issue]:
    seen: dict[str, str] = {}
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.name, reverse=True):
        other = seen.setdefault(sheet.name.strip().casefold(), sheet.name)
        if other != sheet.name:
            message = f"'{other}' and '{sheet.name}' are one name in Excel."
            yield Issue(sheet.name, "", sheet.name, message, "Rename one.")


def _size(sheet: RawSheet) -> Iterator[Issue]:
    columns = max((max(row.cells) for row in sheet.rows), default=0)
    for what, number, most in (
        ("rows", len(sheet.rows), MOST_ROWS),
        ("columns", columns, MOST_COLUMNS),
    ):
        if number > most:
            message = f"this sheet has {number} {what}; Excel holds {most}."
            yield Issue(sheet.name, "", "", message, "Keep it as a folder of CSV files.")


def _row(sheet: RawSheet, row: RawRow) -> Iterator[Issue]:
    is_header = row is sheet.rows[0]
    for cell in row.cells.values():
        fault = _fault(cell, is_header) if isinstance(cell.value, str) else None
        if fault:
            yield Issue(sheet.name, cell.address, str(cell.value)[:40], *fault)


def _fault(cell: RawCell, is_header: bool) -> tuple[str, str] | None:
    text = str(cell.value)
    # Excel counts as UTF-16 does: letters beyond the first 65,536 are two.
    letters = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if (character := unwritable(text)) is not None:
        return f"this text holds {character}.", "No document can show it: delete it."
    if is_header and letters > LONGEST_HEADER:
        return f"this header has {letters} letters.", f"Excel holds {LONGEST_HEADER}: shorten it."
    if letters > LONGEST_TEXT:
        return f"this text has {letters} letters.", f"Excel holds {LONGEST_TEXT}: shorten it."
    return None
