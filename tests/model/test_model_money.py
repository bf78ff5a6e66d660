"""Who pays within which rules, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from algebra import assert_row, with_programme, with_project
from instances import SINTER, YEARS, programme, scalable_instance
from models import pays, per_price, spends, with_ceiling, with_grant, with_stock, with_support
from tested import own_test

from opt.data.instance import Cap, Ceiling
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED


@own_test
def test_limit_private() -> None:
    # Half of capex 4 less what the grant pays falls due in the year of commitment, half in the
    # next: in 2031 of both commitments, in 2032 of the second alone. 2030 has no limit.
    m = with_ceiling("private", {2031: 1.5, 2032: 1.0})
    assert list(m.limit_private) == [(0, 2031), (0, 2032)]
    second = {("build", "refinery", 2031): 2.0, ("pay", "refinery", "grant", 2031): -0.5}
    first = {("build", "refinery", 2030): 2.0, ("pay", "refinery", "grant", 2030): -0.5}
    assert_row(m.limit_private[0, 2031], {**first, **second}, "<=", 1.5)
    assert_row(m.limit_private[0, 2032], second, "<=", 1.0)
    # Scalable: half of 1 a unit and of 0.04 on every unit of size.
    ceiling = Ceiling("private|all|", "private", ("refinery",), {2030: 2.0})
    m = build_model(scalable_instance().replace(ceilings=(ceiling,)))
    row = {
        ("build", "refinery", 2030): 0.5,
        ("size", "refinery", 2030): 0.02,
        ("pay", "refinery", "grant", 2030): -0.5,
    }
    assert_row(m.limit_private[0, 2030], row, "<=", 2.0)


@own_test
def test_define_funding_floor(tiny: OptModel) -> None:
    # public_share 0.25 x capex 4 = 1 a unit.
    row = {("pay", "refinery", "grant", 2030): 1.0, ("build", "refinery", 2030): -1.0}
    assert_row(tiny.define_funding_floor["refinery", 2030], row, ">=", 0.0)
    assert not list(with_project(public_share=0.0).define_funding_floor)


@own_test
def test_define_funding_ceiling(tiny: OptModel) -> None:
    # max_public_share 0.75 x capex 4 = 3 a unit.
    row = {("pay", "refinery", "grant", 2030): 1.0, ("build", "refinery", 2030): -3.0}
    assert_row(tiny.define_funding_ceiling["refinery", 2030], row, "<=", 0.0)
    # Scalable: 0.75 x (1 a unit + 0.04 on every unit of size).
    row = {
        ("pay", "refinery", "grant", 2030): 1.0,
        ("build", "refinery", 2030): -0.75,
        ("size", "refinery", 2030): -0.03,
    }
    m = build_model(scalable_instance())
    assert_row(m.define_funding_ceiling["refinery", 2030], row, "<=", 0.0)


@own_test
def test_limit_share(tiny: OptModel) -> None:
    # max_share 0.5 x capex 4 = 2 a unit.
    row = {("pay", "refinery", "grant", 2030): 1.0, ("build", "refinery", 2030): -2.0}
    assert_row(tiny.limit_share["refinery", "grant", 2030], row, "<=", 0.0)


@own_test
def test_limit_ticket_max(tiny: OptModel) -> None:
    assert not list(tiny.limit_ticket_max)
    m = with_programme(ticket_max=1.5)
    row = {("pay", "refinery", "grant", 2030): 1.0}
    assert_row(m.limit_ticket_max["refinery", "grant", 2030], row, "<=", 1.5)


@own_test
def test_limit_ticket_min() -> None:
    m = with_programme(ticket_min=0.2)
    row = {("pay", "refinery", "grant", 2030): 1.0, ("ticket", "refinery", "grant", 2030): -0.2}
    assert_row(m.limit_ticket_min["refinery", "grant", 2030], row, ">=", 0.0)


@own_test
def test_link_ticket() -> None:
    # The most it could pay: max_share 0.5 x capex 4 x 2 units = 4; ticket_max caps it.
    pay, ticket = ("pay", "refinery", "grant", 2030), ("ticket", "refinery", "grant", 2030)
    m = with_programme(ticket_min=0.2)
    assert_row(m.link_ticket["refinery", "grant", 2030], {pay: 1.0, ticket: -4.0}, "<=", 0.0)
    m = with_programme(ticket_min=0.2, ticket_max=1.5)
    assert_row(m.link_ticket["refinery", "grant", 2030], {pay: 1.0, ticket: -1.5}, "<=", 0.0)
    # Scalable: 0.5 x (1 + 0.04 x 50) x 2 units = 3.
    base = scalable_instance()
    m = build_model(base.replace(programmes={"grant": programme(ticket_min=0.2)}))
    assert_row(m.link_ticket["refinery", "grant", 2030], {pay: 1.0, ticket: -3.0}, "<=", 0.0)


@own_test
def test_limit_programme() -> None:
    # Half of the face value counts against the amount.
    m = with_programme(charge=0.5)
    row = {("pay", "refinery", "grant", 2030): 0.5, ("pay", "refinery", "grant", 2031): 0.5}
    assert_row(m.limit_programme["grant"], row, "<=", 3.0)


@own_test
def test_limit_matched() -> None:
    # Half of the face value counts against a ceiling of 1.5 on what the refinery takes; what covers
    # nothing that can be paid has no row.
    none = frozenset[str]()
    caps = tuple(Cap("project", p, 1.5, frozenset({p}), none) for p in ("refinery", "other"))
    m = with_programme(charge=0.5, caps=caps)
    row = {("pay", "refinery", "grant", 2030): 0.5, ("pay", "refinery", "grant", 2031): 0.5}
    assert list(m.limit_matched) == [("grant", 0)]
    assert_row(m.limit_matched["grant", 0], row, "<=", 1.5)
    # Stock counts under the stockpiles that a row matches, support under its plants.
    m = with_grant(charge=0.5, caps=(Cap("mineral", "x", 1.5, none, frozenset({"vault"})),))
    of_stock = {key: x for key, x in spends(0.5, *YEARS).items() if key[0] == "pay_stock"}
    assert_row(m.limit_matched["grant", 0], of_stock, "<=", 1.5)
    m = with_grant(charge=0.5, caps=(Cap("mineral", "x", 1.5, frozenset({SINTER[0]}), none),))
    of_plant = {key: x for key, x in spends(0.5, *YEARS).items() if key[0] == "supported"}
    assert_row(m.limit_matched["grant", 0], of_plant, "<=", 1.5)


@own_test
def test_limit_disbursement() -> None:
    # charge 0.5 x spend share 0.5 = 0.25: in 2031 the second half of what 2030 committed and the
    # first half of what 2031 committed fall due. 2032 has no limit.
    first, second = ("pay", "refinery", "grant", 2030), ("pay", "refinery", "grant", 2031)
    m = with_programme(charge=0.5, limits={2030: 0.4, 2031: 0.5})
    assert list(m.limit_disbursement) == [("grant", 2030), ("grant", 2031)]
    assert_row(m.limit_disbursement["grant", 2030], {first: 0.25}, "<=", 0.4)
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.25, second: 0.25}, "<=", 0.5)
    # With carry-over the sums up to a year: by 2031 all of 2030's commitment is due (0.5).
    m = with_programme(charge=0.5, carry_over=True, limits={2030: 0.4, 2031: 0.5, 2032: 0.1})
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.5, second: 0.25}, "<=", 0.9)
    assert_row(m.limit_disbursement["grant", 2032], {first: 0.5, second: 0.5}, "<=", 1.0)
    # A sum is limited while every year so far is: from a blank year on nothing is.
    m = with_programme(carry_over=True, limits={2030: 0.4, 2032: 0.1})
    assert list(m.limit_disbursement) == [("grant", 2030)]
    assert not list(with_programme(carry_over=True, limits={2031: 0.5}).limit_disbursement)
    # Lent again after a year: of 2030's commitment half is due in 2030, and in 2031 the other half
    # while all comes back. So nothing of it is left by 2031, and by 2032 nothing of any.
    m = with_programme(repay_years=1, carry_over=True, limits=dict.fromkeys(range(2030, 2033), 0.4))
    assert list(m.limit_disbursement) == [("grant", 2030), ("grant", 2031)]
    assert_row(m.limit_disbursement["grant", 2031], {second: 0.5}, "<=", 0.8)


@own_test
def test_limit_outstanding(tiny: OptModel) -> None:
    assert not list(tiny.limit_outstanding)
    # A commitment of 2030 operates in 2031: half of it is back by the end of 2031, all by 2032; of
    # one of 2031 half by 2032. Half of the face value counts against the amount.
    first, second = ("pay", "refinery", "grant", 2030), ("pay", "refinery", "grant", 2031)
    m = with_programme(charge=0.5, repay_years=2)
    assert not list(m.limit_programme)
    assert list(m.limit_outstanding) == [("grant", 2030), ("grant", 2031), ("grant", 2032)]
    assert_row(m.limit_outstanding["grant", 2030], {first: 0.5}, "<=", 3.0)
    assert_row(m.limit_outstanding["grant", 2031], {first: 0.25, second: 0.5}, "<=", 3.0)
    assert_row(m.limit_outstanding["grant", 2032], {second: 0.25}, "<=", 3.0)
    # What would come back after the last year never does: 1/4 a year.
    m = with_programme(repay_years=4)
    row = {first: 1 - 2 / 4, second: 1 - 1 / 4}
    assert_row(m.limit_outstanding["grant", 2032], row, "<=", 3.0)


def test_limit_disbursement_of_a_loan_that_comes_back() -> None:
    # Charge 0.5. Of a commitment of 2030 half falls due in 2030 and half in 2031; a quarter comes
    # back in each of 2031-2034: (0.5, 0.5 - 0.25, -0.25) x 0.5. Of one of 2031 a year later.
    first, second = ("pay", "refinery", "grant", 2030), ("pay", "refinery", "grant", 2031)
    m = with_programme(charge=0.5, repay_years=4, limits={2030: 0.4, 2031: 0.5, 2032: 0.6})
    assert_row(m.limit_disbursement["grant", 2030], {first: 0.25}, "<=", 0.4)
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.125, second: 0.25}, "<=", 0.5)
    row = {first: -0.125, second: 0.125}
    assert_row(m.limit_disbursement["grant", 2032], row, "<=", 0.6)
    # A limit of a year in which no more falls due than comes back needs no row: 0.5 - 0.5 of the
    # first in 2031; but half of the second falls due then.
    m = with_programme(repay_years=2, limits={2031: 0.5, 2032: 0.6})
    assert list(m.limit_disbursement) == [("grant", 2031)]
    assert_row(m.limit_disbursement["grant", 2031], {second: 0.5}, "<=", 0.5)
    # With carry-over the sums: 0.25, 0.375, 0.25 of the first; 0.25, 0.375 of the second.
    limits = {2030: 0.4, 2031: 0.5, 2032: 0.6}
    m = with_programme(charge=0.5, repay_years=4, carry_over=True, limits=limits)
    assert_row(m.limit_disbursement["grant", 2031], {first: 0.375, second: 0.25}, "<=", 0.9)
    assert_row(m.limit_disbursement["grant", 2032], {first: 0.25, second: 0.375}, "<=", 1.5)


def test_commitment_window_of_a_programme() -> None:
    m = with_programme(commit_from=2031, commit_to=2031)
    assert list(m.pay) == [("refinery", "grant", 2031)]
    m = with_programme(closed=frozenset({2031}))
    assert list(m.pay) == [("refinery", "grant", 2030)]


@own_test
def test_pay_purchases() -> None:
    # Who can commit in a year pays for what is bought in it: the loan until 2030 alone.
    loan = programme("loan", commit_to=2030, stocks=("vault",))
    m = with_stock(programme(stocks=("vault",)), loan)
    row = {
        ("pay_stock", "grant", "vault", 2030): 1.0,
        ("pay_stock", "loan", "vault", 2030): 1.0,
        ("buy", "vault", CLEAR, 2030): -2.0,
    }
    assert_row(m.pay_purchases["vault", 2030], per_price(row, 2.0), ">=", 0.0)
    row = {("pay_stock", "grant", "vault", 2031): 1.0, ("buy", "vault", CLEAR, 2031): -3.0}
    assert_row(m.pay_purchases["vault", 2031], per_price(row, 3.0), ">=", 0.0)
    # Both classes at the one price; no row in a year in which nobody buys.
    m = with_stock(programme(stocks=("vault",), commit_from=2032), buys=(CLEAR, EXPOSED))
    assert list(m.pay_purchases) == [("vault", 2032)]
    row = {
        ("pay_stock", "grant", "vault", 2032): 1.0,
        ("buy", "vault", CLEAR, 2032): -4.0,
        ("buy", "vault", EXPOSED, 2032): -4.0,
    }
    assert_row(m.pay_purchases["vault", 2032], per_price(row, 4.0), ">=", 0.0)


@own_test
def test_pay_carrying() -> None:
    # 2031: 3 a unit bought and 0.5 on what is above 20 x 0.9^2 = 16.2. The loan, which commits
    # until 2030 alone, may pay for keeping what it bought.
    loan = programme("loan", commit_to=2030, stocks=("vault",))
    m = with_stock(programme(stocks=("vault",)), loan)
    row = {
        ("pay_stock", "grant", "vault", 2031): 1.0,
        ("pay_stock", "loan", "vault", 2031): 1.0,
        ("buy", "vault", CLEAR, 2031): -3.0,
        ("level", "vault", CLEAR, 2031): -0.5,
    }
    assert_row(m.pay_carrying["vault", 2031], per_price(row, 3.0), ">=", -8.1 / 3.0)
    # The levels of both classes count, and the initial stock of either: 20 x 0.9 = 18 in 2030.
    m = with_stock(initial={EXPOSED: 20.0})
    row = {
        ("pay_stock", "grant", "vault", 2030): 1.0,
        ("buy", "vault", CLEAR, 2030): -2.0,
        ("level", "vault", CLEAR, 2030): -0.5,
        ("level", "vault", EXPOSED, 2030): -0.5,
    }
    assert_row(m.pay_carrying["vault", 2030], per_price(row, 2.0), ">=", -9.0 / 2.0)
    # Nothing to pay without a carrying cost, and where nothing can be bought.
    assert not list(with_stock(carrying_cost=0.0).pay_carrying)
    assert not list(with_stock(programme()).pay_carrying)


def test_limit_programme_with_stock_and_support() -> None:
    m = with_grant(charge=0.5)
    row = {**pays(0.5, 2030, 2031), **spends(0.5, *YEARS)}
    assert_row(m.limit_programme["grant"], row, "<=", 3.0)
    # A programme that pays for stock alone has an amount, too; a rate of 2 counts double.
    m = build_model(with_support(2.0, shares={}))
    row = {("supported", "grant", *SINTER, 2031): 2.0}
    assert_row(m.limit_programme["grant"], row, "<=", 3.0)


def test_limit_outstanding_with_stock_and_support() -> None:
    # A loan over two years from first operation: a commitment of 2030 is half back in 2031, whole
    # in 2032; one of 2031 half in 2032. Stock and support never come back.
    m = with_grant(charge=0.5, repay_years=2)
    assert not list(m.limit_programme)
    assert_row(
        m.limit_outstanding["grant", 2030], {**pays(0.5, 2030), **spends(0.5, 2030)}, "<=", 3
    )
    row = {**pays(0.25, 2030), **pays(0.5, 2031), **spends(0.5, 2030, 2031)}
    assert_row(m.limit_outstanding["grant", 2031], row, "<=", 3.0)
    row = {**pays(0.25, 2031), **spends(0.5, *YEARS)}
    assert_row(m.limit_outstanding["grant", 2032], row, "<=", 3.0)


def test_limit_disbursement_with_stock_and_support() -> None:
    # Charge 0.5; half of a commitment falls due in its year and half in the next.
    m = with_grant(charge=0.5, limits={2031: 0.4, 2032: 0.6})
    assert list(m.limit_disbursement) == [("grant", 2031), ("grant", 2032)]
    row = {**pays(0.25, 2030, 2031), **spends(0.5, 2031)}
    assert_row(m.limit_disbursement["grant", 2031], row, "<=", 0.4)
    row = {**pays(0.25, 2031), **spends(0.5, 2032)}
    assert_row(m.limit_disbursement["grant", 2032], row, "<=", 0.6)
    # With carry-over the sums of all years so far.
    m = with_grant(charge=0.5, carry_over=True, limits={2030: 0.1, 2031: 0.4, 2032: 0.6})
    row = {**pays(0.5, 2030), **pays(0.25, 2031), **spends(0.5, 2030, 2031)}
    assert_row(m.limit_disbursement["grant", 2031], row, "<=", 0.5)
    # A programme that pays for stock alone has limits, too.
    m = with_stock(programme(stocks=("vault",), shares={}, limits={2032: 0.6}))
    row = {("pay_stock", "grant", "vault", 2032): 1.0}
    assert_row(m.limit_disbursement["grant", 2032], row, "<=", 0.6)
