"""Which sections stand in which document, in the one order that all documents share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from opt.report.document import Block, Document, Figure, Heading, Section
from opt.report.sections import (
    assumptions,
    chain,
    decisions,
    doubts,
    elements,
    idle,
    legend,
    measures,
    method,
    minerals,
    money,
    options,
    plan,
    proof,
    quality,
    sources,
    stock,
    summary,
    support,
    targets,
    world,
    years,
)
from opt.report.story import Story


class Outlet(StrEnum):
    """Where a section can stand: the memo's own pages, its annexes, the page, the cover."""

    MEMO = "memo"
    ANNEX = "annex"
    PAGE = "page"
    COVER = "cover"


MEMO, ANNEX, PAGE, COVER = Outlet.MEMO, Outlet.ANNEX, Outlet.PAGE, Outlet.COVER


@dataclass(frozen=True, slots=True)
class Part:
    """A section and the outlets in which it stands in this form."""

    build: Callable[[Story], Section | None]
    outlets: tuple[Outlet, ...]


def _more(story: Story) -> Section:
    """What the memo's own pages have no room for, each subject under its heading."""
    found: list[Block] = [*map(Figure, ("builds", "touch", "stages")), *money.annex_blocks(story)]
    subjects = (
        (minerals.TITLE, minerals.blocks),
        (measures.TITLE, measures.blocks),
        ("Elements", elements.blocks),
        (world.TITLE, world.blocks),
    )
    for title, blocks in subjects:
        if blocks(story):
            found += [Heading(title), *blocks(story)]
    return Section("more", "Figures, elements and concentration", found)


ORDER: tuple[Part, ...] = (
    Part(summary.section, (MEMO, PAGE, COVER)),
    Part(summary.numbers_section, (PAGE, COVER)),
    Part(summary.judgments_section, (MEMO, PAGE, COVER)),
    Part(options.memo_section, (MEMO,)),
    Part(options.section, (PAGE,)),
    Part(years.section, (PAGE,)),
    Part(plan.memo_section, (MEMO,)),
    Part(plan.section, (PAGE,)),
    Part(money.section, (PAGE,)),
    Part(money.cover_section, (COVER,)),
    Part(targets.section, (MEMO, PAGE)),
    Part(stock.section, (MEMO, PAGE)),
    Part(support.memo_section, (MEMO,)),
    Part(support.section, (PAGE,)),
    Part(idle.memo_section, (MEMO,)),
    Part(idle.section, (PAGE,)),
    Part(chain.memo_section, (MEMO,)),
    Part(chain.section, (PAGE,)),
    Part(measures.section, (PAGE,)),
    Part(minerals.section, (PAGE,)),
    Part(elements.section, (PAGE,)),
    Part(world.section, (PAGE,)),
    Part(doubts.section, (MEMO, PAGE)),
    Part(decisions.section, (MEMO, PAGE)),
    Part(method.section, (ANNEX, PAGE)),
    Part(assumptions.section, (ANNEX, PAGE)),
    Part(quality.section, (ANNEX, PAGE)),
    Part(sources.section, (ANNEX, PAGE)),
    Part(proof.annex_section, (ANNEX,)),
    Part(proof.section, (PAGE,)),
    Part(proof.cover_section, (COVER,)),
    Part(_more, (ANNEX,)),
    Part(plan.whole_section, (ANNEX,)),
    Part(legend.section, (COVER,)),
)


def sections(story: Story, outlet: Outlet) -> Iterator[Section]:
    """The sections of an outlet; those of what the run does not use are left out."""
    for part in ORDER:
        section = part.build(story) if outlet in part.outlets else None
        if section is not None:
            yield section


def _annexes(story: Story) -> Iterator[Section]:
    """The annexes by letter, the first on a page of its own."""
    for place, section in enumerate(sections(story, ANNEX)):
        title = f"Annex {chr(ord('A') + place)}. {section.title}"
        yield replace(section, title=title, opens_page=place == 0)


def memo(story: Story) -> Document:
    """The memo with its annexes, for a reader with five minutes."""
    return _document(story, (*sections(story, MEMO), *_annexes(story)))


def page(story: Story) -> Document:
    """The page: all that the memo and its annexes say."""
    return _document(story, tuple(sections(story, PAGE)))


def cover(story: Story) -> Document:
    """The first sheet of the workbook of results."""
    return _document(story, tuple(sections(story, COVER)))


def _document(story: Story, found: tuple[Section, ...]) -> Document:
    run = story.run
    return Document(
        title=run.title,
        record=summary.record_words(story),
        header=f"DRAFT for review. Run {run.id}, {run.name}",
        opening=summary.opening(story),
        sections=found,
    )
