"""Rules and costs of stockpiles and support against algebra by hand, and variables that are theirs
or of contracts.

The instance is that of `instances.tiny_instance` with the stockpile of `instances.stockpile`: one
unit of money a unit is USD 1,000,000 a unit. Rows are written as in test_model_rules.
"""

from __future__ import annotations

from typing import Any

import pytest
from algebra import (
    VariableKey,
    assert_row,
    assert_share,
    linear,
)
from instances import (
    BOTH,
    MILLION,
    SINTER,
    YEARS,
    large,
    offtake,
    programme,
    stockpile,
    tiny_instance,
    trading,
)
from tested import own_test

from opt.data.instance import Instance, Programme
from opt.model import objectives
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED


def with_stock(*programmes: Programme, **changes: Any) -> OptModel:
    """The model with the vault changed, for which the grant, or these programmes, may buy."""
    payers = programmes or (programme(stocks=("vault",)),)
    return build_model(stocked(*payers, **changes))


def stocked(*programmes: Programme, **changes: Any) -> Instance:
    """The instance with the vault changed and these programmes."""
    return tiny_instance(
        stockpiles={"vault": stockpile(**changes)}, programmes={k.id: k for k in programmes}
    )


# ---- Stock ----------------------------------------------------------------------------------


@own_test
def test_balance_stock() -> None:
    m = with_stock()
    # 2030: 0.9 of the initial 20 is left; nothing can be released yet.
    row: dict[VariableKey, float] = {
        ("level", "vault", CLEAR, 2030): 1.0,
        ("buy", "vault", CLEAR, 2030): -1.0,
    }
    assert_row(m.balance_stock["vault", CLEAR, 2030], row, "=", 18.0)
    # 2031: 0.9 of the level before, plus bought, less released.
    row = {
        ("level", "vault", CLEAR, 2031): 1.0,
        ("level", "vault", CLEAR, 2030): -0.9,
        ("buy", "vault", CLEAR, 2031): -1.0,
        ("release", "vault", CLEAR, 2031): 1.0,
    }
    assert_row(m.balance_stock["vault", CLEAR, 2031], row, "=", 0.0)
    assert {key[1] for key in m.balance_stock} == {CLEAR}
    # Exposed material that lay there at first keeps to its class; clear begins with nothing.
    m = with_stock(initial={EXPOSED: 20.0})
    row = {("level", "vault", EXPOSED, 2030): 1.0}
    assert_row(m.balance_stock["vault", EXPOSED, 2030], row, "=", 18.0)
    row = {("level", "vault", CLEAR, 2030): 1.0, ("buy", "vault", CLEAR, 2030): -1.0}
    assert_row(m.balance_stock["vault", CLEAR, 2030], row, "=", 0.0)


@own_test
def test_limit_stock() -> None:
    m = with_stock(buys=(CLEAR, EXPOSED))
    row = {("level", "vault", CLEAR, 2031): 1.0, ("level", "vault", EXPOSED, 2031): 1.0}
    assert list(m.limit_stock) == [("vault", t) for t in YEARS]
    assert_row(m.limit_stock["vault", 2031], row, "<=", 60.0)
    assert not list(with_stock(capacity=None).limit_stock)


