"""One plan for many scenarios: the extensive form, from the plans that are known to its gap.

A plan held in every scenario gives a value, the relaxation of the whole a bound. Between them it is
searched: where there are many whole numbers first among the projects and years that the relaxation
leaves undecided, then as a whole; or, where that is asked, scenario by scenario. Of plans that are
as good the one of least expected spending that is found is taken, so that nothing is built for
nothing.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opt.fixed import FixedCommitment
from opt.model.outlays import OUTLAYS
from opt.model.risk import STOCK, Doubt, RiskModel, SharedKey
from opt.record.flows import CLEAR, EXPOSED
from opt.record.money import Payment
from opt.record.passes import Outcome
from opt.record.projects import Commitment, as_given
from opt.solver.control import Control
from opt.solver.extract import Reader
from opt.solver.held import stock_unit
from opt.solver.highs import HighsModel, SolverAnswer, Vector, is_proven
from opt.solver.progress import Listener
from opt.solver.stage import (
    SLACKS,
    SolveOptions,
    Stage,
    deciding_origins,
    knowing,
    prepare,
    reporting,
)
from opt.solver.weighted import SEARCH_NODES, WORTHWHILE, decided

if TYPE_CHECKING:
    from opt.solver.hedging import Part, Round

# Years left open on either side of those that the relaxation uses, tried in this order.
WINDOWS = (0, 1)
# Of the time that is left, the part in which a plan as good is looked for that costs less.
LEANER = 0.2

# Plans that are held before the first round of a decomposition.
STARTS = 4
# Plans of scenarios that are held in all after a round.
PLANS_A_ROUND = 3

NOTHING_KNOWN = SolverAnswer(Outcome.LIMIT, None, math.inf, -math.inf, 0.0)
Plan = Sequence[FixedCommitment]
# Units by project and year, and what they are in order.
Units = dict[tuple[str, int], int]
Commitments = tuple[tuple[tuple[str, int], int], ...]


@dataclass(frozen=True, slots=True)
class FuturePlan:
    """What the plan is in one future: what it commits, who pays for what, what it buys for stock,
    by stockpile, origin class and year, and what stock does before the futures differ, by `buy` or
    `release` and the same; by `pay_stock`, programme, stockpile and year who pays for it. Workbook
    units, USD million."""

    commitments: tuple[Commitment, ...]
    payments: tuple[Payment, ...]
    bought: Mapping[tuple[str, str, int], float]
    moved: Mapping[tuple[str, str, str, int], float]

    @property
    def given(self) -> tuple[FixedCommitment, ...]:
        """Its commitments as a plan that may be given."""
        return as_given(self.commitments)


@dataclass(frozen=True, slots=True)
class Ventured:
    """The plan of a doubt, by future in their order; None where none is known. `value` is what its
    measure comes to in the programme and `bound` what no plan can beat: shares."""

    outcome: Outcome
    value: float
    bound: float
    plans: tuple[FuturePlan, ...] | None


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
    for future by future (opt.solver.hedging), which needs the extra of that name.

    Raises SolverError where the solver fails.
    """
    listener.begin(title or f"{doubt.measure} of {len(doubt.futures)} scenarios")
    kind = _Decomposed if decompose else _Search
    search = kind(RiskModel(doubt, _origins(doubt)), options, control)
    unit = search.measured.per_unit
    step = title or str(doubt.measure)
    with reporting(
        control,
        lambda p: listener.progress(step, step, p.seconds, p.best * unit, p.bound * unit),
    ):
        return search.run(starts)


def _origins(doubt: Doubt) -> tuple[str, ...]:
    """The classes that decide what is counted in every future."""
    both = doubt.of == "shortfall" or any(
        EXPOSED in deciding_origins(future.instance) for future in doubt.futures
    )
    return (CLEAR, EXPOSED) if both else (CLEAR,)


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
        if self.measured.per_unit == 0.0:
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
        units: dict[tuple[str, int], int] = {}
        for made in plan:
            key = made.project, made.year
            units[key] = units.get(key, 0) + made.units
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
        plans = tuple(self._plan_of(n) for n in range(len(self.model.worlds)))
        return Ventured(outcome, self._share(value), self._share(bound), plans)

    def _share(self, value: float) -> float:
        if self.measured.per_unit == 0.0:
            return 0.0
        return max(0.0, value * self.measured.per_unit) if math.isfinite(value) else value

    def _lean(self) -> None:
        """A plan as good that costs less, where one is found soon."""
        for slack in SLACKS:
            most = self.best.value + slack / (self.measured.per_unit or 1.0)
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
        self.control.deadline = min(before, _part_of(self.control, LEANER))
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

    def _plan_of(self, n: int) -> FuturePlan:
        assert self.best.point is not None
        world = self.model.worlds[n]
        reader = Reader(self.solver, world, self.best.point)
        payments = [*reader.capital_payments(), *_others_paid(reader)]
        bought = {(s.stockpile, s.origin, s.year): s.bought for s in reader.stocks() if s.bought}
        ordered = tuple(sorted(payments, key=lambda payment: payment.place))
        shared = {year for year in world.data.years if self.model.doubt.is_shared(n, year)}
        moved = {
            (name, *key): values.get(key, 0.0) * stock_unit(world, name, key)
            for name in STOCK
            for values in [reader.values(name)]
            for key in getattr(world, name)
            if key[-1] in shared
        }
        return FuturePlan(reader.commitments(), ordered, bought, moved)


