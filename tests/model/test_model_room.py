"""What limits on capacity can have room for, against arithmetic by hand, and that it changes no
optimum.

The instance is that of `instances.tiny_instance`, whose model has scale 1.
"""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
from algebra import assert_row
from builders import instance_of
from instances import offer, project, scalable_instance, tiny_instance
from paced_cases import paced
from random_cases_full import random_full_case
from tested import own_test

from opt.data.assemble import assemble
from opt.data.instance import Ceiling, Instance
from opt.data.reader import read
from opt.errors import InputError
from opt.model.build import build_model
from opt.model.objectives import measure
from opt.model.room import room_of
from opt.solver.control import Control, Limits
from opt.solver.highs import HighsModel

CEILING = Ceiling(
    "capacity|all||oxide",
    "capacity",
    ("refinery",),
    {2030: 300.0, 2031: 300.0},
    commodity="oxide",
    made={"refinery": 2.0},
)
SEEDS = range(3000, 3030)


def with_limit(ceiling: Ceiling, **changes: object) -> Instance:
    """The instance with one limit and a refinery changed."""
    made = dataclasses.replace(project(), **changes)  # type: ignore[arg-type]
    return tiny_instance(projects={"refinery": made}, ceilings=(ceiling,))


def test_what_a_limit_can_learn_at_most() -> None:
    # A quarter of what stood the year before: of 100 of magnets_a half as much each, and of what
    # 2030 had room for the half that could run in it.
    learning = dataclasses.replace(CEILING, made={"refinery": 2.0, "magnets_a": 0.5}, learn=0.25)
    at_once = dataclasses.replace(offer(2030), usable={2030: 0.5, 2031: 1.0})
    found = room_of(with_limit(learning, offers={2030: at_once, 2031: offer(2031)}))
    first = 300 + 0.25 * 50
    assert found.limits == pytest.approx(
        {(0, 2030): first, (0, 2031): 300 + 0.25 * (50 + 0.5 * first)}
    )
    assert found.capacity["refinery", 2030] == pytest.approx(first / 2)


def test_what_is_learnt_from_no_limit_has_none() -> None:
    learning = dataclasses.replace(CEILING, limits={2031: 300.0}, learn=0.25)
    at_once = dataclasses.replace(offer(2030), usable={2030: 0.5, 2031: 1.0})
    assert not room_of(with_limit(learning, offers={2030: at_once, 2031: offer(2031)})).limits
    # Nothing of 2030 could run in 2030: there is nothing to learn.
    found = room_of(with_limit(learning, offers={2030: offer(2030), 2031: offer(2031)}))
    assert found.limits == {(0, 2031): 300.0}


def test_what_lifts_a_limit_at_most() -> None:
    lifted = dataclasses.replace(CEILING, lifts={"track": 25.0, "gone": 9.0})
    lasting = dataclasses.replace(offer(2030), open_years=(2031,))
    track = dataclasses.replace(project("track", offers={2030: lasting}), max_units=3)
    instance = tiny_instance(projects={"refinery": project(), "track": track}, ceilings=(lifted,))
    assert room_of(instance).limits == {(0, 2030): 300.0, (0, 2031): 375.0}


def test_what_has_come_together_at_most() -> None:
    # 300 in 2030, 100 more in 2031, and 10 in 2032 beside half of what could run in 2031: of what
    # 2030 commits 0.4, of what 2031 does 0.5. So the 300 are best left for 2031.
    early = dataclasses.replace(offer(2030), usable={2031: 0.4})
    late = dataclasses.replace(offer(2031), usable={2031: 0.5})
    last = dataclasses.replace(offer(2032), usable={})
    limits = {2030: 300.0, 2031: 100.0, 2032: 10.0}
    carried = dataclasses.replace(CEILING, limits=limits, learn=0.5, carry_over=True)
    offers = {2030: early, 2031: late, 2032: last}
    found = room_of(with_limit(dataclasses.replace(carried, learn=0.0), offers=offers))
    assert found.limits == {(0, 2030): 300.0, (0, 2031): 400.0, (0, 2032): 410.0}
    assert found.capacity == {
        ("refinery", 2030 + n): most / 2 for n, most in enumerate((300, 400, 410))
    }
    found = room_of(with_limit(carried, offers=offers))
    assert found.limits == pytest.approx(
        {(0, 2030): 300, (0, 2031): 400, (0, 2032): 400 + 10 + 0.5 * 0.5 * 400}
    )
    # Of what 2030 commits 0.9: the 300 are best used at once.
    more = dataclasses.replace(offer(2030), usable={2031: 0.9})
    found = room_of(with_limit(carried, offers=offers | {2030: more}))
    assert found.limits[0, 2032] == pytest.approx(410 + 0.5 * (0.9 * 300 + 0.5 * 100))


