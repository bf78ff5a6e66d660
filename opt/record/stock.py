"""Stockpiles: what lies there, what moves, what is paid for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import MUSD, UNITS, YEAR, Col
from opt.record.table import Table, flow_table

STOCKPILE = Col("Stockpile")


@dataclass(frozen=True, slots=True)
class StockYear:
    """One origin class of one stockpile in one year; `level` is at the end of the year."""

    stockpile: Annotated[str, STOCKPILE]
    origin: Annotated[str, Col("clear or exposed")]
    year: Annotated[int, Col("Year", YEAR)]
    bought: Annotated[float, Col("Bought", UNITS)]
    released: Annotated[float, Col("Released", UNITS)]
    level: Annotated[float, Col("Stock at the end of the year", UNITS)]


STOCK = flow_table(
    "stock",
    "Stock movements",
    "Each class of each stockpile; zeros are left out.",
    StockYear,
    lambda flows: flows.stocks,
)


@dataclass(frozen=True, slots=True)
class StockpileYear:
    """One stockpile in one year: levels at its end and movements by origin class, in units; its
    price in USD per unit (None: it has none) and what was paid for it; `cover_days` is how long it
    would last allied users (None: nobody uses it)."""

    stockpile: Annotated[str, STOCKPILE]
    year: Annotated[int, Col("Year", YEAR)]
    clear: Annotated[float, Col("Clear stock at the end of the year", UNITS)]
    exposed: Annotated[float, Col("Exposed stock at the end of the year", UNITS)]
    bought_clear: Annotated[float, Col("Clear material bought", UNITS)]
    bought_exposed: Annotated[float, Col("Exposed material bought", UNITS)]
    released_clear: Annotated[float, Col("Clear material released", UNITS)]
    released_exposed: Annotated[float, Col("Exposed material released", UNITS)]
    price: Annotated[float | None, Col("Market price; blank where there is none", "USD/unit")]
    paid_musd: Annotated[float, Col("Public money", MUSD)]
    cover_days: Annotated[float | None, Col("Days of allied use that it would last", "days")]


STOCKPILES = Table(
    "stockpiles",
    "Stockpiles by year",
    "What lies in stock, what moves, what it costs, how long it would last.",
    StockpileYear,
    lambda run: run.stockpiles,
)
