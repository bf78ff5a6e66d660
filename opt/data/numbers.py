"""Checks of the size of numbers: slips of the unit, told by what is usual and by like numbers.

They warn and refuse nothing: what is impossible is refused when the cell is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from statistics import median

from opt.data.book import PlantRow
from opt.data.check import PLANTS, check
from opt.data.inspection import Inspection
from opt.data.sheets.chain import FacilityRow
from opt.data.sheets.columns import Column, Sheet
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.ranges import Range
from opt.data.sheets.registry import ROWS, SETTINGS, SHEET
from opt.data.sheets.setup import SettingRow, setting_row
from opt.data.sheets.trade import PriceRow
from opt.data.tables import Row
from opt.data.timing import value_in
from opt.data.words import figure, plain, times
from opt.errors import Effect, Issue

# Like numbers of the shipped cases differ by up to 15; a slip between kt and t is a factor of 1000.
UNLIKE = 100
# What all plants make of a commodity was seen within 5 of its demand in the shipped cases.
APART = 300
FAR = 20  # years; outlooks to 2050 are given beside plans to 2035, and 2062 is 2026 mistyped
FEWEST = 3  # like numbers among which one can stand out

Compared = tuple[Row, str | int, float]  # a row, its column or year, and what is compared
PlantCompared = tuple[PlantRow, str | int, float]


@check("usual numbers")
def check_usual_numbers(book: Inspection) -> None:
    """Numbers of an unusual size."""
    for kind in ROWS:
        for row in book.rows(kind) if kind is not SettingRow else ():
            for column, place, number in _numbers(kind.SHEET, row):
                if column.range is not None and not column.range.is_usual(number):
                    subject = f"{row_name(row)} {_written(place, number)}"
                    _warn_unusual(book, row, place, (column, column.range, number), subject)


@check("years far off", "settings")
def check_years_far_off(book: Inspection) -> None:
    """No year from which numbers are interpolated lies far outside the plan."""
    for kind in (FacilityRow, DemandRow, PriceRow):
        told: set[int] = set()
        for row in book.rows(kind):
            for year in sorted(row.years.keys() - told):
                away = max(book.first - year, year - book.last)
                if away > FAR:
                    told.add(year)
                    _warn_far(book, row, year, away)


def _warn_far(book: Inspection, row: Row, year: int, away: int) -> None:
    plan = f"{book.first}-{book.last}"
    message = f"{year} lies {away} years outside the plan {plan}, and years between take from it."
    book.warn(
        row, year, message, "Mend the header of the column if it is mistyped.", effect=Effect.TAKEN
    )


@check("usual settings", "settings")
def check_usual_settings(book: Inspection) -> None:
    """Settings of an unusual size, in the sheet or given from outside."""
    for column in SETTINGS:
        number = book.tables.settings[column.name]
        if column.range is None or not isinstance(number, int | float):
            continue
        if not column.range.is_usual(number):
            row = setting_row(book.rows(SettingRow), column.name)
            cell = row.cell("value") if row is not None and row["value"] == number else ""
            message = f"{column.name}: {plain(number)} {unusual(column, column.range)}."
            book.log.warnings.append(
                Issue(
                    "settings",
                    cell,
                    plain(number),
                    message,
                    check_unit(column),
                    effect=Effect.TAKEN,
                )
            )


def _numbers(sheet: Sheet, row: Row) -> Iterator[tuple[Column, str | int, float]]:
    """The numbers typed in a row: their declaration, where they stand, and their values."""
    for column in sheet.columns:
        value = row[column.name]
        if column.name in row.given and isinstance(value, int | float):
            yield column, column.name, float(value)
    if sheet.years is not None:
        for year, amount in row.years.items():
            yield sheet.years.column(str(year), row.values), year, amount


def _warn_unusual(
    book: Inspection, row: Row, place: str | int, what: tuple[Column, Range, float], subject: str
) -> None:
    column, usual, number = what
    words = unusual(column, usual)
    named = "a year column" if isinstance(place, int) else f"column {place}"
    book.warn(
        row,
        place,
        f"{plain(number)} {words}.",
        check_unit(column),
        common=f"numbers in {named} that are {words.removeprefix('is ')}",
        subject=subject,
        effect=Effect.TAKEN,
    )


def unusual(column: Column, usual: Range) -> str:
    """What is said of a number of an unusual size: `is unusual: 0.1 to 15 years is usual`."""
    low, high = usual.usual
    unit = f" {column.unit}" if column.unit else ""
    return f"is unusual: {figure(low)} to {figure(high)}{unit} is usual"


def check_unit(column: Column) -> str:
    """The mend of a number of an unusual size: its unit, and which it is not."""
    slip = column.range.slip if column.range is not None else ""
    words = ", ".join(part for part in (column.unit, slip) if part)
    return f"Check the unit: {words}." if words else "Check the number."


def row_name(row: Row) -> str:
    """What names a row for a reader: its keys, or its number where the sheet has none."""
    keys = [text for key in SHEET[row.sheet].key if (text := row.text(key))]
    return " ".join(keys) or f"row {row.number}"


def _written(place: str | int, number: float) -> str:
    return f"{place} {plain(number)}" if isinstance(place, int) else plain(number)


@check("like numbers")
def check_like_numbers(book: Inspection) -> None:
    """Numbers a hundred times as large or as small as others of the same kind."""
    for kind in ROWS:
        if kind.SHEET.years is not None and not kind.SHEET.years.numbered:
            for row in book.rows(kind):
                _stand_out(book, [(row, t, a) for t, a in row.years.items()], "other years", 2)
    for like in _grouped(_intensities(book)):
        _stand_out(book, like, "other candidates' capex a unit of the same capacity")
    for like in _grouped((row, "opex", row.opex) for row in book.plants):
        _stand_out(book, like, "other plants' with the same processes")
    markets: dict[str, list[Compared]] = {}
    for price in book.rows(PriceRow):
        if price.years:
            first = min(price.years)
            markets.setdefault(price.commodity, []).append((price, first, price.years[first]))
    for like in markets.values():
        _stand_out(book, like, "the commodity's price in other markets")


def _intensities(book: Inspection) -> Iterator[PlantCompared]:
    """Capex of a unit of capacity of every candidate, at the cell of capex."""
    for row in book.rows(ProjectRow):
        size = row.capacity or row.capacity_max
        if size:
            sized = row.capex_per_unit * (0 if row.capacity else size)
            yield row, "capex", (row.capex + sized) / size


def _grouped(places: Iterable[PlantCompared]) -> Iterable[list[Compared]]:
    """Plants that run the same processes, their capacity in the same commodity."""
    groups: dict[tuple[frozenset[str], str], list[Compared]] = {}
    for row, column, number in places:
        key = (frozenset(row.processes), row.capacity_of)
        groups.setdefault(key, []).append((row, column, number))
    return groups.values()


def _stand_out(book: Inspection, places: list[Compared], others: str, fewest: int = FEWEST) -> None:
    """Warn of each number that is far from the middle one; of two, which may both be the wrong one,
    at the first. Numbers of an unusual size are warned of already and no measure of others."""
    found = [place for place in places if place[2] > 0 and _is_usual(place)]
    if len(found) < fewest:
        return
    middle = median(n for _, _, n in found) if len(found) > 2 else found[-1][2]
    for row, column, number in found:
        ratio = number / middle
        if 1 / UNLIKE < ratio < UNLIKE:
            continue
        often = f"{times(max(ratio, 1 / ratio))} times"
        size = "as much as" if ratio > 1 else "less than"
        book.warn(
            row,
            column,
            f"{_shown(row, column)}: that is {often} {size} {others}.",
            check_unit(_declared(row, column)),
            common=f"numbers {UNLIKE} or more times as much or as little as {others}",
            subject=f"{row_name(row)} {_shown(row, column)}",
            effect=Effect.TAKEN,
        )


def _declared(row: Row, column: str | int) -> Column:
    sheet = SHEET[row.sheet]
    if isinstance(column, str):
        return sheet.column(column)
    assert sheet.years is not None, row.sheet
    return sheet.years.column(str(column), row.values)


def _is_usual(place: Compared) -> bool:
    row, column, _ = place
    allowed = _declared(row, column).range
    number = row.years[column] if isinstance(column, int) else row.number_of(column)
    return allowed is None or allowed.is_usual(number)


def _shown(row: Row, column: str | int) -> str:
    if isinstance(column, int):
        return f"{column} {plain(row.years[column])}"
    return plain(row.number_of(column))


@check("capacity and demand", "settings", "demand", *PLANTS)
def check_capacity_and_demand(book: Inspection) -> None:
    """What all plants could make of a commodity is of the size of its demand."""
    most = _most_made(book)
    for commodity, rows in _demand_rows(book).items():
        asked = max(sum(value_in(row.years, t) for row in rows) for t in (book.first, book.last))
        made = most.get(commodity, 0.0)
        if not asked or not made or 1 / APART < made / asked < APART:
            continue
        often = times(max(made / asked, asked / made))
        size = "as much as" if made > asked else "less than"
        message = f"all plants and candidates could make {often} times {size} is asked of"
        row = rows[0]
        issue = row.issue("commodity", f"{message} {commodity}.")
        hint = "Check the units of capacity, recipes and demand: t is not kt."
        book.log.warnings.append(replace(issue, hint=hint, effect=Effect.TAKEN))


def _demand_rows(book: Inspection) -> Mapping[str, list[DemandRow]]:
    rows: dict[str, list[DemandRow]] = {}
    for row in book.rows(DemandRow):
        if row.years:
            rows.setdefault(row.commodity, []).append(row)
    return rows


def _most_made(book: Inspection) -> Mapping[str, float]:
    """The most of each commodity that all plants and one unit of every candidate could make."""
    total: dict[str, float] = {}
    for row in book.plants:
        sizes = [row.capacity, *row.years.values()]
        if isinstance(row, ProjectRow):
            sizes.append(row.capacity_max)
        size = max((s for s in sizes if s is not None), default=0.0)
        makes: dict[str, float] = {}
        for process in row.processes:
            recipe = book.recipe.get(process, {})
            activity = size / book.rate(row, process)
            for commodity, amount in recipe.items():
                makes[commodity] = max(makes.get(commodity, 0.0), activity * amount)
        for commodity, amount in makes.items():
            total[commodity] = total.get(commodity, 0.0) + amount
    return total
