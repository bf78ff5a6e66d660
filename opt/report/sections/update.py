"""A new edition of the data: what moved, what each change moves alone, and the rest together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from opt.record.update import AloneChange, EditionCase, Update
from opt.report import wording
from opt.report.document import Block, Section, TableBlock, Text
from opt.report.sections.cells import cell_words
from opt.report.story import Story

TITLE = "Since the last edition of the data"
MOST_ROWS = 15  # of a table in the documents: the answer of the study has all
# Shares: what the tolerances of the passes move.
LEAST = 1e-6


def section(story: Story) -> Section | None:
    """What moved and what moved it; none where no edition was compared."""
    found = story.answer(Update)
    if found is None:
        return None
    blocks: list[Block] = [Text(text) for text in sentences(found)]
    for table in tables(found):
        named = _named(story, table, found)
        blocks.append(replace(named, lines=named.lines[:MOST_ROWS]))
        if len(table.lines) > MOST_ROWS:
            blocks.append(Text(f"And {len(table.lines) - MOST_ROWS} rows more."))
    return Section("update", TITLE, blocks)


def sentences(found: Update) -> Iterator[str]:
    """What moved in all, and how much of it the changes explain one by one."""
    old, new = found.editions
    yield (
        f"Dependence: {wording.percent(old.dependence)} in the old edition, "
        f"{wording.percent(new.dependence)} in the new: {_points(found.moved)} points, by what is "
        f"proven {_between(found.moved_low, found.moved_high)}."
    )
    yield (
        f"Discounted cost of the plans found: {wording.money(old.cost_musd)} and "
        f"{wording.money(new.cost_musd)}."
    )
    cells = wording.count(len(found.cells), "cell or row", "cells or rows")
    yield f"{cells} changed, tried alone as {wording.count(len(found.alone), 'change')}."
    if found.alone:
        yield (
            f"Alone the changes come to {_points(found.moved - found.rest)} points; what they do "
            f"together, and those that cannot stand alone, to {_points(found.rest)}."
        )
    still = sum(row.moved is not None and abs(row.moved) <= LEAST for row in found.alone)
    if still:
        yield f"Of these {still} move nothing alone."
    yield from (f"Not known of {row.change}: {row.reason}." for row in found.alone if row.reason)


def tables(found: Update) -> tuple[TableBlock, ...]:
    """The editions, the changes that move something, the largest first, and where the plans differ;
    those without a row are left out."""
    made = (_editions(found), _alone(found), _plans(found))
    return tuple(table for table in made if table.lines)


def _editions(found: Update) -> TableBlock:
    lines = [
        (
            row.edition,
            row.workbook,
            wording.percent(row.dependence),
            _bound(row),
            wording.short_money(row.cost_musd),
            wording.short_money(row.capex_musd),
            wording.short_money(row.public_musd),
            str(row.projects),
        )
        for row in found.editions
    ]
    heads = (
        *("edition", "workbook", "dependence", "no plan can beat", "discounted cost, USD m"),
        *("capital, USD m", "public, USD m", "projects"),
    )
    return TableBlock(
        "The two editions, the plan found of each", heads, lines, (2, 3, 2.4, 2, 2, 2, 2, 2),
        tuple(range(2, len(heads))),
    )  # fmt: skip


def _bound(edition: EditionCase) -> str:
    """What no plan of an edition can beat, never above what its plan comes to."""
    if not math.isfinite(edition.bound):
        return "-"
    if edition.dependence - edition.bound <= LEAST:
        return wording.percent(edition.dependence)
    return wording.bound_value("dependence", edition.bound)


def _alone(found: Update) -> TableBlock:
    lines = [
        (row.change, _told(found, row), _points(row.moved), _between(row.moved_low, row.moved_high))
        for row in found.alone
        if row.moved is not None and abs(row.moved) > LEAST
    ]
    heads = ("change", "before -> after", "moves, points", "by what is proven")
    title = "What each change moves alone in the old edition"
    return TableBlock(title, heads, lines, (4, 3, 2, 3), (2,))


def _told(found: Update, row: AloneChange) -> str:
    """What stood there and what does, of a change of one cell; else how many it is made of."""
    own = [cell for cell in found.cells if cell.change == row.change]
    if len(own) != 1:
        return wording.count(len(own), "cell")
    return f"{_as_read(own[0].before)} -> {_as_read(own[0].after)}"


def _as_read(text: str) -> str:
    """A cell as a spreadsheet shows it: numbers of no more than 15 digits."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text or "blank"


def _plans(found: Update) -> TableBlock:
    lines = [
        (row.project, f"in the {row.edition} plan", str(row.year), str(row.units))
        for row in found.plan
    ]
    title = "Where the plans found differ; others may do as well"
    return TableBlock(title, ("project", "where", "year", "units"), lines, (4, 3, 1, 1), (2, 3))


def _named(story: Story, table: TableBlock, found: Update) -> TableBlock:
    """A table with names in place of ids: of projects, of single cells that changed."""
    if table.heads[0] == "project":
        name = story.run.case.plant_name
        return replace(table, lines=[(name(line[0]), *line[1:]) for line in table.lines])
    if table.heads[0] == "change":
        words = {row.change: _change_words(story, found, row.change) for row in found.alone}
        return replace(table, lines=[(words[line[0]], *line[1:]) for line in table.lines])
    return table


def _change_words(story: Story, found: Update, change: str) -> str:
    """A change by names: its cell where it is one, else as it is told."""
    own = [cell for cell in found.cells if cell.change == change]
    if len(own) != 1 or not own[0].column:
        return change
    return cell_words(story, own[0].sheet, own[0].row, own[0].column)


def _points(share: float | None) -> str:
    if share is None:
        return "not known"
    told = f"{100 * share:+.2f}"
    return "0.00" if float(told) == 0.0 else told


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "-"
    return f"{_points(low)} to {_points(high)}"
