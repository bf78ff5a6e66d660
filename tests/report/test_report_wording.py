"""Numbers in words: rounding, bounds that never contradict, statuses that never overstate."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opt.record.passes import Outcome, Pass
from opt.report import wording

SHARES = st.floats(0, 1)
MONEY = st.floats(0, 1e7)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.632, "63.2%"),
        (0.0, "0.0%"),
        (-0.0, "0.0%"),
        (1.0, "100.0%"),
        (1e-9, "0.0%"),
        (0.0001, "under 0.1%"),
        (0.99999, "over 99.9%"),
        (0.05, "5.0%"),
    ],
)
def test_percent_has_one_decimal_and_hides_nothing(share: float, text: str) -> None:
    assert wording.percent(share) == text


@pytest.mark.parametrize(
    ("name", "value", "bound", "text"),
    [
        ("cost", 100.0, 98.0, "2.0%; USD 2.0 million; 8.0% of added cost"),
        ("cost", 70.0, 69.3, "1.0%; USD 0.7 million"),  # adds nothing to the 75
        ("cost", 100.0, 100.0, "none"),
        ("cost", 100.0, -math.inf, "unknown"),
        ("dependence", 0.5, 0.49, "2.0%"),
        ("dependence", 0.5, 0.0, "unknown"),  # every plan keeps it
    ],
)
def test_the_gap_of_a_pass_beside_a_cost_of_75_without_new_money(
    name: str, value: float, bound: float, text: str
) -> None:
    gap = (value - bound) / value
    result = Pass(name, value, bound, gap, 1.0, Outcome.OPTIMAL).beside(75.0)
    assert wording.pass_gap(result) == text


@pytest.mark.parametrize(
    ("musd", "text"),
    [
        (1234.4, "USD 1,234 million"),
        (12000.0, "USD 12.0 billion"),
        (9999.0, "USD 9,999 million"),
        (9999.9, "USD 10.0 billion"),
        (3.44, "USD 3.4 million"),
        (0.0, "USD 0 million"),
        (0.0012, "USD 1,200"),
        (1e-9, "USD 0 million"),
        (250000.0, "USD 250.0 billion"),
    ],
)
def test_money_changes_to_billions_at_ten_thousand(musd: float, text: str) -> None:
    assert wording.money(musd) == text


def test_amounts_years_counts_and_names() -> None:
    assert wording.amount(12345.4, "t") == "12,345 t"
    assert wording.number(2.5) == "2.5"
    assert wording.years(2027, 2035) == "2027 to 2035"
    assert wording.years(2030, 2030) == "2030"
    assert wording.year_spans([2035, 2031, 2032, 2028]) == "2028, 2031 to 2032 and 2035"
    assert wording.year_spans([]) == "never"
    assert wording.count(0, "project") == "no projects"
    assert wording.count(1, "project") == "1 project"
    assert wording.count(1200, "project") == "1,200 projects"
    assert wording.names(["a", "b", "c"]) == "a, b and c"
    assert wording.names(list("abcdef"), 4) == "a, b, c and 3 more"
    assert wording.names([]) == ""


def _pass(value: float, bound: float, outcome: Outcome, objective: str = "dependence") -> Pass:
    return Pass(objective, value, bound, 0.0, 1.0, outcome)


def test_best_sentence_says_the_optimum_plainly() -> None:
    sentence = wording.best_sentence(_pass(0.632, 0.618, Outcome.OPTIMAL))
    assert sentence == "Best plan 63.2%. No plan within these budgets can beat 61.8%."
    proven = wording.best_sentence(_pass(0.632, 0.632, Outcome.OPTIMAL))
    assert (
        proven == "Best plan 63.2%. No plan within these budgets can beat 63.2%. It is proven best."
    )


@pytest.mark.parametrize(
    ("objective", "value", "bound", "is_open"),
    [
        *(("dependence", 0.5, 0.0, True), ("dependence", 0.5, 1e-4, False)),
        *(("dependence", 0.0, 0.0, False), ("public", 100.0, -math.inf, True)),
        *(("public", 100.0, 0.0, True), ("cost", 5.0, -1.0, False), ("cost", 5.0, 0.0, False)),
    ],
)
def test_a_bound_that_every_plan_keeps_proves_nothing(
    objective: str, value: float, bound: float, is_open: bool
) -> None:
    result = _pass(value, bound, Outcome.FEASIBLE, objective)
    assert wording.is_open(result) is is_open
    assert (wording.proven_to(result) == "not at all") is is_open
    assert ("can beat" in wording.best_sentence(result)) is not is_open


@given(SHARES, SHARES, st.sampled_from([Outcome.OPTIMAL, Outcome.FEASIBLE]))
def test_the_bound_shown_never_beats_the_value_shown(
    value: float, slack: float, outcome: Outcome
) -> None:
    sentence = wording.best_sentence(_pass(value, value - slack * value, outcome))
    shown = [float(text) for text in re.findall(r"[\d.]+(?=%)", sentence)]
    assert len(shown) == 2
    assert shown[-1] <= shown[0]
    assert abs(shown[0] - value * 100) <= 0.05 + 1e-9
    tight = slack * value <= 2e-6  # what the passes' tolerances may move a share by
    assert ("proven best" in sentence) == (tight and outcome is Outcome.OPTIMAL)


@given(MONEY, SHARES)
def test_the_bound_on_money_is_rounded_down(value: float, slack: float) -> None:
    bound = value * (1 - slack)
    text = wording.bound_value("public", bound)
    digits = float(re.findall(r"[\d,.]+", text)[0].replace(",", ""))
    shown = digits * 1000 if "billion" in text else digits
    assert shown <= bound + 1e-3 + 1e-6 * bound


@given(SHARES, SHARES)
def test_a_stopped_search_is_never_called_proven(value: float, slack: float) -> None:
    sentence = wording.best_sentence(_pass(value, value * slack, Outcome.FEASIBLE))
    assert "proven" not in sentence
    assert "before the search stopped" in sentence


@pytest.mark.parametrize("status", [status for status in Outcome if status is not Outcome.OPTIMAL])
def test_no_other_status_reads_as_an_optimum(status: Outcome) -> None:
    words = wording.status_words(status)
    assert "Solved" not in words
    assert "no better plan" not in words
    assert wording.has_plan(status) == (status is Outcome.FEASIBLE)


def test_every_status_has_words() -> None:
    assert set(wording.STATUS_WORDS) == set(Outcome)


def test_a_year_objective_is_a_share_and_named() -> None:
    assert wording.is_share("dependence@2030")
    assert wording.objective_words("dependence@2030") == "dependence in 2030"
    assert not wording.is_share("cost")
