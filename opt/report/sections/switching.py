"""What would change our mind: the values at which the plan no longer stands."""

from __future__ import annotations

from opt.record.sensitivity import Sensitivity, SensitivityCell, Switch, SwitchingValue
from opt.report import wording
from opt.report.document import Block, Bullets, Figure, Section
from opt.report.sections.cells import cell_words
from opt.report.story import Story

TITLE = "We would change our mind if"
MOST = 3
SHOWS = 0.0005
SAID = {
    Switch.LAPSES: "a commitment cannot be paid",
    Switch.NO_BETTER: "the plan is no better than none",
    Switch.OTHER: "another plan is better",
}


def memo_section(story: Story) -> Section | None:
    """The nearest values; none where none were looked for or found."""
    rows = [_sentence(story, row) for row in switching(story)[:MOST]]
    return Section("switching", TITLE, (Bullets(rows),)) if rows else None


def section(story: Story) -> Section | None:
    """The same with every value, and the figures that move the plan most."""
    rows = [_sentence(story, row) for row in switching(story)]
    blocks: list[Block] = [*figures(story)]
    blocks += [Bullets(rows)] if rows else []
    return Section("switching", TITLE, blocks) if blocks else None


def figures(story: Story) -> list[Figure]:
    """The figure of what moves the plan; none where nothing does."""
    return [Figure("tornado")] if moving(story) else []


def moving(story: Story) -> list[SensitivityCell]:
    """The cells that move the plan by a share that shows, that which moves it most first."""
    found = story.answer(Sensitivity)
    cells = [] if found is None else [c for c in found.cells if c.swing >= SHOWS]
    return sorted(cells, key=lambda c: (-c.swing, c.sheet, c.row, c.column))


def switching(story: Story) -> list[SwitchingValue]:
    """Every switching value, that which lies nearest to what stands in the cell first."""
    found = story.answer(Sensitivity)
    rows = [] if found is None else list(found.switching)
    return sorted(rows, key=lambda row: (_distance(row), row.sheet, row.row, row.column))


def _distance(row: SwitchingValue) -> float:
    """How far the value must move, as a part of itself."""
    return abs(row.switches - row.value) / max(abs(row.value), wording.NOTHING)


def _sentence(story: Story, row: SwitchingValue) -> str:
    way = "above" if row.switches > row.value else "below"
    name = wording.capital(cell_words(story, row.sheet, row.row, row.column))
    change = wording.whole_percent(_distance(row))
    return (
        f"{name} is {way} {wording.number(row.switches)} ({wording.number(row.value)} assumed, "
        f"{change} away): {SAID[row.switch]}."
    )