@own_test
def test_fit_commitments() -> None:
    # A unit makes 80. Of 300 it fills a fourth, a fifth, ... and two of eight parts.
    m = build_model(with_limit(dataclasses.replace(CEILING, limits={2031: 300.0})))
    assert list(m.fit_commitments) == [(0, 2031, p) for p in (3, 4, 5, 6, 7)]
    build = ("build", "refinery", 2031)
    assert_row(m.fit_commitments[0, 2031, 3], {build: 1.0}, "<=", 3.0)
    assert_row(m.fit_commitments[0, 2031, 7], {build: 2.0}, "<=", 7.0)
    # It does not fit into 70 at all, and just into 80.
    m = build_model(with_limit(dataclasses.replace(CEILING, limits={2031: 70.0})))
    assert_row(m.fit_commitments[0, 2031, 0], {build: 1.0}, "<=", 0.0)
    m = build_model(with_limit(dataclasses.replace(CEILING, limits={2031: 80.0})))
    assert (0, 2031, 0) not in m.fit_commitments
    # With carry-over it fits into the 110 of two years once, in either.
    both = dataclasses.replace(CEILING, limits={2030: 70.0, 2031: 40.0, 2032: 0.0}, carry_over=True)
    m = build_model(with_limit(both))
    row = {("build", "refinery", 2030): 1.0, build: 1.0}
    assert (0, 2031, 0) not in m.fit_commitments
    assert_row(m.fit_commitments[0, 2031, 1], row, "<=", 1.0)
    assert_row(m.fit_commitments[0, 2030, 0], {("build", "refinery", 2030): 1.0}, "<=", 0.0)
    # A model in which limits are eased knows of no room.
    eased = with_limit(dataclasses.replace(CEILING, limits={2031: 70.0}))
    assert not list(build_model(eased, rooms=False).fit_commitments)


def test_a_size_is_no_larger_than_its_room() -> None:
    # 60 of oxide leave room for 30 of capacity.
    tight = dataclasses.replace(CEILING, limits={2030: 60.0})
    m = build_model(scalable_instance().replace(ceilings=(tight,)))
    key = ("refinery", 2030)
    row = {("size", *key): 1.0, ("build", *key): -30.0}
    assert_row(m.limit_size_max[key], row, "<=", 0.0)


def least(instance: Instance, *, rooms: bool, relaxed: bool) -> float:
    """The least dependence of a case, or its relaxation; inf where there is none."""
    m = build_model(instance, rooms=rooms)
    measured = measure(m, "dependence")
    solver = HighsModel(m, Control().start(Limits()))
    ask = solver.relaxation if relaxed else solver.minimise
    found = ask(measured.expression)
    return math.inf if found.point is None else found.value * measured.per_unit


def assert_same_optimum(instance: Instance) -> None:
    """With what is known of room the optimum is as without, the relaxation no further from it."""
    optimum = least(instance, rooms=False, relaxed=False)
    assert least(instance, rooms=True, relaxed=False) == pytest.approx(optimum, abs=1e-6)
    loose, tight = (least(instance, rooms=r, relaxed=True) for r in (False, True))
    assert loose - 1e-7 <= tight <= optimum + 1e-6


def test_room_changes_no_optimum_and_never_loosens_the_relaxation(tmp_path: Path) -> None:
    known = 0
    for seed in SEEDS:
        try:
            instance = assemble(read(random_full_case(tmp_path / str(seed), seed)), None)
        except InputError:
            continue
        if room_of(instance).limits:
            known += 1
            assert_same_optimum(instance)
    assert known > len(SEEDS) / 3


@pytest.mark.parametrize("carry_over", ["no", "yes"])
def test_room_changes_no_optimum_where_pace_binds(tmp_path: Path, carry_over: str) -> None:
    for seed in range(24):
        assert_same_optimum(instance_of(tmp_path, paced(seed, carry_over)))


def test_carrying_over_never_hurts(tmp_path: Path) -> None:
    helped = 0
    for seed in range(24):
        alone, carried = (
            least(instance_of(tmp_path, paced(seed, c)), rooms=True, relaxed=False)
            for c in ("no", "yes")
        )
        assert carried <= alone + 1e-6
        helped += carried < alone - 1e-3
    assert helped > 10
