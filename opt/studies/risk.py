"""One plan for many scenarios, what it comes to in each, and what it is worth to know more.

The plan of least risk is searched for in the extensive form, or scenario by scenario
(opt.solver.risk). What it comes to is told of the plan held in each scenario, as a stress test
holds one: the least of what is counted with its commitments, who pays for them and its stock. No
plan can beat what the search proves, nor what the best plans of the scenarios come to together,
each of which knows its scenario before.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.errors import InfeasibleError, SolverError
from opt.fixed import FixedCommitment
from opt.model.risk import Doubt, Future
from opt.record.money import Use
from opt.record.passes import Outcome
from opt.record.risk import (
    EVERY,
    NO_PLANTS,
    NO_STOCK,
    RELEASE,
    WAITING,
    Risk,
    RiskChoice,
    RiskCommitment,
    RiskLevel,
    RiskMeasure,
    RiskScenario,
    RiskStock,
    RiskWorth,
)
from opt.record.run import Solution
from opt.results.risk import expected, measured
from opt.results.stock import stockpile_years
from opt.solver.risk import least_risk
from opt.solver.stage import SolveOptions
from opt.solver.venture import FuturePlan, Plan, Ventured
from opt.studies.change import only_forced, without_targets
from opt.studies.holding import GivenAnswer
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Outlays, Task, if_known

DEPENDENCE, SHORTFALL = "dependence", "shortfall"
# What a search that was decomposed is kept by, beside what is asked.
WAY = "decompose"
# By how much what a plan comes to may exceed what the search said of it.
AGREES = 1e-5
# Units of material or USD million; less is what a solver leaves of nothing.
NOTHING = 1e-6
BASE_PLAN = "best plan of the base case"
# Holds a plan in a scenario, by its number, against the cells of that scenario, where every
# stockpile is released by a rule (None: its own), and against the commitments that were found.
Confirm = Callable[[int, str | None, Solution, float, Plan], None]
# Holds the plans of all scenarios, None where none is known, to what they must have alike, where
# commitments from a year on wait (None: none).
ConfirmShared = Callable[[Sequence[Solution | None], int | None], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the doubt, whose futures have nothing asked of their plans, whether each
    probability is stated, what of the scenarios is left out, and whether the plan is searched for
    scenario by scenario."""

    doubt: Doubt
    stated: tuple[bool, ...]
    left_out: tuple[str, ...]
    decompose: bool = False

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Of the futures, in their order."""
        return tuple(future.probability for future in self.doubt.futures)

    def measured(self, outcomes: Sequence[float], measure: RiskMeasure | None = None) -> float:
        """What outcomes come to by the measure asked, or another."""
        own = measure or self.doubt.measure
        return measured(own, outcomes, self.probabilities, self.doubt.alpha)


@dataclass(frozen=True, slots=True)
class Known:
    """The best plan of one scenario alone: its value, what no plan can beat, its commitments where
    one is known, what can be held of it where that was worked out, and why not."""

    value: float
    bound: float
    commitments: tuple[FixedCommitment, ...] | None
    given: GivenAnswer | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BaseHeld:
    """What the plan of the base case comes to in a scenario, inf where that is not known, the
    projects of commitments that cannot be paid in it, and why it is not known."""

    value: float
    lapsed: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The same question with another thing allowed: its name, its doubt, and the rule by which
    every stockpile is then released (None: its own)."""

    name: str
    doubt: Doubt
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A plan of a doubt and what it comes to in each future: `answers` hold its flows."""

    ventured: Ventured
    answers: tuple[Answer, ...]

    @property
    def outcomes(self) -> list[float]:
        """By future."""
        return [answer.value for answer in self.answers]


def risk(
    base: Base,
    asked: Asked,
    releasing: Mapping[str, tuple[Instance, ...]],
    runner: Runner,
    *,
    confirm: Confirm,
    confirm_shared: ConfirmShared,
    choices: bool = False,
) -> Risk:
    """The plan of least risk of a doubt, beside the best plan of each of its scenarios and that of
    the base case (`base`), each held in every scenario.

    With `choices` also what it comes to without stock, without plants, and with stock released by
    other rules, of which `releasing` holds the instances of the scenarios. Each plan is held
    against the cells of its scenarios by `confirm`, and by `confirm_shared` to what the scenarios
    share; both raise where it does not hold. Raises InfeasibleError where no plan keeps every rule
    in every scenario.
    """
    return _Study(base, asked, runner, confirm, confirm_shared).answer(
        releasing if choices else None
    )


class _Study:
    def __init__(
        self,
        base: Base,
        asked: Asked,
        runner: Runner,
        confirm: Confirm,
        confirm_shared: ConfirmShared,
    ) -> None:
        self.base, self.asked, self.runner = base, asked, runner
        self.confirm, self.confirm_shared = confirm, confirm_shared
        self.options = SolveOptions(
            objective=asked.doubt.of, gap=base.options.gap, cost_gap=base.options.cost_gap
        )

    def answer(self, releasing: Mapping[str, tuple[Instance, ...]] | None) -> Risk:
        knowing, base_plan = self._best_plans()
        starts = [p.commitments for p in (base_plan, *knowing) if p.commitments is not None]
        doubt = _with_best(self.asked.doubt, knowing)
        settled = self._settled(doubt, starts)
        base_held = self._base_plan_held(base_plan)
        knowing = [_no_worse(own, x) for own, x in zip(knowing, settled.outcomes, strict=True)]
        levels = tuple(self._levels(settled, knowing))
        own = next(level for level in levels if level.asked)
        worth = list(self._worth(own, knowing, base_held))
        if self.asked.doubt.second_wave is not None:
            worth.append(self._waiting(doubt, starts, own, knowing))
        plans = settled.ventured.plans or ()
        return Risk(
            measure=doubt.measure,
            of=doubt.of,
            alpha=doubt.alpha,
            second_wave=doubt.second_wave,
            known_from=doubt.known_from,
            value=own.value,
            bound=own.bound,
            scenarios=tuple(self._scenarios(settled, knowing, base_held)),
            levels=levels,
            commitments=tuple(_commitments(doubt, plans)) if plans else (),
            stock=tuple(_stock(doubt, settled)) if plans else (),
            worth=tuple(worth),
            choices=tuple(self._choices(doubt, starts, releasing, knowing)),
            left_out=self.asked.left_out,
        )

    # ---- The best plan of each scenario -------------------------------------------------------

    def _best_plans(self) -> tuple[list[Known], Known]:
        """The best plan of each scenario alone, and of the base case, from which they begin."""
        cases = {f"best plan, {f.name}": f.instance for f in self.asked.doubt.futures}
        base = without_targets(self.base.instance)
        if self.asked.doubt.of == SHORTFALL:
            alone = [self._alone(key, instance) for key, instance in cases.items()]
            return alone, self._alone(BASE_PLAN, base)
        ask = Ask(How.CHAIN, self.options, self.base.limits)
        (answer,) = self.runner.run([Task(BASE_PLAN, base, ask)])
        base_plan = _known(answer)
        options = dataclasses.replace(self.options, plan=base_plan.commitments or (), improve=True)
        ask = Ask(How.CHANGED, options, self.base.limits)
        tasks = [Task(key, instance, ask, base) for key, instance in cases.items()]
        return [_known(own) for own in self.runner.run(tasks)], base_plan

    def _alone(self, key: str, instance: Instance) -> Known:
        """The same where the network decides: a doubt of one future."""
        doubt = dataclasses.replace(
            self.asked.doubt,
            futures=(Future(key, 1.0, instance),),
            measure=RiskMeasure.EXPECTED,
            second_wave=None,
            alike={},
        )
        found = self._ventured(doubt, (), key)
        if found.plans is None:
            infeasible = found.outcome is Outcome.INFEASIBLE
            reason = f"{key}: {'no plan keeps its rules' if infeasible else 'it was stopped'}"
            return Known(found.value, found.bound, None, None, reason)
        (plan,) = found.plans
        return Known(found.value, found.bound, plan.given, _given(plan))

    # ---- The plan of all ----------------------------------------------------------------------

    def _ventured(self, doubt: Doubt, starts: Sequence[Plan], title: str) -> Ventured:
        plans, limits = tuple(tuple(plan) for plan in starts), self.base.limits

        def work() -> Ventured:
            control = self.runner.control.within(limits)
            asked = (doubt, self.options, control, self.runner.listener)
            return least_risk(*asked, starts=plans, title=title, decompose=decompose)

        # One scenario alone has nothing to share.
        decompose = self.asked.decompose and len(doubt.futures) > 1
        way = (WAY,) if decompose else ()
        return self.runner.search(title, (doubt, self.options, limits, plans, *way), Ventured, work)

    def _settled(
        self, doubt: Doubt, starts: Sequence[Plan], choice: Choice | None = None
    ) -> Settled:
        """The plan of least risk, held and confirmed in each future."""
        title = f"{doubt.measure} {doubt.of} of {len(doubt.futures)} scenarios"
        title = f"{choice.name}: {title}" if choice else title
        found = self._ventured(doubt, starts, title)
        if found.outcome is Outcome.INFEASIBLE:
            raise InfeasibleError("no plan keeps every rule of the workbook in every scenario.")
        if found.plans is None:
            reason = "stopped before a plan was known"
            none = Answer("", Outcome.LIMIT, math.inf, -math.inf, None, 0.0, reason)
            return Settled(found, tuple(none for _ in doubt.futures))
        tasks = [
            self._held(f"{title}, {future.name}", future.instance, _given(plan), plan)
            for future, plan in zip(doubt.futures, found.plans, strict=True)
        ]
        answers = self.runner.run(tasks)
        for n, (answer, plan) in enumerate(zip(answers, found.plans, strict=True)):
            if answer.plan is None:
                continue
            stood = {(c.project, c.year, c.units) for c in answer.plan.commitments}
            if stood != {(c.project, c.year, c.units) for c in plan.commitments}:
                raise SolverError(f"{answer.key}: what the plan commits cannot be paid")
            rule = choice.rule if choice else None
            self.confirm(n, rule, answer.plan, answer.value, plan.given)
        self.confirm_shared([answer.plan for answer in answers], doubt.second_wave)
        settled = Settled(found, answers)
        self._check(doubt, settled)
        return settled

    def _check(self, doubt: Doubt, settled: Settled) -> None:
        """What the plan comes to is no worse than what the search said. Raises SolverError."""
        if all(math.isfinite(x) for x in settled.outcomes):
            outcomes = settled.outcomes
            if doubt.measure is RiskMeasure.REGRET:
                pairs = zip(outcomes, doubt.futures, strict=True)
                outcomes = [max(0.0, x - future.best) for x, future in pairs]
            held = self.asked.measured(outcomes)
            if held > settled.ventured.value + AGREES:
                raise SolverError(
                    f"the plan comes to {held:.9g}, and {settled.ventured.value:.9g} was found"
                )

    def _held(
        self, key: str, instance: Instance, given: GivenAnswer, plan: FuturePlan | None = None
    ) -> Task:
        outlays = Outlays(bought=given.bought, moved=plan.moved if plan else {})
        options = dataclasses.replace(self.options, plan=given.commitments)
        ask = Ask(How.FLOWS, options, self.base.limits, outlays, given.payments)
        return Task(key, instance, ask)

    def _base_plan_held(self, base_plan: Known) -> list[BaseHeld]:
        """The plan of the base case in each scenario."""
        futures = self.asked.doubt.futures
        if base_plan.given is None:
            return [BaseHeld(math.inf, (), base_plan.reason) for _ in futures]
        tasks = [
            self._held(f"{BASE_PLAN}, {own.name}", own.instance, base_plan.given) for own in futures
        ]
        made = {(c.project, c.year) for c in base_plan.given.commitments}
        return [_base_held(answer, made) for answer in self.runner.run(tasks)]

    # ---- What it comes to ---------------------------------------------------------------------

    def _scenarios(
        self, settled: Settled, knowing: Sequence[Known], base_held: Sequence[BaseHeld]
    ) -> Iterator[RiskScenario]:
        rows = zip(
            self.asked.doubt.futures,
            self.asked.stated,
            settled.answers,
            knowing,
            base_held,
            strict=True,
        )
        for future, stated, answer, own, held in rows:
            reasons = (answer.reason, own.reason, held.reason)
            yield RiskScenario(
                scenario=future.name,
                probability=future.probability,
                stated=stated,
                outcome=if_known(answer.value),
                best=if_known(own.value),
                best_bound=if_known(own.bound),
                regret=if_known(max(0.0, answer.value - own.value)),
                regret_most=if_known(max(0.0, answer.value - own.bound)),
                base_plan=if_known(held.value),
                base_lapsed=held.lapsed,
                reason="; ".join(filter(None, dict.fromkeys(reasons))),
            )

    def _levels(self, settled: Settled, knowing: Sequence[Known]) -> Iterator[RiskLevel]:
        """The plan by every measure, with what the scenarios' own best plans prove of each."""
        for own in RiskMeasure:
            asked = own is self.asked.doubt.measure
            value = self.asked.measured(_counted(own, settled.outcomes, knowing), own)
            least = self.asked.measured([known.bound for known in knowing], own)
            bound = 0.0 if own is RiskMeasure.REGRET else least
            if asked:
                bound = max(bound, settled.ventured.bound)
            yield RiskLevel(own, asked, value, min(bound, value))

    def _worth(
        self, own: RiskLevel, knowing: Sequence[Known], base_held: Sequence[BaseHeld]
    ) -> Iterator[RiskWorth]:
        regret = self.asked.doubt.measure is RiskMeasure.REGRET
        low = self.asked.measured([0.0 if regret else known.bound for known in knowing])
        high = self.asked.measured([0.0 if regret else known.value for known in knowing])
        yield RiskWorth("wait_and_see", low, high)
        yield RiskWorth("perfect_information", max(0.0, own.bound - high), own.value - low)
        if any(held.lapsed for held in base_held):
            yield RiskWorth("all_scenarios", -math.inf, math.inf)
            return
        ends = [(known.bound, known.value) if regret else (0.0, 0.0) for known in knowing]
        pairs = [(held.value, end) for held, end in zip(base_held, ends, strict=True)]
        least = self.asked.measured([x - end[1] for x, end in pairs])
        most = self.asked.measured([x - end[0] for x, end in pairs])
        yield RiskWorth("all_scenarios", least - own.value, most - own.bound)

    def _waiting(
        self, doubt: Doubt, starts: Sequence[Plan], own: RiskLevel, knowing: Sequence[Known]
    ) -> RiskWorth:
        """What it is worth that the second wave can wait: the same with nothing that waits."""
        now = dataclasses.replace(doubt, second_wave=None)
        settled = self._settled(now, starts, Choice("all decided now", now))
        value = self.asked.measured(_counted(doubt.measure, settled.outcomes, knowing))
        bound = min(value, max(settled.ventured.bound, own.bound))
        return RiskWorth(WAITING, max(0.0, bound - own.value), value - own.bound)

    # ---- Stock or plants ----------------------------------------------------------------------

    def _choices(
        self,
        doubt: Doubt,
        starts: Sequence[Plan],
        releasing: Mapping[str, tuple[Instance, ...]] | None,
        knowing: Sequence[Known],
    ) -> Iterator[RiskChoice]:
        for choice in _all_choices(doubt, releasing):
            settled = self._settled(choice.doubt, starts, choice)
            value = self.asked.measured(_counted(doubt.measure, settled.outcomes, knowing))
            plans = settled.ventured.plans or ()
            yield RiskChoice(
                choice=choice.name,
                value=value,
                bound=min(value, settled.ventured.bound),
                bought_musd=self._expected(plans, lambda p: _paid(p, (Use.STOCK,))),
                capex_musd=self._expected(
                    plans, lambda p: math.fsum(c.capex_musd for c in p.commitments)
                ),
                public_musd=self._expected(plans, lambda p: _paid(p, tuple(Use))),
            )

    def _expected(self, plans: Sequence[FuturePlan], part: Callable[[FuturePlan], float]) -> float:
        return expected([part(plan) for plan in plans], self.asked.probabilities) if plans else 0.0


