"""What decides it: of money and pace no more is said than the bounds prove."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from run_factory import make_run

from opt.record.frontier import Frontier, FrontStep
from opt.record.options import MORE, Option
from opt.record.projects import PlanUsed, as_given
from opt.record.run import Run
from opt.report.document import Bullets
from opt.report.sections import deciders
from opt.report.story import Story

GIVEN = PlanUsed("ours", False, ())


def run_with(
    path: Path, plan: tuple[float, float], larger: tuple[float, float], given: PlanUsed | None
) -> Run:
    """A run whose plan and larger budget come to these: share found, bound on it."""
    path.touch()
    run = make_run(path, plan=given)
    found = {
        "The best plan": (plan, as_given(run.solution.commitments)),
        MORE: (larger, ()),
    }

    def told(row: Option) -> Option:
        if row.name not in found:
            return row
        (share, bound), made = found[row.name]
        return replace(row, dependence=share, bound=bound, commitments=made)

    return replace(run, options=tuple(map(told, run.options)))


def sentences(run: Run, *steps: FrontStep, not_known: tuple[str, ...] = ()) -> list[str]:
    """The judgments, with the answer of the frontier where steps are given."""
    found = Frontier("programmes", None, (), steps, None, None, not_known)
    section = deciders.section(Story(run, {"frontier": found} if steps else {}))
    assert section is not None
    (block,) = section.blocks
    assert isinstance(block, Bullets)
    return list(block.items)


def money(run: Run, *steps: FrontStep, not_known: tuple[str, ...] = ()) -> str:
    """The sentence on money."""
    (found,) = [s for s in sentences(run, *steps, not_known=not_known) if s.startswith("Money: ")]
    return found


@pytest.mark.parametrize(
    ("plan", "larger", "words"),
    [
        # No plan with more money is better by 0.09 points: 60.00 less 59.91.
        ((0.6, 0.5995), (0.6, 0.5991), "by under 0.1 points, so it is not the amount that binds."),
        # The same plan was found again, and one better by 0.5 points is not ruled out.
        (
            (0.6, 0.5995),
            (0.6, 0.595),
            "to at best 59.5%, 60.0% as far as was found, beside 60.0% with the plan: whether the "
            "amount binds is open.",
        ),
        # A plan better by 2 points was found, which a better plan without more money may match.
        (
            (0.6, 0.57),
            (0.58, 0.56),
            "to at best 56.0%, 58.0% as far as was found, beside 60.0% with the plan: whether the "
            "amount binds is open.",
        ),
        (
            (0.6, 0.57),
            (0.58, -math.inf),
            "to 58.0% as far as was found, beside 60.0% with the plan: whether the amount binds is "
            "open.",
        ),
        # No plan without it beats 59%, one with it comes to 58% and none beats 55%: 1 to 5 points.
        ((0.6, 0.59), (0.58, 0.55), "lowers the mean of the counted years by 1.0 to 5.0 points"),
    ],
)
def test_money_binds_only_where_the_bounds_prove_it(
    tmp_path: Path, plan: tuple[float, float], larger: tuple[float, float], words: str
) -> None:
    said = money(run_with(tmp_path / "case.xlsx", plan, larger, None))
    assert said.startswith("Money: a quarter more in every programme ")
    assert words in said


def test_what_a_given_plan_lacks_is_not_laid_to_money(tmp_path: Path) -> None:
    """Its bound holds with its projects alone: a better choice may gain as much without money."""
    run = run_with(tmp_path / "case.xlsx", (0.6, 0.6), (0.5, 0.5), GIVEN)
    assert "whether the amount binds is open" in money(run)


def step(name: str, low: float, high: float, subject: str = deciders.PROGRAMMES) -> FrontStep:
    return FrontStep(subject, name, 1000.0, 0.6 - low, 0.6 - high, low, high)


def test_no_single_programme_binds_where_every_one_was_answered(tmp_path: Path) -> None:
    run = run_with(tmp_path / "case.xlsx", (0.6, 0.6), (0.6, 0.6), None)
    small, open_one = step("GR", 0.0004, 0.0009), step("LN", 0.0, 0.01)
    nor = "nor does USD 1.0 billion more in any single one"
    assert nor in money(run, small)
    assert nor not in money(run, small, open_one)
    assert nor not in money(run, small, not_known=("LN: no time",))


def test_pace_does_not_bind_where_every_limit_was_answered(tmp_path: Path) -> None:
    run = run_with(tmp_path / "case.xlsx", (0.6, 0.6), (0.6, 0.6), None)
    small = step("starts|stage|magnet", 0.0004, 0.0009, deciders.LIMITS)
    open_one = step("starts|stage|metal", 0.0, 0.01, deciders.LIMITS)
    none = "Pace: one start a year more under any limit lowers the mean by under 0.1 points."
    assert none in sentences(run, small)
    assert none not in sentences(run, small, open_one)
    assert none not in sentences(run, small, not_known=("metal: no time",))


def test_the_programme_named_is_worth_something_for_certain(tmp_path: Path) -> None:
    run = run_with(tmp_path / "case.xlsx", (0.6, 0.59), (0.58, 0.55), None)
    sure, open_one = step("GR", 0.002, 0.004), step("LN", 0.0, 0.02)
    name = run.case.programme_name("GR")
    words = f"no single programme is worth more for certain than {name}: 0.2 to 0.4 points for USD"
    assert words in money(run, sure, open_one)
    assert "single programme" not in money(run, open_one)
