"""The plan of many scenarios as a search tells it, and what it is read from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.fixed import FixedCommitment
from opt.model.outlays import OUTLAYS
from opt.model.risk import STOCK, Doubt
from opt.record.flows import CLEAR, EXPOSED
from opt.record.money import Payment
from opt.record.passes import Outcome
from opt.record.projects import Commitment, as_given
from opt.solver.control import Control
from opt.solver.extract import Reader
from opt.solver.held import stock_unit
from opt.solver.highs import SolverAnswer
from opt.solver.stage import deciding_origins

# Of the time that is left, the part in which a plan as good is looked for that costs less.
LEANER = 0.2

NOTHING_KNOWN = SolverAnswer(Outcome.LIMIT, None, math.inf, -math.inf, 0.0)
Plan = Sequence[FixedCommitment]
# Units by project and year.
Units = Mapping[tuple[str, int], int]


class NoPlanError(Exception):
    """No plan keeps every rule in every scenario."""


@dataclass(frozen=True, slots=True)
class FuturePlan:
    """What the plan is in one future: what it commits, who pays for what, what it buys for stock,
    by stockpile, origin class and year, and what stock does before the futures differ, by `buy` or
    `release` and the same; by `pay_stock`, programme, stockpile and year who pays for it. Workbook
    units, USD million."""

    commitments: tuple[Commitment, ...]
    payments: tuple[Payment, ...]
    bought: Mapping[tuple[str, str, int], float]
    moved: Mapping[tuple[str, str, str, int], float]

    @property
    def given(self) -> tuple[FixedCommitment, ...]:
        """Its commitments as a plan that may be given."""
        return as_given(self.commitments)


@dataclass(frozen=True, slots=True)
class Ventured:
    """The plan of a doubt, by future in their order; None where none is known. `value` is what its
    measure comes to in the programme and `bound` what no plan can beat: shares."""

    outcome: Outcome
    value: float
    bound: float
    plans: tuple[FuturePlan, ...] | None


def counted_origins(doubt: Doubt) -> tuple[str, ...]:
    """The classes that decide what is counted in every future."""
    both = doubt.of == "shortfall" or any(
        EXPOSED in deciding_origins(future.instance) for future in doubt.futures
    )
    return (CLEAR, EXPOSED) if both else (CLEAR,)


def units_of(plan: Plan) -> Units:
    """What a plan commits, in units."""
    units: dict[tuple[str, int], int] = {}
    for made in plan:
        key = made.project, made.year
        units[key] = units.get(key, 0) + made.units
    return units


def plan_at(doubt: Doubt, n: int, reader: Reader) -> FuturePlan:
    """The plan of one future at a point."""
    world = reader.model
    payments = [*reader.capital_payments(), *_others_paid(reader)]
    bought = {(s.stockpile, s.origin, s.year): s.bought for s in reader.stocks() if s.bought}
    ordered = tuple(sorted(payments, key=lambda payment: payment.place))
    shared = {year for year in world.data.years if doubt.is_shared(n, year)}
    moved = {
        (name, *key): values.get(key, 0.0) * stock_unit(world, name, key)
        for name in STOCK
        for values in [reader.values(name)]
        for key in getattr(world, name)
        if key[-1] in shared
    }
    return FuturePlan(reader.commitments(), ordered, bought, moved)


def _others_paid(reader: Reader) -> Iterator[Payment]:
    for outlay in OUTLAYS:
        yield from reader.paid_for(outlay)


def share_of(value: float, per_unit: float) -> float:
    """What a value in units of what is counted comes to as a share, where any is counted."""
    if per_unit == 0.0:
        return 0.0
    return max(0.0, value * per_unit) if math.isfinite(value) else value


def part_of(control: Control, part: float) -> float:
    """When a part of the time that is left is over, on the monotonic clock."""
    if math.isinf(control.deadline):
        return math.inf
    return control.deadline - (1.0 - part) * control.seconds_left
