"""Cases beside a plan: what less and more money would do.

Each is solved for dependence alone on the clear chain, so that a row of the memo's options table
costs a fraction of the whole solve.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.objectives import ObjectiveKind, objective_of
from opt.record.demand import Metrics, YearMetrics
from opt.record.options import (
    ALL_TAKE,
    FROZEN,
    MINIMUM,
    MORE,
    WITH_MERCHANTS,
    Option,
    OtherOptions,
    fewer_changes,
)
from opt.record.passes import Outcome
from opt.record.projects import Commitment, as_given
from opt.record.run import Solution
from opt.results.metrics import paid_by_programme, year_metrics
from opt.solver.beside import Asked, Beside
from opt.solver.control import Control
from opt.solver.highs import may_bound
from opt.solver.priorities import Begun
from opt.studies.best import Best, roughly
from opt.studies.change import (
    all_taking,
    frozen,
    near_plan,
    only_forced,
    scaled_programmes,
    within_changes,
    without_new_money,
    without_targets,
)
from opt.studies.runner import AnswerOf, Runner, unanswered
from opt.studies.task import Answer, Ask, Base, How, Task

LARGER = 1.25
NEAR_NOTE = "The best within so many changes, for comparison with more."
TAKEN_NOTE = "Some buyers take no clear material: see the doubts."
BASELINES = (FROZEN, WITH_MERCHANTS)
# What the passes' own tolerances may move a share by.
SAME = 1e-7


@dataclass(slots=True)
class RowsAhead:
    """The rows of the table that take a solve, asked for as soon as what they begin with is known:
    they are worked out beside what is left of the search, and beside what follows it."""

    base: Base
    baseline: str
    beside: Beside
    control: Control
    asked: dict[str, Asked[Answer]] = field(default_factory=dict)

    def begun(self, begun: Begun) -> None:
        """Ask for those that take a search, begun from a plan of the first pass."""
        reached = begun.value if self.base.options.objective == "dependence" else math.inf
        self._ask(_searches(self._left(begun), begun.plan, self.baseline, reached))

    def decided(self, decided: Begun) -> None:
        """Ask for those that hold the plan of the answer."""
        self._ask(_holding(self._left(decided), decided.plan))

    def _left(self, begun: Begun) -> Base:
        """The base, with what the relaxation of its first pass left."""
        options = dataclasses.replace(self.base.options, near=begun.relaxed)
        return dataclasses.replace(self.base, options=options)

    def _ask(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            self.asked[task.key] = self.beside.ask(AnswerOf(task), self.control)

    def take(self, runner: Runner, tasks: Sequence[Task]) -> tuple[Answer, ...]:
        """The answers of tasks in their order: those that were asked for, the rest by a runner."""
        left = runner.by_key(task for task in tasks if task.key not in self.asked)
        found: list[Answer] = []
        for task in tasks:
            if task.key not in self.asked:
                found.append(left[task.key])
                continue
            runner.listener.begin(task.key)
            answer = self.asked[task.key].take(runner.control)
            found.append(unanswered(task) if answer is None else answer)
        return tuple(found)


def options_table(
    base: Base,
    runner: Runner,
    nothing: Option,
    best: Option,
    solution: Solution,
    *,
    ahead: RowsAhead,
) -> tuple[Option, ...]:
    """No new money, in the other sense too where projects come without it, do the minimum, the best
    plan, the same if all took clear material where some buyers do not, a larger budget.

    `ahead` has what was asked for before. Without forced projects the minimum is no new money. A
    row whose case has no plan, as when forced projects cannot be paid alone, is left out. A run
    that was stopped early solves no other case, and one that asked for the least money no larger
    budget.
    """
    minimum = more = None
    tasks = list(_tasks(base, solution.commitments, ahead.baseline, best.dependence))
    answers = ahead.take(runner, tasks)
    found = {task.key: (task.instance, answer) for task, answer in _planned(tasks, answers)}
    if not _forced(base):
        note = "No project is forced: the same as no new money."
        minimum = dataclasses.replace(nothing, name=MINIMUM, note=note)
    elif MINIMUM in found:
        note = "Builds only what the workbook forces, and what that requires."
        minimum = option_of(*found[MINIMUM], note)
    if MORE in found:
        more = _with_more(base, best, *found[MORE])
    taken = option_of(*found[ALL_TAKE], TAKEN_NOTE) if ALL_TAKE in found else None
    near = [option_of(*found[t.key], NEAR_NOTE) for t in _fewer_changes(base) if t.key in found]
    apart = [option_of(*found[n], nothing_note(found[n][0])) for n in BASELINES if n in found]
    return tuple(
        row for row in (nothing, *apart, minimum, *near, best, taken, more) if row is not None
    )


def solved_rows(base: Base, baseline: str) -> tuple[str, ...]:
    """The rows of the table that take a solve each, in the order in which they are solved."""
    return tuple(task.key for task in _tasks(base, (), baseline, math.inf))


def _tasks(base: Base, plan: Sequence[Commitment], baseline: str, reached: float) -> Iterator[Task]:
    """A task for each row that takes a solve, beside a plan that reached a dependence."""
    given = as_given(plan)
    yield from _holding(base, given)
    yield from _searches(base, given, baseline, reached)


def _holding(base: Base, plan: Sequence[FixedCommitment]) -> Iterator[Task]:
    """A task for each row that holds the commitments of a plan."""
    if any(demand.uptake for demand in base.instance.demands.values()):
        yield _if_all_take(base, plan)


def _searches(
    base: Base, plan: Sequence[FixedCommitment], baseline: str, reached: float
) -> Iterator[Task]:
    """A task for each row that takes a search; the larger budget begins with a plan, and its own is
    worked out where it is better than what that reached."""
    if other := _other_sense(base.instance, baseline):
        yield row_task(base, *other)
    if _forced(base):
        yield row_task(base, MINIMUM, only_forced(base.instance))
    if objective_of(base.options.objective).kind is not ObjectiveKind.MONEY:
        more = row_task(base, MORE, scaled_programmes(base.instance, LARGER), plan)
        yield dataclasses.replace(more, ask=dataclasses.replace(more.ask, below=reached - SAME))
    yield from _fewer_changes(base)


def _forced(base: Base) -> bool:
    """Whether any project is forced."""
    return any(project.forced for project in only_forced(base.instance).projects.values())


def other_options(
    base: Base,
    best: Best,
    cases: Mapping[str, tuple[Instance, str]],
    runner: Runner,
    confirm: Callable[[str, Solution, float], None],
) -> OtherOptions:
    """The row of each case, an instance by its name with its note, in this order, looked for from
    the plan of the case itself, `best`; of a large case to half a point of allied demand. `confirm`
    audits what is found. Raises SolverError where the solver failed."""
    asked, near = roughly(base, best.value, exact=False), base.instance
    near = near.replace(dependence_target=None)
    tasks = [row_task(asked, name, own, best.plan) for name, (own, _) in cases.items()]
    answers = runner.run([dataclasses.replace(task, base=near) for task in tasks])
    rows: list[Option] = []
    reasons: list[str] = []
    for (name, (instance, note)), answer in zip(cases.items(), answers, strict=True):
        if answer.plan is not None:
            confirm(name, answer.plan, answer.value)
            rows.append(option_of(instance, answer, note))
        elif answer.outcome is Outcome.INFEASIBLE:
            reasons.append(f"{name}: no plan obeys every rule")
        elif answer.outcome is Outcome.LIMIT:
            reasons.append(f"{name}: {answer.reason or 'no plan was found in time'}")
        else:
            answer.sound()
    return OtherOptions(tuple(rows), tuple(reasons))


def _other_sense(instance: Instance, kind: str) -> tuple[str, Instance] | None:
    """The case without new money in the sense that setting baseline does not name; None where
    nothing comes without it, so that both are the same."""
    if not any(project.merchant for project in instance.projects.values()):
        return None
    if kind == "frozen":
        return WITH_MERCHANTS, without_new_money(instance)
    return FROZEN, frozen(instance)


def nothing_note(empty: Instance) -> str:
    """What a case without new money rests on."""
    if any(project.merchant for project in empty.projects.values()):
        return "Rests on existing and committed plants, and on what comes without new money."
    return "Rests on existing and committed plants alone."


def _planned(tasks: Sequence[Task], answers: Sequence[Answer]) -> list[tuple[Task, Answer]]:
    """Tasks that were answered with a plan, worked out or not; raises SolverError where the solver
    failed."""
    for answer in answers:
        if answer.outcome is Outcome.ERROR:
            answer.sound()
    both = zip(tasks, answers, strict=True)
    return [(t, a) for t, a in both if a.plan is not None or a.built is not None]


def row_task(
    base: Base, name: str, instance: Instance, start: Sequence[FixedCommitment] = ()
) -> Task:
    """A row of the options table asked; `start` is a plan that the case allows."""
    options = dataclasses.replace(
        base.options, objective="dependence", plan=tuple(start), improve=True, purchases=None
    )
    free = instance.replace(dependence_target=None)
    return Task(name, free, Ask(How.CHAIN, options, base.limits))


def _fewer_changes(base: Base) -> Iterator[Task]:
    """The rows of fewer changes of a plan to stay near than are asked for, from none on: each has
    what one change more is worth."""
    near = base.instance.near
    if near is None or base.options.fixed:
        return
    for number in range(near.changes):
        instance = within_changes(base.instance, number)
        task = row_task(base, fewer_changes(number, near.name), instance)
        options = dataclasses.replace(task.ask.options, plan=near_plan(instance))
        yield dataclasses.replace(task, ask=dataclasses.replace(task.ask, options=options))


def _if_all_take(base: Base, plan: Sequence[FixedCommitment]) -> Task:
    """The row of the plan, its commitments held, where all buyers take clear material."""
    options = dataclasses.replace(
        base.options,
        objective="dependence",
        plan=tuple(plan),
        improve=False,
        purchases=None,
    )
    instance = without_targets(all_taking(base.instance))
    return Task(ALL_TAKE, instance, Ask(How.CHAIN, options, base.limits))


def _with_more(base: Base, best: Option, instance: Instance, answer: Answer) -> Option:
    """The row of the larger budget: the plan again where more money buys nothing."""
    larger = f"Every programme {LARGER - 1:.0%} larger."
    # More money can only lower dependence: a bound above what less money reaches is none.
    bound = answer.bound if may_bound(best.dependence, answer.bound) else -math.inf
    if answer.plan is not None and answer.value < best.dependence - SAME:
        note = f"{larger} Its cost is searched on the clear chain alone."
        return dataclasses.replace(option_of(instance, answer, note), bound=bound)
    again = "the given plan" if base.options.fixed else "the best plan"
    note = f"{larger} No plan is better by more than the gap: {again} again."
    return dataclasses.replace(best, name=MORE, note=note, bound=min(bound, best.bound))


def option_of(instance: Instance, answer: Answer, note: str) -> Option:
    """The row of a case that was answered on the chain with a plan."""
    plan = answer.plan
    assert plan is not None, answer.key
    years = [year_metrics(instance, plan.allied.deliveries, t) for t in instance.dependence_years]
    return Option(
        name=answer.key,
        dependence=answer.value,
        bound=answer.bound,
        public_musd=math.fsum(payment.paid_musd for payment in plan.payments),
        capex_musd=math.fsum(c.capex_musd for c in plan.commitments),
        cost_musd=None,
        **_worst(years),
        plants=len({c.project for c in plan.commitments}),
        first_output=min((c.first_operation for c in plan.commitments), default=None),
        note=note,
        by_year=tuple(years),
        commitments=as_given(plan.commitments),
        paid_by=paid_by_programme(plan.payments),
    )


def option_of_run(
    name: str, note: str, bound: float, metrics: Metrics, solution: Solution
) -> Option:
    """The row of an answer that was solved whole."""
    counted = tuple(year for year in metrics.by_year if year.counted)
    return Option(
        name=name,
        dependence=metrics.dependence,
        bound=bound,
        public_musd=metrics.public_musd,
        capex_musd=metrics.capex_musd,
        cost_musd=metrics.cost_musd,
        **_worst(counted),
        plants=len({c.project for c in solution.commitments}),
        first_output=min((c.first_operation for c in solution.commitments), default=None),
        note=note,
        by_year=counted,
        commitments=as_given(solution.commitments),
        paid_by=paid_by_programme(solution.payments),
    )


def _worst(years: Sequence[YearMetrics]) -> dict[str, Any]:
    """The counted year of highest dependence."""
    worst = max(years, key=lambda y: y.dependence)
    return {"worst_year": worst.year, "worst_year_dependence": worst.dependence}
