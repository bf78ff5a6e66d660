"""Money: who pays, within which rules of which programme, for commitments, stock and support."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from opt.data.instance import Offer, Programme
from opt.model.ceilings import ceiling_years
from opt.model.outlays import Outlay, OutlayKey
from opt.model.projects import capex, unit_capex
from opt.model.rule import OptModel, Relation, over
from opt.model.stock import level
from opt.model.variables import term
from opt.record.money import Use


def public_money(m: OptModel, j: str, v: int) -> Any:
    """Sum of what programmes pay into a commitment."""
    return sum(m.pay[j, k, v] for k in m.index.payers[j, v])


def _with_floor(m: OptModel) -> list[tuple[str, int]]:
    return [(j, v) for j, v in m.index.BUILD if m.data.projects[j].public_share > 0]


@over(_with_floor)
def define_funding_floor(m: OptModel, j: str, v: int) -> Relation:
    r"""Public money is at least public_share of capex; private money is the rest.

    Enforced over: BUILD with public_share > 0. Unit: money.
    \sum_k pay_{jkv} >= public\_share_j capex_{jv}
    """
    return public_money(m, j, v) - m.data.projects[j].public_share * capex(m, j, v) >= 0.0


@over(lambda m: [key for key in m.index.BUILD if m.index.payers[key]])
def define_funding_ceiling(m: OptModel, j: str, v: int) -> Relation:
    r"""Public money is at most max_public_share of capex; private money is the rest.

    Enforced over: BUILD with payers. Unit: money.
    \sum_k pay_{jkv} <= max\_public\_share_j capex_{jv}
    """
    return public_money(m, j, v) - m.data.projects[j].max_public_share * capex(m, j, v) <= 0.0


@over(lambda m: m.index.PAY)
def limit_share(m: OptModel, j: str, k: str, v: int) -> Relation:
    r"""A programme pays at most its share of a project's capex.

    Enforced over: PAY. Unit: money.
    pay_{jkv} <= max\_share_{jk} capex_{jv}
    """
    return m.pay[j, k, v] - m.data.programmes[k].shares[j] * capex(m, j, v) <= 0.0


def _with_ticket_max(m: OptModel) -> list[tuple[str, str, int]]:
    return [key for key in m.index.PAY if m.data.programmes[key[1]].ticket_max is not None]


@over(_with_ticket_max)
def limit_ticket_max(m: OptModel, j: str, k: str, v: int) -> Relation:
    r"""A payment is at most the largest ticket.

    Enforced over: PAY of programmes with ticket_max. Unit: money.
    pay_{jkv} <= ticket\_max_k
    """
    return m.pay[j, k, v] <= m.data.programmes[k].ticket_max


@over(lambda m: m.index.TICKET)
def limit_ticket_min(m: OptModel, j: str, k: str, v: int) -> Relation:
    r"""A payment is nothing or at least the smallest ticket.

    Enforced over: TICKET. Unit: money.
    pay_{jkv} >= ticket\_min_k ticket_{jkv}
    """
    return m.pay[j, k, v] - m.data.programmes[k].ticket_min * m.ticket[j, k, v] >= 0.0


@over(lambda m: m.index.TICKET)
def link_ticket(m: OptModel, j: str, k: str, v: int) -> Relation:
    r"""Nothing is paid without a ticket.

    Enforced over: TICKET. Unit: money.
    pay_{jkv} <= largest_{jkv} ticket_{jkv},
    largest = min(ticket\_max_k, max\_share_{jk} x capex of max\_units_j units of the largest size)
    """
    return m.pay[j, k, v] - largest_payment(m, j, k, v) * m.ticket[j, k, v] <= 0.0


def largest_payment(m: OptModel, j: str, k: str, v: int) -> float:
    """The most that a programme could pay into a commitment, from data. money."""
    project, programme = m.data.projects[j], m.data.programmes[k]
    largest = float(programme.shares[j] * unit_capex(project, v) * project.max_units)
    return largest if programme.ticket_max is None else min(largest, programme.ticket_max)


@over(ceiling_years("private"))
def limit_private(m: OptModel, n: int, t: int) -> Relation:
    r"""Private money that falls due in a year stays within what is ready.

    Enforced over: ceilings on private money and their years. Unit: money.
    \sum_{j,v} spend_{j,t-v} (capex_{jv} - \sum_k pay_{jkv}) <= limit_{nt}
    """
    ceiling = m.data.ceilings[n]
    terms = []
    for j in ceiling.projects:
        for v in m.index.commitments[j]:
            share = m.data.projects[j].offers[v].spend.get(t, 0.0)
            if share > 0:
                terms.append(share * (capex(m, j, v) - public_money(m, j, v)))
    return sum(terms) <= ceiling.limits[t]


def _buying_stocks(m: OptModel) -> list[tuple[str, int]]:
    return sorted({(s, t) for s, _, t in m.index.BUY})


@over(_buying_stocks)
def pay_purchases(m: OptModel, s: str, t: int) -> Relation:
    r"""Programmes that can commit in a year pay for what is bought in it, at its price.

    Enforced over: stockpiles and years in which something can be bought. Unit: money.
    \sum_{k: commits in t} pay\_stock_{kst} >= price_{st} \sum_o buy_{sot}
    (both sides over the dearer of price and carrying cost)
    """
    committing = [k for k, p in sorted(m.data.programmes.items()) if p.commits_in(t)]
    paid = stock_money(m, s, t, committing) - purchases(m, s, t)
    return paid / dearest(m, s, t) >= 0.0


def _carried_stocks(m: OptModel) -> list[tuple[str, int]]:
    bought = sorted({s for s, _, _ in m.index.BUY})
    return [(s, t) for s in bought if m.data.stockpiles[s].carrying_cost > 0 for t in m.data.years]


@over(_carried_stocks)
def pay_carrying(m: OptModel, s: str, t: int) -> Relation:
    r"""Programmes pay for what is bought and for keeping what they added to the initial stock.

    Enforced over: stockpiles with a carrying cost for which something can be bought, all years in
    which it is held, also after commit_to. Unit: money.
    \sum_k pay\_stock_{kst} >= price_{st} \sum_o buy_{sot}
      + carrying_s (\sum_o level_{sot} - (1 - loss_s)^n initial_s)
    with n the years since the first, the first included
    (both sides over the dearer of price and carrying cost).
    """
    stock = m.data.stockpiles[s]
    added = level(m, s, t) - stock.initial_left(t - m.data.first_year + 1)
    paid = stock_money(m, s, t, sorted(m.data.programmes))
    missing = paid - purchases(m, s, t) - stock.carrying_cost * added
    return missing / dearest(m, s, t) >= 0.0


def dearest(m: OptModel, s: str, t: int) -> float:
    """What a unit of a stockpile costs in a year, for rows in mass: in money a row's coefficients
    could lie under the solver's tolerances. money/mass."""
    stock = m.data.stockpiles[s]
    return max(stock.prices.get(t, 0.0), stock.carrying_cost) or 1.0


