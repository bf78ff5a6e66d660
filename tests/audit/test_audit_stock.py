"""The audit of stockpiles, against a case of one stockpile worked out by hand.

2026-2028. Ally `aland` asks for 10 t of oxide a year and collects 13, 8 and 8 t of scrap as oxide,
clear. Its stockpile `vault` holds 4 t of exposed oxide, can hold 7 t, loses a quarter a year, and
costs USD 0.1 million a tonne to hold. A tonne of oxide costs USD 1 million. The programme `reserve`
buys, `keeper` pays for holding.

With the plan: 4 t are bought in 2026; 1 t of the old stock is released in 2026 and the rest, 1.5 t,
in 2027, with 0.5 t of what was bought; 1.8 t follow in 2028. Without: 1 t of the old stock is sent
to china in 2026, where nobody uses it, and 1.5 t are released in 2027.
"""

# ruff: noqa: E501 (rows of CSV are one line each)
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_audit import (
    Figures,
    Run,
    add,
    audit_written,
    cell,
    change,
    give,
    leave,
    small_run,
    under,
    write_sheets,
    write_twice,
)

from opt.audit.case import derive_case
from opt.audit.stock import buyers, may_hold_bought, may_pay, may_release
from opt.audit.trade import derive_prices
from opt.data.reader import read
from opt.data.tables import Tables

SHEETS = {
    "settings": """key,value
        schema,1
        first_year,2026
        last_year,2028""",
    "regions": """region,bloc
        aland,ally
        china,covered""",
    "commodities": """commodity,mineral,stage
        oxide,rare earths,refined""",
    "processes": """process,stage
        collect,collection""",
    "recipes": """process,commodity,amount
        collect,oxide,1""",
    "facilities": """facility,region,processes,capacity,2026,2027,2028
        scrap_a,aland,collect,,13,8,8""",
    "programmes": """programme,instrument,amount,charge,pays_for,commit_from,commit_to,2026
        reserve,stock,2.2,0.5,stock,2026,2026,2.5
        keeper,grant,1,1,capex;Stock,,,""",
    "demand": """region,commodity,2026,2028
        aland,oxide,10,10""",
    "prices": """commodity,market,2026,2028
        oxide,*,1000000,1000000""",
    "stockpiles": """stockpile,region,commodity,initial,initial_origin,capacity,loss,carrying_cost,release,buys
        vault,aland,oxide,4,exposed,7,0.25,100000,any,clear""",
}
# Levels. Exposed: 4 x 3/4 - 1 = 2, 2 x 3/4 - 1.5 = 0. Clear: 4, 4 x 3/4 - 0.5 = 2.5, 2.5 x 3/4 - 1.8
# = 0.075. Baseline: 4 x 3/4 - 1 = 2, 2 x 3/4 - 1.5 = 0.
TABLES = {
    "activity": """flows,plant,process,origin,year,activity
        both,scrap_a,collect,clear,2026,13
        both,scrap_a,collect,clear,2027,8
        both,scrap_a,collect,clear,2028,8
        baseline,scrap_a,collect,clear,2026,10
        baseline,scrap_a,collect,clear,2027,8
        baseline,scrap_a,collect,clear,2028,8""",
    "shipments": """flows,from,to,commodity,origin,year,amount
        baseline,aland,china,oxide,exposed,2026,1""",
    "leftovers": """flows,region,commodity,origin,year,downgraded,surplus,contracted
        baseline,china,oxide,exposed,2026,0,1,0""",
    "deliveries": """flows,region,commodity,segment,year,demand,clear,exposed,short
        both,aland,oxide,,2026,10,9,1,0
        both,aland,oxide,,2027,10,8.5,1.5,0
        both,aland,oxide,,2028,10,9.8,0,0.2
        baseline,aland,oxide,,2026,10,10,0,0
        baseline,aland,oxide,,2027,10,8,1.5,0.5
        baseline,aland,oxide,,2028,10,8,0,2""",
    "stock": """flows,stockpile,origin,year,bought,released,level
        both,vault,clear,2026,4,0,4
        both,vault,clear,2027,0,0.5,2.5
        both,vault,clear,2028,0,1.8,0.075
        both,vault,exposed,2026,0,1,2
        both,vault,exposed,2027,0,1.5,0
        baseline,vault,exposed,2026,0,1,2
        baseline,vault,exposed,2027,0,1.5,0""",
    # Bought: 4 x 1. Held beyond what is left of the old stock: 6 - 3 in 2026, 2.5 - 2.25 in 2027.
    "payments": """use,thing,process,year,programme,activity,paid_musd
        stock,vault,,2026,reserve,,4
        stock,vault,,2026,keeper,,0.3
        stock,vault,,2027,keeper,,0.025""",
    # Of 2.2 at a charge of a half, and of 1.
    "money": """programme,year,committed_musd,due_musd,repaid_musd,limit_musd,left_musd,amount_musd,amount_left_musd
        reserve,2026,4,2,0,2.5,0.5,2.2,0.2
        keeper,2026,0.3,0.3,0,,,1,0.7
        keeper,2027,0.025,0.025,0,,,1,0.675""",
    # Days: 365 x 6 / 10, 365 x 2.5 / 10, 365 x 0.075 / 9.8.
    "stockpiles": """stockpile,year,clear,exposed,bought_clear,bought_exposed,released_clear,released_exposed,price,paid_musd,cover_days
        vault,2026,4,2,4,0,0,1,1000000,4.3,219
        vault,2027,2.5,0,0,0,0.5,1.5,1000000,0.025,91.25
        vault,2028,0.075,0,0,0,1.8,0,1000000,0,2.79336734693877551""",
    "world": """stage,region,bloc,year,output,share,hhi
        collection,aland,ally,2026,13,1,10000
        collection,aland,ally,2027,8,1,10000
        collection,aland,ally,2028,8,1,10000""",
    "touch": """stage,year,share,baseline_share
        refined,2026,0.1,0
        refined,2027,0.15,0.15
        refined,2028,0,0""",
}
# Pooled: the 10 t served in 2026 come from 13 t made and 1 t of the old stock; in 2027 8.5 t of 10
# are clear, the 0.5 t as they were kept apart; in 2028 all, and 0.2 t are short.
FIGURES = Figures(
    by_year={2026: (10, 1, 0), 2027: (10, 1.5, 0), 2028: (10, 0, 0.2)},
    baseline={2026: (10, 0, 0), 2027: (10, 1.5, 0.5), 2028: (10, 0, 2)},
    pooled={2026: 1 / 14, 2027: 0.15, 2028: 0.02},
    costs={"carrying": (0.6, 0.25, 0.0075)},
    public=4.325,
)


