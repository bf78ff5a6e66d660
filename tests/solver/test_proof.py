"""Models written for others to solve: their text, their names, and what they are of a run."""

from __future__ import annotations

import hashlib
import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import highspy
import numpy as np
import pytest
from builders import chain, folder_of, project
from scipy.sparse import csc_matrix

import opt
from opt.audit.mps import objective_at, read_mps, read_solution, worst_breach
from opt.record.run import Run
from opt.solver.model_file import (
    LONGEST_NAME,
    Program,
    escaped,
    fitting,
    indexed,
    mps_text,
    solution_text,
)

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "inputs" / "small.xlsx"
# Of one worker where tests run beside each other: what they share is solved once.
pytestmark = pytest.mark.xdist_group("proofs")
# Whole-number and slack variables of the rules, which the table of variables leaves out.
HELPERS = {"chosen", "worst", "nothing"}
PASSES = ("dependence", "shortfall", "cost")


@cache
def small() -> Run:
    """The small case solved, its models kept."""
    return opt.solve(opt.load(SMALL), write_model=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the small case."""
    return opt.write(small(), tmp_path_factory.mktemp("proof") / "small") / "model"


def claims(folder: Path) -> dict[str, dict[str, Any]]:
    """The passes of proof.json by name."""
    document = json.loads((folder / "proof.json").read_text(encoding="utf-8"))
    return {entry["objective"]: entry for entry in document["passes"]}


# ---- Names ----------------------------------------------------------------------------------


def test_names_read_as_in_the_rules() -> None:
    assert indexed("limit_programme", "vault") == "limit_programme[vault]"
    assert indexed("build", "mp_heavy", 2027) == "build[mp_heavy,2027]"
    assert indexed("worst") == "worst"


@pytest.mark.parametrize(
    "text", ["a b", "x,y", "[z]", "50%", "%20", "Lynas\tKuantan", "Kåfjord", "稀土"]
)
def test_odd_ids_lose_nothing_and_hold_no_blank(text: str) -> None:
    written = escaped(text)
    assert unquote(written) == text
    assert not set(written) & set(" \t,[]")
    assert written.isascii()


def test_ids_that_look_alike_once_escaped_stay_apart() -> None:
    assert escaped("a b") == "a%20b"
    assert escaped("a%20b") == "a%2520b"


def test_a_name_too_long_is_numbered_and_kept_in_full() -> None:
    names = ["build[a,2027]", f"build[{'x' * 300},2027]", f"build[{'x' * 300},2028]"]
    written, long_names = fitting(names)
    assert written == ["build[a,2027]", "build[~1]", "build[~2]"]
    assert long_names == {"build[~1]": names[1], "build[~2]": names[2]}
    assert max(map(len, written)) <= LONGEST_NAME


# ---- The text of a model --------------------------------------------------------------------


def knapsack() -> Program:
    """minimise -4 a - 3 b + c / 3 + 0.1 d, over every kind of row, bound and column.

    3 a + 2 b <= 5 with a, b whole in 0..1 and 0..2, c + d >= 0.3, c - e = 0, -2 <= d <= -1,
    c <= 10, and e and the empty column f without bounds of their own. b = 2 fills 4 of 5, where
    a = b = 1 fills 5: -7 against -6. d = -1 lets c be least: 0.3 + 1 = 1.3, though each unit that d
    falls takes 0.1 off it costs a third in c. So -7 + 1.3 / 3 - 0.1 is least.
    """
    rows = [[3, 2, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 1, 0, -1, 0]]
    inf = math.inf
    return Program(
        name="knapsack",
        cost=np.array([-4, -3, 1 / 3, 0.1, 0, 0]),
        matrix=csc_matrix(np.array(rows, dtype=float)),
        row_lower=np.array([-inf, 0.3, 0]),
        row_upper=np.array([5, inf, 0]),
        lower=np.array([0, 0, 0, -2, -inf, 0]),
        upper=np.array([1, 2, 10, -1, inf, inf]),
        whole=np.array([True, True, False, False, False, True]),
        rows=["most[1]", "least[2]", "same[3]"],
        columns=["a", "b", "c", "d", "e", "f"],
    )


LEAST = -7 + 1.3 / 3 - 0.1


def test_the_text_of_a_model() -> None:
    assert mps_text(knapsack()).splitlines() == [
        "NAME knapsack",
        "ROWS",
        " N objective[knapsack]",
        " L most[1]",
        " G least[2]",
        " E same[3]",
        "COLUMNS",
        " MARKER0 'MARKER' 'INTORG'",
        " a objective[knapsack] -4.0",
        " a most[1] 3.0",
        " b objective[knapsack] -3.0",
        " b most[1] 2.0",
        " MARKER2 'MARKER' 'INTEND'",
        " c objective[knapsack] 0.3333333333333333",
        " c least[2] 1.0",
        " c same[3] 1.0",
        " d objective[knapsack] 0.1",
        " d least[2] 1.0",
        " e same[3] -1.0",
        " MARKER5 'MARKER' 'INTORG'",
        " f objective[knapsack] 0.0",
        " MARKER6 'MARKER' 'INTEND'",
        "RHS",
        " RHS most[1] 5.0",
        " RHS least[2] 0.3",
        "BOUNDS",
        " UP BND a 1.0",
        " UP BND b 2.0",
        " UP BND c 10.0",
        " LO BND d -2.0",
        " UP BND d -1.0",
        " MI BND e",
        " PL BND f",
        "ENDATA",
    ]


def test_another_reader_finds_the_optimum(tmp_path: Path) -> None:
    path = tmp_path / "knapsack.mps"
    path.write_text(mps_text(knapsack()), encoding="utf-8")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(LEAST, abs=1e-9)


def test_our_reader_reads_every_number_exactly(tmp_path: Path) -> None:
    path = tmp_path / "knapsack.mps"
    path.write_text(mps_text(knapsack()), encoding="utf-8")
    model = read_mps(path)
    assert model.objective == {"a": -4, "b": -3, "c": 1 / 3, "d": 0.1, "f": 0}
    assert model.rows == {"most[1]": "L", "least[2]": "G", "same[3]": "E"}
    assert model.sides == {"most[1]": 5, "least[2]": 0.3}
    assert dict(model.entries) == {
        "most[1]": [("a", 3), ("b", 2)],
        "least[2]": [("c", 1), ("d", 1)],
        "same[3]": [("c", 1), ("e", -1)],
    }
    assert model.whole == {"a", "b", "f"}
    bounds = {name: model.bounds(name) for name in model.columns}
    inf = math.inf
    assert bounds == {
        "a": (0, 1),
        "b": (0, 2),
        "c": (0, 10),
        "d": (-2, -1),
        "e": (-inf, inf),
        "f": (0, inf),
    }


@pytest.mark.parametrize(
    ("changed", "name", "size"),
    [
        ({}, "", 0.0),
        ({"a": 1, "b": 1.5}, "b", 0.5 / 1.5),  # not whole; 6 of 5 is less, 1 over the 5 of its row
        ({"a": 1, "b": 2}, "most[1]", 2 / 5),
        ({"c": 0.5, "e": 0.5}, "least[2]", 0.8),  # 0.5 - 1 against 0.3
        ({"e": 0.3}, "same[3]", 1 / 1.3),
        ({"d": -4, "c": 4.3, "e": 4.3}, "d", 2 / 4),
    ],
)
def test_the_worst_breach_of_a_plan(
    tmp_path: Path, changed: dict[str, float], name: str, size: float
) -> None:
    path = tmp_path / "knapsack.mps"
    path.write_text(mps_text(knapsack()), encoding="utf-8")
    plan = {"a": 1, "b": 1, "c": 1.3, "d": -1, "e": 1.3, "f": 0, **changed}
    breach = worst_breach(read_mps(path), plan)
    assert (breach.name, breach.size) == (name, pytest.approx(size, abs=1e-12))
    if not changed:
        assert objective_at(read_mps(path), plan) == pytest.approx(LEAST)


@pytest.mark.parametrize("line", [" X most[9]", " L most[1]", "SECTION", " L", " most[1] a"])
def test_a_line_that_is_no_mps_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "odd.mps"
    path.write_text(f"NAME odd\nROWS\n N obj\n L most[1]\n{line}\n x y\nENDATA\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line [56] of odd\.mps"):
        read_mps(path)


def test_a_solution_names_each_column_once(tmp_path: Path) -> None:
    path = tmp_path / "plan.sol"
    path.write_text(solution_text(["a", "b"], np.array([1 / 3, 1e-17])), encoding="utf-8")
    assert read_solution(path) == {"a": 1 / 3, "b": 1e-17}
    path.write_text("a 1\na 2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        read_solution(path)


# ---- The models of a run --------------------------------------------------------------------


def test_each_pass_has_its_files_and_their_hashes(folder: Path) -> None:
    assert list(claims(folder)) == list(PASSES)
    files = {f"{name}.{ending}" for name in PASSES for ending in ("mps", "sol")}
    assert {path.name for path in folder.iterdir()} == files | {"proof.json"}
    for entry in claims(folder).values():
        for kind in ("mps", "solution"):
            content = (folder / entry[kind]["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry[kind]["sha256"]


def test_the_claim_of_the_small_case_is_that_found_by_hand(folder: Path) -> None:
    entry = claims(folder)["dependence"]
    # docs/small_case.md: 260 of 600 clear. Exposed flows are left out where clear ones decide.
    assert entry["value"] == pytest.approx(17 / 30, abs=1e-9)
    assert entry["bound"] == pytest.approx(17 / 30, abs=1e-9)
    assert entry["model"] == "chain"
    assert {claims(folder)[name]["model"] for name in ("shortfall", "cost")} == {"network"}
    assert claims(folder)["cost"]["value"] == pytest.approx(176)


@pytest.mark.parametrize("name", PASSES)
def test_the_plan_obeys_the_model_and_has_the_value_told(folder: Path, name: str) -> None:
    entry = claims(folder)[name]
    model = read_mps(folder / f"{name}.mps")
    plan = read_solution(folder / f"{name}.sol")
    assert list(plan) == list(model.columns)
    assert worst_breach(model, plan).size <= 1e-9
    value = entry["factor"] * (objective_at(model, plan) + entry["constant"])
    assert value == pytest.approx(entry["value"], rel=1e-12, abs=1e-12)


def test_later_models_hold_the_rows_that_keep_earlier_passes(folder: Path) -> None:
    rows = {
        name: {row for row in read_mps(folder / f"{name}.mps").rows if row.startswith("keep[")}
        for name in PASSES
    }
    assert rows == {
        "dependence": set(),
        "shortfall": {"keep[dependence]"},
        "cost": {"keep[dependence]", "keep[shortfall]"},
    }
    # 340 of 600 rest on the rival, to what passes leave each other.
    side = read_mps(folder / "cost.mps").sides["keep[dependence]"]
    kept = side * claims(folder)["dependence"]["factor"]
    assert kept == pytest.approx(340 / 600, abs=2e-6)


def test_rows_and_columns_lead_to_the_page_of_the_model(folder: Path) -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    for name in PASSES:
        model = read_mps(folder / f"{name}.mps")
        families = {row.split("[")[0] for row in model.rows} - {"keep"}
        assert families
        assert [f for f in sorted(families) if f"**{f}**" not in page] == []
        columns = {column.split("[")[0] for column in model.columns} - HELPERS
        assert [c for c in sorted(columns) if f"| `{c}` |" not in page] == []


def test_the_plan_of_the_last_model_is_that_of_the_run(folder: Path) -> None:
    plan = read_solution(folder / "cost.sol")
    built = {name for name, value in plan.items() if name.startswith("build[") and value}
    assert built == {"build[great_refinery,2026]", "build[quick_mine,2027]", "build[new_hall,2028]"}


def test_a_second_run_writes_the_same_models(folder: Path, tmp_path: Path) -> None:
    again = opt.write(opt.solve(opt.load(SMALL), write_model=True), tmp_path / "run") / "model"
    for path in folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


def test_no_model_is_written_where_none_is_asked_for(tmp_path: Path) -> None:
    run = opt.solve(opt.load(folder_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10)]))))
    assert run.proofs == ()
    assert not (opt.write(run, tmp_path / "run") / "model").exists()


def test_a_given_plan_is_fixed_in_the_model(tmp_path: Path) -> None:
    plans = [{"plan": "mine", "project": "P", "year": 2031, "units": 1}]
    case = chain(projects=[project("P", "smelt", 60, 10)], plans=plans)
    run = opt.solve(opt.load(folder_of(tmp_path, case)), plan="mine", write_model=True)
    model = read_mps(opt.write(run, tmp_path / "run") / "model" / "dependence.mps")
    builds = {c: model.bounds(c) for c in model.columns if c.startswith("build[P,")}
    assert builds == {
        f"build[P,{year}]": (float(year == 2031), float(year == 2031)) for year in range(2030, 2034)
    }


def test_odd_ids_and_a_target_stand_in_the_model(tmp_path: Path) -> None:
    case = chain({"dependence_target": 0.5}, projects=[project("Big P, 1", "smelt", 60, 10)])
    run = opt.solve(opt.load(folder_of(tmp_path, case)), write_model=True)
    models = opt.write(run, tmp_path / "run") / "model"
    model, factor = read_mps(models / "dependence.mps"), claims(models)["dependence"]["factor"]
    assert "build[Big%20P%2C%201,2030]" in model.columns
    assert model.sides["keep[dependence_target]"] * factor == pytest.approx(0.5, abs=2e-6)


def test_numbers_in_names_are_told(tmp_path: Path) -> None:
    # Ore moves from W to X within 50 t a year, metal from X to W at one cost.
    lanes = [
        {"origin": "W", "destination": "X", "commodity": "ore", "limit": 50},
        {"origin": "X", "destination": "W", "commodity": "metal"},
    ]
    ceilings = [{"field": "stage", "value": "metal", "what": "starts", "2030": 1}]
    case = chain(projects=[project("P", "smelt", 60, 10)], lanes=lanes, build_limits=ceilings)
    proof = opt.solve(opt.load(folder_of(tmp_path, case)), write_model=True).proofs[-1]
    sent, pooled, capped = (
        set(re.findall(rf" {family}\[(\d+),", proof.mps))
        for family in ("send", "into", "limit_starts")
    )
    assert {proof.numbers["lanes"][n] for n in sent} == {"ore: W to X"}
    # What a pool takes back at its origin moves nothing.
    assert {proof.numbers["pools"][n] for n in pooled} == {"metal: X to W, X"}
    assert {proof.numbers["ceilings"][n] for n in capped} == {"starts|stage|metal"}
