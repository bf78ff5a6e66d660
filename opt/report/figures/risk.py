"""One plan for all scenarios in each of them, beside the base case's own and the best for it."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from opt.record.risk import Risk, RiskScenario
from opt.report import theme, wording
from opt.report.figures.axes import KEY_LINE, key, set_subtitle, set_title, short_name
from opt.report.figures.chart import Chart, Room
from opt.report.sections.risk import NEAR, best, is_known, scenario_name, share, shown_scenarios
from opt.report.story import Story

NAME_CHARACTERS = 36
KEY_LINES = 2
NEAR_LEVELS = 0.02
LEAST_SPAN = 0.02  # a share: nearer values are not drawn as if they lay far apart
# Marks that differ in form, one seen through the other where they fall together.
OWN: dict[str, Any] = {"color": theme.BLUE, "marker": "o", "ms": 4.5, "ls": "none"}
BASE_PLAN: dict[str, Any] = {
    "color": theme.VERMILLION,
    "marker": "D",
    "ms": 7,
    "mfc": "none",
    "ls": "none",
}
BEST: dict[str, Any] = {"color": theme.INK, "marker": "|", "ms": 11, "mew": 1.4, "ls": "none"}
OPEN: dict[str, Any] = {"facecolor": theme.LIGHT, "edgecolor": theme.MUTED, "lw": 0.6}


def _found(story: Story) -> Risk | None:
    """The answer, where there is a plan to be drawn."""
    found = story.answer(Risk)
    return found if found is not None and is_known(found) else None


def _rows(story: Story) -> list[RiskScenario]:
    found = _found(story)
    return [] if found is None else shown_scenarios(found)


def _title(story: Story) -> str:
    """What the two plans come to at worst."""
    found = _found(story)
    assert found is not None
    worst = max(row.outcome or 0.0 for row in found.scenarios)
    said = f"One plan for all scenarios comes to {{}} {found.of} at worst"
    if any(row.base_lapsed for row in found.scenarios):
        lapses = "the base case's own plan cannot be paid in all of them"
        return f"{said.format(wording.whole_percent(worst))}; {lapses}"
    held = [row.base_plan for row in found.scenarios if row.base_plan is not None]
    if len(held) < len(found.scenarios):
        return said.format(wording.whole_percent(worst))
    # Levels that lie near each other are told so that they differ where the marks do.
    words = wording.percent if abs(max(held) - worst) < NEAR_LEVELS else wording.whole_percent
    return f"{said.format(words(worst))}, the base case's own plan to {words(max(held))}"


def _alt(story: Story) -> str:
    rows = _rows(story)
    parts = [
        f"{scenario_name(story, row.scenario)} {share(row.outcome)} ({_base_plan(rows)} "
        f"{share(row.base_plan)}, best plan for it {best(row)})"
        for row in rows
    ]
    return f"Marks on a line, one line a scenario. {_title(story)}. {'; '.join(parts)}."


def _base_plan(rows: list[RiskScenario]) -> str:
    """The base case's plan, of which a part may lapse."""
    lapses = any(row.base_lapsed for row in rows)
    return "payable part of base plan" if lapses else "base case's plan"


def _bracket(row: RiskScenario) -> tuple[float, float] | None:
    """Where the best plan of a scenario lies, where that is open."""
    if row.best is None or row.best_bound is None or row.best - row.best_bound <= NEAR:
        return None
    return row.best_bound, row.best


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """A line a scenario with a mark for each of the three plans; a bar where the best may lie."""
    found, rows = _found(story), _rows(story)
    assert found is not None
    set_title(ax, _title(story), room, KEY_LINES * KEY_LINE)
    set_subtitle(ax, _subtitle(found, rows), room, KEY_LINES * KEY_LINE)
    ends: list[float] = []
    for place, row in enumerate(rows):
        bracket = _bracket(row)
        shown = [x for x in (row.outcome, row.base_plan, row.best) if x is not None]
        shown += bracket or ()
        ax.hlines(place, min(shown), max(shown), color=theme.RULE, lw=1, zorder=1)
        if bracket is not None:
            low, high = bracket
            ax.barh(place, high - low, left=low, height=0.3 if room.is_wide else 0.2, **OPEN)
        for value, mark in ((row.best, BEST), (row.base_plan, BASE_PLAN), (row.outcome, OWN)):
            if value is not None:
                ax.plot(value, place, **mark, clip_on=False, zorder=3)
        if not room.is_wide:
            ax.annotate(_names(story)[place], (0.012, place - 0.28), va="bottom", fontsize=7.5,
                        xycoords=("axes fraction", "data"))  # fmt: skip
        ends += shown
    beside = max(max(ends) - min(ends), LEAST_SPAN) * 0.06
    ax.set_xlim(max(0.0, min(ends) - beside), max(ends) + beside)
    ax.set_yticks(range(len(rows)), _names(story) if room.is_wide else [""] * len(rows))
    ax.set_ylim(len(rows) - 0.4, -0.7)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6 if room.is_wide else 4, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(
        PercentFormatter(1.0, decimals=0 if max(ends) - min(ends) > 0.1 else 1)
    )
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.tick_params(length=0)
    key(ax, _key(rows), 2)


def _subtitle(found: Risk, rows: list[RiskScenario]) -> str:
    said = f"Mean {found.of} of the counted years, by scenario"
    if len(rows) == len(found.scenarios):
        return said
    return f"{said}: the worst {len(rows)} of {len(found.scenarios)}"


def _key(rows: list[RiskScenario]) -> list[Artist]:
    marks: list[Artist] = [
        Line2D([], [], **OWN, label="plan for all"),
        Line2D([], [], **BASE_PLAN, label=_base_plan(rows)),
        Line2D([], [], **BEST | {"ms": 9}, label="best plan for it"),
    ]
    if any(_bracket(row) for row in rows):
        marks.append(Patch(**OPEN, label="the best may lie here"))
    return marks


def _names(story: Story) -> list[str]:
    return [short_name(scenario_name(story, r.scenario), NAME_CHARACTERS) for r in _rows(story)]


RISK_CHART = Chart(
    "risk",
    "One plan for all scenarios, in each beside the base case's plan and the best plan for it.",
    _plot,
    _title,
    _alt,
    lambda story, room: (0.24 if room.is_wide else 0.38) * len(_rows(story)),
    lambda story, room: _names(story) if room.is_wide else [""],
    top=lambda _, __: KEY_LINES * KEY_LINE,
    is_told=lambda story: bool(_rows(story)),
)
