"""docs/outputs.md, made from the declarations of the output tables."""

from __future__ import annotations

from opt.record.table import Table
from opt.record.tables import TABLES

INTRODUCTION = """\
# What a run leaves behind

This page is made from the row types declared in `opt/record/`; a test keeps the two equal.

A run folder is written whole or not at all. Its place is tried before the search and held by one
process; `.NAME.opt/` stands beside it meanwhile, and the next run there clears up what a killed
process left. Nothing that was solved or that a person wrote is removed. It moves beside:

| folder | what it is |
| --- | --- |
| `NAME-new` | a run that is worse than the one at `NAME`, or whole when its process was killed |
| `NAME-kept` | the run before, with files edited or added since it was written |
| `NAME-evidence` | input, tables and `run.json` of a run that could not be written to its end |

Evidence that finds no room there goes to the folder for temporary files; where there is none
either, the plan is printed as rows of sheet plans. A finished run (`status` optimal) is better than
a stopped one. Of two answers to one question the better values win, pass by pass, then the better
bounds; but a run solved to gaps no wider may always take the place, and any with `--overwrite`.

Same inputs, options and versions give the same files;
only `seconds` in `run.json` and the solver's own log hold a clock, so that their hashes differ.

| file | content |
| --- | --- |
| `run.json` | the answer for programs: passes with bound, metrics, projects, settings, audit |
| `results.xlsx` | the answer for Excel users: a cover, one table a sheet, native charts |
| `tables/*.csv` | the tables below: UTF-8, a header row, full precision |
| `facts.csv` | every number of the tables as a row: what names it, measure, year, unit, value |
| `memo.docx` | two pages and annexes, DRAFT; where `python -m opt brief` was run, the studies |
| `report.html` | one static page without script; of studies the points to move among |
| `charts/*.svg`, `*.png` | the figures |
| `solver.log`, `input/` | the solver's log; a copy of the workbook or of its folder |
| `model/` | with `--write-model`: the model, plan and claim of every pass, for any solver |
| `ro-crate-metadata.json` | each file with its SHA-256, as RO-Crate 1.1; dated as the data are |
| `manifest.json` | the SHA-256 of every other file, by its path |

`id` in `run.json`, on the memo and on the workbook's cover, is a hash of what was asked (input,
scenario, variant, settings but `threads`, objective, given plan) and of the versions: the same id
means the same answer. `status` is `optimal` where every pass was solved to its gap; of a given plan
that is said of its flows and payments, and `sentences` holds, word for word, what memo, page and
cover say of it. `products` of a project are what it makes at full capacity, fed as in the plan,
each in its own unit, without residues and waste; `usable` is the share of its capacity that can
run, by year, under the scenario. `amount_left_musd` is what is left of a programme's amount.
`idle_musd` is what it is weighed at that existing plants run less than their least use: the value
of the cost pass is `cost_musd` and it together.

Amounts are in the workbook's units, money in USD million of its price year, shares in 0 to 1. Ids
stand as in the workbook. A blank cell means that there is no value. Sheets and sections on stock,
support, targets and least use stand only where the workbook uses them; their CSV files are always
there.

`opt.read(FOLDER)` gives the run back as `opt.solve` gave it, but for the place of its input, which
is that of the copy; `run.tables["margins"]` is a table below as a pandas DataFrame, its columns
typed, their units in `.attrs["units"]`.

## What `python -m opt audit` holds it against

`memo.docx`, `report.html`, `results.xlsx`, `charts/` and `solver.log` are for people, who may edit
them: `python -m opt audit` tells that they were edited since. A file of your own in the folder is
told too. `run.json`, `facts.csv`, `tables/` and `input/` are evidence: a changed or missing file,
or a number that is not what it is worked out to be, is a finding, and the exit code is 6. A file
that cannot be read is named with the place in it, and the exit code is 2. The manifest finds
accidents; who changes a number can change the manifest too, and then only the arithmetic finds it.
A run.json of another `schema` than 2 is of another release of opt, which has to audit it: exit code
2.

Every key of `run.json` is expected and no other. A number may differ from what it is worked out to
be by 1e-6 of itself, near zero by 1e-9 of a share, a tenth of a cent, or 1e-12 of the largest
demand; a pooled share by 1e-6; a pass from the flows by what passes may leave each other. `seconds`
of a pass is a clock, and `largest_violation` of the audit below 1e-9 is rounding: neither is held.

Some of it nothing else in the folder tells, so that it rests on the solve alone: the bounds (held
to value and gap); of an option that was solved for itself (`cost_musd` is null) what it commits,
who pays, and what it leaves exposed and short in each year (the rest of the row is worked out of
them); a plan of a finished run that was improved on; notes, words of targets, and versions.
"""

