"""The programme is the same whichever way Python adds numbers up: from 3.12 on `sum` corrects for
what each addition rounds away, before it does not. A coefficient that differs in its last digit
leads a search to another plan within the gap."""

from __future__ import annotations

import builtins
import functools
import math
import operator
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from random_cases import random_case

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.errors import InputError
from opt.model.build import build_model
from opt.model.objectives import measure
from opt.record.flows import CLEAR, EXPOSED
from opt.solver.control import Control
from opt.solver.highs import HighsModel

INPUTS = Path(__file__).parents[2] / "inputs"
# Those that need no prices.
OBJECTIVES = ("dependence", "shortfall", "cost", "public", "peak")


def one_by_one(terms: Iterable[Any], start: Any = 0) -> Any:
    """What `sum` was before Python 3.12."""
    return functools.reduce(operator.add, terms, start)


def corrected(terms: Iterable[Any], start: Any = 0) -> Any:
    """What `sum` of plain numbers is since, to the last digit."""
    terms = list(terms)
    if all(type(x) in (int, float) for x in (start, *terms)):
        exact = all(type(x) is int for x in (start, *terms))
        return one_by_one(terms, start) if exact else math.fsum([start, *terms])
    return one_by_one(terms, start)


def programme(source: Path) -> dict[str, Any]:
    """Rows, bounds and objectives of the whole network of a workbook."""
    model = build_model(assemble(read(source)), (CLEAR, EXPOSED))
    solver = HighsModel(model, Control())
    matrix = solver.matrix.tocsr()
    found: dict[str, Any] = {
        "matrix": matrix.data,
        "columns": matrix.indices,
        "lower": solver.row_lower,
        "upper": solver.row_upper,
    }
    for name in OBJECTIVES:
        measured = measure(model, name)
        weights, constant = solver.vector(measured.expression)
        found[name] = np.array([*weights, constant, measured.per_unit])
    return found


def alike(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    """Both ways of adding up give the same numbers, to the last digit."""
    found = []
    for way in (one_by_one, corrected):
        monkeypatch.setattr(builtins, "sum", way)
        found.append(programme(source))
        monkeypatch.undo()
    for part, numbers in found[0].items():
        assert np.array_equal(numbers, found[1][part]), part


@pytest.mark.parametrize("name", ["small", "gallium", "graphite"])
def test_a_workbook_is_one_programme(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The workbooks that come with the package."""
    alike(monkeypatch, INPUTS / f"{name}.xlsx")


@pytest.mark.slow
def test_the_reference_is_one_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one with most rows of each kind."""
    alike(monkeypatch, INPUTS / "ree_magnets.xlsx")


@pytest.mark.parametrize("seed", range(12))
def test_a_random_case_is_one_programme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Every mechanism appears in some of them."""
    source = random_case(tmp_path, seed)
    try:
        read(source)
    except InputError:
        pytest.skip("the reader refuses this seed")
    alike(monkeypatch, source)
