"""The command `opt risk`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, set_option, try_memory, variant_option
from opt.commands.documents_again import into_option, written_again
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, case_asked, finish, study_options

MEASURES = ("expected", "cvar", "worst", "regret")


@click.command(
    cls=WithExamples,
    examples=(
        "risk inputs/gallium.xlsx --measure cvar --alpha 0.8",
        "risk inputs/gallium.xlsx --draw 20 --seed 1",
        "risk outputs/ree_magnets --scenarios base,delay_1,kachin --memo",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option(
    "--measure",
    type=click.Choice(MEASURES),
    default="expected",
    show_default=True,
    help="What is made small: the mean of all outcomes, of the worst of them (cvar), the worst, or "
    "the largest regret.",
)
@click.option(
    "--of",
    type=click.Choice(["dependence", "shortfall"]),
    default="dependence",
    show_default=True,
    help="What is counted.",
)
@click.option(
    "--alpha",
    type=click.FloatRange(min=0.0, max=1.0, max_open=True),
    default=0.9,
    show_default=True,
    help="Level of cvar: 0.9 is the mean of the worst tenth.",
)
@click.option(
    "--scenarios",
    metavar="A,B,...",
    help="These scenarios alone; base is the base case. Without it all of them and the base case.",
)
@click.option(
    "--draw",
    metavar="N",
    type=click.IntRange(min=1),
    help="Draw so many futures of the base case: plants fail by their chances, cells lie in their "
    "ranges.",
)
@click.option("--seed", type=int, help="Seed of --draw; setting seed without it.")
@click.option(
    "--choices",
    is_flag=True,
    help="Also the same without stock, without plants, and with other rules of release.",
)
@click.option(
    "--decompose",
    is_flag=True,
    help="Search scenario by scenario (extra decompose), not in one programme. Of measure expected "
    "alone, without a second wave.",
)
@variant_option
@set_option
@into_option
@study_options
def risk(workbook: Path, as_json: bool, quiet: bool, into_memo: bool, **given: Any) -> None:
    """One plan for many scenarios, and what it is worth to know more.

    WORKBOOK may be a finished run: its workbook is asked, and --memo writes its documents again.
    Commitments and who pays for them are the same in all scenarios, what stock does in those in
    which the same has happened until then; flows and service are each scenario's own. With setting
    second_wave commitments from that year on wait for what is known then. Exit code 5: some of it
    was stopped, or failed.
    """
    try_memory()
    from opt import questions
    from opt.commands.risk_words import in_words

    case, _ = case_asked(workbook, given["overrides"], given["variant"], into_memo=into_memo)
    names = given["scenarios"]
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(questions.base_of(case).instance, shown, given) as runner,
    ):
        found = questions.risk(
            case,
            given["measure"],
            of=given["of"],
            alpha=given["alpha"],
            scenarios=None if names is None else names.split(","),
            draw=given["draw"],
            seed=given["seed"],
            choices=given["choices"],
            decompose=given["decompose"],
            runner=runner,
        )
    more, silent = {"risk": found}, quiet or as_json
    last = written_again(workbook, more, into_memo=into_memo, quiet=silent)
    finish(found, lambda answer: in_words(answer) + last, shown, as_json=as_json)
