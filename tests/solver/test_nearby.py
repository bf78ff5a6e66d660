"""Better plans in the years around those of a plan that is known, each by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from builders import chain, instance_of, project

from opt.model.objectives import measure
from opt.record.flows import CLEAR
from opt.record.passes import Outcome
from opt.solver import nearby
from opt.solver.control import Control
from opt.solver.highs import SolverAnswer
from opt.solver.nearby import better_nearby, worth_looking_around
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, Stage, open_stage

# Dependence over 2030-2033 where 60 of 100 are clear from a year on: 1 before, .4 then.
FROM = {2030: 0.4, 2031: 0.55, 2032: 0.7, 2033: 0.85}


def opened(tmp_path: Path, gap: float = 1e-3) -> Stage:
    """A case with one smelter that can be built in each of four years."""
    instance = instance_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10)]))
    return open_stage(Job(instance, SolveOptions(gap=gap), Control(), Silent()), (CLEAR,))


def built(stage: Stage, year: int) -> SolverAnswer:
    """The plan that builds it in a year, with the bound that the best plan proves."""
    dependence = measure(stage.model, "dependence")
    column = stage.solver.column_of(stage.model.build["P", year])
    plan = {stage.solver.columns[n].name: float(n == column) for n in stage.solver.integers}
    known = stage.complete_known(dependence, plan)
    bound = FROM[2030] / dependence.per_unit
    return dataclasses.replace(known, outcome=Outcome.FEASIBLE, bound=bound)


@pytest.mark.parametrize(
    ("windows", "began", "ends"),
    [
        ((2, 1), 2032, 2030),
        ((2, 1), 2033, 2030),  # two years, and from there one
        ((2,), 2033, 2031),
        ((1,), 2033, 2032),
        ((1,), 2030, 2030),
    ],
)
def test_a_plan_moves_within_the_windows(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    windows: tuple[int, ...],
    began: int,
    ends: int,
) -> None:
    """Dependence falls by .15 with each year earlier; it is proven where none is left."""
    monkeypatch.setattr(nearby, "WINDOWS", windows)
    stage = opened(tmp_path)
    dependence = measure(stage.model, "dependence")
    known = built(stage, began)
    assert known.value * dependence.per_unit == pytest.approx(FROM[began])
    found = better_nearby(stage, dependence, known, 1e-3)
    assert found.value * dependence.per_unit == pytest.approx(FROM[ends], abs=1e-7)
    assert found.bound == known.bound
    if ends != began:
        assert found.outcome is (Outcome.OPTIMAL if ends == 2030 else Outcome.FEASIBLE)
    assert all(stage.solver.bounds_at(int(n)) == (0.0, 1.0) for n in stage.solver.integers)


def test_nothing_is_looked_for_once_it_is_stopped(tmp_path: Path) -> None:
    """The plan that is known is the answer."""
    stage = opened(tmp_path)
    known = built(stage, 2033)
    stage.control.stop.set()
    assert better_nearby(stage, measure(stage.model, "dependence"), known, 1e-3) == known


def test_a_project_that_is_not_in_the_plan_stays_out(tmp_path: Path) -> None:
    """From a plan that builds nothing there is nothing near."""
    stage = opened(tmp_path)
    dependence = measure(stage.model, "dependence")
    nothing = {stage.solver.columns[n].name: 0.0 for n in stage.solver.integers}
    known = stage.complete_known(dependence, nothing)
    known = dataclasses.replace(known, bound=FROM[2030] / dependence.per_unit)
    found = better_nearby(stage, dependence, known, 1e-3)
    assert found.value * dependence.per_unit == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("gap", "year", "worth"),
    # .85 lies 53% above .4, within 8 times a gap of .1 and not within 8 times one of .05.
    [
        (1e-3, 2033, True),
        (0.05, 2033, True),
        (0.1, 2033, False),
        (1e-3, 2030, False),
        (0.0, 2033, False),
    ],
)
def test_when_a_search_is_left_early(tmp_path: Path, gap: float, year: int, worth: bool) -> None:
    """Where its plan is far from the bound, and the optimum itself is not asked for."""
    stage = opened(tmp_path, gap)
    known = built(stage, year)
    assert worth_looking_around(stage, measure(stage.model, "dependence"), known) is worth