def stock_run() -> Run:
    """The right answer of the case."""
    return small_run(SHEETS, TABLES, FIGURES)


# --- tamperings ------------------------------------------------------------------------------


def lose_less(run: Run) -> None:
    run.sheet("stockpiles", "vault")["loss"] = "0.2"


def hold_more_than_there_is_room(run: Run) -> None:
    run.sheet("stockpiles", "vault")["capacity"] = "5.9"


def release_without_disruption(run: Run) -> None:
    run.sheet("stockpiles", "vault")["release"] = "disruption"


def buy_in_the_baseline(run: Run) -> None:
    """1 t in 2026; of it 0.75 and 0.5625 t are left."""
    at = {"flows": "baseline", "stockpile": "vault", "origin": "clear", "released": 0}
    for year, bought, level in ((2026, 1, 1), (2027, 0, 0.75), (2028, 0, 0.5625)):
        run.tables["stock"].append(at | {"year": year, "bought": bought, "level": level})
    run.row("activity", flows="baseline", year="2026")["activity"] = 11


def release_more_for_the_world(run: Run) -> None:
    run.row("stock", flows="world", origin="clear", year="2028").update(released=1.875, level=0)
    leave(run, {"flows": "world", "origin": "clear", "year": 2028}, "aland", "oxide", 0.075)


def pay_for_stock_without_leave(run: Run) -> None:
    run.sheet("programmes", "keeper")["pays_for"] = "capex"


def pay_less_than_the_price(run: Run) -> None:
    run.sheet("prices", "oxide").update({"2026": "1100000", "2028": "1100000"})
    for row in run.tables["stockpiles"]:
        row["price"] = 1_100_000


def report_other_days(run: Run) -> None:
    run.row("stockpiles", year="2028")["cover_days"] = 2.7375  # of the demand, not of what is used


def hold(run: Run, **bought: float) -> None:
    """The plan is that of a run which buys so much clear oxide for the vault, by year."""
    run.json["plan"] = {
        "name": "first",
        "improve": False,
        "commitments": [],
        "stock": "held",
        "purchases": [
            {"stockpile": "vault", "origin": "clear", "year": int(year[1:]), "bought": amount}
            for year, amount in bought.items()
        ],
    }


def buy_more_than_the_plan(run: Run) -> None:
    hold(run, y2026=3.9)


TAMPERINGS: dict[str, Callable[[Run], None]] = {
    "define_level": lose_less,
    "keep_purchases": buy_more_than_the_plan,
    "limit_room": hold_more_than_there_is_room,
    "limit_release": release_without_disruption,
    "limit_buying": buy_in_the_baseline,
    "keep_stock": release_more_for_the_world,
    "limit_stock_payers": pay_for_stock_without_leave,
    "pay_for_stock": pay_less_than_the_price,
    "define_stockpiles_table": report_other_days,
    "define_world_table": cell("world", "output", 9, year="2027"),
    "limit_touch": cell("touch", "share", 0.11, year="2026"),
}


