"""How much of what is scaled a plan needs at least, by hand.

Big costs USD 60 million, half of it public at least, Little 30, all of it; both are committed
in 2030. A has 100 and may pay 80 of it in 2030; B has 50 and pays at most half of a project.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from builders import Rows, chain, instance_of, project

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.record.run import Solution
from opt.solver.control import Control, Limits
from opt.solver.needs import least_limits, least_money
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions
from opt.studies.change import scaled_programmes
from opt.studies.completing import Built, completed
from opt.studies.runner import Runner

BOTH = (FixedCommitment("Big", 2030, 1, None), FixedCommitment("Little", 2030, 1, None))


def case(**limit: object) -> dict[str, Rows]:
    return chain(
        projects=[
            project("Big", "smelt", 60, 60, public_share=0.5),
            project("Little", "smelt", 30, 30, public_share=1),
        ],
        programmes=[
            {"programme": "A", "amount": 100, "2030": 80},
            {"programme": "B", "amount": 50, "max_share": 0.5},
        ],
        build_limits=[{"field": "all", "value": "", "what": "starts", "2030": 4, **limit}],
    )


def solved(instance: Instance) -> tuple[Job, Solution]:
    """The plan of both, made whole."""
    options, runner = SolveOptions(), Runner(Control(), Silent())
    (answer,) = completed([Built("both", instance, BOTH)], options, Limits(), runner)
    assert answer.plan is not None
    return Job(instance, options, Control(), Silent()), answer.plan


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        # 60 of public money: A pays 80 f of it in 2030, B 50 f.
        (None, 60 / 130),
        # B pays half of each, 30 and 15; A the rest of Little.
        ({"A"}, 15 / 80),
        ({"B"}, 0),
    ],
)
def test_least_money(names: set[str] | None, expected: float, tmp_path: Path) -> None:
    job, plan = solved(instance_of(tmp_path, case()))
    found = least_money(job, plan, lambda i, factor: scaled_programmes(i, factor, names))
    assert found == pytest.approx(expected, abs=1e-8)


def test_money_that_is_not_scaled_may_not_be_enough(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, case())
    job, plan = solved(instance)
    poor = scaled_programmes(instance, 0.1, {"A"})
    found = least_money(job.of(poor), plan, lambda i, factor: scaled_programmes(i, factor, {"B"}))
    assert found == math.inf


def test_nothing_needs_no_money(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, case())
    options, runner = SolveOptions(), Runner(Control(), Silent())
    (answer,) = completed([Built("nothing", instance, ())], options, Limits(), runner)
    job = Job(instance, options, Control(), Silent())
    assert answer.plan is not None
    assert least_money(job, answer.plan, scaled_programmes) == 0.0


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ({}, 2 / 4),
        ({"what": "capacity", "commodity": "metal", "2030": 200}, 90 / 200),
        # Nothing is committed in 2031, of which there may be none.
        ({"2031": 0}, 2 / 4),
    ],
)
def test_least_limits(limit: dict[str, object], expected: float, tmp_path: Path) -> None:
    job, plan = solved(instance_of(tmp_path, case(**limit)))
    what = str(limit.get("what", "starts"))
    assert least_limits(job, plan, what) == pytest.approx(expected)


def test_a_limit_of_nothing_that_is_used(tmp_path: Path) -> None:
    instance = instance_of(tmp_path, case())
    job, plan = solved(instance)
    none = instance_of(tmp_path, case(**{"2030": 0}))
    assert least_limits(job.of(none), plan, "starts") == math.inf
