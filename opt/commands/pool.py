"""The command `opt pool`."""
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
from opt.commands.documents_again import into_option, written_again
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, case_asked, exact_option, finish, is_run, study_options


@click.command(
    cls=WithExamples,
    examples=(
        "pool inputs/gallium.xlsx",
        "pool inputs/ree_magnets.xlsx --countries",
        "pool outputs/ree_magnets --countries --memo",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@click.option(
    "--countries",
    is_flag=True,
    help="Take owners of one country together: what stands before a bracket or comma in column "
    "owner, as in USA (EXIM).",
)
@exact_option
@variant_option
@set_option
@into_option
@study_options
def pool(workbook: Path, as_json: bool, quiet: bool, into_memo: bool, **given: Any) -> None:
    """What one joint budget is worth against separate ones, what each owner
    adds, and which allies lose where one leaves.

    WORKBOOK may be a finished run: its workbook is asked in its scenario, and --memo writes its
    documents again. Owners are those of column owner of sheet programmes. Separate: each makes the
    best plan with its own money, and of these is built what is best together under every rule.
    Exit code 5: some of it was stopped, or failed.
    """
    if given["scenario"] and is_run(workbook):
        raise click.UsageError("A run is asked in its own scenario: give a workbook to --scenario.")
    try_memory()
    from opt import questions
    from opt.commands.pool_words import in_words

    case, of_run = case_asked(workbook, given["overrides"], given["variant"], into_memo=into_memo)
    scenario = given["scenario"] or of_run
    instance = questions.base_of(case, scenario).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        asked = {name: given[name] for name in ("countries", "exact")}
        found = questions.pool(case, scenario, runner, **asked)
    more, silent = {"pool": found}, quiet or as_json
    last = written_again(workbook, more, into_memo=into_memo, quiet=silent)
    finish(found, lambda answer: in_words(answer) + last, shown, as_json=as_json)
