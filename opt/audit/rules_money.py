"""Rules of public money: who may pay for what, how much, and when it falls due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from opt.audit.check import NOISE_MUSD, Check, at_most, holds
from opt.audit.dues import (
    committed_by_year,
    due_by_year,
    outstanding,
    public_by_commitment,
    repaid_by_year,
)
from opt.audit.evidence import Evidence
from opt.audit.programmes import (
    CAPEX,
    commit_years,
    eligibility,
    is_eligible,
    matches,
    uses,
)
from opt.audit.supply import committed_capex
from opt.record.money import Payment, Use


def limit_eligibility(evidence: Evidence) -> Iterator[Check]:
    """A programme pays capex only where eligible.

    `only` rows of one field join by or, fields by and; a matching `never` row excludes; no rows:
    any project. A programme whose pays_for does not name capex pays none. True or false.
    """
    case = evidence.case
    for paid in _payments(evidence):
        rows = eligibility(case, paid.programme)
        fits = is_eligible(rows, case.projects[paid.thing].traits)
        yield holds(_place(paid), CAPEX in uses(case, paid.programme) and fits)


def limit_commit_years(evidence: Evidence) -> Iterator[Check]:
    """commit_from <= v <= commit_to of the programme. Scale: years."""
    for paid in _payments(evidence):
        years = commit_years(evidence.case, paid.programme)
        outside = max(years.start - paid.year, paid.year - years.stop + 1)
        yield Check(_place(paid), outside, 1.0)


def limit_share(evidence: Evidence) -> Iterator[Check]:
    """pay[j, k, v] <= max_share x capex[j, v], the smallest share of the programme and of the
    matching eligibility rows that set one. Unit: USD million."""
    capex = _capex(evidence)
    for paid in _payments(evidence):
        share = evidence.case.programmes[paid.programme].number_of("max_share")
        traits = evidence.case.projects[paid.thing].traits
        for row in eligibility(evidence.case, paid.programme):
            own = row.optional("max_share")
            if own is not None and matches(row, traits):
                share = min(share, own)
        most = share * capex[paid.thing, paid.year]
        yield at_most(_place(paid), paid.paid_musd, most, evidence.case.money_floor)


def limit_ticket(evidence: Evidence) -> Iterator[Check]:
    """ticket_min <= pay[j, k, v] <= ticket_max for each payment above 0. Unit: USD million."""
    floor = evidence.case.money_floor
    for paid in _payments(evidence):
        row = evidence.case.programmes[paid.programme]
        least, most = row.number_of("ticket_min"), row.optional("ticket_max")
        yield at_most((*_place(paid), "least"), least, paid.paid_musd, floor)
        if most is not None:
            yield at_most((*_place(paid), "most"), paid.paid_musd, most, floor)


def limit_programme(evidence: Evidence) -> Iterator[Check]:
    """Sum over j, v of pay[j, k, v], with all that k pays for stock and support, x charge[k] <=
    amount[k]. Unit: USD million.

    With repay_years in every year t: charge[k] x (sum over j, v <= t of pay[j, k, v] x (1 - share
    come back by the end of t), with stock and support paid up to t) <= amount[k].
    """
    totals: dict[str, float] = defaultdict(float)
    for (programme, _), musd in committed_by_year(evidence).items():
        totals[programme] += musd
    floor = evidence.case.money_floor
    for name, row in evidence.case.programmes.items():
        charge, amount = row.number_of("charge"), row.number_of("amount")
        if row.optional("repay_years") is None:
            yield at_most((name,), totals[name] * charge, amount, floor)
            continue
        for year in evidence.case.years:
            left = charge * outstanding(evidence, name, year)
            yield at_most((name, year), left, amount, max(floor, charge * totals[name]))


def limit_disbursement(evidence: Evidence) -> Iterator[Check]:
    """What falls due in t, sum of pay x charge x spend[t - v] and of all paid in t for stock and
    support x charge, less what comes back in t, sum of pay x charge / repay_years, <= limit[k, t].

    With carry_over both sides are cumulative, while every year so far has a limit. A blank year is
    no limit. Unit: USD million.
    """
    due, repaid = due_by_year(evidence), repaid_by_year(evidence)
    for name, row in evidence.case.programmes.items():
        carries = row.text("carry_over") == "yes"
        left, right, largest = 0.0, 0.0, evidence.case.money_floor
        for year in evidence.case.years:
            limit = row.years.get(year)
            if limit is None and carries:
                break
            if limit is None:
                continue
            spent, back = due.get((name, year), 0.0), repaid.get((name, year), 0.0)
            left = spent - back + (left if carries else 0.0)
            right = limit + (right if carries else 0.0)
            largest = max(largest, spent, back)
            yield at_most((name, year), left, right, largest)


def require_public_share(evidence: Evidence) -> Iterator[Check]:
    """public_share[j] x capex[j, v] <= sum over k of pay[j, k, v], in every commitment.

    The project's share, or else the setting. Unit: USD million.
    """
    public = public_by_commitment(evidence)
    setting = evidence.case.setting("public_share", 0.0)
    for key, capex in _capex(evidence).items():
        own = evidence.case.projects[key[0]].row.optional("public_share")
        least = (setting if own is None else own) * capex
        yield at_most(key, least, public.get(key, 0.0), evidence.case.money_floor)


def limit_public_share(evidence: Evidence) -> Iterator[Check]:
    """Sum over k of pay[j, k, v] <= max_public_share[j] x capex[j, v], in every commitment.

    Unit: USD million.
    """
    public = public_by_commitment(evidence)
    for key, capex in _capex(evidence).items():
        most = evidence.case.projects[key[0]].row.number_of("max_public_share") * capex
        yield at_most(key, public.get(key, 0.0), most, evidence.case.money_floor)


def _payments(evidence: Evidence) -> Iterator[Payment]:
    """Payments that are more than noise."""
    for paid in evidence.answer.paid_for(Use.CAPITAL):
        if paid.paid_musd > NOISE_MUSD:
            yield paid


def _place(paid: Payment) -> tuple[str, int, str]:
    return (paid.thing, paid.year, paid.programme)


def _capex(evidence: Evidence) -> dict[tuple[str, int], float]:
    """Recomputed capex of each commitment, USD million."""
    return {
        (made.project, made.year): committed_capex(evidence.case, made)
        for made in evidence.answer.commitments
    }
