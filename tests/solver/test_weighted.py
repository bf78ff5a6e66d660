"""Plans found in what a relaxation leaves undecided: they change the way to an answer, not the
answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cases import random_case

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.errors import InputError
from opt.model.objectives import measure
from opt.record.flows import CLEAR
from opt.record.passes import Outcome
from opt.solver import priorities
from opt.solver.control import Control
from opt.solver.priorities import run_pass, starting_plan
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, deciding_origins, open_stage
from opt.solver.weighted import cheaper_plan


@pytest.mark.parametrize("seed", range(24))
def test_the_answer_is_that_of_the_whole_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Searched whole from nothing, the same case gives the value to compare with."""
    try:
        instance = assemble(read(random_case(tmp_path, seed)))
    except InputError:
        pytest.skip("the reader refuses this seed")
    values, bounds = [], []
    for worthwhile in (10**9, 0):
        monkeypatch.setattr(priorities, "WORTHWHILE", worthwhile)
        job = Job(instance, SolveOptions(gap=1e-6), Control(), Silent())
        stage = open_stage(job, deciding_origins(instance))
        result, _, _ = run_pass(stage, "dependence", starting_plan(stage, "dependence"), Silent())
        values.append(result.value)
        bounds.append(result.bound)
        assert result.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
    if result.outcome is Outcome.INFEASIBLE:
        pytest.skip("no plan obeys every rule")
    assert values[1] == pytest.approx(values[0], abs=2e-6)
    assert bounds[1] <= values[0] + 2e-6


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
    found = cheaper_plan(chain, plan, Silent())
    after = chain.complete(cost, found)  # the kept row still holds, or this had no point
    assert after.point is not None
    assert before.point is not None
    assert after.value <= before.value + 1e-9 * abs(before.value)
    least = chain.complete(dependence, found)
    assert least.value * dependence.per_unit <= result.value + 1.1e-6  # kept to 1e-6
