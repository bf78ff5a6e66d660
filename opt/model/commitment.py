"""Commitment: how many units, of which of a group, after which other, forced by whom."""

from __future__ import annotations

from typing import Any

Relation = Any


def units(m: Any, j: str, until: int | None = None) -> Any:
    """Units of a project committed over all years, or up to and including one."""
    years = [v for v in m.index.commitments[j] if until is None or v <= until]
    return sum(m.build[j, v] for v in years)


def limit_units(m: Any, j: str) -> Relation:
    r"""At most max_units over all years.

    Enforced over: projects with offers. Unit: units.
    \sum_v build_{jv} <= max\_units_j
    """
    return units(m, j) <= m.data.projects[j].max_units


def link_group(m: Any, j: str) -> Relation:
    r"""A project of a group is built only if it is the one chosen of the group.

    Enforced over: projects of a group with offers. Unit: units.
    \sum_v build_{jv} <= max\_units_j chosen_j
    """
    return units(m, j) - m.data.projects[j].max_units * m.chosen[j] <= 0.0


def exclude_group(m: Any, g: str) -> Relation:
    r"""At most one project of a group, in any number of its units.

    Enforced over: groups. Unit: projects.
    \sum_{j in g} chosen_j <= 1
    """
    return sum(m.chosen[j] for j in m.groups[g]) <= 1.0


def order_requires(m: Any, j: str, t: int) -> Relation:
    r"""Units committed so far are backed by units of the required project.

    Enforced over: projects that require another, years of their offers. Unit: units.
    \sum_{v<=t} build_{jv} <= max\_units_j \sum_{v<=t} build_{iv}
    """
    project = m.data.projects[j]
    return units(m, j, t) - project.max_units * units(m, project.requires, t) <= 0.0


def limit_starts(m: Any, n: int, t: int) -> Relation:
    r"""Units committed in a year stay within the build limit.

    Enforced over: build limits on starts and their years. Unit: units.
    \sum_j build_{jt} <= limit_{nt}
    """
    ceiling = m.data.ceilings[n]
    terms = [m.build[j, t] for j in ceiling.projects if t in m.data.projects[j].offers]
    return sum(terms) <= ceiling.limits[t]


def require_forced(m: Any, j: str) -> Relation:
    r"""A forced project is committed: in its year where one is named, else in some year.

    Enforced over: forced projects. Unit: units.
    \sum_v build_{jv} >= 1
    """
    year = m.data.projects[j].forced_year
    return (units(m, j) if year is None else m.build[j, year]) >= 1.0
