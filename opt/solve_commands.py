"""The commands that need a solver or a finished run: solve, audit.

They import what they need when they run, so that help answers at once.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import json as json_text
import math
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from opt.cli_options import debug_option, set_option, variant_option
from opt.errors import InfeasibleError

if TYPE_CHECKING:
    from opt.audit.bound import BoundCheck

SOLVED, NO_PLAN, STOPPED, STOPPED_WITH_PLAN, NOT_CONFIRMED = 0, 3, 4, 5, 6
BOUND_SECONDS = 600
MOST_FINDINGS = 50
LAST_PRESS = 3
OUTPUTS = Path("outputs")


@click.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; outputs/<workbook>.")
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@variant_option
@click.option(
    "--plan",
    help="A plan of the workbook or a finished run's folder, to evaluate: its projects stay, and"
    " what a run buys for stock too.",
)
@click.option("--improve", is_flag=True, help="Take --plan as the start and the plan to beat.")
@click.option("--free-stock", is_flag=True, help="What --plan buys for stock may change.")
@click.option(
    "--objective", help="dependence, cost, public, peak, value-weighted, dependence@YEAR."
)
@click.option("--gap", type=float, help="Relative gap at which the first passes stop.")
@click.option("--cost-gap", type=float, help="Relative gap at which the cost pass stops.")
@click.option("--time-limit", type=float, help="Most seconds for all passes.")
@click.option("--threads", type=int, help="Threads of the solver.")
@click.option("--seed", type=int, help="Random seed of the solver.")
@set_option
@click.option(
    "--write-model", is_flag=True, help="Add each pass as a model file that others can solve."
)
@click.option("--json", "as_json", is_flag=True, help="run.json on stdout, nothing else.")
@click.option("--quiet", is_flag=True, help="No progress.")
@debug_option
def solve(workbook: Path, out: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Find the best plan of a workbook, prove it, audit it, and write the run folder."""
    from opt import api
    from opt.record.document import run_json_text
    from opt.report.statements import statements
    from opt.screen import Screen
    from opt.solver.control import Control, watch_interrupt
    from opt.solver.progress import Silent

    if given["improve"] and not given["plan"]:
        raise click.UsageError("--improve needs --plan.")
    if given["free_stock"] and (given["improve"] or not given["plan"]):
        raise click.UsageError("--free-stock needs --plan; with --improve stock is free anyway.")
    case = api.load(workbook, _settings(given), given["variant"])
    limit = float(case.tables.settings["time_limit"])  # type: ignore[arg-type]
    screen = Screen(time_limit=limit, given=bool(given["plan"]) and not given["improve"])
    control = Control()
    writing = threading.Event()
    restore = watch_interrupt(control, lambda presses: pressed(screen, presses, writing))
    try:
        run = api.solve(
            case,
            scenario=given["scenario"],
            plan=given["plan"],
            improve=given["improve"],
            free_stock=given["free_stock"],
            control=control,
            listener=Silent() if quiet or as_json else screen,
            write_model=given["write_model"],
        )
        writing.set()
        if not (quiet or as_json):
            screen.begin("writing")
        folder = api.write(run, out or OUTPUTS / case.name)
    except InfeasibleError as error:
        screen.close()
        no_plan(error, as_json, isinstance(error, api.StoppedError))
    finally:
        restore()  # only now: a late second Ctrl-C must not lose a plan that is being written
    if not (quiet or as_json):
        screen.close()
    click.echo(
        run_json_text(run, statements(run)) if as_json else summary(run, folder), nl=not as_json
    )
    _leave(SOLVED if str(run.status) == "optimal" else STOPPED_WITH_PLAN, control.abandon.is_set())


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--bound", is_flag=True, help="Solve the models of --write-model again with SCIP, and compare."
)
@click.option("--passes", help="With --bound: these passes alone, with commas between them.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0),
    help=f"With --bound: most seconds a pass; {BOUND_SECONDS}.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@debug_option
def audit(run: Path, bound: bool, as_json: bool, **limits: Any) -> None:
    """Recompute a finished run from its input copy and its tables, without the model.

    A memo, page, results.xlsx, chart or log edited since is told; every other file must be as it
    was written. Exit code 6: the audit does not confirm the run.
    """
    from opt.audit import audit_folder
    from opt.audit.folder import words_of

    if not bound and any(value is not None for value in limits.values()):
        raise click.UsageError("--passes and --time-limit need --bound.")
    found = audit_folder(run)
    report = found.report
    checks = _second_solver(run, as_json, **limits) if bound else ()
    if as_json:
        document = {
            "passed": report.passed,
            "largest_violation": _finite(report.largest_violation),
            "checked": dict(report.checked),
            "findings": [str(finding) for finding in report.findings],
            "edited": [*found.files.edited, *found.files.removed],
            "added": list(found.files.added),
            **_bound_document(checks),
        }
        click.echo(json_text.dumps(document, indent=2))
    else:
        click.echo(_audit_words(report.passed, report.largest_violation, report.checked))
        for line in (*report.findings[:MOST_FINDINGS], *words_of(found.files)):
            click.echo(f"  {line}")
        _say_bound(checks)
    _leave_audit(report.passed, checks)


def _second_solver(
    run: Path, quiet: bool, passes: str | None, time_limit: float | None
) -> Sequence[BoundCheck]:
    """What SCIP says of the passes of a run; the pass at work is told on stderr."""
    from opt.audit.bound import audit_bound

    names = [name.strip() for name in (passes or "").split(",") if name.strip()]
    seconds = BOUND_SECONDS if time_limit is None else time_limit
    return audit_bound(
        run, names, seconds, lambda name: None if quiet else click.echo(f"SCIP  {name}", err=True)
    )


def _bound_document(checks: Sequence[BoundCheck]) -> dict[str, Any]:
    from opt.bound_words import bound_json

    return {"bound": bound_json(checks)} if checks else {}


def _say_bound(checks: Sequence[BoundCheck]) -> None:
    from opt.bound_words import bound_words

    if checks:
        click.echo(bound_words(checks))


def _leave_audit(passed: bool, checks: Sequence[BoundCheck]) -> None:
    """Exit with the code of the worst that the audit and the second solver found."""
    from opt.audit.bound import Verdict

    verdicts = {check.verdict for check in checks}
    if not passed or Verdict.CONTRADICTS in verdicts:
        raise click.exceptions.Exit(NOT_CONFIRMED)
    if Verdict.NOT_DECIDED in verdicts:
        raise click.exceptions.Exit(STOPPED_WITH_PLAN)


def _finite(size: float) -> float | None:
    """None for a violation without measure, as where a number is none: JSON knows no infinity."""
    return size if math.isfinite(size) else None


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
