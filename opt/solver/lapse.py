"""What of a given plan can still be paid for, where a case has other money or costs than the one it
was made for.

Capital is paid by those who pay for it in the plan, where that still keeps every rule of money.
Else who pays is open again, and commitments that cannot be paid beside those before them lapse: the
latest first, of one year the dearest first. What requires a lapsed project lapses with it, and so
do all of its bundle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.model.build import build_model, money_alone
from opt.model.objectives import measure
from opt.record.flows import CLEAR
from opt.record.money import Payment, Use
from opt.solver.control import Control
from opt.solver.highs import HighsModel, SolverAnswer
from opt.solver.stage import FIXED_TOLERANCE, Stage

MONEY = ("build", "size", "pay", "ticket", "nothing")
# Of a payment and of the model's unit of money: what rounding of a written payment may miss.
ROUNDING = 1e-7

PayKey = tuple[str, str, int]  # project, programme, year of commitment
Plan = tuple[FixedCommitment, ...]


@dataclass(frozen=True, slots=True)
class Payable:
    """The commitments that stand, in the order of the plan; who pays how much for them where that
    is as in the plan, USD million, else None; who pays into which of them at all."""

    commitments: Plan
    paid: Mapping[PayKey, float] | None = None
    payers: frozenset[PayKey] = field(default_factory=frozenset)


def payable_part(
    case: Instance, bare: Instance, plan: Plan, payments: Iterable[Payment], control: Control
) -> Payable:
    """What of a plan can be paid for in a case; `bare` is that case with the plan's commitments
    alone on offer, `payments` are those of the plan."""
    if not plan:
        return Payable((), {})
    purse = _Purse(bare, control)
    known = set(purse.model.index.PAY)
    given = {(p.thing, p.programme, p.year): p.paid_musd for p in payments if p.use is Use.CAPITAL}
    if given.keys() <= known and purse.answer(plan, given).point is not None:
        return Payable(plan, given, frozenset(given))
    stood = frozenset(purse.stood(_in_order(case, plan)))
    return Payable(tuple(c for c in plan if c in stood), None, purse.payers(stood))


@dataclass(frozen=True, slots=True)
class _Group:
    """Commitments that stand or lapse together, and the projects that they require."""

    made: Plan
    requires: frozenset[str]


def _in_order(case: Instance, plan: Plan) -> list[_Group]:
    """The commitments of a plan, those of a bundle together, in the order in which money is looked
    for: by year, what is required before what requires it, the cheapest first."""
    groups: dict[tuple[str, int], list[FixedCommitment]] = {}
    for c in plan:
        groups.setdefault((case.projects[c.project].bundle or f"/{c.project}", c.year), []).append(
            c
        )

    def place(made: Iterable[FixedCommitment]) -> tuple[int, int, float, str]:
        members = list(made)
        deepest = max(_depth(case, c.project) for c in members)
        dear = sum(_capex(case, c) for c in members)
        return members[0].year, deepest, dear, min(c.project for c in members)

    ordered = sorted(groups.values(), key=place)
    return [
        _Group(
            tuple(made),
            frozenset(filter(None, (case.projects[c.project].requires for c in made)))
            - {c.project for c in made},
        )
        for made in ordered
    ]


def _depth(case: Instance, project: str) -> int:
    """How many projects stand one behind the other in what a project requires."""
    required = case.projects[project].requires
    return 1 + _depth(case, required) if required else 0


def _capex(case: Instance, c: FixedCommitment) -> float:
    offer = case.projects[c.project].offers[c.year]
    return offer.capex * c.units + offer.capex_per_unit * (c.size or 0.0)


def hold_payments(stage: Stage, payable: Payable) -> None:
    """Pay for capital as is known: by whom and how much, else by whom alone."""
    model, solver = stage.model, stage.solver
    for key in model.index.TICKET:
        solver.restrict(model.ticket[key], float(key in payable.payers))
    solver.bind(_paid(stage, payable))


def payment_bounds(stage: Stage, payable: Payable) -> dict[int, tuple[float, float]]:
    """The same as bounds of columns: of all tickets, and of payments, which are open where their
    amounts are not known."""
    model, solver = stage.model, stage.solver
    tickets = {
        solver.column_of(model.ticket[key]): (float(key in payable.payers),) * 2
        for key in model.index.TICKET
    }
    pays = [solver.column_of(model.pay[key]) for key in model.index.PAY]
    return {**tickets, **{n: solver.bounds_of(n) for n in pays}, **_paid(stage, payable)}


def _paid(stage: Stage, payable: Payable) -> dict[int, tuple[float, float]]:
    """The bounds of payments whose amounts are known."""
    model, solver, paid = stage.model, stage.solver, payable.paid
    if paid is None:
        return {}
    return {
        solver.column_of(model.pay[key]): about(paid.get(key, 0.0) / model.scale.money)
        for key in model.index.PAY
    }


def about(paid: float) -> tuple[float, float]:
    """The bounds that hold a written amount, model units, but for its rounding: what is not paid at
    all is not paid in the least."""
    if not paid:
        return 0.0, 0.0
    return max(0.0, paid * (1 - ROUNDING) - ROUNDING), paid * (1 + ROUNDING) + ROUNDING


class _Purse:
    """The rules of money alone inside the solver, around some commitments of a plan."""

    def __init__(self, bare: Instance, control: Control) -> None:
        money = bare.replace(
            facilities={}, demands={}, lanes=(), pools=(), gaps={}, stockpiles={}, offtakes=()
        )
        self.model = build_model(money, (CLEAR,))
        with money_alone(self.model):
            self.solver = HighsModel(self.model, control, FIXED_TOLERANCE, MONEY)

    def answer(
        self, some: Iterable[FixedCommitment], paid: Mapping[PayKey, float] | None = None
    ) -> SolverAnswer:
        """The least public money for some commitments, paid as given; no point where they cannot be
        paid."""
        model, solver = self.model, self.solver
        held = {(c.project, c.year): c for c in some}
        bounds: dict[int, tuple[float, float]] = {}
        for key in model.index.BUILD:
            units = float(held[key].units) if key in held else 0.0
            bounds[solver.column_of(model.build[key])] = (units, units)
        for key in model.index.SIZE:
            mass = model.scale.of(model.data.projects[key[0]]).mass
            size = (held[key].size or 0.0) / mass if key in held else 0.0
            bounds[solver.column_of(model.size[key])] = (size, size)
        for pay in model.index.PAY if paid is not None else ():
            asked = (paid or {}).get(pay, 0.0) / model.scale.money
            bounds[solver.column_of(model.pay[pay])] = about(asked)
        solver.bind(bounds)
        found = solver.minimise(measure(model, "public").expression, obey=False)
        solver.free(bounds)
        return found

    def payers(self, some: Iterable[FixedCommitment]) -> frozenset[PayKey]:
        """Who has a ticket of which commitment where some are paid with the least public money."""
        found, index = self.answer(some), self.model.index
        if found.point is None:
            return frozenset()
        tickets = self.solver.values(self.model.ticket, index.TICKET, found.point)
        return frozenset(key for key, held in tickets.items() if round(held))

    def stood(self, groups: Sequence[_Group]) -> list[FixedCommitment]:
        """The commitments of some groups, in order, that can be paid beside those before them."""
        kept: list[FixedCommitment] = []
        self._keep(groups, kept)
        return kept

    def _keep(self, groups: Sequence[_Group], kept: list[FixedCommitment]) -> None:
        """Keep of some groups each that can be paid beside all kept: where all of them can, each of
        them can."""
        backed, there = [], {c.project for c in kept}
        for group in groups:
            if group.requires <= there:
                backed.append(group)
                there |= {c.project for c in group.made}
        every = [c for group in backed for c in group.made]
        if self.answer([*kept, *every]).point is not None:
            kept += every
        elif len(backed) > 1:
            half = len(backed) // 2
            self._keep(backed[:half], kept)
            self._keep(backed[half:], kept)
