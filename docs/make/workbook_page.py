"""docs/workbook.md, made from the declaration of the workbook."""

from __future__ import annotations

from by_product import BY_PRODUCT

from opt.data.sheets.columns import Column, Sheet, YearColumns
from opt.data.sheets.ranges import YEAR, Range
from opt.data.sheets.registry import SETTINGS, SHEETS
from opt.data.words import figure

INTRODUCTION = """\
# The workbook

This page is made from the declarations in `opt/data/sheets/`; a test keeps the two equal.

A case is an `.xlsx` workbook, or a folder of CSV files with the same names (`regions.csv`, ...).
`python -m opt init case.xlsx` writes a new one, `python -m opt convert A B` turns one form into the
other without loss, `python -m opt check case.xlsx` lists every fault and warning by cell, and how
many rows carry which grade; with `--grades` it also solves the case and says how much of the plan's
capital, and of its fall of dependence, rests on each grade. The file is never written to.

In the workbook each sheet has its title in A1, one line of help in row 2, units in row 3, headers
in row 4 and data from row 5; a plain header in row 1 works too. `*` marks what is required. Ids are
trimmed and matched without case. Columns that begin with `x_` are yours and are not read. A blank
cell means what the last column says, and each default used is listed in the run and in the memo.

Of an `.xlsx` file only what its cells hold is read: no looks, drawings, drop-downs or properties.
Files of other programs and in the Strict form of the format are read too; what cannot be read is
named by sheet or part, and so is a file that unpacks to more than 500 MB.

- A formula counts with its stored value; one whose text is empty is a blank cell. One that was
  never calculated is a fault; where the file says that its formulas are still to be calculated, the
  stored values are read with a warning, and `python -m opt convert`, which would fix them, refuses.
- An error value is a fault, in whichever language it is written.
- A cell formatted as a date holds a number. Where a year is wanted (also in a header) a number from
  1900 to 2200 is that year, though the cell shows a day of 1905, and a later day stands for its
  year; both with a warning. Where any other number is wanted a date or a time is a fault, and so is
  a day before 1906 where text is wanted.
- A header names one year: `2026`, not `2026/27`, which is a fault.
- The totals row of an Excel table is left out, with a warning. Hidden rows and rows below the table
  are used, with a warning. Merged cells are a fault.

A number beyond what is *possible* is refused by cell, with the unit; one beyond what is *usual* is
warned of, since it is mostly a slip of the unit (USD for USD million, kt for t, months for years).
0 is always usual. So are numbers warned of that are a hundred times as large or as small as others
of their kind: other years of a row, capex a unit of capacity and opex of plants with the same
processes, the price in other markets; and a commodity of which all plants could make 300 times as
much or as little as is asked for.

A *folder* holds its tables as CSV in UTF-8, with commas between cells and points in numbers. Files
whose names begin with `.` or `~$` are left by systems and programs and are no tables. Refused are
other separators, quotation marks that never close, links, and pipes. A spreadsheet runs a cell that
begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula: such text is written behind
an apostrophe (`'=1+1`), which reading takes away; numbers stay as they are (`-1`).
`python -m opt convert` refuses by cell what an `.xlsx` file cannot hold: text of more than 32,767
letters, and characters that no document can show, which are no part of any case. With `--force` it
replaces the tables of a folder that is there, all at once: other files in it stay, and tables that
the new one has not are moved beside it, to `NAME-kept`.

*Names* are compared as they are seen: accents composed (Unicode NFC), without case, outer spaces
and marks that nobody sees. Two names that look alike and are not, as by a letter of another script,
are warned of. Numbers are written in the digits 0 to 9. A hint never changes a sign, a size, or
which things are named.

Also *warned of*, since the answer may not be the one that is meant:

- a row of totals among programmes, plants, stocks or demand: its name says so, or its numbers are
  the sum of others; a region, a commodity or a process called Total;
- a sheet with nothing in it, not even a header; a CSV file whose last line does not end, though
  those of other files of its folder do: it may have been cut short;
- `_x000D_` and its like in text, which is how Excel's files write a character; a quotation mark in
  a cell of a CSV file that has none around it;
- a label (stage, mineral, segment, group, bundle, element, plan, variant) of one row alone that is
  a letter away from another, in words of four letters or more, or that lists others: no limit,
  filter or target of the others holds for the row;
- a year of demand, prices or capacity more than 20 years outside the plan: a header mistyped;
- a limit of a programme, of private capital or of building that is blank in some years and given in
  others (blank is no limit), and one for a year outside the plan;
- a process that makes more mass than it uses while contents do not tell, a commodity without
  contents made of what has them, plants whose processes follow one another and so share one
  capacity, plants without capacity, ramps that fall, a shock given twice.

Processes that feed each other and make something out of nothing are refused, with contents or
without, and so is a case without demand. What is wrong with a plan of sheet plans refuses that plan
alone, where it is asked for. Warnings that change no answer come last and are not in the memo.

The solver holds rows to 1e-9 of the model's units, so numbers of one case may not lie too far
apart. Refused, by the cells of the two extremes, are demand that counts (allied, with a weight)
beyond 1e8 times the smallest; weights beyond 1e6 times; amounts of one recipe beyond 1e8 times; a
candidate that could make more than 1e6 times the largest demand that counts, or less than 1e-8 of
it; candidates that could be paid for beyond 1e6 times the cheapest; and a year's running cost
beyond 1e8 times the cheapest candidate. A candidate dearer than all money that could be ready for
it is no extreme: it cannot be built.

## How it is read

- Demand, prices and facility capacities given by year are interpolated in a straight line between
  given years; before the first given year they take its value; a year after the last given one is
  an error.
- Lead times are whole years, fractions rounded up. A project committed in v first operates in
  v + lead_time; in its n-th year it reaches the n-th value of its ramp, or the last one.
- Without a spend profile capex falls due evenly over max(1, lead_time) years from the year of
  commitment on, by the lead_time of the workbook: a scenario that delays a project puts off its
  operation, not its payments.
- The lane row with the highest score holds for a pair: 2 for an id, 1 for `bloc:NAME`, 0 for `*`,
  summed over origin, destination and commodity. A pair that no row matches is closed where the
  sheet has rows: closing rows need a row beside them that opens the rest. A limit is for each pair
  separately and for both origin classes together.
- A programme may pay for a project that no `never` row matches and, for every field with `only`
  rows, at least one of them does. Its share of capex is the smallest of its own and of those rows'.
  For stock, what is matched is the stockpile's region and bloc and the commodity, its mineral and
  stage; for support, the plant as it is for projects, and a facility is no project.
- `pays_for` alone says what a programme's money is for; `instrument` is a label, but only a loan
  has `repay_years`. `max_share` and tickets concern capex.
- What comes back of a loan that is lent again adds to the limit of the year in which it comes back,
  and with `carry_over` to that of later years.
- Public money is the least that the commitments need: the floor `public_share`, unless less than
  all the rest is private.
- Projects of one `bundle` are committed in the same year, one unit of each, or none of them: in the
  years in which all of them can be. What requires one of them names it.
- A limit of build_limits on capacity counts what is committed in a year at nameplate: units x
  capacity, or the size, times the most of its commodity that a unit of capacity makes by any of the
  plant's processes. It covers the projects that match and make the commodity. A blank year has no
  limit. With `learn` it grows by that part of what the plants that match could make of the
  commodity in the year before, after ramp, availability, chance and shocks: facilities and what is
  built by then, of plants whose output can be clear. For the year before the first the facilities
  of the first year stand. A row of sheet lifts adds its amount, times the chance where setting
  survival counts it, for each unit of its project and every year from first operation to the end of
  its life. Such a project may make nothing: without processes and capacity, in one unit, with a
  stage of its own by which eligibility and limits find it. With `carry_over` what a year leaves of
  its limit, growth and lifts included, adds to the next: over the years up to any one no more is
  committed than their limits come to together, so that a plant larger than a year's limit waits
  until it fits. Every year of the plan then needs a limit.
- Shocks on supply, ramp, lanes, demand, uptake, money, control and prices act in calendar years; on
  lead_time and capex in the year of commitment. Factors multiply, then shifts add. A price is never
  below 0.
- A shock on money multiplies the yearly limits of the programme that it names, or of all, and not
  its amount; with `carry_over` what is left of them adds up. In a year without a limit factor 0
  means that the programme commits to nothing and buys nothing; what it committed earlier, the
  keeping of its stock and support are still paid, and any other factor changes nothing. A plan
  knows the shocks of its scenario from the first year on, so it commits to nothing that could not
  be paid: a solve lets no commitment lapse.
- A project with `lost_after` can be committed up to that year. Where nobody has, the covered bloc
  builds it: from the year after, plus its lead time, it runs exposed as a commitment of that year
  would run, at any price, and what it costs to build and to keep open is nobody's here. What then
  is exposed supply can only lower shortfall: the loss shows in tables, not in dependence.
- A shock on control puts the plants that it matches under the covered bloc in its years: they make
  exposed output alone, run at any price, and what they could make does not count where a limit
  learns. What they made before stays clear in stock; what they would have made clear is exposed or
  short.
- A facility runs at least `least_use` of what it could make in a year, after ramp, availability,
  chance and shocks; where less runs, each idle unit of capacity costs `idle_cost`. Sheet least_use
  gives it by year, in a straight line between given years. It is no rule of dependence or
  shortfall: plants run or idle as the cost pass decides, in which the cost of idle capacity is
  weighed and then told apart from the cost; the case without new money has it too. What runs for
  nobody is left over. Table idle says what stands idle, everybody served, and which input or demand
  lacks. Without idle_cost it always runs that much: allowed where the facility makes from nothing,
  what it makes may be left over and it needs no support, so that nothing can keep it from that (a
  host metal).
- Dependence counts in the years from `dependence_from` to `dependence_to`, blank: in all. In a year
  that does not count the plan may do worse than no new money, and stock may be taken out of it.
- Beside dependence, which goes by the weights of demand, the same is told without them: in plain
  tonnes, and of the tonnes of each element that setting elements chooses (blank: all that allied
  demand holds). It is told where all demand concerned is in units of mass.
- The price of a commodity in a region is that of the row for the region, else for its bloc, else
  for `*`.
- A stock keeps (1 - loss) of itself each year; purchases add to it, releases take from it.
  Programmes buy for stock between `commit_from` and `commit_to`, at the price of the year, and pay
  the carrying cost of what they added to the initial stock in every year in which it is held, also
  after `commit_to`; both count against amount and yearly limits. Clear material alone is bought
  unless `buys` is any; in the covered bloc everything is exposed. With release disruption a stock
  is drawn on only in years in which the scenario cuts supply or a lane.
- A plant that can make clear output and whose opex and inputs at market prices cost more than its
  outputs earn runs only as far as support covers the gap. A process is judged where all of its
  inputs and some output have a price; an output without one is worth nothing. This holds where
  setting losing_plants is need_support and sheet prices has rows, whether or not a programme pays
  for support; with run, the default, such plants run all the same and no support is paid. A floor
  pays what the price lacks of it, per_unit the amount; price_support without a floor pays the gap.
  Support is paid from `commit_from` on, to the end of the plan.
- What a contract binds of a plant's output goes to its destinations or stays unused: nobody else
  gets it.
- Sheet ranges says between what and what a figure of another sheet may lie. A solve takes the
  figure itself. The cell is named by sheet, row and column, as in sheet variants; it holds a number
  or a default, either end could stand in it, and of a recipe's amount both have its sign. Settings
  that say what is asked have no range, nor have the shares of a spend profile, which sum to 1.
  `python -m opt check` lists the cells without a range that carry most capital.
- A row that another sheet names by several columns is told by all of them, blank ones at the end
  left out: `JPN;magnet;vehicles` of demand, `AUS;*;oxide` of lanes, or `AUS;*;oxide;2030` where
  first_year tells two rows apart. A column of years is named by its header: `2030`, `year_2`.
- A target holds in its year alone. dependence and shortfall are shares of weighted allied demand;
  source_share is what comes from the source, and what is short, of all that the users take in of
  what the stage makes, and what arrives where nothing can use it does not count; home_share is what
  plants of the stage make for the users' own demand, by content of the element where one is named;
  output is in units.
"""


