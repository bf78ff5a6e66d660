"""Programmes: who may pay for what, what they promise, what falls due and comes back, what is left.

Money for stock and support is promised and falls due in the year it is paid, and never comes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from opt.audit.case import AuditCase, Traits, effect, make_traits, match_key
from opt.audit.check import (
    NOISE_MUSD,
    WIDEST,
    Check,
    KeyedRows,
    Near,
    Scales,
    at_most,
    compare_table,
    equal,
    holds,
    scales_of,
)
from opt.audit.evidence import Evidence
from opt.audit.projects import committed_capex, lead_years, spend_shares
from opt.audit.rule import of_plan, of_record, told
from opt.data.tables import Row
from opt.record.lines import read_cells
from opt.record.money import Payment, ProgrammeYear, Use

CAPEX = "capex"
STOCK = "stock"
PRICE_SUPPORT = "price_support"
OUTPUT_SUPPORT = "output_support"
YearMoney = Mapping[tuple[str, int], float]
REST = 1e-9  # of a limit or amount: less is no rest of it


def uses(case: AuditCase, programme: str) -> frozenset[str]:
    """What the money of a programme can be used for: the items of pays_for."""
    items = case.programmes[programme].text("pays_for").split(";")
    return frozenset(item.strip().casefold() for item in items)


def commit_years(case: AuditCase, programme: str) -> range:
    """commit_from..commit_to; where they are blank, the years of the plan."""
    row = case.programmes[programme]
    first = row.optional("commit_from") or case.tables.first_year
    last = row.optional("commit_to") or case.tables.last_year
    return range(int(first), int(last) + 1)


def commits_in(case: AuditCase, programme: str, year: int) -> bool:
    """Whether a programme may commit in a year: in commit_from..commit_to, and it has a limit or no
    shock on money with factor 0 in it."""
    row = case.programmes[programme]
    open_then = year in row.years or _money_left(case, programme, year) > 0
    return year in commit_years(case, programme) and open_then


def _money_left(case: AuditCase, programme: str, year: int) -> float:
    """The factor by which shocks on money multiply a programme's limit of a year."""
    return effect(case.shocks, "money", make_traits(programme=[programme]), year).factor


def eligibility(case: AuditCase, programme: str) -> tuple[Row, ...]:
    """The rows of sheet eligibility of one programme."""
    rows = case.tables.rows.get("eligibility", ())
    return tuple(row for row in rows if row.text("programme") == programme)


def is_eligible(rows: tuple[Row, ...], traits: Traits) -> bool:
    """Whether a thing with these traits passes a programme's eligibility rows."""
    wanted: dict[str, bool] = {}
    for row in rows:
        match = matches(row, traits)
        if row.text("rule") == "never":
            if match:
                return False
            continue
        wanted[row.text("field")] = wanted.get(row.text("field"), False) or match
    return all(wanted.values())


def matches(row: Row, traits: Traits) -> bool:
    """Whether a row of a sheet with field and value takes a thing with these traits."""
    field = row.text("field")
    return match_key(field, row.text("value")) in traits.get(field, frozenset())


def yearly_payments(evidence: Evidence) -> Iterator[tuple[str, int, float]]:
    """Programme, year and face value of each payment for stock or support, USD million."""
    for paid in evidence.answer.payments:
        if paid.use is not Use.CAPITAL:
            yield paid.programme, paid.year, paid.paid_musd


def committed_by_year(evidence: Evidence) -> YearMoney:
    """What is promised: payments for capital by year of commitment, others by their year. USD
    million, face value."""
    committed: dict[tuple[str, int], float] = defaultdict(float)
    for paid in evidence.answer.payments:
        committed[paid.programme, paid.year] += paid.paid_musd
    return committed


def due_by_year(evidence: Evidence) -> YearMoney:
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


def repaid_by_year(evidence: Evidence) -> YearMoney:
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


def public_by_commitment(evidence: Evidence) -> YearMoney:
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


