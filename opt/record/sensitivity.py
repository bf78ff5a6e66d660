"""What a plan rests on: figures varied in their ranges, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from opt.record.columns import SHARE, Col
from opt.record.shown import Shown

SHEET, ROW, COLUMN = Col("Sheet of the cell"), Col("Id of its row"), Col("Its column, or year")


class Switch(StrEnum):
    """What becomes of the plan beyond a value of a cell."""

    LAPSES = "a commitment cannot be paid"
    NO_BETTER = "no better than no plan"
    OTHER = "another plan is better"


@dataclass(frozen=True, slots=True)
class SensitivityCell:
    """One cell at both ends of its range. Dependence over the counted years: of the plan held
    (`at_low`, `at_high`), and where it was `reoptimised` of the best plan found, with what no plan
    can beat. `swing` is by how much the plan held moves in all, its value as it is included.
    `given`: sheet ranges gives the range; else it goes by the grade. None: not asked, as where the
    workbook is not sound with an end alone (`refused` says why), or not known for a `reason`."""

    sheet: Annotated[str, SHEET]
    row: Annotated[str, ROW]
    column: Annotated[str, COLUMN]
    value: Annotated[float, Col("What stands in the cell", "as in the cell")]
    low: Annotated[float, Col("Low end of its range", "as in the cell")]
    high: Annotated[float, Col("High end of its range", "as in the cell")]
    grade: Annotated[str, Col("Grade of the range; of one by grade that of the row")]
    given: Annotated[bool, Col("yes: sheet ranges gives it; no: by grade")]
    at_low: Annotated[float | None, Col("Dependence of the plan at the low end", SHARE)]
    at_high: Annotated[float | None, Col("Dependence of the plan at the high end", SHARE)]
    swing: Annotated[float, Col("By how much that moves in all", SHARE)]
    reoptimised: Annotated[bool, Col("yes: the best plan of each end was looked for")]
    best_at_low: Annotated[float | None, Col("The best plan at the low end", SHARE)]
    bound_at_low: Annotated[float | None, Col("No plan there can beat", SHARE)]
    best_at_high: Annotated[float | None, Col("The best plan at the high end", SHARE)]
    bound_at_high: Annotated[float | None, Col("No plan there can beat", SHARE)]
    reason: Annotated[str, Col("Why something is not known")] = ""
    refused: Annotated[str, Col("Why the workbook is not sound with an end alone")] = ""


@dataclass(frozen=True, slots=True)
class SwitchingValue:
    """Between what and what of a cell something else becomes of the plan: at `stands` it does not
    yet, at `switches` it does."""

    sheet: Annotated[str, SHEET]
    row: Annotated[str, ROW]
    column: Annotated[str, COLUMN]
    value: Annotated[float, Col("What stands in the cell", "as in the cell")]
    stands: Annotated[float, Col("The plan still stands at", "as in the cell")]
    switches: Annotated[float, Col("It no longer does at", "as in the cell")]
    switch: Annotated[Switch, Col("What becomes of it")]


@dataclass(frozen=True, slots=True)
class CellToVerify:
    """A cell to verify first: those that move the plan most, of those alike the worst grade."""

    sheet: Annotated[str, SHEET]
    row: Annotated[str, ROW]
    column: Annotated[str, COLUMN]
    grade: Annotated[str, Col("Grade of its range")]
    swing: Annotated[float, Col("By how much dependence moves in all", SHARE)]


@dataclass(frozen=True, slots=True)
class Sensitivity(Shown):
    """The plan's dependence as it is and without it, what each cell does to it, the largest swing
    first, and the values at which the plan switches. `half_widths` are those of ranges by grade."""

    dependence: float | None
    without_plan: float | None
    half_widths: dict[str, float]
    cells: tuple[SensitivityCell, ...]
    verify_first: tuple[CellToVerify, ...]
    switching: tuple[SwitchingValue, ...]
    reasons: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every cell was answered at both ends, but for those that the workbook refuses."""
        return not self.reasons and not any(cell.reason for cell in self.cells)