def workbook_page() -> str:
    """The page as Markdown."""
    settings = ["## settings\n", *_lines("key", SETTINGS)]
    sheets = [line for sheet in SHEETS if sheet.name != "settings" for line in _sheet(sheet)]
    return "\n".join([INTRODUCTION, BY_PRODUCT, *settings, *sheets]) + "\n"


def _sheet(sheet: Sheet) -> list[str]:
    lines = [f"\n## {sheet.name}\n", f"{sheet.help}\n", *_lines("column", sheet.columns)]
    if sheet.years is not None:
        lines += _year_lines(sheet.years)
    if sheet.data:
        trace = "`source`, `confidence`, `note`"
        lines.append(f"| {trace} |  |  |  | Where the row comes from, its grade |  |")
    return lines


def _year_lines(block: YearColumns) -> list[str]:
    """A line for the block of years, or one for each word that says what its numbers are."""
    name = "`year_1, year_2, ...`" if block.numbered else "`one column a year`"
    mark = "\\*" if block.required else ""
    kinds: dict[str, Range | None] = {
        f", {block.by} = {word}": own for word, own in block.ranges.items()
    }
    return [
        f"| {name}{mark}{kind} | {block.unit} | {_ranges(own)} | {block.help} |  |"
        for kind, own in (kinds or {"": block.range}).items()
    ]


