"""The order of rows in no sheet changes the answer, but for which of several programmes pays: each
shipped case with its rows shuffled."""

from __future__ import annotations

import csv
import dataclasses
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import opt
from opt.data.assemble import assemble
from opt.record.projects import as_given
from opt.record.run import Run
from opt.solver.control import Control
from opt.solver.loaded import load
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions

INPUTS = Path(__file__).parents[2] / "inputs"
CASES = ("small", "gallium", "graphite", "tungsten")
SEED = 20260714


def shuffled(name: str, parent: Path) -> Path:
    """A copy of a case's folder with the data rows of every file in another order."""
    target = parent / name
    target.mkdir()
    rng = random.Random(SEED)
    moved = 0
    for file in sorted((INPUTS / name).glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        before = list(rows)
        rng.shuffle(rows)
        moved += rows != before
        with (target / file.name).open("w", encoding="utf-8", newline="") as copy:
            csv.writer(copy).writerows([header, *rows])
    assert moved > 5
    return target


def in_order(value: Any) -> Any:
    """A value in which the order of a mapping counts, as it does for sums; a set has none."""
    if dataclasses.is_dataclass(value):
        return [in_order(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [(key, in_order(item)) for key, item in value.items()]
    if isinstance(value, tuple):
        return [in_order(item) for item in value]
    return value


def both(name: str, parent: Path) -> tuple[opt.Case, opt.Case]:
    """A shipped case as it is, and with its rows shuffled."""
    return opt.load(INPUTS / name), opt.load(shuffled(name, parent))


@pytest.mark.parametrize("name", [*CASES, pytest.param("ree_magnets", marks=pytest.mark.slow)])
def test_the_instance_of_every_scenario_is_the_same(name: str, tmp_path: Path) -> None:
    case, other = both(name, tmp_path)
    assert set(case.scenarios) == set(other.scenarios)
    for scenario in (None, *case.scenarios):
        first, second = (assemble(c.tables, scenario) for c in (case, other))
        # The order of programmes says who is spared first: that alone is meant to follow the sheet.
        assert set(first.programme_order) == set(second.programme_order)
        second = second.replace(programme_order=first.programme_order)
        assert in_order(first) == in_order(second), scenario


def test_the_small_case_has_the_same_plan(tmp_path: Path) -> None:
    first, second = (opt.solve(case) for case in both("small", tmp_path))
    assert first.metrics.dependence == second.metrics.dependence  # its gap is 0
    assert first.solution.commitments == second.solution.commitments
    assert first.solution.allied == second.solution.allied
    assert first.solution.public_musd == pytest.approx(second.solution.public_musd, rel=1e-9)


@pytest.mark.slow
@pytest.mark.xdist_group("reference")
def test_the_reference_case_has_the_same_dependence(tmp_path: Path, reference: Run) -> None:
    """By what a case has one value of: the relaxation, and a plan that is given. Which of several
    plans a search ends at may follow the order of rows, within the gap."""
    other = opt.load(shuffled("ree_magnets", tmp_path))
    plan = as_given(reference.solution.commitments)
    values = []
    for instance in (assemble(reference.workbook), assemble(other.tables)):
        loaded = load(Job(instance, SolveOptions(), Control(), Silent()))
        with loaded.under(instance) as case:
            values.append((case.bound().bound, case.value(plan).value))
    (bound, value), shuffled_values = values
    assert shuffled_values == pytest.approx((bound, value), rel=1e-7)
    first = reference.passes[0]
    assert bound <= first.bound * (1 + 1e-7)
    assert value == pytest.approx(first.value, abs=2e-6)
