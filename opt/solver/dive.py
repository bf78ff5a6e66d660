"""A good start for the cost pass, found on the clear chain.

With dependence kept, what serves allies clear is all but settled, and so the cost of the clear
chain orders plans nearly as the whole cost does, at half the columns. Its relaxation leaves few
projects undecided: the others are fixed as it has them. Among these few a plan is first looked for
that keeps the last pass, which is hard to meet as a row and easy to reach as an objective; from it
the cost is searched. The result is only a start; value and bound of the cost pass come from the
whole network.
"""

from __future__ import annotations

from opt.model.objectives import Measure, measure
from opt.solver.highs import INTEGRALITY_TOLERANCE, Answer, Vector
from opt.solver.stage import Plan, Stage

SEARCH_GAP = 1e-2
SEARCH_NODES = 500


def cheaper_plan(chain: Stage, plan: Plan) -> Plan:
    """A plan of lower clear-chain cost that keeps the earlier passes, or `plan` itself."""
    measured = measure(chain.model, "cost")
    known = chain.complete(measured, plan)
    relaxed = chain.solver.relaxation(measured.expression)
    if known.point is None or relaxed.point is None or not chain.kept:
        return plan
    fixed = _decided(chain, relaxed.point)
    found = _searched(chain, measured, fixed)
    if found is None or found.point is None or found.value >= known.value:
        return plan
    return chain.plan_of(found.point)


def _searched(chain: Stage, measured: Measure, fixed: dict[int, float]) -> Answer | None:
    """The cheapest plan found with these columns fixed; None where none keeps the last pass."""
    last, most = chain.kept[-1]
    chain.solver.release_last_row()
    chain.solver.fix(fixed)
    reached = chain.solver.reach(last.expression, most, SEARCH_NODES)
    chain.solver.free(fixed)
    chain.solver.keep_below(last.expression, most)
    if reached.point is None or reached.value > most:
        return None
    start = chain.complete(measured, chain.plan_of(reached.point))
    if start.point is None:
        return None
    chain.solver.fix(fixed)
    found = chain.solver.minimise(measured.expression, SEARCH_GAP, start.point)
    chain.solver.free(fixed)
    return start if found.point is None or found.value >= start.value else found


def _decided(chain: Stage, point: Vector) -> dict[int, float]:
    """Whole-number columns of projects that the relaxation leaves no fraction of."""
    model, column = chain.model, chain.solver.column_of
    undecided = {
        j
        for j, v in model.index.BUILD
        if abs(point[n := column(model.build[j, v])] - round(point[n])) > INTEGRALITY_TOLERANCE
    }
    columns = [column(model.build[j, v]) for j, v in model.index.BUILD if j not in undecided]
    return {n: float(round(point[n])) for n in columns}
