"""What minerals count for beside each other, worked out by hand.

Allies need 1,000 t of bulk a year, of which their pit makes 750 t, and 10 t of trace, of which 5 t:
a quarter of the one and half of the other come from the covered bloc.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from second_opinion_cases import EXACT, workbook

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
