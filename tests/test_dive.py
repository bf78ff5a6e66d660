"""The start of the cost pass: a plan that keeps dependence and costs no more than the one given."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cases import random_case

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.errors import InputError
from opt.model.objectives import measure
from opt.results.solution import CLEAR
from opt.solver.control import Control
from opt.solver.dive import cheaper_plan
from opt.solver.priorities import run_pass, starting_plan
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, deciding_origins, open_stage


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_keeps_dependence_and_is_no_dearer(tmp_path: Path, seed: int) -> None:
    try:
        instance = assemble(read(random_case(tmp_path, seed)))
    except InputError:
        pytest.skip("the reader refuses this seed")
    if deciding_origins(instance) != (CLEAR,):
        pytest.skip("no clear chain")
    chain = open_stage(Job(instance, SolveOptions(gap=0.0), Control(), Silent()), (CLEAR,))
    result, plan, _ = run_pass(chain, "dependence", starting_plan(chain, "dependence"), Silent())
    if plan is None:
        pytest.skip("no plan obeys every rule")
    chain.keep("dependence", result.value)
    cost, dependence = measure(chain.model, "cost"), measure(chain.model, "dependence")
    before = chain.complete(cost, plan)
    found = cheaper_plan(chain, plan)
    after = chain.complete(cost, found)  # the kept row still holds, or this had no point
    assert after.point is not None
    assert before.point is not None
    assert after.value <= before.value + 1e-9 * abs(before.value)
    least = chain.complete(dependence, found)
    assert least.value * dependence.per_unit <= result.value + 1.1e-6  # kept to 1e-6
