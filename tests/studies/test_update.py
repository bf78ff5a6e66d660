"""A new edition: every change alone and all together, beside plain solves of edited workbooks."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import opt
from opt import questions
from opt.cli import cli
from opt.data.reading.edits import edited, edits
from opt.errors import InputError
from opt.questions import edition_scenario
from opt.record.studies import read_studies
from opt.record.update import Update
from opt.report.sections import update
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.runner import Runner
from opt.studies.task import Answer, Task

Heard = Callable[[Answer], None] | None
SMALL = Path(__file__).parents[2] / "inputs" / "small"
# Where, what stands there, what the new edition has.
CHANGES = {
    "projects great_mine capacity": ("projects", "mine,70,50,3", "mine,90,50,3"),
    "projects great_refinery lead_time": ("projects", "refine,100,100,2,", "refine,100,100,1,"),
    "programmes industry_fund amount": ("programmes", "grant,150,", "grant,120,"),
    "projects new_hall name": ("projects", "New hall", "The new hall"),
}  # fmt: skip


def edition(parent: Path, name: str, *keys: str) -> Path:
    """The teaching case with some of the changes."""
    folder = parent / name
    shutil.copytree(SMALL, folder)
    for key in keys:
        sheet, before, after = CHANGES[key]
        path = folder / f"{sheet}.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, key
        path.write_text(text.replace(before, after), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Update:
    """All four changes at once."""
    parent = tmp_path_factory.mktemp("update")
    new = edition(parent, "new", *CHANGES)
    return opt.update(opt.load(SMALL), opt.load(new))


def test_each_change_alone_and_all_together_are_what_plain_solves_give(
    found: Update, tmp_path: Path
) -> None:
    """17/30 of the old edition is worked out in docs/small_case.md."""
    values = {
        key: opt.solve(opt.load(edition(tmp_path, f"{n}", key))) for n, key in enumerate(CHANGES)
    }
    alone = {row.change: row for row in found.alone}
    assert alone.keys() == CHANGES.keys()
    for key, run in values.items():
        row = alone[key]
        assert row.dependence == pytest.approx(run.metrics.dependence, abs=1e-6), key
        assert row.moved == pytest.approx(run.metrics.dependence - 17 / 30, abs=1e-6), key
        assert row.moved_low - 1e-9 <= row.moved <= row.moved_high + 1e-9
    together = opt.solve(opt.load(edition(tmp_path, "all", *CHANGES))).metrics.dependence
    assert found.moved == pytest.approx(together - 17 / 30, abs=1e-6)
    assert found.rest == pytest.approx(
        found.moved - sum(row.moved for row in found.alone), abs=1e-9
    )
    assert alone["projects new_hall name"].moved == 0.0
    assert any(abs(row.moved) > 0.01 for row in found.alone)
    assert found.complete


@pytest.mark.parametrize(
    ("bound", "told"),
    [(0.56664, "56.6%"), (17 / 30, "56.7%"), (17 / 30 - 1e-8, "56.7%"), (-math.inf, "-")],
)
def test_no_bound_is_told_above_what_is_proven(found: Update, bound: float, told: str) -> None:
    """The old edition comes to 17/30, 56.67%: a bound below it is rounded down."""
    old = replace(found.editions[0], bound=bound)
    editions, *_ = update.tables(replace(found, editions=(old, *found.editions[1:])))
    assert editions.lines[0][2:4] == ("56.7%", told)


def test_what_moves_nothing_that_shows_has_no_sign(found: Update) -> None:
    alone = tuple(replace(row, moved=-2e-6) for row in found.alone)
    lines = update.tables(replace(found, alone=alone))[1].lines
    assert {line[2] for line in lines} == {"0.00"}


@pytest.mark.parametrize(
    ("after", "told"),
    [("49456.00000000001", "49456"), ("0.1", "0.1"), ("", "blank"), ("2030; 2031", "2030; 2031")],
)
def test_a_cell_is_told_as_a_spreadsheet_shows_it(found: Update, after: str, told: str) -> None:
    (cell,) = (own for own in found.cells if own.change == "programmes industry_fund amount")
    cells = tuple(replace(cell, after=after) if own is cell else own for own in found.cells)
    alone = update.tables(replace(found, cells=cells))[1]
    assert f"150 -> {told}" in [line[1] for line in alone.lines]


def test_all_edits_make_the_new_edition_of_the_old(tmp_path: Path) -> None:
    """Values and years of every row, and every setting, in whichever order of rows."""
    new = opt.load(edition(tmp_path, "new", *CHANGES)).tables
    old = opt.load(SMALL).tables
    made = edited(old, new, tuple(edits(old, new)))
    assert not list(edits(made, new))
    assert {(own.sheet, own.place[0], own.column) for own in edits(old, new)} == {
        tuple(key.split(" ")) for key in CHANGES
    }


def test_a_row_that_cannot_stand_alone_counts_with_the_rest(tmp_path: Path) -> None:
    """A project whose process is new too: alone the workbook would name a process that is not
    there; together they stand."""
    folder = edition(tmp_path, "new")
    projects = folder / "projects.csv"
    row = next(line for line in projects.read_text().splitlines() if line.startswith("new_works"))
    with projects.open("a", encoding="utf-8") as file:
        file.write(row.replace("new_works", "next_works").replace(",make,", ",make_more,") + "\n")
    processes, recipes = folder / "processes.csv", folder / "recipes.csv"
    for path in (processes, recipes):
        lines = [own for own in path.read_text().splitlines() if own.startswith("make,")]
        with path.open("a", encoding="utf-8") as file:
            file.writelines(own.replace("make,", "make_more,", 1) + "\n" for own in lines)
    found = opt.update(opt.load(SMALL), opt.load(folder), most=2)
    told = {row.change: row for row in found.alone}
    assert told["projects"].dependence is None
    assert "not sound with it alone" in told["projects"].reason
    assert found.rest == pytest.approx(
        found.moved - sum(row.moved or 0.0 for row in found.alone), abs=1e-12
    )
    assert found.complete


def test_the_command_tells_it_and_prints_one_document(tmp_path: Path) -> None:
    key = "programmes industry_fund amount"
    new = edition(tmp_path, "new", key)
    asked = ["update", str(SMALL), str(new), "--no-store", "--workers", "1", "--quiet"]
    done = CliRunner().invoke(cli, [*asked, "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.output)
    assert [row["change"] for row in document["alone"]] == [key]
    assert document["rest"] == pytest.approx(0.0, abs=1e-9)
    words = CliRunner().invoke(cli, asked).output
    assert "150 -> 120" in words
    assert "56.7% in the old edition" in words


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two editions as finished runs."""
    parent = tmp_path_factory.mktemp("runs")
    cases = {"old": SMALL, "new": edition(parent, "edition", *CHANGES)}
    return {name: opt.write(opt.solve(opt.load(c)), parent / name) for name, c in cases.items()}


