"""A good start for the cost pass, found on the clear chain.

With dependence kept, what serves allies clear is all but settled, and so the cost of the clear
chain orders plans nearly as the whole cost does, at half the columns. Its relaxation leaves few
projects undecided: the others are fixed as it has them, and these few are searched. The result is
only a start; value and bound of the cost pass come from the whole network.
"""

from __future__ import annotations

from opt.model.objectives import measure
from opt.solver.highs import INTEGRALITY_TOLERANCE, Vector
from opt.solver.stage import Plan, Stage

SEARCH_GAP = 1e-2


def cheaper_plan(chain: Stage, plan: Plan) -> Plan:
    """A plan of lower clear-chain cost that keeps the earlier passes, or `plan` itself."""
    measured = measure(chain.model, "cost")
    known = chain.complete(measured, plan)
    relaxed = chain.solver.relaxation(measured.expression)
    if known.point is None or relaxed.point is None:
        return plan
    fixed = _decided(chain, relaxed.point)
    chain.solver.fix(fixed)
    found = chain.solver.minimise(measured.expression, SEARCH_GAP)
    chain.solver.free(fixed)
    if found.point is None or found.value >= known.value:
        return plan
    return chain.plan_of(found.point)


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
