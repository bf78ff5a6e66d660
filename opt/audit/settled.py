"""What stands at places that feed each other, worked out again until none moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from opt.record.flows import Place

T = TypeVar("T")


def settle(
    found: dict[Place, T],
    sources: Mapping[Place, Iterable[Place]],
    work: Callable[[Place], T],
    apart: Callable[[T, T], float],
    *,
    most_rounds: int,
    settled: float,
) -> bool:
    """Work out `found` at each place again, in their order and round by round, until in a round
    none is further than `settled` apart from what it was; False where `most_rounds` do not do.

    `sources` are the places that `work` looks at for each. Where none of them has moved since,
    it would come out as it was, and is left so: the same numbers, in fewer steps.
    """
    users: dict[Place, set[Place]] = defaultdict(set)
    for place, own in sources.items():
        for source in own:
            users[source].add(place)
    order, stale = tuple(found), set(found)
    for _ in range(most_rounds):
        moved = 0.0
        for place in order:
            if place not in stale:
                continue
            stale.discard(place)
            before, after = found[place], work(place)
            if after != before:
                found[place] = after
                moved = max(moved, apart(before, after))
                stale |= users[place]
        if moved <= settled:
            return True
    return False
