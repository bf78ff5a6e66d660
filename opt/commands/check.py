"""The command `opt check`. It solves nothing unless asked, and imports the solver only then."""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opt.commands.check_words import (
    calibration_report,
    grade_words,
    grades_report,
    range_words,
    report,
    shared_report,
)
from opt.commands.common import (
    Exit,
    debug_option,
    ended,
    json_option,
    leave,
    session,
    set_option,
    tell_json,
    variant_option,
)
from opt.commands.help_words import WithExamples
from opt.commands.terminal import tell
from opt.errors import InputError, Issue

if TYPE_CHECKING:
    from opt.api import Case
    from opt.data.tables import Tables

Say = Callable[[str], None]


@click.command(
    cls=WithExamples,
    examples=(
        "check inputs/ree_magnets.xlsx",
        "check my_case.xlsx --problems problems.xlsx",
        "check inputs/ree_magnets.xlsx inputs/gallium.xlsx",
    ),
)
@click.argument("workbooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@set_option
@variant_option
@json_option
@click.option(
    "--problems",
    metavar="FILE.xlsx",
    type=click.Path(path_type=Path),
    help="Also write the problems as a workbook with links to the cells.",
)
@click.option(
    "--calibration",
    is_flag=True,
    help="Also solve the baseline and compare it with the published figures.",
)
@click.option(
    "--grades",
    is_flag=True,
    help="Also solve the case: how much of the plan rests on which grade of data.",
)
@debug_option
def check(workbooks: tuple[Path, ...], as_json: bool, problems: Path | None, **given: Any) -> None:
    """List every problem of a workbook by cell, and what each kind of warning does to the answer.

    Of several workbooks also what they take together of a programme that they share.
    """
    if problems and len(workbooks) > 1:
        raise click.UsageError("--problems takes the problems of one workbook.")
    say: Say = (lambda _: None) if as_json else tell
    documents: list[dict[str, Any]] = []
    sound: dict[str, Tables] = {}
    codes = []
    for workbook in workbooks:
        tables, document, code = _checked(workbook, as_json, problems, given, say)
        documents.append(document)
        codes.append(code)
        if tables is not None:
            sound[str(workbook)] = tables
    told = documents[0]
    if len(workbooks) > 1:
        told = {
            "workbooks": [
                {"workbook": str(workbook), **document}
                for workbook, document in zip(workbooks, documents, strict=True)
            ],
            "shared": _shared(sound, say),
        }
    if as_json:
        tell_json(told)
    leave(next(filter(None, codes), Exit.SOLVED))


def _checked(
    workbook: Path, as_json: bool, problems: Path | None, given: dict[str, Any], say: Say
) -> tuple[Tables | None, dict[str, Any], Exit]:
    """One workbook: its tables (None where there are problems), what is told of it, the exit
    code."""
    tables, issues, warnings = _read(workbook, given)
    if problems:
        from opt.data.problems import write_problems

        write_problems(problems, workbook, issues, warnings)
    document: dict[str, Any] = {"problems": _documents(issues), "warnings": _documents(warnings)}
    if given["calibration"]:
        document["calibration"] = []
    say(report(issues, warnings, workbook.name))
    if tables is None:
        return None, document, Exit.FAULT_INPUT
    return tables, document, _beyond(tables, given, as_json, document, say)


def _shared(sound: dict[str, Tables], say: Say) -> list[dict[str, str]]:
    """What the workbooks without problems take together of their programmes, a warning each."""
    from opt.data.shared import check_shared

    found = check_shared(sound)
    say(shared_report(found))
    return [
        {"workbook": workbook, **document}
        for workbook, issues in found.items()
        for document in _documents(issues)
    ]


def _read(
    workbook: Path, given: dict[str, Any]
) -> tuple[Tables | None, tuple[Issue, ...], tuple[Issue, ...]]:
    """The tables, None where there are problems; the problems and the warnings."""
    from opt.data.reader import read

    try:
        tables = read(workbook, given["overrides"], given["variant"])
    except InputError as error:
        return None, error.issues, error.warnings
    return tables, (), tables.warnings


def _documents(issues: Iterable[Issue]) -> list[dict[str, str]]:
    keys = ("sheet", "cell", "value", "message", "hint")
    return [{key: getattr(issue, key) for key in keys} for issue in issues]


def _beyond(
    tables: Tables, given: dict[str, Any], as_json: bool, document: dict[str, Any], say: Say
) -> Exit:
    """What is said of a sound workbook, in words and in the document; the exit code."""
    from opt.data.cell_ranges import capital_cells, capital_without_range, cell_ranges
    from opt.data.grades import all_rows_by_grade, capital_by_grade

    say(grade_words(tables))
    cells, without = capital_cells(tables), capital_without_range(tables)
    say(range_words(cells, without))
    document["grades"] = {
        "rows": all_rows_by_grade(tables),
        "candidates_musd": capital_by_grade(tables),
    }
    document["ranges"] = {
        "rows": len(cell_ranges(tables)),
        "capital_musd": sum(cell.musd for cell in cells),
        "without": [asdict(cell) for cell in without],
    }
    if not (given["calibration"] or given["grades"]):
        return Exit.SOLVED
    from opt import api

    case = api.Case(tables, given["overrides"])
    codes = [Exit.SOLVED]
    if given["calibration"]:
        codes.append(_calibrated(case, document, say))
    if given["grades"]:
        codes.append(_weighed(case, as_json, document, say))
    return next(filter(None, codes), Exit.SOLVED)


def _calibrated(case: Case, document: dict[str, Any], say: Say) -> Exit:
    """The baseline beside the published figures."""
    from opt import questions

    results = questions.calibrate(case)
    document["calibration"] = [asdict(r) | {"passed": r.passed} for r in results]
    say(calibration_report(results))
    return Exit.SOLVED if all(r.passed for r in results) else Exit.FAULT_INPUT


def _weighed(case: Case, as_json: bool, document: dict[str, Any], say: Say) -> Exit:
    """How much of the plan rests on which grade of data."""
    from opt import api, questions

    with session(case.settings.time_limit, as_json=as_json) as shown:
        run = api.solve(case, control=shown.control, listener=shown.listener)
    grades = questions.weigh_grades(run)
    document["grades"]["plan"] = asdict(grades) | {
        "dependence": grades.dependence,
        "capex_musd": grades.capex_musd,
    }
    say(grades_report(grades))
    return ended(run)
