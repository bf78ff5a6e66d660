"""A solver that the user stops, or gives up on while it is busy: whichever run of a search it is,
what is known by then is an answer, and no bound or value of it is better than the optimum."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import chain, instance_of, project

from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.data.reader import read
from opt.record.passes import Outcome
from opt.solver import priorities
from opt.solver.control import Control
from opt.solver.highs import HighsModel
from opt.solver.priorities import Solved, solve_instance
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions

INPUTS = Path(__file__).parents[2] / "inputs"
NEAR = 2e-6
SIZE = {"A": 50, "B": 40, "C": 30, "D": 20}
MUSD = {"A": 60, "B": 45, "C": 35, "D": 20}


def case(tmp_path: Path) -> Instance:
    """W needs 100 a year, and USD 100 million are there: A and B cost 105, so that B, C and D for
    100 are the best and leave 0.1."""
    return instance_of(
        tmp_path,
        chain(
            projects=[
                project(name, "smelt", SIZE[name], MUSD[name], public_share=1, latest=2030)
                for name in SIZE
            ],
            programmes=[{"programme": "fund", "amount": 100}],
        ),
    )


def ended_at(
    instance: Instance, number: int, monkeypatch: pytest.MonkeyPatch, *, given_up: bool
) -> Solved | None:
    """The case solved, its user stopping at the run of that number before it begins, or giving up
    on it while it is busy; None where fewer runs suffice."""
    control, runs, usual = Control(), list[HighsModel](), HighsModel._run

    def run(self: HighsModel) -> None:
        if self._obey:
            runs.append(self)
        is_last = self._obey and len(runs) == number
        if is_last and not given_up:
            control.stop.set()
        usual(self)
        if is_last and given_up:
            control.stop.set()
            control.abandon.set()
            self.running = True

    monkeypatch.setattr(HighsModel, "_run", run)
    options = SolveOptions(gap=0.0, cost_gap=0.0)
    answer = solve_instance(Job(instance, options, control, Silent()))
    return answer if len(runs) >= number else None


@pytest.mark.parametrize("worthwhile", [0, 10**9])
def test_what_is_known_is_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worthwhile: int
) -> None:
    """Searched among what a relaxation leaves undecided (0), and whole."""
    instance = case(tmp_path)
    monkeypatch.setattr(priorities, "WORTHWHILE", worthwhile)
    number, best = 0, []
    while True:
        number += 1
        with monkeypatch.context() as patched:
            answer = ended_at(instance, number, patched, given_up=True)
        if answer is None:
            break
        assert answer.outcome is Outcome.FEASIBLE
        assert answer.solution is not None
        built = {c.project for c in answer.solution.commitments}
        dependence, shortfall, cost, _ = answer.passes
        assert dependence.value == pytest.approx(1 - sum(SIZE[j] for j in built) / 100, abs=NEAR)
        assert dependence.bound <= 0.1 + NEAR
        assert shortfall.value == pytest.approx(0, abs=NEAR)
        assert cost.value == pytest.approx(sum(MUSD[j] for j in built), abs=NEAR)
        assert cost.value <= 100 + NEAR
        assert cost.bound <= cost.value
        best.append(dependence.value)
    # Given up on in the first pass nothing may be known, in the last that one is the best.
    assert len(best) > 3
    assert best[-1] == pytest.approx(0.1, abs=NEAR)


def test_a_stop_at_any_run_is_over_with_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What completes the plan known by then goes on to its end. In the shipped example, whose last
    passes search too."""
    instance = assemble(read(INPUTS / "small"), None)
    number, stops = 0, 0
    while True:
        number += 1
        with monkeypatch.context() as patched:
            answer = ended_at(instance, number, patched, given_up=False)
        if answer is None:
            break
        stops += 1
        assert answer.solution is not None or answer.outcome is Outcome.LIMIT
    assert stops >= 3
