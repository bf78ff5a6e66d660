"""The command `opt update`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, try_memory, variant_option
from opt.commands.documents_again import into_option, written_again
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, finish, is_run, opened, study_options


@click.command(
    cls=WithExamples,
    examples=(
        "update outputs/small my_small.xlsx",
        "update outputs/small outputs/my_small --memo",
    ),
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--scenario",
    help="A scenario of both workbooks; without it that of the runs, or the base case.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Cells that are tried alone; of more, rows; of more rows, sheets.",
)
@variant_option
@into_option
@study_options
def update(old: Path, new: Path, as_json: bool, quiet: bool, most: int, **given: Any) -> None:
    """A new edition of a workbook: which cells changed, what moved, and which cell moved it.

    OLD and NEW are workbooks, or finished runs of them, which are not solved again. Each change is
    also made alone in the old one; what the changes together move beside that is told as the rest.
    With --memo the documents of NEW, a run, get a section on it. Exit code 5: some of it was
    stopped, or failed.
    """
    try_memory()
    from opt import questions
    from opt.commands.update_words import in_words

    before, after = (opened(path, given["variant"]) for path in (old, new))
    if given["into_memo"] and not is_run(new):
        raise click.UsageError("--memo writes the documents of NEW again: give a finished run.")
    scenario = questions.edition_scenario(before, after, given["scenario"])
    instance = questions.base_of(questions.edition_case(before), scenario).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        found = questions.update(before, after, given["scenario"], runner, most=most)
    more, silent = {"update": found}, quiet or as_json
    last = written_again(new, more, into_memo=given["into_memo"], quiet=silent)
    finish(found, lambda answer: in_words(answer) + last, shown, as_json=as_json)
