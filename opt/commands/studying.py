"""What the commands share that ask many solves: their options, processes and kept answers."""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from opt.commands.common import (
    OUTPUTS,
    Exit,
    Session,
    debug_option,
    json_option,
    leave,
    quiet_option,
    tell_json,
)
from opt.commands.terminal import tell

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from opt.api import Case
    from opt.commands.marked_page import MarkedPage
    from opt.data.instance import Instance
    from opt.record.run import Run
    from opt.studies.runner import Runner

Command = TypeVar("Command", bound=Callable[..., Any])
Found = TypeVar("Found", bound="Answered")
# Where answers are kept if nothing else is asked for.
ANSWERS = OUTPUTS / ".answers"

_OPTIONS = (
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        help="Processes that solve at once; as many as there are cores and memory for.",
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Solve on the workers of this Dask scheduler, tcp://host:8786, in place of --workers.",
    ),
    click.option(
        "--store",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        default=ANSWERS,
        show_default=True,
        help="Keep answers in this folder and take those that are there: a stopped study goes on.",
    ),
    click.option("--no-store", is_flag=True, help="Neither keep answers nor take kept ones."),
    json_option,
    quiet_option,
    debug_option,
)


def study_options(command: Command) -> Command:
    """The options of every study: workers, scheduler, store, json, quiet, debug."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


exact_option = click.option(
    "--exact",
    is_flag=True,
    help="In a large case too, all to the gap of the case and not only as far as it is told.",
)
within_option = click.option(
    "--within",
    metavar="POINTS",
    type=click.FloatRange(min=0.0, max=100.0),
    default=1.0,
    show_default=True,
    help="By how many points of dependence a plan may be worse than the best one.",
)


def opened(path: Path, variant: str | None = None) -> Case | Run:
    """What a study is asked about: a finished run by its folder, else a workbook, or a variant.

    Raises InputError where it is neither.
    """
    from opt import api

    return api.read(path) if is_run(path) else api.load(path, variant=variant)


def case_asked(
    path: Path, overrides: Mapping[str, str], variant: str | None, *, into_memo: bool
) -> tuple[Case, str | None]:
    """The case of a workbook, or of the copy that a finished run holds: that as it was solved, with
    the scenario that the run was solved for (None: the base case). `into_memo`: the answer goes
    into the documents of a run.

    Raises click.UsageError where a run is needed or cannot be changed, InputError where it cannot
    be read.
    """
    from opt import api, best_plans

    if not is_run(path):
        if into_memo:
            raise click.UsageError("--memo writes documents again: give a finished run.")
        return api.load(path, overrides, variant), None
    if overrides or variant:
        raise click.UsageError("--set and --variant change a workbook: give one, not a run.")
    run = api.read(path)
    return best_plans.case_of(run), run.scenario


def is_run(path: Path) -> bool:
    """Whether a path is the folder of a finished run."""
    return (path / "run.json").is_file()


class Answered(Protocol):
    """The answer of a study, as far as a command needs it."""

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""

    def document(self) -> Mapping[str, Any]:
        """All of it as plain data."""


def finish(
    answer: Found,
    words: Callable[[Found], str],
    shown: Session,
    *,
    as_json: bool,
    page: MarkedPage | None = None,
    markdown: Callable[[Found], str] | None = None,
) -> None:
    """Tell the answer of a study, write its page where one is open, and leave: 0 where it is
    complete, 5 where some of it was stopped or failed."""
    if as_json:
        tell_json(answer.document())
    else:
        tell(words(answer))
    # Last: where it cannot be written by now, the study has been told.
    if page is not None and markdown is not None:
        page.write(markdown(answer), complete=answer.complete)
    leave(Exit.SOLVED if answer.complete else Exit.STOPPED_WITH_PLAN, shown.control)


@contextmanager
def asking(instance: Instance, shown: Session, given: dict[str, Any]) -> Iterator[Runner]:
    """Who answers the tasks of a study on a case, as the options of `study_options` say: in spawned
    processes where there are several, or on a cluster, answers kept as they come.

    Raises OSError where the store cannot be made, InputError where no scheduler answers: before a
    long study, not after it.
    """
    from opt.studies.processes import processes, workers_for
    from opt.studies.runner import Runner
    from opt.studies.store import Store

    store = None if given["no_store"] else Store(given["store"])
    if store is not None:
        store.folder.mkdir(parents=True, exist_ok=True)
    if given["scheduler"]:
        from opt.studies.cluster import cluster

        working: AbstractContextManager[Executor | None] = cluster(given["scheduler"])
    else:
        working = processes(workers_for(instance, given["workers"], shown.listener.begin))
    with working as executor:
        yield Runner(shown.control, shown.listener, executor, store)
