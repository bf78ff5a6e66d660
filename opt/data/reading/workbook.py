"""A workbook as it stands in the file: raw cells with their addresses, no meaning yet.

Reads an .xlsx file or a folder of CSV files into the same shape. Opens files for reading only,
runs nothing that stands in them, and never writes.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from opt.data.reading.csv_text import CsvError, decoded, parsed
from opt.data.sheets.registry import SHEET
from opt.errors import InputError, Issue

CellValue = str | int | float | bool | datetime | date | None

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx encrypted with a password
_FORMULA = re.compile(rb"<f[ >/]")
_NOT_A_WORKBOOK = "this is not an Excel workbook."
_SAVE_AS = "Save it as .xlsx without a password."


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell that is not blank. A formula that was never calculated has no value."""

    value: CellValue
    address: str
    uncalculated: bool = False


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row that are not blank, by column number (the first is 1)."""

    number: int
    cells: Mapping[int, RawCell]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: its rows that are not blank, and what Excel says about them.

    `merged` are ranges such as `A5:B6`; `table` holds the first and last row of the sheet's Excel
    table where it has one.
    """

    name: str
    rows: tuple[RawRow, ...]
    hidden: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    table: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RawBook:
    """A whole workbook. `is_text` is True for CSV, where every value is text.

    `sha256` is of the file's bytes; of a folder, of the name and the bytes of all its CSV files in
    name order. `files` are these bytes by name, as they were when they were read.
    """

    path: Path
    sha256: str
    files: Mapping[str, bytes]
    sheets: tuple[RawSheet, ...]
    is_text: bool


def read_raw(path: str | Path, files: Mapping[str, bytes] | None = None) -> RawBook:
    """Read an .xlsx file or a folder of CSV files; InputError if it cannot be read at all.

    `files` are the bytes by name of what stands, or stood, at the path: nothing is opened then.
    """
    path = Path(path)
    if files is None:
        files = _files_of(path)
    if path.name in files:
        return _read_xlsx(path, files[path.name])
    return _read_folder(path, dict(sorted(files.items())))


