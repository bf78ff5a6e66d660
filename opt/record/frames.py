"""A run's tables as pandas DataFrames, made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from opt.record.columns import Scalar, TableColumn
from opt.record.tables import TABLE

if TYPE_CHECKING:
    from opt.record.run import Run


class Frames(Mapping[str, pd.DataFrame]):
    """The tables of a run by name; a number column of each has its unit in `.attrs["units"]`."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table `name` as a DataFrame of typed columns, its lines as in tables/NAME.csv."""
        table = TABLE[name]
        lines = table.lines(self._run)
        frame = pd.DataFrame(
            {
                column.name: _series(column, [line[n] for line in lines])
                for n, column in enumerate(table.columns)
            }
        )
        frame.attrs["units"] = {column.name: column.unit for column in table.columns if column.unit}
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(TABLE)

    def __len__(self) -> int:
        return len(TABLE)


def _series(column: TableColumn, cells: list[Scalar]) -> pd.Series:
    """The cells of one column: whole numbers as Int64 where some may be blank."""
    if column.type is bool:
        return pd.Series([cell == "yes" for cell in cells], dtype="bool")
    if column.type is int:
        return pd.Series(cells, dtype="Int64" if column.optional else "int64")
    if column.type is float:
        return pd.Series(cells, dtype="float64")
    return pd.Series(cells, dtype="object")
