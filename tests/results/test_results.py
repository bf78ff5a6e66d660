"""What a plan comes to by stockpile, margin, target, maker, element and stage of first touch: flows
written down, values worked out by hand.

The instance is that of `instances.tiny_instance`: A is an ally, C is covered. A refinery uses 10 of
ore for one of oxide, a magnet plant half an oxide for one magnet.
"""

from __future__ import annotations

from typing import Any

import pytest
from instances import (
    YEARS,
    demand,
    plant,
    programme,
    project,
    stockpile,
    target,
    tiny_instance,
)

from opt.data.instance import Facility, Instance, Process
from opt.record.chain import TouchYear
from opt.record.demand import ElementYear
from opt.record.flows import Activity, Delivery, Flows, Leftover, Shipment
from opt.record.money import Payment, Use
from opt.record.projects import Commitment
from opt.record.run import Solution
from opt.record.stock import StockYear
from opt.record.support import MarginYear
from opt.record.targets import TargetResult
from opt.results.metrics import capacity_years, measure_solution, programme_years
from opt.results.shares import element_years, world_shares
from opt.results.stock import stockpile_years
from opt.results.support import margin_years
from opt.results.targets import target_results, target_value
from opt.results.touch import touch_years
from opt.studies.change import without_new_money

YEAR = 2031
NOTHING = Flows((), (), (), ())
CARS, DEFENCE = "A|magnet|cars", "A|magnet|defence"


def run(plant_: str, process: str, amount: float, origin: str = "exposed") -> Activity:
    """Activity in the year."""
    return Activity(plant_, process, origin, YEAR, amount)


def flows(
    *runs: Activity,
    ships: tuple[Shipment, ...] = (),
    left: tuple[Leftover, ...] = (),
    served: tuple[Delivery, ...] = (),
    stocks: tuple[StockYear, ...] = (),
) -> Flows:
    """Flows of the year."""
    return Flows(runs, ships, left, served, stocks)


def cars(clear: float, exposed: float, year: int = YEAR) -> Delivery:
    """What cars got of the 450 magnets they want, the rest short."""
    return Delivery("A", "magnet", "cars", year, 450.0, clear, exposed, 450.0 - clear - exposed)


def defence(clear: float, exposed: float) -> Delivery:
    """What defence got of the 100 magnets it wants, the rest short."""
    short = 100.0 - clear - exposed
    return Delivery("A", "magnet", "defence", YEAR, 100.0, clear, exposed, short)


# A refines 40 oxide and gets 10 from C; its magnet plant makes 100 magnets of the 50. Cars (weight
# 2) get 70 clear and 20 exposed, defence (weight 1) 10 clear.
PLAN = flows(
    run("mine_a", "mine", 600.0, "clear"),
    run("refinery", "refine", 40.0, "clear"),
    run("refinery_c", "refine", 20.0),
    run("magnets_a", "sinter", 80.0, "clear"),
    run("magnets_a", "sinter", 20.0),
    ships=(
        Shipment("A", "C", "ore", "exposed", YEAR, 200.0),
        Shipment("C", "A", "oxide", "exposed", YEAR, 10.0),
    ),
    served=(cars(70.0, 20.0), defence(10.0, 0.0)),
)


# ---- Stockpiles -----------------------------------------------------------------------------


def test_stockpile_years() -> None:
    instance = tiny_instance(stockpiles={"vault": stockpile()})
    moved = flows(
        *PLAN.activities,
        stocks=(
            StockYear("vault", "clear", YEAR, 4.0, 1.0, 25.0),
            StockYear("vault", "exposed", YEAR, 3.0, 2.0, 5.0),
        ),
    )
    paid = (
        Payment(Use.STOCK, "vault", "", YEAR, "grant", None, 1.5),
        Payment(Use.STOCK, "vault", "", YEAR, "loan", None, 0.5),
        Payment(Use.STOCK, "other", "", YEAR, "loan", None, 9.0),
    )
    before, row, after = stockpile_years(instance, Solution((), paid, moved, moved))
    assert (row.year, row.clear, row.exposed, row.bought_clear, row.bought_exposed) == (
        *(YEAR, 25.0, 5.0),
        *(4.0, 3.0),
    )
    assert (row.released_clear, row.released_exposed, row.price) == (1.0, 2.0, 3e6)
    assert row.paid_musd == 2.0
    # Allied plants use 100 x 0.5 of oxide a year: 30 last 30 / 50 of it. C's refinery uses ore.
    assert row.cover_days == pytest.approx(365 * 30 / 50)
    # Years in which nothing moves and nobody uses oxide.
    for other, price in ((before, 2e6), (after, 4e6)):
        assert (other.clear, other.paid_musd, other.price) == (0.0, 0.0, price)
        assert other.cover_days is None


