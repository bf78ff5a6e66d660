"""Pooled dependence: shares worked out by hand on flows that mix."""

from __future__ import annotations

import pytest
from instances import stockpile, tiny_instance

from opt.data.instance import Process
from opt.record.flows import Activity, Delivery, Flows, Shipment
from opt.record.stock import StockYear
from opt.results.pooled import clear_shares, pooled_dependence

YEAR = 2031
# A mines 600 ore: 400 stay for its own refinery, 200 go to C. A's refinery makes 40 oxide of its
# 400 ore; 10 oxide come from C. The magnet plant makes 100 magnets of the 50 oxide.
ACTIVITIES = (
    Activity("mine_a", "mine", "clear", YEAR, 600.0),
    Activity("refinery", "refine", "clear", YEAR, 40.0),
    Activity("refinery_c", "refine", "exposed", YEAR, 20.0),
    Activity("magnets_a", "sinter", "clear", YEAR, 80.0),
    Activity("magnets_a", "sinter", "exposed", YEAR, 20.0),
)
SHIPMENTS = (
    Shipment("A", "C", "ore", "exposed", YEAR, 200.0),
    Shipment("C", "A", "oxide", "exposed", YEAR, 10.0),
)
# Cars (weight 2) want 450: 70 clear, 20 exposed, 360 short. Defence (weight 1) wants 100: 10 clear.
DELIVERIES = (
    Delivery("A", "magnet", "cars", YEAR, 450.0, 70.0, 20.0, 360.0),
    Delivery("A", "magnet", "defence", YEAR, 100.0, 10.0, 0.0, 90.0),
)
FLOWS = Flows(ACTIVITIES, SHIPMENTS, (), DELIVERIES)


def test_material_mixes_where_it_meets_and_the_least_clear_input_decides() -> None:
    shares = clear_shares(tiny_instance(), FLOWS, YEAR)
    assert shares["A", "ore"] == 1.0
    assert shares["C", "ore"] == 0.0  # what reaches the covered bloc is exposed
    assert shares["C", "oxide"] == 0.0
    assert shares["A", "oxide"] == pytest.approx(0.8)  # 40 clear of 50
    assert shares["A", "magnet"] == pytest.approx(0.8)


def test_pooled_dependence_by_hand() -> None:
    # Cars: 90 served x 0.2 + 360 short = 378, x 2 = 756. Defence: 10 x 0.2 + 90 = 92. Of 900 + 100.
    assert pooled_dependence(tiny_instance(), FLOWS, [YEAR]) == pytest.approx(0.848)
    # Traced, the same flows give (380 x 2 + 90) / 1000 = 0.85: defence takes clear magnets alone.
    assert pooled_dependence(tiny_instance(), FLOWS, []) == 0.0


def test_a_cycle_settles() -> None:
    # Scrap of the magnets goes back: sinter makes 0.5 scrap a magnet, of which refine_scrap makes
    # oxide. Oxide in A: 40 clear + 10 exposed + 10 of scrap with the magnets' own share s:
    # s = (40 + 10 s) / 60, so s = 0.8.
    base = tiny_instance()
    processes = {
        **base.processes,
        "sinter": Process("sinter", "magnet", {"oxide": -0.6, "magnet": 1.0, "ore": 0.5}),
        "mine": Process("mine", "mining", {"oxide": 1.0}),
    }
    # Ore stands for scrap here: made by the magnet plant alone, turned into oxide by the refinery.
    activities = (
        Activity("mine_a", "mine", "clear", YEAR, 40.0),
        Activity("magnets_a", "sinter", "clear", YEAR, 100.0),
        Activity("refinery", "refine", "clear", YEAR, 10.0),
        Activity("refinery_c", "refine", "exposed", YEAR, 10.0),
    )
    shipments = (Shipment("C", "A", "oxide", "exposed", YEAR, 10.0),)
    flows = Flows(activities, shipments, (), ())
    shares = clear_shares(base.replace(processes=processes), flows, YEAR)
    assert shares["A", "oxide"] == pytest.approx(0.8)
    assert shares["A", "ore"] == pytest.approx(0.8)


def test_a_loop_that_almost_feeds_itself_is_solved_and_not_stepped() -> None:
    # A thousandth of a thousandth of the oxide in A is new and exposed: in the end all of it is.
    processes = {
        **tiny_instance().processes,
        "refine": Process("refine", "separation", {"magnet": -1.0, "oxide": 1.0}),
        "sinter": Process("sinter", "magnet", {"oxide": -1.0, "magnet": 1.0}),
    }
    activities = (
        Activity("refinery", "refine", "exposed", YEAR, 1e6),
        Activity("magnets_a", "sinter", "exposed", YEAR, 1e6),
    )
    shipments = (Shipment("C", "A", "oxide", "exposed", YEAR, 1.0),)
    flows = Flows(activities, shipments, (), ())
    shares = clear_shares(tiny_instance().replace(processes=processes), flows, YEAR)
    assert shares["A", "magnet"] == pytest.approx(0.0, abs=1e-9)


def test_a_closed_loop_stays_clear() -> None:
    processes = {
        **tiny_instance().processes,
        "refine": Process("refine", "separation", {"magnet": -1.0, "oxide": 1.0}),
        "sinter": Process("sinter", "magnet", {"oxide": -1.0, "magnet": 1.0}),
    }
    activities = (
        Activity("refinery", "refine", "clear", YEAR, 5.0),
        Activity("magnets_a", "sinter", "clear", YEAR, 5.0),
    )
    flows = Flows(activities, (), (), ())
    shares = clear_shares(tiny_instance().replace(processes=processes), flows, YEAR)
    assert shares == {("A", "oxide"): 1.0, ("A", "magnet"): 1.0}


def test_released_material_keeps_its_class_and_mixes() -> None:
    # Oxide in A: 40 clear + 10 of C + 20 clear + 10 exposed out of stock: 60 of 80 is clear.
    stocks = (
        StockYear("vault", "clear", YEAR, 0.0, 20.0, 5.0),
        StockYear("vault", "exposed", YEAR, 0.0, 10.0, 5.0),
        # Bought and kept alone, and in another year: no part of it.
        StockYear("other", "clear", YEAR, 70.0, 0.0, 70.0),
        StockYear("vault", "clear", YEAR + 1, 0.0, 99.0, 0.0),
    )
    instance = tiny_instance(stockpiles={"vault": stockpile(), "other": stockpile("other")})
    flows = Flows(ACTIVITIES, SHIPMENTS, (), DELIVERIES, stocks)
    shares = clear_shares(instance, flows, YEAR)
    assert shares["A", "oxide"] == pytest.approx(0.75)
    assert shares["A", "magnet"] == pytest.approx(0.75)
    # Cars: 90 x 0.25 + 360, x 2 = 765. Defence: 10 x 0.25 + 90 = 92.5.
    assert pooled_dependence(instance, flows, [YEAR]) == pytest.approx(0.8575)


def test_a_place_with_released_material_alone() -> None:
    # Nothing is made: 3 clear and 1 exposed out of stock are served.
    stocks = (
        StockYear("vault", "clear", YEAR, 0.0, 3.0, 0.0),
        StockYear("vault", "exposed", YEAR, 0.0, 1.0, 0.0),
    )
    instance = tiny_instance(stockpiles={"vault": stockpile(commodity="magnet")})
    shares = clear_shares(instance, Flows((), (), (), (), stocks), YEAR)
    assert shares == {("A", "magnet"): pytest.approx(0.75)}
