"""Years: values between given ones, lead times, ramps. Each a sentence of the fine print."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

# A lead time of 2.0000000001 is a rounding error of a spreadsheet, not a third year.
ROUNDING = 1e-9


def interpolate(given: Mapping[int, float], year: int) -> float:
    """The value in a year: straight line between given years, the first value before the first.

    Raises ValueError after the last given year; the check of the workbook comes first.
    """
    known = sorted(given)
    if year <= known[0]:
        return given[known[0]]
    if year > known[-1]:
        raise ValueError(f"no value for {year}")
    after = next(y for y in known if y >= year)
    if after == year:
        return given[year]
    before = max(y for y in known if y < year)
    slope = (given[after] - given[before]) / (after - before)
    return given[before] + slope * (year - before)


def whole_years(lead_time: float) -> int:
    """A lead time in whole years, fractions rounded up."""
    return math.ceil(lead_time - ROUNDING)


def ramp_share(ramp: Sequence[float], n: int | None) -> float:
    """Share of capacity in the n-th year of operation (the first is 1); the last value stays.

    None means past the ramp. An empty ramp is full from the first year.
    """
    if not ramp:
        return 1.0
    if n is None or n > len(ramp):
        return ramp[-1]
    return ramp[n - 1]


def value_in(given: Mapping[int, float], year: int) -> float:
    """As `interpolate`, and after the last given year its value: for years that may be missing."""
    return interpolate(given, min(year, max(given)))
