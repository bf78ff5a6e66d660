"""How much of something it takes: brackets, each closed from both sides by solves that are proven.

Of each amount it is asked whether the changed case has a plan at all, as good as is wanted. More of
it never hurts, so the most that is tried comes first, and then the middle of what is open.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.record.passes import Outcome
from opt.studies.best import changed
from opt.studies.runner import Runner
from opt.studies.task import Answer, Base, How, Task

ROUNDS = 5  # so a bracket comes to a thirty-second of the most that is tried
ENOUGH = 1.0  # a relative gap at which any plan that obeys every rule is enough


@dataclass(frozen=True, slots=True)
class Bracket:
    """How much of something is asked for: `at` gives the case with an amount of it, `not_enough` is
    proven not to do, `enough` does (None: none that was tried), `most` is tried first. With `whole`
    amounts are whole numbers. `reason` says why nothing is known between the two."""

    key: str
    at: Callable[[float], Instance]
    most: float
    whole: bool = False
    not_enough: float = 0.0
    enough: float | None = None
    closed: bool = False
    reason: str = ""

    @property
    def next(self) -> float:
        """The amount to be asked for next."""
        if self.enough is None:
            return self.most
        middle = (self.not_enough + self.enough) / 2
        return float(round(middle)) if self.whole else middle

    def told(self, amount: float, answer: Answer) -> Bracket:
        """The bracket with the answer to an amount."""
        if answer.built is not None:
            new = dataclasses.replace(self, enough=amount)
        elif answer.outcome is Outcome.INFEASIBLE:
            done = self.enough is None
            new = dataclasses.replace(self, not_enough=amount, closed=done)
        else:
            why = answer.reason or "not decided in time"
            return dataclasses.replace(self, closed=True, reason=why)
        narrow = new.enough is not None and new.whole and new.enough - new.not_enough <= 1
        return dataclasses.replace(new, closed=new.closed or narrow)


def narrowed(
    base: Base,
    runner: Runner,
    plan: tuple[FixedCommitment, ...],
    brackets: Sequence[Bracket],
    *,
    exact: bool,
) -> tuple[Bracket, ...]:
    """The brackets narrowed; `base` is a case of which every plan is as good as is wanted, and the
    cases of the brackets are changes of it. With `exact` each amount is searched until it is
    decided, else a bracket is closed where mending and the relaxation do not decide it."""
    found, how = list(brackets), How.CHANGED if exact else How.MENDED
    for _ in range(ROUNDS + 1):
        left = [n for n, bracket in enumerate(found) if not bracket.closed]
        tasks = [enough(base, _key(found[n]), found[n].at(found[n].next), plan, how) for n in left]
        for n, answer in zip(left, runner.run(tasks), strict=True):
            found[n] = found[n].told(found[n].next, answer)
    return tuple(found)


def _key(bracket: Bracket) -> str:
    return f"{bracket.key} {bracket.next:.6g}"


def enough(
    base: Base,
    key: str,
    instance: Instance,
    plan: tuple[FixedCommitment, ...],
    how: How = How.CHANGED,
) -> Task:
    """Whether a change of a case has a plan at all, as How.CHANGED or How.MENDED tells it."""
    task = changed(base, key, instance, plan)
    options = dataclasses.replace(task.ask.options, gap=ENOUGH)
    return dataclasses.replace(task, ask=dataclasses.replace(task.ask, how=how, options=options))
