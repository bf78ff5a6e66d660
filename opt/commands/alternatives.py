"""The command `opt alternatives`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, try_memory
from opt.commands.help_words import WithExamples
from opt.commands.studying import asking, finish, opened, study_options, within_option


@click.command(
    cls=WithExamples,
    examples=(
        "alternatives outputs/small",
        "alternatives outputs/gallium --within 2 --most 20",
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@within_option
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=12,
    show_default=True,
    help="How many lists are looked for at most.",
)
@study_options
def alternatives(
    run: Path, within: float, most: int, as_json: bool, quiet: bool, **given: Any
) -> None:
    """Other lists of projects that come near the best plan.

    RUN is the folder of a finished run, or a workbook. Every list is without a superfluous project,
    as far as that is known; every plan within so many points of the best one builds one of them
    whole, where they are complete. Exit code 5: they are not.
    """
    try_memory()
    from opt import best_plans
    from opt.commands.alternatives_words import in_words

    asked = opened(run)
    with session(math.inf, quiet=quiet, as_json=as_json) as shown:
        instance = best_plans.base_asked(asked).instance
        with asking(instance, shown, given) as runner:
            found = best_plans.alternatives(asked, within, most, runner)
    finish(found, in_words, shown, as_json=as_json)
