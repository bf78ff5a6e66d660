"""What a plan uses of the limits of a year, on cases solved by hand, and each row audited.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, and what a clear
smelter makes lowers the dependence, so a plan commits what its limits let through as early as they
do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, plant, project, solved

from opt.record.run import Run

YEARS = ("2030", "2031", "2032", "2033")


def limit(what: str, *limits: float, **values: Any) -> dict[str, Any]:
    """A row of build_limits over all, from 2030 on."""
    row = {"field": "all", "what": what, **values}
    return row | dict(zip(YEARS, limits, strict=False))


def pair(**values: Any) -> Rows:
    """Two smelters of 50 each at USD 40 million."""
    return [project(name, "smelt", 50, 40, **values) for name in ("P", "Q")]


def used(run: Run, what: str) -> dict[int, tuple[float, float]]:
    """By year what is used of the limits of a kind, and the most; the shares are theirs."""
    rows = [row for row in run.ceilings if row.what == what]
    for row in rows:
        assert row.share == (None if row.limit <= 0 else pytest.approx(row.used / row.limit))
    return {row.year: (pytest.approx(row.used), pytest.approx(row.limit)) for row in rows}


def test_starts_capital_cost_and_capacity_of_a_year(tmp_path: Path) -> None:
    """One plant of 50 and USD 40 million fits each of the first two years; none is left after."""
    limits = [
        limit("starts", 1, 1, 1, 0),
        limit("capex", 50, 40, 60),
        limit("capacity", 50, 60, 60, 60, commodity="metal"),
    ]
    run = solved(tmp_path, chain(projects=pair(), build_limits=limits))
    assert used(run, "starts") == {2030: (1, 1), 2031: (1, 1), 2032: (0, 1), 2033: (0, 0)}
    assert used(run, "capex") == {2030: (40, 50), 2031: (40, 40), 2032: (0, 60)}
    expected = {2030: (50, 50), 2031: (50, 60), 2032: (0, 60), 2033: (0, 60)}
    assert used(run, "capacity") == expected
    assert {row.unit for row in run.ceilings if row.what == "capacity"} == {"t/yr"}
    assert run.audit.checked["repeat_ceilings"] == 1 + 11 * 5 - 1  # rows; one has no share


def test_private_money_is_what_programmes_do_not_pay_in_the_years_it_falls_due(
    tmp_path: Path,
) -> None:
    """Of USD 40 million half is paid by F; a lead time of two years spreads the other 20 over both:
    P in 2030 and 2031, Q, a start a year, in 2031 and 2032."""
    programme = [{"programme": "F", "amount": 100, "max_share": 0.5}]
    case = chain(
        projects=pair(lead_time=2, public_share=0.5, max_public_share=0.5),
        programmes=programme,
        private_capital=[limit("", 30, 30, 30)],
        build_limits=[limit("starts", 1, 1, 0, 0)],
    )
    del case["private_capital"][0]["what"]
    run = solved(tmp_path, case)
    assert used(run, "private") == {2030: (10, 30), 2031: (20, 30), 2032: (10, 30)}


def test_a_limit_is_told_with_what_it_has_learnt_and_what_lifts_it(tmp_path: Path) -> None:
    """A clear smelter of 20 stands in W, so that half of what could be made the year before adds
    10, from 2031 on 35 with the P of 50 that 2030 commits; the track of 2030 lifts by 5 a year."""
    track = {"project": "T", "region": "W", "capex": 1, "lead_time": 0, "stage": "metal"}
    rows = [
        project("P", "smelt", 50, 40, decision="force 2030"),
        track | {"decision": "force 2030"},
    ]
    case = chain(
        projects=rows,
        facilities=[*chain()["facilities"], plant("own", "W", "smelt", 20)],
        build_limits=[limit("capacity", 40, 7, 0, commodity="metal", learn=0.5, limit="pace")],
        lifts=[{"project": "T", "limit": "pace", "amount": 5}],
    )
    run = solved(tmp_path, case)
    assert used(run, "capacity") == {2030: (50, 55), 2031: (0, 47), 2032: (0, 40)}


def test_what_carries_over_is_told_of_all_years_so_far(tmp_path: Path) -> None:
    """20 a year come together until the P of 60 fits, in 2032; 20 more are there in 2033."""
    limits = [limit("capacity", 20, 20, 20, 20, commodity="metal", carry_over="yes")]
    run = solved(tmp_path, chain(projects=[project("P", "smelt", 60, 40)], build_limits=limits))
    expected = {2030: (0, 20), 2031: (0, 40), 2032: (60, 60), 2033: (60, 80)}
    assert used(run, "capacity") == expected