def test_finished_runs_are_not_solved_again(
    found: Update, runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of runs the changes alone are solved; what they come to is what the workbooks do, and their
    cost is that of the runs."""
    old, new = (opt.read(runs[name]) for name in ("old", "new"))
    solved: list[str] = []
    answered = Runner.run

    def noted(runner: Runner, tasks: Sequence[Task], heard: Heard) -> tuple[Answer, ...]:
        solved.extend(task.key for task in tasks)
        return answered(runner, tasks, heard)

    monkeypatch.setattr(Runner, "run", noted)
    own = opt.update(old, new)
    assert sorted(solved) == sorted(CHANGES)
    for edition_, run in zip(own.editions, (old, new), strict=True):
        assert edition_.cost_musd == pytest.approx(run.metrics.cost_musd, rel=1e-12)
        assert edition_.capex_musd == pytest.approx(run.metrics.capex_musd, rel=1e-12)
        assert edition_.public_musd == pytest.approx(run.metrics.public_musd, rel=1e-12)
    for by_run, by_workbook in zip(own.editions, found.editions, strict=True):
        assert by_run.dependence == pytest.approx(by_workbook.dependence, abs=1e-6)
        assert by_run.cost_musd == pytest.approx(by_workbook.cost_musd, rel=1e-6)
    assert own.moved == pytest.approx(found.moved, abs=1e-6)


def test_runs_of_two_scenarios_are_refused_and_one_is_taken_over(runs: dict[str, Path]) -> None:
    old, new = (opt.read(runs[name]) for name in ("old", "new"))
    scenario = opt.load(SMALL).scenarios[0]
    other = replace(new, scenario=scenario)
    with pytest.raises(InputError, match=f"the runs are of the base case and {scenario}"):
        opt.update(old, other)
    assert edition_scenario(other, opt.load(SMALL), None) == scenario
    assert edition_scenario(old, other, scenario) == scenario


@pytest.mark.usefixtures("undrawn")
def test_the_documents_of_the_new_run_get_a_section_that_stays(
    runs: dict[str, Path], tmp_path: Path
) -> None:
    """`opt memo` writes the same again; a workbook has no documents to write."""
    new = tmp_path / "new"
    shutil.copytree(runs["new"], new)
    asked = ["update", str(runs["old"]), str(new), "--no-store", "--workers", "1", "--quiet"]
    done = CliRunner().invoke(cli, [*asked, "--memo"])
    assert done.stdout.splitlines()[-1].startswith("Open first: ")
    assert Path(done.stdout.splitlines()[-1].removeprefix("Open first: ")).is_file()
    assert done.exit_code == 0, done.output
    page = (new / "report.html").read_text(encoding="utf-8")
    assert "Since the last edition of the data" in page
    assert "amount of Industry fund" in page
    assert "industry_fund amount" not in page
    (own,) = read_studies(new).values()
    assert isinstance(own, Update)
    assert {row.change for row in own.alone} == CHANGES.keys()
    before = {path: path.read_bytes() for path in new.rglob("*") if path.is_file()}
    assert CliRunner().invoke(cli, ["memo", str(new), "--quiet"]).exit_code == 0
    assert {path: path.read_bytes() for path in new.rglob("*") if path.is_file()} == before
    done = CliRunner().invoke(cli, ["update", str(runs["old"]), str(SMALL), "--memo"])
    assert done.exit_code == 2
    assert "give a finished run" in done.output


@pytest.mark.usefixtures("undrawn")
def test_a_finished_answer_stays_where_the_new_one_was_stopped(
    runs: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both editions are runs, so that a stop leaves only the changes alone unknown."""
    new = tmp_path / "new"
    shutil.copytree(runs["new"], new)
    asked = ["update", str(runs["old"]), str(new), "--no-store", "--workers", "1", "--quiet"]
    assert CliRunner().invoke(cli, [*asked, "--memo"]).exit_code == 0
    before, control = read_studies(new), Control()
    control.stop.set()
    cut = opt.update(opt.read(runs["old"]), opt.read(new), runner=Runner(control, Silent()))
    assert {row.dependence for row in cut.alone} == {None}
    assert not cut.complete
    monkeypatch.setattr(questions, "update", lambda *_, **__: cut)
    done = CliRunner().invoke(cli, [*asked, "--memo"])
    assert done.exit_code == 5
    assert "update: not finished, so the finished answer that stands" in done.stderr
    assert read_studies(new) == before
