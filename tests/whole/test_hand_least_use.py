"""Existing plants with a least use, on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all; all of
it is smelted in X, which has ore and smelters of 1000. Nothing is discounted.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, chain, plant, project, solved

from opt import api
from opt.record.run import Run

KEPT = 1e-6


def smelter(least: float | str, cost: float | str, **values: Any) -> Rows:
    """The chain's plants, the smelter of X with a least use and an opex of USD 1,000,000."""
    mines = chain()["facilities"][:2]
    own = {"opex": 1e6, "least_use": least, "idle_cost": cost} | values
    return [*mines, plant("smelter_x", "X", "smelt", 1000, **own)]


def idle(run: Run, plant_id: str = "smelter_x") -> list[tuple[float, float, float]]:
    """What stands idle by year: everybody served, allies alone, without new money."""
    rows = sorted((r for r in run.idle if r.facility == plant_id), key=lambda r: r.year)
    return [(row.idle, row.allied_idle, row.baseline_idle) for row in rows]


def lacks(run: Run, plant_id: str = "smelter_x") -> set[str]:
    """What lacks in any year."""
    return {row.lacks for row in run.idle if row.facility == plant_id}


def test_what_is_dear_to_leave_idle_runs_into_surplus(tmp_path: Path) -> None:
    # 300 a year at least at USD 1,000,000, and to leave a unit idle costs twice that.
    run = solved(tmp_path, chain(facilities=smelter(0.3, 2e6)))
    assert_dependence(run, 1)
    assert run.metrics.cost_musd == pytest.approx(4 * 300, abs=KEPT)
    assert run.metrics.idle_musd == pytest.approx(0, abs=KEPT)
    left = [e.surplus for e in run.solution.allied.leftovers if e.commodity == "metal"]
    assert left == pytest.approx([200] * 4)
    assert idle(run) == [pytest.approx((0, 0, 0), abs=KEPT)] * 4


def test_what_is_cheap_to_leave_idle_stands_idle_and_is_told_apart(tmp_path: Path) -> None:
    # 100 of 300 serve W; 200 idle a year at half of what they would cost to run.
    run = solved(tmp_path, chain(facilities=smelter(0.3, 5e5)))
    assert_dependence(run, 1)
    assert run.metrics.cost_musd == pytest.approx(4 * 100, abs=KEPT)
    assert run.metrics.idle_musd == pytest.approx(4 * 200 * 0.5, abs=KEPT)
    (cost,) = [entry for entry in run.passes if entry.objective == "cost"]
    assert cost.value == pytest.approx(400 + 400, abs=1e-4)
    assert idle(run) == [pytest.approx((200, 200, 200))] * 4
    # Ore is left in the ground and nobody is short of metal.
    assert lacks(run) == {"demand for metal"}


def test_what_idles_is_discounted(tmp_path: Path) -> None:
    run = solved(tmp_path, chain({"discount_rate": 1}, facilities=smelter(0.3, 5e5)))
    assert run.metrics.idle_musd == pytest.approx(100 * (1 + 1 / 2 + 1 / 4 + 1 / 8), abs=KEPT)


def test_others_take_what_would_stand_idle(tmp_path: Path) -> None:
    # N asks for 150 of what X is free to make: 50 of 300 stay idle, for which nobody asks.
    demand = [*chain()["demand"], {"region": "N", "commodity": "metal", "2030": 150, "2033": 150}]
    run = solved(tmp_path, chain(facilities=smelter(0.3, 5e5), demand=demand))
    assert idle(run) == [pytest.approx((50, 200, 50))] * 4
    assert lacks(run) == {"demand for metal"}


def test_an_input_that_lacks_is_named(tmp_path: Path) -> None:
    # 80 of ore a year in all: W is short of 20, and the smelter of 220.
    mines = [plant("mine_w", "W", "dig", 30), plant("mine_x", "X", "dig", 50)]
    run = solved(tmp_path, chain(facilities=[*mines, *smelter(0.3, 9e9)[2:]]))
    assert run.metrics.shortfall == pytest.approx(0.2)
    assert idle(run) == [pytest.approx((220, 220, 220))] * 4
    assert lacks(run) == {"input ore"}


def test_a_lane_that_is_full_brings_no_more(tmp_path: Path) -> None:
    # X has no ore of its own and may take 250 of W's.
    mines = [plant("mine_w", "W", "dig", 1000)]
    lanes = [
        {"origin": "W", "destination": "X", "commodity": "ore", "limit": 250},
        {"origin": "*", "destination": "*", "commodity": "metal"},
    ]
    run = solved(tmp_path, chain(facilities=[*mines, *smelter(0.3, 9e9)[2:]], lanes=lanes))
    assert idle(run) == [pytest.approx((50, 50, 50))] * 4
    assert lacks(run) == {"input ore; demand for metal"}


def test_demand_for_clear_material_is_none_for_what_is_exposed(tmp_path: Path) -> None:
    demand = [{"region": "W", "commodity": "metal", "2030": 100, "2033": 100, "clear_from": 2030}]
    run = solved(tmp_path, chain(facilities=smelter(0.3, 5e5), demand=demand))
    assert run.metrics.shortfall == pytest.approx(1)
    assert idle(run) == [pytest.approx((300, 300, 300))] * 4
    assert lacks(run) == {"demand for metal"}


