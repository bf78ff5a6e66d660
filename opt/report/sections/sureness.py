"""How sure: the grades of the figures, the range of tracing, and how far the plan is proven."""

from __future__ import annotations

from opt.record.sensitivity import Sensitivity
from opt.report import wording
from opt.report.document import Bullets, Section
from opt.report.sections.cells import cell_words
from opt.report.sections.quality import quality
from opt.report.sections.summary import proof, settled
from opt.report.sections.years import counted_years, mixing_sentence
from opt.report.story import Story


def section(story: Story) -> Section:
    """What the figures carry, and what is proven of them."""
    said = (_proof(story), _grades(story), mixing_sentence(story))
    return Section("sureness", "How sure", (Bullets([text for text in said if text]),))


def _proof(story: Story) -> str:
    return (
        f"Proof, for the mean over {counted_years(story)}: {proof(story)} {settled(story)}".strip()
    )


def _grades(story: Story) -> str:
    """How much of the capital rests on weak figures, and which cell is to be verified first."""
    found = quality(story)
    if not found.musd:
        return ""
    text = (
        f"Data: {wording.whole_percent(found.weak_share)} of the capital rests on unverified or "
        f"estimated figures (grade C, D or none)"
    )
    moving = story.answer(Sensitivity)
    cells = [] if moving is None else [c for c in moving.verify_first if c.swing >= 0.0005]
    if not cells:
        return f"{text}."
    first = cells[0]
    name = cell_words(story, first.sheet, first.row, first.column)
    return (
        f"{text}; to be verified first: {name} (moves the mean by {wording.points(first.swing)})."
    )
