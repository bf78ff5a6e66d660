"""Dependence by other measures than the weighted one: plain tonnes, and chosen elements."""

from __future__ import annotations

from opt.record.demand import CountedBy, MeasureRow, measure_rows
from opt.report import wording
from opt.report.document import SHARE, Block, Pair, Section, TableBlock, Text
from opt.report.sections.years import counted_years
from opt.report.story import Story, once

TITLE = "Dependence by measure"
MOST_NAMED = 3  # elements in a sentence


@once
def measures(story: Story) -> tuple[MeasureRow, ...]:
    """The weighted measure first, then plain tonnes, then elements."""
    return tuple(measure_rows(story.run))


def _in_tonnes(story: Story) -> MeasureRow | None:
    rows = [row for row in measures(story) if row.measure is CountedBy.TONNES]
    return rows[0] if rows else None


def tonnes_pairs(story: Story) -> list[Pair]:
    """The key numbers in plain tonnes; none where demand is in other units."""
    row = _in_tonnes(story)
    if row is None:
        return []
    return [
        Pair("Dependence in plain tonnes", row.dependence, SHARE),
        Pair("Dependence in plain tonnes without new money", row.baseline_dependence, SHARE),
    ]


def measures_sentence(story: Story) -> str:
    """What dependence is in plain tonnes, where weights make a difference that shows, and of the
    elements that the workbook chooses; nothing where neither is there to tell."""
    said = [*_tonnes_words(story), *_element_words(story)]
    if not said:
        return ""
    return f"Counted without weights over {counted_years(story)}, {'; '.join(said)}."


def _tonnes_words(story: Story) -> list[str]:
    weighted, plain = measures(story)[0], _in_tonnes(story)
    if plain is None or _shown(weighted) == _shown(plain):
        return []
    return [f"dependence in plain tonnes is {_words(plain)}"]


def _element_words(story: Story) -> list[str]:
    if not story.run.case.settings.get("elements"):
        return []
    rows = [row for row in measures(story) if row.measure is CountedBy.ELEMENT]
    rows.sort(key=lambda row: -row.dependence)
    return [f"that of {row.element} {_words(row)}" for row in rows[:MOST_NAMED]]


def _shown(row: MeasureRow) -> tuple[str, str]:
    return wording.percent(row.dependence), wording.percent(row.baseline_dependence)


def _words(row: MeasureRow) -> str:
    now, before = _shown(row)
    if now == before:
        return f"{now} with and without the plan"
    return f"{now} with the plan and {before} without"


def section(story: Story) -> Section | None:
    """Every measure, the largest differences in a sentence first; none where all are the weighted
    one."""
    found = blocks(story)
    if not found:
        return None
    said = measures_sentence(story)
    return Section("measures", TITLE, (Text(said), *found) if said else found)


def blocks(story: Story) -> tuple[Block, ...]:
    """What the measures are, and dependence by each; none where all are the weighted one."""
    rows = measures(story)
    if len({_shown(row) for row in rows}) == 1:
        return ()
    said = Text(
        f"Share of allied demand over {counted_years(story)} that is exposed or not served: by "
        f"the weights of demand, which the plan goes by; in plain tonnes; and in tonnes of each "
        f"element."
    )
    lines = [(_name(row), *reversed(_shown(row))) for row in rows]
    head = ("Measure", "No new money", "With the plan")
    return (said, TableBlock(TITLE, head, lines, (3, 2, 2), (1, 2)))


def _name(row: MeasureRow) -> str:
    if row.measure is CountedBy.ELEMENT:
        return f"Tonnes of {row.element}"
    return "Weighted" if row.measure is CountedBy.WEIGHTED else "Plain tonnes"