class _Decomposed(_Search):
    """The same future by future: bounds by weights on what all futures share, plans from what the
    futures would each commit at these weights, held in all of them."""

    def run(self, starts: Iterable[Plan]) -> Ventured:
        """The same from a few of the plans: each takes a programme of the whole."""
        return super().run(itertools.islice(starts, STARTS))

    def _close(self, relaxed: SolverAnswer) -> Outcome | None:
        from opt.solver.hedging import NoPlanError, hedge  # noqa: PLC0415  an extra of its own

        if self._is_done() or relaxed.point is None or self.measured.per_unit == 0.0:
            return None
        self.tried: set[Commitments] = set()
        best, proven = self._in_outcomes(self.best.value), self._in_outcomes(self.bound)
        try:
            with knowing(self.control, lambda: (self.best.value, self.bound)):
                hedge(self._parts(), self.gap, best, proven, self._heard)
        except NoPlanError:
            return Outcome.INFEASIBLE
        return None

    # ---- The futures one by one ---------------------------------------------------------------

    def _parts(self) -> list[Part]:
        from opt.solver.hedging import Part  # noqa: PLC0415  an extra of its own

        keys = self.model.shared_by_all()
        weights = self._weights(keys)
        return [
            Part(
                self._alone(n),
                self.model.outcomes[n],
                future.probability,
                [getattr(self.model.worlds[n], name)[key] for name, key in keys],
                [own[n] for own in weights],
            )
            for n, future in enumerate(self.model.doubt.futures)
        ]

    def _alone(self, n: int) -> HighsModel:
        """The model of one future inside a solver of its own, bound as it is in the whole."""
        world, whole = self.model.worlds[n], self.solver
        solver = HighsModel(world, self.control)
        prepare(Stage(world, solver, self.control, SolveOptions()))
        for key in world.index.BUILD:
            low, high = whole.bounds_of(whole.column_of(world.build[key]))
            if low == high:
                solver.restrict(world.build[key], low)
        return solver

    def _weights(self, keys: Sequence[SharedKey]) -> list[list[float]]:
        """By shared variable and future, in units of an outcome: what the relaxation of the whole
        pays for a unit that differs, as a weight on the future by its probability."""
        duals, chances = self.solver.row_duals(), self._chances
        rows: dict[SharedKey, dict[int, float]] = {}
        for family in (
            self.model.share_commitments,
            self.model.share_payments,
            self.model.share_stock,
        ):
            for (name, n, *key), row in family.items():
                rows.setdefault((name, tuple(key)), {})[n] = duals.get(id(row), 0.0)
        found = []
        for key in keys:
            moved = [-rows.get(key, {}).get(n, 0.0) for n in range(len(chances))]
            moved[0] = -math.fsum(moved[1:])
            found.append([max(chances) * x / p for x, p in zip(moved, chances, strict=True)])
        return found

    @property
    def _chances(self) -> list[float]:
        return [future.probability for future in self.model.doubt.futures]

    def _in_outcomes(self, value: float) -> float:
        """A value of the measure in the unit of outcomes."""
        return value * max(self._chances)

    # ---- What they find -----------------------------------------------------------------------

    def _heard(self, own: Round) -> tuple[float, bool]:
        self._prove(own.bound / max(self._chances))
        found = [self._committed(n, point, own) for n, point in enumerate(own.points)]
        self._try_plans(found)
        return self._in_outcomes(self.best.value), not self._is_done()

    def _committed(self, n: int, point: Vector, own: Round) -> Units:
        """Units by project and year at a point of one future."""
        world, solver = self.model.worlds[n], own.solvers[n]
        return {key: round(point[solver.column_of(world.build[key])]) for key in world.index.BUILD}

    def _try_plans(self, found: Sequence[Units]) -> None:
        """Hold what the futures commit on average, and what each does, those that are new; then
        search among what they do not agree on."""
        mean = {
            key: round(math.fsum(p * own[key] for p, own in zip(self._chances, found, strict=True)))
            for key in found[0]
        }
        tried = 0
        for plan in (mean, *found):
            made = tuple(sorted((key, units) for key, units in plan.items() if units))
            if made in self.tried or tried == PLANS_A_ROUND or self._is_done():
                continue
            self.tried.add(made)
            tried += 1
            self._take(self._held([FixedCommitment(j, v, n, None) for (j, v), n in made]))
        if tried and not self._is_done():
            self._agreed(found)

    def _agreed(self, found: Sequence[Units]) -> None:
        """Search with what all futures commit alike held."""
        same = {
            key: units for key, units in found[0].items() if all(o[key] == units for o in found)
        }
        fixed = {
            self.solver.column_of(world.build[key]): float(units)
            for world in self.model.worlds
            for key, units in same.items()
        }
        self.solver.fix(fixed)
        answer = self.solver.search(self.measured.expression, self.gap, None, SEARCH_NODES)
        if not self.solver.running:
            self.solver.free(fixed)
        self._take(answer)


def _others_paid(reader: Reader) -> Iterator[Payment]:
    for outlay in OUTLAYS:
        yield from reader.paid_for(outlay)


def _part_of(control: Control, part: float) -> float:
    """When a part of the time that is left is over, on the monotonic clock."""
    if math.isinf(control.deadline):
        return math.inf
    return control.deadline - (1.0 - part) * control.seconds_left
