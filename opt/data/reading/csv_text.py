"""Text of CSV files: read strictly, by line where it cannot be; written so that nothing in it is
lost or run.

A spreadsheet runs a cell that begins with = + - @, a tab or a carriage return as a formula. Such
text is written behind an apostrophe, which reading takes away again; numbers stay as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_YEAR = re.compile(r"[0-9]{4}|year_[0-9]+")
_QUOTED = re.compile(r'[,"\r\n]')
_QUOTED_CELL = re.compile(r'(\A|[,\r\n])"[^"]*(?:""[^"]*)*"(?=[,\r\n]|\Z)')
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST = 2**31 - 1  # of a cell; the csv module stops at 131,072
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_LOOKED_AT = 10  # lines in which a header may stand


class CsvError(Exception):
    """Text that is not CSV with commas: what is wrong, and the mend.

    `separator` is the one in use, where that alone is wrong.
    """

    def __init__(self, message: str, hint: str, separator: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.separator = message, hint, separator


def decoded(content: bytes) -> str:
    """The text of a CSV file. Raises CsvError where it is not UTF-8."""
    hint = "Save it as 'CSV UTF-8'."
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CsvError("is not CSV text in UTF-8.", hint) from None
    if "\0" in text:
        raise CsvError("is not CSV text in UTF-8.", hint)
    return text


def parsed(text: str, names: Iterable[str] = ()) -> list[list[str]]:
    """The cells of each line; apostrophes before formulas are taken away.

    `names` are the columns that may stand in its header. Raises CsvError where a quotation mark is
    never closed or closes too early, and where another separator than the comma is in use.
    """
    _refuse_separator(text, {name.casefold() for name in names})
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    begun = 1
    try:
        for cells in reader:
            rows.append([as_meant(cell) for cell in cells])
            begun = reader.line_num + 1
    except csv.Error as fault:
        hint = "Close it, or write a quotation mark inside a cell twice."
        if "unexpected end" in str(fault):
            message = f"has a quotation mark in line {begun} that is never closed."
        else:
            message = f"has a quotation mark in line {begun} that closes inside a cell."
            if reader.line_num > begun:
                message = f"{message[:-1]} (line {reader.line_num})."
        raise CsvError(message, hint) from None
    return rows


def bare_quotes(text: str) -> list[tuple[int, int]]:
    """The row and column, from 1, of each cell of text that `parsed` takes with a quotation mark
    in it that is not itself in quotation marks."""
    bare = _QUOTED_CELL.sub(r"\1", text)
    if '"' not in bare:
        return []
    return [
        (row, column)
        for row, line in enumerate(_LINE_END.split(bare), start=1)
        for column, cell in enumerate(line.split(","), start=1)
        if '"' in cell
    ]


def _refuse_separator(text: str, names: set[str]) -> None:
    """CsvError where the header is separated otherwise than by commas."""
    lines = text[:100_000].splitlines()[:_LOOKED_AT]
    if any(len(_named(line, ",", names)) > 1 for line in lines):
        return
    for separator, word in _SEPARATORS.items():
        if any(len(_named(line, separator, names)) > 1 for line in lines):
            message = f"is separated by {word}."
            hint = "Save it with commas between cells and points in numbers ('CSV UTF-8')."
            raise CsvError(message, hint, separator)


def _named(line: str, separator: str, names: set[str]) -> set[str]:
    cells = {cell.strip(' "').casefold() for cell in line.split(separator)}
    return {cell for cell in cells if cell in names or (names and _YEAR.fullmatch(cell))}


def line_of(cells: Sequence[str]) -> str:
    """A line of CSV that `parsed` reads as these cells, with its line feed."""
    if len(cells) == 1 and not cells[0]:
        return '""\n'  # a line without a letter is no row
    return ",".join(_quoted(without_formula(cell)) for cell in cells) + "\n"


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if _QUOTED.search(text) else text


def _is_formula(text: str) -> bool:
    """Whether a text, or what stands behind its apostrophes, would be run as a formula."""
    found = _FORMULA.match(text)
    return found is not None and not _NUMBER.fullmatch(text.lstrip("'"))


def without_formula(text: str) -> str:
    """A text as it is written: behind an apostrophe where a spreadsheet would run it."""
    return f"'{text}" if _is_formula(text) else text


def as_meant(text: str) -> str:
    """A text as it was before `without_formula`."""
    return text[1:] if text.startswith("'") and _is_formula(text) else text
