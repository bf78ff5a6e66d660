"""Several minerals, worked out by hand: what each counts for, lanes and ceilings of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cases_minerals import random_minerals_case
from second_opinion import second_opinion
from second_opinion_cases import EXACT, agrees, assert_agree, assert_answer, figures, workbook
from two_minerals import SHEETS, WEIGHTS

from opt.api import load, solve
from opt.record.flows import CLEAR
from opt.record.run import Run
from opt.report.sections.base_case import assumed_sentence
from opt.report.sections.levels import amounts_sentence
from opt.report.story import Story


def built(run: Run) -> set[str]:
    return {made.project for made in run.solution.commitments}


def test_added_up_the_mineral_of_which_most_is_used_comes_first(tmp_path: Path) -> None:
    run = assert_answer(
        workbook(tmp_path, settings="public_share,1\nweights,tonnes", **SHEETS), 10 / 110, 0, 10
    )
    assert built(run) == {"more_a"}


def test_of_equal_minerals_the_one_that_rests_wholly_comes_first(tmp_path: Path) -> None:
    """With more_a 0 of a and all of b rest, (0 + 1) / 2; with more_b half of a, (1/2 + 0) / 2."""
    path = workbook(tmp_path, settings="public_share,1\nweights,equal", **SHEETS)
    run = assert_answer(path, 0.25, 0, 10)
    assert built(run) == {"more_b"}


def test_weights_of_minerals(tmp_path: Path) -> None:
    """With more_a (0 + 3) / 8, with more_b (5/2 + 0) / 8: the latter is less."""
    path = workbook(tmp_path, settings="public_share,1", minerals=WEIGHTS, **SHEETS)
    run = assert_answer(path, 2.5 / 8, 0, 10)
    assert built(run) == {"more_b"}
    alpha, beta = run.minerals
    assert (alpha.mineral, alpha.weight, alpha.dependence) == ("alpha", 5 / 8, 0.5)
    assert (beta.mineral, beta.weight, beta.baseline_dependence) == ("beta", 3 / 8, 1.0)
    assert (beta.plants, beta.capex_musd, beta.public_musd) == (1, 10.0, 10.0)
    assert run.baseline.dependence == pytest.approx((5 / 2 + 3) / 8)
    # 100 a and 10 b are no 110 of anything.
    told = "By mineral in 2026, with no new money in brackets: alpha 50% (50%) and beta 0% (100%)."
    assert amounts_sentence(Story(run)) == told


def test_a_mineral_of_weight_nothing_does_not_count(tmp_path: Path) -> None:
    minerals = "mineral,weight\nalpha,1\nbeta,0"
    path = workbook(tmp_path, settings="public_share,1", minerals=minerals, **SHEETS)
    assert built(assert_answer(path, 0, 0, 10)) == {"more_a"}


def test_of_one_mineral_the_weight_cancels(tmp_path: Path) -> None:
    sheets = {**SHEETS, "demand": "region,commodity,2026\nH,a,100"}
    minerals = "mineral,weight\nalpha,7"
    path = workbook(tmp_path, settings="public_share,1", minerals=minerals, **sheets)
    assert_answer(path, 0, 0, 10)


def test_the_worst_year_weighs_what_is_asked_for_in_it(tmp_path: Path) -> None:
    """Of b nothing is asked in 2027: then a alone counts, half of which rests without more_a. With
    more_a 2026 is (0 + 3) / 8 and 2027 0; with more_b (5/2 + 0) / 8 and 1/2."""
    demand = "region,commodity,2026,2027\nH,a,100,100\nH,b,10,0"
    settings = "public_share,1\nlast_year,2027\nobjective,peak"
    path = workbook(tmp_path, settings=settings, minerals=WEIGHTS, **{**SHEETS, "demand": demand})
    run = solve(load(path, EXACT))
    assert run.passes[0].value == pytest.approx(3 / 8)
    assert built(run) == {"more_a"}
    told = "weighted allied demand in 2027 is 0.0 to 1.0 times that of today, by mineral"
    assert told in assumed_sentence(Story(run))


def test_a_lane_of_a_mineral_comes_between_all_and_one_commodity(tmp_path: Path) -> None:
    """A lane of beta is closed to all of it but b2, which has a row of its own: 10 of b are short,
    10 of b2 come exposed. Beta: 20 of 20; alpha 50 of 100 exposed."""
    sheets = SHEETS | {
        "commodities": SHEETS["commodities"] + "\nb2,beta,mining",
        "processes": SHEETS["processes"] + "\ndig_b2,mining",
        "recipes": SHEETS["recipes"] + "\ndig_b2,b2,1",
        "facilities": SHEETS["facilities"] + "\nall_b2,C,dig_b2,500",
        "projects": "project,region,processes,capacity,capex,lead_time",
        "demand": SHEETS["demand"] + "\nH,b2,10",
    }
    lanes = """origin,destination,commodity,open
        *,*,*,yes
        *,*,mineral:Beta,no
        *,*,b2,yes"""
    path = workbook(tmp_path, settings="weights,equal", lanes=lanes, **sheets)
    assert_answer(path, 0.75, 0.25, 0)


def test_a_ceiling_on_a_mineral(tmp_path: Path) -> None:
    """The fund holds both plants, and may commit 6 to beta: 6 of 10 is too little for its plant,
    of which the fund must pay all."""
    sheets = {**SHEETS, "programmes": "programme,amount\nfund,20"}
    eligibility = """programme,field,value,max_amount
        fund,mineral,alpha,
        fund,mineral,beta,6"""
    path = workbook(
        tmp_path, settings="public_share,1\nweights,equal", eligibility=eligibility, **sheets
    )
    assert built(assert_answer(path, 0.5, 0, 10)) == {"more_a"}
    rich = eligibility.replace("beta,6", "beta,10")
    settings = "public_share,1\nweights,equal"
    path = workbook(tmp_path / "rich", settings=settings, eligibility=rich, **sheets)
    assert built(assert_answer(path, 0, 0, 20)) == {"more_a", "more_b"}


def test_a_shock_on_one_mineral_of_a_region(tmp_path: Path) -> None:
    """Supply of beta in C stops: 10 of b are short, a comes as before."""
    sheets = {**SHEETS, "projects": "project,region,processes,capacity,capex,lead_time"}
    shocks = """scenario,what,field,value,mineral,factor
        cut,supply,region,C,beta,0"""
    path = workbook(
        tmp_path,
        settings="weights,equal",
        scenarios="scenario\ncut",
        shocks=shocks,
        **sheets,
    )
    run = solve(load(path, EXACT), scenario="cut")
    assert run.metrics.shortfall == pytest.approx(0.5)
    assert run.metrics.dependence == pytest.approx(0.75)
    assert_agree(figures(run), second_opinion(path, "cut"))


def test_small_minerals_are_solved_in_units_of_their_own(tmp_path: Path) -> None:
    """A ten-millionth of the tonnes, and the same share: with one unit for both what is asked for
    of beta would lie under the solver's tolerances."""
    sheets = SHEETS | {
        "facilities": SHEETS["facilities"] + "\nhome_b,H,dig_b,0.000005",
        "projects": "project,region,processes,capacity,capex,lead_time",
        "demand": "region,commodity,2026\nH,a,100\nH,b,0.00001",
    }
    path = workbook(tmp_path, settings="weights,equal", **sheets)
    run = solve(load(path, EXACT))
    assert run.metrics.dependence == pytest.approx(0.5, abs=1e-9)
    served = {d.commodity: d.clear for d in run.solution.allied.deliveries}
    assert served["b"] == pytest.approx(0.000005, rel=1e-6)
    made = [a for a in run.solution.allied.activities if a.plant == "home_b" and a.origin == CLEAR]
    assert [a.activity for a in made] == pytest.approx([0.000005], rel=1e-6)


@pytest.mark.parametrize("seed", [0, 3, 7, 11, 103, 118, 204])
def test_agrees_with_the_second_program(tmp_path: Path, seed: int) -> None:
    agrees(random_minerals_case(tmp_path, seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1030))
def test_agrees_on_more_cases(tmp_path: Path, seed: int) -> None:
    agrees(random_minerals_case(tmp_path, seed))
