"""The fine print of the workbook about prices, stockpiles, support, offtakes and targets, number by
number.

The case is that of `builders.chain`: 2030-2033, W an ally, X covered, N neither; ore to metal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, instance_of, plant, project
from hypothesis import given, settings
from hypothesis import strategies as st

from opt.data.instance import Instance, Offtake, Programme, Stockpile, Target
from opt.data.trade import LaneRule, resolve_lanes, told_apart

YEARS = (2030, 2031, 2032, 2033)


def flat(commodity: str, amount: float, market: str = "*") -> dict[str, Any]:
    """A row of sheet prices that never changes."""
    return {"commodity": commodity, "market": market, "2030": amount, "2033": amount}


def every(amount: float) -> dict[int, float]:
    """The same in every year."""
    return dict.fromkeys(YEARS, amount)


# ---- Market prices --------------------------------------------------------------------------


def stock_in(
    tmp_path: Path,
    region: str = "W",
    *shocks: dict[str, Any],
    prices: Rows | None = None,
    **values: Any,
) -> Stockpile:
    """A stockpile of metal in a region, with prices, under the shocks of a scenario."""
    case = chain(
        stockpiles=[{"stockpile": "reserve", "region": region, "commodity": "metal", **values}],
        scenarios=[{"scenario": "bad"}, {"scenario": "other"}],
        shocks=[{"scenario": "bad", **shock} for shock in shocks],
    )
    case["regions"] = [*case["regions"], {"region": "V", "bloc": "ally"}]
    if prices:
        case["prices"] = prices
    return instance_of(tmp_path, case, "bad" if shocks else None).stockpiles["reserve"]


def test_price_of_the_region_then_its_bloc_then_any(tmp_path: Path) -> None:
    rows = [
        flat("metal", 1),
        flat("metal", 2, "bloc:ally"),
        flat("metal", 3, "W"),
        flat("ore", 9, "V"),
    ]
    found = {r: stock_in(tmp_path, r, prices=rows).prices for r in ("W", "V", "X", "N")}
    assert found == {"W": every(3), "V": every(2), "X": every(1), "N": every(1)}


def test_no_price_where_no_row_holds(tmp_path: Path) -> None:
    rows = [flat("metal", 2, "bloc:covered"), flat("metal", 3, "N"), flat("ore", 9)]
    assert stock_in(tmp_path, "W", prices=rows).prices == {}
    assert stock_in(tmp_path, "X", prices=rows).prices == every(2)


def test_price_is_interpolated_and_flat_before(tmp_path: Path) -> None:
    row = {"commodity": "metal", "2031": 10, "2033": 40}
    # Half way from 10 to 40 in 2032.
    found = stock_in(tmp_path, prices=[row]).prices
    assert found == {2030: 10, 2031: 10, 2032: 25, 2033: 40}


def price_under(tmp_path: Path, *shocks: dict[str, Any], region: str = "W") -> dict[int, float]:
    """Price of metal, 10 without shocks, under shocks on prices."""
    rows = [{"what": "price", **shock} for shock in shocks]
    return dict(stock_in(tmp_path, region, *rows, prices=[flat("metal", 10)]).prices)


def test_price_shocks_multiply_then_add(tmp_path: Path) -> None:
    found = price_under(
        tmp_path,
        {"factor": 2, "shift": 5},
        {"factor": 3, "first_year": 2032},
        {"shift": -7, "first_year": 2033},
    )
    # 10 x 2 + 5; 10 x 2 x 3 + 5; the same - 7.
    assert found == {2030: 25, 2031: 25, 2032: 65, 2033: 58}


def test_price_is_never_below_zero(tmp_path: Path) -> None:
    found = price_under(tmp_path, {"shift": -30}, {"factor": 4, "first_year": 2033})
    # 10 - 30; 40 - 30 in 2033.
    assert found == {2030: 0, 2031: 0, 2032: 0, 2033: 10}


@pytest.mark.parametrize(
    ("field", "value", "region", "hit"),
    [
        ("commodity", "METAL", "W", True),
        ("commodity", "ore", "W", False),
        ("mineral", "M", "W", True),
        ("stage", "metal", "W", True),
        ("stage", "mining", "W", False),
        # The market is that of the place, though the row of sheet prices is for `*`.
        ("region", "w", "W", True),
        ("region", "W", "V", False),
        ("bloc", "ally", "V", True),
        ("bloc", "ally", "X", False),
        ("", "", "X", True),
    ],
)
def test_what_a_price_shock_hits(
    tmp_path: Path, field: str, value: str, region: str, hit: bool
) -> None:
    shock = {"field": field, "value": value, "factor": 0.5}
    assert price_under(tmp_path, shock, region=region) == every(5 if hit else 10)


# ---- Stockpiles -----------------------------------------------------------------------------


def test_stockpile_columns(tmp_path: Path) -> None:
    values = {"initial": 7, "capacity": 9, "loss": 0.2, "carrying_cost": 3}
    found = stock_in(tmp_path, **values)
    assert (found.initial, found.capacity, found.loss) == ({"exposed": 7}, 9, 0.2)
    assert (found.carrying_cost, found.region, found.commodity) == (3, "W", "metal")
    # What is left of 7 after two years at a loss of a fifth.
    assert found.initial_left(2) == pytest.approx(7 * 0.8 * 0.8)
    bare = stock_in(tmp_path, initial_origin="clear")
    assert (bare.initial, bare.capacity, bare.loss) == ({"clear": 0}, None, 0)


@pytest.mark.parametrize(
    ("region", "buys", "classes"),
    [
        ("W", "", ("clear",)),
        ("W", "any", ("clear", "exposed")),
        ("N", "clear", ("clear",)),
        # In the covered bloc there is exposed material alone.
        ("X", "clear", ("exposed",)),
        ("X", "any", ("exposed",)),
    ],
)
def test_what_is_bought(tmp_path: Path, region: str, buys: str, classes: tuple[str, ...]) -> None:
    assert stock_in(tmp_path, region, buys=buys).buys == classes


def released(tmp_path: Path, *shocks: dict[str, Any], rule: str = "disruption") -> set[int]:
    """The years of release under a rule and shocks."""
    return set(stock_in(tmp_path, "W", *shocks, release=rule).release_years)


def test_release_at_any_time(tmp_path: Path) -> None:
    cut = {"what": "lane", "factor": 0, "first_year": 2032}
    assert released(tmp_path, rule="any") == set(YEARS)
    assert released(tmp_path, cut, rule="any") == set(YEARS)
    assert released(tmp_path, cut, rule="") == set(YEARS)


def test_release_in_a_disruption(tmp_path: Path) -> None:
    # Never in the base case.
    assert released(tmp_path) == set()
    lane = {"what": "lane", "factor": 0.9, "first_year": 2033}
    supply = {"what": "supply", "factor": 0, "last_year": 2030}
    # Whatever they match: here a plant that makes another commodity elsewhere.
    mine = {**supply, "field": "facility", "value": "mine_x"}
    assert released(tmp_path, lane) == {2033}
    assert released(tmp_path, lane, mine) == {2030, 2033}
    # A factor of 1 or more cuts nothing.
    assert released(tmp_path, {**lane, "factor": 1}, {**supply, "factor": 2}) == set()
    # Nor do shocks on anything else.
    others = [{"what": what, "factor": 0.5} for what in ("ramp", "demand", "price", "capex")]
    assert released(tmp_path, *others, {"what": "lead_time", "shift": 1}) == set()


def test_shocks_of_another_scenario_release_nothing(tmp_path: Path) -> None:
    case = chain(
        stockpiles=[
            {"stockpile": "s", "region": "W", "commodity": "metal", "release": "disruption"}
        ],
        scenarios=[{"scenario": "bad"}, {"scenario": "other"}],
        shocks=[{"scenario": "bad", "what": "lane", "factor": 0}],
    )
    assert instance_of(tmp_path, case, "other").stockpiles["s"].release_years == frozenset()


# ---- Gaps -----------------------------------------------------------------------------------

FUND: dict[str, Any] = {"programme": "fund", "amount": 1, "pays_for": "price_support"}
PRICES = [flat("metal", 50), flat("ore", 80)]


def supported(tmp_path: Path, scenario: str | None = None, **sheets: Rows) -> Instance:
    """The case with metal at 50, ore at 80 and a fund for price support; sheets replace."""
    given = {"prices": PRICES, "programmes": [FUND], **sheets}
    return instance_of(tmp_path, chain({"losing_plants": "need_support"}, **given), scenario)


def smelter(name: str, region: str = "W", **values: Any) -> dict[str, Any]:
    """A smelter of 100 that runs at USD 20 a unit: 20 + 80 - 50 = 50 are lost on each."""
    return plant(name, region, "smelt", 100, **{"opex": 20, **values})


def test_which_plants_are_judged(tmp_path: Path) -> None:
    rows = [
        smelter("own"),
        smelter("neutral", "N"),
        smelter("there", "X"),
        smelter("held", controlled_by="covered"),
        smelter("freed", "X", controlled_by="ally"),
        plant("mine", "W", "dig", 100, opex=79),
        plant("dear_mine", "W", "dig", 100, opex=81),
        plant("even_mine", "W", "dig", 100, opex=80),
    ]
    found = supported(tmp_path, facilities=rows, projects=[project("P", "smelt", 9, 9, opex=20)])
    # A mine earns its 80; covered plants run at any price.
    assert found.gaps == {
        ("own", "smelt"): every(50),
        ("neutral", "smelt"): every(50),
        ("P", "smelt"): every(50),
        ("dear_mine", "dig"): every(1),
    }


def test_no_gaps_without_prices_or_where_losing_plants_run(tmp_path: Path) -> None:
    rows = [smelter("own")]
    assert supported(tmp_path, facilities=rows, prices=[]).gaps == {}
    for rule in ({}, {"losing_plants": "run"}):
        case = chain(rule, facilities=rows, prices=PRICES, programmes=[FUND])
        found = instance_of(tmp_path, case)
        assert found.gaps == {}
        assert found.programmes["fund"].rates["support"] == {}


def test_gaps_whatever_programmes_pay_for(tmp_path: Path) -> None:
    rows = [smelter("own")]
    assert supported(tmp_path, facilities=rows, programmes=[]).gaps == {("own", "smelt"): every(50)}
    for pays_for in ("", "capex", "capex; stock", "output_support", "capex;  Price_Support"):
        programmes = [{**FUND, "pays_for": pays_for}]
        supports = [{"programme": "fund", "commodity": "metal", "basis": "per_unit", "amount": 1}]
        given = {"supports": supports} if pays_for == "output_support" else {}
        found = supported(tmp_path, facilities=rows, programmes=programmes, **given)
        assert found.gaps == {("own", "smelt"): every(50)}


def test_gap_by_recipe_amounts_and_unpriced_outputs(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "commodities": [
            {"commodity": c, "stage": s}
            for c, s in (("ore", "mining"), ("metal", "metal"), ("slag", "metal"))
        ],
        "recipes": [
            {"process": "dig", "commodity": "ore", "amount": 1},
            {"process": "smelt", "commodity": "ore", "amount": -2},
            {"process": "smelt", "commodity": "metal", "amount": 1.5},
            {"process": "smelt", "commodity": "slag", "amount": 0.5},
        ],
        "facilities": [smelter("own")],
    }
    # 20 + 2 x 80 - 1.5 x 50; slag without a price is worth nothing.
    assert supported(tmp_path, **sheets).gaps == {("own", "smelt"): every(105)}
    # Slag at 10: 0.5 x 10 less.
    prices = [*PRICES, flat("slag", 10)]
    assert supported(tmp_path, **sheets, prices=prices).gaps == {("own", "smelt"): every(100)}
    # One priced output is enough; slag alone here: 20 + 160 - 5.
    prices = [flat("ore", 80), flat("slag", 10)]
    assert supported(tmp_path, **sheets, prices=prices).gaps == {("own", "smelt"): every(175)}
    # No output with a price, or an input without: not judged.
    assert supported(tmp_path, **sheets, prices=[flat("ore", 80)]).gaps == {}
    assert supported(tmp_path, **sheets, prices=[flat("metal", 50)]).gaps == {}


def test_gap_in_the_years_with_a_loss_alone(tmp_path: Path) -> None:
    # Metal falls from 110 to 80: 20 + 80 = 100 is lost from 2032 on, when it sells at 90 and 80.
    prices = [{"commodity": "metal", "2030": 110, "2033": 80}, flat("ore", 80)]
    found = supported(tmp_path, facilities=[smelter("own")], prices=prices)
    assert found.gaps["own", "smelt"] == pytest.approx({2032: 10, 2033: 20})


def test_gap_by_market_and_process(tmp_path: Path) -> None:
    # Ore at 30 in N: a smelter there loses nothing; a plant is judged process by process.
    prices = [*PRICES, flat("ore", 30, "N")]
    rows = [smelter("abroad", "N"), plant("both", "W", "dig; smelt", 100, opex=20)]
    found = supported(tmp_path, facilities=rows, prices=prices)
    assert found.gaps == {("both", "smelt"): every(50)}


def test_gap_under_a_price_shock(tmp_path: Path) -> None:
    shock = {"scenario": "war", "what": "price", "field": "commodity", "value": "metal"}
    found = supported(
        tmp_path,
        "war",
        facilities=[smelter("own", opex=0)],
        prices=[flat("metal", 100), flat("ore", 80)],
        scenarios=[{"scenario": "war"}],
        shocks=[{**shock, "factor": 0.5, "first_year": 2033}],
    )
    assert found.gaps == {("own", "smelt"): {2033: 30}}


# ---- What programmes pay on a unit ----------------------------------------------------------


def row_of(basis: str, amount: float, **values: Any) -> dict[str, Any]:
    """A row of sheet supports of the fund, on metal where nothing else is said."""
    row = {"programme": "fund", "commodity": "metal", "basis": basis, "amount": amount}
    return row | values


def paid(tmp_path: Path, pays_for: str, *supports: dict[str, Any], **sheets: Rows) -> Any:
    """What the fund pays a unit of a smelter that loses 50, by year; {} for nothing."""
    given: dict[str, Rows] = {"facilities": [smelter("own")], **sheets}
    if supports:
        given["supports"] = list(supports)
    programmes = [{**FUND, "pays_for": pays_for}]
    found = supported(tmp_path, programmes=programmes, **given).programmes["fund"].rates["support"]
    assert set(found) <= {("own", "smelt")}
    return dict(found.get(("own", "smelt"), {}))


def test_price_support_without_a_floor_pays_the_gap(tmp_path: Path) -> None:
    assert paid(tmp_path, "price_support") == every(50)
    prices = [{"commodity": "metal", "2030": 110, "2033": 80}, flat("ore", 80)]
    assert paid(tmp_path, "price_support", prices=prices) == pytest.approx({2032: 10, 2033: 20})


def test_a_floor_pays_up_to_it(tmp_path: Path) -> None:
    # 70 - 50, though the gap is 50; more than the gap for a higher floor.
    assert paid(tmp_path, "price_support", row_of("floor", 70)) == every(20)
    assert paid(tmp_path, "price_support", row_of("floor", 120)) == every(70)
    # At or under the price it pays nothing, and the gap is no longer paid either.
    assert paid(tmp_path, "price_support", row_of("floor", 50)) == {}
    # Two floors on one commodity: both pay.
    rows = (row_of("floor", 70, last_year=2031), row_of("floor", 60, commodity="ore"))
    assert paid(tmp_path, "price_support", *rows) == {2030: 20, 2031: 20}  # ore is no output


def test_output_support_pays_an_amount(tmp_path: Path) -> None:
    assert paid(tmp_path, "output_support", row_of("per_unit", 8)) == every(8)


def test_support_by_recipe_amount(tmp_path: Path) -> None:
    recipes: Rows = [
        {"process": "dig", "commodity": "ore", "amount": 1},
        {"process": "smelt", "commodity": "ore", "amount": -2},
        {"process": "smelt", "commodity": "metal", "amount": 1.5},
    ]
    # 1.5 x 8; 1.5 x (70 - 50).
    per_unit, floor = row_of("per_unit", 8), row_of("floor", 70)
    assert paid(tmp_path, "output_support", per_unit, recipes=recipes) == every(12)
    assert paid(tmp_path, "price_support", floor, recipes=recipes) == every(30)


def test_both_kinds_add_up(tmp_path: Path) -> None:
    both = "price_support; output_support"
    rows = (row_of("floor", 70), row_of("per_unit", 8))
    assert paid(tmp_path, both, *rows) == every(28)
    # Without a floor the gap is paid, and the amount adds nothing.
    assert paid(tmp_path, both, rows[1]) == every(50)


def test_support_in_its_years(tmp_path: Path) -> None:
    both = "price_support; output_support"
    rows = (
        row_of("floor", 70, first_year=2031),
        row_of("per_unit", 8, first_year=2032, last_year=2032),
    )
    assert paid(tmp_path, both, *rows) == {2031: 20, 2032: 28, 2033: 20}


def test_support_is_paid_only_where_there_is_a_gap(tmp_path: Path) -> None:
    prices = [{"commodity": "metal", "2030": 110, "2033": 80}, flat("ore", 80)]
    found = paid(tmp_path, "output_support", row_of("per_unit", 8), prices=prices)
    assert found == {2032: 8, 2033: 8}
    # A floor of 95 on 90 and 80.
    found = paid(tmp_path, "price_support", row_of("floor", 95), prices=prices)
    assert found == pytest.approx({2032: 5, 2033: 15})


def test_floor_at_the_price_of_the_plants_market(tmp_path: Path) -> None:
    prices = [*PRICES, flat("metal", 60, "bloc:ally")]
    assert paid(tmp_path, "price_support", row_of("floor", 70), prices=prices) == every(10)


# ---- Eligibility ----------------------------------------------------------------------------


def rules(*items: tuple[str, str, str]) -> Rows:
    """Rows of sheet eligibility for the fund."""
    keys = ("field", "value", "rule")
    return [{"programme": "fund", **dict(zip(keys, item, strict=True))} for item in items]


STOCKS: Rows = [
    {"stockpile": "metal_w", "region": "W", "commodity": "metal"},
    {"stockpile": "ore_n", "region": "N", "commodity": "ore"},
]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((), {"metal_w", "ore_n"}),
        ((("region", "w", "only"),), {"metal_w"}),
        ((("bloc", "other", "only"),), {"ore_n"}),
        ((("commodity", "Ore", "only"),), {"ore_n"}),
        ((("stage", "metal", "only"),), {"metal_w"}),
        ((("mineral", "M", "only"), ("region", "N", "never")), {"metal_w"}),
        ((("mineral", "M", "never"),), set()),
        # A stockpile is no project and runs no process.
        ((("project", "P", "only"),), set()),
        ((("process", "smelt", "only"),), set()),
        ((("process", "smelt", "never"),), {"metal_w", "ore_n"}),
    ],
)
def test_which_stock_is_eligible(
    tmp_path: Path, items: tuple[tuple[str, str, str], ...], expected: set[str]
) -> None:
    sheets: dict[str, Rows] = {
        "stockpiles": STOCKS,
        "projects": [project("P", "smelt", 9, 9)],
        "programmes": [{**FUND, "pays_for": "stock"}],
        "eligibility": rules(*items),
    }
    if not items:
        del sheets["eligibility"]
    assert set(supported(tmp_path, **sheets).programmes["fund"].stocks) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((), {"own", "abroad", "P"}),
        ((("region", "N", "only"),), {"abroad"}),
        ((("bloc", "ally", "only"),), {"own", "P"}),
        ((("stage", "metal", "only"),), {"own", "abroad", "P"}),
        ((("stage", "mining", "only"),), set()),
        ((("commodity", "metal", "only"), ("region", "W", "never")), {"abroad"}),
        ((("process", "smelt", "never"),), set()),
        # A facility is no project.
        ((("project", "P", "only"),), {"P"}),
        ((("project", "P", "never"),), {"own", "abroad"}),
    ],
)
def test_which_running_plant_is_eligible(
    tmp_path: Path, items: tuple[tuple[str, str, str], ...], expected: set[str]
) -> None:
    sheets: dict[str, Rows] = {
        "facilities": [smelter("own"), smelter("abroad", "N"), smelter("there", "X")],
        "projects": [project("P", "smelt", 9, 9, opex=20)],
        "eligibility": rules(*items),
    }
    if not items:
        del sheets["eligibility"]
    found = supported(tmp_path, **sheets).programmes["fund"].rates["support"]
    assert {f for f, _ in found} == expected


def test_pays_for_alone_says_what_money_can_be_used_for(tmp_path: Path) -> None:
    def fund(**values: Any) -> Programme:
        sheets: dict[str, Rows] = {
            "facilities": [smelter("own")],
            "projects": [project("P", "smelt", 9, 9, opex=20)],
            "stockpiles": STOCKS[:1],
            "programmes": [{**FUND, "pays_for": "", **values}],
        }
        return supported(tmp_path, **sheets).programmes["fund"]

    def uses(programme: Programme) -> tuple[bool, bool, bool]:
        return (bool(programme.shares), bool(programme.stocks), bool(programme.rates["support"]))

    assert uses(fund()) == (True, False, False)
    assert uses(fund(instrument="stock")) == (True, False, False)
    assert uses(fund(pays_for="stock", instrument="grant")) == (False, True, False)
    assert uses(fund(pays_for="Stock; price_support")) == (False, True, True)
    assert uses(fund(pays_for="capex;stock;price_support")) == (True, True, True)


# ---- Offtakes -------------------------------------------------------------------------------


def test_offtakes(tmp_path: Path) -> None:
    contract = {"commodity": "ore", "share": 0.2}
    case = chain(
        projects=[project("P", "smelt", 9, 9, region="N")],
        offtakes=[
            {"facility": "mine_w", **contract, "destination": "bloc:ally"},
            {"facility": "mine_w", **contract, "destination": "n", "last_year": 2031},
            {"facility": "mine_x", **contract, "destination": "bloc:other"},
            {"project": "P", "commodity": "metal", "share": 1, "destination": "X"},
        ],
    )
    case["regions"] = [*case["regions"], {"region": "V", "bloc": "ally"}]
    assert set(instance_of(tmp_path, case).offtakes) == {
        Offtake("mine_w", "W", "ore", frozenset({"W", "V"}), 0.2, 2033),
        Offtake("mine_w", "W", "ore", frozenset({"N"}), 0.2, 2031),
        Offtake("mine_x", "X", "ore", frozenset({"N"}), 0.2, 2033),
        Offtake("P", "N", "metal", frozenset({"X"}), 1, 2033),
    }


# ---- Targets --------------------------------------------------------------------------------


HALF: Rows = [
    {"process": "dig", "commodity": "ore", "amount": 1},
    {"process": "smelt", "commodity": "ore", "amount": -1},
    {"process": "smelt", "commodity": "metal", "amount": 0.5},
]


def aim(tmp_path: Path, metric: str, scope: str = "", **sheets: Rows) -> Target:
    """A target for 2032 in a case of two allies, W and V.

    Cars of W (weight 2) want 100 of metal a year, V's only use (weight 1) 40 of metal, arms of W
    (weight 3) 10 of ore, N 70 of metal. Ore holds 0.4 of E and 0.2 of F, metal 0.5 of E and 0.1 of
    F; a unit of ore makes half a unit of metal.
    """
    demand = [
        ("W", "metal", "cars", 2, 100),
        ("V", "metal", "", 1, 40),
        ("W", "ore", "arms", 3, 10),
        ("N", "metal", "", 1, 70),
    ]
    content = [("ore", "E", 0.4), ("ore", "F", 0.2), ("metal", "E", 0.5), ("metal", "F", 0.1)]
    given: dict[str, Rows] = {
        "regions": [
            {"region": r, "bloc": b}
            for r, b in (("W", "ally"), ("V", "ally"), ("X", "covered"), ("N", "other"))
        ],
        "demand": [
            {"region": r, "commodity": c, "segment": s, "weight": w, "2030": a, "2033": a}
            for r, c, s, w, a in demand
        ],
        "contents": [{"commodity": c, "element": e, "share": s} for c, e, s in content],
        "recipes": HALF,
        "targets": [
            {"target": "t", "metric": metric, "scope": scope, "year": 2032, "bound": 0.5},
        ],
        **sheets,
    }
    return instance_of(tmp_path, chain(**given)).targets[0]


CARS, V_USE, ARMS, N_USE = "W|metal|cars", "V|metal|", "W|ore|arms", "N|metal|"


@pytest.mark.parametrize(
    ("scope", "weights", "total"),
    [
        # 2 x 100 + 40 + 3 x 10.
        ("", {CARS: 2, V_USE: 1, ARMS: 3}, 270),
        ("all", {CARS: 2, V_USE: 1, ARMS: 3}, 270),
        ("metal", {CARS: 2, V_USE: 1}, 240),
        ("V", {V_USE: 1}, 40),
        ("bloc:ally", {CARS: 2, V_USE: 1, ARMS: 3}, 270),
        ("Cars", {CARS: 2}, 200),
        # By content: 2 x 0.5 x 100 + 0.5 x 40 + 3 x 0.4 x 10.
        ("E", {CARS: 1, V_USE: 0.5, ARMS: 1.2}, 132),
        ("f", {CARS: 0.2, V_USE: 0.1, ARMS: 0.6}, 30),
    ],
)
@pytest.mark.parametrize("metric", ["dependence", "shortfall"])
def test_demands_of_a_target(
    tmp_path: Path, metric: str, scope: str, weights: dict[str, float], total: float
) -> None:
    found = aim(tmp_path, metric, scope)
    assert found.demands == pytest.approx(weights)
    assert found.total == pytest.approx(total)
    assert found.totals == pytest.approx(every(total))
    assert (found.year, found.bound, found.at_most, found.scope) == (2032, 0.5, True, scope)


def test_total_of_the_targets_own_year(tmp_path: Path) -> None:
    rows: Rows = [{"region": "W", "commodity": "metal", "2030": 0, "2033": 90}]
    found = aim(tmp_path, "dependence", demand=rows)
    assert found.total == pytest.approx(60)
    assert found.totals == pytest.approx({2030: 0, 2031: 30, 2032: 60, 2033: 90})


def test_sense_of_a_target(tmp_path: Path) -> None:
    row = {"target": "t", "metric": "dependence", "year": 2032, "bound": 0.5, "sense": "at_least"}
    assert not aim(tmp_path, "dependence", targets=[row]).at_most


@pytest.mark.parametrize(
    ("scope", "goods", "sources", "users"),
    [
        ("metal:X", "metal", ["X"], "WV"),
        ("metal:covered", "metal", ["X"], "WV"),
        ("mining:N", "ore", ["N"], "WV"),
        # Each region outside the users on its own.
        ("metal:any", "metal", ["X", "N"], "WV"),
        ("metal:any:W", "metal", ["V", "X", "N"], "W"),
        # An ally of the users' own bloc: those outside the users.
        ("metal:ally:W", "metal", ["V"], "W"),
        ("metal:ally:bloc:covered", "metal", ["WV"], "X"),
    ],
)
def test_a_source_share(
    tmp_path: Path, scope: str, goods: str, sources: list[str], users: str
) -> None:
    found = aim(tmp_path, "source_share", scope)
    assert found.commodities == {goods}
    assert set(found.sources) == {frozenset(source) for source in sources}
    assert len(found.sources) == len(sources)
    assert found.users == frozenset(users)


def test_goods_of_a_stage_are_what_its_processes_make(tmp_path: Path) -> None:
    # A second process of the stage makes ore and slag; what the stage uses does not count.
    sheets: dict[str, Rows] = {
        "commodities": [
            {"commodity": c, "stage": s}
            for c, s in (("ore", "mining"), ("metal", "metal"), ("slag", "waste"))
        ],
        "processes": [
            {"process": "dig", "stage": "mining"},
            {"process": "smelt", "stage": "metal"},
            {"process": "sort", "stage": "Metal"},
        ],
        "recipes": [
            {"process": "dig", "commodity": "ore", "amount": 1},
            {"process": "smelt", "commodity": "ore", "amount": -1},
            {"process": "smelt", "commodity": "metal", "amount": 0.5},
            {"process": "sort", "commodity": "metal", "amount": -1},
            {"process": "sort", "commodity": "slag", "amount": 1},
        ],
    }
    assert aim(tmp_path, "source_share", "metal:X", **sheets).commodities == {"metal", "slag"}


PLANTS: Rows = [
    plant("w", "W", "dig; smelt", 9),
    plant("v", "V", "smelt", 9),
    plant("n", "N", "smelt", 9),
    plant("x", "X", "dig", 9),
]


@pytest.mark.parametrize(
    ("scope", "made", "total"),
    [
        # 0.5 of metal a unit of activity, which holds 0.5 of E and 0.1 of F. W demands 100 of metal
        # and 10 of ore: 0.6 x 100 + 0.6 x 10.
        ("metal:W", {("w", "smelt"): 0.3, ("P", "smelt"): 0.3}, 66),
        # V demands 40 of metal.
        ("metal:V", {("v", "smelt"): 0.3}, 24),
        # Of E alone: W and V together demand 0.5 x 140 + 0.4 x 10.
        (
            "metal:ally:E",
            {("w", "smelt"): 0.25, ("v", "smelt"): 0.25, ("P", "smelt"): 0.25},
            74,
        ),
        ("mining:W:E", {("w", "dig"): 0.4}, 54),
        ("mining:W:F", {("w", "dig"): 0.2}, 12),
        # Demand counts though it is not allied: 0.6 x 70.
        ("metal:N", {("n", "smelt"): 0.3}, 42),
    ],
)
def test_a_home_share(
    tmp_path: Path, scope: str, made: dict[tuple[str, str], float], total: float
) -> None:
    sheets: dict[str, Rows] = {
        "facilities": PLANTS,
        "projects": [project("P", "smelt", 9, 9)],
    }
    found = aim(tmp_path, "home_share", scope, **sheets)
    assert found.made == pytest.approx(made)
    assert found.total == pytest.approx(total)


def test_a_home_share_without_contents_counts_units(tmp_path: Path) -> None:
    found = aim(tmp_path, "home_share", "metal:W", facilities=PLANTS, contents=[])
    assert found.made == {("w", "smelt"): 0.5}
    assert found.total == 110


def test_a_home_share_counts_the_elements_that_are_demanded(tmp_path: Path) -> None:
    # V's metal holds E and G, no F: ore counts by its E and G.
    content = [
        *(("ore", "E", 0.4), ("ore", "F", 0.2), ("ore", "G", 0.05)),
        *(("metal", "E", 0.5), ("metal", "G", 0.1)),
    ]
    sheets: dict[str, Rows] = {
        "contents": [{"commodity": c, "element": e, "share": s} for c, e, s in content],
        "facilities": [plant("v", "V", "dig", 9)],
    }
    found = aim(tmp_path, "home_share", "mining:V", **sheets)
    assert found.made == pytest.approx({("v", "dig"): 0.45})
    assert found.total == pytest.approx(0.6 * 40)


@pytest.mark.parametrize(
    ("scope", "made"),
    [
        ("metal:W", {("w", "smelt"): 0.5}),
        ("metal:bloc:ally", {("w", "smelt"): 0.5, ("v", "smelt"): 0.5}),
        ("ore:covered", {("x", "dig"): 1}),
        ("ore:V", {}),
    ],
)
def test_an_output(tmp_path: Path, scope: str, made: dict[tuple[str, str], float]) -> None:
    found = aim(tmp_path, "output", scope, facilities=PLANTS)
    assert found.made == made
    # Units, not a share.
    assert found.total == 1


# ---- Lanes told apart -----------------------------------------------------------------------


def test_what_is_told_apart(tmp_path: Path) -> None:
    contract = Offtake("mine_w", "W", "ore", frozenset({"N", "X"}), 0.2, 2033)
    source = aim(tmp_path, "source_share", "metal:any:W")
    other = aim(tmp_path, "dependence")
    found = told_apart([contract], [source, other])
    assert {c: set(sets) for c, sets in found.items()} == {
        "ore": {frozenset("W"), frozenset("NX")},
        "metal": {frozenset("V"), frozenset("X"), frozenset("N"), frozenset("W")},
    }


def test_pools_of_a_case_are_split(tmp_path: Path) -> None:
    # Output of W's mine is bound to N: ore goes to N in a pool of its own; metal is untouched.
    contract = {"facility": "mine_w", "commodity": "ore", "destination": "N", "share": 0.2}
    found = instance_of(tmp_path, chain(offtakes=[contract])).pools
    ore = {(p.origins, p.destinations) for p in found if p.commodity == "ore"}
    assert ore == {
        (("W",), ("N",)),
        (("W",), ("X",)),
        (("X",), ("W",)),
        (("X",), ("N",)),
        (("N",), ("W",)),
        (("N",), ("X",)),
    }
    (metal,) = [p for p in found if p.commodity == "metal"]
    assert metal.origins == metal.destinations == ("N", "W", "X")


REGIONS = ("A", "B", "C", "D", "E")
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from(REGIONS), st.sampled_from(REGIONS)).filter(lambda p: p[0] != p[1]),
    st.sampled_from([0.0, 0.0, 1.0]),
    min_size=1,
    max_size=20,
)
SETS = st.lists(st.frozensets(st.sampled_from(REGIONS)), max_size=3)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(pairs=PAIRS, sets=SETS)
def test_pools_told_apart_are_exactly_the_open_pairs(
    pairs: dict[tuple[str, str], float], sets: list[frozenset[str]]
) -> None:
    rows = [LaneRule(a, b, "*", cost, None, 2030, 2033, True) for (a, b), cost in pairs.items()]
    blocs = dict.fromkeys(REGIONS, "other")
    lanes, pools = resolve_lanes(
        rows, [], blocs, {"metal": "", "ore": ""}, YEARS, apart={"ore": sets}
    )
    assert lanes == ()
    for commodity in ("metal", "ore"):
        own = [p for p in pools if p.commodity == commodity]
        found = [(a, b, p.cost) for p in own for a in p.origins for b in p.destinations if a != b]
        # Every pair once, at its cost, as without sets.
        assert sorted(found) == sorted((a, b, cost) for (a, b), cost in pairs.items())
    for pool in pools:
        if pool.commodity == "ore" and sets:
            # Nothing goes from a region to itself, and each end is on one side of every set.
            assert not set(pool.origins) & set(pool.destinations)
            for regions in sets:
                for end in (pool.origins, pool.destinations):
                    assert len({r in regions for r in end}) == 1
