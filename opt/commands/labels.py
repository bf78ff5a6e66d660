"""The command `opt labels`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from opt.commands.common import session, try_memory
from opt.commands.help_words import WithExamples
from opt.commands.studying import (
    asking,
    exact_option,
    finish,
    opened,
    study_options,
    within_option,
)


@click.command(
    cls=WithExamples,
    examples=(
        "labels outputs/small",
        "labels inputs/gallium.xlsx --within 0.5",
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@within_option
@exact_option
@study_options
def labels(run: Path, within: float, exact: bool, as_json: bool, quiet: bool, **given: Any) -> None:
    """Every candidate of a run's case: core, borderline or exterior.

    RUN is the folder of a finished run, or a workbook. Core is what every plan within so many
    points of the best one builds, exterior what none does, each with the interval of what the other
    decision loses. Exit code 5: some of it was stopped, or failed.
    """
    try_memory()
    from opt import best_plans
    from opt.commands.labels_words import in_words

    asked = opened(run)
    with session(math.inf, quiet=quiet, as_json=as_json) as shown:
        instance = best_plans.base_asked(asked).instance
        with asking(instance, shown, given) as runner:
            found = best_plans.labels(asked, within, runner, exact=exact)
    finish(found, in_words, shown, as_json=as_json)
