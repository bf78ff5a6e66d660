"""The command `opt brief`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opt.commands.common import (
    WRITING,
    Exit,
    Session,
    leave,
    run_folder,
    session,
    set_option,
    tell_json,
    try_memory,
    variant_option,
)
from opt.commands.documents_again import DECK, tell_stay
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, is_run, study_options
from opt.commands.terminal import tell

if TYPE_CHECKING:
    from opt.api import Case
    from opt.record.place import RunPlace
    from opt.record.run import Run
    from opt.record.shown import Shown
    from opt.solver.beside import Beside
    from opt.studies.runner import Runner


@click.command(
    cls=WithExamples,
    examples=(
        "brief inputs/small.xlsx --minutes 5",
        "brief inputs/ree_magnets.xlsx --scenario delay_1 --out outputs/delay_1",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; outputs/<workbook>.")
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0.0, min_open=True),
    default=15.0,
    show_default=True,
    help="Time for all of it; what is not finished then is said.",
)
@variant_option
@set_option
@study_options
def brief(
    workbook: Path, out: Path | None, as_json: bool, quiet: bool, minutes: float, **given: Any
) -> None:
    """Solve a workbook and answer the standard set of studies of its plan.

    The run folder is that of `solve`, with the answers under studies/. A run that stands there and
    was asked the same is not solved again and keeps its slides and its answers of other studies;
    kept answers are taken: what was stopped goes on.
    Exit code 5: some of it was stopped, or failed.
    """
    try_memory()
    from opt import api, questions
    from opt.commands.brief_words import in_words
    from opt.record.place import hold
    from opt.record.studies import with_newer
    from opt.report.folder import write_into  # what cannot be loaded costs no search

    case = api.load(workbook, given["overrides"], given["variant"])
    target = run_folder(out, case.name)
    instance = questions.base_of(case, given["scenario"]).instance
    with (
        session(60 * minutes, quiet=quiet, as_json=as_json, writes=True) as shown,
        _ending(shown, 60 * minutes),
        hold(target, overwrite=False, tell=shown.screen.say) as place,
        asking(instance, shown, given) as runner,
    ):
        run, stands = _run(case, given["scenario"], shown, place, _beside(runner, shown))
        slides = (place.folder / DECK).is_file()
        from opt.standard_set import brief as work_out

        found = work_out(run, 60 * minutes, runner)
        shown.write()
        answers, stay = with_newer(stands, found.answers)
        folder = write_into(place, found.run, answers=answers, slides=slides)
        shown.screen.close()  # the moving line, or the answer begins behind it
        tell_stay(stay)
        if as_json:
            tell_json(found.document())
        else:
            tell(in_words(found, folder))
    solved = str(run.status) == "optimal" and found.complete
    leave(Exit.SOLVED if solved else Exit.STOPPED_WITH_PLAN, shown.control)


@contextmanager
def _ending(shown: Session, seconds: float) -> Iterator[None]:
    """While it is open, the clock asks for an end after so many seconds, as Ctrl-C would."""
    clock = threading.Timer(seconds, shown.control.stop.set)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _beside(runner: Runner, shown: Session) -> Beside:
    """Work beside the search by those who answer the studies afterwards, where there are several
    processes."""
    from opt.solver.beside import Beside

    by = runner.executor
    return Beside(None if by is None else lambda: by, shown.screen.say)


def _run(
    case: Case, scenario: str | None, shown: Session, place: RunPlace, beside: Beside
) -> tuple[Run, Mapping[str, Shown]]:
    """The finished run that stands at the place where it was asked the same, with the answers that
    stand beside it, else a new one, which is written before any study."""
    from opt import api
    from opt.record.studies import read_studies
    from opt.report.folder import write_into

    known = _known(case, scenario, place)
    if known is not None:
        return known, read_studies(place.folder)
    run = api.solve(
        case, scenario=scenario, control=shown.control, listener=shown.listener, beside=beside
    )
    shown.listener.begin(WRITING)
    write_into(place, run)
    return run, {}


def _known(case: Case, scenario: str | None, place: RunPlace) -> Run | None:
    """The run at the place, solved to the end and asked what is asked now by the same releases."""
    from opt import api
    from opt.errors import InputError
    from opt.given import find_id
    from opt.solver.versions import versions

    if not is_run(place.folder):
        return None
    try:
        run = api.read(place.folder)
    except InputError:
        return None
    tables, scenario = case.tables, find_id(case.tables, "scenarios", "scenario", scenario)
    asked = (tables.sha256, tables.variant, scenario, dict(tables.settings), versions(), True)
    own = run.workbook
    solved = str(run.status) == "optimal" and run.plan is None and run.near is None
    told = (run.sha256, own.variant, run.scenario, dict(own.settings), dict(run.versions), solved)
    return run if asked == told and not own.decisions else None
