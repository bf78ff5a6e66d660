"""Random small cases after `builders.chain`, drawn anew from the same seed on every run."""

from __future__ import annotations

from typing import Any

from builders import Rows, Sheets, chain, plant
from hypothesis import settings
from hypothesis import strategies as st

SHARES = 3e-6
FEW = settings(max_examples=12, derandomize=True, deadline=None)

RAMPS: Rows = [{"ramp": "slow", "year_1": 0.5, "year_2": 0.9, "year_3": 1}]
SPENDS: Rows = [
    {"spend": "once", "year_1": 1, "year_2": ""},
    {"spend": "two", "year_1": 0.4, "year_2": 0.6},
]


def a_project(fields: tuple[Any, ...], number: int) -> dict[str, Any]:
    """A row of sheet projects out of drawn values."""
    region, process, capacity, capex, lead, share, ramp, spend, scalable, opex = fields
    size = {"capacity_max": capacity, "capex_per_unit": 0.1} if scalable else {"capacity": capacity}
    return {
        "project": f"P{number}",
        "region": region,
        "processes": process,
        "capex": capex,
        "lead_time": lead,
        "public_share": share,
        "ramp": ramp,
        "spend": spend,
        "opex": opex,
        **size,
    }


PROJECT = st.tuples(
    st.sampled_from(["W", "N", "X"]),
    st.sampled_from(["dig", "smelt", "smelt", "dig; smelt"]),
    st.integers(10, 90),
    st.integers(1, 30),
    st.integers(0, 2),
    st.sampled_from([0, 0.5, 0.9]),
    st.sampled_from(["", "slow"]),
    st.sampled_from(["once", "two"]),
    st.booleans(),
    st.sampled_from([0, 5000]),
)


@st.composite
def cases(draw: st.DrawFn) -> Sheets:
    """A case with one to four projects, one or two programmes, and lanes with costs and a limit."""
    projects = draw(st.lists(PROJECT, min_size=1, max_size=4))
    limit = draw(st.sampled_from(["", 5, 10]))
    programmes: Rows = [
        {"programme": "A", "amount": draw(st.integers(5, 40)), "2030": limit, "2031": limit},
        {"programme": "B", "amount": draw(st.integers(0, 20)), "max_share": 0.6},
    ]
    lanes: Rows = [
        {"origin": "*", "destination": "*", "commodity": "*", "cost": 1000},
        {
            "origin": "bloc:other",
            "destination": "W",
            "commodity": "metal",
            "cost": 3000,
            "limit": draw(st.integers(10, 60)),
        },
    ]
    facilities = [
        plant("mine_w", "W", "dig", draw(st.integers(20, 120)), opex=100),
        plant("mine_x", "X", "dig", 1000, opex=200),
        plant("smelter_x", "X", "smelt", draw(st.integers(60, 300)), opex=4000),
        plant("smelter_n", "N", "smelt", draw(st.integers(1, 40)), opex=9000),
    ]
    row = {"region": "W", "commodity": "metal", "2030": 60}
    demand: Rows = [
        {**row, "segment": "a", "2033": draw(st.integers(60, 120)), "weight": 1},
        {**row, "segment": "b", "2033": 60, "weight": draw(st.sampled_from([1, 2.5]))},
        {"region": "N", "commodity": "metal", "2030": 30, "2033": 30, "weight": 1},
    ]
    return chain(
        {"discount_rate": 0.07},
        facilities=facilities,
        projects=[a_project(fields, n) for n, fields in enumerate(projects)],
        programmes=programmes,
        lanes=lanes,
        demand=demand,
        ramps=RAMPS,
        spends=SPENDS,
    )
