"""Pieces that charts share: titles, labels that keep apart, axes of years and of shares."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from opt.report import theme, wording

TITLE_CHARACTERS = 70
TITLE_GID = "finding"


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


def share_axis(ax: Axes, highest: float) -> float:
    """Shares from nothing to a little above the highest; the upper end."""
    top = 1.04 if highest > 0.5 else max(highest * 1.25, 0.05)
    ax.set_ylim(0, top)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0 if top > 0.1 else 1))
    ax.tick_params(axis="y", length=0)
    return top


def short_name(text: str, most: int = 24) -> str:
    """A name, cut to the room it has."""
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."
