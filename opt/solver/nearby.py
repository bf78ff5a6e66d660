"""A better plan in the years around those of a plan that a search has found.

A search of the whole soon proves a bound that is near enough, and may then stay long with a plan
that just is not. The projects of such a plan are nearly those of a better one, in other years: with
the others left out, and each kept to a year or two around its own, what is missing is found sooner.
What is found is a plan and no proof: the bound is that of the search of the whole.

On the reference case, with eight seeds, its first pass to a gap of 1e-3 took 24 to 45 s, 30 in the
middle, for 22 to 72, 41 in the middle.
"""

from __future__ import annotations

import dataclasses
import math

from opt.model.objectives import Measure
from opt.solver.highs import SolverAnswer, Vector, is_proven
from opt.solver.stage import Stage, completed, knowing

# How many times the asked gap a search of the whole leaves open before its plan is looked around.
LOOSELY = 4.0
# How many times the asked gap a plan lies above the bound of its relaxation, at least, where the
# search is left early: from a nearer one it proves little before it proves what is asked.
APART = 8.0
# Years to either side of a plan's own, one after the other. Two years found what was missing in
# most of those cases, one year in most of the others; three seldom what these had not.
WINDOWS = (2, 1)
# Of the asked gap, what the search of a part leaves open: with all of it, it ended beside the plan
# that was there.
CLOSELY = 0.2
# What is not found at the first node took as long as a new search of the whole, and often was not
# there.
NODES = 1


def worth_looking_around(stage: Stage, measured: Measure, known: SolverAnswer) -> bool:
    """Whether the search from a plan, with the bound of its relaxation, is to be left early."""
    gap = stage.options.gap_of(measured.name)
    return gap > 0.0 and not is_proven(known.value, known.bound, APART * gap)


def better_nearby(stage: Stage, measured: Measure, found: SolverAnswer, gap: float) -> SolverAnswer:
    """The plan that a search of the whole has found, or a better one near it; with the bound of
    that search, and optimal where the two are within the relative gap."""
    best, bound = found, found.bound
    with knowing(stage.control, lambda: (best.value, bound)):
        for window in WINDOWS:
            if best.point is None or _ends(stage, best.value, bound, gap):
                break
            best = _better(stage, measured, best, window, gap)
    return best


def _ends(stage: Stage, value: float, bound: float, gap: float) -> bool:
    """Whether a plan is proven, or looking for a better one is of no use."""
    return is_proven(value, bound, gap) or not math.isfinite(bound) or stage.control.stopped


def _better(
    stage: Stage, measured: Measure, best: SolverAnswer, window: int, gap: float
) -> SolverAnswer:
    """The better of a plan and what is found near it, with the bound of the plan."""
    assert best.point is not None
    far = _far(stage, best.point, window)
    stage.solver.fix(far)
    target = _proven_at(best.bound, gap)
    part = stage.solver.search(measured.expression, CLOSELY * gap, best.point, NODES, target)
    if stage.solver.running:
        stage.reopen()
        return best
    stage.solver.free(far)
    seconds = best.seconds + part.seconds
    part = dataclasses.replace(part, bound=best.bound, seconds=seconds)
    return completed(stage, measured, part, best)


def _far(stage: Stage, point: Vector, window: int) -> dict[int, float]:
    """At nothing, the columns of all years but those within a window around a project's own; of
    projects that are not in the plan, all."""
    fixed: dict[int, float] = {}
    for years in stage.build_columns().values():
        used = [v for v, n in years.items() if round(point[n])]
        far = [n for v, n in years.items() if all(abs(v - t) > window for t in used)]
        fixed |= dict.fromkeys(far, 0.0)
    return fixed


def _proven_at(bound: float, gap: float) -> float:
    """The largest value that a bound proves to a relative gap: value - bound <= gap x |value|."""
    return bound / (1.0 - gap) if bound > 0.0 else bound / (1.0 + gap)
