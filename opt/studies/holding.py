"""A plan held in another case than the one it was made for: what can be paid of it, and what flows.

The passes are those of a solve: dependence, the shortage of allies, cost. All are linear programmes
around the commitments. Stock is bought at most as the plan buys it; support of running plants is
open within the money that is left.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.model.objectives import measure
from opt.model.outlays import OUTLAYS
from opt.record.flows import CLEAR, EXPOSED
from opt.record.money import Payment, Use
from opt.record.projects import as_given
from opt.record.run import Solution
from opt.solver.extract import Reader
from opt.solver.highs import SolverAnswer
from opt.solver.lapse import Payable, hold_payments, payable_part
from opt.solver.settle import Decided
from opt.solver.stage import FIXED_TOLERANCE, Job, Stage, deciding_origins, open_stage
from opt.studies.change import committed

Bought = Mapping[tuple[str, str, int], float]  # stockpile, origin class, year: units
PASSES = ("dependence", "shortfall", "cost")
# A shortage of less than this share of all demand is none.
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What is held of an answer: its commitments, who pays for them, and the most that is bought
    for stock."""

    commitments: tuple[FixedCommitment, ...]
    payments: tuple[Payment, ...]
    bought: Bought

    @staticmethod
    def of(answer: Solution) -> GivenAnswer:
        """Out of a whole answer."""
        bought = {(s.stockpile, s.origin, s.year): s.bought for s in answer.allied.stocks}
        return GivenAnswer(as_given(answer.commitments), answer.paid_for(Use.CAPITAL), bought)


@dataclass(frozen=True, slots=True)
class Held:
    """A plan held in a case: what of it can be paid, the job of that alone, and the most that is
    bought for stock. `network` is the model of all flows, where it was opened."""

    job: Job
    payable: Payable
    bought: Bought

    def dependence(self) -> float:
        """The least dependence over the counted years; inf where the job was stopped before it was
        known. Raises SolverError where the plan breaks a rule of the case."""
        exposed = EXPOSED in deciding_origins(self.job.instance)
        # Clear flows alone decide dependence as a rule: a small model tells it sooner.
        stage = self._open((CLEAR, EXPOSED) if exposed else (CLEAR,), freight=exposed)
        measured = measure(stage.model, "dependence")
        found = stage.solver.minimise(measured.expression)
        if found.point is None and not self.job.control.stopped:
            raise SolverError("the commitments of the plan break a rule of the case")
        return math.inf if found.point is None else max(0.0, found.value * measured.per_unit)

    def flows(self, dependence: float) -> Solution | None:
        """The cheapest flows of the least shortage of allies at that dependence; None where the job
        was stopped before."""
        if self.job.control.stopped:
            return None
        network = self._open((CLEAR, EXPOSED))
        network.keep("dependence", dependence)
        found = _with_least_shortage(network)
        if found.point is None:
            return None
        return _solution(Reader(network.solver, network.model, found.point))

    def _open(self, origins: tuple[str, ...], *, freight: bool = True) -> Stage:
        """A model with commitments, payments and the most of purchases held."""
        stage = open_stage(self.job, origins, freight=freight)
        stage.solver.relax_tolerance(FIXED_TOLERANCE)
        hold_payments(stage, self.payable)
        for key in stage.model.index.BUY:
            most = self.bought.get(key, 0.0) / stage.model.scale.mass
            stage.solver.set_upper([stage.model.buy[key]], most)
        return stage


def hold(job: Job, payments: Iterable[Payment], bought: Bought) -> Held:
    """The plan of a job's options held in its case, without what cannot be paid of it: `payments`
    are who pays for it, `bought` the most that is bought for stock."""
    plan = job.options.plan or ()
    bare = committed(job.instance, plan)
    payable = payable_part(job.instance, bare, plan, payments, job.control)
    options = dataclasses.replace(
        job.options, plan=payable.commitments, improve=False, purchases=None, near=None
    )
    return Held(job.of(committed(job.instance, payable.commitments), options), payable, bought)


def _with_least_shortage(network: Stage) -> SolverAnswer:
    """The cheapest flows of the least shortage. That nobody is short is tried first: it needs no
    proof."""
    cost = measure(network.model, "cost").expression
    with network.holding("shortfall", 0.0):
        found = network.solver.minimise(cost)
    if found.point is not None or network.control.stopped:
        return found
    short = measure(network.model, "shortfall")
    least = _closest(network, short.expression)
    if least.point is None:
        return least
    network.keep("shortfall", least.value * short.per_unit)
    return _closest(network, cost)


def _closest(network: Stage, expression: object) -> SolverAnswer:
    """The least of an expression, earlier passes kept as closely as they can be."""
    found = network.solver.minimise(expression)
    while found.point is None and not network.control.stopped and network.loosen():
        found = network.solver.minimise(expression)
    return found


def _solution(reader: Reader) -> Solution:
    """The answer at a point; nobody but allies is served in it."""
    decided = Decided.of(reader)
    payments = [*reader.capital_payments()]
    for outlay in OUTLAYS:
        payments += reader.paid_for(outlay)
    ordered = tuple(sorted(payments, key=lambda payment: payment.place))
    return Solution(decided.commitments, ordered, decided.flows, decided.flows)
