"""Sources: where the figures of the plan's projects and programmes come from."""

from __future__ import annotations

from opt.report.document import Block, Section, TableBlock, Text
from opt.report.sections.money import programmes
from opt.report.story import Story

HEADS = ("Source", "Title", "Date", "Grade", "Address")
WIDTHS = (2, 5, 1.7, 1.2, 5)


def section(story: Story) -> Section:
    """The sources that the plan rests on."""
    return Section("sources", "Sources", _blocks(story))


def _blocks(story: Story) -> tuple[Block, ...]:
    wanted = _named(story)
    lines = [
        (e.source, e.title, e.date, e.confidence, e.address)
        for e in story.run.case.sources
        if e.source.casefold() in wanted
    ]
    if not lines:
        return (Text("The plan's projects and programmes name no source of the workbook."),)
    title = "Sources of the plan's projects and programmes; results.xlsx has all others"
    return (TableBlock(title, HEADS, lines, WIDTHS, dense=True),)


def _named(story: Story) -> set[str]:
    """Ids that a built project or a programme that pays names."""
    case = story.run.case
    built = [case.projects[entry.project].sources for entry in story.run.solution.commitments]
    paying = [entry.programme for entry in programmes(story) if entry.paid_musd > 0]
    paid = [case.programmes[key].sources for key in paying if key in case.programmes]
    return {source.casefold() for sources in (*built, *paid) for source in sources}
