"""Regret: how far the plan lies above the best plan of a scenario, which knew it before."""

from __future__ import annotations

from opt.record.stress import Strain, Stress, StressCase
from opt.report import wording
from opt.report.document import TableBlock
from opt.report.sections.base_case import case_name
from opt.report.story import Story

# A regret of more than this share of allied demand is told with the scenario's name.
MUCH = 0.01
MOST_NAMES = 2


def sentence(story: Story) -> str:
    """Where another plan would do much better, and by how much at most elsewhere; blank where it
    was not asked."""
    rows = _known(story)
    if not rows:
        return ""
    much = [row for row in rows if _least(row) > MUCH][:MOST_NAMES]
    others = [row for row in rows if row not in much]
    most = max((_most(row) for row in others), default=0.0)
    if not much:
        return f"Had {_scenarios(len(rows))} been known before, {_better(most)}."
    named = [f"{_span(row)} in '{case_name(story, row)}'" for row in much]
    told = f"Had it been known before, another plan would do better by {wording.names(named)}"
    return f"{told}; in {_others(len(others))} {_better(most)}." if others else f"{told}."


def table(story: Story) -> TableBlock | None:
    """The plan beside the best one of each scenario, the largest regret first; None where it was
    not asked."""
    lines = [
        (
            case_name(story, row),
            wording.percent(row.dependence or 0.0),
            wording.percent(row.best or 0.0),
            _span(row),
        )
        for row in _known(story)
    ]
    if not lines:
        return None
    heads = ("If", "The plan held", "Best plan found, had it been known", "Regret")
    title = "Regret: the plan beside the best one of each scenario, mean of the counted years"
    return TableBlock(title, heads, lines, (5, 2, 3, 3), (1, 2))


def _known(story: Story) -> list[StressCase]:
    """The scenarios whose regret is known at least on one side, the largest first."""
    found = story.answer(Stress)
    if found is None:
        return []
    rows = [row for row in found.cases if row.strain is Strain.SCENARIO and row.regret is not None]
    return sorted(rows, key=lambda row: (-_most(row), row.case))


def _least(row: StressCase) -> float:
    """What a plan that was found does better by."""
    return row.regret or 0.0


def _most(row: StressCase) -> float:
    """What no plan does better by; all of what the plan leaves where nothing is proven."""
    if row.regret_most is not None:
        return row.regret_most
    return row.dependence or 0.0


def _span(row: StressCase) -> str:
    return wording.points_span(_least(row), _most(row))


def _better(most: float) -> str:
    if most <= wording.NOTHING:
        return "no other plan would do better"
    return f"no other plan would do better by more than {wording.points_at_most(most)}"


def _scenarios(number: int) -> str:
    return "the one scenario tried" if number == 1 else f"any of the {number} scenarios tried"


def _others(number: int) -> str:
    if number == 1:
        return "the other scenario tried"
    return f"each of the other {number} scenarios tried"
