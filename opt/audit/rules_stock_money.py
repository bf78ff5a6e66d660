"""Rules of money for stock: who may pay, and that purchases and carrying are paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from opt.audit.case import USD_PER_MUSD
from opt.audit.check import NOISE_MUSD, Check, at_most, holds
from opt.audit.evidence import Evidence
from opt.audit.programmes import commit_years
from opt.audit.stocks import (
    buyers,
    may_pay,
    stocks_by_key,
    total_bought,
    total_level,
)
from opt.record.money import Payment, Use


def limit_stock_payers(evidence: Evidence) -> Iterator[Check]:
    """A programme pays for a stockpile only if pays_for names stock, its eligibility passes for the
    region, bloc, commodity, mineral and stage, and t >= commit_from. True or false."""
    case = evidence.case
    for paid in _payments(evidence):
        fits = may_pay(case, paid.programme, case.stockpiles[paid.thing])
        begun = paid.year >= commit_years(case, paid.programme).start
        yield holds((paid.thing, paid.year, paid.programme), fits and begun)


def pay_for_stock(evidence: Evidence) -> Iterator[Check]:
    """P x sum over o of bought / 1e6 <= sum of paid[k, s, t] over programmes that may buy in t; and
    (P x sum of bought + C x (sum of level - initial x (1 - loss)^n)) / 1e6 <= sum of paid[k, s, t].

    P is the price in the stockpile's region, C the carrying_cost, n = t - first_year + 1: what is
    left of the initial stock costs the programmes nothing. USD million. Scale: what the floor of
    mass would cost, because a solver's tolerance on what is bought is one of mass.
    """
    case = evidence.case
    paid = _paid(evidence)
    stocks = stocks_by_key(evidence.allied.flows)
    for name, row in case.stockpiles.items():
        carrying = row.number_of("carrying_cost") / USD_PER_MUSD
        for n, year in enumerate(case.years, start=1):
            price = evidence.prices.worth(row.text("commodity"), row.text("region"), year)
            price /= USD_PER_MUSD
            purchase = price * total_bought(stocks, name, year)
            initial = row.number_of("initial") * (1.0 - row.number_of("loss")) ** n
            held = carrying * (total_level(stocks, name, year) - initial)
            by = paid.get((name, year), {})
            of_buyers = sum(by.get(k, 0.0) for k in buyers(case, row, year))
            scale = max(case.money_floor, (price + carrying) * case.mass_floor)
            yield at_most((name, year, "purchase"), purchase, of_buyers, scale)
            yield at_most((name, year), purchase + held, sum(by.values()), scale)


def _paid(evidence: Evidence) -> dict[tuple[str, int], dict[str, float]]:
    """USD million by stockpile and year, then by programme."""
    paid: dict[tuple[str, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for line in evidence.answer.paid_for(Use.STOCK):
        paid[line.thing, line.year][line.programme] += line.paid_musd
    return paid


def _payments(evidence: Evidence) -> Iterator[Payment]:
    """Payments that are more than noise."""
    for paid in evidence.answer.paid_for(Use.STOCK):
        if paid.paid_musd > NOISE_MUSD:
            yield paid
