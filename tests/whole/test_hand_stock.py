"""Stockpiles on cases solved by hand: what is bought once serves once.

The case is that of `builders.chain` with a smelter in W that makes 150 of metal a year and closes
after 2031. W needs 100 a year over 2030-2033: without a stock the 200 of 2032 and 2033 are exposed,
a dependence of 200 / 400. Metal costs USD 10 a unit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, chain, plant, project, solved

from opt import api
from opt.errors import InputError
from opt.record.money import Use
from opt.record.run import Run
from opt.report.sections.stock import method
from opt.report.story import Story

KEPT = 1e-8
PRICES: Rows = [{"commodity": "metal", "2030": 10, "2033": 10}]
USD = 1e-6  # USD million


def case(
    *, budget: float = 1.0, programme: dict[str, Any] | None = None, **stock: Any
) -> dict[str, Rows]:
    """The case with a stockpile of metal in W, and a programme that pays for stock."""
    base = chain()
    fund = {"programme": "vault", "instrument": "stock", "pays_for": "stock", "amount": budget}
    return base | {
        "facilities": [*base["facilities"], plant("smelter_w", "W", "smelt", 150, closes=2031)],
        "prices": PRICES,
        "stockpiles": [{"stockpile": "reserve", "region": "W", "commodity": "metal", **stock}],
        "programmes": [fund | (programme or {})],
    }


def cut(years: tuple[int, int], factor: float = 0) -> dict[str, Rows]:
    """A scenario in which trade out of X is cut."""
    first, last = years
    shock = {"what": "lane", "field": "origin", "value": "X", "factor": factor}
    return {
        "scenarios": [{"scenario": "cut"}],
        "shocks": [{"scenario": "cut", "first_year": first, "last_year": last, **shock}],
    }


def test_what_is_bought_serves_once(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    # 50 are spare in each of 2030 and 2031: 100 units at USD 10 serve 100 of the 200.
    assert_dependence(run, 100 / 400)
    assert run.metrics.public_musd == pytest.approx(1000 * USD, rel=1e-4)
    assert run.metrics.by_use_musd[Use.STOCK] == pytest.approx(1000 * USD, rel=1e-4)
    assert run.metrics.private_musd == 0
    # No new money buys no stock.
    assert run.baseline.dependence == pytest.approx(200 / 400, abs=KEPT)
    bought = sum(row.bought_clear for row in run.stockpiles)
    released = sum(row.released_clear for row in run.stockpiles)
    assert (bought, released) == pytest.approx((100, 100), rel=1e-4)


def test_days_of_cover(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    (row,) = [row for row in run.stockpiles if row.year == 2031]
    # All 100 lie there at the end of 2031; W uses 100 a year, and no ore.
    assert row.clear == pytest.approx(100, rel=1e-4)
    assert row.cover_days == pytest.approx(365, rel=1e-4)


def test_money_limits_what_is_bought(tmp_path: Path) -> None:
    # USD 600 buy 60 units: 140 stay exposed.
    assert_dependence(solved(tmp_path, case(budget=600 * USD)), 140 / 400)
    # Of USD 600 half counts against the amount: 1,200 buy all 100.
    assert_dependence(solved(tmp_path, case(budget=600 * USD, programme={"charge": 0.5})), 0.25)
    # USD 200 in each year: 20 + 20, and 160 stay.
    limits = {str(year): 200 * USD for year in range(2030, 2034)}
    assert_dependence(solved(tmp_path, case(programme=limits)), 160 / 400)
    # The year 2030 alone: 50.
    assert_dependence(solved(tmp_path, case(programme={"commit_to": 2030})), 150 / 400)


def test_losses_and_room(tmp_path: Path) -> None:
    # 50 at the end of 2030, 45 + 50 at the end of 2031, of which 85.5 are left in 2032.
    assert_dependence(solved(tmp_path, case(loss=0.1)), (200 - 85.5) / 400)
    assert_dependence(solved(tmp_path, case(capacity=60)), 140 / 400)


def test_carrying_cost_is_paid_and_counted(tmp_path: Path) -> None:
    run = solved(tmp_path, case(carrying_cost=1))
    # Least cost releases all 100 in 2032, when W needs 100: levels 50, 100, 0, 0.
    assert_dependence(run, 100 / 400)
    assert run.metrics.cost_parts["carrying"] == pytest.approx(150 * USD, rel=1e-3)
    assert run.metrics.public_musd == pytest.approx((1000 + 150) * USD, rel=1e-3)


def test_keeping_is_paid_after_the_years_of_buying(tmp_path: Path) -> None:
    # Bought in 2030 alone, 50 units; kept over 2030 and 2031 at USD 1: 500 + 50 + 50.
    run = solved(tmp_path, case(carrying_cost=1, programme={"commit_to": 2030}))
    assert_dependence(run, 150 / 400)
    assert run.metrics.public_musd == pytest.approx(600 * USD, rel=1e-3)


def test_a_stock_that_is_never_released_lowers_nothing(tmp_path: Path) -> None:
    run = solved(tmp_path, case(release="disruption"))
    assert_dependence(run, 200 / 400)
    assert run.metrics.public_musd == 0


def test_release_in_a_disruption_alone(tmp_path: Path) -> None:
    both = case(release="disruption") | cut((2033, 2033))
    run = solved(tmp_path, both, scenario="cut")
    # 2033 is cut and takes the whole stock of 100; 2032 stays exposed.
    assert_dependence(run, 100 / 400)
    assert {row.year for row in run.stockpiles if row.released_clear > 1e-6} == {2033}
    assert run.metrics.shortfall == pytest.approx(0, abs=KEPT)


def test_clear_and_exposed_stock_are_kept_apart(tmp_path: Path) -> None:
    # 40 that lay there at first cost nothing. Clear, they serve clear.
    nobody = {"pays_for": "capex"}
    clear = case(initial=40, initial_origin="clear", programme=nobody)
    assert_dependence(solved(tmp_path, clear), 160 / 400)
    # Exposed, they only help against a shortage: 100 of 2033 are cut, 60 stay short.
    exposed = case(initial=40, programme=nobody) | cut((2033, 2033))
    run = solved(tmp_path, exposed, scenario="cut")
    assert_dependence(run, 200 / 400)
    assert run.metrics.shortfall == pytest.approx(60 / 400, abs=KEPT)


def test_exposed_stock_is_bought_where_the_sheet_allows_it(tmp_path: Path) -> None:
    # Room for 30; all clear spare metal ends up in 2032. In the cut 2033 nothing else arrives.
    bought = case(buys="any") | cut((2033, 2033))
    run = solved(tmp_path, bought, scenario="cut")
    # 100 clear serve clear in 2032 or 2033; exposed stock of 2032 serves what is left of 2033.
    assert_dependence(run, 100 / 400)
    assert run.metrics.shortfall == pytest.approx(0, abs=KEPT)
    clear_only = solved(tmp_path, case() | cut((2033, 2033)), scenario="cut")
    assert clear_only.metrics.shortfall == pytest.approx(0, abs=KEPT)
    # Less clear metal to spare: with USD 400 for stock, 40 clear and nothing exposed.
    poor = solved(tmp_path, case(budget=400 * USD, buys="any") | cut((2033, 2033)), scenario="cut")
    assert_dependence(poor, 160 / 400)
    assert poor.metrics.shortfall == pytest.approx(60 / 400, abs=KEPT)


def test_exposed_initial_stock_takes_room(tmp_path: Path) -> None:
    # 30 of 60 are taken by exposed metal that cannot leave before a disruption.
    room = case(initial=30, capacity=60, release="disruption") | cut((2033, 2033))
    run = solved(tmp_path, room, scenario="cut")
    assert_dependence(run, (200 - 30) / 400)


def test_eligibility_of_a_stock(tmp_path: Path) -> None:
    def rows(field: str, value: str, rule: str = "only") -> dict[str, Rows]:
        row = {"programme": "vault", "field": field, "value": value, "rule": rule}
        return case() | {"eligibility": [row]}

    assert_dependence(solved(tmp_path, rows("commodity", "metal")), 100 / 400)
    assert_dependence(solved(tmp_path, rows("stage", "metal")), 100 / 400)
    assert_dependence(solved(tmp_path, rows("bloc", "ally")), 100 / 400)
    assert_dependence(solved(tmp_path, rows("region", "N")), 200 / 400)
    assert_dependence(solved(tmp_path, rows("mineral", "M", "never")), 200 / 400)


# ---- Stock of a plan that is taken as given -------------------------------------------------

FALL: dict[str, Rows] = {
    "scenarios": [{"scenario": "fall"}, {"scenario": "dear"}],
    "shocks": [
        {"scenario": "fall", "what": "supply", "field": "facility", "value": "smelter_w",
         "first_year": 2032, "factor": 0},
        {"scenario": "dear", "what": "price", "field": "commodity", "value": "metal", "factor": 2},
    ],
}  # fmt: skip


def bought(run: Run) -> dict[int, float]:
    """Clear metal bought by year."""
    return {row.year: row.bought_clear for row in run.stockpiles if row.bought_clear > 1e-6}


def finished(tmp_path: Path, made: dict[str, Rows]) -> str:
    """The folder of the run of a case."""
    run = solved(tmp_path, made)
    return str(api.write(run, tmp_path / "first"))


@pytest.mark.usefixtures("undrawn")
def test_a_given_run_buys_no_stock_because_it_knows_what_comes(tmp_path: Path) -> None:
    # The smelter stays open, so nothing is bought. In the scenario it falls out from 2032 on: 200
    # are exposed. Only a plan that knows it a year ahead buys the 100 that are spare.
    made = case() | FALL
    made["facilities"] = [row | {"closes": ""} for row in made["facilities"]]
    folder = finished(tmp_path, made)
    held = solved(tmp_path, made, plan=folder, scenario="fall")
    assert_dependence(held, 200 / 400)
    assert bought(held) == {}
    assert held.plan is not None
    assert (held.plan.stock, held.plan.purchases) == ("held", ())
    free = solved(tmp_path, made, plan=folder, scenario="fall", free_stock=True)
    assert_dependence(free, 100 / 400)
    assert sum(bought(free).values()) == pytest.approx(100, rel=1e-4)
    assert free.plan is not None
    assert free.plan.stock == "free"
    assert method(Story(held)).endswith("What the given plan buys for stock stays as it is.")
    assert method(Story(free)).endswith("what is bought for stock is chosen anew.")


@pytest.mark.usefixtures("undrawn")
def test_a_given_run_buys_what_it_bought(tmp_path: Path) -> None:
    # All of the USD 1,000 is spent: 50 in each of 2030 and 2031. Where the smelter stands still
    # from 2032 on it had closed before: nothing changes.
    made = case(budget=1000 * USD) | FALL
    folder = finished(tmp_path, made)
    for scenario in (None, "fall"):
        run = solved(tmp_path, made, plan=folder, scenario=scenario)
        assert_dependence(run, 100 / 400)
        assert bought(run) == pytest.approx({2030: 50, 2031: 50}, rel=1e-4)
        assert run.plan is not None
        assert run.plan.stock == "held"


@pytest.mark.usefixtures("undrawn")
def test_a_given_run_buys_as_far_as_its_money_goes(tmp_path: Path) -> None:
    # At twice the price the USD 1,000 buy 50 of the 100.
    made = case(budget=1000 * USD) | FALL
    run = solved(tmp_path, made, plan=finished(tmp_path, made), scenario="dear")
    assert_dependence(run, 150 / 400)
    assert sum(bought(run).values()) == pytest.approx(50, rel=1e-4)
    assert run.plan is not None
    assert run.plan.stock == "cut"
    assert sum(p.bought for p in run.plan.purchases) == pytest.approx(50, rel=1e-4)


def test_stock_of_a_plan_of_the_workbook_is_free(tmp_path: Path) -> None:
    plans: Rows = [{"plan": "mine", "project": "P", "year": 2030}]
    made = case() | {"projects": [project("P", "dig", 1, 1)], "plans": plans}
    run = solved(tmp_path, made, plan="mine")
    assert_dependence(run, 100 / 400)
    assert run.plan is not None
    assert run.plan.stock == "free"


@pytest.mark.usefixtures("undrawn")
def test_a_run_that_buys_what_nobody_may_buy_here(tmp_path: Path) -> None:
    folder = finished(tmp_path, case())
    late = case(programme={"commit_from": 2031})
    with pytest.raises(InputError, match="buys clear material for 'reserve' in 2030, which no"):
        solved(tmp_path, late, plan=folder)
    assert_dependence(solved(tmp_path, late, plan=folder, free_stock=True), 150 / 400)
