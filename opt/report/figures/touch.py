"""Where the chain is first touched, without new money and with the plan."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from opt.report import theme, wording
from opt.report.figures.axes import say_nothing, set_subtitle, set_title, short_name
from opt.report.figures.chart import Chart
from opt.report.sections.chain import touch, touch_title
from opt.report.story import Story


def _alt(story: Story) -> str:
    parts = [
        f"{e.stage} {wording.percent(e.share)} (without {wording.percent(e.baseline_share)})"
        for e in touch(story)
    ]
    shares = f" Shares of allied demand: {'; '.join(parts)}." if parts else ""
    return f"Chart of two marks a stage, before and after. {touch_title(story)}.{shares}"


def _plot(story: Story, ax: Axes) -> None:
    """Share of allied demand by the stage of first touch, without new money and with the plan."""
    set_title(ax, touch_title(story))
    found = touch(story)
    if not found:
        say_nothing(ax, "Nothing that serves allies has been touched")
        return
    year = wording.year(found[0].year)
    set_subtitle(ax, f"Share of allied demand by stage of first touch, {year}")
    right = _touch_axis(ax, max(max(e.share, e.baseline_share) for e in found))
    for place, entry in enumerate(found):
        _dumbbell(ax, place, entry.baseline_share, entry.share, right)
    ax.set_yticks(range(len(found)), _names(story))
    ax.set_ylim(len(found) - 0.4, -0.85)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(length=0)
    ax.text(
        0.0,
        -0.62,
        "hollow circle: no new money     filled square: plan",
        va="center",
        color=theme.MUTED,
    )


def _names(story: Story) -> list[str]:
    """The stages of the figure of first touch."""
    return [short_name(entry.stage, 28) for entry in touch(story)]


def _touch_axis(ax: Axes, highest: float) -> float:
    """A horizontal axis of shares with room for a label at the highest; its right end."""
    right = max(highest * 1.15, 0.05)
    ax.set_xlim(-0.02 * right, right)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0 if right > 0.1 else 1))
    return right


def _dumbbell(ax: Axes, place: int, before: float, after: float, width: float) -> None:
    """A hollow circle before, a filled square after, both labelled away from each other."""
    ax.plot([before, after], [place, place], color=theme.MUTED, lw=1.5, zorder=1)
    ax.plot(before, place, "o", mfc=theme.WHITE, mec=theme.VERMILLION, mew=2, ms=11, zorder=2)
    ax.plot(after, place, "s", color=theme.BLUE, ms=6, zorder=3)
    if wording.percent(before) == wording.percent(after):
        ax.annotate(
            f"{wording.percent(after)} (both)",
            (after, place),
            (9, 0),
            textcoords="offset points",
            va="center",
        )
        return
    right, left = max(before, after), min(before, after)
    if right - left < 0.03 * width:
        text = f"{wording.percent(before)}, plan {wording.percent(after)}"
        ax.annotate(text, (right, place), (9, 0), textcoords="offset points", va="center")
        return
    ax.annotate(
        wording.percent(right), (right, place), (9, 0), textcoords="offset points", va="center"
    )
    room = left >= 0.11 * width
    ax.annotate(
        wording.percent(left),
        (left, place),
        (-9, 0) if room else (-4, -8),
        textcoords="offset points",
        ha="right" if room else "left",
        va="center" if room else "top",
    )


TOUCH_CHART = Chart(
    "touch",
    "Where the chain is first touched, without new money and with the plan.",
    _plot,
    touch_title,
    _alt,
    lambda story: 0.4 * max(len(touch(story)), 1) + 0.5,
    lambda story: _names(story) or ["100%"],
)
