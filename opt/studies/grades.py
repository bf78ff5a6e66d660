"""What dependence a plan reaches with some of its commitments alone: one linear programme each.

What the plan has settled is taken as it is: no rule on money, groups, ceilings or targets is
proven again, since fewer commitments need less money. Stock is bought and plants are supported at
most as the plan does, so that money of what is left out does not go elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data.grades import GRADES
from opt.data.instance import Instance
from opt.record.projects import Commitment, as_given
from opt.record.run import Solution
from opt.results.grades import NO_PROJECT, GradeStep, PlanGrades, standing
from opt.solver.stage import SolveOptions
from opt.studies.change import settled
from opt.studies.runner import Runner
from opt.studies.task import Ask, Base, How, Outlays, Task

Commitments = tuple[Commitment, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """One grade let in: what of the plan is its own, and what stands with it and every better."""

    grade: str
    own: Commitments
    kept: Commitments

    @property
    def key(self) -> str:
        """What is told while it is solved."""
        return f"grade {self.grade}" if self.own else self.grade


def plan_grades(
    base: Base,
    solution: Solution,
    before: float,
    grade: Mapping[str, str],
    runner: Runner,
    *,
    frozen: bool = False,
) -> PlanGrades:
    """Commitments let in from the best grade on, and how far dependence falls with each grade.

    `before` is dependence without new money; `grade` gives each project's. A commitment counts with
    the worst of its own grade and those of what it requires or is bundled with, while its capex
    stays with its own. What needs no project comes first, where the plan pays for any of it or,
    with `before` frozen, projects come without new money.
    """
    coming = any(project.merchant for project in base.instance.projects.values())
    outlays = bool(solution.outlays()) or (frozen and coming)
    rungs = list(_rungs(base.instance, solution, grade))
    reached: dict[Commitments, float] = {} if outlays else {(): before}
    asked: dict[Commitments, Task] = {}
    for rung in rungs:
        if rung.kept not in reached and rung.kept not in asked:
            asked[rung.kept] = _task(rung.key, base, solution, rung.kept)
    answers = runner.run(list(asked.values()))
    reached |= {kept: a.sound().value for kept, a in zip(asked, answers, strict=True)}
    return PlanGrades(before, _steps(rungs, reached, before, outlays))


def _rungs(instance: Instance, solution: Solution, grade: Mapping[str, str]) -> Iterator[Rung]:
    needs = {
        j: {*filter(None, [project.requires]), *instance.bundled_with(j)}
        for j, project in instance.projects.items()
    }
    let_in: set[str] = set()
    for step in (NO_PROJECT, *GRADES):
        own = tuple(c for c in solution.commitments if grade[c.project] == step)
        let_in |= {c.project for c in own}
        yield Rung(step, own, standing(solution.commitments, let_in, needs))


def _steps(
    rungs: Sequence[Rung], reached: Mapping[Commitments, float], before: float, outlays: bool
) -> tuple[GradeStep, ...]:
    """The rungs that carry something; where the plan has outlays, that without projects first."""
    steps: list[GradeStep] = []
    last = before
    for rung in rungs:
        if rung.own or (outlays and rung.grade == NO_PROJECT):
            now = reached[rung.kept]
            capex = math.fsum(c.capex_musd for c in rung.own)
            projects = len({c.project for c in rung.own})
            steps.append(GradeStep(rung.grade, projects, capex, now, last - now))
            last = now
    return tuple(steps)


def _task(key: str, base: Base, solution: Solution, kept: Commitments) -> Task:
    """The least dependence with these commitments of an answer, and its stock and support alone."""
    alone = settled(base.instance, solution, {c.project for c in kept})
    ask = Ask(How.HELD, SolveOptions(plan=as_given(kept)), base.limits, _outlays(solution))
    return Task(key, alone, ask)


def _outlays(solution: Solution) -> Outlays:
    """What an answer buys for stock and pays for by the unit."""
    by_unit = {
        (p.use, p.programme, p.thing, p.process, p.year): p.activity
        for p in solution.payments
        if p.activity is not None
    }
    bought = {(s.stockpile, s.origin, s.year): s.bought for s in solution.allied.stocks}
    return Outlays(bought, by_unit)