def _all_choices(
    doubt: Doubt, releasing: Mapping[str, tuple[Instance, ...]] | None
) -> Iterator[Choice]:
    """What is asked beside the doubt itself; nothing for None."""
    if releasing is None:
        return
    if any(stock.buys for future in doubt.futures for stock in future.instance.stockpiles.values()):
        yield Choice(NO_STOCK, _of(doubt, [_without_buying(f.instance) for f in doubt.futures]))
    yield Choice(NO_PLANTS, _of(doubt, [only_forced(f.instance) for f in doubt.futures]))
    for rule, instances in releasing.items():
        yield Choice(f"{RELEASE} {rule}", _of(doubt, instances), rule)


def _of(doubt: Doubt, instances: Sequence[Instance]) -> Doubt:
    pairs = zip(doubt.futures, instances, strict=True)
    futures = tuple(dataclasses.replace(f, instance=without_targets(own)) for f, own in pairs)
    return dataclasses.replace(doubt, futures=futures)


def _without_buying(instance: Instance) -> Instance:
    stocks = {s: dataclasses.replace(own, buys=()) for s, own in instance.stockpiles.items()}
    return instance.replace(stockpiles=stocks)


def _paid(plan: FuturePlan, uses: tuple[Use, ...]) -> float:
    return math.fsum(p.paid_musd for p in plan.payments if p.use in uses)


