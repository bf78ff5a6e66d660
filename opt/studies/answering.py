"""How a task is answered: from an instance to the solver, and back to an answer."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Mapping

from opt.collector import at_rest
from opt.data.instance import Instance
from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.model.objectives import measure
from opt.model.outlays import UNIT_OUTLAYS
from opt.record.flows import CLEAR, EXPOSED
from opt.record.passes import Outcome
from opt.record.projects import as_given
from opt.record.run import Solution
from opt.solver.altered import OtherModelError
from opt.solver.control import Control
from opt.solver.elastic import Elastic
from opt.solver.extract import Reader
from opt.solver.held import Ended, Held
from opt.solver.highs import SolverAnswer as Found
from opt.solver.highs import Vector, is_proven
from opt.solver.loaded import LastLoaded, Loaded, load
from opt.solver.priorities import run_pass, solve_instance, starting_plan
from opt.solver.progress import Listener, Silent
from opt.solver.repair import Repaired, repaired
from opt.solver.settle import Decided, settle
from opt.solver.stage import (
    FIXED_TOLERANCE,
    Job,
    Plan,
    SolveOptions,
    Stage,
    deciding_origins,
    open_stage,
)
from opt.solver.weighted import cheaper_plan
from opt.studies.change import failed_project
from opt.studies.holding import hold
from opt.studies.task import NOT_DECIDED, Answer, How, Outlays, Task

TIME_OVER = "its time was over before an answer was known: raise time_limit"


def answer(
    task: Task, control: Control, listener: Listener, loaded: LastLoaded | None = None
) -> Answer:
    """The answer of a task, under the limits of a control that has been started; `loaded` is what
    this process keeps of one task for the next.

    Raises SolverError where the solver fails.
    """
    job = Job(task.instance, task.ask.options, control, listener)
    given = job.options.fixed
    if task.ask.how is How.RELAXED and task.base and loaded is not None and not given:
        found = _relaxed_change(task, job.of(task.base), loaded)
    elif task.base is not None and task.ask.how in CHANGES:
        found = CHANGES[task.ask.how](task, job, LastLoaded() if loaded is None else loaded)
    elif task.ask.how is How.FLOWS:
        found = _flows(task, job, loaded)
    elif task.ask.how is How.STANDS:
        found = _stands(task, job, loaded)
    else:
        found = ANSWERED[task.ask.how](task, job)
    if found.outcome is Outcome.LIMIT and not found.failed:
        return dataclasses.replace(found, reason=TIME_OVER)
    return found


def _none(task: Task, outcome: Outcome, seconds: float) -> Answer:
    return Answer(task.key, outcome, math.inf, -math.inf, None, seconds)


def _whole(task: Task, job: Job) -> Answer:
    """Every pass of the objective; value and bound are those of the first."""
    job.listener.begin(task.key)
    solved = solve_instance(dataclasses.replace(job, listener=Silent()))
    seconds = math.fsum(result.seconds for result in solved.passes)
    if solved.solution is None:
        return _none(task, solved.outcome, seconds)
    first = solved.passes[0]
    return Answer(task.key, solved.outcome, first.value, first.bound, solved.solution, seconds)


def _chain(task: Task, job: Job) -> Answer:
    """The objective on the origins that decide it, from the start that is given.

    The start stays where no other plan is better. A plan of least dependence alone holds projects
    that help nothing, so a better one is made cheaper before anything is said of its money.
    """
    name, origins = job.options.objective, deciding_origins(job.instance)
    stage = open_stage(job, origins, freight=False)
    began = starting_plan(stage, name)
    result, plan, point = run_pass(stage, name, began, job.listener, title=task.key)
    if plan is None or point is None:
        return _none(task, result.outcome, result.seconds)
    if result.value >= task.ask.below:
        built = _commitments(stage, point)
        told = _built(task, result.outcome, result.value, result.bound, built)
        return dataclasses.replace(told, seconds=result.seconds)
    solution = _whole_chain(task, stage, job, plan, result.value, cheap=plan == began)
    return Answer(task.key, result.outcome, result.value, result.bound, solution, result.seconds)


def _whole_chain(
    task: Task, stage: Stage, job: Job, plan: Plan, value: float, *, cheap: bool
) -> Solution:
    """A plan of the chain as a whole answer, its value kept: made cheaper first where it is not
    `cheap` already."""
    name = job.options.objective
    stage.keep(name, value)
    if not cheap:
        plan = cheaper_plan(stage, plan, job.listener, task.key)
    exposed = EXPOSED in deciding_origins(job.instance)
    return _completed(stage if exposed else _of_every_region(job, name, value), job, plan)


def _changed_chain(task: Task, job: Job, loaded: LastLoaded) -> Answer:
    """The same of a change of a base, its plan found as that of How.CHANGED is."""
    found = _changed(task, job, loaded)
    if found.built is None:
        return found
    begun = job.of(job.instance, _begun_with(job, found.built))
    stage = open_stage(begun, deciding_origins(job.instance), freight=False)
    plan = starting_plan(stage, job.options.objective)
    assert plan is not None, task.key
    # The plan of the base was made as cheap as it can be when it was found.
    cheap = _made(found.built) == _made(job.options.plan or ()) or job.control.stopped
    solution = _whole_chain(task, stage, job, plan, found.value, cheap=cheap)
    return dataclasses.replace(found, plan=solution, built=None)


def _made(plan: tuple[FixedCommitment, ...]) -> set[tuple[str, int, int]]:
    """The units of each commitment of a plan, whatever their size."""
    return {(c.project, c.year, c.units) for c in plan}


def _given_completed(task: Task, job: Job) -> Answer:
    """The objective of given commitments on the origins that decide it, their flows as cheap as
    that allows, and who pays: linear programmes but for smallest tickets."""
    assert job.options.fixed, task.key
    job.listener.begin(task.key)
    name = job.options.objective
    stage = open_stage(job, deciding_origins(job.instance))
    result, plan, _ = run_pass(stage, name, None, Silent())
    if plan is None:
        return _none(task, result.outcome, result.seconds)
    stage.keep(name, result.value)
    solution = _completed(stage, job, plan)
    return Answer(task.key, result.outcome, result.value, result.bound, solution, result.seconds)


def _of_every_region(job: Job, name: str, value: float) -> Stage:
    """The clear chain with its freight, so with a place in every region, a pass kept in it."""
    stage = open_stage(job, (CLEAR,))
    stage.keep(name, value)
    return stage


def _completed(stage: Stage, job: Job, plan: Plan) -> Solution:
    """A plan as cheap as its commitments allow, and who pays for it."""
    point = stage.complete_known(measure(stage.model, "cost"), plan).point
    assert point is not None, plan  # the plan keeps the row by which it was found
    decided = Decided.of(Reader(stage.solver, stage.model, point))
    return Solution(
        commitments=decided.commitments,
        payments=settle(job, decided),
        allied=decided.flows,
        world=decided.flows,
    )


def _relaxed(task: Task, job: Job) -> Answer:
    """The bound of the relaxation; no plan is known by it."""
    job.listener.begin(task.key)
    return _relaxed_alone(task, job)


def _relaxed_alone(task: Task, job: Job) -> Answer:
    """The same from a model of the task's own."""
    stage = open_stage(job, deciding_origins(job.instance), freight=False)
    measured = measure(stage.model, job.options.objective)
    found = stage.solver.relaxation(measured.expression)
    if found.point is None:
        return _none(task, found.outcome, found.seconds)
    bound = max(0.0, found.bound * measured.per_unit)
    return Answer(task.key, found.outcome, math.inf, bound, None, found.seconds)


