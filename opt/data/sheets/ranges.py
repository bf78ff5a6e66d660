"""What numbers can be and what they usually are, quantity by quantity.

A number beyond what is possible is refused; one beyond what is usual is warned of, for it is mostly
a slip of the unit: USD for USD million, kt for t, per cent for a share. Sizes are given without
sign; 0 is always usual, and possible wherever the low end is not above it.
"""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Range:
    """The range of one quantity, in its column's unit.

    Possible are `low` to `high`, and of what is not 0 only sizes from `least` on; usual are sizes
    within `usual`. `slip` says which unit the column is not in.
    """

    low: float
    high: float
    usual: Span
    least: float = 0.0
    slip: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is 0 to 1, so that 85 may stand for 0.85."""
        return (self.low, self.high) == (0.0, 1.0)

    def is_too_small(self, number: float) -> bool:
        """Whether a number is not 0 and yet smaller than anything possible."""
        return 0 < abs(number) < self.least

    def is_usual(self, number: float) -> bool:
        """Whether a number is 0 or of a usual size."""
        return number == 0 or self.usual[0] <= abs(number) <= self.usual[1]


_COMMODITY = "in the commodity's own unit; t is not kt"
_PER_UNIT = "per unit of the commodity; neither USD million nor per kt"
_MILLION = "not USD"
_SHARE = "a share, not per cent"

# A gram in tonnes to ten times what mankind digs up in a year; no chain trades more than 1e9 t.
MASS = Range(0, 1e12, (0.1, 1e9), 1e-6, _COMMODITY)
# A tonne of the rarest metal takes a million tonnes of ore.
RECIPE = Range(-1e7, 1e7, (1e-6, 1e6), 1e-7, "in the units of the commodities")
# A dollar to ten times the world's yearly output. The dearest mines cost USD 20 to 30 billion.
CAPEX = Range(0, 1e9, (0.1, 1e5), 1e-6, _MILLION)
# The largest programmes of public money hold some hundred billion dollars.
FUND = Range(0, 1e9, (0.1, 1e6), 1e-6, _MILLION)
CAPEX_PER_UNIT = Range(0, 1e6, (1e-7, 100), 1e-12, "neither USD nor per kt")
FIXED_OPEX = Range(0, 1e6, (0.01, 1e4), 1e-6, _MILLION)
# The dearest metals cost some hundred million dollars a tonne.
PRICE = Range(0, 1e12, (0.01, 1e9), 1e-6, _PER_UNIT)
FREIGHT = Range(0, 1e12, (0.01, 1e6), 1e-6, _PER_UNIT)
SURPLUS = Range(-1e12, 1e12, (0.01, 1e9), 1e-6, _PER_UNIT)
LEAD_TIME = Range(0, 100, (0.1, 15), 1e-3, "not months")
LIFE = Range(1, 1000, (1, 100))
REPAYMENT = Range(1, 100, (1, 50), slip="not months")
UNITS = Range(1, 1e4, (1, 100))
SHARE = Range(0, 1, (1e-4, 1), 1e-6, _SHARE)
CONTENT = Range(0, 1, (1e-6, 1), 1e-12, _SHARE)
CHARGE = Range(0, 100, (1e-3, 2), 1e-6, _SHARE)
WEIGHT = Range(0, 1e6, (1e-3, 1e3), 1e-6)
FACTOR = Range(0, 1e3, (0.01, 10), 1e-6, "a factor, not per cent")
SHIFT = Range(-1e12, 1e12, (1e-3, 1e9), 1e-6)
STARTS = Range(0, 1e6, (0.1, 1e4), 1e-6, "starts")
# An end of a range: what its cell can hold is asked of it too.
END = Range(-1e12, 1e12, (0, 1e12))
FIGURE = Range(0, 1e12, (1e-4, 1e9), 0.0, "shares are not per cent")
YEAR = Range(1900, 2200, (1950, 2100))
YEARS = range(int(YEAR.low), int(YEAR.high) + 1)
DISCOUNT = Range(0, 1, (1e-3, 0.25), 1e-6, _SHARE)
GAP = Range(0, 1, (1e-9, 0.25), 1e-12, _SHARE)
SECONDS = Range(0, 3e7, (1e-3, 1e6))  # a year
# More threads than a large machine has cores only wait for each other, thousands stop a machine.
THREADS = Range(1, 64, (1, 64))
SEED = Range(0, 2**31 - 1, (0, 2**31 - 1))  # the solver's own limit
VERSION = Range(1, 1000, (1, 1000))
