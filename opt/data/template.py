"""Writes workbooks for people: titles, help, units, tables, drop-downs, prompts; the data as given.

The same content gives the same bytes. Text is never written as a formula or a link.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from opt.data.reading.grids import NUMERIC, Grid, declared
from opt.data.reading.raw import CellValue, address
from opt.data.sheets.columns import CellKind, Column
from opt.data.sheets.declare import CONFIDENCE
from opt.data.sheets.registry import SETTINGS, SHEET
from opt.data.sheets.setup import SCHEMA_VERSION
from opt.data.words import figure
from opt.errors import InputError, Issue
from opt.refused import refusal
from opt.xlsx_strings import plain_workbook

CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
HEADER_ROW = 3  # counted from 0, as all rows below
SPARE_ROWS = 1000  # rows that drop-downs and number rules cover
_PROMPT = 255  # Excel's longest prompt
_A4 = 9  # Excel's number of the paper
_README_WIDTHS = (34, 90, 10)
_LINE_HEIGHT = 15  # of the default font, points
_LETTERS = 1.1  # that surely go into a digit's width, which columns are measured in
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "help": {"italic": True, "font_color": "#404040"},
    "unit": {"font_color": "#404040", "bg_color": "#E7E6E6"},
    "input": {"font_color": "#0000FF", "bg_color": "#FFFFE5"},
    "plain": {"bg_color": "#FFFFFF"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "bold": {"bold": True},
}


class _ExactWorksheet(Worksheet):  # type: ignore[misc]
    """Writes numbers with all 17 digits; the library's 16 would lose the last one of some."""

    def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
        attr = "".join(f' {key}="{self._escape_attributes(text)}"' for key, text in attributes)
        self.fh.write(f"<c{attr}><v>{number!r}</v></c>")


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook being written, its formats, and where ids stand (sheet to column)."""

    file: Any
    formats: Mapping[str, Any]
    ids: Mapping[str, str]


@contextmanager
def new_workbook(path: str | Path, title: str) -> Iterator[Any]:
    """A workbook to write into, saved at the end; InputError if the file cannot be written."""
    content = io.BytesIO()
    file = plain_workbook(content, {"in_memory": True, "nan_inf_to_errors": False})
    file.set_properties({"created": CREATED, "title": title})
    yield file
    file.close()
    try:
        Path(path).write_bytes(content.getvalue())
    except OSError as error:
        message, hint = refusal(error) or (f"{error}.", "Name another file.")
        mend = f"{message[:1].upper()}{message[1:]} {hint}"
        issue = Issue(Path(path).name, "", "", "this file cannot be written.", mend)
        raise InputError([issue]) from error


def write_workbook(path: str | Path, grids: Mapping[str, Grid]) -> None:
    """Write the sheets, header first, as an .xlsx with README and lists around them.

    Overwrites `path`; callers decide whether they may.
    """
    with new_workbook(path, "opt workbook") as file:
        formats = {name: file.add_format(settings) for name, settings in _FORMATS.items()}
        book = _Book(file, formats, _id_columns(grids))
        _write_readme(book, grids)
        for name, grid in grids.items():
            _write_sheet(book, name, grid)
        _write_lists(book)


def _id_columns(grids: Mapping[str, Grid]) -> dict[str, str]:
    """Sheets whose ids others may name, and the letter of their id column."""
    found = {}
    for name, grid in grids.items():
        spec = SHEET.get(name)
        if spec and len(spec.key) == 1 and spec.column(spec.key[0]).kind is CellKind.ID:
            titles = [str(title).casefold() for title in grid[0]]
            if spec.key[0] in titles and name != "settings":
                found[name] = address(1, titles.index(spec.key[0]) + 1)[:-1]
    return found


def _write_readme(book: _Book, grids: Mapping[str, Grid]) -> None:
    sheet = book.file.add_worksheet("README")
    bold, wrap = book.formats["bold"], book.formats["wrap"]
    sheet.write_string(0, 0, "Workbook for opt", book.formats["title"])
    lines = (
        "Mines, refineries, magnet plants and public money go in; a proven plan comes out.",
        f"Layout {SCHEMA_VERSION}. Check it with: python -m opt check FILE.xlsx."
        " Solve: python -m opt solve FILE.xlsx.",
        "Each sheet: title, one line of help, units, header, then one row a thing. A blank cell"
        " means what its prompt says; it is never silently zero.",
        "Ids are matched without case. Columns and sheets that begin with x_ are your own.",
        f"Every row takes source, confidence ({', '.join(CONFIDENCE)}: A primary source, B press"
        " or arithmetic on A, C unverified, D estimate) and note.",
    )
    last = len(_README_WIDTHS) - 1
    for number, line in enumerate(lines, start=1):
        sheet.merge_range(number, 0, number, last, "", wrap)
        sheet.write_string(number, 0, line, wrap)
        _fit_row(sheet, number, line, sum(_README_WIDTHS))
    sheet.write_string(7, 0, "Colours", bold)
    sheet.write_string(8, 0, "Input: blue text on pale yellow", book.formats["input"])
    sheet.write_string(9, 0, "Units: dark text on grey", book.formats["unit"])
    sheet.write_row(11, 0, ("Sheet", "What it holds", "Required"), bold)
    for number, name in enumerate(grids, start=12):
        spec = SHEET.get(name)
        words = spec.help if spec else "your own"
        sheet.write_string(number, 0, name, wrap)
        sheet.write_string(number, 1, words, wrap)
        sheet.write_string(number, 2, "yes" if spec and spec.required else "", wrap)
        _fit_row(sheet, number, words, _README_WIDTHS[1])
    for number, width in enumerate(_README_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.hide_gridlines(2)
    sheet.protect()
    _fit_page(sheet)
    sheet.print_area(0, 0, 11 + len(grids), last)


def _fit_row(sheet: Any, number: int, text: str, width: int) -> None:
    """A row as high as its wrapped text: not every program finds the height itself."""
    lines = len(textwrap.wrap(text, round(width * _LETTERS)))
    sheet.set_row(number, _LINE_HEIGHT * max(lines, 1))


def _fit_page(sheet: Any) -> None:
    """Print in landscape on A4, all columns on one page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _write_sheet(book: _Book, name: str, grid: Grid) -> None:
    sheet = book.file.add_worksheet(name, worksheet_class=_ExactWorksheet)
    spec = SHEET.get(name)
    titles = [str(title) for title in grid[0]]
    sheet.write_string(0, 0, spec.title if spec else name, book.formats["title"])
    sheet.write_string(1, 0, spec.help if spec else "Your own sheet; it is not read.")
    for number, title in enumerate(titles):
        column = declared(name, title, None)
        unit = column.unit if column else ""
        sheet.write_string(HEADER_ROW - 1, number, unit or " ", book.formats["unit"])
        sheet.set_column(number, number, _width(grid, number))
        if column:
            _add_rule(book, sheet, name, number, column)
    _write_table(book, sheet, name, grid)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.repeat_rows(HEADER_ROW)
    _fit_page(sheet)