def _relaxed_change(task: Task, job: Job, loaded: LastLoaded) -> Answer:
    """The same from the loaded model of the task's base, whose job it is; from a model of its own
    where the change takes one."""
    job.listener.begin(task.key)
    model = loaded.of(job, job.options.objective)
    if model.stage.solver.running:
        return _none(task, Outcome.LIMIT, model.root.seconds)
    try:
        with model.under(task.instance) as asked:
            found = asked.bound()
    except OtherModelError:
        return _relaxed_alone(task, job.of(task.instance))
    if found.point is None:
        return _none(task, found.outcome, found.seconds)
    return Answer(task.key, found.outcome, math.inf, found.bound, None, found.seconds)


def _changed(task: Task, job: Job, loaded: LastLoaded) -> Answer:
    """The objective of a change of the base: the given plan mended on the base's loaded model and,
    where that does not prove it, the search of that model from there; where the change takes a
    model of its own, or no plan was found, a search of the change's own."""
    job.listener.begin(task.key)
    began = time.monotonic()
    try:
        mended, bound = _mended(task, job, _of_base(task, job, loaded), to_gap=True)
    except OtherModelError:
        mended, bound = None, -math.inf
    found = _told(task, job, mended, bound)
    if found.outcome in (Outcome.FEASIBLE, Outcome.LIMIT) and not (mended and job.control.stopped):
        found = _searched(task, job, mended, bound)
    return dataclasses.replace(found, seconds=time.monotonic() - began)


