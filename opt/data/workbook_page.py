"""docs/workbook.md, made from the declaration of the workbook."""

from __future__ import annotations

from opt.data.schema import SETTINGS, SHEETS, Column, Sheet

INTRODUCTION = """\
# The workbook

This page is made from the declarations in `opt/data/schema.py`; a test keeps the two equal.

A case is an `.xlsx` workbook, or a folder of CSV files with the same names (`regions.csv`, ...).
`opt init case.xlsx` writes a new one, `opt convert A B` turns one form into the other without loss,
`opt check case.xlsx` lists every fault and warning by cell. The file is never written to.

In the workbook each sheet has its title in A1, one line of help in row 2, units in row 3, headers
in row 4 and data from row 5; a plain header in row 1 works too. `*` marks what is required. Ids are
trimmed and matched without case. Columns that begin with `x_` are yours and are not read. A blank
cell means what the last column says, and each default used is listed in the run and in the memo.

## How it is read

- Demand, prices and facility capacities given by year are interpolated in a straight line between
  given years; before the first given year they take its value; a year after the last given one is
  an error.
- Lead times are whole years, fractions rounded up. A project committed in v first operates in
  v + lead_time; in its n-th year it reaches the n-th value of its ramp, or the last one.
- The lane row with the highest score holds for a pair: 2 for an id, 1 for `bloc:NAME`, 0 for `*`,
  summed over origin, destination and commodity. A limit is for each pair separately and for both
  origin classes together.
- A programme may pay for a project that no `never` row matches and, for every field with `only`
  rows, at least one of them does. Its share of capex is the smallest of its own and of those rows'.
- Public money is the least that the commitments need: the floor `public_share`, unless less than
  all the rest is private.
- Shocks on supply, ramp, lanes, demand and prices act in calendar years; on lead_time and capex in
  the year of commitment. Factors multiply, then shifts add.
"""


def workbook_page() -> str:
    """The page as Markdown."""
    settings = ["## settings\n", *_lines("key", SETTINGS)]
    sheets = [line for sheet in SHEETS if sheet.name != "settings" for line in _sheet(sheet)]
    return "\n".join([INTRODUCTION, *settings, *sheets]) + "\n"


def _sheet(sheet: Sheet) -> list[str]:
    unused = "" if sheet.used else " Read and checked; rows are refused until the model uses them."
    lines = [f"\n## {sheet.name}\n", f"{sheet.help}{unused}\n", *_lines("column", sheet.columns)]
    if sheet.years is not None:
        name = "year_1, year_2, ..." if sheet.years.numbered else "one column a year"
        mark = "\\*" if sheet.years.required else ""
        lines.append(f"| `{name}`{mark} | {sheet.years.unit} | {sheet.years.help} |  |")
    if sheet.data:
        lines.append(
            "| `source`, `confidence`, `note` |  | Where the row comes from, its grade |  |"
        )
    return lines


def _lines(first: str, columns: tuple[Column, ...]) -> list[str]:
    head = [f"| {first} | unit | what it holds | blank |", "| --- | --- | --- | --- |"]
    return head + [_column(column) for column in columns]


def _column(column: Column) -> str:
    mark = "\\*" if column.required else ""
    choices = f" ({', '.join(column.choices)})" if column.choices else ""
    refs = f" (of {' or '.join(column.refs)})" if column.refs else ""
    blank = column.blank if column.default is None else f"{column.default}"
    return f"| `{column.name}`{mark} | {column.unit} | {column.help}{choices or refs} | {blank} |"
