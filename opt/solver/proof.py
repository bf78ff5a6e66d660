"""Keeps, of every pass, the model that it solved and the plan that it found, for others to check.

A pass is recorded before its own row is added: its model holds the rules, the rows that keep the
earlier passes, and what is held throughout, a given plan or a dependence target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from opt.model.objectives import Measure, measure
from opt.model.rule import OptModel
from opt.record.flows import EXPOSED
from opt.record.passes import Pass
from opt.record.proof import PassProof
from opt.solver.highs import HighsModel, Vector
from opt.solver.model_file import (
    Program,
    component_name,
    escaped,
    fitting,
    indexed,
    mps_text,
    solution_text,
)
from opt.solver.stage import Stage

KEEP = "keep"


@dataclass(slots=True)
class Recorder:
    """The proofs of a run's passes, in their order."""

    proofs: list[PassProof] = field(default_factory=list)

    def record(self, stage: Stage, result: Pass, point: Vector | None) -> None:
        """Keep a pass that has just ended. One without a plan leaves nothing to check."""
        if point is not None:
            self.proofs.append(_proof(stage, result, point))


def _proof(stage: Stage, result: Pass, point: Vector) -> PassProof:
    measured = measure(stage.model, result.objective)
    program, constant, long_names = _program(stage.solver, measured)
    return PassProof(
        result=result,
        model="network" if EXPOSED in stage.model.index.origins else "chain",
        mps=mps_text(program),
        solution=solution_text(program.columns, point),
        factor=measured.per_unit,
        constant=constant,
        gap=stage.options.gap_of(result.objective, result.value),
        long_names=long_names,
        numbers=_numbers(stage.model),
    )


def _numbers(model: OptModel) -> dict[str, dict[str, str]]:
    """What stands behind the numbers in names of rows and columns, kind by kind."""
    data = model.data
    found = {
        "lanes": {
            n: _trade(lane.commodity, [lane.origin], [lane.destination])
            for n, lane in model.lanes.items()
        },
        "pools": {
            n: _trade(pool.commodity, pool.origins, pool.destinations)
            for n, pool in model.pools.items()
        },
        "ceilings": {n: ceiling.id for n, ceiling in enumerate(data.ceilings)},
        "targets": {n: target.id for n, target in enumerate(data.targets)},
        "offtakes": {
            n: ", ".join(f"{data.offtakes[k].plant} {data.offtakes[k].commodity}" for k in several)
            for n, several in enumerate(model.index.contract_sets)
        },
    }
    return {
        kind: {str(n): name for n, name in names.items()} for kind, names in found.items() if names
    }


def _trade(commodity: str, origins: Sequence[str], destinations: Sequence[str]) -> str:
    return f"{commodity}: {', '.join(origins)} to {', '.join(destinations)}"


def _program(solver: HighsModel, measured: Measure) -> tuple[Program, float, dict[str, str]]:
    """The model as it stands with the objective of a pass, and the objective's constant."""
    cost, constant = solver.vector(measured.expression)
    standing = solver.standing()
    kept = [indexed(KEEP, name) for name in standing.kept]
    rows, long_rows = fitting([*map(component_name, standing.constraints), *kept])
    columns, long_columns = fitting([component_name(v) for v in solver.columns])
    whole = np.zeros(len(columns), dtype=bool)
    whole[solver.integers] = True
    program = Program(
        name=escaped(measured.name),
        cost=cost,
        matrix=standing.matrix.tocsc(),
        row_lower=standing.row_lower,
        row_upper=standing.row_upper,
        lower=standing.lower,
        upper=standing.upper,
        whole=whole,
        rows=rows,
        columns=columns,
    )
    return program, constant, long_rows | long_columns
