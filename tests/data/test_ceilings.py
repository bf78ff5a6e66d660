"""Ceilings of a year and loans that are lent again, on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all. What a
clear smelter makes lowers the dependence of 1. Projects start in the year of commitment and their
capex falls due in it, where nothing else is said.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import Rows, assert_dependence, built, chain, project, solved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opt.errors import InfeasibleError, InputError

KEPT = 1e-8
YEARS = ("2030", "2031", "2032", "2033")
HALVES: Rows = [{"spend": "halves", "year_1": 0.5, "year_2": 0.5}]


def row(*limits: float | str, field: str = "all", value: str = "", what: str = "") -> Rows:
    """One row of private_capital, or of build_limits where `what` is said; limits from 2030 on."""
    kind = {"what": what} if what else {}
    return [{"field": field, "value": value, **kind, **dict(zip(YEARS, limits, strict=False))}]


def pair(**values: object) -> Rows:
    """Two smelters of 50 each at USD 40 million."""
    return [project(name, "smelt", 50, 40, **values) for name in ("P", "Q")]


# ---- Private capital ------------------------------------------------------------------------


def test_private_money_that_is_not_ready_delays_a_project(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 100, 40)]
    run = solved(tmp_path, chain(projects=rows, private_capital=row(39, 39.9, 40)))
    # 40 falls due at once: 2032 is the first year that has it. Two of four years.
    assert built(run) == {"P": 2032}
    assert_dependence(run, 2 / 4)


def test_public_money_needs_no_private(tmp_path: Path) -> None:
    # 30 of 40 are public, so 10 are private, and 10 are ready.
    rows = [project("P", "smelt", 100, 40)]
    funds: Rows = [{"programme": "fund", "amount": 30}]
    case = chain(projects=rows, programmes=funds, private_capital=row(10, 10, 10, 10))
    run = solved(tmp_path, case)
    assert_dependence(run, 0)
    # The least public money: private pays all that is ready.
    assert (run.metrics.public_musd, run.metrics.private_musd) == pytest.approx((30, 10))
    # With 9 ready 31 would have to be public.
    case = chain(projects=rows, programmes=funds, private_capital=row(9, 9, 9, 9))
    assert_dependence(solved(tmp_path, case), 1)


def test_private_money_falls_due_by_the_spend_profile(tmp_path: Path) -> None:
    # 20 in the year of commitment and 20 in the next; 2031 has 19. From 2032 on: 20 and 20.
    rows = [project("P", "smelt", 100, 40, spend="halves")]
    case = chain(projects=rows, spends=HALVES, private_capital=row(20, 19, 20, 20))
    run = solved(tmp_path, case)
    assert built(run) == {"P": 2032}
    assert_dependence(run, 2 / 4)
    # Committed in 2033 half falls due after the last year, which no ceiling reaches.
    case = chain(projects=rows, spends=HALVES, private_capital=row(20, 19, 19, 20))
    run = solved(tmp_path, case)
    assert built(run) == {"P": 2033}
    assert_dependence(run, 3 / 4)


def test_private_money_of_a_region(tmp_path: Path) -> None:
    # Nothing is ready in N: only P of W is built, 50 of 100.
    rows = [project("P", "smelt", 50, 40), project("Q", "smelt", 50, 40, region="N")]
    ceiling = row(0, 0, 0, 0, field="region", value="N")
    run = solved(tmp_path, chain(projects=rows, private_capital=ceiling))
    assert built(run) == {"P": 2030}
    assert_dependence(run, 0.5)
    # The same by bloc, without case; a row over all of 40 lets one project a year.
    ceiling = row(0, 0, 0, 0, field="bloc", value="Other") + row(40, 40, 40, 40)
    assert_dependence(solved(tmp_path, chain(projects=rows, private_capital=ceiling)), 0.5)


def test_any_match_takes_the_whole_project(tmp_path: Path) -> None:
    # P both digs and smelts: a ceiling on mining takes it whole.
    rows = [project("P", "dig;smelt", 100, 40)]
    ceiling = row(0, 0, 0, 0, field="stage", value="mining")
    assert_dependence(solved(tmp_path, chain(projects=rows, private_capital=ceiling)), 1)


def test_ceilings_that_never_bind_change_nothing(tmp_path: Path) -> None:
    rows = pair()
    free = solved(tmp_path, chain(projects=rows))
    limits = row(80, 80, 80, 80, what="capex") + row(2, 2, 2, 2, what="starts")
    ceiling = row(80, "", 80, 80)
    run = solved(tmp_path, chain(projects=rows, private_capital=ceiling, build_limits=limits))
    # Both at once cost 80.
    assert built(run) == built(free) == {"P": 2030, "Q": 2030}
    assert_dependence(run, 0)
    assert run.metrics.cost_musd == pytest.approx(free.metrics.cost_musd)


def test_a_blank_year_has_no_ceiling(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(projects=pair(), private_capital=row(0, "", 0, 0)))
    assert built(run) == {"P": 2031, "Q": 2031}
    assert_dependence(run, 1 / 4)


# ---- Build limits ---------------------------------------------------------------------------


def test_one_start_a_year(tmp_path: Path) -> None:
    limits = row(1, 1, 1, 1, what="starts")
    run = solved(tmp_path, chain(projects=pair(), build_limits=limits))
    # 50 of 100 in 2030, all from 2031 on: 50 of 400 stay exposed.
    assert sorted(built(run).values()) == [2030, 2031]
    assert_dependence(run, 50 / 400)


def test_starts_count_units(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 25, 10, max_units=4)]
    limits = row(2, 1, 0, 1, field="process", value="smelt", what="starts")
    run = solved(tmp_path, chain(projects=rows, build_limits=limits))
    # 2, 3, 3 and 4 units run: 50 + 25 + 25 + 0 of 400 stay exposed.
    units = {c.year: c.units for c in run.solution.commitments}
    assert units == {2030: 2, 2031: 1, 2033: 1}
    assert_dependence(run, 100 / 400)


def test_capex_of_a_year(tmp_path: Path) -> None:
    # P costs 40, Q 30; half of each falls due later, but all counts at commitment. In 2030 50 are
    # enough for one, in 2031 29 for none, in 2032 30 for Q alone. So P in 2030, Q in 2032: 50 in
    # 2030 and 2031 stay exposed.
    rows = [
        project("P", "smelt", 50, 40, spend="halves"),
        project("Q", "smelt", 50, 30, spend="halves"),
    ]
    limits = row(50, 29, 30, 0, what="capex")
    run = solved(tmp_path, chain(projects=rows, spends=HALVES, build_limits=limits))
    assert built(run) == {"P": 2030, "Q": 2032}
    assert_dependence(run, 100 / 400)


def test_capex_that_public_money_pays_counts_too(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 100, 40, public_share=1)]
    funds: Rows = [{"programme": "fund", "amount": 1000}]
    limits = row(39, 39, 40, 40, what="capex")
    run = solved(tmp_path, chain(projects=rows, programmes=funds, build_limits=limits))
    assert built(run) == {"P": 2032}


def test_forced_project_above_a_build_limit(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 100, 40, decision="force 2030")]
    with pytest.raises(InfeasibleError) as caught:
        solved(tmp_path, chain(projects=rows, build_limits=row(0, what="starts")))
    words = str(caught.value)
    assert "projects!G2: P, decision force 2030." in words
    assert "build_limits!D2: all starts, 2030 0." in words
    assert "build_limits!D2: raise 2030 of all starts from 0 to 1." in words


# ---- Loans that are lent again --------------------------------------------------------------


def lender(**values: object) -> Rows:
    """A programme of USD 40 million, which must pay all of what is built."""
    return [{"programme": "fund", "instrument": "loan", "amount": 40, **values}]


def test_a_loan_that_comes_back_pays_for_two(tmp_path: Path) -> None:
    # P of 2030 runs and repays all of its 40 in 2031; so Q is committed in 2031 and runs from 2032
    # on. Exposed: 100, 50, 0, 0 of 400.
    rows = pair(public_share=1, lead_time=1)
    run = solved(tmp_path, chain(projects=rows, programmes=lender(repay_years=1)))
    assert sorted(built(run).values()) == [2030, 2031]
    assert_dependence(run, 150 / 400)
    # A grant of 40 pays one: 100 + 50 x 3.
    run = solved(tmp_path, chain(projects=rows, programmes=lender(instrument="grant")))
    assert sorted(built(run).values()) == [2030]
    assert_dependence(run, 250 / 400)


def test_a_loan_comes_back_evenly(tmp_path: Path) -> None:
    # P of 2030 runs from 2031 on and repays 20 in 2031 and in 2032. Q's 40 fit from 2032 on.
    # Exposed: 100, 50, 50, 0.
    rows = pair(public_share=1, lead_time=1)
    run = solved(tmp_path, chain(projects=rows, programmes=lender(repay_years=2)))
    assert sorted(built(run).values()) == [2030, 2032]
    assert_dependence(run, 200 / 400)
    money = [(m.year, m.committed_musd, m.due_musd, m.repaid_musd) for m in run.payments_due]
    # Q of 2032 runs and repays from 2033 on, half of it after the last year.
    assert money == [
        (2030, pytest.approx(40), pytest.approx(40), 0),
        (2031, 0, 0, pytest.approx(20)),
        (2032, pytest.approx(40), pytest.approx(40), pytest.approx(20)),
        (2033, 0, 0, pytest.approx(20)),
        (2034, 0, 0, pytest.approx(20)),
    ]


def test_what_comes_back_adds_to_the_yearly_limit(tmp_path: Path) -> None:
    # An amount for both, but 40 in 2030 and 20 a year after. P repays 20 in 2031 and in 2032, so
    # 40 may fall due in 2031 (40 - 20 <= 20). Exposed: 100, 50, 0, 0.
    rows = pair(public_share=1, lead_time=1)
    limits = dict(zip(YEARS, (40, 20, 20, 20), strict=True))
    funds = lender(**{"amount": 1000, "repay_years": 2, **limits})
    run = solved(tmp_path, chain(projects=rows, programmes=funds))
    assert sorted(built(run).values()) == [2030, 2031]
    assert_dependence(run, 150 / 400)
    left = {m.year: (m.limit_musd, m.left_musd) for m in run.payments_due if m.year <= 2033}
    # 40 - 40; 20 - 40 + 20; 20 + 20 of P + 20 of Q; 20 + 20 of Q.
    assert left[2031] == (20, pytest.approx(0, abs=1e-6))
    assert left[2032] == (20, pytest.approx(60))
    assert left[2033] == (20, pytest.approx(40))
    # Not lent again, no year after 2030 allows 40.
    funds = lender(**{"amount": 1000, **limits})
    assert_dependence(solved(tmp_path, chain(projects=rows, programmes=funds)), 250 / 400)


def test_what_comes_back_is_carried_over(tmp_path: Path) -> None:
    # No new money after 2030. P's 20 of 2031 and 20 of 2032 add up to Q's 40 in 2032.
    rows = pair(public_share=1, lead_time=1)
    limits = dict(zip(YEARS, (40, 0, 0, 0), strict=True))
    funds = lender(**{"amount": 1000, "repay_years": 2, "carry_over": "yes", **limits})
    run = solved(tmp_path, chain(projects=rows, programmes=funds))
    assert sorted(built(run).values()) == [2030, 2032]
    # Exposed: 100, 50, 50, 0.
    assert_dependence(run, 200 / 400)


def test_a_loan_repaid_in_the_year_of_commitment_can_be_lent_in_it(tmp_path: Path) -> None:
    # Without lead time half of each loan is back by the end of 2030: 40 + 40 - 20 - 20 = 40.
    rows = pair(public_share=1)
    run = solved(tmp_path, chain(projects=rows, programmes=lender(repay_years=2)))
    assert built(run) == {"P": 2030, "Q": 2030}
    assert_dependence(run, 0)
    # All of it is back by the end of 2030: nothing is ever out, and nothing counts in any year.
    funds = lender(**{"amount": 1, "repay_years": 1, **dict.fromkeys(YEARS, 0)})
    assert_dependence(solved(tmp_path, chain(projects=rows, programmes=funds)), 0)
    # Over three years 80 - 80 / 3 are out, more than 40 in 2030; by the end of 2031 P's 40 / 3 and
    # Q's 80 / 3 are out: 40. Exposed: 50, 0, 0, 0.
    run = solved(tmp_path, chain(projects=rows, programmes=lender(repay_years=3)))
    assert sorted(built(run).values()) == [2030, 2031]
    assert_dependence(run, 50 / 400)


def test_the_charge_counts_what_comes_back(tmp_path: Path) -> None:
    # Half of face value counts: 20 of 20 out in 2030; all back in 2031. As with 40 at charge 1.
    rows = pair(public_share=1, lead_time=1)
    funds = lender(amount=20, charge=0.5, repay_years=1)
    run = solved(tmp_path, chain(projects=rows, programmes=funds))
    assert_dependence(run, 150 / 400)
    back = {m.year: m.repaid_musd for m in run.payments_due}
    assert (back[2031], back[2032]) == pytest.approx((20, 20))


def test_a_loan_that_comes_back_too_late_is_a_grant_of_its_charge(tmp_path: Path) -> None:
    # Lead 3: all commitments are of 2030, and nothing comes back before 2033, too late to commit.
    # One project takes 0.5 x 40 = 20 of the 30, both would take 40.
    rows = pair(public_share=1, lead_time=3)
    runs = [
        solved(tmp_path, chain(projects=rows, programmes=lender(amount=30, charge=0.5, **more)))
        for more in ({"repay_years": 10}, {"instrument": "grant"})
    ]
    for run in runs:
        assert list(built(run).values()) == [2030]
        # 50 of 100 in 2033: 350 of 400 stay exposed.
        assert_dependence(run, 350 / 400)
        assert run.metrics.public_musd == pytest.approx(40)
    assert runs[0].metrics.cost_musd == pytest.approx(runs[1].metrics.cost_musd)


# ---- Properties -----------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ready=st.lists(st.integers(0, 60), min_size=4, max_size=4),
    more=st.lists(st.integers(0, 40), min_size=4, max_size=4),
)
def test_more_private_money_never_worsens_dependence(
    tmp_path_factory: pytest.TempPathFactory, ready: list[int], more: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("private")
    rows = [*pair(lead_time=1), project("R", "smelt", 20, 15)]
    larger = [a + b for a, b in zip(ready, more, strict=True)]
    runs = [
        solved(folder, chain(projects=rows, private_capital=row(*limits)))
        for limits in (ready, larger)
    ]
    assert all(run.audit.passed for run in runs)
    assert runs[1].metrics.dependence <= runs[0].metrics.dependence + KEPT


# ---- Of one mineral -------------------------------------------------------------------------


def two_minerals(**sheets: Rows) -> dict[str, Rows]:
    """The chain with a second metal of mineral K, of which W needs as much, and a project for each:
    P smelts metal, Q melts the other; both are of stage metal."""
    base = chain()
    return base | {
        "commodities": [
            *base["commodities"],
            {"commodity": "alloy", "mineral": "K", "stage": "metal", "surplus": "free"},
        ],
        "processes": [*base["processes"], {"process": "melt", "stage": "metal"}],
        "recipes": [
            *base["recipes"],
            {"process": "melt", "commodity": "ore", "amount": -1},
            {"process": "melt", "commodity": "alloy", "amount": 1},
        ],
        "demand": [
            *base["demand"],
            {"region": "W", "commodity": "alloy", "2030": 100, "2033": 100},
        ],
        "projects": [project("P", "smelt", 100, 40), project("Q", "melt", 100, 40)],
        **sheets,
    }


@pytest.mark.parametrize(
    ("sheet", "what"),
    [("build_limits", "starts"), ("build_limits", "capex"), ("private_capital", "")],
)
def test_a_ceiling_of_one_mineral_leaves_the_other_free(
    tmp_path: Path, sheet: str, what: str
) -> None:
    nothing = row(0, 0, 0, 0, field="stage", value="metal", what=what)[0]
    # Without a mineral both are held; with one the metal of the other half is clear from 2030 on.
    assert built(solved(tmp_path, two_minerals(**{sheet: [nothing]}))) == {}
    run = solved(tmp_path, two_minerals(**{sheet: [nothing | {"mineral": "k"}]}))
    assert built(run) == {"P": 2030}
    assert_dependence(run, 0.5)
    everything = row(0, 0, 0, 0, what=what)[0] | {"mineral": "M"}
    run = solved(tmp_path, two_minerals(**{sheet: [everything]}))
    assert built(run) == {"Q": 2030}
    assert_dependence(run, 0.5)


def test_both_conditions_hold(tmp_path: Path) -> None:
    # No project digs a K, so the ceiling holds over none.
    nothing = row(0, 0, 0, 0, field="stage", value="mining", what="starts")[0] | {"mineral": "K"}
    run = solved(tmp_path, two_minerals(build_limits=[nothing]))
    assert built(run) == {"P": 2030, "Q": 2030}


def test_one_row_a_mineral(tmp_path: Path) -> None:
    # Field and value may be the same where the minerals differ.
    rows = [
        row(*limits, what="starts")[0] | {"mineral": mineral}
        for mineral, limits in {"M": (0, 1, 1, 1), "K": (0, 0, 1, 1)}.items()
    ]
    run = solved(tmp_path, two_minerals(build_limits=rows))
    assert built(run) == {"P": 2031, "Q": 2032}


def test_an_unknown_mineral_is_named(tmp_path: Path) -> None:
    wrong = row(1, 1, 1, 1, what="starts")[0] | {"mineral": "KK"}
    with pytest.raises(InputError) as refused:
        solved(tmp_path, two_minerals(build_limits=[wrong]))
    assert str(refused.value) == ("build_limits!H2: 'KK' is not a mineral. Did you mean 'K'?")


def test_the_rows_of_one_mineral_in_conflict_are_named(tmp_path: Path) -> None:
    nothing = row(0, 0, 0, 0, what="starts")[0] | {"mineral": "K"}
    forced = two_minerals(build_limits=[nothing])
    forced["projects"][1] |= {"decision": "force 2031"}
    with pytest.raises(InfeasibleError) as conflict:
        solved(tmp_path, forced)
    assert "build_limits!E2" in str(conflict.value)
