"""What `opt update` says: tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from opt.commands.word_table import WordTable, aligned
from opt.record.update import Update
from opt.report import wording

MOST_ROWS = 40
# Shares: what the tolerances of the passes move.
LEAST = 1e-6


def _points(share: float | None) -> str:
    return "not known" if share is None else f"{100 * share:+.2f}"


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "-"
    return f"{_points(low)} to {_points(high)}"


def sentences(found: Update) -> Iterator[str]:
    """What moved in all, and how much of it the changes explain one by one."""
    old, new = found.editions
    yield (
        f"Dependence: {wording.percent(old.dependence)} in the old edition, "
        f"{wording.percent(new.dependence)} in the new: {_points(found.moved)} points, by what is "
        f"proven {_between(found.moved_low, found.moved_high)}."
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


def alone_table(found: Update) -> WordTable:
    """What each change moves alone, the largest first."""
    told = {row.change: row for row in found.cells}
    rows = (
        (
            row.change,
            f"{told[row.change].before or 'blank'} -> {told[row.change].after or 'blank'}"
            if sum(cell.change == row.change for cell in found.cells) == 1
            else f"{sum(cell.change == row.change for cell in found.cells)} cells",
            _points(row.moved),
            _between(row.moved_low, row.moved_high),
        )
        for row in found.alone
        if row.moved is not None and abs(row.moved) > LEAST
    )
    head = ("change", "before -> after", "moves, points", "by what is proven")
    return WordTable(head, tuple(rows)[:MOST_ROWS], frozenset({0, 1, 3}))


def plan_table(found: Update) -> WordTable:
    """Commitments that one plan has and the other has not."""
    rows = (
        (row.project, f"in the {row.edition} plan", str(row.year), str(row.units))
        for row in found.plan[:MOST_ROWS]
    )
    return WordTable(("project", "where", "year", "units"), tuple(rows), frozenset({0, 1}))


def in_words(found: Update) -> str:
    """All of it for a terminal."""
    lines = list(sentences(found))
    for table in (alone_table(found), plan_table(found)):
        if table.rows:
            lines += ["", *aligned(table)]
    return "\n".join(lines)
