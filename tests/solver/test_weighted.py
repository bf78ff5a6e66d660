"""Plans found in what a relaxation leaves undecided: they change the way to an answer, not the
answer."""

from __future__ import annotations

import dataclasses
import itertools
import math
from pathlib import Path

import pytest
from builders import chain, instance_of, project
from listening import RecordingListener
from random_cases import random_case

from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.data.reader import read
from opt.errors import InputError
from opt.model.objectives import measure
from opt.record.flows import CLEAR
from opt.record.passes import Outcome, Pass
from opt.solver import priorities
from opt.solver.control import Control
from opt.solver.highs import PARTS
from opt.solver.nearby import LOOSELY
from opt.solver.priorities import run_pass, starting_plan
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, Stage, deciding_origins, open_stage
from opt.solver.weighted import cheaper_plan, cost_gap_at, relaxed_start
from opt.studies.change import scaled_programmes


def drawn(tmp_path: Path, seed: int) -> Instance:
    """A random case; the test is skipped where the reader refuses it."""
    try:
        return assemble(read(random_case(tmp_path, seed)))
    except InputError:
        pytest.skip("the reader refuses this seed")


@pytest.mark.parametrize("loosely", [LOOSELY, 1e5])
@pytest.mark.parametrize("seed", range(24))
def test_the_answer_is_that_of_the_whole_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, loosely: float
) -> None:
    """Searched whole from nothing, the same case gives the value to compare with; also where the
    search is left with a tenth open, and what is near its plan is looked at."""
    monkeypatch.setattr(priorities, "LOOSELY", loosely)
    instance = drawn(tmp_path, seed)
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


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        # USD million: 60 of capital and 4 years of 100 at 0.2 of opex, 140 in all.
        (SolveOptions(cost_gap=0.05), 0.05 * 140.0),
        (SolveOptions(cost_gap=0.05, cost_gap_added=0.1, no_new_money=75.0), 0.1 * 60.0),
        (SolveOptions(cost_gap=0.05, no_new_money=75.0), 0.05 * 140.0),
        (SolveOptions(cost_gap=0.05, cost_gap_added=0.1), 0.05 * 140.0),
    ],
)
def test_the_gap_asked_of_the_cost_weighs_as_it_is_asked(
    tmp_path: Path, asked: SolveOptions, allowed: float
) -> None:
    """A smelter built for 60 in the first year, which runs to the end and is worth nothing then."""
    case = chain(
        {"discount_rate": 0},
        projects=[project("P", "smelt", 100, 60, life=4, opex=200_000, public_share=1)],
        programmes=[{"programme": "fund", "amount": 100}],
    )
    stage = open_stage(Job(instance_of(tmp_path, case), asked, Control(), Silent()), (CLEAR,))
    cost, dependence = measure(stage.model, "cost"), measure(stage.model, "dependence")
    first = stage.solver.columns[stage.solver.column_of(stage.model.build["P", 2030])].name
    plan = {stage.solver.columns[n].name: 0.0 for n in stage.solver.integers} | {first: 1.0}
    point = stage.complete(dependence, plan).point
    assert point is not None
    spent = stage.solver.value_of(cost.expression, point)
    assert spent * cost.per_unit == pytest.approx(140.0)
    assert cost_gap_at(stage, point, spent) * 140.0 == pytest.approx(allowed)


@pytest.mark.parametrize("loosely", [LOOSELY, 1e5])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_told_is_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, loosely: float
) -> None:
    """No value better, and no bound worse, than the optimum that a whole search finds; and once
    told, nothing worse, but for the rounding of plans that are made exact."""
    monkeypatch.setattr(priorities, "LOOSELY", loosely)
    instance = drawn(tmp_path, seed)
    job = Job(instance, SolveOptions(gap=1e-6), Control(), Silent())
    results, told = [], RecordingListener()
    for worthwhile, listener in ((10**9, Silent()), (0, told)):
        monkeypatch.setattr(priorities, "WORTHWHILE", worthwhile)
        stage = open_stage(job, deciding_origins(instance))
        start = starting_plan(stage, "dependence")
        results.append(run_pass(stage, "dependence", start, listener)[0])
    optimum = results[0].value
    if results[0].outcome is Outcome.INFEASIBLE:
        pytest.skip("no plan obeys every rule")
    assert all(bound - 2e-6 <= optimum <= best + 2e-6 for _, _, best, bound in told.values)
    bests = [best for _, _, best, _ in told.values if math.isfinite(best)]
    bounds = [bound for _, _, _, bound in told.values if math.isfinite(bound)]
    assert all(later <= best + 2e-6 for best, later in itertools.pairwise(bests))
    assert all(later >= bound - 2e-6 for bound, later in itertools.pairwise(bounds))
    if stage.relaxed is not None:
        assert any(
            math.isfinite(best) and math.isfinite(bound) for _, _, best, bound in told.values
        )


