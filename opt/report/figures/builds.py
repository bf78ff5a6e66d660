"""What is built when: construction, and the share of capacity that can run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from opt.report import theme, wording
from opt.report.figures.axes import say_nothing, set_subtitle, set_title, short_name, year_axis
from opt.report.figures.chart import Chart
from opt.report.sections.plan import ProjectFinding, built, plan
from opt.report.story import Story

NAME_CHARACTERS = 30
HALF = 0.31  # of the height of a bar, between rows 1 apart
LABEL_SIZE = 6.5  # points
CAP = 0.729 * LABEL_SIZE  # height of a figure of DejaVu Sans


def _title(story: Story) -> str:
    """Finding of the figure of what is built when."""
    found = plan(story)
    if found.first_output is None or found.last_output is None:
        return "The plan builds nothing"
    projects = wording.count(found.project_count, "project")
    span = wording.years(found.first_output, found.last_output)
    return f"{projects}, first output {span}"


def _alt(story: Story) -> str:
    parts = [
        f"{e.name}: committed {wording.year(e.commitment.year)}, first output "
        f"{wording.year(e.commitment.first_operation)}{_usable_words(e)}"
        for e in built(story)
    ]
    return f"Chart of one bar a project over the years. {_title(story)}. {'; '.join(parts)}."


def _usable_words(entry: ProjectFinding) -> str:
    """The shares of capacity that can run, one after the other."""
    shares = dict.fromkeys(wording.short_percent(share) for share in entry.usable.values())
    return f", runs at {', '.join(shares)}" if shares else ""


def _plot(story: Story, ax: Axes) -> None:
    """Each commitment on a line of years: construction hatched, then a shade for the share of its
    capacity that can run under the scenario's shocks."""
    set_title(ax, _title(story))
    projects = built(story)
    if not projects:
        say_nothing(ax, "The plan commits no new project")
        return
    set_subtitle(ax, "Calendar years; the shade is the share of capacity that can run")
    _construction(ax, projects)
    _running(ax, projects)
    ax.set_yticks(range(len(projects)), _names(story))
    ax.set_ylim(len(projects) - 0.4, -0.6)
    year_axis(ax, min(entry.commitment.year for entry in projects), story.run.case.last_year)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)
    _build_key(ax)


def _construction(ax: Axes, projects: Sequence[ProjectFinding]) -> None:
    """Hatched from the year of commitment up to the first year of operation."""
    spans = [
        _block(place, entry.commitment.year, entry.commitment.first_operation - 1)
        for place, entry in enumerate(projects)
        if entry.commitment.first_operation > entry.commitment.year
    ]
    hatched = PolyCollection(
        spans, facecolors=theme.WHITE, edgecolors=theme.MUTED, hatch="////", linewidths=0.8
    )
    ax.add_collection(hatched, autolim=False)


def _running(ax: Axes, projects: Sequence[ProjectFinding]) -> None:
    """A block for each run of years with the same share of capacity, which is its shade."""
    blocks, shades = [], []
    labels: dict[str, list[tuple[float, int]]] = {}
    for place, entry in enumerate(projects):
        for share, same in groupby(sorted(entry.usable.items()), key=lambda item: item[1]):
            years = [year for year, _ in same]
            whole = share > 1 - wording.NOTHING
            blocks.append(_block(place, years[0], years[-1]))
            shades.append(to_rgba(theme.BLUE, 1.0 if whole else 0.12 + 0.5 * share))
            if not whole:
                middle = (years[0] + years[-1]) / 2
                labels.setdefault(wording.short_percent(share), []).append((middle, place))
    ax.add_collection(PolyCollection(blocks, facecolors=shades, linewidths=0), autolim=False)
    for words, places in labels.items():
        _share_labels(ax, words, places)


def _block(place: int, first: int, last: int) -> list[tuple[float, float]]:
    """The corners of a bar over whole years, both included."""
    left, right, low, high = first - 0.5, last + 0.5, place - HALF, place + HALF
    return [(left, low), (right, low), (right, high), (left, high)]


def _share_labels(ax: Axes, words: str, places: Sequence[tuple[float, int]]) -> None:
    """The same words at several places, as marks: hundreds of texts of their own would take longer
    to lay out than the rest of the chart."""
    letters = TextPath(
        (0, 0), words, prop=FontProperties(family=theme.FIGURE_FONT, size=LABEL_SIZE)
    )
    box = letters.get_extents()
    centred = letters.transformed(Affine2D().translate(-(box.x0 + box.x1) / 2, -CAP / 2))
    # A mark is drawn with its largest coordinate at half its size.
    size = 2 * float(np.abs(np.asarray(centred.vertices)).max())
    x, y = zip(*places, strict=True)
    ax.plot(
        x, y, ls="none", marker=centred, ms=size, mfc=theme.INK, mew=0, clip_on=False, label=words
    )


def _build_key(ax: Axes) -> None:
    handles = [
        Patch(facecolor=theme.WHITE, edgecolor=theme.MUTED, hatch="////", label="construction"),
        Patch(facecolor=theme.BLUE, alpha=0.45, label="part of capacity can run"),
        Patch(facecolor=theme.BLUE, label="all of it"),
    ]
    ax.legend(
        handles=handles,
        loc="upper right",
        bbox_to_anchor=(1.0, 0.0),
        ncols=3,
        frameon=False,
        bbox_transform=ax.transAxes,
        borderaxespad=1.9,
        fontsize=8,
    )


def _names(story: Story) -> list[str]:
    return [short_name(entry.name, NAME_CHARACTERS) for entry in built(story)]


BUILDS_CHART = Chart(
    "builds",
    "What is built when.",
    _plot,
    _title,
    _alt,
    lambda story: max(0.215 * len(built(story)), 0.6),
    lambda story: _names(story) or [""],
    bottom=0.62,
)
