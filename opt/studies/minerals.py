"""How the money of one programme falls on minerals and stages, at several amounts of it.

It is asked in two ways: beside all other programmes, and with the programme as the only money. With
each amount the plan of least dependence is looked for, the largest amount first: more money can
only lower dependence, so the bound of an amount holds for all smaller ones, and a plan for all that
are no smaller than what it needs. An amount that a plan and a bound found elsewhere prove to the
gap takes no search.

Minerals meet in money and in limits alone. So what one of them loses by sharing is told beside its
own case: the same money with nothing else to build or to serve. So is what it would gain by more
than the plan pays for it: the others can keep their money, and their plants where limits name their
mineral.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from opt.data.instance import Instance
from opt.record.minerals import AmountRow, MineralResult, MineralRow, Minerals, StageRow
from opt.record.money import Use
from opt.record.projects import as_given
from opt.record.run import Solution
from opt.results.minerals import mineral_results, mineral_years, minerals_of
from opt.solver.highs import is_proven
from opt.solver.settle import Decided, settle
from opt.solver.stage import Job, SolveOptions
from opt.studies.axes import MoneyAxis
from opt.studies.change import of_mineral, with_programmes, without_targets
from opt.studies.completing import Built, completed
from opt.studies.runner import STOPPED, Runner
from opt.studies.task import Answer, Ask, Base, How, Task, if_known

# USD million: by so much more it is asked what a mineral would gain.
MORE = 1000.0
# Of what a plan needs: what its rounding may miss.
ROUNDING = 1e-9
BESIDE, ALONE = MONEY = ("beside the others", "alone")

# Holds a plan with its dependence, named by a key, against the cells of a variant with so much of
# the programme (USD million), beside the others or alone.
Confirm = Callable[["Frame", float, str, Solution, float], None]


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of asking: the variant of the workbook (blank for none), and which money there is."""

    variant: str
    money: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is known with an amount: no plan beats `bound`, and a plan of some value that needs so
    much; inf where none is known."""

    amount: float
    bound: float
    value: float = math.inf
    need: float = math.inf
    plan: Solution | None = None


@dataclass(slots=True)
class Line:
    """One case under several amounts of its programme, and what was found of it."""

    key: str
    axis: MoneyAxis
    base: Base
    found: list[Found] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def options(self) -> SolveOptions:
        """What is asked of each of its solves."""
        return dataclasses.replace(self.base.options, objective="dependence")

    def named(self, amount: float) -> str:
        """The case with an amount, in words."""
        return f"{self.key}, USD {amount:,.0f} million"

    def task(self, amount: float) -> Task:
        """The best plan with an amount, as cheap as the clear chain tells."""
        ask = Ask(How.CHAIN, self.options, self.base.limits)
        return Task(self.named(amount), self.axis.at(amount), ask)

    def add(self, amount: float, answer: Answer, runner: Runner) -> None:
        """Take what was answered with an amount."""
        if answer.failed:
            self.reasons.append(f"{answer.key}: {answer.reason}")
        need = math.inf
        if answer.plan is not None:
            need = min(amount, self.axis.need(self._job(self.axis.instance, runner), answer.plan))
        self.found.append(Found(amount, answer.bound, answer.value, need, answer.plan))

    def open_amount(self, amounts: Iterable[float]) -> float | None:
        """The largest amount that still takes a search."""
        return max((amount for amount in amounts if not self._is_closed(amount)), default=None)

    def _is_closed(self, amount: float) -> bool:
        if any(own.amount == amount for own in self.found):
            return True
        value, gap = self.best(amount).value, self.base.options.gap
        return math.isfinite(value) and is_proven(value, self.bound(amount), gap)

    def best(self, amount: float) -> Found:
        """The best plan known that an amount pays for."""
        within = [own for own in self.found if own.need <= amount * (1 + ROUNDING)]
        return min(within, key=lambda own: own.value, default=Found(amount, -math.inf))

    def bound(self, amount: float) -> float:
        """What no plan with an amount can beat."""
        return max((own.bound for own in self.found if own.amount >= amount), default=-math.inf)

    def paid(self, amount: float, runner: Runner) -> Found:
        """The best plan known that an amount pays for, paid for as it is with that much."""
        own = self.best(amount)
        if own.plan is None or own.amount == amount:
            return own
        payments = settle(self._job(self.axis.at(amount), runner), Decided.by(own.plan))
        return dataclasses.replace(own, plan=dataclasses.replace(own.plan, payments=payments))

    def _job(self, case: Instance, runner: Runner) -> Job:
        return Job(case, self.options, runner.control, runner.listener)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a frame and an amount: its line, the best plan, and how that falls on
    minerals, whose baseline is not told."""

    frame: Frame
    amount: float
    line: Line
    best: Found
    results: tuple[MineralResult, ...]


