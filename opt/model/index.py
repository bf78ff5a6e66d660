"""Sparse index sets and adjacency: what can exist, worked out before any rule is written.

Nothing here knows Pyomo. A rule walks these sets and never filters. Sets are sorted, so that the
same case in any row order gives the same model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from opt.data.instance import Instance, Offtake, Plant, Process
from opt.data.payable import payers_of
from opt.model.joined_places import join_places
from opt.model.outlays import OUTLAYS, Outlay, OutlayKey
from opt.record.flows import CLEAR, EXPOSED

RunKey = tuple[str, str, str, int]  # plant, process, origin class, year
PlaceKey = tuple[str, str, str, int]  # region, commodity, origin class, year
Term = tuple[str, tuple[Any, ...]]  # variable name, its index


@dataclass(slots=True)
class Index:
    """All index sets of one model.

    RUN (f,p,o,t); LEAST and IDLE (f,t), facilities with a least use and those of them that may
    stand idle; SEND (lane,o,t); OUT and INTO (pool,r,o,t); PLACE (r,c,o,t) are the balances;
    DOWNGRADE (r,c,t); SURPLUS and EXPORT (r,c,o,t); REEXPORT (r,c,t), where exposed imports could
    leave in the place of clear output; SERVE (d,o,t); SHORT (d,t); BUILD and SIZE (j,v);
    STAY (j,v) and CHANGE (j), where there is a plan to stay near; PRESENT (j), projects
    of several units in sets to avoid; PAY and TICKET (j,k,v); LEVEL,
    BUY and RELEASE (s,o,t); CONTRACTED (r,c,o,t);
    OFFTAKE (o,t,n), n a number of `contract_sets`. `made` and `used` give a
    place's runs and their amounts; `sent` and `arrived` the trade terms; `served` the deliveries;
    `released` and `bought` the stock; `contracts` the offtakes alive. `displacing` gives the
    commitments that take the place of a project that comes without new money: project, year of
    commitment, year from which on they do. `outlays` are the sets of uses of public money beside
    capital, by name, `outlay_payers` who can pay for one thing, and `outlays_of` what a programme
    can pay for in a year.
    """

    origins: tuple[str, ...]
    plants: dict[str, Plant]
    RUN: list[RunKey] = field(default_factory=list)
    LEAST: list[tuple[str, int]] = field(default_factory=list)
    IDLE: list[tuple[str, int]] = field(default_factory=list)
    SEND: list[tuple[int, str, int]] = field(default_factory=list)
    OUT: list[tuple[int, str, str, int]] = field(default_factory=list)
    INTO: list[tuple[int, str, str, int]] = field(default_factory=list)
    PLACE: list[PlaceKey] = field(default_factory=list)
    DOWNGRADE: list[tuple[str, str, int]] = field(default_factory=list)
    SURPLUS: list[PlaceKey] = field(default_factory=list)
    EXPORT: list[tuple[str, str, str, int]] = field(default_factory=list)
    REEXPORT: list[tuple[str, str, int]] = field(default_factory=list)
    SERVE: list[tuple[str, str, int]] = field(default_factory=list)
    SHORT: list[tuple[str, int]] = field(default_factory=list)
    BUILD: list[tuple[str, int]] = field(default_factory=list)
    STAY: list[tuple[str, int]] = field(default_factory=list)
    CHANGE: list[str] = field(default_factory=list)
    PRESENT: list[str] = field(default_factory=list)
    SIZE: list[tuple[str, int]] = field(default_factory=list)
    PAY: list[tuple[str, str, int]] = field(default_factory=list)
    TICKET: list[tuple[str, str, int]] = field(default_factory=list)
    made: dict[PlaceKey, list[tuple[RunKey, float]]] = field(default_factory=dict)
    used: dict[PlaceKey, list[tuple[RunKey, float]]] = field(default_factory=dict)
    sent: dict[PlaceKey, list[Term]] = field(default_factory=dict)
    arrived: dict[PlaceKey, list[Term]] = field(default_factory=dict)
    served: dict[PlaceKey, list[tuple[str, str, int]]] = field(default_factory=dict)
    runs_of: dict[tuple[str, int], list[RunKey]] = field(default_factory=dict)
    pool_out: dict[tuple[int, str, int], list[tuple[int, str, str, int]]] = field(
        default_factory=dict
    )
    pool_into: dict[tuple[int, str, int], list[tuple[int, str, str, int]]] = field(
        default_factory=dict
    )
    lane_sends: dict[tuple[int, int], list[tuple[int, str, int]]] = field(default_factory=dict)
    commitments: dict[str, list[int]] = field(default_factory=dict)
    displacing: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)
    payers: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    payments: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    LEVEL: list[tuple[str, str, int]] = field(default_factory=list)
    BUY: list[tuple[str, str, int]] = field(default_factory=list)
    RELEASE: list[tuple[str, str, int]] = field(default_factory=list)
    CONTRACTED: list[PlaceKey] = field(default_factory=list)
    OFFTAKE: list[tuple[str, int, int]] = field(default_factory=list)
    released: dict[PlaceKey, list[tuple[str, str, int]]] = field(default_factory=dict)
    bought: dict[PlaceKey, list[tuple[str, str, int]]] = field(default_factory=dict)
    contracts: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)
    contract_sets: list[tuple[int, ...]] = field(default_factory=list)
    outlays: dict[str, list[OutlayKey]] = field(default_factory=dict)
    outlay_payers: dict[tuple[Any, ...], list[str]] = field(default_factory=dict)
    outlays_of: dict[tuple[str, int], list[tuple[Outlay, OutlayKey]]] = field(default_factory=dict)

    def spenders(self) -> list[str]:
        """Programmes that can pay for anything."""
        others = {key[0] for outlay in OUTLAYS for key in self.paid(outlay)}
        return sorted({*self.payments, *others})

    def paid(self, outlay: Outlay) -> list[OutlayKey]:
        """The index set of a use of public money: programme first, year last."""
        return self.outlays[outlay.index]

    def payers_of(self, outlay: Outlay, *thing: Any) -> list[str]:
        """Programmes that can pay for one thing in a year: a key but for the programme."""
        return self.outlay_payers.get((outlay.index, *thing), [])

    def named(self, name: str) -> list[Any]:
        """The index set of a name."""
        found: list[Any] = self.outlays[name] if name in self.outlays else getattr(self, name)
        return found

    def add_pool(self, pool: int, leave: list[PlaceKey], reach: list[PlaceKey]) -> None:
        """Add trade by a pool of lanes from some places of one commodity, class and year to some
        others."""
        for place in leave:
            region, _, o, t = place
            self.OUT.append((pool, region, o, t))
            self.pool_out.setdefault((pool, o, t), []).append((pool, region, o, t))
            self.sent.setdefault(place, []).append(("out", (pool, region, o, t)))
        for place in reach:
            region, _, o, t = place
            self.INTO.append((pool, region, o, t))
            self.pool_into.setdefault((pool, o, t), []).append((pool, region, o, t))
            self.arrived.setdefault(place, []).append(("into", (pool, region, o, t)))


def derive_index(
    instance: Instance, origins: Sequence[str] = (CLEAR, EXPOSED), *, freight: bool = True
) -> Index:
    """The index sets of an instance, for the named origin classes.

    With the clear class alone the model is the clear chain, which is all that dependence depends
    on; `short` then stands for everything not served clear. Where its `freight` is not counted,
    regions that are alike are one place there (opt.model.joined_places).
    """
    index = Index(origins=tuple(origins), plants=instance.plants())
    _add_commitments(index, instance)
    _add_near(index, instance)
    _add_stocks(index, instance)
    _add_runs(index, instance)
    _add_least_use(index, instance)
    _add_demand(index, instance)
    _add_outlays(index, instance)
    _add_trade(index, instance)
    _add_contracts(index, instance)
    if not freight and EXPOSED not in index.origins:
        join_places(index, instance)
    _add_places(index, instance)
    return index


def _add_commitments(index: Index, instance: Instance) -> None:
    paying = payers_of(instance)
    for j, project in sorted(instance.projects.items()):
        index.commitments[j] = sorted(project.offers)
        for v in index.commitments[j]:
            index.BUILD.append((j, v))
            since = project.offers[v].takes_over
            if since is not None:
                index.displacing.setdefault(project.displaces, []).append((j, v, since))
            if project.scalable:
                index.SIZE.append((j, v))
            payers = sorted(k.id for k in paying.get(j, ()) if k.commits_in(v))
            index.payers[j, v] = payers
            for k in payers:
                index.PAY.append((j, k, v))
                index.payments.setdefault(k, []).append((j, k, v))
                if instance.programmes[k].ticket_min > 0:
                    index.TICKET.append((j, k, v))


def _add_near(index: Index, instance: Instance) -> None:
    several = {j for names in instance.avoided for j in names if instance.projects[j].max_units > 1}
    index.PRESENT += sorted(several)
    if instance.near is None:
        return
    offered = set(index.BUILD)
    index.STAY += sorted(key for key in instance.near.units if key in offered)
    index.CHANGE += sorted({j for j, _ in (*offered, *instance.near.units)})


def _add_stocks(index: Index, instance: Instance) -> None:
    """Stock of a class exists where some lay there at first or can be bought; a programme buys
    while it can commit."""
    for s, stock in sorted(instance.stockpiles.items()):
        payers = [k for k in instance.programmes.values() if s in k.stocks]
        buying = [t for t in instance.years if any(k.commits_in(t) for k in payers)]
        buyable = [o for o in index.origins if o in stock.buys and buying]
        for o in index.origins:
            if o not in buyable and stock.initial.get(o, 0.0) <= 0:
                continue
            for t in instance.years:
                key, place = (s, o, t), (stock.region, stock.commodity, o, t)
                index.LEVEL.append(key)
                if o in buyable and t in buying:
                    index.BUY.append(key)
                    index.bought.setdefault(place, []).append(key)
                if t in stock.release_years:
                    index.RELEASE.append(key)
                    index.released.setdefault(place, []).append(key)


def _add_outlays(index: Index, instance: Instance) -> None:
    """What programmes can pay for beside capital, and who can pay for each thing."""
    for outlay in OUTLAYS:
        index.outlays[outlay.index] = sorted(outlay.keys(index, instance))
        for key in index.paid(outlay):
            k, *thing = key
            index.outlay_payers.setdefault((outlay.index, *thing), []).append(k)
            index.outlays_of.setdefault((k, key[-1]), []).append((outlay, key))


def _add_contracts(index: Index, instance: Instance) -> None:
    """Places with output under contract, and every set of contracts that bind one commodity."""
    for n, contract in enumerate(instance.offtakes):
        for t in instance.years:
            if t <= contract.last_year and contract.share > 0 and _bound(index, contract, t):
                index.contracts.setdefault((contract.region, contract.commodity, t), []).append(n)
    for (r, c, t), alive in sorted(index.contracts.items()):
        classes = {n: _bound(index, instance.offtakes[n], t) for n in alive}
        index.CONTRACTED.extend(
            (r, c, o, t) for o in index.origins if any(o in found for found in classes.values())
        )
        for size in range(1, len(alive) + 1):
            for some in combinations(alive, size):
                index.OFFTAKE.extend(
                    (o, t, len(index.contract_sets))
                    for o in index.origins
                    if o == EXPOSED or any(o in classes[n] for n in some)
                )
                index.contract_sets.append(some)


def _bound(index: Index, contract: Offtake, year: int) -> list[str]:
    """The classes in which the plant of a contract can make what is bound."""
    r, c = contract.region, contract.commodity
    return [
        o
        for o in index.origins
        if any(key[0] == contract.plant for key, _ in index.made.get((r, c, o, year), ()))
    ]


def _add_runs(index: Index, instance: Instance) -> None:
    running = {o: _running_plants(instance, o) for o in index.origins}
    for t in instance.years:
        runnable = {o: _runnable(index, instance, running[o][t], o, t) for o in index.origins}
        for f, o, p in sorted((f, k, p) for k, runs in runnable.items() for f, p in runs):
            key = (f, p, o, t)
            index.RUN.append(key)
            index.runs_of.setdefault((f, t), []).append(key)
            region = index.plants[f].region
            for c, amount in instance.processes[p].recipe.items():
                side = index.made if amount > 0 else index.used
                side.setdefault((region, c, o, t), []).append((key, abs(amount)))


def _add_least_use(index: Index, instance: Instance) -> None:
    """Facilities that run at least so much. Not in the clear chain: they may run exposed as well,
    and what may stand idle bears on nothing but the cost."""
    if EXPOSED not in index.origins:
        return
    for f, facility in sorted(instance.facilities.items()):
        years = [t for t in instance.years if facility.least(t) > 0]
        index.LEAST.extend((f, t) for t in years)
        index.IDLE.extend((f, t) for t in years if facility.idle_cost is not None)


def _running_plants(instance: Instance, origin: str) -> dict[int, list[str]]:
    """Plants with capacity in a year: existing, built under some offer, or come without new money;
    of the exposed class those that are lost too."""
    running: dict[int, list[str]] = {t: [] for t in instance.years}
    for f, facility in instance.facilities.items():
        for t, usable in facility.usable.items():
            if usable > 0:
                running[t].append(f)
    for j, project in instance.projects.items():
        if project.capacity_max > 0:
            lost = project.lost if origin == EXPOSED else {}
            shares = (project.merchant, lost, *(offer.usable for offer in project.offers.values()))
            for t in {t for by_year in shares for t, share in by_year.items() if share > 0}:
                running[t].append(j)
    return running


def _runnable(
    index: Index, instance: Instance, plants: Iterable[str], origin: str, year: int
) -> set[tuple[str, str]]:
    """Plants and processes that can run in one class: every input can be made or is in stock.

    A mine of clear ore can run exposed too: in the world pass, which leaves clear flows as they
    are, that is how it works for others.
    """
    within = [f for f in plants if origin == EXPOSED or index.plants[f].clear_in(year)]
    candidates = [(f, instance.processes[p]) for f in within for p in index.plants[f].rates]
    stocked = {c for _, c, o, t in index.released if t == year and origin in (o, EXPOSED)}
    known = _makeable(index, instance, within, stocked)
    return {(f, process.id) for f, process in candidates if set(process.inputs) <= known}


def _makeable(
    index: Index, instance: Instance, plants: Iterable[str], stocked: set[str]
) -> set[str]:
    """Commodities that can come to be by some plants, as the greatest fixed point over the recipes.

    What is in stock can. A cycle of recipes counts as able to feed itself, as the balances allow.
    """
    processes: dict[str, Process] = {}
    for f in plants:
        processes.update({p: instance.processes[p] for p in index.plants[f].rates})
    running = list(processes.values())
    while True:
        known = stocked | {c for p in running for c in p.outputs}
        able = [p for p in running if set(p.inputs) <= known]
        if len(able) == len(running):
            return known
        running = able


def _add_demand(index: Index, instance: Instance) -> None:
    for d, demand in sorted(instance.demands.items()):
        for t in instance.years:
            if demand.amounts[t] <= 0:
                continue
            if not demand.allied and EXPOSED not in index.origins:
                continue
            index.SHORT.append((d, t))
            closed = demand.clear_from is not None and t >= demand.clear_from
            for o in index.origins:
                if (o == CLEAR and demand.allied) or (o == EXPOSED and not closed):
                    index.SERVE.append((d, o, t))
                    place = (demand.region, demand.commodity, o, t)
                    index.served.setdefault(place, []).append((d, o, t))


def _add_trade(index: Index, instance: Instance) -> None:
    leaving, arriving = _leaving(index), _arriving(index, instance)
    for lane in instance.lanes:
        for t in sorted(lane.limits):
            for o in index.origins:
                good = (lane.commodity, o, t)
                if lane.origin in leaving[good] and lane.destination in arriving[good]:
                    key = (lane.id, o, t)
                    index.SEND.append(key)
                    index.lane_sends.setdefault((lane.id, t), []).append(key)
                    index.sent.setdefault((lane.origin, *good), []).append(("send", key))
                    index.arrived.setdefault((lane.destination, *good), []).append(("send", key))
    for pool in instance.pools:
        for t in pool.years:
            for o in index.origins:
                good = (pool.commodity, o, t)
                leave = [r for r in pool.origins if r in leaving[good]]
                reach = [r for r in pool.destinations if r in arriving[good]]
                if any(a != b for a in leave for b in reach):
                    index.add_pool(
                        pool.id, [(r, *good) for r in leave], [(r, *good) for r in reach]
                    )


def _leaving(index: Index) -> dict[tuple[str, str, int], set[str]]:
    """By commodity, class and year the regions that it can leave: made or in stock there in that
    class, or clear there and sent as exposed."""
    found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for r, c, o, t in (*index.made, *index.released):
        for sent_as in index.origins if o == CLEAR else (o,):
            found[c, sent_as, t].add(r)
    return found


def _arriving(index: Index, instance: Instance) -> dict[tuple[str, str, int], set[str]]:
    """Likewise the regions at which it can arrive: used or asked for there in that class; clear
    material is not sent into the covered bloc, where it would be exposed on arrival."""
    found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for r, c, o, t in (*index.used, *index.served, *index.bought):
        if o == EXPOSED or instance.blocs[r] != "covered":
            found[c, o, t].add(r)
    return found


def _add_places(index: Index, instance: Instance) -> None:
    places = (
        set(index.made) | set(index.used) | set(index.arrived) | set(index.served) | set(index.sent)
    )
    places |= set(index.released) | set(index.bought) | set(index.CONTRACTED)
    if EXPOSED in index.origins:
        clear = sorted({(r, c, t) for r, c, o, t in places if o == CLEAR})
        index.DOWNGRADE.extend(clear)
        places |= {(r, c, EXPOSED, t) for r, c, t in clear}
    index.PLACE.extend(sorted(places))
    index.EXPORT.extend(sorted(index.sent))
    index.REEXPORT.extend(
        (r, c, t)
        for r, c, o, t in index.EXPORT
        if o == EXPOSED
        and (r, c, o, t) in index.arrived
        and ((r, c, CLEAR, t) in index.made or (r, c, CLEAR, t) in index.released)
    )
    index.SURPLUS.extend(
        place for place in index.PLACE if instance.commodities[place[1]].surplus is not None
    )