def _mended_alone(task: Task, job: Job, loaded: LastLoaded) -> Answer:
    """The same without a search: where the change takes a model of its own, the plan is mended on
    that."""
    job.listener.begin(task.key)
    began = time.monotonic()
    try:
        mended, bound = _mended(task, job, _of_base(task, job, loaded))
    except OtherModelError:
        own = dataclasses.replace(job.options, plan=None)
        mended, bound = _mended(task, job, load(job.of(job.instance, own), own.objective))
    found = _told(task, job, mended, bound)
    if found.outcome is Outcome.LIMIT and not job.control.stopped:
        found = dataclasses.replace(found, reason=NOT_DECIDED)
    return dataclasses.replace(found, seconds=time.monotonic() - began)


def _told(task: Task, job: Job, mended: Repaired | None, bound: float) -> Answer:
    """What a mended plan and the bound of a change say of it; that there is no answer where they
    say nothing."""
    if mended is not None:
        proven = is_proven(mended.value, bound, job.options.gap)
        outcome = Outcome.OPTIMAL if proven else Outcome.FEASIBLE
        return _built(task, outcome, mended.value, bound, mended.plan)
    if bound == math.inf:
        return _none(task, Outcome.INFEASIBLE, 0.0)
    return dataclasses.replace(_none(task, Outcome.LIMIT, 0.0), bound=bound)


def _commitments(stage: Stage, point: Vector) -> tuple[FixedCommitment, ...]:
    """What a point commits."""
    return as_given(Decided.of(Reader(stage.solver, stage.model, point)).commitments)


def _built(
    task: Task, outcome: Outcome, value: float, bound: float, built: tuple[FixedCommitment, ...]
) -> Answer:
    return Answer(task.key, outcome, value, min(bound, value), None, 0.0, built=built)


def _of_base(task: Task, job: Job, loaded: LastLoaded) -> Loaded:
    """The loaded model of the base of a change."""
    assert task.base is not None, task.key
    options = dataclasses.replace(job.options, plan=None)
    return loaded.of(job.of(task.base, options), options.objective)


def _mended(
    task: Task, job: Job, model: Loaded, *, to_gap: bool = False
) -> tuple[Repaired | None, float]:
    """The given plan mended under the change on a loaded model, with `to_gap` by a search of it
    where need be, None where none was found; and what no plan of the change can beat: inf where
    there is none, -inf where the model does not tell.

    Raises OtherModelError where the change takes another model.
    """
    if model.stage.solver.running:
        return None, -math.inf
    given = job.options.plan or ()
    found, relaxed = repaired(model, task.instance, given, job.options.gap, to_gap=to_gap)
    if relaxed.outcome is Outcome.INFEASIBLE:
        return None, math.inf
    if found is not None:
        return found, found.bound
    return None, -math.inf if relaxed.point is None else relaxed.bound


