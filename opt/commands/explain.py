"""The command `opt explain`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, try_memory
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, exact_option, finish, study_options


@click.command(
    cls=WithExamples,
    examples=(
        "explain outputs/example",
        "explain outputs/small great_mine new_works",
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("projects", nargs=-1)
@exact_option
@study_options
def explain(
    run: Path, projects: tuple[str, ...], exact: bool, as_json: bool, quiet: bool, **given: Any
) -> None:
    """Why a project is in the best plan or not, and what it would take.

    RUN is the folder of a finished run; without PROJECTS those of its best plan are explained, and
    those left out that come nearest. Beside them: what waiting a year loses, where the chain still
    touches the covered bloc, and what the next billion of each programme does. Exit code 5: some of
    it was stopped, or failed.
    """
    try_memory()
    from opt import api, best_plans
    from opt.commands.explain_words import in_words

    asked = api.read(run)
    with session(math.inf, quiet=quiet, as_json=as_json) as shown:
        instance = best_plans.base_asked(asked).instance
        with asking(instance, shown, given) as runner:
            found = best_plans.explain(asked, projects, runner, exact=exact)
    finish(found, in_words, shown, as_json=as_json)
