"""docs/outputs.md, made from the declarations of the output tables."""

from __future__ import annotations

from opt.report.tables import TABLES, Table

INTRODUCTION = """\
# What a run leaves behind

This page is made from the declarations in `opt/report/tables.py`; a test keeps the two equal.

A run folder is written whole or not at all. Same inputs, options and versions give the same files;
only `seconds` in `run.json` and the solver's own log hold a clock.

| file | content |
| --- | --- |
| `run.json` | the answer for programs: passes with bound, metrics, projects, settings, audit |
| `results.xlsx` | the answer for Excel users: a cover, one table a sheet, native charts |
| `tables/*.csv` | the tables below: UTF-8, a header row, full precision |
| `memo.docx` | two pages and annexes, DRAFT, with `[Analyst: ...]` prompts for advice |
| `report.html` | one static page without script, for mail and for the archive |
| `charts/*.svg`, `*.png` | the figures |
| `solver.log`, `input/` | the solver's log; a copy of the workbook or of its folder |

`id` in `run.json`, on the memo and on the workbook's cover, is a hash of what was asked (input,
scenario, variant, settings but `threads`, objective, given plan) and of the versions: the same id
means the same answer. `status` is `optimal` where every pass was solved to its gap; of a given plan
that is said of its flows and payments, and `sentences` holds, word for word, what memo, page and
cover say of it. `products` of a project are what it makes at full capacity, fed as in the plan,
each in its own unit, without residues and waste; `usable` is the share of its capacity that can
run, by year, under the scenario. `amount_left_musd` is what is left of a programme's amount.

Amounts are in the workbook's units, money in USD million of its price year, shares in 0 to 1. Ids
stand as in the workbook. A blank cell means that there is no value. Sheets and sections on stock,
support and targets stand only where the workbook uses them; their CSV files are always there.
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