def metric(name: str, value: float) -> Callable[[Run], None]:
    """A tampering with one number of the metrics."""

    def tamper(run: Run) -> None:
        run.json["metrics"][name] = value

    return tamper


def limit_the_reserve(run: Run) -> None:
    run.sheet("programmes", "reserve")["2026"] = "1.9"
    run.row("money", programme="reserve").update(limit_musd=1.9, left_musd=-0.1)


def pool_the_release_as_clear(run: Run) -> None:
    run.json["metrics"]["pooled_by_year"]["2026"] = 0.0


def hold_without_paying_enough(run: Run) -> None:
    """0.024 for 0.25 t held beyond the old stock."""
    for table in ("payments", "stockpiles"):
        run.row(table, year="2027")["paid_musd"] = 0.024
    own = {"committed_musd": 0.024, "due_musd": 0.024, "amount_left_musd": 0.676}
    run.row("money", year="2027").update(own)
    run.json["metrics"]["public_musd"] = 4.324


def contract_what_nobody_sold(run: Run) -> None:
    run.row("leftovers", year="2026").update(surplus=0, contracted=1)


OTHER_SIDES: dict[str, tuple[str, Callable[[Run], None]]] = {
    "unknown stockpile": ("known_names", cell("stock", "stockpile", "attic", year="2027")),
    "unknown class": ("known_names", cell("stock", "origin", "grey", year="2027")),
    "unknown payer": ("known_names", cell("payments", "programme", "who", year="2027")),
    "activity of a stock": ("known_names", cell("payments", "activity", 1, year="2027")),
    "payment for no stockpile": ("known_names", cell("payments", "thing", "attic", year="2027")),
    "year outside": ("known_names", cell("stockpiles", "year", 2029, year="2028")),
    "stock twice": ("unique_rows", write_twice("stock")),
    "payment twice": ("unique_rows", write_twice("payments")),
    "stockpile twice": ("unique_rows", write_twice("stockpiles")),
    "less than nothing": ("limit_sign", cell("stock", "released", -0.5, year="2027")),
    "paid less than nothing": ("limit_sign", cell("payments", "paid_musd", -1, year="2027")),
    "contracted below nothing": ("limit_sign", cell("leftovers", "contracted", -1, year="2026")),
    "no contract": ("limit_contracted", contract_what_nobody_sold),
    "stock in a balance": ("balance_commodity", cell("leftovers", "surplus", 0.9, year="2026")),
    "counted against amount": ("limit_programme", lambda run: give(run, "reserve", 1.9)),
    "counted in its year": ("limit_disbursement", limit_the_reserve),
    "due without stock": ("define_money_table", cell("money", "due_musd", 0, year="2027")),
    "public without stock": ("define_money", metric("public_musd", 0.0)),
    "cost without carrying": ("define_cost", metric("cost_musd", 0.0)),
    "pooled without stock": ("define_pooled", pool_the_release_as_clear),
    "held without paying": ("pay_for_stock", hold_without_paying_enough),
    "not eligible": (
        "limit_stock_payers",
        add("eligibility", programme="keeper", field="commodity", value="oxide", rule="never"),
    ),
    "only for projects of a process": (
        "limit_stock_payers",
        add("eligibility", programme="keeper", field="process", value="collect", rule="only"),
    ),
    "before it may commit": (
        "limit_stock_payers",
        change("programmes", "keeper", commit_from="2027"),
    ),
    "bought too late": (
        "pay_for_stock",
        change("programmes", "reserve", commit_from="2024", commit_to="2025"),
    ),
    "paid not as written": (
        "define_stockpiles_table",
        cell("stockpiles", "paid_musd", 4, year="2026"),
    ),
    "price not as written": (
        "define_stockpiles_table",
        cell("stockpiles", "price", None, year="2026"),
    ),
    "year left out": ("define_stockpiles_table", lambda run: run.tables["stockpiles"].pop()),
    "touch of the baseline": ("limit_touch", cell("touch", "baseline_share", 0.01, year="2026")),
    "touch below nothing": ("limit_touch", cell("touch", "share", -0.01, year="2028")),
    "bought where the plan buys nothing": ("keep_purchases", hold),
    "not bought what the plan buys": (
        "keep_purchases",
        lambda run: hold(run, y2026=4, y2028=1),
    ),
    "world's share": ("define_world_table", cell("world", "share", 0.9, year="2027")),
    "world's hhi": ("define_world_table", cell("world", "hhi", 1, year="2027")),
    "world's bloc": ("define_world_table", cell("world", "bloc", "other", year="2027")),
}

