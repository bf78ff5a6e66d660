"""One model inside the solver, ready for its passes: opened, prepared, kept, completed."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from opt.data.instance import Instance
from opt.fixed import FixedCommitment, FixedPurchase
from opt.model.build import build_model
from opt.model.objectives import Measure, measure
from opt.model.rule import OptModel
from opt.objectives import ObjectiveKind, objective_of
from opt.record.flows import CLEAR, EXPOSED
from opt.record.passes import Outcome, Pass
from opt.solver.beside import Beside
from opt.solver.control import Control, Progress
from opt.solver.highs import Basis, HighsModel, SolverAnswer, Vector, is_proven
from opt.solver.progress import Listener

# By how much a later pass may exceed an earlier one while it searches: plans that are as good but
# for rounding count. More where that leaves no plan. Absolute in shares, relative for money, whose
# values run into the thousands.
SLACKS = (1e-9, 1e-8, 1e-7)
# Values fixed at a solver's point hold to its tolerance and no closer.
FIXED_TOLERANCE = 1e-7

Plan = dict[str, float]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The pass that was relaxed first of all, and the basis at which that ended: the relaxation of
    a case much like it starts from there."""

    name: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """What a solve is asked for. `gap` holds for every pass but cost, `cost_gap` for cost.

    `cost_gap_added` takes the place of `cost_gap` where the plan costs more than `no_new_money`,
    USD million: it is a share of what it costs above that.

    `plan` are commitments given from outside, known as `plan_name`; with `improve` they are only
    the start. `purchases` are what such a plan buys for stock, which stays where the commitments
    do; None: what is bought is free. `near` is left by a case much like this one: it makes the way
    to the answer shorter.
    """

    objective: str = "dependence"
    gap: float = 1e-3
    cost_gap: float = 1e-2
    cost_gap_added: float | None = None
    no_new_money: float | None = None
    plan: tuple[FixedCommitment, ...] | None = None
    improve: bool = False
    plan_name: str = ""
    purchases: tuple[FixedPurchase, ...] | None = None
    near: Relaxed | None = None

    @property
    def holds_stock(self) -> bool:
        """Whether purchases for stock are given and stay."""
        return self.fixed and self.purchases is not None

    @property
    def fixed(self) -> bool:
        """Whether the commitments are given and stay."""
        return self.plan is not None and not self.improve

    def gap_of(self, name: str, value: float | None = None) -> float:
        """The relative gap at which a pass stops; of cost that at a value, USD million, where one
        is given."""
        if name != "cost":
            return self.gap
        above = None if value is None else self.above_no_new_money(value)
        if above is None or self.cost_gap_added is None or not value:
            return self.cost_gap
        return self.cost_gap_added * above / abs(value)

    def above_no_new_money(self, value: float) -> float | None:
        """By how much a cost exceeds that of no new money, where the gap is a share of that and it
        does. USD million."""
        if self.cost_gap_added is None or self.no_new_money is None or value <= self.no_new_money:
            return None
        return value - self.no_new_money


