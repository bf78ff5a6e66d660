"""Exposed share of each stage's material by year, with the plan."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from opt.record.chain import StageYear
from opt.report import theme, wording
from opt.report.figures.axes import (
    say_nothing,
    set_subtitle,
    set_title,
    share_axis,
    short_name,
    spread,
    year_axis,
)
from opt.report.figures.chart import Chart
from opt.report.sections.chain import stages, touching, years_by_stage
from opt.report.sections.years import years
from opt.report.story import Story


@dataclass(frozen=True, slots=True)
class _End:
    """A label for the end of a line: its height on the axis, its text, the leader's colour."""

    height: float
    text: str
    colour: str


def _title(story: Story) -> str:
    """Finding of the figure of exposure by stage."""
    exposed = touching(story)
    if not stages(story):
        return "Allied plants and users take in no material"
    year = wording.year(stages(story)[0].year)
    if not exposed:
        return f"In {year} allied plants and users take in no exposed material"
    share = wording.percent(exposed[0].exposed_share)
    most = [entry.stage for entry in exposed if wording.percent(entry.exposed_share) == share]
    if len(most) == 1:
        return f"In {year} {most[0]} is the most exposed stage, at {share}"
    return f"In {year} {wording.names(most)} are the most exposed stages, at {share}"


def _alt(story: Story) -> str:
    return f"Line chart, one line a stage. {_title(story)}. {_stage_shares(story)}"


def _stage_shares(story: Story) -> str:
    parts = [
        f"{e.stage} {wording.percent(e.exposed_share)} (without "
        f"{wording.percent(e.baseline_exposed_share)})"
        for e in stages(story)
    ]
    return f"Exposed shares at the target year: {'; '.join(parts)}." if parts else ""


def _plot(story: Story, ax: Axes) -> None:
    """Exposed share of each stage's material by year, with the plan."""
    set_title(ax, _title(story))
    set_subtitle(
        ax, "Exposed share of what allied plants and users take in, with the plan, counted years"
    )
    shown = _counted(story)
    if not shown:
        say_nothing(ax, "Allied plants and users take in no material")
        return
    for place, (_, entries) in enumerate(shown.items()):
        colour, dash = theme.series_style(place)
        shares = [entry.exposed_share for entry in entries]
        ax.plot(
            [entry.year for entry in entries], shares, color=colour, ls=dash, lw=2, clip_on=False
        )
    every = [entry for entries in shown.values() for entry in entries]
    year_axis(ax, min(e.year for e in every), max(e.year for e in every))
    top = share_axis(ax, max(entry.exposed_share for entry in every))
    _end_labels(ax, max(e.year for e in every), _stage_ends(shown), top)


def _counted(story: Story) -> dict[str, list[StageYear]]:
    """The counted years of each stage; all years where none or only one counts."""
    found = years_by_stage(story)
    counted = set(years(story).counted)
    if len(counted) < 2:
        return found
    kept = {stage: [e for e in entries if e.year in counted] for stage, entries in found.items()}
    return {stage: entries for stage, entries in kept.items() if entries}


def _end_labels(ax: Axes, last: float, ends: Sequence[_End], top: float) -> None:
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


def _stage_ends(shown: Mapping[str, list[StageYear]]) -> list[_End]:
    """One label for each share that shows: stages that end alike share it."""
    alike: dict[str, list[tuple[str, int, float]]] = {}
    for place, (stage, entries) in enumerate(shown.items()):
        share = entries[-1].exposed_share
        alike.setdefault(wording.percent(share), []).append((stage, place, share))
    ends = []
    for percent, group in alike.items():
        words = wording.names([short_name(stage) for stage, _, _ in group], 3)
        colour = theme.series_style(group[0][1])[0] if len(group) == 1 else theme.MUTED
        ends.append(_End(group[0][2], textwrap.fill(f"{words} {percent}", 24), colour))
    return ends


STAGES_CHART = Chart(
    "stages",
    "Exposed share of each stage by year, with the plan.",
    _plot,
    _title,
    _alt,
    lambda story: 2.4 + 0.1 * max(len(years_by_stage(story)) - 6, 0),
    right=1.95,
)
