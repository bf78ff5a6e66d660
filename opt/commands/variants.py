"""The command `opt variants`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, set_option, try_memory
from opt.commands.help_words import WithExamples
from opt.commands.marked_page import opened_page, page_option
from opt.commands.studying import asking, finish, study_options


@click.command(
    cls=WithExamples,
    examples=(
        "variants inputs/ree_magnets.xlsx --of named_only --of demand_iea",
        "variants inputs/ree_magnets.xlsx --of pace_low@delay_1 --of @demand_high",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option(
    "--of",
    "names",
    multiple=True,
    metavar="VARIANT[@SCENARIO]",
    help="A variant, @ and a scenario, or both; may be repeated. All variants without it.",
)
@set_option
@page_option
@study_options
def variants(workbook: Path, page: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """How far the answer moves with variants and scenarios of a workbook.

    The best plan of each with what no plan can beat, beside the same without new money. Exit code
    5: some of it was stopped, or failed.
    """
    try_memory()
    from opt import api, questions
    from opt.commands.variants_words import MARKS, in_markdown, in_words

    opened = opened_page(page, MARKS)
    case = api.load(workbook, given["overrides"])
    instance = questions.base_of(case).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        found = questions.variants(case, given["names"], runner)
    finish(found, in_words, shown, as_json=as_json, page=opened, markdown=in_markdown)
