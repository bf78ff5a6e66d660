"""What a loaded model saves: bounds after single changes and values of plans, beside a model that
is built for each anew."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clock import cpu
from measured import Case, Found

import opt
from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.model.objectives import measure
from opt.solver.control import Control, Limits
from opt.solver.loaded import Loaded, load
from opt.solver.priorities import run_pass, starting_plan
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, deciding_origins, open_stage
from opt.studies import change


@dataclass(frozen=True, slots=True)
class Asking:
    """CPU seconds of one case: to build, hand over and relax it (`cold`), the same kept for
    questions (`load`); the median and the longest of the bounds after single changes, of the values
    of plans."""

    case: str
    cold: float
    load: float
    bounds: tuple[float, ...]
    values: tuple[float, ...]

    def times_as_fast(self, seconds: Sequence[float]) -> float:
        """How many questions take as long as one model that is built anew."""
        return self.cold / statistics.median(seconds)


def asking(case: Case, questions: int, seed: int) -> Asking:
    """Ask a case about so many single changes, and as many plans, drawn by a seed."""
    instance = assemble(opt.load(case.path).tables)
    chance = random.Random(seed)
    cold, _ = _timed(_relaxed, instance)
    loading, model = _timed(load, _job(instance))
    changed = list(_changes(instance))
    drawn = chance.sample(changed, min(questions, len(changed)))
    bounds = tuple(_timed(_bound, model, one)[0] for one in drawn)
    plans = _plans(instance, chance, questions)
    with model.under(instance) as asked:
        values = tuple(_timed(asked.value, plan)[0] for plan in plans)
    return Asking(case.name, cold, loading, bounds, values)


def _timed(work: Callable[..., Found], *given: Any) -> tuple[float, Found]:
    began = cpu()
    found = work(*given)
    return cpu() - began, found


def _job(instance: Instance) -> Job:
    return Job(instance, SolveOptions(), Control(), Silent())


def _relaxed(instance: Instance) -> None:
    stage = open_stage(_job(instance), deciding_origins(instance), freight=False)
    stage.solver.relaxation(measure(stage.model, "dependence").expression)


def _bound(model: Loaded, changed: Instance) -> None:
    with model.under(changed) as asked:
        asked.bound()


def _changes(instance: Instance) -> Iterator[Instance]:
    """Each project in or out, each programme gone or a tenth larger, each limit higher."""
    for j in instance.projects:
        yield change.forced(instance, j)
        yield change.forbidden(instance, j)
    for k in instance.programmes:
        yield change.without_programme(instance, k)
        yield change.scaled_programmes(instance, 1.1, {k})
    for ceiling in instance.ceilings:
        yield change.raised_ceiling(instance, ceiling.id, 1.1)


def _plans(
    instance: Instance, chance: random.Random, number: int
) -> list[tuple[FixedCommitment, ...]]:
    """A plan within a hundredth of the best, without one commitment each; none where none is found
    in a minute."""
    control = Control().start(Limits(seconds=60.0))
    job = Job(instance, SolveOptions(gap=1e-2), control, Silent())
    stage = open_stage(job, deciding_origins(instance), freight=False)
    start = starting_plan(stage, "dependence")
    _, _, point = run_pass(stage, "dependence", start, job.listener)
    if point is None:
        return []
    built = stage.solver.values(stage.model.build, stage.model.index.BUILD, point)
    plan = [FixedCommitment(j, v, round(u), None) for (j, v), u in built.items() if round(u)]
    out = chance.choices(range(len(plan)), k=number) if plan else []
    return [(*plan[:n], *plan[n + 1 :]) for n in out]
