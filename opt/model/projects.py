"""Projects: what plants can run, given what is built, since when, and its ramp-up; how many units
are committed, of which of a group, after which other, forced by whom; and what they cost."""

from __future__ import annotations

from typing import Any

from opt.data.instance import Project
from opt.model.rule import OptModel, Relation, over
from opt.model.variables import term
from opt.record.flows import CLEAR, EXPOSED


def throughput(m: OptModel, f: str, t: int) -> Any:
    """Capacity that a plant's activity takes: sum over processes and classes of rate x run."""
    rates = m.index.plants[f].rates
    return sum(rates[key[1]] * m.run[key] for key in m.index.runs_of.get((f, t), ()))


def usable_capacity(m: OptModel, f: str, t: int) -> Any:
    """Capacity that can run in a year: the facility's own, or what was committed x its ramp, and
    what comes without new money."""
    if f in m.data.facilities:
        return m.data.facilities[f].usable[t]
    project = m.data.projects[f]
    merchant = project.merchant.get(t, 0.0)
    committed = sum(
        (project.offers[v].usable[t] - merchant) * committed_capacity(m, f, v)
        for v in m.index.commitments[f]
        if project.offers[v].usable.get(t, 0.0) > merchant
    )
    return committed + merchant_capacity(m, f, t) if merchant > 0 else committed


def lost_capacity(m: OptModel, f: str, t: int) -> Any:
    """Capacity of a project that runs exposed in a year where nobody has committed it; nothing in
    the clear chain, which has no exposed runs."""
    project = m.data.projects.get(f)
    if project is None or EXPOSED not in m.index.origins or not project.lost.get(t):
        return 0.0
    return project.capacity_max * project.lost[t] * (1.0 - units(m, f))


def merchant_capacity(m: OptModel, j: str, t: int) -> Any:
    """Capacity of a project that runs without new money in a year, unless another project of its
    group takes its place."""
    project = m.data.projects[j]
    displaced = sum(m.build[i, v] for i, v, since in m.index.displacing.get(j, ()) if since <= t)
    return project.capacity_max * project.merchant[t] * (1.0 - displaced)


def committed_capacity(m: OptModel, j: str, v: int) -> Any:
    """Nameplate capacity of the units of a project committed in a year."""
    project = m.data.projects[j]
    return m.size[j, v] if project.scalable else project.capacity_max * m.build[j, v]


@over(lambda m: sorted(m.index.runs_of))
def limit_throughput(m: OptModel, f: str, t: int) -> Relation:
    r"""A plant runs within its ramped-up capacity, shared by its processes and classes.

    Enforced over: runs_of. Unit: capacity/yr.
    \sum_{p,o} rate_{fp} run_{fpot} <= \sum_v max(usable_{fvt} - merchant_{ft}, 0) capacity_f
      build_{fv} + merchant_{ft} capacity_f (1 - \sum_{i,v: takes\_over_{iv} <= t} build_{iv})
    where usable = availability x ramp[t - v - lead + 1] x chance x shocks, 0 before takes_over;
    merchant = the same of what comes without new money, by its own chance and first year;
    i the other projects of its group. exclude_group keeps the bracket at 0 or above.
    Of a project that can be lost + lost_{ft} capacity_f (1 - \sum_v build_{fv}), where exposed runs
    are in the model; lost = usable of a commitment of the year after its last offer.
    """
    usable = usable_capacity(m, f, t) + lost_capacity(m, f, t)
    return throughput(m, f, t) - usable <= 0.0


def _lost_in(m: OptModel) -> list[tuple[str, int]]:
    clear = {(f, t) for f, _, o, t in m.index.RUN if o == CLEAR}
    both = EXPOSED in m.index.origins
    return sorted(
        (j, t) for j, p in m.data.projects.items() for t in p.lost if both and (j, t) in clear
    )


@over(_lost_in)
def limit_clear_throughput(m: OptModel, j: str, t: int) -> Relation:
    r"""What was not committed before it was lost runs exposed alone.

    Enforced over: projects that can be lost and the years in which they then run, where exposed
    runs are in the model. Unit: capacity/yr.
    \sum_p rate_{jp} run_{jp,clear,t} <= \sum_v usable_{jvt} capacity_j build_{jv}
    """
    rates = m.index.plants[j].rates
    clear = sum(rates[key[1]] * m.run[key] for key in m.index.runs_of[j, t] if key[2] == CLEAR)
    return clear - usable_capacity(m, j, t) <= 0.0


