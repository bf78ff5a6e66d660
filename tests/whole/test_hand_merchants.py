"""What comes without new money, on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all, and
has ore enough. What a clear smelter makes lowers the dependence of 1.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, built, chain, folder_of, instance_of, project, solved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opt import api, questions
from opt.record.projects import Commitment
from opt.record.run import Run
from opt.report.findings import findings
from opt.report.sections.merchants import additional_sentence
from opt.report.story import Story
from opt.results.metrics import project_capacity

KEPT = 1e-8
COMES: dict[str, Any] = {"merchant": 2032, "merchant_chance": 0.6}
NO_MONEY: Rows = [{"field": "all", "2030": 0, "2031": 0, "2032": 0, "2033": 0}]


def smelter(**values: Any) -> Rows:
    """One candidate of 100 at USD 40 million."""
    return [project("P", "smelt", 100, 40, **values)]


def assert_dependence(run: Run, without: float, expected: float) -> None:
    """Without the plan and with it, of an audited plan."""
    assert run.audit.passed
    found = run.baseline.dependence, run.metrics.dependence
    assert found == pytest.approx((without, expected), abs=KEPT)


def unpaid(**values: Any) -> Sheets:
    """A case in which nothing can be committed."""
    return chain(projects=smelter(**values), private_capital=NO_MONEY)


def capacity(run: Run, plant: str) -> dict[int, float]:
    """What a plant could make, by year."""
    return {e.year: e.capacity for e in run.capacity if e.plant == plant}


def test_a_share_of_capacity_comes_by_itself(tmp_path: Path) -> None:
    # 60 a year in 2032 and 2033: 120 of 400.
    run = solved(tmp_path, unpaid(**COMES))
    assert built(run) == {}
    assert_dependence(run, 0.7, 0.7)
    assert capacity(run, "P") == pytest.approx({2032: 60, 2033: 60})


def test_it_ramps_ages_and_is_available_like_any_plant(tmp_path: Path) -> None:
    # 0.6 x 0.9 x (0.5 + 1) x 100 = 81, from 2031 to 2032: a life of two years.
    case = unpaid(merchant=2031, merchant_chance=0.6, ramp="slow", life=2, availability=0.9)
    case["ramps"] = [{"ramp": "slow", "year_1": 0.5, "year_2": 1}]
    assert_dependence(solved(tmp_path, case), 1 - 81 / 400, 1 - 81 / 400)


def test_a_commitment_adds_what_it_is_above(tmp_path: Path) -> None:
    # The plan commits in 2030 for 400 of 400; without it 120 come.
    run = solved(tmp_path, chain(projects=smelter(**COMES)))
    assert built(run) == {"P": 2030}
    assert_dependence(run, 0.7, 0)
    assert capacity(run, "P") == pytest.approx(dict.fromkeys(range(2030, 2034), 100))
    # With chances of 0.8, of which 0.6 come: 80 of 100 a year, not 140.
    run = solved(tmp_path, chain(projects=smelter(chance=0.8, **COMES)))
    assert_dependence(run, 0.7, 0.2)


def test_a_commitment_on_a_ramp_never_makes_less_than_what_comes(tmp_path: Path) -> None:
    # Comes in 2030, on 0.6 x (0.3, 0.6, 1, 1); committed at the earliest in 2031 with
    # (0.3, 0.6, 1): the larger each year of 18, 36, 60, 60 and 0, 30, 60, 100 is 18, 36, 60, 100.
    case = chain(projects=smelter(merchant=2030, merchant_chance=0.6, ramp="slow", earliest=2031))
    case["ramps"] = [{"ramp": "slow", "year_1": 0.3, "year_2": 0.6, "year_3": 1}]
    run = solved(tmp_path, case)
    assert built(run) == {"P": 2031}
    assert capacity(run, "P") == pytest.approx({2030: 18, 2031: 36, 2032: 60, 2033: 100})
    assert_dependence(run, 1 - 174 / 400, 1 - 214 / 400)


def test_another_of_its_group_takes_its_place(tmp_path: Path) -> None:
    # Q of 80 on a ramp of (0.5, 1), committed in 2032 at the earliest: 40 in 2032, less than the
    # 60 of P, so that P runs on and Q not at all; 80 in 2033 in the place of P.
    rows = [
        *smelter(earliest=2033, latest=2033, group="site", **COMES | {"merchant": 2030}),
        project("Q", "smelt", 80, 10, ramp="slow", earliest=2032, latest=2032, group="site"),
    ]
    case = chain(projects=rows, private_capital=[{"field": "all", "2033": 0}])
    case["ramps"] = [{"ramp": "slow", "year_1": 0.5, "year_2": 1}]
    run = solved(tmp_path, case)
    assert built(run) == {"Q": 2032}
    assert_dependence(run, 0.4, 1 - 260 / 400)
    assert capacity(run, "P") == pytest.approx({2030: 60, 2031: 60, 2032: 60})
    assert {t: c for t, c in capacity(run, "Q").items() if c} == pytest.approx({2033: 80})


def test_one_that_is_never_as_large_never_runs(tmp_path: Path) -> None:
    rows = [*smelter(group="site", latest=2030, **COMES | {"merchant": 2030})]
    rows += [project("Q", "smelt", 50, 1, group="site")]
    case = chain(projects=rows, private_capital=[{"field": "project", "value": "P", "2030": 0}])
    run = solved(tmp_path, case)
    assert built(run) == {}
    assert_dependence(run, 0.4, 0.4)


def test_a_later_plant_of_the_group_that_was_there_first_keeps_the_place(tmp_path: Path) -> None:
    # Q of 50 runs from 2030 on, before P would come: in its place for good.
    rows = [*smelter(group="site", **COMES), project("Q", "smelt", 50, 1, group="site")]
    case = chain(projects=rows, private_capital=[{"field": "project", "value": "P", "2030": 0}])
    case["private_capital"][0] |= dict.fromkeys(("2031", "2032", "2033"), 0)
    run = solved(tmp_path, case)
    assert built(run) == {"Q": 2030}
    assert_dependence(run, 0.7, 0.5)


def test_a_requirement_is_met_by_a_commitment_alone(tmp_path: Path) -> None:
    rows = [*smelter(**COMES), project("Q", "smelt", 40, 1, requires="P")]
    limits = [{"field": "project", "value": "P", **dict.fromkeys(map(str, range(2030, 2034)), 0)}]
    run = solved(tmp_path, chain(projects=rows, private_capital=limits))
    assert built(run) == {}
    assert_dependence(run, 0.7, 0.7)


def test_a_delay_puts_off_what_comes(tmp_path: Path) -> None:
    # Planned over two years to come in 2032; a delay of one year for what begins in 2030.
    case = unpaid(lead_time=2, **COMES)
    case["scenarios"] = [{"scenario": "late"}]
    case["shocks"] = [{"scenario": "late", "what": "lead_time", "shift": 1}]
    assert_dependence(solved(tmp_path, case), 0.7, 0.7)
    assert_dependence(solved(tmp_path, case, scenario="late"), 0.85, 0.85)


def test_the_setting_says_what_no_new_money_means(tmp_path: Path) -> None:
    run = solved(tmp_path, chain({"baseline": "frozen"}, projects=smelter(**COMES)))
    assert_dependence(run, 1, 0)


def test_its_chance_counts_where_those_of_commitments_do_not(tmp_path: Path) -> None:
    run = solved(tmp_path, chain({"survival": "none"}, projects=smelter(chance=0.6, **COMES)))
    assert_dependence(run, 0.7, 0)


@pytest.mark.parametrize("values", [{}, {"merchant": 2032, "merchant_chance": 0}])
def test_by_no_chance_nothing_comes(tmp_path: Path, values: dict[str, Any]) -> None:
    plain = solved(tmp_path, chain(projects=smelter()))
    run = solved(tmp_path, chain(projects=smelter(**values)))
    assert (run.metrics, run.baseline) == (plain.metrics, plain.baseline)
    assert (run.solution, run.capacity) == (plain.solution, plain.capacity)


def test_both_senses_of_no_new_money_are_told(tmp_path: Path) -> None:
    # 1 where nothing comes, 0.7 with 60 in two years of four; the plan makes 400 of 400. Of 40,
    # half of it public, 0.6 of the public 20 bought what would have come.
    fund: Rows = [{"programme": "fund", "amount": 20}]
    case = chain({"public_share": 0.5}, projects=smelter(**COMES), programmes=fund)
    run = solved(tmp_path, case)
    other = {row.name: row for row in run.options}["No new money, frozen"]
    assert (other.dependence, other.public_musd, other.plants) == pytest.approx((1, 0, 0))
    told = findings(Story(run))
    assert told["fall"] == told["additional_fall"] == pytest.approx(0.7, abs=KEPT)
    assert told["would_come_musd"] == pytest.approx(12)
    case["settings"].append({"key": "baseline", "value": "frozen"})
    run = solved(tmp_path, case)
    other = {row.name: row for row in run.options}["No new money, with merchants"]
    assert other.dependence == pytest.approx(0.7, abs=KEPT)
    told = findings(Story(run))
    assert (told["fall"], told["additional_fall"]) == pytest.approx((1, 0.7), abs=KEPT)
    assert told["would_come_musd"] == pytest.approx(12)


def test_what_it_adds_is_told_in_words(tmp_path: Path) -> None:
    fund: Rows = [{"programme": "fund", "amount": 20}]
    case = chain({"public_share": 0.5}, projects=smelter(**COMES), programmes=fund)
    run = solved(tmp_path, case)
    assert additional_sentence(Story(run)) == (
        "Without new money some projects come all the same: dependence over 2030 to 2033 is then"
        " 70.0%, and 100.0% if none of it came. The plan lowers it by 70.0 points beyond that; of"
        " its USD 20 million of public money for capital USD 12 million buys what would have come"
        " without it."
    )
    assert additional_sentence(Story(solved(tmp_path, chain(projects=smelter())))) == ""


def test_without_a_merchant_there_is_one_sense(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(projects=smelter()))
    assert not [row for row in run.options if row.name.startswith("No new money,")]
    told = findings(Story(run))
    assert told["additional_fall"] == told["fall"] == pytest.approx(1)
    assert told["would_come_musd"] == 0


def test_the_audit_works_out_the_other_sense_and_what_was_bought(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(projects=smelter(**COMES)))
    lower = tuple(
        dataclasses.replace(row, dependence=0.5) if row.name.endswith("frozen") else row
        for row in run.options
    )
    found = api.recompute(dataclasses.replace(run, options=lower)).findings
    assert {finding.rule for finding in found} >= {"tell_options"}


def test_the_minimum_of_no_forced_project_is_what_comes(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(projects=smelter(**COMES)))
    rows = {row.name: row for row in run.options}
    for name in ("No new money", "Do the minimum"):
        assert rows[name].dependence == pytest.approx(0.7, abs=KEPT)
        assert rows[name].plants == 0


def test_the_audit_holds_what_comes_to_its_chance(tmp_path: Path) -> None:
    run = solved(tmp_path, unpaid(**COMES))
    flows = run.solution.world
    more = tuple(
        dataclasses.replace(a, activity=a.activity + 1) if a.plant == "P" else a
        for a in flows.activities
    )
    answer = dataclasses.replace(run.solution, world=dataclasses.replace(flows, activities=more))
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "limit_throughput" in {finding.rule for finding in found}


def yearly(tmp_path: Path, shift: int, made: int | None, **values: Any) -> list[float]:
    """What P could make each year, committed in a year or not, lead times longer by a shift."""
    case = chain(projects=smelter(**values))
    case["ramps"] = [{"ramp": "slow", "year_1": 0.3, "year_2": 0.6, "year_3": 1}]
    case["scenarios"] = [{"scenario": "late"}]
    case["shocks"] = [{"scenario": "late", "what": "lead_time", "shift": shift}]
    instance = instance_of(tmp_path, case, "late")
    offers = instance.projects["P"].offers
    plan = () if made not in offers else (Commitment("P", made, 1, None, 0, 0.0),)
    capacity = project_capacity(instance, plan)["P"]
    return [capacity.get(t, 0.0) for t in instance.years]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.fixed_dictionaries(
        {
            "merchant": st.integers(2028, 2033),
            "merchant_chance": st.sampled_from((0.1, 0.5)),
            "chance": st.sampled_from((0.5, 0.9)),
            "ramp": st.sampled_from(("", "slow")),
            "lead_time": st.integers(0, 2),
        }
    ),
    made=st.integers(2030, 2033),
)
def test_a_commitment_never_lowers_and_a_delay_never_raises_capacity(
    tmp_path: Path, values: dict[str, Any], made: int
) -> None:
    without, late = (yearly(tmp_path, shift, None, **values) for shift in (0, 1))
    paid, paid_late = (yearly(tmp_path, shift, made, **values) for shift in (0, 1))
    assert all(a <= b + KEPT for a, b in zip(without, paid, strict=True))
    assert all(a <= b + KEPT for a, b in zip(late, without, strict=True))
    assert all(a <= b + KEPT for a, b in zip(paid_late, paid, strict=True))


def test_grades_begin_with_what_no_new_money_means(tmp_path: Path) -> None:
    # Frozen, 0.3 of the fall rests on no commitment; else all of it on that of grade B.
    for kind, expected in (
        ("merchant", [("B", 0.7)]),
        ("frozen", [("no project", 0.3), ("B", 0.7)]),
    ):
        case = chain({"baseline": kind}, projects=smelter(confidence="B", **COMES))
        steps = questions.weigh_grades(solved(tmp_path, case)).steps
        assert [step.grade for step in steps] == [grade for grade, _ in expected]
        falls = [step.fall for step in steps]
        assert falls == pytest.approx([fall for _, fall in expected], abs=KEPT)


def test_calibration_is_of_what_no_new_money_means(tmp_path: Path) -> None:
    figure = {"metric": "dependence", "scope": "", "year": 2032, "published": 0.4, "tolerance": 0.1}
    for kind, expected in (("merchant", 0.4), ("frozen", 1)):
        case = chain({"baseline": kind}, projects=smelter(**COMES), calibration=[figure])
        (result,) = questions.calibrate(api.load(folder_of(tmp_path, case)))
        assert result.model == pytest.approx(expected, abs=KEPT)
