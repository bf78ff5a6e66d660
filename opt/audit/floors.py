"""The least scales of rows, from what the answer commits and pays and from demand that counts.

Never from the largest number of a sheet: one cell that no plan touches would else raise the floor
of every row until anything passes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from opt.audit.answer import Answer
from opt.audit.case import Case
from opt.audit.check import FLOOR, MONEY_FLOOR
from opt.audit.supply import committed_capex
from opt.record.money import Use


def money_floor(case: Case, answer: Answer) -> float:
    """FLOOR times the largest commitment at its recomputed capex, or payment for stock or support,
    and at least MONEY_FLOOR. USD million."""
    return max([MONEY_FLOOR, *(FLOOR * musd for musd in _amounts(case, answer))])


def _amounts(case: Case, answer: Answer) -> Iterator[float]:
    """What was committed and paid, as far as it is known and a number; the rest is a finding."""
    for made in answer.commitments:
        if made.project in case.projects and math.isfinite(made.size or 0.0):
            yield committed_capex(case, made)
    paid = [line.paid_musd for line in answer.payments if line.use is not Use.CAPITAL]
    yield from filter(math.isfinite, paid)
