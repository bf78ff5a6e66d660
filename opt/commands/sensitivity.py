"""The command `opt sensitivity`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, try_memory
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, finish, study_options


def _read_widths(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    """Half widths by grade, as shares of the figure."""
    from opt.data.graded_ranges import HALF_WIDTHS

    widths = dict(HALF_WIDTHS)
    for text in given:
        grade, _equals, value = text.partition("=")
        try:
            width = float(value)
        except ValueError:
            width = -1.0
        if grade not in widths or not 0 < width <= 1:
            known = ", ".join(HALF_WIDTHS)
            message = f"'{text}' is not GRADE=SHARE, of grades {known} and a share to 1: D=0.3."
            raise click.BadParameter(message)
        widths[grade] = width
    return widths


@click.command(
    cls=WithExamples,
    examples=(
        "sensitivity outputs/small",
        "sensitivity outputs/small --width D=0.5 --top 5",
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--reoptimise", is_flag=True, help="Also look for the best plan at every end.")
@click.option(
    "--top",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Switching values of so many cells, those that move the plan most.",
)
@click.option(
    "--width",
    "widths",
    metavar="GRADE=SHARE",
    multiple=True,
    callback=_read_widths,
    help="How far figures of a grade lie to either side where sheet ranges has none; repeated.",
)
@study_options
def sensitivity(
    run: Path, reoptimise: bool, top: int, as_json: bool, quiet: bool, **given: Any
) -> None:
    """What a run's plan rests on: figures at both ends of their ranges, one at a time.

    Ranges are those of sheet ranges; figures without one go by their grade. Told are the values at
    which the plan switches, and the cells to verify first. Exit code 5: some of it was stopped, or
    failed.
    """
    try_memory()
    from opt import api, questions
    from opt.commands.sensitivity_words import in_words

    held = api.read(run)
    instance = questions.base_of_run(held).instance
    with (
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
        asking(instance, shown, given) as runner,
    ):
        found = questions.sensitivity(
            held, runner, reoptimise=reoptimise, top=top, half_widths=given["widths"]
        )
    finish(found, in_words, shown, as_json=as_json)
