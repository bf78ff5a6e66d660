"""Contracts: output that an offtake binds to some regions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from opt.model.chain import made
from opt.model.index import PlaceKey
from opt.model.rule import OptModel, Relation, over
from opt.model.stock import released
from opt.model.variables import term
from opt.record.flows import CLEAR


def bound_output(m: OptModel, n: int, o: str, t: int) -> Any:
    """Output of one class that an offtake binds: share x made. mass/yr."""
    contract = m.data.offtakes[n]
    place = (contract.region, contract.commodity, o, t)
    return contract.share * sum(
        amount * m.run[key]
        for key, amount in m.index.made.get(place, ())
        if key[0] == contract.plant
    )


def sent_to(m: OptModel, place: PlaceKey, regions: Collection[str], inside: bool = True) -> Any:
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


@over(lambda m: m.index.CONTRACTED)
def limit_contracted(m: OptModel, r: str, c: str, o: str, t: int) -> Relation:
    r"""The holders of contracts take no more than is bound to them.

    Enforced over: CONTRACTED. Unit: mass/yr.
    contracted_{rcot} <= \sum_n share_n made_{f_n,cot}
    """
    contracts = m.index.contracts[r, c, t]
    return m.contracted[r, c, o, t] - sum(bound_output(m, n, o, t) for n in contracts) <= 0.0


@over(lambda m: m.index.OFFTAKE)
def limit_offtake(m: OptModel, o: str, t: int, several: int) -> Relation:
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
    if r in regions:
        return _kept_bound(m, o, t, several)
    classes = (CLEAR,) if o == CLEAR else m.index.origins
    places = [(r, c, k, t) for k in classes]
    bound = sum(bound_output(m, n, k, t) for n in contracts for k in classes)
    gone = sum(
        sent_to(m, place, regions) + term(m.surplus, place) + term(m.contracted, place)
        for place in places
    )
    down = term(m.downgrade, (r, c, t)) if o == CLEAR else 0.0
    return bound - gone - down <= 0.0


def _bound_abroad(m: OptModel) -> list[tuple[str, int, int]]:
    """The keys of OFFTAKE whose contracts all have other regions as destinations."""
    found = []
    for o, t, several in m.index.OFFTAKE:
        r, _, regions = _bound_place(m, m.index.contract_sets[several])
        if r not in regions:
            found.append((o, t, several))
    return found


@over(_bound_abroad)
def keep_bound_output(m: OptModel, o: str, t: int, several: int) -> Relation:
    r"""Output bound by contracts is shipped to nobody else, whatever is imported in its place.

    Enforced over: OFFTAKE, sets N of contracts as in limit_offtake, r not in D. Unit: mass/yr.
    \sum_n share_n made_n + sent outside D <= made + released
    """
    return _kept_bound(m, o, t, several)


def _kept_bound(m: OptModel, o: str, t: int, several: int) -> Relation:
    """Bound output and what is sent to others are within what is made and released."""
    contracts = m.index.contract_sets[several]
    r, c, regions = _bound_place(m, contracts)
    classes = (CLEAR,) if o == CLEAR else m.index.origins
    places = [(r, c, k, t) for k in classes]
    bound = sum(bound_output(m, n, k, t) for n in contracts for k in classes)
    outside = sum(sent_to(m, place, regions, inside=False) for place in places)
    return bound + outside - sum(made(m, p) + released(m, p) for p in places) <= 0.0


def _bound_place(m: OptModel, contracts: Sequence[int]) -> tuple[str, str, frozenset[str]]:
    """Region and commodity of some contracts of one place, and all their destinations."""
    first = m.data.offtakes[contracts[0]]
    regions = frozenset(r for n in contracts for r in m.data.offtakes[n].destinations)
    return first.region, first.commodity, regions
