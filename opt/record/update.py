"""A new edition of a workbook: what changed, what moved, and what each change moves alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import COUNT, MUSD, SHARE, YEAR, Col
from opt.record.shown import Shown

CHANGE = Col("The change: a cell, a row or a sheet")
MOVED = Col("By how much dependence moves from the old edition, of the plans found", SHARE)
LOW = Col("It moves by no less than this, by what is proven", SHARE, blank=-math.inf)
HIGH = Col("It moves by no more than this, by what is proven", SHARE, blank=math.inf)
# Why a change cannot stand alone; any other reason leaves the question open.
NOT_SOUND = "the workbook is not sound with it alone"
NO_PLAN = "no plan obeys every rule with it alone"


@dataclass(frozen=True, slots=True)
class EditionCase:
    """What an edition comes to: the least dependence over the counted years that was found, what no
    plan can beat, and the discounted cost, capital, public money and projects of that plan."""

    edition: Annotated[str, Col("old or new")]
    workbook: Annotated[str, Col("Workbook")]
    dependence: Annotated[float, Col("Dependence of the plan found", SHARE)]
    bound: Annotated[float, Col("No plan can beat", SHARE, blank=-math.inf)]
    cost_musd: Annotated[float, Col("Discounted cost", MUSD)]
    capex_musd: Annotated[float, Col("Capital cost", MUSD)]
    public_musd: Annotated[float, Col("Public money", MUSD)]
    projects: Annotated[int, Col("Projects committed", COUNT)]


@dataclass(frozen=True, slots=True)
class EditedCell:
    """A cell in which the editions differ, or a whole row where `column` is blank; `change` is the
    change it is part of."""

    change: Annotated[str, CHANGE]
    sheet: Annotated[str, Col("Sheet")]
    row: Annotated[str, Col("Id of the row")]
    column: Annotated[str, Col("Column, or year; blank: the whole row")]
    before: Annotated[str, Col("In the old edition")]
    after: Annotated[str, Col("In the new edition")]


@dataclass(frozen=True, slots=True)
class AloneChange:
    """One change made alone in the old edition. None: not known, for a `reason`, as where the
    workbook is not sound with it alone."""

    change: Annotated[str, CHANGE]
    dependence: Annotated[float | None, Col("Dependence of the plan found with it", SHARE)]
    bound: Annotated[float | None, Col("No plan with it can beat", SHARE)]
    moved: Annotated[float | None, MOVED]
    moved_low: Annotated[float | None, LOW]
    moved_high: Annotated[float | None, HIGH]
    reason: Annotated[str, Col("Why it is not known")] = ""

    @property
    def cannot_stand(self) -> bool:
        """Whether the old edition has no plan with this change alone."""
        return self.reason == NO_PLAN or self.reason.startswith(NOT_SOUND)


@dataclass(frozen=True, slots=True)
class MovedProject:
    """A commitment that one edition's plan has and the other's has not, or not then and so."""

    project: Annotated[str, Col("Project")]
    edition: Annotated[str, Col("old or new: whose plan has it")]
    year: Annotated[int, Col("Year of commitment", YEAR)]
    units: Annotated[int, Col("Units committed", COUNT)]
    capex_musd: Annotated[float, Col("Capital cost", MUSD)]


@dataclass(frozen=True, slots=True)
class Update(Shown):
    """Two editions side by side. `moved` is by how much dependence moves in all, `moved_low` to
    `moved_high` by what is proven; `rest` what the changes that stand alone do not explain: what
    they do together, and those that cannot stand alone."""

    scenario: str
    editions: tuple[EditionCase, ...]
    moved: float
    moved_low: float
    moved_high: float
    rest: float
    cells: tuple[EditedCell, ...]
    alone: tuple[AloneChange, ...]
    plan: tuple[MovedProject, ...]

    @property
    def complete(self) -> bool:
        """Whether every change was answered, or cannot stand alone."""
        answered = [row.dependence is not None or row.cannot_stand for row in self.alone]
        return all(answered) and all(math.isfinite(case.bound) for case in self.editions)
