"""Rows that are about everything in their workbook, and in a larger one about its minerals alone.

A limit, lane, shock, target or published figure of a workbook of gallium is one of gallium; in a
workbook of several minerals that has to be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from opt.data.merging.parts import Cells, Line, Part
from opt.data.patterns import EVERYTHING, MINERAL
from opt.errors import Issue

# Filters that say nothing of minerals: what they match lies in all of them.
_OF_ALL = ("", "all", "region", "bloc", "stage", "origin", "destination", "segment")
_SEVERAL = "Name one in the workbook: write a row for each."


def confined(part: Part, line: Line, cells: Cells, issues: list[Issue]) -> list[Cells]:
    """A row of a workbook as one, or several, that are about its minerals alone."""
    how = _HOW.get(line.row.sheet)
    return [cells] if how is None else how(part, line, cells, issues)


def _one_mineral(part: Part, line: Line, column: str, issues: list[Issue]) -> str:
    """The mineral of a workbook; a fault at the row where it has several."""
    if len(part.minerals) == 1:
        return part.minerals[0]
    message = f"this is about {', '.join(part.minerals)} together, and cannot be about each alone."
    issues.append(part.issue(line.row, column, message, _SEVERAL))
    return ""


def _lane(part: Part, line: Line, cells: Cells, issues: list[Issue]) -> list[Cells]:
    if line.row.text("commodity") != EVERYTHING:
        return [cells]
    return [{**cells, "commodity": MINERAL + mineral} for mineral in part.minerals]


def _ceiling(part: Part, line: Line, cells: Cells, issues: list[Issue]) -> list[Cells]:
    whole = line.row.text("field") in _OF_ALL and not line.row.text("mineral")
    if not whole or line.row.values.get("what") == "capacity":
        return [cells]
    return [{**cells, "mineral": _one_mineral(part, line, "mineral", issues)}]


def _uptake(part: Part, line: Line, cells: Cells, issues: list[Issue]) -> list[Cells]:
    if line.row.text("commodity") or line.row.text("mineral"):
        return [cells]
    return [{**cells, "mineral": mineral} for mineral in part.minerals]


def _shock(part: Part, line: Line, cells: Cells, issues: list[Issue]) -> list[Cells]:
    if line.row.text("what") == "money" or line.row.text("field") not in _OF_ALL:
        return [cells]
    if line.row.text("mineral"):
        return [cells]
    return [{**cells, "mineral": mineral} for mineral in part.minerals]


def _target(part: Part, line: Line, cells: Cells, issues: list[Issue]) -> list[Cells]:
    metric, scope = line.row.text("metric"), str(cells.get("scope") or "")
    if metric == "output" or MINERAL in scope.casefold():
        return [cells]
    mineral = MINERAL + _one_mineral(part, line, "scope", issues)
    if metric in ("source_share", "home_share"):
        return [{**cells, "scope": f"{scope}:{mineral}"}]
    if scope.casefold() in ("", "all"):
        return [{**cells, "scope": mineral}]
    goods = {name.casefold() for name in part.book.commodities}
    elements = {e.casefold() for held in part.book.contents.values() for e in held}
    if line.row.text("scope").casefold() in goods | elements:
        return [cells]
    message = "demand of a place or a use is of several minerals in a workbook of several."
    issues.append(part.issue(line.row, "scope", message, "Name a commodity, or leave it blank."))
    return [cells]


def _published(part: Part, line: Line, cells: Cells, issues: list[Issue]) -> list[Cells]:
    metric, scope = line.row.text("metric"), line.row.text("scope")
    if MINERAL in scope.casefold():
        return [cells]
    if metric == "world_share":
        mineral = _one_mineral(part, line, "scope", issues)
        return [{**cells, "scope": f"{scope}:{MINERAL}{mineral}"}]
    if metric == "dependence" and scope.casefold() == "all":
        return [{**cells, "scope": MINERAL + _one_mineral(part, line, "scope", issues)}]
    return [cells]


_How = Callable[[Part, Line, Cells, list[Issue]], list[Cells]]
_HOW: Mapping[str, _How] = {
    "lanes": _lane,
    "private_capital": _ceiling,
    "build_limits": _ceiling,
    "uptake": _uptake,
    "shocks": _shock,
    "targets": _target,
    "calibration": _published,
}


def without_mineral(parts: Sequence[Part]) -> Iterator[Issue]:
    """Commodities that no mineral is named of: rows about everything cannot be confined to them."""
    for part in parts:
        for line in part.lines["commodities"]:
            if not line.row.text("mineral"):
                message = "it has no mineral, by which the rows of merged workbooks are told apart."
                yield part.issue(line.row, "mineral", message, "Type its mineral.")


def open_lanes(parts: Sequence[Part]) -> Iterator[Cells]:
    """Rows that say of a workbook without lanes what its blank sheet says, where another has some:
    all trade is open and free."""
    if any(part.lines["lanes"] for part in parts):
        for part in parts:
            for mineral in part.minerals if not part.lines["lanes"] else ():
                yield {"origin": "*", "destination": "*", "commodity": MINERAL + mineral}
