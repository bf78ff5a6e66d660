"""The case as the run tells of it, from the checked workbook and the scenario that was solved.

What a process makes is a product where demand asks for it, or where demand can be reached from it
through processes of other stages: concentrate through cracking and separation, oxide through metal
and magnets. What only leads back into its own stage is a residue of it (the swarf of a magnet
plant, the concentrate that a light separator leaves for a heavy circuit), and what leads to no
demand at all is waste (tailings, a by-product nobody uses); neither is a product. A process whose
outputs all stay within its stage has as products those from which demand can be reached at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from opt.data.context import setting
from opt.data.grades import grade_of
from opt.data.scopes import read_scope
from opt.data.tables import Row, Tables
from opt.record.case import (
    CaseRecord,
    CommodityRecord,
    ProcessRecord,
    ProgrammeRecord,
    ProjectRecord,
    RegionRecord,
    ScopeRecord,
    SourceRecord,
    StockpileRecord,
)

COVERED = "covered"

Recipes = Mapping[str, Mapping[str, float]]


def case_record(tables: Tables, scenario: str | None = None) -> CaseRecord:
    """The record of a workbook under one of its scenarios (None: the base case)."""
    chain = _Chain(tables)
    rows = tables.rows
    return CaseRecord(
        first_year=tables.first_year,
        last_year=tables.last_year,
        variant=tables.variant,
        settings=tables.settings,
        covered=_covered(rows["regions"]),
        regions={
            r.text("region"): RegionRecord(_name(r, "region"), r.text("bloc"))
            for r in rows["regions"]
        },
        commodities={
            r.text("commodity"): CommodityRecord(_name(r, "commodity"), r.text("unit") or "units")
            for r in rows["commodities"]
        },
        processes={r.text("process"): chain.process(r) for r in rows["processes"]},
        projects={r.text("project"): _project(tables, chain, r) for r in rows["projects"]},
        facilities=_names(rows["facilities"], "facility"),
        programmes={
            r.text("programme"): ProgrammeRecord(_name(r, "programme"), _sources(r))
            for r in rows["programmes"]
        },
        stockpiles={
            r.text("stockpile"): StockpileRecord(r.text("region"), r.text("commodity"))
            for r in rows["stockpiles"]
        },
        scenarios=_names(rows["scenarios"], "scenario"),
        stages=chain.stages,
        scopes={(r.text("metric"), r.text("scope")): _scope(tables, r) for r in rows["targets"]},
        shocks_from=_shocks_from(tables, scenario),
        has_offtakes=bool(rows["offtakes"]),
        sources=tuple(map(_source, rows["sources"])),
        warnings=tables.warnings,
        defaults_used=tables.defaults_used,
    )


def _name(row: Row, key: str) -> str:
    return row.text("name") or row.text(key)


def _names(rows: Iterable[Row], key: str) -> dict[str, str]:
    return {row.text(key): _name(row, key) for row in rows}


def _sources(row: Row) -> tuple[str, ...]:
    """The ids in the column source of a row."""
    parts = (part.strip() for part in row.text("source").split(";"))
    return tuple(part for part in parts if part)


def _source(row: Row) -> SourceRecord:
    keys = ("source", "title", "address", "date", "confidence")
    return SourceRecord(*(row.text(key) for key in keys))


def _covered(regions: Iterable[Row]) -> str:
    """The covered region's name where there is one, else 'the covered bloc'."""
    covered = [_name(row, "region") for row in regions if row["bloc"] == COVERED]
    return covered[0] if len(covered) == 1 else "the covered bloc"


def _shocks_from(tables: Tables, scenario: str | None) -> int | None:
    shocks = [row for row in tables.rows["shocks"] if row["scenario"] == scenario]
    first = tables.first_year
    return min((int(row.optional("first_year") or first) for row in shocks), default=None)


def _scope(tables: Tables, row: Row) -> ScopeRecord:
    scope = read_scope(tables, row)
    return ScopeRecord(
        kind=scope.kind,
        stage=scope.stage,
        commodity=scope.commodity,
        element=scope.element,
        segment=scope.segment,
        users=scope.users_named,
        source=scope.source_named,
    )


