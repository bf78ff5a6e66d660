"""What a field of an output row is called, holds and is measured in, declared beside its type.

    gap: Annotated[float, Col("Cost above earnings", "USD/unit of activity")]

A field with a `Col` is a column of the row's table and a key of run.json; one without is a key of
run.json alone.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

UNITS = "units"
MUSD = "USD million"
SHARE = "share"
YEAR = "year"
COUNT = "count"

Scalar = str | int | float | None
Line = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Col:
    """A column of a table: what it holds and its unit (blank: text, or as the row says). `name` is
    its name in public, where it cannot be the field's; `blank` is what a blank cell or null stands
    for, a number that is not finite; `is_key` says that run.json has it too."""

    help: str
    unit: str = ""
    name: str = ""
    blank: float | None = None
    is_key: bool = True


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One field of a row type, as declared: `type` without None, `optional` where it may be None,
    `required` where it has no default."""

    field: str
    name: str
    type: Any
    optional: bool
    required: bool
    help: str
    unit: str
    blank: float | None
    is_cell: bool
    is_key: bool

    def cell(self, row: Any) -> Scalar:
        """What a table has of a row: yes or no of a truth, 'GR; LN' of names, 'GR 30; LN 20' of
        amounts by name."""
        value = getattr(row, self.field)
        # Nearly all cells are of these, and asking of what kind a value is costs more than it.
        if self.blank is None and value.__class__ in (str, int, float):
            return value
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, StrEnum):
            return str(value)
        if isinstance(value, tuple | Mapping):
            return "; ".join(_listed(value))
        if self.blank is not None and not math.isfinite(value):
            return None
        return value  # type: ignore[no-any-return]


@functools.cache
def columns_of(row_type: Any) -> tuple[TableColumn, ...]:
    """The fields of a row type, in order."""
    hints = get_type_hints(row_type, include_extras=True)
    return tuple(
        _column(
            entry.name,
            hints[entry.name],
            entry.default is MISSING and entry.default_factory is MISSING,
        )
        for entry in fields(row_type)
    )


@functools.cache
def cells_of(row_type: Any) -> tuple[TableColumn, ...]:
    """The columns that a table of such rows has."""
    return tuple(column for column in columns_of(row_type) if column.is_cell)


def _column(name: str, hint: Any, required: bool) -> TableColumn:
    kind: Any = hint
    notes: tuple[Any, ...] = ()
    if hasattr(hint, "__metadata__"):
        kind, notes = hint.__origin__, hint.__metadata__
    col = next((note for note in notes if isinstance(note, Col)), None)
    optional = type(None) in get_args(kind)
    if optional and get_origin(kind) is UnionType:
        (kind,) = (own for own in get_args(kind) if own is not type(None))
    return TableColumn(
        field=name,
        name=(col.name if col else "") or name,
        type=kind,
        optional=optional,
        required=required,
        help=col.help if col else "",
        unit=col.unit if col else "",
        blank=col.blank if col else None,
        is_cell=col is not None,
        is_key=col is None or col.is_key,
    )


def _listed(value: tuple[Any, ...] | Mapping[str, float]) -> Iterator[str]:
    """Names, or amounts by name, each as words."""
    if isinstance(value, Mapping):
        yield from (f"{name} {short_musd(amount)}" for name, amount in value.items())
    else:
        yield from map(str, value)


def key_values(row: Any) -> dict[str, Any]:
    """A row as an object of run.json: keys in the order of the fields, rows in it as objects."""
    return {
        column.name: _plain(getattr(row, column.field))
        for column in columns_of(row.__class__)
        if column.is_key
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it; a number that is not finite is null."""
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, tuple):
        return [_plain(own) for own in value]
    return key_values(value) if hasattr(value, "__dataclass_fields__") else value


def short_musd(musd: float) -> str:
    """USD million without the unit, for columns whose heading has it: '1,234'."""
    return f"{musd:,.1f}" if 0.05 <= abs(musd) < 9.95 else f"{round(musd):,}"
