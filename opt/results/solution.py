"""The answer as plain frozen data: what is committed, who pays, how material flows.

Amounts are in the units of the workbook (tonnes a year as a rule), money in USD million of its
price year, shares in 0..1. Nothing here knows how the answer was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Of a whole: what differences of amounts leave of nothing.
ROUNDING = 1e-9
CLEAR = "clear"
EXPOSED = "exposed"


class Outcome(StrEnum):
    """The closed set of what a solve can come to."""

    OPTIMAL = "optimal"  # solved to the asked gap
    FEASIBLE = "feasible"  # stopped early, plan kept with its bound
    INFEASIBLE = "infeasible"  # no plan obeys every rule
    LIMIT = "limit"  # stopped early with no plan
    ERROR = "error"  # the solver failed


@dataclass(frozen=True, slots=True)
class Commitment:
    """Units of one project committed in one year; `size` is the capacity of a scalable one."""

    project: str
    year: int
    units: int
    size: float | None
    first_operation: int
    capex_musd: float


@dataclass(frozen=True, slots=True)
class Payment:
    """Public money of one programme into one commitment."""

    project: str
    year: int
    programme: str
    paid_musd: float


@dataclass(frozen=True, slots=True)
class Activity:
    """Activity of one process of one plant (a facility or a built project) in one origin class."""

    plant: str
    process: str
    origin: str
    year: int
    activity: float


@dataclass(frozen=True, slots=True)
class Shipment:
    """Trade from one region to another, in the origin class it had when it left."""

    origin_region: str
    destination: str
    commodity: str
    origin: str
    year: int
    amount: float


@dataclass(frozen=True, slots=True)
class Leftover:
    """Clear material used as exposed, material nobody uses, and what the holder of an offtake
    contract takes and does not use for allies, at one region."""

    region: str
    commodity: str
    origin: str
    year: int
    downgraded: float
    surplus: float
    contracted: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One demand in one year: how much was served clear, exposed, or not at all."""

    region: str
    commodity: str
    segment: str
    year: int
    demand: float
    clear: float
    exposed: float
    short: float


@dataclass(frozen=True, slots=True)
class StockYear:
    """One origin class of one stockpile in one year; `level` is at the end of the year."""

    stockpile: str
    origin: str
    year: int
    bought: float
    released: float
    level: float


@dataclass(frozen=True, slots=True)
class StockPayment:
    """Public money of one programme into one stockpile in one year."""

    stockpile: str
    year: int
    programme: str
    paid_musd: float


@dataclass(frozen=True, slots=True)
class SupportPayment:
    """Public money of one programme for the running of one process at one plant in one year;
    `activity` is what it supports."""

    plant: str
    process: str
    year: int
    programme: str
    activity: float
    paid_musd: float


@dataclass(frozen=True, slots=True)
class Flows:
    """All material of one pass; zeros are left out except in deliveries."""

    activities: tuple[Activity, ...]
    shipments: tuple[Shipment, ...]
    leftovers: tuple[Leftover, ...]
    deliveries: tuple[Delivery, ...]
    stocks: tuple[StockYear, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole answer. `allied` are the flows of the cost pass, in which only allied demand is
    served; `world` those of the world pass, in which everybody else is served as well as can be."""

    commitments: tuple[Commitment, ...]
    payments: tuple[Payment, ...]
    allied: Flows
    world: Flows
    stock_payments: tuple[StockPayment, ...] = ()
    support_payments: tuple[SupportPayment, ...] = ()

    @property
    def public_musd(self) -> float:
        """All public money: for capex, stock and support. USD million, undiscounted."""
        return total(self.payments) + total(self.stock_payments) + total(self.support_payments)


def rest(left: float, whole: float) -> float:
    """What is left of a whole: nothing where it is no more than rounding of the whole."""
    return 0.0 if abs(left) <= ROUNDING * abs(whole) else left


def total(payments: Iterable[Payment | StockPayment | SupportPayment]) -> float:
    """What some payments come to. USD million, 0.0 where there are none."""
    return sum((p.paid_musd for p in payments), 0.0)


@dataclass(frozen=True, slots=True)
class Pass:
    """One solve of the order of objectives.

    `value` and `bound` are in the objective's own unit (a share for dependence, USD million for
    cost, weighted units for world); `gap` is |value - bound| / |value|. Later passes may exceed the
    value by `kept`: absolute in shares, times the value in money.
    """

    objective: str
    value: float
    bound: float
    gap: float
    seconds: float
    outcome: Outcome
    kept: float = 0.0


@dataclass(frozen=True, slots=True)
class YearMetrics:
    """Dependence and shortfall of one year; `counted` says whether the year is optimised."""

    year: int
    demand: float
    exposed: float
    short: float
    dependence: float
    shortfall: float
    counted: bool


@dataclass(frozen=True, slots=True)
class Metrics:
    """What an answer is worth. Money in USD million, undiscounted except cost_musd. `public_musd`
    is all public money, `stock_musd` and `support_musd` what of it buys stock and keeps plants
    running; `private_musd` the capex that is not public.

    `pooled_dependence` is dependence where clear and exposed material mix at each place; the truth
    lies between the two.
    """

    dependence: float
    shortfall: float
    cost_musd: float
    capex_musd: float
    public_musd: float
    private_musd: float
    by_year: tuple[YearMetrics, ...]
    pooled_dependence: float
    pooled_by_year: Mapping[int, float]
    cost_parts: Mapping[str, float] = field(default_factory=dict)
    stock_musd: float = 0.0
    support_musd: float = 0.0
