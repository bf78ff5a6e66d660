"""The command `opt memo`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from opt.commands.common import debug_option, json_option, quiet_option, tell_json, written_words
from opt.commands.documents_again import DECK, DOCUMENTS, Wanted, write_again
from opt.commands.help_words import WithExamples
from opt.commands.terminal import tell


@click.command(
    cls=WithExamples,
    examples=(
        "memo outputs/small",
        "memo outputs/small --deck --out outputs/small_deck",
    ),
)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Run folder to write; RUN itself without it."
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="A Word document whose styles, page, header and footer the memo takes.",
)
@click.option(
    "--deck", is_flag=True, help="Also eight slides, deck.pptx; a run that has them keeps them."
)
@json_option
@quiet_option
@debug_option
def memo(run: Path, out: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Write the documents of a finished run again: memo, page, results.xlsx and charts.

    Nothing is solved: answers of studies that stand in the run's folder are told again. The run is
    audited first: no memo is made of figures that the audit does not confirm. A document that was
    edited since is kept in a folder beside. Exit code 6: the audit does not confirm the run;
    nothing is written.
    """
    wanted = Wanted(out, given["template"], given["deck"], quiet)
    folder, found = write_again(run, wanted)
    made = [*DOCUMENTS, *([DECK] if (folder / DECK).is_file() else [])]
    if as_json:
        tell_json({"run": str(folder), "id": found.id, "documents": made})
    else:
        tell(written_words(folder, ", ".join(made)))
