"""A plan held under every scenario, and under the failure of each of its plants, one at a time.

All that is told of the plan are linear programmes around its commitments (opt.studies.holding). A
commitment stays in its year whatever a scenario delays: its money is spent, and where it would
first operate after the last year it makes nothing. A failed plant is paid for and never operates.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.record.flows import Delivery
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.record.stress import Strain, Stress, StressCase
from opt.results.metrics import year_metrics
from opt.solver.stage import SolveOptions
from opt.studies.change import baseline, failed, without_targets
from opt.studies.completing import Built, completed
from opt.studies.holding import GivenAnswer
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Outlays, Task, if_known

# A shortage of less than this share of all demand is none.
NOTHING = 1e-6
# What the tolerances of the passes may move a share of one year by.
SAME = 1e-6
# Holds what a case came to, its plan with its dependence, against the case's own cells.
Confirm = Callable[["World", Solution, float], None]
THE_PLAN, ALL_OPERATE = "the plan", "all operate"


@dataclass(frozen=True, slots=True)
class World:
    """One case in which the plan is held: its name, what it does to the plan, its instance."""

    name: str
    strain: Strain
    instance: Instance

    @property
    def held(self) -> str:
        """The key of the task that holds the plan."""
        return self.name if self.strain is not Strain.FAILURE else f"{self.name} fails"

    @property
    def best(self) -> str:
        """The key of the task that looks for the best plan."""
        return f"best plan, {self.name}"


def stress(
    base: Base,
    sure: Instance,
    scenarios: Mapping[str, Instance],
    given: GivenAnswer,
    runner: Runner,
    *,
    confirm: Confirm,
    confirm_best: Confirm,
    kind: str = "merchant",
    regret: bool = False,
) -> Stress:
    """The plan of an answer to a base case, held in each of some scenarios and with each of its
    plants failed in the case `sure`, in which every chance counts as 1.

    Each answer is held against the cells of its case by `confirm`, which raises where it does not
    hold. `kind` is setting baseline; with `regret` the best plan of each scenario is looked for
    too, made a whole answer and held by `confirm_best`.
    """
    worlds = list(_worlds(base.instance, sure, scenarios, given.commitments))
    bare = _without(base, sure, worlds, kind)
    once = {task.key: task for task in bare.values()}
    tasks = [*once.values(), *(_held(base, world, given, sure) for world in worlds)]
    if regret:
        asked = (w for w in worlds if w.strain is Strain.SCENARIO)
        tasks += [_best(base, world, given) for world in asked]
    by_task = {world.held: world for world in worlds}

    def heard(answer: Answer) -> None:
        if answer.key in by_task and answer.plan is not None:
            confirm(by_task[answer.key], answer.plan, answer.value)

    found = runner.by_key(tasks, heard)
    _confirm_best(base, worlds, found, runner, confirm_best)
    without = {key: found[task.key] for key, task in bare.items()}
    rows = [_row(world, worlds, (found, without), given) for world in worlds]
    return Stress(base.instance.last_year, tuple(sorted(rows, key=_place)))


def _worlds(
    base: Instance,
    sure: Instance,
    scenarios: Mapping[str, Instance],
    plan: Sequence[FixedCommitment],
) -> Iterator[World]:
    yield World(THE_PLAN, Strain.PLAN, base)
    for name, instance in scenarios.items():
        yield World(name, Strain.SCENARIO, instance)
    yield World(ALL_OPERATE, Strain.SURE, sure)
    for j in dict.fromkeys(c.project for c in plan):
        yield World(j, Strain.FAILURE, failed(sure, j))


def _without(base: Base, sure: Instance, worlds: Iterable[World], kind: str) -> dict[str, Task]:
    """Each case without the plan, by the key of the task that holds it there: one task for those
    that are the same without it, as where what fails or is late comes of the plan alone."""
    ask = _ask(base, (), Outlays())
    calm, certain = (baseline(i, kind).replace(scenario=None) for i in (base.instance, sure))
    found: dict[str, Task] = {}
    for world in worlds:
        if world.strain is Strain.FAILURE:
            of, bare = certain, _failed(certain, world.name)
        else:
            of, bare = calm, baseline(world.instance, kind).replace(scenario=None)
        own = Task(f"without the plan, {world.held}", bare, ask, of)
        same = (task for task in found.values() if task.instance == bare)
        found[world.held] = next(same, own)
    return found


def _failed(bare: Instance, name: str) -> Instance:
    """A case without new money in which a plant fails that may come without it."""
    return failed(bare, name) if name in bare.projects else bare


def _held(base: Base, world: World, given: GivenAnswer, sure: Instance) -> Task:
    ask = _ask(base, given.commitments, Outlays(bought=given.bought))
    ask = dataclasses.replace(ask, payments=given.payments)
    failure = world.strain is Strain.FAILURE
    return Task(world.held, world.instance, ask, sure if failure else base.instance)


def _ask(base: Base, plan: tuple[FixedCommitment, ...], outlays: Outlays) -> Ask:
    return Ask(How.FLOWS, SolveOptions(plan=plan), base.limits, outlays)


def _best(base: Base, world: World, given: GivenAnswer) -> Task:
    """The best plan of a scenario for dependence alone, nothing else asked of it."""
    options = SolveOptions(gap=base.options.gap, plan=given.commitments, improve=True)
    free = without_targets(world.instance)
    ask = Ask(How.CHANGED, options, base.limits)
    return Task(world.best, free, ask, without_targets(base.instance))


def _confirm_best(
    base: Base,
    worlds: Iterable[World],
    found: Mapping[str, Answer],
    runner: Runner,
    confirm: Confirm,
) -> None:
    """Hold the best plan of each scenario that was found against the cells of its case."""
    by_key = {world.best: world for world in worlds if world.best in found}
    built = [
        Built(key, without_targets(world.instance), own)
        for key, world in by_key.items()
        if (own := found[key].built) is not None
    ]
    for answer in completed(built, SolveOptions(gap=base.options.gap), base.limits, runner):
        if answer.plan is not None:
            confirm(by_key[answer.key], answer.plan, answer.value)


# ---- Rows -----------------------------------------------------------------------------------


def _place(row: StressCase) -> tuple[int, float, str]:
    """Where a row stands: failures by what they cost, all else as it came."""
    order = list(Strain).index(row.strain)
    if row.strain is not Strain.FAILURE:
        return order, 0.0, ""
    return order, -(row.dependence or 0.0), row.case


def _row(
    world: World,
    worlds: Sequence[World],
    answers: tuple[Mapping[str, Answer], Mapping[str, Answer]],
    given: GivenAnswer,
) -> StressCase:
    """One case; `answers` are those of all tasks, and of the cases without the plan."""
    found, bare = answers
    held, without, best = found[world.held], bare[world.held], found.get(world.best)
    as_made = Strain.SURE if world.strain is Strain.FAILURE else Strain.PLAN
    calm = next(found[w.held] for w in worlds if w.strain is as_made)
    reasons = [answer.reason for answer in (held, without, best) if answer is not None]
    own, other = _level(world.instance, held.plan), _level(world.instance, without.plan)
    return StressCase(
        case=world.name,
        strain=world.strain,
        dependence=if_known(held.value),
        last_year=own.last,
        worst_short_share=own.share,
        worst_short_units=own.units,
        worst_short_year=own.year,
        idle=_idle(world.instance, held.plan, calm.plan),
        lapsed=_lapsed(held.plan, given),
        without_plan=if_known(without.value),
        without_last_year=other.last,
        without_short_share=other.share,
        without_short_units=other.units,
        without_short_year=other.year,
        **_regret(held, best),
        reason="; ".join(dict.fromkeys(filter(None, reasons))),
        by_year=dict(own.by_year),
    )


@dataclass(frozen=True, slots=True)
class _Level:
    """Dependence in the last year and in each; the shortage of the worst year: its share, units and
    year."""

    last: float | None = None
    share: float | None = None
    units: float | None = None
    year: int | None = None
    by_year: tuple[tuple[int, float], ...] = ()


def _level(instance: Instance, answer: Solution | None) -> _Level:
    """What allies get in the last year and in the worst one."""
    if answer is None:
        return _Level()
    deliveries = answer.allied.deliveries
    years = [year_metrics(instance, deliveries, t) for t in instance.years]
    most = max(year.shortfall for year in years)
    worst = next(year for year in years if year.shortfall >= most - SAME)
    last, told = years[-1].dependence, tuple((year.year, year.dependence) for year in years)
    if worst.shortfall <= NOTHING:
        return _Level(last, 0.0, 0.0, by_year=told)
    short = math.fsum(d.short for d in deliveries if d.year == worst.year and _allied(instance, d))
    return _Level(last, worst.shortfall, short, worst.year, told)


def _allied(instance: Instance, delivery: Delivery) -> bool:
    return instance.blocs[delivery.region] == "ally"


def _idle(instance: Instance, answer: Solution | None, calm: Solution | None) -> tuple[str, ...]:
    """The plants of an answer that could run and never do, though they run where nothing goes
    wrong."""
    if answer is None or calm is None:
        return ()
    runs = {run.plant for run in answer.allied.activities}
    ran = {run.plant for run in calm.allied.activities}
    able = {
        c.project
        for c in answer.commitments
        if any(share > 0 for share in instance.projects[c.project].offers[c.year].usable.values())
    }
    return tuple(sorted((ran & able) - runs))


def _lapsed(answer: Solution | None, given: GivenAnswer) -> tuple[str, ...]:
    """The projects of commitments that an answer is without."""
    if answer is None:
        return ()
    stood = {(c.project, c.year) for c in answer.commitments}
    gone = (c.project for c in given.commitments if (c.project, c.year) not in stood)
    return tuple(dict.fromkeys(gone))


def _regret(held: Answer, best: Answer | None) -> dict[str, float | None]:
    """The best plan of a case, and how far the plan held lies above it."""
    names = ("best", "best_bound", "regret", "regret_most")
    if best is None or best.failed or best.outcome is Outcome.INFEASIBLE:
        return dict.fromkeys(names)
    value, bound = min(best.value, held.value), min(best.bound, held.value)
    known = (if_known(value), if_known(bound))
    above = (None if own is None else if_known(held.value - own) for own in known)
    return dict(zip(names, (*known, *above), strict=True))