def _known(answer: Answer) -> Known:
    given = None if answer.plan is None else GivenAnswer.of(answer.plan)
    commitments = answer.built if given is None else given.commitments
    return Known(answer.value, answer.bound, commitments, given, answer.reason)


def _base_held(answer: Answer, made: Collection[tuple[str, int]]) -> BaseHeld:
    if answer.plan is None:
        return BaseHeld(math.inf, (), answer.reason)
    stood = {(c.project, c.year) for c in answer.plan.commitments}
    return BaseHeld(answer.value, tuple(sorted({j for j, _ in set(made) - stood})), answer.reason)


def _given(plan: FuturePlan) -> GivenAnswer:
    capital = tuple(p for p in plan.payments if p.use is Use.CAPITAL)
    return GivenAnswer(plan.given, capital, plan.bought)


def _with_best(doubt: Doubt, knowing: Sequence[Known]) -> Doubt:
    """What regret is measured from: the value of the best plan that is known."""
    pairs = zip(doubt.futures, knowing, strict=True)
    return dataclasses.replace(
        doubt,
        futures=tuple(dataclasses.replace(f, best=own.value) for f, own in pairs),
    )


def _no_worse(own: Known, outcome: float) -> Known:
    """The best plan of a scenario is no worse than the plan of all is there. Raises SolverError
    where that beats what no plan can beat."""
    if outcome < own.bound - AGREES:
        raise SolverError(f"a plan comes to {outcome:.9g}, and none was to beat {own.bound:.9g}")
    return dataclasses.replace(
        own, value=min(own.value, outcome), bound=min(own.bound, own.value, outcome)
    )


