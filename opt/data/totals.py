"""Rows of totals among rows of data: what is added up a second time is warned of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.reading.sums import adds_up
from opt.data.sheets.chain import CommodityRow, FacilityRow, ProcessRow
from opt.data.sheets.declare import SheetRow
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.setup import RegionRow
from opt.data.sheets.stock import StockpileRow
from opt.data.words import is_total, means_total, plain
from opt.errors import Effect

FEWEST_ALIKE = 3  # rows whose only number adds up to another by more than chance

# The columns of each sheet that a reader would add up, none where a row of totals has its name
# alone; year columns besides.
_ADDED: tuple[tuple[type[SheetRow], tuple[str, ...]], ...] = (
    (RegionRow, ()),
    (CommodityRow, ()),
    (ProcessRow, ()),
    (FacilityRow, ("capacity",)),
    (ProjectRow, ("capacity", "capex")),
    (ProgrammeRow, ("amount",)),
    (StockpileRow, ("initial", "capacity")),
)


@check("totals")
def check_totals(book: Inspection) -> None:
    """No row of a sheet adds up the rows above it."""
    for kind, columns in _ADDED:
        rows = book.rows(kind)
        for number, row in enumerate(rows):
            _check_row(book, row, rows[:number], columns, is_last=number == len(rows) - 1)


@check("totals of demand")
def check_demand_totals(book: Inspection) -> None:
    """No row of demand adds up other segments or other regions of a commodity."""
    segments: dict[tuple[str, str], list[DemandRow]] = {}
    regions: dict[tuple[str, str], list[DemandRow]] = {}
    for row in book.rows(DemandRow):
        segments.setdefault((row.region, row.commodity), []).append(row)
        regions.setdefault((row.commodity, row.segment), []).append(row)
    told = set()
    for rows in segments.values():
        for row in rows:
            if means_total(row.segment) and len(rows) > 1:
                told.add(row.number)
                others = [other for other in rows if other is not row]
                _warn(book, row, "segment", _adds_up(row, others, ()))
    for column, groups in (("segment", segments), ("region", regions)):
        for *others, row in groups.values():
            count = _adds_up(row, others, ())
            telling = count == len(others) > 0 and _is_telling(row, others, ())
            if telling and row.number not in told:
                told.add(row.number)
                _warn(book, row, column, count)


def _check_row(
    book: Inspection,
    row: SheetRow,
    above: Sequence[SheetRow],
    columns: tuple[str, ...],
    *,
    is_last: bool,
) -> None:
    key = row.SHEET.key[0]
    named = [column for column in (key, "name") if column in row.values]
    is_named = any(is_total(row.text(column)) for column in named)
    if not (is_named or is_last):
        return  # most rows: nothing to add up
    count = _adds_up(row, above, columns)
    whole = any(means_total(row.text(column)) for column in named)
    if whole or (is_named and count) or (count and _is_telling(row, above[-count:], columns)):
        _warn(book, row, key, count)


def _warn(book: Inspection, row: SheetRow, column: str, count: int) -> None:
    name = row.text(column) or "this row"
    what = f"its numbers are the sum of {count} other rows" if count else "its name says so"
    message = f"'{name}' looks like a row of totals ({what}), but is read like any other row."
    book.warn(
        row, column, message, "Delete the row, or rename it if it is meant.", effect=Effect.TAKEN
    )


def _numbers(row: SheetRow, columns: Iterable[str]) -> dict[str | int, float]:
    found: dict[str | int, float] = {}
    for column in columns:
        given = row.optional(column)
        if column in row.given and given is not None:
            found[column] = given
    for year, number in row.years.items():
        found[year] = number
    return found


def _adds_up(row: SheetRow, others: Sequence[SheetRow], columns: tuple[str, ...]) -> int:
    """How many of the last of the others add up to a row; 0 where none do."""
    return adds_up(_numbers(row, columns), [_numbers(other, columns) for other in others])


def _is_telling(row: SheetRow, others: Sequence[SheetRow], columns: tuple[str, ...]) -> bool:
    """Whether a sum is more than chance: of several different numbers, or of many rows."""
    different = {plain(number) for number in _numbers(row, columns).values() if number}
    return len(different) > 1 or len(others) >= FEWEST_ALIKE
