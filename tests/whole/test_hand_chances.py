"""Chances of reaching operation on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all, and
has ore enough. What a clear smelter makes lowers the dependence of 1.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, built, chain, plant, project, solved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opt import api
from opt.errors import InputError

KEPT = 1e-8


def smelter(**values: Any) -> Rows:
    """One candidate of 100 at USD 40 million."""
    return [project("P", "smelt", 100, 40, **values)]


def test_capacity_of_a_candidate_counts_times_its_chance(tmp_path: Path) -> None:
    # 0.35 x 100 a year of 100.
    assert_dependence(solved(tmp_path, chain(projects=smelter(chance=0.35))), 0.65)
    # On a ramp of 0.5, 1, 1, 1 and available nine tenths: 0.35 x 0.9 x 3.5 / 4.
    ramps = [{"ramp": "slow", "year_1": 0.5, "year_2": 1}]
    rows = smelter(chance=0.35, ramp="slow", availability=0.9)
    run = solved(tmp_path, chain(projects=rows, ramps=ramps))
    assert_dependence(run, 1 - 0.35 * 0.9 * 3.5 / 4)


def test_a_chance_can_be_left_out_of_account(tmp_path: Path) -> None:
    run = solved(tmp_path, chain({"survival": "none"}, projects=smelter(chance=0.35)))
    assert_dependence(run, 0)


def test_money_and_limits_go_by_nameplate(tmp_path: Path) -> None:
    # Half the metal, all of the 40, of which half must be public: 20 of it.
    fund: Rows = [{"programme": "fund", "amount": 20}]
    case = chain({"public_share": 0.5}, projects=smelter(chance=0.5), programmes=fund)
    run = solved(tmp_path, case)
    assert_dependence(run, 0.5)
    assert (run.metrics.capex_musd, run.metrics.public_musd) == pytest.approx((40, 20))
    case["programmes"] = [{"programme": "fund", "amount": 19.9}]
    assert built(solved(tmp_path, case)) == {}


def test_a_facility_still_to_come_has_a_chance(tmp_path: Path) -> None:
    # 0.6 x 100 from 2032 on: two years of four.
    case = chain()
    case["facilities"] += [plant("coming", "W", "smelt", 100, opens=2032, chance=0.6)]
    assert_dependence(solved(tmp_path, case), 1 - 0.6 * 2 / 4)


def test_a_facility_that_is_open_has_none(tmp_path: Path) -> None:
    case = chain()
    case["facilities"] += [plant("open", "W", "smelt", 100, chance=0.6)]
    with pytest.raises(InputError) as refused:
        solved(tmp_path, case)
    assert str(refused.value) == (
        "facilities!E5: a facility that is open has no chance of reaching operation. Type the year"
        " in which it opens, or leave the cell blank."
    )


def test_a_chance_of_one_is_none_at_all(tmp_path: Path) -> None:
    one, none = (solved(tmp_path, chain(projects=smelter(**v))) for v in ({"chance": 1}, {}))
    assert (one.metrics, one.solution) == (none.metrics, none.solution)


def test_the_audit_holds_what_runs_to_the_chance(tmp_path: Path) -> None:
    # All that the nameplate could make is more than 0.35 of it.
    run = solved(tmp_path, chain(projects=smelter(chance=0.35)))
    flows = run.solution.world
    more = tuple(
        dataclasses.replace(a, activity=100.0) if a.plant == "P" else a for a in flows.activities
    )
    answer = dataclasses.replace(run.solution, world=dataclasses.replace(flows, activities=more))
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "limit_throughput" in {finding.rule for finding in found}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chances=st.lists(st.sampled_from((0.2, 0.5, 0.8, 1.0)), min_size=2, max_size=2))
def test_a_higher_chance_never_worsens_dependence(tmp_path: Path, chances: list[float]) -> None:
    low, high = sorted(chances)
    worse, better = (
        solved(tmp_path, chain(projects=smelter(chance=chance))) for chance in (low, high)
    )
    assert better.metrics.dependence <= worse.metrics.dependence + KEPT


def test_the_mean_of_outcomes_is_no_lower(tmp_path: Path) -> None:
    # Two smelters of 100 with chance 1/2 each give 100 on average: dependence 0. One, both or none
    # work: 0, 0, or 1 with chances 1/2, 1/4, 1/4, so 1/4 on average.
    rows = [project(name, "smelt", 100, 40, chance=0.5) for name in ("P", "Q")]
    assert_dependence(solved(tmp_path, chain(projects=rows)), 0)
    outcomes = {0: 1 / 4, 1: 1 / 2, 2: 1 / 4}
    mean = 0.0
    for working, likelihood in outcomes.items():
        rows = [project(f"P{n}", "smelt", 100, 40) for n in range(working)]
        case = chain(projects=rows) if rows else chain()
        mean += likelihood * solved(tmp_path, case).metrics.dependence
    assert mean == pytest.approx(1 / 4)
