"""Money against dependence: the points that no plan with less money beats."""

from __future__ import annotations

import math

from opt.record.frontier import Frontier, FrontMineral, FrontPoint
from opt.report import wording
from opt.report.document import Block, Figure, Section, TableBlock, Text
from opt.report.story import Story

TITLE = "What more and less money buys"
LEAST = 2  # points that make a figure


def front(story: Story) -> Frontier | None:
    """The front of all programmes together; None where it was not worked out, or is one point."""
    found = story.answer(Frontier)
    return found if found is not None and len(found.points) >= LEAST else None


def figures(story: Story) -> list[Figure]:
    """The figure of the front; none where there is none."""
    return [Figure("frontier")] if front(story) else []


def sentence(story: Story) -> str:
    """What the money up to the knee buys, and what the rest does; else the ends of the front."""
    found = front(story)
    assert found is not None
    if found.knee is not None:
        knee = found.knee
        return (
            f"The first {wording.round_money(knee.amount)} buys "
            f"{wording.whole_percent(knee.fall_share)} of the fall, the other "
            f"{wording.round_money(knee.rest)} {wording.points(knee.rest_fall)}"
        )
    first, last = found.points[0], found.points[-1]
    return (
        f"{wording.round_money(last.amount)} brings the mean from "
        f"{wording.percent(first.dependence)} to {wording.percent(last.dependence)}"
    )


def section(story: Story) -> Section | None:
    """The figure and the points; none where there is no front."""
    found = front(story)
    if found is None:
        return None
    table = TableBlock(
        "Points of money and dependence; between two of them nothing is told to be reached",
        ("Money needed, USD m", "Public, USD m", "Capital, USD m", "Mean", "No plan can beat",
         "Plants"),
        [_line(point) for point in found.points],
        (2, 2, 2, 1.6, 2, 1.2),
        tuple(range(6)),
    )  # fmt: skip
    open_ = [] if found.proven else [Text(_open(found))]
    first: tuple[Block, ...] = (Text(f"{sentence(story)}."), Figure("frontier"), table)
    return Section("frontier", TITLE, (*first, *_by_mineral(found), *open_))


def _by_mineral(found: Frontier) -> list[TableBlock]:
    """How each point falls on minerals; nothing where there is one."""
    names = sorted({row.mineral for row in found.minerals})
    told = {(row.amount, row.mineral): row for row in found.minerals}
    if not names:
        return []
    lines = [
        (
            wording.short_money(point.amount),
            *(of_mineral(told.get((point.amount, n))) for n in names),
        )
        for point in found.points
    ]
    title = "The same by mineral: its mean, and the public money for it in USD m"
    widths = (2.0, *(2.2 for _ in names))
    heads = ("Money needed, USD m", *map(wording.capital, names))
    return [TableBlock(title, heads, lines, widths, tuple(range(len(heads))))]


def of_mineral(row: FrontMineral | None) -> str:
    """The mean of a mineral at a point and the public money for it, USD million."""
    if row is None:
        return "-"
    mean = "-" if row.dependence is None else wording.percent(row.dependence)
    return f"{mean} ({wording.short_money(row.public_musd)})"


def _open(found: Frontier) -> str:
    widest = found.widest
    if widest is None or not math.isfinite(widest.known) or not math.isfinite(widest.bound):
        return "Not all of it is proven."
    return (
        f"Widest part not proven: between {wording.round_money(widest.low)} and "
        f"{wording.round_money(widest.high)}, {wording.percent(widest.known)} is reached and "
        f"{wording.bound_value('dependence', widest.bound)} is not ruled out."
    )


def _line(point: FrontPoint) -> tuple[str, ...]:
    return (
        wording.short_money(point.amount),
        wording.short_money(point.public_musd),
        wording.short_money(point.capex_musd),
        wording.percent(point.dependence),
        wording.bound_value("dependence", point.bound),
        wording.number(point.plants),
    )
