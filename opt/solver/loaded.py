"""A model that stays inside the solver and is asked under many changes of its case.

It is built, handed over and relaxed once. Under a change of the case (opt.solver.altered) rows and
columns are altered in place, and the solver goes on from the basis at which that relaxation ended.
Every change starts from that one basis, so that an answer depends on what is asked and not on what
was asked before it. Values and bounds are those of the adapter, which believes no solver: a bound
is worked out again from the duals and the rows as they were altered.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.model.objectives import Measure, measure
from opt.objectives import objective_of
from opt.record.passes import Outcome
from opt.solver.altered import Alteration, OtherModelError, alteration, reading
from opt.solver.control import Control
from opt.solver.held import Ended, Failing, Held
from opt.solver.highs import INTEGRALITY_TOLERANCE, LiveBasis, SolverAnswer, Vector, is_proven
from opt.solver.lapse import payment_bounds
from opt.solver.stage import Job, Stage, deciding_origins, open_stage

# Dependence is a share: a target that is gone is one of 1, which every plan keeps.
NO_TARGET = 1.0
TARGET_ROW = "dependence_target"
NO_PLAN = SolverAnswer(Outcome.INFEASIBLE, None, math.inf, -math.inf, 0.0)

Bounds = dict[int, tuple[float, float]]
Commitment = tuple[str, int]  # project, year of commitment


@dataclass(slots=True)
class Loaded:
    """The model of a case on a stage, for one objective. `root` is what its relaxation came to,
    `basis` where that ended; None where it has none, and each question then begins anew."""

    instance: Instance
    stage: Stage
    objective: str
    root: SolverAnswer
    basis: LiveBasis | None

    def serves(self, instance: Instance, objective: str, control: Control) -> bool:
        """Whether it is the model of a case for an objective, under the threads and seed of a
        control, and free to answer."""
        own = self.stage.control
        asked = (objective, control.threads, control.seed, False)
        known = (self.objective, own.threads, own.seed, self.stage.solver.running)
        return asked == known and (instance is self.instance or instance == self.instance)

    def under_control(self, control: Control) -> None:
        """Answer under the limits of another control from now on."""
        self.stage.control = self.stage.solver.control = control

    @contextmanager
    def under(self, changed: Instance) -> Iterator[Altered]:
        """While it is open, the model is that of a changed case.

        Raises OtherModelError where that takes a model of its own.
        """
        with self._under(changed, alteration(self.stage, self.instance, changed)) as altered:
            yield altered

    @contextmanager
    def under_held(self, held: Held) -> Iterator[Altered]:
        """While it is open, the model, of a held plan, is that of the same plan held in a changed
        case.

        Raises OtherModelError where that takes a model of its own, as where commitments lapse.
        """
        changed, stage = held.job.instance, self.stage
        found = alteration(stage, self.instance, changed)
        build = stage.model.build
        units = {stage.solver.column_of(build[key]) for key in stage.model.index.BUILD}
        if {(j, v) for j, p in changed.projects.items() for v in p.offers} != set(
            stage.model.index.BUILD
        ):
            raise OtherModelError("commitments")
        own = {n: bounds for n, bounds in found.columns.items() if n not in units}
        left = dataclasses.replace(found, columns=own)
        with (
            self._under(changed, left) as altered,
            bound_to(stage, payment_bounds(stage, held.payable)),
        ):
            yield altered

    @contextmanager
    def _under(self, changed: Instance, found: Alteration) -> Iterator[Altered]:
        solver = self.stage.solver
        kept = {row.name: row.most for row in solver.kept_rows}
        with reading(self.stage.model, found.data):
            measured = measure(self.stage.model, self.objective)
            most = self._target(changed)
        aim = most if self.objective == "dependence" else None
        with bound_to(self.stage, found.columns):
            try:
                solver.rewrite(found.rows)
                if most is not None:
                    solver.keep_within(TARGET_ROW, most)
                yield Altered(self.stage, measured, self.basis, self.basis, aim)
            finally:
                if not solver.running:
                    solver.read_as_built()
                    if most is not None:
                        solver.keep_within(TARGET_ROW, kept[TARGET_ROW])

    def _target(self, changed: Instance) -> float | None:
        """What the row of the dependence target holds now, model units; None where there is no such
        row. The model reads the data of the changed case."""
        if self.instance.dependence_target is None:
            if changed.dependence_target is not None:
                raise OtherModelError(TARGET_ROW)
            return None
        measured, target = measure(self.stage.model, "dependence"), changed.dependence_target
        if not measured.per_unit:
            return None
        if not self.stage.solver.reads(TARGET_ROW, measured.expression):
            raise OtherModelError(TARGET_ROW)
        return ((NO_TARGET if target is None else target) + self.stage.slack) / measured.per_unit


def load(job: Job, objective: str = "dependence") -> Loaded:
    """The model of a case on the origins that decide it, its freight not counted, relaxed.

    `objective` is one that the clear chain decides. Commitments of the job's options are not held.
    """
    assert not objective_of(objective).needs_network, objective
    assert not job.options.fixed
    stage = open_stage(job, deciding_origins(job.instance), freight=False)
    return _relaxed(job.instance, stage, objective)


def load_held(held: Held) -> Loaded:
    """The model that tells the dependence of a held plan, solved."""
    return _relaxed(held.job.instance, held.deciding(), "dependence")


def _relaxed(instance: Instance, stage: Stage, objective: str) -> Loaded:
    root = stage.solver.relaxation(measure(stage.model, objective).expression)
    known = root.point is not None and not stage.solver.running
    return Loaded(instance, stage, objective, root, stage.solver.live_basis() if known else None)


@dataclass(slots=True)
class LastLoaded:
    """The model that this process loaded last, where there is one: no other is alive beside it but
    those of plants that fail, and of plans that are held, the last ones of them too. `near` is what
    was asked of a plan held in a case of which others are changes, and what it came to."""

    held: Loaded | None = None
    failing: tuple[object, Failing | None] | None = None
    near: tuple[object, Ended] | None = None
    standing: list[tuple[object, Loaded]] = field(default_factory=list)

    def standing_of(self, asked: object, hold: Callable[[], Held], control: Control) -> Loaded:
        """The model of a held plan, by all that it goes by (`asked`), under a control; loaded now
        where it is none of the last."""
        found = next((own for known, own in self.standing if known == asked), None)
        if found is None or found.stage.solver.running:
            # A plan and the case without it are asked about in turn.
            self.standing = self.standing[-1:]
            found = load_held(hold())
            self.standing.append((asked, found))
        found.under_control(control)
        return found

    def ended_as(self, asked: object, work: Callable[[], Ended | None]) -> Ended | None:
        """What a held plan came to, by all that it goes by (`asked`); worked out now where the last
        one was another. None where its job was stopped before."""
        if self.near is None or self.near[0] != asked:
            ended = work()
            self.near = None if ended is None else (asked, ended)
        return None if self.near is None else self.near[1]

    def failing_of(
        self, asked: object, hold: Callable[[], Held], control: Control
    ) -> Failing | None:
        """The models for failures of a held plan's plants, by all that it goes by (`asked`), under
        a control; loaded now where the last ones are of another. None where there are none for it.
        """
        last = self.failing
        if last is None or last[0] != asked or (last[1] is not None and last[1].running):
            last = self.failing = None  # no two are alive
            found = Failing.of(hold())
            if found is None and control.stopped:
                return None
            last = self.failing = (asked, found)
        if last[1] is not None:
            last[1].under_control(control)
        return last[1]

    def of(self, job: Job, objective: str) -> Loaded:
        """The loaded model of a job's case, under the job's control; loaded now where the last one
        is of another case. One that was cut short is not kept."""
        if self.held is not None and self.held.serves(job.instance, objective, job.control):
            self.held.under_control(job.control)
            return self.held
        self.held = None
        found = load(job, objective)
        if found.root.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE):
            self.held = found
        return found


@dataclass(slots=True)
class Altered:
    """The model under one change, `measured` the objective there. A bound is begun at `root`, the
    value of a plan at `basis`, where what was asked last ended. `aim` is what the target's row
    allows where that is what is made small, model units; None where there is no such row."""

    stage: Stage
    measured: Measure
    root: LiveBasis | None
    basis: LiveBasis | None
    aim: float | None = None

    def bound(self) -> SolverAnswer:
        """The relaxation, in the unit that a person reads: what no plan can beat. Infeasible where
        no plan obeys every rule even in parts."""
        return self._read(self._begun(self.root))

    def value(self, plan: Iterable[FixedCommitment]) -> SolverAnswer:
        """The best with given commitments and no other, in the unit that a person reads; infeasible
        where they break a rule. A size that is None is free.

        Payments are free. Where smallest tickets leave whole numbers open it is a search to the
        optimum, else one linear programme.
        """
        held = self._held(plan)
        if held is None:
            return NO_PLAN
        with bound_to(self.stage, held):
            found = self._begun(self.basis)
            tickets = self._tickets(held, found)
            if tickets:
                found = self._with_tickets(tickets, found)
        return self._read(found)

    def between(
        self, least: Mapping[Commitment, int], most: Mapping[Commitment, int]
    ) -> SolverAnswer:
        """The relaxation with at least and at most so many units of some commitments, in the unit
        that a person reads; infeasible where more is asked than is on offer."""
        build, solver = self.stage.model.build, self.stage.solver
        if not least.keys() | most.keys() <= set(self.stage.model.index.BUILD):
            return NO_PLAN
        bounds: Bounds = {}
        for key in sorted(least.keys() | most.keys()):
            n = solver.column_of(build[key])
            low, high = solver.bounds_at(n)
            bounds[n] = (max(low, least.get(key, 0)), min(high, most.get(key, math.inf)))
        if any(low > high for low, high in bounds.values()):
            return NO_PLAN
        with bound_to(self.stage, bounds):
            return self._read(self._begun(self.basis))

    def among(self, fixed: Mapping[int, float], gap: float, nodes: int) -> SolverAnswer:
        """The best that a search finds with some columns fixed, in no more than so many nodes, to a
        relative gap, in the unit that a person reads. Its bound is none of the changed case. What
        lies beyond the bounds of its column is not fixed."""
        solver = self.stage.solver
        bounds: Bounds = {}
        for n, value in fixed.items():
            low, high = solver.bounds_at(n)
            if low <= value <= high:
                bounds[n] = (value, value)
        with bound_to(self.stage, bounds):
            found = solver.search(self.measured.expression, gap, None, nodes, doubt=False)
        return self._read(found)

    def searched(self, gap: float, start: Vector) -> SolverAnswer:
        """The best that a search finds from a point that obeys every rule, to a relative gap, and
        what no plan can beat, in the unit that a person reads."""
        solver = self.stage.solver
        return self._read(solver.minimise(self.measured.expression, gap, start))

    def units(self, point: Vector) -> dict[Commitment, float]:
        """Units of each commitment at a point, by project and year; those of none are left out."""
        model = self.stage.model
        return self.stage.solver.values(model.build, model.index.BUILD, point)

    def commitments(self, point: Vector) -> tuple[FixedCommitment, ...]:
        """The plan at a point whose commitments are whole, with the sizes of scalable projects."""
        model = self.stage.model
        sizes = self.stage.solver.values(model.size, model.index.SIZE, point)
        return tuple(
            FixedCommitment(j, v, round(units), size)
            for (j, v), units in self.units(point).items()
            for own in [model.data.projects[j]]
            for mass in [model.scale.of(own).mass]
            for size in [sizes.get((j, v), 0.0) * mass if own.scalable else None]
            if round(units)
        )

    def _begun(self, basis: LiveBasis | None) -> SolverAnswer:
        """The relaxation from a basis; where it ends is kept.

        The least says whether the target of what is made small can be met, so its row is left out:
        from a basis HiGHS ends without a word on most programmes that have no point, and an answer
        from none takes it ten times as long. On the reference case that was half of the time of 52
        questions whether fewer projects are near enough: 71 s of CPU, 35 without the row.
        """
        solver = self.stage.solver
        with self._without_aim():
            found = solver.relaxation(self.measured.expression, basis)
            if found.point is not None and not solver.running:
                self.basis = solver.live_basis() or self.basis
        if self.aim is None or found.point is None or solver.keeps(TARGET_ROW, found.point):
            return found
        if found.bound > self.aim:
            return dataclasses.replace(NO_PLAN, seconds=found.seconds)
        return solver.relaxation(self.measured.expression)

    @contextmanager
    def _without_aim(self) -> Iterator[None]:
        """While it is open, the target of what is made small asks for nothing."""
        solver = self.stage.solver
        if self.aim is not None:
            solver.keep_within(TARGET_ROW, NO_TARGET / self.measured.per_unit)
        try:
            yield
        finally:
            if self.aim is not None and not solver.running:
                solver.keep_within(TARGET_ROW, self.aim)

    def _with_tickets(self, tickets: Bounds, relaxed: SolverAnswer) -> SolverAnswer:
        """The best with every ticket whole: the relaxation where a ticket wherever it pays breaks
        no rule, that of these tickets where it is no worse, else the end of a search."""
        assert relaxed.point is not None
        point = relaxed.point.copy()
        for n, (whole, _) in tickets.items():
            point[n] = whole
        value = self.stage.solver.value_of(self.measured.expression, point)
        if value <= relaxed.value and self.stage.solver.holds(point):
            return dataclasses.replace(relaxed, point=point)
        with bound_to(self.stage, tickets):
            found = self._begun(self.basis)
        if found.point is not None and is_proven(found.value, relaxed.bound, 0.0):
            return found
        return self.stage.solver.minimise(self.measured.expression)

    def _tickets(self, held: Bounds, found: SolverAnswer) -> Bounds:
        """The whole numbers that are not held, rounded up at a point."""
        if found.point is None:
            return {}
        left = (int(n) for n in self.stage.solver.integers if int(n) not in held)
        return {n: (whole, whole) for n in left for whole in [_up(found.point[n])]}

    def _held(self, plan: Iterable[FixedCommitment]) -> Bounds | None:
        """The bounds that hold a plan: units, given sizes, who of a group is chosen, and no tickets
        of what is not built. None where something of it is not on offer."""
        model, solver = self.stage.model, self.stage.solver
        given = {(c.project, c.year): c for c in plan if c.units}
        if not given.keys() <= set(model.index.BUILD):
            return None
        built = {j for j, _ in given}
        held: Bounds = {}
        for key in model.index.BUILD:
            n = solver.column_of(model.build[key])
            units = float(given[key].units) if key in given else 0.0
            least, most = solver.bounds_at(n)
            if not least <= units <= most:
                return None
            held[n] = (units, units)
        for key in model.index.SIZE:
            size = given[key].size if key in given else None
            if size is not None:
                mass = model.scale.of(model.data.projects[key[0]]).mass
                held[solver.column_of(model.size[key])] = (size / mass,) * 2
        for j in model.index_chosen:
            held[solver.column_of(model.chosen[j])] = (float(j in built),) * 2
        for j, k, v in model.index.TICKET:
            if (j, v) not in given:
                held[solver.column_of(model.ticket[j, k, v])] = (0.0, 0.0)
        return held

    def _read(self, answer: SolverAnswer) -> SolverAnswer:
        """The answer in the unit that a person reads."""
        unit, floor = self.measured.per_unit, objective_of(self.measured.name).floor
        if answer.point is None:
            return answer
        if not unit:
            return dataclasses.replace(answer, value=0.0, bound=0.0)
        value, bound = answer.value * unit, answer.bound * unit
        if floor:
            value, bound = max(0.0, value), max(0.0, bound)
        return dataclasses.replace(answer, value=value, bound=bound)


@contextmanager
def bound_to(stage: Stage, bounds: Mapping[int, tuple[float, float]]) -> Iterator[None]:
    """While it is open, columns have other bounds; then those that they had: of a held plan some
    are bound more closely than in the model."""
    solver = stage.solver
    before = {n: solver.bounds_at(n) for n in bounds}
    solver.bind(bounds)
    try:
        yield
    finally:
        if not solver.running:
            solver.bind(before)


def _up(value: float) -> float:
    """The whole number above a value, or at it but for tolerance."""
    return float(math.ceil(value - INTEGRALITY_TOLERANCE))
