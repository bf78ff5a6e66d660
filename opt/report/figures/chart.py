"""What a chart is: its drawing, and what it says to a reader who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from opt.report import theme
from opt.report.story import Story

BOTTOM = 0.32


def _no_labels(_: Story, __: Room) -> Sequence[str]:
    return ("100%",)


@dataclass(frozen=True, slots=True)
class Room:
    """How wide a chart is drawn, in inches: the text width of the memo, or a telephone's; and how
    many lines it may have, of a chart with one a thing, for its letters to be read."""

    width: float
    lines: float = math.inf

    @property
    def is_wide(self) -> bool:
        """Whether there is room for labels beside what they name."""
        return self.width > theme.NARROW_INCHES


# A page, which has an end; a telephone's, which has none; and a slide, lower than a page.
WIDE, NARROW = Room(theme.WIDTH_INCHES, 60), Room(theme.NARROW_INCHES)
SLIDE = Room(theme.WIDTH_INCHES, 14)


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure.

    File name, caption, drawing, finding, words for who cannot see it, height in inches of the plot
    itself, and the labels that stand left of it; `right` and `bottom` are margins in inches, `top`
    what stands between what is measured and the plot. `is_told` says whether the story has it.
    """

    name: str
    caption: str
    plot: Callable[[Story, Axes, Room], None]
    title: Callable[[Story], str]
    alt: Callable[[Story], str]
    height: Callable[[Story, Room], float]
    labels: Callable[[Story, Room], Sequence[str]] = _no_labels
    right: Callable[[Room], float] = lambda _: 0.15
    bottom: float = BOTTOM
    top: Callable[[Story, Room], float] = lambda _, __: 0.0
    is_told: Callable[[Story], bool] = lambda _: True

    def figure(self, story: Story, room: Room) -> Figure:
        """What the chart holds, drawn on axes that are still to be sized."""
        figure = Figure()
        FigureCanvasAgg(figure)
        self.plot(story, figure.add_axes((0.0, 0.0, 1.0, 1.0)), room)
        return figure
