"""Demand of which a part takes no clear material, on cases solved by hand.

The case is that of `builders.chain` with a clear smelter of 100 in W: it could make all that W
needs, 100 a year over 2030-2033, 400 in all. X can make it too, exposed.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, chain, folder_of, plant, project, solved

from opt import api

KEPT = 1e-8
YEARS = ("2030", "2031", "2032", "2033")


def case(*uptake: dict[str, Any], **sheets: Rows) -> dict[str, Rows]:
    """The chain with the clear smelter and rows of uptake."""
    base = chain()
    facilities = [*base["facilities"], plant("smelter_w", "W", "smelt", 100)]
    return base | {"facilities": facilities, "uptake": list(uptake)} | sheets


def shares(*limits: float | str, **cells: str) -> dict[str, Any]:
    """One row of uptake, shares from 2030 on."""
    return {"region": "", **cells, **dict(zip(YEARS, limits, strict=False))}


def test_no_more_is_clear_than_buyers_take(tmp_path: Path) -> None:
    # 0.6, 0.7, all and 0.9 of 100 a year: 80 of 400 stay exposed.
    run = solved(tmp_path, case(shares(0.6, 0.7, "", 0.9, region="w")))
    assert_dependence(run, (40 + 30 + 0 + 10) / 400)
    assert run.metrics.shortfall == pytest.approx(0, abs=KEPT)
    assert [e.dependence for e in run.metrics.by_year] == pytest.approx([0.4, 0.3, 0, 0.1])


def test_what_takes_no_clear_material_can_be_short(tmp_path: Path) -> None:
    # Nobody makes exposed metal: 40 of 100 a year are served by nobody.
    run = solved(
        tmp_path,
        case(shares(*[0.6] * 4), facilities=[plant("mine_w", "W", "dig", 1000), *_clear()]),
    )
    assert_dependence(run, 0.4)


def _clear() -> Rows:
    return [plant("smelter_w", "W", "smelt", 60)]


def test_of_several_rows_the_smallest_holds(tmp_path: Path) -> None:
    rows = (shares(*[0.9] * 4), shares(*[0.5] * 4, mineral="m"), shares(*[0.1] * 4, region="N"))
    assert_dependence(solved(tmp_path, case(*rows)), 0.5)


def test_a_segment_is_held_back_alone(tmp_path: Path) -> None:
    demand = [
        {"region": "W", "commodity": "metal", "segment": name, "2030": 50, "2033": 50}
        for name in ("cars", "defence")
    ]
    run = solved(tmp_path, case(shares(*[0.2] * 4, segment="Cars"), demand=demand))
    # 0.8 of half of the demand.
    assert_dependence(run, 0.4)


def test_clear_from_wins(tmp_path: Path) -> None:
    demand = [{"region": "W", "commodity": "metal", "2030": 100, "2033": 100, "clear_from": 2032}]
    run = solved(tmp_path, case(shares(*[0.2] * 4), demand=demand))
    assert_dependence(run, 160 / 400)
    loaded = api.load(folder_of(tmp_path, case(shares(*[0.2] * 4), demand=demand)))
    told = [str(warning) for warning in loaded.tables.warnings]
    assert [words for words in told if words.startswith("uptake")] == [
        "uptake!D2: the demand of demand!E2 takes clear material alone from 2032 on, which wins."
        " Leave the cells from that year on blank."
    ]


def test_an_embargo_leaves_buyers_no_choice(tmp_path: Path) -> None:
    scenarios: dict[str, Rows] = {
        "scenarios": [{"scenario": "embargo"}, {"scenario": "doubt"}],
        "shocks": [
            {"scenario": "embargo", "what": "uptake", "first_year": 2032, "factor": 10},
            {
                "scenario": "doubt",
                "what": "uptake",
                "field": "bloc",
                "value": "ally",
                "shift": -0.1,
            },
        ],
    }
    base = case(shares(*[0.5] * 4), **scenarios)
    assert_dependence(solved(tmp_path, base), 0.5)
    assert_dependence(solved(tmp_path, base, scenario="embargo"), 0.25)
    assert_dependence(solved(tmp_path, base, scenario="doubt"), 0.6)


def test_money_buys_nothing_that_nobody_takes(tmp_path: Path) -> None:
    # A second smelter could make what the first does not, but 0.6 is all that is taken.
    base = case(shares(*[0.6] * 4), projects=[project("P", "smelt", 40, 10)])
    base["facilities"][-1]["capacity"] = 60
    run = solved(tmp_path, base)
    assert run.solution.commitments == ()
    assert_dependence(run, 0.4)


def test_an_uptake_of_one_is_none_at_all(tmp_path: Path) -> None:
    one, none = solved(tmp_path, case(shares(1, 1, 1, 1))), solved(tmp_path, case())
    assert (one.metrics, one.solution) == (none.metrics, none.solution)


def test_the_audit_holds_clear_deliveries_to_the_uptake(tmp_path: Path) -> None:
    run = solved(tmp_path, case(shares(*[0.6] * 4)))
    flows = run.solution.allied
    more = tuple(
        dataclasses.replace(d, clear=d.clear + 1, exposed=d.exposed - 1) for d in flows.deliveries
    )
    answer = dataclasses.replace(run.solution, allied=dataclasses.replace(flows, deliveries=more))
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "limit_uptake" in {finding.rule for finding in found}