def over(row: dict[VariableKey, float], price: float) -> dict[VariableKey, float]:
    """The row as written: both sides over the price, which is above the carrying cost here."""
    return {key: coefficient / price for key, coefficient in row.items()}


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
    assert_row(m.pay_purchases["vault", 2030], over(row, 2.0), ">=", 0.0)
    row = {("pay_stock", "grant", "vault", 2031): 1.0, ("buy", "vault", CLEAR, 2031): -3.0}
    assert_row(m.pay_purchases["vault", 2031], over(row, 3.0), ">=", 0.0)
    # Both classes at the one price; no row in a year in which nobody buys.
    m = with_stock(programme(stocks=("vault",), commit_from=2032), buys=(CLEAR, EXPOSED))
    assert list(m.pay_purchases) == [("vault", 2032)]
    row = {
        ("pay_stock", "grant", "vault", 2032): 1.0,
        ("buy", "vault", CLEAR, 2032): -4.0,
        ("buy", "vault", EXPOSED, 2032): -4.0,
    }
    assert_row(m.pay_purchases["vault", 2032], over(row, 4.0), ">=", 0.0)


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
    assert_row(m.pay_carrying["vault", 2031], over(row, 3.0), ">=", -8.1 / 3.0)
    # The levels of both classes count, and the initial stock of either: 20 x 0.9 = 18 in 2030.
    m = with_stock(initial={EXPOSED: 20.0})
    row = {
        ("pay_stock", "grant", "vault", 2030): 1.0,
        ("buy", "vault", CLEAR, 2030): -2.0,
        ("level", "vault", CLEAR, 2030): -0.5,
        ("level", "vault", EXPOSED, 2030): -0.5,
    }
    assert_row(m.pay_carrying["vault", 2030], over(row, 2.0), ">=", -9.0 / 2.0)
    # Nothing to pay without a carrying cost, and where nothing can be bought.
    assert not list(with_stock(carrying_cost=0.0).pay_carrying)
    assert not list(with_stock(programme()).pay_carrying)


def test_balance_commodity_with_stock() -> None:
    # Clear oxide in A: refined + released = used (0.5 a magnet) + bought + downgraded.
    m = with_stock()
    assert_row(
        m.balance_commodity["A", "oxide", CLEAR, 2031],
        {
            ("run", "refinery", "refine", CLEAR, 2031): 1.0,
            ("release", "vault", CLEAR, 2031): 1.0,
            ("run", *SINTER, CLEAR, 2031): -0.5,
            ("buy", "vault", CLEAR, 2031): -1.0,
            ("downgrade", "A", "oxide", 2031): -1.0,
        },
        "=",
        0.0,
    )
    # Exposed: made, shipped in from C, downgraded and released; used and bought.
    m = with_stock(buys=(CLEAR, EXPOSED))
    assert_row(
        m.balance_commodity["A", "oxide", EXPOSED, 2031],
        {
            ("run", "refinery", "refine", EXPOSED, 2031): 1.0,
            ("send", 0, EXPOSED, 2031): 1.0,
            ("downgrade", "A", "oxide", 2031): 1.0,
            ("release", "vault", EXPOSED, 2031): 1.0,
            ("run", *SINTER, EXPOSED, 2031): -0.5,
            ("buy", "vault", EXPOSED, 2031): -1.0,
        },
        "=",
        0.0,
    )


def test_limit_export_with_stock() -> None:
    # Ore in A: what is mined and what is released may leave; clear and exposed for the exposed.
    m = with_stock(commodity="ore", initial={CLEAR: 20.0, EXPOSED: 5.0})
    row = {
        ("out", 0, "A", EXPOSED, 2031): 1.0,
        ("run", "mine_a", "mine", CLEAR, 2031): -1.0,
        ("run", "mine_a", "mine", EXPOSED, 2031): -1.0,
        ("release", "vault", CLEAR, 2031): -1.0,
        ("release", "vault", EXPOSED, 2031): -1.0,
    }
    assert_row(m.limit_export["A", "ore", EXPOSED, 2031], row, "<=", 0.0)
    # 2030 is no year of release.
    row = {
        ("out", 0, "A", EXPOSED, 2030): 1.0,
        ("run", "mine_a", "mine", CLEAR, 2030): -1.0,
        ("run", "mine_a", "mine", EXPOSED, 2030): -1.0,
    }
    assert_row(m.limit_export["A", "ore", EXPOSED, 2030], row, "<=", 0.0)
    # Clear leaves only out of clear.
    m = build_model(trading().replace(stockpiles={"vault": stockpile()}))
    row = {
        ("send", 1, CLEAR, 2031): 1.0,
        ("run", "refinery", "refine", CLEAR, 2031): -1.0,
        ("release", "vault", CLEAR, 2031): -1.0,
    }
    assert_row(m.limit_export["A", "oxide", CLEAR, 2031], row, "<=", 0.0)


