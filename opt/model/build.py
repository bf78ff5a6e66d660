"""Table of contents: every constraint in reading order, and the model they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from opt.data.instance import Instance
from opt.data.payable import payable
from opt.model import (
    capacity,
    commitment,
    funding,
    material,
    objectives,
    policy,
    stock,
    support,
)
from opt.model.index import Index, derive_index
from opt.model.scaling import Scale, choose_scale, to_model_units
from opt.model.variables import add_variables
from opt.record.flows import CLEAR, EXPOSED


class OptModel(pyo.ConcreteModel):  # type: ignore[misc]
    """The model of one instance: `data` and `index` in model units, `scale` leads back. `unpayable`
    are commitments that can be left out of a search for plans."""

    def __init__(self, instance: Instance, origins: Iterable[str] = (CLEAR, EXPOSED)) -> None:
        super().__init__()
        self.scale: Scale = choose_scale(instance)
        self.data: Instance = to_model_units(instance, self.scale)
        self.index: Index = derive_index(self.data, tuple(origins))
        self.unpayable = _unpayable(instance)
        self.lanes = {lane.id: lane for lane in self.data.lanes}
        self.pools = {pool.id: pool for pool in self.data.pools}
        self.groups = _groups(self)
        # The largest weighted demand of a year keeps define_worst's coefficients near 1.
        self.worst_scale: float = (
            max(
                (
                    sum(d.amounts[t] for d in self.data.demands.values() if d.allied)
                    for t in self.data.dependence_years
                ),
                default=1.0,
            )
            or 1.0
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One family of constraints: the rule, whose docstring holds its formula, and its index set."""

    rule: Callable[..., Any]
    keys: Callable[[Any], Iterable[Any]]

    @property
    def name(self) -> str:
        """The component's name: the rule's."""
        return self.rule.__name__


def _unpayable(instance: Instance) -> list[tuple[str, int]]:
    """Commitments that no money could pay, but for those of forced projects."""
    within = payable(instance)
    return [
        (j, v)
        for j, project in sorted(instance.projects.items())
        for v in sorted(project.offers)
        if (j, v) not in within and not project.forced
    ]


def _groups(m: OptModel) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for j in _offered(m):
        group = m.data.projects[j].group
        if group:
            groups.setdefault(group, []).append(j)
    return groups


def _offered(m: OptModel) -> list[str]:
    return [j for j, years in sorted(m.index.commitments.items()) if years]


def _requiring(m: OptModel) -> list[tuple[str, int]]:
    return [
        (j, t) for j in _offered(m) if m.data.projects[j].requires for t in m.index.commitments[j]
    ]


def _with_floor(m: OptModel) -> list[tuple[str, int]]:
    return [(j, v) for j, v in m.index.BUILD if m.data.projects[j].public_share > 0]


def _with_ticket_max(m: OptModel) -> list[tuple[str, str, int]]:
    return [key for key in m.index.PAY if m.data.programmes[key[1]].ticket_max is not None]


def _payers(m: OptModel, *, revolving: bool) -> list[str]:
    return [
        k for k in m.index.spenders() if (m.data.programmes[k].repay_years is not None) == revolving
    ]


def _spends_by(m: OptModel, k: str, t: int) -> bool:
    return (
        any(v <= t for _, _, v in m.index.payments.get(k, ()))
        or any(key[0] == k and key[2] <= t for key in m.index.PAY_STOCK)
        or any(key[0] == k and key[3] <= t for key in m.index.SUPPORTED)
    )


def _ceiling_years(what: str) -> Callable[[OptModel], list[tuple[int, int]]]:
    """The ceilings of one kind, by number, and the years in which they could be reached."""

    def keys(m: OptModel) -> list[tuple[int, int]]:
        return [
            (n, t)
            for n, ceiling in enumerate(m.data.ceilings)
            if ceiling.what == what
            for t in sorted(ceiling.limits)
            if any(_reaches(m, j, t, what) for j in ceiling.projects)
        ]

    return keys


def _reaches(m: OptModel, j: str, t: int, what: str) -> bool:
    offers = m.data.projects[j].offers
    if what == "private":
        return any(offer.spend.get(t, 0.0) > 0 for offer in offers.values())
    return t in offers


def _limited_years(m: OptModel) -> list[tuple[str, int]]:
    keys = []
    for k in m.index.spenders():
        programme = m.data.programmes[k]
        for t in m.data.years:
            earlier = [u for u in m.data.years if u <= t] if programme.carry_over else [t]
            if all(u in programme.limits for u in earlier) and _anything_due(m, k, earlier):
                keys.append((k, t))
    return keys


def _anything_due(m: OptModel, k: str, years: Iterable[int]) -> bool:
    """Whether more of some payment falls due in one of the years than comes back in it."""
    wanted = set(years)
    stock = any(key[0] == k and key[2] in wanted for key in m.index.PAY_STOCK)
    if stock or any(key[0] == k and key[3] in wanted for key in m.index.SUPPORTED):
        return True
    return any(
        offer.spend.get(t, 0.0) > m.data.programmes[k].repaid(offer.first_operation, t)
        for j, _, v in m.index.payments.get(k, ())
        for offer in [m.data.projects[j].offers[v]]
        for t in wanted
    )


def _buying_stocks(m: OptModel) -> list[tuple[str, int]]:
    return sorted({(s, t) for s, _, t in m.index.BUY})


def _carried_stocks(m: OptModel) -> list[tuple[str, int]]:
    bought = sorted({s for s, _, _ in m.index.BUY})
    return [(s, t) for s in bought if m.data.stockpiles[s].carrying_cost > 0 for t in m.data.years]


