"""The command `opt risk`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, set_option, try_memory, variant_option
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, finish, study_options

MEASURES = ("expected", "cvar", "worst", "regret")


@click.command(
    cls=WithExamples,
    examples=(
        "risk inputs/gallium.xlsx --measure cvar --alpha 0.8",
        "risk inputs/gallium.xlsx --draw 20 --seed 1",
        "risk inputs/ree_magnets.xlsx --scenarios base,delay_1,kachin",
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
@variant_option
@set_option
@study_options
def risk(workbook: Path, as_json: bool, quiet: bool, **given: Any) -> None:
    """One plan for many scenarios, and what it is worth to know more.

    Commitments, who pays for them, and what stock does before the scenarios differ are the same in
    all; flows, releases and service are each scenario's own. With setting second_wave commitments
    from that year on wait until it is known which scenario comes. Exit code 5: some of it was
    stopped, or failed.
    """
    try_memory()
    from opt import api, questions
    from opt.commands.risk_words import in_words

    case = api.load(workbook, given["overrides"], given["variant"])
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
            runner=runner,
        )
    finish(found, in_words, shown, as_json=as_json)
