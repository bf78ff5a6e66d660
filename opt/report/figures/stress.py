"""The plan held in every case that was tried, beside the same without it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from opt.record.stress import Strain, Stress, StressCase
from opt.report import theme, wording
from opt.report.figures.axes import KEY_LINE, key, set_subtitle, set_title, short_name
from opt.report.figures.chart import Chart, Room
from opt.report.sections.base_case import case_name
from opt.report.sections.doubts import worst
from opt.report.story import Story

MOST_FAILURES = 6
FAILURES_KEPT = 3  # where there is room for few cases
NAME_CHARACTERS = 36


def cases(story: Story) -> list[StressCase]:
    """The case of the plan, every scenario and the worst failures; none where none was tried."""
    found = story.answer(Stress)
    if found is None:
        return []
    own = [c for c in found.cases if c.strain is Strain.PLAN and c.last_year is not None]
    tried = [*worst(found, Strain.SCENARIO), *worst(found, Strain.FAILURE)[:MOST_FAILURES]]
    return [*own, *tried] if tried else []


def shown(story: Story, room: Room) -> list[StressCase]:
    """The cases that there is room for: those that come last of each kind are left out."""
    found = cases(story)
    if len(found) <= room.lines:
        return found
    failures = [c for c in found if c.strain is Strain.FAILURE][:FAILURES_KEPT]
    others = [c for c in found if c.strain is not Strain.FAILURE]
    return [*others[: int(room.lines) - len(failures)], *failures]


def _title(story: Story) -> str:
    tried = [c for c in cases(story) if c.strain is Strain.SCENARIO] or cases(story)
    most = max(tried, key=lambda c: (c.last_year or 0.0, c.case))
    year = wording.year(story.run.case.last_year)
    level = wording.whole_percent(most.last_year or 0.0)
    return f"The worst case tried brings {year} to {level}: {case_name(story, most)}"


def _alt(story: Story) -> str:
    parts = [
        f"{case_name(story, c)} {wording.percent(c.last_year or 0.0)}"
        + (
            ""
            if c.without_last_year is None
            else f" (without {wording.percent(c.without_last_year)})"
        )
        for c in cases(story)
    ]
    return f"Bars, one a case. {_title(story)}. {'; '.join(parts)}."


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """A bar for the level of the last year with the plan held, a mark for that without it."""
    set_title(ax, _title(story), room, KEY_LINE)
    year = wording.year(story.run.case.last_year)
    found = shown(story, room)
    left = len(cases(story)) - len(found)
    less = f"; {left} milder cases are left out" if left else ""
    set_subtitle(ax, f"Level in {year}, the plan held, one change each{less}", room, KEY_LINE)
    for place, case in enumerate(found):
        level = case.last_year or 0.0
        own = case.strain is Strain.PLAN
        ax.barh(
            place, level, height=0.56 if room.is_wide else 0.34,
            color=theme.BLUE if own else theme.SHADE, edgecolor=theme.BLUE, lw=0.8,
            hatch="" if case.strain is not Strain.FAILURE else "///",
        )  # fmt: skip
        ax.text(0.01, place, wording.whole_percent(level), va="center", fontsize=7.5,
                color=theme.WHITE if own else theme.INK,
            bbox={"boxstyle": "square,pad=0.1", "fc": theme.BLUE if own else theme.WHITE, "lw": 0},
        )  # fmt: skip
        if case.without_last_year is not None:
            ax.plot(case.without_last_year, place, "D", color=theme.VERMILLION, ms=4)
        if not room.is_wide:
            ax.text(0.0, place - 0.24, case_name(story, case), va="bottom", fontsize=7.5)
    ax.set_yticks(range(len(found)), _names(story, room) if room.is_wide else [""] * len(found))
    ax.set_ylim(len(found) - 0.4, -0.7)
    ax.set_xlim(0, 1.02)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.tick_params(length=0)
    without = Line2D(
        [], [], color=theme.VERMILLION, marker="D", ls="none", ms=4, label="without the plan"
    )
    tried = Patch(facecolor=theme.SHADE, edgecolor=theme.BLUE, label="scenario")
    fails = Patch(facecolor=theme.SHADE, edgecolor=theme.BLUE, hatch="///", label="a plant fails")
    key(ax, [tried, fails, without], 3)


def _names(story: Story, room: Room) -> list[str]:
    return [short_name(case_name(story, c), NAME_CHARACTERS) for c in shown(story, room)]


STRESS_CHART = Chart(
    "stress",
    "The plan held in every case tried, beside the same without it.",
    _plot,
    _title,
    _alt,
    lambda story, room: (0.2 if room.is_wide else 0.36) * len(shown(story, room)),
    lambda story, room: _names(story, room) if room.is_wide else [""],
    top=lambda _, __: KEY_LINE,
    is_told=lambda story: bool(cases(story)),
)
