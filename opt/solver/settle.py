"""Who pays: one answer of the many that the passes leave open.

The passes decide what is committed, bought and run. Which programme pays for it is open wherever
several may. It is settled in an order: the least public money; then of each programme in the order
of its sheet as little as possible, so that the programmes named first are spared; then of each
payment as little as possible, commitment by commitment. What comes first is kept in what follows.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from opt.data.instance import Instance
from opt.errors import SolverError
from opt.model.build import build_model, money_alone
from opt.model.money import outlays
from opt.model.objectives import measure, outlay_cost
from opt.model.outlays import OUTLAYS, STOCK, UNIT_OUTLAYS
from opt.model.rule import OptModel
from opt.record.flows import Flows
from opt.record.money import Payment, Use
from opt.record.projects import Commitment
from opt.record.run import Solution
from opt.solver.control import Control
from opt.solver.extract import NOISE, Reader
from opt.solver.highs import INTEGRALITY_TOLERANCE, USUAL, HighsModel, Linear, SolverAnswer, Vector
from opt.solver.implied import implied_bounds
from opt.solver.stage import Job

# Values fixed at another solve's point break rows by its rounding: the closest of these tolerances
# at which they can be paid for is taken.
TOLERANCES = (1e-9, 1e-8, 1e-7)
# Model units of money, about a ten-millionth of a dear project: what rounding leaves of a payment
# that is spared wholly.
CRUMB = 1e-7
MONEY = (
    *("build", "size", "pay", "ticket", "buy", "level"),
    *(outlay.variable for outlay in OUTLAYS),
    "nothing",
)


@dataclass(frozen=True, slots=True)
class Decided:
    """What has to be paid for: commitments, flows of allies, and what is paid by the unit, by use,
    as the passes left it."""

    commitments: tuple[Commitment, ...]
    flows: Flows
    by_unit: Mapping[Use, tuple[Payment, ...]]

    @staticmethod
    def of(reader: Reader) -> Decided:
        """What a point of the solver decides."""
        flows = reader.flows(others=False)
        by_unit = {outlay.use: reader.paid_for(outlay) for outlay in UNIT_OUTLAYS}
        return Decided(reader.commitments(), flows, by_unit)

    @staticmethod
    def by(plan: Solution) -> Decided:
        """Out of a whole answer: all of it but who pays."""
        by_unit = {outlay.use: plan.paid_for(outlay.use) for outlay in UNIT_OUTLAYS}
        return Decided(plan.commitments, plan.allied, by_unit)

    def without_empty(self, instance: Instance) -> Decided:
        """The same without commitments of no size and no cost on which nothing else hangs: a solver
        is free to make them, and a person would take them for part of the plan."""
        made = tuple(c for c in self.commitments if _is_something(instance, c))
        return dataclasses.replace(self, commitments=made)

    @property
    def costs_nothing(self) -> bool:
        """Whether there is nothing that a programme could pay for."""
        stocks = any(s.bought or s.level for s in self.flows.stocks)
        return not (self.commitments or stocks or any(self.by_unit.values()))


def _is_something(instance: Instance, made: Commitment) -> bool:
    """Whether a commitment has a size or a cost, or a rule counts its units."""
    if made.size is None or made.size or made.capex_musd:
        return True
    project = instance.projects[made.project]
    asked_for = project.forced or project.bundle or project.group or project.plant.fixed_opex
    needed = any(other.requires == made.project for other in instance.projects.values())
    lifting = any(made.project in ceiling.lifts for ceiling in instance.ceilings)
    return bool(asked_for or project.lost or needed or lifting)


def settle(job: Job, decided: Decided) -> tuple[Payment, ...]:
    """The one answer in the order above for what is decided. Where rounding, which adds up over
    many payments, leaves no such answer, what can be spared no further stays at what it is.

    Raises SolverError where it cannot be paid for.
    """
    if decided.costs_nothing:
        return ()
    model = build_model(bare_case(job.instance, decided))
    for wholly, tolerance in product((True, False), TOLERANCES):
        try:
            return _in_order(Purse(model, job.control, decided, tolerance, wholly=wholly))
        except UnpaidError:
            continue
    raise SolverError("the plan's commitments cannot be paid for")


def _in_order(purse: Purse) -> tuple[Payment, ...]:
    purse.spare(purse.public())
    for programme in purse.order():
        purse.spare(purse.paid_by(programme))
    for payment in purse.payments():
        purse.spare(payment)
    return purse.settled()


class UnpaidError(SolverError):
    """What is decided cannot be paid for at a tolerance."""


class Purse:
    """The rules of money alone inside the solver, around what is decided. With `wholly` off, what
    the solver can spare no further stays at what it is."""

    def __init__(
        self,
        model: OptModel,
        control: Control,
        decided: Decided,
        tolerance: float,
        *,
        wholly: bool = True,
    ) -> None:
        self.model, self.wholly = model, wholly
        with money_alone(model):
            self.solver = HighsModel(model, control, tolerance, MONEY)
        self.tolerance = tolerance
        # By how much what is spared first may be exceeded later, of itself: more than the solver
        # gains by breaking rows within its tolerance, or payments that just fit no longer do.
        self.slack = 10 * tolerance
        self.buys = {(s.stockpile, s.year) for s in decided.flows.stocks if s.bought > 0}
        self._fix(decided)
        self._hold_cost(decided)
        self.point: Vector | None = None

    def _fix(self, decided: Decided) -> None:
        """Fix commitments, stock and what is paid for by the unit at what was decided."""
        scale, data, flows = self.model.scale, self.model.data, decided.flows
        made = decided.commitments
        self._restrict("build", {(c.project, c.year): float(c.units) for c in made})
        self._restrict("size", self._sizes(made))
        stocks = [
            ((s.stockpile, s.origin, s.year), s, scale.of(data.stockpiles[s.stockpile]).mass)
            for s in flows.stocks
        ]
        self._restrict("buy", {key: s.bought / mass for key, s, mass in stocks})
        self._restrict("level", {key: s.level / mass for key, s, mass in stocks})
        for driver in (outlay.driver for outlay in OUTLAYS if outlay.driver):
            amounts = driver.amounts(flows)
            units = {key: x / scale.of_plant(key[0]).mass for key, x in amounts.items()}
            self._restrict(driver.variable, units)

    def _sizes(self, made: Iterable[Commitment]) -> dict[tuple[str, int], float]:
        """Sizes of commitments in model units, 0 where they have none."""
        scale, projects = self.model.scale, self.model.data.projects
        return {
            (c.project, c.year): (c.size or 0.0) / scale.of(projects[c.project]).mass for c in made
        }

    def _restrict(self, name: str, values: Mapping[Any, float]) -> None:
        variable = getattr(self.model, name)
        for key in variable:
            if self.solver.knows(variable[key]):
                self.solver.restrict(variable[key], values.get(key, 0.0))

    def _hold_cost(self, decided: Decided) -> None:
        """The cost pass chose how much is paid by the unit; who pays it is still open."""
        for outlay in UNIT_OUTLAYS:
            if self.model.index.paid(outlay):
                discount, paid = self.model.data.discount, decided.by_unit[outlay.use]
                cost = math.fsum(discount(p.year) * p.paid_musd for p in paid)
                most = cost / self.model.scale.money
                expression = outlay_cost(self.model, outlay)
                self.solver.keep_below(expression, most + self.slack * max(1.0, most))

    def order(self) -> list[str]:
        """Programmes that can pay, in the order of their sheet."""
        able = set(self.model.index.spenders())
        return [k for k in self.model.data.programme_order if k in able]

    def public(self) -> Any:
        """All public money."""
        return measure(self.model, "public").expression

    def paid_by(self, programme: str) -> Any:
        """All that one programme pays."""
        capital = [self.model.pay[key] for key in self.model.index.payments.get(programme, ())]
        years = self.model.data.years
        return sum(capital) + sum(outlays(self.model, programme, t) for t in years)

    def payments(self) -> Iterator[Any]:
        """Every payment, by what is paid for and by programme in the order of the sheet."""
        rank = {k: n for n, k in enumerate(self.model.data.programme_order)}
        index, m = self.model.index, self.model
        for j, k, v in sorted(index.PAY, key=lambda key: (key[2], key[0], rank[key[1]])):
            yield m.pay[j, k, v]
        for outlay in OUTLAYS:
            # The year first, then what is paid for, then the programme.
            keys = index.paid(outlay)
            for key in sorted(keys, key=lambda key: (key[-1], *key[1:-1], rank[key[0]])):
                yield getattr(m, outlay.variable)[key]

    def spare(self, expression: Any) -> None:
        """Make an expression as small as it can be, and keep it so: at nothing without slack, or
        later ones would leave crumbs in it."""
        told = Linear(*self.solver.vector(expression))
        if self.point is None or self._may_be_less(told, self.solver.value_of(told, self.point)):
            answer = self._least(told)
            if answer.point is not None:
                self.point = answer.point
            elif self.wholly or self.point is None:
                raise UnpaidError("a payment cannot be spared further")
        least = max(0.0, self.solver.value_of(told, self.point))
        if least <= NOISE and told.constant == 0.0:
            self._leave_at_nothing(np.flatnonzero(told.weights))
        else:
            self._keep(told, least + self.slack * max(1.0, least))

    def _may_be_less(self, told: Linear, value: float) -> bool:
        """Whether payments might be spared more than at the point, where they come to a value: most
        cannot, since what is asked of public money leaves nobody else to pay."""
        if value <= NOISE:
            return False
        low, high = implied_bounds(self.solver.standing(), self.solver.integers)
        paid = np.flatnonzero(told.weights)
        weights = told.weights[paid]
        least = math.fsum(np.where(weights > 0, low[paid], high[paid]) * weights) + told.constant
        return value - least > self.slack * max(1.0, value)

    def _least(self, told: Linear) -> SolverAnswer:
        """The least that payments can be: who pays a part of a ticket in the relaxation pays a
        whole one, and a search is made only where that costs something."""
        solver = self.solver
        if solver.has_choice():
            relaxed = solver.relaxation(told, method=USUAL, obey=False)
            if relaxed.point is not None:
                solver.fix_integers(np.ceil(relaxed.point - INTEGRALITY_TOLERANCE))
                found = solver.minimise(told, obey=False, doubt=False)
                solver.free_integers()
                lost = found.value - relaxed.bound
                if found.point is not None and lost <= self.slack * max(1.0, abs(found.value)):
                    return found
        return solver.minimise(told, 0.0, self.point, obey=False)

    def _keep(self, told: Linear, most: float) -> None:
        """Keep payments at what they were spared to; one by its own bound, without a row: of these
        there are many."""
        paid = np.flatnonzero(told.weights)
        if len(paid) == 1 and told.weights[paid[0]] > 0.0:
            n = int(paid[0])
            low, high = self.solver.bounds_at(n)
            own = (most - told.constant) / float(told.weights[n])
            self.solver.bind({n: (low, max(low, min(high, own)))})
        else:
            self.solver.keep_below(told, most)

    def _leave_at_nothing(self, columns: Iterable[int]) -> None:
        """Fix at nothing what is nothing. A crumb of money may pay for a run that is fixed, and has
        to go on doing so: such a column stays at what it is."""
        assert self.point is not None
        values = {int(n): float(self.point[n]) for n in columns}
        self.solver.fix({n: 0.0 if x <= self.tolerance else x for n, x in values.items()})

    def settled(self) -> tuple[Payment, ...]:
        """What the point says. A search holds rows to the tolerance of whole numbers, which is too
        loose for payments: it is solved once more around its tickets."""
        assert self.point is not None
        if self.solver.has_choice():
            self.solver.fix_integers(self.point)
            answer = self.solver.minimise(self.public(), obey=False)
            if answer.point is None:
                raise UnpaidError("payments do not fit around their tickets")
            self.point = answer.point
        reader = Reader(self.solver, self.model, self.point, CRUMB)
        crumbs = Reader(self.solver, self.model, self.point, NOISE)
        stock = [paid for paid in crumbs.paid_for(STOCK) if self._is_told(paid)]
        others = [p for outlay in OUTLAYS if outlay != STOCK for p in reader.paid_for(outlay)]
        found = (*reader.capital_payments(), *stock, *others)
        return tuple(sorted(found, key=lambda payment: payment.place))

    def _is_told(self, paid: Payment) -> bool:
        """Whether a payment for stock is one. A crumb that pays for a crumb of material is one too:
        the purchase is told."""
        least = CRUMB * self.model.scale.money
        return paid.paid_musd > least or (paid.thing, paid.year) in self.buys


def bare_case(instance: Instance, decided: Decided) -> Instance:
    """The case with nothing in it but what was decided and the money that can pay for it: without
    material where nothing is paid by the unit."""
    years: dict[str, set[int]] = {}
    for made in decided.commitments:
        years.setdefault(made.project, set()).add(made.year)
    projects = {
        j: dataclasses.replace(
            instance.projects[j],
            offers={v: instance.projects[j].offers[v] for v in sorted(own)},
            requires="",
            group="",
            bundle="",
            forced=False,
        )
        for j, own in sorted(years.items())
    }
    bare = instance.with_projects(projects).replace(targets=(), offtakes=())
    if any(decided.by_unit.values()):
        return bare
    return bare.replace(facilities={}, demands={}, lanes=(), pools=(), gaps={})
