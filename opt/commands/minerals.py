"""The command `opt minerals`."""
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
from opt.commands.marked_page import opened_page, page_option
from opt.commands.studying import asking, finish, study_options


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

    opened = opened_page(page, MARKS)
    variants = [given["variant"], *given["beside"]]
    cases = [api.load(workbook, given["overrides"], variant) for variant in variants]
    instance = questions.base_of(cases[0], given["scenario"]).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        asked = (given["programme"], given["amounts"], given["scenario"], runner)
        found = questions.minerals(cases, *asked)
    finish(found, in_words, shown, as_json=as_json, page=opened, markdown=in_markdown)