def _files_of(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of the CSV files of a folder, by name."""
    if not path.is_dir():
        return {path.name: _bytes_of(path)}
    found = [file for file in path.iterdir() if _is_table(file.name)]
    if not found:
        raise _refuse(path, "this folder holds no CSV files.", "Name a folder with regions.csv ...")
    links = [_link_issue(file) for file in sorted(found) if file.is_symlink()]
    if links:
        raise InputError(links)
    return {file.name: _bytes_of(file) for file in found}


def _is_table(name: str) -> bool:
    """Whether a file of a folder is a table; what systems and programs leave beside is none."""
    return name.casefold().endswith(".csv") and not name.startswith((".", "~$"))


def _link_issue(file: Path) -> Issue:
    message = f"the file {file.name} is a link to {file.readlink()}."
    return Issue(file.stem, "", "", message, "Put the file itself there: no link is followed.")


def address(row: int, column: int) -> str:
    """The A1 address of a cell; rows and columns count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _refuse(path: Path, message: str, hint: str) -> InputError:
    return InputError([Issue(path.name, "", "", message, hint)])


def _bytes_of(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            # Reading a pipe would wait for ever.
            raise _refuse(path, "this is not a file with data in it.", "Name a file or a folder.")
        return path.read_bytes()
    except FileNotFoundError:
        hint = "Check the name and the folder."
        raise _refuse(path, "there is no such file or folder.", hint) from None
    except OSError as error:
        hint = "Close it in other programs and check that you may read it."
        raise _refuse(path, f"it cannot be opened ({error.strerror}).", hint) from None


def _rows(grid: Iterable[Sequence[CellValue]], lost: frozenset[str]) -> tuple[RawRow, ...]:
    rows = []
    for number, values in enumerate(grid, start=1):
        cells = {}
        for column, value in enumerate(values, start=1):
            where = address(number, column) if lost or not _is_blank(value) else ""
            if where in lost:
                cells[column] = RawCell(None, where, uncalculated=True)
            elif not _is_blank(value):
                cells[column] = RawCell(value, where)
        if cells:
            rows.append(RawRow(number, cells))
    return tuple(rows)


def _is_blank(value: CellValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read_folder(path: Path, contents: Mapping[str, bytes]) -> RawBook:
    digest = hashlib.sha256()
    sheets, issues = [], []
    for name, content in contents.items():
        stem = Path(name).stem
        digest.update(name.encode() + b"\0" + content)
        try:
            sheets.append(RawSheet(stem, _csv_rows(stem, content)))
        except CsvError as fault:
            issues.append((name, fault))
    if issues:
        raise InputError(_file_issues(path, issues))
    return RawBook(path, digest.hexdigest(), contents, tuple(sheets), is_text=True)


def _csv_rows(sheet: str, content: bytes) -> tuple[RawRow, ...]:
    spec = SHEET.get(sheet.strip().casefold())
    names = [column.name for column in spec.all_columns] if spec else []
    return _rows(parsed(decoded(content), names), frozenset())


def _file_issues(path: Path, faults: Sequence[tuple[str, CsvError]]) -> list[Issue]:
    """One issue a file; one for all files that are separated alike."""
    issues = []
    alike: dict[str, list[tuple[str, CsvError]]] = {}
    for name, fault in faults:
        alike.setdefault(fault.separator or name, []).append((name, fault))
    for found in alike.values():
        name, fault = found[0]
        if len(found) == 1:
            message = f"the file {name} {fault.message}"
            issues.append(Issue(Path(name).stem, "", "", message, fault.hint))
            continue
        what = fault.message.removeprefix("is ").removesuffix(".")
        message = f"{len(found)} files are {what} (first {name})."
        issues.append(Issue(path.name, "", "", message, fault.hint))
    return issues


def _read_xlsx(path: Path, content: bytes) -> RawBook:
    if content[:4] == _OLD_OFFICE:
        raise _refuse(path, "this is an old .xls file, or it has a password.", _SAVE_AS)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise _refuse(path, _NOT_A_WORKBOOK, "Name an .xlsx file or a folder of CSV files.")
    book = _load(path, content, values=True)
    lost = _uncalculated(path, content, book)
    sheets = tuple(_sheet(sheet, lost.get(sheet.title, frozenset())) for sheet in book.worksheets)
    digest = hashlib.sha256(content).hexdigest()
    return RawBook(path, digest, {path.name: content}, sheets, is_text=False)


def _load(path: Path, content: bytes, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unsupported decorations are of no concern to a reader
        try:
            return openpyxl.load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
        except Exception:  # openpyxl raises many kinds on files that are damaged or not Excel's
            hint = "Open it in Excel and save it as .xlsx."
            raise _refuse(path, _NOT_A_WORKBOOK, hint) from None


def _uncalculated(path: Path, content: bytes, book: Any) -> dict[str, frozenset[str]]:
    """Addresses of formulas without a stored value, by sheet. Looks only if there are formulas."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(_FORMULA.search(archive.read(name)) for name in parts):
            return {}
    lost = {}
    for sheet in _load(path, content, values=False).worksheets:
        values = book[sheet.title]
        lost[sheet.title] = frozenset(
            cell.coordinate
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and values[cell.coordinate].value is None
        )
    return lost


def _sheet(sheet: Any, lost: frozenset[str]) -> RawSheet:
    hidden = frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden)
    merged = tuple(sorted(str(area) for area in sheet.merged_cells.ranges))
    table = None
    for found in sheet.tables.values():
        first, last = (int(re.sub(r"\D", "", corner)) for corner in found.ref.split(":"))
        table = (first, last)
        break
    return RawSheet(
        sheet.title, _rows(sheet.iter_rows(values_only=True), lost), hidden, merged, table
    )
