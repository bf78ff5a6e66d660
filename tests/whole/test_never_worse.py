"""More money never hurts and delay never helps, over random workbooks, to the optimum."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import chain, folder_of, project
from never_worse import CHANGES, compared, least_dependence

from opt.data.reader import read

# Among these every change moves dependence in some case.
QUICK = (3, 7, 11, 20, 28, 29, 39, 71)
MORE = range(3000, 3060)
SHARES = 3e-6


def assert_never_worse(folder: Path, seed: int, full: bool) -> None:
    """More money leaves no more dependence, a delay no less."""
    for change, (before, after) in compared(folder, seed, full, CHANGES).items():
        if change == "a delay":
            assert after >= before - SHARES, change
        else:
            assert after <= before + SHARES, change


@pytest.mark.parametrize("full", [False, True], ids=["plain", "full"])
@pytest.mark.parametrize("seed", QUICK)
def test_more_money_never_hurts_and_delay_never_helps(
    tmp_path: Path, seed: int, full: bool
) -> None:
    assert_never_worse(tmp_path, seed, full)


@pytest.mark.parametrize(
    ("seed", "full", "change"),
    [
        (39, True, "twice the money"),
        (3, False, "a fund more"),
        (7, True, "support more"),
        (7, False, "a delay"),
    ],
)
def test_every_change_matters_somewhere(tmp_path: Path, seed: int, full: bool, change: str) -> None:
    before, after = compared(tmp_path, seed, full, [change])[change]
    assert abs(before - after) > 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("full", [False, True], ids=["plain", "full"])
@pytest.mark.parametrize("seed", MORE)
def test_more_cases(tmp_path: Path, seed: int, full: bool) -> None:
    assert_never_worse(tmp_path, seed, full)


# By hand: each condition of the random cases is needed. W needs 100 of metal a year over 2030-2033,
# 400 in all; `late` delays project A by a year.

LATE = {
    "scenarios": [{"scenario": "late"}],
    "shocks": [
        {"scenario": "late", "what": "lead_time", "field": "project", "value": "A", "shift": 1}
    ],
}


def test_a_plant_that_wears_out_is_better_late(tmp_path: Path) -> None:
    # W needs metal in 2033 alone. A can be committed in 2030 alone and runs for two years: 2031 and
    # 2032, or 2032 and 2033, when it makes all that is needed.
    demand = [{"region": "W", "commodity": "metal", "2030": 0, "2032": 0, "2033": 100}]
    rows = [project("A", "smelt", 100, 10, lead_time=1, life=2, latest=2030)]
    tables = read(folder_of(tmp_path, chain(projects=rows, demand=demand, **LATE)))
    assert least_dependence(tables, None) == pytest.approx(1)
    assert least_dependence(tables, "late") == pytest.approx(0)


def test_a_ramp_that_falls_is_better_late(tmp_path: Path) -> None:
    # Full in its first year, a half from the second on: 2033 is its second year, or its first.
    demand = [{"region": "W", "commodity": "metal", "2030": 0, "2032": 0, "2033": 100}]
    rows = [project("A", "smelt", 100, 10, lead_time=2, ramp="fade", latest=2030)]
    ramps = [{"ramp": "fade", "year_1": 1, "year_2": 0.5}]
    tables = read(folder_of(tmp_path, chain(projects=rows, demand=demand, ramps=ramps, **LATE)))
    assert least_dependence(tables, None) == pytest.approx(0.5)
    assert least_dependence(tables, "late") == pytest.approx(0)


@pytest.mark.parametrize(("carry_over", "base"), [("no", 0.925), ("yes", 0.8)])
def test_a_loan_that_comes_back_late_is_there_when_it_is_wanted(
    tmp_path: Path, carry_over: str, base: float
) -> None:
    # A takes the 30 of 2030; they come back in its first year of operation, and no other money may
    # fall due. B costs 10 in 2032 and makes 50 in 2033. In time A makes 30 in all; its money is
    # back in 2031 and lapses, but for a carry-over, with which B is built: 30, or 80 of 400. Late A
    # makes 20, its money is back in 2032, and B is built either way: 70 of 400.
    rows = [
        project("A", "smelt", 10, 30, public_share=1, lead_time=1, decision="force 2030"),
        project("B", "smelt", 50, 10, public_share=1, lead_time=1, earliest=2032),
    ]
    loan = {"programme": "loan", "instrument": "loan", "amount": 1000, "repay_years": 1}
    limits = {"2030": 30, "2031": 0, "2032": 0, "2033": 0}
    programmes = [loan | limits | {"carry_over": carry_over}]
    tables = read(folder_of(tmp_path, chain(projects=rows, programmes=programmes, **LATE)))
    assert least_dependence(tables, None) == pytest.approx(base)
    assert least_dependence(tables, "late") == pytest.approx(0.825)