def _width(grid: Grid, number: int) -> int:
    longest = max(len(str(row[number] or "")) for row in grid)
    return min(max(longest + 3, 9), 45)


def _write_table(book: _Book, sheet: Any, name: str, grid: Grid) -> None:
    """The header as that of an Excel table; as plain cells where Excel allows no table."""
    titles = [str(title) for title in grid[0]]
    unique = {title.casefold() for title in titles}
    if "" in unique or len(unique) < len(titles):
        sheet.write_row(HEADER_ROW, 0, titles, book.formats["bold"])
    else:
        sheet.add_table(
            *(HEADER_ROW, 0, HEADER_ROW + max(len(grid) - 1, 1), len(titles) - 1),
            {
                "name": "tbl" + "".join(part.capitalize() for part in name.split("_") if part),
                "columns": [{"header": title} for title in titles],
                "style": "Table Style Light 1",
            },
        )
    blank = (None,) * len(titles)
    for number, row in enumerate(grid[1:] or (blank,), start=HEADER_ROW + 1):
        for column, value in enumerate(row):
            _write_cell(sheet, (number, column), value, book.formats["input"])


def _write_cell(sheet: Any, place: tuple[int, int], value: CellValue, style: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(*place, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(*place, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(*place, value, style)
    else:
        sheet.write_string(*place, str(value), style)


def _prompt(column: Column) -> str:
    if column.default not in (None, ""):
        blank = f"Blank: {column.default}."
    elif column.required:
        blank = "Required."
    else:
        blank = f"Blank: {column.blank}." if column.blank else ""
    unit = f" ({column.unit})" if column.unit else ""
    return f"{column.help}{unit}. {blank}".strip()[:_PROMPT]


def _add_rule(book: _Book, sheet: Any, name: str, number: int, column: Column) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if name == "settings" and column.name == "key":
        rule = {"validate": "list", "source": "=list_setting"}
    elif name == "settings" and column.name == "value":
        rule = {"validate": "any"}
    elif column.kind is CellKind.CHOICE:
        rule = {"validate": "list", "source": f"={_list_name(column.choices)}"}
    elif column.kind is CellKind.REF and len(column.refs) == 1 and column.refs[0] in book.ids:
        rule = {"validate": "list", "source": f"=list_{column.refs[0]}"}
    elif column.kind is CellKind.DECISION:
        rule = {"validate": "list", "source": "=list_decision", "error_type": "information"}
    elif column.kind in NUMERIC and column.kind is not CellKind.SURPLUS:
        rule = _number_rule(column)
    rule |= {"input_title": column.name[:32], "input_message": _prompt(column)}
    if rule["validate"] != "any":
        rule |= {"error_title": column.name[:32], "error_message": _error(column)}
    first = HEADER_ROW + 1
    sheet.data_validation(first, number, first + SPARE_ROWS - 1, number, rule)


def _error(column: Column) -> str:
    if column.kind in (CellKind.CHOICE, CellKind.REF, CellKind.DECISION, CellKind.ID):
        return "Choose from the list."
    words = {CellKind.YEAR: "a year such as 2028", CellKind.INTEGER: "a whole number"}
    bounds = []
    if column.range is not None and column.kind is not CellKind.YEAR:
        bounds = [f"at least {figure(column.range.low)}", f"at most {figure(column.range.high)}"]
    return f"Type {words.get(column.kind, 'a number')} {' and '.join(bounds)}".strip() + "."


def _number_rule(column: Column) -> dict[str, Any]:
    kind = "integer" if column.kind in (CellKind.INTEGER, CellKind.YEAR) else "decimal"
    assert column.range is not None, column.name
    low, high = column.range.low, column.range.high
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def _choice_lists() -> dict[str, tuple[str, ...]]:
    """Every list of choices by its defined name."""
    lists = {
        "list_decision": ("free", "forbid", "force"),
        "list_setting": tuple(column.name for column in SETTINGS),
    }
    for spec in SHEET.values():
        for column in spec.all_columns:
            if column.kind is CellKind.CHOICE:
                lists[_list_name(column.choices)] = column.choices
    return lists


def _list_name(choices: tuple[str, ...]) -> str:
    """A defined name of its own for every different list of choices."""
    known: dict[tuple[str, ...], str] = {}
    taken: set[str] = set()
    for spec in SHEET.values():
        for column in spec.all_columns:
            if column.kind is CellKind.CHOICE and column.choices not in known:
                name = f"list_{column.name}"
                known[column.choices] = (
                    name if name not in taken else f"list_{spec.name}_{column.name}"
                )
                taken.add(known[column.choices])
    return known[choices]


def _write_lists(book: _Book) -> None:
    """Choices stand here; ids are listed live from the sheets that define them."""
    sheet = book.file.add_worksheet("lists")
    sheet.write_string(0, 0, "Lists behind the drop-downs", book.formats["title"])
    sheet.write_string(1, 0, "Choices are fixed. Ids come from the sheets that define them.")
    for number, (name, choices) in enumerate(_choice_lists().items()):
        letter = address(1, number + 1)[:-1]
        sheet.write_string(HEADER_ROW, number, name, book.formats["bold"])
        sheet.write_column(HEADER_ROW + 1, number, choices)
        first, last = HEADER_ROW + 2, HEADER_ROW + 1 + len(choices)
        book.file.define_name(name, f"=lists!${letter}${first}:${letter}${last}")
    for name, letter in book.ids.items():
        first, last = HEADER_ROW + 2, HEADER_ROW + 1 + SPARE_ROWS
        area = f"{name}!${letter}${first}:${letter}${last}"
        book.file.define_name(
            f"list_{name}",
            f"={name}!${letter}${first}:INDEX({area},MAX(1,COUNTA({area})))",
        )
    sheet.set_column(0, len(_choice_lists()) - 1, 20)
    sheet.protect()
    _fit_page(sheet)
