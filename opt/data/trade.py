"""Lanes: which row of the workbook holds for each pair, and how equal pairs pool.

Each of origin, destination and commodity scores 2 for the id itself, 1 for its bloc or mineral, 0
for `*`; the highest sum wins. A pair that no row matches is closed where the sheet has rows. Pairs
without limit and of equal cost are gathered into pools, which is exact: with costs >= 0 a flow from
a region to itself through a pool never helps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from opt.data.book import Book
from opt.data.case import ScenarioBook, Shock
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.instance import Lane, Offtake, Pool, Target
from opt.data.patterns import BLOC, EVERYTHING, bloc_named, match, match_good, score
from opt.data.sheets.chain import CommodityRow
from opt.data.sheets.trade import LaneRow
from opt.data.words import listed
from opt.errors import Effect


@dataclass(frozen=True, slots=True)
class LaneRule:
    """One row of sheet lanes, or the open row that stands for an empty sheet."""

    origin: str
    destination: str
    commodity: str
    cost: float
    limit: float | None
    first_year: int
    last_year: int
    open: bool


@dataclass(frozen=True, slots=True)
class LaneShock:
    """A factor on the pairs it matches in some years; blank fields match everything."""

    origins: frozenset[str]
    destinations: frozenset[str]
    commodities: frozenset[str]
    first_year: int
    last_year: int
    factor: float


_Candidates = tuple[tuple[LaneRule, int], ...]
_Terms = dict[tuple[str, str], tuple[float, float | None]]


def trade(
    case: ScenarioBook, contracts: Iterable[Offtake], aims: Iterable[Target]
) -> tuple[tuple[Lane, ...], tuple[Pool, ...]]:
    """The lanes and pools of a scenario, none of which blurs what contracts and targets tell
    apart."""
    minerals = ((name, row.mineral) for name, row in case.commodities.items())
    apart = ((name, tuple(sets)) for name, sets in told_apart(contracts, aims).items())
    return _resolved(
        _Trade(
            tuple(_rules(case)),
            lane_shocks(case),
            tuple(case.bloc.items()),
            tuple(minerals),
            tuple(case.years),
            tuple(apart),
        )
    )


@dataclass(frozen=True, slots=True)
class _Trade:
    """All that lanes and pools go by; mappings as pairs."""

    rules: tuple[LaneRule, ...]
    shocks: tuple[LaneShock, ...]
    blocs: tuple[tuple[str, str], ...]
    minerals: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    apart: tuple[tuple[str, tuple[frozenset[str], ...]], ...]


# A study assembles hundreds of changes of a case, most of which leave its trade as it is.
@lru_cache(maxsize=8)
def _resolved(asked: _Trade) -> tuple[tuple[Lane, ...], tuple[Pool, ...]]:
    blocs, minerals, apart = dict(asked.blocs), dict(asked.minerals), dict(asked.apart)
    return resolve_lanes(asked.rules, asked.shocks, blocs, minerals, asked.years, apart=apart)


def _rules(case: ScenarioBook) -> list[LaneRule]:
    """The rows of sheet lanes; where there are none, one that opens everything."""
    rules = [
        LaneRule(
            origin=row.origin,
            destination=row.destination,
            commodity=row.commodity,
            cost=row.cost,
            limit=row.limit,
            first_year=row.first_year or case.first,
            last_year=row.last_year or case.last,
            open=row.open == "yes",
        )
        for row in case.rows(LaneRow)
    ]
    everything = LaneRule(*(EVERYTHING,) * 3, 0.0, None, case.first, case.last, True)
    return rules or [everything]


def told_apart(
    contracts: Iterable[Offtake], aims: Iterable[Target]
) -> dict[str, list[frozenset[str]]]:
    """By commodity, the sets of regions that a rule tells from all others in trade."""
    found: dict[str, list[frozenset[str]]] = {}
    for contract in contracts:
        sets = [frozenset({contract.region}), contract.destinations]
        found.setdefault(contract.commodity, []).extend(sets)
    for aim in aims:
        for commodity in sorted(aim.commodities):
            found.setdefault(commodity, []).extend([*aim.sources, aim.users])
    return found


def lane_shocks(case: ScenarioBook) -> tuple[LaneShock, ...]:
    """Shocks on lanes as sets of origins, destinations and commodities.

    Fields region and bloc mean the origin; stage and mineral are the commodity's.
    """
    return tuple(
        LaneShock(
            origins=_ends(case, s, ("region", "bloc", "origin")),
            destinations=_ends(case, s, ("destination",)),
            commodities=frozenset(c for c in case.commodities if _moves(case, s, c)),
            first_year=s.first_year,
            last_year=s.last_year,
            factor=s.factor,
        )
        for s in case.shocks
        if s.what == "lane"
    )


def _moves(case: ScenarioBook, shock: Shock, commodity: str) -> bool:
    """Whether a shock on lanes is one on those of a commodity."""
    tags = case.commodity_tags(commodity)
    if not shock.of_mineral(tags):
        return False
    return shock.field not in tags or shock.value.casefold() in tags[shock.field]


def _ends(case: ScenarioBook, shock: Shock, fields: Collection[str]) -> frozenset[str]:
    """The regions at one end of the lanes that a shock is on; the fields are those of this end."""
    if shock.field not in fields:
        return frozenset(case.bloc)
    pattern = BLOC + shock.value if shock.field == "bloc" else shock.value
    if bloc_named(pattern) is not None:
        return case.members(pattern)
    return frozenset(r for r in case.bloc if r.casefold() == pattern.casefold())


def resolve_lanes(
    rows: Sequence[LaneRule],
    shocks: Sequence[LaneShock],
    blocs: Mapping[str, str],
    commodities: Mapping[str, str],
    years: Sequence[int],
    *,
    apart: Mapping[str, Sequence[frozenset[str]]] | None = None,
) -> tuple[tuple[Lane, ...], tuple[Pool, ...]]:
    """The lanes with limits and the pools without, over all commodities, each with its mineral, and
    years.

    `apart` holds, by commodity, sets of regions that some rule tells from all others: the origins
    of a pool are then all inside or all outside each set, and so are its destinations.
    """
    limited: dict[tuple[str, str, str, float], dict[int, float]] = defaultdict(dict)
    pooled: dict[tuple[str, float, tuple[str, ...], tuple[str, ...]], list[int]] = defaultdict(list)
    # Most commodities have no row of their own: what the same rows and shocks give is looked up.
    known: dict[tuple[_Candidates, tuple[LaneShock, ...]], _Terms] = {}
    for commodity, mineral in commodities.items():
        for span in _spans(rows, shocks, years):
            in_force = _in_force(rows, shocks, (commodity, mineral), span[0])
            if in_force not in known:
                known[in_force] = _terms(*in_force, blocs)
            terms = known[in_force]
            free: dict[float, set[tuple[str, str]]] = defaultdict(set)
            for (origin, destination), (cost, limit) in terms.items():
                if limit is None:
                    free[cost].add((origin, destination))
                else:
                    key = (commodity, origin, destination, cost)
                    limited[key].update(dict.fromkeys(span, limit))
            for cost, pairs in sorted(free.items()):
                for origins, destinations in _groups(pairs, (apart or {}).get(commodity, ())):
                    pooled[commodity, cost, origins, destinations].extend(span)
    lanes = tuple(
        Lane(n, commodity, origin, destination, cost, limits)
        for n, ((commodity, origin, destination, cost), limits) in enumerate(
            sorted(limited.items())
        )
    )
    pools = tuple(
        Pool(n, commodity, cost, origins, destinations, tuple(sorted(span)))
        for n, ((commodity, cost, origins, destinations), span) in enumerate(sorted(pooled.items()))
    )
    return lanes, pools


Pair = tuple[str, str, str, int]  # origin, destination, commodity, year


def open_pairs(
    book: Book, goods: Mapping[str, str] | None = None, regions: Collection[str] | None = None
) -> dict[Pair, tuple[float, float | None]]:
    """Cost and limit of every open pair, commodity and year of the base case. `goods` are some
    commodities, each with another name for it, and `regions` some regions; by default all are told.
    """
    case = ScenarioBook(book.tables)
    rules, years = _rules(case), list(case.years)
    blocs = {r: b for r, b in case.bloc.items() if regions is None or r in regions}
    known: dict[_Candidates, _Terms] = {}
    found: dict[Pair, tuple[float, float | None]] = {}
    for good, name in (goods or {c: c for c in case.commodities}).items():
        mineral = case.commodities[good].mineral
        for span in _spans(rules, (), years):
            candidates, _ = _in_force(rules, (), (good, mineral), span[0])
            if candidates not in known:
                known[candidates] = _terms(candidates, (), blocs)
            for (origin, destination), terms in known[candidates].items():
                found |= {(origin, destination, name, year): terms for year in span}
    return found


def _spans(
    rows: Iterable[LaneRule], shocks: Iterable[LaneShock], years: Sequence[int]
) -> list[list[int]]:
    """Runs of years in which no row and no shock begins or ends."""
    starts = {years[0]}
    for row in rows:
        starts |= {row.first_year, row.last_year + 1}
    for shock in shocks:
        starts |= {shock.first_year, shock.last_year + 1}
    spans: list[list[int]] = []
    for year in years:
        if year in starts:
            spans.append([])
        spans[-1].append(year)
    return spans


def _in_force(
    rows: Sequence[LaneRule], shocks: Sequence[LaneShock], good: tuple[str, str], year: int
) -> tuple[_Candidates, tuple[LaneShock, ...]]:
    """The rows and shocks that may hold for one commodity of a mineral in one year, rows with what
    they score by the commodity."""
    candidates = tuple(
        (row, points)
        for row in rows
        for points in [match_good(row.commodity, *good)]
        if points is not None and row.first_year <= year <= row.last_year
    )
    active = tuple(
        s for s in shocks if good[0] in s.commodities and s.first_year <= year <= s.last_year
    )
    return candidates, active


def _terms(
    candidates: _Candidates, active: Sequence[LaneShock], blocs: Mapping[str, str]
) -> _Terms:
    """Cost and limit (None: no limit) of every open pair under some rows and shocks."""
    terms: _Terms = {}
    for origin, origin_bloc in blocs.items():
        sources = _scored(candidates, "origin", origin, origin_bloc)
        for destination, destination_bloc in blocs.items():
            if origin == destination:
                continue
            row = _best(_scored(sources, "destination", destination, destination_bloc))
            if row is None or not row.open:
                continue
            factor = 1.0
            for shock in active:
                if origin in shock.origins and destination in shock.destinations:
                    factor *= shock.factor
            if factor > 0:
                terms[origin, destination] = (
                    row.cost,
                    None if row.limit is None else row.limit * factor,
                )
    return terms


def _scored(
    candidates: Iterable[tuple[LaneRule, int]], end: str, region: str, bloc: str
) -> list[tuple[LaneRule, int]]:
    found = []
    for row, points in candidates:
        more = match(getattr(row, end), region, bloc)
        if more is not None:
            found.append((row, points + more))
    return found


def _best(candidates: list[tuple[LaneRule, int]]) -> LaneRule | None:
    return max(candidates, key=lambda item: item[1])[0] if candidates else None


def _groups(
    pairs: set[tuple[str, str]], apart: Sequence[frozenset[str]]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The pairs as few complete groups of origins x destinations, each within one cell of the sets
    that are told apart."""
    if not apart:
        return _merged(pairs, own=(True, False))
    cells: dict[tuple[tuple[bool, ...], ...], set[tuple[str, str]]] = defaultdict(set)
    for pair in pairs:
        cells[tuple(tuple(end in regions for regions in apart) for end in pair)].add(pair)
    return sorted(group for cell in cells.values() for group in _merged(cell, own=(False,)))


