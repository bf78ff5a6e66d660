"""What stays exposed: by use, by good, by element, and where the chain is first touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from opt.record.flows import Delivery
from opt.report import wording
from opt.report.document import Bullets, Section
from opt.report.sections.chain import touch_sentence
from opt.report.sections.elements import elements
from opt.report.sections.levels import SHOWS, allied
from opt.report.sections.measures import measures_sentence
from opt.report.sections.uptake import uptake_sentence
from opt.report.sections.years import target_year, years
from opt.report.story import Story

MOST = 4


def section(story: Story) -> Section | None:
    """What is left, with the plan and without; none where no demand counts."""
    if years(story).target is None:
        return None
    found = (_goods(story), touch_sentence(story))
    return Section("exposed", "What stays exposed", (Bullets([text for text in found if text]),))


def more(story: Story) -> list[str]:
    """What the memo's own pages have no room for."""
    found = (measures_sentence(story), uptake_sentence(story))
    return [text for text in found if text]


def _goods(story: Story) -> str:
    """Shares of demand by use, good and element in the last counted year."""
    case = story.run.case
    groups = [
        ("use", _parts(story, lambda e: e.segment)),
        ("good", _parts(story, lambda e: case.commodities[e.commodity].name)),
        (
            "element",
            [_told(e.element, e.dependence, e.baseline_dependence) for e in elements(story)],
        ),
    ]
    said = [f"by {name} {wording.names(parts, MOST)}" for name, parts in groups if len(parts) > 1]
    if not said:
        return ""
    year = wording.year(target_year(story))
    return (
        f"In {year}, exposed or not served with the plan (with no new money in brackets): "
        f"{'; '.join(said)}."
    )


def _parts(story: Story, name: Callable[[Delivery], str]) -> list[str]:
    """One part of demand after the other, the most exposed first; those that are not, with the plan
    or without, are left out."""
    run, year = story.run, target_year(story)
    now = _shares((e for e in allied(run, run.solution.allied) if e.year == year), name)
    before = _shares((e for e in allied(run, run.baseline_flows) if e.year == year), name)
    order = sorted(now, key=lambda key: (-now[key], key))
    told = [key for key in order if max(now[key], before.get(key, 0.0)) >= SHOWS]
    return [_told(key or "no use named", now[key], before.get(key, 0.0)) for key in told]


def _shares(entries: Iterable[Delivery], name: Callable[[Delivery], str]) -> dict[str, float]:
    lost: dict[str, list[float]] = {}
    whole: dict[str, list[float]] = {}
    for entry in entries:
        lost.setdefault(name(entry), []).append(entry.exposed + entry.short)
        whole.setdefault(name(entry), []).append(entry.demand)
    sums = {key: wording.total(values) for key, values in whole.items()}
    return {key: wording.total(lost[key]) / sums[key] for key in sums if sums[key] > 0}


def _told(name: str, now: float, before: float) -> str:
    return f"{name} {wording.whole_percent(now)} ({wording.whole_percent(before)})"
