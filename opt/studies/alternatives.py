"""All lists of projects within a rise of dependence over the best plan, timing chosen anew.

A list is near enough where the least dependence of a plan of its projects, or of some of them, is.
What is near enough stays so with more projects, so the lists without a superfluous one say all: any
plan near enough builds one of them whole. They are found one after the other: a plan near enough
that builds none of those found whole, then what of it can be left out, project by project. Where
there is no such plan, which the search proves, the lists are complete. In a large case a search
takes too long, and they are found otherwise (opt.studies.large_lists).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from opt.data.instance import Instance
from opt.record.alternatives import Alternative, Alternatives, Built, Payer, Served
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.results.metrics import paid_by_programme, shares_served
from opt.solver.weighted import is_small
from opt.studies import completing
from opt.studies.best import Best, changed, least_proven, projects_of
from opt.studies.brackets import enough
from opt.studies.change import avoiding, only, within
from opt.studies.labels import SAME, given_projects, relaxed
from opt.studies.large_lists import LargeSearch, ListFound
from opt.studies.near_enough import Names, NearEnough, Plan
from opt.studies.runner import Runner
from opt.studies.task import Answer, Base, How, Task

MOST = 12  # lists that are looked for where no other number is asked for
DIFFERENT = 5
NAMED = 3  # projects that are named where it is not known whether a list needs them

# What the plan of a list is told to, as it is found.
Confirm = Callable[[str, Solution, float], None]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far lists are looked for: the rise of dependence over the best plan that is near enough,
    a share of allied demand, and how many lists at most."""

    rise: float
    lists: int


@dataclass(slots=True)
class Search:
    """Lists found so far of one case; `near` is the case of which every plan is near enough."""

    base: Base
    best: Best
    runner: Runner
    near: Base
    lists: list[Names] = field(default_factory=list)
    not_known: list[str] = field(default_factory=list)

    def run(self, number: int) -> bool:
        """Find up to so many lists; whether they are complete."""
        start: Plan | None = self.best.plan
        while start is not None and len(self.lists) < number and not self._is_stopped:
            found = self._without_superfluous(projects_of(start))
            if found is None:
                return False
            self.lists.append(found)
            start = self._another()
            if start is None:
                return not self.not_known
        return False

    @property
    def _is_stopped(self) -> bool:
        return self.runner.control.stopped

    def _another(self) -> Plan | None:
        """A plan near enough that builds no list found whole; None where there is none, or where
        it is not known whether there is."""
        if not all(self.lists):
            return None  # nothing at all is near enough, and every plan builds that
        case = avoiding(self.near.instance, self.lists)
        key = f"list {len(self.lists) + 1}"
        (found,) = self.runner.run([enough(self.near, key, case, self.best.plan)])
        if found.outcome is not Outcome.INFEASIBLE and found.built is None:
            self.not_known.append(f"{found.key}: {found.reason or 'no plan was found in time'}")
        return found.built

    def _without_superfluous(self, names: Names) -> Names | None:
        """What of some projects is left when none can be spared; None where that is not known."""
        needed = given_projects(self.base.instance) & names
        for name in sorted(names):
            if name not in names or name in needed:
                continue
            kept = names - {name}
            key = f"list {len(self.lists) + 1} of {len(names)} without {name}"
            case = only(self.near.instance, kept)
            (found,) = self.runner.run([enough(self.near, key, case, self.best.plan)])
            if found.built is not None:
                names = projects_of(found.built)
            elif found.outcome is not Outcome.INFEASIBLE:
                self.not_known.append(f"{key}: {found.reason or 'not decided in time'}")
                return None
        return names


def alternatives(
    base: Base, best: Best, runner: Runner, reach: Reach, confirm: Confirm
) -> Alternatives:
    """Up to so many lists of projects within a rise of dependence over the best plan of a case.

    `confirm` is told every plan that is shown. Raises SolverError where the solver fails.
    """
    made = _Made(base, runner, confirm)
    lists, complete, not_known = _lists(base, best, runner, reach, made)
    plans, unknown = _plans(lists, made)
    shown = tuple(plan for plan, _ in plans)
    names = [plan.names for plan in shown]
    candidates = {j for j, p in base.instance.projects.items() if p.offers}
    core = frozenset.intersection(*names) if names else frozenset()
    some = frozenset().union(*names)
    return Alternatives(
        within=reach.rise,
        best=best.value,
        complete=complete and not unknown,
        plans=shown,
        most_different=tuple(shown[n].number for n in most_different(names)),
        core=tuple(sorted(core)),
        borderline=tuple(sorted(some - core)),
        exterior=tuple(sorted(candidates - some)),
        payers=tuple(_payers(base.instance, [plan for _, plan in plans])),
        served=tuple(_served(base.instance, [plan for _, plan in plans])),
        not_known=(*not_known, *unknown),
    )


def _lists(
    base: Base, best: Best, runner: Runner, reach: Reach, made: _Made
) -> tuple[list[ListFound], bool, list[str]]:
    """Up to so many lists, whether they are complete, and what is not known of that. In a large
    case the plan of each is made whole as it is found."""
    most = best.value + reach.rise + SAME
    near = dataclasses.replace(base, instance=within(base.instance, most))
    if is_small(base.instance):
        search = Search(base, best, runner, near)
        complete = search.run(reach.lists)
        return [ListFound(own, best.plan) for own in search.lists], complete, search.not_known
    given = given_projects(base.instance)
    answers = relaxed(base, best, runner, sorted(best.projects - given))
    bounds = {j: least_proven(answer) for j, answer in answers.items()}
    needed = given | {j for j, bound in bounds.items() if bound > most}
    loss = {j: max(0.0, bound - best.bound) for j, bound in bounds.items()}
    large = LargeSearch(NearEnough(near, runner), best, needed, loss)
    complete = large.run(reach.lists, lambda own: made.add([own]))
    return large.lists, complete, large.not_known


