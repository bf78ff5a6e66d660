"""The cockpit: a reader moves among points that were worked out, by money, by pace and by scenario;
nothing in between is told, since nothing in between was solved."""

from __future__ import annotations

import math
from collections.abc import Sequence

from opt.record.frontier import Frontier, FrontPoint, FrontStep
from opt.record.options import FASTER, Option
from opt.record.stress import Strain, Stress, StressCase
from opt.report import wording
from opt.report.document import Block, Bullets, Choice, Choices, Facts, Section, Text
from opt.report.sections.base_case import case_name
from opt.report.sections.deciders import LIMITS, limit_words
from opt.report.sections.doubts import short_words
from opt.report.sections.options import option_named, the_plan
from opt.report.sections.years import target_year
from opt.report.story import Story

MOST_POINTS = 16
MOST_NAMES = 12
INTRO = (
    "Choose a point. Each was solved and audited; between two points nothing was worked out, so "
    "nothing is shown."
)


def section(story: Story) -> Section | None:
    """What there is to move among; none where no study was run."""
    found = [part for part in (_money(story), _pace(story), _scenario(story)) if part is not None]
    return Section("cockpit", "Move among the plans", (Text(INTRO), *found)) if found else None


def _money(story: Story) -> Choices | None:
    """The points of the front, from the least money on."""
    front = story.answer(Frontier)
    points = [] if front is None else [p for p in front.points if math.isfinite(p.bound)]
    points = _thinned(points)
    if len(points) < 2:
        return None
    own = story.run.metrics.dependence
    nearest = min(range(len(points)), key=lambda n: abs(points[n].dependence - own))
    chosen = [_point(story, p, _by_mineral(front, p)) for p in points]
    return Choices("money-point", "By money", chosen, nearest)


def _by_mineral(front: Frontier | None, point: FrontPoint) -> list[tuple[str, str]]:
    """The mean of each mineral at a point, of a workbook of several."""
    rows = [] if front is None else [r for r in front.minerals if r.amount == point.amount]
    return [
        (f"Mean of {row.mineral}", wording.percent(row.dependence))
        for row in rows
        if row.dependence is not None
    ]


def _thinned(points: Sequence[FrontPoint]) -> list[FrontPoint]:
    """At most so many points, both ends among them."""
    if len(points) <= MOST_POINTS:
        return list(points)
    step = (len(points) - 1) / (MOST_POINTS - 1)
    return [points[round(n * step)] for n in range(MOST_POINTS)]


def _point(story: Story, point: FrontPoint, minerals: Sequence[tuple[str, str]]) -> Choice:
    facts = Facts(
        (
            ("Mean of the counted years", wording.percent(point.dependence)),
            ("No plan with as much can beat", wording.bound_value("dependence", point.bound)),
            *minerals,
            ("Public money needed", wording.round_money(point.amount)),
            ("Capital", wording.round_money(point.capex_musd)),
            ("Projects", wording.number(point.plants)),
        )
    )
    held = {built.project for built in point.projects}
    return Choice(wording.round_money(point.amount), (facts, *_differences(story, held)))


def _differences(story: Story, held: set[str]) -> tuple[Block, ...]:
    """What a plan builds that the plan of this run does not, and the other way round."""
    case, own = story.run.case, {c.project for c in story.run.solution.commitments}
    more = [case.plant_name(j) for j in sorted(held - own)]
    less = [case.plant_name(j) for j in sorted(own - held)]
    said = [
        f"{words} {wording.names(names, MOST_NAMES)}."
        for words, names in (("Builds besides:", more), ("Leaves out:", less))
        if names
    ]
    return (Bullets(said),) if said else (Text("Builds the same projects as the plan."),)


def _pace(story: Story) -> Choices | None:
    """The plan, more pace under every limit, and one start a year more under single ones."""
    front, faster = story.answer(Frontier), option_named(story, FASTER)
    steps = [] if front is None else [s for s in front.steps if s.subject == LIMITS]
    steps = [s for s in steps if math.isfinite(s.bound) and math.isfinite(s.dependence)]
    if faster is None and not steps:
        return None
    choices = [_option(story, "As the workbook has it", the_plan(story))]
    if faster is not None and math.isfinite(faster.bound):
        choices.append(_option(story, FASTER, faster))
    choices += [_step(step) for step in steps[: MOST_POINTS - len(choices)]]
    return Choices("pace-point", "By pace", choices, 0)


def _option(story: Story, name: str, option: Option) -> Choice:
    facts = [("Mean of the counted years", wording.percent(option.dependence))]
    if math.isfinite(option.bound):
        facts.append(("No plan can beat", wording.bound_value("dependence", option.bound)))
    if option.by_year:
        level = wording.whole_percent(option.by_year[-1].dependence)
        facts.append((f"Level in {wording.year(option.by_year[-1].year)}", level))
    facts += [
        ("Public money", wording.round_money(option.public_musd)),
        ("Capital", wording.round_money(option.capex_musd)),
        ("Projects", wording.number(option.plants)),
    ]
    held = {c.project for c in option.commitments if c.units}
    note = (Text(option.note),) if option.note else ()
    return Choice(name, (Facts(tuple(facts)), *note, *_differences(story, held)))


def _step(step: FrontStep) -> Choice:
    facts = Facts(
        (
            ("Mean of the counted years", wording.percent(step.dependence)),
            ("No plan with it can beat", wording.bound_value("dependence", step.bound)),
            ("Falls by", wording.points_span(step.fall_low, step.fall_high)),
        )
    )
    more = f"{step.more:g} start a year more: {limit_words(step.name)}"
    return Choice(more, (facts,))


def _scenario(story: Story) -> Choices | None:
    """The plan held in each case that was tried."""
    found = story.answer(Stress)
    cases = (
        []
        if found is None
        else [
            c
            for c in found.cases
            if c.strain in (Strain.PLAN, Strain.SCENARIO, Strain.FAILURE)
            and c.dependence is not None
        ]
    )
    if len(cases) < 2:
        return None
    return Choices("case-point", "By scenario", [_case(story, c) for c in cases], 0)


def _case(story: Story, case: StressCase) -> Choice:
    last = wording.year(target_year(story))
    name = case_name(story, case)
    facts = [
        ("Mean of the counted years, the plan held", _share(case.dependence)),
        ("The same without the plan", _share(case.without_plan)),
        (f"Level in {last}", _share(case.last_year)),
        ("The same without the plan", _share(case.without_last_year)),
        (
            "Worst shortage",
            short_words(
                story, case.worst_short_share, case.worst_short_units, case.worst_short_year
            ),
        ),
        (
            "The same without the plan",
            short_words(
                story, case.without_short_share, case.without_short_units, case.without_short_year
            ),
        ),
    ]
    return Choice(wording.capital(name), (Facts(tuple(facts)),))


def _share(value: float | None) -> str:
    return "not known" if value is None else wording.percent(value)
