"""What is clear but not taken, since only a part of demand takes clear material."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from opt.record.columns import SHARE, UNITS, YEAR, Col
from opt.record.options import ALL_TAKE, Option
from opt.record.table import Table

if TYPE_CHECKING:
    from opt.record.run import Run


@dataclass(frozen=True, slots=True)
class UptakeYear:
    """Weighted allied demand of a counted year that is exposed or short with the plan, the same of
    its plants if all buyers took clear material, and what lies between."""

    year: Annotated[int, Col("Year", YEAR)]
    demand: Annotated[float, Col("Weighted allied demand", UNITS)]
    dependent: Annotated[float, Col("Exposed or short with the plan", UNITS)]
    if_taken: Annotated[float, Col("The same if all buyers took clear material", UNITS)]
    untaken: Annotated[float, Col("What could be clear but is not taken", UNITS)]
    untaken_share: Annotated[float, Col("That of demand", SHARE)]


def all_take(run: Run) -> Option | None:
    """The plan as it would be if all buyers took clear material; None where all do."""
    return next((option for option in run.options if option.name == ALL_TAKE), None)


def uptake_years(run: Run) -> Iterator[UptakeYear]:
    """Each counted year, where some buyers do not take clear material."""
    option = all_take(run)
    with_plan = {entry.year: entry for entry in run.metrics.by_year}
    for taken in option.by_year if option is not None else ():
        own = with_plan[taken.year]
        dependent, if_taken = own.exposed + own.short, taken.exposed + taken.short
        untaken = dependent - if_taken
        share = untaken / own.demand if own.demand > 0 else 0.0
        yield UptakeYear(own.year, own.demand, dependent, if_taken, untaken, share)


UPTAKE = Table(
    "uptake",
    "Clear but not taken",
    "What the plan's plants could make clear and buyers do not take, by their uptake.",
    UptakeYear,
    uptake_years,
)
