"""Projects that are lost to the covered bloc where nobody commits them in time, solved by hand.

The case is that of `builders.chain` without X's smelter: W needs 100 of metal a year over
2030-2033, 400 in all, and nobody makes any. P smelts 100 from the year after its commitment on; it
can be committed up to 2030, and from 2032 on it runs for the covered bloc where it was not.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, built, chain, plant, project, solved

from opt import api
from opt.record.flows import CLEAR, EXPOSED
from opt.report.sections.lost import lost_sentence
from opt.report.story import Story

KEPT = 1e-8
LOST = {"lead_time": 1, "lost_after": 2030}


def case(*, money: float | None = None, **values: Any) -> dict[str, Rows]:
    """The chain with P, for which so much public money is there; None: private money pays."""
    row = project("P", "smelt", 100, 10, **{**LOST, **values})
    base = chain() | {"projects": [row]}
    base["facilities"].pop()
    if money is not None:
        row["public_share"] = 1
        base["programmes"] = [{"programme": "fund", "amount": money}]
    return base


def shortfalls(run: Any) -> list[float]:
    """Shortfall by year."""
    return [entry.shortfall for entry in run.metrics.by_year]


def test_what_is_committed_in_time_is_not_lost(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    assert built(run) == {"P": 2030}
    assert_dependence(run, 1 / 4)
    assert shortfalls(run) == pytest.approx([1, 0, 0, 0])


def test_what_is_not_runs_exposed(tmp_path: Path) -> None:
    # 2031 + 1 year of lead time: two years of 100, exposed. Without it nobody would be served.
    run = solved(tmp_path, case(money=9))
    assert built(run) == {}
    assert_dependence(run, 1)
    assert shortfalls(run) == pytest.approx([1, 1, 0, 0])
    assert solved(tmp_path, case(money=9, lost_after="")).metrics.shortfall == pytest.approx(1)


def test_no_offer_comes_after_it_is_lost(tmp_path: Path) -> None:
    # The money comes in 2031, a year too late.
    base = case(money=10)
    base["programmes"][0]["commit_from"] = 2031
    assert built(solved(tmp_path, base)) == {}
    base["projects"][0]["lost_after"] = 2031
    assert built(solved(tmp_path, base)) == {"P": 2031}


def test_it_ramps_up_and_ends_as_a_commitment_of_the_year_after(tmp_path: Path) -> None:
    base = case(money=0, ramp="slow", availability=0.8, lead_time=0, life=2)
    base["ramps"] = [{"ramp": "slow", "year_1": 0.25, "year_2": 1}]
    run = solved(tmp_path, base)
    # 20 in 2031, 80 in 2032, nothing in 2033.
    assert shortfalls(run) == pytest.approx([1, 0.8, 0.2, 1])


def test_what_is_lost_before_the_plan_runs_from_its_first_year_on(tmp_path: Path) -> None:
    run = solved(tmp_path, case(lost_after=2028))
    assert built(run) == {}
    assert shortfalls(run) == pytest.approx([0, 0, 0, 0])
    assert_dependence(run, 1)


def test_without_new_money_it_is_lost(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    assert [e.shortfall for e in run.baseline.by_year] == pytest.approx([1, 1, 0, 0])
    assert run.baseline.dependence == pytest.approx(1)


def test_it_needs_no_support(tmp_path: Path) -> None:
    # It would lose 500 a unit: what is lost runs at any price, what is committed only if paid.
    base = case(money=0, opex=1000)
    base["settings"].append({"key": "losing_plants", "value": "need_support"})
    base["prices"] = [
        {"commodity": name, "2030": price, "2033": price}
        for name, price in (("ore", 500), ("metal", 1000))
    ]
    assert shortfalls(solved(tmp_path, base)) == pytest.approx([1, 1, 0, 0])
    base["projects"][0] |= {"public_share": 0, "decision": "force"}
    run = solved(tmp_path, base)
    assert built(run) == {"P": 2030}
    assert shortfalls(run) == pytest.approx([1, 1, 1, 1])


def test_a_limit_learns_nothing_from_what_is_lost(tmp_path: Path) -> None:
    # P is lost and runs from 2031 on; were it clear, 100 of Q could be committed from 2032 on.
    limit = {"field": "all", "what": "capacity", "commodity": "metal", "learn": 1}
    base = case(lost_after=2029)
    base["projects"].append(project("Q", "smelt", 100, 10))
    base["build_limits"] = [limit | dict.fromkeys(("2030", "2031", "2032", "2033"), 0)]
    run = solved(tmp_path, base)
    assert built(run) == {}


def test_the_tables_tell_who_runs_it(tmp_path: Path) -> None:
    # Of clear ore alone: it is the smelter that is in the wrong hands.
    base = case(money=0)
    base["facilities"].pop()
    run = solved(tmp_path, base)
    assert {
        (a.plant, a.origin, a.year) for a in run.solution.allied.activities if a.plant == "P"
    } == {
        ("P", EXPOSED, 2032),
        ("P", EXPOSED, 2033),
    }
    told = {(row.stage, row.year): row.share for row in run.touch}
    assert told == pytest.approx({("metal", 2032): 1, ("metal", 2033): 1})
    assert run.metrics.pooled_dependence == pytest.approx(1)
    rows = {row.year: row.capacity for row in run.capacity if row.plant == "P"}
    assert rows == pytest.approx({2032: 100, 2033: 100})


def test_the_audit_finds_what_is_lost_and_said_to_be_clear(tmp_path: Path) -> None:
    run = solved(tmp_path, case(money=0))
    flows = run.solution.allied
    activities = tuple(dataclasses.replace(a, origin=CLEAR) for a in flows.activities)
    answer = dataclasses.replace(
        run.solution, allied=dataclasses.replace(flows, activities=activities)
    )
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "require_clear_plant" in {finding.rule for finding in found}


def test_a_facility_beside_it_is_as_it_was(tmp_path: Path) -> None:
    base = case(money=0)
    base["facilities"].append(plant("own", "W", "smelt", 50))
    assert_dependence(solved(tmp_path, base), 0.5)


def test_the_report_names_what_is_left_to_the_covered_bloc(tmp_path: Path) -> None:
    left = solved(tmp_path, case(money=0))
    assert lost_sentence(Story(left)) == (
        "X takes what nobody commits in time: P (after 2030). That does not show in dependence,"
        " since what it then makes is exposed supply and only keeps others from going short: it"
        " shows in who makes what."
    )
    kept = solved(tmp_path, case())
    assert lost_sentence(Story(kept)) == (
        "Every project that X would take where nobody commits it in time is committed."
    )
    for none in ("", 2033):
        assert lost_sentence(Story(solved(tmp_path, case(lost_after=none)))) == ""