def test_days_of_cover_count_allied_use_alone() -> None:
    # Ore: A's refinery uses 400, C's 200, which is not allied use.
    instance = tiny_instance(stockpiles={"vault": stockpile(commodity="ore", prices={})})
    held = flows(*PLAN.activities, stocks=(StockYear("vault", "clear", YEAR, 0.0, 0.0, 100.0),))
    row = stockpile_years(instance, Solution((), (), held, held))[1]
    assert row.cover_days == pytest.approx(365 * 100 / 400)
    assert row.price is None
    # Magnets: what allied users are served, in both classes: 90 and 10; C's 50 are not theirs.
    elsewhere = Delivery("C", "magnet", "all", YEAR, 50.0, 0.0, 50.0, 0.0)
    instance = tiny_instance(stockpiles={"vault": stockpile(commodity="magnet")})
    held = flows(served=(*PLAN.deliveries, elsewhere), stocks=held.stocks)
    row = stockpile_years(instance, Solution((), (), held, held))[1]
    assert row.cover_days == pytest.approx(365)


# ---- Margins --------------------------------------------------------------------------------


def commitment(year: int) -> Commitment:
    """The refinery committed in a year, which operates a year later."""
    return Commitment("refinery", year, 1, None, year + 1, 4.0)


def test_margin_years() -> None:
    gaps = {
        ("magnets_a", "sinter"): {2030: 7.0, YEAR: 5.0},
        ("refinery", "refine"): dict.fromkeys(YEARS, 3.0),
    }
    instance = tiny_instance(gaps=gaps)
    baseline = flows(run("magnets_a", "sinter", 60.0))
    plant_rows = (
        MarginYear("magnets_a", "sinter", 2030, 7.0, 0.0, 0.0),
        # Both classes: 80 + 20; 60 without new money.
        MarginYear("magnets_a", "sinter", YEAR, 5.0, 100.0, 60.0),
    )
    # The refinery is not built: nobody can run it.
    nobody = Solution((), (), PLAN, PLAN)
    assert margin_years(instance, nobody, baseline) == plant_rows
    # Committed in 2030 and again in 2031 it is there from 2031 on.
    both = Solution((commitment(2030), commitment(2031)), (), PLAN, PLAN)
    assert margin_years(instance, both, baseline) == (
        *plant_rows,
        MarginYear("refinery", "refine", 2031, 3.0, 40.0, 0.0),
        MarginYear("refinery", "refine", 2032, 3.0, 0.0, 0.0),
    )


# ---- Capacity -------------------------------------------------------------------------------


def test_a_plant_that_runs_where_it_is_not_open_is_told() -> None:
    """Committed in 2031 the refinery of 40 opens in 2032, with half: 20. What the point of a solver
    runs there in 2031 by its tolerance stands beside a capacity of 0."""
    by_tolerance = flows(run("refinery", "refine", 1e-9, "clear"))
    rows = capacity_years(tiny_instance(), [commitment(YEAR)], by_tolerance)
    told = {row.year: (row.capacity, row.used) for row in rows if row.plant == "refinery"}
    assert told == {2031: (0.0, 1e-9), 2032: (20.0, 0.0)}
    others = {(row.plant, row.year) for row in rows} - {("refinery", 2031), ("refinery", 2032)}
    assert others == {(f, t) for f in ("mine_a", "refinery_c", "magnets_a") for t in YEARS}


# ---- Targets --------------------------------------------------------------------------------

WEIGHTS = {CARS: 2.0, DEFENCE: 1.0}
A, C = frozenset({"A"}), frozenset({"C"})


