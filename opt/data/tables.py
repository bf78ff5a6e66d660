"""Typed rows of a workbook that remember their cells.

Tables are what the reader hands on: every value checked against the schema, ids in the spelling of
the sheet that defines them, blanks replaced by declared defaults, each default counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from opt.errors import Issue

Value = float | int | str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One data row.

    `values` holds every declared column: the typed value, the declared default, or None for a blank
    that is not a value. `years` holds the year columns that are not blank (`2026` or, on sheets
    with numbered years, 1, 2, ...). `cells` maps column names, and years as text, to cell
    addresses; it holds blank cells too where the column stands in the file. `given` names the
    columns that were not blank.
    """

    sheet: str
    number: int
    values: Mapping[str, Value]
    years: Mapping[int, float] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Value:
        return self.values[column]

    def text(self, column: str) -> str:
        """The value as text; blank for None."""
        value = self.values[column]
        return "" if value is None else str(value)

    def number_of(self, column: str) -> float:
        """The value of a numeric column that is required or has a default."""
        value = self.values[column]
        assert isinstance(value, int | float), (self.sheet, self.number, column, value)
        return float(value)

    def optional(self, column: str) -> float | None:
        """The value of a numeric column that may be blank."""
        return None if self.values[column] is None else self.number_of(column)

    def items(self, column: str) -> tuple[str, ...]:
        """The ids of a column that holds several; none where it is blank."""
        value = self.values[column]
        if value is None:
            return ()
        assert isinstance(value, tuple), (self.sheet, self.number, column, value)
        return value

    def cell(self, column: str | int) -> str:
        """The address of a column's cell in this row, `F7`; the row's `A7` where it has none."""
        return self.cells.get(str(column), f"A{self.number}")

    def issue(self, column: str | int, message: str, hint: str = "") -> Issue:
        """A fault at one cell of this row."""
        shown: Value = (
            self.years.get(column) if isinstance(column, int) else self.values.get(column)
        )
        return Issue(
            self.sheet, self.cell(column), "" if shown is None else str(shown), message, hint
        )


@dataclass(frozen=True, slots=True)
class DefaultUsed:
    """A declared default that stood in for blank cells: where, what, in how many rows."""

    sheet: str
    column: str
    value: str
    rows: int


@dataclass(frozen=True, slots=True)
class Tables:
    """A whole checked workbook.

    `settings` holds every declared setting (value, default, or None); `rows` every sheet, empty
    where the workbook has none. `variant` is the variant whose cells stand in. `sha256` is of the
    file, or of the folder's CSV files in name order; `files` are their bytes by name. `plan_faults`
    are what is wrong with plans of the workbook, by their names without case. `decisions` are those
    given from outside in place of the workbook's, by project.
    """

    name: str
    path: Path
    sha256: str
    files: Mapping[str, bytes]
    settings: Mapping[str, Value]
    rows: Mapping[str, tuple[Row, ...]]
    warnings: tuple[Issue, ...] = ()
    defaults_used: tuple[DefaultUsed, ...] = ()
    variant: str | None = None
    plan_faults: Mapping[str, tuple[Issue, ...]] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_year(self) -> int:
        """First year of the plan."""
        return int(self.settings["first_year"])  # type: ignore[arg-type]

    @property
    def last_year(self) -> int:
        """Last year of the plan."""
        return int(self.settings["last_year"])  # type: ignore[arg-type]

    @property
    def years(self) -> range:
        """All years of the plan."""
        return range(self.first_year, self.last_year + 1)
