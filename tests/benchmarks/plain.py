"""What the package is held against: the same matrix handed to HiGHS as plain arrays, and solved by
HiGHS with default options.

The matrix is a gift: whoever writes arrays by hand has first to find out what stands in them.
"""

from __future__ import annotations

import math
import time
from array import array
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from opt.data.instance import Instance
from opt.model.objectives import measure
from opt.record.flows import CLEAR, EXPOSED
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, open_stage


@dataclass(frozen=True, slots=True)
class Arrays:
    """CPU seconds until a matrix is in HiGHS: `ready` where its arrays are, `written` where a plain
    loop of Python first writes row, column and amount of every coefficient."""

    ready: float
    written: float


def hand_over(lp: highspy.HighsLp, matrix: csr_matrix) -> Arrays:
    """The least of three times each; `matrix` is that of the programme, rows by columns."""
    ready = [_seconds(lambda: _passed(lp)) for _ in range(3)]
    written = [_seconds(lambda: _written(lp, matrix)) for _ in range(3)]
    return Arrays(min(ready), min(written))


def _seconds(action: Any) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


def _passed(lp: highspy.HighsLp) -> highspy.Highs:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    return highs


def _written(lp: highspy.HighsLp, matrix: csr_matrix) -> None:
    ends, where, amounts = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    rows, columns, values = array("i"), array("i"), array("d")
    for row in range(len(ends) - 1):
        for place in range(ends[row], ends[row + 1]):
            rows.append(row)
            columns.append(where[place])
            values.append(amounts[place])
    triples = (np.frombuffer(values), (np.frombuffer(rows, "i"), np.frombuffer(columns, "i")))
    compressed = coo_matrix(triples, shape=matrix.shape).tocsc()
    again = highspy.HighsLp()
    again.num_col_, again.num_row_ = lp.num_col_, lp.num_row_
    again.col_cost_, again.col_lower_, again.col_upper_ = lp.col_cost_, lp.col_lower_, lp.col_upper_
    again.row_lower_, again.row_upper_ = lp.row_lower_, lp.row_upper_
    again.integrality_ = lp.integrality_
    again.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    again.a_matrix_.start_ = compressed.indptr
    again.a_matrix_.index_ = compressed.indices
    again.a_matrix_.value_ = compressed.data
    _passed(again)


@dataclass(frozen=True, slots=True)
class OneShot:
    """What HiGHS came to with default options: best value and bound, in the objective's own unit,
    relative gap, CPU seconds."""

    formulation: str
    best: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """Relative gap; inf where there is no plan."""
        if not math.isfinite(self.best):
            return math.inf
        return (self.best - self.bound) / abs(self.best) if self.best else 0.0


def one_shots(instance: Instance, gap: float, seconds: float) -> list[OneShot]:
    """Dependence minimised in one go, over the whole network and over the clear chain alone, which
    decides it: no start, default options but for the gap at which to stop and the time."""
    job = Job(instance, SolveOptions(gap=gap), Control(), Silent())
    forms = {"whole network": (CLEAR, EXPOSED), "clear chain": (CLEAR,)}
    return [_one_shot(job, name, origins, seconds) for name, origins in forms.items()]


def _one_shot(job: Job, name: str, origins: tuple[str, ...], seconds: float) -> OneShot:
    stage = open_stage(job, origins)
    asked = measure(stage.model, "dependence")
    cost, constant = stage.solver.vector(asked.expression)
    lp = stage.solver.highs.getLp()
    lp.col_cost_, lp.offset_ = cost, constant
    highs = _passed(lp)
    highs.setOptionValue("mip_rel_gap", job.options.gap)
    highs.setOptionValue("time_limit", seconds)
    spent = _seconds(highs.run)
    info = highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    best = info.objective_function_value if found else math.inf
    unit = asked.per_unit
    return OneShot(name, best * unit, info.mip_dual_bound * unit, spent)
