"""How much of a plan rests on which grade of data, on cases whose split is known by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all, and
without new money all of it is exposed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, plant, project, solved
from click.testing import CliRunner, Result
from drawn_cases import FEW, SHARES, Sheets, cases
from hypothesis import given
from hypothesis import strategies as st

from opt import questions
from opt.cli import cli
from opt.data.grades import GRADES
from opt.results.grades import NO_PROJECT, PlanGrades, capex_by_grade, grades_of_projects

KEPT = 1e-8
USD = 1e-6  # USD million


def smelter(name: str, capacity: float, capex: float, grade: str, /, **values: Any) -> Any:
    """A candidate smelter in W with a grade."""
    return project(name, "smelt", capacity, capex, confidence=grade, **values)


def three() -> Rows:
    """Of 110 in all, any two make less than the 100 that W needs, so that all are built."""
    return [smelter("P", 20, 1, "A"), smelter("Q", 30, 2, "C"), smelter("R", 60, 4, "D")]


def graded(parent: Path, case: dict[str, Rows]) -> PlanGrades:
    """The case solved and its plan weighed."""
    return questions.weigh_grades(solved(parent, case))


def falls(found: PlanGrades) -> dict[str, float]:
    """What each step takes off dependence."""
    return {step.grade: step.fall for step in found.steps}


def test_three_projects_of_three_grades(tmp_path: Path) -> None:
    found = graded(tmp_path, chain(projects=three()))
    assert found.before == pytest.approx(1, abs=KEPT)
    # 20 of 100 from P, then 30 from Q, then the 50 that are left from R.
    assert falls(found) == pytest.approx({"A": 0.2, "C": 0.3, "D": 0.5}, abs=KEPT)
    assert {s.grade: s.dependence for s in found.steps} == pytest.approx(
        {"A": 0.8, "C": 0.5, "D": 0}, abs=KEPT
    )
    assert {s.grade: s.capex_musd for s in found.steps} == pytest.approx({"A": 1, "C": 2, "D": 4})
    assert {s.grade: s.projects for s in found.steps} == {"A": 1, "C": 1, "D": 1}
    assert (found.fall, found.dependence) == pytest.approx((1, 0), abs=KEPT)
    assert found.capex_musd == pytest.approx(7)


def test_a_project_counts_once_what_it_requires_does(tmp_path: Path) -> None:
    rows = [smelter("P", 20, 1, "A", requires="R"), *three()[1:]]
    found = graded(tmp_path, chain(projects=rows))
    # P stands on R: its 20 come with R's 50, its capex stays with its own grade.
    assert falls(found) == pytest.approx({"A": 0, "C": 0.3, "D": 0.7}, abs=KEPT)
    assert {s.grade: s.capex_musd for s in found.steps} == pytest.approx({"A": 1, "C": 2, "D": 4})


def test_rows_without_a_grade_come_last(tmp_path: Path) -> None:
    found = graded(tmp_path, chain(projects=[smelter("P", 20, 1, ""), *three()[1:]]))
    # Q and R make 90 of 100; the 10 that are left are P's.
    assert falls(found) == pytest.approx({"C": 0.3, "D": 0.6, "none": 0.1}, abs=KEPT)


def test_what_the_plan_had_to_obey_asks_nothing_of_its_parts(tmp_path: Path) -> None:
    # R is forced, a target wants 80 of W's metal made in W, and the money of all three is counted.
    rows = [{**row, "public_share": 1} for row in three()]
    rows[2]["decision"] = "force 2030"
    aim = {"target": "home", "metric": "output", "scope": "metal:W", "year": 2033}
    case = chain(
        {"dependence_target": 0.1},
        projects=rows,
        programmes=[{"programme": "fund", "amount": 7, "2030": 7, "ticket_min": 1}],
        targets=[{**aim, "sense": "at_least", "bound": 80}],
        build_limits=[{"field": "all", "value": "", "what": "starts", "2030": 3}],
    )
    assert falls(graded(tmp_path, case)) == pytest.approx({"A": 0.2, "C": 0.3, "D": 0.5}, abs=KEPT)


def stocked(projects: Rows, budget: float) -> dict[str, Rows]:
    """W's own smelter makes 150 a year and closes after 2031, so that 50 a year can be put by for
    2032 and 2033, at USD 10 a unit; without new money 200 of the 400 are exposed."""
    base = chain()
    return base | {
        "facilities": [*base["facilities"], plant("smelter_w", "W", "smelt", 150, closes=2031)],
        "prices": [{"commodity": "metal", "2030": 10, "2033": 10}],
        "stockpiles": [{"stockpile": "reserve", "region": "W", "commodity": "metal"}],
        "programmes": [{"programme": "fund", "pays_for": "stock; capex", "amount": budget}],
        "projects": projects,
    }


def test_stock_needs_no_project(tmp_path: Path) -> None:
    found = graded(tmp_path, stocked([smelter("P", 20, 1, "B", public_share=0)], 1))
    # Stock alone: 100 of the 200. P makes 20 more in each of four years, all of it used in the end.
    assert falls(found) == pytest.approx({NO_PROJECT: 100 / 400, "B": 80 / 400}, abs=KEPT)
    assert [step.projects for step in found.steps] == [0, 1]
    assert found.capex_musd == pytest.approx(1)


def test_money_of_what_is_left_out_buys_nothing_else(tmp_path: Path) -> None:
    # USD 1,000 build P, which makes 75 in 2032 and in 2033; the other 500 buy 50 units of stock.
    # All 1,500 could have bought the 100 that can be put by.
    late = smelter("P", 75, 1000 * USD, "D", public_share=1, earliest=2032)
    found = graded(tmp_path, stocked([late], 1500 * USD))
    assert falls(found) == pytest.approx({NO_PROJECT: 50 / 400, "D": 150 / 400}, abs=KEPT)


def test_supported_plants_need_no_project(tmp_path: Path) -> None:
    # Metal sells at USD 50, its ore costs 80: USD 30 on each of 400 units is paid, 80 a year of W's
    # own smelter and 20 of P.
    base = chain({"losing_plants": "need_support"})
    case = base | {
        "facilities": [*base["facilities"], plant("smelter_w", "W", "smelt", 80)],
        "prices": [
            {"commodity": name, "2030": price, "2033": price}
            for name, price in (("metal", 50), ("ore", 80))
        ],
        "programmes": [{"programme": "fund", "pays_for": "price_support", "amount": 12_000 * USD}],
        "projects": [smelter("P", 20, 1, "B")],
    }
    found = graded(tmp_path, case)
    assert falls(found) == pytest.approx({NO_PROJECT: 0.8, "B": 0.2}, abs=KEPT)


def test_a_plan_of_nothing_rests_on_nothing(tmp_path: Path) -> None:
    found = graded(tmp_path, chain())
    assert found.steps == ()
    assert (found.fall, found.capex_musd) == (0, 0)


@FEW
@given(cases(), st.permutations([*GRADES[:-1], ""]))
def test_grades_come_to_the_whole(case: Sheets, order: list[str]) -> None:
    for row, grade in zip(case["projects"], order, strict=False):
        row["confidence"] = grade
    with tempfile.TemporaryDirectory() as folder:
        run = solved(Path(folder), case)
    found = questions.weigh_grades(run)
    fall = run.baseline.dependence - run.metrics.dependence
    assert sum(falls(found).values()) == pytest.approx(fall, abs=SHARES)
    assert all(step.fall >= -SHARES for step in found.steps)
    assert [s.grade for s in found.steps] == [g for g in GRADES if g in falls(found)]
    # The memo's split of the capital is the same.
    split = capex_by_grade(grades_of_projects(run.workbook), run.solution.commitments)
    assert {s.grade: s.capex_musd for s in found.steps} == pytest.approx(split)
    assert found.capex_musd == pytest.approx(run.metrics.capex_musd)


# ---- The command ----------------------------------------------------------------------------


def check(*words: object) -> Result:
    """`opt check` with these words."""
    return CliRunner().invoke(cli, ["check", *(str(word) for word in words)])


def test_the_check_counts_rows_and_capital_and_solves_nothing(tmp_path: Path) -> None:
    # Scalable to 10 units at 3 each beside 2, twice, of which this chain carries half: 32.
    large = {"capacity": "", "capacity_max": 10, "capex_per_unit": 3, "max_units": 2}
    rows = [
        smelter("P", 20, 16, "A"),
        smelter("Q", 30, 2, "D", capex_share=0.5, **large),
    ]
    result = check(folder_of(tmp_path, chain(projects=rows)))
    assert result.exit_code == 0
    # 5 settings, 3 regions, 2 commodities, 2 processes, 3 recipes, 3 facilities and 1 demand.
    assert result.stdout.splitlines()[1:3] == [
        "Rows by grade: A 1, D 1, none 19.",
        "Capital of all candidates at their largest: USD 48 million; A 33%, D 67%.",
    ]


def test_the_table_of_the_command(tmp_path: Path) -> None:
    path = folder_of(tmp_path, chain(projects=three()))
    result = check(path, "--grades")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    at = lines.index("What of the plan rests on which grade of data:")
    assert [line.split() for line in lines[at + 2 : at + 7]] == [
        ["no", "new", "money", "100.0%"],
        ["A", "1", "1", "14%", "80.0%", "20.0", "20%"],
        ["C", "1", "2", "29%", "50.0%", "30.0", "30%"],
        ["D", "1", "4", "57%", "0.0%", "50.0", "50%"],
        ["the", "plan", "3", "7", "100%", "0.0%", "100.0", "100%"],
    ]
    assert "audit" in result.stderr
    document = json.loads(check(path, "--grades", "--json").stdout)
    assert document["grades"]["candidates_musd"] == {"A": 1, "C": 2, "D": 4}
    plan = document["grades"]["plan"]
    assert [step["fall"] for step in plan["steps"]] == pytest.approx([0.2, 0.3, 0.5], abs=KEPT)
    assert (plan["before"], plan["dependence"], plan["capex_musd"]) == pytest.approx(
        (1, 0, 7), abs=KEPT
    )


def test_grades_of_a_variant_with_calibration(tmp_path: Path) -> None:
    where = {"sheet": "projects", "row": "R", "column": "confidence"}
    variants = [{"variant": "sure", **where, "value": "A"}]
    path = folder_of(tmp_path, chain(projects=three(), variants=variants))
    result = check(path, "--variant", "sure", "--calibration", "--grades", "--json")
    document = json.loads(result.stdout)
    # P and R are graded A: 80 of 100, then Q's 20.
    steps = {step["grade"]: step["fall"] for step in document["grades"]["plan"]["steps"]}
    assert steps == pytest.approx({"A": 0.8, "C": 0.2}, abs=KEPT)
    assert document["calibration"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [("dependence_target=0.01", 3), ("time_limit=0", 5), ("gap=x", 2)],
)
def test_exit_codes_are_those_of_a_solve(tmp_path: Path, change: str, code: int) -> None:
    rows = three()[:2]
    path = folder_of(tmp_path, chain(projects=rows))
    assert check(path, "--grades", "--set", change).exit_code == code
