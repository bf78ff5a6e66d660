"""A new edition of the data: the old case, the new one, and the old one with each change alone.

An edition is solved whole, from the plan that the old one has, or is a finished run; a change alone
for its least dependence. What moves is told of the plans found and between what is proven of both.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping

from opt.data.instance import Instance
from opt.errors import SolverError
from opt.record.passes import Outcome
from opt.record.projects import as_given
from opt.record.run import Run, Solution
from opt.record.update import NO_PLAN, AloneChange, EditionCase, MovedProject
from opt.results.metrics import measure_solution
from opt.studies.change import without_targets
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Task

OLD, NEW = "old", "new"
# Confirms a plan of a case, told by its key, and what it comes to.
Confirm = Callable[[str, Solution, float], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """The answers by key: the two editions under OLD and NEW, each change under its words."""

    by_key: Mapping[str, Answer]

    def moved(self, key: str) -> tuple[float, float, float]:
        """By how much dependence moves from the old edition: of the plans found, and the least and
        most by what is proven of both."""
        old, own = self.by_key[OLD], self.by_key[key]
        return own.value - old.value, own.bound - old.value, own.value - old.bound

    def alone(self, key: str, reason: str) -> AloneChange:
        """What a change does alone; `reason` says why it was not asked."""
        answer = self.by_key.get(key)
        if answer is None or answer.plan is None:
            if answer is not None:
                none = answer.outcome is Outcome.INFEASIBLE
                reason = NO_PLAN if none else answer.reason or "no plan was found"
            return AloneChange(key, None, None, None, None, None, reason)
        return AloneChange(key, answer.value, answer.bound, *self.moved(key))

    def edition(self, key: str, workbook: str, instance: Instance) -> EditionCase:
        """What an edition, whose case is `instance`, comes to."""
        answer = self.by_key[key]
        plan = _plan(answer)
        return EditionCase(
            edition=key,
            workbook=workbook,
            dependence=answer.value,
            bound=answer.bound,
            cost_musd=measure_solution(instance, plan).cost_musd,
            capex_musd=math.fsum(c.capex_musd for c in plan.commitments),
            public_musd=math.fsum(p.paid_musd for p in plan.payments),
            projects=len({c.project for c in plan.commitments}),
        )

    def plan_changes(self) -> tuple[MovedProject, ...]:
        """Commitments of one edition's plan that the other's has not in that year and number."""
        rows = []
        plans = {key: _plan(self.by_key[key]) for key in (OLD, NEW)}
        for key, other in ((OLD, NEW), (NEW, OLD)):
            there = {(c.project, c.year, c.units) for c in plans[other].commitments}
            for c in plans[key].commitments:
                if (c.project, c.year, c.units) not in there:
                    rows.append(MovedProject(c.project, key, c.year, c.units, c.capex_musd))
        return tuple(sorted(rows, key=lambda row: (row.project, row.edition, row.year)))


def update(
    base: Base,
    target: Base,
    changed: Mapping[str, Instance],
    known: Mapping[str, Answer],
    *,
    runner: Runner,
    confirm: Confirm,
) -> Answered:
    """The old edition (`base`), the new one (`target`) and changes of the old by key, each solved
    and its plan confirmed; `known` are the editions that are solved already.

    Raises SolverError where an edition itself has no plan.
    """
    if OLD in known:
        old = known[OLD]
    else:
        (old,) = runner.run([_task(base, OLD, base.instance, How.WHOLE, None)])
    start = _plan(old)
    tasks = [_task(base, key, instance, How.CHAIN, start) for key, instance in changed.items()]
    if NEW not in known:
        tasks.append(_task(target, NEW, target.instance, How.WHOLE, start))
    answers = {OLD: old, **known, **runner.by_key(tasks)}
    _plan(answers[NEW])
    for key, answer in answers.items():
        if answer.plan is not None:
            confirm(key, answer.plan, answer.value)
    return Answered(answers)


def answer_of_run(key: str, run: Run) -> Answer | None:
    """A finished run as the answer for an edition; None where it was asked something else than the
    least dependence without targets, or was not solved to the end."""
    first = run.passes[0]
    asked = run.objective == first.objective == "dependence" and run.plan is None
    bound = run.workbook.rows["targets"] or run.workbook.settings.get("dependence_target")
    if not asked or bound or run.near is not None or run.status is not Outcome.OPTIMAL:
        return None
    return Answer(key, run.status, first.value, first.bound, run.solution, 0.0)


def _plan(answer: Answer) -> Solution:
    if answer.plan is None or answer.outcome is Outcome.ERROR:
        raise SolverError(f"{answer.key}: {answer.reason or 'no plan was found'}")
    return answer.plan


def _task(base: Base, key: str, instance: Instance, how: How, start: Solution | None) -> Task:
    """The least dependence of a case, targets left out; from a plan where the case offers it."""
    known = () if start is None else as_given(start.commitments)
    offered = {(j, v) for j, project in instance.projects.items() for v in project.offers}
    plan = known if known and all((c.project, c.year) in offered for c in known) else None
    options = dataclasses.replace(
        base.options, objective="dependence", plan=plan, improve=plan is not None, purchases=None
    )
    return Task(key, without_targets(instance), Ask(how, options, base.limits))
