"""The world pass around a point that misses a row by more than the solver was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import chain, instance_of

from opt.errors import SolverError
from opt.record.flows import CLEAR, EXPOSED, Flows
from opt.solver.control import Control
from opt.solver.priorities import run_pass
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, open_stage
from opt.solver.world import serve_world


def world(folder: Path, missed: float) -> Flows:
    """What others get where W's demand of 100 is served at a point that misses its row by so much.
    N needs 50 a year, which the smelter of 1000 in X makes beside."""
    case = chain()
    needed = {"commodity": "metal", "2030": 50, "2033": 50}
    case["demand"].append({"region": "N", **needed})
    network = open_stage(
        Job(instance_of(folder, case), SolveOptions(), Control(), Silent()), (CLEAR, EXPOSED)
    )
    _, _, point = run_pass(network, "cost", None, Silent())
    assert point is not None
    served = next(key for key in network.model.serve if key[0].startswith("W") and key[2] == 2031)
    point[network.solver.column_of(network.model.serve[served])] += missed
    return serve_world(network, point, Silent())[1]


@pytest.mark.parametrize("missed", [0.0, 5e-7, 5e-6])
def test_others_are_served_around_a_point_that_misses_a_row_a_little(
    tmp_path: Path, missed: float
) -> None:
    flows = world(tmp_path, missed)
    others = [d for d in flows.deliveries if d.region == "N"]
    assert [d.clear + d.exposed for d in others] == pytest.approx([50] * 4)


def test_a_point_that_breaks_a_row_is_none(tmp_path: Path) -> None:
    with pytest.raises(SolverError, match="no flows"):
        world(tmp_path, 1e-3)
