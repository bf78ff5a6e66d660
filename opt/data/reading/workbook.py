"""Opens a workbook: an .xlsx file or a folder of CSV files, as raw cells of the same shape.

Opens files for reading only, runs nothing that stands in them, and never writes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from opt.data.reading.package import PackageError
from opt.data.reading.raw import RawBook, RawCell, RawRow, RawSheet, is_blank
from opt.data.reading.spreadsheet import read_sheets
from opt.errors import InputError, Issue

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx encrypted with a password
_NOT_A_WORKBOOK = "this is not an Excel workbook."
_SAVE_AS = "Save it as .xlsx without a password."


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
    found = [file for file in path.iterdir() if file.suffix.lower() == ".csv"]
    if not found:
        raise _refuse(path, "this folder holds no CSV files.", "Name a folder with regions.csv ...")
    return {file.name: _bytes_of(file) for file in found}


def _refuse(path: Path, message: str, hint: str) -> InputError:
    return InputError([Issue(path.name, "", "", message, hint)])


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        hint = "Check the name and the folder."
        raise _refuse(path, "there is no such file or folder.", hint) from None
    except OSError as error:
        hint = "Close it in other programs and check that you may read it."
        raise _refuse(path, f"it cannot be opened ({error.strerror}).", hint) from None


def _rows(grid: Iterable[Sequence[str]]) -> tuple[RawRow, ...]:
    rows = []
    for number, values in enumerate(grid, start=1):
        cells = {
            column: RawCell(value, number, column)
            for column, value in enumerate(values, start=1)
            if not is_blank(value)
        }
        if cells:
            rows.append(RawRow(number, cells))
    return tuple(rows)


def _read_folder(path: Path, contents: Mapping[str, bytes]) -> RawBook:
    digest = hashlib.sha256()
    sheets, issues = [], []
    for name, content in contents.items():
        stem = Path(name).stem
        digest.update(name.encode() + b"\0" + content)
        try:
            sheets.append(RawSheet(stem, _csv_rows(content)))
        except (UnicodeDecodeError, csv.Error):
            message = f"the file {name} is not CSV text in UTF-8."
            issues.append(Issue(stem, "", "", message, "Save it as 'CSV UTF-8'."))
    if issues:
        raise InputError(issues)
    return RawBook(path, digest.hexdigest(), contents, tuple(sheets), is_text=True)


def _csv_rows(content: bytes) -> tuple[RawRow, ...]:
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise csv.Error("NUL")
    return _rows(csv.reader(io.StringIO(text, newline="")))


def _read_xlsx(path: Path, content: bytes) -> RawBook:
    if content[:4] == _OLD_OFFICE:
        raise _refuse(path, "this is an old .xls file, or it has a password.", _SAVE_AS)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise _refuse(path, _NOT_A_WORKBOOK, "Name an .xlsx file or a folder of CSV files.")
    try:
        sheets, issues = read_sheets(content)
    except PackageError as error:
        raise _refuse(path, error.message, error.hint) from None
    if issues:
        raise InputError(issues)
    digest = hashlib.sha256(content).hexdigest()
    return RawBook(path, digest, {path.name: content}, sheets, is_text=False)