# A mineral by itself in a frame; what it is asked about there by frame, amount and mineral.
Single = Mapping[tuple[Frame, str], Line]
Nexts = Mapping[tuple[Frame, float, str], float]


def minerals(
    bases: Mapping[str, Base],
    programme: str,
    amounts: Sequence[float],
    runner: Runner,
    confirm: Confirm,
) -> Minerals:
    """How a programme falls on minerals at some amounts, USD million, in a workbook and its
    variants: `bases` by name of variant, the first the one of which each mineral is asked about
    by itself too. Targets are not asked for. Each plan is held against the cells of its case by
    `confirm`, which raises where it does not hold.
    """
    first = next(iter(bases))
    joint = {
        Frame(variant, money): _line(base, programme, variant, money)
        for variant, base in bases.items()
        for money in MONEY
    }
    single = {
        (frame, name): _by_itself(line, name)
        for frame, line in joint.items()
        if frame.variant == first
        for name in _names(line.axis.instance)
    }
    lines = (*joint.values(), *single.values())
    _ask([(line, amounts) for line in lines], runner)
    told = [
        _told(frame, amount, line, runner) for frame, line in joint.items() for amount in amounts
    ]
    for one in told:
        if one.best.plan is not None:
            key = one.line.named(one.amount)
            confirm(one.frame, one.amount, key, one.best.plan, one.best.value)
    nexts = _nexts(one for one in told if one.frame == Frame(first, ALONE))
    more: dict[tuple[Frame, str], list[float]] = defaultdict(list)
    for (frame, _, name), amount in nexts.items():
        more[frame, name].append(amount)
    _ask([(single[place], levels) for place, levels in more.items()], runner)
    _confirm_single(joint, single, runner, confirm)
    return Minerals(
        programme=programme,
        amounts=tuple(_amount_row(one) for one in told),
        minerals=tuple(row for one in told for row in _mineral_rows(one, single, nexts)),
        stages=tuple(row for one in told for row in _stage_rows(one)),
        reason="; ".join(dict.fromkeys(why for line in lines for why in line.reasons)),
    )


def _told(frame: Frame, amount: float, line: Line, runner: Runner) -> Told:
    best, case = line.paid(amount, runner), line.axis.instance
    if best.plan is None:
        return Told(frame, amount, line, best, ())
    years = mineral_years(case, best.plan.allied.deliveries, ())
    return Told(frame, amount, line, best, mineral_results(case, best.plan, years))


# ---- What is asked --------------------------------------------------------------------------


def _line(base: Base, programme: str, variant: str, money: str) -> Line:
    case = without_targets(base.instance)
    if money == ALONE:
        case = with_programmes(case, [programme])
    whole = case.programmes[programme].amount
    key = f"{variant or 'the workbook'}, {money}"
    return Line(key, MoneyAxis(case, whole, whole, frozenset({programme})), base)


def _by_itself(line: Line, name: str) -> Line:
    axis = dataclasses.replace(line.axis, instance=of_mineral(line.axis.instance, name))
    return Line(f"{name} by itself, {line.key}", axis, line.base)


def _names(case: Instance) -> tuple[str, ...]:
    """The minerals that allies ask for, as the workbook spells them."""
    asked = (d.commodity for d in case.demands.values() if d.allied)
    return tuple(sorted({case.commodities[c].mineral for c in asked}))


def _ask(wanted: Sequence[tuple[Line, Iterable[float]]], runner: Runner) -> None:
    """Search every line at its largest amount that is open, all of them at once, until none is or
    the user has had enough."""
    levels = [(line, tuple(amounts)) for line, amounts in wanted]
    while True:
        largest = ((line, line.open_amount(amounts)) for line, amounts in levels)
        still = [(line, amount) for line, amount in largest if amount is not None]
        if runner.control.stopped:
            for line, amount in still:
                line.reasons.append(f"{line.named(amount)}: {STOPPED}")
            return
        if not still:
            return
        answers = runner.run([line.task(amount) for line, amount in still])
        for (line, amount), answer in zip(still, answers, strict=True):
            line.add(amount, answer, runner)


