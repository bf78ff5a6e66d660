"""Comparing the package with the second program: on a workbook, and with answers by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import write_folder
from second_opinion import Optimum, opinion_of, second_opinion

from opt.api import Case, load, solve
from opt.data.reader import read
from opt.errors import InfeasibleError, InputError
from opt.record.run import Run

EXACT = {"gap": 0, "cost_gap": 0}
SHARE = 2e-6
MONEY, CENTS = 1e-5, 1e-3


def gains(path: Path) -> bool:
    """Whether a workbook is refused for recipes that make something out of nothing."""
    try:
        read(path)
    except InputError as error:
        return any("feed each other and make" in str(issue) for issue in error.issues)
    return False


def answer_of(case: Case, scenario: str | None) -> Run | None:
    """The audited answer; None where no plan exists, also where a forced one has no year left."""
    try:
        return solve(case, scenario=scenario)
    except (InfeasibleError, InputError):
        return None


def figures(run: Run | None) -> Optimum | None:
    """What the package found, as the second program says it."""
    if run is None:
        return None
    found = run.metrics
    cost = found.cost_musd + found.idle_musd
    first = run.passes[0]
    money = first.value if first.objective == "worth" else found.public_musd
    return Optimum(found.dependence, found.shortfall, cost, money)


def assert_agree(one: Optimum | None, other: Optimum | None) -> None:
    """Both found no plan, or the same dependence, shortfall and cost.

    What came first too where `other` tells it: then a pass more has its tolerance.
    """
    if one is None or other is None:
        assert one == other
        return
    share = SHARE if other.first_musd is None else 2 * SHARE
    assert one.dependence == pytest.approx(other.dependence, abs=share, rel=0)
    allowed = share * max(1.0, other.shortfall)
    assert one.shortfall == pytest.approx(other.shortfall, abs=allowed, rel=0)
    allowed = MONEY * abs(other.cost_musd) + CENTS
    assert one.cost_musd == pytest.approx(other.cost_musd, abs=allowed, rel=0)
    if other.first_musd is not None:
        allowed = MONEY * other.first_musd + CENTS
        assert one.first_musd == pytest.approx(other.first_musd, abs=allowed, rel=0)


def assert_proven(run: Run) -> None:
    """A gap of 0 was asked for and is reached in every pass.

    The last pass is searched with shares kept to 1e-9 and told with them kept exactly: where a
    tonne is dear that moves its cost by more than 1e-9 of itself. Public money that comes first is
    kept to 1e-9 million, a tenth of a cent, which buys what costs a few times as much.
    """
    for result in run.passes:
        is_money = result.objective in ("cost", "public", "worth")
        rel, least = (1e-6, 1e-8) if is_money else (1e-9, 1e-9)
        assert result.bound == pytest.approx(result.value, abs=least, rel=rel)


def agrees(path: Path) -> bool:
    """Whether the reader takes a workbook; of the base case and every scenario both programs then
    say the same."""
    try:
        case = load(path, EXACT)
    except InputError:
        return False
    for scenario in (None, *case.scenarios):
        run = answer_of(case, scenario)
        assert_agree(figures(run), opinion_of(case.tables, scenario))
        if run is not None:
            assert_proven(run)
    return True


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
    expected = Optimum(dependence, shortfall, cost)
    run = solve(load(path, EXACT))
    assert_agree(figures(run), expected)
    assert_agree(second_opinion(path), expected)
    return run


def assert_scenario(path: Path, scenario: str, expected: Optimum | None) -> None:
    """Both programs give the values worked out by hand in a scenario; None for no plan."""
    assert_agree(figures(answer_of(load(path, EXACT), scenario)), expected)
    assert_agree(second_opinion(path, scenario), expected)


CHAIN = {
    "commodities": """commodity,stage
        ore,mining
        metal,making""",
    "processes": """process,stage
        dig,mining
        smelt,making""",
    "recipes": """process,commodity,amount
        dig,ore,1
        smelt,ore,-1
        smelt,metal,1""",
}
