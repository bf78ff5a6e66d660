"""Plans mended after a change: by hand, and beside the optimum of small random cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import chain, instance_of, project
from random_cases import random_case
from test_loaded import SAME, bound_alone, drawn, job, loaded

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.model.objectives import measure
from opt.solver import repair
from opt.solver.control import Control
from opt.solver.loaded import Loaded, load
from opt.solver.repair import MOVES, Repaired
from opt.solver.stage import Job, deciding_origins, open_stage
from opt.studies import change


def repaired(
    model: Loaded,
    changed: Instance,
    given: tuple[FixedCommitment, ...],
    gap: float = 1e-3,
    moves: int = MOVES,
) -> Repaired | None:
    """The mended plan alone."""
    return repair.repaired(model, changed, given, gap, moves)[0]


def three(tmp_path: Path, **sheets: object) -> Instance:
    """W needs 100 a year over 2030-2033. Big makes 60 for USD 60 million, Small and Spare 30 for 30
    each; the fund has 90."""
    sizes = {"Big": 60, "Small": 30, "Spare": 30}
    projects = [project(j, "smelt", n, n, public_share=1) for j, n in sizes.items()]
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    given = {"projects": projects, "programmes": fund, **sheets}
    return instance_of(tmp_path, chain(**given))  # type: ignore[arg-type]


def plan(*projects: str, year: int = 2030) -> tuple[FixedCommitment, ...]:
    """A unit of each in a year."""
    return tuple(FixedCommitment(j, year, 1, None) for j in projects)


def test_a_plan_that_stands_is_proven_at_once(tmp_path: Path) -> None:
    found = repaired(loaded(three(tmp_path)), three(tmp_path), plan("Big", "Small"))
    assert found is not None
    assert (found.plan, found.moves) == (plan("Big", "Small"), 1)
    assert (found.value, found.bound) == pytest.approx((0.1, 0.1), abs=SAME)


@pytest.mark.parametrize(
    ("out", "left", "value"),
    [
        # Another of its size takes its place.
        ("Small", ("Big", "Spare"), 0.1),
        # The two that are left need USD 60 million of the 90.
        ("Big", ("Small", "Spare"), 0.4),
    ],
)
def test_what_is_forbidden_is_replaced(
    tmp_path: Path, out: str, left: tuple[str, ...], value: float
) -> None:
    case = three(tmp_path)
    found = repaired(loaded(case), change.forbidden(case, out), plan("Big", "Small"))
    assert found is not None
    assert {c.project for c in found.plan} == set(left)
    assert found.value == pytest.approx(value, abs=SAME)


def test_less_money_drops_what_it_cannot_pay(tmp_path: Path) -> None:
    """USD 60 million pay for Big, or for both others: 60 of 100 either way."""
    case = three(tmp_path)
    cut = change.scaled_programmes(case, 60 / 90)
    found = repaired(loaded(case), cut, plan("Big", "Small"))
    assert found is not None
    assert found.value == pytest.approx(0.4, abs=SAME)


def test_a_commitment_moves_to_a_year_with_room(tmp_path: Path) -> None:
    """One start a year: Big in 2030 and a small one in 2031. Without Big in 2030 that year has one
    start for a small one, 2031 one for Big; the second small one cannot be paid."""
    starts = [{"field": "all", "what": "starts"} | dict.fromkeys(map(str, range(2030, 2034)), 1)]
    case = three(tmp_path, build_limits=starts)
    found = repaired(loaded(case), case, plan("Big", "Small"), gap=0.0)
    assert found is not None
    # 0.4 in 2030, where Big alone starts, 0.1 in the three years after.
    assert found.value == pytest.approx((0.4 + 3 * 0.1) / 4, abs=SAME)
    assert len({c.year for c in found.plan}) == len(found.plan) == 2


def test_no_plan_where_no_plan_obeys_every_rule(tmp_path: Path) -> None:
    case = three(
        tmp_path,
        targets=[
            {"target": "low", "metric": "dependence", "year": 2033, "bound": 0.15},
        ],
    )
    assert repaired(loaded(case), case, plan("Big", "Small")) is not None
    assert repaired(loaded(case), change.forbidden(case, "Big"), plan("Big", "Small")) is None


def test_a_stop_keeps_what_is_known(tmp_path: Path) -> None:
    case, control = three(tmp_path), Control()
    model = load(Job(case, job(case).options, control, job(case).listener))
    found = repaired(model, case, plan("Small"), moves=1)
    assert found is not None
    assert (found.plan, found.value) == (plan("Small"), pytest.approx(0.7, abs=SAME))


def drawn_and_solved(folder: Path, seed: int) -> tuple[Instance, tuple[FixedCommitment, ...]]:
    """A random case and its best plan; skips a seed that has none, or that builds nothing."""
    case = drawn(folder, random_case, seed)
    best = best_plan(case)
    if best is None or not best[1]:
        pytest.skip("no plan, or nothing is built")
    return case, best[1]


@pytest.mark.parametrize("seed", range(4, 14))
def test_a_mended_plan_obeys_every_rule(tmp_path: Path, seed: int) -> None:
    """The least dependence for less money, or without a project, from the best plan with all of it:
    what is found is worth what a model that holds it says, between bound and optimum."""
    case, best = drawn_and_solved(tmp_path, seed)
    model = loaded(case)
    gone = best[0].project
    for changed in (change.scaled_programmes(case, 0.7), change.forbidden(case, gone)):
        found, optimum = repaired(model, changed, best), best_plan(changed)
        if found is None:
            continue
        assert optimum is not None
        assert found.value >= optimum[0] - SAME
        assert found.bound == pytest.approx(bound_alone(changed), abs=SAME)
        assert best_of(changed, found.plan) == pytest.approx(found.value, abs=1e-6)


@pytest.mark.parametrize("seed", range(4, 14))
def test_a_search_from_the_mended_plan_comes_to_the_optimum(tmp_path: Path, seed: int) -> None:
    """With no more moves than to try the plan itself the search of the loaded model does the rest:
    value and bound are those of a model of the change's own, and the next change is not told of
    it."""
    case, best = drawn_and_solved(tmp_path, seed)
    model = loaded(case)
    gone = best[0].project
    for changed in (change.scaled_programmes(case, 0.7), change.forbidden(case, gone), case):
        found, _ = repair.repaired(model, changed, best, 0.0, 2, to_gap=True)
        if found is None:
            continue
        optimum = best_plan(changed)
        assert optimum is not None
        assert (found.value, found.bound) == pytest.approx((optimum[0],) * 2, abs=1e-6)
        held = best_of(changed, found.plan)
        assert held == pytest.approx(found.value, abs=1e-6)


def best_of(case: Instance, held: tuple[FixedCommitment, ...]) -> float:
    """The least dependence of a plan, by a model that holds it."""
    stage = open_stage(job(case, plan=held), deciding_origins(case), freight=False)
    measured = measure(stage.model, "dependence")
    return stage.solver.minimise(measured.expression).value * measured.per_unit


def best_plan(case: Instance) -> tuple[float, tuple[FixedCommitment, ...]] | None:
    """The optimum by a search, and its plan; None where there is none."""
    stage = open_stage(job(case), deciding_origins(case), freight=False)
    measured = measure(stage.model, "dependence")
    found = stage.solver.minimise(measured.expression)
    if found.point is None:
        return None
    units = stage.solver.values(stage.model.build, stage.model.index.BUILD, found.point)
    given = tuple(FixedCommitment(j, v, round(u), None) for (j, v), u in units.items() if round(u))
    return found.value * measured.per_unit, given


@pytest.mark.parametrize("seed", range(4, 14))
def test_in_a_large_case_what_differs_is_searched(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every project decided otherwise, whatever the size of the case: a plan obeys the changed
    case, comes to the value that is told, and is no better than what no plan can beat."""
    monkeypatch.setattr(repair, "WORTHWHILE", 0)
    case = drawn(tmp_path, random_case, seed)
    model, told = loaded(case), 0
    given = repaired(model, case, ())
    assert given is not None
    built = {c.project for c in given.plan}
    for j, held in case.projects.items():
        if not held.offers or held.forced:
            continue
        changed = (change.forbidden if j in built else change.forced)(case, j)
        found = repaired(model, changed, given.plan, gap=0.0)
        if found is None:
            continue
        told += 1
        assert (j in {c.project for c in found.plan}) is (j not in built)
        with model.under(changed) as asked:
            own = asked.value(found.plan)
        assert found.value == pytest.approx(own.value, abs=SAME)
        alone = bound_alone(changed)
        assert alone is not None
        assert found.bound == pytest.approx(alone, abs=SAME)
        assert found.value >= alone - SAME
    assert told


def test_a_plan_goes_with_what_is_offered_later(tmp_path: Path) -> None:
    """All may first be committed in 2031: the plan a year later, 100 exposed in 2030 and 10 in the
    three years after."""
    case = three(tmp_path)
    later = change.waiting_a_year(case, list(case.projects))
    found = repaired(loaded(case), later, plan("Big", "Small"))
    assert found is not None
    assert (found.plan, found.moves) == (plan("Big", "Small", year=2031), 1)
    assert found.value == pytest.approx((1.0 + 3 * 0.1) / 4, abs=SAME)
