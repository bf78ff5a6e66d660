"""One scenario of a book: its shocks, what they match and what they do.

`supply` multiplies capacity, `ramp` the ramp, `lane` the limit (0 closes); `demand`, `price` and
`capex` multiply (factor) and add (shift), and so does `uptake`, to 1 at most; `money` multiplies
the yearly limits of programmes (0 in a year without one: nothing is committed in it); `control`
puts plants under the covered bloc; `lead_time` multiplies, rounds up and adds whole years. Several
shocks on one thing combine: factors multiply, then shifts add. Shocks on supply, ramp, lanes,
demand, uptake, money, control and prices act in calendar years; on lead_time and capex in the year
of commitment.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from opt.data.book import Book, Tags
from opt.data.instance import Process
from opt.data.sheets.projects import RampRow, SpendRow
from opt.data.sheets.scenarios import ShockRow
from opt.data.timing import interpolate


@dataclass(frozen=True, slots=True)
class Shock:
    """One row of sheet shocks; a blank field or mineral matches everything."""

    what: str
    field: str
    value: str
    first_year: int
    last_year: int
    factor: float
    shift: float
    mineral: str = ""

    def of_mineral(self, tags: Tags) -> bool:
        """Whether a thing with these tags is of the mineral that it names, if any."""
        return not self.mineral or self.mineral.casefold() in tags.get("mineral", ())

    def hits(self, tags: Tags, year: int) -> bool:
        """Whether it holds in a year for a thing with these tags."""
        if not self.first_year <= year <= self.last_year or not self.of_mineral(tags):
            return False
        return not self.field or self.value.casefold() in tags.get(self.field, ())


@dataclass(frozen=True)
class ScenarioBook(Book):
    """A sound book under the shocks of one scenario; without any it is the base case.

    `ramps` and `spends` hold shares by year of operation and of spending.
    """

    shocks: tuple[Shock, ...] = ()

    @cached_property
    def processes(self) -> dict[str, Process]:
        """Processes with their recipes."""
        return {p: Process(p, stage, self.recipe[p]) for p, stage in self.stage.items()}

    @cached_property
    def ramps(self) -> Mapping[str, list[float]]:
        """Shares of capacity in the years of operation, by ramp."""
        return {row.ramp: [row.years[n] for n in sorted(row.years)] for row in self.rows(RampRow)}

    @cached_property
    def spends(self) -> Mapping[str, list[float]]:
        """Shares of capex from the year of commitment on, by profile."""
        return {row.spend: [row.years[n] for n in sorted(row.years)] for row in self.rows(SpendRow)}

    def factor(self, what: str, tags: Tags, year: int) -> float:
        """Product of the factors that hold."""
        return math.prod(s.factor for s in self.shocks if s.what == what and s.hits(tags, year))

    def shift(self, what: str, tags: Tags, year: int) -> float:
        """Sum of the shifts that hold."""
        return sum(s.shift for s in self.shocks if s.what == what and s.hits(tags, year))

    def controlled(self, tags: Tags) -> frozenset[int]:
        """The years of the plan in which shocks put a plant under the covered bloc."""
        shocks = [s for s in self.shocks if s.what == "control"]
        return frozenset(t for t in self.years if any(s.hits(tags, t) for s in shocks))

    def shocked(self, what: str, given: Mapping[int, float], tags: Tags) -> dict[int, float]:
        """Amounts by year of the plan under the shocks of one kind; never below 0."""
        return {
            t: max(
                0.0,
                interpolate(given, t) * self.factor(what, tags, t) + self.shift(what, tags, t),
            )
            for t in self.years
        }

    def prices(self, commodity: str, region: str) -> dict[int, float] | None:
        """Price of a commodity in a region by year, USD per unit; None where it has none.

        Shocks multiply, then add; a price is never below 0.
        """
        row = self.price(commodity, region)
        if row is None:
            return None
        tags = {**self.commodity_tags(commodity), **self.place_tags(region)}
        return self.shocked("price", row.years, tags)


def shocks_of(book: Book, scenario: str | None) -> tuple[Shock, ...]:
    """The shocks of a scenario; none for the base case."""
    return tuple(_shock(row, book) for row in book.rows(ShockRow) if row.scenario == scenario)


def _shock(row: ShockRow, book: Book) -> Shock:
    return Shock(
        what=row.what,
        field=row.field,
        value=row.value,
        first_year=book.first if row.first_year is None else row.first_year,
        last_year=book.last if row.last_year is None else row.last_year,
        factor=row.factor,
        shift=row.shift,
        mineral=row.mineral,
    )
