"""The most that a programme may commit to what a row of eligibility matches, worked out by hand.

Allies need 100 of metal in each of four years. Big makes 40 a year for 40 and Little 20 for 20,
from the first year on; a fund of 100 has to pay all of both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import assert_dependence, chain, project, solved


def case(*rules: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The two projects under some rules of the fund."""
    return chain(
        programmes=[{"programme": "F", "instrument": "grant", "amount": 100}],
        eligibility=[{"programme": "F", **rule} for rule in rules],
        projects=[
            project("Big", "smelt", 40, 40, public_share=1),
            project("Little", "smelt", 20, 20, public_share=1),
        ],
    )


@pytest.mark.parametrize(
    ("most", "expected"), [(None, 0.4), (60, 0.4), (59, 0.6), (40, 0.6), (39, 0.8), (19, 1.0)]
)
def test_a_ceiling_over_all_that_a_row_matches(
    tmp_path: Path, most: float | None, expected: float
) -> None:
    """Both take 60, Big alone 40, Little alone 20."""
    rule = {"field": "process", "value": "smelt", "max_amount": most}
    assert_dependence(solved(tmp_path, case(rule)), expected)


def test_a_ceiling_of_one_row_leaves_the_other_alone(tmp_path: Path) -> None:
    """Big may take 39 and is not built; Little's row has no ceiling."""
    rules = (
        {"field": "project", "value": "Big", "max_amount": 39},
        {"field": "project", "value": "Little"},
    )
    run = solved(tmp_path, case(*rules))
    assert_dependence(run, 0.8)
    assert {p.thing: p.paid_musd for p in run.solution.payments} == {"Little": 20.0}
