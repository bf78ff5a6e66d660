"""The passes of a solve, one after the other, each kept in the next.

    clear chain     passes that depend on clear flows alone (dependence, peak, public, ...)
    whole network   shortfall and cost, from the plan of the chain
    funding         the least public money that the plan's commitments need
    whole network   the world pass, with everything that concerns allies fixed

The clear chain is an exact reduction: exposed flows never limit clear use. It is not used where a
joint product must not be left over, whose only way out may be exposed use. Its passes count no
freight, so regions that are alike are one place in it; what others check of a pass is the chain
with every region.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from opt.data.instance import Instance
from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.model.objectives import Measure, measure
from opt.objectives import objective_of
from opt.record.flows import CLEAR, EXPOSED
from opt.record.passes import Outcome, Pass
from opt.record.projects import as_given
from opt.record.run import Solution
from opt.solver.beside import Asked
from opt.solver.cost_bound import CostRelaxed, Tangent
from opt.solver.extract import Reader
from opt.solver.highs import Basis, SolverAnswer, Vector, is_proven, may_bound
from opt.solver.nearby import LOOSELY, better_nearby, worth_looking_around
from opt.solver.progress import Listener
from opt.solver.proof import Recorder
from opt.solver.settle import Decided, settle
from opt.solver.stage import (
    SLACKS,
    Job,
    Plan,
    Relaxed,
    Stage,
    above,
    as_pass,
    completed,
    deciding_origins,
    knowing,
    knowing_already,
    open_stage,
    telling,
)
from opt.solver.ties import old_before_new
from opt.solver.weighted import WORTHWHILE, cheaper_plan, relaxed_start
from opt.solver.world import serve_world

PROVEN_ZERO = 1e-12


@dataclass(frozen=True, slots=True)
class Solved:
    """What the passes came to. `solution` is None where there is no plan; `relaxed` is what the
    relaxation of the first pass left, None where there was none."""

    outcome: Outcome
    passes: tuple[Pass, ...]
    solution: Solution | None
    relaxed: Relaxed | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A plan that some passes came to, the value of the first one, and what its relaxation left."""

    plan: tuple[FixedCommitment, ...]
    value: float
    relaxed: Relaxed | None


class Heard(Protocol):
    """Is told of a plan as soon as it stands: what follows from it can begin."""

    def begun(self, begun: Begun) -> None:
        """The first pass ended with this plan; later ones may find another of its value."""

    def decided(self, decided: Begun) -> None:
        """Every pass ended with this plan, which is the answer's: who pays is still to come."""


@dataclass(slots=True)
class Done:
    """The passes so far, the plan that they leave, None where there is none, and its point.

    Later passes may exceed earlier ones by `slack` in what is told. `relaxed` is what the
    relaxation of the first pass left.
    """

    passes: list[Pass]
    plan: Plan | None = None
    point: Vector | None = None
    slack: float = 0.0
    relaxed: Relaxed | None = None

    @property
    def failed(self) -> bool:
        """Whether a pass found no plan."""
        return bool(self.passes) and self.plan is None


def solve_instance(
    job: Job, recorder: Recorder | None = None, heard: Heard | None = None
) -> Solved:
    """Run every pass of the objective's order, then settle the money and serve the world.

    A recorder is told of each pass of the order as it ends. `heard` is told of what the first one
    came to where the clear chain decides it, and of what all came to, unless they were stopped.

    Raises SolverError where the solver fails. Stopped early, it completes the plan found so far by
    linear programmes alone and says so in the outcome.
    """
    order = objective_of(job.options.objective).passes
    # Purchases that stay take material and money of both classes: nothing is decided without them.
    leading = () if job.options.holds_stock else _leading(job.instance, order)
    done = Done([])
    later = order[len(leading) :]
    ahead = _CostAhead(job, leading, later)
    if leading:
        _on_chain(job, leading, done, recorder, ahead, heard=heard)
    if done.failed:
        return Solved(done.passes[-1].outcome, tuple(done.passes), None)
    network = open_stage(job, (CLEAR, EXPOSED))
    network.bound_ahead = functools.partial(ahead.bound, network)
    _on_network(network, job, later, done, recorder, ahead=ahead)
    if done.failed:
        return Solved(done.passes[-1].outcome, tuple(done.passes), None)
    assert done.point is not None, order
    return _whole(network, job, done, heard)


