"""Limits on what a year can carry, and what the plan uses of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import SHARE, UNITS, YEAR, Col
from opt.record.table import Table

CeilingPlace = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class CeilingYear:
    """One row of private_capital or build_limits in one year that it limits, in the unit `unit`.

    `limit` is with what it has learnt and what lifts it; of a limit that carries over, `used` and
    `limit` are those of all years up to that one.
    """

    what: Annotated[str, Col("private, starts, capex or capacity: what is limited")]
    field: Annotated[str, Col("What is matched")]
    value: Annotated[str, Col("The id or name that it has")]
    mineral: Annotated[str, Col("Mineral that the project must also make; blank: any")]
    commodity: Annotated[str, Col("Of capacity: the commodity that could be made")]
    year: Annotated[int, Col("Year", YEAR)]
    used: Annotated[float, Col("Used by the plan", UNITS)]
    limit: Annotated[float, Col("The most", UNITS)]
    share: Annotated[float | None, Col("Used, as a share of the most; blank of none", SHARE)]
    unit: Annotated[str, Col("Unit of what is used and of the most")]

    @property
    def place(self) -> CeilingPlace:
        """What tells its row of the workbook from every other."""
        return (self.what, self.field, self.value, self.mineral, self.commodity)


CEILINGS = Table(
    "ceilings",
    "Limits of a year",
    "What the plan uses of each limit on private money, starts, capital cost and capacity.",
    CeilingYear,
    lambda run: run.ceilings,
)
