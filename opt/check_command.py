"""The command `opt check`. It solves nothing unless asked, and imports the solver only then."""
# ruff: noqa: PLC0415

from __future__ import annotations

import json as json_text
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opt.check_words import calibration_report, data_words, grades_report, report
from opt.cli_options import debug_option, set_option, variant_option
from opt.errors import InfeasibleError, InputError, Issue
from opt.solve_commands import SOLVED, STOPPED_WITH_PLAN, no_plan, pressed

if TYPE_CHECKING:
    from opt.api import Case
    from opt.data.tables import Tables
    from opt.record.run import Run

FAULT_INPUT = 2

Document = dict[str, Any]
Say = Callable[[str], None]


@click.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@set_option
@variant_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
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
def check(workbook: Path, as_json: bool, problems: Path | None, **given: Any) -> None:
    """List every problem and warning of a workbook by cell."""
    tables, issues, warnings = _read(workbook, given)
    if problems:
        from opt.data.problems import write_problems

        write_problems(problems, workbook, issues, warnings)
    document: Document = {"problems": _documents(issues), "warnings": _documents(warnings)}
    if given["calibration"]:
        document["calibration"] = []
    say: Say = (lambda _: None) if as_json else click.echo
    say(report(issues, warnings, workbook.name))
    code = FAULT_INPUT if tables is None else _beyond(tables, given, as_json, document, say)
    if as_json:
        click.echo(json_text.dumps(document, indent=2))
    if code:
        raise click.exceptions.Exit(code)


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
    tables: Tables, given: dict[str, Any], as_json: bool, document: Document, say: Say
) -> int:
    """What is said of a sound workbook, in words and in the document; the exit code."""
    from opt.data.grades import all_rows_by_grade, capital_by_grade

    say(data_words(tables))
    graded: Document = {
        "rows": all_rows_by_grade(tables),
        "candidates_musd": capital_by_grade(tables),
    }
    document["grades"] = graded
    if not (given["calibration"] or given["grades"]):
        return SOLVED
    from opt import api

    case = api.Case(tables, given["overrides"])
    passed, finished = True, True
    if given["calibration"]:
        results = api.calibrate(case)
        document["calibration"] = [asdict(r) | {"passed": r.passed} for r in results]
        say(calibration_report(results))
        passed = all(r.passed for r in results)
    if given["grades"]:
        run = _solved(case, as_json)
        grades = api.weigh_grades(run)
        graded["plan"] = asdict(grades) | {
            "dependence": grades.dependence,
            "capex_musd": grades.capex_musd,
        }
        say(grades_report(grades))
        finished = str(run.status) == "optimal"
    if not passed:
        return FAULT_INPUT
    return SOLVED if finished else STOPPED_WITH_PLAN


def _solved(case: Case, as_json: bool) -> Run:
    """The case solved as `opt solve` does, with progress, and Ctrl-C keeping the best plan."""
    from opt import api
    from opt.screen import Screen
    from opt.solver.control import Control, watch_interrupt
    from opt.solver.progress import Silent

    screen = Screen(time_limit=float(case.tables.settings["time_limit"]))  # type: ignore[arg-type]
    control, writing = Control(), threading.Event()
    restore = watch_interrupt(control, lambda presses: pressed(screen, presses, writing))
    try:
        return api.solve(case, control=control, listener=Silent() if as_json else screen)
    except InfeasibleError as error:
        screen.close()
        no_plan(error, as_json, isinstance(error, api.StoppedError))
    finally:
        restore()
        screen.close()
