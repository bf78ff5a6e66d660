"""Figures of dependence: by year, by stage over the years, by stage of first touch.

Each `plot_x(run, ax)` draws one message: the finding as title, direct labels, units.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from opt.record.chain import StageYear
from opt.record.demand import YearMetrics
from opt.record.run import Run
from opt.report import theme, wording
from opt.report.findings import stages_in_order
from opt.report.lookup import Lookup
from opt.report.story import Story, tell
from opt.report.titles import title_dependence, title_stages, title_touch

TITLE_CHARACTERS = 70
TITLE_GID = "finding"


@dataclass(frozen=True, slots=True)
class End:
    """A label for the end of a line: its height on the axis, its text, the leader's colour."""

    height: float
    text: str
    colour: str


def set_title(ax: Axes, text: str) -> None:
    """The finding, wrapped, at the left edge of the figure however wide the labels are."""
    ax.annotate(
        textwrap.fill(text, TITLE_CHARACTERS),
        xy=(0.012, 1.0),
        xycoords=("figure fraction", "axes fraction"),
        xytext=(0, 22),
        textcoords="offset points",
        fontsize=10,
        fontweight="bold",
        va="bottom",
        annotation_clip=False,
        gid=TITLE_GID,
    )


def set_subtitle(ax: Axes, text: str) -> None:
    """What is measured and in which unit, under the title."""
    ax.annotate(
        text,
        xy=(0.012, 1.0),
        xycoords=("figure fraction", "axes fraction"),
        xytext=(0, 8),
        textcoords="offset points",
        color=theme.MUTED,
        va="bottom",
        annotation_clip=False,
    )


def say_nothing(ax: Axes, text: str) -> None:
    """An empty figure that says in words why it is empty."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=theme.MUTED)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Label places moved apart to at least `gap`, in their order, kept within low..high."""
    order = sorted(range(len(places)), key=lambda place: places[place])
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = max(moved[index], floor)
        floor = moved[index] + gap
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return moved


def year_axis(ax: Axes, first: int, last: int) -> None:
    """Whole years on the horizontal axis, half a year of room on both sides."""
    ax.set_xlim(first - 0.5, last + 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=11, integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: wording.year(round(value)))
    ax.tick_params(axis="x", length=0)


def _share_axis(ax: Axes, highest: float) -> float:
    top = 1.04 if highest > 0.5 else max(highest * 1.25, 0.05)
    ax.set_ylim(0, top)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0 if top > 0.1 else 1))
    ax.tick_params(axis="y", length=0)
    return top


def _end_labels(ax: Axes, last: float, ends: Sequence[End], top: float) -> None:
    """Labels at the lines' ends with leaders in the lines' colours."""
    heights = spread([end.height for end in ends], top * 0.12, top * 0.03, top * 0.97)
    for end, place in zip(ends, heights, strict=True):
        ax.annotate(
            end.text,
            xy=(last, end.height),
            xytext=(1.06, place),
            textcoords=("axes fraction", "data"),
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": end.colour,
                "lw": 1,
                "shrinkA": 1,
                "shrinkB": 3,
                "relpos": (0, 0.5),
            },
        )


def _stage_ends(stages: Mapping[str, list[StageYear]]) -> list[End]:
    """One label for each share that shows: stages that end alike share it."""
    alike: dict[str, list[tuple[str, int, float]]] = {}
    for place, (stage, entries) in enumerate(stages.items()):
        share = entries[-1].exposed_share
        alike.setdefault(wording.percent(share), []).append((stage, place, share))
    ends = []
    for shown, group in alike.items():
        words = wording.names([_short(stage) for stage, _, _ in group], 3)
        colour = theme.series_style(group[0][1])[0] if len(group) == 1 else theme.MUTED
        ends.append(End(group[0][2], textwrap.fill(f"{words} {shown}", 24), colour))
    return ends


def plot_dependence(run: Run, ax: Axes) -> None:
    """Dependence by year up to the target, with the plan and with no new money.

    Counted years are shaded; the others are dotted, since no plan is made for them.
    """
    story = tell(run)
    set_title(ax, title_dependence(story))
    set_subtitle(ax, "Exposed or unserved, share of allied demand; dotted: years that do not count")
    target = story.findings.target
    last = target.year if target else run.workbook.last_year
    lines = [("Plan", run.metrics.by_year, theme.BLUE, "-", "o")]
    lines.append(("No new money", run.baseline.by_year, theme.VERMILLION, "--", "s"))
    shown = [(*line[:1], [e for e in line[1] if e.year <= last], *line[2:]) for line in lines]
    shown = [line for line in shown if line[1]]
    if not shown:
        say_nothing(ax, "No allied demand in any year")
        return
    _shade_counted(ax, story)
    ends = []
    for label, entries, colour, dash, mark in shown:
        _two_part_line(ax, entries, colour, dash, mark)
        share = entries[-1].dependence
        ends.append((share, f"{label}\n{wording.percent(share)}", colour))
    year_axis(ax, min(line[1][0].year for line in shown), last)
    top = _share_axis(ax, max(entry.dependence for line in shown for entry in line[1]))
    spaced = spread([end[0] for end in ends], top * 0.15, top * 0.05, top * 0.95)
    _labels_at(ax, last, ends, spaced)


