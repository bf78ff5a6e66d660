"""Money of an answer: who pays, what falls due, what is left, what it all costs. USD million."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from opt.record.columns import MUSD, UNITS, YEAR, Col
from opt.record.table import Table

PROGRAMME = Col("Programme")


class Use(StrEnum):
    """What public money pays for."""

    CAPITAL = "capital"  # a commitment of a project
    STOCK = "stock"  # what a stockpile buys and keeps
    SUPPORT = "support"  # the running of a process at a plant that costs more than it earns


# Uses that are paid by the unit: their payments tell the units, and what they cost is a cost.
BY_UNIT = (Use.SUPPORT,)
BESIDE_CAPITAL = tuple(use for use in Use if use is not Use.CAPITAL)


@dataclass(frozen=True, slots=True)
class Payment:
    """Public money of one programme for one use of one thing in one year.

    The thing is the project of a commitment, a stockpile, or a plant whose `process` is supported
    (blank: none), with the `activity` that the payment supports (None: of no support). The year of
    capital is that of the commitment.
    """

    use: Annotated[Use, Col("capital, stock or support")]
    thing: Annotated[str, Col("Project committed, stockpile, or plant that is kept running")]
    process: Annotated[str, Col("Process that is supported; blank of capital and stock")]
    year: Annotated[int, Col("Year; of capital that of the commitment", YEAR)]
    programme: Annotated[str, PROGRAMME]
    activity: Annotated[
        float | None, Col("Units of activity supported; blank of capital and stock", UNITS)
    ]
    paid_musd: Annotated[float, Col("Public money", MUSD)]

    @property
    def place(self) -> tuple[str, str, str, int, str]:
        """What tells it from every other payment, and its place among them."""
        return (self.use, self.thing, self.process, self.year, self.programme)


PAYMENTS = Table(
    "payments",
    "Payments",
    "Public money of each programme into each commitment, stockpile and supported plant.",
    Payment,
    lambda run: run.solution.payments,
)


@dataclass(frozen=True, slots=True)
class ProgrammeYear:
    """Public money of one programme in one year, USD million.

    `committed_musd` is promised in the year, `due_musd` falls due in it and `repaid_musd` comes
    back of revolving loans, both at the programme's charge; `limit_musd` is the most that may fall
    due (None: no limit) and `left_musd` what is left of it. `amount_musd` is the most that may be
    committed in all and `amount_left_musd` what is left of it at the end of the year, both at the
    charge (None: after the last year, in which nothing is committed).
    """

    programme: Annotated[str, PROGRAMME]
    year: Annotated[int, Col("Year", YEAR)]
    committed_musd: Annotated[float, Col("Promised in the year", MUSD)]
    due_musd: Annotated[float, Col("Falls due in the year", MUSD)]
    repaid_musd: Annotated[float, Col("Comes back of revolving loans, lent again", MUSD)]
    limit_musd: Annotated[float | None, Col("Most that may fall due; blank is no limit", MUSD)]
    left_musd: Annotated[
        float | None,
        Col("Left of the limit: less what falls due, plus what comes back", MUSD),
    ]
    amount_musd: Annotated[
        float | None, Col("Most that may be committed in all, at the charge", MUSD)
    ]
    amount_left_musd: Annotated[
        float | None,
        Col(
            "Left of the amount at the end of the year: less what is committed, plus what comes"
            " back",
            MUSD,
        ),
    ]


MONEY = Table(
    "money",
    "Money by programme and year",
    "What is promised and what falls due, against the limit.",
    ProgrammeYear,
    lambda run: run.payments_due,
)


@dataclass(frozen=True, slots=True)
class CostYear:
    """One part of the cost in one year, USD million, as spent and discounted."""

    part: Annotated[str, Col("Part of the cost")]
    year: Annotated[int, Col("Year", YEAR)]
    musd: Annotated[float, Col("As spent", MUSD)]
    discounted_musd: Annotated[float, Col("Discounted", MUSD)]


COSTS = Table(
    "costs",
    "Costs by part and year",
    "The cost pass by part, as spent and discounted.",
    CostYear,
    lambda run: run.costs,
)


def paid_for(payments: Iterable[Payment], use: Use) -> tuple[Payment, ...]:
    """The payments for one use."""
    return tuple(payment for payment in payments if payment.use == use)


def total_paid(payments: Iterable[Payment]) -> float:
    """What some payments come to. USD million, 0.0 where there are none."""
    return sum((p.paid_musd for p in payments), 0.0)
