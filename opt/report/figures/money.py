"""Public money falling due, by programme and year."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes

from opt.record.money import ProgrammeYear
from opt.report import theme, wording
from opt.report.figures.axes import say_nothing, set_subtitle, set_title, short_name, year_axis
from opt.report.figures.chart import Chart
from opt.report.sections.money import active, programmes, spent_programmes
from opt.report.story import Story

NAME_CHARACTERS = 30


def _title(story: Story) -> str:
    """Finding of the figure of public money."""
    public = story.run.metrics.public_musd
    if public <= 0:
        return "The plan uses no public money"
    spent = spent_programmes(story)
    begin = f"{wording.money(public)} of public money"
    if not spent:
        return f"{begin}; no programme spends its whole amount"
    if len(spent) <= 2:
        verb = "spends its" if len(spent) == 1 else "spend their"
        return f"{begin}; {wording.names(spent)} {verb} whole amount"
    return f"{begin}; {wording.count(len(spent), 'programme')} spend their whole amount"


def _alt(story: Story) -> str:
    parts = [f"{e.name} {wording.money(e.paid_musd)}" for e in programmes(story) if e.paid_musd > 0]
    return f"Bars by programme and year. {_title(story)}. In all: {'; '.join(parts)}."


def _plot(story: Story, ax: Axes) -> None:
    """What falls due by programme and year as bars, the yearly limit as a line above them."""
    set_title(ax, _title(story))
    paying = active(story)
    if not paying:
        say_nothing(ax, "No public money falls due in any year")
        return
    set_subtitle(
        ax, "USD million falling due; dashed line: yearly limit; each row to its own scale"
    )
    years = [row.year for rows in paying.values() for row in rows]
    last = max(row.year for rows in paying.values() for row in rows if row.due_musd > 0)
    years = [year for year in years if year <= last]
    for place, every in enumerate(paying.values()):
        rows = [row for row in every if row.year <= last]
        _programme_row(ax, place, rows, labelled=max(years) - min(years) < 14)
    ax.set_yticks(
        [place + 0.7 for place in range(len(paying))],
        _names(story),
    )
    ax.set_ylim(len(paying) + 0.02, -0.02)
    year_axis(ax, min(years), max(years))
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)


def _programme_row(ax: Axes, place: int, rows: list[ProgrammeYear], *, labelled: bool) -> None:
    """One programme between place and place + 1, its base at the lower edge."""
    base = place + 0.95
    tallest = max(max(row.due_musd, row.limit_musd or 0.0) for row in rows)
    scale = 0.62 / tallest
    ax.axhline(base, color=theme.RULE, lw=0.8, zorder=0)
    years, heights = [row.year for row in rows], [-row.due_musd * scale for row in rows]
    ax.bar(years, heights, bottom=base, width=0.7, color=theme.BLUE, lw=0)
    for row in rows:
        if row.limit_musd is not None:
            height = base - row.limit_musd * scale
            ax.plot(
                [row.year - 0.5, row.year + 0.5],
                [height, height],
                color=theme.VERMILLION,
                lw=1.4,
                ls=(0, (3, 1.2)),
            )
        if labelled and row.due_musd > 0:
            _amount_label(ax, row, base, scale)
    _limit_steps(ax, rows, base, scale)


def _amount_label(ax: Axes, row: ProgrammeYear, base: float, scale: float) -> None:
    top = max(row.due_musd, row.limit_musd or 0.0) if _near(row) else row.due_musd
    ax.text(
        row.year,
        base - top * scale - 0.03,
        wording.short_money(row.due_musd),
        ha="center",
        va="bottom",
        fontsize=7,
    )


def _near(row: ProgrammeYear) -> bool:
    """Whether the limit's line would run through the amount written above the bar."""
    return row.limit_musd is not None and row.due_musd <= row.limit_musd < row.due_musd * 1.35


def _limit_steps(ax: Axes, rows: list[ProgrammeYear], base: float, scale: float) -> None:
    """The risers that join one year's limit to the next."""
    for row, following in pairwise(rows):
        if row.limit_musd is None or following.limit_musd is None:
            continue
        heights = [base - row.limit_musd * scale, base - following.limit_musd * scale]
        ax.plot([row.year + 0.5] * 2, heights, color=theme.VERMILLION, lw=1.0, ls=(0, (3, 1.2)))


def _names(story: Story) -> list[str]:
    case = story.run.case
    return [short_name(case.programme_name(key), NAME_CHARACTERS) for key in active(story)]


MONEY_CHART = Chart(
    "money",
    "Public money falling due, by programme and year.",
    _plot,
    _title,
    _alt,
    lambda story: max(0.56 * len(active(story)), 0.6),
    lambda story: _names(story) or [""],
)
