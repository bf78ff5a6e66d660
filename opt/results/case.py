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

from opt.data.book import Book
from opt.data.grades import grade_of
from opt.data.minerals import mineral_weights
from opt.data.scopes import read_scope
from opt.data.sheets.chain import CommodityRow, FacilityRow, ProcessRow
from opt.data.sheets.contracts import OfftakeRow
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.scenarios import ScenarioRow, ShockRow
from opt.data.sheets.setup import RegionRow
from opt.data.sheets.sources import SourceRow
from opt.data.sheets.stock import StockpileRow
from opt.data.sheets.targets import TargetRow
from opt.data.tables import Tables
from opt.record.case import (
    CaseRecord,
    CommodityRecord,
    OfferRecord,
    ProcessRecord,
    ProgrammeRecord,
    ProjectRecord,
    RegionRecord,
    ScopeRecord,
    SourceRecord,
    StockpileRecord,
)
from opt.results.offers import offer_records

COVERED = "covered"


def case_record(tables: Tables, scenario: str | None = None) -> CaseRecord:
    """The record of a workbook under one of its scenarios (None: the base case)."""
    book = Book(tables)
    chain, offered = _Chain(book), offer_records(tables, scenario)
    return CaseRecord(
        first_year=tables.first_year,
        last_year=tables.last_year,
        variant=tables.variant,
        settings=tables.settings,
        covered=_covered(book.rows(RegionRow)),
        regions={r.region: RegionRecord(r.name or r.region, r.bloc) for r in book.rows(RegionRow)},
        commodities={
            r.commodity: CommodityRecord(r.name or r.commodity, r.unit or "units")
            for r in book.rows(CommodityRow)
        },
        processes={r.process: chain.process(r) for r in book.rows(ProcessRow)},
        projects={
            r.project: _project(book, chain, r, offered[r.project]) for r in book.rows(ProjectRow)
        },
        facilities={r.facility: r.name or r.facility for r in book.rows(FacilityRow)},
        programmes={
            r.programme: ProgrammeRecord(r.name or r.programme, r.share, _sources(r.source))
            for r in book.rows(ProgrammeRow)
        },
        stockpiles={
            r.stockpile: StockpileRecord(r.region, r.commodity) for r in book.rows(StockpileRow)
        },
        scenarios={r.scenario: r.name or r.scenario for r in book.rows(ScenarioRow)},
        stages=chain.stages,
        scopes={(r.metric, r.scope): _scope(book, r) for r in book.rows(TargetRow)},
        shocks_from=_shocks_from(book, scenario),
        has_offtakes=bool(book.rows(OfftakeRow)),
        weighs_minerals=bool(mineral_weights(book)),
        sources=tuple(
            SourceRecord(r.source, r.title, r.address, r.date, r.confidence)
            for r in book.rows(SourceRow)
        ),
        warnings=tables.warnings,
        defaults_used=tables.defaults_used,
    )


def _sources(text: str) -> tuple[str, ...]:
    """The ids in the column source of a row."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _covered(regions: Iterable[RegionRow]) -> str:
    """The covered region's name where there is one, else 'the covered bloc'."""
    covered = [row.name or row.region for row in regions if row.bloc == COVERED]
    return covered[0] if len(covered) == 1 else "the covered bloc"


def _shocks_from(book: Book, scenario: str | None) -> int | None:
    shocks = [row for row in book.rows(ShockRow) if row.scenario == scenario]
    return min((row.first_year or book.first for row in shocks), default=None)


def _scope(book: Book, row: TargetRow) -> ScopeRecord:
    scope = read_scope(book, row.metric, row.scope)
    return ScopeRecord(
        kind=scope.kind,
        stage=scope.stage,
        commodity=scope.commodity,
        element=scope.element,
        segment=scope.segment,
        mineral=scope.mineral,
        users=scope.users_named,
        source=scope.source_named,
    )


def _project(
    book: Book, chain: _Chain, row: ProjectRow, offers: Mapping[int, OfferRecord]
) -> ProjectRecord:
    basis, floor = row.capacity_of, row.public_share
    return ProjectRecord(
        name=row.name or row.project,
        site=row.site,
        region=row.region,
        stage="; ".join(dict.fromkeys(filter(None, map(chain.named_stage, row.processes))))
        or row.stage,
        rates={p: abs(book.recipe[p][basis]) if basis else 1.0 for p in row.processes},
        capacity=0.0 if row.lifts_alone else row.capacity,
        chance=book.chance_counted(row),
        merchant_chance=row.merchant_chance or 0.0,
        lost_after=row.lost_after,
        public_share=book.settings.public_share if floor is None else floor,
        max_public_share=row.max_public_share,
        payers=tuple(programme.programme for programme in book.payers(row)),
        requires=row.requires,
        bundle=row.bundle.casefold(),
        group=row.group.casefold(),
        forced=row.decision.startswith("force"),
        forbidden=row.decision == "forbid",
        placeholder=row.placeholder == "yes",
        grade=grade_of(row),
        sources=_sources(row.source),
        offers=offers,
    )


@dataclass(frozen=True)
class _Chain:
    """The processes of a workbook, what they make of what, and where demand can be reached."""

    book: Book

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """All stages in the order in which the workbook first names them."""
        made = [row.stage for row in self.book.rows(ProcessRow)]
        stages = [*made, *(row.stage for row in self.book.rows(CommodityRow))]
        return tuple(dict.fromkeys(stage for stage in stages if stage))

    def process(self, row: ProcessRow) -> ProcessRecord:
        """One process with its products."""
        recipe = self.book.recipe[row.process]
        return ProcessRecord(
            name=row.name or row.process,
            stage=row.stage,
            recipe=recipe,
            products=self._products(row.process),
            unit=self._unit(recipe),
        )

    def named_stage(self, process: str) -> str:
        """The stage that the workbook gives a process; blank where it gives none."""
        return self.book.stage.get(process, "")

    def _unit(self, recipe: Mapping[str, float]) -> str:
        """The unit of a process's activity: that of what one unit makes one unit of."""
        first = next((c for c, amount in recipe.items() if amount == 1), "")
        made = self.book.commodities.get(first)
        return made.unit if made and made.unit else "units"

    def _products(self, process: str) -> tuple[str, ...]:
        made = [c for c, amount in self.book.recipe[process].items() if amount > 0]
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
                    new = {
                        c for c, amount in self.book.recipe[process].items() if amount > 0
                    } - seen
                    seen |= new
                    waiting.extend(new)
        return False

    @cached_property
    def _demanded(self) -> frozenset[str]:
        return frozenset(row.commodity for row in self.book.rows(DemandRow))

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        """The processes that take in each commodity."""
        found: dict[str, list[str]] = {}
        for process, recipe in self.book.recipe.items():
            for commodity, amount in recipe.items():
                if amount < 0:
                    found.setdefault(commodity, []).append(process)
        return found
