"""The figures that move the plan most: its dependence at both ends of each range."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from opt.record.sensitivity import Sensitivity, SensitivityCell
from opt.report import theme, wording
from opt.report.figures.axes import set_subtitle, set_title, short_name
from opt.report.figures.chart import Chart, Room
from opt.report.sections.cells import cell_words
from opt.report.sections.switching import moving
from opt.report.story import Story

MOST = 10
NAME_CHARACTERS = 40


def _cells(story: Story) -> list[SensitivityCell]:
    return moving(story)[:MOST]


def _name(story: Story, cell: SensitivityCell) -> str:
    return cell_words(story, cell.sheet, cell.row, cell.column)


def _title(story: Story) -> str:
    first = _cells(story)[0]
    swing = wording.points(first.swing)
    return f"{wording.capital(_name(story, first))} moves the mean most, by {swing}"


def _alt(story: Story) -> str:
    parts = [
        f"{_name(story, c)} {_share(c.at_low)} at {wording.number(c.low)}, {_share(c.at_high)} at "
        f"{wording.number(c.high)}"
        for c in _cells(story)
    ]
    return f"Bars, one a figure of the workbook. {_title(story)}. {'; '.join(parts)}."


def _share(value: float | None) -> str:
    return "not known" if value is None else wording.percent(value)


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """A bar between what the plan comes to at the low and at the high end, both labelled."""
    set_title(ax, _title(story), room)
    set_subtitle(ax, "Mean of the counted years, plan held; at each end the figure itself", room)
    found, answer = _cells(story), story.answer(Sensitivity)
    assert answer is not None
    base = answer.dependence if answer.dependence is not None else story.run.metrics.dependence
    ends = [base]
    for place, cell in enumerate(found):
        for value, figure, hatch in (
            (cell.at_low, cell.low, ""),
            (cell.at_high, cell.high, "////"),
        ):
            if value is None:
                continue
            ends.append(value)
            ax.barh(place, value - base, left=base, height=0.5 if room.is_wide else 0.32,
                    color=theme.SHADE, edgecolor=theme.BLUE, lw=0.8, hatch=hatch)  # fmt: skip
            _end_label(ax, place, value, base, wording.number(figure))
        if not room.is_wide:
            ax.annotate(_name(story, cell), (0.0, place - 0.22), xycoords=("axes fraction", "data"),
                        va="bottom", fontsize=7.5)  # fmt: skip
    ax.axvline(base, color=theme.INK, lw=1)
    room_beside = max(max(ends) - min(ends), 0.005) * 0.35
    ax.set_xlim(min(ends) - room_beside, max(ends) + room_beside)
    ax.set_yticks(range(len(found)), _names(story) if room.is_wide else [""] * len(found))
    ax.set_ylim(len(found) - 0.4, -0.7)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.tick_params(length=0)


def _end_label(ax: Axes, place: int, value: float, base: float, words: str) -> None:
    """The figure beside the end of its bar; none where it moves nothing."""
    if abs(value - base) < wording.NOTHING:
        return
    right = value > base
    ax.annotate(words, (value, place), (3 if right else -3, 0), textcoords="offset points",
                ha="left" if right else "right", va="center", fontsize=7)  # fmt: skip


def _names(story: Story) -> list[str]:
    return [short_name(_name(story, c), NAME_CHARACTERS) for c in _cells(story)]


TORNADO_CHART = Chart(
    "tornado",
    "The figures that move the plan most, between both ends of their ranges, the plan held.",
    _plot,
    _title,
    _alt,
    lambda story, room: (0.22 if room.is_wide else 0.4) * max(len(_cells(story)), 1),
    lambda story, room: _names(story) if room.is_wide else [""],
    is_told=lambda story: bool(_cells(story)),
)
