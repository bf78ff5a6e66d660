"""Ceilings on starts, capital cost and capacity, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

import dataclasses

from algebra import assert_row
from instances import offer, project, scalable_instance, tiny_instance
from models import with_ceiling
from tested import own_test

from opt.data.instance import Ceiling
from opt.model.build import build_model
from opt.model.rule import OptModel


@own_test
def test_limit_starts(tiny: OptModel) -> None:
    assert not list(tiny.limit_starts)
    # Nothing can be committed in 2032: it would first operate in 2033. 2031 has no limit.
    m = with_ceiling("starts", {2030: 1.0, 2032: 0.0})
    assert list(m.limit_starts) == [(0, 2030)]
    assert_row(m.limit_starts[0, 2030], {("build", "refinery", 2030): 1.0}, "<=", 1.0)
    # Both of two projects, where a ceiling covers both.
    ceilings = (
        Ceiling("starts|all|", "starts", ("other", "refinery"), {2031: 3.0}),
        Ceiling("starts|project|other", "starts", ("other",), {2031: 2.0}),
    )
    projects = {"refinery": project(), "other": project("other")}
    m = build_model(tiny_instance(projects=projects, ceilings=ceilings))
    both = {("build", "refinery", 2031): 1.0, ("build", "other", 2031): 1.0}
    assert_row(m.limit_starts[0, 2031], both, "<=", 3.0)
    assert_row(m.limit_starts[1, 2031], {("build", "other", 2031): 1.0}, "<=", 2.0)


@own_test
def test_limit_capex() -> None:
    # The whole capex of 4 a unit counts in the year of commitment, whenever it falls due.
    m = with_ceiling("capex", {2031: 6.0})
    assert list(m.limit_capex) == [(0, 2031)]
    assert_row(m.limit_capex[0, 2031], {("build", "refinery", 2031): 4.0}, "<=", 6.0)
    # Scalable: 1 a unit and 0.04 on every unit of size.
    ceiling = Ceiling("capex|all|", "capex", ("refinery",), {2030: 2.0})
    m = build_model(scalable_instance().replace(ceilings=(ceiling,)))
    row = {("build", "refinery", 2030): 1.0, ("size", "refinery", 2030): 0.04}
    assert_row(m.limit_capex[0, 2030], row, "<=", 2.0)


@own_test
def test_limit_commitments() -> None:
    # All that is committed up to 2031, each with its whole capex of 4 a unit; nothing up to 2029.
    m = with_ceiling("commitments", {2029: 1.0, 2031: 6.0})
    assert list(m.limit_commitments) == [(0, 2031)]
    row = {("build", "refinery", 2030): 4.0, ("build", "refinery", 2031): 4.0}
    assert_row(m.limit_commitments[0, 2031], row, "<=", 6.0)


@own_test
def test_limit_capacity() -> None:
    # Each unit of capacity makes two of oxide.
    made = {"commodity": "oxide", "made": {"refinery": 2.0}}
    ceiling = Ceiling("capacity|all||oxide", "capacity", ("refinery",), {2031: 300.0}, **made)
    capacity = project().capacity_max
    m = build_model(tiny_instance(projects={"refinery": project()}, ceilings=(ceiling,)))
    assert list(m.limit_capacity) == [(0, 2031)]
    row = {("build", "refinery", 2031): 2.0 * capacity}
    assert_row(m.limit_capacity[0, 2031], row, "<=", 300.0)
    # Scalable: its size.
    early = dataclasses.replace(ceiling, limits={2030: 300.0})
    m = build_model(scalable_instance().replace(ceilings=(early,)))
    row = {("size", "refinery", 2030): 2.0}
    assert_row(m.limit_capacity[0, 2030], row, "<=", 300.0)
    # What can make nothing is no row.
    nothing = project(capacity_min=0.0, capacity_max=0.0)
    m = build_model(tiny_instance(projects={"refinery": nothing}, ceilings=(ceiling,)))
    assert not list(m.limit_capacity)


def test_limit_capacity_that_learns() -> None:
    # A quarter of what could be made in 2030: of 100 of magnets_a half as much each, of what is
    # committed in 2030 half of two each. What refinery_c makes is exposed.
    ceiling = Ceiling(
        "capacity|all||oxide",
        "capacity",
        ("refinery",),
        {2030: 300.0, 2031: 300.0},
        commodity="oxide",
        made={"refinery": 2.0, "magnets_a": 0.5, "refinery_c": 1.0},
        learn=0.25,
    )
    at_once = dataclasses.replace(offer(2030), usable={2030: 0.5, 2031: 1.0})
    made = project(offers={2030: at_once, 2031: offer(2031)})
    m = build_model(tiny_instance(projects={"refinery": made}, ceilings=(ceiling,)))
    now, then = ("build", "refinery", 2031), ("build", "refinery", 2030)
    row = {now: 2.0 * 40.0, then: -0.25 * 2.0 * 0.5 * 40.0}
    assert_row(m.limit_capacity[0, 2031], row, "<=", 300.0 + 0.25 * 0.5 * 100.0)
    # Before the first year the facilities of the first year stand, and nothing is built.
    assert_row(m.limit_capacity[0, 2030], {then: 80.0}, "<=", 312.5)


def test_limit_capacity_that_is_lifted() -> None:
    # Each of track's units adds 25 in the two years in which it operates.
    ceiling = Ceiling(
        "capacity|all||oxide",
        "capacity",
        ("refinery",),
        {2030: 300.0, 2031: 300.0},
        commodity="oxide",
        made={"refinery": 2.0},
        lifts={"track": 25.0, "gone": 9.0},
    )
    lasting = dataclasses.replace(offer(2030), open_years=(2031, 2032))
    at_once = dataclasses.replace(offer(2031), open_years=(2031,))
    projects = {
        "refinery": project(),
        "track": project("track", offers={2030: lasting, 2031: at_once}),
    }
    m = build_model(tiny_instance(projects=projects, ceilings=(ceiling,)))
    assert_row(m.limit_capacity[0, 2030], {("build", "refinery", 2030): 80.0}, "<=", 300.0)
    row = {
        ("build", "refinery", 2031): 80.0,
        ("build", "track", 2030): -25.0,
        ("build", "track", 2031): -25.0,
    }
    assert_row(m.limit_capacity[0, 2031], row, "<=", 300.0)


def test_limit_capacity_that_carries_over() -> None:
    # 2031: 80 a unit of both years against 300 + 200; a quarter of what stood is learnt for each,
    # 50 of magnets_a twice and half of 80 a unit of 2030, and track's unit of 2030 has lifted 2030
    # and 2031, that of 2031 the second alone. 2030 stands as without carry-over.
    ceiling = Ceiling(
        "capacity|all||oxide",
        "capacity",
        ("refinery",),
        {2030: 300.0, 2031: 200.0, 2032: 7.0},
        commodity="oxide",
        made={"refinery": 2.0, "magnets_a": 0.5},
        learn=0.25,
        lifts={"track": 25.0},
        carry_over=True,
    )
    at_once = dataclasses.replace(offer(2030), usable={2030: 0.5, 2031: 1.0})
    lasting = dataclasses.replace(offer(2030), open_years=(2030, 2031, 2032))
    last = dataclasses.replace(offer(2031), open_years=(2031,))
    projects = {
        "refinery": project(offers={2030: at_once, 2031: offer(2031)}),
        "track": project("track", offers={2030: lasting, 2031: last}),
    }
    m = build_model(tiny_instance(projects=projects, ceilings=(ceiling,)))
    # Nothing can be committed in 2032.
    assert list(m.limit_capacity) == [(0, 2030), (0, 2031)]
    row = {("build", "refinery", 2030): 80.0, ("build", "track", 2030): -25.0}
    assert_row(m.limit_capacity[0, 2030], row, "<=", 312.5)
    row = {
        ("build", "refinery", 2030): 80.0 - 0.25 * 0.5 * 80.0,
        ("build", "refinery", 2031): 80.0,
        ("build", "track", 2030): -50.0,
        ("build", "track", 2031): -25.0,
    }
    assert_row(m.limit_capacity[0, 2031], row, "<=", 312.5 + 212.5)