@pytest.mark.parametrize(
    ("metric", "values", "expected"),
    [
        # 2 x (20 + 360) + 90 of 2 x 450 + 100; short alone: 2 x 360 + 90.
        ("dependence", {"demands": WEIGHTS, "totals": {YEAR: 1000.0}}, 0.85),
        ("shortfall", {"demands": WEIGHTS, "totals": {YEAR: 1000.0}}, 0.81),
        # Defence alone: 90 of 100.
        ("dependence", {"demands": {DEFENCE: 1.0}, "totals": {YEAR: 100.0}}, 0.9),
        # 10 of the 50 oxide that A's magnet plant uses came from C.
        ("source_share", {"commodities": {"oxide"}, "sources": (C,), "users": A}, 0.2),
        # 200 of C's 200 ore came from A.
        ("source_share", {"commodities": {"ore"}, "sources": (A,), "users": C}, 1.0),
        # Nothing came from C, but 360 + 90 are short; 100 served.
        ("source_share", {"commodities": {"magnet"}, "sources": (C,), "users": A}, 450 / 550),
        # Oxide and magnets of A as one: (10 + 450) of 50 + 100 + 450.
        (
            "source_share",
            {"commodities": {"oxide", "magnet"}, "sources": (C,), "users": A},
            460 / 600,
        ),
        # Nothing is used: C uses no oxide and no magnets.
        ("source_share", {"commodities": {"oxide"}, "sources": (A,), "users": C}, 0.0),
        # 1.5 counts a unit of 100 magnets, over 300.
        (
            "home_share",
            {"made": {("magnets_a", "sinter"): 1.5}, "totals": {YEAR: 300.0}},
            0.5,
        ),
        # Units: 40 of A's refinery and 20 of C's.
        (
            "output",
            {
                "made": {("refinery", "refine"): 1.0, ("refinery_c", "refine"): 1.0},
                "totals": {YEAR: 1.0},
            },
            60.0,
        ),
        # No demand: nothing to divide by.
        ("dependence", {"demands": WEIGHTS, "totals": {YEAR: 0.0}}, 0.0),
    ],
)
def test_target_value(metric: str, values: dict[str, Any], expected: float) -> None:
    aim = target(metric, 0.5, **values)
    assert target_value(tiny_instance(), aim, PLAN) == pytest.approx(expected)


def test_target_value_of_its_year_alone() -> None:
    later = flows(*PLAN.activities, served=(*PLAN.deliveries, cars(450.0, 0.0, 2032)))
    aim = target("dependence", 0.5, demands=WEIGHTS, totals={YEAR: 1000.0, 2032: 1100.0})
    assert target_value(tiny_instance(), aim, later) == pytest.approx(0.85)


def test_target_value_of_several_sources() -> None:
    # B sends 15 and C 10 of the 50: the larger counts against a ceiling, the smaller against a
    # floor.
    ships = (*PLAN.shipments, Shipment("B", "A", "oxide", "clear", YEAR, 15.0))
    instance = tiny_instance(blocs={"A": "ally", "B": "other", "C": "covered"})
    each = {"commodities": {"oxide"}, "sources": (frozenset({"B"}), C), "users": A}
    moved = flows(*PLAN.activities, ships=ships)
    assert target_value(instance, target("source_share", 0.5, **each), moved) == pytest.approx(0.3)
    floor = target("source_share", 0.1, at_most=False, **each)
    assert target_value(instance, floor, moved) == pytest.approx(0.2)
    # Both as one source.
    together = {**each, "sources": (frozenset({"B", "C"}),)}
    found = target_value(instance, target("source_share", 0.5, **together), moved)
    assert found == pytest.approx(0.5)


def test_target_results() -> None:
    demands = {"demands": WEIGHTS, "totals": {YEAR: 1000.0}}
    instance = tiny_instance(
        targets=(
            target("dependence", 0.9, id="ceiling", **demands),
            target("dependence", 0.9, id="floor", at_most=False, **demands),
        )
    )
    baseline = flows(served=(cars(0.0, 100.0), defence(0.0, 0.0)))
    bare = without_new_money(instance)
    ceiling, floor = target_results(instance, PLAN, bare, baseline)
    assert ceiling == TargetResult(
        *("ceiling", "dependence", "", YEAR, "at_most", 0.9),
        *(0.85, pytest.approx(0.05), 1.0),
    )
    assert (floor.sense, floor.slack) == ("at_least", pytest.approx(-0.05))


# ---- The world and elements -----------------------------------------------------------------


