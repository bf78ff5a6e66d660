"""Small programmes with known answers that some release of HiGHS answers wrongly.

They tell whether the HiGHS at hand can be trusted with the kinds of fault that are known of it. A
wrong answer whose value and bound agree is found in no other way than by a second solver.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import highspy
import numpy as np

# Of the optimum: far below what the faults move it by, far above rounding.
AGREES = 1e-6


@dataclass(frozen=True, slots=True)
class Canary:
    """A programme, its optimum, and where both come from."""

    name: str
    optimum: float
    source: str
    load: Callable[[highspy.Highs], None]


@dataclass(frozen=True, slots=True)
class CanaryVerdict:
    """What HiGHS made of a canary: what it reports, and the value at the point it returns."""

    name: str
    optimum: float
    reported: float
    recomputed: float
    bound: float

    @property
    def passed(self) -> bool:
        """Whether report, point and bound are all the optimum."""
        allowed = AGREES * max(1.0, abs(self.optimum))
        found = (self.reported, self.recomputed, self.bound)
        return all(abs(value - self.optimum) <= allowed for value in found)


def sing(canary: Canary) -> CanaryVerdict:
    """One canary solved by HiGHS alone, presolve on, to a gap of 0."""
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0)):
        highs.setOptionValue(name, value)
    canary.load(highs)
    highs.run()
    point = np.array(highs.getSolution().col_value, dtype=float)
    lp, info = highs.getLp(), highs.getInfo()
    recomputed = float(np.array(lp.col_cost_) @ point) + lp.offset_ if len(point) else np.nan
    reported = info.objective_function_value
    return CanaryVerdict(canary.name, canary.optimum, reported, recomputed, info.mip_dual_bound)


def verdicts() -> tuple[CanaryVerdict, ...]:
    """Every canary solved."""
    return tuple(sing(canary) for canary in CANARIES)


def _start_trap(highs: highspy.Highs) -> None:
    home = files("opt.solver") / "canaries"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "start_trap.mps"
        path.write_bytes((home / "start_trap.mps").read_bytes())
        highs.readModel(str(path))
    start = highspy.HighsSolution()
    words = (home / "start_trap.start").read_text(encoding="utf-8").split()
    start.col_value = [float(word) for word in words]
    highs.setSolution(start)


def _fixed_lot(highs: highspy.Highs) -> None:
    """Minimise 2x + 3z, x + z >= 4.5, 0 <= x, z <= 10, z whole."""
    x = highs.addVariable(0, 10, 2)
    z = highs.addVariable(0, 10, 3)
    highs.addConstr(x + z >= 4.5)
    highs.changeColIntegrality(z.index, highspy.HighsVarType.kInteger)


def _two_slots(highs: highspy.Highs) -> None:
    """Minimise 10 d0 + 8 d1, z_i <= 1000 x_i, z_i + d_i = 1000, x0 + x1 <= 1, x binary."""
    slots = []
    for price in (10, 8):
        x = highs.addVariable(0, 1)
        z = highs.addVariable(0, highspy.kHighsInf)
        d = highs.addVariable(0, highspy.kHighsInf, price)
        highs.changeColIntegrality(x.index, highspy.HighsVarType.kInteger)
        highs.addConstr(z - 1000 * x <= 0)
        highs.addConstr(z + d == 1000)
        slots.append(x)
    highs.addConstr(slots[0] + slots[1] <= 1)


CANARIES = (
    Canary(
        "start with presolve",
        1.86,
        "found in a search of a random case; a second solver gives 1.86; HiGHS 1.16.0 says 1.3",
        _start_trap,
    ),
    Canary(
        "fixed lot",
        9.0,
        "x = 4.5, z = 0 by hand; HiGHS 1.14.0 is wrong (ERGO-Code/HiGHS issue 3043)",
        _fixed_lot,
    ),
    Canary(
        "two slots",
        8000.0,
        "serve the dearer slot by hand; HiGHS 1.14.0 is wrong (ERGO-Code/HiGHS issue 3094)",
        _two_slots,
    ),
)
