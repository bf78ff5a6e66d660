"""Stocks, support, contracts and targets: the package against a second program.

Over random workbooks, and over small ones with answers worked out by hand. In these one commodity
costs USD 1 million a tonne at most, so that tonnes and USD million are easy to compare.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cases_sheets import random_sheets_case
from second_opinion import Optimum, second_opinion
from second_opinion_cases import (
    CHAIN,
    EXACT,
    agrees,
    answer_of,
    assert_agree,
    assert_answer,
    assert_proven,
    assert_scenario,
    figures,
    gains,
    workbook,
)

from opt.api import load
from opt.data.reader import read
from opt.errors import InputError
from opt.record.money import Use

QUICK = range(60)
MORE = range(1000, 1060)


def accepted(folder: Path, seed: int) -> Path | None:
    """The random workbook of a seed; None for the few that the reader refuses."""
    path = random_sheets_case(folder, seed)
    try:
        read(path)
    except InputError:
        return None
    return path


@pytest.mark.parametrize("seed", QUICK)
def test_agrees_with_the_second_program(tmp_path: Path, seed: int) -> None:
    agrees(random_sheets_case(tmp_path, seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", MORE)
def test_agrees_on_more_cases(tmp_path: Path, seed: int) -> None:
    agrees(random_sheets_case(tmp_path, seed))


def test_few_random_workbooks_are_refused(tmp_path: Path) -> None:
    # Recipes that feed each other and gain are refused by right: they are no loss of coverage.
    refused = [seed for seed in QUICK if accepted(tmp_path, seed) is None]
    wrongly = [seed for seed in refused if not gains(random_sheets_case(tmp_path / "again", seed))]
    assert len(wrongly) <= 3, wrongly
    assert len(refused) <= len(QUICK) / 8


ONE_PIT = CHAIN | {
    "regions": """region,bloc
        a,ally
        cn,covered""",
    "facilities": """facility,region,processes,capacity,closes
        pit,a,dig,10,2026""",
}


# ---- Stocks ---------------------------------------------------------------------------------


def test_a_stock_is_bought_carried_and_released(tmp_path: Path) -> None:
    # The pit digs 10 t in 2026 alone, 4 t are served and 6 t could be bought at 1 a tonne. Carrying
    # is 0.05 a tonne, so 4.2 buys and carries 4 t, of which 3.2 t are left for the 5 t of 2027.
    # Short 1.8 of 9 t. The cost is the carrying: 0.2.
    path = workbook(
        tmp_path,
        **ONE_PIT,
        settings="last_year,2027",
        demand="""region,commodity,2026,2027
            a,ore,4,5""",
        stockpiles="""stockpile,region,commodity,loss,carrying_cost
            vault,a,ore,0.2,50000""",
        prices="""commodity,2027
            ore,1000000""",
        programmes="""programme,amount,pays_for
            buyer,4.2,stock""",
    )
    assert_answer(path, dependence=0.2, shortfall=0.2, cost=0.2)


@pytest.mark.parametrize(
    ("limits", "carry_over", "charge", "bought"),
    [
        # 1 a tonne: what may be paid in 2026 and 2027 is what is bought.
        ("3,1", "no", 1, 4),
        ("1,3", "no", 1, 4),
        # What 2026 leaves is left in 2027, not the other way round.
        ("5,1", "yes", 1, 6),
        ("7,0", "yes", 1, 7),
        (",1", "no", 1, 8),
        # Charged at half, twice as much.
        ("1,1", "no", 0.5, 4),
        ("2,1", "yes", 0.5, 6),
    ],
)
def test_yearly_limits_hold_for_stock(
    tmp_path: Path, limits: str, carry_over: str, charge: float, bought: int
) -> None:
    # The pit is open until 2027, 10 t are needed in 2028, and the stockpile holds 8 t at most.
    path = workbook(
        tmp_path,
        **(ONE_PIT | {"facilities": ONE_PIT["facilities"].replace("2026", "2027")}),
        settings="last_year,2028",
        demand="""region,commodity,2026,2027,2028
            a,ore,0,0,10""",
        stockpiles="""stockpile,region,commodity,capacity
            vault,a,ore,8""",
        prices="""commodity,2028
            ore,1000000""",
        programmes=f"""programme,amount,pays_for,carry_over,charge,2026,2027
            buyer,100,stock,{carry_over},{charge},{limits}""",
    )
    short = 1 - bought / 10
    assert_answer(path, dependence=short, shortfall=short, cost=0)


def test_a_loan_comes_back_and_can_buy_stock(tmp_path: Path) -> None:
    # At half the charge 5 lend 10. In 2026 the new pit of 6 t takes 6, and 4 t are bought at 1. It
    # pays all back in 2027, so that 6 t more can be bought; stock is never paid back. In 2028 the
    # old pit is closed: 6 + 10 t of 30 t.
    path = workbook(
        tmp_path,
        **(ONE_PIT | {"facilities": ONE_PIT["facilities"].replace("2026", "2027")}),
        settings="last_year,2028",
        projects="""project,region,processes,capacity,capex,lead_time,public_share,decision
            new,a,dig,6,6,1,1,force 2026""",
        demand="""region,commodity,2026,2027,2028
            a,ore,0,0,30""",
        stockpiles="""stockpile,region,commodity
            vault,a,ore""",
        prices="""commodity,2028
            ore,1000000""",
        programmes="""programme,instrument,amount,pays_for,charge,repay_years
            lender,loan,5,capex;stock,0.5,1""",
    )
    assert_answer(path, dependence=14 / 30, shortfall=14 / 30, cost=6.0)


def test_the_initial_stock_loses_and_only_what_is_added_is_carried(tmp_path: Path) -> None:
    # 10 t of clear ore lose a tenth a year: 9, 8.1, 7.29 t. In 2028 10 t are needed. To carry what
    # is bought costs 1 a tonne a year: 2 t bought in 2027 at 0.5 leave 1.8 t, and 1 + 2 are due in
    # 2027. So 3 is enough for 9.09 t. Bought in 2026 they would cost 1 + 2, and 1.8 a year later.
    # Cost: 1 a tonne on the whole level: 9 + 10.1 + 0.
    path = workbook(
        tmp_path,
        **(ONE_PIT | {"facilities": ONE_PIT["facilities"].replace("2026", "2027")}),
        settings="last_year,2028",
        demand="""region,commodity,2027,2028
            a,ore,0,10""",
        stockpiles="""stockpile,region,commodity,initial,initial_origin,loss,carrying_cost
            vault,a,ore,10,clear,0.1,1000000""",
        prices="""commodity,2028
            ore,500000""",
        programmes="""programme,amount,pays_for
            buyer,3,stock""",
    )
    assert_answer(path, dependence=0.091, shortfall=0.091, cost=19.1)


@pytest.mark.parametrize(
    ("dug", "rows", "bought"),
    [
        # Bought in 2026 at 1 a tonne, and carried at 0.1 in 2026 and 2027 by the same programme.
        (2026, "one,11,stock,,2026", 11 / 1.2),
        # The one that is open carries, the other carries what it has no money for.
        (2026, "one,10.5,stock,,2026\ntwo,0.5,stock,2027,2027", 11 / 1.2),
        (2026, "one,10.5,stock,,2026\ntwo,5,stock,2027,2027", 10.5 / 1.1),
        # The first is over in 2027 and can carry, but not buy.
        (2027, "one,100,stock,,2026\ntwo,3,stock,,", 3),
        (2027, "one,100,stock,,2026\ntwo,3,stock,2028,", 0),
    ],
)
def test_what_is_bought_in_time_is_carried_later_too(
    tmp_path: Path, dug: int, rows: str, bought: float
) -> None:
    path = workbook(
        tmp_path,
        **ONE_PIT
        | {
            "facilities": f"""facility,region,processes,capacity,opens,closes
            pit,a,dig,10,{dug},{dug}"""
        },
        settings="last_year,2028",
        demand="""region,commodity,2026,2027,2028
            a,ore,0,0,10""",
        stockpiles="""stockpile,region,commodity,carrying_cost
            vault,a,ore,100000""",
        prices="""commodity,2028
            ore,1000000""",
        programmes=f"""programme,amount,pays_for,commit_from,commit_to
            {rows}""",
    )
    short = 1 - bought / 10
    cost = 0.1 * bought * (2028 - dug)
    assert_answer(path, dependence=short, shortfall=short, cost=cost)


def test_carrying_is_paid_after_commit_to_as_long_as_the_stock_is_held(tmp_path: Path) -> None:
    # 100 t are asked for in 2029 alone and smelted at 30 t a year. The fund buys up to 2027, at
    # 0.001 a tonne, and carries what lies there at the end of 2026, 2027 and 2028 at 0.01 a tonne
    # and year: 0.021 a tonne bought in 2027, 0.031 in 2026. The 1 it has buys 30 t in 2027 and with
    # the rest (1 - 30 x 0.021) / 0.031 = 11.94 t in 2026; 30 t are smelted in 2029.
    path = workbook(
        tmp_path,
        **(ONE_PIT | {"facilities": "facility,region,processes,capacity\npit,a,dig,30"}),
        settings="last_year,2029",
        demand="""region,commodity,2026,2028,2029
            a,ore,0,0,100""",
        prices="""commodity,2029
            ore,1000""",
        programmes="""programme,amount,pays_for,commit_to
            fund,1,stock,2027""",
        stockpiles="""stockpile,region,commodity,carrying_cost
            store,a,ore,10000""",
    )
    early = (1 - 30 * 0.021) / 0.031
    short = 1 - (60 + early) / 100
    assert short == pytest.approx(0.28065, abs=1e-5)
    run = assert_answer(path, dependence=short, shortfall=short, cost=30 * 0.02 + early * 0.03)
    by_year = dict.fromkeys(range(2026, 2030), 0.0)
    for paid in run.solution.paid_for(Use.STOCK):
        by_year[paid.year] += paid.paid_musd
    carried = [early * 0.011, 30 * 0.011 + early * 0.01, (30 + early) * 0.01, 0.0]
    assert list(by_year.values()) == pytest.approx(carried, abs=1e-5)


def test_an_exposed_stock_is_released_in_a_disruption_alone(tmp_path: Path) -> None:
    # The pit gives 10 of 15 t a year. 8 t of exposed ore lie in stock for a disruption: short 10 of
    # 30 t. A cut of 2027 lets 8 t out: 5 t of the pit and 8 t of stock, 2 t short. 2026 as before.
    path = workbook(
        tmp_path,
        **(ONE_PIT | {"facilities": ONE_PIT["facilities"].replace("2026", "")}),
        settings="last_year,2027",
        demand="""region,commodity,2027
            a,ore,15""",
        stockpiles="""stockpile,region,commodity,initial,release
            vault,a,ore,8,disruption""",
        scenarios="""scenario
            cut
            closed
            dear""",
        shocks="""scenario,what,field,value,first_year,factor
            cut,supply,facility,pit,2027,0.5
            closed,lane,region,cn,2026,0
            dear,demand,,,2026,0.8""",
    )
    assert_answer(path, dependence=1 / 3, shortfall=1 / 3, cost=0.0)
    assert_scenario(path, "cut", Optimum(0.5, 7 / 30, 0.0))
    assert_scenario(path, "closed", Optimum(1 / 3, 2 / 30, 0.0))
    assert_scenario(path, "dear", Optimum(4 / 24, 4 / 24, 0.0))


@pytest.mark.parametrize(("buys", "short"), [("clear", 10), ("any", 4)])
def test_exposed_material_is_bought_only_where_the_stockpile_says_so(
    tmp_path: Path, buys: str, short: int
) -> None:
    # The pit is run by cn, 10 t in 2026 alone; 10 t are needed in 2027. A stockpile of 6 t may buy
    # nothing exposed, or all it holds.
    path = workbook(
        tmp_path,
        **ONE_PIT
        | {
            "facilities": """facility,region,processes,capacity,closes,controlled_by
            pit,a,dig,10,2026,covered"""
        },
        settings="last_year,2027",
        demand="""region,commodity,2026,2027
            a,ore,0,10""",
        stockpiles=f"""stockpile,region,commodity,capacity,buys
            vault,a,ore,6,{buys}""",
        prices="""commodity,2027
            ore,0""",
        programmes="""programme,amount,pays_for
            buyer,0,stock""",
    )
    assert_answer(path, dependence=1.0, shortfall=short / 10, cost=0.0)


@pytest.mark.parametrize(
    ("row", "allowed"),
    [
        ("only,region,a", True),
        ("only,bloc,covered", False),
        ("only,stage,mining", True),
        ("only,process,dig", False),
        ("only,project,new", False),
        ("never,process,dig", True),
        ("never,commodity,ore", False),
    ],
)
def test_a_stockpile_has_the_traits_of_its_place_and_commodity(
    tmp_path: Path, row: str, allowed: bool
) -> None:
    # 10 t dug in 2026 can be served in 2027 only if the programme may buy them.
    path = workbook(
        tmp_path,
        **ONE_PIT,
        settings="last_year,2027",
        demand="""region,commodity,2026,2027
            a,ore,0,10""",
        projects="""project,region,processes,capacity,capex,lead_time,decision
            new,a,smelt,1,1,0,forbid""",
        stockpiles="""stockpile,region,commodity
            vault,a,ore""",
        prices="""commodity,2027
            ore,1000000""",
        programmes="""programme,amount,pays_for
            buyer,50,stock""",
        eligibility=f"""rule,field,value,programme
            {row},buyer""",
    )
    short = 0.0 if allowed else 1.0
    assert_answer(path, dependence=short, shortfall=short, cost=0.0)


# ---- Support --------------------------------------------------------------------------------


NEED = "losing_plants,need_support"
TWO_YEARS = {"settings": f"{NEED}\nlast_year,2027"}
SMELTER = CHAIN | {
    "settings": NEED,
    "regions": """region,bloc
        a,ally
        cn,covered""",
    "facilities": """facility,region,processes,capacity,opex
        pit,a,dig,100,0
        smelter,a,smelt,100,600000""",
    "demand": """region,commodity,2026
        a,metal,50""",
}


@pytest.mark.parametrize(
    ("supports", "pays_for", "amount", "made"),
    [
        # A tonne costs 0.6 + 0.5 of ore and sells at 0.8: the gap is 0.3. 6 pay for 20 t.
        ("", "price_support", 6, 20),
        # A floor of 1.1 tops up by 0.3, one of 1.4 by 0.6: 10 t.
        ("fund,metal,floor,1100000", "price_support", 6, 20),
        ("fund,metal,floor,1400000", "price_support", 6, 10),
        # 0.2 a tonne alone is less than the gap; with 0.1 of a floor it closes it.
        ("fund,metal,per_unit,200000", "output_support", 6, 0),
        ("fund,metal,per_unit,400000", "output_support", 6, 15),
        (
            "fund,metal,per_unit,200000\nfund,metal,floor,900000",
            "price_support;output_support",
            6,
            20,
        ),
        # Both kinds, no floor: the gap is paid and nothing else.
        ("fund,metal,per_unit,200000", "price_support;output_support", 6, 20),
        # A floor on what is not made, or not this year, pays nothing.
        ("fund,ore,floor,900000", "price_support", 6, 0),
    ],
)
def test_a_plant_at_a_loss_runs_as_far_as_it_is_paid(
    tmp_path: Path, supports: str, pays_for: str, amount: int, made: int
) -> None:
    rows = f"programme,commodity,basis,amount\n{supports}".strip()
    path = workbook(
        tmp_path,
        **SMELTER,
        prices="""commodity,2026
            ore,500000
            metal,800000""",
        programmes=f"""programme,amount,pays_for
            fund,{amount},{pays_for}""",
        **({"supports": rows} if supports else {}),
    )
    # The cost is that of smelting, and what is paid for it.
    cost = 0.6 * made + (amount if made else 0)
    short = 1 - made / 50
    assert_answer(path, dependence=short, shortfall=short, cost=cost)


@pytest.mark.parametrize(
    "programmes", ["grants,20,capex", "grants,20,capex\nfloor,0,price_support"]
)
@pytest.mark.parametrize("rule", ["", "losing_plants,run", NEED])
def test_a_programme_of_support_changes_nothing_by_being_there(
    tmp_path: Path, rule: str, programmes: str
) -> None:
    # Ore at 0.5 and 0.6 of opex against 0.8: the smelter loses 0.3 a tonne. Where such plants run
    # it makes all 50 t at 0.6; where they need support nothing is made, with a programme of amount
    # 0 as without one.
    path = workbook(
        tmp_path,
        **(SMELTER | {"settings": rule}),
        prices="""commodity,2026
            ore,500000
            metal,800000""",
        programmes=f"programme,amount,pays_for\n{programmes}",
    )
    short = float(rule == NEED)
    assert_answer(path, dependence=short, shortfall=short, cost=30.0 * (1 - short))


def test_two_programmes_close_a_gap_together(tmp_path: Path) -> None:
    # Gap 0.3. One pays 0.2 a tonne out of 4, the other 0.1 out of 1 and only up to 2026: 10 t in
    # 2026. In 2027 the other is over. Charged at half, 4 pays for 40 t, so the 1 binds.
    path = workbook(
        tmp_path,
        **(SMELTER | {"demand": "region,commodity,2026,2027\na,metal,50,50"} | TWO_YEARS),
        prices="""commodity,2027
            ore,500000
            metal,800000""",
        programmes="""programme,amount,pays_for,charge
            one,4,output_support,0.5
            other,1,output_support,1""",
        supports="""programme,commodity,basis,amount,last_year
            one,metal,per_unit,200000,
            other,metal,per_unit,100000,2026""",
    )
    assert_answer(path, dependence=0.9, shortfall=0.9, cost=0.6 * 10 + 2 + 1)


@pytest.mark.parametrize(
    ("window", "years"), [(",2026", 2), ("2027,", 1), ("2027,2027", 1), (",", 2)]
)
def test_support_begins_with_commit_from_and_goes_on_after_commit_to(
    tmp_path: Path, window: str, years: int
) -> None:
    # 50 t a year with a gap of 0.3 and an opex of 0.6 a tonne.
    path = workbook(
        tmp_path,
        **(SMELTER | {"demand": "region,commodity,2026,2027\na,metal,50,50"} | TWO_YEARS),
        prices="""commodity,2027
            ore,500000
            metal,800000""",
        programmes=f"""programme,amount,pays_for,commit_from,commit_to
            fund,100,price_support,{window}""",
    )
    short = 1 - years / 2
    assert_answer(path, dependence=short, shortfall=short, cost=45.0 * years)


def test_only_plants_that_can_make_clear_output_are_judged(tmp_path: Path) -> None:
    # Three smelters cost more than metal earns: that of cn and the one it controls run freely, the
    # third needs money and has none. Rare, a metal without a price, is smelted freely.
    path = workbook(
        tmp_path,
        settings=NEED,
        regions=SMELTER["regions"],
        commodities="""commodity,stage
            ore,mining
            metal,making
            rare,making""",
        processes="""process,stage
            dig,mining
            smelt,making
            refine,making""",
        recipes="""process,commodity,amount
            dig,ore,1
            smelt,ore,-1
            smelt,metal,1
            refine,ore,-1
            refine,rare,1""",
        facilities="""facility,region,processes,capacity,opex,controlled_by
            pit,a,dig,100,,
            own,a,smelt,10,600000,
            held,a,smelt,20,600000,covered
            far,cn,smelt,5,600000,
            odd,a,refine,3,600000,""",
        demand="""region,commodity,2026
            a,metal,50
            a,rare,50""",
        prices="""commodity,2026
            ore,500000
            metal,800000""",
        programmes="""programme,amount,pays_for
            fund,0,price_support""",
    )
    # Clear 3 t, exposed 25 t, of 100 t; 28 t smelted at 0.6.
    assert_answer(path, dependence=0.97, shortfall=0.72, cost=0.6 * 28)


def test_a_price_shock_opens_a_gap_at_its_market(tmp_path: Path) -> None:
    # At 1.2 a tonne metal earns 0.1 more than it costs. A fall by a half in region a leaves a gap
    # of 0.5, of which 5 pay 10 t. Elsewhere it changes nothing here.
    path = workbook(
        tmp_path,
        **SMELTER,
        prices="""commodity,market,2026
            ore,*,500000
            metal,*,2000000
            metal,bloc:ally,1200000""",
        programmes="""programme,amount,pays_for
            fund,5,price_support""",
        scenarios="""scenario
            slump
            elsewhere""",
        shocks="""scenario,what,field,value,factor
            slump,price,region,a,0.5
            elsewhere,price,bloc,covered,0.5""",
    )
    assert_answer(path, dependence=0.0, shortfall=0.0, cost=30.0)
    # Ore falls too: 0.6 + 0.25 - 0.6 = 0.25 a tonne, 20 t.
    assert_scenario(path, "slump", Optimum(0.6, 0.6, 12 + 5))
    assert_scenario(path, "elsewhere", Optimum(0.0, 0.0, 30.0))


# ---- Contracts ------------------------------------------------------------------------------


BOUND = CHAIN | {
    "regions": """region,bloc
        a,ally
        b,ally
        r,other
        cn,covered""",
    "facilities": """facility,region,processes,capacity
        pit,a,dig,10""",
}


@pytest.mark.parametrize(
    ("offtake", "served"),
    [
        # Of 10 t dug, for 8 t needed at home and 4 t in b, this much may serve them.
        ("", 10),
        ("r,0.7", 3),
        ("bloc:other,1", 0),
        ("b,0.7", 7),  # 4 t go to b as bound, 3 t are the holder's, 3 t stay
        ("a,0.8", 10),
        ("a,1", 8),
        ("bloc:ally,1", 10),
    ],
)
def test_output_goes_where_it_is_bound_to(tmp_path: Path, offtake: str, served: int) -> None:
    rows = f"facility,commodity,destination,share\npit,ore,{offtake}"
    path = workbook(
        tmp_path,
        **BOUND,
        demand="""region,commodity,2026
            a,ore,8
            b,ore,4""",
        **({"offtakes": rows} if offtake else {}),
    )
    short = 1 - served / 12
    assert_answer(path, dependence=short, shortfall=short, cost=0.0)


def test_imports_do_not_stand_in_for_bound_output(tmp_path: Path) -> None:
    # All ore of a is bound to cn. Ore of r comes to a alone, where nobody needs it: it cannot be
    # given to the holder in the place of the ore of a, so that b would be served.
    path = workbook(
        tmp_path,
        **BOUND | {"facilities": f"{BOUND['facilities']}\nfar,r,dig,10"},
        demand="""region,commodity,2026
            b,ore,10""",
        lanes="""origin,destination,commodity
            r,a,*
            a,b,*
            a,cn,*""",
        offtakes="""facility,commodity,destination,share
            pit,ore,cn,1""",
    )
    assert_answer(path, dependence=1.0, shortfall=1.0, cost=0.0)


def test_two_contracts_are_kept_together_and_end(tmp_path: Path) -> None:
    # 5 t are bound to b and 5 t to the allies. b needs 2 t, so 3 t are the holder's and a is served
    # 5 t of 8 t, though the 2 t for b could be for either. In 2027 the first contract is over: 8 t.
    path = workbook(
        tmp_path,
        **BOUND,
        settings="last_year,2027",
        demand="""region,commodity,2027
            a,ore,8
            b,ore,2""",
        offtakes="""facility,commodity,destination,share,last_year
            pit,ore,b,0.5,2026
            pit,ore,bloc:ally,0.5,""",
    )
    assert_answer(path, dependence=3 / 20, shortfall=3 / 20, cost=0.0)


def test_bound_output_needs_an_outlet_that_is_allowed(tmp_path: Path) -> None:
    # Nothing may be left over, but the holder takes what is bound to r: 7 t. Of the other 3 t the
    # demand takes 2 t, so the pit digs 2 / 0.3 t at 1 a tonne.
    path = workbook(
        tmp_path,
        **BOUND
        | {
            "commodities": CHAIN["commodities"]
            .replace("stage", "stage,surplus")
            .replace("mining", "mining,none"),
            "facilities": "facility,region,processes,capacity,opex\npit,a,dig,10,1000000",
        },
        demand="""region,commodity,2026
            a,ore,2""",
        offtakes="""facility,commodity,destination,share
            pit,ore,r,0.7""",
    )
    assert_answer(path, dependence=0.0, shortfall=0.0, cost=2 / 0.3)


# ---- Targets and public money ---------------------------------------------------------------


SUPPLIERS = CHAIN | {
    "regions": """region,bloc
        a,ally
        b,ally
        r,other
        cn,covered""",
    "facilities": """facility,region,processes,capacity,opex
        pit_a,a,dig,20,1000000
        pit_b,b,dig,20,1000000
        pit_r,r,dig,100,
        pit_cn,cn,dig,100,""",
    "demand": """region,commodity,segment,2026
        a,ore,cars,40
        b,ore,defence,60""",
}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        # All ore from r: clear and free.
        ("output,ore:r,1000,at_most", Optimum(0, 0, 0)),
        # r digs 70 t at most, the other 30 t come from the allies' pits at 1 a tonne.
        ("output,ore:r,70,at_most", Optimum(0, 0, 30)),
        ("output,ore:bloc:ally,15,at_least", Optimum(0, 0, 15)),
        ("source_share,mining:r,0.7,at_most", Optimum(0, 0, 30)),
        ("source_share,mining:any:bloc:ally,0.75,at_most", Optimum(0, 0, 25)),
        ("source_share,mining:other:a,0.7,at_most", Optimum(0, 0, 12)),
        # cn sends 30 t that nobody uses.
        ("source_share,mining:bloc:covered,0.3,at_least", Optimum(0, 0, 0)),
        ("home_share,mining:ally,0.35,at_least", Optimum(0, 0, 35)),
        ("home_share,mining:b,0.25,at_least", Optimum(0, 0, 15)),
        ("dependence,defence,0.5,at_least", Optimum(0.3, 0, 0)),
        ("dependence,bloc:ally,0.2,at_most", Optimum(0, 0, 0)),
        ("shortfall,a,0.25,at_least", Optimum(0.1, 0.1, 0)),
        ("shortfall,,0.25,at_least", Optimum(0.25, 0.25, 0)),
        # Not to be had: 40 t of the allies' pits of 100 t.
        ("home_share,mining:ally,0.41,at_least", None),
        ("output,ore:b,21,at_least", None),
    ],
)
def test_targets_bind(tmp_path: Path, target: str, expected: Optimum | None) -> None:
    path = workbook(
        tmp_path,
        **SUPPLIERS,
        targets=f"""target,year,metric,scope,bound,sense
            goal,2026,{target}""",
        scenarios="scenario\nplain",
    )
    assert_scenario(path, "plain", expected)


@pytest.mark.parametrize(
    ("plants", "bound", "expected"),
    [
        # 70 t from r and 30 t from cn, exposed: 30 of 100 t.
        ("pit_r,r,dig,70\npit_cn,cn,dig,100", 0.31, Optimum(0.3, 0.0, 0.0)),
        ("pit_r,r,dig,70\npit_cn,cn,dig,100", 0.29, None),
        # 60 t from r, 40 t short: what is short counts as used, and as if it came from cn.
        ("pit_r,r,dig,60", 0.41, Optimum(0.4, 0.4, 0.0)),
        ("pit_r,r,dig,60", 0.39, None),
    ],
)
def test_a_source_share_counts_both_classes_and_what_is_short(
    tmp_path: Path, plants: str, bound: float, expected: Optimum | None
) -> None:
    path = workbook(
        tmp_path,
        **SUPPLIERS | {"facilities": f"facility,region,processes,capacity\n{plants}"},
        targets=f"""target,year,metric,scope,bound
            goal,2026,source_share,mining:covered,{bound}""",
        scenarios="scenario\nplain",
    )
    assert_scenario(path, "plain", expected)


@pytest.mark.parametrize(
    ("target", "cost"),
    [
        # Content of nd: 0.5 x 40 t of ore and 0.1 x 60 t of slag are demanded, 26 t.
        ("home_share,mining:ally:nd,0.25,at_least", 13),
        # All elements: 0.7 x 40 + 0.1 x 60 = 34 t; dug 0.7 a tonne.
        ("home_share,mining:ally,0.35,at_least", 17),
    ],
)
def test_home_share_by_content(tmp_path: Path, target: str, cost: float) -> None:
    path = workbook(
        tmp_path,
        **SUPPLIERS
        | {
            "commodities": "commodity,stage\nore,mining\nslag,mining\nmetal,making",
            "demand": "region,commodity,2026\na,ore,40\nb,slag,60",
        },
        contents="""commodity,element,share
            ore,nd,0.5
            ore,dy,0.2
            slag,nd,0.1""",
        targets=f"""target,year,metric,scope,bound,sense
            goal,2026,{target}""",
    )
    assert_answer(path, dependence=0.6, shortfall=0.6, cost=cost)


def test_dependence_on_an_element_weighs_with_content(tmp_path: Path) -> None:
    # 10 t of each ore hold 5 t and 1 t of nd. For half of the 6 t to be short, 6 t of rich ore are.
    # Shortfall itself counts tonnes of ore: 6 of 20.
    path = workbook(
        tmp_path,
        regions=SUPPLIERS["regions"],
        commodities="commodity,stage\nrich,mining\npoor,mining",
        processes="process,stage\ndig,mining\nscrape,mining",
        recipes="process,commodity,amount\ndig,rich,1\nscrape,poor,1",
        facilities="""facility,region,processes,capacity
            pit,r,dig,12
            tip,r,scrape,12""",
        demand="region,commodity,2026\na,rich,10\na,poor,10",
        contents="""commodity,element,share
            rich,nd,0.5
            poor,nd,0.1""",
        targets="""target,year,metric,scope,bound,sense
            goal,2026,shortfall,nd,0.5,at_least""",
    )
    assert_answer(path, dependence=0.3, shortfall=0.3, cost=0.0)


def test_public_counts_stock_and_support_with_capex(tmp_path: Path) -> None:
    # Dependence of 0.1 at most: 45 of 50 t of metal. Smelting needs 0.3 of support a tonne: 13.5.
    # A project of 30 t for 10, half of it public at least, needs none: 15 t supported and 5 paid,
    # 9.5 in all. Cost: 10 of capex, 0.6 x 15, and 4.5.
    path = workbook(
        tmp_path,
        **(SMELTER | {"settings": f"{NEED}\nobjective,public\ndependence_target,0.1"}),
        projects="""project,region,processes,capacity,capex,lead_time,public_share
            new,a,smelt,30,10,0,0.5""",
        prices="""commodity,2026
            ore,500000
            metal,800000""",
        programmes="""programme,amount,pays_for
            fund,100,price_support;capex""",
    )
    expected = Optimum(0.1, 0.1, 10 + 0.6 * 15 + 4.5, 9.5)
    assert_agree(second_opinion(path), expected)
    assert_agree(figures(answer_of(load(path, EXACT), None)), expected)


@pytest.mark.parametrize("seed", range(4))
def test_worth_of_drawn_cases(seed: int, tmp_path: Path) -> None:
    """What comes first is public money and dependence at USD 3 million a point."""
    path = accepted(tmp_path, seed)
    if path is None:
        return
    settings = {"objective": "worth", "worth_of_point": "3"}
    run = answer_of(load(path, {**EXACT, **settings}), None)
    assert_agree(figures(run), second_opinion(path, None, settings))
    if run is not None:
        assert_proven(run)
