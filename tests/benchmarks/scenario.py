"""What one scenario of many takes as candidates grow, and what that comes to for more candidates
than were tried: a power of what was measured, and no measurement."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from clock import cpu
from measured import Case, peak_mb

import opt
from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.model.risk import Doubt, Future, common_scale
from opt.record.risk import RiskMeasure
from opt.solver.alone import Alone, World
from opt.solver.control import Control, Limits
from opt.solver.progress import Silent
from opt.solver.stage import SolveOptions
from opt.solver.venture import counted_origins
from opt.studies.answering import answer
from opt.studies.task import Ask, How, Task

# Of a machine's memory, what its workers may fill.
FILLED = 0.8
# What goes by a power of the candidates; a peak begins with what every process holds.
POWERS = ("build", "relax", "trial", "task", "sent_mb")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario of so many candidates. CPU seconds to build its programme, to relax it, to solve
    it at a trial of what is shared from where that ended, and of a whole task of a worker that
    bounds it; MB of such a task as it is sent, and of the worker at its peak."""

    candidates: float
    build: float
    relax: float
    trial: float
    task: float
    sent_mb: float
    peak_mb: float


def scenario(case: Case, candidates: int) -> Scenario:
    """The base case of a workbook as one of many scenarios."""
    instance = assemble(opt.load(case.path).tables)
    task = Task("bound", instance, Ask(How.RELAXED, SolveOptions()))
    began = cpu()
    answer(task, Control().start(Limits()), Silent()).sound()
    asked, peak = cpu() - began, peak_mb()
    world = _world(instance)
    began = cpu()
    alone = Alone.of(world, 0)
    built = cpu()
    alone.share(np.array(sorted(c for own in alone.offered.values() for c in own.values())))
    found = alone.unbound()
    relaxed = cpu()
    assert found.point is not None
    alone.at(found.point[alone.shared], whole=False)
    tried = cpu()
    return Scenario(
        candidates,
        built - began,
        relaxed - built,
        tried - relaxed,
        asked,
        len(pickle.dumps(task)) / 2**20,
        peak,
    )


def _world(instance: Instance) -> World:
    futures = (Future("base", 1.0, instance),)
    doubt = Doubt(futures, RiskMeasure.EXPECTED, "dependence", 0.0, None)
    return World(doubt, counted_origins(doubt), common_scale(doubt), Control())


def power(sizes: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Factor and exponent of the power of a size that comes nearest to some values, by the least
    squares of their logarithms."""
    exponent, factor = np.polyfit(np.log(sizes), np.log(np.maximum(values, 1e-9)), 1)
    return math.exp(factor), float(exponent)


def exponents(found: Sequence[Scenario]) -> dict[str, float]:
    """Against the candidates, of what goes by a power of them."""
    sizes = [each.candidates for each in found]
    return {name: power(sizes, [getattr(x, name) for x in found])[1] for name in POWERS}


def extrapolated(found: Sequence[Scenario], candidates: int) -> Scenario:
    """What so many candidates would come to: powers from the largest that was measured on, the peak
    by a straight line."""
    last = found[-1]
    times = candidates / last.candidates
    values = {name: getattr(last, name) * times**own for name, own in exponents(found).items()}
    slope, base = np.polyfit([x.candidates for x in found], [x.peak_mb for x in found], 1)
    return Scenario(candidates, **values, peak_mb=float(base + slope * candidates))


@dataclass(frozen=True, slots=True)
class Fleet:
    """Machines of so many cores and GB, and what a round of bounds of some scenarios would take on
    them: workers that fit on each, and seconds."""

    machines: int
    cores: int
    gb: float
    workers: int
    seconds: float


def fleet(one: Scenario, scenarios: int, machines: int, cores: int, gb: float) -> Fleet:
    """A round of bounds, a task for each scenario, on machines whose workers do not wait for one
    another: as many on each as it has cores, or as its memory holds."""
    fits = int(FILLED * gb * 1024 / one.peak_mb)
    workers = min(cores, fits)
    rounds = math.ceil(scenarios / (machines * workers)) if workers else math.inf
    return Fleet(machines, cores, gb, workers, rounds * one.task)
