"""Dependence by year up to the target, with the plan and without new money."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from opt.record.demand import YearMetrics
from opt.report import theme, wording
from opt.report.figures.axes import (
    say_nothing,
    set_subtitle,
    set_title,
    share_axis,
    spread,
    year_axis,
)
from opt.report.figures.chart import Chart
from opt.report.sections.years import years
from opt.report.story import Story


def _title(story: Story) -> str:
    """Finding of the figure of dependence by year."""
    target, before = years(story).target, years(story).target_baseline
    if not story.has_plan or target is None or before is None:
        return f"Dependence on {story.covered} by year"
    after_text, before_text = wording.percent(target.dependence), wording.percent(before.dependence)
    year = wording.year(target.year)
    if after_text == before_text:
        return f"In {year} dependence on {story.covered} is {after_text} with or without the plan"
    return (
        f"In {year} dependence on {story.covered} is {after_text} with the plan, "
        f"{before_text} without"
    )


def _alt(story: Story) -> str:
    before = {entry.year: entry.dependence for entry in story.run.baseline.by_year}
    parts = [
        f"{wording.year(e.year)} {wording.percent(e.dependence)}"
        + (f" (without {wording.percent(before[e.year])})" if e.year in before else "")
        for e in story.run.metrics.by_year
    ]
    return f"Line chart. {_title(story)}. With the plan: {'; '.join(parts)}."


def _plot(story: Story, ax: Axes) -> None:
    """Dependence by year up to the target, with the plan and with no new money.

    Counted years are shaded; the others are dotted, since no plan is made for them.
    """
    set_title(ax, _title(story))
    set_subtitle(ax, "Exposed or unserved, share of allied demand; dotted: years that do not count")
    run, target = story.run, years(story).target
    if target is None:
        say_nothing(ax, "No allied demand in the counted years")
        return
    lines = [("Plan", run.metrics.by_year, theme.BLUE, "-", "o")]
    lines.append(("No new money", run.baseline.by_year, theme.VERMILLION, "--", "s"))
    last = target.year
    shown = [(*line[:1], [e for e in line[1] if e.year <= last], *line[2:]) for line in lines]
    _shade_counted(ax, story)
    ends = []
    for label, entries, colour, dash, mark in shown:
        _two_part_line(ax, entries, colour, dash, mark)
        share = entries[-1].dependence
        ends.append((share, f"{label}\n{wording.percent(share)}", colour))
    year_axis(ax, min(line[1][0].year for line in shown), last)
    top = share_axis(ax, max(entry.dependence for line in shown for entry in line[1]))
    spaced = spread([end[0] for end in ends], top * 0.15, top * 0.05, top * 0.95)
    _labels_at(ax, last, ends, spaced)


def _two_part_line(
    ax: Axes, entries: Sequence[YearMetrics], colour: str, dash: str, mark: str
) -> None:
    """A line that is full in counted years and a thin row of dots before them."""
    before = [entry for entry in entries if not entry.counted]
    counted = [entry for entry in entries if entry.counted] or before
    shares = [e.dependence for e in before]
    ax.plot([e.year for e in before], shares, color=colour, ls=":", lw=1.2, clip_on=False)
    shares = [e.dependence for e in counted]
    ax.plot(
        [e.year for e in counted], shares, color=colour, ls=dash, marker=mark, ms=4, lw=2,
        clip_on=False,
    )  # fmt: skip


def _labels_at(
    ax: Axes, last: float, ends: Sequence[tuple[float, str, str]], places: Sequence[float]
) -> None:
    for (_, text, _), place in zip(ends, places, strict=True):
        ax.annotate(
            text, xy=(last + 0.6, place), va="center", fontweight="bold", annotation_clip=False
        )


def _shade_counted(ax: Axes, story: Story) -> None:
    for year in years(story).counted:
        ax.axvspan(year - 0.5, year + 0.5, color=theme.SHADE, lw=0, zorder=0)


DEPENDENCE_CHART = Chart(
    "dependence",
    "Dependence by year, with the plan and without new money.",
    _plot,
    _title,
    _alt,
    lambda _: 2.35,
    right=1.35,
)