class MoneyAmounts(NamedTuple):
    """Money of one programme and year, USD million."""

    committed: float
    due: float
    repaid: float


NOTHING = MoneyAmounts(0.0, 0.0, 0.0)


def amounts_by_year(evidence: Evidence) -> dict[tuple[str, int], MoneyAmounts]:
    """Every programme and year in which something is committed, falls due or comes back."""
    committed = committed_by_year(evidence)
    due, repaid = due_by_year(evidence), repaid_by_year(evidence)
    return {
        key: MoneyAmounts(committed.get(key, 0.0), due.get(key, 0.0), repaid.get(key, 0.0))
        for key in committed.keys() | due.keys() | repaid.keys()
    }


def limit_and_left(
    evidence: Evidence,
    amounts: Mapping[tuple[str, int], MoneyAmounts],
    programme: str,
    year: int,
) -> tuple[float | None, float | None]:
    """The year's limit with what was carried into it, and what it leaves; None without limit."""
    row = evidence.case.programmes[programme]
    years = _limited_years(evidence, row, year)
    if not years:
        return None, None
    spent = {}
    for t in years:
        amount = amounts.get((programme, t), NOTHING)
        spent[t] = amount.due - amount.repaid
    limits = own_limits(evidence.case, row)
    left = sum(limits[t] - spent[t] for t in years)
    return left + spent[year], left


def amount_and_left(
    evidence: Evidence,
    amounts: Mapping[tuple[str, int], MoneyAmounts],
    programme: str,
    year: int,
) -> tuple[float | None, float | None]:
    """The amount, and what is left of it at the end of a year: amount - charge x all committed so
    far + all that came back; None after last_year, in which nothing is committed."""
    if year not in evidence.case.years:
        return None, None
    row = evidence.case.programmes[programme]
    amount = left = own_amount(row)
    for t in evidence.case.years:
        if t <= year:
            own = amounts.get((programme, t), NOTHING)
            left += own.repaid - row.number_of("charge") * own.committed
    return amount, left


def own_amount(row: Row) -> float:
    """What this chain may take of a programme: share x amount. USD million."""
    return row.number_of("share") * row.number_of("amount")


def own_limits(case: AuditCase, row: Row) -> dict[int, float]:
    """What this chain may take of a programme by year with a limit: share x limit x shocks. USD
    million."""
    name, share = row.text("programme"), row.number_of("share")
    return {t: share * limit * _money_left(case, name, t) for t, limit in row.years.items()}


def _limited_years(evidence: Evidence, row: Row, year: int) -> range:
    """The years whose limits hold together in a year: it alone, or with carry_over all so far;
    none where one of them has no limit, or after last_year."""
    first = evidence.case.tables.first_year if row.text("carry_over") == "yes" else year
    so_far = range(first, year + 1)
    known = year in evidence.case.years and all(t in row.years for t in so_far)
    return so_far if known else range(0)


@of_plan
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


@of_plan
def limit_commit_years(evidence: Evidence) -> Iterator[Check]:
    """commit_from <= v <= commit_to of the programme, and where it has no limit in v no shock on
    money with factor 0. Scale: years."""
    for paid in _payments(evidence):
        years = commit_years(evidence.case, paid.programme)
        outside = max(years.start - paid.year, paid.year - years.stop + 1)
        closed = outside <= 0 and not commits_in(evidence.case, paid.programme, paid.year)
        yield Check(_place(paid), 1.0 if closed else outside, 1.0)


@of_plan
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


@of_plan
def limit_ticket(evidence: Evidence) -> Iterator[Check]:
    """ticket_min <= pay[j, k, v] <= ticket_max for each payment above 0. Unit: USD million."""
    floor = evidence.case.money_floor
    for paid in _payments(evidence):
        row = evidence.case.programmes[paid.programme]
        least, most = row.number_of("ticket_min"), row.optional("ticket_max")
        yield at_most((*_place(paid), "least"), least, paid.paid_musd, floor)
        if most is not None:
            yield at_most((*_place(paid), "most"), paid.paid_musd, most, floor)


