"""Targets: what each measures, its bound, and what the plan comes to."""

from __future__ import annotations

from dataclasses import dataclass

from opt.record.case import CaseRecord, ScopeRecord
from opt.record.columns import SHARE
from opt.record.targets import TargetResult
from opt.report import wording
from opt.report.document import Note, Section, TableBlock
from opt.report.story import Story, once

MEANING = "Every target holds in its own year; a plan that misses one is not allowed."
METHOD = (
    "Targets are rules: each holds in its own year whatever the goal, and slack is the distance "
    "between what the plan comes to and the bound."
)
BLOC = "bloc:"


@dataclass(frozen=True, slots=True)
class TargetFinding:
    """One target, what it measures in words, and the unit of its value (blank: a share)."""

    result: TargetResult
    words: str
    unit: str


@once
def targets(story: Story) -> tuple[TargetFinding, ...]:
    """Every target in the order of the workbook."""
    case = story.run.case
    return tuple(
        TargetFinding(entry, target_words(case, entry), target_unit(entry))
        for entry in story.run.targets
    )


def target_words(case: CaseRecord, target: TargetResult) -> str:
    """What is measured over which scope: 'Output of magnets in Japan'."""
    scope = case.scopes[target.metric, target.scope]
    users, source = _place(case, scope.users), _place(case, scope.source)
    if target.metric == "output":
        return f"Output of {case.commodities[scope.commodity].name} in {users}"
    if target.metric == "home_share":
        element = f" of {scope.element}" if scope.element else ""
        return f"Output of stage {scope.stage} in {users} over demand{element} there"
    if target.metric == "source_share":
        return (
            f"Share of stage {scope.stage} products for {users} that comes from {source} or is "
            f"short"
        )
    share = "Dependence" if target.metric == "dependence" else "Unserved share"
    return f"{share} of {_demand(case, scope)}"


def target_unit(target: TargetResult) -> str:
    """The unit of a target's value; blank for a share."""
    return "" if target.unit == SHARE else target.unit


def _place(case: CaseRecord, named: str) -> str:
    """A region's name, or a bloc in words."""
    if named in case.regions:
        return case.regions[named].name
    blocs = {
        "ally": "allied countries",
        "covered": case.covered,
        "other": "other countries",
        "any": "any one country",
    }
    return blocs.get(named.removeprefix(BLOC), "")


def _demand(case: CaseRecord, scope: ScopeRecord) -> str:
    """Whose demand, or for what."""
    if scope.kind == "commodity":
        return f"allied demand for {case.commodities[scope.commodity].name}"
    if scope.kind == "element":
        return f"allied demand for element {scope.element}"
    if scope.kind == "segment":
        return f"allied demand for use {scope.segment}"
    if scope.kind == "mineral":
        return f"allied demand for {scope.mineral}"
    return f"demand of {_place(case, scope.users)}" if scope.users else "all allied demand"


def slack_risk(story: Story) -> str:
    """Targets that are met with nothing to spare; nothing where there is none."""
    found = targets(story)
    tight = [e.result.target for e in found if e.result.slack <= wording.NOTHING]
    return f"No slack in target {wording.names(tight)}." if tight else ""


def method(story: Story) -> str:
    """How targets are dealt with; nothing where the workbook has none."""
    return METHOD if story.run.targets else ""


def section(story: Story) -> Section | None:
    """Every target; none where the workbook has none."""
    found = targets(story)
    if not found:
        return None
    table = TableBlock(
        "Targets, and what the plan comes to",
        ("Target", "What is measured", "Year", "Bound", "With the plan", "Slack", "No new money"),
        [_line(entry) for entry in found],
        (2, 4.4, 1, 2, 1.6, 1.5, 1.6),
        (4, 5, 6),
    )
    return Section("targets", "Targets", (table, Note(MEANING)))


def _line(entry: TargetFinding) -> tuple[str, ...]:
    result, unit = entry.result, entry.unit

    def value(number: float) -> str:
        return wording.amount(number, unit) if unit else wording.percent(number)

    slack = max(result.slack, 0.0)
    return (
        result.target,
        entry.words,
        wording.year(result.year),
        f"{result.sense.replace('_', ' ')} {value(result.bound)}",
        value(result.value),
        wording.amount(slack, unit) if unit else wording.points(slack),
        value(result.baseline_value),
    )
