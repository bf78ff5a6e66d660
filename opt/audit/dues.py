"""What programmes promise, what falls due of it and what comes back, by programme and year.

Money for stock and support is promised and falls due in the year it is paid, and never comes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from opt.audit.evidence import Evidence
from opt.audit.supply import lead_years, spend_shares
from opt.record.money import Payment, Use

ByYear = Mapping[tuple[str, int], float]


def yearly_payments(evidence: Evidence) -> Iterator[tuple[str, int, float]]:
    """Programme, year and face value of each payment for stock or support, USD million."""
    for paid in evidence.answer.payments:
        if paid.use is not Use.CAPITAL:
            yield paid.programme, paid.year, paid.paid_musd


def committed_by_year(evidence: Evidence) -> ByYear:
    """What is promised: payments for capital by year of commitment, others by their year. USD
    million, face value."""
    committed: dict[tuple[str, int], float] = defaultdict(float)
    for paid in evidence.answer.payments:
        committed[paid.programme, paid.year] += paid.paid_musd
    return committed


def due_by_year(evidence: Evidence) -> ByYear:
    """What falls due: capex payments by their spend shares, stock and support in their year; times
    the charge. USD million."""
    due: dict[tuple[str, int], float] = defaultdict(float)
    for paid in evidence.answer.paid_for(Use.CAPITAL):
        charge = _charge(evidence, paid.programme)
        for year, share in spend_shares(evidence.case, paid.thing, paid.year).items():
            due[paid.programme, year] += paid.paid_musd * charge * share
    for programme, year, musd in yearly_payments(evidence):
        due[programme, year] += musd * _charge(evidence, programme)
    return due


def repaid_by_year(evidence: Evidence) -> ByYear:
    """What comes back by programme and calendar year, times the charge, USD million."""
    repaid: dict[tuple[str, int], float] = defaultdict(float)
    for paid in evidence.answer.paid_for(Use.CAPITAL):
        charge = _charge(evidence, paid.programme)
        for year, share in _back(evidence, paid).items():
            repaid[paid.programme, year] += paid.paid_musd * charge * share
    return repaid


def outstanding(evidence: Evidence, programme: str, year: int) -> float:
    """Face value promised up to a year and not come back by its end, USD million."""
    lent = sum(
        paid.paid_musd * (1.0 - sum(s for t, s in _back(evidence, paid).items() if t <= year))
        for paid in evidence.answer.paid_for(Use.CAPITAL)
        if paid.programme == programme and paid.year <= year
    )
    spent = (m for k, t, m in yearly_payments(evidence) if k == programme and t <= year)
    return lent + sum(spent)


def public_by_commitment(evidence: Evidence) -> ByYear:
    """Public money in each commitment, by project and year of commitment, USD million."""
    public: dict[tuple[str, int], float] = defaultdict(float)
    for paid in evidence.answer.paid_for(Use.CAPITAL):
        public[paid.thing, paid.year] += paid.paid_musd
    return public


def _charge(evidence: Evidence, programme: str) -> float:
    return evidence.case.programmes[programme].number_of("charge")


def _back(evidence: Evidence, paid: Payment) -> Mapping[int, float]:
    """Share of a payment that comes back by calendar year: 1 / repay_years in each of repay_years
    years from first operation on; nothing where the programme has no repay_years.

    First operation is recomputed, not taken from the answer.
    """
    years = evidence.case.programmes[paid.programme].optional("repay_years")
    if years is None:
        return {}
    plant = evidence.case.projects[paid.thing]
    start = paid.year + lead_years(evidence.case, plant, paid.year)
    return {start + n: 1.0 / years for n in range(int(years))}
