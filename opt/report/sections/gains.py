"""Who gains and who pays, by ally and programme: least to most over the lists of projects that are
as good, since the best plan leaves both open."""

from __future__ import annotations

from opt.record.alternatives import Alternatives
from opt.report import wording
from opt.report.document import Bullets, Section
from opt.report.sections import pool
from opt.report.story import Story

TITLE = "Who gains, who pays"
MOST = 6


def section(story: Story) -> Section | None:
    """What each ally is served and each programme pays; none where it was not worked out."""
    said = [text for text in _told(story) if text]
    return Section("gains", TITLE, (Bullets(said),)) if said else None


def memo_section(story: Story) -> Section | None:
    """The same with what pooling is worth."""
    said = [text for text in (*_told(story), pool.sentence(story)) if text]
    return Section("gains", TITLE, (Bullets(said),)) if said else None


def _told(story: Story) -> tuple[str, ...]:
    found = story.answer(Alternatives)
    if found is None or not found.plans:
        return ()
    lists = wording.count(len(found.plans), "list")
    more = "" if found.complete else " found of more"
    within = f"over the {lists} of projects{more} within {wording.points(found.within)} of the best"
    return _served(story, found, within), _paid(story, found)


def _served(story: Story, found: Alternatives, within: str) -> str:
    case = story.run.case
    rows = sorted(found.served, key=lambda row: (-row.most, row.region))
    parts = [
        f"{case.regions[row.region].name} {wording.percent_span((row.least, row.most))}"
        for row in rows
    ]
    if not parts:
        return ""
    return f"Served clear in the counted years, {within}: {wording.names(parts, MOST)}."


def _paid(story: Story, found: Alternatives) -> str:
    case = story.run.case
    rows = sorted(found.payers, key=lambda row: (-row.most_musd, row.programme))
    parts = [
        f"{case.programme_name(row.programme)} {wording.money_span(row.least_musd, row.most_musd)}"
        for row in rows
        if row.most_musd > wording.NOTHING
    ]
    return f"Paid, USD million: {wording.names(parts, MOST)}." if parts else ""
