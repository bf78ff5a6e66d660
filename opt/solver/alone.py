"""One scenario of many inside the solver, without its Pyomo model: what a model is built for once
takes a tenth of its memory, and is all that a search scenario by scenario needs.

What the scenarios share is addressed by columns. With that fixed at a trial the scenario answers
what it comes to, and by a cut what it never falls below elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opt.model.build import build_model
from opt.model.objectives import measure
from opt.model.risk import DECIDED, PAID, STOCK, Doubt, spending
from opt.model.rule import OptModel
from opt.model.scaling import Scale
from opt.record.passes import Outcome
from opt.solver.control import Control
from opt.solver.extract import Reader
from opt.solver.highs import (
    FEASIBILITY_TOLERANCE,
    HighsModel,
    Linear,
    LiveBasis,
    SolverAnswer,
    Vector,
)
from opt.solver.stage import FIXED_TOLERANCE, SolveOptions, Stage, prepare
from opt.solver.venture import FuturePlan, NoPlanError, plan_at

Columns = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class World:
    """How the models of all scenarios are built: their doubt, the origin classes that decide, one
    scale, and the limits of their solves."""

    doubt: Doubt
    origins: tuple[str, ...]
    scale: Scale
    control: Control

    def model(self, n: int) -> OptModel:
        """The model of one scenario."""
        instance = self.doubt.futures[n].instance
        return build_model(instance, self.origins, freight=False, scale=self.scale)

    def solver(self, model: OptModel) -> HighsModel:
        """A model inside a solver of its own, as a search of plans needs it."""
        solver = HighsModel(model, self.control)
        prepare(Stage(model, solver, self.control, SolveOptions()))
        return solver

    def plan(self, n: int, point: Vector) -> FuturePlan:
        """The plan of one scenario at a point, for which its model is built again."""
        model = self.model(n)
        return plan_at(self.doubt, n, Reader(self.solver(model), model, point))


@dataclass(frozen=True, slots=True)
class Ended:
    """What one scenario comes to with what is shared fixed, inf where it has no plan; its point;
    and what it proves of every other trial, by the order of its shared columns: that the value is
    at least so much (`cut`), or that a trial is none where this is above 0 (`cut_off`)."""

    value: float
    point: Vector | None
    cut: Linear | None
    cut_off: Linear | None


@dataclass(slots=True)
class Alone:
    """One scenario: its programme, what of it is counted, with what a unit of that comes to as a
    share, what it spends (money), the columns of what scenarios may share, by family and key, and
    the commitments that nobody can pay in it. `shared` are the columns that it does share."""

    solver: HighsModel
    counted: Linear
    per_unit: float
    spending: Linear
    offered: Mapping[str, Mapping[tuple[Any, ...], int]]
    unpayable: frozenset[tuple[str, int]]
    shared: Columns = field(default_factory=lambda: np.array([], dtype=np.int32))
    basis: LiveBasis | None = None

    @staticmethod
    def of(world: World, n: int) -> Alone:
        """A scenario by its number."""
        model = world.model(n)
        solver = world.solver(model)
        measured = measure(model, world.doubt.of)
        made = Alone(
            solver,
            Linear(*solver.vector(measured.expression)),
            measured.per_unit,
            Linear(*solver.vector(spending(model))),
            {name: _columns(solver, getattr(model, name)) for name in (*DECIDED, *PAID, *STOCK)},
            frozenset(model.unpayable),
        )
        solver.forget_model()
        return made

    def count_in(self, unit: float) -> None:
        """Count in another unit, that of all scenarios."""
        share = self.per_unit / unit if unit else 0.0
        self.counted = Linear(share * self.counted.weights, share * self.counted.constant)
        self.per_unit = unit

    def share(self, columns: Columns) -> None:
        """Share some columns, and no others from now on."""
        self.shared, self.offered = columns, {}

    def unbound(self) -> Ended:
        """Its own relaxation, nothing fixed: from where that ends trials begin. Raises NoPlanError
        where it has no plan at all."""
        found = self._relaxed()
        if found.outcome is Outcome.INFEASIBLE:
            raise NoPlanError
        ended = self._ended(found)
        self._let_go()
        return ended

    def at(self, trial: Vector, *, whole: bool) -> Ended:
        """With what it shares fixed at a trial; with `whole` the value is of a plan, where it has
        whole numbers of its own."""
        self._fix(trial)
        try:
            ended = self._ended(self._relaxed())
            if whole and ended.point is not None and not self._is_whole(ended.point):
                found = self.solver.minimise(self.counted)
                ended = Ended(found.value, found.point, ended.cut, None)
            return ended
        finally:
            self._let_go()

    def leanest(self, trial: Vector, most: float) -> Vector | None:
        """A point at a trial that spends least while what is counted stays at most so much."""
        self._fix(trial)
        self.solver.keep_below(self.counted, most, "risk")
        try:
            return self.solver.minimise(self.spending).point
        finally:
            self._let_go()

    def _fix(self, trial: Vector) -> None:
        self.solver.relax_tolerance(FIXED_TOLERANCE)
        self.solver.fix(dict(zip(self.shared.tolist(), trial.tolist(), strict=True)))

    def _let_go(self) -> None:
        """As it was, with no more memory than its programme takes."""
        if not self.solver.running:
            self.solver.free(self.shared.tolist())
            self.solver.release_rows()
            self.solver.tolerance = FEASIBILITY_TOLERANCE
            self.solver.shed()

    def _relaxed(self) -> SolverAnswer:
        found = self.solver.relaxation(self.counted, self.basis)
        if found.point is not None and not self.solver.running:
            self.basis = self.solver.live_basis()
        return found

    def _ended(self, found: SolverAnswer) -> Ended:
        if self.solver.running:
            return Ended(math.inf, None, None, None)
        if found.point is not None:
            cut = self.solver.cut(self.counted, self.shared)
            return Ended(found.value, found.point, cut, None)
        off = self.solver.cut_off(self.shared) if found.outcome is Outcome.INFEASIBLE else None
        return Ended(math.inf, None, None, off)

    def _is_whole(self, point: Vector) -> bool:
        own = point[self.solver.integers]
        return bool(np.all(np.abs(own - np.round(own)) <= FIXED_TOLERANCE))


def _columns(solver: HighsModel, variable: Any) -> dict[tuple[Any, ...], int]:
    return {key: solver.column_of(own) for key, own in variable.items()}
