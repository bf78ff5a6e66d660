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
manifest is of an older version: its plan, tables and metrics are audited, and that is said.

Every key of `run.json` is expected and no other. A number may differ from what it is worked out to
be by 1e-6 of itself, near zero by 1e-9 of a share, a tenth of a cent, or 1e-12 of the largest
demand; a pooled share by 1e-6; a pass from the flows by what passes may leave each other. `seconds`
of a pass is a clock, and `largest_violation` of the audit below 1e-9 is rounding: neither is held.

Some of it nothing else in the folder tells, so that it rests on the solve alone: the bounds (held
to value and gap); of an option that was solved for itself (`cost_musd` is null) what it commits,
who pays, and what it leaves exposed and short in each year (the rest of the row is worked out of
them); a plan of a finished run that was improved on; notes, words of targets, and versions.
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
