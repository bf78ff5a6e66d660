"""What `opt check` says: problems by cell, warnings by kind, calibration, grades of data."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from opt.commands.word_table import WordTable, aligned
from opt.errors import Issue
from opt.words import gathered, kind_words

if TYPE_CHECKING:
    from opt.data.cell_ranges import CapitalCell
    from opt.data.tables import Tables
    from opt.results.grades import PlanGrades
    from opt.studies.calibration import CalibrationResult

MOST_SHOWN = 50
_MOST_CELLS = 10
_LONGEST_MESSAGE = 60
_NO_SHARE = "-"
_EVERY_CELL = "  Every cell: python -m opt check WORKBOOK --json, or --problems FILE.xlsx."
_GRADES_HEAD = (
    *("grade", "projects", "USD million", "of capex"),
    *("dependence", "points", "of the fall"),
)
_GRADES_METHOD = """\
Each row lets in the projects of one more grade; dependence is the least that can then be reached,
points what the row takes off it. A project counts once what it requires and what is bundled with it
are in too; stock and support are at most the plan's."""


def report(issues: Sequence[Issue], warnings: Sequence[Issue], name: str = "") -> str:
    """Problems one by one, at most 50, and warnings by kind with what each does to the answer, at
    most 50 lines."""
    head = f"{_count(len(issues), 'problem')}, {_count(len(warnings), 'warning')}."
    if issues:
        head += " Nothing was solved." if name else " Nothing was written."
    if name:
        head = f"{name}: {head}"
    places = max((len(issue.where) for issue in issues[:MOST_SHOWN]), default=0)
    longest = max((len(issue.message) for issue in issues[:MOST_SHOWN]), default=0)
    words = min(longest, _LONGEST_MESSAGE)
    lines = [head]
    for issue in issues[:MOST_SHOWN]:
        lines.append(
            f"  {issue.where:<{places}}   {issue.message:<{words}}   {issue.hint}".rstrip()
        )
    lines += _rest(len(issues) - MOST_SHOWN, "problem")
    groups = gathered(warnings)
    lines += [f"{line} {group[0].hint}".rstrip() for group, line in _kinds(groups)]
    lines += _rest(sum(map(len, groups[MOST_SHOWN:])), "warning")
    if any(len(group) > 1 for group in groups):
        lines.append(_EVERY_CELL)
    return "\n".join(lines)


def run_warnings(warnings: Iterable[Issue]) -> list[str]:
    """What a run says of the warnings of its workbook that can change an answer: a line for each
    kind, at most 50. No line where there are none."""
    told = [issue for issue in warnings if not issue.minor]
    if not told:
        return []
    head = f"{_count(len(told), 'warning')} of the workbook, all in results.xlsx, sheet Warnings:"
    return [head, *(line for _, line in _kinds(gathered(told)))]


def _kinds(groups: Iterable[Sequence[Issue]]) -> list[tuple[Sequence[Issue], str]]:
    """The first groups, each with its line."""
    shown = itertools.islice(groups, MOST_SHOWN)
    return [(group, f"  warning  {kind_words(group)}") for group in shown]


def shared_report(found: Mapping[str, Sequence[Issue]]) -> str:
    """Warnings of the programmes that several workbooks share, by workbook and kind."""
    count = sum(map(len, found.values()))
    lines = [
        f"  warning  {workbook} {kind_words(group)} {group[0].hint}"
        for workbook, issues in found.items()
        for group in gathered(issues)
    ]
    return "\n".join([f"Together: {_count(count, 'warning')} of shared programmes.", *lines])


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _rest(more: int, word: str) -> list[str]:
    return [f"  ... and {_count(more, word)} more (all with --json)"] if more > 0 else []


def grade_words(tables: Tables) -> str:
    """How many rows and how much of the candidates' capital carry which grade."""
    from opt.data.grades import all_rows_by_grade, capital_words  # noqa: PLC0415

    counts = ", ".join(f"{grade} {n:,}" for grade, n in all_rows_by_grade(tables).items() if n)
    return "\n".join(filter(None, [f"Rows by grade: {counts}.", capital_words(tables)]))


def range_words(cells: Sequence[CapitalCell], without: Sequence[CapitalCell]) -> str:
    """How much of the candidates' capital, of all its cells, has no range, and the cells that carry
    most of it; blank where there is no capital."""
    if not cells:
        return ""
    if not without:
        return "Every cell of capital cost has a range."
    total, bare = (sum(cell.musd for cell in found) for found in (cells, without))
    shown = without[:_MOST_CELLS]
    head = f"Capital without a range: USD {bare:,.0f} million of {total:,.0f}"
    head += f", in {len(without)} of {_count(len(cells), 'cell')}."
    places = max(len(cell.where) for cell in shown)
    lines = [f"  {c.where:<{places}}   {c.column} of {c.project}: {c.musd:,.0f}" for c in shown]
    more = len(without) - len(shown)
    rest = [f"  ... and {_count(more, 'cell')} more (all with --json)"] if more else []
    return "\n".join([head, *lines, *rest])


def calibration_report(results: Sequence[CalibrationResult]) -> str:
    """Each published figure beside the model's, a line each, and how many lie within tolerance."""
    lines = []
    for r in results:
        mark = "ok  " if r.passed else "FAIL"
        shown = [_figure(value) for value in (r.published, r.tolerance, r.model)]
        where = f"calibration!{r.cell}: {r.metric} {r.scope} {r.year}"
        lines.append(f"{mark} {where}: published {shown[0]} +-{shown[1]}, model {shown[2]}")
        if not r.passed and r.makers:
            made = ", ".join(f"{plant} {_figure(amount)}" for plant, amount in r.makers)
            lines.append(f"     made most by {made}")
    passed = sum(r.passed for r in results)
    lines.append(f"Calibration: {passed} of {len(results)} figures within tolerance.")
    return "\n".join(lines)


def _figure(value: float) -> str:
    """A share to four digits, an amount to whole units."""
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def grades_report(grades: PlanGrades) -> str:
    """The plan's capital and fall of dependence by grade as a table, and how it is worked out."""
    start = ("no new money", "", "", "", _percent(grades.before), "", "")
    rows = [
        (
            step.grade,
            str(step.projects),
            f"{step.capex_musd:,.0f}",
            _share(step.capex_musd, grades.capex_musd),
            _percent(step.dependence),
            _points(step.fall),
            _share(step.fall, grades.fall),
        )
        for step in grades.steps
    ]
    whole = (
        "the plan",
        str(sum(step.projects for step in grades.steps)),
        f"{grades.capex_musd:,.0f}",
        _share(grades.capex_musd, grades.capex_musd),
        _percent(grades.dependence),
        _points(grades.fall),
        _share(grades.fall, grades.fall),
    )
    table = WordTable(_GRADES_HEAD, (start, *rows, whole), frozenset({0}))
    head = "What of the plan rests on which grade of data:"
    return "\n".join([head, *aligned(table), _GRADES_METHOD])


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _points(share: float) -> str:
    # A solver's noise below zero would show as -0.0.
    return f"{round(100 * share, 1) + 0.0:.1f}"


def _share(part: float, whole: float) -> str:
    return f"{round(part / whole, 2) + 0.0:.0%}" if whole > 0 else _NO_SHARE
