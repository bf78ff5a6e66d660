"""Who pays, by hand: one answer where the passes leave many."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import pytest
from builders import chain, project
from builders import solved as solve

from opt.record.money import Use
from opt.record.passes import Outcome
from opt.record.run import Run
from opt.solver.highs import SolverAnswer
from opt.solver.settle import Purse


def paid(run: Run) -> dict[str, float]:
    """What each programme pays in all, USD million; those that pay nothing left out."""
    sums: dict[str, float] = defaultdict(float)
    for payment in run.solution.payments:
        sums[payment.programme] += payment.paid_musd
    return dict(sums)


def solved(folder: Path, *names: str, **amounts: float) -> Run:
    """A smelter of USD 60 million, 40% of it public, with programmes in the order of `names`."""
    case = chain(
        projects=[project("P", "smelt", 100, 60, public_share=0.4)],
        programmes=[
            {"programme": name, "instrument": "grant", "amount": amounts[name]} for name in names
        ],
    )
    return solve(folder, case)


def test_the_programme_named_first_is_spared(tmp_path: Path) -> None:
    # 24 million are needed, and each programme could pay them alone.
    run = solved(tmp_path, "one", "two", one=100, two=100)
    assert run.metrics.public_musd == pytest.approx(24)
    assert paid(run) == {"two": pytest.approx(24)}


def test_the_order_of_the_sheet_decides(tmp_path: Path) -> None:
    run = solved(tmp_path, "two", "one", one=100, two=100)
    assert paid(run) == {"one": pytest.approx(24)}


def test_the_first_pays_what_the_others_cannot(tmp_path: Path) -> None:
    run = solved(tmp_path, "one", "two", "three", one=100, two=15, three=4)
    assert paid(run) == {
        "one": pytest.approx(5),
        "two": pytest.approx(15),
        "three": pytest.approx(4),
    }


def test_what_the_solver_can_spare_no_further_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the least of all public money is found, 24 million; after that the solver finds nothing,
    # as rounding has it in large cases. The 24 are paid all the same, by whoever it is.
    whole = Purse.spare
    none = SolverAnswer(Outcome.INFEASIBLE, None, math.inf, -math.inf, 0.0)

    def spare(purse: Purse, expression: object) -> None:
        if purse.point is not None:
            monkeypatch.setattr(purse.solver, "minimise", lambda *_, **__: none)
        whole(purse, expression)

    monkeypatch.setattr(Purse, "spare", spare)
    run = solved(tmp_path, "one", "two", one=100, two=100)
    assert sum(paid(run).values()) == pytest.approx(24)


def test_tickets_choose_who_pays(tmp_path: Path) -> None:
    # Two pays nothing or at least 30, more than is needed; so one, named first, pays all.
    case = chain(
        projects=[project("P", "smelt", 100, 60, public_share=0.4, max_public_share=0.45)],
        programmes=[
            {"programme": "one", "instrument": "grant", "amount": 100},
            {"programme": "two", "instrument": "grant", "amount": 100, "ticket_min": 30},
        ],
    )
    assert paid(solve(tmp_path, case)) == {"one": pytest.approx(24)}


def test_commitment_by_commitment(tmp_path: Path) -> None:
    # P of 60 and Q of 30 need 24 and 12. One has 30 and two 6: together all there is. What either
    # pays into P is open between 18 and 24 of one's; of P, one is spared first: 18 and 6.
    case = chain(
        projects=[
            project("P", "smelt", 50, 60, public_share=0.4, latest=2030),
            project("Q", "smelt", 50, 30, public_share=0.4, latest=2030),
        ],
        programmes=[
            {"programme": "one", "instrument": "grant", "amount": 30},
            {"programme": "two", "instrument": "grant", "amount": 6},
        ],
    )
    run = solve(tmp_path, case)
    assert {(p.thing, p.programme): p.paid_musd for p in run.solution.payments} == {
        ("P", "one"): pytest.approx(18),
        ("P", "two"): pytest.approx(6),
        ("Q", "one"): pytest.approx(12),
    }


def test_support_is_settled_too(tmp_path: Path) -> None:
    # Smelting costs 4 a tonne more than it earns; both programmes may cover the gap of 100 t a
    # year over four years, USD 1,600, and the one named first is spared.
    case = chain(
        settings={"losing_plants": "need_support"},
        facilities=[
            {"facility": "mine_w", "region": "W", "processes": "dig", "capacity": 1000},
            {
                "facility": "smelter_w",
                "region": "W",
                "processes": "smelt",
                "capacity": 100,
                "opex": 14,
            },
        ],
        prices=[
            {"commodity": "ore", "market": "W", "2030": 10, "2033": 10},
            {"commodity": "metal", "market": "W", "2030": 20, "2033": 20},
        ],
        programmes=[
            {
                "programme": name,
                "instrument": "price_support",
                "amount": 1,
                "pays_for": "price_support",
            }
            for name in ("one", "two")
        ],
    )
    run = solve(tmp_path, case)
    assert {p.programme for p in run.solution.paid_for(Use.SUPPORT)} == {"two"}
    total = sum(p.paid_musd for p in run.solution.paid_for(Use.SUPPORT))
    assert total == pytest.approx(4 * 100 * 4 / 1e6)