def _two_part_line(
    ax: Axes, entries: Sequence[YearMetrics], colour: str, dash: str, mark: str
) -> None:
    """A line that is full in counted years and a thin row of dots before them."""
    before = [entry for entry in entries if not entry.counted]
    counted = [entry for entry in entries if entry.counted] or before
    years, shares = [e.year for e in before], [e.dependence for e in before]
    ax.plot(years, shares, color=colour, ls=":", lw=1.2, clip_on=False)
    years, shares = [e.year for e in counted], [e.dependence for e in counted]
    ax.plot(years, shares, color=colour, ls=dash, marker=mark, ms=4, lw=2, clip_on=False)


def _labels_at(
    ax: Axes, last: float, ends: Sequence[tuple[float, str, str]], places: Sequence[float]
) -> None:
    for (_, text, _), place in zip(ends, places, strict=True):
        ax.annotate(
            text, xy=(last + 0.6, place), va="center", fontweight="bold", annotation_clip=False
        )


def _shade_counted(ax: Axes, story: Story) -> None:
    for year in story.findings.counted:
        ax.axvspan(year - 0.5, year + 0.5, color=theme.SHADE, lw=0, zorder=0)


def counted_stages(run: Run) -> dict[str, list[StageYear]]:
    """The counted years of each stage; all years where none or only one counts."""
    stages = stages_in_order(run, Lookup(run.workbook))
    counted = set(tell(run).findings.counted)
    if len(counted) < 2:
        return stages
    kept = {stage: [e for e in entries if e.year in counted] for stage, entries in stages.items()}
    return {stage: entries for stage, entries in kept.items() if entries}


def plot_stages(run: Run, ax: Axes) -> None:
    """Exposed share of each stage's material by year, with the plan."""
    set_title(ax, title_stages(tell(run)))
    set_subtitle(
        ax, "Exposed share of what allied plants and users take in, with the plan, counted years"
    )
    stages = counted_stages(run)
    if not stages:
        say_nothing(ax, "Allied plants and users take in no material")
        return
    for place, (_, entries) in enumerate(stages.items()):
        colour, dash = theme.series_style(place)
        shares = [entry.exposed_share for entry in entries]
        ax.plot(
            [entry.year for entry in entries], shares, color=colour, ls=dash, lw=2, clip_on=False
        )
    every = [entry for entries in stages.values() for entry in entries]
    year_axis(ax, min(e.year for e in every), max(e.year for e in every))
    top = _share_axis(ax, max(entry.exposed_share for entry in every))
    _end_labels(ax, max(e.year for e in every), _stage_ends(stages), top)


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def plot_touch(run: Run, ax: Axes) -> None:
    """Share of allied demand by the stage of first touch, without new money and with the plan."""
    story = tell(run)
    set_title(ax, title_touch(story))
    touch = story.findings.policy.touch
    if not touch:
        say_nothing(ax, "Nothing that serves allies has been touched")
        return
    year = wording.year(touch[0].year)
    set_subtitle(ax, f"Share of allied demand by stage of first touch, {year}")
    right = _touch_axis(ax, max(max(e.share, e.baseline_share) for e in touch))
    for place, entry in enumerate(touch):
        _dumbbell(ax, place, entry.baseline_share, entry.share, right)
    ax.set_yticks(range(len(touch)), touch_labels(run))
    ax.set_ylim(len(touch) - 0.4, -0.85)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(length=0)
    ax.text(
        0.0,
        -0.62,
        "hollow circle: no new money     filled square: plan",
        va="center",
        color=theme.MUTED,
    )


def touch_labels(run: Run) -> list[str]:
    """The stages of the figure of first touch."""
    return [_short(entry.stage, 28) for entry in tell(run).findings.policy.touch]


def _touch_axis(ax: Axes, highest: float) -> float:
    """A horizontal axis of shares with room for a label at the highest; its right end."""
    right = max(highest * 1.15, 0.05)
    ax.set_xlim(-0.02 * right, right)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0 if right > 0.1 else 1))
    return right


def _dumbbell(ax: Axes, place: int, before: float, after: float, width: float) -> None:
    """A hollow circle before, a filled square after, both labelled away from each other."""
    ax.plot([before, after], [place, place], color=theme.MUTED, lw=1.5, zorder=1)
    ax.plot(before, place, "o", mfc=theme.WHITE, mec=theme.VERMILLION, mew=2, ms=11, zorder=2)
    ax.plot(after, place, "s", color=theme.BLUE, ms=6, zorder=3)
    if wording.percent(before) == wording.percent(after):
        ax.annotate(
            f"{wording.percent(after)} (both)",
            (after, place),
            (9, 0),
            textcoords="offset points",
            va="center",
        )
        return
    right, left = max(before, after), min(before, after)
    if right - left < 0.03 * width:
        text = f"{wording.percent(before)}, plan {wording.percent(after)}"
        ax.annotate(text, (right, place), (9, 0), textcoords="offset points", va="center")
        return
    ax.annotate(
        wording.percent(right), (right, place), (9, 0), textcoords="offset points", va="center"
    )
    room = left >= 0.11 * width
    ax.annotate(
        wording.percent(left),
        (left, place),
        (-9, 0) if room else (-4, -8),
        textcoords="offset points",
        ha="right" if room else "left",
        va="center" if room else "top",
    )
