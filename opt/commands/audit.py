"""The command `opt audit`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opt.commands.common import Exit, audit_words, debug_option, json_option, leave, tell_json
from opt.commands.help_words import WithExamples
from opt.commands.terminal import tell

if TYPE_CHECKING:
    from opt.audit.bound import BoundCheck

BOUND_SECONDS = 600
MOST_FINDINGS = 50


@click.command(
    cls=WithExamples,
    examples=("audit outputs/example",),
)
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
@json_option
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
        tell_json(document)
    else:
        tell(audit_words(report.passed, report.largest_violation, report.checked))
        for line in (*report.findings[:MOST_FINDINGS], *words_of(found.files)):
            tell(f"  {line}")
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
    from opt.commands.bound_words import bound_json

    return {"bound": bound_json(checks)} if checks else {}


def _say_bound(checks: Sequence[BoundCheck]) -> None:
    from opt.commands.bound_words import bound_words

    if checks:
        tell(bound_words(checks))


def _leave_audit(passed: bool, checks: Sequence[BoundCheck]) -> None:
    """Exit with the code of the worst that the audit and the second solver found."""
    from opt.audit.bound import BoundVerdict

    verdicts = {check.verdict for check in checks}
    if not passed or BoundVerdict.CONTRADICTS in verdicts:
        leave(Exit.NOT_CONFIRMED)
    if BoundVerdict.NOT_DECIDED in verdicts:
        leave(Exit.STOPPED_WITH_PLAN)


def _finite(size: float) -> float | None:
    """None for a violation without measure, as where a number is none: JSON knows no infinity."""
    return size if math.isfinite(size) else None
