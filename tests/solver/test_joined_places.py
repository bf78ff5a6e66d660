"""The clear chain with regions that are alike as one place has the same optima, and its plans reach
them where every region is a place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from random_cases import random_case
from random_cases_sheets import random_sheets_case

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.errors import InputError
from opt.model.objectives import measure
from opt.record.flows import CLEAR
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, open_stage

SAME = 1e-6


@pytest.mark.parametrize("write", [random_case, random_sheets_case])
@pytest.mark.parametrize("seed", range(40))
def test_the_optima_are_those_of_every_region(
    tmp_path: Path, write: Callable[[Path, int], Path], seed: int
) -> None:
    try:
        instance = assemble(read(write(tmp_path, seed)))
    except InputError:
        pytest.skip("the reader refuses this seed")
    job = Job(instance, SolveOptions(gap=0.0), Control(), Silent())
    regions, places = (open_stage(job, (CLEAR,), freight=f) for f in (True, False))
    if len(places.model.index.PLACE) == len(regions.model.index.PLACE):
        pytest.skip("no regions are alike")
    for name in ("dependence", "peak", "public"):
        whole, joined = (measure(stage.model, name) for stage in (regions, places))
        best = regions.solver.minimise(whole.expression)
        found = places.solver.minimise(joined.expression)
        assert found.outcome is best.outcome
        if found.point is not None:
            assert found.value == pytest.approx(best.value, rel=SAME, abs=SAME)
            kept = regions.complete(whole, places.plan_of(found.point))
            assert kept.value == pytest.approx(best.value, rel=SAME, abs=SAME)
