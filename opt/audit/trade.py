"""Trade and markets: which lane is open at what cost, what is worth how much, what may be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from opt.audit.case import AuditCase, Traits, effect, interpolate, make_traits
from opt.audit.check import Check, at_most
from opt.audit.rule import of_flows
from opt.data.tables import Row, Tables
from opt.record.flows import CLEAR, EXPOSED

if TYPE_CHECKING:
    from opt.audit.evidence import Evidence

Pattern = tuple[str, str, str]
PriceKey = tuple[str, str, int]  # commodity, region, year


@dataclass(frozen=True, slots=True)
class AuditLane:
    """Terms of one pair, commodity and year: open or not, limit (units a year, None: no limit),
    cost (USD per unit)."""

    is_open: bool
    limit: float | None
    cost: float


CLOSED = AuditLane(False, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Lanes:
    """All rows of sheet lanes by their three patterns, and a memo of what was looked up."""

    case: AuditCase
    rows: Mapping[Pattern, tuple[Row, ...]]
    memo: dict[tuple[str, str, str, int], AuditLane] = field(default_factory=dict)
    ranked: dict[Pattern, tuple[Row, ...]] = field(default_factory=dict)

    def find(self, origin: str, destination: str, commodity: str, year: int) -> AuditLane:
        """The lane of the most specific row that exists in the year, with its shocks."""
        key = (origin, destination, commodity, year)
        if key not in self.memo:
            self.memo[key] = self._find((origin, destination, commodity), year)
        return self.memo[key]

    def _find(self, triple: Pattern, year: int) -> AuditLane:
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
        return AuditLane(True, None if limit is None else limit * factor, cost)

    def _ranked(self, triple: Pattern) -> tuple[Row, ...]:
        """The rows that match, most specific first: 2 for an id, 1 for a bloc or a mineral, 0 for
        *."""
        if triple not in self.ranked:
            origin, destination, commodity = triple
            mineral = self.case.commodities[commodity].text("mineral")
            goods = ((commodity, 2), (f"mineral:{mineral}", 1), ("*", 0))
            forms = (self._forms(origin), self._forms(destination), goods)
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


def _lane_traits(case: AuditCase, origin: str, destination: str, commodity: str) -> Traits:
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


def derive_lanes(case: AuditCase) -> Lanes:
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


@dataclass(frozen=True, slots=True)
class Prices:
    """All rows of sheet prices by commodity and market, and a memo of what was looked up."""

    case: AuditCase
    rows: Mapping[tuple[str, str], Row]
    memo: dict[PriceKey, float | None] = field(default_factory=dict)

    def find(self, commodity: str, region: str, year: int) -> float | None:
        """USD per unit: (interpolated x factors + shifts), at least 0; None without a row.

        The row of the region, else of its bloc, else of `*`. Price shocks match the commodity with
        its mineral and stage, and the region and bloc of the market place.
        """
        key = (commodity, region, year)
        if key not in self.memo:
            self.memo[key] = self._find(*key)
        return self.memo[key]

    def worth(self, commodity: str, region: str, year: int) -> float:
        """The price, or 0 where there is none. USD per unit."""
        return self.find(commodity, region, year) or 0.0

    def _find(self, commodity: str, region: str, year: int) -> float | None:
        for market in (region, f"bloc:{self.case.blocs[region]}", "*"):
            row = self.rows.get((commodity, market))
            if row is not None:
                traits = self.case.goods_traits(commodity, region)
                change = effect(self.case.shocks, "price", traits, year)
                return max(0.0, interpolate(row.years, year) * change.factor + change.shift)
        return None


def derive_prices(case: AuditCase) -> Prices:
    """The prices of a workbook."""
    return Prices(case, _rows_by_market(case.tables))


def _rows_by_market(tables: Tables) -> Mapping[tuple[str, str], Row]:
    return {
        (row.text("commodity"), row.text("market")): row for row in tables.rows.get("prices", ())
    }


@of_flows
def limit_export(evidence: Evidence) -> Iterator[Check]:
    """Clear sent <= clear made; clear + exposed sent <= clear + exposed made; exposed sent <=
    exposed made + downgraded, so that exposed imports do not leave while clear output stays. What
    is released from stock counts as made.

    For each set of flows, region, commodity and year in which something is sent.
    """
    floor = evidence.case.mass_floor
    for name, sums in evidence.sets():
        places = sorted({(region, good, year) for region, good, _, year in sums.sent})
        for region, good, year in places:
            sent, made, released = [
                [book.get((region, good, origin, year), 0.0) for origin in (CLEAR, EXPOSED)]
                for book in (sums.sent, sums.made, sums.released)
            ]
            made = [own + stock for own, stock in zip(made, released, strict=True)]
            yield at_most((name, region, good, CLEAR, year), sent[0], made[0], floor)
            yield at_most((name, region, good, year), sum(sent), sum(made), floor)
            down = sums.downgraded.get((region, good, CLEAR, year), 0.0)
            yield at_most((name, region, good, EXPOSED, year), sent[1], made[1] + down, floor)


@of_flows
def limit_lane(evidence: Evidence) -> Iterator[Check]:
    """Clear + exposed sent from r to r' <= limit of the lane in t; 0 where it is closed.

    The lane is the most specific row that exists in the year, its limit times the lane shocks.
    """
    floor = evidence.case.mass_floor
    for name, sums in evidence.sets():
        totals: dict[tuple[str, str, str, int], float] = defaultdict(float)
        for trade in sums.flows.shipments:
            key = (trade.origin_region, trade.destination, trade.commodity, trade.year)
            totals[key] += trade.amount
        for key, amount in totals.items():
            lane = evidence.lanes.find(*key)
            most = lane.limit if lane.is_open else 0.0
            yield at_most((name, *key), amount, amount if most is None else most, floor)
