"""The command `opt merge`."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path

import click

from opt.commands.common import debug_option, set_option, tell_workbook_written
from opt.commands.help_words import WithExamples


@click.command(
    cls=WithExamples,
    examples=("merge inputs/gallium.xlsx inputs/graphite.xlsx --out two_minerals.xlsx",),
)
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The merged workbook: an .xlsx by that ending, else a folder of CSV files.",
)
@set_option
@click.option("--force", is_flag=True, help="Replace a file, or CSV files, that exist.")
@debug_option
def merge(sources: tuple[Path, ...], out: Path, overrides: dict[str, str], force: bool) -> None:
    """Join workbooks of several minerals into one, under the programmes that they share."""
    from opt.commands.check_words import report
    from opt.data.merge import merge as merge_workbooks

    merged = merge_workbooks(
        sources, out, overrides, force=force, tell=lambda words: click.echo(words, err=True)
    )
    if merged.warnings:
        click.echo(report((), merged.warnings), err=True)
    tell_workbook_written(out)
