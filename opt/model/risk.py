"""Many scenarios in one programme: a model a scenario over one set of commitments.

What is decided before it is known which scenario comes is the same in all of them: commitments
before the second wave, and who pays for them. What is decided in a year later, and what stock buys
and gives out in any year, is the same in scenarios in which the same has happened until then. All
else is each scenario's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from opt.data.instance import Instance
from opt.data.payable import payable
from opt.model.build import build_model
from opt.model.money import outlay_money
from opt.model.objectives import Measure, measure
from opt.model.outlays import OUTLAYS
from opt.model.projects import capex
from opt.model.rule import OptModel, Relation, over
from opt.model.scaling import Scale, choose_scale
from opt.model.variables import term
from opt.record.risk import RiskMeasure

# A RiskModel, as rules take it.
Risked = Any
# Of stock.
STOCK = ("buy", "release", "pay_stock")
# Of a commitment: what is committed, and who pays for it.
DECIDED, PAID = ("build", "size"), ("pay", "ticket")


@dataclass(frozen=True, slots=True)
class Future:
    """One scenario of several: its name, its probability, its instance, and what regret is measured
    from, what the best plan known for it alone comes to (share; inf where none is known)."""

    name: str
    probability: float
    instance: Instance
    best: float = math.inf


@dataclass(frozen=True, slots=True)
class Doubt:
    """Some futures, whose probabilities sum to 1, and what is made small over them: a measure of
    the objective `of` (dependence or shortfall), of CVaR at level `alpha` from 0 to below 1.

    All offer the same commitments. Those from `second_wave` on (None: none) wait for what is known
    then: `alike` says by year, of each future, the number of the first that nobody can tell from it
    by what has happened until then (of a year that it leaves out: the first of all).
    """

    futures: tuple[Future, ...]
    measure: RiskMeasure
    of: str
    alpha: float
    second_wave: int | None
    alike: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def known_from(self) -> int:
        """The first year in which the futures differ; the one after the plan where they never
        do."""
        years = [year for year, first in sorted(self.alike.items()) if any(first)]
        return years[0] if years else self.futures[0].instance.last_year + 1

    def first_like(self, n: int, year: int) -> int:
        """The first future that nobody can tell from future n in a year."""
        return self.alike[year][n] if year in self.alike else 0

    def is_shared(self, n: int, year: int) -> bool:
        """Whether there is another future that nobody can tell from future n in a year."""
        first = [self.first_like(other, year) for other in range(len(self.futures))]
        return first.count(first[n]) > 1

    def committed_like(self, n: int, year: int) -> int:
        """The first future in which the commitments of a year are those of future n."""
        waits = self.second_wave is not None and year >= self.second_wave
        return self.first_like(n, year) if waits else 0


class RiskModel(pyo.ConcreteModel):  # type: ignore[misc]
    """The model of a doubt: `worlds` are the models of its futures, in one scale, `outcomes` the
    objective of each, `unit` what one unit of an outcome comes to as a share."""

    def __init__(self, doubt: Doubt, origins: tuple[str, ...]) -> None:
        super().__init__()
        with PauseGC():
            self.no_keys = pyo.Set()
            self.doubt, self.scale = doubt, common_scale(doubt)
            self.worlds: list[OptModel] = []
            for n, future in enumerate(doubt.futures):
                world = build_model(future.instance, origins, freight=False, scale=self.scale)
                self.add_component(f"world{n}", world)
                self.worlds.append(world)
            measured = [measure(world, doubt.of) for world in self.worlds]
            self.unit: float = max(own.per_unit for own in measured)
            self.outcomes = [_in_unit(own, self.unit) for own in measured]
            self.furthest = pyo.Var(domain=pyo.NonNegativeReals, doc="the worst outcome, or regret")
            self.quantile = pyo.Var(domain=pyo.NonNegativeReals, doc="value at risk")
            numbers = range(len(self.worlds))
            self.beyond = pyo.Var(numbers, domain=pyo.NonNegativeReals, doc="above value at risk")
            for rule in RISK_RULES:
                rule.add_to(self)

    def risk(self) -> Measure:
        """What is made small, by its measure."""
        return MEASURED[self.doubt.measure](self)

    def spending(self) -> Any:
        """Expected capital cost of what is committed, and public money for all else. money."""
        return sum(
            future.probability * spending(world)
            for future, world in zip(self.doubt.futures, self.worlds, strict=True)
        )


def common_scale(doubt: Doubt) -> Scale:
    """One scale that suits the largest of every future."""
    scales = [
        choose_scale(future.instance, payable(future.instance).values()) for future in doubt.futures
    ]
    return Scale(max(own.mass for own in scales), max(own.money for own in scales))


def spending(m: OptModel) -> Any:
    """Capital cost of what is committed, and public money for all else, in one future. money."""
    capital = sum(capex(m, j, v) for j, v in m.index.BUILD)
    others = sum(outlay_money(m, outlay, key) for outlay in OUTLAYS for key in m.index.paid(outlay))
    return capital + others


def _in_unit(measured: Measure, unit: float) -> Any:
    return measured.per_unit / unit * measured.expression if unit > 0.0 else 0.0


# ---- What is shared, without a programme of all futures ---------------------------------------


@dataclass(frozen=True, slots=True)
class SharedDecision:
    """A variable that several futures have alike: its family and key, the numbers of the futures,
    and whether all of them have it: where one has not, it is nothing in the others."""

    name: str
    key: tuple[Any, ...]
    futures: tuple[int, ...]
    everywhere: bool


def shared_decisions(
    doubt: Doubt, offered: Sequence[Mapping[str, Collection[tuple[Any, ...]]]]
) -> Iterator[SharedDecision]:
    """What futures must decide alike by the rules below, of a doubt without a second wave;
    `offered` are the keys by family of each future."""
    for name in (*DECIDED, *PAID, *STOCK):
        for key in sorted(set().union(*(own[name] for own in offered))):
            for futures in _sharing(doubt, name, key):
                if len(futures) > 1:
                    everywhere = all(key in offered[n][name] for n in futures)
                    yield SharedDecision(name, key, tuple(futures), everywhere)


def _sharing(doubt: Doubt, name: str, key: tuple[Any, ...]) -> list[list[int]]:
    """The futures that have a variable alike."""
    numbers = range(len(doubt.futures))
    if name in PAID:
        return [[n for n in numbers if _costs_the_same(doubt, 0, n, key[0], key[-1])]]
    groups: dict[int, list[int]] = {}
    for n in numbers:
        groups.setdefault(doubt.first_like(n, key[-1]) if name in STOCK else 0, []).append(n)
    return list(groups.values())


# ---- What is the same in every future ---------------------------------------------------------


def _others(m: Risked) -> range:
    return range(1, len(m.worlds))


def _shared_commitments(m: Risked) -> Iterator[tuple[str, int, str, int]]:
    first = m.worlds[0]
    for name in DECIDED:
        for j, v in getattr(first, name):
            yield from ((name, n, j, v) for n in _others(m) if m.doubt.committed_like(n, v) != n)


@over(_shared_commitments)
def share_commitments(m: Risked, name: str, n: int, j: str, v: int) -> Relation:
    r"""What is committed before the second wave is committed in every scenario, later in every one
    in which the same has happened.

    Enforced over: BUILD and SIZE, scenarios but the first (r) in which a commitment is the same.
    build_{jvs} = build_{jvr},  size_{jvs} = size_{jvr}
    """
    like = m.worlds[m.doubt.committed_like(n, v)]
    first, own = getattr(like, name), getattr(m.worlds[n], name)
    return own[j, v] - first[j, v] == 0.0


def _keys_alike(
    m: Risked, names: tuple[str, ...], first_of: Callable[[int, int], int]
) -> Iterator[tuple[str, int, int, Any]]:
    """Variables by name and key, whose last is a year, with a scenario and the first one in which
    they are the same, where that is another; of each key that either of the two has."""
    for name in names:
        for n in _others(m):
            own = set(getattr(m.worlds[n], name))
            # Not all before it: keys times scenarios squared, of hundreds that are drawn.
            firsts = {0, *(first_of(n, t) for t in m.doubt.futures[n].instance.years)}
            for key in sorted(own.union(*(getattr(m.worlds[k], name) for k in firsts))):
                like = first_of(n, key[-1])
                if like != n and (key in own or key in getattr(m.worlds[like], name)):
                    yield name, n, like, key


def _costs_the_same(doubt: Doubt, one: int, other: int, j: str, v: int) -> bool:
    offers = [doubt.futures[k].instance.projects[j].offers[v] for k in (one, other)]
    costs = [(offer.capex, offer.capex_per_unit) for offer in offers]
    return bool(costs[0] == costs[1])


def _shared_payments(m: Risked) -> Iterator[tuple[str, int, str, str, int]]:
    for name, n, like, (j, k, v) in _keys_alike(m, PAID, m.doubt.committed_like):
        if _costs_the_same(m.doubt, like, n, j, v):
            yield name, n, j, k, v


@over(_shared_payments)
def share_payments(m: Risked, name: str, n: int, *key: Any) -> Relation:
    r"""Who pays how much for a shared commitment is the same wherever it costs the same.

    Enforced over: PAY and TICKET, scenarios but the first (r) in which the commitment is the same
    and its capital cost that of r. Unit: money, 0/1. When it falls due is each scenario's own.
    pay_{jkvs} = pay_{jkvr},  ticket_{jkvs} = ticket_{jkvr}
    """
    like = m.worlds[m.doubt.committed_like(n, key[-1])]
    first, own = getattr(like, name), getattr(m.worlds[n], name)
    return _same(m, term(own, key), term(first, key))


def _shared_stock(m: Risked) -> Iterator[tuple[str, int, str, str, int]]:
    for name, n, _, key in _keys_alike(m, STOCK, m.doubt.first_like):
        yield name, n, *key


@over(_shared_stock)
def share_stock(m: Risked, name: str, n: int, *key: Any) -> Relation:
    r"""Stock does the same in scenarios until they differ: nobody knows before.

    Enforced over: BUY, RELEASE and payments for stock, scenarios but the first (r) of those in
    which the same has happened until the year.
    buy_{cots} = buy_{cotr},  release_{cots} = release_{cotr},
    pay\_stock_{kcts} = pay\_stock_{kctr}
    """
    like = m.worlds[m.doubt.first_like(n, key[-1])]
    first, own = getattr(like, name), getattr(m.worlds[n], name)
    return _same(m, term(own, key), term(first, key))


def _same(m: Risked, own: Any, first: Any) -> Relation:
    return own - first + m.worlds[0].nothing == 0.0


# ---- Measures -----------------------------------------------------------------------------------


def _told_furthest(m: Risked) -> list[int]:
    futures = m.doubt.futures
    if m.doubt.measure is RiskMeasure.REGRET:
        return [n for n, future in enumerate(futures) if math.isfinite(future.best)]
    return [*range(len(futures))] if m.doubt.measure is RiskMeasure.WORST else []


def _told_beyond(m: Risked) -> range:
    return range(len(m.worlds) if m.doubt.measure is RiskMeasure.CVAR else 0)


@over(_told_furthest)
def define_furthest(m: Risked, n: int) -> Relation:
    r"""The worst outcome is at least as bad as each, the worst regret as large.

    Enforced over: scenarios, where the measure is worst or regret; of regret those of which a plan
    is known. Unit: that of the outcome.
    outcome_s <= furthest,  regret: outcome_s - best_s <= furthest
    with best_s the value of the best plan that is known of the scenario alone.
    """
    regret = m.doubt.measure is RiskMeasure.REGRET and m.unit > 0.0
    best = m.doubt.futures[n].best / m.unit if regret else 0.0
    return m.outcomes[n] - m.furthest <= best


@over(_told_beyond)
def define_beyond(m: Risked, n: int) -> Relation:
    r"""By how much an outcome lies above the value at risk (Rockafellar and Uryasev 2000).

    Enforced over: scenarios, where the measure is cvar. Unit: that of the outcome.
    outcome_s - quantile <= beyond_s
    """
    return m.outcomes[n] - m.quantile - m.beyond[n] <= 0.0


def expected(m: Risked) -> Measure:
    r"""The expected outcome: \sum_s probability_s outcome_s."""
    chances = [future.probability for future in m.doubt.futures]
    largest = max(chances)
    terms = zip(chances, m.outcomes, strict=True)
    return Measure("expected", sum(p / largest * own for p, own in terms), m.unit * largest)


def cvar(m: Risked) -> Measure:
    r"""Conditional value at risk: the mean of the worst 1 - alpha of the outcomes.

    quantile + \sum_s probability_s beyond_s / (1 - alpha)
    """
    chances = [future.probability for future in m.doubt.futures]
    tail = sum(p * m.beyond[n] for n, p in enumerate(chances)) / (1.0 - m.doubt.alpha)
    return Measure("cvar", m.quantile + tail, m.unit)


def worst(m: Risked) -> Measure:
    """The worst outcome of all scenarios: furthest."""
    return Measure("worst", m.furthest + 0.0, m.unit)


def regret(m: Risked) -> Measure:
    """The worst regret of all scenarios: furthest."""
    return Measure("regret", m.furthest + 0.0, m.unit)


MEASURED = {
    RiskMeasure.EXPECTED: expected,
    RiskMeasure.CVAR: cvar,
    RiskMeasure.WORST: worst,
    RiskMeasure.REGRET: regret,
}
RISK_RULES = (
    share_commitments,
    share_payments,
    share_stock,
    define_furthest,
    define_beyond,
)
