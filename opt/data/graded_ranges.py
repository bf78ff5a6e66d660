"""Ranges by grade, for figures of which sheet ranges says nothing.

How far a figure of each grade may lie to either side is a convention of this tool, no measurement;
a caller may give other widths. They are of the order of the accuracy that AACE International 18R-97
expects of cost estimates, from a detailed one to a first guess. A lead time goes by a whole year
at least.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from opt.data.cell_ranges import CellRange, cell_ranges
from opt.data.grades import UNGRADED, grade_of
from opt.data.reading.row_ids import row_id
from opt.data.sheets.registry import SHEET
from opt.data.tables import Row, Tables

# To either side, as a share of the figure, by grade.
HALF_WIDTHS: Mapping[str, float] = {"A": 0.05, "B": 0.1, "C": 0.2, "D": 0.3, UNGRADED: 0.3}
# The figures that a plan rests on, by sheet; of demand every year that is given.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "facilities": ("capacity",),
    "projects": ("capacity", "capex", "capex_per_unit", "lead_time"),
    "programmes": ("amount",),
    "demand": (),
}
WITH_YEARS = ("facilities", "demand")
# Whatever stands there counts in whole years.
WHOLE = "lead_time"


def graded_ranges(
    tables: Tables, projects: Collection[str], half_widths: Mapping[str, float] = HALF_WIDTHS
) -> tuple[CellRange, ...]:
    """The ranges by grade of the figures that a plan of some projects rests on, and that sheet
    ranges does not speak of: what its projects, the plants outside the covered bloc and the
    programmes can do, and what allies demand. In the order of the sheets."""
    known = {(r.sheet, r.row, r.column) for r in cell_ranges(tables)}
    found = (
        _range(row, column, value, half_widths)
        for row in _rows(tables, projects)
        for column, value in _figures(row)
    )
    return tuple(r for r in found if (r.sheet, r.row, r.column) not in known and r.low < r.high)


def _rows(tables: Tables, projects: Collection[str]) -> Iterator[Row]:
    """The rows that a plan rests on, where one id names no other row."""
    bloc = {row.text("region"): row.text("bloc") for row in tables.rows["regions"]}
    for name in COLUMNS:
        ids = [_id_of(row) for row in tables.rows[name]]
        for row, own in zip(tables.rows[name], ids, strict=True):
            rests = {
                "facilities": lambda row: bloc[row.text("region")] != "covered",
                "projects": lambda row: row.text("project") in projects,
                "demand": lambda row: bloc[row.text("region")] == "ally",
            }.get(name)
            if ids.count(own) == 1 and (rests is None or rests(row)):
                yield row


def _figures(row: Row) -> Iterator[tuple[str | int, float]]:
    """The figures of a row by column: none where a cell is blank or holds 0."""
    for column in COLUMNS[row.sheet]:
        value = row[column] if column in row.given else None
        if isinstance(value, int | float) and value > 0:
            yield column, float(value)
    if row.sheet in WITH_YEARS:
        yield from ((year, value) for year, value in row.years.items() if value > 0)


def _range(
    row: Row, column: str | int, value: float, half_widths: Mapping[str, float]
) -> CellRange:
    grade = grade_of(row)
    away = half_widths[grade] * value
    if column == WHOLE:
        away = float(max(1, math.floor(away)))
    return CellRange(
        row.sheet, _id_of(row), column, value, max(0.0, value - away), value + away, grade
    )


def _id_of(row: Row) -> str:
    names = SHEET[row.sheet].named_by
    return row_id(row.text(c) if c in row.given else "" for c in names)
