"""What a chart is: its drawing, and what it says to a reader who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from opt.report.story import Story

BOTTOM = 0.32


def _no_labels(_: Story) -> Sequence[str]:
    return ("100%",)


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure.

    File name, caption, drawing, finding, words for who cannot see it, height in inches of the plot
    itself, and the labels that stand left of it; `right` and `bottom` are margins in inches.
    """

    name: str
    caption: str
    plot: Callable[[Story, Axes], None]
    title: Callable[[Story], str]
    alt: Callable[[Story], str]
    height: Callable[[Story], float]
    labels: Callable[[Story], Sequence[str]] = _no_labels
    right: float = 0.15
    bottom: float = BOTTOM

    def figure(self, story: Story) -> Figure:
        """What the chart holds, drawn on axes that are still to be sized."""
        figure = Figure()
        FigureCanvasAgg(figure)
        self.plot(story, figure.add_axes((0.0, 0.0, 1.0, 1.0)))
        return figure
