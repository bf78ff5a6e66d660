"""What plants can run and which units are committed, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from algebra import assert_row, with_project
from instances import offer, project, scalable_instance, tiny_instance
from tested import own_test

from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED


@own_test
def test_limit_throughput(tiny: OptModel) -> None:
    # A facility: rate x run <= usable. Capacity in ore: 10 of it a unit of activity.
    assert_row(
        tiny.limit_throughput["refinery_c", 2030],
        {("run", "refinery_c", "refine", EXPOSED, 2030): 10.0},
        "<=",
        300.0,
    )
    # Both classes share the plant's capacity.
    assert_row(
        tiny.limit_throughput["magnets_a", 2031],
        {
            ("run", "magnets_a", "sinter", CLEAR, 2031): 1.0,
            ("run", "magnets_a", "sinter", EXPOSED, 2031): 1.0,
        },
        "<=",
        100.0,
    )
    # A project of 40: committed in 2030 it is in its second year in 2032 (full), committed in 2031
    # in its first (half).
    assert_row(
        tiny.limit_throughput["refinery", 2032],
        {
            ("run", "refinery", "refine", CLEAR, 2032): 1.0,
            ("run", "refinery", "refine", EXPOSED, 2032): 1.0,
            ("build", "refinery", 2030): -40.0,
            ("build", "refinery", 2031): -20.0,
        },
        "<=",
        0.0,
    )
    # In 2031 only the commitment of 2030 runs, in its first year.
    assert_row(
        tiny.limit_throughput["refinery", 2031],
        {
            ("run", "refinery", "refine", CLEAR, 2031): 1.0,
            ("run", "refinery", "refine", EXPOSED, 2031): 1.0,
            ("build", "refinery", 2030): -20.0,
        },
        "<=",
        0.0,
    )
    # One of which 0.6 comes without new money in 2032: a commitment adds what is above, of that of
    # 2031, half of which runs, nothing; another project takes its place from 2032 on.
    coming = project(max_units=1, merchant={2031: 0.2, 2032: 0.6})
    rival = project("rival", max_units=1, displaces="refinery")
    offers = {2030: dataclasses.replace(offer(2030), takes_over=2032)}
    both = {"refinery": coming, "rival": dataclasses.replace(rival, offers=offers)}
    m = build_model(tiny_instance().replace(projects=both))
    runs = {("run", "refinery", "refine", o): 1.0 for o in (CLEAR, EXPOSED)}
    assert_row(
        m.limit_throughput["refinery", 2032],
        {
            **{(*run, 2032): one for run, one in runs.items()},
            ("build", "refinery", 2030): -16.0,
            ("build", "rival", 2030): 24.0,
        },
        "<=",
        24.0,
    )
    assert_row(
        m.limit_throughput["refinery", 2031],
        {
            **{(*run, 2031): one for run, one in runs.items()},
            ("build", "refinery", 2030): -12.0,
        },
        "<=",
        8.0,
    )
    # One that is lost unless it is committed: a quarter of it, 10, runs in 2032.
    m = with_project(max_units=1, lost={2032: 0.25})
    assert_row(
        m.limit_throughput["refinery", 2032],
        {
            **{(*run, 2032): one for run, one in runs.items()},
            ("build", "refinery", 2030): -40.0 + 10.0,
            ("build", "refinery", 2031): -20.0 + 10.0,
        },
        "<=",
        10.0,
    )
    # A scalable one: its size in place of capacity x units.
    m = build_model(scalable_instance())
    assert_row(
        m.limit_throughput["refinery", 2031],
        {
            ("run", "refinery", "refine", CLEAR, 2031): 1.0,
            ("run", "refinery", "refine", EXPOSED, 2031): 1.0,
            ("size", "refinery", 2030): -0.5,
        },
        "<=",
        0.0,
    )


@own_test
def test_limit_clear_throughput(tiny: OptModel) -> None:
    assert not list(tiny.limit_clear_throughput)
    base = tiny_instance(projects={"refinery": project(max_units=1, lost={2032: 0.5})})
    m = build_model(base)
    assert list(m.limit_clear_throughput) == [("refinery", 2032)]
    assert_row(
        m.limit_clear_throughput["refinery", 2032],
        {
            ("run", "refinery", "refine", CLEAR, 2032): 1.0,
            ("build", "refinery", 2030): -40.0,
            ("build", "refinery", 2031): -20.0,
        },
        "<=",
        0.0,
    )
    # In the clear chain nothing runs exposed, and what is committed is all there is.
    m = build_model(base, (CLEAR,))
    assert not list(m.limit_clear_throughput)
    assert_row(
        m.limit_throughput["refinery", 2032],
        {
            ("run", "refinery", "refine", CLEAR, 2032): 1.0,
            ("build", "refinery", 2030): -40.0,
            ("build", "refinery", 2031): -20.0,
        },
        "<=",
        0.0,
    )


@own_test
def test_limit_size_min() -> None:
    m = build_model(scalable_instance())
    row = {("size", "refinery", 2030): 1.0, ("build", "refinery", 2030): -10.0}
    assert_row(m.limit_size_min["refinery", 2030], row, ">=", 0.0)


@own_test
def test_limit_size_max() -> None:
    m = build_model(scalable_instance())
    row = {("size", "refinery", 2030): 1.0, ("build", "refinery", 2030): -50.0}
    assert_row(m.limit_size_max["refinery", 2030], row, "<=", 0.0)


@own_test
def test_limit_units(tiny: OptModel) -> None:
    row = {("build", "refinery", 2030): 1.0, ("build", "refinery", 2031): 1.0}
    assert_row(tiny.limit_units["refinery"], row, "<=", 2.0)


def two_projects(**second: Any) -> OptModel:
    """The refinery and a second one, `other`, both of group g and of no bundle where the changes do
    not say."""
    changes = {"max_units": 3, "group": "g", "bundle": "", **second}
    other = dataclasses.replace(project("other"), **changes)
    first = project(group=changes["group"], bundle=changes["bundle"])
    return build_model(tiny_instance(projects={"refinery": first, "other": other}))


@own_test
def test_link_group() -> None:
    # Any number of units up to max_units 3, once it is the one chosen.
    row = {("build", "other", 2030): 1.0, ("build", "other", 2031): 1.0, ("chosen", "other"): -3.0}
    m = two_projects()
    assert_row(m.link_group["other"], row, "<=", 0.0)


@own_test
def test_exclude_group() -> None:
    m = two_projects()
    row = {("chosen", "refinery"): 1.0, ("chosen", "other"): 1.0}
    assert list(m.exclude_group) == ["g"]
    assert_row(m.exclude_group["g"], row, "<=", 1.0)


@own_test
def test_keep_bundle() -> None:
    m = two_projects(group="", bundle="b")
    assert list(m.keep_bundle) == [("other", "refinery", 2030), ("other", "refinery", 2031)]
    for year in (2030, 2031):
        row = {("build", "refinery", year): 1.0, ("build", "other", year): -1.0}
        assert_row(m.keep_bundle["other", "refinery", year], row, "=", 0.0)
    # A bundle of one binds nothing.
    assert not list(with_project(bundle="b").keep_bundle)


@own_test
def test_order_requires() -> None:
    m = two_projects(group="", requires="refinery")
    # Up to 2030: build_other <= 3 x build_refinery; up to 2031 the sums of both years.
    first = {("build", "other", 2030): 1.0, ("build", "refinery", 2030): -3.0}
    later = {("build", "other", 2031): 1.0, ("build", "refinery", 2031): -3.0}
    assert_row(m.order_requires["other", 2030], first, "<=", 0.0)
    assert_row(m.order_requires["other", 2031], {**first, **later}, "<=", 0.0)
    assert list(m.order_requires) == [("other", 2030), ("other", 2031)]


@own_test
def test_require_forced(tiny: OptModel) -> None:
    assert not list(tiny.require_forced)
    row = {("build", "refinery", 2030): 1.0, ("build", "refinery", 2031): 1.0}
    some = with_project(forced=True)
    assert_row(some.require_forced["refinery"], row, ">=", 1.0)
    named = with_project(forced=True, forced_year=2031)
    row = {("build", "refinery", 2031): 1.0}
    assert_row(named.require_forced["refinery"], row, ">=", 1.0)
