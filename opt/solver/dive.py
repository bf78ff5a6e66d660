"""Good starts for the passes that search, found among the few projects that a relaxation leaves
undecided.

The relaxation of a pass, with whole numbers allowed to be fractions, builds most projects wholly or
not at all, each in its year. These are fixed as it has them, and the pass is searched among the
others; the relaxation's value is a bound that the search itself need not find again. What is found
is a start: the pass is then searched whole, unless the start is within the asked gap of that bound.

The cost pass gets its start on the clear chain, with every year open to the projects left. With
dependence kept, what serves allies clear is all but settled, and so the cost of the clear chain
orders plans nearly as the whole cost does, at half the columns. There a plan is first looked for
that keeps the last pass, which is hard to meet as a row and easy to reach as an objective; from it
the cost is searched. Value and bound of the cost pass come from the whole network.
"""

from __future__ import annotations

import dataclasses
import math

from opt.model.objectives import Measure, measure
from opt.record.passes import Outcome
from opt.solver.highs import INTEGRALITY_TOLERANCE, SolverAnswer, Vector
from opt.solver.progress import Listener
from opt.solver.stage import Plan, Stage, among_some, waiting

SEARCH_GAP = 1e-2
SEARCH_NODES = 500
# Below so many whole numbers a search is over before a relaxation and a second search pay off.
WORTHWHILE = 300


def relaxed_start(stage: Stage, name: str, known: SolverAnswer) -> SolverAnswer:
    """The better of a known plan and one found among what the relaxation of a pass leaves
    undecided, with the relaxation's value as its bound.

    It is optimal where the two are within the gap of the pass.
    """
    measured, gap = measure(stage.model, name), stage.options.gap_of(name)
    relaxed = stage.solver.relaxation(measured.expression)
    if stage.solver.running:
        stage.reopen()
    if relaxed.point is None:
        return dataclasses.replace(known, outcome=Outcome.FEASIBLE, bound=-math.inf)
    best, seconds = known, known.seconds + relaxed.seconds
    if not _within(known.value, relaxed.value, gap):
        found = _among_undecided(stage, measured, relaxed.point, gap)
        seconds += found.seconds
        if found.point is not None and found.value < known.value:
            best = found
    proven = _within(best.value, relaxed.value, gap)
    outcome = Outcome.OPTIMAL if proven else Outcome.FEASIBLE
    return SolverAnswer(outcome, best.point, best.value, min(relaxed.value, best.value), seconds)


def _within(value: float, bound: float, gap: float) -> bool:
    return value - bound <= gap * abs(value)


def _among_undecided(stage: Stage, measured: Measure, relaxed: Vector, gap: float) -> SolverAnswer:
    """The best plan found with every whole number fixed that a relaxation leaves whole."""
    whole = [int(n) for n in stage.solver.integers if _is_whole(relaxed[n])]
    fixed = {n: float(round(relaxed[n])) for n in whole}
    stage.solver.fix(fixed)
    with among_some(stage.control):
        found = stage.solver.search(measured.expression, gap, None, SEARCH_NODES)
    if stage.solver.running:
        stage.reopen()
    else:
        stage.solver.free(fixed)
    if found.point is None:
        return found
    exact = stage.complete(measured, stage.plan_of(found.point))
    return dataclasses.replace(exact, seconds=found.seconds + exact.seconds)


def cheaper_plan(chain: Stage, plan: Plan, listener: Listener, step: str = "cost") -> Plan:
    """A plan of lower clear-chain cost that keeps the earlier passes, or `plan` itself.

    `step` is what the listener is told it belongs to. Values are not told: what the clear chain
    costs is no value of the cost pass.
    """
    with waiting(chain, listener, step):
        return _cheaper_plan(chain, plan)


def _cheaper_plan(chain: Stage, plan: Plan) -> Plan:
    """The plan itself."""
    measured = measure(chain.model, "cost")
    known = chain.complete_known(measured, plan)
    relaxed = chain.solver.relaxation(measured.expression)
    if known.point is None or relaxed.point is None or not chain.kept:
        return plan
    fixed = _decided(chain, relaxed.point)
    found = _searched(chain, measured, fixed)
    if found is None or found.point is None or found.value >= known.value:
        return plan
    return chain.plan_of(found.point)


def _searched(chain: Stage, measured: Measure, fixed: dict[int, float]) -> SolverAnswer | None:
    """The cheapest plan found with these columns fixed; None where none keeps the last pass."""
    last, most = chain.kept[-1].measure, chain.kept[-1].most(chain.slack)
    chain.solver.release_last_row()
    chain.solver.fix(fixed)
    reached = chain.solver.reach(last.expression, most, SEARCH_NODES)
    chain.solver.free(fixed)
    chain.solver.keep_below(last.expression, most, last.name)
    if reached.point is None or reached.value > most:
        return None
    start = chain.complete(measured, chain.plan_of(reached.point))
    if start.point is None:
        return None
    chain.solver.fix(fixed)
    found = chain.solver.search(measured.expression, SEARCH_GAP, start.point, SEARCH_NODES)
    chain.solver.free(fixed)
    return start if found.point is None or found.value >= start.value else found


def _decided(chain: Stage, point: Vector) -> dict[int, float]:
    """Whole-number columns of projects that the relaxation leaves no fraction of."""
    model, column = chain.model, chain.solver.column_of
    undecided = {j for j, v in model.index.BUILD if not _is_whole(point[column(model.build[j, v])])}
    columns = [column(model.build[j, v]) for j, v in model.index.BUILD if j not in undecided]
    return {n: float(round(point[n])) for n in columns}


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) <= INTEGRALITY_TOLERANCE
