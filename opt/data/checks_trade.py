"""Checks of lanes: which row holds for a pair must never be in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from opt.data.facts import Facts
from opt.data.tables import Row
from opt.data.words import listed


@dataclass(frozen=True, slots=True)
class _Lane:
    """One row: what it matches, in which years, and how specific it is."""

    row: Row
    origins: frozenset[str]
    destinations: frozenset[str]
    commodities: frozenset[str]
    years: range
    score: int

    def holds(self, origin: str, destination: str, commodity: str, year: int) -> bool:
        """Whether the row matches this pair and commodity in this year."""
        return (
            year in self.years
            and origin in self.origins
            and destination in self.destinations
            and commodity in self.commodities
        )

    def touches(self, other: _Lane) -> bool:
        """Whether some origin, destination and commodity are matched by both rows."""
        return not (
            self.origins.isdisjoint(other.origins)
            or self.destinations.isdisjoint(other.destinations)
            or self.commodities.isdisjoint(other.commodities)
        )

    @property
    def pairs(self) -> int:
        """How many pairs of different regions the row matches."""
        same = len(self.origins & self.destinations)
        return len(self.origins) * len(self.destinations) - same


def _score(pattern: str) -> int:
    return 0 if pattern == "*" else 1 if pattern.startswith("bloc:") else 2


def _lanes(facts: Facts) -> list[_Lane]:
    commodities = frozenset(row.text("commodity") for row in facts.rows("commodities"))
    lanes = []
    for row in facts.rows("lanes"):
        patterns = [row.text(column) for column in ("origin", "destination", "commodity")]
        first = int(row.optional("first_year") or facts.first)
        last = int(row.optional("last_year") or facts.last)
        goods = commodities if patterns[2] == "*" else frozenset(patterns[2:])
        years = range(max(first, facts.first), min(last, facts.last) + 1)
        origins, destinations = map(facts.members, patterns[:2])
        score = sum(map(_score, patterns))
        lanes.append(_Lane(row, origins, destinations, goods, years, score))
    return lanes


def check_lane_rows(facts: Facts) -> None:
    """Each lane row matches a pair of regions in some year of the plan."""
    for lane in _lanes(facts):
        row = lane.row
        first, last = row.optional("first_year"), row.optional("last_year")
        if first and last and first > last:
            message = f"first_year {int(first)} is after last_year {int(last)}."
            facts.fault(row, "first_year", message, "Swap or mend the years.")
        elif not lane.years:
            column = "first_year" if first and first > facts.last else "last_year"
            message = f"the row lies outside {facts.first}-{facts.last}, so it changes nothing."
            facts.warn(row, column, message)
        elif lane.pairs == 0:
            message = "the row matches no pair of different regions, so it changes nothing."
            facts.warn(row, "origin", message, "Within a region no lane is needed.")
        elif row["limit"] is not None and lane.pairs > 1 and row.text("open") == "yes":
            message = f"the limit holds for each of the {lane.pairs} pairs separately."
            facts.warn(row, "limit", message)


def check_lanes_open(facts: Facts) -> None:
    """A sheet that closes lanes of a commodity opens some: no row means closed, not open."""
    lanes = [lane for lane in _lanes(facts) if lane.pairs and lane.years]
    opening = [lane for lane in lanes if _opens(lane)]
    closing = [lane for lane in lanes if not _opens(lane)]
    moving = frozenset[str]().union(*(lane.commodities for lane in opening))
    named = frozenset[str]().union(*(lane.commodities for lane in closing))
    stuck = [
        row.text("commodity")
        for row in facts.rows("commodities")
        if row.text("commodity") not in moving and (not opening or row.text("commodity") in named)
    ]
    if closing and stuck:
        row = next(lane.row for lane in closing if not lane.commodities.isdisjoint(stuck))
        told = "every row closes" if not opening else "no row opens them"
        message = (
            f"{told}, and a pair that no row matches is closed where the sheet has rows: between"
            f" regions nothing moves of {listed(stuck)}."
        )
        goods = "*" if not opening else stuck[0]
        hint = f"Add a row that opens the other pairs: origin *, destination *, commodity {goods}."
        facts.warn(row, "open" if row.text("open") == "no" else "limit", message, hint)


def _opens(lane: _Lane) -> bool:
    return lane.row.text("open") == "yes" and lane.row["limit"] != 0


def check_lane_ties(facts: Facts) -> None:
    """No two rows fit a pair equally well in the same year, unless a third fits it better."""
    lanes = _lanes(facts)
    by_score: dict[int, list[_Lane]] = {}
    for lane in lanes:
        by_score.setdefault(lane.score, []).append(lane)
    for score, equal in sorted(by_score.items()):
        better = [lane for lane in lanes if lane.score > score]
        for one, other in combinations(equal, 2):
            tie = _tie(one, other, better) if one.touches(other) else None
            if tie:
                _report_tie(facts, one.row, other.row, tie)


def _tie(one: _Lane, other: _Lane, better: Sequence[_Lane]) -> tuple[str, str, str, int] | None:
    """The first pair, commodity and year in which neither row nor a better one wins."""
    years = range(max(one.years.start, other.years.start), min(one.years.stop, other.years.stop))
    if not years:
        return None
    for origin in sorted(one.origins & other.origins):
        for destination in sorted((one.destinations & other.destinations) - {origin}):
            for commodity in sorted(one.commodities & other.commodities):
                year = _undecided(origin, destination, commodity, years, better)
                if year is not None:
                    return origin, destination, commodity, year
    return None


def _undecided(
    origin: str, destination: str, commodity: str, years: Iterable[int], better: Sequence[_Lane]
) -> int | None:
    for year in years:
        if not any(lane.holds(origin, destination, commodity, year) for lane in better):
            return year
    return None


def _report_tie(facts: Facts, one: Row, other: Row, tie: tuple[str, str, str, int]) -> None:
    origin, destination, commodity, year = tie
    message = (
        f"rows {one.number} and {other.number} fit {origin} to {destination}, {commodity},"
        f" in {year} equally well."
    )
    hint = "Make one of them more specific, or their years apart."
    facts.fault(other, "origin", message, hint)
