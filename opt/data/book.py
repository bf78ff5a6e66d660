"""The whole workbook as typed rows, with the questions that checks and assembly share answered
once: recipes, what filters match, whom programmes may pay, prices, years of commitment.

Answers hold for faulty books too: a name that nothing defines has no bloc, no recipe, no stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from opt.data import patterns
from opt.data.patterns import casefolded
from opt.data.sheets.ceilings import BuildLimitRow, LiftRow
from opt.data.sheets.chain import (
    CommodityRow,
    ContentRow,
    FacilityRow,
    ProcessRow,
    RecipeRow,
)
from opt.data.sheets.declare import SheetRow
from opt.data.sheets.money import PAYS_FOR, EligibilityRow, ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.setup import CaseSettings, RegionRow
from opt.data.sheets.stock import StockpileRow
from opt.data.sheets.trade import PriceRow
from opt.data.tables import Tables
from opt.data.timing import whole_years
from opt.data.words import near, tidy
from opt.objectives import find_objective

SUPPORTS = frozenset({"price_support", "output_support"})

R = TypeVar("R", bound=SheetRow)
PlantRow = FacilityRow | ProjectRow
Tags = Mapping[str, frozenset[str]]
ThingKey = tuple[str, int]  # the sheet and row of a plant or a stockpile


@dataclass(frozen=True)
class Book:
    """Typed tables, and what follows from them before any scenario.

    Tags are what a filter can match of a thing, field to names without case.
    """

    tables: Tables

    def rows(self, kind: type[R]) -> tuple[R, ...]:
        """All rows of one sheet."""
        return cast("tuple[R, ...]", self.tables.rows[kind.SHEET.name])

    @cached_property
    def settings(self) -> CaseSettings:
        """The settings, typed."""
        return CaseSettings(self.tables.settings)

    @property
    def first(self) -> int:
        """First year of the plan."""
        return self.tables.first_year

    @property
    def last(self) -> int:
        """Last year of the plan."""
        return self.tables.last_year

    @property
    def years(self) -> range:
        """All years of the plan."""
        return self.tables.years

    @property
    def dependence_years(self) -> range:
        """The years in which dependence counts."""
        start, end = self.settings.dependence_from, self.settings.dependence_to
        return range(start or self.first, (end or self.last) + 1)

    @property
    def weighs_prices(self) -> bool:
        """Whether the objective takes the prices of demand."""
        asked = find_objective(self.settings.objective)
        return asked is not None and asked.weighs_prices

    @cached_property
    def bloc(self) -> Mapping[str, str]:
        """The bloc of each region."""
        return {row.region: row.bloc for row in self.rows(RegionRow)}

    @cached_property
    def commodities(self) -> Mapping[str, CommodityRow]:
        """Commodities by id."""
        return {row.commodity: row for row in self.rows(CommodityRow)}

    @cached_property
    def recipe(self) -> Mapping[str, Mapping[str, float]]:
        """Amounts by commodity of each process, made (+) and used (-)."""
        found: dict[str, dict[str, float]] = {row.process: {} for row in self.rows(ProcessRow)}
        for row in self.rows(RecipeRow):
            found.setdefault(row.process, {})[row.commodity] = row.amount
        return found

    @cached_property
    def stage(self) -> Mapping[str, str]:
        """The stage of each process."""
        return {row.process: row.stage for row in self.rows(ProcessRow)}

    @cached_property
    def contents(self) -> Mapping[str, Mapping[str, float]]:
        """The share of each element in the mass of each commodity."""
        found: dict[str, dict[str, float]] = {name: {} for name in self.commodities}
        for row in self.rows(ContentRow):
            found.setdefault(row.commodity, {})[row.element] = row.share
        return found

    @cached_property
    def projects(self) -> Mapping[str, ProjectRow]:
        """Projects by id."""
        return {row.project: row for row in self.rows(ProjectRow)}

    @cached_property
    def facilities(self) -> Mapping[str, FacilityRow]:
        """Facilities by id."""
        return {row.facility: row for row in self.rows(FacilityRow)}

    @property
    def plants(self) -> tuple[PlantRow, ...]:
        """Facilities and projects."""
        return (*self.rows(FacilityRow), *self.rows(ProjectRow))

    @staticmethod
    def plant_id(plant: PlantRow) -> str:
        """The id of a facility or project."""
        return plant.project if isinstance(plant, ProjectRow) else plant.facility

    def outputs(self, plant: PlantRow) -> set[str]:
        """The commodities that a plant's processes make."""
        amounts = [self.recipe.get(process, {}) for process in plant.processes]
        return {name for recipe in amounts for name, amount in recipe.items() if amount > 0}

    def inputs(self, plant: PlantRow) -> set[str]:
        """The commodities that a plant's processes use."""
        amounts = [self.recipe.get(process, {}) for process in plant.processes]
        return {name for recipe in amounts for name, amount in recipe.items() if amount < 0}

    def made_in(self, stage: str) -> set[str]:
        """The commodities that processes of a stage make."""
        return {
            name
            for process, recipe in self.recipe.items()
            if self.stage.get(process, "").casefold() == stage.casefold()
            for name, amount in recipe.items()
            if amount > 0
        }

    def rate(self, plant: PlantRow, process: str) -> float:
        """The capacity that a unit of activity of a process takes: the amount of capacity_of in
        its recipe, or 1."""
        if not plant.capacity_of:
            return 1.0
        return abs(self.recipe.get(process, {}).get(plant.capacity_of, 1.0)) or 1.0

    def place_tags(self, region: str) -> dict[str, frozenset[str]]:
        """What filters can match of a place: its region and bloc."""
        return {
            "region": casefolded([region]),
            "bloc": casefolded([self.bloc.get(region, "")]),
        }

    def commodity_tags(self, commodity: str) -> dict[str, frozenset[str]]:
        """What filters can match of a commodity: itself, its mineral, its stage."""
        row = self.commodities.get(commodity)
        return {
            "commodity": casefolded([commodity]),
            "mineral": casefolded([row.mineral] if row else []),
            "stage": casefolded([row.stage] if row else []),
        }

    def tags(self, thing: PlantRow | StockpileRow) -> Tags:
        """What filters can match of a plant or a stockpile. A plant's stage is its processes',
        its commodity and mineral are its outputs'; any match takes the whole plant."""
        return self._tags[thing.sheet, thing.number]

    @cached_property
    def _tags(self) -> Mapping[ThingKey, Tags]:
        return {key: self._tags_of(thing) for key, thing in self._things.items()}

    def _tags_of(self, thing: PlantRow | StockpileRow) -> Tags:
        place = self.place_tags(thing.region)
        if isinstance(thing, StockpileRow):
            return {**place, **self.commodity_tags(thing.commodity)}
        made = [self.commodity_tags(name) for name in self.outputs(thing)]
        lifted = [] if made else [self.commodity_tags(c)["mineral"] for c in self._lifted_by(thing)]
        stages = [self.stage.get(process, "") for process in thing.processes]
        own = [thing.stage] if isinstance(thing, ProjectRow) else []
        return {
            **place,
            thing.SHEET.key[0]: casefolded([self.plant_id(thing)]),
            "process": casefolded(thing.processes),
            "stage": casefolded([*stages, *own]),
            "commodity": frozenset[str]().union(*(tags["commodity"] for tags in made)),
            "mineral": frozenset[str]().union(*(tags["mineral"] for tags in made), *lifted),
        }

    def _lifted_by(self, plant: PlantRow) -> set[str]:
        """The commodities of the limits on capacity that a project lifts: what makes nothing is of
        their mineral."""
        if not isinstance(plant, ProjectRow):
            return set()
        named = {row.limit.casefold() for row in self.rows(LiftRow) if row.project == plant.project}
        limits = (row for row in self.rows(BuildLimitRow) if row.limit.casefold() in named)
        return {row.commodity for row in limits if row.commodity and row.limit}

    def matches(self, thing: PlantRow | StockpileRow, field: str, value: str) -> bool:
        """Whether a filter matches a plant or a stockpile; field `all` matches everything."""
        return field == "all" or value.casefold() in self.tags(thing).get(field, ())

    def pays_for(self, programme: ProgrammeRow) -> frozenset[str]:
        """What a programme may pay for; a misspelt item is taken as the nearest."""
        return self._uses[programme.number]

    @cached_property
    def _uses(self) -> Mapping[int, frozenset[str]]:
        return {row.number: _uses_of(row) for row in self.rows(ProgrammeRow)}

    @cached_property
    def supporters(self) -> tuple[ProgrammeRow, ...]:
        """The programmes that pay for price or output support."""
        return tuple(row for row in self.rows(ProgrammeRow) if self.pays_for(row) & SUPPORTS)

    @property
    def need_support(self) -> bool:
        """Whether plants that lose money run only as far as support covers the gap."""
        return self.settings.losing_plants == "need_support"

    def chance_counted(self, plant: PlantRow) -> float:
        """The chance by which a plant's capacity counts: its own, or 1 where setting survival
        counts none."""
        return plant.chance if self.settings.survival == "expected" else 1.0

    @cached_property
    def _rules(self) -> Mapping[str, list[EligibilityRow]]:
        found: dict[str, list[EligibilityRow]] = {}
        for row in self.rows(EligibilityRow):
            found.setdefault(row.programme, []).append(row)
        return found

    def caps(self, programme: ProgrammeRow) -> list[EligibilityRow]:
        """The programme's eligibility rows that limit what it may commit to what they match."""
        rules = self._rules.get(programme.programme, [])
        return [row for row in rules if row.max_amount is not None and row.rule == "only"]

    def matching(
        self, programme: ProgrammeRow, thing: PlantRow | StockpileRow
    ) -> list[EligibilityRow] | None:
        """The programme's eligibility rows that match a thing, or None where it may not pay for it.

        It may where no `never` row and, for every field with `only` rows, at least one matches.
        """
        return self._fits[programme.programme].get((thing.sheet, thing.number))

    def takers(self, programme: ProgrammeRow) -> list[PlantRow | StockpileRow]:
        """The facilities, projects and stockpiles that its eligibility lets a programme pay for."""
        return [self._things[key] for key in self._fits[programme.programme]]

    @cached_property
    def _things(self) -> Mapping[ThingKey, PlantRow | StockpileRow]:
        things = (*self.plants, *self.rows(StockpileRow))
        return {(thing.sheet, thing.number): thing for thing in things}

    @cached_property
    def _fits(self) -> Mapping[str, Mapping[ThingKey, list[EligibilityRow]]]:
        """Of each programme the things that fit its eligibility, with the rows that match."""
        return {row.programme: self._fitting(row.programme) for row in self.rows(ProgrammeRow)}

    def _fitting(self, programme: str) -> Mapping[ThingKey, list[EligibilityRow]]:
        rules = self._rules.get(programme, [])
        asked = {row.field for row in rules if row.rule == "only"}
        matching: dict[ThingKey, list[EligibilityRow]] = {}
        for row in rules:
            for key in self._tagged.get((row.field, row.value.casefold()), ()):
                matching.setdefault(key, []).append(row)
        fitting = {}
        for key in sorted(matching, key=self._order.__getitem__) if asked else self._things:
            found = matching.get(key, [])
            met = {row.field for row in found if row.rule == "only"}
            if asked <= met and all(row.rule == "only" for row in found):
                fitting[key] = found
        return fitting

    @cached_property
    def _order(self) -> Mapping[ThingKey, int]:
        return {key: number for number, key in enumerate(self._things)}

    @cached_property
    def _tagged(self) -> Mapping[tuple[str, str], list[ThingKey]]:
        """The things that each field and name without case match."""
        found: dict[tuple[str, str], list[ThingKey]] = {}
        for key, tags in self._tags.items():
            for field, names in tags.items():
                for name in names:
                    found.setdefault((field, name), []).append(key)
        return found

    def eligible(self, programme: ProgrammeRow, thing: PlantRow | StockpileRow) -> bool:
        """Whether a programme's eligibility lets it pay for a plant or a stockpile."""
        return self.matching(programme, thing) is not None

    def largest_share(self, programme: ProgrammeRow, project: ProjectRow) -> float:
        """The largest share of the project's capex that the programme may pay; 0 if it pays none.

        The smallest max_share of the programme and the rows that match holds.
        """
        matching = self.matching(programme, project)
        if matching is None or "capex" not in self.pays_for(programme):
            return 0.0
        given = [row.max_share for row in matching if row.max_share is not None]
        return min([programme.max_share, *given])

    def is_clear(self, plant: PlantRow) -> bool:
        """Whether a plant can make clear output: not in or under the covered bloc."""
        return "covered" not in (self.bloc.get(plant.region), plant.controlled_by)

    def members(self, pattern: str) -> frozenset[str]:
        """The regions that a region, bloc:NAME or * means."""
        return patterns.members(pattern, self.bloc)

    def price(self, commodity: str, region: str) -> PriceRow | None:
        """The row of sheet prices that holds in a region: its own market, its bloc's, else `*`."""
        for market in patterns.most_specific(region, self.bloc.get(region, "")):
            if (commodity, market) in self._prices:
                return self._prices[commodity, market]
        return None

    @cached_property
    def _prices(self) -> Mapping[tuple[str, str], PriceRow]:
        rows = self.rows(PriceRow)
        return {(row.commodity, row.market or patterns.EVERYTHING): row for row in rows}

    @staticmethod
    def lead(project: ProjectRow) -> int:
        """Whole years from commitment to first operation, before shocks."""
        return whole_years(project.lead_time)

    def commit_years(self, project: ProjectRow) -> range:
        """The years of the plan from earliest to latest, up to lost_after."""
        start = max(self.first, project.earliest or self.first)
        ends = (self.last, project.latest, project.lost_after)
        return range(start, min(year for year in ends if year is not None) + 1)

    def window(self, project: ProjectRow) -> range:
        """The years in which a project can be committed and still operate by last_year."""
        years = self.commit_years(project)
        return range(years.start, min(years.stop, self.last - self.lead(project) + 1))

    @cached_property
    def offered(self) -> tuple[ProjectRow, ...]:
        """The projects that can be committed in some year."""
        return tuple(row for row in self.rows(ProjectRow) if self.is_offered(row))

    def is_offered(self, project: ProjectRow) -> bool:
        """Whether a project can be committed in some year."""
        return project.decision != "forbid" and bool(self.window(project))

    def payers(self, project: ProjectRow) -> list[ProgrammeRow]:
        """The programmes that may pay some of a project's capex."""
        return self._payers.get(project.number, [])

    @cached_property
    def _payers(self) -> Mapping[int, list[ProgrammeRow]]:
        found: dict[int, list[ProgrammeRow]] = {}
        for programme in self.rows(ProgrammeRow):
            for thing in self.takers(programme):
                if isinstance(thing, ProjectRow) and self.largest_share(programme, thing) > 0:
                    found.setdefault(thing.number, []).append(programme)
        return found

    @staticmethod
    def is_forced(project: ProjectRow) -> bool:
        """Whether the decision is force, with or without a year."""
        return project.decision.startswith("force")

    @staticmethod
    def forced_year(project: ProjectRow) -> int | None:
        """The year in which a project is forced; None where the decision names none."""
        decision, _, named = project.decision.partition(" ")
        return int(named) if decision == "force" and named else None

    def floor(self, project: ProjectRow) -> float:
        """Least share of capex from public money."""
        own = project.public_share
        return self.settings.public_share if own is None else own


def _uses_of(programme: ProgrammeRow) -> frozenset[str]:
    items = filter(None, map(tidy, programme.pays_for.split(";")))
    return frozenset(found for item in items if (found := near(item, PAYS_FOR)))
