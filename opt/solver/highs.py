"""The one adapter to HiGHS: a Pyomo model in, a closed set of outcomes and a point out.

The model is handed over once as a matrix (opt.solver.matrix). Objectives, rows that keep
an earlier pass, and bounds are then changed in place, so that passes and options never rebuild.
HiGHS runs in a thread of its own: the caller stays free to show progress and to answer Ctrl-C.

Nothing that HiGHS reports is believed: the value is worked out again at the point it returns, rows
and bounds are held against that point, the bound of a linear programme is worked out again from its
duals, and the outcome follows from these. Where they do not fit together the solve is repeated
without its start, and what then still does not is no proof.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from pyomo.repn import generate_standard_repn

from opt.errors import SolverError
from opt.record.passes import Outcome
from opt.solver import aside
from opt.solver.control import Control, Progress
from opt.solver.matrix import LinearRows, Row, rows_of
from opt.solver.sparse import csc_matrix, csr_matrix, vstack

Vector = NDArray[np.float64]

# Tighter than HiGHS's 1e-7, because the audit asks for 1e-6 relative on small flows too.
FEASIBILITY_TOLERANCE = 1e-9
# Tighter than HiGHS's 1e-7, because a cheap plant's unit cost may be no larger in model units.
OPTIMALITY_TOLERANCE = 1e-9
INTEGRALITY_TOLERANCE = 1e-6
# Where the optimum itself is asked for: with 1e-6 the bound stays that much below the value.
EXACT_INTEGRALITY = 1e-9
# The smallest that HiGHS allows: a support of a dollar a unit counts against an amount of billions.
SMALLEST_COEFFICIENT = 1e-12
POLL_SECONDS = 0.1
# What a value that is worked out again may differ by from the one reported, of itself.
AGREES = 1e-6
# What a row or bound may be missed by at a point, of its size: a search holds rows to 1e-6, and
# what it finds is completed by a linear programme.
HOLDS = 1e-5
# How far value and bound of a proof may lie apart beside the asked gap, of the value: the solver
# stops by its own sums, and a point is made exact after it stops.
ROUNDING = 1e-6
NOTHING = 1e-9
# A dual this small is the solver's noise.
LOOSE_DUAL = 1e-7
# What a ray, its largest entry 1, must prove above 0: a sum of rows that hold within the tolerance
# of feasibility comes to less.
RAY = 1e-6

_OUTCOMES = {
    highspy.HighsModelStatus.kOptimal: Outcome.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Outcome.INFEASIBLE,
    highspy.HighsModelStatus.kTimeLimit: Outcome.LIMIT,
    highspy.HighsModelStatus.kInterrupt: Outcome.LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Outcome.LIMIT,
    highspy.HighsModelStatus.kObjectiveTarget: Outcome.FEASIBLE,
}
# How a linear programme is solved: as HiGHS chooses; by interior points; by the primal simplex,
# from a basis at which another objective ended: it keeps that point, which the dual simplex leaves.
Method = Mapping[str, str | int]
USUAL: Method = {"solver": "choose", "simplex_strategy": 1}
INTERIOR: Method = {**USUAL, "solver": "ipm"}
PRIMAL: Method = {**USUAL, "simplex_strategy": 4}
# Searches of HiGHS's own of parts of a programme, on the way of one of the whole.
PARTS = (
    "mip_heuristic_run_rens",
    "mip_heuristic_run_rins",
    "mip_heuristic_run_root_reduced_cost",
)
# HiGHS came to no end by itself: it is asked again without presolve.
_UNSURE = frozenset({highspy.HighsModelStatus.kUnknown, highspy.HighsModelStatus.kSolveError})


@dataclass(frozen=True, slots=True)
class SolverAnswer:
    """What one solve came to: the outcome, the point where there is one, value and proven bound of
    the expression in model units. `bound` is -inf where nothing is proven."""

    outcome: Outcome
    point: Vector | None
    value: float
    bound: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a linear programme ended: the status of each column and row, as HiGHS numbers them."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LiveBasis:
    """The same as HiGHS itself holds it, with the numbers of its columns and rows: of this process
    alone, and taken and given back in no time."""

    held: highspy.HighsBasis
    columns: int
    rows: int


# A family of variables or rows and the place in it; a row that keeps a pass is a family by itself.
Place = tuple[str, object]


@dataclass(frozen=True, slots=True)
class PlacedBasis:
    """The same by what columns and rows stand for: a programme much like the one that ended there
    starts from what both have."""

    columns: Mapping[Place, int]
    rows: Mapping[Place, int]


AnyBasis = Basis | LiveBasis | PlacedBasis


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear expression by column number: weights x columns + constant."""

    weights: Vector
    constant: float


def dot(weights: Vector, point: Vector) -> float:
    """Their product, summed exactly: a sum of BLAS differs in its last digits with the number of
    its threads, and so with the machine."""
    return math.fsum(weights * point)


def _place(component: Any) -> Place:
    """What a variable or row stands for."""
    return component.parent_component().local_name, component.index()


def may_bound(value: float, bound: float) -> bool:
    """Whether a bound is not above a value that a plan reaches, but for rounding."""
    return bound <= value + ROUNDING * abs(value) + NOTHING


