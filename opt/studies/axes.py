"""What a front varies: money of programmes, capital in all, or the pace of building.

A level is how much of it there is: USD million, or for the pace a multiple of the workbook's
limits. More of it never makes a plan impossible, so that what is proven at a level holds below it,
and a plan that is found there above it.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from opt.data.instance import Instance, Programme, Project
from opt.record.run import Solution
from opt.solver.needs import least_limits, least_money
from opt.solver.stage import Job
from opt.studies.change import scaled_ceilings, scaled_programmes, with_capital

# Beyond so many times what the workbook has nothing is looked for.
MOST_TIMES = 1e4


@dataclass(frozen=True, slots=True)
class Axis(ABC):
    """What is varied of a case. `whole` is the level that the workbook has, `most` one beyond which
    more can change nothing."""

    instance: Instance
    whole: float
    most: float

    @property
    def base(self) -> Instance:
        """The case with the rows that levels change in its model."""
        return self.at(self.whole)

    @abstractmethod
    def at(self, level: float) -> Instance:
        """The case at a level."""

    @abstractmethod
    def need(self, job: Job, plan: Solution) -> float:
        """The least level at which a plan obeys every rule; `job` is that of the case itself."""

    @abstractmethod
    def is_discrete(self) -> bool:
        """Whether plans need finitely many levels, so that the front is a set of points."""


@dataclass(frozen=True, slots=True)
class MoneyAxis(Axis):
    """Amounts and yearly limits of some programmes (None: of every one), scaled together. The level
    is the sum of their amounts."""

    names: frozenset[str] | None = None

    def at(self, level: float) -> Instance:
        """Every one of them with the same part of its own."""
        return scaled_programmes(self.instance, level / self.whole, self.names)

    def need(self, job: Job, plan: Solution) -> float:
        """What pays for it, by whoever may."""
        return self.whole * least_money(
            job, plan, lambda instance, factor: scaled_programmes(instance, factor, self.names)
        )

    def is_discrete(self) -> bool:
        """Neither sizes nor purchases nor support, which may be of any amount."""
        spend = self.instance.programmes.values()
        varied = any(k.stocks or any(k.rates.values()) for k in spend)
        return not varied and not _sized(self.instance)


@dataclass(frozen=True, slots=True)
class CapitalAxis(Axis):
    """Capital cost of all that is committed."""

    def at(self, level: float) -> Instance:
        """No more of it than so much."""
        return with_capital(self.instance, level)

    def need(self, job: Job, plan: Solution) -> float:
        """What it commits."""
        return math.fsum(made.capex_musd for made in plan.commitments)

    def is_discrete(self) -> bool:
        """No sizes, which may be of any amount."""
        return not _sized(self.instance)


@dataclass(frozen=True, slots=True)
class PaceAxis(Axis):
    """Yearly limits on capacity, or where there are none on starts: multiples of the workbook's."""

    what: str

    def at(self, level: float) -> Instance:
        """Every such limit with the same multiple."""
        return scaled_ceilings(self.instance, level, self.what)

    def need(self, job: Job, plan: Solution) -> float:
        """The largest part of a limit that it uses."""
        return least_limits(job, plan, self.what)

    def is_discrete(self) -> bool:
        """No sizes, which may be of any amount; starts are whole."""
        return self.what == "starts" or not _sized(self.instance)


def money_axis(instance: Instance, names: Collection[str] | None) -> MoneyAxis | None:
    """Some programmes (None: every one) as what is varied; None where they have no money."""
    own = [k for k in instance.programmes.values() if names is None or k.id in names]
    whole = math.fsum(k.amount for k in own)
    if whole <= 0:
        return None
    capital = _capital(instance)
    times = max((_times(k, capital) for k in own), default=1.0)
    chosen = None if names is None else frozenset(names)
    return MoneyAxis(instance, whole, whole * min(max(1.0, times), MOST_TIMES), chosen)


def _times(programme: Programme, capital: float) -> float:
    """With how many times its money a programme could pay for all capital, and in any year."""
    least = min((m for m in (programme.amount, *programme.limits.values()) if m > 0), default=0.0)
    return programme.charge * capital / least if least > 0 else 1.0


def capital_axis(instance: Instance) -> CapitalAxis | None:
    """All capital as what is varied; None where nothing costs any."""
    whole = _capital(instance)
    return CapitalAxis(instance, whole, whole) if whole > 0 else None


def pace_axis(instance: Instance) -> PaceAxis | None:
    """Limits on capacity as what is varied, else those on starts; None where there are none."""
    for what in ("capacity", "starts"):
        own = [c for c in instance.ceilings if c.what == what and any(c.limits.values())]
        if own:
            times = max(_multiple(instance, c.projects, c.made, c.limits.values()) for c in own)
            return PaceAxis(instance, 1.0, min(max(1.0, times), MOST_TIMES), what)
    return None


def _multiple(
    instance: Instance, names: Iterable[str], made: object, limits: Iterable[float]
) -> float:
    """With how many times its smallest limit all could be committed in one year."""
    rates = made if isinstance(made, dict) else {}
    whole = math.fsum(
        rates[j] * p.capacity_max * p.max_units if rates else p.max_units
        for j in names
        for p in [instance.projects[j]]
        if p.offers
    )
    least = min((limit for limit in limits if limit > 0), default=0.0)
    return whole / least if least > 0 else 1.0


def _capital(instance: Instance) -> float:
    """What every unit of every project costs at its largest, in its dearest year. USD million."""
    return math.fsum(max(_costs(p), default=0.0) for p in instance.projects.values())


def _costs(project: Project) -> Iterator[float]:
    for offer in project.offers.values():
        yield project.max_units * (offer.capex + offer.capex_per_unit * project.capacity_max)


def _sized(instance: Instance) -> bool:
    """Whether some project on offer may be of any size."""
    return any(p.scalable and p.offers for p in instance.projects.values())
