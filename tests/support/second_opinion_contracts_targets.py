"""Contracts and targets in the second program."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from second_opinion_parts import Node, Terms, YearFlows, total
from second_opinion_world import CLASSES, CLEAR, World, same

from opt.data.tables import Row

ANY = "any"


def bind_offtakes(flows: YearFlows) -> None:
    """What contracts bind goes where it is bound to, at every place and commodity."""
    for region in flows.world.bloc:
        for good in flows.world.commodity:
            offtakes = flows.world.offtakes(region, good, flows.year)
            if offtakes:
                for kinds in ((CLEAR,), CLASSES):
                    _Ledger(flows, region, good, kinds).bind(offtakes)


class _Ledger:
    """Where bound output of a place goes, tonne by tonne: of clear alone, or of both classes.

    What is sent to others than the holder's regions is made of the rest; imports do not stand in
    for it. A contract with somewhere else is kept by what is sent there, and by what is not used
    for allies: left over or taken by the holder, or used as exposed.
    """

    def __init__(self, flows: YearFlows, region: str, good: str, kinds: Sequence[str]) -> None:
        """`kinds` are the classes that are counted together."""
        self.flows, self.world, self.lp = flows, flows.world, flows.lp
        self.region, self.good, self.kinds = region, good, kinds

    @property
    def places(self) -> list[Node]:
        """The place in each class that is counted."""
        return [(self.region, self.good, kind) for kind in self.kinds]

    def bind(self, offtakes: Sequence[Row]) -> None:
        """Every contract is kept."""
        abroad = [row for row in offtakes if self.region not in self._destinations(row)]
        if abroad:
            unsent = self._send(abroad, frozenset())
            self.lp.keep(total((1.0, unsent), (-1.0, self._unused())), -math.inf, 0)
        for one in offtakes:
            circle = self._destinations(one)
            unsent = self._send([row for row in offtakes if row is not one], circle)
            kept = total((1.0, unsent), (1.0, self._bound(one)), (1.0, self._leaving(circle)))
            self.lp.keep(total((1.0, kept), (-1.0, self._made())), -math.inf, 0)

    def _send(self, offtakes: Sequence[Row], circle: frozenset[str]) -> Terms:
        """Ships bound output to its destinations outside a circle; what is not shipped so."""
        unsent: Terms = {}
        taken: dict[str, Terms] = {}
        for row in offtakes:
            rest = self.lp.column()
            unsent[rest] = 1.0
            shipped: Terms = {}
            for destination in self._destinations(row) - circle - {self.region}:
                part = self.lp.column()
                shipped[part] = 1.0
                taken.setdefault(destination, {})[part] = 1.0
            bound = self._bound(row)
            self.lp.keep(total((1.0, shipped), (1.0, {rest: 1.0}), (-1.0, bound)), 0, 0)
        for destination, parts in taken.items():
            self.lp.keep(total((1.0, parts), (-1.0, self._sent([destination]))), -math.inf, 0)
        return unsent

    def _destinations(self, offtake: Row) -> frozenset[str]:
        return self.world.places(offtake.text("destination"))

    def _bound(self, offtake: Row) -> Terms:
        return total(*((1.0, self.flows.bound(offtake, kind)) for kind in self.kinds))

    def _sent(self, destinations: Iterable[str]) -> Terms:
        wanted = frozenset(destinations)
        return {
            ship: 1.0
            for place in self.places
            for destination, ship in self.flows.sent[place].items()
            if destination in wanted
        }

    def _leaving(self, circle: frozenset[str]) -> Terms:
        return self._sent(self.world.bloc.keys() - circle)

    def _made(self) -> Terms:
        parts = [self.flows.made[place] for place in self.places]
        parts += [self.flows.released(place) for place in self.places]
        return total(*((1.0, part) for part in parts))

    def _unused(self) -> Terms:
        """Left over or taken by the holder; of clear alone also what is used as exposed."""
        terms = {self.flows.left[place]: 1.0 for place in self.places}
        terms |= {self.flows.contracted[place]: 1.0 for place in self.places}
        if len(self.kinds) == 1:
            terms |= self.flows.downgraded[self.region, self.good]
        return terms


def set_targets(world: World, flows: dict[int, YearFlows]) -> None:
    """The targets, each in its year: a share of something, written without division."""
    for row in world.rows("targets"):
        year = flows[int(row.number_of("year"))]
        for part, (terms, amount) in _measures(row, year):
            bound = row.number_of("bound")
            value = total((1.0, part), (-bound, terms))
            if row.text("sense") == "at_least":
                year.lp.keep(value, bound * amount, math.inf)
            else:
                year.lp.keep(value, -math.inf, bound * amount)


PartAndWhole = tuple[Terms, tuple[Terms, float]]  # a part, and the whole as terms and a constant


def _measures(row: Row, flows: YearFlows) -> Iterator[PartAndWhole]:
    """The part and the whole that a target compares; several where each must obey."""
    metric = row.text("metric")
    scope = _words(row.text("scope"))
    mineral = scope.pop().partition(":")[2] if _is_mineral(scope[-1]) else ""
    if metric in ("dependence", "shortfall"):
        yield _demands(flows, row.text("scope"), metric == "dependence")
    elif metric == "source_share":
        yield from _source_shares(flows, mineral, *scope)
    elif metric == "home_share":
        yield _home_share(flows, mineral, *scope)
    else:
        yield _output(flows, *scope)


def _words(scope: str) -> list[str]:
    """The parts of a scope; `bloc:NAME` and `mineral:NAME` are one of them each."""
    words: list[str] = []
    for word in (part.strip() for part in scope.split(":")):
        if words and words[-1].casefold() in ("bloc", "mineral"):
            words[-1] += f":{word}"
        else:
            words.append(word)
    return words


def _is_mineral(word: str) -> bool:
    return word.casefold().startswith("mineral:")


def _is_of(world: World, good: str, mineral: str) -> bool:
    """Whether a commodity is of a mineral; of none every one is."""
    return not mineral or same(world.commodity[good].text("mineral"), mineral)


def _demands(flows: YearFlows, scope: str, exposed_too: bool) -> PartAndWhole:
    """Weighed allied demand that is short, or exposed as well, of all that the scope takes."""
    world = flows.world
    asked: dict[str, float] = defaultdict(float)
    weights = [row.number_of("weight") * _weight_in(world, row, scope) for row, *_ in flows.served]
    for weight, (row, *_) in zip(weights, flows.served, strict=True):
        asked[world.pot(row)] += weight * world.demand(row, flows.year)
    part: Terms = {}
    for weight, (row, _, exposed, short) in zip(weights, flows.served, strict=True):
        each = flows.owner.mass * weight * world.counts(row, asked)
        part |= {short: each, exposed: each * exposed_too}
    return part, ({}, float(any(part.values())))


def _weight_in(world: World, row: Row, scope: str) -> float:
    """What a unit of a demand counts in a scope: 0 outside it, content for an element."""
    good, region = row.text("commodity"), row.text("region")
    if not scope or same(scope, "all"):
        return 1.0
    if _is_mineral(scope):
        return float(_is_of(world, good, scope.partition(":")[2].strip()))
    if any(same(scope, other) for other in world.commodity):
        return float(same(scope, good))
    if any(same(scope, element) for content in world.content.values() for element in content):
        return sum(share for element, share in world.content[good].items() if same(scope, element))
    if world.places(scope):
        return float(region in world.places(scope))
    return float(same(scope, row.text("segment")))


def _goods_of(world: World, stage: str) -> set[str]:
    """What processes of a stage make."""
    return {
        good
        for process, own in world.stage.items()
        for good, amount in world.recipe[process].items()
        if same(own, stage) and amount > 0
    }


def _source_shares(
    flows: YearFlows, mineral: str, stage: str, source: str, users: str = "bloc:ally"
) -> Iterator[PartAndWhole]:
    """What comes to the users from a source, and what they are short of, of all their use."""
    world, inside = flows.world, flows.world.places(users)
    goods = {good for good in _goods_of(world, stage) if _is_of(world, good, mineral)}
    use, short = _use(flows, inside, goods)
    outside = sorted(world.bloc.keys() - inside)
    sources = [{one} for one in outside] if same(source, ANY) else [set(world.places(source))]
    for places in sources:
        sent = {
            ship: 1.0
            for (origin, good, kind), ships in flows.sent.items()
            for destination, ship in ships.items()
            if origin in places and good in goods and destination in inside
            if _is_taken(flows, destination, good, kind)
        }
        yield total((1.0, sent), (1.0, short)), (use, 0.0)


def _is_taken(flows: YearFlows, region: str, good: str, kind: str) -> bool:
    """Whether some plant, demand or stockpile of a region can take in a commodity of a class; what
    is clear may be used as exposed."""
    places = [(region, good, own) for own in (CLASSES if kind == CLEAR else (kind,))]
    return any(
        flows.used.get(place) or flows.owner.bought.get((*place, flows.year)) for place in places
    )


def _use(flows: YearFlows, inside: frozenset[str], goods: set[str]) -> tuple[Terms, Terms]:
    """What plants and demands of the users take of some commodities, short included; the short."""
    use: Terms = {}
    for (region, good, _), terms in flows.used.items():
        if region in inside and good in goods:
            use = total((1.0, use), (1.0, terms))
    short = {
        column: 1.0
        for row, _, _, column in flows.served
        if row.text("region") in inside and row.text("commodity") in goods
    }
    return total((1.0, use), (1.0, short)), short


def _home_share(
    flows: YearFlows, mineral: str, stage: str, users: str, element: str = ""
) -> PartAndWhole:
    """What a stage makes at home, weighed with content, over what the users demand."""
    world, inside = flows.world, flows.world.places(users)
    demands = [row for row in world.rows("demand") if row.text("region") in inside]
    every = {one for row in demands for one in world.content[row.text("commodity")]}
    elements = {element} if element else every

    def content(good: str) -> float:
        if not _is_of(world, good, mineral):
            return 0.0
        if not world.rows("contents"):
            return 1.0
        shares = world.content[good].items()
        return sum(share for own, share in shares if any(same(own, one) for one in elements))

    whole = sum(content(row.text("commodity")) * world.demand(row, flows.year) for row in demands)
    taken = {key: {run: 1.0} for key, run in flows.taken.items()}
    made = (
        (
            content(good) * amount,
            dict.fromkeys(runs.values(), 1.0) | taken.get((plant, process), {}),
        )
        for (plant, process), runs in flows.runs.items()
        for good, amount in world.recipe[process].items()
        if world.home[plant] in inside and same(world.stage[process], stage) and amount > 0
    )
    scale = flows.owner.mass / (whole or 1.0)
    return total((scale, total(*made))), ({}, float(whole > 0))


def _output(flows: YearFlows, good: str, where: str) -> PartAndWhole:
    """Units made of a commodity in some regions, both classes."""
    inside = flows.world.places(where)
    made = (
        (1.0, terms)
        for (region, own, _), terms in flows.made.items()
        if region in inside and same(own, good)
    )
    return total(*made), ({}, 1 / flows.owner.mass)
