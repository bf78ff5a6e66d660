"""How the answer of a study shows itself: its rows as tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from opt.record.columns import cells_of, key_values

if TYPE_CHECKING:
    import pandas as pd


class Shown:
    """A frozen answer of which some fields are rows: `tuple[Row, ...]` of a class of rows."""

    __slots__ = ()

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """Its rows as DataFrames, by the names of the fields that hold them; a number column has
        its unit in `.attrs["units"]`."""
        from opt.record.frames import frame_of  # noqa: PLC0415  pandas is slow to import

        return {name: frame_of(row, getattr(self, name)) for name, row in rows_of(type(self))}

    def _repr_html_(self) -> str:
        """Its tables one under the other, for a notebook."""
        return "".join(frame.to_html(index=False) for frame in self.frames.values())

    def document(self) -> dict[str, Any]:
        """All of it as plain data, for JSON."""
        return key_values(self)

    def asks_less_than(self, other: Shown) -> bool:
        """Whether another answer of the same study was asked all that this one was, and more."""
        return False

    @classmethod
    def fields_of(cls, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of its fields out of its document, under their own names."""
        return document


def rows_of(kind: type) -> Iterator[tuple[str, type]]:
    """The fields of a class of answers that hold rows with columns, and the class of the rows."""
    hints = get_type_hints(kind, include_extras=True)
    for own in dataclasses.fields(kind):
        hint = hints[own.name]
        row = get_args(hint)[0] if get_origin(hint) is tuple else None
        if dataclasses.is_dataclass(row) and isinstance(row, type) and cells_of(row):
            yield own.name, row
