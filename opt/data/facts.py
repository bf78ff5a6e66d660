"""What the checks need to know about a workbook beyond its rows: blocs, recipes, years, matches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from opt.data.layout import Log
from opt.data.settings import setting_row
from opt.data.tables import Row, Tables
from opt.errors import Issue

ROUNDING = 1e-9  # years; what arithmetic in a spreadsheet may add to a whole number


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

    def warn(self, row: Row, column: str | int, message: str, hint: str = "") -> None:
        """Note a warning at one cell."""
        self.log.warnings.append(row.issue(column, message, hint))

    def setting_fault(self, key: str, message: str, hint: str = "") -> None:
        """Note a fault at a setting: its cell, or its name where the sheet does not give it."""
        value = self.tables.settings[key]
        row = setting_row(self.rows("settings"), key)
        if row is not None and str(row["value"]).casefold() == str(value).casefold():
            self.log.issues.append(row.issue("value", message, hint))
        else:
            shown = "" if value is None else str(value)
            self.log.issues.append(Issue("settings", "", shown, f"{key}: {message}", hint))

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

    def matches(self, project: Row, field: str, value: str) -> bool:
        """Whether a filter matches a project; any match takes it whole."""
        return value.casefold() in {trait.casefold() for trait in self._traits(project, field)}

    def _traits(self, project: Row, field: str) -> Iterable[str]:
        processes = project.items("processes")
        if field == "bloc":
            return (self.bloc.get(project.text("region"), ""),)
        if field == "stage":
            return {self.stage.get(process, "") for process in processes}
        if field == "mineral":
            return {self.mineral.get(name, "") for name in self.outputs(project)}
        if field == "commodity":
            return self.outputs(project)
        return processes if field == "process" else (project.text(field),)

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