@pytest.mark.parametrize("seed", range(12))
def test_what_a_like_case_left_changes_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """With a quarter more money: from nothing, and from where the case as it is ended."""
    instance = drawn(tmp_path, seed)
    monkeypatch.setattr(priorities, "WORTHWHILE", 0)
    options = SolveOptions(gap=1e-6)

    def passed(case: Instance, options: SolveOptions) -> tuple[Pass, Stage]:
        stage = open_stage(Job(case, options, Control(), Silent()), deciding_origins(case))
        start = starting_plan(stage, "dependence")
        return run_pass(stage, "dependence", start, Silent())[0], stage

    left = passed(instance, options)[1].relaxed
    richer = scaled_programmes(instance, 1.25)
    cold, _ = passed(richer, options)
    if cold.outcome is Outcome.INFEASIBLE:
        pytest.skip("no plan obeys every rule")
    warm, _ = passed(richer, dataclasses.replace(options, near=left))
    assert warm.outcome is cold.outcome is Outcome.OPTIMAL
    assert warm.value == pytest.approx(cold.value, abs=2e-6)
    assert warm.bound <= cold.value + 2e-6


@pytest.mark.parametrize("relaxed", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_the_plan_keeps_dependence_and_is_no_dearer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, relaxed: bool
) -> None:
    """With a weighted search before, around whose relaxation it is looked for, and without."""
    instance = drawn(tmp_path, seed)
    if deciding_origins(instance) != (CLEAR,):
        pytest.skip("no clear chain")
    monkeypatch.setattr(priorities, "WORTHWHILE", 0 if relaxed else 10**9)
    clear = open_stage(Job(instance, SolveOptions(gap=0.0), Control(), Silent()), (CLEAR,))
    result, plan, _ = run_pass(clear, "dependence", starting_plan(clear, "dependence"), Silent())
    if plan is None:
        pytest.skip("no plan obeys every rule")
    if relaxed and clear.with_cost is None:
        pytest.skip("no weighted search")
    clear.weighed = None  # so that one is looked for
    clear.keep("dependence", result.value)
    cost, dependence = measure(clear.model, "cost"), measure(clear.model, "dependence")
    before = clear.complete(cost, plan)
    found = cheaper_plan(clear, plan, Silent())
    after = clear.complete(cost, found)  # the kept row still holds, or this had no point
    assert after.point is not None
    assert before.point is not None
    assert after.value <= before.value + 1e-9 * abs(before.value)
    least = clear.complete(dependence, found)
    assert least.value * dependence.per_unit <= result.value + 1.1e-6  # kept to 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_a_search_without_parts_proves_the_same_and_leaves_no_trace(
    tmp_path: Path, seed: int
) -> None:
    """A search with them gives the value to compare with."""
    instance = drawn(tmp_path, seed)
    job = Job(instance, SolveOptions(), Control(), Silent())
    stage = open_stage(job, deciding_origins(instance))
    solver, dependence = stage.solver, measure(stage.model, "dependence").expression
    found = [solver.search(dependence, 0.0, None, 10**6, parts=on) for on in (True, False, True)]
    first = found[0]
    assert first.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
    for answer in found:
        assert answer.outcome is first.outcome
        assert answer.value == pytest.approx(first.value, rel=1e-7, abs=1e-9)
    assert all(solver.highs.getOptionValue(name)[1] for name in PARTS)


@pytest.mark.parametrize(("built", "likely"), [(False, 0.404), (True, 0.4002)])
def test_where_a_search_is_likely_to_end(tmp_path: Path, built: bool, likely: float) -> None:
    """60 of 100 can be clear, so .4 is proven. From nothing, 1.0, halfway would be far: a hundredth
    above is told; from the best plan half the gap of a thousandth above."""
    instance = instance_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10)]))
    stage = open_stage(Job(instance, SolveOptions(gap=1e-3), Control(), Silent()), (CLEAR,))
    told: list[tuple[str, float]] = []
    stage.on_likely = lambda name, value: told.append((name, value))
    dependence = measure(stage.model, "dependence")
    plan = starting_plan(stage, "dependence")
    assert plan is not None
    if built:
        plan = stage.plan_of(stage.solver.minimise(dependence.expression).point)
    known = stage.complete_known(dependence, plan)
    relaxed_start(stage, "dependence", known, weighted=False)
    assert told == [("dependence", pytest.approx(likely, abs=1e-7))]
