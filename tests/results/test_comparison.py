"""Runs side by side: what of their inputs differs, cell by cell, and what became of it.

W needs 100 of metal a year. Big makes 60 for USD 60 million, Little 30 for 30; a fund pays for
both. In the second run the fund has 50, a note is new, a mine is gone, and it is a scenario.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import Sheets, chain, folder_of, plant, project
from click.testing import CliRunner, Result

import opt
from opt import api
from opt.cli import cli
from opt.record.comparison import ChangedCell
from opt.record.run import Run

TOLERANCE = 2e-6


def case(amount: float, *mines: str, note: str = "") -> Sheets:
    of = chain(
        projects=[
            project("Big", "smelt", 60, 60, public_share=1),
            project("Little", "smelt", 30, 30, public_share=1),
        ],
        programmes=[{"programme": "Fund", "amount": amount, "note": note}],
        scenarios=[{"scenario": "more"}],
        shocks=[{"scenario": "more", "what": "demand", "factor": 2}],
    )
    of["facilities"] += [plant(name, "X", "dig", 10) for name in mines]
    return of


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    place = tmp_path_factory.mktemp("compared")
    first = api.load(folder_of(place, case(90, "spare")))
    second = api.load(folder_of(place, case(50, "other", note="cut")))
    return {"first": api.solve(first), "second": api.solve(second, scenario="more", gap=0.01)}


def test_cells(runs: dict[str, Run]) -> None:
    found = opt.compare(runs).cells
    assert set(found) == {
        ChangedCell("second", "settings", "gap", "value", "0", "0.01"),
        ChangedCell("second", "facilities", "spare", "", "the row", ""),
        ChangedCell("second", "facilities", "other", "", "", "the row"),
        ChangedCell("second", "programmes", "fund", "amount", "90", "50"),
        ChangedCell("second", "programmes", "fund", "note", "", "cut"),
    }


def test_plans_and_money(runs: dict[str, Run]) -> None:
    found = opt.compare(runs)
    assert [(row.project, row.run, row.public_musd, row.common) for row in found.plan] == [
        ("Big", "first", pytest.approx(60), False),
        ("Little", "first", pytest.approx(30), True),
        ("Little", "second", pytest.approx(30), True),
    ]
    assert [(row.run, row.paid_musd) for row in found.money] == [
        ("first", pytest.approx(90)),
        ("second", pytest.approx(30)),
    ]


def test_measures_and_proofs(runs: dict[str, Run]) -> None:
    """10 of 100 exposed, and 170 of 200."""
    found = opt.compare(runs)
    measured = {(row.metric, row.run): row.value for row in found.metrics}
    assert measured["dependence", "first"] == pytest.approx(0.1, abs=TOLERANCE)
    assert measured["dependence", "second"] == pytest.approx(0.85, abs=TOLERANCE)
    assert measured["baseline_dependence", "second"] == pytest.approx(1)
    proven = [(row.run, row.objective) for row in found.proofs]
    passes = ("dependence", "shortfall", "cost", "world")
    assert proven == [(run, own) for run in runs for own in passes]
    assert [(row.scenario, row.workbook) for row in found.runs] == [("", "case"), ("more", "case")]


def test_a_run_beside_itself(runs: dict[str, Run]) -> None:
    found = opt.compare({"one": runs["first"], "again": runs["first"]})
    assert found.cells == ()
    assert all(row.common for row in found.plan)
    assert list(found.frames) == ["runs", "cells", "plan", "money", "metrics", "proofs"]


# ---- The command ----------------------------------------------------------------------------


def told(*arguments: Any) -> Result:
    return CliRunner().invoke(cli, ["compare", *map(str, arguments)])


def test_words_and_data(runs: dict[str, Run], tmp_path: Path) -> None:
    folders = [api.write(run, tmp_path / name) for name, run in runs.items()]
    said = told(*folders)
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert any(line.split() == ["dependence", "10.0%", "85.0%"] for line in lines)
    assert any(line.split() == ["Big", "2030", "-"] for line in lines)
    assert any(
        line.split() == ["second", "programmes", "fund", "amount", "90", "50"] for line in lines
    )
    assert lines[-2:] == [
        "Committed alike in every run: 1 project.",
        "Cells of the input that differ: 5.",
    ]
    document = json.loads(told(*folders, "--json").stdout)
    assert list(document) == ["runs", "cells", "plan", "money", "metrics", "proofs"]
    assert document["cells"][0]["sheet"] == "settings"


def test_one_run_is_none_to_compare(tmp_path: Path) -> None:
    said = told(tmp_path)
    assert said.exit_code == 2
    assert "Name two runs or more" in said.output
