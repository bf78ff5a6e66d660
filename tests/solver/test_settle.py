"""Who pays, by hand: one answer where the passes leave many."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from builders import chain, project
from builders import solved as solve
from scipy.optimize import Bounds, LinearConstraint, milp

import opt
from opt.data.assemble import assemble
from opt.model.build import build_model
from opt.record.money import Use
from opt.record.passes import Outcome
from opt.record.run import Run
from opt.solver.control import Control
from opt.solver.highs import SolverAnswer, Vector
from opt.solver.settle import Decided, Purse, bare_case

INPUTS = Path(__file__).parents[2] / "inputs"
LITTLE = 0.1  # USD million


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


@pytest.mark.slow
@pytest.mark.xdist_group("reference")
def test_of_the_reference_nothing_can_be_spared_further(reference: Run) -> None:
    """Public money, then each programme, then each payment: the least that another solver finds
    where what comes before stays as it was told."""
    instance = assemble(opt.load(INPUTS / "ree_magnets.xlsx").tables, None, ())
    decided = Decided.by(reference.solution)
    purse = Purse(build_model(bare_case(instance, decided)), Control(), decided, 1e-8)
    told, money = paid_by_column(purse, reference), purse.model.scale.money
    order = [purse.public(), *map(purse.paid_by, purse.order()), *purse.payments()]
    weights = [purse.solver.vector(own)[0] for own in order]
    assert sum(bool(own @ told) for own in weights) > 60
    rows = purse.solver.standing()
    upper, kept = rows.upper.copy(), []
    for own in weights:
        value = float(own @ told)
        if value * money > LITTLE:
            found = milp(
                own,
                integrality=np.isin(np.arange(len(own)), purse.solver.integers),
                bounds=Bounds(rows.lower, upper),
                constraints=[LinearConstraint(rows.matrix, rows.row_lower, rows.row_upper), *kept],
                options={"mip_rel_gap": 0.0},
            )
            assert found.status == 0
            assert value * money <= found.fun * money + LITTLE
        (columns,) = np.nonzero(own)
        # Above what is told by more than its rounding, and less than what would let others pay.
        most = value + 1e-5 * max(1.0, value)
        if len(columns) == 1:
            upper[columns] = np.minimum(upper[columns], most)
        else:
            kept.append(LinearConstraint(np.array([own]), -np.inf, most))


def paid_by_column(purse: Purse, run: Run) -> Vector:
    """What is paid of capital, by the columns of a purse, model units."""
    told = np.zeros(len(purse.solver.columns))
    for own in run.solution.payments:
        assert own.use is Use.CAPITAL
        column = purse.model.pay[own.thing, own.programme, own.year]
        told[purse.solver.column_of(column)] = own.paid_musd / purse.model.scale.money
    return told