@dataclass(slots=True)
class _CostAhead:
    """The bound of the cost pass, asked for before the one pass before it that decides projects is
    searched: at the value that this is likely to come to, and with nobody short.

    The nearer that is, the less is lost: of the reference case, whose dependence is .59713, USD
    76.47 billion are proven from .5962 to .599, and 76.20 from .5941, half the gap above the bound
    of its relaxation."""

    job: Job
    leading: tuple[str, ...]
    later: tuple[str, ...]
    asked: Asked[Tangent | None] | None = None

    def ask(self, name: str, value: float) -> None:
        """Ask for it at a value of the first pass, in its own unit."""
        one_before = self.leading == (name,) and self.later == ("shortfall", "cost")
        if self.asked is not None or not one_before or not math.isfinite(value):
            return
        options = dataclasses.replace(self.job.options, near=None)
        work = CostRelaxed(self.job.instance, options, ((name, value), ("shortfall", 0.0)))
        self.asked = self.job.beside.ask(work, self.job.control)

    def bound(self, network: Stage) -> float:
        """It under the rows that the network keeps, model units; -inf where there is none."""
        tangent = self._tangent()
        return -math.inf if tangent is None else tangent.at(network.solver)

    def basis(self) -> Basis | None:
        """Where it was found: a plan is completed from there. On the reference case that takes 2.6
        s of CPU, from nothing 4.6."""
        tangent = self._tangent()
        return None if tangent is None else tangent.basis

    def _tangent(self) -> Tangent | None:
        return None if self.asked is None else self.asked.take(self.job.control)


def _on_chain(
    job: Job,
    names: Sequence[str],
    done: Done,
    recorder: Recorder | None,
    ahead: _CostAhead,
    *,
    heard: Heard | None,
) -> None:
    """The passes that the clear chain decides, and a cheaper plan that keeps them."""
    chain = open_stage(job, (CLEAR,), freight=False)
    chain.on_likely = ahead.ask
    whole = open_stage(job, (CLEAR,)) if recorder else None
    done.plan = starting_plan(chain, names[0])
    for name in names:
        result, done.plan, point = run_pass(chain, name, done.plan, job.listener)
        done.passes.append(result)
        if done.plan is None or point is None:
            return
        if heard and name == names[0] and not job.control.stopped:
            plan = as_given(Decided.of(Reader(chain.solver, chain.model, point)).commitments)
            heard.begun(Begun(plan, result.value, chain.relaxed))
        if recorder and whole:
            known = _known(whole, measure(whole.model, name), done.plan)
            recorder.record(whole, result, known.point)
            whole.keep(name, result.value)
        chain.keep(name, result.value)
    done.relaxed = chain.relaxed
    done.slack = chain.slack if chain.slack > SLACKS[0] else 0.0
    if done.plan is not None and chain.solver.has_choice() and not job.control.stopped:
        done.plan = cheaper_plan(chain, done.plan, job.listener)


def _on_network(
    network: Stage,
    job: Job,
    names: Sequence[str],
    done: Done,
    recorder: Recorder | None,
    *,
    ahead: _CostAhead,
) -> None:
    """The passes that need the whole network, the earlier ones kept; the last made exact."""
    for result in done.passes:
        network.keep(result.objective, result.value)
    served = _nobody_short(network, names, done.plan, ahead)
    for name in names:
        if served is not None and name == "shortfall":
            job.listener.begin(name)
            result, done.point = Pass(name, 0.0, 0.0, 0.0, 0.0, Outcome.OPTIMAL), served.point
        else:
            result, done.plan, done.point = run_pass(
                network, name, done.plan, job.listener, known=served
            )
        done.passes.append(result)
        if done.plan is not None and name == names[-1]:
            _make_exact(network, done)
        if recorder:
            recorder.record(network, done.passes[-1], done.point)
        if done.plan is None:
            return
        if name != names[-1]:
            network.keep(name, result.value)
    done.relaxed = done.relaxed or network.relaxed


def _nobody_short(
    network: Stage, names: Sequence[str], plan: Plan | None, ahead: _CostAhead
) -> SolverAnswer | None:
    """Where the passes are shortfall and cost: the plan at its least cost with no allied demand
    unserved, None where it has to leave some.

    One linear programme settles the first pass and begins the second: nothing unserved needs no
    proof, and where that seems out of reach both passes are gone through.
    """
    if tuple(names) != ("shortfall", "cost") or plan is None:
        return None
    cost, basis = measure(network.model, "cost"), ahead.basis()
    with network.holding("shortfall", 0.0):
        known = network.complete(cost, plan, doubt=False, basis=basis)
    return None if known.point is None else known


def _make_exact(stage: Stage, done: Done) -> None:
    """Complete the plan of the last pass with the earlier ones kept to their very values, so that
    what is told of each pass is what the answer is worth. Where it has no such completion, or one
    that the pass does not prove, the slack of the search stays and is told."""
    result, searched = done.passes[-1], stage.slack
    measured = measure(stage.model, result.objective)
    assert done.plan is not None
    stage.hold_within(0.0)
    exact = stage.complete(measured, done.plan)
    stage.hold_within(searched)
    told = dataclasses.replace(
        exact,
        outcome=result.outcome,
        bound=result.bound / measured.per_unit if measured.per_unit else 0.0,
        seconds=result.seconds,
    )
    gap = stage.options.gap_of(result.objective, told.value * measured.per_unit)
    optimal = result.outcome is Outcome.OPTIMAL
    if exact.point is None or (optimal and not is_proven(told.value, told.bound, gap)):
        done.slack = max(done.slack, searched)
        return
    done.passes[-1], done.point = as_pass(measured, told, result.objective), exact.point


