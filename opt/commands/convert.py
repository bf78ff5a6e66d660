"""The command `opt convert`."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path

import click

from opt.commands.common import debug_option, tell_workbook_written
from opt.commands.help_words import WithExamples


@click.command(
    cls=WithExamples,
    examples=(
        "convert inputs/small.xlsx small_csv",
        "convert small_csv small_again.xlsx",
    ),
)
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file, or CSV files, that exist.")
@debug_option
def convert(source: Path, target: Path, force: bool) -> None:
    """Turn a workbook into a folder of CSV files, or a folder into a workbook (.xlsx)."""
    from opt.data.convert import convert as convert_workbook

    convert_workbook(source, target, force, lambda words: click.echo(words, err=True))
    tell_workbook_written(target)
