"""The gap of the cost pass as a share of what a plan costs above no new money, by hand."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest

import opt
from opt.api import recompute
from opt.record.passes import Outcome, Pass
from opt.report.wording import proven_to
from opt.solver.stage import SolveOptions

INPUTS = Path(__file__).parents[2] / "inputs"


def cost(value: float, bound: float, name: str = "cost") -> Pass:
    return Pass(name, value, bound, (value - bound) / value, 1.0, Outcome.OPTIMAL)


def test_a_gap_of_two_of_a_hundred_is_eight_of_the_twenty_five_added() -> None:
    told = cost(100.0, 98.0).beside(75.0)
    assert (told.gap_musd, told.gap_added) == (2.0, 0.08)
    assert proven_to(told) == (
        "to 2.0% of itself (USD 2.0 million: 8.0% of what the plan costs above no new money)"
    )


@pytest.mark.parametrize("base", [100.0, 120.0])
def test_no_share_of_what_is_not_above_zero(base: float) -> None:
    told = cost(100.0, 98.0).beside(base)
    assert (told.gap_musd, told.gap_added) == (2.0, None)


def test_neither_where_nothing_is_proven_nor_in_another_pass() -> None:
    for entry in (cost(100.0, -math.inf), cost(0.5, 0.4, "dependence")):
        assert entry.beside(75.0) == entry


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (100.0, 0.04 * 25.0 / 100.0),  # 25 above 75
        (75.0, 0.01),  # nothing above: cost_gap
        (60.0, 0.01),
        (None, 0.01),  # no plan yet
    ],
)
def test_the_relative_gap_asked_of_a_cost(value: float | None, expected: float) -> None:
    options = SolveOptions(gap=0.5, cost_gap_added=0.04, no_new_money=75.0)
    assert options.gap_of("cost", value) == pytest.approx(expected, rel=1e-15)
    assert options.gap_of("dependence", value) == 0.5


def test_a_cost_that_is_below_zero_without_new_money() -> None:
    """From -50 to 10: 60 are added, of which 4% are 2.4, 24% of the value."""
    options = SolveOptions(cost_gap_added=0.04, no_new_money=-50.0)
    assert options.gap_of("cost", 10.0) == pytest.approx(0.24, rel=1e-15)


@pytest.mark.parametrize("share", [0.02, 0.005])
def test_the_cost_pass_of_gallium_stops_on_it(share: float) -> None:
    """With cost_gap wide open the plan is nevertheless proven to the share of what it adds, and the
    audit, which holds it by a division of its own, agrees."""
    case = opt.load(INPUTS / "gallium.xlsx", {"cost_gap": 1.0, "cost_gap_added": share})
    run = opt.solve(case)
    (last,) = (entry for entry in run.passes if entry.objective == "cost")
    added = last.value - run.baseline.cost_musd
    assert run.status is Outcome.OPTIMAL
    assert last.value - last.bound <= (share + 1e-6) * added + 1e-6 * last.value
    assert last.gap_added == pytest.approx((last.value - last.bound) / added, rel=1e-12)


def test_the_audit_refuses_an_optimal_cost_beyond_the_share() -> None:
    """Gallium adds a fifth of its cost: a bound 2% below it is within cost_gap 0.05, and beyond a
    share of 0.05 of what is added, which is less than two fifths."""
    wide = {"cost_gap": 0.05, "gap": 0.05}
    verdicts = {}
    for share in (None, 0.05):
        more = {} if share is None else {"cost_gap_added": share}
        run = opt.solve(opt.load(INPUTS / "gallium.xlsx", {**wide, **more}))
        last = next(entry for entry in run.passes if entry.objective == "cost")
        assert 0.0 < last.value - run.baseline.cost_musd < 0.02 / 0.05 * last.value
        lower = dataclasses.replace(last, bound=last.value * 0.98, gap=0.02)
        lower = lower.beside(run.baseline.cost_musd)
        passes = tuple(lower if entry is last else entry for entry in run.passes)
        report = recompute(dataclasses.replace(run, passes=passes))
        verdicts[share] = any(finding.rule == "limit_gap" for finding in report.findings)
    assert verdicts == {None: False, 0.05: True}
