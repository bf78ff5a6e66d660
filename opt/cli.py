"""The command `opt`. Commands import what they need when they run, so that help answers at once."""
# ruff: noqa: PLC0415

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opt import __version__, solve_commands
from opt.cli_options import DEBUG, debug_option, set_option, variant_option
from opt.errors import InfeasibleError, InputError, Issue, OptError

if TYPE_CHECKING:
    from opt.results.calibration import CalibrationResult

FAULT_OURS, FAULT_INPUT, NO_PLAN, STOPPED = 1, 2, 3, 4
MOST_SHOWN = 50
_LONGEST_MESSAGE = 60


class OptGroup(click.Group):
    """Shows errors that users can mend in words and exits with the documented code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; with --debug errors keep their traceback."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped. Nothing was written.", err=True)
            ctx.exit(STOPPED)
        except InputError as error:
            self._stop(ctx, error, report(error.issues, error.warnings), FAULT_INPUT)
        except InfeasibleError as error:
            self._stop(ctx, error, f"No plan is possible: {error}", NO_PLAN)
        except OptError as error:
            self._stop(ctx, error, f"This is a fault of opt: {error}", FAULT_OURS)

    @staticmethod
    def _stop(ctx: click.Context, error: OptError, words: str, code: int) -> None:
        if ctx.meta.get(DEBUG):
            raise error
        click.echo(words, err=True)
        ctx.exit(code)


@click.group(cls=OptGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="opt")
@debug_option
def cli() -> None:
    """Where allied money for critical minerals goes: a proven plan from one workbook."""


@cli.command()
@click.argument("file", metavar="FILE.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "case",
    metavar="CASE",
    type=click.Path(path_type=Path),
    help="A workbook or folder whose content to take over; a tiny example without it.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@debug_option
def init(file: Path, case: Path | None, force: bool) -> None:
    """Write a new workbook with drop-downs, units, help and an example."""
    from opt.data.convert import refuse_existing, save_workbook
    from opt.data.example import EXAMPLE
    from opt.data.grids import Grids, complete, grids_of, plan_years
    from opt.data.workbook import read_raw

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"'{file}' must end in .xlsx.")
    refuse_existing(file, force)
    grids: Grids = grids_of(read_raw(case)) if case else dict(EXAMPLE)
    save_workbook(file, complete(grids, plan_years(grids)))
    click.echo(f"{file} written. Next: fill it, then opt check {file}", err=True)


@cli.command()
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
@debug_option
def check(
    workbook: Path,
    as_json: bool,
    problems: Path | None,
    calibration: bool,
    **given: Any,
) -> None:
    """List every problem and warning of a workbook by cell."""
    from opt.data.reader import read

    overrides, variant = given["overrides"], given["variant"]

    issues: Sequence[Issue] = ()
    try:
        warnings: Sequence[Issue] = read(workbook, overrides, variant).warnings
    except InputError as error:
        issues, warnings = error.issues, error.warnings
    if problems:
        from opt.data.problems import write_problems

        write_problems(problems, workbook, issues, warnings)
    results: list[CalibrationResult] = []
    if calibration and not issues:
        from opt import pipeline

        results = list(pipeline.calibrate(pipeline.load(workbook, overrides, variant)))
    if as_json:
        document: dict[str, Any] = {
            "problems": _documents(issues),
            "warnings": _documents(warnings),
        }
        if calibration:
            document["calibration"] = [asdict(r) | {"passed": r.passed} for r in results]
        click.echo(json_text.dumps(document, indent=2))
    else:
        click.echo(report(issues, warnings, workbook.name))
        if calibration and not issues:
            click.echo(calibration_report(results))
    if issues or not all(result.passed for result in results):
        raise click.exceptions.Exit(FAULT_INPUT)


def calibration_report(results: Sequence[CalibrationResult]) -> str:
    """Each published figure beside the model's, a line each, and how many lie within tolerance."""
    lines = []
    for r in results:
        mark = "ok  " if r.passed else "FAIL"
        shown = [f"{value:,.4g}" for value in (r.published, r.tolerance, r.model)]
        where = f"calibration!{r.cell}: {r.metric} {r.scope} {r.year}"
        lines.append(f"{mark} {where}: published {shown[0]} +-{shown[1]}, model {shown[2]}")
    passed = sum(r.passed for r in results)
    lines.append(f"Calibration: {passed} of {len(results)} figures within tolerance.")
    return "\n".join(lines)


@cli.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a target that exists.")
@debug_option
def convert(source: Path, target: Path, force: bool) -> None:
    """Turn a workbook into a folder of CSV files, or a folder into a workbook (.xlsx)."""
    from opt.data.convert import convert as convert_workbook

    convert_workbook(source, target, force)
    click.echo(f"{target} written.", err=True)


def _documents(issues: Sequence[Issue]) -> list[dict[str, str]]:
    keys = ("sheet", "cell", "value", "message", "hint")
    return [{key: getattr(issue, key) for key in keys} for issue in issues]


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def report(issues: Sequence[Issue], warnings: Sequence[Issue], name: str = "") -> str:
    """Problems and warnings as the screen shows them, at most 50 of each."""
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
    lines += _rest(issues, "problem")
    lines += [f"  warning  {warning}" for warning in warnings[:MOST_SHOWN]]
    return "\n".join(lines + _rest(warnings, "warning"))


def _rest(issues: Sequence[Issue], word: str) -> list[str]:
    more = len(issues) - MOST_SHOWN
    return [f"  ... and {_count(more, word)} more (all with --json)"] if more > 0 else []


cli.add_command(solve_commands.solve)
cli.add_command(solve_commands.audit)


def main() -> None:
    """Run the command line; characters that the terminal lacks are replaced, never fatal."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    try:
        cli()
    except OptError:
        raise
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"This is a fault of opt, not of your data: {error!r}", err=True)
        click.echo("Please report it with the output of the same command and --debug.", err=True)
        sys.exit(FAULT_OURS)


if __name__ == "__main__":
    main()
