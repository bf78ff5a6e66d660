"""docs/outputs.md, made from the declarations of the output tables."""

from __future__ import annotations

from opt.report.tables import TABLES, Table

INTRODUCTION = """\
# What a run leaves behind

This page is made from the declarations in `opt/report/tables.py`; a test keeps the two equal.

A run folder is written whole or not at all. Same inputs, options and versions give the same files;
only `seconds` in `run.json` and the solver's own log hold a clock, so that their hashes differ.

| file | content |
| --- | --- |
| `run.json` | the answer for programs: passes with bound, metrics, projects, settings, audit |
| `results.xlsx` | the answer for Excel users: a cover, one table a sheet, native charts |
| `tables/*.csv` | the tables below: UTF-8, a header row, full precision |
| `memo.docx` | two pages and annexes, DRAFT, with `[Analyst: ...]` prompts for advice |
| `report.html` | one static page without script, for mail and for the archive |
| `charts/*.svg`, `*.png` | the figures |
| `solver.log`, `input/` | the solver's log; a copy of the workbook or of its folder |
| `manifest.json` | the SHA-256 of every other file, by its path |

Amounts are in the workbook's units, money in USD million of its price year, shares in 0 to 1. Ids
stand as in the workbook. A blank cell means that there is no value. Sheets and sections on stock,
support and targets stand only where the workbook uses them; their CSV files are always there.

## What `opt audit` holds it against

`memo.docx`, `report.html`, `results.xlsx`, `charts/` and `solver.log` are for people, who may edit
them: `opt audit` tells that they were edited since. A file of your own in the folder is told too.
`run.json`, `tables/` and `input/` are evidence: a changed, missing or added file there, or a number
that is not what it is worked out to be, is a finding, and the exit code is 6. A file that cannot be
read is named with the place in it, and the exit code is 2. The manifest finds accidents; who
changes a number can change the manifest too, and then only the arithmetic finds it. A run without a
manifest is of an older version: it is audited, and that is said.
"""


def outputs_page() -> str:
    """The page as Markdown."""
    return "\n".join([INTRODUCTION, *(_table(table) for table in TABLES)])


def _table(table: Table) -> str:
    lines = [
        f"## tables/{table.name}.csv\n",
        f"{table.title}. {table.help}\n",
        "| column | unit | what it holds |",
        "| --- | --- | --- |",
        *(f"| `{field.name}` | {field.unit} | {field.help} |" for field in table.fields),
        "",
    ]
    return "\n".join(lines)
