"""What each mineral of a case of several comes to: dependence, plants, money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import MUSD, SHARE, UNITS, YEAR, Col
from opt.record.demand import BASELINE, DEMAND, EXPOSED, EXPOSED_OR_SHORT, SHORT
from opt.record.table import Table


@dataclass(frozen=True, slots=True)
class MineralResult:
    """One mineral over the counted years, and what the plan builds and pays for it. What makes
    several minerals has a row of its own, which bears all their names."""

    mineral: Annotated[str, Col("Mineral; several of what makes several")]
    weight: Annotated[float, Col("What it counts for, of all that count; 0 where none is", SHARE)]
    demand: Annotated[float, Col("Weighted allied demand, counted years", UNITS)]
    dependence: Annotated[float, Col("Exposed or short, counted years", SHARE)]
    baseline_dependence: Annotated[float, BASELINE]
    shortfall: Annotated[float, Col("Short of all years over demand of the counted", SHARE)]
    plants: Annotated[int, Col("Projects of which a unit is committed")]
    capex_musd: Annotated[float, Col("Capital cost committed", MUSD)]
    public_musd: Annotated[float, Col("Public money for capital", MUSD)]
    other_public_musd: Annotated[float, Col("Public money for stock and support", MUSD)]


MINERALS = Table(
    "minerals",
    "Minerals",
    "How the plan falls on minerals; empty where the workbook has one.",
    MineralResult,
    lambda run: run.minerals,
)


@dataclass(frozen=True, slots=True)
class MineralYear:
    """Weighted allied demand for one mineral in one year: how much is exposed and short."""

    mineral: Annotated[str, Col("Mineral")]
    year: Annotated[int, Col("Year", YEAR)]
    demand: Annotated[float, DEMAND]
    exposed: Annotated[float, EXPOSED]
    short: Annotated[float, SHORT]
    dependence: Annotated[float, EXPOSED_OR_SHORT]
    baseline_dependence: Annotated[float, BASELINE]


MINERAL_YEARS = Table(
    "mineral_years",
    "Dependence by mineral",
    "Allied demand by mineral and year; empty where the workbook has one mineral.",
    MineralYear,
    lambda run: run.mineral_years,
)
