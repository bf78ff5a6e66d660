"""The commands that need a solver or a finished run: solve, audit.

They import what they need when they run, so that help answers at once.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import json as json_text
import os
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

import click

from opt.cli_options import debug_option, set_option, variant_option
from opt.errors import InfeasibleError

SOLVED, FAULT_OURS, NO_PLAN, STOPPED, STOPPED_WITH_PLAN = 0, 1, 3, 4, 5
LAST_PRESS = 3
OUTPUTS = Path("outputs")


@click.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; outputs/<workbook>.")
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@variant_option
@click.option("--plan", help="A plan of the workbook or a finished run's folder, to evaluate.")
@click.option("--improve", is_flag=True, help="Take --plan as the start and the plan to beat.")
@click.option(
    "--objective", help="dependence, cost, public, peak, value-weighted, dependence@YEAR."
)
@click.option("--gap", type=float, help="Relative gap at which the first passes stop.")
@click.option("--cost-gap", type=float, help="Relative gap at which the cost pass stops.")
@click.option("--time-limit", type=float, help="Most seconds for all passes.")
@click.option("--threads", type=int, help="Threads of the solver.")
@click.option("--seed", type=int, help="Random seed of the solver.")
@set_option
@click.option("--json", "as_json", is_flag=True, help="run.json on stdout, nothing else.")
@click.option("--quiet", is_flag=True, help="No progress.")
@debug_option
def solve(workbook: Path, out: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Find the best plan of a workbook, prove it, audit it, and write the run folder."""
    from opt import pipeline
    from opt.report.runjson import run_json_text
    from opt.screen import Screen
    from opt.solver.control import Control, watch_interrupt
    from opt.solver.progress import Silent

    if given["improve"] and not given["plan"]:
        raise click.UsageError("--improve needs --plan.")
    case = pipeline.load(workbook, _settings(given), given["variant"])
    limit = float(case.tables.settings["time_limit"])  # type: ignore[arg-type]
    screen = Screen(time_limit=limit, given=bool(given["plan"]) and not given["improve"])
    control = Control()
    writing = threading.Event()
    restore = watch_interrupt(control, lambda presses: pressed(screen, presses, writing))
    try:
        run = pipeline.solve(
            case,
            scenario=given["scenario"],
            plan=given["plan"],
            improve=given["improve"],
            control=control,
            listener=Silent() if quiet or as_json else screen,
        )
        writing.set()
        if not (quiet or as_json):
            screen.begin("writing")
        folder = pipeline.write(run, out or OUTPUTS / case.name)
    except InfeasibleError as error:
        screen.close()
        no_plan(error, as_json, isinstance(error, pipeline.StoppedError))
    finally:
        restore()  # only now: a late second Ctrl-C must not lose a plan that is being written
    if not (quiet or as_json):
        screen.close()
    click.echo(run_json_text(run) if as_json else summary(run, folder), nl=not as_json)
    _leave(SOLVED if str(run.status) == "optimal" else STOPPED_WITH_PLAN, control.abandon.is_set())


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@debug_option
def audit(run: Path, as_json: bool) -> None:
    """Recompute a finished run from its input copy and its tables, without the model."""
    from opt.results.audit import audit_run

    report = audit_run(run)
    if as_json:
        document = {
            "passed": report.passed,
            "largest_violation": report.largest_violation,
            "checked": dict(report.checked),
            "findings": [str(finding) for finding in report.findings],
        }
        click.echo(json_text.dumps(document, indent=2))
    else:
        click.echo(_audit_words(report.passed, report.largest_violation, report.checked))
        for finding in report.findings[:50]:
            click.echo(f"  {finding}")
    if not report.passed:
        raise click.exceptions.Exit(FAULT_OURS)


def _settings(given: dict[str, Any]) -> dict[str, object]:
    """Settings from --set and from the flags that stand for one; a flag wins."""
    flags = ("objective", "gap", "cost_gap", "time_limit", "threads", "seed")
    return {**given["overrides"], **{key: given[key] for key in flags if given[key] is not None}}


def pressed(screen: Any, presses: int, writing: threading.Event) -> None:
    """Answer Ctrl-C: keep the plan, then hurry, then give up; a folder begun is finished."""
    if writing.is_set():
        screen.say("Writing the run folder, a moment.")
        return
    if presses >= LAST_PRESS:
        screen.say("Stopped. Nothing was written.")
        os._exit(STOPPED)
    hurry = " Press Ctrl-C again not to wait for the solver." if presses == 1 else ""
    kept = "what is known" if screen.given else "the best plan"
    screen.say(f"Stopping: keeping {kept} so far.{hurry}")


def no_plan(error: InfeasibleError, as_json: bool, stopped: bool) -> NoReturn:
    """Say why there is no plan and leave with its exit code; nothing is written."""
    if as_json:
        status = "limit" if stopped else "infeasible"
        click.echo(
            json_text.dumps({"schema": 1, "status": status, "message": str(error)}, indent=2)
        )
    click.echo(f"{'' if stopped else 'No plan is possible: '}{error}", err=True)
    raise click.exceptions.Exit(STOPPED if stopped else NO_PLAN)


def summary(run: Any, folder: Path) -> str:
    """The answer in a few lines."""
    from opt.report.story import headline, proof, proven, tell

    story = tell(run)
    return "\n".join(
        [
            headline(story),
            proof(story),
            proven(story),
            _audit_words(run.audit.passed, run.audit.largest_violation, run.audit.checked),
            f"Written: {folder}  (memo.docx, report.html, results.xlsx, run.json, tables, charts)",
        ]
    )


def _audit_words(passed: bool, largest: float, checked: Any) -> str:
    verdict = "passed" if passed else "FAILED"
    rules = sum(1 for count in checked.values() if count)
    checks = f"{rules} rules, {sum(checked.values()):,} checks"
    return f"Audit {verdict}: {checks}, largest violation {largest:.1e}."


def _leave(code: int, solver_busy: bool) -> None:
    """Exit with a code; at once where a solver that the user gave up on is still running."""
    if solver_busy:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    if code:
        raise click.exceptions.Exit(code)
