"""From a workbook to typed, checked Tables; or every fault in it at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opt.data.checks import run_checks
from opt.data.reading.reader import read_typed
from opt.data.tables import Tables


def read(
    path: str | Path,
    overrides: Mapping[str, str] | None = None,
    variant: str | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Tables:
    """The checked tables of a workbook (.xlsx) or folder of CSV files.

    `overrides` are settings given from outside, key to value as typed; `variant` names the cells
    of sheet variants that stand in for others. `files` are the bytes by name of what stood at the
    path: nothing is opened then. Raises InputError with all faults and warnings; warnings alone are
    handed on in the tables.
    """
    return read_typed(path, run_checks, overrides, variant, files)
