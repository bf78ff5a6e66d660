"""Lanes: which row of the workbook holds for each pair, and how equal pairs pool.

Each of origin, destination and commodity scores 2 for the id itself, 1 for its bloc, 0 for `*`;
the highest sum wins. A pair that no row matches is closed where the sheet has rows. Pairs without
limit and of equal cost are gathered into pools, which is exact: with costs >= 0 a flow from a
region to itself through a pool never helps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from opt.data.instance import Lane, Pool

EVERYTHING = "*"
BLOC = "bloc:"


@dataclass(frozen=True, slots=True)
class LaneRow:
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


def score(pattern: str, region: str, bloc: str) -> int | None:
    """2 for the id itself, 1 for its bloc, 0 for `*`, None where the pattern does not match."""
    if pattern == EVERYTHING:
        return 0
    if pattern == region:
        return 2
    if pattern == BLOC + bloc:
        return 1
    return None


def resolve(
    rows: Sequence[LaneRow],
    shocks: Sequence[LaneShock],
    blocs: Mapping[str, str],
    commodities: Sequence[str],
    years: Sequence[int],
    *,
    apart: Mapping[str, Sequence[frozenset[str]]] | None = None,
) -> tuple[tuple[Lane, ...], tuple[Pool, ...]]:
    """The lanes with limits and the pools without, over all commodities and years.

    `apart` holds, by commodity, sets of regions that some rule tells from all others: the origins
    of a pool are then all inside or all outside each set, and so are its destinations.
    """
    limited: dict[tuple[str, str, str, float], dict[int, float]] = defaultdict(dict)
    pooled: dict[tuple[str, float, tuple[str, ...], tuple[str, ...]], list[int]] = defaultdict(list)
    for commodity in commodities:
        for span in _spans(rows, shocks, years):
            terms = _terms(rows, shocks, blocs, commodity, span[0])
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


def _spans(
    rows: Iterable[LaneRow], shocks: Iterable[LaneShock], years: Sequence[int]
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


def _terms(
    rows: Sequence[LaneRow],
    shocks: Sequence[LaneShock],
    blocs: Mapping[str, str],
    commodity: str,
    year: int,
) -> dict[tuple[str, str], tuple[float, float | None]]:
    """Cost and limit (None: no limit) of every open pair for one commodity in one year."""
    candidates = [
        (row, 2 if row.commodity == commodity else 0)
        for row in rows
        if row.commodity in (EVERYTHING, commodity) and row.first_year <= year <= row.last_year
    ]
    active = [
        s for s in shocks if commodity in s.commodities and s.first_year <= year <= s.last_year
    ]
    terms = {}
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
    candidates: Iterable[tuple[LaneRow, int]], end: str, region: str, bloc: str
) -> list[tuple[LaneRow, int]]:
    found = []
    for row, points in candidates:
        more = score(getattr(row, end), region, bloc)
        if more is not None:
            found.append((row, points + more))
    return found


def _best(candidates: list[tuple[LaneRow, int]]) -> LaneRow | None:
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
