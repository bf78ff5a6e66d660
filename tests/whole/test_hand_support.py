"""Price and output support on cases solved by hand.

Plants that lose money need support. The case is that of `builders.chain` with a smelter of 100 in
W: it makes all that W needs, 100 a year over 2030-2033, clear. Metal sells at USD 50 and ore costs
USD 80: a unit loses USD 30.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, chain, plant, project, solved

from opt.record.money import Use

KEPT = 1e-8
USD = 1e-6  # USD million


def case(
    *programmes: dict[str, Any], metal: float = 50, ore: float = 80, opex: float = 0
) -> dict[str, Rows]:
    """The case with programmes, their supports among them, and prices."""
    base = chain({"losing_plants": "need_support"})
    return base | {
        "facilities": [*base["facilities"], plant("smelter_w", "W", "smelt", 100, opex=opex)],
        "prices": [
            {"commodity": "metal", "2030": metal, "2033": metal},
            {"commodity": "ore", "2030": ore, "2033": ore},
        ],
        "programmes": list(programmes),
    }


def fund(amount: float, pays_for: str = "price_support", name: str = "fund") -> dict[str, Any]:
    """A programme of some USD."""
    return {"programme": name, "pays_for": pays_for, "amount": amount * USD}


def supports(programme: str, basis: str, amount: float, **values: Any) -> Rows:
    """One row of sheet supports on metal."""
    row = {"programme": programme, "commodity": "metal", "basis": basis, "amount": amount}
    return [row | values]


def running(*programmes: dict[str, Any]) -> dict[str, Rows]:
    """The case in which plants that lose money run all the same: the setting is not given."""
    return case(*programmes) | {"settings": chain()["settings"]}


def test_the_setting_alone_says_that_losing_plants_need_support(tmp_path: Path) -> None:
    # The smelter loses 30 a unit. Without support it does not run, whether a programme that pays
    # nothing is there, one that pays for capex alone, or none; without prices no loss is known.
    assert_dependence(solved(tmp_path, case()), 1)
    assert_dependence(solved(tmp_path, case(fund(1, "capex"))), 1)
    assert_dependence(solved(tmp_path, case(fund(0))), 1)
    assert_dependence(solved(tmp_path, case(fund(0)) | {"prices": []}), 0)


def test_a_programme_of_support_never_hurts(tmp_path: Path) -> None:
    # Where losing plants run, all 100 a year are clear with no programme, with one of amount 0, and
    # with one that could pay: nothing is paid, and nothing costs anything.
    for programmes in ((), (fund(0),), (fund(1e9),)):
        run = solved(tmp_path, running(*programmes))
        assert_dependence(run, 0)
        assert run.metrics.by_use_musd[Use.SUPPORT] == 0
        assert run.metrics.cost_musd == pytest.approx(0, abs=1e-9)
        assert run.solution.paid_for(Use.SUPPORT) == ()
        assert run.margins == ()


def test_a_plant_that_loses_money_idles_without_support(tmp_path: Path) -> None:
    run = solved(tmp_path, case(fund(0)))
    assert_dependence(run, 1)
    assert {(m.plant, m.gap) for m in run.margins} == {("smelter_w", 30)}
    assert {m.activity for m in run.margins} == {0}


def test_the_gap_is_paid_within_the_amount(tmp_path: Path) -> None:
    # USD 30 on 400 units.
    run = solved(tmp_path, case(fund(12_000)))
    assert_dependence(run, 0)
    assert run.metrics.by_use_musd[Use.SUPPORT] == pytest.approx(12_000 * USD, rel=1e-4)
    assert run.metrics.cost_parts["support"] == pytest.approx(12_000 * USD, rel=1e-4)
    assert run.metrics.public_musd == run.metrics.by_use_musd[Use.SUPPORT]
    # Without new money it idles: that is what the margins show.
    assert run.baseline.dependence == pytest.approx(1, abs=KEPT)
    assert_dependence(solved(tmp_path, case(fund(6_000))), 0.5)


def test_what_a_unit_loses(tmp_path: Path) -> None:
    # 20 + 30 - 50: nothing lost, nothing paid.
    run = solved(tmp_path, case(fund(0), ore=30, opex=20))
    assert_dependence(run, 0)
    assert run.margins == ()
    # One dollar more: USD 1 on 400 units.
    assert_dependence(solved(tmp_path, case(fund(400), ore=30, opex=21)), 0)
    assert_dependence(solved(tmp_path, case(fund(399), ore=30, opex=21)), 1 / 400)


def test_a_floor_pays_what_the_price_lacks(tmp_path: Path) -> None:
    # To 90 it pays 40 a unit, more than the plant loses: USD 12,000 last for 300 of 400 units.
    high = case(fund(12_000)) | {"supports": supports("fund", "floor", 90)}
    run = solved(tmp_path, high)
    assert_dependence(run, 100 / 400)
    # To 70 it pays 20 of the 30: no unit runs.
    low = case(fund(12_000)) | {"supports": supports("fund", "floor", 70)}
    assert_dependence(solved(tmp_path, low), 1)


def test_two_supports_add_up(tmp_path: Path) -> None:
    # 20 by a floor of 70 and 10 a unit made: together the 30. 400 units: USD 8,000 and 4,000.
    both = case(fund(8_000), fund(4_000, "output_support", "credit")) | {
        "supports": supports("fund", "floor", 70) + supports("credit", "per_unit", 10)
    }
    run = solved(tmp_path, both)
    assert_dependence(run, 0)
    paid = {p.programme: 0.0 for p in run.solution.paid_for(Use.SUPPORT)}
    for p in run.solution.paid_for(Use.SUPPORT):
        paid[p.programme] += p.paid_musd
    assert paid == pytest.approx({"fund": 8_000 * USD, "credit": 4_000 * USD}, rel=1e-3)


def test_output_support_in_its_years(tmp_path: Path) -> None:
    rows = supports("fund", "per_unit", 30, first_year=2031, last_year=2032)
    run = solved(tmp_path, case(fund(1e9, "output_support")) | {"supports": rows})
    assert_dependence(run, 2 / 4)


def test_support_within_the_limit_of_a_year(tmp_path: Path) -> None:
    # USD 1,500 a year pay for 50 units.
    limits = {str(year): 1_500 * USD for year in range(2030, 2034)}
    assert_dependence(solved(tmp_path, case(fund(1e9) | limits)), 0.5)
    # Carried over: the same in all. Half of it counts: all.
    assert_dependence(solved(tmp_path, case(fund(1e9) | limits | {"charge": 0.5})), 0)


def test_support_is_promised_first_and_paid_later(tmp_path: Path) -> None:
    # commit_to does not end what was promised; commit_from begins it.
    assert_dependence(solved(tmp_path, case(fund(12_000) | {"commit_to": 2030})), 0)
    assert_dependence(solved(tmp_path, case(fund(12_000) | {"commit_from": 2032})), 2 / 4)


def test_eligibility_of_a_running_plant(tmp_path: Path) -> None:
    row = {"programme": "fund", "field": "stage", "value": "mining", "rule": "only"}
    assert_dependence(solved(tmp_path, case(fund(12_000)) | {"eligibility": [row]}), 1)
    row = {"programme": "fund", "field": "region", "value": "W", "rule": "only"}
    assert_dependence(solved(tmp_path, case(fund(12_000)) | {"eligibility": [row]}), 0)


def test_a_price_war_is_a_scenario(tmp_path: Path) -> None:
    war: dict[str, Rows] = {
        "scenarios": [{"scenario": "war"}],
        "shocks": [
            {
                "scenario": "war",
                "what": "price",
                "field": "commodity",
                "value": "metal",
                "first_year": 2032,
                "factor": 0.5,
            }
        ],
    }
    calm = case(fund(0), ore=80, metal=100) | war
    assert_dependence(solved(tmp_path, calm), 0)
    # From 2032 on metal sells at 50: the plant idles for two of four years.
    assert_dependence(solved(tmp_path, calm, scenario="war"), 2 / 4)


def test_a_project_is_supported_as_a_plant_is(tmp_path: Path) -> None:
    base = case(fund(12_000, "price_support; capex"))
    base["facilities"] = base["facilities"][:-1]
    rows = [project("P", "smelt", 100, 0.001)]
    assert_dependence(solved(tmp_path, base | {"projects": rows}), 0)


def test_plants_of_the_covered_bloc_run_at_any_price(tmp_path: Path) -> None:
    # All of W's metal comes from X, whatever it costs there; nothing is short.
    run = solved(tmp_path, case(fund(0)))
    assert run.metrics.shortfall == pytest.approx(0, abs=KEPT)
