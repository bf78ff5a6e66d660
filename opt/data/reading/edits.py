"""Where two editions of a workbook differ, and the old one with some of the differences.

A row is told by what names it; of rows of one name by their order. A setting is what held, wherever
it was given.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from opt.data.reading.row_ids import row_id
from opt.data.sheets.registry import SHEET, SHEETS
from opt.data.tables import Row, Tables
from opt.data.words import plain

PRESENT = "the row"
SETTINGS = "settings"
Place = tuple[str, int]  # the id of a row, and which of those of that id


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One difference: the cell of a row, or the whole row where `column` is blank, with what stands
    there before and after as a user reads it (blank: nothing)."""

    sheet: str
    place: Place
    column: str
    before: str
    after: str


def edits(before: Tables, after: Tables) -> Iterator[Edit]:
    """Every difference, settings first, then sheet by sheet, row by row."""
    for key in sorted(before.settings.keys() | after.settings.keys()):
        pair = _text(before.settings.get(key)), _text(after.settings.get(key))
        if pair[0] != pair[1]:
            yield Edit(SETTINGS, (key, 0), "value", *pair)
    for sheet in SHEETS:
        if sheet.name != SETTINGS:
            yield from _in_sheet(sheet.name, before, after)


def _in_sheet(sheet: str, before: Tables, after: Tables) -> Iterator[Edit]:
    old, new = _rows(before, sheet), _rows(after, sheet)
    for place in chain(old, (place for place in new if place not in old)):
        if place not in old or place not in new:
            there = (PRESENT if place in old else "", PRESENT if place in new else "")
            yield Edit(sheet, place, "", *there)
            continue
        was, now = _cells_of(old[place]), _cells_of(new[place])
        for column in dict.fromkeys((*was, *now)):
            pair = was.get(column, ""), now.get(column, "")
            if pair[0] != pair[1]:
                yield Edit(sheet, place, column, *pair)


def edited(before: Tables, after: Tables, some: Collection[Edit]) -> Tables:
    """The old tables with some of the differences; rows that are new stand at the end of their
    sheets. Whether they are sound with them is not asked."""
    settings = dict(before.settings)
    by_sheet: dict[str, dict[Place, list[Edit]]] = defaultdict(lambda: defaultdict(list))
    for edit in some:
        if edit.sheet == SETTINGS:
            settings[edit.place[0]] = after.settings[edit.place[0]]
        else:
            by_sheet[edit.sheet][edit.place].append(edit)
    rows = dict(before.rows)
    for sheet, changes in by_sheet.items():
        rows[sheet] = tuple(_edited_rows(sheet, before, after, changes))
    return dataclasses.replace(before, rows=rows, settings=settings)


def _edited_rows(
    sheet: str, before: Tables, after: Tables, changes: Mapping[Place, list[Edit]]
) -> Iterator[Row]:
    old, new = _rows(before, sheet), _rows(after, sheet)
    for place, row in old.items():
        if place not in changes:
            yield row
        elif place in new:
            columns = [edit.column for edit in changes[place]]
            yield _with_columns(row, new[place], columns)
    last = max((row.number for row in old.values()), default=1)
    added = [place for place in new if place not in old and place in changes]
    for number, place in enumerate(added, start=last + 1):
        yield dataclasses.replace(new[place], number=number)


def _with_columns(row: Row, other: Row, columns: Collection[str]) -> Row:
    """A row with some columns as another has them."""
    values, years, given = dict(row.values), dict(row.years), set(row.given)
    for column in columns:
        if column in values:
            values[column] = other.values[column]
            given = given | {column} if column in other.given else given - {column}
        elif int(column) in other.years:
            years[int(column)] = other.years[int(column)]
        else:
            years.pop(int(column), None)
    return dataclasses.replace(row, values=values, years=years, given=frozenset(given))


def _rows(tables: Tables, sheet: str) -> dict[Place, Row]:
    """The rows of a sheet by what names them; those of one name in their order."""
    found: dict[Place, Row] = {}
    for row in tables.rows[sheet]:
        own = row_id(row.text(c) if c in row.given else "" for c in SHEET[sheet].named_by)
        n = 0
        while (own, n) in found:
            n += 1
        found[own, n] = row
    return found


def _cells_of(row: Row) -> dict[str, str]:
    """What stands in a row by column, years among them."""
    found = {column: _text(value) for column, value in row.values.items()}
    return found | {str(year): _text(value) for year, value in row.years.items()}


def _text(value: object) -> str:
    """A cell as a user reads it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return plain(value) if isinstance(value, int | float) else str(value)
