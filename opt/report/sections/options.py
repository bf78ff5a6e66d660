"""Options: what more or less money and other plans would come to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from opt.record.options import (
    ALL_TAKE,
    FROZEN,
    LESS,
    MINIMUM,
    MORE,
    NAMED,
    NO_NEW_MONEY,
    WITH_MERCHANTS,
    Option,
    OtherOptions,
)
from opt.report import wording
from opt.report.document import Block, Bullets, Figure, Section, TableBlock, Text
from opt.report.sections.levels import SHOWS
from opt.report.sections.money import has_money
from opt.report.sections.years import target_year, years
from opt.report.story import Story, once

# The share of allied demand by which better plans of an option may come lower, unsaid.
UNSAID = 1e-3
FIRST = (NO_NEW_MONEY, FROZEN, WITH_MERCHANTS, MINIMUM, NAMED, LESS)


@once
def options(story: Story) -> tuple[Option, ...]:
    """Every row that says something of its own, from the least on."""
    beside = story.answer(OtherOptions)
    rows = [*story.run.options, *(beside.rows if beside is not None else ())]
    rows.sort(key=lambda row: FIRST.index(row.name) if row.name in FIRST else len(FIRST))
    kept: list[Option] = []
    for row in rows:
        copied = row.name in (MINIMUM, ALL_TAKE) and any(_same(row, other) for other in rows)
        of_nothing = row.name in (MORE, LESS) and not has_money(story)
        if not copied and not of_nothing:
            kept.append(row)
    return tuple(kept)


def _same(row: Option, other: Option) -> bool:
    """Whether two rows are one plan that comes to the same, as far as it shows."""
    return (
        row.name != other.name
        and row.commitments == other.commitments
        and wording.percent(row.dependence) == wording.percent(other.dependence)
    )


def option_named(story: Story, name: str) -> Option | None:
    """The row of a name."""
    return next((row for row in options(story) if row.name == name), None)


@once
def the_plan(story: Story) -> Option:
    """The row of the run's own plan, not that of a larger budget which buys the same."""
    run = story.run
    rows = [row for row in run.options if row.name != MORE]
    made = {(c.project, c.year, c.units) for c in run.solution.commitments}

    def is_plan(row: Option) -> bool:
        own = {(c.project, c.year, c.units) for c in row.commitments}
        return own == made and row.cost_musd is not None

    return next(filter(is_plan, reversed(rows)), rows[-1])


def section(story: Story) -> Section:
    """Every option that was worked out, with what could go wrong."""
    notes = [f"{row.name}: {row.note}" for row in options(story) if row.note]
    told = (*_left_open(story), *([Bullets(notes)] if notes else []))
    return Section("options", "Options", (_block(story), *told))


def memo_section(story: Story) -> Section:
    """The same, and what the plan does to dependence by year; the page says how large."""
    blocks = (_block(story), *_left_open(story), Figure("dependence"))
    return Section("options", "Options", blocks)


def _left_open(story: Story) -> Iterator[Block]:
    """Which options may have a better plan than the one that was found, and how far it may go."""
    beats = [
        f"{wording.bound_value('dependence', row.bound)} with {row.name}"
        for row in options(story)
        if _may_be_beaten(row)
    ]
    if beats:
        least = wording.names(beats, len(beats))
        yield Text(f"Not searched to the end: no plan can beat a mean of {least}.")


def _may_be_beaten(row: Option) -> bool:
    """Whether a plan of an option may be better than the one that was found by what shows."""
    return math.isfinite(row.bound) and row.dependence - row.bound > UNSAID


def _block(story: Story) -> Block:
    rows = options(story)
    if not rows:
        return Text("No other option was worked out in this run.")
    counted = years(story).counted
    last = wording.year(target_year(story))
    heads = ["Option", f"Level in {last}", "Mean", "Public, USD m", "Capital, USD m"]
    heads += ["Added cost, USD m", "Plants", "Runs from"]
    widths = [3.6, 1.4, 1.2, 1.5, 1.5, 1.7, 1.1, 1.4]
    short = any(y.shortfall > SHOWS for row in rows for y in row.by_year) and _told_apart(story)
    if short:
        heads.append("Not served, worst year")
        widths.append(2.0)
    span = wording.years(counted[0], counted[-1]) if counted else "no year"
    title = (
        f"Options: level in {last}, mean over {span}, and what each takes; added cost is discounted"
    )
    lines = [[*_line(story, row), *([_short(row)] if short else [])] for row in rows]
    return TableBlock(title, heads, lines, widths, tuple(range(1, 8)), dense=True)


def _told_apart(story: Story) -> bool:
    """Whether exposed and short are told apart anywhere: cases that were solved on the clear chain
    alone have all that is not clear as short."""
    return any(
        e.shortfall > SHOWS for e in (*story.run.metrics.by_year, *story.run.baseline.by_year)
    )


def _line(story: Story, row: Option) -> Sequence[str]:
    before = story.run.baseline.cost_musd
    added = "not asked" if row.cost_musd is None else wording.short_money(row.cost_musd - before)
    return (
        row.name,
        wording.whole_percent(row.by_year[-1].dependence) if row.by_year else "not known",
        wording.percent(row.dependence),
        wording.short_money(row.public_musd),
        wording.short_money(row.capex_musd),
        added,
        wording.number(row.plants),
        "none" if row.first_output is None else wording.year(row.first_output),
    )


def _short(row: Option) -> str:
    """What goes unserved in the worst year; of a case solved on the clear chain it is not known."""
    if row.cost_musd is None or not row.by_year:
        return "not asked"
    worst = max(row.by_year, key=lambda y: y.shortfall)
    if worst.shortfall <= SHOWS:
        return "nothing"
    return f"{wording.whole_percent(worst.shortfall)} in {wording.year(worst.year)}"