@over(lambda m: m.index.SIZE)
def limit_size_min(m: OptModel, j: str, v: int) -> Relation:
    r"""A unit of a scalable project is at least its smallest size.

    Enforced over: SIZE. Unit: capacity/yr.
    size_{jv} >= capacity\_min_j build_{jv}
    """
    return m.size[j, v] - m.data.projects[j].capacity_min * m.build[j, v] >= 0.0


@over(lambda m: m.index.SIZE)
def limit_size_max(m: OptModel, j: str, v: int) -> Relation:
    r"""A unit of a scalable project is at most its largest size.

    Enforced over: SIZE. Unit: capacity/yr.
    size_{jv} <= capacity\_max_j build_{jv}
    """
    return m.size[j, v] - m.data.projects[j].capacity_max * m.build[j, v] <= 0.0


def units(m: OptModel, j: str, until: int | None = None) -> Any:
    """Units of a project committed over all years, or up to and including one."""
    years = [v for v in m.index.commitments[j] if until is None or v <= until]
    return sum(m.build[j, v] for v in years)


def _offered(m: OptModel) -> list[str]:
    return [j for j, years in sorted(m.index.commitments.items()) if years]


@over(_offered)
def limit_units(m: OptModel, j: str) -> Relation:
    r"""At most max_units over all years.

    Enforced over: projects with offers. Unit: units.
    \sum_v build_{jv} <= max\_units_j
    """
    return units(m, j) <= m.data.projects[j].max_units


@over(lambda m: m.index_chosen)
def link_group(m: OptModel, j: str) -> Relation:
    r"""A project of a group is built only if it is the one chosen of the group.

    Enforced over: projects of a group with offers. Unit: units.
    \sum_v build_{jv} <= max\_units_j chosen_j
    """
    return units(m, j) - m.data.projects[j].max_units * m.chosen[j] <= 0.0


@over(lambda m: sorted(m.groups))
def exclude_group(m: OptModel, g: str) -> Relation:
    r"""At most one project of a group, in any number of its units.

    Enforced over: groups. Unit: projects.
    \sum_{j in g} chosen_j <= 1
    """
    return sum(m.chosen[j] for j in m.groups[g]) <= 1.0


def _beside_first(m: OptModel) -> list[tuple[str, str, int]]:
    return [
        (i, j, v)
        for i, *others in m.bundles
        for j in others
        for v in sorted({*m.index.commitments[i], *m.index.commitments[j]})
    ]


@over(_beside_first)
def keep_bundle(m: OptModel, i: str, j: str, v: int) -> Relation:
    r"""All of a bundle are committed in the same year, or none.

    Enforced over: the first project i of every bundle with each other j of it, years of their
    offers. Unit: units.
    build_{jv} = build_{iv}
    """
    return term(m.build, (j, v)) - term(m.build, (i, v)) == 0.0


def _requiring(m: OptModel) -> list[tuple[str, int]]:
    return [
        (j, t) for j in _offered(m) if m.data.projects[j].requires for t in m.index.commitments[j]
    ]


@over(_requiring)
def order_requires(m: OptModel, j: str, t: int) -> Relation:
    r"""Units committed so far are backed by units of the required project.

    Enforced over: projects that require another, years of their offers. Unit: units.
    \sum_{v<=t} build_{jv} <= max\_units_j \sum_{v<=t} build_{iv}
    """
    project = m.data.projects[j]
    return units(m, j, t) - project.max_units * units(m, project.requires, t) <= 0.0


def _forced(m: OptModel) -> list[str]:
    return [j for j in _offered(m) if m.data.projects[j].forced]


@over(_forced)
def require_forced(m: OptModel, j: str) -> Relation:
    r"""A forced project is committed: in its year where one is named, else in some year.

    Enforced over: forced projects. Unit: units.
    \sum_v build_{jv} >= 1
    """
    year = m.data.projects[j].forced_year
    return (units(m, j) if year is None else m.build[j, year]) >= 1.0


def capex(m: OptModel, j: str, v: int) -> Any:
    """Capital cost of a commitment: capex a unit, plus capex_per_unit on every unit of size."""
    project = m.data.projects[j]
    offer = project.offers[v]
    sized = offer.capex_per_unit * m.size[j, v] if project.scalable else 0.0
    return offer.capex * m.build[j, v] + sized


def unit_capex(project: Project, year: int) -> float:
    """Capital cost of a unit committed in a year, of the largest size. money."""
    offer = project.offers[year]
    sized = offer.capex_per_unit * project.capacity_max if project.scalable else 0.0
    return offer.capex + sized
