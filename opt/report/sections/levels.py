"""Levels: what a reader can check against life, in per cent and in tonnes, with and without the
plan, and in the cases that were tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opt.record.demand import YearMetrics
from opt.record.flows import Delivery, Flows
from opt.record.run import Run
from opt.record.stress import Strain, Stress, StressCase
from opt.report import wording
from opt.report.sections.years import target_year, years
from opt.report.story import Story, once

SHOWS = 0.005  # a share that shows in whole per cent
TONNES = {"t": "tonnes"}
MOST_MINERALS = 8
MOST_YEARS = 3  # of unserved demand, in a sentence

_Short = tuple[int, float, float]  # a year, and what goes unserved with the plan and without


@dataclass(frozen=True, slots=True)
class Relying:
    """Allied demand of one year that is exposed or short, in its own unit without weights, with the
    plan and without new money."""

    year: int
    amount: float
    baseline_amount: float


@dataclass(frozen=True, slots=True)
class Levels:
    """The first year without new money, the last counted year with and without the plan, and the
    first year in which the plan makes a difference that shows (None: in none)."""

    first: YearMetrics
    last: YearMetrics
    without: YearMetrics
    first_change: int | None


@once
def levels(story: Story) -> Levels | None:
    """The levels of a run; None where no allied demand counts."""
    run, last, without = story.run, years(story).target, years(story).target_baseline
    if last is None or without is None:
        return None
    before = {entry.year: entry.dependence for entry in run.baseline.by_year}
    changed = (e.year for e in run.metrics.by_year if abs(before[e.year] - e.dependence) >= SHOWS)
    return Levels(run.baseline.by_year[0], last, without, next(changed, None))


@once
def unit(story: Story) -> str:
    """The one unit of all allied demand; blank where there are several."""
    case = story.run.case
    units = {
        case.commodities[e.commodity].unit for e in allied(story.run, story.run.solution.allied)
    }
    return units.pop() if len(units) == 1 else ""


@once
def relying(story: Story) -> tuple[Relying, ...]:
    """Every year; none where allied demand is in several units."""
    run = story.run
    if not unit(story):
        return ()
    now, before = _by_year(run, run.solution.allied), _by_year(run, run.baseline_flows)
    return tuple(Relying(year, now[year], before[year]) for year in sorted(now))


def allied(run: Run, flows: Flows) -> list[Delivery]:
    """The deliveries to allies."""
    return [e for e in flows.deliveries if run.case.regions[e.region].bloc == "ally"]


def _by_year(run: Run, flows: Flows) -> dict[int, float]:
    found: dict[int, list[float]] = {}
    for entry in allied(run, flows):
        found.setdefault(entry.year, []).append(entry.exposed + entry.short)
    return {year: wording.total(amounts) for year, amounts in found.items()}


def stress_cases(story: Story) -> list[StressCase]:
    """The case of the plan and every scenario that was tried and is known."""
    found = story.answer(Stress)
    asked = () if found is None else found.cases
    tried = (Strain.PLAN, Strain.SCENARIO)
    return [case for case in asked if case.strain in tried and case.by_year]


def case_level(story: Story, case: StressCase) -> float:
    """The plan held in a case, in the last counted year; 0 where it is not known."""
    return case.by_year.get(target_year(story), 0.0)


@once
def case_span(story: Story) -> dict[int, tuple[float, float]]:
    """The least and the most of the plan held, by year, over the cases tried; empty where no other
    case was."""
    cases = stress_cases(story)
    if len(cases) < 2:
        return {}
    shared = set.intersection(*(set(case.by_year) for case in cases))
    return {
        year: (min(c.by_year[year] for c in cases), max(c.by_year[year] for c in cases))
        for year in sorted(shared)
    }


def tried_words(story: Story) -> str:
    """From what to what the last counted year lies in the cases tried, in brackets; blank where no
    other case was."""
    cases = stress_cases(story)
    if len(cases) < 2:
        return ""
    span = wording.percent_span(case_level(story, case) for case in cases)
    return f" ({span} in the {len(cases)} cases tried)"


def plan_name(story: Story) -> str:
    """What the plan is called in a sentence."""
    run = story.run
    if run.is_given and run.plan is not None:
        return f"plan '{run.plan.name}'"
    return "the plan"


def levels_sentence(story: Story) -> str:
    """Today, the last year with and without, and when anything changes."""
    found = levels(story)
    if found is None:
        return "No allied demand falls in the counted years, so dependence is zero by definition."
    first, last = wording.year(found.first.year), wording.year(found.last.year)
    before, after = found.without.dependence, found.last.dependence
    rests = f"of allied demand rests on {story.covered}{_or_unserved(story)}"
    if wording.whole_percent(before) == wording.whole_percent(after):
        then = f"In {last} it is {wording.whole_percent(after)} with no new money and with "
        then += f"{plan_name(story)}{tried_words(story)}"
    else:
        then = f"In {last} it is {wording.whole_percent(before)} with no new money and "
        then += f"{wording.whole_percent(after)} with {plan_name(story)}{tried_words(story)}"
    now = f"In {first}, {wording.whole_percent(found.first.dependence)} {rests}."
    return f"{now} {then}{_change_words(found)}."


def _or_unserved(story: Story) -> str:
    """That what is not served counts, where the levels hold some."""
    found = levels(story)
    assert found is not None
    some = any(e.shortfall > wording.NOTHING for e in (found.first, found.last, found.without))
    return " or goes unserved" if some else ""


def _change_words(found: Levels) -> str:
    if found.first_change is None:
        return "; no year changes by half a point"
    if found.first_change == found.first.year:
        return ""
    return f"; nothing that shows changes before {wording.year(found.first_change)}"


def amounts_sentence(story: Story) -> str:
    """The same in the unit of demand, of several minerals by mineral; blank where there is none, or
    nothing counts."""
    found, amounts = levels(story), {entry.year: entry for entry in relying(story)}
    if found is None:
        return ""
    if story.run.mineral_years:
        return _by_mineral(story, found)
    if not amounts:
        return ""
    first, last = amounts[found.first.year], amounts[found.last.year]
    name = TONNES.get(unit(story), unit(story))
    return (
        f"In {name}: {wording.about(first.baseline_amount)} in {wording.year(first.year)}; in "
        f"{wording.year(last.year)} {wording.about(last.baseline_amount)} with no new money and "
        f"{wording.about(last.amount)} with {plan_name(story)}{_growth_words(story)}."
    )


def _by_mineral(story: Story, found: Levels) -> str:
    """The last year by mineral: amounts of several do not add up to anything."""
    year = found.last.year
    told = [
        f"{row.mineral} {wording.whole_percent(row.dependence)}"
        f" ({wording.whole_percent(row.baseline_dependence)})"
        for row in story.run.mineral_years
        if row.year == year
    ]
    names = wording.names(told, MOST_MINERALS)
    return f"By mineral in {wording.year(year)}, with no new money in brackets: {names}."


def _growth_words(story: Story) -> str:
    """By how much demand grows, where that is half or more."""
    found = levels(story)
    assert found is not None
    if found.first.demand <= 0 or found.last.demand / found.first.demand < 1.5:
        return ""
    return f", since demand grows {found.last.demand / found.first.demand:.1f} times"


def unserved_sentence(story: Story) -> str:
    """What goes unserved by year, with the plan and without; blank where all is served."""
    before = {entry.year: entry.shortfall for entry in story.run.baseline.by_year}
    rows = [(e.year, e.shortfall, before[e.year]) for e in story.run.metrics.by_year]
    short = [row for row in rows if row[1] > SHOWS]
    spared = [row for row in rows if row[1] <= SHOWS < row[2]]
    if not short:
        return _served_by_plan(story, spared) if spared else ""
    worst = sorted(short, key=lambda row: (-row[1], -row[2], row[0]))[:MOST_YEARS]
    same = all(_shows_same(now, without) for _, now, without in short) and not spared
    parts = [
        f"{wording.whole_percent(now)} in {wording.year(year)}"
        + ("" if same else f" ({wording.whole_percent(without)} with no new money)")
        for year, now, without in sorted(worst)
    ]
    rest = (
        ""
        if len(short) <= MOST_YEARS
        else f", and no larger share in {wording.count(len(short) - MOST_YEARS, 'other year')}"
    )
    case = ", with or without" if same else " with"
    told = f"Not served at all{case} {plan_name(story)}: {wording.names(parts)}{rest}."
    return f"{told} {_spared_words(story, spared)}" if spared else told


def _shows_same(one: float, other: float) -> bool:
    return wording.whole_percent(one) == wording.whole_percent(other)


def _spared_words(story: Story, spared: Sequence[_Short]) -> str:
    """What goes unserved without new money in the years in which the plan leaves nothing short."""
    most = wording.whole_percent(max(without for _, _, without in spared))
    upto = "up to " if len(spared) > 1 else ""
    left = _left_words(max(now for _, now, _ in spared))
    return (
        f"In {wording.count(len(spared), 'other year')}: {upto}{most} with no new money, {left} "
        f"with {plan_name(story)}."
    )


def _left_words(short: float) -> str:
    """A share unserved that does not show in whole per cent."""
    return "nothing" if short <= wording.NOTHING else "under 0.5%"


def _served_by_plan(story: Story, spared: Sequence[_Short]) -> str:
    """Where the plan leaves nothing short that shows: what it spares in the worst year without."""
    year, now, without = max(spared, key=lambda row: (row[2], -row[0]))
    left = _left_words(now)
    return (
        f"Not served at all in the worst year, {wording.year(year)}: "
        f"{wording.whole_percent(without)} with no new money, {left} with {plan_name(story)}."
    )


def definition(story: Story) -> str:
    """What the share counts."""
    return (
        f"The share counts allied demand, by the workbook's weights of use, for goods of which any "
        f"step was done in {story.covered} or by a firm under its control, and demand that is not "
        f"served."
    )
