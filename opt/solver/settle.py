"""Who pays: one answer of the many that the passes leave open.

The passes decide what is committed, bought and run. Which programme pays for it is open wherever
several may. It is settled in an order: the least public money; then of each programme in the order
of its sheet as little as possible, so that the programmes named first are spared; then of each
payment as little as possible, commitment by commitment. What comes first is kept in what follows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from opt.errors import SolverError
from opt.model.build import OptModel, money_alone
from opt.model.funding import outlays
from opt.model.objectives import measure, support_cost
from opt.results.solution import Payment, StockPayment, SupportPayment
from opt.solver.extract import NOISE, Reader
from opt.solver.highs import HighsModel, Vector
from opt.solver.stage import FIXED_TOLERANCE, Stage

# Values of these at the point that the passes left are what has to be paid for.
DECIDED = ("size", "buy", "level")
# By how much what is spared first may be exceeded later, of itself: the solver's rounding.
SPARED = 1e-9


@dataclass(frozen=True, slots=True)
class Settled:
    """Who pays for capital, for stock and for the running of plants."""

    payments: tuple[Payment, ...]
    stock_payments: tuple[StockPayment, ...]
    support_payments: tuple[SupportPayment, ...]

    @property
    def public_musd(self) -> float:
        """All public money, USD million."""
        capital = [payment.paid_musd for payment in self.payments]
        stock = [payment.paid_musd for payment in self.stock_payments]
        return math.fsum([*capital, *stock, *(p.paid_musd for p in self.support_payments)])


def settle(stage: Stage, point: Vector) -> Settled:
    """The one answer in the order above for what a point commits, buys and runs.

    Raises SolverError where the point cannot be paid for.
    """
    purse = Purse(stage, point)
    purse.spare(purse.public())
    for programme in purse.order():
        purse.spare(purse.paid_by(programme))
    for payment in purse.payments():
        purse.spare(payment)
    return purse.settled()


def least_public(stage: Stage, point: Vector) -> Settled:
    """One answer with the least public money, whoever pays: for its sum alone."""
    purse = Purse(stage, point)
    purse.spare(purse.public())
    return purse.settled()


class Purse:
    """The rules of money alone inside the solver, around what a point decides."""

    def __init__(self, stage: Stage, point: Vector) -> None:
        self.model: OptModel = stage.model
        with money_alone(self.model):
            self.solver = HighsModel(self.model, stage.control, FIXED_TOLERANCE)
        self._hold(Reader(stage.solver, self.model, point))
        self.point: Vector | None = None

    def _hold(self, decided: Reader) -> None:
        """Fix what is to be paid for, and the cost of support at what it comes to."""
        built = {key: float(round(units)) for key, units in decided.values("build").items()}
        self._restrict("build", self.model.build, built)
        for name in DECIDED:
            variable = getattr(self.model, name)
            self._restrict(name, variable, decided.values(name))
        losing = {(f, p, t) for _, f, p, t in self.model.index.SUPPORTED}
        losing |= set(self.model.cover_gap)
        running = [key for key in self.model.index.RUN if (key[0], key[1], key[3]) in losing]
        self._restrict("run", running, decided.values("run"))
        if self.model.index.SUPPORTED:
            cost, constant = self.solver.vector(support_cost(self.model))
            columns = [decided.solver.column_of(v) for v in self.solver.columns]
            most = float(cost @ decided.point[np.array(columns)]) + constant
            self.solver.keep_below(support_cost(self.model), most + SPARED * max(1.0, most))

    def _restrict(self, name: str, keys: Iterable[Any], values: dict[Any, float]) -> None:
        variable = getattr(self.model, name)
        for key in keys:
            self.solver.restrict(variable[key], values.get(key, 0.0))

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
        for k, s, t in sorted(index.PAY_STOCK, key=lambda key: (key[2], key[1], rank[key[0]])):
            yield m.pay_stock[k, s, t]
        for key in sorted(index.SUPPORTED, key=lambda key: (key[3], key[1], key[2], rank[key[0]])):
            yield m.supported[key]

    def spare(self, expression: Any) -> None:
        """Make an expression as small as it can be, and keep it so."""
        cost, constant = self.solver.vector(expression)
        if self.point is None or float(cost @ self.point) + constant > NOISE:
            answer = self.solver.minimise(expression, obey=False)
            if answer.point is None:
                raise SolverError("the plan's commitments cannot be paid for")
            self.point = answer.point
        least = max(0.0, float(cost @ self.point) + constant)
        self.solver.keep_below(expression, least + SPARED * max(1.0, least))

    def settled(self) -> Settled:
        """What the point says. A search holds rows to the tolerance of whole numbers, which is too
        loose for payments: it is solved once more around its tickets."""
        assert self.point is not None
        if self.solver.has_choice():
            self.solver.fix_integers(self.point)
            answer = self.solver.minimise(self.public(), obey=False)
            if answer.point is None:
                raise SolverError("the plan's commitments cannot be paid when the money is settled")
            self.point = answer.point
        reader = Reader(self.solver, self.model, self.point)
        return Settled(reader.payments(), reader.stock_payments(), reader.support_payments())
