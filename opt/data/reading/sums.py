"""Rows whose numbers add up those above them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

ROUNDING = 1e-6  # relative; totals are often typed with fewer digits than what they add up

Numbers = Mapping[str | int, float]  # by column or year


def adds_up(row: Numbers, others: Sequence[Numbers]) -> int:
    """How many rows, counted back from the last of the others, add up to a row in all its numbers;
    0 where none do. One row alone is no sum."""
    if not any(row.values()):
        return 0
    so_far = dict.fromkeys(row, 0.0)
    found = 0
    for count, other in enumerate(reversed(others), start=1):
        for place in so_far:
            so_far[place] += other.get(place, 0.0)
        if count > 1 and all(
            math.isclose(so_far[place], row[place], rel_tol=ROUNDING) for place in row
        ):
            found = count
    return found
