"""The case as a run tells of it: names, grades, sources and what was asked, under its scenario.

Made once from the checked workbook, so that no reader of a run goes back to rows and cells. Ids
stand as the workbook spells them; money is in USD million, amounts in the workbook's units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from opt.data.tables import DefaultUsed, Value
from opt.errors import Issue
from opt.record.ceilings import CeilingPlace


@dataclass(frozen=True, slots=True)
class RegionRecord:
    """A region's name, and the bloc it is in: ally, covered or other."""

    name: str
    bloc: str


@dataclass(frozen=True, slots=True)
class CommodityRecord:
    """A commodity's name and the unit of its amounts."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process: its name, stage (blank: none), what one unit of activity makes (+) and uses (-),
    the products among what it makes, and the unit of its activity."""

    name: str
    stage: str
    recipe: Mapping[str, float]
    products: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """A candidate as it could be committed in one year: the year in which it would first run,
    whether that is within the plan, and what the smallest unit takes at the least of each limit on
    starts, capital cost or capacity in each of its years, in the limit's unit."""

    first_operation: int
    in_time: bool
    asks: Mapping[tuple[CeilingPlace, int], float]


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A candidate as the workbook describes it.

    `stage` names the stages of its processes, `rates` the capacity that a unit of activity of each
    takes, `capacity` that of one unit (None: scalable), `chance` that of reaching operation, by
    which its capacity counts (1 where setting survival does not count it), `merchant_chance` that
    of coming without new money (0 where it never does), `lost_after` the year after which it is
    lost to the covered bloc where it is not committed (None: never). `public_share` is the least
    share of capital that public money must carry and `max_public_share` the most that it may,
    `payers` the programmes that may pay some of it, `requires` the project without which it may not
    be built, `bundle` the name that it shares with those it is committed with, in lower case,
    `group` that of those of which one may be built, `forbidden` whether the workbook or the run
    rules it out, `placeholder` whether nobody has announced it, `grade` that of its row, `sources`
    the ids that it names, `offers` how it could be committed, by year.
    """

    name: str
    site: str
    region: str
    stage: str
    rates: Mapping[str, float]
    capacity: float | None
    chance: float
    merchant_chance: float
    lost_after: int | None
    public_share: float
    max_public_share: float
    payers: tuple[str, ...]
    requires: str
    bundle: str
    group: str
    forced: bool
    forbidden: bool
    placeholder: bool
    grade: str
    sources: tuple[str, ...]
    offers: Mapping[int, OfferRecord]

    @property
    def years_offered(self) -> tuple[int, ...]:
        """The years in which it can be committed and still run in the plan."""
        return tuple(year for year, own in self.offers.items() if own.in_time)


@dataclass(frozen=True, slots=True)
class ProgrammeRecord:
    """A programme's name, the share of it that this chain may take, and the ids of the sources that
    its row names."""

    name: str
    share: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StockpileRecord:
    """Where a stockpile lies and what is kept in it."""

    region: str
    commodity: str


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where figures of the workbook come from; what is not given is blank."""

    source: str
    title: str
    address: str
    date: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ScopeRecord:
    """What a target is measured over.

    `kind` is all, commodity, element, segment, mineral or regions for dependence and shortfall,
    else the metric; `mineral` is blank where the scope names none. `users` and `source` are a
    region, `bloc:` and a bloc, or `any`.
    """

    kind: str
    stage: str = ""
    commodity: str = ""
    element: str = ""
    segment: str = ""
    mineral: str = ""
    users: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Everything that a reader of a run asks about its workbook.

    `covered` is the name of what allies depend on. `stages` stand in the order of the chain, all
    else in the order of the workbook. `scopes` are those of the targets by metric and text;
    `shocks_from` is the first year of the scenario's shocks (None: it has none); `weighs_minerals`
    says whether minerals count in dependence by weights.
    """

    first_year: int
    last_year: int
    variant: str | None
    settings: Mapping[str, Value]
    covered: str
    regions: Mapping[str, RegionRecord]
    commodities: Mapping[str, CommodityRecord]
    processes: Mapping[str, ProcessRecord]
    projects: Mapping[str, ProjectRecord]
    facilities: Mapping[str, str]
    programmes: Mapping[str, ProgrammeRecord]
    stockpiles: Mapping[str, StockpileRecord]
    scenarios: Mapping[str, str]
    stages: tuple[str, ...]
    scopes: Mapping[tuple[str, str], ScopeRecord] = field(default_factory=dict)
    shocks_from: int | None = None
    has_offtakes: bool = False
    weighs_minerals: bool = False
    sources: tuple[SourceRecord, ...] = ()
    warnings: tuple[Issue, ...] = ()
    defaults_used: tuple[DefaultUsed, ...] = ()

    def plant_name(self, key: str) -> str:
        """The name of a project or facility; an id that is neither stands for itself."""
        project = self.projects.get(key)
        return project.name if project else self.facilities.get(key, key)

    def programme_name(self, key: str) -> str:
        """The name of a programme; an id that is none stands for itself."""
        programme = self.programmes.get(key)
        return programme.name if programme else key

    def rank(self, stage: str) -> tuple[int, str]:
        """A place by which stages sort in the order of the chain, those unknown to it last."""
        known = stage in self.stages
        return self.stages.index(stage) if known else len(self.stages), stage
