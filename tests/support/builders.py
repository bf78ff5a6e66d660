"""Small cases written as rows of dicts, to be solved by hand: CSV in, Instance or Run out.

`chain` has so few numbers that an answer is a line of arithmetic beside its test. `drawn_cases`,
`paced_cases` and `hard` are this world with rows drawn at random.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cases import Cells, write_folder

from opt import api
from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.data.reader import read
from opt.record.passes import Outcome
from opt.record.run import Run

KEPT = 1e-8

Rows = list[dict[str, Any]]
Sheets = dict[str, Rows]
_numbers = itertools.count()

EXACT: dict[str, Any] = {
    "schema": 1,
    "first_year": 2030,
    "last_year": 2033,
    "gap": 0,
    "cost_gap": 0,
}


def plant(
    name: str, region: str, process: str, capacity: float, /, **values: Any
) -> dict[str, Any]:
    """A row of sheet facilities."""
    return {
        "facility": name,
        "region": region,
        "processes": process,
        "capacity": capacity,
        **values,
    }


def project(
    name: str, process: str, capacity: float, capex: float, /, **values: Any
) -> dict[str, Any]:
    """A row of sheet projects: in W and without lead time where nothing else is said."""
    return {
        "project": name,
        "region": "W",
        "processes": process,
        "capacity": capacity,
        "capex": capex,
        "lead_time": 0,
        **values,
    }


def chain(settings: Mapping[str, Any] | None = None, **sheets: Rows) -> dict[str, Rows]:
    """Ore to metal over 2030-2033 for an ally W that needs 100 of metal a year: 400 in all.

    W has a mine of 1000, X (covered) a mine and a smelter of 1000 each, N (other) nothing; ore and
    metal are one for one. Without projects all of W's metal is smelted in X: dependence 1. Sheets
    given replace those of the case.
    """
    case: dict[str, Rows] = {
        "settings": [{"key": k, "value": v} for k, v in {**EXACT, **(settings or {})}.items()],
        "regions": [
            {"region": "W", "bloc": "ally"},
            {"region": "X", "bloc": "covered"},
            {"region": "N", "bloc": "other"},
        ],
        "commodities": [
            {"commodity": "ore", "mineral": "M", "stage": "mining", "surplus": "free"},
            {"commodity": "metal", "mineral": "M", "stage": "metal", "surplus": "free"},
        ],
        "processes": [
            {"process": "dig", "stage": "mining"},
            {"process": "smelt", "stage": "metal"},
        ],
        "recipes": [
            {"process": "dig", "commodity": "ore", "amount": 1},
            {"process": "smelt", "commodity": "ore", "amount": -1},
            {"process": "smelt", "commodity": "metal", "amount": 1},
        ],
        "facilities": [
            plant("mine_w", "W", "dig", 1000),
            plant("mine_x", "X", "dig", 1000),
            plant("smelter_x", "X", "smelt", 1000),
        ],
        "demand": [{"region": "W", "commodity": "metal", "2030": 100, "2033": 100}],
    }
    return {**case, **sheets}


def table(rows: Rows) -> list[list[Any]]:
    """Rows as a header and lines; a key that a row lacks is a blank cell."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return [columns, *([row.get(column, "") for column in columns] for row in rows)]


def folder_of(parent: Path, case: Mapping[str, Rows]) -> Path:
    """The case as a new folder of CSV files."""
    tables: Cells = {name: table(rows) for name, rows in case.items()}
    return write_folder(parent / f"case{next(_numbers)}" / "case", tables)


def instance_of(parent: Path, case: Mapping[str, Rows], scenario: str | None = None) -> Instance:
    """The case assembled."""
    return assemble(read(folder_of(parent, case)), scenario)


def solved(parent: Path, case: Mapping[str, Rows], **options: Any) -> Run:
    """The case loaded, solved and audited."""
    return api.solve(api.load(folder_of(parent, case)), **options)


def built(run: Run) -> dict[str, int]:
    """Projects of the plan with their years of commitment; one unit each."""
    assert all(c.units == 1 for c in run.solution.commitments)
    return {c.project: c.year for c in run.solution.commitments}


def assert_dependence(run: Run, expected: float) -> None:
    """The plan reaches it, proven and audited."""
    assert run.status is Outcome.OPTIMAL
    assert run.audit.passed
    assert run.metrics.dependence == pytest.approx(expected, abs=KEPT)