def _counted(
    measure: RiskMeasure, outcomes: Sequence[float], knowing: Sequence[Known]
) -> list[float]:
    """Outcomes as a measure takes them: of regret how far they may lie above the best at most."""
    if measure is not RiskMeasure.REGRET:
        return list(outcomes)
    return [max(0.0, x - own.bound) for x, own in zip(outcomes, knowing, strict=True)]


# ---- Rows -----------------------------------------------------------------------------------


def _commitments(doubt: Doubt, plans: Sequence[FuturePlan]) -> Iterator[RiskCommitment]:
    """What is committed: a row for every scenario where all commit and pay it alike. A scalable
    project of no size that costs nothing is nothing that a person would commit."""
    found: dict[tuple[int, str], list[RiskCommitment]] = {}
    for future, plan in zip(doubt.futures, plans, strict=True):
        for made in plan.commitments:
            if made.size is not None and max(made.size, made.capex_musd) <= NOTHING:
                continue
            paid = {
                p.programme: p.paid_musd
                for p in plan.payments
                if p.use is Use.CAPITAL and (p.thing, p.year) == (made.project, made.year)
            }
            named = (future.name,)
            row = RiskCommitment(
                made.project, made.year, made.units, made.size, named, made.capex_musd, paid
            )
            found.setdefault((made.year, made.project), []).append(row)
    for _, rows in sorted(found.items()):
        yield from _gathered(rows, len(plans))


