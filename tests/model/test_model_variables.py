"""Where variables exist, and their bounds.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from typing import Any

import pytest
from algebra import CARS, DEFENCE, with_programme, with_project
from instances import BOTH, SINTER, YEARS, plant, programme, scalable_instance, tiny_instance
from models import everything, with_stock

from opt.data.instance import Facility, Process
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.model.variables import VARIABLES
from opt.record.flows import CLEAR, EXPOSED

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


EXPECTED_OF_EVERYTHING: dict[str, set[Any]] = {
    # Contracts bind what the refinery makes, which can run from 2031 on, and end in 2031.
    "contracted": {("A", "oxide", o, 2031) for o in BOTH},
    # Clear oxide alone is bought and lay there at first.
    "level": {("vault", CLEAR, t) for t in YEARS},
    # The grant buys until 2031.
    "buy": {("vault", CLEAR, t) for t in (2030, 2031)},
    "release": {("vault", CLEAR, t) for t in (2031, 2032)},
    # It pays for keeping what it bought in 2032, too.
    "pay_stock": {("grant", "vault", t) for t in YEARS},
    # It supports from 2030 on; the magnet plant has a gap in 2031 alone.
    "supported": {("grant", *SINTER, 2031)},
    # Of the plan to stay near one project is no longer there.
    "stay": {("refinery", 2030)},
    "change": {"refinery", "gone"},
    # Two units of it may be built.
    "present": {"refinery"},
    # The least use of the refinery in C is one of 2031.
    "idle": {("refinery_c", 2031)},
}


@pytest.mark.parametrize("name", EXPECTED_OF_EVERYTHING)
def test_variable_exists_where_everything_is_asked_for(name: str) -> None:
    assert set(getattr(build_model(everything()), name)) == EXPECTED_OF_EVERYTHING[name]
    assert not list(getattr(build_model(tiny_instance()), name))


def test_variables_of_stock_by_what_it_buys_and_holds() -> None:
    m = build_model(everything(buys=(EXPOSED,)))
    # The clear stock of the beginning is kept and released; exposed is bought.
    assert {key[1] for key in m.level} == {CLEAR, EXPOSED}
    assert {key[1] for key in m.buy} == {EXPOSED}
    # Of two classes one is neither there nor bought.
    m = build_model(everything(buys=(EXPOSED,), initial={}))
    assert {key[1] for key in m.level} == {EXPOSED}
    # Nobody pays for stock: what lay there at first is all there is.
    m = with_stock(programme())
    assert set(m.level) == EXPECTED_OF_EVERYTHING["level"]
    assert not list(m.buy)
    assert not list(m.pay_stock)
    # No stock and nobody who buys.
    assert not list(with_stock(programme(), initial={}).level)
    # Without a carrying cost nothing is paid after the last year of buying.
    m = build_model(everything(carrying_cost=0.0))
    assert set(m.pay_stock) == {("grant", "vault", t) for t in (2030, 2031)}


def test_clear_chain_alone_has_clear_stock_alone() -> None:
    chain = build_model(everything(initial={CLEAR: 20.0, EXPOSED: 5.0}), (CLEAR,))
    assert set(chain.level) == EXPECTED_OF_EVERYTHING["level"]
    assert set(chain.buy) == EXPECTED_OF_EVERYTHING["buy"]
    assert set(chain.release) == EXPECTED_OF_EVERYTHING["release"]
    assert set(chain.contracted) == {("A", "oxide", CLEAR, 2031)}
    assert {key[0] for key in chain.limit_offtake} == {CLEAR}
    # Where exposed stock alone can be bought, there is nothing to pay.
    chain = build_model(everything(buys=(EXPOSED,), initial={}), (CLEAR,))
    assert not list(chain.level)
    assert not list(chain.pay_stock)


def test_bounds_of_stock_contracts_and_targets() -> None:
    m = build_model(everything())
    for name in EXPECTED_OF_EVERYTHING:
        for item in getattr(m, name).values():
            assert item.bounds == (0, {"stay": 2, "present": 1}.get(name))
            assert item.is_integer() == (name == "present")
