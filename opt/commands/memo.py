"""The command `opt memo`."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from opt.commands.common import Exit, debug_option, json_option, leave, quiet_option, tell_json

MOST_FINDINGS = 5


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Run folder to write; RUN itself without it."
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="A Word document whose styles, page, header and footer the memo takes.",
)
@click.option("--deck", is_flag=True, help="Also eight slides, deck.pptx.")
@json_option
@quiet_option
@debug_option
def memo(run: Path, out: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Write the documents of a finished run again: memo, page, results.xlsx and charts.

    Nothing is solved: answers of studies that stand in the run's folder are told again. The run is
    audited first: no memo is made of figures that the audit does not confirm. A document that was
    edited since is kept in a folder beside. Exit code 6: the audit does not confirm the run;
    nothing is written.

    \b
    Example:
      python -m opt memo outputs/small --template house.docx
    """
    from opt import api
    from opt.audit import audit_folder
    from opt.record.place import hold
    from opt.record.studies import read_studies
    from opt.report.folder import write_into

    report = audit_folder(run).report
    if not report.passed:
        click.echo("The audit does not confirm this run; nothing was written.", err=True)
        for finding in report.findings[:MOST_FINDINGS]:
            click.echo(f"  {finding}", err=True)
        leave(Exit.NOT_CONFIRMED)
    found, answers = api.read(run), read_studies(run)

    def tell(words: str) -> None:
        if not quiet:
            click.echo(words, err=True)

    with hold(out or run, overwrite=True, tell=tell) as place:
        folder = write_into(place, found, given["template"], answers, slides=given["deck"])
    made = [*DOCUMENTS, *(["deck.pptx"] if given["deck"] else [])]
    if as_json:
        tell_json({"run": str(folder), "id": found.id, "documents": made})
    else:
        click.echo(f"Written: {folder}  ({', '.join(made)})")


DOCUMENTS = ("memo.docx", "report.html", "results.xlsx", "charts")
