"""What a programme commits, pays and gets back in a year, and what is left of its yearly limit and
of its amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from opt.audit.dues import committed_by_year, due_by_year, repaid_by_year
from opt.audit.evidence import Evidence
from opt.data.tables import Row


class Amounts(NamedTuple):
    """Money of one programme and year, USD million."""

    committed: float
    due: float
    repaid: float


NOTHING = Amounts(0.0, 0.0, 0.0)


def amounts_by_year(evidence: Evidence) -> dict[tuple[str, int], Amounts]:
    """Every programme and year in which something is committed, falls due or comes back."""
    committed = committed_by_year(evidence)
    due, repaid = due_by_year(evidence), repaid_by_year(evidence)
    return {
        key: Amounts(committed.get(key, 0.0), due.get(key, 0.0), repaid.get(key, 0.0))
        for key in committed.keys() | due.keys() | repaid.keys()
    }


def limit_and_left(
    evidence: Evidence,
    amounts: Mapping[tuple[str, int], Amounts],
    programme: str,
    year: int,
) -> tuple[float | None, float | None]:
    """The year's limit with what was carried into it, and what it leaves; None without limit."""
    row = evidence.case.programmes[programme]
    years = _limited_years(evidence, row, year)
    if not years:
        return None, None
    spent = {}
    for t in years:
        amount = amounts.get((programme, t), NOTHING)
        spent[t] = amount.due - amount.repaid
    left = sum(row.years[t] - spent[t] for t in years)
    return left + spent[year], left


def amount_and_left(
    evidence: Evidence,
    amounts: Mapping[tuple[str, int], Amounts],
    programme: str,
    year: int,
) -> tuple[float | None, float | None]:
    """The amount, and what is left of it at the end of a year: amount - charge x all committed so
    far + all that came back; None after last_year, in which nothing is committed."""
    if year not in evidence.case.years:
        return None, None
    row = evidence.case.programmes[programme]
    amount = left = row.number_of("amount")
    for t in evidence.case.years:
        if t <= year:
            own = amounts.get((programme, t), NOTHING)
            left += own.repaid - row.number_of("charge") * own.committed
    return amount, left


def _limited_years(evidence: Evidence, row: Row, year: int) -> range:
    """The years whose limits hold together in a year: it alone, or with carry_over all so far;
    none where one of them has no limit, or after last_year."""
    first = evidence.case.tables.first_year if row.text("carry_over") == "yes" else year
    so_far = range(first, year + 1)
    known = year in evidence.case.years and all(t in row.years for t in so_far)
    return so_far if known else range(0)
