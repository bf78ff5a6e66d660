"""The rows of a Pyomo model as a matrix.

Pyomo's own linear visitor reads each row. Its coefficients go straight into arrays: Pyomo's
standard form keeps those of all rows as Python's numbers until the last is read, which in a large
model is as much memory as the model.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from pyomo.repn.linear import LinearRepnVisitor
from pyomo.repn.util import OrderedVarRecorder, VarRecorder

from opt.errors import SolverError
from opt.solver.sparse import csr_matrix

IN_ORDER = pyo.SortComponents.ORDERED_INDICES


@dataclass(frozen=True, slots=True)
class LinearRows:
    """The rows of a model that are active and in which some variable stands, and the variables in
    them: `lower` <= `matrix` (rows by columns) x columns <= `upper`."""

    constraints: tuple[ConstraintData, ...]
    columns: list[VarData]
    matrix: csr_matrix
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `lower` <= weights by column number x columns <= `upper`."""

    weights: Mapping[int, float]
    lower: float
    upper: float


class RowReader:
    """Reads relations between variables that are columns already."""

    def __init__(self, columns: Sequence[VarData]) -> None:
        self._column = {id(variable): n for n, variable in enumerate(columns)}
        known = {id(variable): variable for variable in columns}
        self._visitor = LinearRepnVisitor({}, var_recorder=VarRecorder(known, IN_ORDER))

    def row_of(self, relation: Any) -> Row:
        """A relation as a row.

        Raises SolverError where it is not linear; KeyError where a variable is no column.
        """
        least, repn, most = _bounded(ConstraintData(relation), self._visitor)
        return Row({self._column[n]: float(w) for n, w in repn.linear.items()}, least, most)


def _bounded(row: ConstraintData, visitor: LinearRepnVisitor) -> tuple[float, Any, float]:
    """The linear part of a row and the bounds of that."""
    low, body, high = row.to_bounded_expression()
    repn = visitor.walk_expression(body)
    if repn.nonlinear is not None:
        raise SolverError(f"row {row.name} is not linear")
    least = -math.inf if low is None else low - repn.constant
    most = math.inf if high is None else high - repn.constant
    return float(least), repn, float(most)


def rows_of(model: Any) -> LinearRows:
    """The rows in the order of their declaration; columns by family as each is first met, then in
    the order of its index set.

    Raises SolverError where a row is not linear, or can never hold.
    """
    with PauseGC():
        return _read(model)


def _read(model: Any) -> LinearRows:
    variables: dict[int, VarData] = {}
    number: dict[int, int] = {}
    visitor = LinearRepnVisitor({}, var_recorder=OrderedVarRecorder(variables, number, IN_ORDER))
    constraints: list[ConstraintData] = []
    where, amounts, ends = array("i"), array("d"), array("q", [0])
    lower, upper = array("d"), array("d")
    for row in model.component_data_objects(pyo.Constraint, active=True, sort=IN_ORDER):
        least, repn, most = _bounded(row, visitor)
        if not repn.linear:
            if least <= 0.0 <= most:
                continue
            raise SolverError(f"row {row.name} can never hold")
        constraints.append(row)
        where.extend(map(number.__getitem__, repn.linear))
        amounts.extend(repn.linear.values())
        ends.append(len(where))
        lower.append(least)
        upper.append(most)
    matrix = csr_matrix(
        (np.array(amounts), np.array(where), np.array(ends)), shape=(len(lower), len(number))
    )
    matrix.sort_indices()
    columns = list(variables.values())
    used = np.flatnonzero(np.bincount(matrix.indices, minlength=len(columns)))
    return LinearRows(
        constraints=tuple(constraints),
        columns=[columns[n] for n in used],
        matrix=matrix[:, used],
        lower=np.array(lower),
        upper=np.array(upper),
    )
