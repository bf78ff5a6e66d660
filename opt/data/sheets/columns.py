"""What a declaration holds: kinds of cells, columns, sheets, and a column as a typed attribute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, Protocol, TypeVar, overload

from opt.data.sheets.ranges import Range
from opt.data.tables import Value

T = TypeVar("T")


class CellKind(StrEnum):
    """What a cell may hold."""

    ID = "id"  # names the row; trimmed, matched without case
    REF = "reference"  # an id of another sheet
    REFS = "references"  # ids of another sheet separated by ;
    TEXT = "text"
    CHOICE = "choice"  # one of `choices`
    NUMBER = "number"
    SHARE = "share"  # 0..1
    INTEGER = "whole number"
    YEAR = "year"
    SURPLUS = "surplus"  # free, none or USD per unit
    DECISION = "decision"  # free, forbid, force or `force 2028`
    PATTERN = "pattern"  # *, bloc:NAME or an id (lanes)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its meaning, unit, range and what a blank cell means.

    `default` is what a blank cell means; None together with `blank` gives the words for a blank
    that is not a value. `refs` are the sheets whose ids a REF may name. Every number has a `range`.
    """

    name: str
    kind: CellKind
    help: str
    unit: str = ""
    required: bool = False
    default: float | int | str | None = None
    blank: str = ""
    range: Range | None = None
    choices: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    for_reader: bool = False  # read by people alone


@dataclass(frozen=True, slots=True)
class YearColumns:
    """The block of columns named by calendar years (`2026`, ...) or by `year_1`, `year_2`, ...

    Where what a row holds in column `by` says what its years are, `ranges` are theirs by that word.
    """

    help: str
    unit: str
    kind: CellKind = CellKind.NUMBER
    required: bool = False
    numbered: bool = False  # year_1, year_2, ... instead of calendar years
    range: Range | None = None
    by: str = ""
    ranges: Mapping[str, Range] = field(default_factory=dict)

    def title(self, year: int) -> str:
        """The header of a year's column."""
        return f"year_{year}" if self.numbered else str(year)

    def column(self, name: str, values: Mapping[str, Value] | None = None) -> Column:
        """The declaration of one column of the block, in a row that holds these values."""
        word = str((values or {}).get(self.by))
        return Column(
            name, self.kind, self.help, self.unit, range=self.ranges.get(word, self.range)
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `key` are the columns that together must not repeat; `names` those by which other
    sheets name a row, where they are not the key; `trace` those that every row of data carries:
    source, confidence, note."""

    name: str
    title: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    years: YearColumns | None = None
    required: bool = False
    trace: tuple[Column, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def named_by(self) -> tuple[str, ...]:
        """The columns that name a row: its id is what they hold, separated by ;."""
        return self.names or self.key

    @property
    def data(self) -> bool:
        """Whether its rows are data, which say where they come from."""
        return bool(self.trace)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns and those of its trace."""
        return self.columns + self.trace

    def column(self, name: str) -> Column:
        """The declaration of one column; KeyError if there is none."""
        for column in self.all_columns:
            if column.name == name:
                return column
        raise KeyError(name)


class Holder(Protocol):
    """What holds typed values by name: a row, or the settings."""

    @property
    def values(self) -> Mapping[str, Value]:
        """The values by column."""


class Cell(Generic[T]):
    """A column as an attribute of its row: the declaration on the class, the value on a row."""

    def __init__(self, column: Column, read: Callable[[Value], T]) -> None:
        """`read` turns what the reader holds for the cell into the type of the attribute."""
        self.column = column
        self.read = read

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = replace(self.column, name=self.column.name or name)
        self.name = self.column.name

    @overload
    def __get__(self, row: None, owner: type) -> Cell[T]: ...
    @overload
    def __get__(self, row: Holder, owner: type) -> T: ...
    def __get__(self, row: Holder | None, owner: type) -> Cell[T] | T:
        return self if row is None else self.read(row.values[self.name])


def declared_columns(rows: type) -> tuple[Column, ...]:
    """The columns that a class declares itself, in their order."""
    return tuple(cell.column for cell in vars(rows).values() if isinstance(cell, Cell))
