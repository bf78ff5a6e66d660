"""What is built when, by stage: named plants each on a line, placeholders of a stage on one, and so
the smallest plants where they are many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

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
from opt.report.sections.plan import ProjectFinding, built, capital_of, plan
from opt.report.story import Story

NAME_CHARACTERS = 54
HALF = 0.3  # of the height of a bar, between rows 1 apart
BUILDING, RAMPING, RUNNING = "building", "ramping", "running"
FULL = 0.999  # of the most that a plant ever runs at

_Named = dict[tuple[str, str], list[ProjectFinding]]  # by region and name


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the chart: a stage's heading without entries, a named plant, or the placeholders of
    a stage."""

    name: str
    entries: tuple[ProjectFinding, ...]


def _rows(story: Story, room: Room) -> tuple[_Row, ...]:
    """The lines; where they are more than there is room for the smallest named plants of a stage
    share one, or where that leaves few of them, all but the largest plants of the plan."""
    return story.kept_as(("rows of builds", room), lambda: _fitted(story, room))


def _fitted(story: Story, room: Room) -> tuple[_Row, ...]:
    named = _named(built(story))
    largest = sorted(named, key=lambda key: (-capital_of(named[key]), key))
    rows = _with(story, largest)
    alone = len(largest)
    while len(rows) > room.lines and alone:
        alone -= 1
        rows = _with(story, largest[:alone])
    if len(rows) <= room.lines and (alone == len(largest) or 2 * alone >= room.lines):
        return rows
    return _largest(story, [(key, named[key]) for key in largest[: int(room.lines) - 1]])


def _largest(
    story: Story, own: Sequence[tuple[tuple[str, str], list[ProjectFinding]]]
) -> tuple[_Row, ...]:
    """A line for each of some named plants, and one for all other projects together."""
    rows = [_Row(f"{name}, {region}", tuple(entries)) for (region, name), entries in own]
    shown = {e.commitment.project for row in rows for e in row.entries}
    rest = [entry for entry in built(story) if entry.commitment.project not in shown]
    if rest:
        others = len({entry.commitment.project for entry in rest})
        rows.append(_Row(wording.count(others, "other project"), tuple(rest)))
    return tuple(rows)


def _named(entries: Sequence[ProjectFinding]) -> _Named:
    found: _Named = {}
    for entry in entries:
        if not entry.placeholder:
            found.setdefault((entry.region_name, entry.name), []).append(entry)
    return found


def _with(story: Story, alone: Collection[tuple[str, str]]) -> tuple[_Row, ...]:
    """The lines of every stage, of which some named plants stand alone."""
    by_stage: dict[str, list[ProjectFinding]] = {}
    for entry in built(story):
        by_stage.setdefault(entry.stage.split("; ")[0], []).append(entry)
    found: list[_Row] = []
    for stage in sorted(by_stage, key=story.run.case.rank):
        found.append(_Row(stage or "no stage", ()))
        named = _named(by_stage[stage])
        rest = [key for key in sorted(named) if key not in alone]
        shown = [key for key in sorted(named) if key in alone or len(rest) == 1]
        for region, name in shown:
            found.append(_Row(f"{name}, {region}", tuple(named[region, name])))
        small = [e for key in rest if key not in shown for e in named[key]]
        open_ = sorted((e for e in by_stage[stage] if e.placeholder), key=lambda e: e.region_name)
        found += _together(small, "smaller plant") + _together(open_, "placeholder")
    return tuple(found)


def _together(entries: Sequence[ProjectFinding], noun: str) -> list[_Row]:
    """One line for several projects; none where there are none."""
    if not entries:
        return []
    number = wording.count(len({e.commitment.project for e in entries}), noun)
    where = wording.names(sorted({e.region_name for e in entries}), 3)
    return [_Row(f"{number}, {where}", tuple(entries))]


def _title(story: Story) -> str:
    """Finding of the figure of what is built when."""
    found = plan(story)
    assert found.first_output is not None
    assert found.last_output is not None
    projects = wording.count(found.project_count, "project")
    open_ = len({e.commitment.project for e in built(story) if e.placeholder})
    apart = f", {open_} of them placeholders" if open_ else ""
    starts = wording.years(found.first_output, found.last_output)
    return f"{projects}{apart}; first in operation {starts}"


def _alt(story: Story) -> str:
    parts = [
        f"{e.name}: committed {wording.year(e.commitment.year)}, in operation "
        f"{wording.year(e.commitment.first_operation)}{_usable_words(e)}"
        for e in built(story)
    ]
    return f"Chart of one bar a project over the years. {_title(story)}. {'; '.join(parts)}."


def _usable_words(entry: ProjectFinding) -> str:
    """The shares of capacity that can run, one after the other."""
    shares = dict.fromkeys(wording.short_percent(share) for share in entry.usable.values())
    return f", runs at {', '.join(shares)}" if shares else ""


