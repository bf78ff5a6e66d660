"""Sources: where the figures of the plan's projects and programmes come from."""

from __future__ import annotations

from opt.report import wording
from opt.report.document import Block, Section, TableBlock, Text
from opt.report.sections.money import programmes
from opt.report.story import Story

MOST_SOURCES = 15
HEADS = ("Source", "Date", "Grade", "Carries, USD m", "Address")
WIDTHS = (5, 1.5, 1.1, 1.5, 6)


def section(story: Story) -> Section:
    """The sources that the plan rests on."""
    return Section("sources", "Sources", _blocks(story))


def _blocks(story: Story) -> tuple[Block, ...]:
    carried = _carried(story)
    known = [e for e in story.run.case.sources if carried.get(e.source.casefold(), 0.0) > 0]
    known.sort(key=lambda e: (-carried[e.source.casefold()], e.source))
    if not (story.run.solution.commitments or any(carried.values())):
        return (Text("The plan commits nothing, so no source carries it."),)
    if not known:
        return (Text("The plan's projects and programmes name no source of the workbook."),)
    lines = [
        (
            e.title or e.source,
            e.date,
            e.confidence,
            wording.short_money(carried[e.source.casefold()]),
            e.address,
        )
        for e in known[:MOST_SOURCES]
    ]
    title = wording.first_of("Sources that carry most money", MOST_SOURCES, len(known))
    return (TableBlock(title, HEADS, lines, WIDTHS, (3,), dense=True),)


def _carried(story: Story) -> dict[str, float]:
    """USD million of the projects built and programmes paid of which a row names each source."""
    case = story.run.case
    found: dict[str, list[float]] = {}
    for made in story.run.solution.commitments:
        for source in case.projects[made.project].sources:
            found.setdefault(source.casefold(), []).append(made.capex_musd)
    for entry in programmes(story):
        named = (
            case.programmes[entry.programme].sources if entry.programme in case.programmes else ()
        )
        for source in named:
            found.setdefault(source.casefold(), []).append(entry.paid_musd)
    return {source: wording.total(parts) for source, parts in found.items()}
