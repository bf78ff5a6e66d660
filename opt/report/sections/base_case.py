"""The base case: what is assumed of the world, and what the answer is where that fails."""

from __future__ import annotations

from dataclasses import replace

from opt.record.stress import Strain, Stress, StressCase
from opt.report import wording
from opt.report.document import Block, Section, Text
from opt.report.sections.levels import Levels, case_level, levels, stress_cases
from opt.report.sections.merchants import additional_sentence, merchants
from opt.report.sections.years import target_year
from opt.report.story import Story

TITLE = "Base case"
# A growth of demand by less than this part of today's is none that a sentence tells.
HARDLY = 0.05


def page_section(story: Story) -> Section:
    """The same, and what comes without new money."""
    made, comes = section(story), additional_sentence(story)
    return replace(made, blocks=(*made.blocks, *([Text(comes)] if comes else [])))


def section(story: Story) -> Section:
    """What is assumed, and what if not."""
    found: list[Block] = [Text(assumed_sentence(story))]
    failing = fails_sentence(story)
    return Section("base", TITLE, (*found, Text(failing)) if failing else tuple(found))


def assumed_sentence(story: Story) -> str:
    """What the run takes for granted of the world."""
    parts = [_shocks(story), *_demand(story), *_chances(story), *_comes(story)]
    return f"Assumed: {'; '.join(parts)}."


def _shocks(story: Story) -> str:
    run = story.run
    if run.scenario is None:
        return _no_shock(len(run.case.scenarios))
    return f"scenario '{run.case.scenarios.get(run.scenario, run.scenario)}' happens"


def _no_shock(scenarios: int) -> str:
    if not scenarios:
        return "the workbook's figures, and no shock"
    if scenarios == 1:
        return "the workbook's one scenario does not happen"
    return f"none of the workbook's {wording.count(scenarios, 'scenario')} happens"


def _demand(story: Story) -> list[str]:
    found = levels(story)
    if found is None or found.first.demand <= 0:
        return []
    last = wording.year(found.last.year)
    least, most = _growth(story, found)
    if abs(least - 1) < HARDLY and abs(most - 1) < HARDLY:
        return [f"allied demand hardly changes to {last}"]
    times = f"{least:.1f} to {most:.1f}" if most - least >= HARDLY else f"{most:.1f}"
    of = ", by mineral" if story.run.mineral_years else ""
    return [f"weighted allied demand in {last} is {times} times that of today{of}"]


def _growth(story: Story, found: Levels) -> tuple[float, float]:
    """How many times today's demand that of the last year is; of several minerals, whose amounts do
    not add up to anything, the least and the most of one."""
    first, last = found.first, found.last
    rows = story.run.mineral_years
    before = {row.mineral: row.demand for row in rows if row.year == first.year}
    after = {row.mineral: row.demand for row in rows if row.year == last.year}
    each = [after.get(name, 0.0) / demand for name, demand in before.items() if demand > 0]
    every = each or [last.demand / first.demand]
    return min(every), max(every)


def _chances(story: Story) -> list[str]:
    built = {made.project for made in story.run.solution.commitments}
    chances = [story.run.case.projects[key].chance for key in sorted(built)]
    if all(chance >= 1 for chance in chances):
        return []
    return [f"a project counts by its chance to reach operation ({wording.percent_span(chances)})"]


def _comes(story: Story) -> list[str]:
    found = merchants(story)
    if not found.any or found.merchant is None or found.frozen is None:
        return []
    return [
        f"some projects come without new money (else it would be "
        f"{wording.whole_percent(found.frozen)}, not {wording.whole_percent(found.merchant)}, "
        f"without the plan, as the mean of the counted years)"
    ]


def fails_sentence(story: Story) -> str:
    """The worst scenarios that were tried: what the plan then comes to, and what no plan does;
    blank where none was tried."""
    found = story.answer(Stress)
    tried = [case for case in stress_cases(story) if case.strain is Strain.SCENARIO]
    if found is None or not tried:
        return ""
    tried.sort(key=lambda case: (-case_level(story, case), case.case))
    names = [_case(story, case) for case in tried[:2]]
    return (
        f"If that fails, the plan held: in {wording.year(target_year(story))} at worst "
        f"{wording.names(names)}."
    )


def _case(story: Story, case: StressCase) -> str:
    name = case_name(story, case)
    level = wording.whole_percent(case_level(story, case))
    if case.without_last_year is None or target_year(story) != story.run.case.last_year:
        return f"{level} ({name})"
    return f"{level} ({name}; {wording.whole_percent(case.without_last_year)} without the plan)"


def case_name(story: Story, case: StressCase) -> str:
    """A case in words: the scenario's name, or the plant that fails."""
    record = story.run.case
    if case.strain is Strain.FAILURE:
        return f"{record.plant_name(case.case)} fails"
    if case.strain is Strain.PLAN:
        return "the base case" if story.run.scenario is None else "this scenario"
    return record.scenarios.get(case.case, case.case)