MODELS = """\
## model/

`python -m opt solve WORKBOOK --write-model` adds what it takes to solve the passes again with any
solver:

| file | content |
| --- | --- |
| `PASS.mps` | the model that the pass solved, in free MPS |
| `PASS.sol` | the plan it found: name and value of every column, one a line |
| `proof.json` | what is claimed of each pass, and the SHA-256 of its two files |

**Which model.** Every rule of [model.md](model.md), row by row, with the rows that keep earlier
passes (`keep[dependence]`), a dependence target (`keep[dependence_target]`) and a given plan as
fixed columns. Trade without a limit runs through pools of lanes, as there. Passes that depend on
clear flows alone are written as the clear `chain`, which has no exposed flows and is an exact
reduction; the others as the whole `network`; `proof.json` says which. The world pass, a linear
programme for the report, is not written, and who pays is settled after the passes: payments of a
plan here may be others than the run's. Numbers stand with all their digits, so that a reader gets
the same model.

**Names** are the rule or variable and its index: `limit_programme[vault]`, `build[mp_heavy,2027]`.
Besides the variables on that page there are `chosen` (the project chosen of a group), `worst` (the
dependence of the worst year) and `nothing` (zero). Bytes of an id that are no ASCII letter, digit
or one of `_ . - ~ |` are written as % and two hexadecimal digits, as in web addresses: `a b` is
`a%20b`. A name of more than 255 characters is cut to `build[~17]`; `long_names` in `proof.json` has
it whole. What numbers of lanes, pools, ceilings, targets and sets of offtakes stand for is told
under `numbers`.

**proof.json** holds for every pass: `objective`, `sense`, `model`, `value`, `bound` (null: nothing
is proven), `status`, the `gap` that was asked for, `factor` and `constant`. Value and bound are in
the unit a person reads, a share or USD million: factor x (objective of the model file + constant).

`python -m opt audit RUN --bound` checks them with a second solver, SCIP, which `pip install
".[proof]"` brings. `--passes dependence,cost` checks these alone; `--time-limit` is the most
seconds a pass, 600 if not given. For each pass, in this order:

1. The SHA-256 of both files are those of `proof.json`; value, bound and gap are those of
   `run.json`; the plan of the last pass is that of `run.json`.
2. The plan is put into the model by arithmetic of the audit's own: rows, bounds and whole numbers
   hold to 1e-8 of their largest term (of 1 for the smaller ones), the value comes out to 1e-9.
   A pass told to be optimal has its bound within the asked gap.
3. SCIP reads the model and starts from the plan. It keeps rows to 1e-9, as HiGHS did, and searches
   until its own bound reaches the one told.

The verdict, and the exit code that the worst one gives:

- **agrees** (0): SCIP has no plan below the bound told, and its own bound reaches the one told
  ("value and bound") or is within the asked gap of the value.
- **not decided** (5): nothing is contradicted, but SCIP's bound did not get there in time.
- **contradicts** (6): a step above fails, SCIP has a plan below the bound told, or it proves that
  no plan has the value told.

Values of the two solvers are compared to 1e-6 of themselves, and of 1 for the smaller ones: shares
to a ten-thousandth of a percentage point, money to a millionth of itself. `--json` gives `bound`
with `verdict` and, pass by pass, `verdict`, `bound_reached`, `value`, `bound`, `scip_value`,
`scip_bound`, `seconds` and `reasons`.
"""


def outputs_page() -> str:
    """The page as Markdown."""
    return "\n".join([INTRODUCTION, MODELS, *(_table(table) for table in TABLES)])


def _table(table: Table) -> str:
    lines = [
        f"## tables/{table.name}.csv\n",
        f"{table.title}. {table.help}\n",
        "| column | unit | what it holds |",
        "| --- | --- | --- |",
        *(f"| `{field.name}` | {field.unit} | {field.help} |" for field in table.columns),
        "",
    ]
    return "\n".join(lines)