def _whole(network: Stage, job: Job, done: Done, heard: Heard | None) -> Solved:
    """The answer whole: who pays, and everybody else served."""
    assert done.point is not None
    if heard and not job.control.stopped:
        made = as_given(_decided(network, job, done.point).commitments)
        heard.decided(Begun(made, done.passes[0].value, done.relaxed))
    # Which leaves the commitments as they are.
    point = old_before_new(network, done.passes[-1], done.point, done.slack)
    decided = _decided(network, job, point)
    world, served = serve_world(network, point, job.listener)
    solution = Solution(
        commitments=decided.commitments,
        payments=settle(job, decided),
        allied=decided.flows,
        world=served,
    )
    told = (*(dataclasses.replace(result, kept=done.slack) for result in done.passes), world)
    return Solved(_overall(told), told, solution, done.relaxed)


def _decided(network: Stage, job: Job, point: Vector) -> Decided:
    """What a point of the last pass decides. Units of a plan that is given or stayed near are
    counted, whatever their size."""
    decided = Decided.of(Reader(network.solver, network.model, point))
    if job.options.fixed or job.instance.near is not None:
        return decided
    return decided.without_empty(job.instance)


def starting_plan(stage: Stage, name: str) -> Plan | None:
    """A plan that obeys every rule, to start from: the given one, or nothing at all.

    None where neither obeys every rule, as with forced projects or a dependence target.
    """
    given = {(c.project, c.year): float(c.units) for c in stage.options.plan or ()}
    measured = measure(stage.model, name)
    if given and not stage.options.fixed:
        columns = {stage.solver.column_of(stage.model.build[key]): u for key, u in given.items()}
        others = {
            stage.solver.column_of(stage.model.build[key]): 0.0 for key in stage.model.index.BUILD
        }
        stage.solver.fix(others | columns)
        answer = stage.solver.minimise(measured.expression, obey=False)
        stage.solver.free(others)
        return None if answer.point is None else stage.plan_of(answer.point)
    if stage.options.fixed:
        return None
    nothing = {stage.solver.columns[n].name: 0.0 for n in stage.solver.integers}
    answer = stage.complete(measured, nothing)
    return None if answer.point is None else nothing


def run_pass(
    stage: Stage,
    name: str,
    plan: Plan | None,
    listener: Listener,
    *,
    title: str = "",
    known: SolverAnswer | None = None,
) -> tuple[Pass, Plan | None, Vector | None]:
    """One pass from a plan where there is one: its result, the better plan, and its point.

    `known` is the best point of the plan where an earlier step has found it.
    `title` is what the listener is told in place of the pass's name; what is told of its value is
    told under the objective's own name and unit, and only while that is what is searched.
    """
    listener.begin(title or name)
    measured = measure(stage.model, name)
    with telling(stage, listener, title or name, name, measured):
        if known is None and plan is not None:
            known = _known(stage, measured, plan)
        return _passed(stage, name, measured, known)


def _passed(
    stage: Stage, name: str, measured: Measure, known: SolverAnswer | None
) -> tuple[Pass, Plan | None, Vector | None]:
    """The pass itself."""
    answer = _searched(stage, name, measured, known)
    if answer.point is None:
        return Pass(name, math.nan, math.nan, math.nan, answer.seconds, answer.outcome), None, None
    return as_pass(measured, answer, name), stage.plan_of(answer.point), answer.point


def _known(stage: Stage, measured: Measure, plan: Plan) -> SolverAnswer:
    """The best point of the plan that the earlier passes left."""
    known = stage.complete_known(measured, plan)
    if known.point is None:
        raise SolverError(f"the plan of an earlier pass breaks a rule in pass {measured.name}")
    return known


