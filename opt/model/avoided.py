"""Sets of projects that are not to be built together: so other sets are looked for."""

from __future__ import annotations

from typing import Any

from opt.model.projects import units
from opt.model.rule import OptModel, Relation, over


def _is_built(m: OptModel, j: str) -> Any:
    """1 where any unit of a project is committed, else 0."""
    return m.present[j] if j in m.present else units(m, j)


@over(lambda m: m.index.PRESENT)
def link_present(m: OptModel, j: str) -> Relation:
    r"""A project of which a unit is committed is present.

    Enforced over: PRESENT. Unit: units.
    \sum_v build_{jv} <= max\_units_j present_j
    """
    return units(m, j) - m.data.projects[j].max_units * m.present[j] <= 0.0


@over(lambda m: list(range(len(m.data.avoided))))
def avoid_set(m: OptModel, n: int) -> Relation:
    r"""Of a set to avoid at least one project is not built.

    Enforced over: sets to avoid, by number. Unit: projects.
    \sum_{j in n} present_j <= |n| - 1, where present_j = \sum_v build_{jv} of what has one unit
    """
    names = m.data.avoided[n]
    return sum(_is_built(m, j) for j in names) <= len(names) - 1.0
