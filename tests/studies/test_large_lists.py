"""Lists of projects near the best plan as a large case tells them, on cases whose every plan is
known, which are made to count as large.

By hand: W needs 100 of metal a year over 2030-2033, all of it exposed without projects. A, B and C
make 30 each for USD 40 million, and the fund pays 60 million a year, none of it later: one project
a year. All three leave 1 - (30 + 60 + 90 + 90) / 400 = 0.325, any two 1 - (30 + 60 + 60 + 60) / 400
= 0.475, which in parts is 1 - (45 + 60 + 60 + 60) / 400 = 0.4375.
"""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest
from builders import Rows, chain, folder_of, project
from every_plan import EveryPlan, least, tried
from test_alternatives import EXACT, TOLERANCE, lists, minimal

from opt import api, best_plans
from opt.commands.alternatives_words import in_words
from opt.data.reader import read
from opt.record.alternatives import Alternatives
from opt.solver import repair, weighted
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.large_lists import left_out
from opt.studies.processes import processes
from opt.studies.runner import Runner
from opt.studies.store import Store
from opt.studies.task import NOT_DECIDED

Names = frozenset[str]
CHOICE: dict[str, int] = {"public_share": 1, "latest": 2031}


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case counts as large."""
    monkeypatch.setattr(weighted, "WORTHWHILE", 0)


def case() -> dict[str, Rows]:
    """The case."""
    rows = [project(name, "smelt", 30, 40, public_share=1) for name in "ABC"]
    yearly = dict.fromkeys(map(str, range(2030, 2034)), 60)
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 400, **yearly}]
    return chain(projects=rows, programmes=fund)


def found(tmp_path: Path, within: float) -> Alternatives:
    """The lists of the case."""
    return best_plans.alternatives(api.load(folder_of(tmp_path, case())), within)


# ---- By hand --------------------------------------------------------------------------------


def test_a_list_that_needs_all_its_projects(tmp_path: Path) -> None:
    alternatives = found(tmp_path, 10)  # within 0.425, which two do not reach even in parts
    assert lists(alternatives) == {frozenset("ABC")}
    assert (alternatives.complete, alternatives.not_known) == (True, ())
    (plan,) = alternatives.plans
    assert (plan.dependence, plan.unsure) == (pytest.approx(0.325, abs=TOLERANCE), 0)
    assert "A list has no superfluous project" in in_words(alternatives)


def test_lists_of_two(tmp_path: Path) -> None:
    alternatives = found(tmp_path, 16)  # within 0.485
    assert alternatives.complete
    assert lists(alternatives) == {frozenset(pair) for pair in combinations("ABC", 2)}


class StopsAfterTheFirst(Silent):
    """Stops what is asked once the plan of the first list is being made whole and done."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.made = False

    def begin(self, step: str) -> None:
        """Stop at the first question after that plan."""
        if self.made and step.startswith("near enough"):
            self.control.stop.set()
        self.made |= step.startswith("the plan of list 1, whole")


def test_a_list_that_was_found_before_a_stop_is_told_with_its_plan(tmp_path: Path) -> None:
    source, control = api.load(folder_of(tmp_path, case())), Control()
    told = best_plans.alternatives(source, 16, runner=Runner(control, StopsAfterTheFirst(control)))
    assert control.stopped
    (plan,) = told.plans
    assert plan.dependence == pytest.approx(0.475, abs=TOLERANCE)
    assert len(plan.names) == 2
    assert not told.complete


def test_no_list_is_asked_about_beyond_the_number_asked_for(tmp_path: Path) -> None:
    """As many as there are, so that a further question would show that there are no more."""
    source = api.load(folder_of(tmp_path, case()))
    told = best_plans.alternatives(source, 16, most=3)
    assert len(told.plans) == 3
    assert (told.complete, told.not_known) == (False, ())


def test_what_is_not_decided_stays_on_its_list_and_is_told(tmp_path: Path) -> None:
    alternatives = found(tmp_path, 13)  # within 0.455, which two reach in parts alone
    assert lists(alternatives) == {frozenset("ABC")}
    assert not alternatives.complete
    assert [plan.unsure for plan in alternatives.plans] == [3]
    assert f"whether list 1 needs A, B, C: {NOT_DECIDED}" in alternatives.not_known
    words = in_words(alternatives)
    assert "A list may hold superfluous projects" in words
    assert "A list has no superfluous project" not in words


@pytest.mark.parametrize(
    ("of", "loss", "expected"),
    [
        (("ab", "ac"), {"a": 3, "b": 1, "c": 1}, ["bc", "a"]),
        (("ab", "ac"), {"a": 1, "b": 1, "c": 1}, ["a", "bc"]),
        (("ab", "bc", "cd"), {"a": 4, "b": 2, "c": 2, "d": 1}, ["bd", "bc", "ac"]),
        (("a", ""), {}, []),
    ],
)
def test_what_is_left_out_by_what_it_loses(
    of: tuple[str, ...], loss: dict[str, float], expected: list[str]
) -> None:
    assert list(left_out([frozenset(own) for own in of], loss)) == [*map(frozenset, expected)]


# ---- Against every plan ---------------------------------------------------------------------


def drawn(folder: Path, seed: int) -> EveryPlan:
    """Four smelters of some sizes and costs, in 2030 or 2031, and money for two or three of them in
    either year."""
    chance = random.Random(seed)
    rows = [
        project(f"P{n}", "smelt", chance.randint(10, 40), chance.randint(10, 40), **CHOICE)
        for n in range(4)
    ]
    fund = {"programme": "Fund", "instrument": "grant", "amount": 400, "2030": 45, "2031": 35}
    path = folder_of(folder, chain(projects=rows, programmes=[fund]))
    return tried(path, read(path))


def is_near(of: EveryPlan, names: Names, most: float) -> bool:
    """Whether some projects make a plan near enough."""
    return least(plan for plan in of.plans if plan[0].keys() <= names) <= most


# Of these seeds some lists are complete, some are not, and some hold a project too many.
@pytest.mark.parametrize(("seed", "mended_as"), [(2, 300), (8, 0), (9, 0), (9, 300)])
def test_what_is_told_of_lists_is_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, mended_as: int
) -> None:
    monkeypatch.setattr(repair, "WORTHWHILE", mended_as)
    of = drawn(tmp_path, seed)
    source = api.load(of.path, EXACT)
    for within in (3, 9):
        most = of.best + within / 100
        alternatives = best_plans.alternatives(source, within)
        assert alternatives.plans
        for plan in alternatives.plans:
            assert is_near(of, plan.names, most)
            own = least(p for p in of.plans if p[0].keys() <= plan.names)
            assert plan.bound - TOLERANCE <= own <= plan.dependence + TOLERANCE
            spared = [j for j in plan.names if is_near(of, plan.names - {j}, most)]
            assert len(spared) <= plan.unsure
        if alternatives.complete:
            assert lists(alternatives) == minimal(of, most)


def test_any_number_of_workers_and_a_second_run_say_the_same(tmp_path: Path) -> None:
    source, store = api.load(folder_of(tmp_path, case())), Store(tmp_path / "store")
    with processes(2) as executor:
        runner = Runner(Control(), Silent(), executor, store)
        both = best_plans.alternatives(source, 13, runner=runner)
    assert both == best_plans.alternatives(source, 13)
    again = Runner(Control(), Silent(), store=store)
    assert both == best_plans.alternatives(source, 13, runner=again)
