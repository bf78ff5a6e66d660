"""A case whose best plan is quick to guess and takes far longer than any test to prove."""

from __future__ import annotations

import random
from typing import Any

from builders import EXACT, Rows, project

YEARS = range(2030, 2040)
PROJECTS = 90


def hard_case(**settings: Any) -> dict[str, Rows]:
    """A knapsack of 90 mines in ten dimensions.

    All are committed in 2030 or never, each spreads its capex over ten years in its own way, and
    half of what all of them would need is there in each year. What a mine makes goes with what it
    costs, so that no mine is plainly better.
    """
    chance = random.Random(11)
    weights = [[chance.randint(5, 100) for _ in YEARS] for _ in range(PROJECTS)]
    capacities = [sum(w) / len(YEARS) + chance.randint(0, 50) for w in weights]
    now = {"public_share": 1, "latest": 2030}
    return {
        "settings": [
            {"key": key, "value": value}
            for key, value in {**EXACT, "last_year": YEARS[-1], **settings}.items()
        ],
        "regions": [{"region": "W", "bloc": "ally"}, {"region": "X", "bloc": "covered"}],
        "commodities": [{"commodity": "ore", "stage": "mining"}],
        "processes": [{"process": "dig", "stage": "mining"}],
        "recipes": [{"process": "dig", "commodity": "ore", "amount": 1}],
        "projects": [
            project(f"P{n}", "dig", capacity, sum(w), spend=f"S{n}", **now)
            for n, (capacity, w) in enumerate(zip(capacities, weights, strict=True))
        ],
        "spends": [
            {"spend": f"S{n}", **{f"year_{k + 1}": x / sum(w) for k, x in enumerate(w)}}
            for n, w in enumerate(weights)
        ],
        "programmes": [
            {
                "programme": "fund",
                "amount": 1_000_000,
                **{str(t): sum(w[k] for w in weights) / 2 for k, t in enumerate(YEARS)},
            }
        ],
        "demand": [{"region": "W", "commodity": "ore", "2039": sum(capacities)}],
    }