def _searched(task: Task, job: Job, mended: Repaired | None, bound: float) -> Answer:
    """The search of the change's own model to its gap, from the plan found so far."""
    options = _begun_with(job, mended.plan if mended is not None else _offered(job))
    stage = open_stage(job.of(job.instance, options), deciding_origins(job.instance), freight=False)
    name = options.objective
    result, found, point = run_pass(stage, name, starting_plan(stage, name), Silent())
    if found is None or point is None:
        return _none(task, result.outcome, 0.0)
    built = _commitments(stage, point)
    return _built(task, result.outcome, result.value, max(bound, result.bound), built)


def _begun_with(job: Job, plan: tuple[FixedCommitment, ...]) -> SolveOptions:
    """The options of a job, begun with another plan."""
    return dataclasses.replace(job.options, plan=plan, improve=True)


def _offered(job: Job) -> tuple[FixedCommitment, ...]:
    """What of the given plan the case offers."""
    projects = job.instance.projects
    return tuple(
        c
        for c in job.options.plan or ()
        if c.project in projects and c.year in projects[c.project].offers
    )


def _held(task: Task, job: Job) -> Answer:
    """The least dependence with given commitments and outlays: one linear programme.

    Raises SolverError where they break a rule.
    """
    job.listener.begin(task.key)
    stage = open_stage(job, deciding_origins(job.instance), freight=False)
    stage.solver.relax_tolerance(FIXED_TOLERANCE)
    _hold_outlays(stage, task.ask.outlays)
    measured = measure(stage.model, job.options.objective)
    found = stage.solver.minimise(measured.expression, obey=False)
    if found.point is None:
        raise SolverError("part of a plan breaks a rule that the whole plan obeys")
    value = max(0.0, found.value * measured.per_unit)
    return Answer(task.key, found.outcome, value, value, None, found.seconds)


def _hold_outlays(stage: Stage, outlays: Outlays) -> None:
    """Buy no more for stock, and pay for no more by the unit, than is given."""
    model = stage.model
    for key in model.index.BUY:
        mass = model.scale.of(model.data.stockpiles[key[0]]).mass
        stage.solver.set_upper([model.buy[key]], outlays.bought.get(key, 0.0) / mass)
    for use in UNIT_OUTLAYS:
        for key in model.index.paid(use):
            mass = model.scale.of_plant(use.thing(key)[0]).mass
            most = outlays.by_unit.get((use.use, *use.place(key)), 0.0) / mass
            stage.solver.set_upper([getattr(model, use.variable)[key]], most)


def _reach(task: Task, job: Job) -> Answer:
    """How near the only target is reached, all else being obeyed.

    Value: the target's bound where it can be met, else the nearest that was found to it. Bound: the
    nearest that any plan comes to it; -inf for a source share, whose slack is a mass.
    """
    job.listener.begin(task.key)
    elastic = Elastic(job, job.instance, deciding_origins(job.instance))
    aims = [n for n, item in enumerate(elastic.items) if item.group == "target"]
    if not aims:  # nothing that the target measures can be there: it is 0 in every plan
        return Answer(task.key, Outcome.OPTIMAL, 0.0, 0.0, None, 0.0)
    (n,) = aims
    found = elastic.ask([n])
    if found.point is None:
        return _none(task, found.outcome, found.seconds)
    return _reached(task, elastic, n, found)


