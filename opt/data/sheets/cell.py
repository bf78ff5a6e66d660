"""Columns by kind, one function each: `capex = cell.number("Capital cost", "USD", CAPEX)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from opt.data.sheets.columns import Cell, CellKind, Column
from opt.data.sheets.ranges import YEAR, Range
from opt.data.tables import Value

T = TypeVar("T")


def _as_text(value: Value) -> str:
    return "" if value is None else str(value)


def _as_names(value: Value) -> tuple[str, ...]:
    if value is None:
        return ()
    assert isinstance(value, tuple), value
    return value


def _as_float(value: Value) -> float:
    assert isinstance(value, int | float), value
    return float(value)


def _as_int(value: Value) -> int:
    assert isinstance(value, int), value
    return value


def _as_given(value: Value) -> float | str:
    assert isinstance(value, int | float | str), value
    return value


def _or_none(read: Callable[[Value], T]) -> Callable[[Value], T | None]:
    return lambda value: None if value is None else read(value)


def identity(help_: str) -> Cell[str]:
    """The id by which other rows name this one."""
    return Cell(Column("", CellKind.ID, help_, required=True), _as_text)


def ref(sheet: str, help_: str, blank: str = "") -> Cell[str]:
    """An id of another sheet; required where nothing says what a blank cell means."""
    return Cell(
        Column("", CellKind.REF, help_, "", not blank, blank=blank, refs=(sheet,)), _as_text
    )


def refs(sheet: str, help_: str, blank: str = "") -> Cell[tuple[str, ...]]:
    """Ids of another sheet, separated by ;; required where nothing says what a blank cell means."""
    column = Column("", CellKind.REFS, help_, required=not blank, blank=blank, refs=(sheet,))
    return Cell(column, _as_names)


def text(
    help_: str,
    *,
    required: bool = False,
    default: str | None = None,
    blank: str = "",
    name: str = "",
    for_reader: bool = False,
) -> Cell[str]:
    """Text; blank where the cell is. `name` is the column's, where the attribute has another."""
    column = Column(name, CellKind.TEXT, help_, "", required, default, blank, for_reader=for_reader)
    return Cell(column, _as_text)


def choice(
    help_: str,
    choices: tuple[str, ...],
    *,
    required: bool = False,
    default: str | None = None,
    blank: str = "",
    for_reader: bool = False,
) -> Cell[str]:
    """One of some words; blank where the cell is."""
    column = Column(
        "",
        CellKind.CHOICE,
        help_,
        "",
        required,
        default=default,
        blank=blank,
        choices=choices,
        for_reader=for_reader,
    )
    return Cell(column, _as_text)


def pattern(sheet: str, help_: str, default: str | None = None) -> Cell[str]:
    """`*`, an id of a sheet or, of regions, bloc:NAME."""
    column = Column(
        "", CellKind.PATTERN, help_, "", default is None, default=default, refs=(sheet,)
    )
    return Cell(column, _as_text)


def decision(help_: str, default: str) -> Cell[str]:
    """free, forbid, force or `force 2028`."""
    return Cell(Column("", CellKind.DECISION, help_, default=default), _as_text)


def surplus(help_: str, unit: str, range_: Range, default: str) -> Cell[float | str]:
    """free, none or a cost."""
    return Cell(Column("", CellKind.SURPLUS, help_, unit, default=default, range=range_), _as_given)


@overload
def number(help_: str, unit: str, range_: Range, default: float | None = None) -> Cell[float]: ...
@overload
def number(help_: str, unit: str, range_: Range, *, blank: str) -> Cell[float | None]: ...
def number(
    help_: str, unit: str, range_: Range, default: float | None = None, blank: str = ""
) -> Any:
    """A number: required, or with a default, or with the words for a blank that is no value."""
    return _numeric(CellKind.NUMBER, _as_float, (help_, unit, range_), default, blank)


@overload
def share(help_: str, range_: Range, default: float | None = None) -> Cell[float]: ...
@overload
def share(help_: str, range_: Range, *, blank: str) -> Cell[float | None]: ...
def share(help_: str, range_: Range, default: float | None = None, blank: str = "") -> Any:
    """A share in 0..1, otherwise as `number`."""
    return _numeric(CellKind.SHARE, _as_float, (help_, "share", range_), default, blank)


@overload
def whole(help_: str, unit: str, range_: Range, default: int | None = None) -> Cell[int]: ...
@overload
def whole(help_: str, unit: str, range_: Range, *, blank: str) -> Cell[int | None]: ...
def whole(help_: str, unit: str, range_: Range, default: int | None = None, blank: str = "") -> Any:
    """A whole number, otherwise as `number`."""
    return _numeric(CellKind.INTEGER, _as_int, (help_, unit, range_), default, blank)


@overload
def year(help_: str) -> Cell[int]: ...
@overload
def year(help_: str, *, blank: str) -> Cell[int | None]: ...
def year(help_: str, blank: str = "") -> Any:
    """A calendar year; required where nothing says what a blank cell means."""
    return _numeric(CellKind.YEAR, _as_int, (help_, "", YEAR), None, blank)


def _numeric(
    kind: CellKind,
    read: Callable[[Value], float],
    what: tuple[str, str, Range],
    default: float | None,
    blank: str,
) -> Cell[Any]:
    help_, unit, range_ = what
    required = default is None and not blank
    column = Column("", kind, help_, unit, required, default, blank, range_)
    return Cell(column, _or_none(read) if blank else read)
