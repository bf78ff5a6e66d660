"""The one adapter to SCIP, through PySCIPOpt: a model file and a plan in, an interval out.

SCIP reads the file with a reader of its own. Its parts write remarks to the file descriptors of
stdout and stderr, past Python, which are kept out of the way."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opt.errors import InputError, Issue

# As HiGHS holds the rows, so that both solve the same problem: with its own 1e-6 of the size of a
# row SCIP would find better plans that break a rule by a tonne.
FEASIBILITY = 1e-9
INFINITE = 1e20
STOPPED = "userinterrupt"


@dataclass(frozen=True, slots=True)
class Interval:
    """What SCIP came to, in the file's objective: its best plan's value (inf: none) and its bound
    (-inf: none). `began` says whether the given plan obeys every row to FEASIBILITY."""

    status: str
    best: float
    bound: float
    began: bool
    seconds: float

    @property
    def stopped(self) -> bool:
        """Whether the user ended it, by Ctrl-C."""
        return self.status == STOPPED


def load_scip() -> Any:
    """The module pyscipopt. Raises InputError that says how to get it where it is missing."""
    try:
        import pyscipopt  # noqa: PLC0415  an extra that few need
    except ImportError as error:
        message = "needs a second solver, PySCIPOpt, which is not installed."
        raise InputError(
            [Issue("--bound", "", "", message, 'Type pip install ".[proof]".')]
        ) from error
    return pyscipopt


def solve_again(
    mps: Path, plan: Mapping[str, float], target: float, seconds: float = math.inf
) -> Interval:
    """Solve a model file from a plan until SCIP's bound reaches `target`, or to the optimum.

    `target` is in the file's objective; -inf asks for the optimum.
    """
    with _quiet():
        model = load_scip().Model()
        model.hideOutput()
        model.readProblem(str(mps))
        parameters = {"numerics/feastol": FEASIBILITY, "limits/time": min(seconds, INFINITE)}
        if math.isfinite(target):
            parameters["limits/dual"] = target
        for name, value in parameters.items():
            model.setParam(name, value)
        columns = {variable.name: variable for variable in model.getVars()}
        began = _start(model, columns, plan)
        start = time.monotonic()
        model.optimize()
        spent = time.monotonic() - start
        best, bound = float(model.getPrimalbound()), float(model.getDualbound())
        status = str(model.getStatus())
    return Interval(status, _finite(best), _finite(bound), began, spent)


def _start(model: Any, columns: Mapping[str, Any], plan: Mapping[str, float]) -> bool:
    """Give SCIP the plan; where a row of it is a trace too far off, its whole numbers alone."""
    whole = {name for name, variable in columns.items() if variable.vtype() != "CONTINUOUS"}
    solution = model.createSol()
    for name, value in plan.items():
        model.setSolVal(solution, columns[name], value)
    if model.checkSol(solution, printreason=False, original=True):
        return bool(model.addSol(solution))
    model.freeSol(solution)
    part = model.createPartialSol()
    for name in whole & set(plan):
        model.setSolVal(part, columns[name], plan[name])
    model.addSol(part)
    return False


def _finite(value: float) -> float:
    """SCIP's own infinity as one."""
    return value if abs(value) < INFINITE else math.copysign(math.inf, value)


@contextmanager
def _quiet() -> Iterator[None]:
    """Whatever is written to file descriptors 1 and 2 meanwhile goes nowhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = {number: os.dup(number) for number in (1, 2)}
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in kept:
            os.dup2(nowhere, number)
        yield
    finally:
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)
        os.close(nowhere)
