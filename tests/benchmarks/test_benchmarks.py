"""The benchmarks themselves: their cases are what they say, their clock and exponents count right,
and the command runs. No time is asserted."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import clock
import highspy
import plain
import pytest
from clock import Clock
from generator import FIRST, STAGES, Size, sheets, write
from growth import doubled, growth
from measured import Building, Counts
from scenario import POWERS, Scenario, extrapolated, fleet
from scipy.sparse import csc_matrix

import opt
from opt.data.assemble import assemble
from opt.model.build import build_model
from opt.solver.control import Control
from opt.solver.highs import HighsModel

SMALL = Size(projects=24, regions=6, years=8, scenarios=3)


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write(tmp_path / "one.xlsx", SMALL, seed=7).read_bytes()
    assert write(tmp_path / "two.xlsx", SMALL, seed=7).read_bytes() == one
    assert write(tmp_path / "three.xlsx", SMALL, seed=8).read_bytes() != one


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("size", [Size(60), SMALL, Size(5, regions=3, years=3, scenarios=0)])
def test_a_drawn_case_passes_the_check(tmp_path: Path, size: Size, seed: int) -> None:
    case = opt.load(write(tmp_path / "case.xlsx", size, seed))
    tables = case.tables
    assert len(tables.rows["projects"]) == size.projects
    assert len(tables.rows["regions"]) == size.regions
    assert list(tables.years) == list(range(FIRST, FIRST + size.years))
    assert len(case.scenarios) == size.scenarios


def test_every_stage_has_candidates() -> None:
    stage = {row["process"]: row["stage"] for row in sheets(Size(60), 1)["processes"]}
    drawn = {stage[p["processes"].split(";")[0]] for p in sheets(Size(60), 1)["projects"]}
    assert drawn == set(STAGES)


def test_programmes_hold_half_of_what_candidates_ask_in_equal_yearly_limits() -> None:
    case = sheets(Size(60), 1)
    # By the sheet: a scalable candidate at its largest.
    asked = sum(
        p["public_share"] * (p["capex"] + p.get("capex_per_unit", 0) * p.get("capacity_max", 0))
        for p in case["projects"]
    )
    paying = [k for k in case["programmes"] if k["pays_for"] == "capex"]
    # Figures have three digits.
    assert sum(k["amount"] for k in paying) == pytest.approx(asked / 2, rel=0.01)
    for programme in paying:
        years = programme["commit_to"] - programme["commit_from"] + 1
        limits = {value for column, value in programme.items() if column.isdigit()}
        assert len(limits) == 1
        assert limits.pop() * years == pytest.approx(programme["amount"], rel=0.01)


def test_a_phase_does_not_count_the_phases_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each look at the clock finds it a second on.
    seconds = iter(range(100))
    monkeypatch.setattr(clock, "cpu", lambda: float(next(seconds)))
    watch = Clock()
    with watch.phase("outer"), watch.phase("inner"):
        pass
    watch.begin("cost")
    watch.begin("baseline")
    watch.begin("dependence")
    watch.rest()
    # The passes of the baseline are its own.
    assert watch.seconds == {"rest": 2, "outer": 2, "inner": 1, "pass cost": 1, clock.BESIDE: 2}


def test_exponents_are_against_the_nonzeros() -> None:
    one = _building(nonzeros=100, cells=10, read=1.0, build=2.0, brief=0.01)
    double = _building(nonzeros=400, cells=20, read=4.0, build=32.0, brief=5.0)
    found = growth("projects", one, double)
    # 4 times the non-zeros: 4 times as long is linear, 16 times quadratic.
    assert found.exponents() == pytest.approx({"read": 1, "build": 2})
    assert found.cells == 2
    same = growth("scenarios", one, _building(nonzeros=100, cells=20, read=2.0, build=2.0))
    assert same.exponents() == {"read": None, "build": None}
    assert doubled(Size(60), "regions") == Size(60, regions=32)


def _building(nonzeros: int, cells: int, **seconds: float) -> Building:
    return Building("case", Counts(cells, 1, 1, nonzeros, 0), seconds, 1.0, 1.0, 1.0)


def test_what_was_not_measured_is_a_power_of_what_was() -> None:
    """Build as the square of the candidates, the peak 50 MB and 2 a candidate, all else as they
    are."""
    found = [
        Scenario(
            n,
            **{name: 3.0 * n ** (2 if name == "build" else 1) for name in POWERS},
            peak_mb=50.0 + 2 * n,
        )
        for n in (100, 200, 400)
    ]
    many = extrapolated(found, 4000)
    assert (many.candidates, many.build) == (4000, pytest.approx(3.0 * 4000**2))
    assert (many.task, many.peak_mb) == (pytest.approx(12_000), pytest.approx(8050))


def test_a_round_waits_for_no_more_workers_than_fit() -> None:
    """Of 8 GB four fifths are 6.4, which hold one worker of 4 GB: ten tasks of 7 s on two machines
    are five after another; workers of 1 GB are four, one a core, and then it is two."""
    large = Scenario(1, **dict.fromkeys(POWERS, 0.0) | {"task": 7.0}, peak_mb=4096.0)
    one = fleet(large, 10, machines=2, cores=4, gb=8)
    assert (one.workers, one.seconds) == (1, pytest.approx(35))
    four = fleet(dataclasses.replace(large, peak_mb=1024.0), 10, machines=2, cores=4, gb=8)
    assert (four.workers, four.seconds) == (4, pytest.approx(14))


def test_the_plain_arrays_are_the_same_programme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = opt.load(write(tmp_path / "case.xlsx", SMALL, seed=1)).tables
    solver = HighsModel(build_model(assemble(tables)), Control())
    passed: list[highspy.HighsLp] = []
    monkeypatch.setattr(plain, "_passed", passed.append)
    plain._written(solver.highs.getLp(), solver.matrix)
    found = passed[0].a_matrix_
    matrix = csc_matrix((found.value_, found.index_, found.start_), shape=solver.matrix.shape)
    assert abs(matrix - solver.matrix).max() == 0
    assert list(passed[0].row_upper_) == list(solver.row_upper)


def test_the_command_measures_its_smallest_case(tmp_path: Path) -> None:
    folder = Path(__file__).parent
    words = [
        "building",
        "solving",
        "asking",
        "scenario",
        "--grown",
        "8",
        "12",
        "--questions",
        "3",
        "--sizes",
        "8",
        "--solved",
        "--seconds",
        "20",
        "--workbooks",
    ]
    small = folder.parents[1] / "inputs" / "small.xlsx"
    target = tmp_path / "found" / "benchmarks.json"
    ended = subprocess.run(
        [sys.executable, folder, *words, small, "--json", target],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(target.read_text())
    assert [each["case"] for each in found["building"]] == ["small", "drawn 8-16-15-8"]
    assert [each["case"] for each in found["solving"]] == ["small"]
    asked = found["asking"][0]
    assert (len(asked["bounds"]), len(asked["values"])) == (3, 3)
    assert [each["candidates"] for each in found["scenario"]] == [8, 12, 4000]
    assert all(each["task"] > 0 and each["sent_mb"] > 0 for each in found["scenario"])
    # Two ways to one optimum: the passes, and HiGHS with default options at once.
    dependence = found["solving"][0]["passes"][0]
    assert dependence["name"] == "dependence"
    assert [shot["best"] for shot in found["solving"][0]["alone"]] == pytest.approx(
        [dependence["value"]] * 2, rel=1e-6
    )
    for phase in ("read", "check", "assemble", "index", "build", "hand over", "audit", "files"):
        assert found["solving"][0]["seconds"][phase] > 0
        assert f"\n{phase} " in ended.stdout
