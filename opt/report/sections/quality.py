"""Data quality: how much of the plan rests on figures of which grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opt.report import wording
from opt.report.document import Block, Section, TableBlock, Text
from opt.report.story import Story, once
from opt.results.grades import WEAK, capex_by_grade

GRADES = {
    "A": "primary source",
    "B": "press, or arithmetic on A",
    "C": "unverified",
    "D": "estimate",
}


@dataclass(frozen=True, slots=True)
class Quality:
    """The plan's capital cost by grade, USD million and share, and the share that rests on
    unverified figures, estimates, or rows without a grade."""

    musd: Mapping[str, float]
    share: Mapping[str, float]
    weak_share: float


@once
def quality(story: Story) -> Quality:
    """The figures of the plan's grades."""
    run = story.run
    grades = {key: project.grade for key, project in run.case.projects.items()}
    musd = capex_by_grade(grades, run.solution.commitments)
    capex = run.metrics.capex_musd
    weak = wording.total(musd.get(grade, 0.0) for grade in WEAK)
    return Quality(
        musd=musd,
        share={grade: value / capex if capex > 0 else 0.0 for grade, value in musd.items()},
        weak_share=weak / capex if capex > 0 else 0.0,
    )


def section(story: Story) -> Section:
    """The plan's capital by grade."""
    return Section("quality", "Data quality", _blocks(quality(story)))


def _blocks(found: Quality) -> tuple[Block, ...]:
    if not found.musd:
        return (Text("The plan commits no project, so no project figure carries it."),)
    lines = [
        (
            grade,
            GRADES.get(grade, "no grade given"),
            wording.money(value),
            wording.percent(found.share[grade]),
        )
        for grade, value in found.musd.items()
    ]
    heads = ("Grade", "Meaning", "Capital cost", "Share of the plan")
    title = "Capital cost of the plan by the grade of each project's figures"
    return (TableBlock(title, heads, lines, (2, 4, 3, 3), (2, 3)),)
