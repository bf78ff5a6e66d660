"""The workbooks that are merged: their rows as they stand, beside what the reader makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opt.data.book import Book
from opt.data.reader import read
from opt.data.reading.cells import as_text
from opt.data.reading.grids import Grid, grids_of
from opt.data.reading.layout import year_of
from opt.data.reading.raw import CellValue
from opt.data.reading.workbook import read_raw
from opt.data.sheets.columns import Sheet
from opt.data.sheets.registry import SHEET
from opt.data.tables import Row
from opt.errors import InputError, Issue

Cells = dict[str, CellValue]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells by header, blank ones left out, and what the reader made of it."""

    cells: Cells
    row: Row

    def text(self, column: str) -> str:
        """What stands in a column, as text."""
        return as_text(self.cells.get(column)).strip()


@dataclass(frozen=True, slots=True)
class Part:
    """One workbook of several. `prefix` is put before ids that stand in another too; `minerals` are
    those of its commodities; `grids` are its sheets as they stand."""

    name: str
    prefix: str
    book: Book
    lines: Mapping[str, tuple[Line, ...]]
    minerals: tuple[str, ...]
    grids: Mapping[str, Grid]

    @property
    def own(self) -> Mapping[str, Grid]:
        """The sheets of the user's own."""
        return {name: grid for name, grid in self.grids.items() if name not in SHEET}

    def issue(self, row: Row, column: str | int, message: str, hint: str) -> Issue:
        """A fault at a cell of this workbook."""
        found = row.issue(column, message, hint)
        return Issue(f"[{self.name}]{found.sheet}", found.cell, found.value, message, hint)


def read_parts(paths: Sequence[str | Path]) -> tuple[Part, ...]:
    """The workbooks at some paths, each sound in itself.

    Raises InputError with the faults of all, each under the name of its file.
    """
    issues: list[Issue] = []
    books: list[tuple[Path, Book, Mapping[str, Grid]]] = []
    for path in map(Path, paths):
        try:
            tables = read(path)
            books.append((path, Book(tables), grids_of(read_raw(path, tables.files))))
        except InputError as error:
            issues += (
                Issue(f"[{path.name}]{i.sheet}", i.cell, i.value, i.message, i.hint)
                for i in error.issues
            )
    if issues:
        raise InputError(issues)
    prefixes = _prefixes([(path, _minerals(book)) for path, book, _ in books])
    return tuple(
        Part(
            name=path.name,
            prefix=prefix,
            book=book,
            lines={sheet: _lines(book, SHEET[sheet], grids.get(sheet, ())) for sheet in SHEET},
            minerals=_minerals(book),
            grids=grids,
        )
        for (path, book, grids), prefix in zip(books, prefixes, strict=True)
    )


def _minerals(book: Book) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.mineral for row in book.commodities.values() if row.mineral))


def _prefixes(parts: Iterable[tuple[Path, tuple[str, ...]]]) -> list[str]:
    """A prefix for each workbook: its mineral where it has one and no other has it, else the name
    of its file.

    Raises InputError where two files have the same name and mineral.
    """
    known = list(parts)
    of_minerals = [_word(minerals[0]) if len(minerals) == 1 else "" for _, minerals in known]
    found = [
        own if own and of_minerals.count(own) == 1 else _word(path.stem)
        for (path, _), own in zip(known, of_minerals, strict=True)
    ]
    for number, prefix in enumerate(found):
        if prefix in found[:number]:
            message = f"two of the workbooks would put '{prefix}_' before their ids."
            raise InputError([Issue(known[number][0].name, "", "", message, "Rename one file.")])
    return found


def _word(text: str) -> str:
    return re.sub(r"\W+", "_", text.strip().casefold()).strip("_")


def _lines(book: Book, sheet: Sheet, grid: Grid | tuple[()]) -> tuple[Line, ...]:
    """The rows of a sheet, headers of declared columns as they are declared."""
    if not grid:
        return ()
    rows = book.tables.rows[sheet.name]
    titles = [_title(sheet, as_text(title)) for title in grid[0]]
    lines = [dict(zip(titles, line, strict=True)) for line in grid[1:]]
    assert len(lines) == len(rows), (sheet.name, len(lines), len(rows))
    return tuple(
        Line({title: value for title, value in cells.items() if title and value is not None}, row)
        for cells, row in zip(lines, rows, strict=True)
    )


def _title(sheet: Sheet, title: str) -> str:
    declared = {column.name for column in sheet.all_columns}
    if title.strip().casefold() in declared:
        return title.strip().casefold()
    if sheet.years is not None:
        year = year_of(title, sheet.years.numbered)
        return title if year is None else sheet.years.title(year)
    return title


def grid_of(sheet: Sheet, lines: Iterable[Cells]) -> Grid:
    """Rows as a grid: declared columns that any row fills, years, what says where figures come
    from, and columns of the user's own."""
    rows = list(lines)
    used = dict.fromkeys(title for row in rows for title in row)
    declared, trace = ([c.name for c in columns] for columns in (sheet.columns, sheet.trace))
    numbered = sheet.years is not None and sheet.years.numbered
    years = {
        title: year
        for title in used
        if sheet.years is not None and title not in (*declared, *trace)
        for year in [year_of(title, numbered)]
        if year is not None
    }
    required = [column.name for column in sheet.columns if column.required]
    titles = [
        *(name for name in declared if name in used or name in required),
        *sorted(years, key=years.__getitem__),
        *(name for name in trace if name in used),
        *(title for title in used if title not in (*declared, *trace, *years)),
    ]
    return (tuple(titles), *(tuple(row.get(title) for title in titles) for row in rows))
