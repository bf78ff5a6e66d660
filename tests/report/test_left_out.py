"""Why a candidate is not in the plan, as far as one run says: cases in which the reason is known.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033. Smelter P of 100
serves all of it; what else there is helps nothing or has no room.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, project, solved

from opt import api
from opt.record.passes import Outcome
from opt.record.run import Run
from opt.report.excel_sheets import sheets_of
from opt.report.left_out import why_not

FUND = [{"programme": "F", "name": "The fund", "amount": 40, "max_share": 1}]


def reasons(run: Run) -> dict[str, str]:
    """Why each candidate is out, by its id."""
    built = {made.project for made in run.solution.commitments}
    return {key: why_not(run, key, built) for key in run.case.projects if key not in built}


def with_q(**values: Any) -> Rows:
    """The smelter that the plan builds, and a candidate."""
    return [project("P", "smelt", 100, 40), project("Q", "smelt", 50, 40, **values)]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"decision": "forbid"}, "Forbidden in the workbook."),
        ({"lead_time": 5}, "Too late: it would first run in 2035, and the plan ends in 2033."),
        ({"earliest": 2040}, "Its years of commitment are outside the plan's."),
        (
            {"public_share": 0.3, "max_public_share": 0.5},
            "At least 30% of its capital must be public, and no programme may pay for it.",
        ),
        ({}, "The plan does as well without it, within the gap."),
    ],
)
def test_a_condition_of_its_own_keeps_it_out(
    tmp_path: Path, values: dict[str, Any], why: str
) -> None:
    run = solved(tmp_path, chain(projects=with_q(**values)))
    assert reasons(run) == {"Q": why}


def test_another_of_its_group_or_the_one_that_it_needs(tmp_path: Path) -> None:
    rows = [
        project("P", "smelt", 100, 40, group="site", name="Port works"),
        project("Q", "smelt", 50, 40, group="Site"),
        project("R", "smelt", 50, 40, requires="Q"),
    ]
    assert reasons(solved(tmp_path, chain(projects=rows))) == {
        "Q": "Of its group one may be built, and the plan builds Port works.",
        "R": "Needs Q, which the plan leaves out too.",
    }


def test_a_limit_without_room_in_every_year_is_named_with_its_years(tmp_path: Path) -> None:
    """P fills 2030 and 2031 lets nothing through; Q could start in both. With room in 2031 it could
    be built, and helps nothing."""
    for second, why in (
        (49, "No room beside the plan under the limits on capacity committed of metal, all"
             " together, 2030 to 2031."),
        (50, "The plan does as well without it, within the gap."),
    ):  # fmt: skip
        row = {
            "field": "all",
            "what": "capacity",
            "commodity": "metal",
            "2030": 100,
            "2031": second,
        }
        case = chain(projects=with_q(latest=2031), build_limits=[row])
        assert reasons(solved(tmp_path, case)) == {"Q": why}


def test_who_may_pay_has_nothing_left(tmp_path: Path) -> None:
    """P takes all 40 of the fund that Q's public part asks for; a fund of 45 has 5 left, with which
    nothing is said of money."""
    for amount, why in (
        (40, "No money left: The fund, who may pay for it, has spent its amount."),
        (45, "The plan does as well without it, within the gap."),
    ):
        rows = with_q(public_share=1)
        rows[0] |= {"public_share": 1}
        case = chain(projects=rows, programmes=[FUND[0] | {"amount": amount}])
        assert reasons(solved(tmp_path, case)) == {"Q": why}


def test_a_stopped_run_and_a_given_plan_claim_no_optimum(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(projects=with_q()))
    stopped = replace(run, status=Outcome.FEASIBLE)
    assert reasons(stopped) == {"Q": "Not in the best plan found before the search was stopped."}
    plans = [{"plan": "mine", "project": "P", "year": 2030}]
    case = api.load(folder_of(tmp_path, chain(projects=with_q(), plans=plans)))
    assert reasons(api.solve(case, plan="mine")) == {"Q": "Not in the given plan."}
    outside = api.load(case.tables.path, decisions={"Q": "forbid"})
    assert reasons(api.solve(outside)) == {"Q": "Forbidden for this run."}


def test_the_sheets_tell_of_it_in_names(tmp_path: Path) -> None:
    row = {"field": "region", "value": "W", "what": "starts", "2030": 1, "2031": 5}
    case = chain(projects=with_q(), build_limits=[row])
    case["regions"][0]["name"] = "Westland"
    filled = {own.sheet.name: own for own in sheets_of(solved(tmp_path, case))}
    ((project_, *_, why),) = filled["Not chosen"].lines
    assert (project_, why) == ("Q", "The plan does as well without it, within the gap.")
    on = "plants started, region Westland"
    assert filled["Limits"].lines == [(on, 2030, 1.0, 1.0, 1.0, "full", "units")]


@pytest.mark.parametrize("learn", [0.0, 0.1])
def test_what_carries_over_is_full_for_the_years_before_too(tmp_path: Path, learn: float) -> None:
    """70 and 15 a year come together: P of 100 is committed in 2032, when 70 + 15 + 15 are there,
    and a Q of 50, before it or with it, would take some of them away; with a tenth of what it could
    make learnt by then, 10 at most, too."""
    row = {"field": "all", "what": "capacity", "commodity": "metal", "carry_over": "yes"}
    row |= {"2030": 70, "2031": 15, "2032": 15, "2033": 0, "learn": learn}
    case = chain(projects=with_q(latest=2032), build_limits=[row])
    case["projects"][0] |= {"decision": "force 2032"}
    assert reasons(solved(tmp_path, case)) == {
        "Q": "No room beside the plan under the limits on capacity committed of metal, all"
        " together, 2030 to 2032."
    }