@dataclass(frozen=True, slots=True)
class Job:
    """One solve: what is asked of which instance, under which limits, who is told, and who does
    what can be done beside the search."""

    instance: Instance
    options: SolveOptions
    control: Control
    listener: Listener
    beside: Beside = field(default_factory=Beside)

    def of(self, instance: Instance, options: SolveOptions | None = None) -> Job:
        """The same job for another instance, and other options where they are given."""
        return dataclasses.replace(self, instance=instance, options=options or self.options)


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier pass and the value at which it is kept, in the unit that a person reads."""

    measure: Measure
    value: float

    def most(self, slack: float) -> float:
        """The most that the expression may come to, model units."""
        is_money = objective_of(self.measure.name).kind is ObjectiveKind.MONEY
        size = max(1.0, abs(self.value)) if is_money else 1.0
        return (self.value + slack * size) / self.measure.per_unit


@dataclass(frozen=True, slots=True)
class Completed:
    """The last plan that was completed, for which pass, and the basis at which it ended: the same
    again under other rows starts from there."""

    name: str
    plan: Plan
    basis: Basis | None


@dataclass(slots=True)
class Stage:
    """One model inside the solver. `kept` are the earlier passes that rows hold, `slack` how far
    each may be exceeded, `weighed` the last plan that was looked for with the cost in view and
    `with_cost` the point of the relaxation that it was looked for around, `completed` the last that
    was made exact, `relaxed` what the first relaxation left.
    `on_likely` is told a pass and the value that it is likely to come to, in the objective's unit;
    `bound_ahead` gives a bound of the cost pass that was worked out before, model units."""

    model: OptModel
    solver: HighsModel
    control: Control
    options: SolveOptions
    kept: list[Kept] = field(default_factory=list)
    slack: float = SLACKS[0]
    weighed: Plan | None = None
    with_cost: Vector | None = None
    completed: Completed | None = None
    relaxed: Relaxed | None = None
    on_likely: Callable[[str, float], None] | None = None
    bound_ahead: Callable[[], float] | None = None

    def keep(self, name: str, value: float) -> None:
        """Keep a pass at its value in all later ones."""
        measured = measure(self.model, name)
        if measured.per_unit > 0.0:
            self.kept.append(Kept(measured, value))
            self._hold(self.kept[-1])

    def loosen(self) -> bool:
        """Keep the earlier passes less closely; False where that would be too far."""
        if not self.kept or self.slack == SLACKS[-1]:
            return False
        self.hold_within(SLACKS[SLACKS.index(self.slack) + 1])
        return True

    def hold_within(self, slack: float) -> None:
        """Keep the earlier passes and the target to another slack."""
        self.slack = slack
        self.solver.release_rows()
        self._hold_all()

    def reopen(self) -> None:
        """A new solver for the same model, after the user gave up on one that is still busy."""
        self.completed = None
        self.solver = HighsModel(self.model, self.control)
        prepare(self)
        self._hold_all()

    def _hold_all(self) -> None:
        hold_target(self)
        for kept in self.kept:
            self._hold(kept)

    def _hold(self, kept: Kept) -> None:
        self.solver.keep_below(kept.measure.expression, kept.most(self.slack), kept.measure.name)

    @contextmanager
    def holding(self, name: str, value: float) -> Iterator[None]:
        """While it is open, an objective is at most a value, without slack."""
        measured = measure(self.model, name)
        if measured.per_unit > 0.0:
            self.solver.keep_below(measured.expression, value / measured.per_unit, name)
        yield
        self.solver.release_rows()
        self._hold_all()

    def plan_of(self, point: Vector) -> Plan:
        """The whole-number part of a point, by variable name."""
        columns = self.solver.columns
        return {columns[n].name: float(round(point[n])) for n in self.solver.integers}

    def build_columns(self) -> dict[str, dict[int, int]]:
        """The column of each project and year of commitment."""
        found: dict[str, dict[int, int]] = {}
        for j, v in self.model.index.BUILD:
            found.setdefault(j, {})[v] = self.solver.column_of(self.model.build[j, v])
        return found

    def complete_known(self, measured: Measure, plan: Plan) -> SolverAnswer:
        """The same of a plan that earlier passes left, whose rows are kept as closely as it can
        keep them; no point where even that is too far."""
        answer = self.complete(measured, plan)
        while answer.point is None and self.loosen():
            answer = self.complete(measured, plan)
        return answer

    def complete(
        self, measured: Measure, plan: Plan, *, doubt: bool = True, basis: Basis | None = None
    ) -> SolverAnswer:
        """The best point with the whole numbers of a plan: one LP, which heeds no limit. It starts
        where the same plan ended last, else from a basis where one is given. With `doubt` off that
        there is none is taken as it comes, and is no proof."""
        columns = self.solver.columns
        self.solver.fix({int(n): plan[columns[n].name] for n in self.solver.integers})
        last = self.completed
        if last and (last.name, last.plan) == (measured.name, plan):
            basis = last.basis
        answer = self.solver.minimise(measured.expression, obey=False, basis=basis, doubt=doubt)
        if answer.point is not None:
            self.completed = Completed(measured.name, plan, self.solver.basis())
        self.solver.free_integers()
        return answer


def completed(
    stage: Stage, measured: Measure, answer: SolverAnswer, known: SolverAnswer | None
) -> SolverAnswer:
    """The answer's whole numbers made exact, or the plan known before where that is better; with
    the answer's bound, and optimal where that is within the gap of the pass."""
    best = known
    if answer.point is not None and not _same_plan(stage, answer, known):
        polished = stage.complete(measured, stage.plan_of(answer.point))
        if polished.point is not None and (best is None or polished.value < best.value):
            best = polished
    if best is None or best.point is None:
        return answer
    bound = min(answer.bound, best.value)
    gap = stage.options.gap_of(measured.name, best.value * measured.per_unit)
    outcome = Outcome.OPTIMAL if is_proven(best.value, bound, gap) else Outcome.FEASIBLE
    return SolverAnswer(outcome, best.point, best.value, bound, answer.seconds)


def _same_plan(stage: Stage, answer: SolverAnswer, known: SolverAnswer | None) -> bool:
    """Whether a search came back with the whole numbers it started from."""
    if known is None or known.point is None or answer.point is None:
        return False
    return stage.plan_of(answer.point) == stage.plan_of(known.point)


def as_pass(measured: Measure, answer: SolverAnswer, name: str) -> Pass:
    """A pass in the unit a person reads."""
    value, bound = answer.value * measured.per_unit, answer.bound * measured.per_unit
    if measured.per_unit == 0.0:
        value = bound = 0.0
    if objective_of(name).floor:
        value, bound = max(0.0, value), max(0.0, bound)
    difference = value - bound
    gap = 0.0 if difference <= 0.0 else (difference / abs(value) if value else math.inf)
    return Pass(name, value, bound, gap, answer.seconds, answer.outcome)


@contextmanager
def reporting(control: Control, report: Callable[[Progress], None] | None) -> Iterator[None]:
    """While it is open, what the solver reports goes there; afterwards where it went before."""
    before = control.report
    control.report = report
    try:
        yield
    finally:
        control.report = before


