"""In words, by cell, why no plan obeys every rule and what would mend it."""

from __future__ import annotations

from opt.data.sheets.setup import CaseSettings
from opt.data.tables import Row, Tables
from opt.data.words import plain
from opt.results.conflict import NEAR, Change, Conflict, WorkbookCell


def conflict_words(tables: Tables, conflict: Conflict) -> str:
    """The rows in conflict, what is known of them, and every mend, a line each."""
    one = len(conflict.rows) == 1
    lines = ["This row cannot hold:" if one else "These rows cannot hold together:"]
    lines += [f"  {_cell(tables, place)}: {_says(tables, place)}." for place in conflict.rows]
    lines += list(conflict.notes)
    if conflict.mends:
        some = len(conflict.mends) > 1
        lines.append("Any one of these would mend it:" if some else "This would mend it:")
        lines += [
            f"  {'; '.join(_change(tables, change) for change in mend)}." for mend in conflict.mends
        ]
    return "\n".join(lines)


def _row(tables: Tables, place: WorkbookCell) -> Row | None:
    """The row of a place; None for a setting that the sheet does not give."""
    for row in tables.rows.get(place.sheet, ()):
        if all(row.text(column).casefold() == text.casefold() for column, text in place.keys):
            return row
    return None


def _cell(tables: Tables, place: WorkbookCell) -> str:
    row = _row(tables, place)
    return place.sheet if row is None else f"{place.sheet}!{row.cell(place.column)}"


def _name(place: WorkbookCell) -> str:
    """What the reader calls the row: the ids by which it is found."""
    return " ".join(text for column, text in place.keys if text and column != "plan")


def _says(tables: Tables, place: WorkbookCell) -> str:
    """What a row in conflict demands."""
    row = _row(tables, place)
    if place.sheet == "targets" and row is not None:
        bound, year = plain(row.number_of("bound")), plain(row.number_of("year"))
        sense = row.text("sense").replace("_", " ")
        what = " ".join(part for part in (row.text("metric"), row.text("scope")) if part)
        return f"target {row.text('target')}, {what} {sense} {bound} in {year}"
    if place.sheet == NEAR:
        keys = dict(place.keys)
        return f"at most {keys['changes']} changes of {keys['near']}"
    if place.sheet == "settings":
        return f"{_name(place)} {plain(float(str(tables.settings[_name(place)])))}"
    if row is None or place.sheet == "plans":
        return f"{_name(place)} is in the plan"
    carried = isinstance(place.column, int) and row.values.get("carry_over") == "yes"
    words = ", carried over" if carried else ""
    return f"{_name(place)}, {place.column} {_value(tables, row, place)}{words}"


def _value(tables: Tables, row: Row, place: WorkbookCell) -> str:
    """What stands in the cell, or the default that holds in its place."""
    if isinstance(place.column, int):
        return plain(row.years[place.column])
    value = row[place.column]
    if value is None and place.column == "public_share":
        value = CaseSettings(tables.settings).public_share
    return plain(value) if isinstance(value, int | float) else str(value)


def _change(tables: Tables, change: Change) -> str:
    """One cell and what to type in it."""
    name = _name(change.place)
    if isinstance(change.to, str) or isinstance(change.now, str):
        return f"{_cell(tables, change.place)}: {name} {change.to}"
    if change.place.sheet == NEAR:
        return f"--changes {plain(change.to)} in place of {plain(change.now)}"
    verb = "raise" if change.to > change.now else "lower"
    column = change.place.column
    what = name if change.place.sheet == "settings" else f"{column} of {name}"
    return (
        f"{_cell(tables, change.place)}: {verb} {what} from {plain(change.now)} to "
        f"{plain(change.to)}"
    )
