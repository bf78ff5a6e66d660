"""What dependence a plan reaches with some of its commitments alone: one linear programme each.

What the plan has settled is taken as it is: no rule on money, groups, ceilings or targets is
proven again, since fewer commitments need less money. Stock is bought and plants are supported at
most as the plan does, so that money of what is left out does not go elsewhere.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from opt.data.grades import GRADES
from opt.data.instance import Instance
from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.model.objectives import measure
from opt.record.money import Use
from opt.record.projects import Commitment
from opt.record.run import Solution
from opt.results.grades import NO_PROJECT, GradeStep, PlanGrades, standing
from opt.solver.stage import FIXED_TOLERANCE, Job, Stage, deciding_origins, open_stage


def plan_grades(
    job: Job, solution: Solution, before: float, grade: Mapping[str, str]
) -> PlanGrades:
    """Commitments let in from the best grade on, and how far dependence falls with each grade.

    `before` is dependence without new money; `grade` gives each project's. A commitment counts with
    the worse of its own grade and that of what it requires, while its capex stays with its own.
    What needs no project comes first, where the plan pays for any of it.
    """
    requires = {j: project.requires for j, project in job.instance.projects.items()}
    outlays = any(payment.use is not Use.CAPITAL for payment in solution.payments)
    reached: dict[tuple[Commitment, ...], float] = {} if outlays else {(): before}
    steps: list[GradeStep] = []
    let_in: set[str] = set()
    for step in (NO_PROJECT, *GRADES):
        own = [c for c in solution.commitments if grade[c.project] == step]
        let_in |= {c.project for c in own}
        kept = standing(solution.commitments, let_in, requires)
        if kept not in reached:
            job.listener.begin(f"grade {step}" if own else step)
            reached[kept] = least_dependence(job, solution, kept)
        if own or (outlays and step == NO_PROJECT):
            last = steps[-1].dependence if steps else before
            capex = math.fsum(c.capex_musd for c in own)
            projects = len({c.project for c in own})
            steps.append(GradeStep(step, projects, capex, reached[kept], last - reached[kept]))
    return PlanGrades(before, tuple(steps))


def least_dependence(job: Job, solution: Solution, kept: Sequence[Commitment]) -> float:
    """The least dependence with these commitments of an answer, and its stock and support alone."""
    instance = _settled(job.instance, solution, {c.project for c in kept})
    given = tuple(FixedCommitment(c.project, c.year, c.units, c.size) for c in kept)
    options = dataclasses.replace(job.options, plan=given, improve=False)
    stage = open_stage(job.of(instance, options), deciding_origins(instance))
    stage.solver.relax_tolerance(FIXED_TOLERANCE)
    _hold_outlays(stage, solution)
    measured = measure(stage.model, "dependence")
    answer = stage.solver.minimise(measured.expression, obey=False)
    if answer.point is None:
        raise SolverError("part of a plan breaks a rule that the whole plan obeys")
    return max(0.0, answer.value * measured.per_unit)


def _settled(instance: Instance, solution: Solution, kept: Iterable[str]) -> Instance:
    """The case with these projects alone, and nothing left of it to be proven."""
    # Without groups and payers no whole number is left to decide.
    projects = {
        j: dataclasses.replace(instance.projects[j], group="", public_share=0.0)
        for j in sorted(kept)
    }
    outlays: dict[str, float] = defaultdict(float)
    for payment in (*solution.paid_for(Use.STOCK), *solution.paid_for(Use.SUPPORT)):
        outlays[payment.programme] += payment.paid_musd
    programmes = {
        k: dataclasses.replace(
            programme,
            shares={},
            limits={},
            repay_years=None,
            # A revolving programme can spend its amount more than once.
            amount=programme.amount + programme.charge * outlays[k],
        )
        for k, programme in instance.programmes.items()
    }
    return instance.with_projects(projects).replace(
        programmes=programmes, ceilings=(), targets=(), dependence_target=None
    )


def _hold_outlays(stage: Stage, solution: Solution) -> None:
    """Buy no more for stock and support no more activity than the answer does."""
    model, mass = stage.model, stage.model.scale.mass
    bought = {(s.stockpile, s.origin, s.year): s.bought for s in solution.allied.stocks}
    supported = {
        (p.programme, p.thing, p.process, p.year): p.activity or 0.0
        for p in solution.paid_for(Use.SUPPORT)
    }
    for key in model.index.BUY:
        stage.solver.set_upper([model.buy[key]], bought.get(key, 0.0) / mass)
    for run in model.index.SUPPORTED:
        stage.solver.set_upper([model.supported[run]], supported.get(run, 0.0) / mass)
