"""Pieces that charts share: titles, labels that keep apart, axes of years and of shares."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter
from matplotlib.transforms import ScaledTranslation

from opt.report import theme, wording
from opt.report.figures.chart import Room

TITLE_CHARACTERS = 11.1  # an inch
LINE_INCHES = 0.17  # of a line of the finding
SUBTITLE_NARROW = 56  # characters
POINTS = 72  # an inch
KEY_LINE = 0.18  # inches of a line of a key
TITLE_GID = "finding"


def title_lines(text: str, room: Room) -> list[str]:
    """The finding, wrapped to the width of a chart."""
    return textwrap.wrap(text, round(room.width * TITLE_CHARACTERS))


def set_title(ax: Axes, text: str, room: Room, above: float = 0.0) -> None:
    """The finding, wrapped, at the left edge of the figure however wide the labels are; `above` is
    what a key takes between it and the plot, in inches."""
    ax.annotate(
        "\n".join(title_lines(text, room)),
        xy=(0.012, 1.0),
        xycoords=("figure fraction", "axes fraction"),
        xytext=(0, 22 + POINTS * above),
        textcoords="offset points",
        fontsize=10,
        fontweight="bold",
        va="bottom",
        annotation_clip=False,
        gid=TITLE_GID,
    )


def set_subtitle(ax: Axes, text: str, room: Room, above: float = 0.0) -> None:
    """What is measured and in which unit, under the title."""
    ax.annotate(
        text if room.is_wide else short_name(text, SUBTITLE_NARROW),
        xy=(0.012, 1.0),
        xycoords=("figure fraction", "axes fraction"),
        xytext=(0, 8 + POINTS * above),
        textcoords="offset points",
        color=theme.MUTED,
        va="bottom",
        annotation_clip=False,
    )


def key(ax: Axes, handles: Sequence[Artist], columns: int, above: float = 0.0) -> None:
    """What marks mean, between what is measured and the plot, so many inches above it."""
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        bbox_transform=ax.transAxes + ScaledTranslation(0.0, above, ax.figure.dpi_scale_trans),
        ncols=columns,
        frameon=False,
        borderaxespad=0.15,
        fontsize=7.5,
        handlelength=1.6,
        columnspacing=1.2,
        labelspacing=0.25,
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


def year_axis(ax: Axes, first: int, last: int, room: Room) -> None:
    """Whole years on the horizontal axis, half a year of room on both sides."""
    ax.set_xlim(first - 0.5, last + 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=11 if room.is_wide else 5, integer=True))
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