def _gathered(rows: Sequence[RiskCommitment], futures: int) -> Iterator[RiskCommitment]:
    """One row for all scenarios that have the same."""
    left = list(rows)
    while left:
        same = [row for row in left if _alike(left[0], row)]
        names = tuple(row.scenarios[0] for row in same) if len(same) < futures else ()
        yield dataclasses.replace(left[0], scenarios=names)
        left = [row for row in left if row not in same]


def _alike(one: RiskCommitment, other: RiskCommitment) -> bool:
    near = abs((one.size or 0.0) - (other.size or 0.0)) <= NOTHING * max(1.0, one.size or 0.0)
    payers = one.paid_by.keys() | other.paid_by.keys()
    paid = all(
        abs(one.paid_by.get(k, 0.0) - other.paid_by.get(k, 0.0)) <= NOTHING * max(1.0, first)
        for k in payers
        for first in [one.paid_by.get(k, 0.0)]
    )
    cost = abs(one.capex_musd - other.capex_musd) <= NOTHING * max(1.0, one.capex_musd)
    return one.units == other.units and near and paid and cost


def _stock(doubt: Doubt, settled: Settled) -> Iterator[RiskStock]:
    """What is bought for stock: in every scenario until they differ, then in each."""
    for n, (future, answer) in enumerate(zip(doubt.futures, settled.answers, strict=True)):
        if answer.plan is None:
            continue
        for row in stockpile_years(future.instance, answer.plan):
            bought = row.bought_clear + row.bought_exposed
            shared = row.year < doubt.known_from
            if bought <= NOTHING or (shared and n > 0):
                continue
            paid: dict[str, float] = {}
            for p in answer.plan.paid_for(Use.STOCK):
                if (p.thing, p.year) == (row.stockpile, row.year):
                    paid[p.programme] = paid.get(p.programme, 0.0) + p.paid_musd
            yield RiskStock(
                stockpile=row.stockpile,
                region=future.instance.stockpiles[row.stockpile].region,
                year=row.year,
                scenario=EVERY if shared else future.name,
                bought=bought,
                level=row.clear + row.exposed,
                cover_days=row.cover_days,
                paid_by=paid,
            )
