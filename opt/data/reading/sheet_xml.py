"""One worksheet part: its cells as they stand in the file, one after another.

The XML is read as a stream and only what stands in it is walked, so time and memory follow the
cells that hold something, not the area they span.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opt.data.reading.dates import of_iso, of_serial
from opt.data.reading.package import NAMES, Package, PackageError
from opt.data.reading.raw import (
    CellValue,
    ErrorValue,
    RawCell,
    RawRow,
    RawSheet,
    RawTable,
    is_blank,
)

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_TRUE = ("1", "true", "on")
_INTEGER = re.compile(r"[+-]?\d{1,15}")
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Za-z]{0,3})(\d{0,7})")


@dataclass(frozen=True, slots=True)
class Context:
    """What a worksheet needs of the rest of its file.

    `texts` are the shared ones; `dated` the cell formats that show a day (False) or a time (True);
    `is_pending` says that stored values of formulas are still to be calculated.
    """

    texts: Sequence[str]
    dated: Mapping[str, bool]
    is_1904: bool
    is_pending: bool


def is_true(text: str) -> bool:
    """A truth value as XML spells it."""
    return text.strip().casefold() in _TRUE


def cell_text(text: str) -> str:
    """Text as a person sees it: characters written `_x0041_` as themselves. What XML cannot hold
    stays as it is written."""
    if "_x" in text:
        text = _ESCAPED.sub(_character, text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code in (9, 10, 13) or 32 <= code < 0xFFFE else match[0]


def area(reference: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row, last column of `A1:B6`, `A1`, `A:B` or `1:6`; None if it
    is no area."""
    first, _, last = reference.replace("$", "").strip().partition(":")
    corners = [_REFERENCE.fullmatch(corner) for corner in (first, last or first)]
    if not first or None in corners:
        return None
    (a, one), (b, two) = ((match[1], match[2]) for match in corners if match)
    rows = sorted((int(one or 1), int(two or LAST_ROW)))
    columns = sorted((_number(a) if a else 1, _number(b) if b else LAST_COLUMN))
    return rows[0], columns[0], rows[1], columns[1]


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def read_sheet(
    package: Package, part: str, name: str, tables: Sequence[RawTable], context: Context
) -> RawSheet:
    """The sheet of a worksheet part; PackageError if it cannot be read."""
    walk = _Walk(part, context)
    for _ in package.parse(part, walk.start, walk.end, walk.characters):
        pass
    rows = tuple(RawRow(n, cells) for n, cells in sorted(walk.rows.items()))
    return RawSheet(
        name,
        rows,
        frozenset(walk.hidden),
        tuple(sorted(walk.merged)),
        tuple(tables),
        frozenset(walk.pending),
    )


