"""The command `opt minerals`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import (
    Exit,
    leave,
    session,
    set_option,
    tell_json,
    try_memory,
    variant_option,
)
from opt.commands.help_words import WithExamples
from opt.commands.marked_page import page_before, page_option, write_page
from opt.commands.studying import asking, study_options
from opt.commands.terminal import tell


@click.command(
    cls=WithExamples,
    examples=(
        "minerals inputs/vault.xlsx --of vault --amount 3000 --amount 12000",
        "minerals inputs/vault.xlsx --of vault --amount 6000 --beside weights_equal",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--of", "programme", required=True, metavar="PROGRAMME", help="Whose money it is.")
@click.option(
    "--amount",
    "amounts",
    type=click.FloatRange(min=0.0, min_open=True),
    multiple=True,
    help="What it holds, USD million; may be repeated. What the workbook says without it.",
)
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@variant_option
@click.option(
    "--beside", metavar="VARIANT", multiple=True, help="The same of a variant; may be repeated."
)
@set_option
@page_option
@study_options
def minerals(workbook: Path, page: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """How a programme falls on minerals and stages, and which is cheapest to help next.

    Each amount is asked beside all other programmes, and with the programme alone. Exit code 5:
    some of it was stopped, or failed.
    """
    try_memory()
    from opt import api, questions
    from opt.commands.minerals_words import MARKS, in_markdown, in_words

    before = page_before(page) if page else ""
    variants = [given["variant"], *given["beside"]]
    cases = [api.load(workbook, given["overrides"], variant) for variant in variants]
    instance = questions.base_of(cases[0], given["scenario"]).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        asked = (given["programme"], given["amounts"], given["scenario"], runner)
        found = questions.minerals(cases, *asked)
    if as_json:
        tell_json(found.document())
    else:
        tell(in_words(found))
    # Last: where it cannot be written by now, the study has been told.
    if page:
        write_page(page, before, MARKS, in_markdown(found), complete=found.complete)
    leave(Exit.SOLVED if found.complete else Exit.STOPPED_WITH_PLAN, shown.control)
