"""The command `opt binding`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opt.commands.common import (
    Session,
    session,
    set_option,
    try_memory,
    variant_option,
)
from opt.commands.help_words import WithExamples
from opt.commands.marked_page import opened_page, page_option
from opt.commands.studying import asking, finish, study_options

if TYPE_CHECKING:
    from opt.api import Case
    from opt.commands.binding_words import Studies

SUBJECTS = ("programmes", "limits", "targets")


@click.command(
    cls=WithExamples,
    examples=(
        "binding inputs/small.xlsx",
        "binding inputs/ree_magnets.xlsx --of targets --targets docs/targets.csv",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option(
    "--of",
    "subjects",
    type=click.Choice(SUBJECTS),
    multiple=True,
    default=SUBJECTS,
    help="What is tried; may be repeated; all three without it.",
)
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@variant_option
@click.option("--beside", metavar="VARIANT", help="Another variant: bounds in one more column.")
@click.option(
    "--targets",
    metavar="FILE.csv",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Rows as of sheet targets, to be tried in place of the workbook's.",
)
@set_option
@page_option
@study_options
def binding(workbook: Path, page: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Which programmes, limits and targets bind: what no plan can beat without each.

    Programmes, yearly limits on building and limits on private money are left out one by one; each
    target is tried alone. Exit code 5: some of it was stopped, or failed.
    """
    try_memory()
    from opt.commands.binding_words import MARKS, in_markdown, in_words

    opened = opened_page(page, MARKS)
    with (
        _with_targets(workbook, given["targets"]) as source,
        session(math.inf, quiet=quiet, as_json=as_json) as shown,
    ):
        studies = _studies(source, shown, given)
    finish(studies, in_words, shown, as_json=as_json, page=opened, markdown=in_markdown)


@contextmanager
def _with_targets(workbook: Path, targets: Path | None) -> Iterator[Path]:
    """The workbook; with other targets a copy of it, for as long as this is open."""
    if targets is None:
        yield workbook
        return
    from opt.data.convert import convert

    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / workbook.stem
        convert(workbook, folder)
        shutil.copyfile(targets, folder / "targets.csv")
        yield folder


def _studies(source: Path, shown: Session, given: dict[str, Any]) -> Studies:
    """The study of the case and, where another variant is named, of that."""
    from opt import api, questions
    from opt.commands.binding_words import Studies, Study

    variants = [given["variant"], *([given["beside"]] if given["beside"] else [])]
    cases: list[Case] = [api.load(source, given["overrides"], variant) for variant in variants]
    instance = questions.base_of(cases[0], given["scenario"]).instance
    with asking(instance, shown, given) as runner:
        asked = (given["scenario"], given["subjects"], runner)
        return Studies(
            tuple(
                Study(case, questions.binding(case, *asked, absence_alone=n > 0))
                for n, case in enumerate(cases)
            )
        )
