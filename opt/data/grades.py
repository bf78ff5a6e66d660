"""Grades: how sure the figures of a row are, and how much of a workbook carries which grade."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from opt.data.book import Book
from opt.data.sheets.declare import CONFIDENCE
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.registry import SHEET
from opt.data.tables import Row, Tables

UNGRADED = "none"
# Best first.
GRADES = (*CONFIDENCE, UNGRADED)


def grade_of(row: Row) -> str:
    """A to D, or `none` where the row has no grade."""
    return row.text("confidence") or UNGRADED


def graded_sheets(tables: Tables) -> list[tuple[str, tuple[Row, ...]]]:
    """Sheets whose rows carry a grade, with their rows, in the order of the workbook."""
    return [(name, rows) for name, rows in tables.rows.items() if rows and SHEET[name].data]


def rows_by_grade(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows carry each grade, best grade first, zeros included."""
    counts = Counter(grade_of(row) for row in rows)
    return {grade: counts[grade] for grade in GRADES}


def all_rows_by_grade(tables: Tables) -> dict[str, int]:
    """How many rows of all sheets that carry grades have each."""
    return rows_by_grade(row for _, rows in graded_sheets(tables) for row in rows)


def capital_by_grade(tables: Tables) -> dict[str, float]:
    """The candidates' capital at their largest, as this chain must carry it, by the grades that
    occur. USD million."""
    capital: dict[str, float] = defaultdict(float)
    for row in Book(tables).rows(ProjectRow):
        capital[grade_of(row)] += row.unit_cost(row.capacity_max or 0.0) * row.max_units
    return dict(sorted(capital.items()))


def capital_words(tables: Tables) -> str:
    """The candidates' capital by grade as a sentence; blank where there is none."""
    capital = capital_by_grade(tables)
    total = sum(capital.values())
    if total <= 0:
        return ""
    parts = ", ".join(f"{grade} {musd / total:.0%}" for grade, musd in capital.items())
    return f"Capital of all candidates at their largest: USD {total:,.0f} million; {parts}."
