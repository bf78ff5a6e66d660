"""Between an .xlsx workbook and a folder of CSV files, both ways, with no value lost.

Kept: every sheet with a header (also x_ sheets and columns), the order of columns and rows, every
digit of numbers, text as text with its line breaks. A CSV value becomes a number where its column
holds numbers, or, in a column of the user's own, where it is spelt as this module spells numbers;
an id such as `1` stays text. Not kept: looks, comments, formulas (their values are), blank rows and
columns, cells of spaces alone, totals rows of Excel tables, dates where a year is wanted (their
years are), and other spellings of a number in CSV (`1.50` comes back as `1.5`). Sheets README and
lists are made anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from opt.data.csv_folder import put_tables
from opt.data.reading.csv_text import line_of
from opt.data.reading.excel_limits import refuse_beyond_excel
from opt.data.reading.grids import Grid, grids_of, written
from opt.data.reading.workbook import read_raw
from opt.data.template import write_workbook
from opt.disk.place import Tell, ignore
from opt.errors import InputError, Issue

_SHEET_NAME = re.compile(r"[^\[\]:*?/\\']{1,31}")


def convert(
    source: str | Path, target: str | Path, force: bool = False, tell: Tell = ignore
) -> None:
    """Write the workbook `source` as `target`: an .xlsx by that ending, else a folder of CSV files.

    Raises InputError if the source cannot be read, if it holds what an .xlsx cannot, or if the
    target exists (a folder may be empty) or cannot be written. `force` replaces a file, or the CSV
    files of a folder; its other files stay, and `tell` is called with where the CSV files are that
    it holds no more. The target is whole or absent, also where the process is killed.
    """
    source, target = Path(source), Path(target)
    to_xlsx = target.suffix.lower() == ".xlsx"
    if source.exists() and target.exists() and source.samefile(target):
        raise _refuse(target, "source and target are the same.", "Name another target.")
    raw = read_raw(source)
    if to_xlsx:
        refuse_beyond_excel(raw)
    grids = grids_of(raw)
    if not grids:
        raise _refuse(source, "no sheet with a header was found.", "Name a workbook.")
    if to_xlsx:
        refuse_existing(target, force)
        save_workbook(target, grids)
    else:
        put_tables(target, lambda new: write_tables(new, grids), force=force, tell=tell)


def refuse_existing(target: Path, force: bool) -> None:
    """InputError if something stands where a file is to be written, unless `force`."""
    if target.is_dir():
        raise _refuse(target, "a file and a folder cannot replace each other.", "Name another.")
    if target.exists() and not force:
        raise _refuse(target, "it exists already.", "Name another target, or add --force.")


def _refuse(path: Path, message: str, hint: str) -> InputError:
    return InputError([Issue(path.name, "", "", message, hint)])


def save_workbook(target: Path, grids: Mapping[str, Grid]) -> None:
    """Write an .xlsx beside the target and move it into place."""
    for name in grids:
        if not _SHEET_NAME.fullmatch(name):
            message = f"'{name}' cannot be the name of a sheet in Excel."
            raise _refuse(target, message, "At most 31 letters, none of []:*?/\\'.")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.part")
    try:
        write_workbook(beside, grids)
        beside.replace(target)
    finally:
        with suppress(OSError):
            beside.unlink()


def write_tables(folder: Path, grids: Mapping[str, Grid]) -> None:
    """Write sheets as the CSV files of a folder."""
    for name, grid in grids.items():
        _write_csv(folder / f"{name}.csv", grid)


def _write_csv(path: Path, grid: Grid) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(line_of([written(value) for value in row]) for row in grid)
