"""Limits on capacity of which what a year leaves adds to the next, on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all, and
has ore enough. What a clear smelter makes lowers the dependence of 1. Projects start in the year of
commitment.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, built, chain, plant, project, solved

from opt import api
from opt.errors import InfeasibleError
from opt.record.run import Run

KEPT = 1e-8
YEARS = ("2030", "2031", "2032", "2033")


def pace(*limits: float, **values: Any) -> Rows:
    """A limit on capacity in metal over all, from 2030 on, that carries over."""
    row = {"field": "all", "what": "capacity", "commodity": "metal", "carry_over": "yes", **values}
    return [row | dict(zip(YEARS, limits, strict=True))]


def smelter(name: str, capacity: float, **values: Any) -> dict[str, Any]:
    """A smelter at USD 40 million."""
    return project(name, "smelt", capacity, 40, **values)


def assert_plan(run: Run, years: dict[str, int], exposed: float) -> None:
    """What an audited plan commits, and how much of the 400 stays exposed."""
    assert run.audit.passed
    assert built(run) == years
    assert run.metrics.dependence == pytest.approx(exposed / 400, abs=KEPT)


def test_a_plant_waits_until_it_fits_and_leaves_nothing(tmp_path: Path) -> None:
    # 20, 40, 60 have come together by 2032: P of 60 is committed then, not before. It leaves 20 in
    # 2033, for a Q of 20 and for none of 20.1, which alone would be there from 2031 on: 60.3 of 400
    # are less than P's 120.
    for capacity, years, exposed in (
        (20, {"P": 2032, "Q": 2033}, 400 - 60 - 80),
        (20.1, {"P": 2032}, 400 - 60 - 60),
    ):
        rows = [smelter("P", 60), smelter("Q", capacity, earliest=2033)]
        run = solved(tmp_path / f"{capacity}", chain(projects=rows, build_limits=pace(*[20] * 4)))
        assert_plan(run, years, exposed)
    # 60.1 fit into four years.
    rows = [smelter("P", 60.1)]
    run = solved(tmp_path / "more", chain(projects=rows, build_limits=pace(20, 20, 20, 20)))
    assert_plan(run, {"P": 2033}, 400 - 60.1)
    # Without carry-over it never fits.
    limits = pace(20, 20, 20, 20, carry_over="no")
    assert_plan(solved(tmp_path / "no", chain(projects=rows, build_limits=limits)), {}, 400)


def test_what_is_used_is_gone(tmp_path: Path) -> None:
    # P takes the 50 of 2030; of 50 + 0 + 30 the 30 of 2032 are left for Q.
    rows = [smelter("P", 50, decision="force 2030"), smelter("Q", 30)]
    run = solved(tmp_path / "q", chain(projects=rows, build_limits=pace(50, 0, 30, 0)))
    assert_plan(run, {"P": 2030, "Q": 2032}, 400 - 4 * 50 - 2 * 30)
    # Nothing is borrowed of a year to come.
    rows = [smelter("P", 50)]
    run = solved(tmp_path / "p", chain(projects=rows, build_limits=pace(0, 0, 0, 50)))
    assert_plan(run, {"P": 2033}, 350)


def test_what_a_limit_grows_by_adds_up_too(tmp_path: Path) -> None:
    # Own 20 stand, and half of what stands is added: 10 + 10 a year come to 20, 40 and 60. P of 50
    # is committed in 2032; in 2033 10 + (20 + 50) / 2 are added to the 10 it left, 55 in all.
    for capacity, exposed in ((55, 80 + 80 + 30), (55.1, 80 + 80 + 30 + 30)):
        rows = [smelter("P", 50), smelter("Q", capacity, earliest=2033)]
        case = chain(projects=rows, build_limits=pace(10, 10, 10, 10, learn=0.5))
        case["facilities"] += [plant("own", "W", "smelt", 20)]
        years = {"P": 2032} | ({"Q": 2033} if capacity == 55 else {})
        assert_plan(solved(tmp_path / f"{capacity}", case), years, exposed)


def test_what_has_lifted_a_limit_stays(tmp_path: Path) -> None:
    # F lifts 2031 and 2032 by 20: 10, 40, 70 and, no longer lifted, 80. 70 fit in 2032, 75 in 2033.
    for capacity, year in ((70, 2032), (75, 2033)):
        track = {"project": "F", "region": "W", "capex": 1, "lead_time": 1, "life": 2}
        case = chain(
            projects=[smelter("P", capacity), track],
            build_limits=pace(10, 10, 10, 10, limit="pace"),
            lifts=[{"project": "F", "limit": "pace", "amount": 20}],
        )
        exposed = 400 - capacity * (2034 - year)
        assert_plan(solved(tmp_path / f"{capacity}", case), {"P": year, "F": 2030}, exposed)


def test_a_limit_that_never_binds_changes_nothing(tmp_path: Path) -> None:
    rows = [smelter("P", 50), smelter("Q", 30)]
    free = solved(tmp_path / "free", chain(projects=rows))
    run = solved(tmp_path / "wide", chain(projects=rows, build_limits=pace(80, 0, 0, 0)))
    assert (run.metrics, run.solution) == (free.metrics, free.solution)


def test_the_audit_adds_up_by_itself(tmp_path: Path) -> None:
    # Sizes of 20, 15 and 25 leave nothing of 60; a little more of any breaks the limit of 2032.
    scalable = {"capacity": "", "capacity_max": 100, "capex_per_unit": 0.1}
    rows = [
        smelter(name, 0, decision=f"force {year}") | scalable
        for name, year in (("P", 2030), ("Q", 2031), ("R", 2032))
    ]
    run = solved(tmp_path, chain(projects=rows, build_limits=pace(20, 20, 20, 0)))
    assert run.audit.passed
    used = (20.0, 15.0, 25.0)

    def broken(*sizes: float) -> set[str]:
        made = (
            dataclasses.replace(c, size=size)
            for c, size in zip(run.solution.commitments, sizes, strict=True)
        )
        answer = dataclasses.replace(run.solution, commitments=tuple(made))
        found = api.recompute(dataclasses.replace(run, solution=answer)).findings
        return {finding.rule for finding in found} & {"limit_capacity"}

    assert not broken(*used)
    for n in range(3):
        assert broken(*(size + 0.1 * (k == n) for k, size in enumerate(used)))
    # Used early, what is used late is not there yet.
    assert broken(25.0, 15.0, 20.0)


def test_a_forced_project_above_what_has_come_together_is_explained(tmp_path: Path) -> None:
    # 60 have come together by 2032; 75 would take 15 more by then, in any of the years.
    rows = [smelter("P", 75, decision="force 2032")]
    with pytest.raises(InfeasibleError) as caught:
        solved(tmp_path, chain(projects=rows, build_limits=pace(20, 20, 20, 20)))
    words = str(caught.value)
    assert "P, decision force 2032." in words
    for year in ("2030", "2031", "2032"):
        assert f"all capacity metal, {year} 20, carried over." in words
    assert "2033" not in words
    assert "of all capacity metal from 20 to 35." in words