def _limited_stocks(m: OptModel) -> list[tuple[str, int]]:
    held = sorted({(s, t) for s, _, t in m.index.LEVEL})
    return [(s, t) for s, t in held if m.data.stockpiles[s].capacity is not None]


def _losing_runs(m: OptModel) -> list[tuple[str, str, int]]:
    runs = sorted({(f, p, t) for f, p, _, t in m.index.RUN})
    return [(f, p, t) for f, p, t in runs if t in m.data.gaps.get((f, p), ())]


def _target_sources(m: OptModel) -> list[tuple[int, int]]:
    """Targets by number with each of their sources; one entry where a target has none."""
    return [
        (n, source)
        for n, target in enumerate(m.data.targets)
        for source in range(len(target.sources) or 1)
    ]


def _weighted_years(m: OptModel) -> list[int]:
    return [
        t
        for t in m.data.dependence_years
        if any(d.allied and d.weight * d.amounts[t] > 0 for d in m.data.demands.values())
    ]


RULES = (
    # Material
    Rule(material.balance_commodity, lambda m: m.index.PLACE),
    Rule(material.meet_demand, lambda m: m.index.SHORT),
    Rule(material.limit_export, lambda m: m.index.EXPORT),
    Rule(material.limit_reexport, lambda m: m.index.REEXPORT),
    Rule(material.balance_pool, lambda m: sorted(m.index.pool_out)),
    Rule(material.limit_lane, lambda m: sorted(m.index.lane_sends)),
    # Stock
    Rule(stock.balance_stock, lambda m: m.index.LEVEL),
    Rule(stock.limit_stock, _limited_stocks),
    # Capacity
    Rule(capacity.limit_throughput, lambda m: sorted(m.index.runs_of)),
    Rule(capacity.limit_size_min, lambda m: m.index.SIZE),
    Rule(capacity.limit_size_max, lambda m: m.index.SIZE),
    # Commitment
    Rule(commitment.limit_units, _offered),
    Rule(commitment.link_group, lambda m: m.index_chosen),
    Rule(commitment.exclude_group, lambda m: sorted(m.groups)),
    Rule(commitment.order_requires, _requiring),
    Rule(
        commitment.require_forced, lambda m: [j for j in _offered(m) if m.data.projects[j].forced]
    ),
    Rule(commitment.limit_starts, _ceiling_years("starts")),
    Rule(funding.limit_capex, _ceiling_years("capex")),
    # Funding
    Rule(funding.define_funding_floor, _with_floor),
    Rule(
        funding.define_funding_ceiling,
        lambda m: [key for key in m.index.BUILD if m.index.payers[key]],
    ),
    Rule(funding.limit_share, lambda m: m.index.PAY),
    Rule(funding.limit_ticket_max, _with_ticket_max),
    Rule(funding.limit_ticket_min, lambda m: m.index.TICKET),
    Rule(funding.link_ticket, lambda m: m.index.TICKET),
    Rule(funding.limit_private, _ceiling_years("private")),
    Rule(funding.pay_purchases, _buying_stocks),
    Rule(funding.pay_carrying, _carried_stocks),
    Rule(funding.limit_programme, lambda m: _payers(m, revolving=False)),
    Rule(
        funding.limit_outstanding,
        lambda m: [
            (k, t) for k in _payers(m, revolving=True) for t in m.data.years if _spends_by(m, k, t)
        ],
    ),
    Rule(funding.limit_disbursement, _limited_years),
    # Support
    Rule(support.cover_gap, _losing_runs),
    Rule(support.limit_supported, lambda m: m.index.SUPPORTED),
    # Policy
    Rule(policy.limit_contracted, lambda m: m.index.CONTRACTED),
    Rule(policy.limit_offtake, lambda m: m.index.OFFTAKE),
    Rule(policy.keep_bound_output, policy.bound_abroad),
    Rule(policy.meet_target, _target_sources),
    # The worst year
    Rule(objectives.define_worst, _weighted_years),
)


MONEY_RULES = frozenset(
    rule.name for rule in RULES if rule.rule.__module__ in (funding.__name__, support.__name__)
)


@contextmanager
def money_alone(m: OptModel) -> Iterator[None]:
    """The model with the rules of money alone in force, support of running plants included:
    commitments and flows are then as fixed."""
    others = [getattr(m, rule.name) for rule in RULES if rule.name not in MONEY_RULES]
    for component in others:
        component.deactivate()
    yield
    for component in others:
        component.activate()


def build_model(instance: Instance, origins: Iterable[str] = (CLEAR, EXPOSED)) -> OptModel:
    """The Pyomo model of an instance, every rule of RULES added.

    With origins (clear,) it is the clear chain alone. Objectives are not part of it: a pass hands
    its own to the solver (opt.model.objectives).
    """
    # The garbage collector is the dearest part of building a large model otherwise.
    with PauseGC():
        m = OptModel(instance, origins)
        add_variables(m)
        m.index_chosen = sorted(j for members in m.groups.values() for j in members)
        m.chosen = pyo.Var(m.index_chosen, domain=pyo.Binary, doc="the project chosen of its group")
        m.worst = pyo.Var(domain=pyo.NonNegativeReals, doc="dependence of the worst year")
        m.nothing = pyo.Var(bounds=(0, 0), doc="zero, for a row in which nothing else can be")
        for rule in RULES:
            component = pyo.Constraint(list(rule.keys(m)), rule=rule.rule)
            setattr(m, rule.name, component)
    return m
