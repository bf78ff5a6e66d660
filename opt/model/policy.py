"""Policy: output bound by offtake contracts, and targets for a year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from opt.model.index import PlaceKey
from opt.model.material import made
from opt.model.stock import released
from opt.model.variables import term
from opt.record.flows import CLEAR, EXPOSED

Relation = Any


def bound_output(m: Any, n: int, o: str, t: int) -> Any:
    """Output of one class that an offtake binds: share x made. mass/yr."""
    contract = m.data.offtakes[n]
    place = (contract.region, contract.commodity, o, t)
    return contract.share * sum(
        amount * m.run[key]
        for key, amount in m.index.made.get(place, ())
        if key[0] == contract.plant
    )


def sent_to(m: Any, place: PlaceKey, regions: Collection[str], inside: bool = True) -> Any:
    """Shipped out of a place to some regions, or with inside = False to all others. mass/yr.

    A pool's destinations are all inside or all outside of them (opt.data.lanes).
    """
    terms = []
    for name, key in m.index.sent.get(place, ()):
        if name == "send":
            reached = m.lanes[key[0]].destination in regions
        else:
            reached = m.pools[key[0]].destinations[0] in regions
        if reached == inside:
            terms.append(getattr(m, name)[key])
    return sum(terms)


def limit_contracted(m: Any, r: str, c: str, o: str, t: int) -> Relation:
    r"""The holders of contracts take no more than is bound to them.

    Enforced over: CONTRACTED. Unit: mass/yr.
    contracted_{rcot} <= \sum_n share_n made_{f_n,cot}
    """
    contracts = m.index.contracts[r, c, t]
    return m.contracted[r, c, o, t] - sum(bound_output(m, n, o, t) for n in contracts) <= 0.0


def limit_offtake(m: Any, o: str, t: int, several: int) -> Relation:
    r"""Output bound by contracts reaches their destinations, is left over, or is taken unused.

    Enforced over: OFFTAKE, every set N of contracts on one commodity of one region, D the union of
    their destinations. Unit: mass/yr. Sums over the clear class alone [o clear], over both
    [o exposed]:
    r not in D: \sum_n share_n made_n
                  <= sent to D + surplus + contracted + [o clear] downgrade
    r in D:     \sum_n share_n made_n + sent outside D <= made + released
    """
    contracts = m.index.contract_sets[several]
    r, c, regions = _bound_place(m, contracts)
    classes = (CLEAR,) if o == CLEAR else m.index.origins
    places = [(r, c, k, t) for k in classes]
    bound = sum(bound_output(m, n, k, t) for n in contracts for k in classes)
    if r in regions:
        return keep_bound_output(m, o, t, several)
    gone = sum(
        sent_to(m, place, regions) + term(m.surplus, place) + term(m.contracted, place)
        for place in places
    )
    down = term(m.downgrade, (r, c, t)) if o == CLEAR else 0.0
    return bound - gone - down <= 0.0


def keep_bound_output(m: Any, o: str, t: int, several: int) -> Relation:
    r"""Output bound by contracts is shipped to nobody else, whatever is imported in its place.

    Enforced over: OFFTAKE, sets N of contracts as in limit_offtake, r not in D. Unit: mass/yr.
    \sum_n share_n made_n + sent outside D <= made + released
    """
    contracts = m.index.contract_sets[several]
    r, c, regions = _bound_place(m, contracts)
    classes = (CLEAR,) if o == CLEAR else m.index.origins
    places = [(r, c, k, t) for k in classes]
    bound = sum(bound_output(m, n, k, t) for n in contracts for k in classes)
    outside = sum(sent_to(m, place, regions, inside=False) for place in places)
    return bound + outside - sum(made(m, p) + released(m, p) for p in places) <= 0.0


def bound_abroad(m: Any) -> list[tuple[str, int, int]]:
    """The keys of OFFTAKE whose contracts all have other regions as destinations."""
    found = []
    for o, t, several in m.index.OFFTAKE:
        r, _, regions = _bound_place(m, m.index.contract_sets[several])
        if r not in regions:
            found.append((o, t, several))
    return found


def _bound_place(m: Any, contracts: Sequence[int]) -> tuple[str, str, frozenset[str]]:
    """Region and commodity of some contracts of one place, and all their destinations."""
    first = m.data.offtakes[contracts[0]]
    regions = frozenset(r for n in contracts for r in m.data.offtakes[n].destinations)
    return first.region, first.commodity, regions


def exposed_part(m: Any, n: int) -> Any:
    """Weighted demand of a target that is exposed or short; short alone for shortfall. mass/yr."""
    target = m.data.targets[n]
    terms = []
    for d, weight in target.demands.items():
        if (d, target.year) in m.short and weight > 0:
            exposed = term(m.serve, (d, EXPOSED, target.year))
            counted = exposed if target.metric == "dependence" else 0.0
            terms.append(weight * (m.short[d, target.year] + counted))
    return sum(terms)


def shipped_between(m: Any, n: int, sources: Collection[str]) -> Any:
    """Shipped from some regions to a target's users of its commodities, both classes. mass/yr."""
    target = m.data.targets[n]
    return sum(
        sent_to(m, place, target.users)
        for place in m.index.sent
        if place[0] in sources and place[1] in target.commodities and place[3] == target.year
    )


def short_of(m: Any, n: int) -> Any:
    """What a target's users are short of its commodities. mass/yr."""
    target = m.data.targets[n]
    return sum(m.short[d, t] for d, t in m.index.SHORT if t == target.year and _asked(m, n, d))


def _asked(m: Any, n: int, d: str) -> bool:
    target, demand = m.data.targets[n], m.data.demands[d]
    return demand.region in target.users and demand.commodity in target.commodities


def use(m: Any, n: int) -> Any:
    """What a target's users take in of its commodities, and what they are short of. mass/yr."""
    target = m.data.targets[n]
    terms = [short_of(m, n)]
    for (r, c, _, t), runs in m.index.used.items():
        if r in target.users and c in target.commodities and t == target.year:
            terms.extend(amount * m.run[key] for key, amount in runs)
    terms.extend(
        m.serve[key] for key in m.index.SERVE if key[2] == target.year and _asked(m, n, key[0])
    )
    return sum(terms)


def made_at(m: Any, n: int) -> Any:
    """What counts of the output of a target's plants. mass/yr."""
    target = m.data.targets[n]
    return sum(
        target.made[key[0], key[1]] * m.run[key]
        for key in m.index.RUN
        if key[3] == target.year and (key[0], key[1]) in target.made
    )


def meet_target(m: Any, n: int, source: int) -> Relation:
    r"""A target holds in its year; each source of a source share is held on its own.

    Enforced over: targets, and their sources. Unit: mass/yr.
    dependence, shortfall: \sum_d weight_d (exposed_d + short_d) <= bound \sum_d weight_d demand_d
    source\_share: shipped from source to users + short <= bound x use by users
    home\_share, output: \sum made <= bound x total
    (>= where the sense is at\_least)
    """
    target = m.data.targets[n]
    if target.metric == "source_share":
        part = shipped_between(m, n, target.sources[source]) + short_of(m, n)
        left = part - target.bound * use(m, n)
    elif target.metric in ("dependence", "shortfall"):
        left = exposed_part(m, n) - target.bound * target.total
    else:
        left = made_at(m, n) - target.bound * target.total
    if isinstance(left, int | float):
        left += m.nothing  # nothing that counts can run: still a row, which holds or does not
    return left <= 0.0 if target.at_most else left >= 0.0
