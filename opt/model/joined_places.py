r"""Regions that are one place for a good where freight is not counted: the same optima.

A good is a commodity of the clear class in a year. Some of its regions make it (what they make and
what they release from stock), some use it (runs, demand, stockpiles that are filled), some do both.
Regions are alike where, for trade without a limit,

    every one that makes it reaches every other one of them that uses it,
    those that make it reach the same users elsewhere,
    those that use it are reached by the same makers elsewhere,
    none is at an end of a lane with a limit, none has output under contract, and of each contract
    on the good all that use it are destinations or none.

Regions that are alike become one place, named after the first of them. With freight left out of
what is made small the programme has the same optimum and the same plans:

    apart -> joined   Their balances add up to that of the place, and what they ship to each other
                      falls out of the sum. So what holds of the regions holds of the place: a bound
                      of the joined programme is one of the whole, whatever was joined.
    joined -> apart   What the place ships elsewhere, at most what it makes, is shared among its
                      makers as they make it; what arrives goes to its users as they need it, any
                      excess to be left over by one of them; what is then missing comes from the
                      makers of the place, each of which reaches each user. No region ships more
                      than it makes, as `limit_export` asks.

Every family of rows, and why it is the same for the place as for the regions:

    balance_commodity   added up, as above; what is left over costs the same in every region.
    meet_demand         of a demand, which stays; where it is served from is the place's balance.
    limit_uptake        of a demand, which stays.
    limit_export        above; a place that nothing leaves needs none.
    balance_pool        of the groups that are left; a pool within another adds nothing to it.
    limit_lane          of lanes whose ends are joined to nothing.
    limit_contracted, limit_offtake, keep_bound_output
                        of regions that are joined to nothing; a place is a destination whole or not
                        at all.
    meet_target         names demands, plants or, in a source share, regions: the commodities of a
                        source share are left alone in its year.
    balance_stock, limit_stock, pay_purchases, pay_carrying
                        of a stockpile, which stays; what it takes and gives is the place's balance.
    limit_throughput, limit_clear_throughput, limit_size_min, limit_size_max, cover_gap,
    limit_supported
                        of a plant and its runs, which stay.
    keep_least_use      of a plant, and of both classes: where the exposed one is left out it is not
                        in the model.
    projects, a plan to stay near, sets to avoid, ceilings, money, define_worst, kept passes, a
    dependence target   name plants, money and demands, never a region.
    limit_reexport, downgrades
                        of the exposed class: where that is in the model nothing is joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opt.data.instance import Instance

if TYPE_CHECKING:
    from opt.model.index import Index, PlaceKey, Term

Good = tuple[str, str, int]  # commodity, origin class, year
Ends = tuple[frozenset[str], frozenset[str]]  # regions where a pool is filled and where it is drawn
# Who knows a user: the makers that reach it, and the contracts of which it is a destination.
Known = tuple[frozenset[str], tuple[bool, ...]]
MAKING, USING = ("made", "released"), ("used", "served", "bought")


@dataclass(slots=True)
class Trade:
    """Trade in one good: who makes it, who uses it, which maker reaches which user without limit;
    regions that stay `alone`; the `destinations` of each contract on it."""

    makers: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    destinations: list[frozenset[str]] = field(default_factory=list)

    def place(self, region: str) -> JoinedPlace:
        """A region as a place of its own."""
        near = self.pairs | {(region, region)}
        reaches = frozenset(user for user in self.users if (region, user) in near)
        reached = frozenset(maker for maker in self.makers if (maker, region) in near)
        bound = tuple(region in regions for regions in self.destinations)
        return JoinedPlace(
            regions=[region],
            users={region} & self.users,
            reaches=reaches if region in self.makers else None,
            known=(reached, bound) if region in self.users else None,
        )


@dataclass(slots=True)
class JoinedPlace:
    """Regions that are alike: which of them use the good, whom each of its makers `reaches` and
    how each of its users is `known`; None where there is no maker, no user."""

    regions: list[str]
    users: set[str]
    reaches: frozenset[str] | None
    known: Known | None

    def takes(self, other: JoinedPlace) -> bool:
        """Join another place to this one if they are alike; whether they were."""
        reaches = other.reaches if self.reaches is None else self.reaches
        known = other.known if self.known is None else self.known
        users = self.users | other.users
        if other.reaches not in (None, reaches) or other.known not in (None, known):
            return False
        if reaches is not None and not users <= reaches:
            return False
        self.regions += other.regions
        self.users, self.reaches, self.known = users, reaches, known
        return True


def join_places(index: Index, instance: Instance) -> None:
    """Make regions that are alike one place, in an index of the clear class alone to which trade
    and contracts are added and places are not."""
    trades = _trades(index, instance)
    first = {
        (region, *good): min(place.regions)
        for good, trade in trades.items()
        for place in _alike(trade)
        for region in place.regions
    }
    for side in (*MAKING, *USING):
        joined = defaultdict(list)
        for (region, *good), terms in getattr(index, side).items():
            joined[first[region, *good], *good].extend(terms)
        setattr(index, side, dict(joined))
    _join_pools(index, instance, first)


def _trades(index: Index, instance: Instance) -> dict[Good, Trade]:
    """Trade in every good that is made or used."""
    trades: dict[Good, Trade] = defaultdict(Trade)
    for side in (*MAKING, *USING):
        for r, c, o, t in getattr(index, side):
            trade = trades[c, o, t]
            (trade.makers if side in MAKING else trade.users).add(r)
    for good, _, (filled, drawn) in _pools(index, instance):
        trades[good].pairs.update((a, b) for a in filled for b in drawn)
    for terms in (index.sent, index.arrived):
        for (r, c, o, t), found in terms.items():
            if any(name == "send" for name, _ in found):
                trades[c, o, t].alone.add(r)
    for (r, c, t), alive in index.contracts.items():
        for o in index.origins:
            trades[c, o, t].alone.add(r)
            trades[c, o, t].destinations += [instance.offtakes[n].destinations for n in alive]
    _leave_sources(trades, instance)
    return trades


def _leave_sources(trades: dict[Good, Trade], instance: Instance) -> None:
    """Leave every region alone in what a source share counts."""
    for target in instance.targets:
        if target.metric == "source_share":
            for (c, _, t), trade in trades.items():
                if c in target.commodities and t == target.year:
                    trade.alone |= trade.makers | trade.users


def _pools(index: Index, instance: Instance) -> Iterator[tuple[Good, int, Ends]]:
    """The pools of lanes by good, of a good in the order of their cost."""
    pools = {pool.id: pool for pool in instance.pools}
    for pool, o, t in sorted(index.pool_out, key=lambda key: (pools[key[0]].cost, key)):
        filled = frozenset(key[1] for key in index.pool_out[pool, o, t])
        drawn = frozenset(key[1] for key in index.pool_into[pool, o, t])
        yield (pools[pool].commodity, o, t), pool, (filled, drawn)


def _alike(trade: Trade) -> list[JoinedPlace]:
    """The regions of a good as few places. Those that both make and use it come first: they decide
    what a place reaches and how it is known."""
    places: list[JoinedPlace] = []
    both = trade.makers & trade.users
    for region in sorted(trade.makers | trade.users, key=lambda r: (r not in both, r)):
        own = trade.place(region)
        others = [] if region in trade.alone else places
        if not any(p.regions[0] not in trade.alone and p.takes(own) for p in others):
            places.append(own)
    return places


def _join_pools(index: Index, instance: Instance, first: dict[PlaceKey, str]) -> None:
    """The pools between places in place of those between regions."""
    found: dict[Good, list[tuple[int, Ends]]] = defaultdict(list)
    for good, pool, (filled, drawn) in _pools(index, instance):
        a = frozenset(first[region, *good] for region in filled)
        b = frozenset(first[region, *good] for region in drawn)
        found[good].append((pool, _between(a, b)))
    index.OUT, index.INTO, index.pool_out, index.pool_into = [], [], {}, {}
    index.sent, index.arrived = _sends(index.sent), _sends(index.arrived)
    for (c, o, t), pools in sorted(found.items()):
        for pool, (filled, drawn) in _widest(pools):
            leave = [(region, c, o, t) for region in sorted(filled)]
            reach = [(region, c, o, t) for region in sorted(drawn)]
            index.add_pool(pool, leave, reach)


def _sends(trade: dict[PlaceKey, list[Term]]) -> dict[PlaceKey, list[Term]]:
    """Trade on lanes with a limit alone."""
    sends = {place: [t for t in terms if t[0] == "send"] for place, terms in trade.items()}
    return {place: terms for place, terms in sends.items() if terms}


def _widest(pools: list[tuple[int, Ends]]) -> list[tuple[int, Ends]]:
    """The pools that are within no other; the first of those with the same ends."""
    kept: list[tuple[int, Ends]] = []
    for pool, (filled, drawn) in sorted(pools, key=lambda p: -len(p[1][0]) * len(p[1][1])):
        within = any(filled <= a and drawn <= b for _, (a, b) in kept)
        if filled and drawn and not within:
            kept.append((pool, (filled, drawn)))
    return kept


def _between(filled: frozenset[str], drawn: frozenset[str]) -> Ends:
    """The ends of a pool without what a place would only send to itself."""
    if len(filled) == 1:
        drawn -= filled
    if len(drawn) == 1:
        filled -= drawn
    return filled, drawn