def test_limit_reexport_with_stock() -> None:
    # Exposed ore that leaves A was mined or released as exposed or is clear ore used as exposed.
    m = with_stock(commodity="ore", initial={EXPOSED: 20.0})
    row = {
        ("out", 0, "A", EXPOSED, 2031): 1.0,
        ("run", "mine_a", "mine", EXPOSED, 2031): -1.0,
        ("release", "vault", EXPOSED, 2031): -1.0,
        ("downgrade", "A", "ore", 2031): -1.0,
    }
    assert_row(m.limit_reexport["A", "ore", 2031], row, "<=", 0.0)
    # Where the only clear oxide is released, exposed imports could leave in its place.
    base = trading()
    m = build_model(base.replace(projects={}, stockpiles={"vault": stockpile()}))
    row = {
        ("send", 1, EXPOSED, 2031): 1.0,
        ("send", 2, EXPOSED, 2031): 1.0,
        ("downgrade", "A", "oxide", 2031): -1.0,
    }
    assert_row(m.limit_reexport["A", "oxide", 2031], row, "<=", 0.0)
    assert ("A", "oxide", 2030) not in m.limit_reexport


# ---- Support --------------------------------------------------------------------------------


def supported(*rates: float, **changes: Any) -> Instance:
    """The instance in which the magnet plant loses USD 4 million a unit in 2031; for each rate a
    programme that pays so many USD million a unit then, the grant first."""
    funds = [
        programme(k, rates={"support": {SINTER: {2031: rate * MILLION}}}, **changes)
        for k, rate in zip(("grant", "credit"), rates, strict=False)
    ]
    return tiny_instance(
        gaps={SINTER: {2031: 4 * MILLION}}, programmes={fund.id: fund for fund in funds}
    )


@own_test
def test_cover_gap() -> None:
    # The grant covers 1 of the 4 a unit loses; the credit pays 6, of which 4 are needed.
    m = build_model(supported(1.0, 6.0))
    assert list(m.cover_gap) == [(*SINTER, 2031)]
    row = {
        ("supported", "grant", *SINTER, 2031): 0.25,
        ("supported", "credit", *SINTER, 2031): 1.0,
        ("run", *SINTER, CLEAR, 2031): -1.0,
        ("run", *SINTER, EXPOSED, 2031): -1.0,
    }
    assert_row(m.cover_gap[*SINTER, 2031], row, ">=", 0.0)
    # Without support it does not run.
    m = build_model(supported())
    row = {("run", *SINTER, CLEAR, 2031): -1.0, ("run", *SINTER, EXPOSED, 2031): -1.0}
    assert_row(m.cover_gap[*SINTER, 2031], row, ">=", 0.0)


@own_test
def test_limit_supported() -> None:
    m = build_model(supported(1.0))
    row = {
        ("supported", "grant", *SINTER, 2031): 1.0,
        ("run", *SINTER, CLEAR, 2031): -1.0,
        ("run", *SINTER, EXPOSED, 2031): -1.0,
    }
    assert_row(m.limit_supported["grant", *SINTER, 2031], row, "<=", 0.0)


# ---- Public money ---------------------------------------------------------------------------


def funded(**changes: Any) -> OptModel:
    """The model with a grant, changed, that pays for capex, for the vault, and USD 1 million a unit
    of the magnet plant's activity in 2031 and 2032."""
    rates = dict.fromkeys((2031, 2032), 1 * MILLION)
    grant = programme(stocks=("vault",), rates={"support": {SINTER: rates}}, **changes)
    gaps = {SINTER: dict.fromkeys((2031, 2032), 4 * MILLION)}
    return build_model(stocked(grant).replace(gaps=gaps))


