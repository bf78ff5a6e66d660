"""Every objective that a run can be asked for is recomputed by the audit, from its own table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import test_audit_stock
from builders import chain, folder_of, project
from test_audit import (
    COSTS,
    DEPENDENCE,
    SHORTFALL,
    Run,
    write_run,
    written_run,
)

import opt
from opt.audit import audit_answer, read_answer
from opt.audit.evidence import Evidence, add_sums, derive_evidence
from opt.audit.passes import VALUES, order_of, recomputed_value
from opt.data.reader import read
from opt.model.objectives import MEASURES
from opt.objectives import ASKABLE, OBJECTIVES, find_objective, objective_of

ASKED = tuple(name.replace("YEAR", "2032") for name in ASKABLE)
# The passes of each objective, by the design; dependence@YEAR goes before dependence.
ORDERS = {
    "dependence": ("dependence", "shortfall", "cost"),
    "cost": ("shortfall", "cost", "dependence"),
    "public": ("public", "dependence", "shortfall", "cost"),
    "worth": ("worth", "dependence", "shortfall", "cost"),
    "peak": ("peak", "dependence", "shortfall", "cost"),
    "value-weighted": ("value-weighted", "dependence", "shortfall", "cost"),
    "dependence@2032": ("dependence@2032", "dependence", "shortfall", "cost"),
}


def evidence_of(folder: Path, run: Run) -> Evidence:
    """Case and answer of a run by hand, added up."""
    write_run(folder, run)
    return add_sums(derive_evidence(read(folder / "input"), read_answer(folder)))


def test_every_objective_has_its_audit_and_its_order() -> None:
    assert [*VALUES] == [*MEASURES]
    known = {row.name for row in OBJECTIVES}
    assert known == set(VALUES)
    assert {name: order_of(name) for name in ASKED} == ORDERS
    assert all(
        step in {row.name for row in OBJECTIVES} for row in OBJECTIVES for step in row.passes
    )


def test_a_name_leads_to_its_row_and_year_or_to_nothing() -> None:
    found = objective_of("dependence@2032")
    assert (found.name, found.row, found.year) == ("dependence@2032", "dependence@YEAR", 2032)
    assert found.words == "dependence in 2032"
    assert (objective_of("peak").row, objective_of("peak").year) == ("peak", None)
    for name in ("", "beauty", "dependence@YEAR", "dependence@soon", "peak@2032", "dependence@203"):
        assert find_objective(name) is None, name
        with pytest.raises(KeyError):
            objective_of(name)


def test_objectives_of_the_case_by_hand(tmp_path: Path) -> None:
    run = written_run()
    run.sheets["settings"].append({"key": "worth_of_point", "value": "2.5"})
    evidence = evidence_of(tmp_path, run)
    cost = sum(m / 1.1**n for by_year in COSTS.values() for n, m in enumerate(by_year))
    by_hand = {
        "dependence": DEPENDENCE,
        "shortfall": SHORTFALL,
        "cost": cost,
        "public": 60,
        "worth": 60 + 2.5 * 100 * DEPENDENCE,
        "peak": 40 / 56,  # 2027, the worst of 2027 to 2029
        "dependence@2029": 22 / 64,
        "dependence@2026": 1,
        "value-weighted": 0,  # no prices
        "world": 2,  # oth is short of 2 t in 2029
    }
    found = {name: recomputed_value(evidence, name) for name in by_hand}
    assert found == pytest.approx(by_hand)


def test_value_weighs_by_price(tmp_path: Path) -> None:
    """At USD 1, 2 and 3 million a tonne: 1 t, 1.5 t and 0.2 t of 10 t each year."""
    run = test_audit_stock.stock_run()
    run.sheet("prices", "oxide")["2028"] = "3000000"
    found = recomputed_value(evidence_of(tmp_path, run), "value-weighted")
    assert found == pytest.approx((1 * 1 + 1.5 * 2 + 0.2 * 3) / (10 + 20 + 30))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("objective", ASKED)
def test_asked_objective_is_audited(
    tmp_path: Path, objective: str, change_value: Callable[[Path, str, float], None]
) -> None:
    prices = [{"commodity": "metal", "market": "*", "2030": 1000, "2033": 3000}]
    asked = {"objective": objective, "dependence_target": 0.9}
    asked |= {"worth_of_point": 1} if objective == "worth" else {}
    case = chain(asked, projects=[project("P", "smelt", 60, 10)], prices=prices)
    run = opt.solve(opt.load(folder_of(tmp_path, case)))
    folder = opt.write(run, tmp_path / "run")
    assert run.passes[0].objective == order_of(objective)[0]
    assert audit_answer(folder).passed
    # A value a hundredth too large, and proven to be so.
    change_value(folder, order_of(objective)[0], 0.01)
    rules = {found.rule for found in audit_answer(folder).findings}
    assert "keep_pass" in rules, rules


@pytest.fixture
def change_value() -> Callable[[Path, str, float], None]:
    """Writes another value and bound of a pass, so that they agree with each other."""

    def change(folder: Path, name: str, more: float) -> None:
        path = folder / "run.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        line = next(line for line in document["passes"] if line["objective"] == name)
        line["value"] += more * max(1.0, abs(line["value"]))
        line.update(bound=line["value"], gap=0.0)
        path.write_text(json.dumps(document), encoding="utf-8")

    return change


def test_other_passes_than_asked_for_are_a_finding(tmp_path: Path) -> None:
    run = written_run()
    run.json["settings"]["objective"] = "peak"
    run.overrides = run.json["overrides"] = {"objective": "peak"}
    rules = {found.rule for found in audit_answer(write_run(tmp_path, run)).findings}
    assert rules == {"keep_order"}


def test_a_pass_of_no_objective_is_a_finding(tmp_path: Path) -> None:
    for name in ("beauty", "dependence@soon", "dependence@2055"):
        run = written_run()
        run.passed("cost")["objective"] = name
        found = audit_answer(write_run(tmp_path / name, run)).findings
        assert [str(f) for f in found] == [f"known_names passes {name}: 1"]
