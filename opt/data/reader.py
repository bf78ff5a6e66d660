"""From a workbook to typed, checked Tables; or every fault in it at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opt.data.cell_ranges import CellRange, with_value
from opt.data.checks import run_checks
from opt.data.reading.log import Log
from opt.data.reading.reader import read_typed, sort_issues
from opt.data.reading.references import resolve_references
from opt.data.tables import Tables
from opt.errors import InputError


def read(
    path: str | Path,
    overrides: Mapping[str, str] | None = None,
    variant: str | None = None,
    files: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, str] | None = None,
) -> Tables:
    """The checked tables of a workbook (.xlsx) or folder of CSV files.

    `overrides` are settings given from outside, key to value as typed; `variant` names the cells
    of sheet variants that stand in for others. `files` are the bytes by name of what stood at the
    path: nothing is opened then. `decisions` stand in for column decision of sheet projects, by
    project. Raises InputError with all faults and warnings; warnings alone are
    handed on in the tables.
    """
    return read_typed(path, run_checks, overrides, variant, files, decisions=decisions)


def varied(tables: Tables, of: CellRange, value: float) -> Tables:
    """Sound tables with another value in the cell of a range, checked again.

    Raises InputError with what is wrong with them then, ValueError where the value lies outside the
    range or is not whole and the cell's are.
    """
    return redrawn(tables, {of: value})


def redrawn(tables: Tables, values: Mapping[CellRange, float]) -> Tables:
    """Sound tables with other values in the cells of several ranges at once, checked again.

    Raises as `varied` does.
    """
    changed = tables
    for own, value in values.items():
        changed = with_value(changed, own, value)
    return _passing(changed, frozenset(), Log())


def checked(tables: Tables) -> Tables:
    """Typed tables, their names and everything else checked again. Raises InputError with all that
    is wrong with them."""
    log = Log()
    rows = {name: list(own) for name, own in tables.rows.items()}
    _, broken = resolve_references(rows, frozenset(), log)
    return _passing(tables, broken, log)


def _passing(tables: Tables, broken: frozenset[str], log: Log) -> Tables:
    """Tables whose names are known that pass every check of what is whole."""
    if not log.issues:
        run_checks(tables, broken, log)
    if log.issues:
        raise InputError(sort_issues(log.issues))
    return tables
