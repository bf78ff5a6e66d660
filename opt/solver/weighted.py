"""A good plan found among the few projects and years that a relaxation leaves undecided.

With whole numbers allowed to be fractions, most projects are built wholly or not at all, each in
its year. Those are fixed as the relaxation has them, of the others only the years are left that it
uses, and what is left is searched. What is found is a plan and no proof: the bound of a pass is the
value of its own relaxation, of the whole model.

What is made small is the pass and the cost of the clear chain together, each weighed so that the
gap asked of one counts as much as the gap asked of the other. One search then serves both passes: a
plan of least dependence alone holds projects that help nothing, and looking for a cheaper one
afterwards, with dependence held as a row, is the harder search. With dependence kept, what serves
allies clear is all but settled, and so the cost of the clear chain orders plans nearly as the whole
cost does, at half the columns.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from opt.data.instance import Instance
from opt.model.objectives import Measure, capital_cost, measure
from opt.record.passes import Outcome
from opt.solver.highs import INTEGRALITY_TOLERANCE, SolverAnswer, Vector, is_proven
from opt.solver.progress import Listener
from opt.solver.stage import Plan, Relaxed, Stage, knowing, waiting

SEARCH_NODES = 500
# Below so many whole numbers a search is over before a relaxation and a second search pay off.
WORTHWHILE = 300
# Relative gap to which what is left undecided is searched for a plan to begin with. On the
# reference case and its variant vault_stock_only searches to nothing, and of the years beside those
# too, took longer and left the proof as long: 12 + 29 to 53 s of CPU for 37 + 31 to 45, and 3 + 17
# to 79 for 30 + 43 to 51. To 0.5% it took up to 5 s more than to 1%, and the search of the whole
# that followed no less.
BEGIN = 1e-2
# A plan as near to the relaxation as this is begun from as it is: what is found here lies 1 to 2%
# above it on those cases.
WELL_BEGUN = 1e-2
# Of what the asked gaps allow, the part within which the weighted search stops.
CLOSE = 0.5
# The smallest gap that counts where gaps are weighed against each other.
LEAST = 1e-3


def is_small(instance: Instance) -> bool:
    """Whether a case is solved sooner than what is done beside its search pays off."""
    return len(instance.projects) * len(instance.years) < WORTHWHILE


def relaxed_start(stage: Stage, name: str, known: SolverAnswer, *, weighted: bool) -> SolverAnswer:
    """The better of a known plan and, with `weighted`, one found among what a relaxation leaves
    undecided; with the value of the pass's own relaxation as its bound.

    It is optimal where the two are within the gap of the pass.
    """
    measured = measure(stage.model, name)
    gap = stage.options.gap_of(name, known.value * measured.per_unit)
    relaxed = _relaxed(stage, measured)
    if relaxed.point is None:
        return dataclasses.replace(known, outcome=Outcome.FEASIBLE, bound=-math.inf)
    best, seconds = known, known.seconds + relaxed.seconds
    with knowing(stage.control, lambda: (best.value, relaxed.bound)):
        if weighted and not is_proven(known.value, relaxed.bound, max(gap, WELL_BEGUN)):
            found = _weighed(stage, measured, relaxed.point)
            seconds += found.seconds
            if found.point is not None and found.value < best.value:
                best, stage.weighed = found, stage.plan_of(found.point)
    if stage.on_likely is not None:
        stage.on_likely(name, _likely(relaxed.bound, best.value, gap) * measured.per_unit)
    proven = is_proven(best.value, relaxed.bound, gap)
    outcome = Outcome.OPTIMAL if proven else Outcome.FEASIBLE
    return SolverAnswer(outcome, best.point, best.value, min(relaxed.bound, best.value), seconds)


def _likely(bound: float, value: float, gap: float) -> float:
    """Where the search of a pass is likely to end: halfway between the bound of its relaxation and
    the plan that it begins with, where that is a good one; half the gap above it at least."""
    least, most = 0.5 * gap * abs(bound), WELL_BEGUN * abs(bound)
    return bound + min(max(0.5 * (value - bound), least), most)


def _relaxed(stage: Stage, measured: Measure) -> SolverAnswer:
    """The relaxation of a pass; the first of a stage from what a case much like it left."""
    near, first = stage.options.near, not stage.kept
    same = first and near is not None and near.name == measured.name
    answer = stage.solver.relaxation(measured.expression, near.basis if near and same else None)
    if stage.solver.running:
        stage.reopen()
        return answer
    basis = stage.solver.basis() if first and answer.point is not None else None
    if basis is not None:
        stage.relaxed = Relaxed(measured.name, basis)
    return answer


def _weighed(stage: Stage, measured: Measure, relaxed: Vector) -> SolverAnswer:
    """A plan good in the pass and in the cost of the chain, completed for the pass."""
    weighed, allowed = _weighing(stage, measured, relaxed)
    both = stage.solver.relaxation(weighed)
    if both.point is None or stage.solver.running:
        return _reopened(stage, both)
    stage.with_cost = both.point
    found = _among(
        stage, weighed, decided(stage, [both.point], window=0), both.value + CLOSE * allowed
    )
    seconds = both.seconds + found.seconds
    if found.point is not None:
        found = stage.complete(measured, stage.plan_of(found.point))
        seconds += found.seconds
    return dataclasses.replace(found, seconds=seconds)


def _among(stage: Stage, weighed: Any, fixed: dict[int, float], target: float) -> SolverAnswer:
    """The search with some columns fixed, until it is at most a target."""
    stage.solver.fix(fixed)
    found = stage.solver.search(weighed, BEGIN, None, SEARCH_NODES, target)
    if stage.solver.running:
        return _reopened(stage, found)
    stage.solver.free(fixed)
    return found


def _reopened(stage: Stage, answer: SolverAnswer) -> SolverAnswer:
    if stage.solver.running:
        stage.reopen()
    return dataclasses.replace(answer, point=None)


def _weighing(stage: Stage, measured: Measure, point: Vector) -> tuple[Any, float]:
    """Cost of the chain + weight x the pass, and how much of it the gap of the pass allows.

    The weight makes the two gaps count the same at a point of the relaxation:
    weight = cost gap x cost / (gap x value), with gaps of at least a thousandth.
    """
    cost = measure(stage.model, "cost")
    value = stage.solver.value_of(measured.expression, point)
    spent = abs(stage.solver.value_of(cost.expression, point))
    gap = max(stage.options.gap_of(measured.name), LEAST)
    cost_gap = max(cost_gap_at(stage, point, spent), LEAST)
    weight = cost_gap * spent / (gap * value) if value > 0.0 and spent > 0.0 else 1.0
    return cost.expression + weight * measured.expression, gap * weight * max(value, 0.0)


def cost_gap_at(stage: Stage, point: Vector, spent: float) -> float:
    """The relative gap that is asked of the cost, at a point of the chain that costs `spent`.

    Where it is a share of what a plan adds to the cost of no new money it is that share of the
    capital spent, over what the chain costs: what the chain would cost without new money is not
    known, and capital is most of what a plan adds (24.8 of 27.8 USD billion on the reference case).
    """
    options = stage.options
    if options.cost_gap_added is None or options.no_new_money is None or spent <= 0.0:
        return options.gap_of("cost")
    capital = stage.solver.value_of(capital_cost(stage.model), point)
    return options.cost_gap_added * capital / spent if capital > 0.0 else options.cost_gap


def decided(stage: Stage, points: Sequence[Vector], window: int) -> dict[int, float]:
    """Columns of projects that all points build alike and in whole units, as they have them; and at
    nothing the years of the others that lie further than `window` from those that any uses."""
    fixed: dict[int, float] = {}
    for years in stage.build_columns().values():
        whole = {v: float(round(points[-1][n])) for v, n in years.items()}
        if all(
            abs(point[n] - whole[v]) <= INTEGRALITY_TOLERANCE
            for point in points
            for v, n in years.items()
        ):
            fixed |= {years[v]: units for v, units in whole.items()}
            continue
        used = [v for v, n in years.items() if max(p[n] for p in points) > INTEGRALITY_TOLERANCE]
        far = [v for v in years if all(abs(v - t) > window for t in used)]
        fixed |= dict.fromkeys((years[v] for v in far), 0.0)
    return fixed


def cheaper_plan(chain: Stage, plan: Plan, listener: Listener, step: str = "cost") -> Plan:
    """A plan of lower clear-chain cost that keeps the earlier passes, or `plan` itself.

    `step` is what the listener is told it belongs to. Values are not told: what the clear chain
    costs is no value of the cost pass. A plan of the weighted search is as cheap already.
    """
    if plan == chain.weighed:
        return plan
    with waiting(chain, listener, step):
        return _cheaper_plan(chain, plan)


def _cheaper_plan(chain: Stage, plan: Plan) -> Plan:
    """The cheapest plan found where a relaxation with the cost in view and the plan agree on the
    rest: that of the weighted search where there was one, else that of the cost.

    Which of the two it is made no difference on the reference case: 40.6 and 40.8 with two seeds
    for 40.9 and 40.9, in as long a search. The years beside those that they use are left too: the
    whole then costs USD 78.1 billion for 79.1, near enough to its bound to need no search of the
    network, of 52 s. What is left is itself a part: to search parts of that took 11 to 19 s of CPU
    with four seeds, without it 6 to 7, for plans as cheap.
    """
    measured = measure(chain.model, "cost")
    best = chain.complete_known(measured, plan)
    relaxed = chain.with_cost
    if relaxed is None:
        relaxed = chain.solver.relaxation(measured.expression).point
    if best.point is None or relaxed is None:
        return plan
    gap = cost_gap_at(chain, best.point, abs(best.value))
    fixed = decided(chain, [relaxed, best.point], window=1)
    chain.solver.fix(fixed)
    found = chain.solver.search(measured.expression, gap, best.point, SEARCH_NODES, parts=False)
    if chain.solver.running:
        chain.reopen()
        return plan
    chain.solver.free(fixed)
    if found.point is None or found.value >= best.value:
        return plan
    return chain.plan_of(found.point)
