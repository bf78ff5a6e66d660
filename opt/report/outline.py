"""Which sections stand in which document, in the one order that all documents share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from opt.report import room
from opt.report.document import Block, Bullets, Document, Figure, Heading, Section, Text
from opt.report.sections import (
    assumptions,
    base_case,
    chain,
    cockpit,
    comparison,
    deciders,
    decisions,
    doubts,
    elements,
    exposed,
    frontier,
    gains,
    idle,
    legend,
    measures,
    merchants,
    method,
    minerals,
    money,
    not_chosen,
    options,
    plan,
    pool,
    proof,
    quality,
    risk,
    sources,
    stock,
    summary,
    support,
    sureness,
    switching,
    targets,
    timing,
    unanswered,
    update,
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


FIGURES = "figures"  # the annex of them
TITLE_LETTER = 7.0  # width of one of a document's title, in points
MEMO, ANNEX, PAGE, COVER = Outlet.MEMO, Outlet.ANNEX, Outlet.PAGE, Outlet.COVER


@dataclass(frozen=True, slots=True)
class Part:
    """A section and the outlets in which it stands in this form."""

    build: Callable[[Story], Section | None]
    outlets: tuple[Outlet, ...]


def _figures(story: Story) -> Section:
    """The figures that the memo's own pages have no room for."""
    blocks: list[Block] = [*plan.figures(story), Figure("chain"), *frontier.figures(story)]
    blocks += [*doubts.figures(story), *switching.figures(story)]
    return Section(FIGURES, "Figures", blocks)


def _more(story: Story) -> Section:
    """What else the run tells, each subject under its heading."""
    found: list[Block] = []
    said = [merchants.additional_sentence(story), *exposed.more(story), *doubts.risks(story)]
    said = [text for text in said if text]
    if said:
        found.append(Bullets(said))
    subjects = (
        (minerals.TITLE, minerals.blocks),
        (measures.TITLE, measures.blocks),
        ("Elements", elements.blocks),
        (world.TITLE, world.blocks),
    )
    for title, blocks in subjects:
        if blocks(story):
            found += [Heading(title), *blocks(story)]
    return Section("more", "More of the run: measures, elements, concentration", found)


ORDER: tuple[Part, ...] = (
    Part(summary.decision_section, (MEMO, PAGE, COVER)),
    Part(summary.section, (MEMO, PAGE, COVER)),
    Part(summary.numbers_section, (PAGE, COVER)),
    Part(base_case.section, (MEMO,)),
    Part(base_case.page_section, (PAGE,)),
    Part(sureness.section, (MEMO, PAGE)),
    Part(deciders.section, (MEMO, PAGE)),
    Part(exposed.section, (MEMO, PAGE)),
    Part(options.memo_section, (MEMO,)),
    Part(options.section, (PAGE,)),
    Part(decisions.section, (MEMO,)),
    Part(decisions.page_section, (PAGE,)),
    Part(decisions.later_section, (MEMO, PAGE)),
    Part(cockpit.section, (PAGE,)),
    Part(doubts.memo_section, (MEMO,)),
    Part(doubts.section, (PAGE,)),
    Part(risk.memo_section, (MEMO,)),
    Part(risk.section, (PAGE,)),
    Part(gains.memo_section, (MEMO,)),
    Part(gains.section, (PAGE,)),
    Part(pool.section, (PAGE,)),
    Part(not_chosen.section, (MEMO, PAGE)),
    Part(timing.section, (MEMO, PAGE)),
    Part(switching.memo_section, (MEMO,)),
    Part(switching.section, (PAGE,)),
    Part(unanswered.section, (MEMO, PAGE)),
    Part(doubts.analyst_section, (MEMO,)),
    Part(update.section, (PAGE,)),
    Part(comparison.section, (PAGE,)),
    Part(years.section, (PAGE,)),
    Part(plan.section, (PAGE,)),
    Part(money.section, (PAGE,)),
    Part(money.cover_section, (COVER,)),
    Part(frontier.section, (PAGE,)),
    Part(chain.section, (PAGE,)),
    Part(targets.section, (PAGE,)),
    Part(stock.section, (PAGE,)),
    Part(support.section, (PAGE,)),
    Part(idle.section, (PAGE,)),
    Part(measures.section, (PAGE,)),
    Part(minerals.section, (PAGE,)),
    Part(elements.section, (PAGE,)),
    Part(world.section, (PAGE,)),
    Part(plan.whole_section, (ANNEX,)),
    Part(_figures, (ANNEX,)),
    Part(money.annex_section, (ANNEX,)),
    Part(chain.annex_section, (ANNEX,)),
    Part(targets.section, (ANNEX,)),
    Part(stock.section, (ANNEX,)),
    Part(support.memo_section, (ANNEX,)),
    Part(idle.memo_section, (ANNEX,)),
    Part(risk.section, (ANNEX,)),
    Part(pool.section, (ANNEX,)),
    Part(_more, (ANNEX,)),
    Part(update.section, (ANNEX,)),
    Part(comparison.section, (ANNEX,)),
    Part(method.section, (ANNEX, PAGE)),
    Part(assumptions.section, (ANNEX, PAGE)),
    Part(quality.section, (ANNEX, PAGE)),
    Part(sources.section, (ANNEX, PAGE)),
    Part(proof.annex_section, (ANNEX,)),
    Part(proof.section, (PAGE,)),
    Part(proof.cover_section, (COVER,)),
    Part(legend.section, (COVER,)),
)


def sections(story: Story, outlet: Outlet) -> Iterator[Section]:
    """The sections of an outlet; those of what the run does not use are left out."""
    for part in ORDER:
        section = part.build(story) if outlet in part.outlets else None
        if section is not None:
            yield section


def _annexes(story: Story, moved: Sequence[Block]) -> Iterator[Section]:
    """The annexes by letter, the first on a page of its own; the figures begin with what the
    memo's own pages have no room for."""
    for place, section in enumerate(sections(story, ANNEX)):
        if section.name == FIGURES:
            section = replace(section, blocks=(*moved, *section.blocks))  # noqa: PLW2901
        title = f"Annex {chr(ord('A') + place)}. {section.title}"
        yield replace(section, title=title, opens_page=place == 0)


def memo(story: Story) -> Document:
    """The memo with its annexes, for a reader with five minutes."""
    own = tuple(sections(story, MEMO))
    first = next((n for n, section in enumerate(own) if section.opens_page), len(own))
    fits = room.fitted(own[:first], _above(story))
    has_figure = any(isinstance(block, Figure) for section in fits for block in section.blocks)
    annexes = tuple(_annexes(story, () if has_figure else (Figure("dependence"),)))
    return _document(story, (*fits, *_second_page(story, own[first:]), *annexes))


def _second_page(story: Story, own: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections of the second page, with as many of the named projects to be decided now as it
    has room for."""
    for most in range(decisions.MOST_NAMED - 1, decisions.LEAST_NAMED - 1, -1):
        if room.height(own) <= room.PAGE:
            break
        fewer = decisions.section(story, most)
        own = tuple(
            fewer if fewer is not None and part.name == fewer.name else part for part in own
        )
    return own


def _above(story: Story) -> float:
    """What title, record and opening take of the first page."""
    told = (Text(summary.record_words(story)), *summary.opening(story))
    lines = room.lines_of(story.run.title, TITLE_LETTER)
    return room.height([Section("", "", told)]) + (lines - 1) * room.HEADING


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
        leading=1 + next(place for place, e in enumerate(found) if e.name == summary.NAME),
    )
