"""Elements: dependence of each at the target year, and its worst year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opt.record.demand import ElementYear
from opt.report import wording
from opt.report.document import Block, Section, TableBlock, Text
from opt.report.sections.years import target_year, years
from opt.report.story import Story, once


@dataclass(frozen=True, slots=True)
class ElementFinding:
    """Dependence of one element at the target year, and in its own worst counted year."""

    element: str
    year: int
    dependence: float
    baseline_dependence: float
    worst_year: int
    worst_dependence: float


@once
def _counted(story: Story) -> list[ElementYear]:
    """The counted years of every element; all years where none counts."""
    case = story.run.case
    wanted = set(years(story).counted) or set(range(case.first_year, case.last_year + 1))
    return [entry for entry in story.run.elements if entry.year in wanted]


@once
def elements(story: Story) -> tuple[ElementFinding, ...]:
    """Every element, by name."""
    by_element: dict[str, list[ElementYear]] = {}
    for entry in _counted(story):
        by_element.setdefault(entry.element, []).append(entry)
    year = target_year(story)
    return tuple(
        _element(at, max(entries, key=lambda entry: entry.dependence))
        for _, entries in sorted(by_element.items())
        for at in entries
        if at.year == year
    )


def _element(at: ElementYear, worst: ElementYear) -> ElementFinding:
    return ElementFinding(
        element=at.element,
        year=at.year,
        dependence=at.dependence,
        baseline_dependence=at.baseline_dependence,
        worst_year=worst.year,
        worst_dependence=worst.dependence,
    )


def worst_element(story: Story) -> ElementYear | None:
    """The most dependent element and counted year; None where no element is traced."""
    return max(_counted(story), key=lambda entry: entry.dependence, default=None)


def section(story: Story) -> Section | None:
    """Every element; none where none is traced."""
    found = blocks(story)
    return Section("elements", "Elements", found) if found else None


def blocks(story: Story) -> tuple[Block, ...]:
    """The most dependent element in a sentence, and all of them in a table."""
    worst = worst_element(story)
    if worst is None or not elements(story):
        return ()
    return (Text(_sentence(worst)), _table(elements(story)))


def _sentence(worst: ElementYear) -> str:
    return (
        f"The most dependent element is {worst.element}: {wording.percent(worst.dependence)} of "
        f"allied demand in {wording.year(worst.year)}, "
        f"{wording.percent(worst.baseline_dependence)} without new money."
    )


def _table(found: Sequence[ElementFinding]) -> TableBlock:
    return TableBlock(
        f"Dependence by element in {wording.year(found[0].year)}, and the worst year of each",
        ("Element", "No new money", "With the plan", "Worst year with the plan"),
        [
            (
                e.element,
                wording.percent(e.baseline_dependence),
                wording.percent(e.dependence),
                f"{wording.percent(e.worst_dependence)} in {wording.year(e.worst_year)}",
            )
            for e in found
        ],
        (2, 2, 2, 3),
        (1, 2),
    )
