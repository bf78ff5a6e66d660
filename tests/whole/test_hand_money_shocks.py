"""Shocks on money, on cases solved by hand.

The case is that of `test_hand_money`: W needs 100 of metal a year over 2030-2033, 400 in all; a
smelter of 100 costs USD 10 million, half of it public, and makes all clear from its year on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, built, chain, project, solved

from opt.errors import InfeasibleError

YEARS = ("2030", "2031", "2032", "2033")
PLENTY = 1000
HALVES: dict[str, Rows] = {"spends": [{"spend": "halves", "year_1": 0.5, "year_2": 0.5}]}


def case(*shocks: dict[str, Any], limits: float | str = "", **programme: Any) -> dict[str, Rows]:
    """The chain with the smelter, one programme, and a scenario of shocks on money."""
    fund = {"programme": "Fund", "amount": PLENTY, **dict.fromkeys(YEARS, limits), **programme}
    return chain({"public_share": 0.5}) | {
        "projects": [project("smelter", "smelt", 100, 10)],
        "programmes": [fund],
        "scenarios": [{"scenario": "cut"}],
        "shocks": [{"scenario": "cut", "what": "money", **shock} for shock in shocks],
    }


def test_a_factor_multiplies_the_yearly_limits(tmp_path: Path) -> None:
    # 5 falls due in the year of commitment: 0.5 x 8 lets none through before 2032.
    base = case({"factor": 0.5, "last_year": 2031}, limits=8)
    assert_dependence(solved(tmp_path, base), 0)
    cut = solved(tmp_path, base, scenario="cut")
    assert built(cut) == {"smelter": 2032}
    assert_dependence(cut, 2 / 4)
    assert [row.limit_musd for row in cut.payments_due if row.programme == "Fund"] == [4, 4, 8, 8]


def test_the_amount_is_what_it_was(tmp_path: Path) -> None:
    run = solved(tmp_path, case({"factor": 0.1}, limits=50, amount=5), scenario="cut")
    assert built(run) == {"smelter": 2030}
    assert run.payments_due[0].amount_musd == 5


def test_several_shocks_combine(tmp_path: Path) -> None:
    # 40 x 0.5 x 0.25 = 5 is just enough, 40 x 0.5 x 0.2 is not.
    for factor, expected in ((0.25, 0), (0.2, 1)):
        base = case({"factor": 0.5}, {"factor": factor}, limits=40)
        assert_dependence(solved(tmp_path, base, scenario="cut"), expected)


def test_a_shock_on_one_programme_leaves_others(tmp_path: Path) -> None:
    base = case({"factor": 0, "field": "programme", "value": "fund"}, limits=50)
    other = {"programme": "other", "amount": PLENTY}
    assert_dependence(solved(tmp_path, base, scenario="cut"), 1)
    base["programmes"].append(other)
    run = solved(tmp_path, base, scenario="cut")
    assert_dependence(run, 0)
    assert {paid.programme for paid in run.solution.payments} == {"other"}


def test_limits_that_add_up_add_up_what_is_left(tmp_path: Path) -> None:
    # 3 and 6 reach 5 in 2031; 0, 3 and 6 in 2032.
    base = case({"factor": 0, "last_year": 2030}, limits=3, carry_over="yes")
    assert built(solved(tmp_path, base)) == {"smelter": 2031}
    assert built(solved(tmp_path, base, scenario="cut")) == {"smelter": 2032}


@pytest.mark.parametrize("factor", [0.5, 3])
def test_no_limit_is_no_limit_whatever_the_factor(tmp_path: Path, factor: float) -> None:
    run = solved(tmp_path, case({"factor": factor}), scenario="cut")
    assert built(run) == {"smelter": 2030}


def test_nothing_is_committed_in_a_year_without_limit_and_money(tmp_path: Path) -> None:
    run = solved(tmp_path, case({"factor": 0, "last_year": 2031}), scenario="cut")
    assert built(run) == {"smelter": 2032}
    assert_dependence(run, 2 / 4)


def test_what_was_committed_earlier_is_paid_where_no_limit_is(tmp_path: Path) -> None:
    # Half of 5 falls due in 2031: nothing is committed then, but there is no limit to keep to.
    base = case({"factor": 0, "first_year": 2031, "last_year": 2031}) | HALVES
    base["projects"][0]["spend"] = "halves"
    run = solved(tmp_path, base, scenario="cut")
    assert built(run) == {"smelter": 2030}
    due = {row.year: row.due_musd for row in run.payments_due}
    assert (due[2030], due[2031]) == (2.5, 2.5)


def test_what_falls_due_keeps_to_a_limit_of_nothing(tmp_path: Path) -> None:
    # The same with limits: in 2031 nothing may fall due, so neither 2030 nor 2031 can commit.
    base = case({"factor": 0, "first_year": 2031, "last_year": 2031}, limits=50) | HALVES
    base["projects"][0]["spend"] = "halves"
    run = solved(tmp_path, base, scenario="cut")
    assert built(run) == {"smelter": 2032}


def test_nothing_is_bought_in_a_year_without_limit_and_money(tmp_path: Path) -> None:
    # A vault of clear metal; what fills it is smelted in 2030 alone.
    base = case({"factor": 0, "first_year": 2031}, pays_for="stock")
    base["projects"] = []
    base["settings"].append({"key": "dependence_from", "value": 2031})
    base["facilities"].append(
        {"facility": "smelter_w", "region": "W", "processes": "smelt", "capacity": 200}
        | {"closes": 2030}
    )
    base["stockpiles"] = [
        {"stockpile": "vault", "region": "W", "commodity": "metal", "capacity": 1000}
    ]
    base["prices"] = [{"commodity": "metal", "2030": 1000, "2033": 1000}]
    # 200 of 2030, which does not count, serve two of the three years that do.
    run = solved(tmp_path, base, scenario="cut")
    assert_dependence(run, 1 / 3)
    assert {row.year for row in run.solution.allied.stocks if row.bought > 0} == {2030}
    base["shocks"][0]["first_year"] = 2030
    assert_dependence(solved(tmp_path, base, scenario="cut"), 1)


def test_a_conflict_names_what_the_cell_would_have_to_hold(tmp_path: Path) -> None:
    # Forced in 2030, the smelter needs 5; of 30 a tenth is the chain's, and half of that is left:
    # 1.5. So the cell would have to hold 100.
    base = case({"factor": 0.5}, share=0.1, **{"2030": 30})
    base["projects"][0]["decision"] = "force 2030"
    words = why(tmp_path, base)
    assert "programmes!C2: raise 2030 of Fund from 30 to 100." in words
    # Of nothing nothing is left, however large it is.
    base["shocks"][0]["factor"] = 0
    assert "programmes!" not in why(tmp_path, base)


def why(tmp_path: Path, base: dict[str, Rows]) -> str:
    """What is told of a case without a plan in the scenario."""
    with pytest.raises(InfeasibleError) as error:
        solved(tmp_path, base, scenario="cut")
    return str(error.value)
