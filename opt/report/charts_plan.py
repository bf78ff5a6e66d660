"""Figures of the plan: what is built when, and which programme pays when."""

from __future__ import annotations

from itertools import groupby, pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from opt.record.money import ProgrammeYear
from opt.record.run import Run
from opt.report import theme, wording
from opt.report.charts import say_nothing, set_subtitle, set_title, year_axis
from opt.report.findings import BuiltProject
from opt.report.lookup import Lookup
from opt.report.story import tell
from opt.report.titles import title_builds, title_money

LABEL_CHARACTERS = 30


def label(text: str) -> str:
    """A row's name, cut to the room it has."""
    if len(text) <= LABEL_CHARACTERS:
        return text
    return f"{text[: LABEL_CHARACTERS - 3].rstrip()}..."


def plot_builds(run: Run, ax: Axes) -> None:
    """Each commitment on a line of years: construction hatched, then a shade for the share of its
    capacity that can run under the scenario's shocks."""
    story = tell(run)
    set_title(ax, title_builds(story))
    built = story.findings.projects
    if not built:
        say_nothing(ax, "The plan commits no new project")
        return
    set_subtitle(ax, "Calendar years; the shade is the share of capacity that can run")
    for place, entry in enumerate(built):
        _build_bar(ax, place, entry)
    ax.set_yticks(range(len(built)), [label(entry.name) for entry in built])
    ax.set_ylim(len(built) - 0.4, -0.6)
    year_axis(ax, min(entry.commitment.year for entry in built), run.workbook.last_year)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)
    _build_key(ax)


def _build_bar(ax: Axes, place: int, entry: BuiltProject) -> None:
    """Construction hatched up to the first year of operation, then a block for each run of years
    with the same share of capacity."""
    start, opens = entry.commitment.year, entry.commitment.first_operation
    if opens > start:
        ax.barh(
            place,
            opens - start,
            left=start - 0.5,
            height=0.62,
            facecolor=theme.WHITE,
            edgecolor=theme.MUTED,
            hatch="////",
            lw=0.8,
        )
    for shown, same in groupby(sorted(entry.usable.items()), key=lambda item: item[1]):
        years = [year for year, _ in same]
        _running_block(ax, place, shown, years[0], years[-1])


def _running_block(ax: Axes, place: int, share: float, first: int, last: int) -> None:
    whole = share > 1 - wording.NOTHING
    ax.barh(
        place,
        last - first + 1,
        left=first - 0.5,
        height=0.62,
        color=theme.BLUE,
        lw=0,
        alpha=1.0 if whole else 0.12 + 0.5 * share,
    )
    if not whole:
        words = wording.short_percent(share)
        middle = (first + last) / 2
        ax.text(middle, place, words, ha="center", va="center", fontsize=6.5, color=theme.INK)


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


def active_programmes(run: Run) -> dict[str, list[ProgrammeYear]]:
    """The years of each programme of which something falls due, in the workbook's order."""
    order = [entry.programme for entry in tell(run).findings.programmes]
    found: dict[str, list[ProgrammeYear]] = {key: [] for key in order}
    for entry in sorted(run.payments_due, key=lambda item: item.year):
        found[entry.programme].append(entry)
    return {key: rows for key, rows in found.items() if any(row.due_musd > 0 for row in rows)}


def plot_money(run: Run, ax: Axes) -> None:
    """What falls due by programme and year as bars, the yearly limit as a line above them."""
    set_title(ax, title_money(tell(run)))
    programmes = active_programmes(run)
    if not programmes:
        say_nothing(ax, "No public money falls due in any year")
        return
    set_subtitle(
        ax, "USD million falling due; dashed line: yearly limit; each row to its own scale"
    )
    lookup = Lookup(run.workbook)
    years = [row.year for rows in programmes.values() for row in rows]
    last = max(row.year for rows in programmes.values() for row in rows if row.due_musd > 0)
    years = [year for year in years if year <= last]
    for place, every in enumerate(programmes.values()):
        rows = [row for row in every if row.year <= last]
        _programme_row(ax, place, rows, labelled=max(years) - min(years) < 14)
    ax.set_yticks(
        [place + 0.7 for place in range(len(programmes))],
        [label(lookup.name("programmes", key)) for key in programmes],
    )
    ax.set_ylim(len(programmes) + 0.02, -0.02)
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
    for row in rows:
        ax.bar(row.year, -row.due_musd * scale, bottom=base, width=0.7, color=theme.BLUE, lw=0)
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
