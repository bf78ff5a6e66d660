"""Every change of an instance that a study makes: the same case but for one thing."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from opt.data.instance import Ceiling, Instance, Programme, Project, Target
from opt.record.run import Solution

# ---- Programmes -----------------------------------------------------------------------------


def scaled_programmes(
    instance: Instance, factor: float, names: Collection[str] | None = None
) -> Instance:
    """Amount and yearly limits of some programmes (None: of every one) multiplied."""
    programmes = {
        k: _scaled(p, factor) if names is None or k in names else p
        for k, p in instance.programmes.items()
    }
    return instance.replace(programmes=programmes)


def _scaled(programme: Programme, factor: float) -> Programme:
    limits = {t: limit * factor for t, limit in programme.limits.items()}
    return dataclasses.replace(programme, amount=programme.amount * factor, limits=limits)


def without_programme(instance: Instance, name: str) -> Instance:
    """One programme left out."""
    programmes = {k: p for k, p in instance.programmes.items() if k != name}
    order = tuple(k for k in instance.programme_order if k != name)
    return instance.replace(programmes=programmes, programme_order=order)


def without_new_money(instance: Instance) -> Instance:
    """Nothing to commit, no programmes, and nothing asked of a plan. What comes of projects without
    new money still comes."""
    bare = _with_projects(instance, ())
    return without_targets(bare).replace(programmes={})


def frozen(instance: Instance) -> Instance:
    """Without new money, and nothing comes without it: existing and committed plants alone."""
    return without_new_money(instance.without_merchants())


def baseline(instance: Instance, kind: str) -> Instance:
    """What setting baseline, merchant or frozen, means by no new money."""
    return frozen(instance) if kind == "frozen" else without_new_money(instance)


# ---- Projects -------------------------------------------------------------------------------


def only_forced(instance: Instance) -> Instance:
    """Nothing but forced projects, and what they require or are bundled with, can be built."""
    forced = {j for j, project in instance.projects.items() if project.forced}
    return _with_projects(instance, _built_with(instance, forced))


def _built_with(instance: Instance, names: Iterable[str]) -> set[str]:
    """Some projects and all that they require or are bundled with."""
    kept: set[str] = set()
    waiting = sorted(names)
    while waiting:
        j = waiting.pop()
        if j and j not in kept:
            kept.add(j)
            waiting += (instance.projects[j].requires, *instance.bundled_with(j))
    return kept


def forced(instance: Instance, name: str) -> Instance:
    """One project that every plan builds."""
    project = dataclasses.replace(instance.projects[name], forced=True)
    return instance.replace(projects={**instance.projects, name: project})


def forbidden(instance: Instance, name: str) -> Instance:
    """One project that no plan builds, and so none that requires it or is bundled with it."""
    left = {j for j in instance.projects if name not in _built_with(instance, [j])}
    return _with_projects(instance, left)


def _with_projects(instance: Instance, names: Collection[str]) -> Instance:
    """These projects alone to decide on, and contracts of the plants that are left."""
    kept = instance.with_projects({j: p for j, p in instance.projects.items() if j in names})
    plants = kept.plants()
    return kept.replace(offtakes=tuple(n for n in kept.offtakes if n.plant in plants))


def settled(instance: Instance, answer: Solution, names: Iterable[str]) -> Instance:
    """These projects of an answer alone, and no rule on money, groups, ceilings or targets left to
    be proven; programmes can afford what the answer buys for stock and supports."""
    projects = {j: _proven(instance.projects[j]) for j in sorted(names)}
    outlays: dict[str, float] = defaultdict(float)
    for payment in answer.outlays():
        outlays[payment.programme] += payment.paid_musd
    programmes = {
        k: dataclasses.replace(
            programme,
            shares={},
            limits={},
            repay_years=None,
            # A revolving programme can spend its amount more than once.
            amount=programme.amount + programme.charge * outlays[k],
        )
        for k, programme in instance.programmes.items()
    }
    kept = instance.with_projects(projects)
    return without_targets(kept).replace(programmes=programmes, ceilings=())


def _proven(project: Project) -> Project:
    # Without groups and payers no whole number is left to decide.
    return dataclasses.replace(project, group="", bundle="", public_share=0.0)


# ---- Demand ---------------------------------------------------------------------------------


def all_taking(instance: Instance) -> Instance:
    """No uptake keeps a part of demand from clear material."""
    demands = {d: dataclasses.replace(own, uptake={}) for d, own in instance.demands.items()}
    return instance.replace(demands=demands)


# ---- Ceilings and targets -------------------------------------------------------------------


def without_ceilings(instance: Instance, names: Collection[str]) -> Instance:
    """Some ceilings left out."""
    return instance.replace(ceilings=tuple(c for c in instance.ceilings if c.id not in names))


def raised_ceiling(instance: Instance, name: str, factor: float) -> Instance:
    """One ceiling on money or capacity multiplied, one on starts a unit higher."""
    ceilings = tuple(_raised(c, factor) if c.id == name else c for c in instance.ceilings)
    return instance.replace(ceilings=ceilings)


def _raised(ceiling: Ceiling, factor: float) -> Ceiling:
    starts = ceiling.what == "starts"
    limits = {t: most + 1 if starts else most * factor for t, most in ceiling.limits.items()}
    return dataclasses.replace(ceiling, limits=limits)


def without_targets(instance: Instance) -> Instance:
    """Nothing asked of a plan."""
    return instance.replace(targets=(), dependence_target=None)


def with_target(instance: Instance, target: Target) -> Instance:
    """One target that must hold, and no other."""
    return instance.replace(targets=(target,), dependence_target=None)


def later(target: Target, years: Iterable[int]) -> Iterator[Target]:
    """The same target for each of some years after its own."""
    return (dataclasses.replace(target, year=t) for t in sorted(years) if t > target.year)
