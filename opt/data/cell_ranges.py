"""Ranges: how far a figure may lie from what stands in its cell, for studies that vary it.

A solve takes the figure itself. A range is checked as its cell is: both ends could stand there, and
the figure lies between them.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from opt.data.book import Book
from opt.data.check import check
from opt.data.grades import grade_of
from opt.data.inspection import Inspection
from opt.data.numbers import check_unit, unusual
from opt.data.reading.cells import type_cell
from opt.data.reading.layout import year_of
from opt.data.reading.raw import RawCell
from opt.data.reading.row_ids import missed_row, row_id
from opt.data.sheets.cell_ranges import CellRangeRow
from opt.data.sheets.columns import CellKind, Column
from opt.data.sheets.projects import ProjectRow, SpendRow
from opt.data.sheets.registry import SETTING, SHEET, SHEETS
from opt.data.tables import Row, Tables
from opt.data.words import did_you_mean, plain, tidy
from opt.errors import Effect

# Sheets of what is asked, compared or told; none says what the world is.
_NO_FIGURES = ("variants", "ranges", "plans", "calibration", "sources")
# Settings that say something of the world; the others say what is asked and how it is searched.
_OF_THE_WORLD = ("discount_rate", "public_share")
_NUMBERS = (CellKind.NUMBER, CellKind.SHARE, CellKind.INTEGER, CellKind.YEAR, CellKind.SURPLUS)
_ENDS = ("low", "high")


@dataclass(frozen=True, slots=True)
class CellRange:
    """The range of one cell: its sheet, the id of its row, its column (a year of a block of years
    as a number); its value and what it may be at least and at most, in the unit of the cell; the
    grade of the range."""

    sheet: str
    row: str
    column: str | int
    value: float
    low: float
    high: float
    grade: str

    @property
    def is_whole(self) -> bool:
        """Whether the cell holds whole numbers alone."""
        if isinstance(self.column, int):
            return False
        return SHEET[self.sheet].column(self.column).kind in (CellKind.INTEGER, CellKind.YEAR)


@dataclass(frozen=True, slots=True)
class CapitalCell:
    """A cell of sheet projects that holds capital cost: `musd` is what this chain must carry of it
    with every unit built, at its largest."""

    project: str
    column: str
    cell: str
    musd: float

    @property
    def where(self) -> str:
        """The cell as the user writes it."""
        return f"projects!{self.cell}"


class _CellError(Exception):
    """What is wrong with one column of a row of the sheet, and the mend."""

    def __init__(self, column: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


@dataclass(frozen=True)
class _Finder:
    """Finds the cells that rows of the sheet name."""

    tables: Tables

    @cached_property
    def _rows(self) -> dict[str, dict[str, list[Row]]]:
        """The rows of every sheet by their ids."""
        found: dict[str, dict[str, list[Row]]] = {}
        for name, rows in self.tables.rows.items():
            ids = found.setdefault(name, defaultdict(list))
            for row in rows:
                parts = [row.text(c) if c in row.given else "" for c in SHEET[name].named_by]
                ids[row_id(parts)].append(row)
        return found

    def find(self, given: CellRangeRow) -> tuple[Row, str | int, Column]:
        """The row, the column and the declaration of the cell."""
        row = self._row(given)
        column, declared = _column(row, given.column)
        if isinstance(row, SpendRow):
            message = "the shares of a spend profile sum to 1, so none varies alone."
            raise _CellError("sheet", message, "Give the range to capex or lead_time.")
        return row, column, declared

    def _row(self, given: CellRangeRow) -> Row:
        name = given.in_sheet.casefold()
        if name not in self._rows:
            message = f"'{given.in_sheet}' is not a sheet of the workbook."
            raise _CellError("sheet", message, did_you_mean(name, self._rows))
        if name in _NO_FIGURES:
            message = f"sheet {name} says nothing of the world that a study could vary."
            raise _CellError("sheet", message, "Delete the row.")
        rows = self._rows[name].get(row_id([given.row]), [])
        if len(rows) != 1:
            numbers = [row.number for row in rows]
            missed = missed_row(SHEET[name], given.row, self._rows[name], numbers)
            raise _CellError("row", *missed)
        return rows[0]


def _column(row: Row, name: str) -> tuple[str | int, Column]:
    """The column of a row that a name means, and what its cell can hold."""
    sheet = SHEET[row.sheet]
    if sheet.years is not None:
        year = year_of(tidy(name), sheet.years.numbered)
        if year is not None:
            return year, sheet.years.column(str(year), row.values)
    by_name = {column.name: column for column in sheet.columns}
    column = by_name.get(name.casefold())
    if column is None:
        hint = did_you_mean(name, by_name, "Name one of its columns, or a year.")
        raise _CellError("column", f"sheet {sheet.name} has no column '{name}'.", hint)
    if sheet.name == "settings" and column.name == "value":
        return column.name, _of_setting(row)
    return column.name, _numeric(column)


def _numeric(column: Column) -> Column:
    if column.kind not in _NUMBERS:
        raise _CellError("column", f"column {column.name} holds no number.", "Name one that does.")
    return column


def _of_setting(row: Row) -> Column:
    key = row.text("key").casefold()
    if key not in _OF_THE_WORLD:
        message = f"setting {key} says nothing of the world that a study could vary."
        raise _CellError("row", message, f"A range may be of {' or '.join(_OF_THE_WORLD)}.")
    return SETTING[key]


def _value(row: Row, column: str | int) -> float | None:
    """The number of a cell; None where it is blank or holds none."""
    value = row.years.get(column) if isinstance(column, int) else row[column]
    return float(value) if isinstance(value, int | float) else None


def cell_ranges(tables: Tables) -> tuple[CellRange, ...]:
    """The ranges of sound tables, in the order of the sheet."""
    finder, found = _Finder(tables), []
    for given in Book(tables).rows(CellRangeRow):
        row, column, _ = finder.find(given)
        value = _value(row, column)
        assert value is not None, given
        ends = (value, given.low, given.high)
        found.append(CellRange(row.sheet, row_id([given.row]), column, *ends, grade_of(given)))
    return tuple(found)


def with_value(tables: Tables, of: CellRange, value: float) -> Tables:
    """The tables with another value in the cell of a range; whether they are sound with it is for
    the checks to say.

    Raises ValueError where the value lies outside the range, or is not whole and the cell's are.
    """
    if not of.low <= value <= of.high:
        message = f"{plain(value)} is outside {plain(of.low)} to {plain(of.high)}"
        raise ValueError(f"{of.sheet} {of.row} {of.column}: {message}")
    if of.is_whole and value != int(value):
        raise ValueError(f"{of.sheet} {of.row} {of.column}: {plain(value)} is not a whole number")
    rows = [_changed(row, of, value) if _is_of(row, of) else row for row in tables.rows[of.sheet]]
    settings = tables.settings
    if of.sheet == "settings":
        settings = {**settings, of.row: value}
    changed = {**tables.rows, of.sheet: tuple(rows)}
    return dataclasses.replace(tables, rows=changed, settings=settings)


def _is_of(row: Row, of: CellRange) -> bool:
    names = SHEET[row.sheet].named_by
    return row_id(row.text(c) if c in row.given else "" for c in names) == of.row


def _changed(row: Row, of: CellRange, value: float) -> Row:
    if isinstance(of.column, int):
        return dataclasses.replace(row, years={**row.years, of.column: value})
    values = {**row.values, of.column: int(value) if of.is_whole else value}
    return dataclasses.replace(row, values=values, given=row.given | {of.column})


def capital_without_range(tables: Tables) -> tuple[CapitalCell, ...]:
    """The cells of capital cost that have no range, those that carry most first."""
    ranged = {(r.row, r.column) for r in cell_ranges(tables) if r.sheet == "projects"}
    found = [
        cell
        for cell in capital_cells(tables)
        if (row_id([cell.project]), cell.column) not in ranged
    ]
    return tuple(sorted(found, key=lambda cell: (-cell.musd, cell.project, cell.column)))


def capital_cells(tables: Tables) -> tuple[CapitalCell, ...]:
    """The cells of sheet projects that carry capital cost, in the order of the sheet."""
    return tuple(
        CapitalCell(row.project, column, row.cell(column), musd)
        for row in Book(tables).rows(ProjectRow)
        for column, musd in _capital(row)
        if musd > 0
    )


def _capital(row: ProjectRow) -> Iterator[tuple[str, float]]:
    """What the columns of a project hold of its capital with every unit built, at its largest."""
    sized = row.capex_per_unit * (row.capacity_max or 0.0)
    yield "capex", row.carried(row.capex) * row.max_units
    yield "capex_per_unit", row.carried(sized) * row.max_units


@check("ranges", *(sheet.name for sheet in SHEETS))
def check_cell_ranges(book: Inspection) -> None:
    """A range is of one number, which lies in it, and both of its ends could stand there."""
    finder = _Finder(book.tables)
    faulty = {(issue.sheet, issue.cell) for issue in book.log.issues}
    first: dict[tuple[str, int, str | int], CellRangeRow] = {}
    for given in book.rows(CellRangeRow):
        try:
            row, column, declared = finder.find(given)
            if (row.sheet, row.cell(column)) not in faulty:
                _check_ends(book, given, (row, column, declared))
        except _CellError as fault:
            book.fault(given, fault.column, fault.message, fault.hint)
            continue
        other = first.setdefault((row.sheet, row.number, column), given)
        if other is not given:
            message = f"its cell has a range already (see {other.cell('sheet')})."
            book.fault(given, "sheet", message, "Keep one.")


def _check_ends(book: Inspection, given: CellRangeRow, cell: tuple[Row, str | int, Column]) -> None:
    row, column, declared = cell
    where = f"{row.sheet}!{row.cell(column)}"
    value = _value(row, column)
    if value is None:
        held = row[column] if isinstance(column, str) else None
        stands = "is blank" if held is None else f"holds '{held}'"
        message = f"the cell that it is of, {where}, {stands}."
        raise _CellError("column", message, "Type a number there, or delete the row.")
    keeps_sign = row.sheet == "recipes"
    sound = [_is_sound(book, given, end, value, declared, keeps_sign=keeps_sign) for end in _ENDS]
    if all(sound):
        _check_order(book, given, value, where)


def _is_sound(
    book: Inspection,
    given: CellRangeRow,
    end: str,
    value: float,
    declared: Column,
    *,
    keeps_sign: bool,
) -> bool:
    """Whether an end could stand in the cell; of a recipe it keeps the sign, which says what is
    made and what is used. Notes where it could not, and where its size is not usual and that of the
    figure is."""
    number = given.low if end == "low" else given.high
    typed = type_cell(RawCell(number), declared, False)
    if typed.message:
        book.fault(given, end, typed.message, typed.hint)
    elif keeps_sign and number * value <= 0:
        message = f"{plain(number)} has not the sign of the amount, {plain(value)}."
        book.fault(given, end, message, "What is used cannot become what is made, nor nothing.")
    else:
        usual = declared.range
        if usual is not None and usual.is_usual(value) and not usual.is_usual(number):
            message = f"{plain(number)} {unusual(declared, usual)}."
            book.warn(given, end, message, check_unit(declared), effect=Effect.STUDIED)
        return True
    return False


def _check_order(book: Inspection, given: CellRangeRow, value: float, where: str) -> None:
    low, high = given.low, given.high
    if low > high:
        book.fault(given, "low", f"low {plain(low)} is above high {plain(high)}.", "Mend one.")
    elif not low <= value <= high:
        end = "low" if value < low else "high"
        message = f"{plain(value)} in {where} does not lie in {plain(low)} to {plain(high)}."
        book.fault(given, end, message, "Mend the range or the figure.")
    elif low == high:
        message = "low and high are the same, so nothing varies."
        book.warn(given, "low", message, "Mend one, or delete the row.", effect=Effect.STUDIED)
