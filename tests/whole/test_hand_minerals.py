"""What minerals count for beside each other, worked out by hand.

Allies need 1,000 t of bulk a year, of which their pit makes 750 t, and 10 t of trace, of which 5 t:
a quarter of the one and half of the other come from the covered bloc.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from second_opinion_cases import EXACT, assert_answer, workbook

from opt.api import load, solve

PARTS = {
    "regions": """region,bloc
        a,ally
        cn,covered""",
    "commodities": """commodity,mineral,stage
        sand,Bulk,mining
        dust,trace,mining""",
    "processes": """process,stage
        dig,mining
        sift,mining""",
    "recipes": """process,commodity,amount
        dig,sand,1
        sift,dust,1""",
    "facilities": """facility,region,processes,capacity
        pit,a,dig,750
        sieve,a,sift,5
        pit_cn,cn,dig,5000
        sieve_cn,cn,sift,5000""",
    "demand": """region,commodity,weight,2026
        a,sand,1,1000
        a,dust,1,10""",
}


def weights(bulk: float, trace: float) -> str:
    return f"""mineral,weight
        bulk,{bulk}
        TRACE,{trace}"""


@pytest.mark.parametrize(
    ("bulk", "trace", "expected"),
    [
        (3, 1, (3 * 0.25 + 0.5) / 4),
        (30, 10, (3 * 0.25 + 0.5) / 4),  # only the ratio matters
        (0, 1, 0.5),
        (1, 0, 0.25),
    ],
)
def test_each_mineral_has_its_own_share(
    tmp_path: Path, bulk: float, trace: float, expected: float
) -> None:
    path = workbook(tmp_path, **PARTS, minerals=weights(bulk, trace))
    run = assert_answer(path, dependence=expected, shortfall=0.0, cost=0.0)
    assert run.metrics.dependence == pytest.approx(expected)
    assert run.metrics.pooled_dependence == pytest.approx(expected)


@pytest.mark.parametrize(
    ("setting", "expected"), [("equal", (0.25 + 0.5) / 2), ("tonnes", 255 / 1010)]
)
def test_the_setting_takes_the_place_of_the_sheet(
    tmp_path: Path, setting: str, expected: float
) -> None:
    path = workbook(tmp_path, **PARTS, minerals=weights(3, 1))
    run = solve(load(path, {**EXACT, "weights": setting}))
    assert run.metrics.dependence == pytest.approx(expected)


def test_without_weights_units_are_added_up(tmp_path: Path) -> None:
    assert_answer(workbook(tmp_path, **PARTS), dependence=255 / 1010, shortfall=0.0, cost=0.0)


def test_what_one_mineral_counts_for_cancels(tmp_path: Path) -> None:
    # Trace alone: sand is no mineral of allied demand any more, and 7 of 7 is as 1 of 1.
    demand = """region,commodity,weight,2026
        a,dust,1,10"""
    path = workbook(tmp_path, **{**PARTS, "demand": demand}, minerals=weights(1, 7))
    assert_answer(path, dependence=0.5, shortfall=0.0, cost=0.0)


def test_value_weighs_within_a_mineral_alone(tmp_path: Path) -> None:
    # All sand is worth 50 million times all dust; the weights of the minerals hold all the same.
    path = workbook(
        tmp_path,
        **PARTS,
        prices="""commodity,market,2026
            sand,*,1000000
            dust,*,2""",
        minerals=weights(3, 1),
    )
    run = solve(load(path, {**EXACT, "objective": "value-weighted"}))
    assert run.passes[0].value == pytest.approx((3 * 0.25 + 0.5) / 4)


def test_a_target_over_a_region_weighs_minerals(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        **PARTS,
        minerals=weights(3, 1),
        targets="""target,metric,scope,year,bound
            whole,dependence,a,2026,0.9
            own,dependence,dust,2026,0.9""",
    )
    run = solve(load(path, EXACT))
    values = {row.target: row.value for row in run.targets}
    assert values == pytest.approx({"whole": (3 * 0.25 + 0.5) / 4, "own": 0.5})


def test_a_lane_of_a_mineral_goes_before_any_and_after_a_commodity(tmp_path: Path) -> None:
    # All trade costs 1 a unit; that of bulk 10; that of dust, by name, 100. The mineral of dust
    # names it too, at 1,000, and loses. 250 x 10 + 5 x 100 = USD 3,000.
    path = workbook(
        tmp_path,
        **PARTS,
        lanes="""origin,destination,commodity,cost
            *,*,*,1
            *,*,mineral:BULK,10
            *,*,mineral:trace,1000
            *,*,dust,100""",
        minerals=weights(3, 1),
    )
    assert_answer(path, dependence=(3 * 0.25 + 0.5) / 4, shortfall=0.0, cost=0.003)