def _reached(task: Task, elastic: Elastic, n: int, found: Found) -> Answer:
    (target,) = elastic.instance.targets
    seconds = found.seconds
    if n not in elastic.slacks(found):
        return Answer(task.key, Outcome.OPTIMAL, target.bound, target.bound, None, seconds)
    share = target.metric == "source_share"
    nearest = elastic.least_share(found, n) if share else found
    away = 1.0 if target.at_most else -1.0
    bound = -math.inf if share else target.bound + away * max(0.0, found.bound)
    return Answer(task.key, found.outcome, elastic.reached(nearest, n), bound, None, seconds)


# What is alive while a plan is held are whole models, which stay until it is told.
@at_rest()
def _flows(task: Task, job: Job, loaded: LastLoaded | None = None) -> Answer:
    """What flows with the given commitments, but those that lapse for want of money."""
    job.listener.begin(task.key)
    began = time.monotonic()
    ended: Ended | None = None
    if task.base is not None and loaded is not None:
        ended = _changed_flows(task, job, task.base, loaded)
    ended = ended or _held_plan(task, job).ended()
    seconds = time.monotonic() - began
    if ended is None:
        return _none(task, Outcome.LIMIT, seconds)
    return Answer(task.key, Outcome.OPTIMAL, ended.value, ended.value, ended.flows, seconds)


def _changed_flows(task: Task, job: Job, base: Instance, loaded: LastLoaded) -> Ended | None:
    """The same of a change of a base: of one plant's failure on the base's models where nobody is
    short, of any other from where the base itself ends. None where that was stopped."""
    asked = (base, task.ask)

    def held() -> Held:
        return _held_plan(task, job.of(base))

    plant = failed_project(base, task.instance)
    if plant is not None:
        models = loaded.failing_of(asked, held, job.control)
        ended = None if models is None else models.without(plant)
        if ended is not None:
            return ended
    calm = loaded.ended_as(asked, lambda: held().ended(lasting=True))
    if calm is None or task.instance == base:
        return calm
    return _held_plan(task, job).ended(calm.basis)


def _held_plan(task: Task, job: Job) -> Held:
    """The plan of a task held in the case of a job."""
    outlays = task.ask.outlays
    return hold(job, task.ask.payments, outlays.bought, outlays.moved)


def _stands(task: Task, job: Job, loaded: LastLoaded | None = None) -> Answer:
    """The least dependence of the given commitments, but those that lapse for want of money."""
    job.listener.begin(task.key)
    began = time.monotonic()
    held = _held_plan(task, job)
    value = None if loaded is None else _changed_dependence(task, job, held, loaded)
    if value is None:
        value = held.dependence()
    if math.isinf(value):
        return _none(task, Outcome.LIMIT, time.monotonic() - began)
    found = _built(task, Outcome.OPTIMAL, value, value, held.payable.commitments)
    return dataclasses.replace(found, seconds=time.monotonic() - began)


def _changed_dependence(task: Task, job: Job, held: Held, loaded: LastLoaded) -> float | None:
    """The same value from the model of the plan held in the task's base; None where the change
    takes a model of its own, or is not answered there."""
    if task.base is None or deciding_origins(task.base) != deciding_origins(task.instance):
        return None
    base = job.of(task.base)
    model = loaded.standing_of((task.base, task.ask), lambda: _held_plan(task, base), job.control)
    if model.stage.solver.running:
        return None
    try:
        with model.under_held(held) as altered:
            found = altered.bound()
    except OtherModelError:
        return None
    return None if found.point is None else found.value


ANSWERED: Mapping[How, Callable[[Task, Job], Answer]] = {
    How.WHOLE: _whole,
    How.CHAIN: _chain,
    How.RELAXED: _relaxed,
    How.HELD: _held,
    How.COMPLETED: _given_completed,
    How.REACH: _reach,
}
# On the loaded model of the task's base.
CHANGES: Mapping[How, Callable[[Task, Job, LastLoaded], Answer]] = {
    How.CHANGED: _changed,
    How.MENDED: _mended_alone,
    How.CHAIN: _changed_chain,
}
