"""Every change of an instance that a study makes: the same case but for one thing."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from opt.data.instance import Ceiling, Instance, Plant, Programme, Project, Target
from opt.fixed import FixedCommitment
from opt.record.run import Solution

COMMITMENTS = "commitments"  # the kind of ceiling that no workbook has


def sharing(base: Instance, instance: Instance) -> Instance:
    """The same instance, of the very records of another where they are equal: what is worked out of
    a record once then serves both."""
    shared: dict[str, object] = {}
    for field in dataclasses.fields(Instance):
        before, own = getattr(base, field.name), getattr(instance, field.name)
        if own == before:
            shared[field.name] = before
        elif isinstance(own, Mapping):
            shared[field.name] = {
                key: before[key] if key in before and before[key] == held else held
                for key, held in own.items()
            }
    return instance.replace(**shared)


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


def with_programmes(instance: Instance, names: Collection[str]) -> Instance:
    """These programmes alone."""
    for name in sorted(instance.programmes.keys() - set(names)):
        instance = without_programme(instance, name)
    return instance


def without_new_money(instance: Instance) -> Instance:
    """Nothing to commit, no programmes, and nothing asked of a plan. What comes of projects without
    new money still comes."""
    bare = _with_projects(instance, ())
    return without_targets(bare).replace(programmes={}, near=None, avoided=())


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
    return _with_projects(instance, built_with(instance, forced)).replace(near=None, avoided=())


def built_with(instance: Instance, names: Iterable[str]) -> set[str]:
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
    left = {j for j in instance.projects if name not in built_with(instance, [j])}
    return _with_projects(instance, left)


def cheaper(instance: Instance, name: str, share: float) -> Instance:
    """One project of which a share of the capital cost is taken off."""
    own = instance.projects[name]
    offers = {
        v: dataclasses.replace(
            offer,
            capex=offer.capex * (1.0 - share),
            capex_per_unit=offer.capex_per_unit * (1.0 - share),
        )
        for v, offer in own.offers.items()
    }
    project = dataclasses.replace(own, offers=offers)
    return instance.replace(projects={**instance.projects, name: project})


def waiting_a_year(instance: Instance, names: Collection[str]) -> Instance:
    """Some projects that can first be committed a year later than they could."""
    projects = {
        j: _waiting(project) if j in names and project.offers else project
        for j, project in instance.projects.items()
    }
    return instance.replace(projects=projects)


def _waiting(project: Project) -> Project:
    first = min(project.offers)
    offers = {v: offer for v, offer in project.offers.items() if v != first}
    return dataclasses.replace(project, offers=offers)


def only(instance: Instance, names: Collection[str]) -> Instance:
    """Some projects alone to decide on, but for those of them that take another to be built."""
    kept = set(names)
    return _with_projects(instance, {j for j in names if built_with(instance, [j]) <= kept})


def among(instance: Instance, plans: Iterable[Iterable[FixedCommitment]]) -> Instance:
    """Of the commitments of some plans alone, all or some, in their years and no larger, every rule
    kept."""
    made: dict[str, list[FixedCommitment]] = defaultdict(list)
    for plan in plans:
        for c in plan:
            made[c.project].append(c)
    kept = _with_projects(instance, made)
    projects = {
        j: _no_more(project, made[j]) if j in made else project
        for j, project in kept.projects.items()
    }
    return kept.replace(projects=projects)


def _no_more(project: Project, made: Collection[FixedCommitment]) -> Project:
    years = {c.year for c in made}
    sizes = [c.size / c.units for c in made if c.size is not None and c.units]
    return dataclasses.replace(
        project,
        offers={v: offer for v, offer in project.offers.items() if v in years},
        max_units=min(project.max_units, max(c.units for c in made)),
        capacity_max=min(project.capacity_max, max(sizes, default=project.capacity_max)),
    )


def within(instance: Instance, dependence: float) -> Instance:
    """Plans of no more than some dependence alone, a share of allied demand."""
    own = instance.dependence_target
    most = dependence if own is None else min(own, dependence)
    return instance.replace(dependence_target=most)


def avoiding(instance: Instance, sets: Iterable[Collection[str]]) -> Instance:
    """Of each of some sets of projects at least one is left out."""
    return instance.replace(avoided=tuple(tuple(sorted(names)) for names in sets))


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
    return without_targets(kept).replace(programmes=programmes, ceilings=(), near=None, avoided=())


def _proven(project: Project) -> Project:
    # Without groups and payers no whole number is left to decide.
    return dataclasses.replace(project, group="", bundle="", public_share=0.0)


def near_plan(instance: Instance) -> tuple[FixedCommitment, ...]:
    """What of the plan to stay near the case offers, sizes free."""
    units = {} if instance.near is None else instance.near.units
    return tuple(
        FixedCommitment(j, v, n, None)
        for (j, v), n in sorted(units.items())
        if j in instance.projects and v in instance.projects[j].offers
    )


def within_changes(instance: Instance, changes: int) -> Instance:
    """The plan to stay near is stayed near within so many changes."""
    assert instance.near is not None
    return instance.replace(near=dataclasses.replace(instance.near, changes=changes))


def committed(instance: Instance, plan: Collection[FixedCommitment]) -> Instance:
    """These commitments alone on offer, and no rule left that was kept when they were made: of
    ceilings those on private money stay, since that falls due later too."""
    years: dict[str, set[int]] = defaultdict(set)
    for c in plan:
        years[c.project].add(c.year)
    projects = {
        j: dataclasses.replace(
            instance.projects[j],
            offers={v: instance.projects[j].offers[v] for v in sorted(years[j])},
            requires="",
            group="",
            bundle="",
            forced=False,
            forced_year=None,
        )
        for j in sorted(years)
    }
    kept = without_targets(_with_projects(instance, years).with_projects(projects))
    return kept.replace(ceilings=tuple(c for c in kept.ceilings if c.what == "private"))


def failed(instance: Instance, name: str) -> Instance:
    """One plant that never operates: a project however it comes, or a facility."""
    if name in instance.projects:
        project = instance.projects[name]
        offers = {
            v: dataclasses.replace(offer, usable=dict.fromkeys(offer.usable, 0.0))
            for v, offer in project.offers.items()
        }
        out = dataclasses.replace(project, offers=offers, merchant={})
        return instance.replace(projects={**instance.projects, name: out})
    facility = instance.facilities[name]
    still = dataclasses.replace(facility, usable=dict.fromkeys(facility.usable, 0.0), least_use={})
    return instance.replace(facilities={**instance.facilities, name: still})


def failed_project(base: Instance, changed: Instance) -> str | None:
    """The one project that has failed in a change of an instance; None where the change is another
    one."""
    differing = [j for j, own in changed.projects.items() if base.projects.get(j) != own]
    if len(differing) == 1 and failed(base, differing[0]) == changed:
        return differing[0]
    return None


# ---- Minerals -------------------------------------------------------------------------------


def of_mineral(instance: Instance, name: str) -> Instance:
    """One mineral alone: its demand, the projects that make it, and what lifts its limits. Plants
    that run already stay, and of other minerals they need not run."""
    mineral = name.casefold()

    def has(plant: Plant) -> bool:
        made = (c for p in plant.rates for c in instance.processes[p].outputs)
        return any(instance.mineral_of(c) == mineral for c in made)

    lifting = {
        j
        for ceiling in instance.ceilings
        if ceiling.commodity and instance.mineral_of(ceiling.commodity) == mineral
        for j in ceiling.lifts
    }
    kept = {j for j, p in instance.projects.items() if has(p.plant) or j in lifting}
    alone = _with_projects(instance, built_with(instance, kept))
    facilities = {
        f: own if has(own.plant) else dataclasses.replace(own, least_use={})
        for f, own in instance.facilities.items()
    }
    demands = {
        d: own
        for d, own in instance.demands.items()
        if instance.mineral_of(own.commodity) == mineral
    }
    return alone.replace(facilities=facilities, demands=demands, mineral_weights={})


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


def scaled_ceilings(instance: Instance, factor: float, what: str) -> Instance:
    """The limits of every ceiling on starts, capex or capacity multiplied."""
    ceilings = tuple(_times(c, factor) if c.what == what else c for c in instance.ceilings)
    return instance.replace(ceilings=ceilings)


def _times(ceiling: Ceiling, factor: float) -> Ceiling:
    limits = {t: most * factor for t, most in ceiling.limits.items()}
    return dataclasses.replace(ceiling, limits=limits)


def with_capital(instance: Instance, most: float) -> Instance:
    """No more capital committed than so much in all, USD million."""
    others = tuple(c for c in instance.ceilings if c.what != COMMITMENTS)
    limits = {instance.last_year: most}
    own = Ceiling(COMMITMENTS, COMMITMENTS, tuple(instance.projects), limits)
    return instance.replace(ceilings=(*others, own))


def without_targets(instance: Instance) -> Instance:
    """Nothing asked of a plan."""
    return instance.replace(targets=(), dependence_target=None)


def with_target(instance: Instance, target: Target) -> Instance:
    """One target that must hold, and no other."""
    return instance.replace(targets=(target,), dependence_target=None)


def later(target: Target, years: Iterable[int]) -> Iterator[Target]:
    """The same target for each of some years after its own."""
    return (dataclasses.replace(target, year=t) for t in sorted(years) if t > target.year)
