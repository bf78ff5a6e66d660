"""The command `opt init`."""
# ruff: noqa: PLC0415

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opt.commands.common import debug_option
from opt.commands.help_words import WithExamples

if TYPE_CHECKING:
    from opt.data.reading.grids import Grids


_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})")


@click.command(
    cls=WithExamples,
    examples=(
        "init my_case.xlsx",
        "init my_small.xlsx --from inputs/small.xlsx",
        "init my_mineral.xlsx --empty --years 2026-2040",
    ),
)
@click.argument("file", metavar="FILE.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "case",
    metavar="CASE",
    type=click.Path(path_type=Path),
    help="A workbook or folder whose content to take over; a tiny example without it.",
)
@click.option("--empty", is_flag=True, help="Sheets and columns alone, without an example.")
@click.option(
    "--years",
    metavar="A-B",
    help="With --empty: the first and last year of the plan, such as 2026-2040.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@debug_option
def init(file: Path, case: Path | None, empty: bool, years: str | None, force: bool) -> None:
    """Write a new workbook with drop-downs, units, help and an example."""
    from opt.data.convert import refuse_existing, save_workbook
    from opt.data.example import EXAMPLE
    from opt.data.reading.excel_limits import refuse_beyond_excel
    from opt.data.reading.grids import complete, grids_of, plan_years
    from opt.data.reading.workbook import read_raw

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"'{file}' must end in .xlsx.")
    if empty and case:
        raise click.UsageError("--empty and --from exclude each other.")
    if years is not None and not empty:
        raise click.UsageError("--years goes with --empty.")
    grids: Grids = _empty(years) if empty else dict(EXAMPLE)
    refuse_existing(file, force)
    if case:
        raw = read_raw(case)
        refuse_beyond_excel(raw)
        grids = grids_of(raw)
    save_workbook(file, complete(grids, plan_years(grids)))
    click.echo(f"{file} written. Next: fill it, then python -m opt check {file}", err=True)


def _empty(years: str | None) -> Grids:
    """Settings of a plan over some years, and no other row."""
    from opt.data.setup import LONGEST_PLAN
    from opt.data.sheets.ranges import YEARS
    from opt.data.sheets.setup import SCHEMA_VERSION

    found = _YEARS.fullmatch(years or "2026-2035")
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if first not in YEARS or last not in YEARS or first > last:
        raise click.UsageError(f"'{years}' is not two years in order, such as 2026-2040.")
    if last - first + 1 > LONGEST_PLAN:
        raise click.UsageError(f"'{years}': at most {LONGEST_PLAN} years can be planned.")
    rows = (("schema", SCHEMA_VERSION), ("first_year", first), ("last_year", last))
    return {"settings": (("key", "value"), *rows)}
