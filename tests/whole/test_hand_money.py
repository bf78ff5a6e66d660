"""Rules of programmes on cases solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all. A
smelter of 100 costs USD 10 million, half of it public, and stands from its year on: committed in
2030 it makes all clear.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from builders import Rows, assert_dependence, built, chain, project, solved

from opt import api


def case(**programme: Any) -> dict[str, Rows]:
    """The chain with the smelter and one programme."""
    return chain({"public_share": 0.5}) | {
        "projects": [project("smelter", "smelt", 100, 10)],
        "programmes": [{"programme": "fund", **programme}],
    }


def test_a_chain_takes_no_more_than_its_share_of_the_amount(tmp_path: Path) -> None:
    # The floor of 5 is a quarter of 20; a hundredth less does not pay for the smelter.
    enough, short = (solved(tmp_path, case(amount=20, share=s)) for s in (0.25, 0.2475))
    assert built(enough) == {"smelter": 2030}
    assert_dependence(enough, 0)
    assert built(short) == {}
    assert_dependence(short, 1)


def test_limits_are_the_whole_programmes(tmp_path: Path) -> None:
    # 5 falls due in the year of commitment: half of 8 is too little in 2030, half of 10 enough in
    # 2031, so that three years of four are clear.
    run = solved(tmp_path, case(amount=1000, share=0.5, **{"2030": 8, "2031": 10, "2032": 10}))
    assert built(run) == {"smelter": 2031}
    assert_dependence(run, 1 / 4)


def test_nothing_of_a_programme_is_nothing(tmp_path: Path) -> None:
    assert built(solved(tmp_path, case(amount=1000, share=0))) == {}


def test_a_share_is_that_part_of_amount_and_limits(tmp_path: Path) -> None:
    # 0.5 is a power of two: the same numbers to the last digit.
    limits = {"2030": 16.0, "2031": 20.0, "2032": 6.0}
    halves = {year: limit / 2 for year, limit in limits.items()}
    whole = solved(tmp_path, case(amount=30, share=0.5, **limits))
    half = solved(tmp_path, case(amount=15, **halves))
    assert whole.solution.payments == half.solution.payments
    assert whole.payments_due == half.payments_due
    assert whole.metrics == half.metrics


def test_the_audit_holds_a_plan_to_the_share(tmp_path: Path) -> None:
    # 5 are paid of the 5 that are the chain's; of 5.1 the whole programme would still have plenty.
    run = solved(tmp_path, case(amount=20, share=0.25))
    more = tuple(
        dataclasses.replace(paid, paid_musd=paid.paid_musd * 1.02) for paid in run.solution.payments
    )
    answer = dataclasses.replace(run.solution, payments=more)
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "limit_programme" in {finding.rule for finding in found}
    assert "limit_programme" not in {finding.rule for finding in api.recompute(run).findings}
