"""Constraints, variables and objectives against algebra written by hand; those of stockpiles,
support, contracts and targets are in modules of their own.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import test_model_contracts_targets  # noqa: F401 - enters what it tests
import test_model_stock_support
from algebra import (
    CARS,
    DEFENCE,
    VariableKey,
    assert_row,
    assert_share,
    linear,
    with_programme,
    with_project,
)
from instances import (
    MILLION,
    YEARS,
    demand,
    offer,
    plant,
    programme,
    project,
    scalable_instance,
    tiny_instance,
)
from tested import TESTED, own_test

from opt.data.instance import Ceiling, Facility, Instance, Lane, Process
from opt.model import objectives
from opt.model.build import RULES, build_model
from opt.model.objectives import MEASURES, measure
from opt.model.rule import OptModel
from opt.model.variables import VARIABLES
from opt.record.flows import CLEAR, EXPOSED

# A fund that could pay its half of a refinery of 8,000.
RICH: dict[str, Any] = {"programmes": {"grant": programme(amount=4000.0)}}


@pytest.fixture(scope="module")
def tiny() -> OptModel:
    return build_model(tiny_instance())


def test_the_scale_is_one(tiny: OptModel) -> None:
    # Largest allied demand 500 lies in 100..1000, largest capex 4 in 1..10.
    assert (tiny.scale.mass, tiny.scale.money) == (1.0, 1.0)
    assert tiny.scale.unit_cost * MILLION == pytest.approx(1.0)


# ---- Material -------------------------------------------------------------------------------


@own_test
def test_balance_commodity(tiny: OptModel) -> None:
    # Clear ore: mined = used by the new refinery (10 a unit) + surplus + downgraded. No clear ore
    # goes to C, where it would be exposed, and nobody sends any to A.
    assert_row(
        tiny.balance_commodity["A", "ore", CLEAR, 2031],
        {
            ("run", "mine_a", "mine", CLEAR, 2031): 1.0,
            ("run", "refinery", "refine", CLEAR, 2031): -10.0,
            ("surplus", "A", "ore", CLEAR, 2031): -1.0,
            ("downgrade", "A", "ore", 2031): -1.0,
        },
        "=",
        0.0,
    )
    # Exposed ore in A: mined for exposed use + downgraded + out of the pool = used + into the pool
    # + surplus.
    assert_row(
        tiny.balance_commodity["A", "ore", EXPOSED, 2031],
        {
            ("run", "mine_a", "mine", EXPOSED, 2031): 1.0,
            ("downgrade", "A", "ore", 2031): 1.0,
            ("into", 0, "A", EXPOSED, 2031): 1.0,
            ("run", "refinery", "refine", EXPOSED, 2031): -10.0,
            ("out", 0, "A", EXPOSED, 2031): -1.0,
            ("surplus", "A", "ore", EXPOSED, 2031): -1.0,
        },
        "=",
        0.0,
    )
    # Exposed oxide in A: made + the lane from C + downgraded = used (0.5 a magnet); no surplus.
    assert_row(
        tiny.balance_commodity["A", "oxide", EXPOSED, 2031],
        {
            ("run", "refinery", "refine", EXPOSED, 2031): 1.0,
            ("send", 0, EXPOSED, 2031): 1.0,
            ("downgrade", "A", "oxide", 2031): 1.0,
            ("run", "magnets_a", "sinter", EXPOSED, 2031): -0.5,
        },
        "=",
        0.0,
    )
    # Exposed magnets in 2032: cars take none any more.
    assert_row(
        tiny.balance_commodity["A", "magnet", EXPOSED, 2032],
        {
            ("run", "magnets_a", "sinter", EXPOSED, 2032): 1.0,
            ("downgrade", "A", "magnet", 2032): 1.0,
            ("serve", DEFENCE, EXPOSED, 2032): -1.0,
            ("surplus", "A", "magnet", EXPOSED, 2032): -1.0,
        },
        "=",
        0.0,
    )


@own_test
def test_meet_demand(tiny: OptModel) -> None:
    assert_row(
        tiny.meet_demand[CARS, 2031],
        {
            ("serve", CARS, CLEAR, 2031): 1,
            ("serve", CARS, EXPOSED, 2031): 1,
            ("short", CARS, 2031): 1,
        },
        "=",
        450.0,
    )
    # clear_from 2032: no exposed deliveries from then on.
    assert_row(
        tiny.meet_demand[CARS, 2032],
        {("serve", CARS, CLEAR, 2032): 1, ("short", CARS, 2032): 1},
        "=",
        500.0,
    )


def test_a_year_in_which_nothing_is_asked_for_has_no_demand() -> None:
    cars = demand("cars", amounts={2030: 400.0, 2031: 0.0, 2032: 500.0})
    m = build_model(tiny_instance(demands={cars.id: cars}))
    assert list(m.meet_demand) == [(CARS, 2030), (CARS, 2032)]
    assert {key[-1] for key in m.serve} == {2030, 2032}


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


# ---- Capacity -------------------------------------------------------------------------------


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
def test_limit_size_min() -> None:
    m = build_model(scalable_instance())
    row = {("size", "refinery", 2030): 1.0, ("build", "refinery", 2030): -10.0}
    assert_row(m.limit_size_min["refinery", 2030], row, ">=", 0.0)


@own_test
def test_limit_size_max() -> None:
    m = build_model(scalable_instance())
    row = {("size", "refinery", 2030): 1.0, ("build", "refinery", 2030): -50.0}
    assert_row(m.limit_size_max["refinery", 2030], row, "<=", 0.0)


# ---- Commitment -----------------------------------------------------------------------------


@own_test
def test_limit_units(tiny: OptModel) -> None:
    row = {("build", "refinery", 2030): 1.0, ("build", "refinery", 2031): 1.0}
    assert_row(tiny.limit_units["refinery"], row, "<=", 2.0)


def two_projects(**second: Any) -> OptModel:
    """The refinery and a second one, `other`, both of group g where the changes do not say."""
    changes = {"max_units": 3, "group": "g", **second}
    other = dataclasses.replace(project("other"), **changes)
    first = project(group=changes["group"])
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


def with_ceiling(what: str, limits: dict[int, float], **changes: Any) -> OptModel:
    """The model with a ceiling over the refinery, which is changed."""
    ceiling = Ceiling(f"{what}|all|", what, ("refinery",), limits)
    projects = {"refinery": project(**changes)}
    return build_model(tiny_instance(projects=projects, ceilings=(ceiling,)))


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


# ---- Funding --------------------------------------------------------------------------------


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
def test_limit_private() -> None:
    # Half of capex 4 less what the grant pays falls due in the year of commitment, half in the
    # next: in 2031 of both commitments, in 2032 of the second alone. 2030 has no limit.
    m = with_ceiling("private", {2031: 1.5, 2032: 1.0})
    assert list(m.limit_private) == [(0, 2031), (0, 2032)]
    second = {("build", "refinery", 2031): 2.0, ("pay", "refinery", "grant", 2031): -0.5}
    first = {("build", "refinery", 2030): 2.0, ("pay", "refinery", "grant", 2030): -0.5}
    assert_row(m.limit_private[0, 2031], {**first, **second}, "<=", 1.5)
    assert_row(m.limit_private[0, 2032], second, "<=", 1.0)
    # Scalable: half of 1 a unit and of 0.04 on every unit of size.
    ceiling = Ceiling("private|all|", "private", ("refinery",), {2030: 2.0})
    m = build_model(scalable_instance().replace(ceilings=(ceiling,)))
    row = {
        ("build", "refinery", 2030): 0.5,
        ("size", "refinery", 2030): 0.02,
        ("pay", "refinery", "grant", 2030): -0.5,
    }
    assert_row(m.limit_private[0, 2030], row, "<=", 2.0)


def test_limits_in_model_units() -> None:
    # Capex of 4,000 makes 1 money unit USD 1,000 million: the ceiling of 6,000 is 6, of 2 units 2.
    dear = project(offers={2030: offer(2030, capex=4000.0)})
    ceilings = (
        Ceiling("capex|all|", "capex", ("refinery",), {2030: 6000.0}),
        Ceiling("starts|all|", "starts", ("refinery",), {2030: 2.0}),
    )
    m = build_model(tiny_instance(projects={"refinery": dear}, ceilings=ceilings, **RICH))
    build = ("build", "refinery", 2030)
    assert_row(m.limit_capex[0, 2030], {build: 4.0}, "<=", 6.0)
    assert_row(m.limit_starts[1, 2030], {build: 1.0}, "<=", 2.0)


def test_what_cannot_be_paid_does_not_set_the_scale_of_money() -> None:
    # A quarter of capex must be public and half may be, of a fund of 3: 12 at most. Capex 12 is
    # within reach and sets the scale at 10; 13 is not, and the scale stays that of the 4 beside it.
    def scale(capex: float, **changes: object) -> float:
        offers = {2030: offer(2030), 2031: offer(2031, capex=capex)}
        changed = {"projects": {"refinery": project(offers=offers)}} | changes
        return build_model(tiny_instance(**changed)).scale.money

    assert (scale(12.0), scale(13.0)) == (10.0, 1.0)
    assert scale(6e11) == 1.0
    # Where nothing is within reach, the fund's 3 says how large the case is, or the cheapest unit
    # where that is less or nobody has money.
    lone = {"refinery": project(offers={2030: offer(2030, capex=6e11)})}
    assert scale(0.0, projects=lone) == 1.0
    cheap = {"refinery": project(offers={2030: offer(2030, capex=50.0)})}
    poor = programme(shares={}, amount=700.0)
    assert scale(0.0, projects=cheap, programmes={"grant": poor}) == 10.0
    assert scale(0.0, projects=cheap, programmes={}) == 10.0
    # Of 60 half is private, and half of that falls due in 2031: 15, for which 10 is not enough.
    ready = {"ceilings": (Ceiling("private|all|", "private", ("refinery",), {2031: 10.0}),)}
    assert (scale(60.0, **RICH), scale(60.0, **RICH, **ready)) == (10.0, 1.0)


def test_what_does_not_count_does_not_set_the_scale_of_mass() -> None:
    # 500 a year count. 1e12 that others ask for, or that weighs nothing, does not, nor a capacity.
    base = tiny_instance()
    more = [demand("all", "C"), demand("toys", weight=0.0)]
    more = [dataclasses.replace(d, amounts=dict.fromkeys(YEARS, 1e12)) for d in more]
    plenty = {
        f: dataclasses.replace(item, usable=dict.fromkeys(YEARS, 1e12))
        for f, item in base.facilities.items()
    }
    both = {**base.demands, **{d.id: d for d in more}}
    assert build_model(base.replace(demands=both, facilities=plenty)).scale.mass == 1.0
    # However little it weighs, what counts has its say: 500 of the cars at a weight of a tenth.
    light = {d.id: dataclasses.replace(d, weight=d.weight / 20) for d in base.demands.values()}
    both = {**light, **{d.id: d for d in more}}
    assert build_model(base.replace(demands=both, facilities=plenty)).scale.mass == 1.0


@own_test
def test_define_funding_floor(tiny: OptModel) -> None:
    # public_share 0.25 x capex 4 = 1 a unit.
    row = {("pay", "refinery", "grant", 2030): 1.0, ("build", "refinery", 2030): -1.0}
    assert_row(tiny.define_funding_floor["refinery", 2030], row, ">=", 0.0)
    assert not list(with_project(public_share=0.0).define_funding_floor)


@own_test
def test_define_funding_ceiling(tiny: OptModel) -> None:
    # max_public_share 0.75 x capex 4 = 3 a unit.
    row = {("pay", "refinery", "grant", 2030): 1.0, ("build", "refinery", 2030): -3.0}
    assert_row(tiny.define_funding_ceiling["refinery", 2030], row, "<=", 0.0)
    # Scalable: 0.75 x (1 a unit + 0.04 on every unit of size).
    row = {
        ("pay", "refinery", "grant", 2030): 1.0,
        ("build", "refinery", 2030): -0.75,
        ("size", "refinery", 2030): -0.03,
    }
    m = build_model(scalable_instance())
    assert_row(m.define_funding_ceiling["refinery", 2030], row, "<=", 0.0)


@own_test
def test_limit_share(tiny: OptModel) -> None:
    # max_share 0.5 x capex 4 = 2 a unit.
    row = {("pay", "refinery", "grant", 2030): 1.0, ("build", "refinery", 2030): -2.0}
    assert_row(tiny.limit_share["refinery", "grant", 2030], row, "<=", 0.0)


@own_test
def test_limit_ticket_max(tiny: OptModel) -> None:
    assert not list(tiny.limit_ticket_max)
    m = with_programme(ticket_max=1.5)
    row = {("pay", "refinery", "grant", 2030): 1.0}
    assert_row(m.limit_ticket_max["refinery", "grant", 2030], row, "<=", 1.5)


@own_test
def test_limit_ticket_min() -> None:
    m = with_programme(ticket_min=0.2)
    row = {("pay", "refinery", "grant", 2030): 1.0, ("ticket", "refinery", "grant", 2030): -0.2}
    assert_row(m.limit_ticket_min["refinery", "grant", 2030], row, ">=", 0.0)


@own_test
def test_link_ticket() -> None:
    # The most it could pay: max_share 0.5 x capex 4 x 2 units = 4; ticket_max caps it.
    pay, ticket = ("pay", "refinery", "grant", 2030), ("ticket", "refinery", "grant", 2030)
    m = with_programme(ticket_min=0.2)
    assert_row(m.link_ticket["refinery", "grant", 2030], {pay: 1.0, ticket: -4.0}, "<=", 0.0)
    m = with_programme(ticket_min=0.2, ticket_max=1.5)
    assert_row(m.link_ticket["refinery", "grant", 2030], {pay: 1.0, ticket: -1.5}, "<=", 0.0)
    # Scalable: 0.5 x (1 + 0.04 x 50) x 2 units = 3.
    base = scalable_instance()
    m = build_model(base.replace(programmes={"grant": programme(ticket_min=0.2)}))
    assert_row(m.link_ticket["refinery", "grant", 2030], {pay: 1.0, ticket: -3.0}, "<=", 0.0)


@own_test
def test_limit_programme() -> None:
    # Half of the face value counts against the amount.
    m = with_programme(charge=0.5)
    row = {("pay", "refinery", "grant", 2030): 0.5, ("pay", "refinery", "grant", 2031): 0.5}
    assert_row(m.limit_programme["grant"], row, "<=", 3.0)


@own_test
def test_limit_disbursement() -> None:
    # charge 0.5 x spend share 0.5 = 0.25: in 2031 the second half of what 2030 committed and the
    # first half of what 2031 committed fall due. 2032 has no limit.
    first, second = ("pay", "refinery", "grant", 2030), ("pay", "refinery", "grant", 2031)
    m = with_programme(charge=0.5, limits={2030: 0.4, 2031: 0.5})
    assert list(m.limit_disbursement) == [("grant", 2030), ("grant", 2031)]
    assert_row(m.limit_disbursement["grant", 2030], {first: 0.25}, "<=", 0.4)
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.25, second: 0.25}, "<=", 0.5)
    # With carry-over the sums up to a year: by 2031 all of 2030's commitment is due (0.5).
    m = with_programme(charge=0.5, carry_over=True, limits={2030: 0.4, 2031: 0.5, 2032: 0.1})
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.5, second: 0.25}, "<=", 0.9)
    assert_row(m.limit_disbursement["grant", 2032], {first: 0.5, second: 0.5}, "<=", 1.0)
    # A sum is limited while every year so far is: from a blank year on nothing is.
    m = with_programme(carry_over=True, limits={2030: 0.4, 2032: 0.1})
    assert list(m.limit_disbursement) == [("grant", 2030)]
    assert not list(with_programme(carry_over=True, limits={2031: 0.5}).limit_disbursement)
    # Lent again after a year: of 2030's commitment half is due in 2030, and in 2031 the other half
    # while all comes back. So nothing of it is left by 2031, and by 2032 nothing of any.
    m = with_programme(repay_years=1, carry_over=True, limits=dict.fromkeys(range(2030, 2033), 0.4))
    assert list(m.limit_disbursement) == [("grant", 2030), ("grant", 2031)]
    assert_row(m.limit_disbursement["grant", 2031], {second: 0.5}, "<=", 0.8)


@own_test
def test_limit_outstanding(tiny: OptModel) -> None:
    assert not list(tiny.limit_outstanding)
    # A commitment of 2030 operates in 2031: half of it is back by the end of 2031, all by 2032; of
    # one of 2031 half by 2032. Half of the face value counts against the amount.
    first, second = ("pay", "refinery", "grant", 2030), ("pay", "refinery", "grant", 2031)
    m = with_programme(charge=0.5, repay_years=2)
    assert not list(m.limit_programme)
    assert list(m.limit_outstanding) == [("grant", 2030), ("grant", 2031), ("grant", 2032)]
    assert_row(m.limit_outstanding["grant", 2030], {first: 0.5}, "<=", 3.0)
    assert_row(m.limit_outstanding["grant", 2031], {first: 0.25, second: 0.5}, "<=", 3.0)
    assert_row(m.limit_outstanding["grant", 2032], {second: 0.25}, "<=", 3.0)
    # What would come back after the last year never does: 1/4 a year.
    m = with_programme(repay_years=4)
    row = {first: 1 - 2 / 4, second: 1 - 1 / 4}
    assert_row(m.limit_outstanding["grant", 2032], row, "<=", 3.0)


def test_limit_disbursement_of_a_loan_that_comes_back() -> None:
    # Charge 0.5. Of a commitment of 2030 half falls due in 2030 and half in 2031; a quarter comes
    # back in each of 2031-2034: (0.5, 0.5 - 0.25, -0.25) x 0.5. Of one of 2031 a year later.
    first, second = ("pay", "refinery", "grant", 2030), ("pay", "refinery", "grant", 2031)
    m = with_programme(charge=0.5, repay_years=4, limits={2030: 0.4, 2031: 0.5, 2032: 0.6})
    assert_row(m.limit_disbursement["grant", 2030], {first: 0.25}, "<=", 0.4)
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.125, second: 0.25}, "<=", 0.5)
    row = {first: -0.125, second: 0.125}
    assert_row(m.limit_disbursement["grant", 2032], row, "<=", 0.6)
    # A limit of a year in which no more falls due than comes back needs no row: 0.5 - 0.5 of the
    # first in 2031; but half of the second falls due then.
    m = with_programme(repay_years=2, limits={2031: 0.5, 2032: 0.6})
    assert list(m.limit_disbursement) == [("grant", 2031)]
    assert_row(m.limit_disbursement["grant", 2031], {second: 0.5}, "<=", 0.5)
    # With carry-over the sums: 0.25, 0.375, 0.25 of the first; 0.25, 0.375 of the second.
    limits = {2030: 0.4, 2031: 0.5, 2032: 0.6}
    m = with_programme(charge=0.5, repay_years=4, carry_over=True, limits=limits)
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.375, second: 0.25}, "<=", 0.9)
    assert_row(m.limit_disbursement["grant", 2032], {first: 0.25, second: 0.375}, "<=", 1.5)


def test_commitment_window_of_a_programme() -> None:
    m = with_programme(commit_from=2031, commit_to=2031)
    assert list(m.pay) == [("refinery", "grant", 2031)]


# ---- The worst year -------------------------------------------------------------------------


@own_test
def test_define_worst(tiny: OptModel) -> None:
    # 2031: (2 x unserved cars + unserved defence) / (2 x 450 + 100) <= worst / 600, where 600 is
    # the largest allied demand of a year: 2 / 1000 x 600 = 1.2 and 1 / 1000 x 600 = 0.6.
    assert list(tiny.define_worst) == [2031, 2032]
    assert_row(
        tiny.define_worst[2031],
        {
            ("short", CARS, 2031): 1.2,
            ("serve", CARS, EXPOSED, 2031): 1.2,
            ("short", DEFENCE, 2031): 0.6,
            ("serve", DEFENCE, EXPOSED, 2031): 0.6,
            ("worst",): -1.0,
        },
        "<=",
        0.0,
    )


# ---- Variables ------------------------------------------------------------------------------

# Clear oxide is made from 2031 on, when the project can run; until then no clear magnets. The mine
# works for exposed use, too.
RUNS = {
    *(("mine_a", "mine", o, t) for o in (CLEAR, EXPOSED) for t in YEARS),
    ("refinery_c", "refine", EXPOSED, 2030),
    ("magnets_a", "sinter", EXPOSED, 2030),
    *(("refinery_c", "refine", EXPOSED, t) for t in (2031, 2032)),
    *((f, p, o, t) for t in (2031, 2032) for o in (CLEAR, EXPOSED)
      for f, p in (("refinery", "refine"), ("magnets_a", "sinter"))),
}  # fmt: skip
EXPECTED: dict[str, set[Any]] = {
    "build": {("refinery", 2030), ("refinery", 2031)},
    "size": set(),
    "pay": {("refinery", "grant", 2030), ("refinery", "grant", 2031)},
    "ticket": set(),
    "run": RUNS,
    "send": {(0, EXPOSED, t) for t in YEARS},
    "out": {(0, "A", EXPOSED, t) for t in YEARS},
    # In 2030 nobody in A can use ore.
    "into": {(0, "C", EXPOSED, t) for t in YEARS} | {(0, "A", EXPOSED, t) for t in (2031, 2032)},
    # Where clear material is made or wanted.
    "downgrade": {("A", "ore", t) for t in YEARS}
    | {("A", "oxide", t) for t in (2031, 2032)}
    | {("A", "magnet", t) for t in YEARS},
    # Oxide may not be left over.
    "surplus": {("A", c, o, t) for c in ("ore", "magnet") for o in (CLEAR, EXPOSED) for t in YEARS}
    | {("C", "ore", EXPOSED, t) for t in YEARS},
    "serve": {(d, CLEAR, t) for d in (CARS, DEFENCE) for t in YEARS}
    | {(DEFENCE, EXPOSED, t) for t in YEARS}
    | {(CARS, EXPOSED, t) for t in (2030, 2031)},
    "short": {(d, t) for d in (CARS, DEFENCE) for t in YEARS},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_variable_exists_where_it_can_be_used(tiny: OptModel, name: str) -> None:
    assert set(getattr(tiny, name)) == EXPECTED[name]


def test_variables_of_size_and_tickets() -> None:
    assert list(build_model(scalable_instance()).size) == [("refinery", 2030)]
    tickets = [("refinery", "grant", 2030), ("refinery", "grant", 2031)]
    assert list(with_programme(ticket_min=0.2).ticket) == tickets


def test_bounds_come_from_the_data(tiny: OptModel) -> None:
    assert tiny.build["refinery", 2030].ub == 2
    assert tiny.short[CARS, 2031].ub == 450.0
    assert with_programme(ticket_min=0.2).ticket["refinery", "grant", 2030].ub == 1
    whole = {v.name for v in VARIABLES if v.integer}
    for variable in VARIABLES:
        for item in getattr(tiny, variable.name).values():
            assert item.lb == 0
            assert item.is_integer() == (variable.name in whole)


def test_domains_of_variables_of_no_family() -> None:
    # A half of each of two projects of a group would be two projects; dependence is no less than
    # none; what stands for nothing is 0, in whatever row.
    m = with_project(group="g")
    chosen = m.chosen["refinery"]
    assert (chosen.is_integer(), chosen.lb, chosen.ub) == (True, 0, 1)
    assert (m.worst.is_integer(), m.worst.lb, m.worst.ub) == (False, 0, None)
    assert (m.nothing.lb, m.nothing.ub) == (0, 0)


def test_nothing_clear_is_sent_into_the_covered_bloc() -> None:
    # Not even to a plant there that could use it: what reaches C is exposed.
    able = Facility(
        plant("refinery_c", "C", "refine", clear=True), dict.fromkeys(YEARS, 300.0), YEARS
    )
    m = build_model(tiny_instance(facilities={**tiny_instance().facilities, "refinery_c": able}))
    assert {o for _, region, o, _ in m.into if region == "C"} == {EXPOSED}


def test_a_process_may_use_all_that_can_be_made() -> None:
    # Made in A are ore, oxide (by the project, from 2031 on) and magnets, and no more.
    base = tiny_instance()
    burn = Process("burn", "waste", {"ore": -1.0, "oxide": -1.0, "magnet": -1.0})
    oven = Facility(plant("oven", "A", "burn"), dict.fromkeys(YEARS, 1.0), YEARS)
    m = build_model(
        base.replace(
            processes={**base.processes, "burn": burn},
            facilities={**base.facilities, "oven": oven},
        )
    )
    assert ("oven", "burn", CLEAR, 2031) in m.run
    assert ("oven", "burn", EXPOSED, 2030) in m.run


def test_clear_chain_alone_has_no_exposed_flow() -> None:
    m = build_model(tiny_instance(), (CLEAR,))
    assert {key[2] for key in m.run} == {CLEAR}
    assert set(m.serve) == {(d, CLEAR, t) for d in (CARS, DEFENCE) for t in YEARS}
    assert not list(m.downgrade)
    assert not list(m.send)


# ---- Objectives -----------------------------------------------------------------------------


def test_capital_cost(tiny: OptModel) -> None:
    # Committed in 2030: 4 x (0.5 x 1 + 0.5 x 0.8) = 3.6. Committed in 2031: 4 x (0.5 x 0.8 + 0.5 x
    # 0.64) = 2.88.
    terms, constant = linear(objectives.capital_cost(tiny))
    expected = {("build", "refinery", 2030): 3.6, ("build", "refinery", 2031): 2.88}
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_residual_value() -> None:
    # 3.6 less 0.9 x 4 x 0.64 = 2.304.
    m = with_project(offers={2030: offer(2030, residual=0.9)})
    terms, _ = linear(objectives.capital_cost(m))
    assert terms == pytest.approx({("build", "refinery", 2030): 1.296})


def test_capital_cost_of_a_scalable_project_and_of_late_money() -> None:
    # 0.9 x 1 a unit and 0.9 x 0.04 on every unit of size.
    m = build_model(scalable_instance())
    terms, _ = linear(objectives.capital_cost(m))
    expected = {("build", "refinery", 2030): 0.9, ("size", "refinery", 2030): 0.036}
    assert terms == pytest.approx(expected)
    # Half falls due in 2033, after the last year: 4 x (0.5 x 0.64 + 0.5 x 0.512) = 2.304.
    late = offer(2032, spend={2032: 0.5, 2033: 0.5}, usable={2032: 1.0}, open_years=(2032,))
    m = with_project(offers={2032: late})
    terms, _ = linear(objectives.capital_cost(m))
    assert terms == pytest.approx({("build", "refinery", 2032): 2.304})


def test_running_cost() -> None:
    # USD 2 million a unit of activity: 2 x 1, 0.8, 0.64, in either class.
    base = tiny_instance()
    dear = dataclasses.replace(
        base.facilities["magnets_a"], plant=plant("magnets_a", "A", "sinter", opex=2 * MILLION)
    )
    m = build_model(base.replace(facilities={**base.facilities, "magnets_a": dear}))
    terms, constant = linear(objectives.running_cost(m))
    expected = {
        ("run", "magnets_a", "sinter", EXPOSED, 2030): 2.0,
        ("run", "magnets_a", "sinter", CLEAR, 2031): 1.6,
        ("run", "magnets_a", "sinter", EXPOSED, 2031): 1.6,
        ("run", "magnets_a", "sinter", CLEAR, 2032): 1.28,
        ("run", "magnets_a", "sinter", EXPOSED, 2032): 1.28,
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_standing_cost() -> None:
    # Facility, open in 2030 and 2031: 5 x (1 + 0.8) = 9. Project from its first operation on:
    # committed in 2030 open 2031 and 2032: 3 x (0.8 + 0.64) = 4.32; committed in 2031: 3 x 0.64.
    base = tiny_instance()
    standing = Facility(
        plant("mine_a", "A", "mine", fixed_opex=5.0), {2030: 600.0, 2031: 600.0}, (2030, 2031)
    )
    paid = project(plant=plant("refinery", "A", "refine", fixed_opex=3.0))
    m = build_model(
        base.replace(
            facilities={**base.facilities, "mine_a": standing}, projects={"refinery": paid}
        )
    )
    terms, constant = linear(objectives.standing_cost(m))
    expected = {("build", "refinery", 2030): 4.32, ("build", "refinery", 2031): 1.92}
    assert (terms, constant) == (pytest.approx(expected), pytest.approx(9.0))


def test_freight(tiny: OptModel) -> None:
    # Lane USD 2 million, pool USD 1 million charged on what goes into it; 1, 0.8, 0.64.
    terms, constant = linear(objectives.freight(tiny))
    expected = {
        **{("send", 0, EXPOSED, t): 2 * f for t, f in zip(YEARS, (1, 0.8, 0.64), strict=True)},
        **{("out", 0, "A", EXPOSED, t): f for t, f in zip(YEARS, (1, 0.8, 0.64), strict=True)},
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


@pytest.mark.parametrize("sign", [1, -1])
def test_surplus_cost(sign: int) -> None:
    # USD 3 million a unit of ore left over; a credit where negative; magnets are free.
    base = tiny_instance()
    ore = dataclasses.replace(base.commodities["ore"], surplus=sign * 3 * MILLION)
    m = build_model(base.replace(commodities={**base.commodities, "ore": ore}))
    terms, constant = linear(objectives.surplus_cost(m))
    expected = {
        ("surplus", r, "ore", o, t): sign * 3 * f
        for r, o in (("A", CLEAR), ("A", EXPOSED), ("C", EXPOSED))
        for t, f in zip(YEARS, (1, 0.8, 0.64), strict=True)
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


# Dependence years 2031 and 2032: 2 x (450 + 500) + (100 + 100) = 2100.
UNSERVED = {
    ("short", CARS, 2031): 2,
    ("serve", CARS, EXPOSED, 2031): 2,
    ("short", CARS, 2032): 2,
    ("short", DEFENCE, 2031): 1,
    ("serve", DEFENCE, EXPOSED, 2031): 1,
    ("short", DEFENCE, 2032): 1,
    ("serve", DEFENCE, EXPOSED, 2032): 1,
}


@own_test
def test_measure_dependence(tiny: OptModel) -> None:
    assert_share(tiny, "dependence", {key: c / 2100 for key, c in UNSERVED.items()})


def test_measure_of_shares_where_allies_ask_for_nothing() -> None:
    other = demand("all", "C", prices=dict.fromkeys(YEARS, 1.0))
    m = build_model(tiny_instance(demands={other.id: other}))
    for name in ("dependence", "dependence@2031", "shortfall", "value-weighted"):
        found = measure(m, name)
        assert (linear(found.expression), found.per_unit) == (({}, 0), 0.0)


@own_test
def test_measure_dependence_at_a_year(tiny: OptModel) -> None:
    # 2031 alone: 2 x 450 + 100 = 1000.
    of_year = {key: c / 1000 for key, c in UNSERVED.items() if key[-1] == 2031}
    assert_share(tiny, "dependence@2031", of_year)
    # 2030, which is not among the dependence years: 2 x 400 + 100 = 900.
    of_year = {(*key[:-1], 2030): c / 900 for key, c in UNSERVED.items() if key[-1] == 2031}
    assert_share(tiny, "dependence@2030", of_year)


@own_test
def test_measure_shortfall(tiny: OptModel) -> None:
    # All years above, the denominator of dependence below.
    expected = {("short", d, t): w / 2100 for d, w in ((CARS, 2), (DEFENCE, 1)) for t in YEARS}
    assert_share(tiny, "shortfall", expected)


@own_test
def test_measure_value_weighted() -> None:
    # Weights x prices: cars 2 x 10 = 20 in 2031, 2 x 20 = 40 in 2032; defence 1 x 30 in both.
    # Denominator 20 x 450 + 40 x 500 + 30 x 200 = 35,000.
    priced = [
        demand("cars", clear_from=2032, prices={2030: 5.0, 2031: 10.0, 2032: 20.0}),
        demand(
            "defence",
            weight=1.0,
            amounts=dict.fromkeys(YEARS, 100.0),
            prices=dict.fromkeys(YEARS, 30.0),
        ),
    ]
    m = build_model(tiny_instance(demands={d.id: d for d in priced}))
    weights = {(CARS, 2031): 20, (CARS, 2032): 40, (DEFENCE, 2031): 30, (DEFENCE, 2032): 30}
    expected = {key: weights[key[1], key[-1]] / 35_000 for key in UNSERVED}
    assert_share(m, "value-weighted", expected)


@own_test
def test_measure_peak(tiny: OptModel) -> None:
    # The variable worst is 600 x the dependence of the worst year.
    assert_share(tiny, "peak", {("worst",): 1 / 600})


@own_test
def test_measure_public(tiny: OptModel) -> None:
    pays = {("pay", "refinery", "grant", 2030): 1.0, ("pay", "refinery", "grant", 2031): 1.0}
    assert_share(tiny, "public", pays)


@own_test
def test_measure_cost(tiny: OptModel) -> None:
    # The sum of its parts.
    parts = (
        objectives.capital_cost,
        objectives.running_cost,
        objectives.standing_cost,
        objectives.freight,
        objectives.surplus_cost,
        objectives.carrying_cost,
        objectives.support_cost,
    )
    total: dict[VariableKey, float] = {}
    for part in parts:
        for key, c in linear(part(tiny))[0].items():
            total[key] = total.get(key, 0.0) + c
    assert linear(measure(tiny, "cost").expression)[0] == pytest.approx(total)
    assert measure(tiny, "cost").per_unit == 1.0


@own_test
def test_measure_world() -> None:
    # Only what regions outside the alliance are short of, unweighted.
    base = tiny_instance()
    other = demand("all", "C", amounts=dict.fromkeys(YEARS, 50.0))
    m = build_model(base.replace(demands={**base.demands, other.id: other}))
    assert_share(m, "world", {("short", other.id, t): 1.0 for t in YEARS})


def test_measures_in_the_units_of_the_workbook() -> None:
    # A thousand times the tonnes and the money: the model's own units hide it, the values do not.
    base = tiny_instance()
    big = {
        d.id: dataclasses.replace(d, amounts={t: a * 1e3 for t, a in d.amounts.items()})
        for d in base.demands.values()
    }
    dear = project(offers={2030: offer(2030, capex=4000.0)})
    m = build_model(base.replace(demands=big, projects={"refinery": dear}, **RICH))
    assert (m.scale.mass, m.scale.money) == (1e3, 1e3)
    assert_row(
        m.meet_demand[CARS, 2032],
        {("serve", CARS, CLEAR, 2032): 1, ("short", CARS, 2032): 1},
        "=",
        500.0,
    )
    assert measure(m, "public").per_unit == 1e3
    # Freight of USD 1 million on a thousand tonnes is USD 1,000 million: one unit of money.
    assert linear(objectives.freight(m))[0]["out", 0, "A", EXPOSED, 2030] == pytest.approx(1.0)


# ---- Nothing forgotten ----------------------------------------------------------------------


def test_every_rule_variable_and_measure_has_a_test() -> None:
    names = [name.replace("-", "_").replace("@YEAR", "_at_a_year") for name in MEASURES]
    assert {rule.name for rule in RULES} | {f"measure_{name}" for name in names} == TESTED
    assert {variable.name for variable in VARIABLES} == {
        *EXPECTED,
        *test_model_stock_support.EXPECTED,
    }
