"""Money against dependence: the points that no plan beats with less.

A level is solved for the least dependence (opt.studies.axes); its plan needs no more than a level
of its own. In between nothing better exists: with less no plan beats the bound, and the plan itself
reaches its value with as much as it needs. So a plan closes the front from its need to where it was
found without a solve.

Where plans need finitely many levels and the case is small, the whole front follows from the right:
the least dependence with the most, then with a little less than its plan needs, until nothing is
left. Elsewhere so many levels are solved as are asked for, in the widest part that is open first.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from opt.data.instance import Instance
from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.record.frontier import FrontMineral, FrontPoint, OpenGap, PlantBuilt
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.results.minerals import mineral_results, mineral_years
from opt.solver.settle import Decided, settle
from opt.solver.stage import Job, SolveOptions
from opt.solver.weighted import WORTHWHILE
from opt.studies.axes import Axis
from opt.studies.best import THE_BEST, Best, roughly
from opt.studies.completing import Built, completed
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Task

# Shares of allied demand: plans that differ by less are as good; what is proven to less is proven.
SAME, PROVEN = 1e-7, 2e-6
# Of the whole: levels that differ by less are one.
LEAST_STEP = 1e-5
# A share of allied demand: a bound that falls by less does not fall.
LEAST_FALL = 1e-4
# Multiples of the workbook's level at which the bound is looked at for where more helps no more;
# and those beyond, where it still falls there.
RANGE, BEYOND = (0.0, 0.25, 0.5, 1.0, 2.0), (4.0, 8.0, 16.0, 32.0, 64.0)
# Levels that are asked at once, whatever the number of workers, so that all give the same.
AT_ONCE = 4
MOST_POINTS = 500
# Of what a plan needs: what rounding may ask for beside it.
SLACKS = (0.0, 1e-9, 1e-7)
NO_PLAN = "no plan obeys every rule"

Commitments = tuple[FixedCommitment, ...]
# What a plan of the front is told to, as it is found: the level, and the plan with its dependence.
Confirm = Callable[[float, Solution, float], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What is known with at most `level`: that no plan beats `bound` (inf: there is none), and a
    plan of some value that needs no more than `need`; None where none is known."""

    level: float
    bound: float
    plan: Solution | None = None
    value: float = math.inf
    need: float = math.inf
    commitments: Commitments = ()


