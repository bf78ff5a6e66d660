"""Native Excel charts beside the tables, each with words for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum
from typing import Any

from opt.record.columns import Line
from opt.report import theme
from opt.report.excel_sheets import Filled

EXCEL_DASHES = ("solid", "dash", "dash_dot", "round_dot")
MOST_SERIES = 6  # more cannot be told apart on four colours
PATTERNS = ("", "wide_upward_diagonal", "dotted_diamond", "dark_horizontal")


@dataclass(frozen=True, slots=True)
class ChartOf:
    """One chart: its kind, title, and which columns give categories and values.

    With `by` each value of that column is a series of its own (lines are sorted by it), else each
    value column is one.
    """

    kind: str
    title: str
    axis: str
    category: str
    values: tuple[str, ...]
    labels: tuple[str, ...] = ()
    by: str = ""
    percent: bool = False


EXCEL_CHARTS = {
    "Dependence": ChartOf(
        "line", "Dependence by year", "share of allied demand", "year",
        ("dependence", "baseline_dependence"), ("Plan", "No new money"), percent=True,
    ),
    "Stages": ChartOf(
        "line", "Exposed share by stage", "share of the stage's material", "year",
        ("exposed_share",), by="stage", percent=True,
    ),
    "Programmes": ChartOf(
        "bar", "What programmes commit, and what they have left", "USD million", "name",
        ("committed_musd", "left_musd"), ("Committed", "Left"),
    ),
    "Money": ChartOf(
        "column", "Public money falling due", "USD million", "year", ("due_musd",), by="programme"
    ),
    "Costs": ChartOf(
        "column", "Discounted cost by part", "USD million", "year", ("discounted_musd",), by="part"
    ),
    "Elements": ChartOf(
        "line", "Dependence by element", "share of allied demand", "year",
        ("dependence",), by="element", percent=True,
    ),
    "Stockpiles": ChartOf(
        "line", "Days of cover", "days of allied use", "year", ("cover_days",), by="stockpile"
    ),
    "Options": ChartOf(
        "column", "Dependence of each option", "share of allied demand", "name",
        ("dependence",), ("Dependence",), percent=True,
    ),
}  # fmt: skip


def add_chart(workbook: Any, page: Any, filled: Filled, header_row: int) -> None:
    """Puts the sheet's chart, where it has one that shows something, to the right of its table."""
    spec = EXCEL_CHARTS.get(filled.sheet.name)
    series, left_out = ([], 0) if spec is None else _series(spec, filled, header_row + 1)
    if spec is None or not series:
        return
    stacked = spec.kind != "line"
    chart = workbook.add_chart({"type": spec.kind} | ({"subtype": "stacked"} if stacked else {}))
    for place, one in enumerate(series):
        chart.add_series(one | _look(spec.kind, place))
    title = f"{spec.title}: the {MOST_SERIES} largest" if left_out else spec.title
    _set_axes(chart, spec, title, several=len(series) > 1)
    height = 400 if spec.kind != "bar" else max(400, 60 + 24 * len(filled.lines))
    chart.set_size({"width": 760, "height": height})
    description = f"{title}, {spec.axis}. The table on this sheet holds the same figures."
    page.insert_chart(
        header_row + 1,
        len(filled.columns) + 1,
        chart,
        {"description": description, "object_position": 3},
    )


def _series(spec: ChartOf, filled: Filled, first: int) -> tuple[list[dict[str, Any]], int]:
    """The series that show something, the largest MOST_SERIES of them in their order; and how many
    more would."""
    names, sheet, lines = [c.name for c in filled.columns], filled.sheet.name, filled.lines
    category = names.index(spec.category)
    found: list[tuple[float, dict[str, Any]]] = []

    def add(name: Any, value: int, start: int, rows: Sequence[Line]) -> None:
        last = start + len(rows) - 1
        size = fsum(abs(cell) for row in rows if isinstance(cell := row[value], int | float))
        one = {
            "name": name,
            "categories": [sheet, start, category, last, category],
            "values": [sheet, start, value, last, value],
        }
        if size > 0.0:
            found.append((size, one))

    if spec.by:
        value, by, start = names.index(spec.values[0]), names.index(spec.by), first
        for _, group in groupby(lines, key=lambda line: line[by]):
            rows = list(group)
            shown = by + 1 if f"{spec.by} name" in names else by
            add([sheet, start, shown], value, start, rows)
            start += len(rows)
    else:
        for column, label in zip(spec.values, spec.labels, strict=True):
            add(label, names.index(column), first, lines)
    largest = sorted((size for size, _ in found), reverse=True)[:MOST_SERIES]
    kept = [one for size, one in found if size >= largest[-1]][:MOST_SERIES] if found else []
    return kept, len(found) - len(kept)


def _look(kind: str, place: int) -> dict[str, Any]:
    colour = theme.SERIES[place % len(theme.SERIES)]
    if kind == "line":
        dash = EXCEL_DASHES[(place + place // len(theme.SERIES)) % len(EXCEL_DASHES)]
        return {"line": {"color": colour, "width": 2.25, "dash_type": dash}}
    pattern = PATTERNS[(place // len(theme.SERIES)) % len(PATTERNS)]
    fill = {"fill": {"color": colour}}
    if pattern:
        fill = {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": theme.WHITE}}
    return fill | {"gap": 60}


def _set_axes(chart: Any, spec: ChartOf, title: str, *, several: bool) -> None:
    value = {
        "name": spec.axis,
        "name_font": {"bold": False},
        "num_format": "0%" if spec.percent else "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": theme.GRID}},
    }
    chart.set_title({"name": title, "overlay": False, "name_font": {"size": 12}})
    if spec.kind == "bar":
        chart.set_x_axis(value)
        chart.set_y_axis({"reverse": True, "crossing": "min"})
    else:
        chart.set_y_axis(value | ({"min": 0, "max": 1} if spec.percent else {}))
        chart.set_x_axis({"label_position": "low"})  # below columns that are less than nothing
    chart.set_legend({"position": "bottom"} if several else {"none": True})
