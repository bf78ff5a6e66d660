"""How a sheet is declared: a class of typed rows, one line a column.

A column is declared once, as an attribute of the class of its sheet's rows. From the declaration
come reading, checks of the cell, the template with its drop-downs and docs/workbook.md; the same
attribute is how its value is read in a row, with its type.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, ClassVar, TypeVar

from opt.data.sheets import cell
from opt.data.sheets.columns import Sheet, YearColumns, declared_columns
from opt.data.tables import Row

CONFIDENCE = ("A", "B", "C", "D")
YES_NO = ("yes", "no")
R = TypeVar("R", bound=type[Any])


class SheetRow(Row):
    """A typed row of a declared sheet, with the three columns that every data sheet takes."""

    SHEET: ClassVar[Sheet]

    source = cell.text(
        "Where the figures come from: ids of sheet sources, separated by ;, or an address"
    )
    confidence = cell.choice(
        "A primary source, B press or arithmetic on A, C unverified, D estimate", CONFIDENCE
    )
    note = cell.text("Reasoning; required in good practice for an estimate (D)")


def sheet(
    name: str,
    title: str,
    help_: str,
    *,
    key: tuple[str, ...] = (),
    years: YearColumns | None = None,
    required: bool = False,
    data: bool = True,
    names: tuple[str, ...] = (),
) -> Callable[[R], R]:
    """Declares a sheet over the class of its rows, whose cells are its columns."""

    trace = declared_columns(SheetRow) if data else ()

    def declared(rows: R) -> R:
        columns = declared_columns(rows)
        rows.SHEET = Sheet(name, title, help_, columns, key, years, required, trace, names)
        return rows

    return declared


def row_types_of(module: ModuleType) -> tuple[type[SheetRow], ...]:
    """The types of row of the sheets that a module declares, in their order there."""
    found = [item for item in vars(module).values() if isinstance(item, type)]
    rows = [item for item in found if issubclass(item, SheetRow) and item is not SheetRow]
    return tuple(item for item in rows if item.__module__ == module.__name__)
