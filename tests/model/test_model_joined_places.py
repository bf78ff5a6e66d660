"""Regions that are one place where freight is not counted: which they are, by hand.

Mines of ore stand in some regions of one to four, A to D, and ore is wanted in some. What is read
is the clear ore of 2031.
"""

from __future__ import annotations

from typing import Any

from instances import BOTH, YEARS, demand, offtake, plant, target, tiny_instance

from opt.data.instance import Facility, Instance, Lane, Pool
from opt.model.index import Index, derive_index
from opt.record.flows import CLEAR

ALL = "ABCD"
Pair = tuple[str, str]


def trading(makers: str, users: str, *pairs: Pair, **changes: Any) -> Instance:
    """Mines and wants by region, with a pool from regions to regions for each pair,
    each cheaper than the one before."""
    mines = [(f"mine_{r}", r) for r in makers]
    wants = [demand("", r, id=r, commodity="ore", allied=True) for r in users]
    made = tiny_instance(
        blocs=dict.fromkeys(ALL, "ally"),
        facilities={
            f: Facility(plant(f, r, "mine", clear=True), dict.fromkeys(YEARS, 100.0), YEARS)
            for f, r in mines
        },
        demands={d.id: d for d in wants},
        projects={},
        programmes={},
        lanes=(),
        pools=tuple(
            Pool(n, "ore", 9.0 - n, tuple(a), tuple(b), YEARS) for n, (a, b) in enumerate(pairs)
        ),
    )
    return made.replace(**changes)


def joined(instance: Instance) -> Index:
    """The index of the clear chain without freight."""
    return derive_index(instance, (CLEAR,), freight=False)


def places(index: Index, year: int = 2031) -> str:
    """The regions that are places of their own, or the first of those that are one."""
    return "".join(r for r, c, _, t in index.PLACE if (c, t) == ("ore", year))


def ships(index: Index) -> list[tuple[int, str, str]]:
    """The pools of 2031 by number, with the places at which they are filled and drawn."""
    return [
        (pool, *("".join(key[1] for key in ends[pool, o, t]) for ends in ends_of(index)))
        for pool, o, t in sorted(index.pool_out)
        if t == 2031
    ]


def ends_of(index: Index) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Where pools are filled and where they are drawn."""
    return index.pool_out, index.pool_into


def test_regions_that_all_reach_each_other_are_one_place() -> None:
    index = joined(trading("ABC", "BCD", (ALL, ALL)))
    assert places(index) == "A"
    mined = [key[0] for key, _ in index.made["A", "ore", CLEAR, 2031]]
    assert mined == ["mine_A", "mine_B", "mine_C"]
    wanted = [d for d, _, _ in index.served["A", "ore", CLEAR, 2031]]
    assert wanted == ["B", "C", "D"]
    assert (index.OUT, index.INTO, index.EXPORT, index.sent, index.arrived) == ([], [], [], {}, {})


def test_freight_and_exposed_flows_tell_all_regions_apart() -> None:
    instance = trading("ABC", "BCD", (ALL, ALL))
    assert places(derive_index(instance, (CLEAR,))) == ALL
    assert derive_index(instance, BOTH, freight=False) == derive_index(instance, BOTH)


def test_a_user_out_of_reach_stays_apart() -> None:
    # B and C get ore of A, D gets none.
    index = joined(trading("A", "BCD", ("A", "BC")))
    assert places(index) == "AD"
    assert [d for d, _, _ in index.served["A", "ore", CLEAR, 2031]] == ["B", "C"]
    assert ships(index) == []


def test_makers_who_reach_others_stay_apart() -> None:
    # A reaches C and D, B reaches C alone: C can be one place with A, which reaches all users of
    # that place; D can not, being known to A alone; nor can B, which does not reach D.
    index = joined(trading("AB", "CD", ("AB", "C"), ("A", "D")))
    assert places(index) == "ABD"
    assert ships(index) == [(0, "B", "A"), (1, "A", "D")]


def test_users_known_by_others_stay_apart() -> None:
    # All make and use. C sends to nobody, so its ore is no help to A and B, which trade.
    index = joined(trading("ABC", "ABC", ("AB", "ABC")))
    assert places(index) == "AC"
    assert ships(index) == [(0, "A", "C")]


def test_regions_that_make_and_use_come_first() -> None:
    # A goes with C, which makes and uses, and so B with D: did B go with A, there would be three.
    index = joined(trading("ACD", "BC", ("AC", "BC"), ("D", "B")))
    assert places(index) == "AB"
    assert ships(index) == [(0, "A", "B")]


def test_the_ends_of_a_lane_with_a_limit_stay_apart() -> None:
    # A and C trade freely, B and D get ore by a lane from A and by none: were A and C one, ore of
    # C would go on the lane, and were B and D one, D would be served by it.
    lane = Lane(0, "ore", "A", "B", 1.0, {2031: 7.0})
    index = joined(trading("AC", ALL, ("AC", "AC"), lanes=(lane,)))
    assert places(index) == ALL
    assert index.sent["A", "ore", CLEAR, 2031][0] == ("send", (0, CLEAR, 2031))
    assert index.arrived["B", "ore", CLEAR, 2031] == [("send", (0, CLEAR, 2031))]
    assert places(index, 2030) == "AB"  # the lane is closed


def test_contracts_tell_their_plant_and_their_destinations_apart() -> None:
    pairs = [
        ("A", "B"),
        ("A", "CD"),
        ("B", "ACD"),
        ("CD", "A"),
        ("CD", "B"),
        ("C", "D"),
        ("D", "C"),
    ]
    bound = offtake("B", plant="mine_A", commodity="ore", share=0.5, last_year=2031)
    index = joined(trading(ALL, ALL, *pairs, offtakes=(bound,)))
    # A is bound to B: each stands alone; C and D are neither.
    assert places(index) == "ABC"
    assert ships(index) == [
        (0, "A", "B"),
        (1, "A", "C"),
        (2, "B", "AC"),
        (3, "C", "A"),
        (4, "C", "B"),
    ]
    assert places(index, 2032) == "A"  # the contract is over


def test_users_who_are_all_destinations_are_one_place() -> None:
    bound = offtake("B", "C", plant="mine_A", commodity="ore", share=0.5)
    index = joined(trading("A", "BC", ("A", "BC"), offtakes=(bound,)))
    assert places(index) == "AB"
    assert ships(index) == [(0, "A", "B")]


def test_a_source_share_tells_all_regions_apart_in_its_year() -> None:
    share = target(
        "source_share",
        0.5,
        commodities=frozenset({"ore"}),
        sources=(frozenset("A"),),
        users=frozenset("BCD"),
    )
    index = joined(trading("A", "BCD", ("A", "BCD"), targets=(share,)))
    assert places(index, share.year) == ALL
    assert {places(index, t) for t in YEARS if t != share.year} == {"A"}


def test_of_pools_between_the_same_places_the_cheapest_stays() -> None:
    # A, B and D are one: what is mined in A and B reaches both others. C, whose ore goes nowhere,
    # is not; the first pool and the last both lead there, the second to D alone.
    index = joined(trading("ABC", "CD", ("A", "C"), ("A", "D"), ("B", "CD")))
    assert places(index) == "AC"
    assert ships(index) == [(2, "A", "C")]
