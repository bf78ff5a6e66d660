"""The package against a second program, over random workbooks and over cases solved by hand.

Each hand case is what was left of a random one on which the two programs once disagreed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import write_folder
from random_cases import random_case
from second_opinion import Answer, Search, World, second_opinion

from opt.data.reader import read
from opt.errors import InfeasibleError, InputError
from opt.pipeline import Case, load, solve
from opt.results.run import Run

EXACT = {"gap": 0, "cost_gap": 0}
QUICK = range(60)
MORE = range(1000, 1060)
SIMPLE = range(2000, 2015)
PLANS = 400
SHARE = 2e-6
MONEY, CENTS = 1e-5, 1e-3


def accepted(folder: Path, seed: int, simple: bool = False) -> Path | None:
    """The random workbook of a seed; None for the few that the reader refuses."""
    path = random_case(folder, seed, simple)
    try:
        read(path)
    except InputError:
        return None
    return path


def answer_of(case: Case, scenario: str | None) -> Run | None:
    """The audited answer; None where no plan exists, also where a forced one has no year left."""
    try:
        return solve(case, scenario=scenario)
    except (InfeasibleError, InputError):
        return None


def assert_agree(run: Run | None, other: Answer | None) -> None:
    """Both found no plan, or the same dependence, shortfall and cost."""
    if run is None or other is None:
        assert run is None
        assert other is None
        return
    found = run.metrics
    assert found.dependence == pytest.approx(other.dependence, abs=SHARE, rel=0)
    assert found.shortfall == pytest.approx(other.shortfall, abs=SHARE, rel=0)
    allowed = MONEY * abs(other.cost_musd) + CENTS
    assert found.cost_musd == pytest.approx(other.cost_musd, abs=allowed, rel=0)


def assert_proven(run: Run) -> None:
    """A gap of 0 was asked for and is reached in every pass."""
    for result in run.passes:
        allowed = 1e-9 * max(1.0, abs(result.value))
        assert result.bound == pytest.approx(result.value, abs=allowed, rel=0)


def compare(path: Path) -> None:
    """The base case and every scenario of a workbook."""
    case = load(path, EXACT)
    for scenario in (None, *case.scenarios):
        run = answer_of(case, scenario)
        assert_agree(run, second_opinion(path, scenario))
        if run is not None:
            assert_proven(run)


@pytest.mark.parametrize("seed", QUICK)
def test_agrees_with_the_second_program(tmp_path: Path, seed: int) -> None:
    path = accepted(tmp_path, seed)
    if path is not None:
        compare(path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MORE)
def test_agrees_on_more_cases(tmp_path: Path, seed: int) -> None:
    path = accepted(tmp_path, seed)
    if path is not None:
        compare(path)


@pytest.mark.parametrize("seed", SIMPLE)
def test_no_plan_tried_one_by_one_is_better(tmp_path: Path, seed: int) -> None:
    path = accepted(tmp_path, seed, simple=True)
    if path is None or not Search.fits(World(read(path), None), PLANS):
        return
    best = Search(World(read(path), None)).least_dependence()
    run = answer_of(load(path, EXACT), None)
    assert (run is None) == (best is None)
    if run is not None:
        assert run.passes[0].value == pytest.approx(best, abs=SHARE, rel=0)


def test_few_random_workbooks_are_refused(tmp_path: Path) -> None:
    refused = [seed for seed in QUICK if accepted(tmp_path, seed) is None]
    assert len(refused) <= 3, refused


# ---- By hand --------------------------------------------------------------------------------


def workbook(folder: Path, **sheets: str) -> Path:
    """A workbook of the years 2026 to 2026 from sheets as CSV text; `settings` adds rows."""
    tables: dict[str, list[list[Any]]] = {
        name: [line.strip().split(",") for line in text.strip().splitlines()]
        for name, text in sheets.items()
    }
    own = tables.get("settings", [])
    years = {"first_year": 2026, "last_year": 2026} | dict(own)
    tables["settings"] = [["key", "value"], ["schema", 1], *map(list, years.items())]
    return write_folder(folder / "case", tables)


def assert_answer(path: Path, dependence: float, shortfall: float, cost: float) -> Run:
    """Both programs give the values worked out by hand."""
    assert_agree(solve(load(path, EXACT)), Answer(dependence, shortfall, cost))
    assert second_opinion(path) == pytest.approx(Answer(dependence, shortfall, cost))
    return solve(load(path, EXACT))
