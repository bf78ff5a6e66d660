"""Plants that come under the covered bloc for some years, on cases solved by hand.

The case is that of `builders.chain` with a clear smelter of 100 in W, which makes all that W needs,
100 a year over 2030-2033; X (covered) can make it too, exposed.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, built, chain, plant, project, solved

from opt import api
from opt.record.flows import CLEAR

KEPT = 1e-8


def case(*shocks: dict[str, Any], **sheets: Rows) -> dict[str, Rows]:
    """The chain with the clear smelter and a scenario of shocks on control."""
    base = chain()
    rows = [{"scenario": "bought", "what": "control", **shock} for shock in shocks]
    return base | {
        "facilities": [*base["facilities"], plant("smelter_w", "W", "smelt", 100)],
        "scenarios": [{"scenario": "bought"}],
        "shocks": rows,
        **sheets,
    }


def of(name: str, field: str = "facility", **more: Any) -> dict[str, Any]:
    """A shock on control of what a field names."""
    return {"field": field, "value": name, **more}


def test_what_a_controlled_plant_makes_is_exposed(tmp_path: Path) -> None:
    base = case(of("Smelter_W", first_year=2031, last_year=2032))
    assert_dependence(solved(tmp_path, base), 0)
    run = solved(tmp_path, base, scenario="bought")
    assert_dependence(run, 2 / 4)
    assert [e.dependence for e in run.metrics.by_year] == pytest.approx([0, 1, 1, 0])
    # The smelter still serves: nobody goes short, though X made nothing.
    assert run.metrics.shortfall == pytest.approx(0, abs=KEPT)


def test_a_controlled_mine_makes_exposed_ore(tmp_path: Path) -> None:
    run = solved(tmp_path, case(of("mine_w", first_year=2033)), scenario="bought")
    assert_dependence(run, 1 / 4)


@pytest.mark.parametrize(
    "shock",
    [
        of("W", "region"),
        of("ally", "bloc"),
        of("metal", "stage"),
        of("metal", "commodity"),
        of("smelt", "process"),
        {},
    ],
    ids=str,
)
def test_whatever_names_it(tmp_path: Path, shock: dict[str, Any]) -> None:
    assert_dependence(solved(tmp_path, case(shock), scenario="bought"), 1)


def test_what_was_made_before_stays_clear(tmp_path: Path) -> None:
    # 2030 does not count: all of it is kept and serves one of the three years that do.
    stock: dict[str, Rows] = {
        "stockpiles": [{"stockpile": "s", "region": "W", "commodity": "metal"}],
        "prices": [{"commodity": "metal", "2030": 1000, "2033": 1000}],
        "programmes": [{"programme": "fund", "amount": 1000, "pays_for": "stock"}],
    }
    base = case(of("smelter_w", first_year=2031), **stock)
    base["settings"].append({"key": "dependence_from", "value": 2031})
    assert_dependence(solved(tmp_path, base, scenario="bought"), 2 / 3)


def test_money_goes_where_control_does_not(tmp_path: Path) -> None:
    # Of two smelters the cheaper is bought from 2031 on: the dearer is built.
    projects = [project("cheap", "smelt", 100, 10), project("dear", "smelt", 100, 20)]
    base = case(of("cheap", "project", first_year=2031), projects=projects)
    base["facilities"].pop()
    assert built(solved(tmp_path, base)) == {"cheap": 2030}
    run = solved(tmp_path, base, scenario="bought")
    assert built(run) == {"dear": 2030}
    assert_dependence(run, 0)


def test_a_controlled_plant_needs_no_support(tmp_path: Path) -> None:
    # Metal that costs 500 a unit more than it earns runs clear only as far as it is paid: never,
    # with no programme. Under control it runs at any price, exposed.
    money: dict[str, Rows] = {
        "prices": [
            {"commodity": name, "2030": price, "2033": price}
            for name, price in (("ore", 500), ("metal", 1000))
        ]
    }
    base = case(of("smelter_w", first_year=2032), **money)
    base["settings"].append({"key": "losing_plants", "value": "need_support"})
    base["facilities"][-1]["opex"] = 1000
    base["facilities"].pop(2)  # X makes no metal
    run = solved(tmp_path, base, scenario="bought")
    assert [e.shortfall for e in run.metrics.by_year] == pytest.approx([1, 1, 0, 0])
    assert_dependence(run, 1)


def test_a_limit_learns_nothing_from_a_controlled_plant(tmp_path: Path) -> None:
    # By 0.5 x 100 of the year before a smelter of 50 may be committed; in 2031 what stood in 2030
    # counts, so that only what is under control in 2030 keeps it from that.
    limit = {"field": "all", "what": "capacity", "commodity": "metal", "learn": 0.5}
    limit |= dict.fromkeys(("2030", "2031", "2032", "2033"), 0)
    sheets: dict[str, Rows] = {
        "build_limits": [limit],
        "projects": [project("P", "smelt", 50, 10)],
        "demand": [{"region": "W", "commodity": "metal", "2030": 150, "2033": 150}],
    }
    early = case(of("smelter_w", last_year=2030), **sheets)
    run = solved(tmp_path, early, scenario="bought")
    # Nothing is learnt for 2030 and 2031; from 2032 on P stands: 50 of 150 in 2031 are exposed.
    assert built(run) == {"P": 2032}
    assert_dependence(run, (150 + 50) / 600)
    late = case(of("smelter_w", first_year=2032, last_year=2032), **sheets)
    run = solved(tmp_path, late, scenario="bought")
    assert built(run) == {"P": 2030}
    assert_dependence(run, 100 / 600)


def test_the_audit_holds_a_controlled_plant_to_exposed_output(tmp_path: Path) -> None:
    run = solved(tmp_path, case(of("smelter_w", first_year=2032)), scenario="bought")
    flows = run.solution.allied
    activities = tuple(
        dataclasses.replace(a, origin=CLEAR) if a.plant == "smelter_w" else a
        for a in flows.activities
    )
    answer = dataclasses.replace(
        run.solution, allied=dataclasses.replace(flows, activities=activities)
    )
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "require_clear_plant" in {finding.rule for finding in found}
