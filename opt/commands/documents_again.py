"""The documents of a finished run, written again with the answers of studies beside it."""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opt.commands.common import Exit, leave, written_words

if TYPE_CHECKING:
    from opt.record.run import Run
    from opt.record.shown import Shown

DOCUMENTS = ("memo.docx", "report.html", "results.xlsx", "charts")
MOST_FINDINGS = 5
DECK = "deck.pptx"

into_option = click.option(
    "--memo",
    "into_memo",
    is_flag=True,
    help="Write the run's documents again with this answer as a section of their own.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the documents go (None: the run's own folder), after which house template, and whether
    as slides too; a run that has slides keeps them."""

    out: Path | None = None
    template: Path | None = None
    slides: bool = False
    quiet: bool = False


def write_again(
    folder: Path, wanted: Wanted, more: Mapping[str, Shown] | None = None
) -> tuple[Path, Run]:
    """Write a run's documents again, with the answers that stand in its folder and `more` by name,
    and give the folder and the run; a finished answer that stands there stays where the new one is
    not finished. Ends the command where the audit does not confirm the run."""
    from opt import api
    from opt.audit import audit_folder
    from opt.record.place import hold
    from opt.record.studies import read_studies, with_newer
    from opt.report.folder import write_into

    report = audit_folder(folder).report
    if not report.passed:
        click.echo("The audit does not confirm this run; nothing was written.", err=True)
        for finding in report.findings[:MOST_FINDINGS]:
            click.echo(f"  {finding}", err=True)
        leave(Exit.NOT_CONFIRMED)
    run = api.read(folder)

    def tell(words: str) -> None:
        if not wanted.quiet:
            click.echo(words, err=True)

    slides = wanted.slides or (folder / DECK).is_file()
    with hold(wanted.out or folder, overwrite=True, tell=tell) as place:
        answers, stay = with_newer(read_studies(folder), more or {})
        tell_stay(stay)
        return write_into(place, run, wanted.template, answers, slides=slides), run


def tell_stay(stay: Mapping[str, str]) -> None:
    """Say, however quiet, which answers just given are not in the run, and why."""
    for name, why in stay.items():
        click.echo(f"{name}: {why}.", err=True)


def written_again(folder: Path, more: Mapping[str, Shown], *, into_memo: bool, quiet: bool) -> str:
    """The same with `more` where it goes into the memo, told as the last lines of what a command
    says; blank where it does not."""
    if not into_memo:
        return ""
    written, _ = write_again(folder, Wanted(quiet=quiet), more)
    return f"\n\n{written_words(written, ', '.join(DOCUMENTS))}"
