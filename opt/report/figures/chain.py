"""The chain as one strip from mine to user: where it is first touched, and how full its plants
are."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from opt.report import theme, wording
from opt.report.figures.axes import say_nothing, set_subtitle, set_title
from opt.report.figures.chart import Chart, Room
from opt.report.sections.chain import CLEAR_BELOW, allied_use, touch, touch_title
from opt.report.sections.years import target_year
from opt.report.story import Story

FULL = 0.995  # of capacity: nothing is left
BOX = 0.92  # of the place of a stage
MOST_ACROSS = 8  # stages beside each other, whose words do not meet
BELOW, ABOVE = 0.62, 1.24  # of a strip, whose boxes are 1 high, with the words under and over it
STRIP = BELOW + ABOVE
STRIP_INCHES = 1.5


@dataclass(frozen=True, slots=True)
class _Stage:
    """One stage: the share of demand first touched there, and the share of allied capacity that is
    used (None: allies have none)."""

    name: str
    share: float
    before: float
    used: float | None


def _stages(story: Story) -> list[_Stage]:
    touched = {entry.stage: entry for entry in touch(story)}
    used = allied_use(story)
    order = [*story.run.case.stages, *touched]
    known = dict.fromkeys(stage for stage in order if stage in touched or stage in used)
    return [
        _Stage(
            stage,
            touched[stage].share if stage in touched else 0.0,
            touched[stage].baseline_share if stage in touched else 0.0,
            used.get(stage),
        )
        for stage in known
    ]


def _alt(story: Story) -> str:
    parts = [
        f"{e.name}: {wording.percent(e.share)} of demand first touched there (without "
        f"{wording.percent(e.before)}){_used_words(e)}"
        for e in _stages(story)
    ]
    return f"The stages in a row. {touch_title(story)}. {'; '.join(parts)}."


def _used_words(entry: _Stage) -> str:
    if entry.used is None:
        return ", no allied plant"
    return f", {wording.whole_percent(entry.used)} of allied capacity used"


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """A box a stage, filled from below by the share of demand first touched there with the plan; a
    line where it stood without; under it how much of allied capacity is used. A chain that is long
    goes on in a strip below."""
    set_title(ax, touch_title(story), room)
    found = _stages(story)
    if not found:
        set_subtitle(ax, "", room)
        say_nothing(ax, "Nothing that serves allies has been touched")
        return
    year = wording.year(target_year(story))
    set_subtitle(ax, f"{year}: share of allied demand first touched (line: no new money)", room)
    ax.set_axis_off()
    scale = max(max(e.share, e.before) for e in found) or 1.0
    if not room.is_wide:
        ax.set_xlim(-0.02, 1.0)
        ax.set_ylim(len(found), -0.02)
        for place, entry in enumerate(found):
            _lying(ax, place, entry, scale)
        return
    across, strips = _strips(len(found))
    ax.set_xlim(-0.02, across)
    ax.set_ylim(-BELOW - STRIP * (strips - 1), ABOVE)
    for place, entry in enumerate(found):
        _standing(ax, place % across, -STRIP * (place // across), entry, scale)


def _strips(stages: int) -> tuple[int, int]:
    """How many stages stand beside each other, and in how many strips of about the same length."""
    strips = max(math.ceil(stages / MOST_ACROSS), 1)
    return math.ceil(stages / strips), strips


def _standing(ax: Axes, place: int, foot: float, entry: _Stage, scale: float) -> None:
    """A box from left to right of the strip that stands at height `foot`."""
    colour = theme.BLUE if entry.share >= CLEAR_BELOW else theme.RULE
    ax.add_patch(Rectangle((place, foot), BOX, 1, fill=False, ec=theme.MUTED, lw=0.8))
    ax.add_patch(Rectangle((place, foot), BOX, entry.share / scale, fc=colour, alpha=0.55, lw=0))
    stood = foot + entry.before / scale
    ax.plot([place, place + BOX], [stood] * 2, color=theme.VERMILLION, lw=1.6, ls="--")
    middle = place + BOX / 2
    ax.text(middle, foot + 1.05, "\n".join(textwrap.wrap(entry.name, 13)), ha="center", va="bottom",
            fontsize=8, fontweight="bold")  # fmt: skip
    ax.text(middle, foot + 0.5, _shares(entry), ha="center", va="center", fontsize=7.5)
    ax.text(middle, foot - 0.08, "\n".join(textwrap.wrap(_binds(entry), 14)), ha="center", va="top",
            fontsize=7, color=theme.INK)  # fmt: skip


def _lying(ax: Axes, place: int, entry: _Stage, scale: float) -> None:
    """A box from top to bottom, for a narrow strip."""
    colour = theme.BLUE if entry.share >= CLEAR_BELOW else theme.RULE
    low = place + 0.42
    ax.add_patch(Rectangle((0, low), 1, 0.4, fill=False, ec=theme.MUTED, lw=0.8))
    ax.add_patch(Rectangle((0, low), entry.share / scale, 0.4, fc=colour, alpha=0.55, lw=0))
    ax.plot([entry.before / scale] * 2, [low, low + 0.4], color=theme.VERMILLION, lw=1.6, ls="--")
    ax.text(0, place + 0.37, entry.name, va="bottom", fontsize=8, fontweight="bold")
    ax.text(1, place + 0.37, _binds(entry), va="bottom", ha="right", fontsize=7)
    ax.text(
        0.5, low + 0.2, _shares(entry).replace("\n", " "), ha="center", va="center", fontsize=7.5
    )


def _shares(entry: _Stage) -> str:
    now, before = wording.whole_percent(entry.share), wording.whole_percent(entry.before)
    return now if now == before else f"{now}\n({before})"


def _binds(entry: _Stage) -> str:
    if entry.used is None:
        return "no allied plant"
    if entry.used >= FULL:
        return "allied plants full"
    return f"{wording.whole_percent(entry.used)} of allied plants used"


def _height(story: Story, room: Room) -> float:
    stages = len(_stages(story))
    return STRIP_INCHES * _strips(stages)[1] if room.is_wide else 0.5 * max(stages, 1)


CHAIN_CHART = Chart(
    "chain",
    "The chain from mine to user: where supply is first touched, and how full allied plants are.",
    _plot,
    touch_title,
    _alt,
    _height,
    lambda _, __: ("",),
    bottom=0.1,
)