def most_different(lists: Sequence[Names], number: int = DIFFERENT) -> list[int]:
    """The places of up to so many lists that differ most: the first, then always the one whose
    least distance from those chosen is largest, the earlier of two as far. The distance of two
    lists is how many projects stand in one alone."""
    chosen = [0] if lists else []
    while chosen and len(chosen) < min(number, len(lists)):
        left = [n for n in range(len(lists)) if n not in chosen]
        chosen.append(max(left, key=lambda n: min(len(lists[n] ^ lists[k]) for k in chosen)))
    return chosen


# ---- The plans of the lists -----------------------------------------------------------------


@dataclass(slots=True)
class _Made:
    """The plan of each list, made whole and confirmed as lists come: a stop loses none that was
    found. By the projects of the list what is known of its plan, and the plan whole."""

    base: Base
    runner: Runner
    confirm: Confirm
    known: dict[Names, tuple[Answer, Answer | None]] = field(default_factory=dict)

    def add(self, lists: Sequence[ListFound]) -> None:
        """Make those plans whole that are not yet."""
        new = [own for own in lists if own.names not in self.known]
        first = len(self.known) + 1
        tasks = [
            _plan_of(self.base, f"the plan of list {n}", own) for n, own in enumerate(new, first)
        ]
        answers = self.runner.run(tasks)
        built = [
            completing.Built(f"{task.key}, whole", task.instance, answer.built)
            for task, answer in zip(tasks, answers, strict=True)
            if answer.built is not None
        ]
        wholes = completing.completed(built, self.base.options, self.base.limits, self.runner)
        by_key = {whole.key: whole for whole in wholes}
        for own, answer in zip(new, answers, strict=True):
            whole = by_key.get(f"{answer.key}, whole")
            if whole is not None and whole.plan is not None:
                self.confirm(answer.key, whole.plan, whole.value)
            self.known[own.names] = (answer, whole)


def _plans(
    lists: Sequence[ListFound], made: _Made
) -> tuple[list[tuple[Alternative, Solution]], tuple[str, ...]]:
    """The plan of each list, best first; and what is not known of some."""
    made.add(lists)
    found, unknown = list[tuple[Alternative, Solution, ListFound]](), list[str]()
    for own in lists:
        answer, whole = made.known[own.names]
        if whole is None:
            unknown.append(f"{answer.key}: {answer.reason or 'no plan was found'}")
        elif whole.plan is None:
            unknown.append(f"{whole.key}: {whole.reason}")
        else:
            row = _alternative(answer, whole.plan, whole.value, len(own.unsure))
            found.append((row, whole.plan, own))
    found.sort(key=lambda one: (one[0].dependence, sorted(one[0].names)))
    numbered = [
        (dataclasses.replace(row, number=n), plan)
        for n, (row, plan, _) in enumerate(found, start=1)
    ]
    unsure = [_unsure(n, own) for n, (_, _, own) in enumerate(found, start=1) if own.unsure]
    return numbered, (*unknown, *unsure)


def _plan_of(base: Base, key: str, found: ListFound) -> Task:
    """The plan of least dependence of a list; in a large case as far as mending finds it."""
    task = changed(base, key, only(base.instance, found.names), found.plan)
    how = How.CHANGED if is_small(base.instance) else How.MENDED
    return dataclasses.replace(task, ask=dataclasses.replace(task.ask, how=how))


def _unsure(number: int, found: ListFound) -> str:
    """What is not known of the projects of a list."""
    first, more = list(found.unsure)[:NAMED], len(found.unsure) - NAMED
    names = ", ".join(first) + (f" and {more} more" if more > 0 else "")
    return f"whether list {number} needs {names}: {next(iter(found.unsure.values()))}"


def _alternative(answer: Answer, plan: Solution, value: float, unsure: int) -> Alternative:
    made = plan.commitments
    return Alternative(
        number=0,
        dependence=value,
        bound=min(least_proven(answer), value),
        cost_musd=None,
        capex_musd=math.fsum(c.capex_musd for c in made),
        public_musd=plan.public_musd,
        first_output=min((c.first_operation for c in made), default=None),
        unsure=unsure,
        projects=tuple(Built(c.project, c.year, c.units) for c in made),
    )


def _payers(instance: Instance, plans: Sequence[Solution]) -> Iterator[Payer]:
    """What each programme pays over some plans, least and most."""
    paid = [paid_by_programme(plan.payments) for plan in plans]
    for k in instance.programme_order if paid else ():
        amounts = [own.get(k, 0.0) for own in paid]
        yield Payer(k, min(amounts), max(amounts))


def _served(instance: Instance, plans: Sequence[Solution]) -> Iterator[Served]:
    """What of each ally's demand is served clear over some plans, least and most."""
    shares = [shares_served(instance, plan.allied.deliveries) for plan in plans]
    for region in sorted(shares[0]) if shares else ():
        own = [share[region] for share in shares]
        yield Served(region, min(own), max(own))
