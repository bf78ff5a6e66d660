"""Native Excel charts beside the tables, each with words for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from opt.record.columns import Line
from opt.report import theme
from opt.report.excel_sheets import ResultSheet

EXCEL_DASHES = ("solid", "dash", "dash_dot", "round_dot")
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


def add_chart(
    workbook: Any, page: Any, sheet: ResultSheet, lines: Sequence[Line], header_row: int
) -> None:
    """Puts the sheet's chart, where it has one, to the right of its table."""
    spec = EXCEL_CHARTS.get(sheet.name)
    if spec is None:
        return
    stacked = spec.kind == "column"
    chart = workbook.add_chart({"type": spec.kind} | ({"subtype": "stacked"} if stacked else {}))
    names = [field.name for field in sheet.table.columns]
    series = _series(spec, sheet.name, names, lines, header_row + 1)
    for place, one in enumerate(series):
        chart.add_series(one | _look(spec.kind, place))
    _set_axes(chart, spec, several=len(series) > 1)
    chart.set_size({"width": 760, "height": 400})
    description = f"{spec.title}, {spec.axis}. The table on this sheet holds the same figures."
    page.insert_chart(
        header_row, len(names) + 1, chart, {"description": description, "object_position": 3}
    )


def _series(
    spec: ChartOf, sheet: str, names: Sequence[str], lines: Sequence[Line], first: int
) -> list[dict[str, Any]]:
    category = names.index(spec.category)
    if not spec.by:
        last = first + len(lines) - 1
        return [
            {
                "name": label,
                "categories": [sheet, first, category, last, category],
                "values": [sheet, first, names.index(value), last, names.index(value)],
            }
            for value, label in zip(spec.values, spec.labels, strict=True)
        ]
    found: list[dict[str, Any]] = []
    value, start = names.index(spec.values[0]), first
    for _, group in groupby(lines, key=lambda line: line[names.index(spec.by)]):
        last = start + len(list(group)) - 1
        found.append(
            {
                "name": [sheet, start, names.index(spec.by)],
                "categories": [sheet, start, category, last, category],
                "values": [sheet, start, value, last, value],
            }
        )
        start = last + 1
    return found


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


def _set_axes(chart: Any, spec: ChartOf, *, several: bool) -> None:
    value = {
        "name": spec.axis,
        "name_font": {"bold": False},
        "num_format": "0%" if spec.percent else "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": theme.GRID}},
    }
    chart.set_title({"name": spec.title, "overlay": False, "name_font": {"size": 12}})
    chart.set_y_axis(value | ({"min": 0, "max": 1} if spec.percent else {}))
    chart.set_legend({"position": "bottom"} if several else {"none": True})
