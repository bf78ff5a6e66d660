"""Least use: which existing plants run less than it, when, and what lacks."""

from __future__ import annotations

from dataclasses import dataclass

from opt.record.idle import IdleYear
from opt.report import wording
from opt.report.document import Block, Note, Section, TableBlock, Text
from opt.report.sections.plan import MOST_ROWS
from opt.report.story import Story, once

IDLE_ABOVE = 1e-6  # of the least use: below it what stands idle is the solver's noise
TITLE = "Plants that run less than their least use"
NONE_OF_THESE = "neither input nor demand"
MEANING = (
    "An input lacks where no more of it can be had, demand where no more of what is made can be "
    "taken, at the place or over lanes with room; everybody is served as well as can be."
)


@dataclass(frozen=True, slots=True)
class IdleFinding:
    """A plant that runs less than its least use: in which `years`, which share of it then stands
    idle, what `lacks`, and in which years it would without new money."""

    facility: str
    name: str
    years: tuple[int, ...]
    share: float
    lacks: tuple[str, ...]
    baseline_years: tuple[int, ...]


@once
def idle_capacity(story: Story) -> tuple[IdleFinding, ...]:
    """Plants that do so with the plan or without, those that do so longest first."""
    by_plant: dict[str, list[IdleYear]] = {}
    for entry in sorted(story.run.idle, key=lambda e: (e.facility, e.year)):
        by_plant.setdefault(entry.facility, []).append(entry)
    found = [_finding(story, facility, entries) for facility, entries in by_plant.items()]
    told = [entry for entry in found if entry.years or entry.baseline_years]
    return tuple(sorted(told, key=lambda e: (-len(e.years), -e.share, e.facility)))


def _finding(story: Story, facility: str, entries: list[IdleYear]) -> IdleFinding:
    below = [e for e in entries if e.idle > IDLE_ABOVE * e.least_use]
    before = [e for e in entries if e.baseline_idle > IDLE_ABOVE * e.least_use]
    asked = wording.total(e.least_use for e in below)
    return IdleFinding(
        facility=facility,
        name=story.run.case.plant_name(facility),
        years=tuple(e.year for e in below),
        share=wording.total(e.idle for e in below) / asked if asked > 0 else 0.0,
        lacks=tuple(dict.fromkeys(_named(story, e.lacks) or NONE_OF_THESE for e in below)),
        baseline_years=tuple(e.year for e in before),
    )


def _named(story: Story, lacks: str) -> str:
    """What lacks, commodities by their names, where the table has their ids."""
    named = {
        f"{kind} {c}": f"{kind} {record.name}"
        for kind in ("input", "demand for")
        for c, record in story.run.case.commodities.items()
    }
    return "; ".join(named.get(word, word) for word in filter(None, lacks.split("; ")))


def idle_sentence(story: Story) -> str:
    """How many plants run less than their least use, and what that costs; nothing where no plant
    has one."""
    if not story.run.idle:
        return ""
    count = sum(1 for entry in idle_capacity(story) if entry.years)
    held = len({entry.facility for entry in story.run.idle})
    verb = "runs" if count == 1 else "run"
    words = (
        f"Of {wording.count(held, 'plant')} with a least use {wording.number(count)} {verb} less "
        f"than that in some year, everybody served."
    )
    musd = story.run.metrics.idle_musd
    if musd <= wording.NOTHING:
        return words
    return (
        f"{words} The plan is weighed as if idle capacity cost {wording.money(musd)}, discounted, "
        f"where allies alone are served; that is not in the cost told."
    )


def section(story: Story) -> Section | None:
    """Every such plant; none where no plant has a least use."""
    if not story.run.idle:
        return None
    return Section("idle", TITLE, (Text(idle_sentence(story)), *_table(story, None)))


def memo_section(story: Story) -> Section | None:
    """The first of them; none where every plant runs its least use."""
    if not idle_capacity(story):
        return None
    return Section("idle", TITLE, (Text(idle_sentence(story)), *_table(story, MOST_ROWS)))


def _table(story: Story, most: int | None) -> tuple[Block, ...]:
    found = idle_capacity(story)
    if not found:
        return ()
    table = TableBlock(
        wording.first_of("Existing plants below their least use, and what lacks", most, len(found)),
        ("Plant", "Below it in", "Of it stands idle", "What lacks", "Below it without new money"),
        [_line(entry) for entry in found[:most]],
        (2.6, 2.2, 1.8, 3.4, 2.4),
        (2,),
    )
    return (table, Note(MEANING))


def _line(entry: IdleFinding) -> tuple[str, ...]:
    return (
        entry.name,
        wording.year_spans(entry.years),
        wording.percent(entry.share) if entry.years else "none",
        "; ".join(entry.lacks) or "nothing",
        wording.year_spans(entry.baseline_years),
    )
