"""Plants that cost more than they earn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import UNITS, YEAR, Col
from opt.record.table import Table

PLANT, PROCESS = Col("Facility or project"), Col("Process")


@dataclass(frozen=True, slots=True)
class MarginYear:
    """A process of a plant in a year in which it costs more than it earns: `gap` in USD per unit of
    activity, and how much it runs with and without new money."""

    plant: Annotated[str, PLANT]
    process: Annotated[str, PROCESS]
    year: Annotated[int, Col("Year", YEAR)]
    gap: Annotated[float, Col("Cost above earnings", "USD/unit of activity")]
    activity: Annotated[float, Col("Units of activity", UNITS)]
    baseline_activity: Annotated[float, Col("Units of activity without new money", UNITS)]


MARGINS = Table(
    "margins",
    "Plants that cost more than they earn",
    "Opex and inputs above the price of what is made, and whether the plant runs.",
    MarginYear,
    lambda run: run.margins,
)
