"""Ids of rows: how one sheet names a row of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opt.data.sheets.columns import Sheet
from opt.data.words import did_you_mean, listed


def row_id(parts: Iterable[str]) -> str:
    """The id of a row from what stands in the columns that name it: separated by ;, without case;
    blank ones at the end are left out."""
    whole = ";".join(parts)
    return ";".join(part.strip() for part in whole.split(";")).casefold().rstrip(";")


def missed_row(
    sheet: Sheet, name: str, known: Iterable[str], numbers: Sequence[int]
) -> tuple[str, str]:
    """What is wrong with a name that means no row of a sheet, or several (`numbers`); the mend."""
    columns = ";".join(sheet.named_by)
    if numbers:
        rows = listed(map(str, numbers))
        message = f"'{name}' names {len(numbers)} rows of sheet {sheet.name}: {rows}."
        return message, f"Tell them apart by {columns}."
    hint = did_you_mean(name, known, f"Name the row by {columns}.")
    return f"sheet {sheet.name} has no row '{name}'.", hint
