"""From a workbook to typed Tables, and every fault on the way.

Steps: raw cells, sheets and headers, typed rows, references and keys, cross checks. Each step goes
on past faults as far as sense allows, so that one pass reports them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from opt.data.reading.cells import type_cell
from opt.data.reading.dates import Dated
from opt.data.reading.decisions import with_decisions
from opt.data.reading.layout import HeadedSheet, caution_dates, find_tables
from opt.data.reading.log import Log
from opt.data.reading.raw import Addresses, RawBook, RawCell, RawRow, address
from opt.data.reading.references import resolve_references
from opt.data.reading.settings import Settings, read_settings, setting_column
from opt.data.reading.sums import adds_up
from opt.data.reading.variants import apply_variant
from opt.data.reading.workbook import read_raw
from opt.data.sheets.columns import CellKind, Column
from opt.data.sheets.registry import ROW, SHEET, SHEETS
from opt.data.tables import DefaultUsed, Row, Tables, Value
from opt.data.words import is_total, plain, printable
from opt.errors import Effect, InputError, Issue

TablesChecker = Callable[[Tables, frozenset[str], Log], None]

_TOTALS = "It is required; delete the row if it holds totals."
_LOOKED_AT = 20  # nameless rows of a sheet
_QUANTITIES = (CellKind.NUMBER, CellKind.SHARE, CellKind.INTEGER)


def read_typed(
    path: str | Path,
    check: TablesChecker,
    overrides: Mapping[str, str] | None = None,
    variant: str | None = None,
    files: Mapping[str, bytes] | None = None,
    *,
    decisions: Mapping[str, str] | None = None,
) -> Tables:
    """The typed tables of a workbook (.xlsx) or folder of CSV files.

    `check` looks at what was read as a whole, knowing the sheets whose silence says nothing, and
    adds to the log. `overrides` are settings given from outside, key to value as typed; `variant`
    names the cells of sheet variants that stand in for others. `files` are the bytes by name of
    what stood at the path: nothing is opened then. `decisions` stand in for column decision of
    sheet projects, by project. Raises InputError with all faults and warnings; warnings alone are
    handed on in the tables.
    """
    book = read_raw(path, files)
    log = Log()
    found = apply_variant(find_tables(book, log), variant, book.is_text, log)
    laid_out = len(log.issues)
    typed = {name: _Typist(table, book.is_text, log).rows() for name, table in found.items()}
    typed["projects"], decided = with_decisions(typed.get("projects", []), decisions or {}, log)
    settings = read_settings(typed.get("settings", []), overrides or {}, log)
    _report_empty(found, log)
    misread = frozenset(issue.sheet for issue in log.issues if not issue.cell)
    rows, broken = resolve_references(typed, misread, log)
    rows["plans"] = _sound_plans(typed.get("plans", ()), rows["plans"], laid_out, log)
    tables = _assemble(book, rows, settings)
    guessed = {"settings"} if settings.guessed else set()
    check(tables, misread | (broken - {"plans"}) | guessed, log)
    issues = sort_issues(_first_of_each_cell(log.issues))
    warnings = sort_issues(log.warnings)
    if issues:
        raise InputError(issues, warnings)
    faulty = {plan: sort_issues(found) for plan, found in log.plan_faults.items()}
    return replace(
        tables, warnings=warnings, variant=variant, plan_faults=faulty, decisions=decided
    )


def _sound_plans(
    typed: Sequence[Row], rows: Iterable[Row], laid_out: int, log: Log
) -> tuple[Row, ...]:
    """The rows of plans that could be read. Faults at cells of the others, of those noted since the
    sheets were laid out, refuse these plans alone."""
    plans = {row.number: row.text("plan") for row in typed}
    found = _first_of_each_cell(log.issues[laid_out:])
    del log.issues[laid_out:]
    for issue in found:
        number = int(re.sub(r"\D", "", issue.cell) or 0)
        plan = plans.get(number) if issue.sheet == "plans" else ""
        if plan:
            log.refuse_plan(plan, issue)
        else:
            log.issues.append(issue)
    return tuple(row for row in rows if row.text("plan").casefold() not in log.plan_faults)


def sort_issues(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Issues in the order of the sheets, then by row and column."""
    order = {sheet.name: number for number, sheet in enumerate(SHEETS)}

    def place(issue: Issue) -> tuple[object, ...]:
        letters = issue.cell.rstrip("0123456789")
        row = int(issue.cell[len(letters) :] or 0)
        return (order.get(issue.sheet, len(order)), issue.sheet, row, len(letters), letters)

    return tuple(sorted(issues, key=place))


def _first_of_each_cell(issues: Iterable[Issue]) -> list[Issue]:
    """A cell found faulty when read is not blamed again by the checks that use its guess."""
    first: dict[tuple[str, str] | Issue, Issue] = {}
    for issue in issues:
        first.setdefault((issue.sheet, issue.cell) if issue.cell else issue, issue)
    return list(first.values())


