"""What the checks need to know about a workbook beyond its rows: blocs, recipes, years, matches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from opt.data.reading.layout import Log
from opt.data.reading.settings import setting_row
from opt.data.sheets.money import PAYS_FOR
from opt.data.tables import Row, Tables
from opt.data.words import near, tidy
from opt.errors import Issue

ROUNDING = 1e-9  # years; what arithmetic in a spreadsheet may add to a whole number
SUPPORTS = frozenset({"price_support", "output_support"})


@dataclass(frozen=True)
class Facts:
    """Typed tables with the look-ups that checks share, and the log they write to."""

    tables: Tables
    log: Log

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """All rows of one sheet."""
        return self.tables.rows[sheet]

    def fault(self, row: Row, column: str | int, message: str, hint: str = "") -> None:
        """Note a fault at one cell."""
        self.log.issues.append(row.issue(column, message, hint))

    def warn(
        self,
        row: Row,
        column: str | int,
        message: str,
        hint: str = "",
        *,
        common: str = "",
        subject: str = "",
    ) -> None:
        """Note a warning at one cell; `common` and `subject` gather many of one kind."""
        issue = row.issue(column, message, hint)
        self.log.warnings.append(replace(issue, common=common, subject=subject))

    def setting_fault(self, key: str, message: str, hint: str = "") -> None:
        """Note a fault at a setting: its cell, or its name where the sheet does not give it."""
        self.log.issues.append(self._setting_issue(key, message, hint))

    def setting_warning(self, key: str, message: str, hint: str = "") -> None:
        """Note a warning at a setting: its cell, or its name where the sheet does not give it."""
        self.log.warnings.append(self._setting_issue(key, message, hint))

    def _setting_issue(self, key: str, message: str, hint: str) -> Issue:
        value = self.tables.settings[key]
        row = setting_row(self.rows("settings"), key)
        if row is not None and str(row["value"]).casefold() == str(value).casefold():
            return row.issue("value", message, hint)
        shown = "" if value is None else str(value)
        return Issue("settings", "", shown, f"{key}: {message}", hint)

    @property
    def first(self) -> int:
        """First year of the plan."""
        return self.tables.first_year

    @property
    def last(self) -> int:
        """Last year of the plan."""
        return self.tables.last_year

    @property
    def dependence_years(self) -> range:
        """The years in which dependence counts."""
        first, last = (self.tables.settings[f"dependence_{end}"] for end in ("from", "to"))
        start = first if isinstance(first, int) else self.first
        end = last if isinstance(last, int) else self.last
        return range(start, end + 1)

    @cached_property
    def bloc(self) -> Mapping[str, str]:
        """The bloc of each region."""
        return {row.text("region"): row.text("bloc") for row in self.rows("regions")}

    @cached_property
    def recipe(self) -> Mapping[str, Mapping[str, float]]:
        """Amounts by commodity of each process, made (+) and used (-)."""
        found: dict[str, dict[str, float]] = {
            row.text("process"): {} for row in self.rows("processes")
        }
        for row in self.rows("recipes"):
            amounts = found.setdefault(row.text("process"), {})
            amounts[row.text("commodity")] = row.number_of("amount")
        return found

    @cached_property
    def stage(self) -> Mapping[str, str]:
        """The stage of each process."""
        return {row.text("process"): row.text("stage") for row in self.rows("processes")}

    @cached_property
    def mineral(self) -> Mapping[str, str]:
        """The mineral of each commodity."""
        return {row.text("commodity"): row.text("mineral") for row in self.rows("commodities")}

    @cached_property
    def commodity_stage(self) -> Mapping[str, str]:
        """The stage of each commodity."""
        return {row.text("commodity"): row.text("stage") for row in self.rows("commodities")}

    @cached_property
    def contents(self) -> Mapping[str, Mapping[str, float]]:
        """The share of each element in each commodity that has contents."""
        found: dict[str, dict[str, float]] = {}
        for row in self.rows("contents"):
            found.setdefault(row.text("commodity"), {})[row.text("element")] = row.number_of(
                "share"
            )
        return found

    @cached_property
    def projects(self) -> Mapping[str, Row]:
        """Projects by id."""
        return {row.text("project"): row for row in self.rows("projects")}

    @property
    def plants(self) -> tuple[Row, ...]:
        """Facilities and projects."""
        return self.rows("facilities") + self.rows("projects")

    def outputs(self, plant: Row) -> set[str]:
        """The commodities that a plant's processes make."""
        processes = plant.items("processes")
        amounts = [self.recipe.get(process, {}) for process in processes]
        return {name for recipe in amounts for name, amount in recipe.items() if amount > 0}

    def made_in(self, stage: str) -> set[str]:
        """The commodities that processes of a stage make."""
        return {
            name
            for process, recipe in self.recipe.items()
            if self.stage.get(process, "").casefold() == stage.casefold()
            for name, amount in recipe.items()
            if amount > 0
        }

    def matches(self, thing: Row, field: str, value: str) -> bool:
        """Whether a filter matches a plant or a stockpile; any match takes it whole."""
        return value.casefold() in {trait.casefold() for trait in self._traits(thing, field)}

    def _traits(self, thing: Row, field: str) -> Iterable[str]:
        region = thing.text("region")
        if thing.sheet == "stockpiles":
            goods, processes = {thing.text("commodity")}, set()
            stages = {self.commodity_stage.get(name, "") for name in goods}
        else:
            goods, processes = self.outputs(thing), set(thing.items("processes"))
            stages = {self.stage.get(name, "") for name in processes}
        traits = {
            "region": {region},
            "bloc": {self.bloc.get(region, "")},
            "stage": stages,
            "mineral": {self.mineral.get(name, "") for name in goods},
            "commodity": goods,
            "process": processes,
            "project": {thing.text("project")} if thing.sheet == "projects" else set(),
        }
        return traits[field]

    @staticmethod
    def pays_for(programme: Row) -> frozenset[str]:
        """What a programme may pay for; a misspelt item is taken as the nearest."""
        items = filter(None, map(tidy, programme.text("pays_for").split(";")))
        return frozenset(found for item in items if (found := near(item, PAYS_FOR)))

    @cached_property
    def supporters(self) -> tuple[Row, ...]:
        """The programmes that pay for price or output support."""
        return tuple(row for row in self.rows("programmes") if self.pays_for(row) & SUPPORTS)

    @property
    def need_support(self) -> bool:
        """Whether plants that lose money run only as far as support covers the gap."""
        return self.tables.settings["losing_plants"] == "need_support"

    def is_clear(self, plant: Row) -> bool:
        """Whether a plant can make clear output: not in or under the covered bloc."""
        bloc = self.bloc.get(plant.text("region"))
        return "covered" not in (bloc, plant.text("controlled_by"))

    def members(self, pattern: str) -> frozenset[str]:
        """The regions that a region, bloc:NAME or * means."""
        if pattern == "*":
            return frozenset(self.bloc)
        if pattern.startswith("bloc:"):
            return frozenset(name for name, bloc in self.bloc.items() if bloc == pattern[5:])
        return frozenset([pattern])

    def price(self, commodity: str, region: str) -> Row | None:
        """The row of sheet prices that holds in a region: its own market, its bloc's, else `*`."""
        for market in (region, f"bloc:{self.bloc.get(region)}", "*"):
            if (commodity, market) in self._prices:
                return self._prices[commodity, market]
        return None

    @cached_property
    def _prices(self) -> Mapping[tuple[str, str], Row]:
        return {(r.text("commodity"), r.text("market") or "*"): r for r in self.rows("prices")}

    def require_years(self, price: Row) -> None:
        """Note a fault, once, where a price is not given up to last_year: it is never zero."""
        missing = missing_years(price, self.last) if price.years else ""
        if missing:
            cell = price.cell(last_year_cell(price, self.last))
            hint = f"Fill the column of {self.last}; years between are interpolated."
            message = f"no price for {missing}; it is not treated as zero."
            issue = Issue("prices", cell, "", message, hint)
            if issue not in self.log.issues:
                self.log.issues.append(issue)

    @staticmethod
    def lead(project: Row) -> int:
        """Whole years from commitment to first operation."""
        return math.ceil(project.number_of("lead_time") - ROUNDING)

    def window(self, project: Row) -> range:
        """The years in which a project can be committed and still operate by last_year."""
        earliest = max(self.first, int(project.optional("earliest") or self.first))
        latest = min(self.last - self.lead(project), int(project.optional("latest") or self.last))
        return range(earliest, latest + 1)

    @staticmethod
    def is_forced(project: Row) -> bool:
        """Whether the decision is force, with or without a year."""
        return project.text("decision").startswith("force")

    def floor(self, project: Row) -> float:
        """Least share of capex from public money."""
        own = project.optional("public_share")
        if own is not None:
            return own
        common = self.tables.settings["public_share"]
        return float(common) if isinstance(common, int | float) else 0.0


def value_in(years: Mapping[int, float], year: int) -> float:
    """The value in a year: on a straight line between given years, before them the first."""
    given = sorted(years)
    if year <= given[0]:
        return years[given[0]]
    for before, after in pairwise(given):
        if year <= after:
            share = (year - before) / (after - before)
            return years[before] + share * (years[after] - years[before])
    return years[given[-1]]


def missing_years(row: Row, last: int) -> str:
    """The years after the last given one up to `last`, as `2031` or `2031-2035`; blank if none."""
    given = max(row.years)
    if given >= last:
        return ""
    return str(last) if given + 1 == last else f"{given + 1}-{last}"


def last_year_cell(row: Row, last: int) -> str:
    """The column to fill where years are missing: that of `last`, else the last one given."""
    return str(last) if str(last) in row.cells else str(max(row.years))