@of_plan
def limit_programme(evidence: Evidence) -> Iterator[Check]:
    """Sum over j, v of pay[j, k, v], with all that k pays for stock and support, x charge[k] <=
    share[k] x amount[k]. Unit: USD million.

    With repay_years in every year t: charge[k] x (sum over j, v <= t of pay[j, k, v] x (1 - share
    come back by the end of t), with stock and support paid up to t) <= share[k] x amount[k].
    """
    totals: dict[str, float] = defaultdict(float)
    for (programme, _), musd in committed_by_year(evidence).items():
        totals[programme] += musd
    floor = evidence.case.money_floor
    for name, row in evidence.case.programmes.items():
        charge, amount = row.number_of("charge"), own_amount(row)
        if row.optional("repay_years") is None:
            yield at_most((name,), totals[name] * charge, amount, floor)
            continue
        for year in evidence.case.years:
            left = charge * outstanding(evidence, name, year)
            yield at_most((name, year), left, amount, max(floor, charge * totals[name]))


@of_plan
def limit_matched(evidence: Evidence) -> Iterator[Check]:
    """Charge[k] x sum of all that k pays for what a row of eligibility matches <= max_amount, for
    each row with rule only that has one: capital and support of plants, and stock of stockpiles.
    Unit: USD million."""
    case = evidence.case
    for name, programme in case.programmes.items():
        for row in eligibility(case, name):
            most = row.optional("max_amount")
            if most is None or row.text("rule") == "never":
                continue
            paid = sum(
                line.paid_musd
                for line in evidence.answer.payments
                if line.programme == name and matches(row, _traits_of(case, line))
            )
            place = (name, row.text("field"), row.text("value"))
            yield at_most(place, paid * programme.number_of("charge"), most, case.money_floor)


def _traits_of(case: AuditCase, paid: Payment) -> Traits:
    """What a filter finds of what a payment is for."""
    if paid.use is Use.STOCK:
        row = case.stockpiles[paid.thing]
        return case.goods_traits(row.text("commodity"), row.text("region"))
    return case.plant(paid.thing).traits


@of_plan
def limit_disbursement(evidence: Evidence) -> Iterator[Check]:
    """What falls due in t, sum of pay x charge x spend[t - v] and of all paid in t for stock and
    support x charge, less what comes back in t, sum of pay x charge / repay_years, <=
    share[k] x limit[k, t] x shocks on money.

    With carry_over both sides are cumulative, while every year so far has a limit. A blank year is
    no limit. Unit: USD million.
    """
    due, repaid = due_by_year(evidence), repaid_by_year(evidence)
    for name, row in evidence.case.programmes.items():
        carries = row.text("carry_over") == "yes"
        limits = own_limits(evidence.case, row)
        left, right, largest = 0.0, 0.0, evidence.case.money_floor
        for year in evidence.case.years:
            limit = limits.get(year)
            if limit is None and carries:
                break
            if limit is None:
                continue
            spent, back = due.get((name, year), 0.0), repaid.get((name, year), 0.0)
            left = spent - back + (left if carries else 0.0)
            right = limit + (right if carries else 0.0)
            largest = max(largest, spent, back)
            yield at_most((name, year), left, right, largest)


@of_plan
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


@of_plan
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


