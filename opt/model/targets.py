"""Targets: what a policy asks of one year."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from opt.model.contracts import sent_to
from opt.model.rule import OptModel, Relation, over
from opt.model.variables import term
from opt.record.flows import EXPOSED


def exposed_part(m: OptModel, n: int) -> Any:
    """Weighted demand of a target that is exposed or short; short alone for shortfall. mass/yr."""
    target = m.data.targets[n]
    terms = []
    for d, weight in m.data.target_weights(target).items():
        if (d, target.year) in m.short and weight > 0:
            exposed = term(m.serve, (d, EXPOSED, target.year))
            counted = exposed if target.metric == "dependence" else 0.0
            terms.append(weight * (m.short[d, target.year] + counted))
    return sum(terms)


def shipped_between(m: OptModel, n: int, sources: Collection[str]) -> Any:
    """Shipped from some regions to a target's users of its commodities, both classes. mass/yr."""
    target = m.data.targets[n]
    return sum(
        sent_to(m, place, target.users)
        for place in m.index.sent
        if place[0] in sources and place[1] in target.commodities and place[3] == target.year
    )


def short_of(m: OptModel, n: int) -> Any:
    """What a target's users are short of its commodities. mass/yr."""
    target = m.data.targets[n]
    return sum(m.short[d, t] for d, t in m.index.SHORT if t == target.year and _asked(m, n, d))


def _asked(m: OptModel, n: int, d: str) -> bool:
    target, demand = m.data.targets[n], m.data.demands[d]
    return demand.region in target.users and demand.commodity in target.commodities


def use(m: OptModel, n: int) -> Any:
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


def made_at(m: OptModel, n: int) -> Any:
    """What counts of the output of a target's plants. mass/yr."""
    target = m.data.targets[n]
    return sum(
        target.made[key[0], key[1]] * m.run[key]
        for key in m.index.RUN
        if key[3] == target.year and (key[0], key[1]) in target.made
    )


def _target_sources(m: OptModel) -> list[tuple[int, int]]:
    """Targets by number with each of their sources; one entry where a target has none."""
    return [
        (n, source)
        for n, target in enumerate(m.data.targets)
        for source in range(len(target.sources) or 1)
    ]


@over(_target_sources)
def meet_target(m: OptModel, n: int, source: int) -> Relation:
    r"""A target holds in its year; each source of a source share is held on its own.

    Enforced over: targets, and their sources. Unit: mass/yr.
    dependence, shortfall: \sum_d weight_d (exposed_d + short_d) <= bound \sum_d weight_d demand_d,
    minerals weighed as in dependence by what the target asks of them
    source\_share: shipped from source to users + short <= bound x use by users
    home\_share, output: \sum made <= bound x total
    (>= where the sense is at\_least)
    """
    target = m.data.targets[n]
    if target.metric == "source_share":
        part = shipped_between(m, n, target.sources[source]) + short_of(m, n)
        left = part - target.bound * use(m, n)
    elif target.metric in ("dependence", "shortfall"):
        left = exposed_part(m, n) - target.bound * m.data.target_total(target)
    else:
        left = made_at(m, n) - target.bound * m.data.target_total(target)
    if isinstance(left, int | float):
        left += m.nothing  # nothing that counts can run: still a row, which holds or does not
    return left <= 0.0 if target.at_most else left >= 0.0
