"""Exports, pools and lanes, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from algebra import assert_row
from instances import YEARS, demand, plant, stockpile, tiny_instance, trading
from models import with_stock
from tested import own_test

from opt.data.instance import Facility, Instance, Lane
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED


def two_allies() -> Instance:
    """The magnet plant and its users moved to a second allied region B; oxide from A on a lane."""
    there = Facility(plant("magnets_b", "B", "sinter"), dict.fromkeys(YEARS, 100.0), YEARS)
    base = tiny_instance()
    return base.replace(
        blocs={**base.blocs, "B": "ally"},
        facilities={"mine_a": base.facilities["mine_a"], "magnets_b": there},
        demands={"B|magnet|all": demand("all", "B", allied=True)},
        lanes=(Lane(0, "oxide", "A", "B", 0.0, dict.fromkeys(YEARS, 30.0)),),
    )


@own_test
def test_limit_export(tiny: OptModel) -> None:
    # Oxide leaves C no more than is made there: imports are not passed on.
    assert_row(
        tiny.limit_export["C", "oxide", EXPOSED, 2030],
        {("send", 0, EXPOSED, 2030): 1, ("run", "refinery_c", "refine", EXPOSED, 2030): -1},
        "<=",
        0.0,
    )
    # Ore leaves A as exposed out of what is mined there, in either class.
    assert_row(
        tiny.limit_export["A", "ore", EXPOSED, 2030],
        {
            ("out", 0, "A", EXPOSED, 2030): 1,
            ("run", "mine_a", "mine", CLEAR, 2030): -1,
            ("run", "mine_a", "mine", EXPOSED, 2030): -1,
        },
        "<=",
        0.0,
    )
    m = build_model(two_allies())
    clear = {
        ("send", 0, CLEAR, 2031): 1.0,
        ("run", "refinery", "refine", CLEAR, 2031): -1.0,
    }
    assert_row(m.limit_export["A", "oxide", CLEAR, 2031], clear, "<=", 0.0)
    # Ore of this variant is clear throughout, but may be used as exposed.
    both = {
        **clear,
        ("send", 0, EXPOSED, 2031): 1.0,
        ("run", "refinery", "refine", EXPOSED, 2031): -1.0,
    }
    assert_row(m.limit_export["A", "oxide", EXPOSED, 2031], both, "<=", 0.0)


@own_test
def test_limit_reexport(tiny: OptModel) -> None:
    # A mines ore and may buy exposed ore: what leaves as exposed was mined there as exposed, or
    # downgraded. In 2030 nobody there buys any.
    assert list(tiny.limit_reexport) == [("A", "ore", 2031), ("A", "ore", 2032)]
    assert_row(
        tiny.limit_reexport["A", "ore", 2031],
        {
            ("out", 0, "A", EXPOSED, 2031): 1,
            ("run", "mine_a", "mine", EXPOSED, 2031): -1,
            ("downgrade", "A", "ore", 2031): -1,
        },
        "<=",
        0.0,
    )
    # Where exposed oxide is made as well, it may leave on top.
    base = two_allies()
    back = Lane(1, "oxide", "C", "A", 0.0, dict.fromkeys(YEARS, 30.0))
    user = Facility(plant("magnets_a", "A", "sinter"), dict.fromkeys(YEARS, 100.0), YEARS)
    maker = tiny_instance().facilities["refinery_c"]
    plants = {**base.facilities, "magnets_a": user, "refinery_c": maker}
    m = build_model(base.replace(facilities=plants, lanes=(*base.lanes, back)))
    assert_row(
        m.limit_reexport["A", "oxide", 2031],
        {
            ("send", 0, EXPOSED, 2031): 1,
            ("run", "refinery", "refine", EXPOSED, 2031): -1,
            ("downgrade", "A", "oxide", 2031): -1,
        },
        "<=",
        0.0,
    )


@own_test
def test_balance_pool(tiny: OptModel) -> None:
    # Ore is mined in A alone and used in both regions.
    assert list(tiny.balance_pool) == [(0, EXPOSED, t) for t in YEARS]
    assert_row(
        tiny.balance_pool[0, EXPOSED, 2031],
        {
            ("out", 0, "A", EXPOSED, 2031): 1.0,
            ("into", 0, "A", EXPOSED, 2031): -1.0,
            ("into", 0, "C", EXPOSED, 2031): -1.0,
        },
        "=",
        0.0,
    )


@own_test
def test_limit_lane(tiny: OptModel) -> None:
    assert_row(tiny.limit_lane[0, 2031], {("send", 0, EXPOSED, 2031): 1.0}, "<=", 30.0)
    # Between allies both classes share the limit.
    m = build_model(two_allies())
    both = {("send", 0, CLEAR, 2031): 1.0, ("send", 0, EXPOSED, 2031): 1.0}
    assert_row(m.limit_lane[0, 2031], both, "<=", 30.0)


def test_limit_export_with_stock() -> None:
    # Ore in A: what is mined and what is released may leave; clear and exposed for the exposed.
    m = with_stock(commodity="ore", initial={CLEAR: 20.0, EXPOSED: 5.0})
    row = {
        ("out", 0, "A", EXPOSED, 2031): 1.0,
        ("run", "mine_a", "mine", CLEAR, 2031): -1.0,
        ("run", "mine_a", "mine", EXPOSED, 2031): -1.0,
        ("release", "vault", CLEAR, 2031): -1.0,
        ("release", "vault", EXPOSED, 2031): -1.0,
    }
    assert_row(m.limit_export["A", "ore", EXPOSED, 2031], row, "<=", 0.0)
    # 2030 is no year of release.
    row = {
        ("out", 0, "A", EXPOSED, 2030): 1.0,
        ("run", "mine_a", "mine", CLEAR, 2030): -1.0,
        ("run", "mine_a", "mine", EXPOSED, 2030): -1.0,
    }
    assert_row(m.limit_export["A", "ore", EXPOSED, 2030], row, "<=", 0.0)
    # Clear leaves only out of clear.
    m = build_model(trading().replace(stockpiles={"vault": stockpile()}))
    row = {
        ("send", 1, CLEAR, 2031): 1.0,
        ("run", "refinery", "refine", CLEAR, 2031): -1.0,
        ("release", "vault", CLEAR, 2031): -1.0,
    }
    assert_row(m.limit_export["A", "oxide", CLEAR, 2031], row, "<=", 0.0)


def test_limit_reexport_with_stock() -> None:
    # Exposed ore that leaves A was mined or released as exposed or is clear ore used as exposed.
    m = with_stock(commodity="ore", initial={EXPOSED: 20.0})
    row = {
        ("out", 0, "A", EXPOSED, 2031): 1.0,
        ("run", "mine_a", "mine", EXPOSED, 2031): -1.0,
        ("release", "vault", EXPOSED, 2031): -1.0,
        ("downgrade", "A", "ore", 2031): -1.0,
    }
    assert_row(m.limit_reexport["A", "ore", 2031], row, "<=", 0.0)
    # Where the only clear oxide is released, exposed imports could leave in its place.
    base = trading()
    m = build_model(base.replace(projects={}, stockpiles={"vault": stockpile()}))
    row = {
        ("send", 1, EXPOSED, 2031): 1.0,
        ("send", 2, EXPOSED, 2031): 1.0,
        ("downgrade", "A", "oxide", 2031): -1.0,
    }
    assert_row(m.limit_reexport["A", "oxide", 2031], row, "<=", 0.0)
    assert ("A", "oxide", 2030) not in m.limit_reexport


def test_exposed_material_is_shipped_to_where_it_is_bought() -> None:
    # Nobody in A uses ore in 2030; a stockpile that buys exposed ore asks for it.
    m = with_stock(commodity="ore", buys=(CLEAR, EXPOSED), initial={})
    assert (0, "A", EXPOSED, 2030) in m.into
    assert (0, "A", EXPOSED, 2030) not in with_stock(commodity="ore", initial={}).into
