"""Opens a workbook: an .xlsx file or a folder of CSV files, as raw cells of the same shape.

Opens files for reading only, runs nothing that stands in them, and never writes.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from opt.data.reading.csv_text import CsvError, bare_quotes, decoded, parsed
from opt.data.reading.package import PackageError
from opt.data.reading.raw import RawBook, RawCell, RawRow, RawSheet, is_blank
from opt.data.reading.spreadsheet import read_sheets
from opt.data.sheets.registry import SHEET
from opt.disk.place import work_of
from opt.errors import InputError, Issue

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx encrypted with a password
_ZIP = b"PK\x03\x04"
_NOT_A_WORKBOOK = "this is not an Excel workbook."
_RUN = "run.json"  # what a finished run has and no workbook
_SAVE_AS = "Save it as .xlsx without a password."
# The sheets of the last file are kept: a solve reads its workbook again for the audit, and a study
# of variants for each of them.
_sheets_of = lru_cache(maxsize=1)(read_sheets)


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
    found = [file for file in path.iterdir() if is_table(file.name)]
    if (path / _RUN).is_file() and not {file.stem for file in found} & SHEET.keys():
        raise _refuse(path, "this is the folder of a finished run, not a workbook.", _input(path))
    if not found:
        raise _refuse(path, "this folder holds no CSV files.", "Name a folder with regions.csv ...")
    links = [_link_issue(file) for file in sorted(found) if file.is_symlink()]
    if links:
        raise InputError(links)
    return {file.name: _bytes_of(file) for file in found}


def _input(run: Path) -> str:
    """Where the workbook of a finished run stands."""
    given = sorted(own.name for own in (run / "input").glob("*"))
    copy = f"{run.name}/input/{given[0]} is its copy" if given else "it has no copy of it"
    return f"Name the workbook that it was made of: {copy}."


def is_table(name: str) -> bool:
    """Whether a file of a folder is a table; what systems and programs leave beside is none."""
    return name.casefold().endswith(".csv") and not name.startswith((".", "~$"))


def _link_issue(file: Path) -> Issue:
    message = f"the file {file.name} is a link to {file.readlink()}."
    return Issue(file.stem, "", "", message, "Put the file itself there: no link is followed.")


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
        if work_of(path).is_dir():
            hint = "It is being written; if its process was killed, the next one mends it."
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
    whole = any(map(_ends, contents.values()))
    for name, content in contents.items():
        stem = Path(name).stem
        digest.update(name.encode() + b"\0" + content)
        try:
            is_cut = whole and bool(content) and not _ends(content)
            sheets.append(_csv_sheet(stem, content, is_cut=is_cut))
        except CsvError as fault:
            issues.append((name, fault))
    if issues:
        raise InputError(_file_issues(path, issues))
    return RawBook(path, digest.hexdigest(), contents, tuple(sheets), is_text=True)


def _ends(content: bytes) -> bool:
    """Whether the last line of a CSV file ends. Some programs end none of their last lines."""
    return content.endswith((b"\n", b"\r"))


def _csv_sheet(name: str, content: bytes, *, is_cut: bool) -> RawSheet:
    spec = SHEET.get(name.strip().casefold())
    names = [column.name for column in spec.all_columns] if spec else []
    text = decoded(content)
    rows = _rows(parsed(text, names))
    return RawSheet(name, rows, bare_quotes=tuple(bare_quotes(text)), is_cut=is_cut)


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
    # A zip whose list of parts is damaged is one to some versions of Python, to others not.
    if not content.startswith(_ZIP) and not zipfile.is_zipfile(io.BytesIO(content)):
        raise _refuse(path, _NOT_A_WORKBOOK, "Name an .xlsx file or a folder of CSV files.")
    try:
        sheets, issues = _sheets_of(content)
    except PackageError as error:
        raise _refuse(path, error.message, error.hint) from None
    if issues:
        raise InputError(issues)
    digest = hashlib.sha256(content).hexdigest()
    return RawBook(path, digest, {path.name: content}, sheets, is_text=False)
