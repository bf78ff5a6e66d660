"""What must hold in every case: money, time, names, units and idle plants.

Random small cases after `builders.chain`, drawn anew from the same seed on every run, solved to
the optimum. Shares are compared to 3e-6, since the passes keep each other to 1e-6; cost to 1e-5.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from builders import Rows, chain, folder_of, instance_of, plant, solved
from documents import run_json_text
from drawn_cases import FEW, RAMPS, SHARES, SPENDS, Sheets, a_project, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from opt.record.passes import Outcome
from opt.solver.control import Control
from opt.solver.priorities import solve_instance
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions


def values(case: Sheets, scenario: str | None = None) -> dict[str, float]:
    """The value of every pass, each proven: no bound above its value."""
    with tempfile.TemporaryDirectory() as folder:
        instance = instance_of(Path(folder), case, scenario)
    answer = solve_instance(Job(instance, SolveOptions(gap=0, cost_gap=0), Control(), Silent()))
    assert answer.outcome is Outcome.OPTIMAL
    for result in answer.passes:
        assert result.bound <= result.value
        assert result.gap <= 1e-6
    return {result.objective: result.value for result in answer.passes}


def changed(case: Sheets, sheet: str, **columns: Any) -> Sheets:
    """The case with columns of every row of a sheet set, or worked out from the row."""
    rows = [
        {**row, **{name: v(row) if callable(v) else v for name, v in columns.items()}}
        for row in case[sheet]
    ]
    return {**case, sheet: rows}


def assert_same(one: dict[str, float], other: dict[str, float]) -> None:
    """Dependence, shortfall and cost agree."""
    for name in ("dependence", "shortfall"):
        assert one[name] == pytest.approx(other[name], abs=SHARES)
    assert one["cost"] == pytest.approx(other["cost"], rel=1e-5, abs=1e-6)


@FEW
@given(case=cases())
def test_more_money_never_worsens_dependence(case: Sheets) -> None:
    def double(column: str) -> Any:
        return lambda row: row[column] * 2 if row.get(column) else row.get(column, "")

    richer = changed(case, "programmes", **{c: double(c) for c in ("amount", "2030", "2031")})
    assert values(richer)["dependence"] <= values(case)["dependence"] + SHARES


@FEW
@given(case=cases())
def test_a_longer_lead_time_never_helps(case: Sheets) -> None:
    # All have a spend profile of their own, no life, and ramps that only rise.
    slower = changed(case, "projects", lead_time=lambda row: row["lead_time"] + 1)
    assert values(slower)["dependence"] >= values(case)["dependence"] - SHARES


@FEW
@given(case=cases(), shift=st.sampled_from([1, 2]), of=st.sampled_from(["", "P0"]))
def test_a_delay_by_a_scenario_never_helps(case: Sheets, shift: int, of: str) -> None:
    # No spend profile: what falls due goes by the lead time given. No life, ramps that only rise.
    aimed = {"field": "project", "value": of} if of else {}
    late = changed(case, "projects", spend="") | {
        "scenarios": [{"scenario": "late"}],
        "shocks": [{"scenario": "late", "what": "lead_time", "shift": shift, **aimed}],
    }
    assert values(late, "late")["dependence"] >= values(late)["dependence"] - SHARES


@FEW
@given(case=cases(), amount=st.integers(1, 40))
def test_one_more_programme_never_worsens_dependence(case: Sheets, amount: int) -> None:
    richer = {**case, "programmes": [*case["programmes"], {"programme": "C", "amount": amount}]}
    assert values(richer)["dependence"] <= values(case)["dependence"] + SHARES


@FEW
@given(
    case=cases(),
    rule=st.sampled_from(["run", "need_support"]),
    price=st.integers(1000, 9000),
    amount=st.sampled_from([0, 0.05, 1]),
)
def test_a_programme_of_support_never_worsens_dependence(
    case: Sheets, rule: str, price: int, amount: float
) -> None:
    # Ore at 2000: smelters at USD 0 to 9000 of opex, of which some lose money at any such price.
    prices: Rows = [{"commodity": c, "2033": p} for c, p in (("ore", 2000), ("metal", price))]
    given_settings = [*case["settings"], {"key": "losing_plants", "value": rule}]
    poor = {**case, "prices": prices, "settings": given_settings}
    floors = {"programme": "F", "pays_for": "price_support", "amount": amount}
    richer = {**poor, "programmes": [*case["programmes"], floors]}
    assert values(richer)["dependence"] <= values(poor)["dependence"] + SHARES


@FEW
@given(case=cases())
def test_candidates_under_covered_control_do_not_help(case: Sheets) -> None:
    held = changed(case, "projects", controlled_by="covered")
    nothing = {**case, "projects": []}
    del nothing["projects"]
    assert values(held)["dependence"] == pytest.approx(values(nothing)["dependence"], abs=SHARES)


IDS = ("region", "commodity", "process", "facility", "project", "programme", "ramp", "spend")
NAMED = {*IDS, "processes", "origin", "destination"}


def renamed(case: Sheets, chance: Random) -> Sheets:
    """Every id under a new name that sorts elsewhere, and the rows of every sheet shuffled."""
    ids = sorted(
        {str(row[c]) for rows in case.values() for row in rows for c in IDS if row.get(c)} - {"*"}
    )
    shuffled = chance.sample(ids, len(ids))
    pairs = enumerate(zip(ids, shuffled, strict=True))
    new = {old: f"{other[::-1]}_{n}" for n, (old, other) in pairs}

    def rename(text: str) -> str:
        return "; ".join(new.get(part, part) for part in text.split("; "))

    found = {}
    for sheet, rows in case.items():
        lines = [{c: rename(str(v)) if c in NAMED else v for c, v in row.items()} for row in rows]
        found[sheet] = chance.sample(lines, len(lines))
    return found


@FEW
@given(case=cases(), seed=st.integers(0, 1000))
def test_names_and_order_of_rows_do_not_matter(case: Sheets, seed: int) -> None:
    assert_same(values(renamed(case, Random(seed))), values(case))


def scaled(case: Sheets, factor: float) -> Sheets:
    """The same case in units of 1/factor: every amount times it, every cost per unit over it."""

    def times(by: float, *columns: str) -> dict[str, Any]:
        return {
            c: (lambda row, c=c: row[c] * by if row.get(c) not in (None, "") else "")
            for c in columns
        }

    for sheet, amounts, costs in (
        ("facilities", ("capacity",), ("opex",)),
        ("projects", ("capacity", "capacity_max"), ("opex", "capex_per_unit")),
        ("demand", ("2030", "2033"), ()),
        ("lanes", ("limit",), ("cost",)),
    ):
        case = changed(case, sheet, **times(factor, *amounts), **times(1 / factor, *costs))
    return case


@settings(max_examples=6, derandomize=True, deadline=None)
@given(case=cases())
@pytest.mark.parametrize("factor", [1e-3, 1e3, 1e5, 5e5])
def test_units_do_not_matter(case: Sheets, factor: float) -> None:
    # 5e5 makes demands of 5e7 and more: values that absolute tolerances of a solver hide.
    assert_same(values(scaled(case, factor)), values(case))


@FEW
@given(case=cases())
def test_an_idle_facility_changes_nothing(case: Sheets) -> None:
    with_idle = {
        **case,
        "commodities": [*case["commodities"], {"commodity": "sand", "stage": "mining"}],
        "processes": [*case["processes"], {"process": "sift", "stage": "mining"}],
        "recipes": [*case["recipes"], {"process": "sift", "commodity": "sand", "amount": 1}],
        "facilities": [*case["facilities"], plant("pit", "W", "sift", 50_000)],
    }
    assert_same(values(with_idle), values(case))


def without_seconds(node: Any) -> Any:
    """The document without its only clock."""
    if isinstance(node, dict):
        return {key: without_seconds(v) for key, v in node.items() if key != "seconds"}
    return [without_seconds(item) for item in node] if isinstance(node, list) else node


def example_cases() -> Iterator[Sheets]:
    """Two cases with more than one good plan."""
    rows = [("W", "smelt", 40, 10, 1, 0.5, "slow", "two", n % 2 == 0, 0) for n in range(4)]
    projects = [a_project(row, n) for n, row in enumerate(rows)]
    programmes: Rows = [{"programme": "A", "amount": 12}]
    for objective in ("dependence", "peak"):
        yield chain(
            {"objective": objective},
            projects=projects,
            programmes=programmes,
            ramps=RAMPS,
            spends=SPENDS,
        )


def test_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    for case in example_cases():
        path = folder_of(tmp_path, case)
        texts = [
            json.dumps(without_seconds(json.loads(run_json_text(run))))
            for run in (solved_again(path), solved_again(path))
        ]
        assert texts[0] == texts[1]


def solved_again(path: Path) -> Any:
    """The run of a folder, read and solved from the start."""
    from opt import api  # noqa: PLC0415

    return api.solve(api.load(path))


def test_audit_passes_on_what_was_drawn(tmp_path: Path) -> None:
    # The whole way, audit included, once per objective.
    for case in example_cases():
        assert solved(tmp_path, case).audit.passed
