"""Ceilings on what all projects together start, cost or ask of private money in a year."""

from __future__ import annotations

from collections.abc import Callable

from opt.model.rule import OptModel


def ceiling_years(what: str) -> Callable[[OptModel], list[tuple[int, int]]]:
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
