"""A plan held in a case: linear programmes around its commitments.

The passes are those of a solve: dependence, the shortage of allies, cost. Stock is bought at most
as the plan buys it; support of running plants is open within the money that is left. Where plants
of one case fail one after the other, its models stay inside the solver, and each failure starts
from where the case itself ended; other cases much like one start, in models of their own, from
where that one's flows ended. So an answer depends on what is asked and not on what was asked before
it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opt.errors import SolverError
from opt.model.objectives import measure
from opt.model.outlays import OUTLAYS, STOCK
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED
from opt.record.run import Solution
from opt.solver.control import Control
from opt.solver.extract import Reader
from opt.solver.highs import (
    INTERIOR,
    PRIMAL,
    USUAL,
    AnyBasis,
    LiveBasis,
    PlacedBasis,
    SolverAnswer,
)
from opt.solver.lapse import Payable, about, hold_payments
from opt.solver.settle import Decided
from opt.solver.stage import FIXED_TOLERANCE, Job, Stage, deciding_origins, open_stage

Bought = Mapping[tuple[str, str, int], float]  # stockpile, origin class, year: units
# By `buy` or `release` and the same: units; by `pay_stock`, programme, stockpile and year: USD
# million.
Moved = Mapping[tuple[str, str, str, int], float]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a plan held in a case came to: its dependence, or shortfall where that is the objective,
    its flows, and where these ended, None where no other case starts from there."""

    value: float
    flows: Solution
    basis: PlacedBasis | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A plan held in a case: what of it can be paid, the job of that alone, the most that is bought
    for stock, and what stock buys, gives out or is paid exactly where that is given."""

    job: Job
    payable: Payable
    bought: Bought
    moved: Moved = field(default_factory=dict)

    def least(self) -> float:
        """The least dependence, or the least shortfall where that is the objective; inf where the
        job was stopped before it was known. Raises SolverError as `dependence` does."""
        shortfall = self.job.options.objective == "shortfall"
        return self.shortfall() if shortfall else self.dependence()

    def shortfall(self) -> float:
        """The least shortfall over all years; else as `dependence`."""
        return self._least(self.opened((CLEAR, EXPOSED)), "shortfall")

    def dependence(self) -> float:
        """The least dependence over the counted years; inf where the job was stopped before it was
        known. Raises SolverError where the plan breaks a rule of the case."""
        return self._least(self.deciding(), "dependence")

    def deciding(self) -> Stage:
        """The model that tells dependence."""
        exposed = EXPOSED in deciding_origins(self.job.instance)
        # Clear flows alone decide dependence as a rule: a small model tells it sooner.
        return self.opened((CLEAR, EXPOSED) if exposed else (CLEAR,), freight=exposed)

    def _least(self, stage: Stage, name: str) -> float:
        measured = measure(stage.model, name)
        found = stage.solver.minimise(measured.expression)
        if found.point is None and not self.job.control.stopped:
            raise SolverError("the commitments of the plan break a rule of the case")
        return math.inf if found.point is None else max(0.0, found.value * measured.per_unit)

    def ended(self, near: PlacedBasis | None = None, *, lasting: bool = False) -> Ended | None:
        """The least value, and with it the cheapest flows of the least shortage of allies, or of
        that shortfall where it is the objective; None where the job was stopped before. `near` is
        where those of a case much like this one ended; `lasting` keeps where these do.

        Raises SolverError as `dependence` does.
        """
        value = self.least()
        if math.isinf(value) or self.job.control.stopped:
            return None
        network, found = self._cheapest(value, near)
        if found.point is None:
            return None
        flows = solution_at(Reader(network.solver, network.model, found.point))
        return Ended(value, flows, network.solver.placed_basis() if lasting else None)

    def _cheapest(self, value: float, near: PlacedBasis | None) -> tuple[Stage, SolverAnswer]:
        """The model of all flows, and the cheapest of the least shortage at that value."""
        network = self.opened((CLEAR, EXPOSED))
        if self.job.options.objective == "shortfall":
            network.keep("shortfall", value)
            return network, _closest(network, measure(network.model, "cost").expression, near)
        network.keep("dependence", value)
        return network, _with_least_shortage(network, near)

    def opened(self, origins: tuple[str, ...], *, freight: bool = True) -> Stage:
        """A model of these origins with commitments, payments and the most of purchases held."""
        stage = open_stage(self.job, origins, freight=freight)
        stage.solver.relax_tolerance(FIXED_TOLERANCE)
        hold_payments(stage, self.payable)
        for key in stage.model.index.BUY:
            stock = stage.model.data.stockpiles[key[0]]
            most = self.bought.get(key, 0.0) / stage.model.scale.of(stock).mass
            stage.solver.set_upper([stage.model.buy[key]], most)
        for (name, *parts), amount in self.moved.items():
            place, variables = tuple(parts), getattr(stage.model, name)
            # Of several scenarios some may be decided by clear flows alone.
            if place in variables:
                bounds = about(amount / stock_unit(stage.model, name, place))
                stage.solver.bind({stage.solver.column_of(variables[place]): bounds})
        return stage


def stock_unit(model: OptModel, name: str, key: tuple[Any, ...]) -> float:
    """What a model unit of `buy` or `release` of a stockpile comes to, in units; of `pay_stock` in
    USD million."""
    if name == STOCK.variable:
        return model.scale.money
    return model.scale.of(model.data.stockpiles[key[0]]).mass


@dataclass(slots=True)
class Failing:
    """The models of a held plan for failures of its plants, one at a time: the clear chain, at its
    least dependence, and all flows, at their least cost with nobody short, each with the basis at
    which it ended."""

    held: Held
    chain: tuple[Stage, LiveBasis]
    network: tuple[Stage, LiveBasis]

    @staticmethod
    def of(held: Held) -> Failing | None:
        """Its models; None where flows of both classes decide dependence, somebody is short, or the
        job was stopped."""
        if EXPOSED in deciding_origins(held.job.instance):
            return None
        chain = held.opened((CLEAR,), freight=False)
        dependence = measure(chain.model, "dependence")
        least = chain.solver.minimise(dependence.expression)
        basis = chain.solver.live_basis()
        if least.point is None or basis is None or not dependence.per_unit:
            return None
        network = held.opened((CLEAR, EXPOSED))
        network.keep("dependence", least.value * dependence.per_unit)
        network.keep("shortfall", 0.0)
        # Failures lie so near that any basis serves, and this one is there in half the time; what
        # lies farther off takes several times as long from where interior points end.
        with network.solver.by(INTERIOR):
            found = network.solver.minimise(measure(network.model, "cost").expression)
        end = network.solver.live_basis()
        if found.point is None or end is None or held.job.control.stopped:
            return None
        return Failing(held, (chain, basis), (network, end))

    @property
    def running(self) -> bool:
        """Whether a solve that was given up on is still going on."""
        return self.chain[0].solver.running or self.network[0].solver.running

    def under_control(self, control: Control) -> None:
        """Answer under the limits of another control from now on."""
        for stage in (self.chain[0], self.network[0]):
            stage.control = stage.solver.control = control

    def without(self, plant: str) -> Ended | None:
        """Where a plant never runs and nobody is short; None where somebody has to be, or the job
        was stopped."""
        chain, basis = self.chain
        dependence = measure(chain.model, "dependence")
        with _still(chain, plant):
            least = chain.solver.minimise(dependence.expression, basis=basis)
        if least.point is None:
            return None
        value = max(0.0, least.value * dependence.per_unit)
        found = self._cheapest(plant, value)
        if found.point is None:
            return None
        network, _ = self.network
        return Ended(value, solution_at(Reader(network.solver, network.model, found.point)))

    def _cheapest(self, plant: str, value: float) -> SolverAnswer:
        network, basis = self.network
        most = (value + network.slack) / measure(network.model, "dependence").per_unit
        network.solver.keep_within("dependence", most)
        cost = measure(network.model, "cost").expression
        with _still(network, plant):
            return network.solver.minimise(cost, basis=basis)


@contextmanager
def _still(stage: Stage, plant: str) -> Iterator[None]:
    """While it is open, a plant does not run."""
    model, solver = stage.model, stage.solver
    runs = [model.run[key] for key in model.index.RUN if key[0] == plant]
    columns = [solver.column_of(run) for run in runs if solver.knows(run)]
    solver.bind(dict.fromkeys(columns, (0.0, 0.0)))
    try:
        yield
    finally:
        if not solver.running:
            solver.free(columns)


def _with_least_shortage(network: Stage, near: PlacedBasis | None) -> SolverAnswer:
    """The cheapest flows of the least shortage. That nobody is short is tried first: it needs no
    proof."""
    cost, solver = measure(network.model, "cost").expression, network.solver
    with network.holding("shortfall", 0.0):
        found = solver.minimise(cost, basis=near)
    if found.point is not None or network.control.stopped:
        return found
    short = measure(network.model, "shortfall")
    with solver.by(USUAL if near is None else PRIMAL):
        least = _closest(network, short.expression, near)
    if least.point is None:
        return least
    network.keep("shortfall", least.value * short.per_unit)
    with solver.by(PRIMAL):
        return _closest(network, cost, solver.basis())


def _closest(network: Stage, expression: object, near: AnyBasis | None) -> SolverAnswer:
    """The least of an expression, earlier passes kept as closely as they can be."""
    found = network.solver.minimise(expression, basis=near)
    while found.point is None and not network.control.stopped and network.loosen():
        found = network.solver.minimise(expression, basis=near)
    return found


def solution_at(reader: Reader) -> Solution:
    """The answer at a point; nobody but allies is served in it."""
    decided = Decided.of(reader)
    payments = [*reader.capital_payments()]
    for outlay in OUTLAYS:
        payments += reader.paid_for(outlay)
    ordered = tuple(sorted(payments, key=lambda payment: payment.place))
    return Solution(decided.commitments, ordered, decided.flows, decided.flows)