def test_world_shares() -> None:
    later = Activity("refinery_c", "refine", "exposed", 2032, 5.0)
    found = world_shares(tiny_instance(), flows(*PLAN.activities, later))
    rows = {(row.stage, row.region, row.year): row for row in found}
    assert set(rows) == {
        ("mining", "A", YEAR),
        ("separation", "A", YEAR),
        ("separation", "C", YEAR),
        ("magnet", "A", YEAR),
        ("separation", "C", 2032),
    }
    # 40 and 20 of 60: 10,000 x (4/9 + 1/9).
    ours, theirs = rows["separation", "A", YEAR], rows["separation", "C", YEAR]
    assert (ours.output, ours.share) == (40.0, pytest.approx(2 / 3))
    assert (theirs.output, theirs.share) == (20.0, pytest.approx(1 / 3))
    assert (ours.bloc, theirs.bloc) == ("ally", "covered")
    assert ours.hhi == theirs.hhi == pytest.approx(10_000 * 5 / 9)
    # One region makes all; both classes of the magnet plant.
    assert (rows["magnet", "A", YEAR].output, rows["magnet", "A", YEAR].hhi) == (100.0, 10_000)
    assert rows["separation", "C", 2032].share == 1.0


def test_output_of_a_stage_is_all_that_it_makes() -> None:
    processes = {
        **tiny_instance().processes,
        "refine": Process("refine", "separation", {"ore": -10.0, "oxide": 1.0, "magnet": 0.5}),
    }
    found = world_shares(tiny_instance(processes=processes), PLAN)
    (row,) = [row for row in found if row.stage == "separation" and row.region == "A"]
    assert row.output == pytest.approx(60.0)


def test_element_years() -> None:
    elsewhere = Delivery("C", "magnet", "all", YEAR, 50.0, 0.0, 50.0, 0.0)
    base = tiny_instance(
        contents={"magnet": {"Nd": 0.3, "Dy": 0.01}, "oxide": {"Nd": 0.8}, "ore": {}}
    )
    instance = base.replace(
        demands={**base.demands, "C|magnet|all": demand("all", "C", allied=False)}
    )
    baseline = flows(served=(cars(0.0, 100.0), defence(0.0, 40.0)))
    now = flows(served=(*PLAN.deliveries, elsewhere))
    # Nd: 0.3 x (2 x 450 + 100), 0.3 x 2 x 20, 0.3 x (2 x 360 + 90); Dy a thirtieth of it.
    assert element_years(instance, now, baseline) == (
        ElementYear(
            "Dy",
            YEAR,
            *(pytest.approx(x) for x in (10.0, 0.4, 8.1, 0.85, 1.0)),
        ),
        ElementYear(
            "Nd",
            YEAR,
            *(pytest.approx(x) for x in (300.0, 12.0, 243.0, 0.85, 1.0)),
        ),
    )


def test_dependence_by_element_weighs_commodities_by_content() -> None:
    # Oxide holds 0.8 of Nd, magnets 0.3: 100 clear oxide and 100 exposed magnets leave 0.3 / 1.1.
    base = tiny_instance(contents={"magnet": {"Nd": 0.3}, "oxide": {"Nd": 0.8}})
    wanted = demand("x", id="A|oxide|x", commodity="oxide", weight=1.0)
    instance = base.replace(demands={**base.demands, wanted.id: wanted})
    oxide = Delivery("A", "oxide", "x", YEAR, 100.0, 100.0, 0.0, 0.0)
    now = flows(served=(oxide, defence(0.0, 100.0)))
    (row,) = element_years(instance, now, NOTHING)
    assert row.dependence == pytest.approx(0.3 / 1.1)
    assert row.baseline_dependence == 0


# ---- First touch ----------------------------------------------------------------------------


def touched(instance: Instance, moved: Flows) -> dict[str, float]:
    """Share of the year's weighted demand by stage of first touch."""
    plan = Solution((), (), moved, moved)
    rows = [row for row in touch_years(instance, plan, NOTHING) if row.year == YEAR]
    assert all(row.baseline_share == 0 for row in rows)
    return {row.stage: row.share for row in rows}


ORE_OUT = Shipment("A", "C", "ore", "exposed", YEAR, 200.0)
OXIDE_IN = Shipment("C", "A", "oxide", "exposed", YEAR, 20.0)
# Cars get 50 exposed magnets: 2 x 50 of 2 x 450 + 100.
SERVED = (cars(0.0, 50.0), defence(0.0, 0.0))
SHARE = 0.1
DUG = Leftover("A", "ore", "clear", YEAR, 200.0, 0.0)


