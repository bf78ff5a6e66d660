"""What the next billion of each programme, and the next start a year under each limit, would do.

Each is the case with that alone changed and solved again, never the dual of a relaxation: of what
is built whole a little more may buy nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.record.frontier import FrontStep
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.studies.change import raised_ceiling, scaled_programmes
from opt.studies.completing import Built, completed
from opt.studies.frontier import NO_PLAN, SAME
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Task

PROGRAMMES, LIMITS = "programmes", "limits"
BILLION = 1000.0  # USD million
AS_IT_IS = "the case as it is"

Commitments = tuple[FixedCommitment, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """More of one thing alone: USD million of a programme, or starts a year under a limit."""

    subject: str
    name: str
    more: float

    @property
    def key(self) -> str:
        """The step in words for who waits."""
        return f"more of {self.name}"

    def of(self, instance: Instance) -> Instance:
        """The case with it. Yearly limits of a programme grow as its amount does."""
        if self.subject == LIMITS:
            return raised_ceiling(instance, self.name, 1.0)
        amount = instance.programmes[self.name].amount
        return scaled_programmes(instance, (amount + self.more) / amount, {self.name})


# What a plan is told to: the step, None for the case as it is, and the plan with its dependence.
Confirm = Callable[[Step | None, Solution, float], None]


def steps_of(instance: Instance) -> Iterator[Step]:
    """The steps that a case has: a programme without money has nothing to add to."""
    for k in instance.programme_order:
        if instance.programmes[k].amount > 0:
            yield Step(PROGRAMMES, k, BILLION)
    for ceiling in instance.ceilings:
        if ceiling.what == "starts":
            yield Step(LIMITS, ceiling.id, 1.0)


def next_steps(
    base: Base, runner: Runner, plan: Commitments, confirm: Confirm
) -> tuple[tuple[FrontStep, ...], tuple[str, ...]]:
    """The steps of a case, its dependence target apart, from a plan of it; and what was not
    answered, and why."""
    instance = base.instance.replace(dependence_target=None)
    base = dataclasses.replace(base, instance=instance)
    steps = list(steps_of(instance))
    if not steps:
        return (), ()
    (before,) = runner.run([_task(base, AS_IT_IS, instance, plan)])
    if before.built is None:
        return (), (f"{before.key}: {before.reason or NO_PLAN}",)
    answers = runner.run([_task(base, s.key, s.of(instance), before.built) for s in steps])
    found = dict(zip(steps, answers, strict=True))
    _confirm_all(base, runner, before, found, confirm)
    unknown = tuple(f"{a.key}: {a.reason}" for a in answers if a.failed)
    return tuple(_row(s, before, a) for s, a in found.items() if not a.failed), unknown


def _task(base: Base, key: str, instance: Instance, plan: Commitments) -> Task:
    options = dataclasses.replace(
        base.options, objective="dependence", plan=plan, improve=True, purchases=None
    )
    return Task(key, instance, Ask(How.CHANGED, options, base.limits), base.instance)


def _confirm_all(
    base: Base, runner: Runner, before: Answer, found: dict[Step, Answer], confirm: Confirm
) -> None:
    """Make the plans of some steps whole and confirm them. Where a step betters nothing its plan is
    that of the case as it is, which more of anything never makes impossible: it is made whole once.
    """
    made: dict[Step | None, Answer] = {}
    for step, answer in found.items():
        if answer.built is not None:
            better = answer.value < before.value - SAME
            made |= {step: answer} if better else {None: before}
    built = [_built(base.instance, step, answer) for step, answer in made.items()]
    wholes = completed(built, base.options, base.limits, runner)
    for of, whole in zip(made, wholes, strict=True):
        if whole.plan is not None:
            confirm(of, whole.plan, whole.value)


def _built(instance: Instance, step: Step | None, answer: Answer) -> Built:
    assert answer.built is not None, answer.key
    case = instance if step is None else step.of(instance)
    return Built(f"plan with {step.key if step else AS_IT_IS}", case, answer.built)


def _row(step: Step, before: Answer, after: Answer) -> FrontStep:
    infeasible = after.outcome is Outcome.INFEASIBLE
    return FrontStep(
        subject=step.subject,
        name=step.name,
        more=step.more,
        dependence=after.value,
        bound=after.bound,
        fall_low=0.0 if infeasible else max(0.0, before.bound - after.value),
        fall_high=max(0.0, before.value - after.bound),
    )