class _Walk:
    """Where the stream stands, and what was found so far."""

    def __init__(self, part: str, context: Context) -> None:
        self.part, self.context = part, context
        self.rows: dict[int, dict[int, RawCell]] = {}
        self.hidden: set[int] = set()
        self.merged: list[str] = []
        self.pending: set[tuple[int, int]] = set()
        self.depth = 0
        self.row = self.column = 0
        self.row_name = ""
        self.is_counted = self.is_hidden = False  # of the row: it has no number of its own
        self.columns: dict[str, int] = {}
        self.kind = self.style = ""
        self.value: list[str] = []  # text of the cell's own element v
        self.inline: list[str] = []  # text of the elements t in it
        self.is_in_cell = self.has_formula = self.has_value = False
        self.reads = ""  # the element whose text is being read
        self.phonetic = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = NAMES[name]
        self.depth += 1
        if self.depth == 1 and tag != "worksheet":
            raise PackageError(f"its part {self.part} is not a worksheet.")
        if tag == "c":
            self._open_cell(attributes)
        elif self.is_in_cell:
            self._open_within(tag)
        elif tag == "row":
            self._open_row(attributes)
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", "").replace("$", "").upper())

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r")
        self.is_counted = given is None
        self._move_to(self.row + 1 if given is None else self._whole(given, LAST_ROW))
        self.column = 0
        self.is_hidden = is_true(attributes.get("hidden", ""))

    def _move_to(self, row: int) -> None:
        self.row, self.row_name = row, str(row)

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self.is_in_cell, self.has_formula, self.has_value = True, False, False
        self.value.clear()
        self.inline.clear()
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        given = attributes.get("r")
        if given is None:
            self.column += 1
            return
        letters = given.rstrip("0123456789")
        if letters not in self.columns:
            corner = area(letters) if letters else None
            if corner is None or corner[1] > LAST_COLUMN:
                raise self._damaged(f"cell {given}")
            self.columns[letters] = corner[1]
        self.column = self.columns[letters]
        if given[len(letters) :] != self.row_name:
            if not self.is_counted:
                raise self._damaged(f"cell {given} in row {self.row}")
            self._move_to(self._whole(given[len(letters) :], LAST_ROW))

    def _open_within(self, tag: str) -> None:
        if tag == "v":
            self.reads, self.has_value = tag, True
        elif tag == "t" and not self.phonetic:
            self.reads = tag
        elif tag == "f":
            self.has_formula = True
        elif tag == "rPh":
            self.phonetic += 1

    def characters(self, text: str) -> None:
        if self.reads == "v":
            self.value.append(text)
        elif self.reads == "t":
            self.inline.append(text)

    def end(self, name: str) -> None:
        tag = NAMES[name]
        self.depth -= 1
        if not self.is_in_cell:
            return
        if tag == "c":
            self.is_in_cell = False
            self._close_cell()
        elif tag == self.reads:
            self.reads = ""
        elif tag == "rPh":
            self.phonetic -= 1

    def _close_cell(self) -> None:
        value = self._typed()
        # A formula whose text is "" has that as its value.
        is_calculated = not is_blank(value) or (self.kind == "str" and self.has_value)
        if self.has_formula and is_calculated and self.context.is_pending:
            self.pending.add((self.row, self.column))
        if is_blank(value):
            if is_calculated or not self.has_formula:
                return
            value = None
        cell = RawCell(value, self.row, self.column, uncalculated=value is None)
        self.rows.setdefault(self.row, {})[self.column] = cell
        if self.is_hidden:
            self.hidden.add(self.row)

    def _typed(self) -> CellValue:
        """The value of the cell that ends; None where it holds none."""
        if self.kind == "inlineStr" or (self.inline and not self.has_value):
            return cell_text("".join(self.inline or self.value))
        if self.kind == "str":
            return cell_text("".join(self.value))
        text = "".join(self.value).strip()
        return self._marked(text) if text else None

    def _marked(self, text: str) -> CellValue:
        """What text is by the mark of its cell; a number where it bears none."""
        if self.kind == "s":
            return self.context.texts[self._whole(text, len(self.context.texts) - 1)]
        if self.kind == "b":
            return is_true(text)
        if self.kind == "e":
            return ErrorValue(text)
        if self.kind == "d":
            return of_iso(text, self.context.is_1904) or text
        return self._numeric(text)

    def _numeric(self, text: str) -> CellValue:
        """A number, or a day where the cell's format shows one; other text as it stands."""
        if not _DECIMAL.fullmatch(text):
            return text
        number = int(text) if _INTEGER.fullmatch(text) else float(text)
        is_time = self.context.dated.get(self.style)
        if is_time is None or not abs(number) < 1e12:
            return number
        return of_serial(number, is_time, self.context.is_1904)

    def _whole(self, text: str, most: int) -> int:
        if not text.isdecimal() or len(text) > 9 or int(text) > most:
            raise self._damaged(text)
        return int(text)

    def _damaged(self, what: str) -> PackageError:
        return PackageError(f"its part {self.part} is damaged: {what}.")
