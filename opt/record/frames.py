"""Rows, and a run's tables, as pandas DataFrames, made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from opt.record.columns import Line, Scalar, TableColumn, cells_of
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
        return _frame(table.columns, table.lines(self._run))

    def __iter__(self) -> Iterator[str]:
        return iter(TABLE)

    def __len__(self) -> int:
        return len(TABLE)


def frame_of(row_type: type, rows: Sequence[Any]) -> pd.DataFrame:
    """Rows of a class as a DataFrame of its columns."""
    columns = cells_of(row_type)
    return _frame(columns, [tuple(column.cell(row) for column in columns) for row in rows])


def _frame(columns: Sequence[TableColumn], lines: Sequence[Line]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            column.name: _series(column, [line[n] for line in lines])
            for n, column in enumerate(columns)
        }
    )
    frame.attrs["units"] = {column.name: column.unit for column in columns if column.unit}
    return frame


def _series(column: TableColumn, cells: list[Scalar]) -> pd.Series:
    """The cells of one column: whole numbers as Int64 where some may be blank."""
    if column.type is bool:
        return pd.Series([cell == "yes" for cell in cells], dtype="bool")
    if column.type is int:
        return pd.Series(cells, dtype="Int64" if column.optional else "int64")
    if column.type is float:
        return pd.Series(cells, dtype="float64")
    return pd.Series(cells, dtype="object")
