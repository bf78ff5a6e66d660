"""A plan to stay near: how many changes from it there are, and at most how many there may be.

Of each project a change is a unit that is added, dropped, or committed in another year than in that
plan: the larger of its units there and here, but for those that stay as they are. Another size of a
scalable project is no change.
"""

from __future__ import annotations

from typing import Any

from opt.model.projects import units
from opt.model.rule import OptModel, Relation, over


def _given(m: OptModel) -> list[str]:
    """The projects of the plan to stay near."""
    return [] if m.data.near is None else sorted({j for j, _ in m.data.near.units})


def _offered(m: OptModel) -> list[str]:
    """The projects that can be committed, where there is a plan to stay near."""
    return [] if m.data.near is None else [j for j, years in m.index.commitments.items() if years]


def _staying(m: OptModel, j: str) -> Any:
    """Units of a project that stay as they are."""
    return sum(m.stay[key] for key in m.index.STAY if key[0] == j)


@over(lambda m: m.index.STAY)
def limit_stay(m: OptModel, j: str, v: int) -> Relation:
    r"""No more units stay than are committed in the year.

    Enforced over: STAY. Unit: units.
    stay_{jv} <= build_{jv}, and stay_{jv} <= near_{jv}, its bound
    """
    return m.stay[j, v] - m.build[j, v] <= 0.0


@over(_given)
def count_dropped(m: OptModel, j: str) -> Relation:
    r"""Every unit of the plan to stay near that does not stay is a change.

    Enforced over: projects of that plan, also those that are no longer offered. Unit: units.
    change_j >= \sum_v near_{jv} - \sum_v stay_{jv}
    """
    assert m.data.near is not None
    given = sum(n for (i, _), n in m.data.near.units.items() if i == j)
    return m.change[j] + _staying(m, j) >= given


@over(_offered)
def count_added(m: OptModel, j: str) -> Relation:
    r"""Every unit that is committed and does not stay is a change: the same one where it moves.

    Enforced over: projects with offers, where there is a plan to stay near. Unit: units.
    change_j >= \sum_v build_{jv} - \sum_v stay_{jv}
    """
    return m.change[j] + _staying(m, j) - units(m, j) >= 0.0


@over(lambda m: [] if m.data.near is None else [m.data.near.name])
def limit_changes(m: OptModel, name: str) -> Relation:
    r"""At most so many changes from the plan to stay near.

    Enforced over: that plan. Unit: units.
    \sum_j change_j <= changes
    """
    assert m.data.near is not None, name
    return sum(m.change[j] for j in m.index.CHANGE) <= float(m.data.near.changes)