def stock_money(m: OptModel, s: str, t: int, programmes: Iterable[str]) -> Any:
    """Sum of what some programmes pay for a stockpile in a year. money."""
    return sum(term(m.pay_stock, (k, s, t)) for k in programmes)


def purchases(m: OptModel, s: str, t: int) -> Any:
    """What is bought into a stockpile in a year, at its price. money."""
    stock = m.data.stockpiles[s]
    bought = [m.buy[s, o, t] for o in m.index.origins if (s, o, t) in m.buy]
    return stock.prices[t] * sum(bought) if bought else 0.0


def outlay_money(m: OptModel, outlay: Outlay, key: OutlayKey) -> Any:
    """What a programme pays for one use of one thing in a year: rate x variable. money."""
    return outlay.rate(m.data, key) * getattr(m, outlay.variable)[key]


def outlays(m: OptModel, k: str, t: int) -> Any:
    """What a programme pays in a year for every use beside capital. money."""
    return sum(outlay_money(m, outlay, key) for outlay, key in m.index.outlays_of.get((k, t), ()))


def _payers(m: OptModel, *, revolving: bool) -> list[str]:
    return [
        k for k in m.index.spenders() if (m.data.programmes[k].repay_years is not None) == revolving
    ]


@over(lambda m: _payers(m, revolving=False))
def limit_programme(m: OptModel, k: str) -> Relation:
    r"""A programme commits at most its amount, at its charge.

    Enforced over: programmes that can pay and are not lent again. Unit: money.
    charge_k (\sum_{jv} pay_{jkv} + \sum_t outlays_{kt}) <= amount_k
    where outlays are payments for every use beside capital.
    """
    programme = m.data.programmes[k]
    capital = sum(m.pay[key] for key in m.index.payments.get(k, ()))
    running = sum(outlays(m, k, t) for t in m.data.years)
    return programme.charge * (capital + running) <= programme.amount


def _capped(m: OptModel) -> list[tuple[str, int]]:
    return [
        (k, n)
        for k in m.index.spenders()
        for n in range(len(m.data.programmes[k].caps))
        if _paid_under(m, k, n)
    ]


def _paid_under(m: OptModel, k: str, n: int) -> list[Any]:
    """All that a programme can pay for what one of its ceilings covers. money."""
    cap = m.data.programmes[k].caps[n]
    paid = [m.pay[j, k, v] for j, _, v in m.index.payments.get(k, ()) if j in cap.plants]
    for t in m.data.years:
        for outlay, key in m.index.outlays_of.get((k, t), ()):
            covered = cap.stocks if outlay.use is Use.STOCK else cap.plants
            if outlay.thing(key)[0] in covered:
                paid.append(outlay_money(m, outlay, key))
    return paid