def _merged(
    pairs: set[tuple[str, str]], own: Iterable[bool]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The pairs as few groups; with `own` a region may be counted among its own destinations
    where that merges groups."""
    reach: dict[str, set[str]] = defaultdict(set)
    for origin, destination in pairs:
        reach[origin].add(destination)
    options = []
    for counted in own:
        groups: dict[frozenset[str], list[str]] = defaultdict(list)
        for origin, destinations in reach.items():
            groups[frozenset(destinations | ({origin} if counted else set()))].append(origin)
        options.append(groups)
    fewest = min(options, key=len)
    return sorted((tuple(sorted(o)), tuple(sorted(d))) for d, o in fewest.items())


@dataclass(frozen=True, slots=True)
class _Lane:
    """One row: what it matches, in which years, and how specific it is."""

    row: LaneRow
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


def _lanes(book: Inspection) -> list[_Lane]:
    minerals = {row.commodity: row.mineral for row in book.rows(CommodityRow)}
    lanes = []
    for row in book.rows(LaneRow):
        first = max(row.first_year or book.first, book.first)
        last = min(row.last_year or book.last, book.last)
        lane = _Lane(
            row,
            origins=book.members(row.origin),
            destinations=book.members(row.destination),
            commodities=_goods(row.commodity, minerals),
            years=range(first, last + 1),
            score=sum(map(score, (row.origin, row.destination, row.commodity))),
        )
        lanes.append(lane)
    return lanes


def _goods(pattern: str, minerals: Mapping[str, str]) -> frozenset[str]:
    """The commodities that a pattern matches; one that is not known stands for itself."""
    found = frozenset(c for c, m in minerals.items() if match_good(pattern, c, m) is not None)
    return found or frozenset([pattern])


@check("lane rows", "settings", "regions")
def check_lane_rows(book: Inspection) -> None:
    """Each lane row matches a pair of regions in some year of the plan."""
    for lane in _lanes(book):
        row = lane.row
        if not book.keeps_years(row, "the row", "changes nothing"):
            continue
        if lane.pairs == 0:
            message = "the row matches no pair of different regions, so it changes nothing."
            book.warn(
                row, "origin", message, "Within a region no lane is needed.", effect=Effect.UNUSED
            )
        elif row.limit is not None and lane.pairs > 1 and row.open == "yes":
            message = f"the limit holds for each of the {lane.pairs} pairs separately."
            book.warn(row, "limit", message, effect=Effect.TAKEN)


@check("lanes open", "settings", "regions", "commodities", "lanes")
def check_lanes_open(book: Inspection) -> None:
    """A sheet that closes lanes of a commodity opens some: no row means closed, not open."""
    lanes = [lane for lane in _lanes(book) if lane.pairs and lane.years]
    opening = [lane for lane in lanes if _opens(lane)]
    closing = [lane for lane in lanes if not _opens(lane)]
    moving = frozenset[str]().union(*(lane.commodities for lane in opening))
    named = frozenset[str]().union(*(lane.commodities for lane in closing))
    stuck = [
        row.commodity
        for row in book.rows(CommodityRow)
        if row.commodity not in moving and (not opening or row.commodity in named)
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
        book.warn(
            row, "open" if row.open == "no" else "limit", message, hint, effect=Effect.LACKING
        )


def _opens(lane: _Lane) -> bool:
    return lane.row.open == "yes" and lane.row.limit != 0


@check("lane ties", "settings", "regions", "commodities", "lanes")
def check_lane_ties(book: Inspection) -> None:
    """No two rows fit a pair equally well in the same year, unless a third fits it better."""
    lanes = _lanes(book)
    by_score: dict[int, list[_Lane]] = {}
    for lane in lanes:
        by_score.setdefault(lane.score, []).append(lane)
    for points, equal in sorted(by_score.items()):
        better = [lane for lane in lanes if lane.score > points]
        for one, other in _same_goods(equal):
            tie = _tie(one, other, better) if one.touches(other) else None
            if tie:
                _report_tie(book, one.row, other.row, tie)


def _same_goods(lanes: Sequence[_Lane]) -> Iterator[tuple[_Lane, _Lane]]:
    """The pairs of rows that have a commodity in common, in the order of the rows."""
    named: dict[str, list[int]] = {}
    for number, lane in enumerate(lanes):
        named.setdefault(lane.row.commodity, []).append(number)
    pairs = {pair for numbers in named.values() for pair in combinations(numbers, 2)}
    for number in (n for pattern, own in named.items() if score(pattern) < 2 for n in own):
        pairs |= {(min(number, n), max(number, n)) for n in range(len(lanes)) if n != number}
    for one, other in sorted(pairs):
        yield lanes[one], lanes[other]


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


def _report_tie(
    book: Inspection, one: LaneRow, other: LaneRow, tie: tuple[str, str, str, int]
) -> None:
    origin, destination, commodity, year = tie
    message = (
        f"rows {one.number} and {other.number} fit {origin} to {destination}, {commodity},"
        f" in {year} equally well."
    )
    hint = "Make one of them more specific, or their years apart."
    if one.commodity == other.commodity == EVERYTHING:
        hint = (
            "Make one of them more specific (mineral:NAME in column commodity, where each is of a"
            " mineral), or their years apart."
        )
    book.fault(other, "origin", message, hint)
