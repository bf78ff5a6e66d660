"""Commitment: how many units, of which of a group, after which other, forced by whom."""

from __future__ import annotations

from typing import Any

from opt.model.ceilings import ceiling_years
from opt.model.rule import OptModel, Relation, over


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


@over(ceiling_years("starts"))
def limit_starts(m: OptModel, n: int, t: int) -> Relation:
    r"""Units committed in a year stay within the build limit.

    Enforced over: build limits on starts and their years. Unit: units.
    \sum_j build_{jt} <= limit_{nt}
    """
    ceiling = m.data.ceilings[n]
    terms = [m.build[j, t] for j in ceiling.projects if t in m.data.projects[j].offers]
    return sum(terms) <= ceiling.limits[t]
