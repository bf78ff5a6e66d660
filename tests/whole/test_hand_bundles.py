"""Projects that are committed together, on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all, and
has ore enough. P and Q are smelters of 30 and 40 in W.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, built, chain, folder_of, instance_of, project, solved

from opt import api
from opt.errors import InfeasibleError, InputError
from opt.report.sections import plan
from opt.report.story import Story
from opt.studies import change


def pair(p: dict[str, Any] | None = None, q: dict[str, Any] | None = None) -> Rows:
    """P of 30 for 10 and Q of 40 for 20, of one bundle, with other cells."""
    return [
        project("P", "smelt", 30, 10, bundle="Site A", **(p or {})),
        project("Q", "smelt", 40, 20, bundle="site a", **(q or {})),
    ]


def capital(*limits: float) -> Rows:
    """Private capital from 2030 on, none in the years that are not given."""
    amounts = [*limits, *[0.0] * (4 - len(limits))]
    return [{"field": "all", **dict(zip(("2030", "2031", "2032", "2033"), amounts, strict=True))}]


def test_all_or_none(tmp_path: Path) -> None:
    # Q is the better alone and could be paid; both need 30.
    run = solved(tmp_path, chain(projects=pair(), private_capital=capital(25, 25, 25, 25)))
    assert built(run) == {}
    assert_dependence(run, 1)
    run = solved(tmp_path, chain(projects=pair(), private_capital=capital(25, 30)))
    assert built(run) == {"P": 2031, "Q": 2031}
    assert_dependence(run, 1 - 3 * 70 / 400)


def test_the_documents_say_what_is_committed_together(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(projects=pair()))
    found = {e.commitment.project: e.unlocks for e in plan.built(Story(run))}
    assert found["P"].endswith("; committed together with Q")
    assert found["Q"].endswith("; committed together with P")


def test_a_name_in_one_row_binds_nothing(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 30, 10, bundle="alone"), project("Q", "smelt", 40, 20)]
    run = solved(tmp_path, chain(projects=rows, private_capital=capital(25)))
    assert built(run) == {"Q": 2030}


def test_offers_meet(tmp_path: Path) -> None:
    # P by 2031, Q from 2031 on; a year later they never meet.
    run = solved(tmp_path, chain(projects=pair({"latest": 2031}, {"earliest": 2031})))
    assert built(run) == {"P": 2031, "Q": 2031}
    run = solved(tmp_path, chain(projects=pair({"latest": 2030}, {"earliest": 2031})))
    assert built(run) == {}


def test_one_that_is_forced_forces_all(tmp_path: Path) -> None:
    case = chain(projects=pair({"decision": "force 2032"}), private_capital=capital(9, 9, 30))
    assert built(solved(tmp_path, case)) == {"P": 2032, "Q": 2032}
    with pytest.raises(InfeasibleError, match="P, decision force"):
        solved(tmp_path, case | {"private_capital": capital(9, 9, 29)})


def test_one_that_is_forbidden_forbids_all(tmp_path: Path) -> None:
    assert built(solved(tmp_path, chain(projects=pair({"decision": "forbid"})))) == {}


def test_what_requires_one_comes_with_all(tmp_path: Path) -> None:
    # R of 30 alone would pay; with the bundle that it requires it is dearer than all money.
    rows = [*pair(), project("R", "smelt", 30, 10, requires="Q")]
    run = solved(tmp_path, chain(projects=rows, private_capital=capital(35)))
    assert built(run) == {"P": 2030, "Q": 2030}
    run = solved(tmp_path, chain(projects=rows, private_capital=capital(30, 10)))
    assert built(run) == {"P": 2030, "Q": 2030, "R": 2031}


def test_sizes_of_a_bundle_are_free(tmp_path: Path) -> None:
    scalable = {"capacity": "", "capacity_max": 40, "capex": 0, "capex_per_unit": 1}
    run = solved(tmp_path, chain(projects=pair({}, scalable), private_capital=capital(35)))
    sizes = {c.project: c.size for c in run.solution.commitments}
    assert sizes == {"P": None, "Q": pytest.approx(25)}
    assert_dependence(run, 1 - (30 + 25) / 100)


def test_a_lead_time_that_a_scenario_stretches_moves_where_they_meet(tmp_path: Path) -> None:
    # Late, P first operates by 2033 only if committed by 2031; Q may be from 2032 on.
    slow: dict[str, Rows] = {
        "scenarios": [{"scenario": "slow"}],
        "shocks": [
            {"scenario": "slow", "what": "lead_time", "field": "project", "value": "P", "shift": 2}
        ],
    }
    case = chain(projects=pair({}, {"earliest": 2032}), **slow)
    assert built(solved(tmp_path, case)) == {"P": 2032, "Q": 2032}
    assert built(solved(tmp_path, case, scenario="slow")) == {}


def test_a_given_plan_commits_all_of_a_bundle(tmp_path: Path) -> None:
    whole = [{"plan": "both", "project": j, "year": 2031, "units": 1} for j in ("P", "Q")]
    part = [{"plan": "part", "project": "P", "year": 2031, "units": 1}]
    apart = [
        {"plan": "apart", "project": j, "year": t, "units": 1}
        for j, t in (("P", 2031), ("Q", 2032))
    ]
    path = folder_of(tmp_path, chain(projects=pair(), plans=[*whole, *part, *apart]))
    case = api.load(path)
    assert built(api.solve(case, plan="both")) == {"P": 2031, "Q": 2031}
    for name, missing in (("part", "Q"), ("apart", "Q")):
        with pytest.raises(InputError, match=f"does not commit '{missing}' in 2031"):
            api.solve(case, plan=name)


def test_studies_take_a_bundle_whole(tmp_path: Path) -> None:
    rows = [*pair({"decision": "force"}), project("R", "smelt", 30, 10)]
    instance = instance_of(tmp_path, chain(projects=rows))
    assert set(change.only_forced(instance).projects) == {"P", "Q"}
    assert set(change.forbidden(instance, "Q").projects) == {"R"}
