"""What places that feed each other settle at, beside working all of them out every round."""

from __future__ import annotations

import random

import pytest

from opt.audit.settled import settle
from opt.record.flows import Place

MOST, CLOSE = 500, 1e-12


def _mixing(draw: random.Random) -> dict[Place, list[tuple[float, Place | None]]]:
    """What joins each of some places, loops among it: an amount from a place, or clear (None)."""
    places = [("r", str(n)) for n in range(draw.randint(2, 12))]
    return {
        place: [
            (draw.uniform(0.1, 5.0), draw.choice([*places, None]))
            for _ in range(draw.randint(1, 4))
        ]
        for place in places
    }


def _share(parts: list[tuple[float, Place | None]], shares: dict[Place, float]) -> float:
    clear = sum(amount * (1.0 if place is None else shares[place]) for amount, place in parts)
    return clear / sum(amount for amount, _ in parts)


@pytest.mark.parametrize("seed", range(40))
def test_it_settles_where_working_all_out_does(seed: int) -> None:
    joined = _mixing(random.Random(seed))
    plain = dict.fromkeys(joined, 0.0)
    settled, rounds = False, 0
    while not settled and rounds < MOST:
        before = dict(plain)
        for place, parts in joined.items():
            plain[place] = _share(parts, plain)
        settled = max(abs(plain[place] - before[place]) for place in plain) <= CLOSE
        rounds += 1
    found = dict.fromkeys(joined, 0.0)
    calls: list[Place] = []

    def work(place: Place) -> float:
        calls.append(place)
        return _share(joined[place], found)

    sources = {place: [p for _, p in parts if p] for place, parts in joined.items()}
    assert settled == settle(
        *(found, sources, work, lambda old, new: abs(new - old)), most_rounds=MOST, settled=CLOSE
    )
    assert found == plain
    assert len(calls) <= rounds * len(joined)


def test_a_chain_is_worked_out_once_a_place_and_its_end_no_more() -> None:
    """Three places, each fed by the one before: nothing moves after the first round."""
    first, second, third = (("r", name) for name in "abc")
    sources: dict[Place, list[Place]] = {first: [], second: [first], third: [second]}
    found = dict.fromkeys(sources, 0.0)
    calls: list[Place] = []

    def work(place: Place) -> float:
        calls.append(place)
        return 1.0 if not sources[place] else found[sources[place][0]] / 2

    assert settle(found, sources, work, lambda a, b: abs(a - b), most_rounds=9, settled=0.0)
    assert found == {first: 1.0, second: 0.5, third: 0.25}
    assert calls == [first, second, third]


def test_what_never_settles_is_told() -> None:
    place = ("r", "a")
    found = {place: 0.0}
    assert not settle(
        found,
        {place: [place]},
        lambda _: found[place] + 1.0,
        lambda old, new: abs(new - old),
        most_rounds=7,
        settled=0.5,
    )
    assert found == {place: 7.0}
