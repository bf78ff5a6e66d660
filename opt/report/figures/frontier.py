"""Money against dependence: points that no plan with less money beats."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from opt.report import theme, wording
from opt.report.figures.axes import KEY_LINE, key, set_subtitle, set_title, share_axis
from opt.report.figures.chart import Chart, Room
from opt.report.sections.frontier import front, sentence
from opt.report.story import Story


def _alt(story: Story) -> str:
    found = front(story)
    assert found is not None
    parts = [
        f"{wording.round_money(p.amount)}: {wording.percent(p.dependence)}, not below "
        f"{wording.bound_value('dependence', p.bound)}"
        for p in found.points
    ]
    return f"Steps and points of money against dependence. {sentence(story)}. {'; '.join(parts)}."


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """A step at each point, and under it what no plan with as much can beat; the plan apart."""
    set_title(ax, sentence(story), room, KEY_LINE)
    set_subtitle(ax, "Mean of the counted years, by public money needed", room, KEY_LINE)
    found = front(story)
    assert found is not None
    amounts = [p.amount / 1000 for p in found.points]
    shares = [p.dependence for p in found.points]
    bounds = [max(p.bound, 0.0) for p in found.points]
    ax.step(amounts, shares, where="post", color=theme.BLUE, lw=1.6)
    ax.plot(amounts, shares, "o", color=theme.BLUE, ms=4)
    ax.plot(amounts, bounds, "_", color=theme.VERMILLION, ms=8, mew=1.5)
    share_axis(ax, max(shares))
    ax.set_xlabel("USD billion")
    ax.set_xlim(left=min(0.0, *amounts))
    found_mark = Line2D([], [], color=theme.BLUE, marker="o", ms=4, label="best plan found")
    bound_mark = Line2D(
        [], [], color=theme.VERMILLION, marker="_", ls="none", mew=1.5, label="no plan can beat"
    )
    key(ax, [found_mark, bound_mark], 2)


FRONTIER_CHART = Chart(
    "frontier",
    "Public money against dependence, proven points.",
    _plot,
    sentence,
    _alt,
    lambda _, __: 1.9,
    bottom=0.5,
    top=lambda _, __: KEY_LINE,
    is_told=lambda story: front(story) is not None,
)
