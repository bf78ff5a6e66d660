"""What scenarios share, decided in the programme of one of them, in which each other stands by
cuts: the L-shaped method (Van Slyke and Wets 1969), with a scenario in the master as in partial
Benders decomposition (Crainic, Hewitt, Maggioni and Rei 2021).

A trial of what is shared is put to every scenario, one after the other. Each says what it comes to
there, and what it never falls below elsewhere, or that it has no plan there, and where else it has
none. So a trial that stands in all is a plan for all, and no programme of all is ever made. A cut
is worked out from duals, whatever HiGHS says of these, so that what the master comes to is proven.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo

from opt.model.risk import SharedDecision, shared_decisions
from opt.record.passes import Outcome
from opt.solver.alone import Alone, Columns, Ended, World
from opt.solver.highs import Basis, Linear, SolverAnswer, Vector, is_proven
from opt.solver.venture import NoPlanError, Units
from opt.solver.weighted import SEARCH_NODES

# Trials of the relaxation, of one plan and of a leaner one, after which the best known is taken.
RELAXED_TRIALS = 40
HELD_TRIALS = 25
LEAN_TRIALS = 8
# Of the gap that is asked, the part that may stay open between the master and a trial.
CLOSE = 0.2
# A weight of a cut that is nothing, where its column has a bound to say what that comes to.
SLIGHT = 1e-9
# The row that keeps what is counted while less is spent.
RISK = "risk"


@dataclass(frozen=True, slots=True)
class Trial:
    """What is shared, in the order of its decisions, what that comes to in expectation, inf where a
    scenario has no plan there, how each scenario ended, and the point of the master, in which each
    other scenario stands for what it comes to."""

    shared: Vector
    value: float
    ended: tuple[Ended, ...]
    point: Vector


@dataclass(frozen=True, slots=True)
class _Cut:
    """A row of the master: of which scenario, and its weights by what that shares."""

    scenario: int
    weights: Vector


class Recourse:
    """The scenarios of a doubt and the master of what they share. Values are expected ones, in the
    unit of what is counted; `gap` is the relative one that is asked, and `ended` says whether to
    make no other trial."""

    def __init__(
        self, world: World, alone: Sequence[Alone], gap: float, ended: Callable[[], bool]
    ) -> None:
        self.world, self.alone, self.gap, self.ended = world, alone, gap, ended
        self.chances = [future.probability for future in world.doubt.futures]
        self.decisions, self.places = _share_out(world, alone)
        self._open_master()
        self.cuts: dict[str, _Cut] = {}
        self.basis: Basis | None = None
        self.duals: Mapping[str, tuple[float, float]] = {}
        self.last: Vector | None = None
        for n, own in enumerate(alone):
            self._learn(n, own.unbound())

    def _open_master(self) -> None:
        """The first scenario, with a column of what each other comes to, and of what others share
        among themselves."""
        model, first = self.world.model(0), self.alone[0]
        others = range(1, len(self.alone))
        elsewhere = [k for k, one in enumerate(self.decisions) if one.futures[0] != 0]
        model.recourse = pyo.Var(others, domain=pyo.NonNegativeReals)
        model.elsewhere = pyo.Var(elsewhere, domain=pyo.NonNegativeReals)
        self.master = self.world.solver(model)
        column = self.master.column_of
        variables = [
            model.elsewhere[k] if one.futures[0] else getattr(model, one.name)[one.key]
            for k, one in enumerate(self.decisions)
        ]
        self.at: Columns = np.array([column(own) for own in variables], dtype=np.int32)
        self.built = {key: column(model.build[key]) for key in model.index.BUILD}
        self.recourse = {n: column(model.recourse[n]) for n in others}
        self.width = len(self.master.columns)
        self.master.forget_model()
        # The columns of the first scenario come first, in the same order.
        for n in range(len(first.counted.weights)):
            low, high = first.solver.bounds_of(n)
            if low == high:
                self.master.restrict_column(n, low)
        weights = self._widened(first.counted.weights) * self.chances[0]
        for n, at in self.recourse.items():
            weights[at] = self.chances[n]
        self.counted = Linear(weights, first.counted.constant * self.chances[0])
        self.spending = Linear(self._widened(first.spending.weights), first.spending.constant)

    def _widened(self, weights: Vector) -> Vector:
        return np.concatenate([weights, np.zeros(self.width - len(weights))])

    @property
    def running(self) -> bool:
        """Whether a solve that was given up on is still going on."""
        return self.master.running or any(own.solver.running for own in self.alone)

    @property
    def _is_over(self) -> bool:
        return self.running or self.world.control.stopped or self.ended()

    # ---- Trials -------------------------------------------------------------------------------

    def relax(self, proven: Callable[[float], None]) -> None:
        """Trials of the relaxation, each of whose masters proves a bound, told to `proven`, until
        the two meet. Raises NoPlanError where there is no plan for all."""
        for _ in range(RELAXED_TRIALS):
            found = self.master.relaxation(self.counted, self.basis)
            if found.outcome is Outcome.INFEASIBLE:
                raise NoPlanError
            if found.point is None:
                return
            self.basis, self.duals = self.master.basis(), self.master.kept_duals()
            proven(found.bound)
            if self._is_over or self._is_met(self.tried(found.point, whole=False), found):
                return

    def held(self, units: Units, most: float) -> Trial | None:
        """The best trial found that commits so many units; None where none stands in all scenarios,
        or none comes to less than `most`."""
        if units.keys() - self.built.keys():
            return None
        fixed = {at: float(units.get(key, 0)) for key, at in self.built.items()}
        best: Trial | None = None
        for _ in range(HELD_TRIALS):
            if self._is_over:
                break
            found = self._decided(fixed)
            if found.point is None or found.bound >= most:
                break
            trial = self.tried(found.point, whole=True)
            if trial.value < most:
                best, most = trial, trial.value
            if self._is_met(trial, found):
                break
        return best

    def _decided(self, fixed: Mapping[int, float]) -> SolverAnswer:
        """The master with some columns fixed."""
        self.master.fix(fixed)
        found = self.master.minimise(self.counted, CLOSE * self.gap)
        if not self.master.running:
            self.master.free(fixed)
        return found

    def searched(
        self, agreed: Units, start: Trial | None, nodes: int
    ) -> tuple[Units | None, float]:
        """What the master commits where some commitments are agreed on, None where no plan of it is
        found, and what it proves: of every plan, where nothing is. `start` is a trial that agrees.
        """
        fixed = {self.built[key]: float(units) for key, units in agreed.items()}
        self.master.fix(fixed)
        point = None if start is None else start.point
        found = self.master.search(self.counted, self.gap, point, nodes)
        if not self.master.running:
            self.master.free(fixed)
        return None if found.point is None else self.units_at(found.point), found.bound

    def units_at(self, point: Vector) -> Units:
        """The commitments at a point of the master."""
        units = {key: round(float(point[at])) for key, at in self.built.items()}
        return {key: own for key, own in units.items() if own}

    def leaner(self, most: float, gap: float) -> Trial | None:
        """A trial found that comes to no more than so much, for which the first scenario spends
        little; None where none is found."""
        self.master.keep_below(self.counted, most, RISK)
        try:
            for _ in range(LEAN_TRIALS):
                if self.running or self.world.control.stopped:
                    return None
                found = self.master.search(self.spending, gap, None, SEARCH_NODES)
                if found.point is None or self.running:
                    return None
                trial = self.tried(found.point, whole=True)
                if trial.value <= most:
                    return trial
            return None
        finally:
            if not self.running:
                self.master.let_go(RISK)

    def _is_met(self, trial: Trial, found: SolverAnswer) -> bool:
        """Whether the master and its trial have met, or it tries the same again."""
        again = self.last is not None and np.array_equal(self.last, trial.shared)
        self.last = trial.shared
        stands = math.isfinite(trial.value)
        return again or (stands and is_proven(trial.value, found.bound, CLOSE * self.gap))

    def tried(self, point: Vector, *, whole: bool) -> Trial:
        """What is shared at a point of the master, put to every scenario."""
        shared = point[self.at]
        low, high = np.array([self.master.bounds_of(int(n)) for n in self.at]).reshape(-1, 2).T
        shared = np.clip(shared, low, high)
        if whole:
            integers = np.isin(self.at, self.master.integers)
            shared[integers] = np.round(shared[integers])
        ended = []
        for n, own in enumerate(self.alone):
            ended.append(own.at(shared[self.places[n]], whole=whole))
            self._learn(n, ended[-1])
            if self.running:
                break
        value, known = math.inf, point.copy()
        if len(ended) == len(self.alone):
            value = math.fsum(p * own.value for p, own in zip(self.chances, ended, strict=True))
            for n, at in self.recourse.items():
                known[at] = max(known[at], ended[n].value)
        return Trial(shared, value, tuple(ended), known)

    # ---- Cuts ---------------------------------------------------------------------------------

    def _learn(self, n: int, ended: Ended) -> None:
        """Let the master know what a scenario proves."""
        if ended.cut is not None and n > 0:
            self._add(n, ended.cut, self.recourse[n])
        elif ended.cut_off is not None:
            self._add(n, ended.cut_off, None)

    def _add(self, n: int, cut: Linear, counted: int | None) -> None:
        """The row weights x shared + constant <= what the scenario comes to, or 0."""
        columns, constant = self.at[self.places[n]], cut.constant
        weights = cut.weights.copy()
        for k in np.flatnonzero((weights != 0.0) & (np.abs(weights) < SLIGHT)):
            most = self.master.bounds_of(int(columns[k]))[1]
            if math.isfinite(most):
                constant += min(0.0, weights[k] * most)
                weights[k] = 0.0
        row = np.zeros(self.width)
        row[columns] = weights
        if counted is not None:
            row[counted] = -1.0
        name = f"cut {len(self.cuts)}"
        self.cuts[name] = _Cut(n, weights)
        self.master.keep_below(Linear(row, constant), 0.0, name)

    def weights(self) -> list[Vector]:
        """What the last relaxation pays in each scenario for a unit of what it shares, by the order
        of that, as a weight on the scenario by its probability: at these the scenarios, each with
        its own decisions, prove no less than the relaxation does."""
        found = [np.zeros(len(own)) for own in self.places]
        for name, (_, dual) in self.duals.items():
            cut = self.cuts[name]
            found[cut.scenario] += dual * cut.weights / self.chances[cut.scenario]
        return found

    def shared_by_all(self) -> list[int]:
        """The numbers of the decisions that every scenario shares."""
        return [k for k, one in enumerate(self.decisions) if len(one.futures) == len(self.alone)]


def _share_out(world: World, alone: Sequence[Alone]) -> tuple[list[SharedDecision], list[Columns]]:
    """What is shared, where every scenario that shares it has it; and by scenario the numbers of
    the decisions that it shares, in the order of its shared columns. What one of them has not is
    nothing in the others, for good."""
    decisions: list[SharedDecision] = []
    columns: list[list[int]] = [[] for _ in alone]
    numbers: list[list[int]] = [[] for _ in alone]
    for one in shared_decisions(world.doubt, [own.offered for own in alone]):
        found = {n: alone[n].offered[one.name].get(one.key) for n in one.futures}
        for n, at in found.items():
            if at is None:
                continue
            if one.everywhere:
                columns[n].append(at)
                numbers[n].append(len(decisions))
            else:
                alone[n].solver.restrict_column(at, 0.0)
        if one.everywhere:
            decisions.append(one)
    for own, shared in zip(alone, columns, strict=True):
        own.share(np.array(shared, dtype=np.int32))
    return decisions, [np.array(own, dtype=np.int32) for own in numbers]