def is_proven(value: float, bound: float, gap: float) -> bool:
    """Whether a bound proves a value to a relative gap: value - bound <= gap x |value|, but for
    rounding. A bound above the value proves nothing."""
    near = value - bound <= (gap + ROUNDING) * abs(value) + NOTHING
    return near and may_bound(value, bound)


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds inside the solver at one moment, as it was handed over.

    `constraints` name the first rows of `matrix` (rows by columns), `kept` the others. Rows lie
    between `row_lower` and `row_upper`, columns between `lower` and `upper`.
    """

    constraints: tuple[ConstraintData, ...]
    kept: tuple[str, ...]
    matrix: csc_matrix
    row_lower: Vector
    row_upper: Vector
    lower: Vector
    upper: Vector


class HighsModel:
    """One model inside HiGHS. Columns are addressed by Pyomo variables: those in active rows, and
    of the rest those of the named families, or all."""

    def __init__(
        self,
        model: Any,
        control: Control,
        tolerance: float = FEASIBILITY_TOLERANCE,
        families: Iterable[str] | None = None,
    ) -> None:
        self.tolerance = tolerance
        self.control = control
        rows = rows_of(model)
        self.columns: list[VarData] = rows.columns
        self.column = {id(v): n for n, v in enumerate(self.columns)}
        self.model = model
        self._add_unused(model, families)
        self.integers = np.array(
            [n for n, v in enumerate(self.columns) if v.is_integer()], dtype=np.int32
        )
        self._lower = np.array([_bound(v.lb, -math.inf) for v in self.columns])
        self._upper = np.array([_bound(v.ub, math.inf) for v in self.columns])
        self._fixed = self._lower == self._upper
        self._low, self._high = self._lower.copy(), self._upper.copy()
        self.constraints = rows.constraints
        self._rows, self._talks = rows, True
        self.highs = self._load(rows)
        self._incumbent: Vector | None = None
        self._obey, self._relaxed = True, False
        self._began, self._best, self._bound = 0.0, math.inf, -math.inf
        self._kept_rows: list[KeptRow] = []
        self._failure: BaseException | None = None  # of the last run, and whether it was refused
        self._refused = False
        self.running = False  # True after the user gave up on a solve that is still going on

    def _add_unused(self, model: Any, families: Iterable[str] | None) -> None:
        """Variables in no constraint are columns too, so that every objective can name them."""
        if families is None:
            named = model.component_data_objects(pyo.Var)
        else:
            named = (v for name in families for v in getattr(model, name).values())
        for variable in named:
            if id(variable) not in self.column:
                self.column[id(variable)] = len(self.columns)
                self.columns.append(variable)

    def _load(self, rows: LinearRows) -> highspy.Highs:
        self.matrix = rows.matrix
        self.row_lower, self.row_upper = rows.lower.copy(), rows.upper.copy()
        self.matrix.resize(len(rows.lower), len(self._lower))
        matrix = self.matrix.tocsc()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self._lower), len(rows.lower)
        lp.col_cost_ = np.zeros(len(self._lower))
        lp.col_lower_, lp.col_upper_ = self._lower, self._upper
        lp.row_lower_, lp.row_upper_ = self.row_lower, self.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = matrix.data
        whole = np.zeros(len(self._lower), dtype=bool)
        whole[self.integers] = True
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if w else highspy.HighsVarType.kContinuous for w in whole
        ]
        highs = highspy.Highs()
        options: dict[str, Any] = {
            "output_flag": self._talks,
            "log_to_console": False,
            "timeless_log": True,
            "threads": self.control.threads,
            "random_seed": self.control.seed,
            "primal_feasibility_tolerance": self.tolerance,
            "dual_feasibility_tolerance": OPTIMALITY_TOLERANCE,
            "mip_abs_gap": 0.0,
            # Without restarts HiGHS has called plans optimal that were not (its issue 2320; of 1.15
            # case 9 of those that the second program solves).
            "mip_allow_restart": True,
            "small_matrix_value": SMALLEST_COEFFICIENT,
        }
        for name, value in options.items():
            _check(highs.setOptionValue(name, value), f"option {name}")
        _check(highs.passModel(lp), "passModel")
        return highs

    def forget_model(self) -> None:
        """Keep the programme alone, a tenth of the memory: from now on columns go by their numbers,
        objectives and rows that are added are Linear, and no log is kept."""
        self.model, self.columns, self.column, self.constraints = None, [], {}, ()
        self._rows = dataclasses.replace(self._rows, constraints=(), columns=[])
        self._talks = False
        _check(self.highs.setOptionValue("output_flag", False), "output_flag")

    def vector(self, expression: Any) -> tuple[Vector, float]:
        """Coefficients by column and the constant of a linear expression."""
        if isinstance(expression, Linear):
            return expression.weights, expression.constant
        cost = np.zeros(len(self.columns))
        if isinstance(expression, int | float):
            return cost, float(expression)
        repn = generate_standard_repn(expression, compute_values=True)
        if not repn.is_linear():
            raise SolverError("an objective is not linear")
        for coefficient, variable in zip(repn.linear_coefs, repn.linear_vars, strict=True):
            cost[self.column[id(variable)]] += coefficient
        return cost, float(repn.constant)

    def keep_below(self, expression: Any, most: float, name: str = "") -> None:
        """Add the row expression <= most, which keeps the pass of that name."""
        cost, constant = self.vector(expression)
        where = np.flatnonzero(cost).astype(np.int32)
        self._add_kept(where, cost[where], most - constant, name)

    def _add_kept(
        self, columns: NDArray[np.int32], weights: Vector, most: float, name: str
    ) -> None:
        status = self.highs.addRow(-math.inf, most, len(columns), columns, weights)
        _check(status, "addRow")
        number = self.highs.getNumRow() - 1
        self._kept_rows.append(KeptRow(number, columns, weights, most, name))

    def keep_within(self, name: str, most: float) -> None:
        """Move the right-hand side of the row that keeps a pass, model units."""
        (n,) = (n for n, row in enumerate(self._kept_rows) if row.name == name)
        row = self._kept_rows[n]
        _check(self.highs.changeRowBounds(row.number, -math.inf, most), "changeRowBounds")
        self._kept_rows[n] = dataclasses.replace(row, most=most)

    def reads(self, name: str, expression: Any) -> bool:
        """Whether the row of that name keeps an expression, constants apart."""
        cost, _ = self.vector(expression)
        where = np.flatnonzero(cost)
        return all(
            np.array_equal(row.columns, where) and np.array_equal(row.weights, cost[where])
            for row in self._kept_rows
            if row.name == name
        )

    def keeps(self, name: str, point: Vector) -> bool:
        """Whether a point keeps the row of that name, to the tolerance of feasibility."""
        rows = (row for row in self._kept_rows if row.name == name)
        return all(row.excess(point) <= self.tolerance for row in rows)

    def set_upper(self, variables: Iterable[VarData], upper: float | None) -> None:
        """Set upper bounds; None restores the model's own."""
        for variable in variables:
            n = self.column[id(variable)]
            high = self._upper[n] if upper is None else upper
            self._bind(n, self._lower[n], high)

    def knows(self, variable: VarData) -> bool:
        """Whether a variable is a column."""
        return id(variable) in self.column

    def column_of(self, variable: VarData) -> int:
        """The column number of a variable."""
        return self.column[id(variable)]

    def restrict(self, variable: VarData, value: float) -> None:
        """Fix a variable for good: freeing columns later leaves it where it is."""
        self.restrict_column(self.column[id(variable)], value)

    def restrict_column(self, n: int, value: float) -> None:
        """The same of a column by its number."""
        self._lower[n] = self._upper[n] = value
        self._bind(n, value, value)

    def _bind(self, n: int, low: float, high: float) -> None:
        """Set the bounds of a column, and whether it is fixed."""
        _check(self.highs.changeColBounds(n, low, high), "changeColBounds")
        self._low[n], self._high[n] = low, high
        self._fixed[n] = low == high

    def has_choice(self) -> bool:
        """Whether any whole number is left to decide."""
        return bool(np.any(self._lower[self.integers] != self._upper[self.integers]))

    def release_rows(self) -> None:
        """Let go of every row that keeps an earlier pass."""
        self._let_go(0)

    def _let_go(self, first: int) -> None:
        """Let go of the rows that keep a pass, but for so many of the first."""
        while len(self._kept_rows) > first:
            row = self._kept_rows.pop()
            _check(self.highs.changeRowBounds(row.number, -math.inf, math.inf), "changeRowBounds")

    def let_go(self, name: str) -> None:
        """Let go of the row that keeps the pass of that name."""
        for row in [own for own in self._kept_rows if own.name == name]:
            _check(self.highs.changeRowBounds(row.number, -math.inf, math.inf), "changeRowBounds")
            self._kept_rows.remove(row)

    def standing(self) -> Standing:
        """The rows and bounds that hold now. Coefficients are those that were handed over: HiGHS
        itself drops the smallest."""
        kept = self._kept_rows
        return Standing(
            constraints=self.constraints,
            kept=tuple(row.name or f"{n}" for n, row in enumerate(kept)),
            matrix=vstack([self.matrix, *(row.as_matrix(len(self.columns)) for row in kept)]),
            row_lower=np.concatenate([self.row_lower, np.full(len(kept), -math.inf)]),
            row_upper=np.concatenate([self.row_upper, [row.most for row in kept]]),
            lower=self._low.copy(),
            upper=self._high.copy(),
        )

    @property
    def kept_rows(self) -> tuple[KeptRow, ...]:
        """The rows that keep earlier passes and targets."""
        return tuple(self._kept_rows)

    def kept_duals(self) -> dict[str, tuple[float, float]]:
        """Right-hand side and dual, at most 0, of the rows that keep passes, where the last linear
        programme ended; by name."""
        duals = self.highs.getSolution().row_dual
        return {row.name: (row.most, min(0.0, duals[row.number])) for row in self._kept_rows}

    @contextmanager
    def at_optimum(self, point: Vector) -> Iterator[None]:
        """While it is open, only points of the value of the last linear programme count, of which
        `point` is one: columns with a reduced cost and rows with a dual stay where they are.

        By complementary slackness these are all such points, without a row of the objective, which
        is as long as the model. Columns are not to be bound anew meanwhile.
        """
        left = self.highs.getSolution()
        costs, duals = (np.array(values, dtype=float) for values in (left.col_dual, left.row_dual))
        priced = np.flatnonzero((np.abs(costs) > OPTIMALITY_TOLERANCE) & ~self._fixed)
        before = {int(n): self.bounds_at(int(n)) for n in priced}
        lower, upper = self.row_lower, self.row_upper
        kept = len(self._kept_rows)
        self.fix({n: float(point[n]) for n in before})
        self._tighten(duals)
        try:
            yield
        finally:
            self.bind(before)
            self._let_go(kept)
            self._bind_rows(lower, upper)

    def _tighten(self, duals: Vector) -> None:
        """Hold every row with a dual at the bound to which it points."""
        own = duals[: len(self.row_lower)]
        at = np.where(own > 0, self.row_lower, self.row_upper)
        tight = (np.abs(own) > OPTIMALITY_TOLERANCE) & np.isfinite(at)
        self._bind_rows(np.where(tight, at, self.row_lower), np.where(tight, at, self.row_upper))
        for row in self.kept_rows:
            if duals[row.number] < -OPTIMALITY_TOLERANCE:
                self._add_kept(row.columns, -row.weights, -row.most, row.name)

    def rewrite(self, rows: Mapping[int, Row]) -> None:
        """Let rows, by number, read otherwise until `read_as_built`.

        Raises KeyError where one has a column that it did not have.
        """
        weights = self.matrix.data.copy()
        for n, row in rows.items():
            _check(self.highs.changeRowBounds(n, row.lower, row.upper), "changeRowBounds")
            self.row_lower[n], self.row_upper[n] = row.lower, row.upper
            at = self._entries(n)
            for column, weight in row.weights.items():
                weights[at[column]] = weight
            for column in at.keys() - row.weights.keys():
                weights[at[column]] = 0.0
            for column in sorted(at):
                if weights[at[column]] != self.matrix.data[at[column]]:
                    status = self.highs.changeCoeff(n, column, weights[at[column]])
                    _check(status, "changeCoeff")
        shape = self.matrix.shape
        self.matrix = csr_matrix((weights, self.matrix.indices, self.matrix.indptr), shape=shape)

    def row_as_built(self, n: int) -> Row:
        """How a row reads in the model."""
        built = self._rows
        weights = {c: float(built.matrix.data[at]) for c, at in self._entries(n).items()}
        return Row(weights, float(built.lower[n]), float(built.upper[n]))

    def _entries(self, n: int) -> dict[int, int]:
        """Where the coefficients of a row stand, by column."""
        first, after = self.matrix.indptr[n : n + 2]
        return {int(self.matrix.indices[at]): int(at) for at in range(first, after)}

    def read_as_built(self) -> None:
        """Let every row read as in the model again."""
        if np.array_equal(self.matrix.data, self._rows.matrix.data):
            self._bind_rows(self._rows.lower.copy(), self._rows.upper.copy())
            return
        # A coefficient that was nothing for a while would stand elsewhere in its column, and sums
        # would differ in their last digits.
        self._hand_over_again()

    def _bind_rows(self, lower: Vector, upper: Vector) -> None:
        """Give the model's own rows these bounds."""
        for n in np.flatnonzero((self.row_lower != lower) | (self.row_upper != upper)):
            status = self.highs.changeRowBounds(int(n), lower[n], upper[n])
            _check(status, "changeRowBounds")
        self.row_lower, self.row_upper = lower, upper

    def shed(self) -> None:
        """Let go of all that HiGHS keeps beside the programme, several times as much as that once
        it has solved it: for many programmes of which one is solved at a time."""
        if not self.running:
            self._hand_over_again()

    def _hand_over_again(self) -> None:
        """The programme as it was built, with the rows that are kept and the bounds of now."""
        self.highs = self._load(self._rows)
        kept, self._kept_rows = self._kept_rows, []
        for row in kept:
            self._add_kept(row.columns, row.weights, row.most, row.name)
        self._bind_again()

    def _bind_again(self) -> None:
        """Hand over all bounds of columns as they are held now."""
        every = np.arange(len(self._low), dtype=np.int32)
        status = self.highs.changeColsBounds(len(every), every, self._low, self._high)
        _check(status, "changeColsBounds")

    def relax_tolerance(self, tolerance: float) -> None:
        """Accept a looser feasibility, for solves around values fixed at an earlier point."""
        self.tolerance = tolerance
        status = self.highs.setOptionValue("primal_feasibility_tolerance", tolerance)
        _check(status, "primal_feasibility_tolerance")

    def fix(self, values: Mapping[int, float]) -> None:
        """Fix columns, by number, at values."""
        for n, value in values.items():
            self._bind(n, value, value)

    def bind(self, bounds: Mapping[int, tuple[float, float]]) -> None:
        """Give columns, by number, other bounds until they are freed."""
        for n, (low, high) in bounds.items():
            self._bind(n, low, high)

    def bounds_of(self, n: int) -> tuple[float, float]:
        """The bounds that a column has when it is freed."""
        return float(self._lower[n]), float(self._upper[n])

    def bounds_at(self, n: int) -> tuple[float, float]:
        """The bounds that a column has now."""
        return float(self._low[n]), float(self._high[n])

    def free(self, columns: Iterable[int]) -> None:
        """Give columns, by number, their model's bounds again."""
        for n in columns:
            self._bind(n, self._lower[n], self._upper[n])

    def fix_integers(self, point: Vector) -> None:
        """Fix every whole-number column at the nearest whole number of a point."""
        self.fix({int(n): float(round(point[n])) for n in self.integers})

    def free_integers(self) -> None:
        """Undo fix_integers."""
        self.free(int(n) for n in self.integers)

    def minimise(
        self,
        expression: Any,
        gap: float = 0.0,
        start: Vector | None = None,
        obey: bool = True,
        basis: AnyBasis | None = None,
        *,
        doubt: bool = True,
    ) -> SolverAnswer:
        """Minimise an expression to a relative gap, from a start where one is given.

        Where every whole number is fixed it is one LP, which starts from a basis where one is
        given that fits: of the same columns and no more rows. With `obey` off it heeds neither
        deadline nor Ctrl-C: for the short LPs that complete a plan. With `doubt` off an answer
        without a point is not looked at again, and proves nothing.

        Raises SolverError for a status that the adapter does not know, and for every call that
        HiGHS refuses.
        """
        cost, constant = self.vector(expression)
        _check(self.highs.changeObjectiveOffset(constant), "changeObjectiveOffset")
        everything = np.arange(len(cost), dtype=np.int32)
        _check(self.highs.changeColsCost(len(cost), everything, cost), "changeColsCost")
        self._obey = obey
        answer, sound = self._attempt(cost, constant, gap, start, basis)
        if sound or self.running or (obey and self.control.stopped):
            return answer
        if answer.point is None and not doubt:
            return answer
        again, sound = self._again(cost, constant, gap, answer)
        best = min(answer, again, key=lambda a: a.value)
        bound = again.bound if sound else -math.inf
        outcome = Outcome.OPTIMAL if is_proven(best.value, bound, gap) else Outcome.FEASIBLE
        seconds = answer.seconds + again.seconds
        if best.point is None:
            return dataclasses.replace(again, seconds=seconds)
        return SolverAnswer(outcome, best.point, best.value, min(bound, best.value), seconds)

    def _attempt(
        self,
        cost: Vector,
        constant: float,
        gap: float,
        start: Vector | None,
        basis: AnyBasis | None = None,
    ) -> tuple[SolverAnswer, bool]:
        """One run of HiGHS, and whether what it reports fits together."""
        # A basis of another objective would keep HiGHS from presolving, which costs more.
        _check(self.highs.clearSolver(), "clearSolver")
        limit = self.control.seconds_left + self._clock() if self._obey else math.inf
        whole = INTEGRALITY_TOLERANCE if gap > 0 else EXACT_INTEGRALITY
        options: dict[str, Any] = {
            "time_limit": limit,
            "solve_relaxation": not self._is_mip(),
            "mip_rel_gap": gap,
            "mip_feasibility_tolerance": whole,
        }
        for name, value in options.items():
            _check(self.highs.setOptionValue(name, value), name)
        warm = basis is not None and self._fits(basis) and not self._is_mip()
        if basis is not None and warm:
            _check(self.highs.setBasis(self._widened(basis)), "setBasis")
        if start is not None and self._is_mip():
            solution = highspy.HighsSolution()
            solution.col_value = [float(x) for x in start]
            _check(self.highs.setSolution(solution), "setSolution")
        self._began, self._best, self._bound = time.monotonic(), math.inf, -math.inf
        self._incumbent = None
        self._run()
        if warm and self._refused and not self.running:
            # Seen of a basis whose rows had changed: from none it is solved.
            return self._attempt(cost, constant, gap, start)
        answer, sound = self._answer(cost, constant, gap, time.monotonic() - self._began)
        if answer.outcome is Outcome.INFEASIBLE:
            doubted = self._is_mip() and start is not None and self._holds(start)
            # From a basis there is no presolve, and so a ray at hand.
            sound = not doubted if self._is_mip() else warm and self._ray_proves()
        return answer, sound

    def _ray_proves(self) -> bool:
        """Whether the ray that HiGHS gives proves that no point keeps rows and bounds: with nothing
        to be made small, duals that prove a value above 0."""
        _, found, values = self.highs.getDualRay()
        if not found:
            return False
        ray = np.array(values, dtype=float)
        ray /= max(float(np.max(np.abs(ray), initial=0.0)), NOTHING)
        nothing = np.zeros(len(self._low))
        return any(self._proven_by(duals, nothing) > RAY for duals in (ray, -ray))

    def _again(
        self, cost: Vector, constant: float, gap: float, doubted: SolverAnswer
    ) -> tuple[SolverAnswer, bool]:
        """A second run without the start, by the dual simplex where it was the primal. Where the
        first found no point it is without presolve too, and by simplex: presolve calls models
        infeasible that hold by less than its own rounding, and interior points may come to no
        end."""
        usual = {name: self.highs.getOptionValue(name)[1] for name in (*USUAL, "presolve")}
        plain = {**usual, "simplex_strategy": USUAL["simplex_strategy"]}
        if doubted.point is None:
            method = usual["solver"]
            plain |= {"presolve": "off", "solver": "simplex" if method == "ipm" else method}
        self._set_method(plain)
        try:
            answer, sound = self._attempt(cost, constant, gap, None)
        finally:
            self._set_method(usual)
        ended = doubted.point is None and answer.outcome is Outcome.INFEASIBLE
        return answer, sound or ended

    def search(
        self,
        expression: Any,
        gap: float,
        start: Vector | None,
        nodes: int,
        target: float = -math.inf,
        *,
        doubt: bool = True,
        parts: bool = True,
    ) -> SolverAnswer:
        """Minimise an expression to a relative gap, in no more than so many nodes, or until it is
        at most `target`; `doubt` is as in `minimise`. With `parts` off no part of the programme is
        searched on the way."""
        options: dict[str, Any] = {"mip_max_nodes": nodes, "objective_target": target}
        options |= dict.fromkeys(PARTS, parts)
        for name, value in options.items():
            _check(self.highs.setOptionValue(name, value), name)
        try:
            return self.minimise(expression, gap, start, doubt=doubt)
        finally:
            self.highs.setOptionValue("mip_max_nodes", highspy.kHighsIInf)
            self.highs.setOptionValue("objective_target", -math.inf)
            for name in PARTS:
                self.highs.setOptionValue(name, True)

    def basis(self) -> Basis | None:
        """The basis at which the last linear programme ended; None where it left none."""
        left = self.highs.getBasis()
        if not left.valid:
            return None
        return Basis(tuple(map(int, left.col_status)), tuple(map(int, left.row_status)))

    def live_basis(self) -> LiveBasis | None:
        """The same, for this process alone."""
        left = self.highs.getBasis()
        return LiveBasis(left, len(self._low), self.highs.getNumRow()) if left.valid else None

    def placed_basis(self) -> PlacedBasis | None:
        """The same for a programme of another model."""
        left = self.basis()
        if left is None:
            return None
        return PlacedBasis(
            dict(zip(map(_place, self.columns), left.columns, strict=True)),
            dict(zip(self._row_places(), left.rows, strict=True)),
        )

    def _row_places(self) -> list[Place]:
        """What each row inside HiGHS stands for; one that is let go, for nothing."""
        places = [_place(row) for row in self.constraints]
        places += [("", None)] * (self.highs.getNumRow() - len(places))
        for row in self._kept_rows:
            places[row.number] = (row.name, None)
        return places

    def _fits(self, basis: AnyBasis) -> bool:
        if isinstance(basis, PlacedBasis):
            return True
        if isinstance(basis, LiveBasis):
            return (basis.columns, basis.rows) == (len(self._low), self.highs.getNumRow())
        return len(basis.columns) == len(self._low) and len(basis.rows) <= self.highs.getNumRow()

    def _widened(self, basis: AnyBasis) -> highspy.HighsBasis:
        """A basis for HiGHS, in which rows that it does not know are slack."""
        if isinstance(basis, LiveBasis):
            return basis.held
        if isinstance(basis, PlacedBasis):
            return self._by_place(basis)
        added = self.highs.getNumRow() - len(basis.rows)
        widened = highspy.HighsBasis()
        widened.col_status = [highspy.HighsBasisStatus(n) for n in basis.columns]
        widened.row_status = [
            *(highspy.HighsBasisStatus(n) for n in basis.rows),
            *[highspy.HighsBasisStatus.kBasic] * added,
        ]
        widened.valid = True
        return widened

    def _by_place(self, basis: PlacedBasis) -> highspy.HighsBasis:
        """A basis of another model: columns that it does not know are at their lower bounds, and
        HiGHS makes up for what is gone or there twice."""
        status = highspy.HighsBasisStatus
        slack, low = int(status.kBasic), int(status.kLower)
        found = highspy.HighsBasis()
        found.col_status = [status(basis.columns.get(_place(c), low)) for c in self.columns]
        found.row_status = [status(basis.rows.get(place, slack)) for place in self._row_places()]
        found.valid = found.alien = True
        return found

    def value_of(self, expression: Any, point: Vector) -> float:
        """What an expression comes to at a point, model units."""
        cost, constant = self.vector(expression)
        return dot(cost, point) + constant

    def relaxation(
        self,
        expression: Any,
        basis: AnyBasis | None = None,
        *,
        method: Method = INTERIOR,
        obey: bool = True,
    ) -> SolverAnswer:
        """Minimise an expression with whole numbers allowed to be fractions: one LP.

        By interior points: on the reference case five to ten times as fast as by simplex. From a
        basis that fits by simplex: where it is that of a case much like this one, faster again.
        `obey` is as in `minimise`.
        """
        self._relaxed = True
        warm = basis is not None and self._fits(basis)
        try:
            with self.by(USUAL if warm else method):
                return self.minimise(expression, obey=obey, basis=basis)
        finally:
            self._relaxed = False

    @contextmanager
    def by(self, method: Method) -> Iterator[None]:
        """While it is open, linear programmes are solved by another method."""
        self._set_method(method)
        try:
            yield
        finally:
            self._set_method(USUAL)

    def _set_method(self, method: Method) -> None:
        for name, value in method.items():
            _check(self.highs.setOptionValue(name, value), name)

    def _clock(self) -> float:
        """From when HiGHS counts a limit: an LP from its first run on, a search from its start."""
        return 0.0 if self._is_mip() else float(self.highs.getRunTime())

    def _run(self) -> None:
        threads = self.control.threads
        helper = aside.take(threads)
        self._failure, self._refused = None, False
        self.highs.cbMipInterrupt.subscribe(self._on_interrupt)
        self.highs.cbSimplexInterrupt.subscribe(self._on_interrupt)
        self.highs.cbIpmInterrupt.subscribe(self._on_interrupt)
        self.highs.cbMipImprovingSolution.subscribe(self._on_solution)
        self.highs.cbMipLogging.subscribe(self._on_progress)
        self.highs.cbLogging.subscribe(self._on_log)
        try:
            helper.begin(self._call)
            while helper.is_busy and not (self._obey and self.control.abandon.is_set()):
                helper.wait(POLL_SECONDS)
                self._report()
        finally:
            self.running = helper.is_busy
            aside.give_back(helper, threads)
            if not self.running:
                for callback in (
                    self.highs.cbMipInterrupt,
                    self.highs.cbSimplexInterrupt,
                    self.highs.cbIpmInterrupt,
                    self.highs.cbMipImprovingSolution,
                    self.highs.cbMipLogging,
                    self.highs.cbLogging,
                ):
                    callback.clear()
        if self._failure is not None:
            raise SolverError(str(self._failure)) from self._failure

    def _call(self) -> None:
        try:
            self._refused = self.highs.run() == highspy.HighsStatus.kError
        except BaseException as error:
            self._failure = error

    def _on_interrupt(self, event: Any) -> None:
        # Said each time: what HiGHS was told once it remembers in later runs.
        event.interrupt(self._obey and self.control.stop.is_set())

    def _on_solution(self, event: Any) -> None:
        self._incumbent = np.array(event.data_out.mip_solution, dtype=float)

    def _on_progress(self, event: Any) -> None:
        self._best, self._bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound

    def _report(self) -> None:
        """Told from the caller's thread, which alone may write to the screen."""
        if self.control.report is not None:
            seconds = time.monotonic() - self._began
            self.control.report(Progress(seconds, self._best, self._bound))

    def _on_log(self, event: Any) -> None:
        self.control.log.append(event.message)

    def _answer(
        self, cost: Vector, constant: float, gap: float, seconds: float
    ) -> tuple[SolverAnswer, bool]:
        if self.running:
            return self._abandoned(cost, constant, seconds), True
        status = self.highs.getModelStatus()
        outcome = _OUTCOMES.get(status)
        if status in _UNSURE:
            return SolverAnswer(Outcome.LIMIT, None, math.inf, -math.inf, seconds), False
        if self._refused:
            raise SolverError("HiGHS refused run")
        if outcome is None:
            raise SolverError(f"HiGHS stopped with status {self.highs.modelStatusToString(status)}")
        info = self.highs.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if outcome is Outcome.INFEASIBLE or not found:
            # Optimal without a point is a point that breaks its rows once they are scaled back.
            lost = outcome is Outcome.OPTIMAL
            told = Outcome.LIMIT if lost else outcome
            return SolverAnswer(told, None, math.inf, -math.inf, seconds), not lost
        point = np.array(self.highs.getSolution().col_value, dtype=float)
        value = dot(cost, point) + constant
        optimal = outcome is Outcome.OPTIMAL
        bound = self._reported_bound(cost, constant, optimal)
        sound = (
            abs(float(info.objective_function_value) - value) <= AGREES * max(1.0, abs(value))
            and self._holds(point)
            and (is_proven(value, bound, gap) if optimal else may_bound(value, bound))
        )
        kept = Outcome.OPTIMAL if optimal and sound else Outcome.FEASIBLE
        return SolverAnswer(
            kept, point, value, min(bound, value) if sound else -math.inf, seconds
        ), sound

    def _reported_bound(self, cost: Vector, constant: float, optimal: bool) -> float:
        """What a search says that it proves, or what the duals of a linear programme prove."""
        if self._is_mip():
            return float(self.highs.getInfo().mip_dual_bound)
        return self._dual_bound(cost) + constant if optimal else -math.inf

    def _dual_bound(self, cost: Vector) -> float:
        r"""The value that the duals y of a linear programme prove, whatever HiGHS says of it:

        \sum_i (lower_i y_i where y_i > 0, else upper_i y_i) + \sum_j min over the bounds of
        (cost - A^T y)_j x_j. A dual that points to no bound counts where it is beyond tolerance.
        """
        return self._proven_by(np.array(self.highs.getSolution().row_dual, dtype=float), cost)

    def cut(self, objective: Linear, columns: NDArray[np.int32]) -> Linear | None:
        r"""What the last linear programme, in which some columns were fixed, proves of every other
        value of these: a Linear by their order that the objective is never below. None where its
        duals prove nothing.

        \sum_i (lower_i y_i where y_i > 0, else upper_i y_i) + \sum_{j free} min over the bounds of
        (cost - A^T y)_j x_j + \sum_{j fixed} (cost - A^T y)_j x_j
        """
        duals = np.array(self.highs.getSolution().row_dual, dtype=float)
        return self._cut_by(duals, objective, columns)

    def cut_off(self, columns: NDArray[np.int32]) -> Linear | None:
        """The same where no point was left: a Linear that is at most 0 wherever one is. None where
        HiGHS gives no ray that proves it."""
        _, found, values = self.highs.getDualRay()
        if not found:
            return None
        ray = np.array(values, dtype=float)
        ray /= max(float(np.max(np.abs(ray), initial=0.0)), NOTHING)
        nothing = Linear(np.zeros(len(self._low)), 0.0)
        for duals in (ray, -ray):
            found = self._cut_by(duals, nothing, columns)
            at = self._low[columns]
            if found is not None and dot(found.weights, at) + found.constant > RAY:
                return found
        return None

    def _cut_by(
        self, duals: Vector, objective: Linear, columns: NDArray[np.int32]
    ) -> Linear | None:
        own = duals[: len(self.row_lower)]
        left = objective.weights - self.matrix.T @ own
        weights = left[columns].copy()
        left[columns] = 0.0
        least = _least(own, self.row_lower, self.row_upper) + _least(left, self._low, self._high)
        if not math.isfinite(least):
            return None
        return Linear(weights, least + objective.constant)

    def _proven_by(self, duals: Vector, cost: Vector) -> float:
        """The value that some duals prove."""
        own = duals[: len(self.row_lower)]
        left = cost - self.matrix.T @ own
        proven = _least(own, self.row_lower, self.row_upper)
        for row in self._kept_rows:
            left[row.columns] -= row.weights * duals[row.number]
            proven += min(0.0, duals[row.number]) * row.most
        return float(proven + _least(left, self._low, self._high))

    def holds(self, point: Vector) -> bool:
        """Whether a point keeps every row and bound to the tolerance of feasibility."""
        return self._most_missed(point) <= self.tolerance

    def _holds(self, point: Vector) -> bool:
        """Whether a point keeps every row and bound, but for what a search leaves to rounding."""
        return self._most_missed(point) <= HOLDS

    def _most_missed(self, point: Vector) -> float:
        """By how much a row or bound is missed at most, of its size."""
        activity = self.matrix @ point
        rows = _excess(activity, self.row_lower, self.row_upper)
        columns = _excess(point, self._low, self._high)
        kept = [row.excess(point) for row in self._kept_rows]
        return max(rows, columns, *kept, 0.0)

    def _is_mip(self) -> bool:
        if self._relaxed:
            return False
        return not bool(np.all(self._fixed[self.integers]))

    def _abandoned(self, cost: Vector, constant: float, seconds: float) -> SolverAnswer:
        """The last plan seen in a callback, when the user would not wait for HiGHS to stop."""
        if self._incumbent is None:
            return SolverAnswer(Outcome.LIMIT, None, math.inf, -math.inf, seconds)
        value = dot(cost, self._incumbent) + constant
        return SolverAnswer(Outcome.FEASIBLE, self._incumbent, value, -math.inf, seconds)

    def values(self, variable: Any, keys: Sequence[Any], point: Vector) -> dict[Any, float]:
        """Values of an indexed Pyomo variable at a point, zeros left out."""
        known = [(key, self.column.get(id(variable[key]))) for key in keys]
        found = {key: float(point[n]) for key, n in known if n is not None}
        return {key: value for key, value in found.items() if value > 0.0}


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that keeps an earlier pass: its number inside HiGHS, weights x values of its columns
    <= most, and the name of the pass."""

    number: int
    columns: NDArray[np.int32]
    weights: Vector
    most: float
    name: str = ""

    def excess(self, point: Vector) -> float:
        """By how much a point exceeds it, of its size."""
        return (dot(self.weights, point[self.columns]) - self.most) / max(1.0, abs(self.most))

    def as_matrix(self, width: int) -> csr_matrix:
        """The row of a matrix of so many columns."""
        ends = np.array([0, len(self.columns)])
        return csr_matrix((self.weights, self.columns, ends), shape=(1, width))


def _least(weights: Vector, lower: Vector, upper: Vector) -> float:
    """Sum of the least of weight x value over the values between bounds; -inf where a weight
    beyond tolerance points to no bound."""
    side = np.where(weights > 0, lower, upper)
    open_ended = ~np.isfinite(side)
    if np.any(np.abs(weights[open_ended]) > LOOSE_DUAL):
        return -math.inf
    return dot(weights[~open_ended], side[~open_ended])


def _excess(values: Vector, lower: Vector, upper: Vector) -> float:
    """The largest miss of a bound, of the bound's size."""
    below = (lower - values) / np.maximum(1.0, np.abs(np.where(np.isfinite(lower), lower, 0.0)))
    above = (values - upper) / np.maximum(1.0, np.abs(np.where(np.isfinite(upper), upper, 0.0)))
    return float(max(np.max(below, initial=0.0), np.max(above, initial=0.0)))


def _bound(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)


def _check(status: highspy.HighsStatus, call: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS refused {call}")