def test_what_is_dear_to_run_may_lack_nothing(tmp_path: Path) -> None:
    # A process that only takes ore in, as disposal does, needs no demand.
    base = chain()
    base["processes"] += [{"process": "bury", "stage": "waste"}]
    base["recipes"] += [{"process": "bury", "commodity": "ore", "amount": -1}]
    base["facilities"] += [plant("pit", "X", "bury", 10, opex=1e6, least_use=1, idle_cost=5e5)]
    run = solved(tmp_path, base)
    assert idle(run, "pit") == [pytest.approx((10, 10, 10))] * 4
    assert lacks(run, "pit") == {""}


def test_a_losing_plant_lacks_support(tmp_path: Path) -> None:
    base = chain({"losing_plants": "need_support"})
    base["facilities"] += [plant("old", "W", "smelt", 50, opex=9, least_use=0.5, idle_cost=1)]
    base["prices"] = [
        {"commodity": c, "market": "*", "2030": price, "2033": price}
        for c, price in (("ore", 1), ("metal", 5))
    ]
    run = solved(tmp_path, base)
    assert idle(run, "old") == [pytest.approx((25, 25, 25))] * 4
    # Ore is there, and all of W is served by X.
    assert lacks(run, "old") == {"demand for metal; support"}


def test_shares_by_year_are_read_between_the_given_ones(tmp_path: Path) -> None:
    by_year = [{"facility": "smelter_x", "2030": 0.1, "2032": 0.3, "2033": 0}]
    case = chain(facilities=smelter("", 5e5), least_use=by_year)
    run = solved(tmp_path, case)
    assert [(row.year, row.least_use) for row in run.idle] == [
        (2030, pytest.approx(100)),
        (2031, pytest.approx(200)),
        (2032, pytest.approx(300)),
    ]
    assert run.metrics.idle_musd == pytest.approx((0 + 100 + 200) * 0.5, abs=KEPT)


def test_a_shock_lowers_what_must_run_with_what_can(tmp_path: Path) -> None:
    shocks: dict[str, Rows] = {
        "scenarios": [{"scenario": "outage"}],
        "shocks": [
            {"scenario": "outage", "what": "supply", "field": "region", "value": "X", "factor": 0.5}
        ],
    }
    run = solved(tmp_path, chain(facilities=smelter(0.3, 5e5), **shocks), scenario="outage")
    assert idle(run) == [pytest.approx((50, 50, 50))] * 4


def test_a_plan_that_takes_its_work_pays_for_what_then_idles(tmp_path: Path) -> None:
    # P could make all metal clear; X's smelter then idles wholly, which changes no dependence.
    case = chain(facilities=smelter(0.1, 5e5), projects=[project("P", "smelt", 100, 10)])
    run = solved(tmp_path, case)
    assert_dependence(run, 0)
    assert idle(run) == [pytest.approx((100, 100, 0), abs=KEPT)] * 4
    assert run.metrics.idle_musd == pytest.approx(4 * 100 * 0.5, abs=KEPT)
    assert run.baseline.idle_musd == pytest.approx(0, abs=KEPT)


def test_a_host_metal_runs_whatever_this_chain_needs(tmp_path: Path) -> None:
    # The mine of W always digs 600, of which 500 a year are left over.
    facilities = chain()["facilities"]
    facilities[0] |= {"least_use": 0.6, "opex": 1e6}
    run = solved(tmp_path, chain(facilities=facilities))
    made = [e.activity for e in run.solution.allied.activities if e.plant == "mine_w"]
    assert sum(made) == pytest.approx(4 * 600)
    assert {(row.idle, row.allied_idle, row.idle_cost) for row in run.idle} == {(0, 0, None)}
    assert run.metrics.cost_musd == pytest.approx(4 * 600, abs=KEPT)


def test_a_least_use_of_nothing_is_none_at_all(tmp_path: Path) -> None:
    none = solved(tmp_path, chain())
    for least, cost in ((0, 5e5), (0.3, 0)):
        facilities = chain()["facilities"]
        facilities[2] |= {"least_use": least, "idle_cost": cost}
        run = solved(tmp_path, chain(facilities=facilities))
        assert (run.metrics, run.solution) == (none.metrics, none.solution)


def test_the_audit_finds_what_idle_capacity_is_said_to_cost(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(facilities=smelter(0.3, 5e5)))
    less = dataclasses.replace(run.metrics, idle_musd=run.metrics.idle_musd - 1)
    found = api.recompute(dataclasses.replace(run, metrics=less)).findings
    assert {finding.rule for finding in found} == {"tell_metrics"}


def test_a_run_with_idle_capacity_is_read_back_whole(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(facilities=smelter(0.3, 5e5)))
    folder = api.write(run, tmp_path / "run")
    again = api.read(folder)
    assert (again.idle, again.metrics) == (run.idle, run.metrics)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Of 1 plant with a least use 1 runs less than that in some year" in page
    # 4 x 200 idle at USD 500,000.
    assert "as if idle capacity cost USD 400 million" in page
    assert "What idle capacity is weighed at, not in the cost" in page
    assert "demand for metal" in page
