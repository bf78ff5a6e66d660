"""Dependence and unserved demand of allies, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opt.record.demand import YearMetrics
from opt.report import wording
from opt.report.document import Figure, Section, TableBlock
from opt.report.story import Story, once


@dataclass(frozen=True, slots=True)
class Years:
    """Which years count, and what stands out among them.

    `target` is the last counted year, `worst` the worst counted one; both are None where no allied
    demand falls in the counted years. `short_share` is the share of allied demand of all years that
    goes unserved, `counted_short_share` that of the counted years, `worst_short` the year of which
    most does, None where all is served. `fall` is what the plan takes off dependence.
    """

    counted: tuple[int, ...]
    target: YearMetrics | None
    target_baseline: YearMetrics | None
    worst: YearMetrics | None
    short_share: float
    counted_short_share: float
    worst_short: YearMetrics | None
    fall: float


@once
def years(story: Story) -> Years:
    """The figures of the years of a run."""
    run = story.run
    counted = [entry for entry in run.metrics.by_year if entry.counted]
    asked = counted if any(entry.demand > 0 for entry in counted) else []
    target = asked[-1] if asked else None
    before = {entry.year: entry for entry in run.baseline.by_year}
    return Years(
        counted=tuple(entry.year for entry in counted),
        target=target,
        target_baseline=before.get(target.year) if target else None,
        worst=max(asked, key=lambda entry: entry.dependence, default=None),
        short_share=_short_share(run.metrics.by_year),
        counted_short_share=_short_share(counted),
        worst_short=_worst_short(run.metrics.by_year),
        fall=run.baseline.dependence - run.metrics.dependence,
    )


def _short_share(entries: Sequence[YearMetrics]) -> float:
    """Share of the weighted allied demand of some years that goes unserved."""
    demand = wording.total(entry.demand for entry in entries)
    return wording.total(entry.short for entry in entries) / demand if demand > 0 else 0.0


def _worst_short(entries: Sequence[YearMetrics]) -> YearMetrics | None:
    """The year of which the largest share goes unserved; None where all demand is served but for
    what the passes' own tolerances may leave."""
    if _short_share(entries) <= wording.NOTHING:
        return None
    return max(entries, key=lambda entry: entry.shortfall)


@once
def target_year(story: Story) -> int:
    """The last counted year; the last year of the plan where none counts."""
    counted = years(story).counted
    return counted[-1] if counted else story.run.case.last_year


def counted_years(story: Story) -> str:
    """The years in which dependence counts, in words."""
    counted = years(story).counted
    return wording.years(counted[0], counted[-1]) if counted else "no counted year"


def mixing_sentence(story: Story) -> str:
    """What dependence is where material is not kept apart; nothing where it makes no difference."""
    traced, pooled = story.run.metrics.dependence, story.run.metrics.pooled_dependence
    if wording.percent(traced) == wording.percent(pooled):
        return ""
    return (
        f"Where clear and exposed material are not kept apart dependence is "
        f"{wording.percent(pooled)}, not {wording.percent(traced)}; the truth lies between the two."
    )


def shortage_risk(story: Story) -> str:
    """The worst shortage that the plan leaves; nothing where all demand is served."""
    worst = years(story).worst_short
    if worst is None:
        return ""
    return (
        f"In {wording.year(worst.year)}, {wording.percent(worst.shortfall)} of allied demand "
        f"goes unserved even with the plan."
    )


def section(story: Story) -> Section:
    """The figure, and every year in numbers."""
    return Section("years", "Dependence by year", (Figure("dependence"), _table(story)))


def _table(story: Story) -> TableBlock:
    before = {entry.year: entry.dependence for entry in story.run.baseline.by_year}
    lines = [
        (
            wording.year(e.year),
            "yes" if e.counted else "no",
            wording.number(e.demand),
            wording.percent(e.dependence),
            wording.percent(e.shortfall),
            wording.percent(before[e.year]) if e.year in before else "",
        )
        for e in story.run.metrics.by_year
    ]
    heads = ("Year", "Counts", "Weighted demand", "Dependence", "Unserved", "Without new money")
    return TableBlock("Share of allied demand", heads, lines, (1, 1, 2, 2, 2, 2), (2, 3, 4, 5))
