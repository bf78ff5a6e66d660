"""The limits of a year of which the plan uses something: rows of the workbook, and programmes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from opt.record.case import CaseRecord
from opt.record.ceilings import CeilingPlace, CeilingYear
from opt.record.columns import MUSD, SHARE, UNITS, YEAR, Col
from opt.record.run import Run
from opt.record.table import Table

FULL = 1e-6  # relative: what solvers leave
WHAT = {
    "private": "private money",
    "starts": "plants started",
    "capex": "capital cost committed",
    "capacity": "capacity committed",
}


@dataclass(frozen=True, slots=True)
class LimitInUse:
    """One limit in one year, and what the plan uses of it."""

    limit_on: Annotated[str, Col("What is limited")]
    year: Annotated[int, Col("Year", YEAR)]
    used: Annotated[float, Col("Used by the plan", UNITS)]
    limit: Annotated[float, Col("The most", UNITS)]
    share: Annotated[float, Col("Used, as a share of the most", SHARE)]
    full: Annotated[str, Col("full: nothing is left")]
    unit: Annotated[str, Col("Unit")]


def _in_use(run: Run) -> Iterable[LimitInUse]:
    for row in run.ceilings:
        if row.used > FULL * max(row.limit, 1.0) and row.limit > 0.0:
            words = ceiling_words(run.case, row.place)
            yield _row(words, row.year, row.used, row.limit, row.unit)
    for due in run.payments_due:
        used = due.due_musd - due.repaid_musd
        if due.limit_musd and used > FULL * due.limit_musd:
            words = f"{run.case.programme_name(due.programme)}, falling due"
            yield _row(words, due.year, used, due.limit_musd, MUSD)


def _row(words: str, year: int, used: float, limit: float, unit: str) -> LimitInUse:
    full = "full" if used >= limit * (1.0 - FULL) else ""
    return LimitInUse(words, year, used, limit, used / limit, full, unit)


LIMITS = Table(
    "limits",
    "Limits in use",
    "Limits of a year of which the plan uses something; those of whole programmes are on sheet"
    " Programmes.",
    LimitInUse,
    _in_use,
)


def ceiling_words(case: CaseRecord, place: CeilingPlace) -> str:
    """A limit of the workbook in words: 'capacity committed of NdPr oxide, region Australia'."""
    what, field, value, mineral, commodity = place
    told = WHAT[what]
    if commodity in case.commodities:
        told = f"{told} of {case.commodities[commodity].name}"
    if field == "region" and value in case.regions:
        value = case.regions[value].name
    over = f", {field} {value}" if value else ", all together"
    return f"{told}{over}{f', {mineral}' if mineral else ''}"


def is_full(row: CeilingYear, asked: float) -> bool:
    """Whether a limit has no room for so much more beside the plan."""
    return row.used + asked > row.limit * (1.0 + FULL) + FULL
