"""One plan for many scenarios: the extensive form, from the plans that are known to its gap.

A plan held in every scenario gives a value, the relaxation of the whole a bound. Between them it is
searched: where there are many whole numbers first among the projects and years that the relaxation
leaves undecided, then as a whole. Of plans that are as good the one of least expected spending that
is found is taken, so that nothing is built for nothing. Where that is asked it is searched scenario
by scenario instead (opt.solver.decomposed).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

from opt.model.risk import Doubt, RiskModel
from opt.record.passes import Outcome
from opt.solver.control import Control
from opt.solver.decomposed import Decomposed
from opt.solver.extract import Reader
from opt.solver.highs import HighsModel, SolverAnswer, is_proven
from opt.solver.progress import Listener
from opt.solver.stage import (
    SLACKS,
    SolveOptions,
    Stage,
    knowing,
    prepare,
    reporting,
)
from opt.solver.venture import (
    LEANER,
    NOTHING_KNOWN,
    Plan,
    Ventured,
    counted_origins,
    part_of,
    plan_at,
    share_of,
    units_of,
)
from opt.solver.weighted import SEARCH_NODES, WORTHWHILE, decided

# Years left open on either side of those that the relaxation uses, tried in this order.
WINDOWS = (0, 1)


def least_risk(
    doubt: Doubt,
    options: SolveOptions,
    control: Control,
    listener: Listener,
    *,
    starts: Iterable[Plan] = (),
    title: str = "",
    decompose: bool = False,
) -> Ventured:
    """The plan of least risk to the gap of `options`, from the best of some plans in which one
    keeps every rule of every future. `control` has been started. With `decompose` it is searched
    for future by future, which needs the extra of that name.

    Raises SolverError where the solver fails.
    """
    listener.begin(title or f"{doubt.measure} of {len(doubt.futures)} scenarios")
    search: _Search | Decomposed
    if decompose:
        search = Decomposed(doubt, options, control)
    else:
        search = _Search(RiskModel(doubt, counted_origins(doubt)), options, control)
    step = title or str(doubt.measure)
    with reporting(
        control,
        lambda p: listener.progress(
            step, step, p.seconds, p.best * search.per_unit, p.bound * search.per_unit
        ),
    ):
        return search.run(starts)


class _Search:
    """One doubt inside the solver: the best answer so far, `best`, and what is proven, `bound`, in
    model units."""

    def __init__(self, model: RiskModel, options: SolveOptions, control: Control) -> None:
        self.model, self.control, self.gap = model, control, options.gap
        self.cost_gap = options.cost_gap
        self.solver = HighsModel(model, control)
        self.stages = [Stage(world, self.solver, control, SolveOptions()) for world in model.worlds]
        for stage in self.stages:
            prepare(stage)
        self._leave_out_unpayable()
        self.measured = model.risk()
        self.best, self.bound = NOTHING_KNOWN, -math.inf

    @property
    def per_unit(self) -> float:
        """What a model unit of the measure comes to, a share."""
        return self.measured.per_unit

    def _leave_out_unpayable(self) -> None:
        """A shared commitment that cannot be paid in one future is made in none that shares it."""
        worlds, first_like = self.model.worlds, self.model.doubt.committed_like
        for j, v in sorted({key for world in worlds for key in world.unpayable}):
            lost = {first_like(n, v) for n, own in enumerate(worlds) if (j, v) in own.unpayable}
            for n, world in enumerate(worlds):
                if first_like(n, v) in lost:
                    self.solver.restrict(world.build[j, v], 0.0)

    def run(self, starts: Iterable[Plan]) -> Ventured:
        """The search from some plans to the gap, or to the end of the time."""
        if self.per_unit == 0.0:
            self.gap = 1.0  # nothing is counted: any plan will do
        for plan in starts:
            self._take(self._held(plan))
        relaxed = self.solver.relaxation(self.measured.expression)
        if relaxed.outcome is Outcome.INFEASIBLE:
            return Ventured(Outcome.INFEASIBLE, math.inf, -math.inf, None)
        self._prove(relaxed.bound)
        if self._close(relaxed) is Outcome.INFEASIBLE:
            return Ventured(Outcome.INFEASIBLE, math.inf, -math.inf, None)
        return self._told()

    def _close(self, relaxed: SolverAnswer) -> Outcome | None:
        """Bring value and bound together; infeasible where no plan keeps every rule."""
        with knowing(self.control, lambda: (self.best.value, self.bound)):
            self._narrow(relaxed)
        if self._is_done():
            return None
        found = self.solver.minimise(self.measured.expression, self.gap, self.best.point)
        if found.outcome is not Outcome.INFEASIBLE:
            self._prove(found.bound)
            self._take(found)
        return found.outcome

    def _is_done(self) -> bool:
        proven = is_proven(self.best.value, self.bound, self.gap)
        known = self.best.point is not None and proven
        return known or self.control.stopped or self.solver.running

    def _prove(self, bound: float) -> None:
        self.bound = max(self.bound, bound)

    def _take(self, found: SolverAnswer) -> None:
        """Keep an answer that is better than the best, its whole numbers made exact."""
        if found.point is None or self.solver.running or found.value >= self.best.value:
            return
        self.solver.fix_integers(found.point)
        exact = self.solver.minimise(self.measured.expression, obey=False)
        self.solver.free_integers()
        if exact.point is not None and exact.value < self.best.value:
            self.best = exact

    def _held(self, plan: Plan) -> SolverAnswer:
        """The best answer with the commitments of a plan in every future; no point where they break
        a rule of one."""
        if self.control.stopped or self.solver.running:
            return NOTHING_KNOWN
        units = units_of(plan)
        fixed = {
            self.solver.column_of(world.build[key]): float(units.get(key, 0))
            for world in self.model.worlds
            for key in world.index.BUILD
        }
        if units.keys() - set(self.model.worlds[0].index.BUILD):
            return NOTHING_KNOWN
        self.solver.fix(fixed)
        found = self.solver.minimise(self.measured.expression, self.gap)
        if not self.solver.running:
            self.solver.free(fixed)
        return found

    def _narrow(self, relaxed: SolverAnswer) -> None:
        """Search among what the relaxation leaves undecided, where a search of all takes long."""
        if relaxed.point is None or len(self.solver.integers) < WORTHWHILE:
            return
        for window in WINDOWS:
            if self._is_done():
                return
            fixed: dict[int, float] = {}
            for stage in self.stages:
                fixed |= decided(stage, [relaxed.point], window)
            self.solver.fix(fixed)
            found = self.solver.search(self.measured.expression, self.gap, None, SEARCH_NODES)
            if not self.solver.running:
                self.solver.free(fixed)
            self._take(found)

    def _told(self) -> Ventured:
        if self.best.point is None:
            return Ventured(Outcome.LIMIT, math.inf, self._share(self.bound), None)
        outcome = (
            Outcome.OPTIMAL
            if is_proven(self.best.value, self.bound, self.gap)
            else Outcome.FEASIBLE
        )
        value, bound = self.best.value, min(self.bound, self.best.value)
        if not self.solver.running:
            self._lean()
        assert self.best.point is not None
        plans = tuple(
            plan_at(self.model.doubt, n, Reader(self.solver, world, self.best.point))
            for n, world in enumerate(self.model.worlds)
        )
        return Ventured(outcome, self._share(value), self._share(bound), plans)

    def _share(self, value: float) -> float:
        return share_of(value, self.per_unit)

    def _lean(self) -> None:
        """A plan as good that costs less, where one is found soon."""
        for slack in SLACKS:
            most = self.best.value + slack / (self.per_unit or 1.0)
            self.solver.keep_below(self.measured.expression, most, "risk")
            found = self._leaner()
            self.solver.release_rows()
            if found is not None:
                self.best = dataclasses.replace(self.best, point=found.point)
                return
            if self.control.stopped or self.solver.running:
                return

    def _leaner(self) -> SolverAnswer | None:
        """The least expected spending found while the risk is kept, exact; None where the row
        that keeps it leaves none."""
        spending, before = self.model.spending(), self.control.deadline
        if isinstance(spending, int | float):
            return self.best
        # The clock of the whole is not to be spent on it.
        self.control.deadline = min(before, part_of(self.control, LEANER))
        try:
            found = self.solver.search(spending, self.cost_gap, self.best.point, SEARCH_NODES)
        finally:
            self.control.deadline = before
        if self.solver.running:
            return None
        for point in (found.point, self.best.point):
            if point is None:
                continue
            self.solver.fix_integers(point)
            exact = self.solver.minimise(spending, obey=False)
            self.solver.free_integers()
            if exact.point is not None:
                return exact
        return None