@over(_capped)
def limit_matched(m: OptModel, k: str, n: int) -> Relation:
    r"""A programme commits at most so much to what one of its eligibility rows matches, at its
    charge.

    Enforced over: rows of eligibility with a max_amount, by programme and number. Unit: money.
    charge_k (\sum_{jv in n} pay_{jkv} + \sum_{t, in n} outlays_{kt}) <= max\_amount_{kn}
    """
    programme = m.data.programmes[k]
    return programme.charge * sum(_paid_under(m, k, n)) <= programme.caps[n].amount


def _years_of_revolving(m: OptModel) -> list[tuple[str, int]]:
    return [
        (k, t)
        for k in _payers(m, revolving=True)
        for first in [_first_payment(m, k)]
        for t in m.data.years
        if t >= first
    ]


def _first_payment(m: OptModel, k: str) -> int:
    """The first year in which a programme that can pay for anything can pay."""
    committed = [v for _, _, v in m.index.payments.get(k, ())]
    return min([*committed, *(t for t in m.data.years if (k, t) in m.index.outlays_of)])


@over(_years_of_revolving)
def limit_outstanding(m: OptModel, k: str, t: int) -> Relation:
    r"""What a revolving programme has committed and not got back stays within its amount.

    Enforced over: programmes with repay_years, all years. Unit: money.
    charge_k (\sum_{jv, v<=t} (1 - \sum_{u<=t} repaid_{jvu}) pay_{jkv}
      + \sum_{u<=t} outlays_{ku}) <= amount_k
    """
    programme = m.data.programmes[k]
    terms = [outlays(m, k, u) for u in m.data.years if u <= t]
    for j, _, v in m.index.payments.get(k, ()):
        if v <= t:
            start = m.data.projects[j].offers[v].first_operation
            back = math.fsum(programme.repaid(start, u) for u in m.data.years if u <= t)
            terms.append((1.0 - back) * m.pay[j, k, v])
    return programme.charge * sum(terms) <= programme.amount


def falls_due(m: OptModel, k: str, years: range) -> Any:
    """What falls due in some years of all that a programme has committed, stock and support
    included, less what comes back of its revolving loans, at its charge. money."""
    programme = m.data.programmes[k]
    terms = [programme.charge * outlays(m, k, t) for t in years]
    for j, _, v in m.index.payments.get(k, ()):
        share = _due_share(programme, m.data.projects[j].offers[v], years)
        if share != 0:
            terms.append(share * m.pay[j, k, v])
    return sum(terms)


def _due_share(programme: Programme, offer: Offer, years: range) -> float:
    """Share of a payment that falls due in some years, less what comes back, at the charge."""
    if programme.repay_years is None:
        return math.fsum(programme.charge * share for t, share in offer.spend.items() if t in years)
    return math.fsum(
        programme.charge * (offer.spend.get(t, 0.0) - programme.repaid(offer.first_operation, t))
        for t in years
        if t >= offer.year
    )


def _limited_years(m: OptModel) -> list[tuple[str, int]]:
    keys = []
    for k in m.index.spenders():
        programme = m.data.programmes[k]
        for t in m.data.years:
            counted = _counted_years(m, k, t)
            if all(u in programme.limits for u in counted) and _anything_due(m, k, counted):
                keys.append((k, t))
    return keys


def _counted_years(m: OptModel, k: str, t: int) -> range:
    """The years whose limits and dues are held together in a year."""
    return range(m.data.first_year if m.data.programmes[k].carry_over else t, t + 1)


def _anything_due(m: OptModel, k: str, years: range) -> bool:
    """Whether more of some payment falls due in the years than comes back in them."""
    if any((k, t) in m.index.outlays_of for t in years):
        return True
    return any(
        _due_share(m.data.programmes[k], m.data.projects[j].offers[v], years) > 0
        for j, _, v in m.index.payments.get(k, ())
    )


@over(_limited_years)
def limit_disbursement(m: OptModel, k: str, t: int) -> Relation:
    r"""What falls due in a year stays within the limit; with carry-over, cumulatively.

    Enforced over: programmes and years with a limit. Unit: money.
    charge_k (\sum_{jv} (spend_{j,t-v} - repaid_{jvt}) pay_{jkv} + outlays_{kt}) <= limit_{kt}
    carry-over: the same summed over all years up to t, while every one of them has a limit.
    """
    years, limits = _counted_years(m, k, t), m.data.programmes[k].limits
    return falls_due(m, k, years) <= _total([limits[u] for u in years])


def _total(limits: Sequence[Any]) -> Any:
    """Their sum: of plain numbers exactly, of terms of a variable (opt.solver.needs) one by one."""
    plain = all(isinstance(limit, int | float) for limit in limits)
    return math.fsum(limits) if plain else sum(limits)
