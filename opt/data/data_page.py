"""docs/data.md, made from the shipped workbooks: what stands there, from where, how sure, as of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from opt.data.schema import CONFIDENCE, SHEET, Kind
from opt.data.tables import Row, Tables

INTRODUCTION = """\
# The data

This page is made from the workbooks in `inputs/`; a test keeps it equal to them. Grades: A read in
a primary source, B press or arithmetic on A, C known but unverified, D an estimate whose reasoning
stands in the row's note. What was left out, and why, is in [omissions.md](omissions.md).
"""
UNGRADED = "none"
_NAMES_SHOWN = 12


def data_page(cases: Sequence[Tables]) -> str:
    """The page as Markdown, a chapter a case."""
    lines = [INTRODUCTION]
    for tables in cases:
        lines += [f"## {tables.settings['title'] or tables.name}\n", *_by_grade(tables)]
        lines += [*_by_source(tables), *_estimates(tables)]
    return "\n".join(lines) + "\n"


def _graded(tables: Tables) -> list[tuple[str, tuple[Row, ...]]]:
    """Sheets whose rows carry a grade, with their rows, in the order of the workbook."""
    return [(name, rows) for name, rows in tables.rows.items() if rows and SHEET[name].data]


def _grade(row: Row) -> str:
    return row.text("confidence") or UNGRADED


def _by_grade(tables: Tables) -> list[str]:
    heads = [*CONFIDENCE, UNGRADED]
    rule = "| --- | ---: |" + " ---: |" * len(heads)
    lines = ["### Rows by grade\n", f"| sheet | rows | {' | '.join(heads)} |", rule]
    for name, rows in _graded(tables):
        counts = Counter(_grade(row) for row in rows)
        shown = " | ".join(str(counts[grade]) for grade in heads)
        lines.append(f"| {name} | {len(rows)} | {shown} |")
    return [*lines, *_capital(tables), ""]


def _capital(tables: Tables) -> list[str]:
    """The candidates' capital by grade, as this chain must carry it."""
    capital: dict[str, float] = defaultdict(float)
    for row in tables.rows["projects"]:
        size = row.optional("capacity_max") or 0.0
        capex = row.number_of("capex") + row.number_of("capex_per_unit") * size
        units = row.number_of("max_units")
        capital[_grade(row)] += capex * row.number_of("capex_share") * units
    total = sum(capital.values())
    if total <= 0:
        return []
    parts = ", ".join(f"{grade} {capital[grade] / total:.0%}" for grade in sorted(capital))
    return [f"\nCapital of all candidates at their largest: USD {total:,.0f} million; {parts}."]


def _by_source(tables: Tables) -> list[str]:
    """Every source with its date and grade, and the rows that rest on it."""
    used = _uses(tables)
    if not tables.rows["sources"]:
        return []
    lines = ["### Sources\n", "| source | as of | grade | carries |", "| --- | --- | --- | --- |"]
    for row in sorted(tables.rows["sources"], key=lambda r: r.text("source")):
        title = row.text("title").replace("|", "/")
        address = row.text("address")
        shown = f"[{title}]({address})" if address.startswith("http") else title
        name = row.text("source")
        carries = "; ".join(
            f"{sheet}: {_listed(ids)}" for sheet, ids in used.get(name.casefold(), {}).items()
        )
        lines.append(
            f"| `{name}` {shown} | {row.text('date')} | {row.text('confidence')} | {carries} |"
        )
    return [*lines, ""]


def _uses(tables: Tables) -> Mapping[str, dict[str, list[str]]]:
    """By source id, the rows of each sheet that name it."""
    used: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for name, rows in _graded(tables):
        for row in rows:
            for item in row.text("source").split(";"):
                if item.strip():
                    used[item.strip().casefold()].setdefault(name, []).append(_row_name(row))
    return used


def _row_name(row: Row) -> str:
    """The ids that name a row."""
    sheet = SHEET[row.sheet]
    names = sheet.key or tuple(c.name for c in sheet.columns if c.kind is Kind.PATTERN)
    return " ".join(text for name in names if (text := row.text(name)))


def _listed(ids: Sequence[str]) -> str:
    """The distinct names, the first dozen of them in words."""
    distinct = list(dict.fromkeys(ids))
    more = len(distinct) - _NAMES_SHOWN
    shown = ", ".join(distinct[:_NAMES_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _estimates(tables: Tables) -> Iterable[str]:
    """Every estimate with its reasoning."""
    lines = ["### Estimates (grade D)\n", "| sheet | row | reasoning |", "| --- | --- | --- |"]
    for name, rows in _graded(tables):
        by_note: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if _grade(row) == "D":
                by_note[row.text("note")].append(_row_name(row))
        for note, ids in by_note.items():
            lines.append(f"| {name} | {_listed(ids)} | {note.replace('|', '/')} |")
    return [*lines, ""]
