"""Not chosen, and what it would take: the candidates nearest to the plan."""

from __future__ import annotations

import math

from opt.record.explain import CAPITAL, LEAD_TIME, Explained, Explanation, Wanted
from opt.report import wording
from opt.report.document import Bullets, Section
from opt.report.story import Story

MOST = 3


def section(story: Story) -> Section | None:
    """The nearest; none where it was not worked out, or nothing was left out."""
    found = nearest(story)
    if not found:
        return None
    return Section(
        "not-chosen", "Not chosen, and what it would take", (Bullets(_told(story, found)),)
    )


def _told(story: Story, found: list[Explained]) -> list[str]:
    """A sentence each; those of which the same is told share one."""
    names: dict[str, list[str]] = {}
    for row in found[:MOST]:
        names.setdefault(_sentence(story, row), []).append(row.name)
    return [
        f"{wording.names(own, MOST)}: building {'it' if len(own) == 1 else 'any of them'} {said}"
        for said, own in names.items()
    ]


def nearest(story: Story) -> list[Explained]:
    """Candidates that the plan leaves out and that some plan builds, the least loss first."""
    why = story.answer(Explanation)
    rows = () if why is None else why.projects
    left = [row for row in rows if not row.chosen and math.isfinite(row.in_high)]
    return sorted(left, key=lambda row: (row.in_high, row.in_low, row.project))


def _sentence(story: Story, row: Explained) -> str:
    """What building it loses, and what would make that good."""
    loss = wording.points_span(row.in_low, row.in_high)
    wanted = [_wanted(story, own) for own in row.would_take if own.enough is not None]
    takes = f"; it would cost none with {wording.names(wanted, 3)}" if wanted else ""
    return f"loses {loss}{takes}."


def _wanted(story: Story, own: Wanted) -> str:
    assert own.enough is not None
    if own.what == CAPITAL:
        return f"{wording.whole_percent(own.enough)} less capital cost"
    if own.what == LEAD_TIME:
        return f"a lead time {wording.count(round(own.enough), 'year')} shorter"
    programme = story.run.case.programme_name(own.programme)
    return f"{wording.round_money(own.enough)} more of {programme}"
