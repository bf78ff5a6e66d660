"""Public money falling due by year, on one scale: the largest programmes and all others."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from opt.report import theme, wording
from opt.report.figures.axes import (
    KEY_LINE,
    key,
    set_subtitle,
    set_title,
    short_name,
    year_axis,
)
from opt.report.figures.chart import Chart, Room
from opt.report.sections.money import active, programmes
from opt.report.story import Story, once

LARGEST = 6
NAME_CHARACTERS = 44
OTHERS = "all others"
# Colour and hatch of each part from below; each differs from its neighbours without colour.
PARTS = (
    (theme.BLUE, ""),
    (theme.WHITE, "//"),
    (theme.GREEN, "xx"),
    (theme.SHADE, ""),
    (theme.VERMILLION, "--"),
    (theme.WHITE, "\\\\"),
    (theme.RULE, ""),
)


@once
def _series(story: Story) -> dict[str, dict[int, float]]:
    """What falls due by year of each of the largest programmes by name, and of all others."""
    paid = {entry.programme: entry for entry in programmes(story)}
    order = sorted(active(story), key=lambda k: (-paid[k].paid_musd, k))
    found: dict[str, dict[int, float]] = {}
    for place, programme in enumerate(order):
        name = paid[programme].name if place < LARGEST else OTHERS
        years = found.setdefault(name, {})
        for row in active(story)[programme]:
            years[row.year] = years.get(row.year, 0.0) + row.due_musd
    return found


def _most(story: Story) -> tuple[int, float]:
    """The year in which most falls due, and how much."""
    sums: dict[int, float] = {}
    for years in _series(story).values():
        for year, due in years.items():
            sums[year] = sums.get(year, 0.0) + due
    return max(sums.items(), key=lambda item: (item[1], -item[0]))


def _title(story: Story) -> str:
    """Finding of the figure of public money."""
    year, due = _most(story)
    whole = wording.round_money(story.run.metrics.public_musd)
    return f"{whole} of public money; most falls due in {year}: {wording.round_money(due)}"


def _alt(story: Story) -> str:
    parts = [
        f"{name} {wording.round_money(wording.total(years.values()))}"
        for name, years in _series(story).items()
    ]
    return (
        f"Stacked bars by year. {_title(story)}. In all, as settled in this run: "
        f"{'; '.join(parts)}."
    )


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """A stacked bar a year, the largest programme at the bottom."""
    above = _key_inches(story, room)
    set_title(ax, _title(story), room, above)
    found = _series(story)
    set_subtitle(ax, "USD billion falling due; who pays is left open by the plan", room, above)
    years = sorted({t for part in found.values() for t, due in part.items() if due > 0})
    base = dict.fromkeys(years, 0.0)
    for (_, part), (colour, hatch) in zip(found.items(), PARTS, strict=False):
        heights = [part.get(year, 0.0) / 1000 for year in years]
        ax.bar(years, heights, bottom=[base[t] for t in years], width=0.72, color=colour,
               edgecolor=theme.INK, linewidth=0.5, hatch=hatch)  # fmt: skip
        for year, height in zip(years, heights, strict=True):
            base[year] += height
    year_axis(ax, years[0], years[-1], room)
    ax.set_ylim(0, max(base.values()) * 1.08)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.tick_params(axis="y", length=0)
    key(ax, _handles(story), _columns(room))


def _handles(story: Story) -> Sequence[Artist]:
    return [
        Patch(facecolor=colour, hatch=hatch, edgecolor=theme.INK, linewidth=0.5,
              label=short_name(name, NAME_CHARACTERS))
        for name, (colour, hatch) in zip(_series(story), PARTS, strict=False)
    ]  # fmt: skip


def _columns(room: Room) -> int:
    return 2 if room.is_wide else 1


def _key_inches(story: Story, room: Room) -> float:
    return KEY_LINE * -(-len(_series(story)) // _columns(room))


MONEY_CHART = Chart(
    "money",
    "Public money falling due by year, as settled in this run.",
    _plot,
    _title,
    _alt,
    lambda _, __: 1.9,
    lambda _, __: ("0.00",),
    top=_key_inches,
    is_told=lambda story: bool(active(story)),
)