@of_plan
def define_money_table(evidence: Evidence) -> Iterator[Check]:
    """money.csv: committed = sum of pay committed in t, face value; due = sum of pay x charge x
    spend[t - v]; both with what is paid in t for stock and support; repaid = sum of pay x charge /
    repay_years of what comes back in t; limit = the year's, with carry_over and what earlier years
    left; left = limit - due + repaid; amount_left = amount - sum of charge x committed so far + sum
    of repaid so far.

    Blank limit and left where there is no limit. USD million.
    """
    floor = evidence.case.money_floor
    amounts = amounts_by_year(evidence)
    rows = {(row.programme, row.year): row for row in evidence.answer.money}
    for key in sorted(amounts.keys() | rows.keys()):
        row = rows.get(key)
        right = amounts.get(key, NOTHING)
        if row is None:
            # years after last_year need no row: they count against no limit
            missing = sum(right) if key[1] in evidence.case.years else 0.0
            yield at_most((*key, "missing"), missing, 0.0, floor)
            continue
        yield equal((*key, "committed"), row.committed_musd, right.committed, floor)
        yield equal((*key, "due"), row.due_musd, right.due, floor)
        yield equal((*key, "repaid"), row.repaid_musd, right.repaid, floor)
        yield from _check_limit(evidence, amounts, row)


def _check_limit(
    evidence: Evidence, amounts: Mapping[tuple[str, int], MoneyAmounts], row: ProgrammeYear
) -> Iterator[Check]:
    key = (row.programme, row.year)
    limit, left = limit_and_left(evidence, amounts, *key)
    amount, free = amount_and_left(evidence, amounts, *key)
    scale = max(evidence.case.money_floor, limit or 0.0, amount or 0.0)
    pairs = (
        ("limit", row.limit_musd, limit),
        ("left", row.left_musd, left),
        ("amount", row.amount_musd, amount),
        ("amount_left", row.amount_left_musd, free),
    )
    for name, given, right in pairs:
        yield holds((*key, name), (given is None) == (right is None))
        yield equal((*key, name), given or 0.0, right or 0.0, scale)


@told
def tell_money(evidence: Evidence) -> Mapping[str, Any]:
    """Each programme in each year, as in money.csv; after last_year where money is due or back."""
    return {"money": money_rows(evidence)}


def money_rows(evidence: Evidence) -> KeyedRows:
    """The rows of money, in run.json and in money.csv."""
    scales, amounts = scales_of(evidence), amounts_by_year(evidence)
    rows: list[dict[str, Any]] = []
    spare: list[dict[str, Any]] = []
    for programme in evidence.case.programmes:
        late = {t for k, t in amounts if k == programme and t not in evidence.case.years}
        for year in (*evidence.case.years, *sorted(late)):
            own = amounts.get((programme, year), NOTHING)
            limit, left = limit_and_left(evidence, amounts, programme, year)
            amount, free = amount_and_left(evidence, amounts, programme, year)
            row = {
                "programme": programme,
                "year": year,
                "committed_musd": scales.musd(own.committed),
                "due_musd": scales.musd(own.due),
                "repaid_musd": scales.musd(own.repaid),
                "limit_musd": scales.musd(limit),
                "left_musd": _left(scales, limit, left),
                "amount_musd": scales.musd(amount),
                "amount_left_musd": _left(scales, amount, free),
            }
            (rows if year in evidence.case.years or any(own) else spare).append(row)
    return KeyedRows(("programme", "year"), rows, spare)


def _left(scales: Scales, limit: float | None, left: float | None) -> Near | None:
    """What is left of a limit; a difference of amounts as large as the limit, and nothing where it
    is their rounding."""
    whole = limit or 0.0
    return None if left is None else Near(left, max(scales.money, WIDEST * whole), REST * whole)


@told
def tell_payments(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of payments.csv, which the rules of money, stock and support hold."""
    scales = scales_of(evidence)
    rows = [_payment(scales, e) for e in evidence.answer.payments]
    return {"payments": KeyedRows(("use", "thing", "process", "year", "programme"), rows)}


def _payment(scales: Scales, row: Payment) -> dict[str, Any]:
    activity, paid = scales.units(row.activity), scales.musd(row.paid_musd)
    return asdict(row) | {"use": str(row.use), "activity": activity, "paid_musd": paid}


@of_record
def repeat_money(evidence: Evidence) -> Iterator[Check]:
    """money.csv holds the money of run.json."""
    lines = read_cells(evidence.answer.folder, "money")
    yield from compare_table("money.csv", money_rows(evidence), lines)