@dataclass(frozen=True, slots=True)
class _Typist:
    """Types the rows of one table.

    `spaced` gathers the cells whose spaces were dropped, `dated` those formatted as a date from
    which a year was read, `nameless` the rows whose key is blank. `places` are the column numbers
    of the table, years as text.
    """

    table: HeadedSheet
    is_text: bool
    log: Log
    spaced: list[str] = field(default_factory=list)
    dated: list[RawCell] = field(default_factory=list)
    nameless: list[int] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places.update({name: n for name, n in self.table.columns.items() if n})
        self.places.update({str(year): n for year, n in self.table.years.items()})

    def rows(self) -> list[Row]:
        """All rows, with faults noted and guesses in their place."""
        rows: list[Row] = []
        for raw in self.table.rows:
            row, blank = self._row(raw)
            if blank:
                self._report_blank(row, blank, raw, rows)
            rows.append(row)
        if self.spaced:
            count = len(self.spaced)
            cells = "1 cell" if count == 1 else f"{count} cells"
            message = (
                f"needless spaces or unseen marks in {cells} were ignored (first {self.spaced[0]})."
            )
            self.log.caution(self.table.sheet.name, self.spaced[0], message, effect=Effect.TAKEN)
        caution_dates(self.table.sheet.name, self.dated, self.log)
        return rows

    def _row(self, raw: RawRow) -> tuple[Row, list[str]]:
        """A row, and its required columns that are blank."""
        sheet, columns = self.table.sheet, self.table.columns
        cells = Addresses(self.places, raw.number)
        values: dict[str, Value] = {}
        given = set()
        blank = []
        for column in sheet.all_columns:
            declared = column
            if sheet.name == "settings" and column.name == "value":
                declared = setting_column(values["key"])
            cell = raw.cells.get(columns.get(column.name, 0))
            if cell:
                given.add(column.name)
                values[column.name] = self._value(cell, declared)
                continue
            values[column.name] = column.default
            if column.required and column.name in cells:
                blank.append(column.name)
        years = self._years(raw, values)
        row = ROW[sheet.name](sheet.name, raw.number, values, years, cells, frozenset(given))
        return row, blank

    def _report_blank(
        self, row: Row, blank: Sequence[str], raw: RawRow, above: Sequence[Row]
    ) -> None:
        """Report each blank cell, and whether the row seems to be one of totals."""
        sheet = self.table.sheet
        count = self._summed(row, above) if set(blank) & set(sheet.key) else 0
        summed = f"; the numbers of this row are the sum of {count} rows above" if count else ""
        hint = _TOTALS if count or _holds_total(raw) else "It is required."
        for name in blank:
            self.log.fault(sheet.name, row.cells[name], "", f"{name} is blank{summed}.", hint)
            summed = ""  # said once

    def _summed(self, row: Row, above: Sequence[Row]) -> int:
        """How many rows above add up to a row; looked for in the first nameless rows alone, since
        each look walks the sheet."""
        self.nameless.append(row.number)
        if len(self.nameless) > _LOOKED_AT:
            return 0
        return adds_up(_numbers(row), [_numbers(other) for other in above])

    def _value(self, cell: RawCell, column: Column) -> Value:
        typed = type_cell(cell, column, self.is_text)
        if isinstance(cell.value, Dated) and column.kind is CellKind.YEAR and not typed.message:
            self.dated.append(cell)
        if typed.message:
            name, shown = self.table.sheet.name, _shown(cell.value)
            self.log.fault(name, cell.address, shown, typed.message, typed.hint)
        elif typed.tidied:
            self.spaced.append(cell.address)
        return column.default if typed.value is None else typed.value

    def _years(self, raw: RawRow, values: Mapping[str, Value]) -> dict[int, float]:
        block = self.table.sheet.years
        if block is None:
            return {}
        column = block.column("year", values)
        filled = [year for year, n in sorted(self.table.years.items()) if n in raw.cells]
        years: dict[int, float] = {}
        for year in filled:
            value = self._value(raw.cells[self.table.years[year]], column)
            if isinstance(value, int | float):
                years[year] = float(value)
        if block.numbered and filled:
            self._report_gap(raw, filled)
        elif block.required and not filled and self.table.years:
            where = address(raw.number, min(self.table.years.values()))
            self.log.fault(self.table.sheet.name, where, "", "no year has a value.", "Fill one.")
        return years

    def _report_gap(self, raw: RawRow, filled: list[int]) -> None:
        for year in range(1, max(filled)):
            if year not in filled:
                where = address(raw.number, self.table.years.get(year, 1))
                message = f"year_{year} is blank, but year_{max(filled)} is given."
                hint = "Fill every year up to the last."
                self.log.fault(self.table.sheet.name, where, "", message, hint)
                return


def _holds_total(raw: RawRow) -> bool:
    return any(isinstance(cell.value, str) and is_total(cell.value) for cell in raw.cells.values())


def _numbers(row: Row) -> dict[str | int, float]:
    """What a reader would add up: the quantities of a row and its years."""
    found: dict[str | int, float] = {}
    for year, number in row.years.items():
        found[year] = number
    for name in row.given:
        value = row[name]
        if isinstance(value, int | float) and SHEET[row.sheet].column(name).kind in _QUANTITIES:
            found[name] = value
    return found


def _shown(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(value)
    return "" if value is None else str(value)


def _report_empty(found: Mapping[str, HeadedSheet], log: Log) -> None:
    for name, table in found.items():
        if table.sheet.required and not table.rows:
            log.fault(name, "", "", "this sheet has no rows.", "It needs at least one.")


def _assemble(book: RawBook, rows: Mapping[str, tuple[Row, ...]], settings: Settings) -> Tables:
    whole = {sheet.name: rows.get(sheet.name, ()) for sheet in SHEETS}
    name = printable(book.path.resolve().name if book.is_text else book.path.stem)
    defaults = settings.defaults + tuple(_defaults(whole))
    return Tables(name, book.path, book.sha256, book.files, settings.values, whole, (), defaults)


def _defaults(rows: Mapping[str, tuple[Row, ...]]) -> Iterable[DefaultUsed]:
    for name, sheet_rows in rows.items():
        for column in SHEET[name].all_columns:
            if column.default in (None, ""):
                continue
            count = sum(column.name not in row.given for row in sheet_rows)
            if count:
                yield DefaultUsed(name, column.name, str(column.default), count)
