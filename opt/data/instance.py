"""The case as the model sees it: frozen, complete, with ramps, shocks and lanes worked out.

An Instance is one scenario of one workbook. The type of every number says its unit: amounts are in
the workbook's units, money in USD million, unit costs in USD per unit, shares in 0..1, time in
calendar years. Nothing in it is a default still to be filled in or a name still to be looked up.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from opt.data.units import (
    ByField,
    Mass,
    Money,
    MoneyPerUnit,
    Ratio,
    Share,
    Unit,
    UnitCost,
    Weight,
)
from opt.data.weighing import rates_of

OF_CEILING = ByField(
    "what",
    {
        "private": Unit.MONEY,
        "capex": Unit.MONEY,
        "starts": Unit.ONE,
        "capacity": Unit.MASS,
        "commitments": Unit.MONEY,
    },
)


@dataclass(frozen=True, slots=True)
class Commodity:
    """A material at one grade. `surplus` is its cost in USD per unit (negative: a credit), or None
    where nothing may be left over."""

    id: str
    mineral: str
    stage: str
    unit: str
    surplus: UnitCost | None


@dataclass(frozen=True, slots=True)
class Process:
    """A recipe: what one unit of activity makes (+) and uses (-)."""

    id: str
    stage: str
    recipe: Mapping[str, Ratio]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Commodities made."""
        return tuple(c for c, amount in self.recipe.items() if amount > 0)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Commodities used."""
        return tuple(c for c, amount in self.recipe.items() if amount < 0)


@dataclass(frozen=True, slots=True)
class Plant:
    """What a facility and a project share.

    `rates` gives for each process the capacity that one unit of activity takes: the recipe's amount
    of capacity_of, or 1. `clear` is False in a covered region or under covered control: such a
    plant makes only exposed output, and so does any in the years in which it is `controlled` so.
    `opex` and `fixed_opex` are what this chain must carry of them.
    """

    id: str
    name: str
    site: str
    region: str
    rates: Mapping[str, Ratio]
    clear: bool
    opex: UnitCost
    fixed_opex: Money
    controlled: frozenset[int] = frozenset()

    def clear_in(self, year: int) -> bool:
        """Whether it can make clear output in a year."""
        return self.clear and year not in self.controlled


@dataclass(frozen=True, slots=True)
class Facility:
    """An existing or committed plant. `usable` is its capacity by year after ramp, availability
    and shocks (units a year); `open_years` are the years in which its fixed cost is paid.

    `least_use` is the share of it that runs at least, by year in which there is one; less runs at
    `idle_cost`, USD per unit of capacity, and nowhere where that is None.
    """

    plant: Plant
    usable: Mapping[int, Mass]
    open_years: tuple[int, ...]
    least_use: Mapping[int, Share] = field(default_factory=dict)
    idle_cost: UnitCost | None = None

    def least(self, year: int) -> float:
        """What of its capacity runs at least in a year: least use x usable. units/yr."""
        return self.least_use.get(year, 0.0) * self.usable.get(year, 0.0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A project as it can be committed in one year.

    `usable` is the share of its capacity that can run, by year; `spend` the share of capex due, by
    year, years after the horizon included; `residual` the share of capex left after the last year.
    From `takes_over` on it takes the place of what the merchant of its group would make without new
    money; None where it never does.
    """

    year: int
    first_operation: int
    capex: Money
    capex_per_unit: MoneyPerUnit
    spend: Mapping[int, Share]
    usable: Mapping[int, Share]
    open_years: tuple[int, ...]
    residual: Share
    takes_over: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A candidate investment. `capacity_min` equals `capacity_max` where it is not scalable.

    `merchant` is the share of its capacity that runs without new money, by year: of one unit that
    is not scalable, and only where the share is above 0. `displaces` is the project of its group
    that comes so, whose place its commitments take; blank where there is none. `lost` is the share
    of its capacity that runs exposed where no unit is committed, by year in which any does: of one
    unit that is not scalable, in years after those of its offers. All projects of a `bundle` are
    committed in the same year or none, one unit of each; blank where it is in none.
    """

    plant: Plant
    capacity_min: Mass
    capacity_max: Mass
    scalable: bool
    max_units: int
    group: str
    requires: str
    public_share: Share
    max_public_share: Share
    forced: bool
    forced_year: int | None
    offers: Mapping[int, Offer]
    merchant: Mapping[int, Share] = field(default_factory=dict)
    lost: Mapping[int, Share] = field(default_factory=dict)
    displaces: str = ""
    bundle: str = ""

    def taken(self) -> Project:
        """The project where it was not committed before it was lost: under the covered bloc."""
        controlled = self.plant.controlled | frozenset(self.lost)
        return dataclasses.replace(
            self, plant=dataclasses.replace(self.plant, controlled=controlled)
        )

    def undecided(self) -> Project:
        """The project as what comes of it without new money, or runs once it is lost, alone: never
        committed."""
        return dataclasses.replace(
            self, offers={}, requires="", group="", bundle="", forced=False, forced_year=None
        )


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that a programme may commit in all, at its charge, to what one of its eligibility
    rows matches, which `field` and `value` name: the plants and stockpiles of these ids."""

    field: str
    value: str
    amount: Money
    plants: frozenset[str]
    stocks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Programme:
    """Public money with rules. `amount` and `limits`, the yearly limits that exist, are what this
    chain may take of the whole; `shares` holds, for every eligible project, the largest share of
    its capex; `ticket_min` and `ticket_max` bound a payment into one commitment; `repay_years` is
    None where what comes back is not lent again; `stocks` are the stockpiles that it may buy for;
    `rates` holds by use, thing with its process, and year what it pays for a unit, in USD: of use
    support for a unit of a plant's activity. Of the whole programme's amount and limits this chain
    may take `share`, and of its limits shocks leave `left`, by year where it is not all; in the
    years `closed` it commits to nothing. `caps` limit what it commits to some of all that."""

    id: str
    amount: Money
    commit_from: int
    commit_to: int
    charge: Ratio
    ticket_min: Money
    ticket_max: Money | None
    carry_over: bool
    limits: Mapping[int, Money]
    shares: Mapping[str, Share]
    repay_years: int | None = None
    stocks: tuple[str, ...] = ()
    rates: Mapping[str, Mapping[tuple[str, str], Mapping[int, UnitCost]]] = field(
        default_factory=dict
    )
    share: Share = 1.0
    left: Mapping[int, Ratio] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()
    caps: tuple[Cap, ...] = ()

    def commits_in(self, year: int) -> bool:
        """Whether it can commit in a year."""
        return self.commit_from <= year <= self.commit_to and year not in self.closed

    def repaid(self, first_operation: int, year: int) -> float:
        """Share of a loan that comes back in a year: evenly over repay_years from first operation
        on; nothing where the programme is not lent again."""
        if self.repay_years is None:
            return 0.0
        due = first_operation <= year < first_operation + self.repay_years
        return 1.0 / self.repay_years if due else 0.0


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most of something in a year over the projects it covers.

    `what` is `private` (private money that falls due), `starts` (units committed), `capex` (capital
    cost committed), `capacity` (what is committed could make of `commodity`) or, of studies alone,
    `commitments` (capital cost of all that is committed up to the year); `limits` holds the years
    that have one. USD million, or units. `field`, `value` and `mineral` are those of its row;
    a blank mineral is any. Of capacity, `made` is the most of the commodity that a unit of capacity
    makes, by each plant covered that makes it, `learn` the part of what could be made by them in
    clear the year before by which a limit grows, and `lifts` what each unit of a project adds to it
    while it operates, times the chance that it comes to. With `carry_over`, of capacity alone, what
    a year leaves of it adds to the next; every year of the plan then has a limit.
    """

    id: str
    what: str
    projects: tuple[str, ...]
    limits: Mapping[int, Annotated[float, OF_CEILING]]
    field: str = "all"
    value: str = ""
    mineral: str = ""
    commodity: str = ""
    made: Mapping[str, Ratio] = dataclasses.field(default_factory=dict)
    learn: Ratio = 0.0
    lifts: Mapping[str, Mass] = dataclasses.field(default_factory=dict)
    carry_over: bool = False

    def counted(self, year: int) -> list[int]:
        """The years that are held together in a year: it alone, or with carry_over all with a limit
        so far."""
        return [t for t in sorted(self.limits) if t <= year] if self.carry_over else [year]


@dataclass(frozen=True, slots=True)
class Demand:
    """What one segment of one region needs of one commodity, by year.

    `prices` are USD per unit where the objective weighs by them; a weight in every use of them.
    `uptake` is the largest share that takes clear material, in the years in which it is not all.
    """

    id: str
    region: str
    commodity: str
    segment: str
    weight: Weight
    clear_from: int | None
    amounts: Mapping[int, Mass]
    allied: bool
    prices: Mapping[int, Weight]
    uptake: Mapping[int, Share] = field(default_factory=dict)


def demand_id(region: str, commodity: str, segment: str) -> str:
    """The id of a demand: what its row is found by in sheet demand."""
    return f"{region}|{commodity}|{segment}"


@dataclass(frozen=True, slots=True)
class Lane:
    """Trade of one commodity between two regions; `limits` by year are for both classes."""

    id: int
    commodity: str
    origin: str
    destination: str
    cost: UnitCost
    limits: Mapping[int, Mass]


@dataclass(frozen=True, slots=True)
class Pool:
    """Trade without limit at one cost from any of `origins` to any of `destinations`.

    It stands for all pairs at once, so that the model grows with regions and not with their square.
    """

    id: int
    commodity: str
    cost: UnitCost
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stockpile:
    """Material kept at a place. `initial` by origin class is what lies there before the first year;
    `capacity` is None without a ceiling; `carrying_cost` in USD per unit and year; `release_years`
    are the years in which it can be drawn on; `buys` the origin classes that can be bought, at the
    price of the year in USD per unit."""

    id: str
    region: str
    commodity: str
    initial: Mapping[str, Mass]
    capacity: Mass | None
    loss: Share
    carrying_cost: UnitCost
    release_years: frozenset[int]
    buys: tuple[str, ...]
    prices: Mapping[int, UnitCost]

    def initial_left(self, years: int) -> float:
        """What is left of the initial stock after some years if none is released."""
        return float(math.fsum(self.initial.values()) * (1.0 - self.loss) ** years)


@dataclass(frozen=True, slots=True)
class Offtake:
    """Output of one commodity of a plant that a contract binds to some regions: `share` of it in
    every year to `last_year`. `region` is the plant's."""

    plant: str
    region: str
    commodity: str
    destinations: frozenset[str]
    share: Share
    last_year: int


