"""What allied demand comes to: dependence, shortfall, elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from opt.record.columns import SHARE, UNITS, YEAR, Col
from opt.record.money import Use
from opt.record.table import Table

if TYPE_CHECKING:
    from opt.record.run import Run


# Columns of allied demand by year, whatever else it is told by.
DEMAND = Col("Weighted allied demand", UNITS)
EXPOSED = Col("Served exposed", UNITS)
SHORT = Col("Not served", UNITS)
EXPOSED_OR_SHORT = Col("Exposed or short", SHARE)
BASELINE = Col("The same without new money", SHARE)


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
class DependenceYear:
    """Dependence of one year, with that without new money, and where clear and exposed mix."""

    year: Annotated[int, Col("Year", YEAR)]
    counted: Annotated[bool, Col("yes: the year counts in the objective")]
    demand: Annotated[float, DEMAND]
    exposed: Annotated[float, EXPOSED]
    short: Annotated[float, SHORT]
    dependence: Annotated[float, EXPOSED_OR_SHORT]
    shortfall: Annotated[float, Col("Short", SHARE)]
    baseline_dependence: Annotated[float, Col("Dependence without new money", SHARE)]
    pooled_dependence: Annotated[float, Col("Dependence where clear and exposed mix", SHARE)]


def dependence_years(run: Run) -> Iterator[DependenceYear]:
    """Each year with the plan, beside the same without new money and where material mixes."""
    before = {entry.year: entry.dependence for entry in run.baseline.by_year}
    for e in run.metrics.by_year:
        yield DependenceYear(
            year=e.year,
            counted=e.counted,
            demand=e.demand,
            exposed=e.exposed,
            short=e.short,
            dependence=e.dependence,
            shortfall=e.shortfall,
            baseline_dependence=before[e.year],
            pooled_dependence=run.metrics.pooled_by_year[e.year],
        )


DEPENDENCE = Table(
    "dependence",
    "Dependence by year",
    "Share of allied demand that is exposed or not served.",
    DependenceYear,
    dependence_years,
)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What an answer is worth. Money in USD million, undiscounted except cost_musd. `public_musd`
    is all public money, `by_use_musd` what of it goes to each use beside capital;
    `private_musd` the capex that is not public. `idle_musd` is what it costs, discounted, that
    existing plants run less than their least use: no part of the cost, though the cost pass makes
    both small together.

    `pooled_dependence` is dependence where clear and exposed material mix at each place; the truth
    lies between the two. `tonnes_dependence` is dependence in plain tonnes, without weights: None
    where some allied demand is in no unit of mass; `element_dependence` that of the tonnes of each
    chosen element.
    """

    dependence: float
    shortfall: float
    cost_musd: float
    idle_musd: float
    capex_musd: float
    public_musd: float
    private_musd: float
    by_year: tuple[YearMetrics, ...]
    pooled_dependence: float
    pooled_by_year: Mapping[int, float]
    cost_parts: Mapping[str, float] = field(default_factory=dict)
    by_use_musd: Mapping[Use, float] = field(default_factory=dict)
    tonnes_dependence: float | None = None
    element_dependence: Mapping[str, float] = field(default_factory=dict)

    @property
    def minimised_musd(self) -> float:
        """What the cost pass makes small: the cost, and what idle capacity costs."""
        return self.cost_musd + self.idle_musd


class CountedBy(StrEnum):
    """By what demand counts in dependence."""

    WEIGHTED = "weighted"
    TONNES = "tonnes"
    ELEMENT = "element"


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """Dependence over the counted years by one measure."""

    measure: Annotated[
        CountedBy,
        Col("weighted: by sheet demand's weights; tonnes: without them; element: its tonnes"),
    ]
    element: Annotated[str, Col("Element, where it is one's")]
    dependence: Annotated[float, Col("Exposed or short, counted years", SHARE)]
    baseline_dependence: Annotated[float, BASELINE]


def measure_rows(run: Run) -> Iterator[MeasureRow]:
    """The weighted measure, that in plain tonnes, and that of each chosen element."""
    now, before = run.metrics, run.baseline
    yield MeasureRow(CountedBy.WEIGHTED, "", now.dependence, before.dependence)
    if now.tonnes_dependence is not None and before.tonnes_dependence is not None:
        yield MeasureRow(CountedBy.TONNES, "", now.tonnes_dependence, before.tonnes_dependence)
    for element, share in now.element_dependence.items():
        yield MeasureRow(CountedBy.ELEMENT, element, share, before.element_dependence[element])


MEASURES = Table(
    "measures",
    "Dependence by measure",
    "The same plan counted by weight of use, in plain tonnes, and by elements.",
    MeasureRow,
    measure_rows,
    ordered=True,
)


@dataclass(frozen=True, slots=True)
class ElementYear:
    """Allied demand of one element in one year, weighted mass: how much is exposed and short."""

    element: Annotated[str, Col("Element")]
    year: Annotated[int, Col("Year", YEAR)]
    demand: Annotated[float, DEMAND]
    exposed: Annotated[float, EXPOSED]
    short: Annotated[float, SHORT]
    dependence: Annotated[float, EXPOSED_OR_SHORT]
    baseline_dependence: Annotated[float, BASELINE]


ELEMENTS = Table(
    "elements",
    "Dependence by element",
    "Allied demand by the elements that it holds.",
    ElementYear,
    lambda run: run.elements,
)
