"""What each mineral of a case of several comes to: dependence, plants, money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import MUSD, SHARE, UNITS, YEAR, Col
from opt.record.demand import BASELINE, DEMAND, EXPOSED, EXPOSED_OR_SHORT, SHORT
from opt.record.shown import Shown
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


@dataclass(frozen=True, slots=True)
class AmountRow:
    """The best plan with an amount of a programme, beside the others or with no other money."""

    variant: Annotated[str, Col("Variant of the workbook; blank for none")]
    money: Annotated[str, Col("The programme beside the others, or alone")]
    amount: Annotated[float, Col("What the programme holds", MUSD)]
    dependence: Annotated[float | None, Col("Best plan found", SHARE)]
    bound: Annotated[float | None, Col("No plan can beat", SHARE)]
    need: Annotated[float | None, Col("What the plan needs of the programme", MUSD)]
    public_musd: Annotated[float | None, Col("Public money of the plan, all programmes", MUSD)]
    plants: Annotated[int | None, Col("Projects of which a unit is committed")]


@dataclass(frozen=True, slots=True)
class MineralRow:
    """One mineral in such a plan. `lost_low` to `lost_high` is how far its dependence lies above
    the least of the mineral by itself, with all that money and nothing else to build; `next_low` to
    `next_high` how far above that with what the plan pays for it and USD 1,000 million more: so
    much it would fall, the others keeping their money, where no limit is shared. The low ends leave
    out what a better plan within the gap could do for it: the less it counts, the more. Both are
    told of the first variant, the second of the programme alone."""

    variant: Annotated[str, Col("Variant of the workbook; blank for none")]
    money: Annotated[str, Col("The programme beside the others, or alone")]
    amount: Annotated[float, Col("What the programme holds", MUSD)]
    mineral: Annotated[str, Col("Mineral; several of what makes several")]
    weight: Annotated[float, Col("What it counts for, of all that count", SHARE)]
    dependence: Annotated[float, Col("Exposed or short, counted years", SHARE)]
    plants: Annotated[int, Col("Projects of which a unit is committed")]
    public_musd: Annotated[float, Col("Public money for it", MUSD)]
    lost_low: Annotated[float | None, Col("Lost by sharing, at least", SHARE)]
    lost_high: Annotated[float | None, Col("Lost by sharing, at most", SHARE)]
    next_low: Annotated[float | None, Col("Fall with USD 1,000 million more, at least", SHARE)]
    next_high: Annotated[float | None, Col("Fall with USD 1,000 million more, at most", SHARE)]


@dataclass(frozen=True, slots=True)
class StageRow:
    """Public money for capital of one mineral and stage in such a plan: the stage of a project is
    that of its first process, blank where it has none."""

    variant: Annotated[str, Col("Variant of the workbook; blank for none")]
    money: Annotated[str, Col("The programme beside the others, or alone")]
    amount: Annotated[float, Col("What the programme holds", MUSD)]
    mineral: Annotated[str, Col("Mineral; several of what makes several")]
    stage: Annotated[str, Col("Stage")]
    plants: Annotated[int, Col("Projects of which a unit is committed")]
    public_musd: Annotated[float, Col("Public money for capital", MUSD)]


@dataclass(frozen=True, slots=True)
class Minerals(Shown):
    """How one programme falls on minerals and stages at several amounts, in a workbook and some of
    its variants, beside all other programmes and alone."""

    programme: str
    amounts: tuple[AmountRow, ...]
    minerals: tuple[MineralRow, ...]
    stages: tuple[StageRow, ...]
    reason: str = ""

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return not self.reason
