"""The command `opt frontier`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import (
    session,
    set_option,
    try_memory,
    variant_option,
)
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, exact_option, finish, study_options


@click.command(
    cls=WithExamples,
    examples=(
        "frontier inputs/small.xlsx",
        "frontier inputs/gallium.xlsx --of commitments --points 8",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option(
    "--of",
    "of",
    metavar="all|commitments|pace|PROGRAMME",
    default="all",
    show_default=True,
    help="What is varied: all programmes together, all capital, limits on capacity (else on "
    "starts), or one programme.",
)
@click.option(
    "--points",
    type=click.IntRange(min=2),
    help="Solve so many levels, with bounds. Without it a small case is answered whole.",
)
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@click.option(
    "--steps/--no-steps",
    default=True,
    show_default=True,
    help="Also the next billion of each programme and the next start a year.",
)
@exact_option
@variant_option
@set_option
@study_options
def frontier(workbook: Path, as_json: bool, quiet: bool, **given: Any) -> None:
    """Money against dependence: plans that none with less beats, each proven and audited.

    Between neighbours nothing better exists, or the widest part that is not proven is named. A
    dependence target is left out. Exit code 5: some of it was stopped, or failed.
    """
    try_memory()
    from opt import api, questions
    from opt.commands.frontier_words import in_words

    case = api.load(workbook, given["overrides"], given["variant"])
    instance = questions.base_of(case, given["scenario"]).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        asked = (given["of"], given["points"], given["scenario"], runner)
        found = questions.frontier(case, *asked, steps=given["steps"], exact=given["exact"])
    finish(found, in_words, shown, as_json=as_json)
