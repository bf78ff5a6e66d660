"""Plans of which a study knows the commitments, made whole answers: their flows, and who pays."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.solver.control import Limits
from opt.solver.stage import SolveOptions
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, How, Task


@dataclass(frozen=True, slots=True)
class Built:
    """Commitments of a case, sizes of scalable projects included, that an answer named `key` has;
    `objective` is what it was found for."""

    key: str
    instance: Instance
    commitments: tuple[FixedCommitment, ...]
    objective: str = "dependence"


def completed(
    built: Sequence[Built], options: SolveOptions, limits: Limits, runner: Runner
) -> tuple[Answer, ...]:
    """Each plan as a whole answer in the order given: its flows as cheap as the value of its
    objective allows, and who pays. An answer without a plan says why there is none.

    Raises SolverError where some plan breaks a rule of its case.
    """
    answers = runner.run([_task(one, options, limits) for one in built])
    for answer in answers:
        if answer.plan is None and not answer.failed:
            raise SolverError(f"{answer.key}: the plan breaks a rule of its case")
    return answers


def _task(one: Built, options: SolveOptions, limits: Limits) -> Task:
    given = dataclasses.replace(
        options,
        objective=one.objective,
        plan=one.commitments,
        improve=False,
        purchases=None,
        near=None,
    )
    return Task(one.key, one.instance, Ask(How.COMPLETED, given, limits))
