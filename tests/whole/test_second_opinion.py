"""The package against a second program, over random workbooks and over cases solved by hand.

Each hand case is what was left of a random one on which the two programs once disagreed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cases import random_case
from random_cases_sheets import random_sheets_case
from second_opinion import Optimum, Search, second_opinion
from second_opinion_cases import (
    CHAIN,
    EXACT,
    SHARE,
    agrees,
    answer_of,
    assert_answer,
    assert_scenario,
    gains,
    workbook,
)
from second_opinion_world import World

from opt.api import load, solve
from opt.data.reader import read
from opt.errors import InputError

QUICK = range(60)
MORE = range(1000, 1030)
SIMPLE = range(2000, 2015)
PLANS = 400


def accepted(folder: Path, seed: int, simple: bool = False) -> Path | None:
    """The random workbook of a seed; None for the few that the reader refuses."""
    path = random_case(folder, seed, simple)
    try:
        read(path)
    except InputError:
        return None
    return path


@pytest.mark.parametrize("seed", QUICK)
def test_agrees_with_the_second_program(tmp_path: Path, seed: int) -> None:
    agrees(random_case(tmp_path, seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", MORE)
def test_agrees_on_more_cases(tmp_path: Path, seed: int) -> None:
    agrees(random_case(tmp_path, seed))


@pytest.mark.parametrize("seed", SIMPLE)
def test_no_plan_tried_one_by_one_is_better(tmp_path: Path, seed: int) -> None:
    path = accepted(tmp_path, seed, simple=True)
    if path is None or not Search.fits(World(read(path), None), PLANS):
        return
    best = Search(World(read(path), None)).least_dependence()
    run = answer_of(load(path, EXACT), None)
    assert (run is None) == (best is None)
    if run is not None:
        assert run.passes[0].value == pytest.approx(best, abs=SHARE, rel=0)


def test_few_random_workbooks_are_refused(tmp_path: Path) -> None:
    # Recipes that feed each other and gain are refused by right: they are no loss of coverage.
    refused = [seed for seed in QUICK if accepted(tmp_path, seed) is None]
    wrongly = [seed for seed in refused if not gains(random_case(tmp_path / "again", seed))]
    assert len(wrongly) <= 3, wrongly
    assert len(refused) <= len(QUICK) / 8


# ---- By hand --------------------------------------------------------------------------------


def test_exposed_imports_do_not_leave_in_the_place_of_clear_output(tmp_path: Path) -> None:
    # a digs 10 t of clear ore and needs 10 t of metal, three times as weighty as the 10 t of ore
    # that b needs. Only a may buy from cn, and only b from a. So a keeps its clear ore, and b stays
    # short: a cannot sell it the ore of cn, though it digs 10 t itself. 10 / (3 x 10 + 10) = 0.25.
    # Ore of cn sent on to b would give a shortfall of 0.
    path = workbook(
        tmp_path,
        **CHAIN,
        regions="""region,bloc
            a,ally
            b,ally
            cn,covered""",
        facilities="""facility,region,processes,capacity
            pit_a,a,dig,10
            smelter,a,smelt,10
            pit_cn,cn,dig,100""",
        demand="""region,commodity,weight,2026
            a,metal,3,10
            b,ore,1,10""",
        lanes="""origin,destination,commodity
            cn,a,*
            a,b,*""",
    )
    assert_answer(path, dependence=0.25, shortfall=0.25, cost=0.0)


def test_a_cycle_of_recipes_feeds_itself(tmp_path: Path) -> None:
    # 20 t of crop grow from 10 t of ore and 10 t of seed; 10 t of them give the seed, 10 t are
    # delivered. Nothing else makes seed. Growing runs 10 times at USD 1 million: cost 10.
    path = workbook(
        tmp_path,
        regions="""region,bloc
            a,ally
            cn,covered""",
        commodities="""commodity
            ore
            seed
            crop""",
        processes="""process,stage
            dig,mining
            grow,making
            thresh,making""",
        recipes="""process,commodity,amount
            dig,ore,1
            grow,ore,-1
            grow,seed,-1
            grow,crop,2
            thresh,crop,-1
            thresh,seed,1""",
        facilities="""facility,region,processes,capacity,opex
            pit,a,dig,50,0
            field,a,grow,50,1000000
            barn,a,thresh,50,0""",
        demand="""region,commodity,2026
            a,crop,10""",
    )
    assert_answer(path, dependence=0.0, shortfall=0.0, cost=10.0)


def test_clear_from_holds_outside_the_alliance_too(tmp_path: Path) -> None:
    # r asks for clear ore only. The world pass leaves clear flows as they are, so r stays short of
    # its 10 t although its own pit could dig 20 t; no exposed ore may stand in.
    path = workbook(
        tmp_path,
        **CHAIN,
        regions="""region,bloc
            a,ally
            r,other
            cn,covered""",
        facilities="""facility,region,processes,capacity
            pit_a,a,dig,10
            pit_r,r,dig,20
            pit_cn,cn,dig,20""",
        demand="""region,commodity,clear_from,2026
            a,ore,,5
            r,ore,2026,10""",
    )
    run = assert_answer(path, dependence=0.0, shortfall=0.0, cost=0.0)
    served = next(row for row in run.solution.world.deliveries if row.region == "r")
    assert (served.clear, served.exposed, served.short) == (0.0, 0.0, 10.0)


def test_the_cheaper_plant_runs_however_small_its_cost(tmp_path: Path) -> None:
    # 7.24 t of metal a year from ore at 1.95 / 0.78, smelted by 7.24 / 0.78 = 9.28 runs a year at
    # USD 500, three years long: 0.0139. The plant of cn would cost USD 147500 a run. Beside capex
    # of 340, USD 500 for a thousandth of the demand is below the 1e-7 that solvers neglect unasked.
    path = workbook(
        tmp_path,
        settings="last_year,2028",
        regions="""region,bloc
            a,ally
            cn,covered""",
        commodities="""commodity
            ore
            metal""",
        processes="""process,stage
            dig,mining
            smelt,refining""",
        recipes="""process,commodity,amount
            dig,ore,1.36
            smelt,ore,-1.95
            smelt,metal,0.78""",
        facilities="""facility,region,processes,opex,capacity
            pit,a,dig,,29.7
            smelter,a,smelt,500,266
            works,cn,dig;smelt,147500,120""",
        projects="""project,region,processes,capacity,capex,lead_time
            spare,a,smelt,36,340,1""",
        demand="""region,commodity,2028
            a,metal,7.24""",
    )
    cost = 7.24 / 0.78 * 500 * 3 / 1e6
    run = assert_answer(path, dependence=0.0, shortfall=0.0, cost=cost)
    assert run.metrics.cost_musd == pytest.approx(cost, rel=1e-5)


def test_a_small_public_share_is_paid_in_full(tmp_path: Path) -> None:
    # From 2028 on pit and works dig with 22.3 + 72.3 runs, 1.39 t each; smelting takes 2.06 t for
    # 1.09 t: 69.58 t of metal a year, of 195 t, three years of five. All three are needed, at
    # 121 + 0.731 x 209 + 0.614 x 93 = 330.881. The smelter's share of public money is tiny:
    # 0.000924 x 152.779 = 0.14117; no ticket of 38.1 is called for.
    path = workbook(
        tmp_path,
        settings="""last_year,2030
            public_share,0.00972""",
        regions="""region,bloc
            a,ally
            b,ally
            r,other""",
        commodities="""commodity
            ore
            metal""",
        processes="""process,stage
            dig,mining
            smelt,refining""",
        recipes="""process,commodity,amount
            dig,ore,1.39
            smelt,ore,-2.06
            smelt,metal,1.09""",
        projects="""project,region,processes,capex,capex_share,public_share,capacity,lead_time
            pit,a,dig,121,,0.0646,22.3,2
            smelter,r,smelt,209,0.731,0.000924,102,0
            works,a,dig;smelt,93,0.614,,72.3,2""",
        programmes="""programme,amount,ticket_min
            tickets,204,38.1
            change,96.3,""",
        demand="""region,commodity,2030
            b,metal,195""",
    )
    dependence = 1 - 3 * (22.3 + 72.3) * 1.39 / 2.06 * 1.09 / (5 * 195)
    run = assert_answer(path, dependence, shortfall=dependence, cost=330.881)
    paid = {payment.thing: payment.paid_musd for payment in run.solution.payments}
    least = {"pit": 0.0646 * 121, "smelter": 0.000924 * 152.779, "works": 0.00972 * 57.102}
    assert paid == pytest.approx(least, rel=1e-9)


@pytest.mark.parametrize(
    ("limits", "size"),
    [
        # The pit costs 1 a tonne, half in each of two years, all public. With carry_over 10 + 10
        # may be due by 2027, and 10 in 2026: a pit of 20 t, of 60 t asked for.
        ("10,10", 20),
        # Nothing limits 2027, and so nothing limits what is due by then: only 2026 binds.
        ("10,", 20),
        ("15,5", 20),
        # Nothing limits 2026, and what is left of that year is left in 2027 too: all 60 t.
        (",10", 60),
    ],
)
def test_carry_over_with_blank_years(tmp_path: Path, limits: str, size: int) -> None:
    # In 2026 everybody is short, in 2027 the pit serves what it is large enough for. A later start
    # is not offered. Dependence counts 2027 alone; shortfall both years over the same 60 t.
    path = workbook(
        tmp_path,
        **CHAIN,
        settings="""last_year,2027
            dependence_from,2027""",
        regions="""region,bloc
            a,ally
            cn,covered""",
        projects="""project,region,processes,capacity_max,capex,capex_per_unit,lead_time,spend,"""
        """public_share
            pit,a,dig,100,0,1,1,half,1""",
        spends="""spend,year_1,year_2
            half,0.5,0.5""",
        programmes=f"""programme,amount,carry_over,2026,2027
            fund,500,yes,{limits}""",
        demand="""region,commodity,2026,2027
            a,ore,60,60""",
    )
    short = 1 - size / 60
    assert_answer(path, dependence=short, shortfall=1 + short, cost=float(size))


def test_a_delay_does_not_spread_what_falls_due(tmp_path: Path) -> None:
    # 20 over the two years of the lead time are 10 a year, all public; the fund pays 5 a year. A
    # delay of two years would make it 5 a year if it stretched the spend as well: 4 of 8 years
    # would be served. It does not, so that neither reaches anything; at 10 a year both do, the
    # later plant for four of eight years, at 20 from 2026 on.
    def funded(limit: int) -> Path:
        years = range(2026, 2034)
        return workbook(
            tmp_path / str(limit),
            **CHAIN,
            settings="""last_year,2033
                public_share,1""",
            regions="""region,bloc
                a,ally
                cn,covered""",
            projects="""project,region,processes,capacity,capex,lead_time
                pit,a,dig,100,20,2""",
            programmes=f"""programme,amount,{",".join(map(str, years))}
                fund,20,{",".join([str(limit)] * 8)}""",
            demand="""region,commodity,2033
                a,ore,100""",
            scenarios="""scenario
                late""",
            shocks="""scenario,what,field,value,shift
                late,lead_time,project,pit,2""",
        )

    assert_answer(funded(5), dependence=1.0, shortfall=1.0, cost=0.0)
    assert_scenario(tmp_path / "5" / "case", "late", Optimum(1.0, 1.0, 0.0))
    assert_answer(funded(10), dependence=0.25, shortfall=0.25, cost=20.0)
    assert_scenario(tmp_path / "10" / "case", "late", Optimum(0.5, 0.5, 20.0))


def test_a_forced_project_that_a_scenario_delays_too_long_is_refused(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        **CHAIN,
        regions="""region,bloc
            a,ally
            cn,covered""",
        projects="""project,region,processes,capacity,capex,lead_time,decision
            pit,a,dig,10,100,0,force""",
        demand="""region,commodity,2026
            a,ore,10""",
        scenarios="""scenario
            late""",
        shocks="""scenario,what,shift
            late,lead_time,1""",
    )
    assert_answer(path, dependence=0.0, shortfall=0.0, cost=100.0)
    assert second_opinion(path, "late") is None
    with pytest.raises(InputError, match="'pit' is forced"):
        solve(load(path, EXACT), scenario="late")


def test_what_nothing_can_use_fills_no_source_share(tmp_path: Path) -> None:
    # Half of what a takes in from mining has to come from cn, which digs sand alone. a's plant uses
    # ore of its own pit and no sand: sand that is shipped to a and lies there is not taken in, so
    # the plant stands still and all 10 t of metal are short.
    path = workbook(
        tmp_path,
        regions="""region,bloc
            a,ally
            cn,covered""",
        commodities="""commodity,stage
            ore,mining
            sand,mining
            metal,making""",
        processes="""process,stage
            dig,mining
            sift,mining
            smelt,making""",
        recipes="""process,commodity,amount
            dig,ore,1
            sift,sand,1
            smelt,ore,-1
            smelt,metal,1""",
        facilities="""facility,region,processes,capacity
            pit,a,dig,10
            smelter,a,smelt,10
            beach,cn,sift,100""",
        demand="""region,commodity,2026
            a,metal,10""",
        targets="""target,metric,scope,year,bound,sense
            t,source_share,mining:cn:ally,2026,0.5,at_least""",
    )
    assert_answer(path, dependence=1.0, shortfall=1.0, cost=0.0)


@pytest.mark.parametrize("seed", [500279, 500434])
def test_crumbs_of_money_are_paid(tmp_path: Path, seed: int) -> None:
    # What the passes' tolerances let run or buy for less than a cent has its payer all the same.
    assert agrees(random_sheets_case(tmp_path, seed))
