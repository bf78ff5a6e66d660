"""What the plans of several scenarios must have alike, on plans written by hand.

Three scenarios of the years 2030 to 2033. From 2032 on `cut` is told from the others, which nobody
can tell apart. Commitments from 2032 on wait for that where there is a second wave. Every plan
commits Big, of size 40 for USD 60 million, half of it paid by a fund, and a vault buys 100 of a
reserve in 2031 for USD 1 million. Every test changes one of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from opt.audit.shared import SharedPlans, audit_shared
from opt.errors import AuditError
from opt.questions import confirm_alike
from opt.record.flows import CLEAR, EXPOSED, Flows
from opt.record.money import Payment, Use
from opt.record.projects import Commitment
from opt.record.run import Solution
from opt.record.stock import StockYear

SCENARIOS = ("base", "again", "cut")
ALIKE = {2030: (0, 0, 0), 2031: (0, 0, 0), 2032: (0, 0, 2), 2033: (0, 0, 2)}
BIG = Commitment("Big", 2030, 1, 40.0, 2030, 60.0)
PAID = Payment(Use.CAPITAL, "Big", "", 2030, "fund", None, 30.0)
BOUGHT = StockYear("reserve", CLEAR, 2031, 100.0, 0.0, 100.0)
KEPT = Payment(Use.STOCK, "reserve", "", 2031, "vault", None, 1.0)


def plan(
    made: tuple[Commitment, ...] = (BIG,),
    paid: tuple[Payment, ...] = (PAID, KEPT),
    stocks: tuple[StockYear, ...] = (BOUGHT,),
) -> Solution:
    flows = Flows((), (), (), (), stocks)
    return Solution(made, paid, flows, flows)


def places(
    *plans: Solution | None, second_wave: int | None = None, of: str = "shortfall"
) -> set[str]:
    """Where plans of the three scenarios are found to differ that should not."""
    report = audit_shared(SharedPlans(SCENARIOS, plans, ALIKE, second_wave, of))
    assert report.passed == (not report.findings)
    return {f"{found.rule} {found.place}" for found in report.findings}


def later(year: int, **values: Any) -> Commitment:
    """A commitment of another project."""
    return replace(BIG, project="Late", year=year, first_operation=year, **values)


def test_plans_that_are_one_pass() -> None:
    """Each rule has something to hold: units and size, a payer, and bought, released, paid, of the
    two scenarios that are held against the first."""
    report = audit_shared(SharedPlans(SCENARIOS, (plan(),) * 3, ALIKE, None, "shortfall"))
    assert report.passed
    assert report.checked == {"share_commitments": 4, "share_payments": 2, "share_stock": 6}


def test_another_year_is_found() -> None:
    """A year later is one commitment less in the one year and one more in the other."""
    other = plan(made=(replace(BIG, year=2031),), paid=(replace(PAID, year=2031), KEPT))
    assert places(plan(), plan(), other) == {
        "share_commitments Big 2030 in base and cut units",
        "share_commitments Big 2031 in base and cut units",
    }


def test_another_number_of_units_is_found() -> None:
    other = plan(made=(replace(BIG, units=2),))
    assert places(plan(), other, plan()) == {"share_commitments Big 2030 in base and again units"}


@pytest.mark.parametrize(("size", "found"), [(40.0003, False), (40.001, True), (30.0, True)])
def test_another_size_is_found_beyond_the_slack(size: float, found: bool) -> None:
    """The slack is a hundred-thousandth of the size, 0.0004."""
    other = plan(made=(replace(BIG, size=size),))
    wanted = {"share_commitments Big 2030 in base and cut size"} if found else set()
    assert places(plan(), plan(), other) == wanted


def test_a_crumb_of_a_size_is_measured_by_the_largest_of_all() -> None:
    """0.00003 beside 40: a solver leaves such. 0.0001 is more than a hundred-thousandth of a tenth
    of 40."""
    for size, passes in ((0.00003, True), (0.0001, False)):
        crumbs = [plan(made=(BIG, later(2030, size=x, capex_musd=0.0))) for x in (0.0, 0.0, size)]
        assert (places(*crumbs) == set()) is passes


def test_what_differs_after_the_second_wave_is_allowed() -> None:
    """In 2032 `cut` may commit what it likes; `again`, which nobody can tell from base, may not.
    Without a second wave neither may."""
    other = plan(made=(BIG, later(2032)))
    assert places(plan(), plan(), other, second_wave=2032) == set()
    again = {"share_commitments Late 2032 in base and again units"}
    assert places(plan(), other, plan(), second_wave=2032) == again
    cut = {"share_commitments Late 2032 in base and cut units"}
    assert places(plan(), plan(), other) == cut
    assert places(plan(), plan(), other, second_wave=2033) == cut


def test_what_waits_knows_no_more_than_has_happened() -> None:
    """A second wave from 2031 on knows nothing of the cut of 2032."""
    other = plan(made=(BIG, later(2031)))
    assert places(plan(), plan(), other, second_wave=2031) == {
        "share_commitments Late 2031 in base and cut units"
    }


def test_another_payer_is_found() -> None:
    other = plan(paid=(replace(PAID, programme="bank"), KEPT))
    assert places(plan(), plan(), other) == {
        "share_payments Big 2030 in base and cut fund",
        "share_payments Big 2030 in base and cut bank",
    }


def test_who_pays_may_differ_where_the_cost_does() -> None:
    """Half of 90 where it costs 90."""
    dearer = plan(made=(replace(BIG, capex_musd=90.0),), paid=(replace(PAID, paid_musd=45.0), KEPT))
    assert places(plan(), plan(), dearer) == set()


def test_stock_bought_before_a_shock_is_the_same() -> None:
    """Before 2032 nobody knows of the cut; from then on stock there is its own."""
    less = replace(BOUGHT, bought=60.0, level=60.0)
    found = {"share_stock reserve 2031 in base and cut bought clear"}
    assert places(plan(), plan(), plan(stocks=(less,))) == found
    out = StockYear("reserve", CLEAR, 2032, 0.0, 100.0, 0.0)
    given_out = plan(stocks=(BOUGHT, out))
    assert places(plan(), plan(), given_out) == set()
    assert places(plan(), given_out, plan()) == {
        "share_stock reserve 2032 in base and again released clear"
    }


def test_who_pays_for_stock_before_a_shock_is_the_same() -> None:
    other = plan(paid=(PAID, replace(KEPT, programme="bank")))
    assert places(plan(), plan(), other) == {
        "share_stock reserve 2031 in base and cut vault",
        "share_stock reserve 2031 in base and cut bank",
    }


def test_exposed_stock_is_held_where_shortfall_is_counted() -> None:
    """It lowers no dependence: what is given out of it decides nothing there."""
    out = StockYear("reserve", EXPOSED, 2030, 0.0, 10.0, 0.0)
    plans = (plan(), plan(), plan(stocks=(BOUGHT, out)))
    assert places(*plans, of="dependence") == set()
    assert places(*plans) == {"share_stock reserve 2030 in base and cut released exposed"}


def test_a_scenario_without_a_plan_is_passed_over() -> None:
    """What is known of the others is held all the same."""
    other = plan(made=(replace(BIG, units=2),))
    assert places(None, plan(), other) == {"share_commitments Big 2030 in again and cut units"}
    assert places(None, None, None) == set()


def test_what_is_not_shared_is_not_told() -> None:
    """The error names project and scenarios, and holds what was told."""
    told = SharedPlans(SCENARIOS, (plan(), plan(), plan(made=(), paid=(KEPT,))), ALIKE, None, "")
    with pytest.raises(AuditError, match="Big 2030 in base and cut units") as refused:
        confirm_alike(told)
    assert refused.value.run is told
