"""Every candidate core, borderline or exterior within a loss that is allowed, each with proof.

A candidate that the best plan builds is forced out, any other is forced in: the other side of each
is the best plan itself. What a change loses lies between what is proven of it and the best plan
found for it; a plan found for one candidate serves every other that it builds or leaves out.

What no plan of a change can beat is asked first, for all of them: where that is beyond the loss
that is allowed the label is known, and the first plan found tells the loss from above. Of the
others a plan within it is looked for, some of them at once, those apart for which a plan found for
another serves; and only where neither settles the label the least itself.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.record.labels import NO_PLAN, Label, LabelRow, Labels
from opt.record.passes import Outcome
from opt.solver.stage import SolveOptions
from opt.studies.best import Best, changed, least_proven, projects_of
from opt.studies.brackets import ENOUGH
from opt.studies.change import built_with, forbidden, forced
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Task

# Shares: what the passes' own tolerances may move a value by.
SAME = 1e-6
# Candidates of which plans are looked for at once, whatever the number of workers, so that all give
# the same.
AT_ONCE = 8
Sets = Sequence[tuple[frozenset[str], float]]
# What was answered of each candidate, decided otherwise.
Answers = Mapping[str, Sequence[Answer]]


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


def labels(base: Base, best: Best, runner: Runner, within: float, *, exact: bool = False) -> Labels:
    """The labels of all candidates of a case, within a rise of dependence over its best plan; with
    `exact` every loss to the gap of the case.

    What is found on the way may be a better plan than the one given: losses are measured from the
    best that is known in the end.
    """
    names = candidates(base.instance)
    asked = decided_otherwise(base, best, runner, names, within, exact=exact)
    return labelled(base, best, within, asked)


def decided_otherwise(
    base: Base, best: Best, runner: Runner, names: Sequence[str], within: float, *, exact: bool
) -> Answers:
    """What is answered of some candidates, each decided otherwise than the best plan decides it: as
    far as their labels need it, or with `exact` to the gap of the case."""
    if exact:
        return _exactly(base, best, runner, names)
    most = best.value + within + SAME
    asked = {j: [answer] for j, answer in relaxed(base, best, runner, names).items()}
    left = list(names)
    while left:
        rows = {row.project: row for row in labelled(base, best, within, asked).projects}
        left = [j for j in left if _is_open(rows[j])]
        now, left = left[:AT_ONCE], left[AT_ONCE:]
        tasks = [_within_gap(other(base, best, j), asked[j][0], most) for j in now]
        for j, answer in zip(now, runner.run(tasks), strict=True):
            asked[j].append(answer)
    open_ = [row.project for row in labelled(base, best, within, asked).of(Label.UNDECIDED)]
    for j, own in _exactly(base, best, runner, open_).items():
        asked[j] += own
    return asked


def _is_open(row: LabelRow) -> bool:
    """Whether the label of a candidate, or any plan with it decided otherwise, is not known."""
    return row.label is Label.UNDECIDED or (math.isinf(row.loss_high) and row.reason != NO_PLAN)


def candidates(instance: Instance) -> list[str]:
    """The projects that can be committed and that the case does not force."""
    given = given_projects(instance)
    return [j for j, project in instance.projects.items() if project.offers and j not in given]


def _exactly(base: Base, best: Best, runner: Runner, names: Sequence[str]) -> Answers:
    """The least dependence with each of some candidates decided otherwise."""
    answers = runner.run([other(base, best, j) for j in names])
    return {j: [answer] for j, answer in zip(names, answers, strict=True)}


def relaxed(base: Base, best: Best, runner: Runner, names: Sequence[str]) -> dict[str, Answer]:
    """What no plan with each candidate decided otherwise can beat."""
    options = SolveOptions(objective="dependence")
    tasks = [
        Task(f"{task.key}: bound", task.instance, Ask(How.RELAXED, options, base.limits), task.base)
        for task in (other(base, best, j) for j in names)
    ]
    return dict(zip(names, runner.run(tasks), strict=True))


def _within_gap(task: Task, relaxed: Answer, most: float) -> Task:
    """The task, to be answered by the first plan of at most some dependence; by any plan at all
    where it is proven that none is."""
    bound = least_proven(relaxed)
    gap = max(task.ask.options.gap, (most - bound) / most) if bound <= most else ENOUGH
    options = dataclasses.replace(task.ask.options, gap=min(gap, ENOUGH))
    return dataclasses.replace(task, ask=dataclasses.replace(task.ask, options=options))


def labelled(base: Base, best: Best, within: float, answers: Answers) -> Labels:
    """The labels of candidates that follow from what was answered of each, decided otherwise."""
    every = [answer for own in answers.values() for answer in own]
    plans = [(best.projects, best.value), *_plans(every)]
    value = min(value for _, value in plans)
    known = dataclasses.replace(best, value=value, bound=min(best.bound, value))
    projects = base.instance.projects
    rows = (_row(known, j, own, plans, within) for j, own in answers.items())
    named = (dataclasses.replace(row, name=projects[row.project].plant.name) for row in rows)
    given = given_projects(base.instance)
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


def _row(
    best: Best, project: str, answers: Sequence[Answer], plans: Sets, within: float
) -> LabelRow:
    """The label of one candidate of which the other decision was asked about, without its name."""
    value, bound = best.value, best.bound
    chosen = project in best.projects
    proven = max(bound, *(least_proven(answer) for answer in answers))
    with_it = Side(bound if chosen else proven, _least(plans, project, built=True))
    without = Side(proven if chosen else bound, _least(plans, project, built=False))
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
        reason=_reason(answers),
    )


def _reason(answers: Sequence[Answer]) -> str:
    """Why there is no plan, or no answer to the last that was asked."""
    if any(answer.outcome is Outcome.INFEASIBLE for answer in answers):
        return NO_PLAN
    return answers[-1].reason


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
