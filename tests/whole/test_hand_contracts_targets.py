"""Offtakes and targets on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all; what a
clear smelter makes lowers the dependence of 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, built, chain, folder_of, plant, project, solved
from second_opinion import second_opinion

from opt import api
from opt.errors import InfeasibleError
from opt.record.passes import Outcome
from opt.record.run import Run

KEPT = 1e-8


# ---- Offtakes -------------------------------------------------------------------------------


def bound(*offtakes: dict[str, Any], capacity: float = 100) -> dict[str, Rows]:
    """The case with a smelter in W and contracts on its metal where nothing else is said."""
    base = chain()
    return base | {
        "facilities": [*base["facilities"], plant("smelter_w", "W", "smelt", capacity)],
        "offtakes": [{"facility": "smelter_w", "commodity": "metal", **row} for row in offtakes],
    }


def test_bound_output_goes_elsewhere(tmp_path: Path) -> None:
    run = solved(tmp_path, bound({"destination": "N", "share": 0.6}))
    # 40 of 100 are left for W.
    assert_dependence(run, 0.6)
    taken = sum(left.contracted for left in run.solution.allied.leftovers if left.year == 2030)
    sent = sum(
        ship.amount
        for ship in run.solution.allied.shipments
        if ship.year == 2030 and ship.destination == "N"
    )
    surplus = sum(
        left.surplus
        for left in run.solution.allied.leftovers
        if left.year == 2030 and left.region == "W" and left.commodity == "metal"
    )
    assert taken + sent + surplus >= 0.6 * 40 / 0.4 - 1e-6


def test_an_offtake_ends(tmp_path: Path) -> None:
    run = solved(tmp_path, bound({"destination": "N", "share": 0.6, "last_year": 2031}))
    assert_dependence(run, (60 + 60) / 400)


def test_an_offtake_at_home_binds_nothing(tmp_path: Path) -> None:
    for destination in ("W", "bloc:ally"):
        assert_dependence(solved(tmp_path, bound({"destination": destination, "share": 1})), 0)


def test_shares_of_two_contracts_add_up(tmp_path: Path) -> None:
    # 150 made: 45 to N and 60 to X leave 45.
    contracts = ({"destination": "N", "share": 0.3}, {"destination": "X", "share": 0.4})
    assert_dependence(solved(tmp_path, bound(*contracts, capacity=150)), 55 / 100)
    # One of them at home: 60 go to N, of which W sees none; 90 are left.
    contracts = ({"destination": "N", "share": 0.4}, {"destination": "W", "share": 0.6})
    assert_dependence(solved(tmp_path, bound(*contracts, capacity=150)), 10 / 100)


def test_ore_that_is_bound_to_the_covered_bloc(tmp_path: Path) -> None:
    base = bound({"destination": "N", "share": 0})
    base["facilities"][0] = plant("mine_w", "W", "dig", 100)
    base["offtakes"] = [
        {"facility": "mine_w", "commodity": "ore", "destination": "bloc:covered", "share": 0.7}
    ]
    # 30 of ore stay in W: clear metal for 30.
    assert_dependence(solved(tmp_path, base), 0.7)


def test_imports_are_not_handed_over_in_place_of_bound_output(tmp_path: Path) -> None:
    # All of W's ore is bound to X. V needs 10 of ore, W 1 of metal; N digs 10, which only W gets.
    ore = {"commodity": "ore"}
    case = chain(
        regions=[{"region": r, "bloc": b} for r, b in (("W", "ally"), ("V", "ally"))]
        + [{"region": "X", "bloc": "covered"}, {"region": "N", "bloc": "other"}],
        facilities=[
            plant("pit", "W", "dig", 10),
            plant("far", "N", "dig", 10),
            plant("smelter_w", "W", "smelt", 1),
        ],
        lanes=[
            {"origin": a, "destination": b, **ore} for a, b in (("N", "W"), ("W", "V"), ("W", "X"))
        ],
        demand=[
            {"region": "V", "commodity": "ore", "2030": 10, "2033": 10},
            {"region": "W", "commodity": "metal", "2030": 1, "2033": 1},
        ],
        offtakes=[{"facility": "pit", **ore, "destination": "X", "share": 1}],
    )
    # W smelts 1 of N's ore; none of its own may go to V, which goes short of 10 of 11.
    assert_dependence(solved(tmp_path, case), 10 / 11)


def test_a_commodity_that_must_not_be_left_over(tmp_path: Path) -> None:
    base = bound({"destination": "N", "share": 0.6})
    base["commodities"][1]["surplus"] = "none"
    # N needs no metal: what is bound to it is taken all the same.
    assert_dependence(solved(tmp_path, base), 0.6)


def test_output_of_a_project_is_bound(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 100, 10)]
    contract = {"project": "P", "commodity": "metal", "destination": "N", "share": 0.25}
    assert_dependence(solved(tmp_path, chain(projects=rows, offtakes=[contract])), 0.25)


# ---- Targets --------------------------------------------------------------------------------

SMALL_AND_LARGE: Rows = [
    project("P", "smelt", 30, 30, public_share=1),
    project("Q", "smelt", 40, 50, public_share=1),
]
FUND: Rows = [{"programme": "fund", "amount": 1000}]


def aimed(*targets: dict[str, Any], objective: str = "public") -> dict[str, Rows]:
    """The case with two projects that public money pays whole, and targets for 2033."""
    rows = [{"target": f"t{n}", "year": 2033, **row} for n, row in enumerate(targets)]
    return chain({"objective": objective}, projects=SMALL_AND_LARGE, programmes=FUND, targets=rows)


def spent(run: Run) -> float:
    """Public money of the plan."""
    assert run.status is Outcome.OPTIMAL
    assert run.audit.passed
    return run.metrics.public_musd


@pytest.mark.parametrize(
    ("bound_", "least"),
    # Nothing needed; P's 30; Q's 40; both, 70.
    [(1, 0), (0.7, 30), (0.69, 50), (0.6, 50), (0.59, 80), (0.3, 80)],
)
def test_least_money_for_a_dependence_target(tmp_path: Path, bound_: float, least: float) -> None:
    run = solved(tmp_path, aimed({"metric": "dependence", "bound": bound_}))
    assert spent(run) == pytest.approx(least, abs=1e-3)


@pytest.mark.parametrize(("bound_", "least"), [(0.7, 30), (0.65, 50), (0.5, 80)])
def test_a_share_of_a_stage_from_one_source(tmp_path: Path, bound_: float, least: float) -> None:
    # W's 100 of metal come from X but for what is smelted at home.
    for scope in ("metal:X", "metal:covered", "metal:any", "metal:X:W"):
        row = {"metric": "source_share", "scope": scope, "bound": bound_}
        assert spent(solved(tmp_path, aimed(row))) == pytest.approx(least, abs=1e-3)


def test_a_source_target_is_not_met_by_going_short(tmp_path: Path) -> None:
    # Trade out of X is cut: what is short counts as if it came from there.
    case = aimed({"metric": "source_share", "scope": "metal:X", "bound": 0.65})
    case["lanes"] = [{"origin": "X", "destination": "*", "commodity": "*", "open": "no"}]
    assert spent(solved(tmp_path, case)) == pytest.approx(50, abs=1e-3)


@pytest.mark.parametrize(("bound_", "least"), [(0.3, 30), (0.4, 50), (0.41, 80), (0.7, 80)])
def test_a_share_made_at_home(tmp_path: Path, bound_: float, least: float) -> None:
    row = {"metric": "home_share", "scope": "metal:W", "bound": bound_, "sense": "at_least"}
    assert spent(solved(tmp_path, aimed(row))) == pytest.approx(least, abs=1e-3)
    made = {"metric": "output", "scope": "metal:W", "bound": 100 * bound_, "sense": "at_least"}
    assert spent(solved(tmp_path, aimed(made))) == pytest.approx(least, abs=1e-3)


def test_a_share_by_content_of_an_element(tmp_path: Path) -> None:
    # A unit of metal holds half a unit of E, as does the ore: 35 of metal hold 17.5 of 50.
    contents = [
        {"commodity": "ore", "element": "E", "share": 0.5},
        {"commodity": "metal", "element": "E", "share": 0.5},
    ]
    for scope in ("metal:W", "metal:W:E", "metal:ally:E"):
        row = {"metric": "home_share", "scope": scope, "bound": 0.35, "sense": "at_least"}
        case = aimed(row) | {"contents": contents}
        assert spent(solved(tmp_path, case)) == pytest.approx(50, abs=1e-3)


def test_value_and_slack_are_given(tmp_path: Path) -> None:
    rows = (
        {"metric": "dependence", "bound": 0.65},
        {"metric": "home_share", "scope": "metal:W", "bound": 0.35, "sense": "at_least"},
        {"metric": "shortfall", "bound": 0.1},
        {"metric": "output", "scope": "metal:W", "bound": 90, "sense": "at_most"},
    )
    run = solved(tmp_path, aimed(*rows))
    # Q alone: 40 of 100 at home, 60 exposed.
    assert built(run).keys() == {"Q"}
    values = [(t.value, t.slack, t.baseline_value) for t in run.targets]
    expected = [(0.6, 0.05, 1), (0.4, 0.05, 0), (0, 0.1, 0), (40, 50, 0)]
    assert [v for row in values for v in row] == pytest.approx(
        [v for row in expected for v in row], abs=1e-4
    )


def test_a_target_at_the_optimum_changes_nothing(tmp_path: Path) -> None:
    free = solved(tmp_path, aimed({"metric": "shortfall", "bound": 1}, objective="dependence"))
    at = {"metric": "dependence", "bound": 0.3}
    run = solved(tmp_path, aimed(at, objective="dependence"))
    assert run.metrics.dependence == pytest.approx(free.metrics.dependence, abs=KEPT)
    assert run.metrics.dependence == pytest.approx(0.3, abs=KEPT)
    with pytest.raises(InfeasibleError, match="t0"):
        solved(tmp_path, aimed({"metric": "dependence", "bound": 0.29}, objective="dependence"))


def test_a_target_holds_in_its_year_alone(tmp_path: Path) -> None:
    # Q by 2033 is enough for 2033; dependence comes next, so it starts at once all the same.
    row = {"metric": "dependence", "bound": 0.6, "year": 2031}
    case = aimed({"metric": "shortfall", "bound": 1})
    case["targets"] = [{"target": "t", **row}]
    case["projects"] = [{**SMALL_AND_LARGE[1], "earliest": 2032}]
    with pytest.raises(InfeasibleError, match="2032"):
        solved(tmp_path, case)


def test_dependence_of_a_region_and_a_segment(tmp_path: Path) -> None:
    base = aimed({"metric": "dependence", "scope": "cars", "bound": 0.5})
    base["demand"] = [
        {"region": "W", "commodity": "metal", "segment": s, "2030": 50, "2033": 50}
        for s in ("cars", "arms")
    ]
    # Half of the 50 for cars is 25: P's 30 are enough.
    assert spent(solved(tmp_path, base)) == pytest.approx(30, abs=1e-3)
    base["targets"][0]["scope"] = "W"
    assert spent(solved(tmp_path, base)) == pytest.approx(80, abs=1e-3)


def test_a_blank_scope_takes_everything_though_a_segment_is_called_all(tmp_path: Path) -> None:
    base = aimed({"metric": "dependence", "bound": 0.65})
    base["demand"] = [
        {"region": "W", "commodity": "metal", "segment": s, "2030": 50, "2033": 50}
        for s in ("all", "arms")
    ]
    # 35 of the 100 must be clear, which takes Q's 40; of the segment's 50 P's 30 would be enough.
    path = folder_of(tmp_path, base)
    run = api.solve(api.load(path))
    assert spent(run) == pytest.approx(50, abs=1e-3)
    again = second_opinion(path)
    assert again is not None
    assert again.first_musd == pytest.approx(50, abs=1e-3)
