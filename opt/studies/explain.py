"""Why a project is in the best plan or not, what it would take, and what waiting loses."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from opt.data.instance import Instance
from opt.data.payable import payers_of
from opt.fixed import FixedCommitment
from opt.record.explain import (
    CAPITAL,
    EVERY_PROJECT,
    LEAD_TIME,
    MONEY,
    NOT_PROVEN,
    Explained,
    Waiting,
    Wanted,
)
from opt.record.labels import NO_PLAN, LabelRow
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.studies.best import Best, changed, least_proven, projects_of
from opt.studies.brackets import Bracket, narrowed
from opt.studies.change import (
    cheaper,
    forbidden,
    forced,
    scaled_programmes,
    waiting_a_year,
    within,
)
from opt.studies.completing import Built, completed
from opt.studies.labels import SAME, Answers, Side, candidates, decided_otherwise, labelled, other
from opt.studies.runner import Runner
from opt.studies.task import Answer, Base

TWICE = 2.0
WITHIN = 0.01  # losses are told as labels within a point need them
# The case with a project's lead time so many years shorter.
Sooner = Callable[[str, int], Instance]
# What a plan with a project forced in or out is told to: the project, whether in, plan and value.
Confirm = Callable[[str, bool, Solution, float], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a case: its best plan, who answers, how a lead time is shortened, by how
    many years at most for each project, who confirms plans, and whether losses are told to the gap
    of the case (`exact`) or as labels need them."""

    base: Base
    best: Best
    runner: Runner
    sooner: Sooner
    lead: Mapping[str, int]
    confirm: Confirm
    exact: bool

    @property
    def near(self) -> Base:
        """The case of which every plan is as good as the best one."""
        near = within(self.base.instance, self.best.value + SAME)
        return Base(near, self.base.options, self.base.limits)


def explained(asked: Question, names: Sequence[str]) -> tuple[Explained, ...]:
    """What forcing each of some projects in or out loses, and what it would take."""
    base, best = asked.base, asked.best
    asking = [j for j in names if j in candidates(base.instance)]
    answers = decided_otherwise(base, best, asked.runner, asking, WITHIN, exact=asked.exact)
    found = labelled(base, best, WITHIN, answers)
    rows = {row.project: row for row in found.projects}
    ways = _ways(asked, answers)
    losing = [row for row in rows.values() if _loses(row)]
    brackets = [_makes_good(asked, row) for row in losing]
    wanted = {row.project: list(_wanted(asked, row)) for row in losing if not row.chosen}
    every = [bracket for own in wanted.values() for _, _, bracket in own]
    open_ = [*brackets, *every]
    done = narrowed(asked.near, asked.runner, best.plan, open_, exact=asked.exact)
    by_key = {bracket.key: bracket for bracket in done}
    return tuple(
        _explained(rows[j], ways[j], by_key, wanted.get(j, [])) for j in names if j in rows
    )


def _loses(row: LabelRow) -> bool:
    """Whether it is proven that a project decided otherwise loses something, which alone can be
    made good."""
    return row.loss_low > SAME


def _explained(
    row: LabelRow,
    way: tuple[tuple[str, ...], tuple[str, ...]],
    known: Mapping[str, Bracket],
    wanted: Sequence[tuple[str, str, Bracket]],
) -> Explained:
    money = known.get(_good_key(row.project))
    unproven = not _loses(row) and row.loss_high > SAME
    reason = row.reason or ("" if money is None else money.reason)
    return Explained(
        project=row.project,
        name=row.name,
        chosen=row.chosen,
        in_low=row.in_low,
        in_high=row.in_high,
        out_low=row.out_low,
        out_high=row.out_high,
        money_low=0.0 if money is None else money.not_enough,
        money_high=money.enough if money is not None else None if unproven else 0.0,
        leaves=way[0],
        joins=way[1],
        would_take=tuple(
            Wanted(row.project, what, programme, own.not_enough, own.enough, own.most, own.reason)
            for what, programme, bracket in wanted
            for own in [known[bracket.key]]
        ),
        reason=reason or (NOT_PROVEN if unproven else ""),
    )


# ---- What gives way -------------------------------------------------------------------------


def _ways(asked: Question, answers: Answers) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """What leaves and joins the best plan when each project is decided otherwise, in the best plan
    that was found so, which is confirmed."""
    base, best = asked.base, asked.best
    plans = {j: _plan_of(best, j, answers) for j in answers}
    built = {
        j: Built(f"{task.key}, whole", task.instance, plan)
        for j, plan in plans.items()
        if plan is not None
        for task in [other(base, best, j)]
    }
    wholes = completed(list(built.values()), base.options, base.limits, asked.runner)
    for j, whole in zip(built, wholes, strict=True):
        if whole.plan is not None:
            asked.confirm(j, j not in best.projects, whole.plan, whole.value)
    return {j: _way(best, plan) for j, plan in plans.items()}