@dataclass(slots=True)
class Front:
    """All that was found of one axis of a case. `floors` are bounds of relaxations by level,
    `reasons` why levels have no answer. With `exact` levels are solved to the gap of the case."""

    base: Base
    axis: Axis
    runner: Runner
    confirm: Confirm
    exact: bool = True
    found: list[Found] = field(default_factory=list)
    floors: dict[float, float] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    whole: dict[Commitments, tuple[Solution, float, float]] = field(default_factory=dict)

    @property
    def step(self) -> float:
        """Levels that differ by less are one."""
        return LEAST_STEP * self.axis.whole

    # ---- Asking -----------------------------------------------------------------------------

    def ask(self, levels: Sequence[float], gap: float | None = None) -> bool:
        """Solve some levels to a relative gap, None: that of the study; whether all that was asked
        so far was answered."""
        tasks = [
            self._task(level, self.rough(level).options.gap if gap is None else gap)
            for level in levels
        ]
        answers = self.runner.run(tasks)
        for level, answer in zip(levels, answers, strict=True):
            if answer.failed:
                self.reasons.append(f"{answer.key}: {answer.reason}")
            elif answer.built is None:
                bound = math.inf if answer.outcome is Outcome.INFEASIBLE else answer.bound
                self.found.append(Found(level, bound))
        self._complete(
            [(x, a) for x, a in zip(levels, answers, strict=True) if a.built is not None]
        )
        return not self.reasons

    def know(self, level: float, best: Best) -> None:
        """Take a plan of the case at a level with its bound, which need not be solved then."""
        known = Answer(THE_BEST, Outcome.OPTIMAL, best.value, best.bound, None, 0.0, "", best.plan)
        self._complete([(level, known)])

    def _task(self, level: float, gap: float) -> Task:
        options = dataclasses.replace(
            self._options(gap), plan=self.near(level), improve=True, purchases=None
        )
        ask = Ask(How.CHANGED, options, self.base.limits)
        return Task(f"with {level:,.10g}", self.at(level), ask, self.axis.base)

    def look(self, levels: Sequence[float]) -> None:
        """Bound some levels by relaxations."""
        ask = Ask(How.RELAXED, SolveOptions(), self.base.limits)
        tasks = [
            Task(f"no plan with {x:,.10g} can beat", self.at(x), ask, self.axis.base)
            for x in levels
        ]
        for level, answer in zip(levels, self.runner.run(tasks), strict=True):
            if answer.outcome is Outcome.INFEASIBLE:
                self.floors[level] = math.inf
            elif not answer.failed:
                self.floors[level] = answer.bound

    def _options(self, gap: float) -> SolveOptions:
        return dataclasses.replace(self.base.options, objective="dependence", gap=gap)

    def rough(self, level: float) -> Base:
        """The case as it is asked about at a level, by what is known of it."""
        known = min(self.value(level), 1.0)
        return roughly(self.base, max(known, self.bound(level)), exact=self.exact)

    def at(self, level: float) -> Instance:
        """The case at a level: its base itself at the workbook's, so that its model serves."""
        return self.axis.base if level == self.axis.whole else self.axis.at(level)

    def near(self, level: float) -> Commitments:
        """The best plan known that a level can have, else the one that needs least."""
        known = [f for f in self.found if f.plan is not None]
        within = [f for f in known if f.need <= level]
        if within:
            return min(within, key=lambda f: (f.value, f.need)).commitments
        return min(known, key=lambda f: f.need).commitments if known else ()

    def _complete(self, answered: Sequence[tuple[float, Answer]]) -> None:
        """Make the plans of some answers whole, those that are known already apart, and confirm
        them."""
        new: dict[Commitments, tuple[float, Answer]] = {}
        for level, answer in answered:
            assert answer.built is not None
            if answer.built not in self.whole:
                new.setdefault(answer.built, (level, answer))
        built = [Built(f"plan {a.key}", self.at(x), made) for made, (x, a) in new.items()]
        options = self._options(self.base.options.gap)
        for made, (level, _), whole in zip(
            new, new.values(), completed(built, options, self.base.limits, self.runner), strict=True
        ):
            if whole.plan is None:
                self.reasons.append(f"{whole.key}: {whole.reason}")
                continue
            plan, need = self._with_least(level, whole.plan)
            self.confirm(need, plan, whole.value)
            self.whole[made] = (plan, whole.value, need)
        for level, answer in answered:
            if answer.built in self.whole:
                plan, value, need = self.whole[answer.built]
                bound = min(answer.bound, value)
                self.found.append(Found(level, bound, plan, value, need, answer.built))

    def _with_least(self, level: float, plan: Solution) -> tuple[Solution, float]:
        """A plan that was found with a level, paid for with no more than it needs, and what that
        is: the level itself where rounding leaves no less."""
        decided = Decided.by(plan)
        least = self.axis.need(self._job(self.axis.instance), plan)
        for amount in (least * (1.0 + slack) for slack in SLACKS):
            if amount >= level:
                break
            try:
                payments = settle(self._job(self.at(amount)), decided)
            except SolverError:
                continue
            return dataclasses.replace(plan, payments=payments), amount
        return plan, level

    def _job(self, instance: Instance) -> Job:
        options = self._options(self.base.options.gap)
        return Job(instance, options, self.runner.control, self.runner.listener)

    # ---- What is known ----------------------------------------------------------------------

    def bound(self, level: float) -> float:
        """What no plan with at most a level can beat."""
        above = [f.bound for f in self.found if f.level >= level]
        relaxed = [bound for x, bound in self.floors.items() if x >= level]
        return max((*above, *relaxed), default=-math.inf)

    def value(self, level: float) -> float:
        """The least dependence known with a level; inf where no plan is."""
        return min((f.value for f in self.found if f.need <= level), default=math.inf)

    def points(self) -> tuple[FrontPoint, ...]:
        """The plans that none known beats with as little, from the least on."""
        return tuple(_point(f, min(self.bound(f.need), f.value)) for f in self._best())

    def minerals(self) -> tuple[FrontMineral, ...]:
        """How each point falls on minerals; none where there is one."""
        return tuple(row for found in self._best() for row in self._by_mineral(found))

    def _by_mineral(self, found: Found) -> Iterator[FrontMineral]:
        assert found.plan is not None
        case = self.axis.instance
        years = mineral_years(case, found.plan.allied.deliveries, ())
        for row in mineral_results(case, found.plan, years):
            paid = row.public_musd + row.other_public_musd
            level = row.dependence if row.demand > 0 else None
            yield FrontMineral(found.need, row.mineral, level, paid, row.plants)

    def _best(self) -> list[Found]:
        """The plans of the points, from the least on."""
        known = sorted((f for f in self.found if f.plan), key=lambda f: (f.need, f.value))
        kept: list[Found] = []
        for one in known:
            if not kept or one.value < kept[-1].value - SAME:
                kept.append(one)
        return kept

    def gaps(self) -> Iterator[OpenGap]:
        """The parts of the front in which value and bound differ, from no level to the most that
        was solved."""
        most = max((f.level for f in self.found), default=0.0)
        ends = {0.0, most, *self.floors, *(f.level for f in self.found)}
        ends |= {f.need for f in self.found if f.plan}
        for low, high in pairwise(sorted(x for x in ends if x <= most)):
            known, bound = self.value(low), self.bound(high)
            if bound < known and high - low > 2 * self.step:
                yield OpenGap(low, high, known, bound)


