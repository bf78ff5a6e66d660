"""Every candidate core, borderline or exterior within a loss that is allowed, each with proof.

A candidate that the best plan builds is forced out, any other is forced in: the other side of each
is the best plan itself. What a change loses lies between what is proven of it and the best plan
found for it; a plan found for one candidate serves every other that it builds or leaves out.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.record.labels import NO_PLAN, Label, LabelRow, Labels
from opt.record.passes import Outcome
from opt.studies.best import Best, changed, least_proven, projects_of
from opt.studies.change import built_with, forbidden, forced
from opt.studies.runner import Runner
from opt.studies.task import Answer, Base, Task

# Shares: what the passes' own tolerances may move a value by.
SAME = 1e-6
Sets = Sequence[tuple[frozenset[str], float]]


@dataclass(frozen=True, slots=True)
class Side:
    """The least dependence with a candidate forced in or out: what is proven of it, and that of the
    best plan found."""

    bound: float
    value: float

    def loss(self, best: float) -> tuple[float, float]:
        """What it loses against a plan, at least and at most."""
        low = max(0.0, self.bound - best)
        return low, max(low, self.value - best)


def labels(
    base: Base, best: Best, runner: Runner, within: float, names: Collection[str] | None = None
) -> Labels:
    """The labels of all candidates of a case, or of those of some `names`, within a rise of
    dependence over its best plan.

    What is found on the way may be a better plan than the one given: losses are measured from the
    best that is known in the end.
    """
    instance = base.instance
    given = given_projects(instance)
    asked = instance.projects if names is None else names
    free = [j for j, p in instance.projects.items() if p.offers and j not in given and j in asked]
    found = dict(zip(free, runner.run([other(base, best, j) for j in free]), strict=True))
    plans = [(best.projects, best.value), *_plans(found.values())]
    value = min(value for _, value in plans)
    known = dataclasses.replace(best, value=value, bound=min(best.bound, value))
    rows = (_row(known, j, found[j], plans, within) for j in free)
    named = (dataclasses.replace(r, name=instance.projects[r.project].plant.name) for r in rows)
    return Labels(within, value, known.bound, tuple(named), tuple(sorted(given)))


def given_projects(instance: Instance) -> frozenset[str]:
    """What every plan builds because the case says so: forced projects, and what they take."""
    return frozenset(built_with(instance, (j for j, p in instance.projects.items() if p.forced)))


def other(base: Base, best: Best, project: str) -> Task:
    """The case with a candidate decided otherwise than the best plan decides it."""
    if project in best.projects:
        return forced_out(base, best, project)
    return forced_in(base, best, project)


def forced_out(base: Base, best: Best, project: str) -> Task:
    """The case with a project forced out."""
    return changed(base, f"{project} forced out", forbidden(base.instance, project), best.plan)


def forced_in(base: Base, best: Best, project: str) -> Task:
    """The case with a project forced in."""
    return changed(base, f"{project} forced in", forced(base.instance, project), best.plan)


def _plans(answers: Collection[Answer]) -> Iterator[tuple[frozenset[str], float]]:
    """What the plans build that were found, and their dependence."""
    for answer in answers:
        if answer.built is not None:
            yield projects_of(answer.built), answer.value


def _row(best: Best, project: str, answer: Answer, plans: Sets, within: float) -> LabelRow:
    """The label of one candidate of which the other decision was asked about, without its name."""
    value, bound = best.value, best.bound
    chosen = project in best.projects
    other = max(bound, least_proven(answer))
    with_it = Side(bound if chosen else other, _least(plans, project, built=True))
    without = Side(other if chosen else bound, _least(plans, project, built=False))
    out, into = without.loss(value), with_it.loss(value)
    loss = out if chosen else into
    return LabelRow(
        project=project,
        name="",
        chosen=chosen,
        label=label_of(out, into, within),
        loss_low=loss[0],
        loss_high=loss[1],
        out_low=out[0],
        out_high=out[1],
        in_low=into[0],
        in_high=into[1],
        reason=NO_PLAN if answer.outcome is Outcome.INFEASIBLE else answer.reason,
    )


def _least(plans: Sets, project: str, *, built: bool) -> float:
    """The least dependence of the plans known that build a project, or that do not; inf where none
    is."""
    return min((value for names, value in plans if (project in names) is built), default=math.inf)


def label_of(out: tuple[float, float], into: tuple[float, float], within: float) -> Label:
    """The label that follows from the intervals of what forcing out and forcing in lose."""
    allowed = within + SAME
    if out[0] > allowed:
        return Label.CORE
    if into[0] > allowed:
        return Label.EXTERIOR
    if max(out[1], into[1]) <= allowed:
        return Label.BORDERLINE
    return Label.UNDECIDED
