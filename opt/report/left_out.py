"""Why a candidate is not in the plan, as far as one run says.

What is told here is no estimate of what the candidate would gain: the first of the workbook's own
conditions that keeps it out, else a limit that the plan leaves no room under in any year, else that
the plan does as well without it. `opt explain` solves for more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from opt.record.case import ProjectRecord
from opt.record.ceilings import CeilingPlace
from opt.record.columns import COUNT, UNITS, Col
from opt.record.passes import Outcome
from opt.record.run import Run
from opt.record.table import Table
from opt.report import wording
from opt.report.limits_in_use import ceiling_words, is_full

PAYERS = 3  # by name
SPENT = 1e-4  # of an amount: what is left of it pays for nothing


@dataclass(frozen=True, slots=True)
class NotChosen:
    """A candidate that the plan leaves out, and what the run itself says of why."""

    project: Annotated[str, Col("Project")]
    name: Annotated[str, Col("Name")]
    region: Annotated[str, Col("Region")]
    stage: Annotated[str, Col("Stage")]
    capacity: Annotated[float | None, Col("Capacity of one unit; blank where scalable", UNITS)]
    unit: Annotated[str, Col("Unit a year")]
    grade: Annotated[str, Col("Grade of its row")]
    offered: Annotated[str, Col("Years in which it can be committed and still run in the plan")]
    payers: Annotated[int, Col("Programmes that may pay for it", COUNT)]
    no_room: Annotated[str, Col("Limits without room for it beside the plan, and in which years")]
    why: Annotated[str, Col("Why it is not in the plan, as far as the run says")]


def _not_chosen(run: Run) -> Iterable[NotChosen]:
    built = {commitment.project for commitment in run.solution.commitments}
    for key, project in run.case.projects.items():
        if key not in built:
            units = {run.case.processes[name].unit for name in project.rates}
            years = project.years_offered
            yield NotChosen(
                project=key,
                name=project.name,
                region=project.region,
                stage=project.stage,
                capacity=project.capacity,
                unit=units.pop() if len(units) == 1 else "",
                grade=project.grade,
                offered=wording.year_spans(years),
                payers=len(project.payers),
                no_room=_no_room_words(run, _full(run, project)),
                why=why_not(run, key, built),
            )


NOT_CHOSEN = Table(
    "not_chosen",
    "Not chosen",
    "Candidates that the plan leaves out; `python -m opt explain RUN PROJECT` says what one of them"
    " would cost and take.",
    NotChosen,
    _not_chosen,
    ordered=True,
)


def why_not(run: Run, key: str, built: Collection[str]) -> str:
    """What the run says of a candidate that is not among those `built`: never more than it
    knows."""
    project = run.case.projects[key]
    kept_out = next(_kept_out(run, key, project, built), "")
    if kept_out:
        return kept_out
    if run.plan is not None and not run.plan.improve:
        return "Not in the given plan."
    no_room = _no_room(run, project) or _no_money(run, project)
    if no_room:
        return no_room
    if run.status is not Outcome.OPTIMAL:
        return "Not in the best plan found before the search was stopped."
    return "The plan does as well without it, within the gap."


def _kept_out(run: Run, key: str, project: ProjectRecord, built: Collection[str]) -> Iterator[str]:
    """The conditions of the workbook or of the run that keep a candidate out."""
    if run.workbook.decisions.get(key) == "forbid":
        yield "Forbidden for this run."
    if project.forbidden:
        yield "Forbidden in the workbook."
    if project.requires and project.requires not in built:
        yield f"Needs {run.case.plant_name(project.requires)}, which the plan leaves out too."
    taken = [j for j in built if project.group and run.case.projects[j].group == project.group]
    if taken:
        yield f"Of its group one may be built, and the plan builds {run.case.plant_name(taken[0])}."
    if not project.offers:
        yield "Its years of commitment are outside the plan's."
    elif not project.years_offered:
        first, last = (
            min(own.first_operation for own in project.offers.values()),
            run.case.last_year,
        )
        yield f"Too late: it would first run in {first}, and the plan ends in {last}."
    if project.public_share > 0.0 and not project.payers:
        share = wording.short_percent(project.public_share)
        yield f"At least {share} of its capital must be public, and no programme may pay for it."


def _full(run: Run, project: ProjectRecord) -> Mapping[CeilingPlace, Sequence[int]]:
    """The limits that have no room for a candidate beside the plan, each with the years of
    commitment in which it would break them."""
    rows = {(row.place, row.year): row for row in run.ceilings}
    full: dict[CeilingPlace, list[int]] = {}
    for year in project.years_offered:
        for key, least in project.offers[year].asks.items():
            row = rows.get(key)
            if row is not None and is_full(row, least) and year not in full.get(key[0], ()):
                full.setdefault(key[0], []).append(year)
    return full


def _no_room_words(run: Run, full: Mapping[CeilingPlace, Sequence[int]]) -> str:
    return "; ".join(
        f"{ceiling_words(run.case, place)}, {wording.year_spans(years)}"
        for place, years in full.items()
    )


def _no_room(run: Run, project: ProjectRecord) -> str:
    """That in every year in which it is offered some limit has no room for it beside the plan;
    blank: there is a year with room under all that are looked at."""
    full = _full(run, project)
    years = {year for own in full.values() for year in own}
    if years != set(project.years_offered):
        return ""
    return f"No room beside the plan under the limits on {_no_room_words(run, full)}."


def _no_money(run: Run, project: ProjectRecord) -> str:
    """That all who may pay for its public part have spent their amounts; blank: one has not."""
    if project.public_share <= 0.0:
        return ""
    years = set(project.years_offered)
    for row in run.payments_due:
        if row.programme in project.payers and row.year in years:
            left, amount = row.amount_left_musd, row.amount_musd
            if left is None or amount is None or left > SPENT * amount:
                return ""
    payers = [run.case.programme_name(key) for key in project.payers]
    has, its = ("have", "their amounts") if len(payers) > 1 else ("has", "its amount")
    return f"No money left: {wording.names(payers, PAYERS)}, who may pay for it, {has} spent {its}."