def telling(
    stage: Stage, listener: Listener, step: str, objective: str, measured: Measure
) -> AbstractContextManager[None]:
    """While it is open, what the solver reports is told as the search of this objective, in the
    objective's own unit."""
    unit = measured.per_unit
    return reporting(
        stage.control,
        lambda p: listener.progress(step, objective, p.seconds, p.best * unit, p.bound * unit),
    )


def waiting(stage: Stage, listener: Listener, step: str) -> AbstractContextManager[None]:
    """While it is open, only that the step goes on is told, and no value."""
    return reporting(
        stage.control, lambda p: listener.progress(step, step, p.seconds, math.inf, -math.inf)
    )


@contextmanager
def changing(control: Control, change: Callable[[Progress], Progress]) -> Iterator[None]:
    """While it is open, what the solver reports is told as changed."""
    told = control.report
    if told is None:
        yield
        return
    with reporting(control, lambda progress: told(change(progress))):
        yield


@contextmanager
def knowing(control: Control, known: Callable[[], tuple[float, float]]) -> Iterator[None]:
    """While it is open, and once as it closes, the value and bound that are known are told, and not
    those of what the solver is at: that is no pass, or only some of its plans."""

    def as_known(progress: Progress) -> Progress:
        best, bound = known()
        return dataclasses.replace(progress, best=best, bound=bound)

    with changing(control, as_known):
        yield
        if control.report is not None:
            control.report(Progress(0.0, math.inf, -math.inf))


def knowing_already(control: Control, value: float, bound: float) -> AbstractContextManager[None]:
    """While it is open, nothing worse is told of a search than what an earlier one came to."""
    return changing(
        control,
        lambda p: dataclasses.replace(p, best=min(p.best, value), bound=max(p.bound, bound)),
    )


def above(control: Control, base: float) -> AbstractContextManager[None]:
    """While it is open, what is searched is what lies above a value, and told with it."""
    return changing(
        control, lambda p: dataclasses.replace(p, best=p.best + base, bound=p.bound + base)
    )


def deciding_origins(instance: Instance) -> tuple[str, ...]:
    """The origin classes that decide dependence: clear flows alone, since exposed flows never limit
    clear use; both where they do: a joint product that must not be left over, whose only way out
    may be exposed use; exposed stock in a stockpile whose room or keeping is limited; targets that
    count exposed flows."""
    joint = any(
        instance.commodities[c].surplus is None and len(p.outputs) > 1
        for p in instance.processes.values()
        for c in p.outputs
    )
    stocked = any(
        s.initial.get(EXPOSED, 0.0) > 0 and (s.capacity is not None or s.carrying_cost > 0)
        for s in instance.stockpiles.values()
    )
    counting = any(target.metric != "dependence" for target in instance.targets)
    return (CLEAR, EXPOSED) if joint or stocked or counting else (CLEAR,)


def open_stage(job: Job, origins: Sequence[str], *, freight: bool = True) -> Stage:
    """Build the model for some origin classes, its freight counted or not, and hand it to the
    solver."""
    model = build_model(job.instance, origins, freight=freight)
    stage = Stage(model, HighsModel(model, job.control), job.control, job.options)
    prepare(stage)
    hold_target(stage)
    return stage


def prepare(stage: Stage) -> None:
    """Fix a given plan, and leave others unserved for now."""
    if stage.options.fixed:
        given = {(c.project, c.year): c for c in stage.options.plan or ()}
        for key in stage.model.index.BUILD:
            units = float(given[key].units) if key in given else 0.0
            stage.solver.restrict(stage.model.build[key], units)
        for key in stage.model.index.SIZE:
            size = given[key].size if key in given else 0.0
            mass = stage.model.scale.of(stage.model.data.projects[key[0]]).mass
            stage.solver.restrict(stage.model.size[key], (size or 0.0) / mass)
    else:
        # Their costs, which have no say in the scale, would be far out of it in the solver.
        for key in stage.model.unpayable:
            stage.solver.restrict(stage.model.build[key], 0.0)
    if stage.options.holds_stock:
        hold_purchases(stage)
    stage.solver.set_upper(others_served(stage), 0.0)


def hold_target(stage: Stage) -> None:
    """Hold the dependence target where there is one."""
    target = stage.model.data.dependence_target
    measured = measure(stage.model, "dependence")
    if target is not None and measured.per_unit > 0.0:
        most = (target + stage.slack) / measured.per_unit
        stage.solver.keep_below(measured.expression, most, "dependence_target")


def hold_purchases(stage: Stage) -> None:
    """Buy for stock what a given plan buys, no more and no less."""
    given = {(p.stockpile, p.origin, p.year): p.bought for p in stage.options.purchases or ()}
    for key in stage.model.index.BUY:
        mass = stage.model.scale.of(stage.model.data.stockpiles[key[0]]).mass
        stage.solver.restrict(stage.model.buy[key], given.get(key, 0.0) / mass)


def others_served(stage: Stage) -> list[object]:
    """The variables that serve regions outside the alliance."""
    demands = stage.model.data.demands
    return [stage.model.serve[key] for key in stage.model.index.SERVE if not demands[key[0]].allied]