def _plot(story: Story, ax: Axes, room: Room) -> None:
    """Construction hatched, ramp-up light, and solid from the year in which a plant runs at the
    most that it ever does."""
    set_title(ax, _title(story), room, _above(story, room))
    rows = _rows(story, room)
    order = "Largest first" if all(row.entries for row in rows) else "By stage"
    set_subtitle(ax, f"{order}; calendar years", room, _above(story, room))
    _bars(ax, rows, room)
    last = story.run.case.last_year
    first = min(entry.commitment.year for entry in built(story))
    year_axis(ax, first, last, room)
    ax.set_ylim(len(rows) - 0.4, -0.7)
    ax.xaxis.tick_top()
    ax.xaxis.set_tick_params(length=0, pad=1)
    ax.spines["top"].set_visible(False)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.tick_params(length=0)
    _names_beside(ax, rows, room)
    _build_key(ax)


def _bars(ax: Axes, rows: Sequence[_Row], room: Room) -> None:
    half, shift = (HALF, 0.0) if room.is_wide else (0.17, 0.2)
    blocks: dict[str, list[list[tuple[float, float]]]] = {BUILDING: [], RAMPING: [], RUNNING: []}
    for place, row in enumerate(rows):
        states = sorted(_states(row.entries).items())
        for state, same in groupby(states, key=lambda item: item[1]):
            years = [year for year, _ in same]
            blocks[state].append(_block(place + shift, years[0], years[-1], half))
    for state, colour in ((RAMPING, theme.LIGHT), (RUNNING, theme.BLUE)):
        bars = PolyCollection(blocks[state], facecolors=colour, linewidths=0)
        ax.add_collection(bars, autolim=False)
    hatched = PolyCollection(
        blocks[BUILDING],
        facecolors=theme.WHITE,
        edgecolors=theme.MUTED,
        hatch="////",
        linewidths=0.6,
    )
    ax.add_collection(hatched, autolim=False)


def _states(entries: Sequence[ProjectFinding]) -> dict[int, str]:
    """What the plants of a line do in each year: building where none runs yet, running where all
    that have not come to their end do at the most that they ever do."""
    found: dict[int, str] = {}
    first = min((entry.commitment.year for entry in entries), default=0)
    last = max((max(entry.usable, default=0) for entry in entries), default=-1)
    for year in range(first, last + 1):
        standing = [e for e in entries if year <= max(e.usable, default=last)]
        shares = [e.usable.get(year, 0.0) / max(e.usable.values(), default=1.0) for e in standing]
        if all(share >= FULL for share in shares):
            found[year] = RUNNING
        elif any(share > 0 for share in shares):
            found[year] = RAMPING
        elif any(e.commitment.year <= year < e.commitment.first_operation for e in entries):
            found[year] = BUILDING
    return found


def _block(place: float, first: int, last: int, half: float) -> list[tuple[float, float]]:
    """The corners of a bar over whole years, both included."""
    left, right, low, high = first - 0.5, last + 0.5, place - half, place + half
    return [(left, low), (right, low), (right, high), (left, high)]


def _names_beside(ax: Axes, rows: Sequence[_Row], room: Room) -> None:
    """Names left of the bars, or above them where there is no room beside; stages in bold."""
    if room.is_wide:
        ax.set_yticks(range(len(rows)), [short_name(row.name, NAME_CHARACTERS) for row in rows])
        for label, row in zip(ax.get_yticklabels(), rows, strict=True):
            label.set_fontsize(7)
            label.set_fontweight("normal" if row.entries else "bold")
        return
    ax.set_yticks([])
    for place, row in enumerate(rows):
        ax.annotate(
            short_name(row.name, 52), (0.0, place), xycoords=("axes fraction", "data"),
            va="bottom" if row.entries else "center", fontsize=7,
            fontweight="normal" if row.entries else "bold",
        )  # fmt: skip


def _build_key(ax: Axes) -> None:
    """Above the years, which stand above the bars."""
    handles = [
        Patch(facecolor=theme.WHITE, edgecolor=theme.MUTED, hatch="////", label="construction"),
        Patch(facecolor=theme.LIGHT, label="ramp-up"),
        Patch(facecolor=theme.BLUE, label="full output"),
    ]
    key(ax, handles, 3, YEARS_INCHES)


YEARS_INCHES = 0.2  # of the years above the bars


def _above(_: Story, __: Room) -> float:
    return KEY_LINE + YEARS_INCHES


def _labels(story: Story, room: Room) -> Sequence[str]:
    """The names left of the bars, set a little smaller than others."""
    if not room.is_wide:
        return [""]
    names = [short_name(row.name, NAME_CHARACTERS) for row in _rows(story, room)]
    longest = max((len(name) for name in names), default=0)
    return ["x" * round(0.86 * longest)]


BUILDS_CHART = Chart(
    "builds",
    "What is built when, by stage; placeholders, and the smallest of many plants, on one line.",
    _plot,
    _title,
    _alt,
    lambda story, room: max((0.165 if room.is_wide else 0.3) * len(_rows(story, room)), 0.6),
    _labels,
    bottom=0.1,
    top=_above,
    is_told=lambda story: bool(built(story)),
)
