"""What a run writes about stockpiles, support and targets, and about the world: rows and makers.

A run of an older version has none of these tables. They are then empty, and named as missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opt.audit.lines import Line, Made, has_table, lacks_column, read_rows
from opt.results.solution import StockPayment, StockYear, SupportPayment

TABLES = (
    "stock",
    "stock_payments",
    "support",
    "margins",
    "targets",
    "stockpiles",
    "world",
    "elements",
    "touch",
)


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One row of tables/margins.csv: gap in USD per unit of activity, activities a year."""

    plant: str
    process: str
    year: int
    gap: float
    activity: float
    baseline_activity: float | None


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of tables/targets.csv; value, slack and bound in the metric's own unit."""

    target: str
    metric: str
    scope: str
    year: int
    sense: str
    bound: float
    value: float
    slack: float
    baseline_value: float | None


@dataclass(frozen=True, slots=True)
class StockpileRow:
    """One row of tables/stockpiles.csv: levels at the end of the year by class, what was bought and
    released, price in USD per unit, days of allied use."""

    stockpile: str
    year: int
    clear: float
    exposed: float
    bought_clear: float
    bought_exposed: float
    released_clear: float
    released_exposed: float
    price: float | None
    paid_musd: float
    cover_days: float | None


@dataclass(frozen=True, slots=True)
class WorldRow:
    """One row of tables/world.csv: a region's output of a stage, its share, and 10000 x the sum of
    squared shares of all regions."""

    stage: str
    region: str
    bloc: str
    year: int
    output: float
    share: float
    hhi: float


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One row of tables/elements.csv; amounts weighted, in units of the element."""

    element: str
    year: int
    demand: float
    exposed: float
    short: float
    dependence: float
    baseline_dependence: float | None


@dataclass(frozen=True, slots=True)
class TouchRow:
    """One row of tables/touch.csv; shares of the weighted allied demand of the year."""

    stage: str
    year: int
    share: float
    baseline_share: float | None


@dataclass(frozen=True, slots=True)
class PolicyTables:
    """The tables about stock, support, targets and the world; `missing` names those that the run
    lacks."""

    stock_payments: tuple[StockPayment, ...]
    support_payments: tuple[SupportPayment, ...]
    margins: tuple[MarginRow, ...]
    targets: tuple[TargetRow, ...]
    stockpiles: tuple[StockpileRow, ...]
    world: tuple[WorldRow, ...]
    elements: tuple[ElementRow, ...]
    touch: tuple[TouchRow, ...]
    missing: tuple[str, ...]


def read_policy_tables(folder: Path) -> PolicyTables:
    """The tables about policy under tables/ of a run."""
    missing = [f"{name}.csv" for name in TABLES if not has_table(folder, name)]
    if lacks_column(folder, "leftovers", "contracted"):
        missing.append("column contracted of leftovers.csv")
    return PolicyTables(
        stock_payments=read_if_there(folder, "stock_payments", _stock_payment),
        support_payments=read_if_there(folder, "support", _support_payment),
        margins=read_if_there(folder, "margins", _margin),
        targets=read_if_there(folder, "targets", _target),
        stockpiles=read_if_there(folder, "stockpiles", _stockpile),
        world=read_if_there(folder, "world", _world),
        elements=read_if_there(folder, "elements", _element),
        touch=read_if_there(folder, "touch", _touch),
        missing=tuple(missing),
    )


def read_if_there(folder: Path, name: str, make: Callable[[Line], Made]) -> tuple[Made, ...]:
    """The rows of a table that an older run may lack; none where it does."""
    return read_rows(folder, name, make) if has_table(folder, name) else ()


def stock_year(line: Line) -> StockYear:
    """One row of tables/stock.csv."""
    numbers = (line.number_of(name) for name in ("bought", "released", "level"))
    return StockYear(line["stockpile"], line["origin"], line.whole("year"), *numbers)


def _stock_payment(line: Line) -> StockPayment:
    paid = line.number_of("paid_musd")
    return StockPayment(line["stockpile"], line.whole("year"), line["programme"], paid)


def _support_payment(line: Line) -> SupportPayment:
    return SupportPayment(
        line["plant"],
        line["process"],
        line.whole("year"),
        line["programme"],
        line.number_of("activity"),
        line.number_of("paid_musd"),
    )


def _margin(line: Line) -> MarginRow:
    return MarginRow(
        line["plant"],
        line["process"],
        line.whole("year"),
        line.number_of("gap"),
        line.number_of("activity"),
        line.optional("baseline_activity"),
    )


def _target(line: Line) -> TargetRow:
    return TargetRow(
        line["target"],
        line["metric"],
        line["scope"],
        line.whole("year"),
        line["sense"],
        line.number_of("bound"),
        line.number_of("value"),
        line.number_of("slack"),
        line.optional("baseline_value"),
    )


def _stockpile(line: Line) -> StockpileRow:
    return StockpileRow(
        line["stockpile"],
        line.whole("year"),
        line.number_of("clear"),
        line.number_of("exposed"),
        line.number_of("bought_clear"),
        line.number_of("bought_exposed"),
        line.number_of("released_clear"),
        line.number_of("released_exposed"),
        line.optional("price"),
        line.number_of("paid_musd"),
        line.optional("cover_days"),
    )


def _world(line: Line) -> WorldRow:
    numbers = (line.number_of(name) for name in ("output", "share", "hhi"))
    return WorldRow(line["stage"], line["region"], line["bloc"], line.whole("year"), *numbers)


def _element(line: Line) -> ElementRow:
    return ElementRow(
        line["element"],
        line.whole("year"),
        line.number_of("demand"),
        line.number_of("exposed"),
        line.number_of("short"),
        line.number_of("dependence"),
        line.optional("baseline_dependence"),
    )


def _touch(line: Line) -> TouchRow:
    share, before = line.number_of("share"), line.optional("baseline_share")
    return TouchRow(line["stage"], line.whole("year"), share, before)
