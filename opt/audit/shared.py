"""What the plans told of several scenarios must have alike, since it is decided before it is known
which of them comes: commitments with their sizes and who pays, and what stock moves and costs.

The plans are looked at as they are told, by arithmetic alone: a search that let one of them know
its scenario would tell a value that no plan can keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.audit.check import AuditReport, Check, Where, write_report
from opt.record.flows import EXPOSED
from opt.record.money import Use
from opt.record.projects import Commitment
from opt.record.run import Solution

# Of an amount, or of the largest of its kind in any plan where that times CRUMBS is more: each plan
# keeps what is shared to the rounding of a solver, which goes by the largest amounts of its case.
SLACK = 1e-5
CRUMBS = 0.1
Key = tuple[str, ...]
Amounts = Mapping[Key, float]


@dataclass(frozen=True, slots=True)
class SharedPlans:
    """The plans told of several scenarios, in the order of their names (`scenarios`); None where
    none is known.

    `alike` says by year, of each scenario, the number of the first that nobody can tell from it by
    what has happened until then (of a year that it leaves out: the first of all). Commitments from
    `second_wave` on (None: none) are made by what is known then, earlier ones before anything is.
    `of` is what is counted, dependence or shortfall.
    """

    scenarios: tuple[str, ...]
    plans: tuple[Solution | None, ...]
    alike: Mapping[int, Sequence[int]]
    second_wave: int | None
    of: str

    def committed_alike(self, year: int) -> Iterator[tuple[int, int]]:
        """Numbers of scenarios, two by two, in which the commitments of a year must be the same."""
        waits = self.second_wave is not None and year >= self.second_wave
        return self.known_alike(year) if waits else self._pairs([0] * len(self.plans))

    def known_alike(self, year: int) -> Iterator[tuple[int, int]]:
        """Numbers of scenarios, two by two, in which the same has happened until a year."""
        return self._pairs(self.alike.get(year, [0] * len(self.plans)))

    def _pairs(self, first_like: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The first scenario of which a plan is known with every later one like it."""
        first: dict[int, int] = {}
        for n, (plan, like) in enumerate(zip(self.plans, first_like, strict=True)):
            if plan is None:
                continue
            if like in first:
                yield first[like], n
            first.setdefault(like, n)

    def both(self, one: int, other: int) -> str:
        """Two scenarios, as a finding names them."""
        return f"in {self.scenarios[one]} and {self.scenarios[other]}"

    @property
    def known(self) -> list[Solution]:
        """The plans that are known."""
        return [plan for plan in self.plans if plan is not None]


def audit_shared(told: SharedPlans) -> AuditReport:
    """Hold plans to what they must have alike; a finding names what differs, its year and the two
    scenarios."""
    rules = (share_commitments, share_payments, share_stock)
    return write_report((rule.__name__, rule(told)) for rule in rules)


def share_commitments(told: SharedPlans) -> Iterator[Check]:
    """units and size of a commitment are the same in scenarios that share its year. Sizes: units of
    capacity a year."""
    made = [_commitments(plan) for plan in told.plans]
    floor = _floor(c.size or 0.0 for own in made for c in own.values())
    for project, year in sorted({key for own in made for key in own}):
        for one, other in told.committed_alike(year):
            left, right = (made[n].get((project, year)) for n in (one, other))
            units = [0 if own is None else own.units for own in (left, right)]
            place = (project, year, told.both(one, other))
            yield Check((*place, "units"), abs(units[0] - units[1]), 1.0)
            if left is not None and right is not None and units[0] == units[1]:
                yield _alike((*place, "size"), left.size or 0.0, right.size or 0.0, floor)


def share_payments(told: SharedPlans) -> Iterator[Check]:
    """paid of a commitment by each programme is the same in scenarios that share its year, but
    where it costs another sum there. USD million."""
    made = [_commitments(plan) for plan in told.plans]
    paid = [_paid(plan, Use.CAPITAL) for plan in told.plans]
    floor = _money_floor(told)
    for project, year in sorted({key for own in made for key in own}):
        for one, other in told.committed_alike(year):
            both = [made[n].get((project, year)) for n in (one, other)]
            costs = [own.capex_musd for own in both if own is not None]
            if len(costs) == 2 and _alike((), costs[0], costs[1], floor).violation == 0.0:
                place = (project, year, told.both(one, other))
                own = [paid[n].get((project, year), {}) for n in (one, other)]
                yield from _same(place, own[0], own[1], floor)


def share_stock(told: SharedPlans) -> Iterator[Check]:
    """bought and released of each class, and what each programme pays, are the same of a stockpile
    in scenarios in which the same has happened until the year. Units, USD million.

    Exposed stock lowers no dependence, so where that is counted its release is not looked at.
    """
    moved = [_moved(plan, exposed=told.of != "dependence") for plan in told.plans]
    paid = [_paid(plan, Use.STOCK) for plan in told.plans]
    mass = _floor(x for own in moved for parts in own.values() for x in parts.values())
    money = _money_floor(told)
    for stockpile, year in sorted({key for own in (*moved, *paid) for key in own}):
        for one, other in told.known_alike(year):
            place = (stockpile, year, told.both(one, other))
            for amounts_of, floor in ((moved, mass), (paid, money)):
                own = [amounts_of[n].get((stockpile, year), {}) for n in (one, other)]
                yield from _same(place, own[0], own[1], floor)


def _alike(place: Where, left: float, right: float, floor: float) -> Check:
    """Two amounts are the same but for SLACK of the larger, or of the floor."""
    scale = max(floor, left, right)
    return Check(place, abs(left - right) - SLACK * scale, scale)


def _same(place: Where, left: Amounts, right: Amounts, floor: float) -> Iterator[Check]:
    """Amounts are the same, part by part; one that is not there is 0."""
    for part in sorted(left.keys() | right.keys()):
        yield _alike((*place, *part), left.get(part, 0.0), right.get(part, 0.0), floor)


def _commitments(plan: Solution | None) -> dict[tuple[str, int], Commitment]:
    return {(c.project, c.year): c for c in (plan.commitments if plan else ())}


def _paid(plan: Solution | None, use: Use) -> dict[tuple[str, int], dict[Key, float]]:
    """What each programme pays for one use, by what is paid for and year. USD million."""
    found: dict[tuple[str, int], dict[Key, float]] = {}
    for own in plan.paid_for(use) if plan else ():
        by = found.setdefault((own.thing, own.year), {})
        by[own.programme,] = by.get((own.programme,), 0.0) + own.paid_musd
    return found


def _moved(plan: Solution | None, *, exposed: bool) -> dict[tuple[str, int], dict[Key, float]]:
    """What is bought and released of each class, by stockpile and year; what is released exposed
    only where that is asked for. Units."""
    found: dict[tuple[str, int], dict[Key, float]] = {}
    for own in plan.allied.stocks if plan else ():
        parts = found.setdefault((own.stockpile, own.year), {})
        parts["bought", own.origin] = own.bought
        if exposed or own.origin != EXPOSED:
            parts["released", own.origin] = own.released
    return found


def _money_floor(told: SharedPlans) -> float:
    """The least scale of an amount of money. USD million."""
    paid = [p.paid_musd for plan in told.known for p in plan.payments]
    costs = [c.capex_musd for plan in told.known for c in plan.commitments]
    return _floor([*paid, *costs])


def _floor(amounts: Iterable[float]) -> float:
    """The least scale of amounts of a kind; 1 where all are 0, as then no two differ."""
    return CRUMBS * max(amounts, default=0.0) or 1.0
