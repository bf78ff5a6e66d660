"""What the commitment of one unit could cost and still be paid, by all money that could be ready.

A candidate dearer than that cannot be bought whatever else happens, so its cost says nothing of the
size of the case.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from opt.data.instance import Ceiling, Instance, Offer, Programme, Project

ROUNDING = 1e-9  # relative; a budget that just suffices does


def payable(instance: Instance) -> Mapping[tuple[str, int], float]:
    """The largest capital cost of one unit that could be paid, by project and year of commitment.

    A commitment that cannot be paid even at its smallest size is left out. Each limit is taken on
    its own, as if nothing else were committed, so what is left out is out of reach for certain.
    USD million.
    """
    found = {}
    payers, ceilings = payers_of(instance), _ceilings_of(instance)
    for j, project in instance.projects.items():
        for v, offer in project.offers.items():
            purse = _Purse(
                project, offer, instance.first_year, payers.get(j, ()), ceilings.get(j, ())
            )
            least = offer.capex + offer.capex_per_unit * project.capacity_min
            if purse.can_pay(least):
                largest = offer.capex + offer.capex_per_unit * project.capacity_max
                found[j, v] = max(least, min(largest, purse.most))
    return found


def payers_of(instance: Instance) -> Mapping[str, list[Programme]]:
    """The programmes that may pay some of each project's capital, by its id."""
    found: dict[str, list[Programme]] = {}
    for programme in instance.programmes.values():
        for j, share in programme.shares.items():
            if share > 0:
                found.setdefault(j, []).append(programme)
    return found


def _ceilings_of(instance: Instance) -> Mapping[str, list[Ceiling]]:
    """The ceilings that cover each project, by its id."""
    found: dict[str, list[Ceiling]] = {}
    for ceiling in instance.ceilings:
        for j in ceiling.projects:
            found.setdefault(j, []).append(ceiling)
    return found


class _Purse:
    """The money that could be ready for one commitment: public by payer, and private. inf where
    nothing limits it. USD million."""

    def __init__(
        self,
        project: Project,
        offer: Offer,
        first_year: int,
        payers: Iterable[Programme],
        ceilings: Iterable[Ceiling],
    ) -> None:
        self.project = project
        self.payers = [
            (
                programme.shares[project.plant.id],
                min(most_paid(programme, offer, first_year), _capped(programme, project)),
            )
            for programme in payers
            if programme.commits_in(offer.year)
        ]
        self.private, self.build_limit = _ceilings(ceilings, offer)

    def public(self, capex: float) -> float:
        """The most public money that could go into a commitment of this cost."""
        paid = sum(min(share * capex, most) for share, most in self.payers)
        return min(self.project.max_public_share * capex, paid)

    def can_pay(self, capex: float) -> bool:
        """Whether public money reaches its floor and private money all the rest."""
        public = self.public(capex) * (1 + ROUNDING)
        enough = public >= self.project.public_share * capex
        rest = (capex - public) <= self.private * (1 + ROUNDING)
        return enough and rest and capex <= self.build_limit * (1 + ROUNDING)

    @property
    def most(self) -> float:
        """No commitment that costs more can be paid."""
        public = sum(most for _, most in self.payers)
        floor = self.project.public_share
        by_floor = public / floor if floor > 0 else math.inf
        return min(public + self.private, by_floor, self.build_limit)


def _capped(programme: Programme, project: Project) -> float:
    """The most that a programme's ceilings on what it matches let it commit to a project."""
    caps = [cap.amount for cap in programme.caps if project.plant.id in cap.plants]
    return _over(min(caps), programme.charge) if caps else math.inf


def most_paid(programme: Programme, offer: Offer, first_year: int) -> float:
    """The most that a programme could pay into one commitment; inf where nothing limits it.

    Loans that come back in the year they are paid out take less of the amount; and as others come
    back a yearly limit of a programme that lends again is no limit on one payment.
    """
    back = programme.repaid(offer.first_operation, offer.year)
    most = _over(programme.amount, programme.charge * (1.0 - back))
    if programme.ticket_max is not None:
        most = min(most, programme.ticket_max)
    if programme.repay_years is None:
        most = min([most, *_by_year(programme, offer, first_year)])
    return most


def _by_year(programme: Programme, offer: Offer, first_year: int) -> Iterator[float]:
    """What each yearly limit lets through. With carry-over limits and spending add up, from the
    first year on and while no year is blank."""
    limit, spent = 0.0, 0.0
    for n, t in enumerate(sorted(programme.limits)):
        if programme.carry_over and t != first_year + n:
            return
        kept = (limit, spent) if programme.carry_over else (0.0, 0.0)
        limit, spent = kept[0] + programme.limits[t], kept[1] + offer.spend.get(t, 0.0)
        yield _over(limit, programme.charge * spent)


def _ceilings(ceilings: Iterable[Ceiling], offer: Offer) -> tuple[float, float]:
    """The most private money for a commitment, and the most capital that can be committed."""
    private, committed = math.inf, math.inf
    for ceiling in ceilings:
        if ceiling.what == "capex":
            committed = min(committed, ceiling.limits.get(offer.year, math.inf))
        if ceiling.what == "commitments":
            later = (most for t, most in ceiling.limits.items() if t >= offer.year)
            committed = min([committed, *later])
        if ceiling.what == "private":
            shares = ((t, offer.spend.get(t, 0.0)) for t in ceiling.limits)
            private = min([private, *(_over(ceiling.limits[t], share) for t, share in shares)])
    return private, committed


def _over(limit: float, share: float) -> float:
    return limit / share if share > 0 else math.inf