def pays(capex: float, *year: int) -> dict[VariableKey, float]:
    """What the grant pays into commitments of some years, each with one coefficient."""
    return {("pay", "refinery", "grant", v): capex for v in year}


def spends(factor: float, *years: int) -> dict[VariableKey, float]:
    """What the grant pays for the vault and the magnet plant in some years, each with a factor."""
    stock: dict[VariableKey, float] = {("pay_stock", "grant", "vault", t): factor for t in years}
    support = {("supported", "grant", *SINTER, t): factor for t in years if t > 2030}
    return {**stock, **support}


def test_limit_programme_with_stock_and_support() -> None:
    m = funded(charge=0.5)
    row = {**pays(0.5, 2030, 2031), **spends(0.5, *YEARS)}
    assert_row(m.limit_programme["grant"], row, "<=", 3.0)
    # A programme that pays for stock alone has an amount, too; a rate of 2 counts double.
    m = build_model(supported(2.0, shares={}))
    row = {("supported", "grant", *SINTER, 2031): 2.0}
    assert_row(m.limit_programme["grant"], row, "<=", 3.0)


def test_limit_outstanding_with_stock_and_support() -> None:
    # A loan over two years from first operation: a commitment of 2030 is half back in 2031, whole
    # in 2032; one of 2031 half in 2032. Stock and support never come back.
    m = funded(charge=0.5, repay_years=2)
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
    m = funded(charge=0.5, limits={2031: 0.4, 2032: 0.6})
    assert list(m.limit_disbursement) == [("grant", 2031), ("grant", 2032)]
    row = {**pays(0.25, 2030, 2031), **spends(0.5, 2031)}
    assert_row(m.limit_disbursement["grant", 2031], row, "<=", 0.4)
    row = {**pays(0.25, 2031), **spends(0.5, 2032)}
    assert_row(m.limit_disbursement["grant", 2032], row, "<=", 0.6)
    # With carry-over the sums of all years so far.
    m = funded(charge=0.5, carry_over=True, limits={2030: 0.1, 2031: 0.4, 2032: 0.6})
    row = {**pays(0.5, 2030), **pays(0.25, 2031), **spends(0.5, 2030, 2031)}
    assert_row(m.limit_disbursement["grant", 2031], row, "<=", 0.5)
    # A programme that pays for stock alone has limits, too.
    m = with_stock(programme(stocks=("vault",), shares={}, limits={2032: 0.6}))
    row = {("pay_stock", "grant", "vault", 2032): 1.0}
    assert_row(m.limit_disbursement["grant", 2032], row, "<=", 0.6)


# ---- Costs and public money -----------------------------------------------------------------


