"""The command `opt update`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, try_memory, variant_option
from opt.commands.studying import asking, finish, study_options


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--scenario", help="A scenario of both workbooks; the base case without it.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Cells that are tried alone; of more, rows; of more rows, sheets.",
)
@variant_option
@study_options
def update(old: Path, new: Path, as_json: bool, quiet: bool, most: int, **given: Any) -> None:
    """A new edition of a workbook: which cells changed, what moved, and which cell moved it.

    OLD and NEW are workbooks. Each change is also made alone in the old one; what the changes
    together move beside that is told as the rest. Exit code 5: some of it was stopped, or failed.

    \b
    Example:
      python -m opt update inputs/case_2025.xlsx inputs/case_2026.xlsx
    """
    try_memory()
    from opt import api, questions
    from opt.commands.update_words import in_words

    before, after = (api.load(path, {}, given["variant"]) for path in (old, new))
    instance = questions.base_of(before, given["scenario"]).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        found = questions.update(before, after, given["scenario"], runner, most=most)
    finish(found, in_words, shown, as_json=as_json)
