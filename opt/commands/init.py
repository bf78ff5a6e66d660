"""The command `opt init`."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path

import click

from opt.commands.common import debug_option


@click.command()
@click.argument("file", metavar="FILE.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "case",
    metavar="CASE",
    type=click.Path(path_type=Path),
    help="A workbook or folder whose content to take over; a tiny example without it.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@debug_option
def init(file: Path, case: Path | None, force: bool) -> None:
    """Write a new workbook with drop-downs, units, help and an example."""
    from opt.data.convert import refuse_existing, save_workbook
    from opt.data.example import EXAMPLE
    from opt.data.reading.excel_limits import refuse_beyond_excel
    from opt.data.reading.grids import Grids, complete, grids_of, plan_years
    from opt.data.reading.workbook import read_raw

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"'{file}' must end in .xlsx.")
    refuse_existing(file, force)
    grids: Grids = dict(EXAMPLE)
    if case:
        raw = read_raw(case)
        refuse_beyond_excel(raw)
        grids = grids_of(raw)
    save_workbook(file, complete(grids, plan_years(grids)))
    click.echo(f"{file} written. Next: fill it, then python -m opt check {file}", err=True)
