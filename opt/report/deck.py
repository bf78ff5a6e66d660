"""The run as eight slides, of the sections and figures that memo and page have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from opt.record.case import CaseRecord
from opt.report.document import Block, Bullets, Document, Figure, Section, TableBlock, Text
from opt.report.figures import registry
from opt.report.sections import (
    deciders,
    decisions,
    doubts,
    exposed,
    options,
    summary,
    sureness,
)
from opt.report.story import Story

SLIDES = 8
MOST_ROWS, MOST_ITEMS = 8, 6
LONGEST_TITLE = 130  # characters: two lines
Built = Callable[[Story], Section | None]


def deck(story: Story) -> Document:
    """The slides, a section each: its title says what the slide finds.

    Decision; bottom line; the figure of dependence; what decides it and how sure it is; decide now;
    builds; options; what could go wrong: one plan for all scenarios where that was asked, else the
    plan held in each. What a run does not have leaves its place to what stays exposed and to the
    other figures that the run has.
    """
    built = [own for own in _wanted(story) if own is not None][:SLIDES]
    return Document(
        title=story.run.title,
        record=summary.record_words(story),
        header=f"DRAFT for review. Run {story.run.id}, {story.run.name}",
        opening=(),
        sections=built,
    )


def _wanted(story: Story) -> Iterator[Section | None]:
    """Slides in their order, more than there is room for where the run has much to tell."""
    yield _decision(story)
    yield _said(story, "bottom_line", "Bottom line", _items(story, summary.section))
    yield _figure(story, "dependence")
    told = [*_items(story, deciders.section), *_items(story, sureness.section)]
    yield _said(story, "deciders", "What decides it, and how sure it is", told)
    yield _table(story, decisions.page_section)
    yield _figure(story, "builds")
    yield _table(story, options.memo_section)
    yield _figure(story, "risk")
    yield _figure(story, "stress")
    yield _said(story, "doubts", doubts.TITLE, _items(story, doubts.memo_section))
    yield _said(story, "exposed", "What stays exposed", _items(story, exposed.section))
    yield _figure(story, "frontier")
    yield _figure(story, "money")
    yield _figure(story, "chain")


def _decision(story: Story) -> Section:
    """The first slide: what is to be decided."""
    told = _items(story, summary.decision_section) or [summary.record_words(story)]
    return Section("decision", story.run.title, [Text(text) for text in told])


def _said(story: Story, name: str, topic: str, items: Sequence[str]) -> Section | None:
    """Sentences under the first of them, which says what they find; under their topic where it is
    too long for a title, or nothing would be left."""
    if not items:
        return None
    first, more = _first_sentence(story.run.case, items[0])
    left = [*([more] if more else []), *items[1:]]
    if not left or len(first) > LONGEST_TITLE:
        return Section(name, topic, [Bullets(items[:MOST_ITEMS])])
    return Section(name, first.removesuffix("."), [Bullets(left[:MOST_ITEMS])])


def _first_sentence(case: CaseRecord, text: str) -> tuple[str, str]:
    """The first sentence of a text, and the rest: a full stop within a name, as in 'St. Thomas',
    ends none."""
    start = 0
    while (end := text.find(". ", start)) >= 0:
        if not any(_spans(text, name, end) for name in _dotted(case)):
            return text[:end], text[end + 2 :]
        start = end + 2
    return text, ""


def _spans(text: str, name: str, place: int) -> bool:
    """Whether a place of a text lies within a name."""
    return any(
        text.startswith(name, first) for first in range(max(place - len(name) + 1, 0), place + 1)
    )


def _dotted(case: CaseRecord) -> list[str]:
    """The names of the workbook that hold a full stop and a blank."""
    names = [*case.facilities.values(), *case.scenarios.values()]
    names += [own.name for own in case.projects.values()]
    names += [own.name for own in case.regions.values()]
    names += [own.name for own in case.commodities.values()]
    names += [own.name for own in case.programmes.values()]
    return [name for name in names if ". " in name]


def _figure(story: Story, name: str) -> Section | None:
    """A figure under its finding; None where the run has not got it."""
    chart = registry.CHART[name]
    if not chart.is_told(story):
        return None
    return Section(name, chart.title(story), [Figure(name)])


def _table(story: Story, build: Built) -> Section | None:
    """The first table of a section, its first rows, under the names of both, and what the section
    says of it."""
    section = build(story)
    tables = [] if section is None else [b for b in section.blocks if isinstance(b, TableBlock)]
    if section is None or not tables or not tables[0].lines:
        return None
    table, more = tables[0], len(tables[0].lines) - MOST_ROWS
    blocks: list[Block] = [replace(table, lines=table.lines[:MOST_ROWS])]
    if more > 0:
        blocks.append(Text(f"And {more} more: see the memo."))
    blocks += [block for block in section.blocks if isinstance(block, Text)]
    return Section(section.name, _both(section.title, table.title), blocks)


def _both(topic: str, title: str) -> str:
    """The title of a table after that of its section, by which other slides speak of it."""
    if title.startswith(topic):
        return title
    return f"{topic}: {title[:1].lower()}{title[1:]}"


def _items(story: Story, build: Built) -> list[str]:
    """What a section says in sentences."""
    section = build(story)
    found: list[str] = []
    for block in () if section is None else section.blocks:
        if isinstance(block, Text):
            found.append(block.text)
        elif isinstance(block, Bullets):
            found += block.items
    return found
