"""The entry point `opt`: the group of commands, and what holds for all of them."""

from __future__ import annotations

import sys
from typing import Any

import click

from opt import __version__
from opt.collector import seldom
from opt.commands.alternatives import alternatives
from opt.commands.audit import audit
from opt.commands.binding import binding
from opt.commands.brief import brief
from opt.commands.check import check
from opt.commands.check_words import report
from opt.commands.common import DEBUG, Exit, debug_option
from opt.commands.compare import compare
from opt.commands.convert import convert
from opt.commands.doctor import doctor
from opt.commands.explain import explain
from opt.commands.frontier import frontier
from opt.commands.help_words import CALLED, WithExamples
from opt.commands.init import init
from opt.commands.labels import labels
from opt.commands.memo import memo
from opt.commands.merge import merge
from opt.commands.minerals import minerals
from opt.commands.pool import pool
from opt.commands.risk import risk
from opt.commands.sensitivity import sensitivity
from opt.commands.solve import solve
from opt.commands.streams import keep_stderr, keep_stdout_clean, open_missing
from opt.commands.stress import stress
from opt.commands.terminal import tell
from opt.commands.update import update
from opt.commands.variants import variants
from opt.errors import InfeasibleError, InputError, OptError
from opt.refused import refusal, refused_place

COMMANDS = (
    alternatives,
    audit,
    binding,
    brief,
    check,
    compare,
    convert,
    doctor,
    explain,
    frontier,
    init,
    labels,
    memo,
    merge,
    minerals,
    pool,
    risk,
    sensitivity,
    solve,
    stress,
    update,
    variants,
)


class OptGroup(WithExamples, click.Group):
    """Shows errors that users can mend in words and exits with the documented code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; with --debug errors keep their traceback."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            self._interrupted(ctx)
        except ImportError as error:
            # So says a module in C that Ctrl-C stops while it loads.
            if not isinstance(error.__cause__, KeyboardInterrupt):
                raise
            self._interrupted(ctx)
        except InputError as error:
            self._stop(ctx, error, report(error.issues, error.warnings), Exit.FAULT_INPUT)
        except InfeasibleError as error:
            self._stop(ctx, error, f"No plan is possible: {error}", Exit.NO_PLAN)
        except OptError as error:
            self._stop(ctx, error, f"This is a fault of opt: {error}", Exit.FAULT_OURS)

    @staticmethod
    def _interrupted(ctx: click.Context) -> None:
        click.echo("Stopped. Nothing was written.", err=True)
        ctx.exit(Exit.STOPPED)

    @staticmethod
    def _stop(ctx: click.Context, error: OptError, words: str, code: int) -> None:
        if ctx.meta.get(DEBUG):
            raise error
        for line in (words, *getattr(error, "__notes__", ())):
            tell(line, err=True)
        ctx.exit(code)


@click.group(
    cls=OptGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples=(
        "solve inputs/small.xlsx",
        "check inputs/ree_magnets.xlsx",
        "solve --help",
    ),
)
@click.version_option(__version__, prog_name="opt")
@debug_option
def cli() -> None:
    """Where allied money for critical minerals goes: a proven plan from one workbook.

    Exit codes: 0 solved to the asked gap; 1 our fault; 2 a fault in the workbook, or what the
    system refuses: a file that cannot be read or written, no memory; 3 no feasible plan; 4 stopped
    with no plan; 5 stopped early, plan kept with its bound; 6 the audit does not confirm a finished
    run.
    """


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line; characters that the terminal lacks are replaced, never fatal."""
    seldom()
    open_missing()
    keep_stdout_clean()
    keep_stderr()
    try:
        try:
            cli(prog_name=CALLED)
        finally:
            sys.stdout.flush()
    except OptError:
        raise
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        sys.exit(_explain(error))


def _explain(error: Exception) -> Exit:
    """Say what failed, and whose fault it is."""
    refused = refusal(error)
    notes = getattr(error, "__notes__", ())
    if refused:
        place = refused_place(error)
        click.echo(" ".join([f"{place}:" if place else "Stopped:", *refused]), err=True)
    else:
        click.echo(f"This is a fault of opt, not of your data: {error!r}", err=True)
    for note in notes:
        click.echo(note, err=True)
    if not refused:
        words = "Please report it with the output of the same command and --debug."
        click.echo(words, err=True)
    return Exit.FAULT_INPUT if refused else Exit.FAULT_OURS
