"""The command `opt stress`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, try_memory
from opt.commands.documents_again import into_option, written_again
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, finish, study_options


@click.command(
    cls=WithExamples,
    examples=(
        "stress outputs/small",
        "stress outputs/gallium --regret --memo",
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--regret", is_flag=True, help="Also look for the best plan of every scenario: many searches."
)
@into_option
@study_options
def stress(
    run: Path, regret: bool, as_json: bool, quiet: bool, into_memo: bool, **given: Any
) -> None:
    """A run's plan held under every scenario and with each of its plants failed, one at a time.

    Commitments, who pays for them, and the most that is bought for stock stay. Beside each stands
    the same without the plan. Exit code 5: some of it was stopped, or failed.
    """
    try_memory()
    from opt import api, questions
    from opt.commands.stress_words import in_words

    held = api.read(run)
    instance = questions.base_of_run(held).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        found = questions.stress(held, runner, regret=regret)
    more, silent = {"stress": found}, quiet or as_json
    last = written_again(run, more, into_memo=into_memo, quiet=silent)
    finish(found, lambda answer: in_words(answer) + last, shown, as_json=as_json)