HARMLESS: dict[str, Callable[[Run], None]] = {
    "bloc's price": change("prices", "oxide", market="bloc:ally"),
    "own price before another": add(
        "prices", commodity="oxide", market="bloc:covered", **{"2026": "7", "2028": "7"}
    ),
    "never of a process": add(
        "eligibility", programme="reserve", field="process", value="collect", rule="never"
    ),
    "only of its commodity": add(
        "eligibility", programme="reserve", field="commodity", value="OXIDE", rule="only"
    ),
    "purchases of the plan": lambda run: hold(run, y2026=4),
    "room for all": change("stockpiles", "vault", capacity=""),
}


def test_right_answer_passes(tmp_path: Path) -> None:
    report = audit_written(tmp_path, stock_run())
    assert report.findings == ()


@pytest.mark.parametrize("rule", TAMPERINGS)
def test_one_tampering_breaks_exactly_its_rule(rule: str, tmp_path: Path) -> None:
    run = stock_run()
    TAMPERINGS[rule](run)
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


@pytest.mark.parametrize("name", OTHER_SIDES)
def test_other_sides_of_rules(name: str, tmp_path: Path) -> None:
    rule, tamper = OTHER_SIDES[name]
    run = stock_run()
    tamper(run)
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_nothing_passes(name: str, tmp_path: Path) -> None:
    run = stock_run()
    HARMLESS[name](run)
    assert audit_written(tmp_path, run).findings == ()


# --- the audit's own derivations, each against a figure worked out by hand --------------------


def tables_with(tmp_path: Path, *tampers: Callable[[Run], None]) -> Tables:
    run = stock_run()
    for tamper in tampers:
        tamper(run)
    return read(write_sheets(tmp_path, run.sheets))


def test_release_waits_for_a_shortening_of_supply_or_lanes(tmp_path: Path) -> None:
    shocks = under(
        {
            "what": "lane",
            "field": "commodity",
            "value": "oxide",
            "factor": "0.9",
            "first_year": "2028",
        },
        {"what": "supply", "factor": "1.2", "first_year": "2027", "last_year": "2027"},
        {"what": "demand", "factor": "0.5", "first_year": "2027", "last_year": "2027"},
    )
    held = change("stockpiles", "vault", release="disruption")
    tables = tables_with(tmp_path, shocks, held)
    free = {}
    for name in (None, "storm"):
        case = derive_case(tables, name)
        free[name] = [may_release(case, case.stockpiles["vault"], t) for t in case.years]
    assert free == {None: [False] * 3, "storm": [False, False, True]}


def test_exposed_material_is_bought_where_it_may_be(tmp_path: Path) -> None:
    found = []
    cells = ({}, {"buys": "any"}, {"region": "china"})
    for number, given in enumerate(cells):
        case = derive_case(
            tables_with(tmp_path / str(number), change("stockpiles", "vault", **given)), None
        )
        row = case.stockpiles["vault"]
        found.append([may_hold_bought(case, row, origin) for origin in ("clear", "exposed")])
    assert found == [[True, False], [True, True], [True, True]]


def test_who_may_buy_and_who_may_pay(tmp_path: Path) -> None:
    tables = tables_with(
        tmp_path,
        change("programmes", "keeper", commit_from="2027"),
        add("eligibility", programme="keeper", field="stage", value="collection", rule="never"),
    )
    case = derive_case(tables, None)
    row = case.stockpiles["vault"]
    # reserve in 2026 alone, keeper from 2027 on; a stockpile has the stage of its commodity
    assert [buyers(case, row, t) for t in case.years] == [{"reserve"}, {"keeper"}, {"keeper"}]
    assert may_pay(case, "keeper", row)


def test_price_of_the_nearest_market_with_its_shocks(tmp_path: Path) -> None:
    def prices(run: Run) -> None:
        names = ("commodity", "market", "2027", "2028")
        rows = (("oxide", "*", 10, 20), ("oxide", "bloc:ally", 30, 40), ("oxide", "china", 5, 7))
        run.sheets["prices"] = [dict(zip(names, map(str, row), strict=True)) for row in rows]
        run.sheets["regions"].append({"region": "oth", "bloc": "other"})

    shocks = under(
        {"what": "price", "field": "bloc", "value": "ally", "factor": "2"},
        {
            "what": "price",
            "field": "stage",
            "value": "refined",
            "shift": "-12",
            "first_year": "2028",
        },
    )
    case = derive_case(tables_with(tmp_path, prices, shocks), "storm")
    found = derive_prices(case)
    # 2026 takes the value of 2027; ally 30, 30, 40 doubled; less 12 in 2028, at least 0
    assert [found.find("oxide", "aland", t) for t in case.years] == [60, 60, 68]
    assert [found.find("oxide", "oth", t) for t in case.years] == [10, 10, 8]
    assert [found.find("oxide", "china", t) for t in case.years] == [5, 5, 0]
