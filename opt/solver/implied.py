r"""What the rows of a programme imply of each column, by arithmetic alone.

Of a row low <= \sum_j a_j x_j <= high, a column with a_j > 0 is at least (low - most of the others)
/ a_j and at most (high - least of the others) / a_j; with a_j < 0 the other way about. What is so
found of one column tells more of the others, in ROUNDS at most.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from opt.solver.highs import INTEGRALITY_TOLERANCE, Standing, Vector

ROUNDS = 4
# Of the size of all that a row adds up: what is taken off for the last digits of its sum.
LAST_DIGITS = 1e-15


def implied_bounds(standing: Standing, integers: NDArray[np.int32]) -> tuple[Vector, Vector]:
    """The least and the most that every column can be, by number; infinite where no row tells.

    No point that keeps rows and bounds lies beyond, but for rounding; the bounds need not be
    reached.
    """
    entries = standing.matrix.tocoo()
    entries.eliminate_zeros()
    low, high = standing.lower, standing.upper
    for _ in range(ROUNDS):
        least, most = _by_rows(standing, entries, low[entries.col], high[entries.col])
        before, (low, high) = (low, high), (low.copy(), high.copy())
        np.maximum.at(low, entries.col, least)
        np.minimum.at(high, entries.col, most)
        low[integers] = np.ceil(low[integers] - INTEGRALITY_TOLERANCE)
        high[integers] = np.floor(high[integers] + INTEGRALITY_TOLERANCE)
        if np.array_equal(low, before[0]) and np.array_equal(high, before[1]):
            break
    return low, high


def _by_rows(standing: Standing, entries: Any, low: Vector, high: Vector) -> tuple[Vector, Vector]:
    """The least and the most that each entry's column can be by its row, of the bounds that the
    entries' columns have now."""
    rises, row = entries.data > 0, entries.row
    doubt = np.zeros(len(standing.row_lower))
    for bound in (standing.row_lower, standing.row_upper):
        doubt += np.abs(np.where(np.isfinite(bound), bound, 0.0))
    others = []
    for end in (np.where(rises, low, high), np.where(rises, high, low)):
        endless = ~np.isfinite(end)
        own = np.where(endless, 0.0, end * entries.data)
        total = np.bincount(row, own, len(doubt))
        endless_in = np.bincount(row, endless, len(doubt))
        doubt += np.bincount(row, np.abs(own), len(doubt))
        others.append((total[row] - own, endless_in[row] > endless))
    (least, below), (most, above) = others
    margin = LAST_DIGITS * doubt[row]
    least = np.where(below, -np.inf, least - margin)
    most = np.where(above, np.inf, most + margin)
    upper = (standing.row_upper[row] - least) / entries.data
    lower = (standing.row_lower[row] - most) / entries.data
    return np.where(rises, lower, upper), np.where(rises, upper, lower)
