"""The settings of several workbooks as those of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opt.data.merging.parts import Cells, Line, Part
from opt.data.reading.layout import is_own
from opt.data.reading.raw import CellValue
from opt.data.sheets.columns import CellKind
from opt.data.sheets.registry import SETTING
from opt.data.tables import Value
from opt.data.words import plain
from opt.errors import Issue

HORIZON = ("first_year", "last_year")
PUBLIC_SHARE = "public_share"
TITLE = "title"
NUMBERS = (CellKind.NUMBER, CellKind.SHARE, CellKind.INTEGER, CellKind.YEAR)


def settings(
    parts: Sequence[Part], asked: Mapping[str, str], issues: list[Issue]
) -> tuple[list[Cells], bool]:
    """One row a setting, and whether the public share of projects is to stand in their rows.

    What differs is a fault by its key, unless it is asked for; the horizon is the same in all.
    """
    keys = dict.fromkeys(
        line.row.text("key").casefold() for part in parts for line in part.lines["settings"]
    )
    rows: list[Cells] = []
    by_project = False
    for key in [*keys, *(key for key in asked if key not in keys)]:
        lines = [(part, line) for part in parts for line in _lines(part, key)]
        cells: Cells = dict(lines[0][1].cells) if lines else {"key": key}
        if key in asked and key not in HORIZON:
            rows.append({"key": cells["key"], "value": _typed(key, asked[key])})
        elif key == TITLE:
            titles = [line.text("value") for _, line in lines]
            rows.append({**cells, "value": "; ".join(dict.fromkeys(titles))})
        elif is_own(key):
            rows += _own(lines)
        elif key == PUBLIC_SHARE and not _is_same(parts, key):
            by_project = True
        else:
            _check(parts, key, issues)
            rows.append(cells)
    return rows, by_project


def _typed(key: str, text: str) -> CellValue:
    """What is asked of a setting as its cell holds it: a number where the setting is one and the
    text reads as one; anything else as it is, for the check to name."""
    if key not in SETTING or SETTING[key].kind not in NUMBERS:
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _lines(part: Part, key: str) -> list[Line]:
    return [line for line in part.lines["settings"] if line.row.text("key").casefold() == key]


def _value(part: Part, key: str) -> Value:
    value = part.book.tables.settings[key]
    blank = {"calibrate_from": part.book.first, "dependence_from": part.book.first}
    blank["dependence_to"] = part.book.last
    return blank.get(key, value) if value is None else value


def _is_same(parts: Sequence[Part], key: str) -> bool:
    return len({_value(part, key) for part in parts}) == 1


def _check(parts: Sequence[Part], key: str, issues: list[Issue]) -> None:
    """A fault at a setting whose value differs between two workbooks, a default counted."""
    if key not in SETTING or _is_same(parts, key):
        return
    first, other = parts[0], next(p for p in parts if _value(p, key) != _value(parts[0], key))
    told = f"{key} is {_shown(_value(other, key))} here, and {_shown(_value(first, key))} in"
    message = f"{told} {first.name}."
    hint = f"Say which holds of all: --set {key}=VALUE."
    if key in HORIZON:
        hint = "All workbooks must have the same years: fill the others up to the last one."
    lines = _lines(other, key)
    if lines:
        issues.append(other.issue(lines[0].row, "value", message, hint))
    else:
        issues.append(Issue(f"[{other.name}]settings", "", "", message, hint))


def _shown(value: Value) -> str:
    if value in (None, ""):
        return "blank"
    return plain(value) if isinstance(value, int | float) else str(value)


def _own(lines: Sequence[tuple[Part, Line]]) -> list[Cells]:
    """Rows of the user's own: one where all hold the same, else one a workbook."""
    told = {(line.text("value"), line.text("note")) for _, line in lines}
    if len(told) == 1:
        return [dict(lines[0][1].cells)]
    return [
        {**line.cells, "key": f"x_{part.prefix}_{line.text('key')[2:]}"} for part, line in lines
    ]