def test_ore_of_an_ally_refined_in_the_covered_bloc_is_touched_there() -> None:
    moved = flows(
        run("mine_a", "mine", 200.0, "clear"),
        run("refinery_c", "refine", 20.0),
        run("magnets_a", "sinter", 40.0),
        ships=(ORE_OUT, OXIDE_IN),
        left=(DUG,),
        served=SERVED,
    )
    assert touched(tiny_instance(), moved) == pytest.approx({"separation": SHARE})


def mine_c() -> Facility:
    """A mine in the covered region."""
    return Facility(plant("mine_c", "C", "mine"), dict.fromkeys(YEARS, 500.0), YEARS)


def with_plants(**plants: Facility) -> Instance:
    """The instance with more plants."""
    base = tiny_instance()
    return base.replace(facilities={**base.facilities, **plants})


def test_what_is_mined_in_the_covered_bloc_is_touched_at_the_mine() -> None:
    # Half of the ore that C refines is its own: half is touched at mining, the rest at refining.
    moved = flows(
        run("mine_a", "mine", 100.0, "clear"),
        run("mine_c", "mine", 100.0),
        run("refinery_c", "refine", 20.0),
        run("magnets_a", "sinter", 40.0),
        ships=(Shipment("A", "C", "ore", "exposed", YEAR, 100.0), OXIDE_IN),
        left=(Leftover("A", "ore", "clear", YEAR, 100.0, 0.0),),
        served=SERVED,
    )
    found = touched(with_plants(mine_c=mine_c()), moved)
    assert found == pytest.approx({"mining": SHARE / 2, "separation": SHARE / 2})


def test_material_mixes_at_a_place() -> None:
    # Exposed oxide in A: 20 of C, and 60 that A's refinery makes of ore mined in C.
    moved = flows(
        run("mine_a", "mine", 200.0, "clear"),
        run("mine_c", "mine", 600.0),
        run("refinery_c", "refine", 20.0),
        run("refinery", "refine", 60.0),
        run("magnets_a", "sinter", 160.0),
        ships=(Shipment("C", "A", "ore", "exposed", YEAR, 600.0), OXIDE_IN),
        served=SERVED,
    )
    # C's refinery runs on C's ore, too: everything was touched at the mine.
    assert touched(with_plants(mine_c=mine_c()), moved) == pytest.approx({"mining": SHARE})
    # With ore of an ally B refined in D, covered too: a quarter at refining, three quarters at the
    # mine.
    more = {
        "mine_b": Facility(plant("mine_b", "B", "mine"), {}, ()),
        "refinery_d": Facility(plant("refinery_d", "D", "refine", clear=False), {}, ()),
    }
    blocs = {"A": "ally", "B": "ally", "C": "covered", "D": "covered"}
    moved = flows(
        run("mine_b", "mine", 200.0, "clear"),
        run("mine_c", "mine", 600.0),
        run("refinery_d", "refine", 20.0),
        run("refinery", "refine", 60.0),
        run("magnets_a", "sinter", 160.0),
        ships=(
            Shipment("B", "D", "ore", "exposed", YEAR, 200.0),
            Shipment("C", "A", "ore", "exposed", YEAR, 600.0),
            Shipment("D", "A", "oxide", "exposed", YEAR, 20.0),
        ),
        left=(Leftover("B", "ore", "clear", YEAR, 200.0, 0.0),),
        served=SERVED,
    )
    found = touched(with_plants(mine_c=mine_c(), **more).replace(blocs=blocs), moved)
    assert found == pytest.approx({"mining": SHARE * 0.75, "separation": SHARE * 0.25})


def test_a_plant_under_covered_control_touches_in_an_allied_region() -> None:
    held = Facility(plant("held", "A", "refine", clear=False), dict.fromkeys(YEARS, 9.0), YEARS)
    moved = flows(
        run("mine_a", "mine", 200.0, "clear"),
        run("held", "refine", 20.0),
        run("magnets_a", "sinter", 40.0),
        left=(DUG,),
        served=SERVED,
    )
    assert touched(with_plants(held=held), moved) == pytest.approx({"separation": SHARE})


