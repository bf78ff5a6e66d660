"""How much of a plan rests on which grade of data: its capital, and its fall of dependence."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opt.data.grades import GRADES, UNGRADED, grade_of
from opt.data.tables import Tables
from opt.record.projects import Commitment

# What rests on no commitment: stock and the running of plants that the plan pays for, and what
# comes of projects without new money where setting baseline is frozen.
NO_PROJECT = "no project"
# Grades of figures that nobody verified.
WEAK = ("C", "D", UNGRADED)


@dataclass(frozen=True, slots=True)
class GradeStep:
    """What the projects of one grade carry.

    `capex_musd` is their capital cost in USD million. `dependence` is the least dependence that
    can be reached with the commitments of this and every better grade alone, and `fall` what those
    of this grade take off it; both are shares of allied demand.
    """

    grade: str
    projects: int
    capex_musd: float
    dependence: float
    fall: float


@dataclass(frozen=True, slots=True)
class PlanGrades:
    """The steps from no new money (dependence `before`) to the whole plan, best grade first.

    The falls of all steps come to the whole fall, their capex to the plan's.
    """

    before: float
    steps: tuple[GradeStep, ...]

    @property
    def dependence(self) -> float:
        """The least dependence that the whole plan can reach."""
        return self.steps[-1].dependence if self.steps else self.before

    @property
    def fall(self) -> float:
        """How much the whole plan lowers dependence."""
        return self.before - self.dependence

    @property
    def capex_musd(self) -> float:
        """Capital cost of the plan. USD million."""
        return math.fsum(step.capex_musd for step in self.steps)


def grades_of_projects(tables: Tables) -> dict[str, str]:
    """The grade of each project's row."""
    return {row.text("project"): grade_of(row) for row in tables.rows["projects"]}


def capex_by_grade(grade: Mapping[str, str], commitments: Iterable[Commitment]) -> dict[str, float]:
    """The plan's capital cost by the `grade` of each project, best grade first. USD million."""
    found: dict[str, list[float]] = {}
    for c in commitments:
        found.setdefault(grade[c.project], []).append(c.capex_musd)
    return {g: math.fsum(found[g]) for g in GRADES if g in found}


def standing(
    commitments: Sequence[Commitment], kept: Iterable[str], needs: Mapping[str, Collection[str]]
) -> tuple[Commitment, ...]:
    """The commitments of some projects, without those that need a project that is not there: a
    plant whose port is not built makes nothing."""
    left = {c.project for c in commitments} & set(kept)
    while fallen := {j for j in left if not left.issuperset(needs[j])}:
        left -= fallen
    return tuple(c for c in commitments if c.project in left)
