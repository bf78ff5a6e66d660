"""docs/data.md, made from the shipped workbooks: what stands there, from where, how sure, as of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from opt.data.grades import GRADES, capital_words, grade_of, graded_sheets, rows_by_grade
from opt.data.sheets.columns import CellKind
from opt.data.sheets.registry import SHEET
from opt.data.tables import Row, Tables

INTRODUCTION = """\
# The data

This page is made from the workbooks in `inputs/`; a test keeps it equal to them. Grades: A read
in whole in the issuer's own paper (its site, a filing, its release on a newswire), B read in whole
in press or a copy of such a paper, or arithmetic on it, C known but unverified, read in part, or
read in a copy of unknown standing, D an estimate whose reasoning stands in the row's note. Of a
page that an index shows by its beginning alone only a part was read: column x_read of sheet sources
says which, and x_kind who speaks there. What was left out, and why, is in
[omissions.md](omissions.md). The rows of `inputs/vault` are those of four cases; its own, the
weights of minerals, are told in [vault.md](vault.md).
"""
_NAMES_SHOWN = 12


def data_page(cases: Sequence[Tables]) -> str:
    """The page as Markdown, a chapter a case."""
    lines = [INTRODUCTION]
    for tables in cases:
        lines += [f"## {tables.settings['title'] or tables.name}\n", *_by_grade(tables)]
        lines += [*_by_source(tables), *_estimates(tables)]
    return "\n".join(lines) + "\n"


def _by_grade(tables: Tables) -> list[str]:
    rule = "| --- | ---: |" + " ---: |" * len(GRADES)
    lines = ["### Rows by grade\n", f"| sheet | rows | {' | '.join(GRADES)} |", rule]
    for name, rows in graded_sheets(tables):
        shown = " | ".join(str(count) for count in rows_by_grade(rows).values())
        lines.append(f"| {name} | {len(rows)} | {shown} |")
    capital = capital_words(tables)
    return [*lines, *([f"\n{capital}"] if capital else []), ""]


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
    for name, rows in graded_sheets(tables):
        for row in rows:
            for item in row.text("source").split(";"):
                if item.strip():
                    used[item.strip().casefold()].setdefault(name, []).append(_row_name(row))
    return used


def _row_name(row: Row) -> str:
    """The ids that name a row."""
    sheet = SHEET[row.sheet]
    names = sheet.key or tuple(c.name for c in sheet.columns if c.kind is CellKind.PATTERN)
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
    for name, rows in graded_sheets(tables):
        by_note: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if grade_of(row) == "D":
                by_note[row.text("note")].append(_row_name(row))
        for note, ids in by_note.items():
            lines.append(f"| {name} | {_listed(ids)} | {note.replace('|', '/')} |")
    return [*lines, ""]
