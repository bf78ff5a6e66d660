"""Shocks of one scenario: what they match and what they do.

`supply` multiplies capacity, `ramp` the ramp, `lane` the limit (0 closes); `demand`, `price` and
`capex` multiply (factor) and add (shift); `lead_time` multiplies, rounds up and adds whole years.
Several shocks on one thing combine: factors multiply, then shifts add. Shocks on supply, ramp,
lanes, demand and prices act in calendar years; on lead_time and capex in the year of commitment.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opt.data.lanes import BLOC, LaneShock
from opt.data.tables import Row, Tables


@dataclass(frozen=True, slots=True)
class Shock:
    """One row of sheet shocks; a blank field matches everything."""

    what: str
    field: str
    value: str
    first_year: int
    last_year: int
    factor: float
    shift: float

    def hits(self, tags: Mapping[str, Collection[str]], year: int) -> bool:
        """Whether it holds in a year for a thing with these tags (field -> values)."""
        if not self.first_year <= year <= self.last_year:
            return False
        return not self.field or self.value.casefold() in tags.get(self.field, ())


def read_shocks(tables: Tables, scenario: str | None) -> tuple[Shock, ...]:
    """The shocks of a scenario; none for the base case."""
    if scenario is None:
        return ()
    return tuple(
        _shock(row, tables) for row in tables.rows["shocks"] if row["scenario"] == scenario
    )


def _shock(row: Row, tables: Tables) -> Shock:
    first, last = row.optional("first_year"), row.optional("last_year")
    return Shock(
        what=row.text("what"),
        field=row.text("field"),
        value=row.text("value"),
        first_year=tables.first_year if first is None else int(first),
        last_year=tables.last_year if last is None else int(last),
        factor=row.number_of("factor"),
        shift=row.number_of("shift"),
    )


def factor(
    shocks: Iterable[Shock], what: str, tags: Mapping[str, Collection[str]], year: int
) -> float:
    """Product of the factors that hold."""
    return math.prod(s.factor for s in shocks if s.what == what and s.hits(tags, year))


def shift(
    shocks: Iterable[Shock], what: str, tags: Mapping[str, Collection[str]], year: int
) -> float:
    """Sum of the shifts that hold."""
    return sum(s.shift for s in shocks if s.what == what and s.hits(tags, year))


def lane_shocks(
    shocks: Sequence[Shock],
    blocs: Mapping[str, str],
    commodity_tags: Mapping[str, Mapping[str, Collection[str]]],
) -> tuple[LaneShock, ...]:
    """Shocks on lanes as sets of origins, destinations and commodities.

    Fields region and bloc mean the origin; stage and mineral are the commodity's.
    """
    return tuple(
        LaneShock(
            origins=_ends(s, ("region", "bloc", "origin"), blocs),
            destinations=_ends(s, ("destination",), blocs),
            commodities=frozenset(
                c
                for c, tags in commodity_tags.items()
                if s.field not in ("stage", "mineral", "commodity")
                or s.value.casefold() in tags[s.field]
            ),
            first_year=s.first_year,
            last_year=s.last_year,
            factor=s.factor,
        )
        for s in shocks
        if s.what == "lane"
    )


def _ends(shock: Shock, fields: Collection[str], blocs: Mapping[str, str]) -> frozenset[str]:
    if shock.field not in fields:
        return frozenset(blocs)
    wanted = shock.value.casefold()
    if shock.field == "bloc" or wanted.startswith(BLOC):
        bloc = wanted.removeprefix(BLOC)
        return frozenset(r for r, b in blocs.items() if b == bloc)
    return frozenset(r for r in blocs if r.casefold() == wanted)
