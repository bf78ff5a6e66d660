"""All lists of projects near the best plan, on cases whose every plan is known.

By hand: W needs 100 of metal a year, all of it exposed without projects, and a fund of USD 95
million pays for smelters. Big makes 60 for USD 60 million; Little and Twin make 30 each for 30;
Dear makes 30 for 85. Idle is a mine, of which there are enough: it helps nothing.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import Rows, chain, folder_of, project
from click.testing import CliRunner, Result
from every_plan import FULL, SIMPLE, EveryPlan, drawn, least

import opt
from opt import api, best_plans
from opt.cli import cli
from opt.errors import AuditError
from opt.record.alternatives import Alternatives
from opt.record.run import Solution
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.alternatives import most_different
from opt.studies.processes import processes
from opt.studies.runner import Runner
from opt.studies.store import Store

TOLERANCE = 3e-6
EXACT = {"gap": 0, "cost_gap": 0, "objective": "dependence"}
Names = frozenset[str]


def case(**sheets: Rows) -> dict[str, Rows]:
    """The case."""
    smelters = {"Big": (60, 60), "Little": (30, 30), "Twin": (30, 30), "Dear": (30, 85)}
    rows = [project(name, "smelt", *own, public_share=1) for name, own in smelters.items()]
    rows.append(project("Idle", "dig", 30, 0.1, public_share=1))
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 95}]
    return chain(**{"projects": rows, "programmes": fund, **sheets})


def found(tmp_path: Path, within: float, of: dict[str, Rows] | None = None) -> Alternatives:
    """The lists of a case."""
    return best_plans.alternatives(api.load(folder_of(tmp_path, of or case())), within)


def lists(alternatives: Alternatives) -> set[Names]:
    """What is on each list."""
    return {plan.names for plan in alternatives.plans}


def sets(*names: str) -> set[Names]:
    """Lists, each as words."""
    return {frozenset(words.split()) for words in names}


# ---- By hand --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (5, sets("Big Little", "Big Twin")),
        (29, sets("Big Little", "Big Twin")),
        (30, sets("Big", "Little Twin")),
        (60, sets("Big", "Little", "Twin", "Dear")),
        (90, sets("")),
    ],
)
def test_lists_by_hand(tmp_path: Path, within: float, expected: set[Names]) -> None:
    alternatives = found(tmp_path, within)
    assert alternatives.complete
    assert lists(alternatives) == expected
    assert "Idle" in alternatives.exterior


def test_what_a_list_says(tmp_path: Path) -> None:
    alternatives = found(tmp_path, 30)
    assert (alternatives.core, alternatives.borderline) == ((), ("Big", "Little", "Twin"))
    assert alternatives.exterior == ("Dear", "Idle")
    for number, plan in enumerate(alternatives.plans, start=1):
        assert plan.number == number
        assert (plan.dependence, plan.bound) == pytest.approx((0.4, 0.4), abs=TOLERANCE)
        assert (plan.capex_musd, plan.public_musd) == pytest.approx((60, 60), abs=1e-3)
        assert {built.year for built in plan.projects} == {2030}
    (payer,) = alternatives.payers
    assert (payer.least_musd, payer.most_musd) == pytest.approx((60, 60), abs=1e-3)
    (ally,) = alternatives.served
    assert (ally.region, ally.least, ally.most) == ("W", *[pytest.approx(0.6, abs=TOLERANCE)] * 2)


def test_payers_and_allies_as_least_to_most(tmp_path: Path) -> None:
    alternatives = found(tmp_path, 60)
    (payer,) = alternatives.payers
    assert (payer.least_musd, payer.most_musd) == pytest.approx((30, 85), abs=1e-3)
    (ally,) = alternatives.served
    assert (ally.least, ally.most) == pytest.approx((0.3, 0.6), abs=TOLERANCE)


def test_what_the_case_forces_is_on_every_list(tmp_path: Path) -> None:
    of = case()
    of["projects"][4]["decision"] = "force"
    alternatives = found(tmp_path, 30, of)
    assert lists(alternatives) == sets("Idle Big", "Idle Little Twin")
    assert alternatives.core == ("Idle",)


def test_projects_of_several_units_are_one_on_a_list(tmp_path: Path) -> None:
    """Three units of Mini for 10 million each do what Little does, and two do too little; with
    Little and Twin they do what Big does."""
    of = case()
    of["projects"].append(project("Mini", "smelt", 10, 10, public_share=1, max_units=3))
    assert lists(found(tmp_path, 5, of)) == sets(
        *("Big Little", "Big Twin", "Big Mini", "Little Twin Mini")
    )


def test_fewer_lists_than_there_are(tmp_path: Path) -> None:
    source = api.load(folder_of(tmp_path, case()))
    some = best_plans.alternatives(source, 60, most=2)
    assert (some.complete, len(some.plans), some.not_known) == (False, 2, ())
    assert lists(some) < sets("Big", "Little", "Twin", "Dear")


def test_a_plan_that_the_audit_does_not_confirm_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: Callable[[Solution, float], object] = best_plans.found_plan
    monkeypatch.setattr(best_plans, "found_plan", lambda plan, value: told(plan, value - 0.1))
    with pytest.raises(AuditError, match="does not confirm the plan of the plan of list"):
        found(tmp_path, 5)


def test_lists_that_differ_most() -> None:
    some = [frozenset(words) for words in ("ab", "ac", "cd", "ad", "xyz")]
    # From ab: cd differs by 4 and xyz by 5; then cd by 4 from ab; ac and ad are as near as can be.
    assert most_different(some, 3) == [0, 4, 2]
    assert most_different(some, 9) == [0, 4, 2, 1, 3]
    assert most_different([]) == []


# ---- Against every plan ---------------------------------------------------------------------


def minimal(of: EveryPlan, most: float) -> set[Names]:
    """The sets of projects of which some plan is near enough, but no plan of a part of them."""
    every = sorted({name for plan, _ in of.plans for name in plan})
    near = [
        frozenset(names)
        for size in range(len(every) + 1)
        for names in itertools.combinations(every, size)
        if least(own for own in of.plans if own[0].keys() <= set(names)) <= most
    ]
    return {names for names in near if not any(other < names for other in near)}


@pytest.mark.parametrize(
    ("seed", "full"), [*((seed, False) for seed in SIMPLE), *((seed, True) for seed in FULL)]
)
def test_lists_are_those_of_all_plans(tmp_path: Path, seed: int, full: bool) -> None:
    of = drawn(tmp_path, seed, full=full)
    source = api.load(of.path, EXACT)
    values = sorted({value for _, value in of.plans})
    for within in (0.1, 1.0, 100 * (values[len(values) // 2] - of.best) + 0.01):
        alternatives = best_plans.alternatives(source, within, most=50)
        assert alternatives.complete
        assert lists(alternatives) == minimal(of, of.best + within / 100), within
        for plan in alternatives.plans:
            own = least(p for p in of.plans if p[0].keys() <= plan.names)
            assert (plan.dependence, plan.bound) == pytest.approx((own, own), abs=TOLERANCE)
            years = {built.project: built.year for built in plan.projects}
            assert math.isclose(dict_value(of, years), own, abs_tol=TOLERANCE)


def dict_value(of: EveryPlan, years: dict[str, int]) -> float:
    """The dependence of one plan."""
    return next(value for plan, value in of.plans if plan == years)


def test_any_number_of_workers_and_a_second_run_say_the_same(tmp_path: Path) -> None:
    source, store = api.load(folder_of(tmp_path, case())), Store(tmp_path / "store")
    with processes(2) as executor:
        runner = Runner(Control(), Silent(), executor, store)
        both = best_plans.alternatives(source, 30, runner=runner)
    assert both == best_plans.alternatives(source, 30)
    assert both == best_plans.alternatives(
        source, 30, runner=Runner(Control(), Silent(), store=store)
    )


# ---- The command ----------------------------------------------------------------------------


def command(*arguments: object) -> Result:
    """The command in this process, which keeps no answers."""
    return CliRunner().invoke(cli, ["alternatives", *(str(a) for a in arguments), "--no-store"])


def test_words_and_data(tmp_path: Path) -> None:
    folder = opt.write(opt.solve(opt.load(folder_of(tmp_path, case()))), tmp_path / "run")
    asked = command(folder, "--within", 5, "--quiet")
    assert asked.exit_code == 0, asked.output
    assert asked.stdout.splitlines()[:5] == [
        "Complete: 2 lists within 5.0 points of the best plan (10.0%); any plan that near builds "
        "one of them whole.",
        "In every list: Big.",
        "In some: Little, Twin.",
        "In none: Dear, Idle.",
        "Most different: 1, 2.",
    ]
    few = command(folder, "--within", 60, "--most", 2, "--json")
    assert few.exit_code == 5
    data = json.loads(few.stdout)
    assert (data["complete"], len(data["plans"])) == (False, 2)
    assert {"dependence", "cost_musd", "projects"} <= data["plans"][0].keys()
    assert "2 lists found of more" in command(folder, "--within", 60, "--most", 2).stdout