def _searched(
    stage: Stage, name: str, measured: Measure, known: SolverAnswer | None
) -> SolverAnswer:
    """The answer of a pass: the known plan where that settles it, else the search from it."""
    if known is not None and _settled(stage, name, known):
        return known
    if known is not None and stage.control.stopped:
        return dataclasses.replace(known, outcome=Outcome.FEASIBLE, bound=-math.inf)
    proven = -math.inf
    if known is not None and _worth_relaxing(stage):
        # What the network costs is searched for on the clear chain.
        on_chain = not objective_of(name).needs_network
        known = _bounded_ahead(stage, measured, known) or relaxed_start(
            stage, name, known, weighted=on_chain
        )
        proven = known.bound
        if known.outcome is Outcome.OPTIMAL or stage.control.stopped:
            return known
        if on_chain and worth_looking_around(stage, measured, known):
            known = _near_the_first(stage, measured, known)
            proven = known.bound
            if known.outcome is Outcome.OPTIMAL or stage.control.stopped:
                return known
    answer = _searched_on(stage, measured, known)
    if stage.solver.running:
        stage.reopen()
    found = known is not None or answer.point is not None
    if found and answer.bound == proven == -math.inf and not stage.control.stopped:
        proven = stage.solver.relaxation(measured.expression).bound
    return completed(stage, measured, _bounded(answer, known, proven), known)


def _searched_on(stage: Stage, measured: Measure, known: SolverAnswer | None) -> SolverAnswer:
    """The search of the whole to its gap, of which nothing worse is told than what is known."""
    if known is None:
        return _minimised(stage, measured, known)
    with knowing_already(stage.control, known.value, known.bound):
        return _minimised(stage, measured, known)


def _near_the_first(stage: Stage, measured: Measure, known: SolverAnswer) -> SolverAnswer:
    """The known plan or a better one, from a search of the whole that leaves more open than is
    asked, and from what is near the plan that it ends with; with the best bound."""
    gap = stage.options.gap_of(measured.name)
    with knowing_already(stage.control, known.value, known.bound):
        found = stage.solver.minimise(measured.expression, LOOSELY * gap, known.point)
    if stage.solver.running:
        stage.reopen()
    found = completed(stage, measured, _bounded(found, known, known.bound), known)
    return better_nearby(stage, measured, found, gap)


def _bounded_ahead(stage: Stage, measured: Measure, known: SolverAnswer) -> SolverAnswer | None:
    """The known plan with the bound of the cost pass that was worked out before it was known; None
    where there is none, or one above what the plan reaches."""
    if measured.name != "cost" or stage.bound_ahead is None:
        return None
    bound = -math.inf
    with knowing(stage.control, lambda: (known.value, bound)):
        bound = stage.bound_ahead()
    if not math.isfinite(bound) or not may_bound(known.value, bound):
        return None
    gap = stage.options.gap_of("cost", known.value * measured.per_unit)
    proven = is_proven(known.value, bound, gap)
    outcome = Outcome.OPTIMAL if proven else Outcome.FEASIBLE
    return dataclasses.replace(known, outcome=outcome, bound=min(bound, known.value))


def _minimised(stage: Stage, measured: Measure, known: SolverAnswer | None) -> SolverAnswer:
    """The search of a pass to its gap. Where that is a share of what is spent above no new money,
    only what is above counts: the gap of this is then relative, as the solver takes it."""
    options, start = stage.options, None if known is None else known.point
    value = math.inf if known is None else known.value * measured.per_unit
    if measured.name != "cost" or options.above_no_new_money(value) is None:
        return stage.solver.minimise(measured.expression, options.gap_of(measured.name), start)
    assert options.cost_gap_added is not None
    assert options.no_new_money is not None
    base = options.no_new_money / measured.per_unit
    with above(stage.control, base):
        found = stage.solver.minimise(measured.expression - base, options.cost_gap_added, start)
    return dataclasses.replace(found, value=found.value + base, bound=found.bound + base)


def _bounded(answer: SolverAnswer, known: SolverAnswer | None, proven: float) -> SolverAnswer:
    """The answer with the better of its own bound and one proven before; a bound above what a plan
    is known to reach is none."""
    reached = min(answer.value, math.inf if known is None else known.value)
    believed = [bound for bound in (answer.bound, proven) if may_bound(reached, bound)]
    return dataclasses.replace(answer, bound=max(believed, default=-math.inf))


def _worth_relaxing(stage: Stage) -> bool:
    """Whether so many whole numbers are open that a search needs a good start."""
    return len(stage.solver.integers) >= WORTHWHILE and not stage.options.fixed


def _settled(stage: Stage, name: str, known: SolverAnswer) -> bool:
    """Whether a completed plan needs no search: nothing left to decide, or zero reached."""
    at_floor = objective_of(name).floor and known.value <= PROVEN_ZERO
    return at_floor or not stage.solver.has_choice()


def _leading(instance: Instance, order: Sequence[str]) -> tuple[str, ...]:
    """The passes at the head of the order that the clear chain alone decides."""
    if EXPOSED in deciding_origins(instance):
        return ()
    leading: list[str] = []
    for name in order:
        if objective_of(name).needs_network:
            break
        leading.append(name)
    return tuple(leading)


def _overall(passes: Sequence[Pass]) -> Outcome:
    early = any(result.outcome is not Outcome.OPTIMAL for result in passes)
    return Outcome.FEASIBLE if early else Outcome.OPTIMAL
