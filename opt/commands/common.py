"""What the commands share: exit codes, options, and the session of a long solve."""
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import mmap
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from opt.errors import InfeasibleError, InputError, Issue, StoppedError

if TYPE_CHECKING:
    from opt.commands.screen import Screen
    from opt.record.run import Run
    from opt.solver.control import Control
    from opt.solver.progress import Listener

DEBUG = "opt.debug"
LAST_PRESS = 3
SEARCH_BYTES = 512 * 1024**2
OUTPUTS = Path("outputs")
WRITING = "writing"  # the last step of a command that writes a run
EXAMPLE_RUN = "example"  # the run in outputs/ that comes with opt


def run_folder(out: Path | None, name: str) -> Path:
    """Where a run is written: outputs/NAME where nothing else is asked for.

    Raises InputError where it would be the example by default.
    """
    if out is None and name.casefold() == EXAMPLE_RUN:
        message = f"{OUTPUTS / EXAMPLE_RUN} is the example that comes with opt."
        raise InputError([Issue("--out", "", name, message, "Name a folder with --out.")])
    return out or OUTPUTS / name


class Exit(IntEnum):
    """What a command ends with."""

    SOLVED = 0
    FAULT_OURS = 1
    FAULT_INPUT = 2
    NO_PLAN = 3
    STOPPED = 4
    STOPPED_WITH_PLAN = 5
    NOT_CONFIRMED = 6


# ---- Options --------------------------------------------------------------------------------


def _set_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_set_debug,
    help="Show the traceback of an error.",
)


def _read_settings(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    settings = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"'{text}' is not of the form key=value.")
        settings[key.strip()] = value.strip()
    return settings


set_option = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    callback=_read_settings,
    help="A setting in place of the workbook's; may be repeated.",
)

variant_option = click.option(
    "--variant", help="A variant of the workbook: cells of sheet variants in place of others."
)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON document on stdout, nothing else."
)


quiet_option = click.option("--quiet", is_flag=True, help="No progress.")


def tell_json(document: Any) -> None:
    """A document on stdout."""
    click.echo(json.dumps(document, indent=2))


def audit_words(passed: bool, largest: float, checked: Mapping[str, int]) -> str:
    """An audit in a line: the verdict, how much was checked, and the largest violation."""
    verdict = "passed" if passed else "FAILED"
    rules = sum(1 for count in checked.values() if count)
    checks = f"{rules} rules, {sum(checked.values()):,} checks"
    return f"Audit {verdict}: {checks}, largest violation {largest:.1e}."


def written_words(folder: Path, holds: str) -> str:
    """That a run folder is written, and last the file of it to open first."""
    return f"Written: {folder}  ({holds})\nOpen first: {folder / 'memo.docx'}"


def tell_workbook_written(target: Path) -> None:
    """That a workbook is written; of a folder of CSV files also which to open first."""
    click.echo(f"{target} written.", err=True)
    first = target / "settings.csv"
    if first.is_file():
        click.echo(f"Open first: {first}", err=True)


# ---- The end --------------------------------------------------------------------------------


def leave(code: Exit, control: Control | None = None) -> None:
    """Exit with a code; at once where the user stopped the work: a solver that was given up on may
    still be running, and processes that were ended may have left tasks in their queue, for which
    Python would wait at its end."""
    if control is not None and (control.abandon.is_set() or control.stop.is_set()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    if code:
        raise click.exceptions.Exit(code)


def ended(run: Run) -> Exit:
    """The code of a run that holds a plan."""
    return Exit.SOLVED if str(run.status) == "optimal" else Exit.STOPPED_WITH_PLAN


def leave_without_plan(error: InfeasibleError, as_json: bool) -> NoReturn:
    """Say why there is no plan and leave with its exit code; nothing is written."""
    stopped = isinstance(error, StoppedError)
    if as_json:
        status = "limit" if stopped else "infeasible"
        tell_json({"schema": 1, "status": status, "message": str(error)})
    click.echo(f"{'' if stopped else 'No plan is possible: '}{error}", err=True)
    raise click.exceptions.Exit(Exit.STOPPED if stopped else Exit.NO_PLAN)


# ---- A long solve ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """A long solve as its user meets it: progress on the screen, and Ctrl-C keeping the best plan.

    `writing` is set once the plan is being written, which no press of Ctrl-C ends.
    """

    screen: Screen
    control: Control
    listener: Listener
    writing: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        """From here on the answer is written."""
        self.writing.set()
        self.listener.begin(WRITING)

    def pressed(self, presses: int) -> None:
        """Answer Ctrl-C: keep the plan, then hurry, then give up; a folder begun is finished."""
        if self.writing.is_set():
            self.screen.say("Writing the run folder, a moment.")
            return
        if presses >= LAST_PRESS:
            self.screen.say("Stopped. Nothing was written.")
            os._exit(Exit.STOPPED)
        hurry = " Press Ctrl-C again not to wait for the solver." if presses == 1 else ""
        kept = "what is known" if self.screen.given else "the best plan"
        self.screen.say(f"Stopping: keeping {kept} so far.{hurry}")


def try_memory() -> None:
    """Take and give back the memory that a small search needs with its libraries. Raises OSError
    where there is none: one that runs out of it can end the process without a word."""
    mmap.mmap(-1, SEARCH_BYTES).close()


@contextmanager
def session(
    time_limit: float,
    *,
    quiet: bool = False,
    as_json: bool = False,
    given: bool = False,
    writes: bool = False,
) -> Iterator[Session]:
    """While it is open a long solve is shown and Ctrl-C stops it; where it finds no plan the
    command ends here with the reason and its exit code.

    `given`: the plan is only evaluated, so nothing is said of better ones. `writes`: a run is
    written in the end.
    """
    from opt.commands.screen import Screen
    from opt.solver.control import Control, watch_interrupt
    from opt.solver.progress import Silent

    screen = Screen(time_limit=time_limit, given=given, last=(WRITING,) if writes else ())
    silent = quiet or as_json
    shown = Session(screen, Control(), Silent() if silent else screen)
    restore = watch_interrupt(shown.control, shown.pressed)
    try:
        yield shown
    except InfeasibleError as error:
        screen.close()
        leave_without_plan(error, as_json)
    finally:
        restore()  # only now: a late second Ctrl-C must not lose a plan that is being written
        if not silent:
            screen.close()
