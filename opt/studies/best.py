"""The best plan of a case in dependence, from which a study measures what its changes lose."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.errors import InfeasibleError, StoppedError
from opt.fixed import FixedCommitment
from opt.record.passes import Outcome
from opt.solver.weighted import is_small
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Task

THE_BEST = "the best plan"
# Share of allied demand to which studies of many changes of a large case are searched.
ROUGH = 0.005


@dataclass(frozen=True, slots=True)
class Best:
    """A plan of a case: its commitments, its dependence, and what no plan of the case can beat.
    Shares of allied demand."""

    plan: tuple[FixedCommitment, ...]
    value: float
    bound: float

    @property
    def projects(self) -> frozenset[str]:
        """What it builds."""
        return projects_of(self.plan)


def roughly(base: Base, value: float, *, exact: bool) -> Base:
    """A case as a study of many changes asks about them, where its best plan comes to about
    `value`: a large one to half a point of allied demand alone; with `exact`, as a small one, to
    its own gap. What is told of a change is an interval either way."""
    if exact or is_small(base.instance) or value <= 0.0:
        return base
    options = dataclasses.replace(base.options, gap=max(base.options.gap, ROUGH / value))
    return dataclasses.replace(base, options=options)


def projects_of(plan: tuple[FixedCommitment, ...]) -> frozenset[str]:
    """What a plan builds, in whatever year."""
    return frozenset(c.project for c in plan if c.units)


def best_plan(base: Base, runner: Runner, start: tuple[FixedCommitment, ...] = ()) -> Best:
    """The plan of least dependence of a case, from a plan where one is known.

    Raises InfeasibleError where no plan obeys every rule, StoppedError where none was found in
    time, SolverError where the solver failed.
    """
    (found,) = runner.run([changed(base, THE_BEST, base.instance, start)])
    if found.outcome is Outcome.INFEASIBLE:
        raise InfeasibleError("No plan obeys every rule of the workbook.")
    if found.outcome is Outcome.LIMIT:
        raise StoppedError(f"No plan is known to compare with: {found.reason}.")
    found.sound()
    assert found.built is not None
    return Best(found.built, found.value, found.bound)


def changed(base: Base, key: str, instance: Instance, plan: tuple[FixedCommitment, ...]) -> Task:
    """The least dependence of a change of a case, a plan of the case being known."""
    options = dataclasses.replace(
        base.options, objective="dependence", plan=plan, improve=True, purchases=None, near=None
    )
    return Task(key, instance, Ask(How.CHANGED, options, base.limits), base.instance)


def least_proven(answer: Answer) -> float:
    """What no plan of a change can beat: inf where it is proven to have none, -inf where nothing
    is."""
    return math.inf if answer.outcome is Outcome.INFEASIBLE else answer.bound