def test_clear_material_used_as_exposed_is_not_touched() -> None:
    # 15 of the 20 exposed oxide were refined clear in A; 5 come from C.
    moved = flows(
        run("mine_a", "mine", 200.0, "clear"),
        run("refinery", "refine", 15.0, "clear"),
        run("refinery_c", "refine", 5.0),
        run("magnets_a", "sinter", 40.0),
        ships=(
            Shipment("A", "C", "ore", "exposed", YEAR, 50.0),
            Shipment("C", "A", "oxide", "exposed", YEAR, 5.0),
        ),
        left=(
            Leftover("A", "ore", "clear", YEAR, 50.0, 0.0),
            Leftover("A", "oxide", "clear", YEAR, 15.0, 0.0),
        ),
        served=SERVED,
    )
    assert touched(tiny_instance(), moved) == pytest.approx({"separation": SHARE / 4})
    # A magnet plant under covered control touches the rest.
    held = Facility(plant("magnets_a", "A", "sinter", clear=False), {}, ())
    found = touched(with_plants(magnets_a=held), moved)
    assert found == pytest.approx({"separation": SHARE / 4, "magnet": SHARE * 0.75})


def test_output_follows_the_most_touched_input() -> None:
    # Magnets of oxide, a quarter of it touched, and of ore, all of it touched at the mine.
    base = with_plants(mine_c=mine_c())
    sinter = Process("sinter", "magnet", {"oxide": -0.5, "ore": -1.0, "magnet": 1.0})
    instance = base.replace(processes={**base.processes, "sinter": sinter})
    moved = flows(
        run("mine_c", "mine", 40.0),
        run("refinery", "refine", 15.0, "clear"),
        run("magnets_a", "sinter", 40.0),
        ships=(
            Shipment("C", "A", "ore", "exposed", YEAR, 40.0),
            Shipment("C", "A", "oxide", "exposed", YEAR, 5.0),
        ),
        left=(Leftover("A", "oxide", "clear", YEAR, 15.0, 0.0),),
        served=SERVED,
    )
    assert touched(instance, moved) == pytest.approx({"mining": SHARE})


def recycling(oxide_in: float, downgraded: float, recycled: float) -> tuple[Instance, Flows]:
    """Magnets of exposed oxide: some of C, some clear of A, some of the magnets' own scrap, for
    which ore stands here: the refinery makes an oxide of each unit of it."""
    base = tiny_instance()
    processes = {
        **base.processes,
        "sinter": Process("sinter", "magnet", {"oxide": -1.0, "magnet": 1.0, "ore": 1.0}),
        "refine": Process("refine", "separation", {"ore": -1.0, "oxide": 1.0}),
        "mine": Process("mine", "mining", {"oxide": 1.0}),
    }
    moved = flows(
        run("mine_a", "mine", downgraded, "clear"),
        run("refinery_c", "refine", oxide_in),
        run("refinery", "refine", recycled),
        run("magnets_a", "sinter", oxide_in + downgraded + recycled),
        ships=(Shipment("C", "A", "oxide", "exposed", YEAR, oxide_in),) if oxide_in else (),
        left=(Leftover("A", "oxide", "clear", YEAR, downgraded, 0.0),) if downgraded else (),
        served=SERVED,
    )
    return base.replace(processes=processes), moved


def test_a_recycling_loop_ends() -> None:
    # s of the oxide is touched: 40 s = 10 + 10 s, so a third.
    assert touched(*recycling(10.0, 20.0, 10.0)) == pytest.approx({"separation": SHARE / 3})
    # Nothing untouched comes in: all of it, however little is new.
    assert touched(*recycling(1.0, 0.0, 99.0)) == pytest.approx({"separation": SHARE})
    assert touched(*recycling(1.0, 0.0, 1e6)) == pytest.approx({"separation": SHARE}, rel=1e-4)
    # A closed loop into which nothing touched comes is not touched.
    assert touched(*recycling(0.0, 0.0, 10.0)) == {}


