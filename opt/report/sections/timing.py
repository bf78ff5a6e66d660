"""Stock or plant, now or later: one sentence each."""

from __future__ import annotations

import math

from opt.record.explain import EVERY_PROJECT, Explanation
from opt.report import wording
from opt.report.document import Bullets, Section
from opt.report.sections.stock import stockpiles, used_stockpiles
from opt.report.story import Story

MOST = 3
SHOWS = 0.0005  # a share that shows in points


def section(story: Story) -> Section | None:
    """What is bought for stock beside plants, and what a year of waiting loses."""
    found = [text for text in (_stock(story), _waiting(story)) if text]
    return Section("timing", "Stock or plant, now or later", (Bullets(found),)) if found else None


def _stock(story: Story) -> str:
    """What goes into stock; nothing where no stockpile is on offer."""
    if not stockpiles(story):
        return ""
    used = used_stockpiles(story)
    capital = wording.round_money(story.run.metrics.capex_musd)
    if not used:
        offered = wording.count(len(stockpiles(story)), "stockpile")
        return (
            f"Stock: nothing is bought, though {offered} could be; {capital} goes into plants. "
            "What stock is worth where supply is cut is seen in a scenario, not here."
        )
    paid = wording.round_money(wording.total(entry.paid_musd for entry in used))
    bought = [f"{entry.bought} of {entry.commodity_name}" for entry in used]
    return f"Stock: {paid} buys {wording.names(bought, MOST)}, beside {capital} for plants."


def _waiting(story: Story) -> str:
    """What it loses if everything, or one project, waits a year."""
    why = story.answer(Explanation)
    rows = [] if why is None else list(why.waiting)
    every = next((row for row in rows if row.project == EVERY_PROJECT), None)
    if every is None or (every.loss_low < SHOWS and not math.isfinite(every.loss_high)):
        return ""
    single = [row for row in rows if row.project != EVERY_PROJECT and row.loss_low >= SHOWS]
    single.sort(key=lambda row: (-row.loss_low, row.project))
    case = story.run.case
    names = [
        f"{case.plant_name(row.project)} ({wording.points_span(row.loss_low, row.loss_high)})"
        for row in single
    ]
    loss = wording.points_span(every.loss_low, every.loss_high)
    alone = f"; alone most is lost by {wording.names(names, MOST)}" if names else ""
    return (
        f"Waiting: if each project can first be committed a year later, the mean rises by {loss}"
        f"{alone}."
    )
