"""What a commitment could cost and still be paid, against sums done by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from instances import offer, programme, project, tiny_instance

from opt.data.instance import Ceiling, Programme
from opt.data.payable import payable

# The refinery costs 4; a quarter at least and three quarters at most are public. The grant holds 3
# and pays half of it at most; half falls due in the year of commitment and half in the next.
FUND = programme()


def most(capex: float, fund: Programme = FUND, **changes: Any) -> float | None:
    """What payable says of a refinery of this cost committed in 2030, or None."""
    made = {"offers": {2030: offer(2030, capex=capex)}} | changes.pop("project", {})
    instance = tiny_instance(
        projects={"refinery": project(**made)}, programmes={"grant": fund}, **changes
    )
    found: Mapping[tuple[str, int], float] = payable(instance)
    return found.get(("refinery", 2030))


def fund(**changes: Any) -> Programme:
    """The grant with other terms."""
    return dataclasses.replace(FUND, **changes)


def test_a_quarter_public_of_a_fund_of_three_allows_twelve() -> None:
    assert (most(4.0), most(12.0), most(12.1)) == (4.0, 12.0, None)


@pytest.mark.parametrize(
    ("terms", "limit"),
    [
        ({"charge": 0.5}, 24.0),  # of the face value half counts: 6 can be paid
        ({"ticket_max": 2.0}, 8.0),
        ({"limits": {2030: 1.0}}, 8.0),  # half falls due in 2030, so 2 can be paid
        ({"limits": {2032: 0.0}}, 12.0),  # nothing falls due then
        ({"limits": {2030: 1.0, 2031: 1.0}, "carry_over": True}, 8.0),
        ({"limits": {2030: 0.5, 2031: 2.0}, "carry_over": True}, 4.0),  # 1 by the first year
        ({"limits": {2031: 0.0}, "carry_over": True}, 12.0),  # a blank year before: no limit
        # A loan that comes back over two years from 2031 on is not back in 2030; others' may be, so
        # a yearly limit says nothing.
        ({"repay_years": 2, "limits": {2030: 0.0}}, 12.0),
        ({"commit_from": 2031}, 0.0),
        ({"shares": {}}, 0.0),
        ({"shares": {"refinery": 0.2}}, 0.0),  # a fifth is less than the quarter that must be
    ],
)
def test_terms_of_a_fund(terms: dict[str, Any], limit: float) -> None:
    own = fund(**terms)
    if limit:
        assert most(limit, own) == pytest.approx(limit)
    assert most(limit * 1.001 + 1e-3, own) is None


def test_money_without_end_pays_anything() -> None:
    assert most(1e9, fund(charge=0.0)) == 1e9
    # A loan of one year that comes back in the year it is paid out.
    at_once = {"project": {"offers": {2030: offer(2030, capex=1e9, first_operation=2030)}}}
    assert most(1e9, fund(repay_years=1), **at_once) == 1e9
    assert most(1e9, project={"public_share": 0.0, "offers": {2030: offer(2030, capex=1e9)}}) == 1e9


def test_private_money_and_build_limits() -> None:
    # Half of 8 is private at the least, and half of that falls due in 2030: 2.
    def ceiling(what: str, most: float) -> dict[str, Any]:
        return {"ceilings": (Ceiling(f"{what}|all|", what, ("refinery",), {2030: most}),)}

    assert (most(4.0, **ceiling("private", 1.0)), most(4.1, **ceiling("private", 1.0))) == (
        4.0,
        None,
    )
    assert (most(8.0, **ceiling("capex", 8.0)), most(8.1, **ceiling("capex", 8.0))) == (8.0, None)
    assert most(8.0, **ceiling("starts", 0.0)) == 8.0
    # A blank year is no limit, and a ceiling on others is none either.
    blank = (Ceiling("private|all|", "private", ("refinery",), {2032: 0.0}),)
    other = (Ceiling("private|all|", "private", ("mine",), {2030: 0.0}),)
    assert (most(12.0, ceilings=blank), most(12.0, ceilings=other)) == (12.0, 12.0)


def test_a_scalable_one_is_as_large_as_can_be_paid() -> None:
    # 1 a unit of size, from 2 to 100: of a fund of 3 that must pay a quarter, 12.
    sized = offer(2030, capex=0.0, capex_per_unit=1.0)
    scalable = {"offers": {2030: sized}, "scalable": True, "capacity_min": 2.0}
    assert most(0.0, project=scalable | {"capacity_max": 100.0}) == 12.0
    assert most(0.0, project=scalable | {"capacity_min": 13.0, "capacity_max": 100.0}) is None