@dataclass(frozen=True, slots=True)
class Target:
    """A policy target for one year: (terms) / total at most or at least the bound.

    What counts depends on the metric. dependence and shortfall: `demands` by id with weights, over
    the weighted demand. source_share: what `users` take in of `commodities`; each set of `sources`
    is measured on its own. home_share and output: `made`, units by plant and process and unit of
    activity, over the users' demand or 1. `totals` holds the divisor of every year.
    """

    id: str
    metric: str
    scope: str
    year: int
    bound: Ratio
    at_most: bool
    demands: Mapping[str, Weight] = field(default_factory=dict)
    commodities: frozenset[str] = frozenset()
    sources: tuple[frozenset[str], ...] = ()
    users: frozenset[str] = frozenset()
    made: Mapping[tuple[str, str], Ratio] = field(default_factory=dict)
    totals: Mapping[int, Mass] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """What the terms are divided by in the target's year, where minerals are not weighed."""
        return self.totals.get(self.year, 0.0)


@dataclass(frozen=True, slots=True)
class Near:
    """A plan to stay near: what it is called, its units by project and year of commitment, and how
    many changes from it there may be at most."""

    name: str
    units: Mapping[tuple[str, int], int]
    changes: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One scenario of one workbook, complete.

    Index sets: `years` are all years of the plan, `dependence_years` those in which dependence
    counts. `blocs` maps regions to ally, covered or other. `gaps` holds, by plant, process and
    year, what a unit of activity costs above what it earns, in USD, where support is needed to run;
    `contents` the share of each element in the mass of a commodity; `elements` are those whose
    dependence is told in tonnes. `programme_order` is the order
    of sheet programmes, in which they are spared where several could pay. `near` is a plan to stay
    near; None where there is none. `avoided` are sets of projects on offer, of each of which a plan
    leaves out at least one. `mineral_weights` holds what each mineral, by its name without case,
    counts for in dependence; empty where all demand is added up as it is.
    """

    name: str
    scenario: str | None
    years: tuple[int, ...]
    dependence_years: tuple[int, ...]
    dependence_target: Share | None
    discount_rate: Share
    blocs: Mapping[str, str]
    commodities: Mapping[str, Commodity]
    processes: Mapping[str, Process]
    facilities: Mapping[str, Facility]
    projects: Mapping[str, Project]
    programmes: Mapping[str, Programme]
    demands: Mapping[str, Demand]
    lanes: tuple[Lane, ...]
    pools: tuple[Pool, ...]
    ceilings: tuple[Ceiling, ...] = ()
    stockpiles: Mapping[str, Stockpile] = field(default_factory=dict)
    gaps: Mapping[tuple[str, str], Mapping[int, UnitCost]] = field(default_factory=dict)
    offtakes: tuple[Offtake, ...] = ()
    targets: tuple[Target, ...] = ()
    contents: Mapping[str, Mapping[str, Share]] = field(default_factory=dict)
    programme_order: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    near: Near | None = None
    avoided: tuple[tuple[str, ...], ...] = ()
    worth_of_point: Money | None = None
    mineral_weights: Mapping[str, Weight] = field(default_factory=dict)

    @property
    def first_year(self) -> int:
        """First year of the plan."""
        return self.years[0]

    @property
    def last_year(self) -> int:
        """Last year of the plan."""
        return self.years[-1]

    def plants(self) -> dict[str, Plant]:
        """All plants by id: facilities, then projects."""
        found = {f: facility.plant for f, facility in self.facilities.items()}
        return found | {j: project.plant for j, project in self.projects.items()}

    def bundled_with(self, project: str) -> tuple[str, ...]:
        """The other projects of a project's bundle."""
        own = self.projects[project].bundle
        mates = (j for j, other in self.projects.items() if own and other.bundle == own)
        return tuple(j for j in mates if j != project)

    def demand(self, region: str, commodity: str, segment: str) -> Demand:
        """The demand of a segment of a region for a commodity."""
        return self.demands[demand_id(region, commodity, segment)]

    def discount(self, year: int) -> float:
        """(1 + discount_rate) ** -(year - first_year)."""
        return float((1.0 + self.discount_rate) ** -(year - self.first_year))

    def mineral_of(self, commodity: str) -> str:
        """The mineral of a commodity, without case."""
        return self.commodities[commodity].mineral.casefold()

    def asked_for(self, years: Iterable[int]) -> dict[str, float]:
        """Weighted allied demand of some years by mineral: sum of weight x demand."""
        wanted = sorted(years)
        asked: dict[str, float] = defaultdict(float)
        for d in self.demands.values():
            for t in wanted if d.allied else ():
                asked[self.mineral_of(d.commodity)] += d.weight * d.amounts[t]
        return asked

    def rates_in(self, years: Iterable[int]) -> Mapping[str, float]:
        """What a weighted unit of each mineral counts for in a share of the demand of some years
        (opt.data.weighing)."""
        return rates_of(self.mineral_weights, self.asked_for(years))

    def weighted_demand(self) -> float:
        """Sum over allied demands and dependence years of weight x demand that counts: the
        denominator of dependence and shortfall."""
        return self.weighted_demand_in(self.dependence_years)

    def weighted_demand_in(self, years: Collection[int]) -> float:
        """The same of some years: the denominator of their dependence."""
        rates = self.rates_in(years)
        return math.fsum(rates[mineral] * asked for mineral, asked in self.asked_for(years).items())

    def target_weights(self, target: Target) -> dict[str, float]:
        """What a unit of each demand of a dependence or shortfall target counts for in its year:
        its weight there, minerals weighed by what the target asks of them (opt.data.weighing)."""
        if not self.mineral_weights:
            return dict(target.demands)
        asked = self._asked_by(target)
        rates = rates_of(self.mineral_weights, asked)
        minerals = {d: self.mineral_of(self.demands[d].commodity) for d in target.demands}
        return {d: weight * rates[minerals[d]] for d, weight in target.demands.items()}

    def target_total(self, target: Target) -> float:
        """What the terms of a target are divided by in its year."""
        if not self.mineral_weights or not target.demands:
            return target.total
        asked = self._asked_by(target)
        rates = rates_of(self.mineral_weights, asked)
        return math.fsum(rates[mineral] * amount for mineral, amount in asked.items())

    def _asked_by(self, target: Target) -> dict[str, float]:
        """Weighted demand of a target in its year, by mineral."""
        asked: dict[str, float] = defaultdict(float)
        for d, weight in target.demands.items():
            demand = self.demands[d]
            asked[self.mineral_of(demand.commodity)] += weight * demand.amounts[target.year]
        return asked

    def counted_content(self, commodity: str) -> float:
        """Share of a commodity's mass that is of elements which any demand holds; all of it where
        the workbook gives no contents."""
        if not any(self.contents.values()):
            return 1.0
        wanted = {e for d in self.demands.values() for e in self.contents.get(d.commodity, {})}
        held = self.contents.get(commodity, {})
        return sum(share for element, share in held.items() if element in wanted)

    def with_projects(self, projects: Mapping[str, Project]) -> Instance:
        """The same instance with these projects alone to decide on. What comes of others without
        new money still comes, and ceilings still grow by it; others are still lost."""
        undecided = {
            j: project.undecided()
            for j, project in self.projects.items()
            if (project.merchant or project.lost) and j not in projects
        }
        left = {**projects, **undecided}
        ceilings = tuple(
            dataclasses.replace(c, projects=tuple(j for j in c.projects if j in left))
            for c in self.ceilings
        )
        return self.replace(projects=left, ceilings=ceilings)

    def after(self, committed: Collection[str]) -> Instance:
        """The same instance once it is known what was committed: what was lost without is under the
        covered bloc from its first operation on."""
        lost = {
            j: project.taken()
            for j, project in self.projects.items()
            if project.lost and j not in committed
        }
        return self.replace(projects={**self.projects, **lost}) if lost else self

    def without_merchants(self) -> Instance:
        """The same instance in which nothing comes without new money."""
        projects = {
            j: dataclasses.replace(project, merchant={}) if project.merchant else project
            for j, project in self.projects.items()
        }
        return self.replace(projects=projects)

    def replace(self, **changes: object) -> Instance:
        """The same instance but for the named fields."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]