def _plan_of(best: Best, project: str, answers: Answers) -> tuple[FixedCommitment, ...] | None:
    """The best plan found with a project decided otherwise, whatever it was looked for: its own
    before others as good."""
    own = answers[project]
    known = [*own, *(a for j, some in answers.items() if j != project for a in some)]
    found = [
        (answer.value, answer.built)
        for answer in known
        if answer.built is not None
        and (project in projects_of(answer.built)) is not (project in best.projects)
    ]
    return min(found, key=lambda plan: plan[0])[1] if found else None


def _way(
    best: Best, plan: tuple[FixedCommitment, ...] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if plan is None:
        return (), ()
    before, after = best.projects, projects_of(plan)
    return tuple(sorted(before - after)), tuple(sorted(after - before))


# ---- What it would take ---------------------------------------------------------------------


def _good_key(project: str) -> str:
    return f"{project} decided otherwise, public money more by USD million"


def _makes_good(asked: Question, row: LabelRow) -> Bracket:
    """How much more public money, every programme raised by the same part, leaves dependence where
    it is with a project decided otherwise."""
    change = forbidden if row.chosen else forced
    case = change(asked.near.instance, row.project)
    amounts = math.fsum(k.amount for k in case.programmes.values())

    def at(more: float) -> Instance:
        return scaled_programmes(case, 1.0 + more / amounts)

    if not amounts:
        return Bracket(_good_key(row.project), lambda _: case, 0.0, closed=True)
    return Bracket(_good_key(row.project), at, (TWICE - 1.0) * amounts)


def _wanted(asked: Question, row: LabelRow) -> Iterator[tuple[str, str, Bracket]]:
    """What could bring a project in that is not in the plan: each thing, its programme, and the
    bracket of how much of it is needed."""
    j, case = row.project, forced(asked.near.instance, row.project)
    yield (
        CAPITAL,
        "",
        Bracket(f"{j} forced in, capital less by a share of", partial(cheaper, case, j), 1.0),
    )
    if asked.lead.get(j):
        key = f"{j} forced in, lead time shorter by years"

        def sooner(years: float) -> Instance:
            return forced(within(asked.sooner(j, int(years)), asked.best.value + SAME), j)

        yield LEAD_TIME, "", Bracket(key, sooner, float(asked.lead[j]), whole=True)
    cost = max(unit_cost(case, j, v) for v in case.projects[j].offers)
    for programme in payers_of(case).get(j, ()):
        if programme.amount > 0 and cost > 0:
            key = f"{j} forced in, {programme.id} more by USD million"
            yield MONEY, programme.id, Bracket(key, partial(_paid_more, case, programme.id), cost)


def unit_cost(instance: Instance, project: str, year: int) -> float:
    """Capital cost of all units of a project committed in a year, at their largest. USD million."""
    own = instance.projects[project]
    offer = own.offers[year]
    sized = offer.capex_per_unit * own.capacity_max if own.scalable else 0.0
    return (offer.capex + sized) * own.max_units


def _paid_more(instance: Instance, programme: str, more: float) -> Instance:
    """A programme with so much more, its yearly limits raised by the same part."""
    amount = instance.programmes[programme].amount
    return scaled_programmes(instance, (amount + more) / amount, {programme})


# ---- Waiting --------------------------------------------------------------------------------


def waiting(base: Base, best: Best, runner: Runner) -> tuple[Waiting, ...]:
    """What it loses if each project of the best plan alone, and if all projects of the case, can
    first be committed a year later. One that the plan commits later anyway loses nothing."""
    first = {j: min(p.offers) for j, p in base.instance.projects.items() if p.offers}
    early = {c.project for c in best.plan if c.units and c.year == first.get(c.project)}
    asked = {j: [j] for j in sorted(early)} | {EVERY_PROJECT: list(first)}
    tasks = [
        changed(base, f"{key} a year later", waiting_a_year(base.instance, names), best.plan)
        for key, names in asked.items()
    ]
    answers = dict(zip(asked, runner.run(tasks), strict=True))
    rows = [_waiting(best, j, answers.get(j)) for j in sorted(best.projects)]
    return (*rows, _waiting(best, EVERY_PROJECT, answers[EVERY_PROJECT]))


def _waiting(best: Best, project: str, answer: Answer | None) -> Waiting:
    if answer is None:
        return Waiting(project, 0.0, 0.0)
    low, high = Side(max(best.bound, least_proven(answer)), answer.value).loss(best.value)
    reason = NO_PLAN if answer.outcome is Outcome.INFEASIBLE else answer.reason
    return Waiting(project, low, high, reason)