def test_exposed_stock_is_named_as_such() -> None:
    # Half of the exposed oxide was released from stock; clear stock is not exposed.
    instance = tiny_instance(stockpiles={"vault": stockpile()})
    moved = flows(
        run("mine_a", "mine", 100.0, "clear"),
        run("refinery_c", "refine", 10.0),
        run("magnets_a", "sinter", 40.0),
        ships=(
            Shipment("A", "C", "ore", "exposed", YEAR, 100.0),
            Shipment("C", "A", "oxide", "exposed", YEAR, 10.0),
        ),
        left=(Leftover("A", "ore", "clear", YEAR, 100.0, 0.0),),
        served=SERVED,
        stocks=(
            StockYear("vault", "exposed", YEAR, 0.0, 10.0, 0.0),
            StockYear("vault", "clear", YEAR, 0.0, 30.0, 0.0),
        ),
    )
    assert touched(instance, moved) == pytest.approx({"separation": SHARE / 2, "stock": SHARE / 2})
    # What is touched stays so: a magnet plant under covered control adds nothing to it.
    held = Facility(plant("magnets_a", "A", "sinter", clear=False), {}, ())
    again = instance.replace(facilities={**instance.facilities, "magnets_a": held})
    assert touched(again, moved) == pytest.approx({"separation": SHARE / 2, "stock": SHARE / 2})


def test_touch_with_and_without_new_money() -> None:
    now = flows(
        run("refinery_c", "refine", 20.0),
        run("magnets_a", "sinter", 40.0),
        ships=(OXIDE_IN,),
        served=SERVED,
    )
    # 90 exposed magnets without: 180 of 1000.
    before = flows(
        run("refinery_c", "refine", 45.0),
        run("magnets_a", "sinter", 90.0),
        ships=(Shipment("C", "A", "oxide", "exposed", YEAR, 45.0),),
        served=(cars(0.0, 90.0), defence(0.0, 0.0)),
    )
    (row,) = touch_years(tiny_instance(), Solution((), (), now, now), before)
    assert row == TouchYear("separation", YEAR, pytest.approx(0.1), pytest.approx(0.18))


# ---- Money ----------------------------------------------------------------------------------


def paying() -> Solution:
    """A refinery of USD 4 million, of which the grant pays 1; 0.5 for stock, 0.25 for support."""
    return Solution(
        commitments=(commitment(2030),),
        payments=(
            Payment(Use.CAPITAL, "refinery", "", 2030, "grant", None, 1.0),
            Payment(Use.STOCK, "vault", "", 2031, "grant", None, 0.5),
            Payment(Use.SUPPORT, "magnets_a", "sinter", 2031, "grant", 9.0, 0.25),
        ),
        allied=PLAN,
        world=PLAN,
    )


def test_public_money_is_capex_stock_and_support() -> None:
    held = flows(*PLAN.activities, stocks=(StockYear("vault", "clear", YEAR, 0.0, 0.0, 8.0),))
    solution = paying()
    instance = tiny_instance(stockpiles={"vault": stockpile()}, pools=(), lanes=())
    worth = measure_solution(
        instance,
        Solution(
            solution.commitments,
            solution.payments,
            held,
            held,
        ),
    )
    assert worth.public_musd == 1.75
    assert (worth.by_use_musd[Use.STOCK], worth.by_use_musd[Use.SUPPORT]) == (0.5, 0.25)
    assert sum(worth.by_use_musd.values()) == 0.75
    # Of the capex alone the rest is private.
    assert worth.private_musd == 3.0
    # 0.5 a unit on a level of 8, and the support, at the 0.8 of 2031; no purchase.
    assert worth.cost_parts["carrying"] == pytest.approx(0.5 * 8 * 0.8)
    assert worth.cost_parts["support"] == pytest.approx(0.25 * 0.8)
    assert "stock" not in worth.cost_parts


def test_money_of_a_year_counts_stock_and_support() -> None:
    # Half of the capex payment falls due in 2030, half in 2031, with stock and support: charge 0.5.
    limits = {2030: 1.0, 2031: 1.0}
    funds = {"grant": programme(charge=0.5, limits=limits, carry_over=True)}
    instance = tiny_instance(programmes=funds, projects={"refinery": project()})
    rows = {row.year: row for row in programme_years(instance, paying())}
    assert (rows[2030].committed_musd, rows[2030].due_musd) == (1.0, 0.25)
    assert rows[2031].committed_musd == pytest.approx(0.75)
    assert rows[2031].due_musd == pytest.approx(0.5 * (0.5 + 0.75))
    # 1 + (1 - 0.25) carried over, less 0.625.
    assert rows[2031].limit_musd == pytest.approx(1.75)
    assert rows[2031].left_musd == pytest.approx(1.75 - 0.625)
