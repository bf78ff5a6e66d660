"""Drawn cases of the chain in which a limit on capacity binds: what it lets through decides how
much stays exposed."""

from __future__ import annotations

import random

from builders import Sheets, chain, plant, project


def paced(seed: int, carry_over: str) -> Sheets:
    """W's 100 of metal a year over 2030-2034 and smelters of any size and life, of which a limit
    that may learn and be lifted lets few through."""
    rng = random.Random(seed)
    years = [str(year) for year in range(2030, 2035)]
    rows = [
        project(name, "smelt", rng.randint(5, 60), 1)
        | {"lead_time": rng.choice((0, 0, 1)), "life": rng.choice(("", "", 1, 2))}
        | {"ramp": rng.choice(("", "", "rises", "falls")), "max_units": rng.choice((1, 1, 2))}
        for name in "PQRST"
    ]
    sizes = {"capacity_min": rng.randint(1, 30), "capacity_max": rng.randint(30, 60)}
    rows[0] |= {"capacity": "", "capex_per_unit": 0.1, **sizes}
    track = {"project": "F", "region": "W", "capex": 1, "lead_time": 1, "life": rng.choice((1, 2))}
    limit = {"limit": "pace", "field": "all", "what": "capacity", "commodity": "metal"}
    limit |= {"carry_over": carry_over, "learn": rng.choice((0, 0.2, 0.5))}
    limit |= {year: rng.choice((0, rng.randint(0, 40))) for year in years}
    return chain(
        {"last_year": 2034},
        projects=[*rows, track],
        ramps=[
            {"ramp": "rises", "year_1": 0.3, "year_2": 1},
            {"ramp": "falls", "year_1": 1, "year_2": 0.4},
        ],
        facilities=[*chain()["facilities"], plant("own", "W", "smelt", 10)],
        demand=[{"region": "W", "commodity": "metal", "2030": 100, "2034": 100}],
        build_limits=[limit],
        lifts=[{"project": "F", "limit": "pace", "amount": rng.randint(0, 20)}],
    )
