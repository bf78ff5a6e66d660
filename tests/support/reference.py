"""The reference case solved once, for every test that is held on it.

A module that uses it sets `pytestmark = REFERENCE`: with `pytest -n 2 --dist loadgroup` one worker
then runs all such tests and solves once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

import opt
from opt.record.run import Run
from opt.solver.progress import Silent

INPUTS = Path(__file__).parents[2] / "inputs"
REFERENCE = [pytest.mark.slow, pytest.mark.xdist_group("reference")]


@dataclass
class Told(Silent):
    """Everything a listener is told: steps, and of each step (objective, best, bound)."""

    steps: list[str] = field(default_factory=list)
    values: list[tuple[str, str, float, float]] = field(default_factory=list)

    def begin(self, step: str) -> None:
        """Note the step."""
        self.steps.append(step)

    def progress(
        self, step: str, objective: str, seconds: float, best: float, bound: float
    ) -> None:
        """Note the values."""
        self.values.append((step, objective, best, bound))


@cache
def reference_solved() -> tuple[Run, Told]:
    """The reference case solved as shipped, with the models of its passes, and what a listener was
    told meanwhile."""
    told = Told()
    case = opt.load(INPUTS / "ree_magnets.xlsx")
    return opt.solve(case, listener=told, write_model=True), told


@pytest.fixture(scope="session")
def reference() -> Run:
    """The run of the reference case."""
    return reference_solved()[0]