def _lines(first: str, columns: tuple[Column, ...]) -> list[str]:
    head = [
        f"| {first} | unit | possible | usual | what it holds | blank |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return head + [_column(column) for column in columns]


def _column(column: Column) -> str:
    mark = "\\*" if column.required else ""
    choices = f" ({', '.join(column.choices)})" if column.choices else ""
    refs = f" (of {' or '.join(column.refs)})" if column.refs else ""
    blank = column.blank if column.default is None else f"{column.default}"
    what = f"{column.help}{choices or refs}"
    ranges = _ranges(column.range)
    return f"| `{column.name}`{mark} | {column.unit} | {ranges} | {what} | {blank} |"


def _ranges(allowed: Range | None) -> str:
    """The cells of what is possible and what is usual; blank for what is no number."""
    if allowed is None:
        return " | "
    low, high = _figure(allowed, allowed.low), _figure(allowed, allowed.high)
    least = f"0, {figure(allowed.least)}" if allowed.least and allowed.low == 0 else low
    sign = "\u00b1" if allowed.low < 0 else ""
    usual = " to ".join(_figure(allowed, end) for end in allowed.usual)
    return f"{least} to {high} | {sign}{usual}"


def _figure(allowed: Range, number: float) -> str:
    return str(int(number)) if allowed is YEAR else figure(number)
