"""A bound of the cost pass that is known before the plan of the earlier passes is.

With whole numbers allowed to be fractions the least cost is convex in the value at which an earlier
pass is kept. The duals found at one value therefore bound it at every other: cost(d) >= cost(d0) +
y (d - d0), where y <= 0 is the dual of the row that keeps the pass (weak duality of linear
programmes; no optimality is needed of y).

No coarser bound is tried first. With freight left out and all regions one place it lies 1.53% below
the plan on the reference case, of which 1% is asked. On small, gallium and graphite the model
without freight is as large as with it and its relaxation takes as long (0.02, 0.2 and 0.3 s), and
with fewer whole numbers than are worth a relaxation their cost pass needs none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.model.objectives import measure
from opt.record.flows import CLEAR, EXPOSED
from opt.solver.control import Control
from opt.solver.highs import Basis, HighsModel
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, open_stage


@dataclass(frozen=True, slots=True)
class Tangent:
    """A bound of the cost where rows that keep passes have some right-hand sides, and by how much
    it moves with each: by name, (right-hand side, dual). Model units. `basis` is where it was
    found: a plan is completed from there on the same network."""

    bound: float
    kept: Mapping[str, tuple[float, float]]
    basis: Basis | None = None

    def at(self, solver: HighsModel) -> float:
        """The bound under the rows that a solver of the same case keeps; -inf where these are
        others."""
        now = {row.name: row.most for row in solver.kept_rows}
        if now.keys() != self.kept.keys():
            return -math.inf
        moves = (dual * (now[name] - most) for name, (most, dual) in self.kept.items())
        return self.bound + math.fsum(moves)


@dataclass(frozen=True, slots=True)
class CostRelaxed:
    """The relaxation of the cost pass of a case, with earlier passes kept at values: work for any
    process."""

    instance: Instance
    options: SolveOptions
    kept: tuple[tuple[str, float], ...]

    def __call__(self, control: Control) -> Tangent | None:
        """None where nothing is proven: no such flows, or stopped before."""
        job = Job(self.instance, self.options, control, Silent())
        network = open_stage(job, (CLEAR, EXPOSED))
        for name, value in self.kept:
            network.keep(name, value)
        found = network.solver.relaxation(measure(network.model, "cost").expression)
        if network.solver.running or not math.isfinite(found.bound):
            return None
        return Tangent(found.bound, network.solver.kept_duals(), network.solver.basis())
