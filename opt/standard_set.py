"""The run on a case and the standard set of studies of it, within a stated time."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterable, Mapping

from opt import best_plans, questions
from opt.errors import InfeasibleError, StoppedError
from opt.record.brief import Brief, BriefPart
from opt.record.run import Run
from opt.record.shown import Shown
from opt.solver.control import Limits
from opt.studies.runner import Runner

Study = Callable[[Run, Runner], Shown]
MINUTES = 15.0
STOPPED = "stopped before it was begun"


def _frontier(run: Run, runner: Runner) -> Shown:
    return questions.frontier(best_plans.case_of(run), scenario=run.scenario, runner=runner)


# In the order in which they are worked out, each with its part of the time.
STUDIES: Mapping[str, tuple[float, Study]] = {
    "stress": (2.0, questions.stress),
    "options": (3.0, questions.options),
    "labels": (4.0, lambda run, runner: best_plans.labels(run, runner=runner)),
    "frontier": (3.0, _frontier),
    "explain": (3.0, lambda run, runner: best_plans.explain(run, runner=runner)),
    "alternatives": (2.0, lambda run, runner: best_plans.alternatives(run, runner=runner)),
    "sensitivity": (3.0, questions.sensitivity),
}


def brief(
    run: Run, seconds: float = 60 * MINUTES, runner: Runner | None = None, names: Iterable[str] = ()
) -> Brief:
    """The standard set of studies of a finished run, or those of some `names`, within so many
    seconds: each has its part of what is left, and what it does not need is the others'.

    `runner` says by how many processes they are worked out and where answers are kept: one that was
    stopped goes on where it was. What was not finished is told, and no error.
    """
    runner = runner or questions.alone()
    asked = {name: STUDIES[name] for name in names} or STUDIES
    ends = min(time.monotonic() + seconds, runner.control.deadline)
    left = math.fsum(part for part, _ in asked.values())
    parts: list[BriefPart] = []
    answers: dict[str, Shown] = {}
    runner.listener.expect(tuple(asked))
    for name, (part, study) in asked.items():
        share = (ends - time.monotonic()) * part / left
        limits = Limits(runner.control.threads, runner.control.seed, share)
        own = dataclasses.replace(runner, control=runner.control.within(limits))
        left -= part
        reason = STOPPED if own.control.stopped else ""
        if not reason:
            runner.listener.begin(name)
            try:
                answers[name] = study(run, own)
            except (InfeasibleError, StoppedError) as error:
                reason = str(error)
        complete = name in answers and bool(getattr(answers[name], "complete", False))
        parts.append(BriefPart(name, complete, reason))
    return Brief(run, tuple(parts), answers)