def _point(found: Found, bound: float) -> FrontPoint:
    assert found.plan is not None
    made = found.plan.commitments
    return FrontPoint(
        amount=found.need,
        public_musd=found.plan.public_musd,
        capex_musd=math.fsum(c.capex_musd for c in made),
        dependence=found.value,
        bound=bound,
        plants=len({c.project for c in made}),
        projects=tuple(PlantBuilt(c.project, c.year, c.units) for c in made),
    )


def is_small(axis: Axis) -> bool:
    """Whether the whole front is looked for: plans need finitely many levels, and are few."""
    whole_numbers = sum(len(p.offers) for p in axis.instance.projects.values())
    return whole_numbers < WORTHWHILE and axis.is_discrete()


def whole_front(front: Front) -> OpenGap | None:
    """Find every point, from the most on; what is left open where it is not all, else None."""
    level = front.axis.most
    while len(front.found) < MOST_POINTS:
        if not front.ask([level], 0.0):
            return OpenGap(0.0, level, math.inf, front.bound(level))
        last = front.found[-1]
        if last.plan is None or level <= 0.0 or last.need <= 0.0:
            return _widest(front)
        # Where the plan needs no less than was there, the level itself is stepped below.
        level = max(0.0, min(last.need, level) - front.step)
    return OpenGap(0.0, level, math.inf, -math.inf)


def sampled_front(front: Front, number: int, best: Best | None = None) -> OpenGap | None:
    """Solve so many levels over the range in which more helps, that of the case itself not where
    its best plan is known; the widest part left open."""
    top, whole = _top(front), front.axis.whole
    if best is not None:
        front.know(whole, best)
    known = {f.level for f in front.found}
    ends = dict.fromkeys([top, min(whole, top), 0.0, top / 2, top / 4])
    waiting = [level for level in ends if level not in known]
    while len(front.found) < number:
        levels = waiting[: min(AT_ONCE, number - len(front.found))]
        waiting = waiting[len(levels) :]
        levels = levels or _widest_first(front, top, min(AT_ONCE, number - len(front.found)))
        if not levels or not front.ask(levels):
            break
    return _widest(front)


def _top(front: Front) -> float:
    """From where on the bound of the relaxation falls no more, at most the most that can help.

    Along rows that grow with what is varied it is convex: where it does not fall from one level to
    the next it falls nowhere beyond, and is not looked at there.
    """
    whole = front.axis.whole
    most = min(front.axis.most, BEYOND[-1] * whole)
    near = sorted({min(m * whole, most) for m in RANGE})
    front.look(near)
    last = [front.floors.get(level, math.inf) for level in near[-2:]]
    if math.isinf(last[-1]) or last[0] - last[-1] > LEAST_FALL:
        front.look(sorted({min(m * whole, most) for m in BEYOND} - set(near)))
    least = min(front.floors.values(), default=-math.inf)
    flat = (x for x, bound in sorted(front.floors.items()) if bound <= least + LEAST_FALL)
    return next(flat, whole)


def _widest_first(front: Front, top: float, number: int) -> list[float]:
    """The middles of the widest parts that are open and that a solve can close."""
    open_parts = [
        part
        for part in front.gaps()
        if _height(part) > max(LEAST_FALL, front.rough(part.high).options.gap * min(part.known, 1))
        and part.high - part.low > top * LEAST_STEP * 100
    ]
    open_parts.sort(key=lambda part: (-_size(part), part.low))
    return [(part.low + part.high) / 2 for part in open_parts[:number]]


def _height(part: OpenGap) -> float:
    """By how much a better plan could be better, at most 1."""
    return min(1.0, part.known - part.bound)


def _size(part: OpenGap) -> float:
    return _height(part) * (part.high - part.low)


def _widest(front: Front) -> OpenGap | None:
    """The widest part of the front that is open by more than tolerances."""
    parts = [part for part in front.gaps() if part.known - part.bound > PROVEN]
    return max(parts, key=_size, default=None)
