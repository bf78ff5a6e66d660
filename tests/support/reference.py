"""The reference case solved once, for every test that is held on it.

A module that uses it sets `pytestmark = REFERENCE`: with `pytest -n 2 --dist loadgroup` one worker
then runs all such tests and solves once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from listening import RecordingListener

import opt
from opt.record.run import Run

INPUTS = Path(__file__).parents[2] / "inputs"
REFERENCE = [pytest.mark.slow, pytest.mark.xdist_group("reference")]


@cache
def reference_solved() -> tuple[Run, RecordingListener]:
    """The reference case solved as shipped, with the models of its passes, and what a listener was
    told meanwhile."""
    told = RecordingListener()
    case = opt.load(INPUTS / "ree_magnets.xlsx")
    return opt.solve(case, listener=told, write_model=True), told


@pytest.fixture(scope="session")
def reference() -> Run:
    """The run of the reference case."""
    return reference_solved()[0]
