"""The command `opt`. Commands import what they need when they run, so that help answers at once."""
# ruff: noqa: PLC0415

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from opt import __version__, check_command, doctor_command, solve_commands
from opt.check_words import report
from opt.cli_options import DEBUG, debug_option
from opt.errors import InfeasibleError, InputError, OptError

FAULT_OURS, FAULT_INPUT, NO_PLAN, STOPPED = 1, 2, 3, 4


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
    """Where allied money for critical minerals goes: a proven plan from one workbook.

    Exit codes: 0 solved to the asked gap; 1 our fault; 2 a fault in the workbook, or a file that
    cannot be read; 3 no feasible plan; 4 stopped with no plan; 5 stopped early, plan kept with its
    bound; 6 the audit does not confirm a finished run.
    """


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
    from opt.data.reading.grids import Grids, complete, grids_of, plan_years
    from opt.data.reading.workbook import read_raw

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"'{file}' must end in .xlsx.")
    refuse_existing(file, force)
    grids: Grids = grids_of(read_raw(case)) if case else dict(EXAMPLE)
    save_workbook(file, complete(grids, plan_years(grids)))
    click.echo(f"{file} written. Next: fill it, then opt check {file}", err=True)


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


cli.add_command(check_command.check)
cli.add_command(doctor_command.doctor)
cli.add_command(solve_commands.solve)
cli.add_command(solve_commands.audit)


def keep_stdout_clean() -> None:
    """Only what opt says reaches standard output.

    Compiled libraries write to file descriptor 1 past Python, at once or when the process ends, and
    would spoil `--json`. The descriptor is theirs from here on and leads nowhere; Python's stdout
    goes on where it led.
    """
    out = sys.stdout
    try:
        own = os.dup(out.fileno())
    except (AttributeError, OSError, io.UnsupportedOperation):
        return  # no stdout, or one that is not the descriptor's
    out.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, out.fileno())
    os.close(nowhere)
    sys.stdout = io.TextIOWrapper(
        os.fdopen(own, "wb"),
        encoding=out.encoding,
        errors=out.errors,
        line_buffering=out.isatty(),
    )


def main() -> None:
    """Run the command line; characters that the terminal lacks are replaced, never fatal."""
    keep_stdout_clean()
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