def _nexts(told: Iterable[Told]) -> Nexts:
    """What the plan pays for each mineral that is asked for, and more."""
    return {
        (one.frame, one.amount, row.mineral): row.public_musd + row.other_public_musd + MORE
        for one in told
        for asked in [_names(one.line.axis.instance)]
        for row in one.results
        if row.mineral in asked
    }


def _confirm_single(
    joint: Mapping[Frame, Line], single: Single, runner: Runner, confirm: Confirm
) -> None:
    """Hold the plans of each mineral by itself against the cells of the whole case, in which
    nothing else is built. One that could not be made whole is told on its line."""
    for frame in dict.fromkeys(frame for frame, _ in single):
        whole = joint[frame]
        plans = [
            (line, own.amount, own.plan)
            for (its, _), line in single.items()
            for own in line.found
            if its == frame and own.plan is not None
        ]
        built = [
            Built(f"{line.named(x)}, whole", whole.axis.at(x), as_given(plan.commitments))
            for line, x, plan in plans
        ]
        answers = completed(built, whole.options, whole.base.limits, runner)
        for (line, amount, _), answer in zip(plans, answers, strict=True):
            if answer.plan is not None:
                confirm(frame, amount, answer.key, answer.plan, answer.value)
            else:
                line.reasons.append(f"{answer.key}: {answer.reason}")


# ---- Rows -----------------------------------------------------------------------------------


def _amount_row(one: Told) -> AmountRow:
    own, plan = one.best, one.best.plan
    return AmountRow(
        variant=one.frame.variant,
        money=one.frame.money,
        amount=one.amount,
        dependence=if_known(own.value),
        bound=if_known(min(one.line.bound(one.amount), own.value)),
        need=if_known(own.need),
        public_musd=None if plan is None else plan.public_musd,
        plants=None if plan is None else len({c.project for c in plan.commitments}),
    )


def _mineral_rows(one: Told, single: Single, nexts: Nexts) -> Iterator[MineralRow]:
    for row in one.results:
        own = single.get((one.frame, row.mineral))
        more = nexts.get((one.frame, one.amount, row.mineral))
        left = _left_open(one, row.weight)
        lost, gained = (_above(row.dependence, left, own, x) for x in (one.amount, more))
        yield MineralRow(
            variant=one.frame.variant,
            money=one.frame.money,
            amount=one.amount,
            mineral=row.mineral,
            weight=row.weight,
            dependence=row.dependence,
            plants=row.plants,
            public_musd=row.public_musd + row.other_public_musd,
            lost_low=lost[0],
            lost_high=lost[1],
            next_low=gained[0],
            next_high=gained[1],
        )


def _left_open(one: Told, weight: float) -> float:
    """By how much a plan as good as any could serve a mineral better than the one found, the others
    as well: (value - bound) / what the mineral counts for. The less it counts, the more is open."""
    apart = one.best.value - one.line.bound(one.amount)
    return max(0.0, apart) / weight if weight > 0 else math.inf


def _above(
    dependence: float, left: float, own: Line | None, amount: float | None
) -> tuple[float | None, float | None]:
    """By how much the dependence of a mineral lies above the least with an amount for itself: at
    least, where that much could be `left` by the plan alone, and at most. Never below it: with that
    money it could be the same."""
    if own is None or amount is None:
        return None, None
    least, bound = own.best(amount).value, own.bound(amount)
    return (
        max(0.0, dependence - left - least) if math.isfinite(least) else None,
        max(0.0, dependence - bound) if math.isfinite(bound) else None,
    )


def _stage_rows(one: Told) -> Iterator[StageRow]:
    if one.best.plan is None:
        return
    case = one.line.axis.instance
    money: dict[tuple[str, str], float] = defaultdict(float)
    plants: dict[tuple[str, str], set[str]] = defaultdict(set)
    for made in one.best.plan.commitments:
        plants[_place(case, made.project)].add(made.project)
    for paid in one.best.plan.paid_for(Use.CAPITAL):
        money[_place(case, paid.thing)] += paid.paid_musd
    for mineral, stage in sorted(plants):
        yield StageRow(
            variant=one.frame.variant,
            money=one.frame.money,
            amount=one.amount,
            mineral=mineral,
            stage=stage,
            plants=len(plants[mineral, stage]),
            public_musd=money[mineral, stage],
        )


def _place(case: Instance, project: str) -> tuple[str, str]:
    """The minerals of a project, and the stage of its first process; blank where it has none."""
    rates = case.projects[project].plant.rates
    return minerals_of(case, project), case.processes[next(iter(rates))].stage if rates else ""
