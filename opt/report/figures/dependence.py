"""The share of allied demand that is exposed or short by year, with the plan and without."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from opt.record.demand import YearMetrics
from opt.report import theme, wording
from opt.report.figures.axes import (
    KEY_LINE,
    key,
    say_nothing,
    set_subtitle,
    set_title,
    share_axis,
    spread,
    year_axis,
)
from opt.report.figures.chart import Chart, Room
from opt.report.sections.levels import case_span, levels
from opt.report.sections.years import years
from opt.report.story import Story

TWO_LINES = 0.28  # of the height of the axis: a label at the end of a line
SHORT_SHOWS = 0.002  # of demand: below it an area would be a line
COLUMNS = 3  # of the key


def _title(story: Story) -> str:
    """Finding of the figure of dependence by year."""
    found = levels(story)
    if not story.has_plan or found is None:
        return f"Dependence on {story.covered} by year"
    after, before = (wording.whole_percent(e.dependence) for e in (found.last, found.without))
    year = wording.year(found.last.year)
    if after == before:
        return f"In {year} {after} of allied demand rests on {story.covered}, with or without plan"
    return (
        f"In {year} {after} of allied demand rests on {story.covered} with the plan, "
        f"{before} without"
    )


def _alt(story: Story) -> str:
    before = {entry.year: entry for entry in story.run.baseline.by_year}
    parts = [
        f"{wording.year(e.year)} {wording.percent(e.dependence)}{_short_words(e)}"
        + (f" (without {wording.percent(before[e.year].dependence)})" if e.year in before else "")
        for e in story.run.metrics.by_year
    ]
    band = case_span(story)
    tried = ""
    if band:
        low, high = band[max(band)]
        tried = f" In the cases tried the last year lies from {wording.percent(low)} to "
        tried += f"{wording.percent(high)}."
    return f"Area chart by year. {_title(story)}. With the plan: {'; '.join(parts)}.{tried}"


def _short_words(entry: YearMetrics) -> str:
    if entry.shortfall < SHORT_SHOWS:
        return ""
    return f", {wording.percent(entry.shortfall)} of it not served"


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """Exposed and short with the plan as two areas, no new money as a line, and the band of the
    cases tried; years that do not count stand left of a dotted line."""
    handles = _handles(story)
    above = _key_inches(story, room)
    set_title(ax, _title(story), room, above)
    target = years(story).target
    if target is None:
        set_subtitle(ax, "", room, above)
        say_nothing(ax, "No allied demand in the counted years")
        return
    set_subtitle(ax, "Share of weighted allied demand", room, above)
    now = [e for e in story.run.metrics.by_year if e.year <= target.year]
    before = [e for e in story.run.baseline.by_year if e.year <= target.year]
    span = [e.year for e in now]
    exposed = [e.dependence - e.shortfall for e in now]
    whole = [e.dependence for e in now]
    ax.fill_between(span, 0, exposed, color=theme.BLUE, alpha=0.45, lw=0)
    if _has_short(story):
        ax.fill_between(
            span, exposed, whole, facecolor=theme.WHITE, edgecolor=theme.PURPLE, hatch="////", lw=0
        )
    band = {year: ends for year, ends in case_span(story).items() if year <= target.year}
    if band:
        low, high = zip(*band.values(), strict=True)
        ax.plot(list(band), low, color=theme.INK, lw=0.8, ls=":")
        ax.plot(list(band), high, color=theme.INK, lw=0.8, ls=":")
    ax.plot(span, whole, color=theme.BLUE, lw=2.2)
    ax.plot(span, [e.dependence for e in before], color=theme.VERMILLION, lw=2, ls="--")
    if any(not e.counted for e in now):
        ax.axvline(years(story).counted[0] - 0.5, color=theme.MUTED, lw=0.8, ls=(0, (1, 2)))
    year_axis(ax, span[0], target.year, room)
    ax.set_xlim(span[0], target.year)
    highest = max([e.dependence for e in (*now, *before)] + [high for _, high in band.values()])
    top = share_axis(ax, highest)
    ends = [("Plan", now[-1].dependence), ("No new money", before[-1].dependence)]
    _labels_at(ax, target.year, ends, top, (target.year - span[0]) * 0.015)
    key(ax, handles, COLUMNS if room.is_wide else 1)


def _labels_at(
    ax: Axes, last: float, ends: Sequence[tuple[str, float]], top: float, gap: float
) -> None:
    places = spread([share for _, share in ends], top * TWO_LINES, top * 0.05, top * 0.95)
    for (name, share), place in zip(ends, places, strict=True):
        ax.annotate(
            f"{name}\n{wording.whole_percent(share)}",
            xy=(last + gap, place),
            va="center",
            fontweight="bold",
            annotation_clip=False,
        )


def _has_short(story: Story) -> bool:
    return any(e.shortfall >= SHORT_SHOWS for e in story.run.metrics.by_year)


def _handles(story: Story) -> list[Artist]:
    """What the marks mean; of what is not drawn nothing."""
    found: list[Artist] = [Patch(facecolor=theme.BLUE, alpha=0.45, label="served exposed, plan")]
    if _has_short(story):
        found.append(
            Patch(
                facecolor=theme.WHITE,
                edgecolor=theme.PURPLE,
                hatch="////",
                label="not served, plan",
            )
        )
    found.append(
        Line2D([], [], color=theme.VERMILLION, ls="--", lw=2, label="both, with no new money")
    )
    if case_span(story):
        label = "range of the cases tried"
        found.append(Line2D([], [], color=theme.INK, ls=":", lw=0.8, label=label))
    return found


def _key_inches(story: Story, room: Room) -> float:
    columns = COLUMNS if room.is_wide else 1
    return KEY_LINE * -(-len(_handles(story)) // columns)


DEPENDENCE_CHART = Chart(
    "dependence",
    "Share of allied demand that is exposed or not served, with the plan and with no new money.",
    _plot,
    _title,
    _alt,
    lambda _, __: 1.15,
    right=lambda room: 1.2 if room.is_wide else 1.05,
    top=_key_inches,
)
