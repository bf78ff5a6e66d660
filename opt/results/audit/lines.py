"""The lines of a written table, read with the csv module alone; a bad one is named by its cell."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from opt.errors import InputError, Issue

Line = Mapping[str, str]
Made = TypeVar("Made")


def read_rows(folder: Path, name: str, make: Callable[[Line], Made]) -> tuple[Made, ...]:
    """The rows of one table; an InputError that names the line that cannot be read."""
    path = folder / f"{name}.csv"
    made = []
    for number, line in enumerate(_lines(path), start=2):
        try:
            made.append(make(line))
        except (KeyError, TypeError, ValueError) as fault:
            message = f"this row of the run cannot be read: {fault}."
            raise InputError([Issue(str(path), f"A{number}", "", message)]) from fault
    return tuple(made)


def has_table(folder: Path, name: str) -> bool:
    """Whether the run wrote a table."""
    return (folder / f"{name}.csv").is_file()


def lacks_column(folder: Path, name: str, column: str) -> bool:
    """Whether a table with rows has no column of this name."""
    return any(column not in line for line in _lines(folder / f"{name}.csv")[:1])


def optional(text: str) -> float | None:
    """The number of a cell; None where it is blank."""
    return float(text) if text.strip() else None


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise InputError([Issue(str(path), "", "", "this table of the run is missing.")])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