def _project(tables: Tables, chain: _Chain, row: Row) -> ProjectRecord:
    processes, basis = row.items("processes"), row.text("capacity_of")
    floor = row.optional("public_share")
    return ProjectRecord(
        name=_name(row, "project"),
        site=row.text("site"),
        region=row.text("region"),
        stage="; ".join(dict.fromkeys(filter(None, map(chain.named_stage, processes)))),
        rates={p: abs(chain.recipes[p][basis]) if basis else 1.0 for p in processes},
        capacity=row.optional("capacity"),
        public_share=setting(tables, "public_share") if floor is None else floor,
        requires=row.text("requires"),
        forced=row.text("decision").startswith("force"),
        grade=grade_of(row),
        sources=_sources(row),
    )


@dataclass(frozen=True)
class _Chain:
    """The processes of a workbook, what they make of what, and where demand can be reached."""

    tables: Tables

    @cached_property
    def recipes(self) -> dict[str, dict[str, float]]:
        """What one unit of activity of each process makes (+) and uses (-)."""
        found: dict[str, dict[str, float]] = {}
        for row in self.tables.rows["recipes"]:
            recipe = found.setdefault(row.text("process"), {})
            recipe[row.text("commodity")] = row.number_of("amount")
        return found

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """All stages in the order in which the workbook first names them."""
        rows = (*self.tables.rows["processes"], *self.tables.rows["commodities"])
        return tuple(dict.fromkeys(row.text("stage") for row in rows if row.text("stage")))

    def process(self, row: Row) -> ProcessRecord:
        """One process with its products."""
        key = row.text("process")
        recipe = self.recipes.get(key, {})
        return ProcessRecord(
            name=_name(row, "process"),
            stage=row.text("stage"),
            recipe=recipe,
            products=self._products(key),
            unit=self._unit(recipe),
        )

    def named_stage(self, process: str) -> str:
        """The stage that the workbook gives a process; blank where it gives none."""
        return self._stages.get(process, "")

    @cached_property
    def _stages(self) -> dict[str, str]:
        return {row.text("process"): row.text("stage") for row in self.tables.rows["processes"]}

    def _unit(self, recipe: Mapping[str, float]) -> str:
        """The unit of a process's activity: that of what one unit makes one unit of."""
        first = next((c for c, amount in recipe.items() if amount == 1), "")
        return self._units.get(first) or "units"

    @cached_property
    def _units(self) -> dict[str, str]:
        return {row.text("commodity"): row.text("unit") for row in self.tables.rows["commodities"]}

    def _products(self, process: str) -> tuple[str, ...]:
        made = [c for c, amount in self.recipes.get(process, {}).items() if amount > 0]
        own = self._stage_of(process)
        found = [c for c in made if self._serves(c, own)]
        return tuple(found or [c for c in made if self._serves(c, "")])

    def _stage_of(self, process: str) -> str:
        """The stage of a process; one without a stage is a stage of its own."""
        return self.named_stage(process) or process

    def _serves(self, commodity: str, without: str) -> bool:
        """Whether demand asks for a commodity, or for what processes make of it, those of stage
        `without` left out."""
        seen, waiting = {commodity}, [commodity]
        while waiting:
            at = waiting.pop()
            if at in self._demanded:
                return True
            for process in self._users.get(at, ()):
                if self._stage_of(process) != without:
                    new = {c for c, amount in self.recipes[process].items() if amount > 0} - seen
                    seen |= new
                    waiting.extend(new)
        return False

    @cached_property
    def _demanded(self) -> frozenset[str]:
        return frozenset(row.text("commodity") for row in self.tables.rows["demand"])

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        """The processes that take in each commodity."""
        found: dict[str, list[str]] = {}
        for process, recipe in self.recipes.items():
            for commodity, amount in recipe.items():
                if amount < 0:
                    found.setdefault(commodity, []).append(process)
        return found
