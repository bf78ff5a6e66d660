"""Ways to an answer that leave the answer as it is, and what is told on the way."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from random_cases import random_case

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.errors import InputError
from opt.record.passes import Outcome
from opt.solver import priorities
from opt.solver.control import Control, Progress
from opt.solver.priorities import Solved, solve_instance
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, above, knowing_already


def solved(folder: Path, seed: int) -> Solved:
    """A random case solved whole, to its optimum; skipped where it has none."""
    try:
        instance = assemble(read(random_case(folder, seed)))
    except InputError:
        pytest.skip("the reader refuses this seed")
    options = SolveOptions(gap=0.0, cost_gap=0.0)
    answer = solve_instance(Job(instance, options, Control(), Silent()))
    if answer.outcome is Outcome.INFEASIBLE:
        pytest.skip("no plan obeys every rule")
    return answer


@pytest.mark.parametrize("seed", range(20))
def test_nobody_short_in_one_programme_is_the_answer_of_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Shortfall by itself and then cost give the values to compare with."""
    at_once = solved(tmp_path / "at_once", seed)
    monkeypatch.setattr(priorities, "_nobody_short", lambda *_: None)
    one_by_one = solved(tmp_path / "one_by_one", seed)
    for one, two in zip(at_once.passes, one_by_one.passes, strict=True):
        assert (one.objective, one.outcome) == (two.objective, two.outcome)
        assert one.value == pytest.approx(two.value, rel=1e-6, abs=1e-6)
        assert one.bound == pytest.approx(two.bound, rel=1e-6, abs=1e-6)


def test_the_random_cases_have_both_kinds(tmp_path: Path) -> None:
    """Some leave demand unserved and some none: the test above meets both ways."""
    served = set()
    for seed in range(8):
        try:
            answer = solved(tmp_path, seed)
        except pytest.skip.Exception:
            continue
        (short,) = (p.value for p in answer.passes if p.objective == "shortfall")
        served.add(short > 1e-6)
    assert served == {True, False}


@pytest.mark.parametrize(
    ("best", "bound", "told"),
    [(math.inf, -math.inf, (5.0, 3.0)), (6.0, 2.0, (5.0, 3.0)), (4.0, 3.5, (4.0, 3.5))],
)
def test_nothing_worse_is_told_than_what_is_known(
    best: float, bound: float, told: tuple[float, float]
) -> None:
    """A value of 5 and a bound of 3 are known; before and after, what comes is told as it is."""
    heard: list[Progress] = []
    control = Control()
    control.report = heard.append
    came = Progress(1.0, best, bound)
    with knowing_already(control, 5.0, 3.0):
        assert control.report is not None
        control.report(came)
    control.report(came)
    assert heard == [Progress(1.0, *told), came]


def test_what_lies_above_a_value_is_told_with_it() -> None:
    """5 and 3 above 10; nothing found and nothing proven stay so."""
    heard: list[Progress] = []
    control = Control()
    control.report = heard.append
    with above(control, 10.0):
        assert control.report is not None
        control.report(Progress(1.0, 5.0, 3.0))
        control.report(Progress(2.0, math.inf, -math.inf))
    assert heard == [Progress(1.0, 15.0, 13.0), Progress(2.0, math.inf, -math.inf)]
