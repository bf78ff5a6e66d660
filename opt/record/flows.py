"""Material of an answer: what runs, what is traded, what is left over, what is delivered.

Amounts are in the units of the workbook (tonnes a year as a rule).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import UNITS, YEAR, Col
from opt.record.stock import StockYear
from opt.record.table import flow_table

# Of a whole: what differences of amounts leave of nothing.
ROUNDING = 1e-9
CLEAR = "clear"
EXPOSED = "exposed"
ORIGIN = Col("clear or exposed")
Place = tuple[str, str]  # region, commodity


@dataclass(frozen=True, slots=True)
class Activity:
    """Activity of one process of one plant (a facility or a built project) in one origin class."""

    plant: Annotated[str, Col("Facility or project")]
    process: Annotated[str, Col("Process")]
    origin: Annotated[str, ORIGIN]
    year: Annotated[int, Col("Year", YEAR)]
    activity: Annotated[float, Col("Units of activity", UNITS)]


ACTIVITY = flow_table(
    "activity",
    "Activity",
    "What each plant runs; zeros are left out.",
    Activity,
    lambda flows: flows.activities,
)


@dataclass(frozen=True, slots=True)
class Shipment:
    """Trade from one region to another, in the origin class it had when it left."""

    origin_region: Annotated[str, Col("Region that ships", name="from")]
    destination: Annotated[str, Col("Region that receives", name="to")]
    commodity: Annotated[str, Col("Commodity")]
    origin: Annotated[str, ORIGIN]
    year: Annotated[int, Col("Year", YEAR)]
    amount: Annotated[float, Col("Amount", UNITS)]


SHIPMENTS = flow_table(
    "shipments",
    "Shipments",
    "Trade between regions; zeros are left out.",
    Shipment,
    lambda flows: flows.shipments,
)


@dataclass(frozen=True, slots=True)
class Leftover:
    """Clear material used as exposed, material nobody uses, and what the holder of an offtake
    contract takes and does not use for allies, at one region."""

    region: Annotated[str, Col("Region")]
    commodity: Annotated[str, Col("Commodity")]
    origin: Annotated[str, ORIGIN]
    year: Annotated[int, Col("Year", YEAR)]
    downgraded: Annotated[float, Col("Clear used as exposed", UNITS)]
    surplus: Annotated[float, Col("Used by nobody", UNITS)]
    contracted: Annotated[float, Col("Taken under contract and not used for allies", UNITS)] = 0.0


LEFTOVERS = flow_table(
    "leftovers",
    "Leftovers",
    "Clear material used as exposed, used by nobody, or kept by the holder of a contract.",
    Leftover,
    lambda flows: flows.leftovers,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One demand in one year: how much was served clear, exposed, or not at all."""

    region: Annotated[str, Col("Region")]
    commodity: Annotated[str, Col("Commodity")]
    segment: Annotated[str, Col("Use")]
    year: Annotated[int, Col("Year", YEAR)]
    demand: Annotated[float, Col("Demand", UNITS)]
    clear: Annotated[float, Col("Served clear", UNITS)]
    exposed: Annotated[float, Col("Served exposed", UNITS)]
    short: Annotated[float, Col("Not served", UNITS)]


DELIVERIES = flow_table(
    "deliveries",
    "Demand served",
    "Each demand in each year: clear, exposed, short.",
    Delivery,
    lambda flows: flows.deliveries,
)


@dataclass(frozen=True, slots=True)
class Flows:
    """All material of one pass; zeros are left out except in deliveries."""

    activities: tuple[Activity, ...]
    shipments: tuple[Shipment, ...]
    leftovers: tuple[Leftover, ...]
    deliveries: tuple[Delivery, ...]
    stocks: tuple[StockYear, ...] = ()


def rest(left: float, whole: float) -> float:
    """What is left of a whole: nothing where it is no more than rounding of the whole."""
    return 0.0 if abs(left) <= ROUNDING * abs(whole) else left
