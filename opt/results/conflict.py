"""Why no plan obeys every rule, as plain data: which rows conflict, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass

# In place of a sheet: where a plan to stay near is asked for.
NEAR = "--near"


@dataclass(frozen=True, slots=True)
class WorkbookCell:
    """A cell of the workbook: the sheet, what its row holds in the named columns, the column."""

    sheet: str
    keys: tuple[tuple[str, str], ...]
    column: str | int


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that a mend changes. `now` and `to` are numbers in the cell's unit, or words."""

    place: WorkbookCell
    now: float | str
    to: float | str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows that cannot hold together, the changes of which any one would do, and what else is
    known, in words.

    `rows` is irreducible: without any one of them the others can hold. Each mend is the least
    change of its kind.
    """

    rows: tuple[WorkbookCell, ...]
    mends: tuple[tuple[Change, ...], ...]
    notes: tuple[str, ...] = ()
