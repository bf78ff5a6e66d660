"""Drawn cases so small that every plan of them is tried by the second program, one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from random_cases import random_case
from random_cases_full import random_full_case
from second_opinion import Trial
from second_opinion_world import World

from opt.data.reader import read
from opt.data.tables import Tables

# Seeds whose case has at least two candidates, a plan, and something to decide; the second of cases
# with every column.
SIMPLE = (5, 7, 22, 34, 63, 85, 106, 134, 147)
FULL: tuple[int, ...] = (2004,)

Plan = Mapping[str, int]


@dataclass(frozen=True)
class EveryPlan:
    """A case and all its plans that obey every rule: years of commitment by project, and the least
    dependence of each."""

    path: Path
    plans: tuple[tuple[Plan, float], ...]

    @property
    def best(self) -> float:
        """The least dependence of all."""
        return least(self.plans)

    def with_it(self, project: str) -> float:
        """The least dependence of the plans that build a project."""
        return least((plan, value) for plan, value in self.plans if project in plan)

    def without(self, project: str) -> float:
        """The least dependence of the plans that do not."""
        return least((plan, value) for plan, value in self.plans if project not in plan)


def least(plans: Iterable[tuple[Plan, float]]) -> float:
    """The least dependence of some plans; inf of none."""
    return min((value for _, value in plans), default=math.inf)


def tried(path: Path, tables: Tables) -> EveryPlan:
    """The plans of a case."""
    return EveryPlan(path, tuple(Trial(World(tables, None)).possible()))


def drawn(folder: Path, seed: int, *, full: bool = False) -> EveryPlan:
    """The case of a seed."""
    path = random_full_case(folder, seed) if full else random_case(folder, seed, simple=True)
    return tried(path, read(path))
