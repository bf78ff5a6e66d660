"""A case as pandas DataFrames, one a sheet, on the way to the one reader: as CSV files in memory.

pandas is not imported here: who hands in DataFrames has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from opt.data.reading.csv_text import line_of
from opt.data.reading.grids import written
from opt.errors import InputError, Issue

if TYPE_CHECKING:
    import pandas as pd


def files_of(frames: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """The CSV file of each sheet by name. The header is line 1, the first row of a frame line 2.

    Raises InputError where there are none, or one is no DataFrame.
    """
    if not frames:
        raise InputError(
            [Issue("", "", "", "there is no sheet.", "Give DataFrames by sheet name.")]
        )
    wrong = [
        Issue(name, "", type(frame).__name__, "this is no DataFrame.", "Give a pandas DataFrame.")
        for name, frame in frames.items()
        if not hasattr(frame, "itertuples")
    ]
    if wrong:
        raise InputError(wrong)
    return {f"{name}.csv": _csv(frame) for name, frame in frames.items()}


def _csv(frame: pd.DataFrame) -> bytes:
    """A frame without its index; what pandas holds for missing is a blank cell."""
    values = frame.astype(object).where(frame.notna(), None)
    rows = values.itertuples(index=False, name=None)
    lines = [[str(title) for title in frame.columns], *([written(v) for v in row] for row in rows)]
    return "".join(map(line_of, lines)).encode()