def test_carrying_cost() -> None:
    # 0.5 a unit and year, on the whole level of each class, at 1, 0.8 and 0.64.
    m = with_stock(buys=(CLEAR, EXPOSED))
    terms, constant = linear(objectives.carrying_cost(m))
    expected = {
        ("level", "vault", o, t): 0.5 * factor
        for o in BOTH
        for t, factor in zip(YEARS, (1, 0.8, 0.64), strict=True)
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_support_cost() -> None:
    # The rates themselves, 1 and 6 though the gap is 4, at the 0.8 of 2031.
    m = build_model(supported(1.0, 6.0))
    terms, constant = linear(objectives.support_cost(m))
    expected = {
        ("supported", "grant", *SINTER, 2031): 0.8,
        ("supported", "credit", *SINTER, 2031): 4.8,
    }
    assert (terms, constant) == (pytest.approx(expected), 0)


def test_cost_counts_carrying_and_support_and_no_purchase() -> None:
    m = funded()
    terms, _ = linear(objectives.measure(m, "cost").expression)
    assert terms["level", "vault", CLEAR, 2032] == pytest.approx(0.5 * 0.64)
    assert terms["supported", "grant", *SINTER, 2032] == pytest.approx(0.64)
    assert not {"buy", "release", "pay_stock", "pay"} & {key[0] for key in terms}


def test_measure_public_with_stock_and_support() -> None:
    # Face value, whatever the charge.
    assert_share(funded(charge=0.5), "public", {**pays(1.0, 2030, 2031), **spends(1.0, *YEARS)})


def test_stock_and_support_in_model_units() -> None:
    # A thousand times the tonnes and the money: 1 model unit is 1,000 t or USD 1,000 million, so
    # that USD 3 million a tonne is 3,000 million a thousand: 3.
    support = {SINTER: {2031: 2 * MILLION}}
    grant = programme(amount=4000.0, stocks=("vault",), rates={"support": support})
    vault = stockpile(initial={CLEAR: 20e3}, capacity=60e3)
    m = build_model(
        large(
            stockpiles={"vault": vault},
            programmes={"grant": grant},
            gaps={SINTER: {2031: 4 * MILLION}},
        )
    )
    row: dict[VariableKey, float] = {
        ("level", "vault", CLEAR, 2030): 1.0,
        ("buy", "vault", CLEAR, 2030): -1.0,
    }
    assert_row(m.balance_stock["vault", CLEAR, 2030], row, "=", 18.0)
    assert_row(m.limit_stock["vault", 2030], {("level", "vault", CLEAR, 2030): 1.0}, "<=", 60.0)
    row = {("pay_stock", "grant", "vault", 2031): 1.0, ("buy", "vault", CLEAR, 2031): -3.0}
    assert_row(m.pay_purchases["vault", 2031], over(row, 3.0), ">=", 0.0)
    row |= {("level", "vault", CLEAR, 2031): -0.5}
    assert_row(m.pay_carrying["vault", 2031], over(row, 3.0), ">=", -8.1 / 3.0)
    cover = {("supported", "grant", *SINTER, 2031): 0.5}
    runs: dict[VariableKey, float] = {("run", *SINTER, o, 2031): -1.0 for o in BOTH}
    assert_row(m.cover_gap[*SINTER, 2031], {**cover, **runs}, ">=", 0.0)
    terms, _ = linear(m.limit_programme["grant"].body)
    assert terms["supported", "grant", *SINTER, 2031] == pytest.approx(2.0)


# ---- Variables ------------------------------------------------------------------------------

EXPECTED: dict[str, set[Any]] = {
    # Contracts bind what the refinery makes, which can run from 2031 on, and end in 2031.
    "contracted": {("A", "oxide", o, 2031) for o in BOTH},
    # Clear oxide alone is bought and lay there at first.
    "level": {("vault", CLEAR, t) for t in YEARS},
    # The grant buys until 2031.
    "buy": {("vault", CLEAR, t) for t in (2030, 2031)},
    "release": {("vault", CLEAR, t) for t in (2031, 2032)},
    # It pays for keeping what it bought in 2032, too.
    "pay_stock": {("grant", "vault", t) for t in YEARS},
    # It supports from 2030 on; the magnet plant has a gap in 2031 alone.
    "supported": {("grant", *SINTER, 2031)},
}


def everything(**changes: Any) -> Instance:
    """An instance with a stockpile, support and a contract to 2031; the stockpile is changed."""
    rates = {"support": {SINTER: {2031: MILLION}}}
    grant = programme(commit_to=2031, stocks=("vault",), rates=rates)
    return tiny_instance(
        stockpiles={"vault": stockpile(**changes)},
        programmes={
            "grant": grant,
            "late": programme("late", commit_from=2033, commit_to=2033, stocks=("vault",)),
        },
        gaps={SINTER: {2031: 4 * MILLION}},
        offtakes=(offtake("C", share=0.5, last_year=2031),),
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_variable_exists_where_it_can_be_used(name: str) -> None:
    assert set(getattr(build_model(everything()), name)) == EXPECTED[name]
    assert not list(getattr(build_model(tiny_instance()), name))


def test_variables_of_stock_by_what_it_buys_and_holds() -> None:
    m = build_model(everything(buys=(EXPOSED,)))
    # The clear stock of the beginning is kept and released; exposed is bought.
    assert {key[1] for key in m.level} == {CLEAR, EXPOSED}
    assert {key[1] for key in m.buy} == {EXPOSED}
    # Of two classes one is neither there nor bought.
    m = build_model(everything(buys=(EXPOSED,), initial={}))
    assert {key[1] for key in m.level} == {EXPOSED}
    # Nobody pays for stock: what lay there at first is all there is.
    m = with_stock(programme())
    assert set(m.level) == EXPECTED["level"]
    assert not list(m.buy)
    assert not list(m.pay_stock)
    # No stock and nobody who buys.
    assert not list(with_stock(programme(), initial={}).level)
    # Without a carrying cost nothing is paid after the last year of buying.
    m = build_model(everything(carrying_cost=0.0))
    assert set(m.pay_stock) == {("grant", "vault", t) for t in (2030, 2031)}


def test_support_begins_with_the_programme() -> None:
    rates = dict.fromkeys(YEARS, 1 * MILLION)
    fund = programme(commit_from=2031, commit_to=2031, rates={"support": {SINTER: rates}})
    gaps = {SINTER: dict.fromkeys(YEARS, 4 * MILLION)}
    m = build_model(tiny_instance(gaps=gaps, programmes={"grant": fund}))
    # commit_to does not end it.
    assert set(m.supported) == {("grant", *SINTER, t) for t in (2031, 2032)}
    # In 2030 the refinery does not exist yet: nothing of it can be supported.
    refine = ("refinery", "refine")
    fund = programme(rates={"support": {refine: rates}})
    m = build_model(tiny_instance(gaps={refine: gaps[SINTER]}, programmes={"grant": fund}))
    assert set(m.supported) == {("grant", *refine, t) for t in (2031, 2032)}


def test_what_is_released_can_be_used() -> None:
    # Clear oxide is made from 2031 on; with stock that can be released in 2030, clear magnets too.
    first = ("magnets_a", "sinter", CLEAR, 2030)
    assert first not in build_model(tiny_instance()).run
    assert first in with_stock(release_years=frozenset({2030})).run
    exposed = with_stock(release_years=frozenset({2030}), initial={EXPOSED: 20.0}, buys=(EXPOSED,))
    assert first not in exposed.run


def test_exposed_material_is_shipped_to_where_it_is_bought() -> None:
    # Nobody in A uses ore in 2030; a stockpile that buys exposed ore asks for it.
    m = with_stock(commodity="ore", buys=(CLEAR, EXPOSED), initial={})
    assert (0, "A", EXPOSED, 2030) in m.into
    assert (0, "A", EXPOSED, 2030) not in with_stock(commodity="ore", initial={}).into


def test_clear_chain_alone_has_clear_stock_alone() -> None:
    chain = build_model(everything(initial={CLEAR: 20.0, EXPOSED: 5.0}), (CLEAR,))
    assert set(chain.level) == EXPECTED["level"]
    assert set(chain.buy) == EXPECTED["buy"]
    assert set(chain.release) == EXPECTED["release"]
    assert set(chain.contracted) == {("A", "oxide", CLEAR, 2031)}
    assert {key[0] for key in chain.limit_offtake} == {CLEAR}
    # Where exposed stock alone can be bought, there is nothing to pay.
    chain = build_model(everything(buys=(EXPOSED,), initial={}), (CLEAR,))
    assert not list(chain.level)
    assert not list(chain.pay_stock)


def test_bounds_of_stock_contracts_and_targets() -> None:
    m = build_model(everything())
    for name in EXPECTED:
        for item in getattr(m, name).values():
            assert item.bounds == (0, None)
            assert not item.is_integer()
