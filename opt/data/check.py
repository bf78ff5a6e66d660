"""What a check of the workbook is, and how a subject's file declares it.

    @check("horizon", "settings")
    def check_horizon(book: Inspection) -> None: ...

A check sees rows whose cells are sound. It names the sheets from whose silence it concludes
something: while one of them is misread or has rows left out, the check waits, so that one fault
does not set off others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opt.data.inspection import Inspection

# Sheets that say what plants make, and those that say who may pay for what.
PLANTS = ("facilities", "projects", "recipes", "processes")
PAYERS = ("settings", "regions", "programmes", "eligibility")

# Notes in a book what it finds.
Checker = Callable[["Inspection"], None]


@dataclass(frozen=True, slots=True)
class WorkbookCheck:
    """One check: its readable name, what notes its faults and warnings in the book, and the sheets
    that must be whole for it."""

    name: str
    run: Checker
    whole: tuple[str, ...]


def check(name: str, *whole: str) -> Callable[[Checker], WorkbookCheck]:
    """Declare a check by its name and the sheets that must be whole for it."""
    return lambda run: WorkbookCheck(name, run, whole)


def checks_of(module: ModuleType) -> tuple[WorkbookCheck, ...]:
    """The checks that a module declares, in their order there."""
    found = [item for item in vars(module).values() if isinstance(item, WorkbookCheck)]
    return tuple(item for item in found if item.run.__module__ == module.__name__)
