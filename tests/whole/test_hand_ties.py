"""Old plants before new ones where nothing else decides, on cases solved by hand.

The case is that of `builders.chain` with a clear smelter of 60 a year that stands already. It and a
new one cost nothing to run, so every pass leaves open which of the two makes the metal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, built, chain, plant, project, solved

from opt.record.run import Run

NO_MONEY: Rows = [{"field": "all", "2030": 0, "2031": 0, "2032": 0, "2033": 0}]
# More than the old smelter makes in the last year alone.
DEMAND: dict[str, Any] = {"2030": 60, "2032": 60, "2033": 100}


def with_both(new: Rows, **sheets: Rows) -> Sheets:
    """W wants 60 a year and 100 in 2033, and has a smelter of 60."""
    return chain(
        facilities=[
            plant("mine_w", "W", "dig", 1000),
            plant("mine_x", "X", "dig", 1000),
            plant("smelter_x", "X", "smelt", 1000),
            plant("old", "W", "smelt", 60),
        ],
        projects=new,
        demand=[{"region": "W", "commodity": "metal", **DEMAND}],
        **sheets,
    )


def runs_of(run: Run, name: str) -> dict[int, float]:
    """What a plant makes, by year."""
    flows = run.solution.allied
    return {a.year: a.activity for a in flows.activities if a.plant == name}


def test_a_new_plant_makes_what_an_old_one_cannot(tmp_path: Path) -> None:
    # It has to be committed in 2030 for the 40 of 2033 that the old one cannot make.
    run = solved(tmp_path, with_both([project("new", "smelt", 100, 40, latest=2030)]))
    assert run.audit.passed
    assert built(run) == {"new": 2030}
    assert runs_of(run, "old") == pytest.approx(dict.fromkeys(range(2030, 2034), 60))
    assert runs_of(run, "new") == pytest.approx({2033: 40})


def test_what_comes_without_new_money_is_new(tmp_path: Path) -> None:
    # 50 a year could come from 2031 on; it makes the 40 of 2033, and without the plan the same.
    new = [project("new", "smelt", 100, 40, merchant=2031, merchant_chance=0.5)]
    run = solved(tmp_path, with_both(new, private_capital=NO_MONEY))
    assert run.audit.passed
    assert built(run) == {}
    assert runs_of(run, "old") == pytest.approx(dict.fromkeys(range(2030, 2034), 60))
    assert runs_of(run, "new") == pytest.approx({2033: 40})


def test_a_cheaper_new_plant_runs_before_an_old_one(tmp_path: Path) -> None:
    # The old one costs USD 100 a unit more: the cost pass decides, and there is no tie.
    case = with_both([project("new", "smelt", 100, 40, latest=2030)])
    old = next(row for row in case["facilities"] if row["facility"] == "old")
    run = solved(tmp_path, {**case, "facilities": [*case["facilities"][:3], {**old, "opex": 100}]})
    assert run.audit.passed
    assert runs_of(run, "old") == {}
    assert runs_of(run, "new") == pytest.approx({2030: 60, 2031: 60, 2032: 60, 2033: 100})
