"""Lanes: which row holds for a pair, a commodity and a year, and what it allows and costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from opt.audit.case import Case
from opt.audit.shocks import Traits, effect, make_traits
from opt.data.tables import Row, Tables

Pattern = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Lane:
    """Terms of one pair, commodity and year: open or not, limit (units a year, None: no limit),
    cost (USD per unit)."""

    is_open: bool
    limit: float | None
    cost: float


CLOSED = Lane(False, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Lanes:
    """All rows of sheet lanes by their three patterns, and a memo of what was looked up."""

    case: Case
    rows: Mapping[Pattern, tuple[Row, ...]]
    memo: dict[tuple[str, str, str, int], Lane] = field(default_factory=dict)
    ranked: dict[Pattern, tuple[Row, ...]] = field(default_factory=dict)

    def find(self, origin: str, destination: str, commodity: str, year: int) -> Lane:
        """The lane of the most specific row that exists in the year, with its shocks."""
        key = (origin, destination, commodity, year)
        if key not in self.memo:
            self.memo[key] = self._find((origin, destination, commodity), year)
        return self.memo[key]

    def _find(self, triple: Pattern, year: int) -> Lane:
        row = next((row for row in self._ranked(triple) if _exists(row, year)), None)
        if self.rows and (row is None or row.text("open") != "yes"):
            return CLOSED
        factor = 1.0
        if self.case.shocks:
            factor = effect(self.case.shocks, "lane", _lane_traits(self.case, *triple), year).factor
        if factor == 0:
            return CLOSED
        limit = None if row is None else row.optional("limit")
        cost = 0.0 if row is None else row.number_of("cost")
        return Lane(True, None if limit is None else limit * factor, cost)

    def _ranked(self, triple: Pattern) -> tuple[Row, ...]:
        """The rows that match, most specific first: 2 for an id, 1 for a bloc, 0 for *."""
        if triple not in self.ranked:
            origin, destination, commodity = triple
            forms = (self._forms(origin), self._forms(destination), ((commodity, 2), ("*", 0)))
            choices = sorted(product(*forms), key=lambda three: -sum(score for _, score in three))
            keys = [
                (a.casefold(), b.casefold(), c.casefold()) for (a, _), (b, _), (c, _) in choices
            ]
            self.ranked[triple] = tuple(row for key in keys for row in self.rows.get(key, ()))
        return self.ranked[triple]

    def _forms(self, region: str) -> tuple[tuple[str, int], ...]:
        return ((region, 2), (f"bloc:{self.case.blocs[region]}", 1), ("*", 0))


def _exists(row: Row, year: int) -> bool:
    """Whether a row exists in a year; outside its years the next most specific one applies."""
    first, last = row.optional("first_year"), row.optional("last_year")
    return (first is None or first <= year) and (last is None or year <= last)


def _lane_traits(case: Case, origin: str, destination: str, commodity: str) -> Traits:
    """Region and bloc mean the origin; stage and mineral are the commodity's."""
    row = case.commodities[commodity]
    return make_traits(
        region=[origin],
        bloc=[case.blocs[origin]],
        origin=[origin, f"bloc:{case.blocs[origin]}", "*"],
        destination=[destination, f"bloc:{case.blocs[destination]}", "*"],
        stage=[row.text("stage")],
        mineral=[row.text("mineral")],
        commodity=[commodity],
    )


def derive_lanes(case: Case) -> Lanes:
    """The lanes of a workbook; an empty sheet leaves all trade open and free."""
    return Lanes(case, _rows_by_pattern(case.tables))


def _rows_by_pattern(tables: Tables) -> Mapping[Pattern, tuple[Row, ...]]:
    rows: dict[Pattern, tuple[Row, ...]] = {}
    for row in tables.rows.get("lanes", ()):
        key = (
            row.text("origin").casefold(),
            row.text("destination").casefold(),
            row.text("commodity").casefold(),
        )
        rows[key] = (*rows.get(key, ()), row)
    return rows
