"""A run written and read back, its tables as DataFrames, cases of DataFrames, runs in notebooks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pandas as pd
import pytest
from builders import chain, folder_of, project
from click.testing import CliRunner
from run_factory import make_run

import opt
import opt.record
from opt.cli import cli
from opt.errors import InputError
from opt.record.columns import key_values
from opt.record.options import Option
from opt.record.run import Run
from opt.record.shape import read_object
from opt.record.table import tables_of
from opt.record.tables import TABLE, TABLES

INPUTS = Path(__file__).parents[2] / "inputs"
FAULTS = 2
# Of one worker where tests run beside each other: what they share is solved once.
pytestmark = pytest.mark.xdist_group("written run")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """A run of one project with a given plan, models of its passes, and its folder."""
    parent = tmp_path_factory.mktemp("written")
    plans = [{"plan": "mine", "project": "P", "year": 2030, "units": 1}]
    case = opt.load(folder_of(parent, chain(projects=[project("P", "smelt", 60, 10)], plans=plans)))
    run = opt.solve(case, plan="mine", improve=True, write_model=True)
    return run, opt.write(run, parent / "run")


def at_home(run: Run) -> Run:
    """The run without the place of its input, which is that of the copy once it is read back."""
    return replace(run, workbook=replace(run.workbook, path=Path("input")))


# ---- Write and read -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["small", "gallium"])
def test_a_run_read_back_is_the_run(name: str, tmp_path: Path) -> None:
    """All of it but where the input lay."""
    run = opt.solve(opt.load(INPUTS / f"{name}.xlsx"))
    again = opt.read(opt.write(run, tmp_path / "run"))
    assert at_home(again) == at_home(run)
    assert again.id == run.id


def test_given_plan_and_models_are_read_back(written: tuple[Run, Path]) -> None:
    run, folder = written
    again = opt.read(folder)
    assert at_home(again) == at_home(run)
    assert again.plan is not None
    assert [c.project for c in again.plan.commitments] == ["P"]
    assert [proof.result.objective for proof in again.proofs] == [
        proof.result.objective for proof in run.proofs
    ]
    assert again.proofs


def test_rows_come_back_in_their_order(written: tuple[Run, Path], tmp_path: Path) -> None:
    """Also where it is not that of the sorted table."""
    run = written[0]
    turned = replace(run, touch=run.touch[::-1], stages=run.stages[::-1])
    assert turned.touch != run.touch
    assert at_home(opt.read(opt.write(turned, tmp_path / "run"))) == at_home(turned)


def test_what_is_written_again_is_the_same(written: tuple[Run, Path], tmp_path: Path) -> None:
    _, folder = written
    again = opt.write(opt.read(folder), tmp_path / "again")
    files = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    for file in files:
        assert (again / file).read_bytes() == (folder / file).read_bytes(), file


def test_nothing_proven_is_null_and_read_back() -> None:
    option = Option("o", 0.5, float("-inf"), 0.0, 0.0, None, 2030, 0.5, 0, None, "")
    values = key_values(option)
    assert values["bound"] is None
    assert read_object(Option, values) == option
    assert option.gap == float("inf")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": 1}, "was written by an older release of opt"),
        ({"schema": 3}, "has schema 3, and this release of opt reads 2"),
        ({"schema": None}, "has schema None"),
    ],
)
def test_another_schema_is_told_in_one_sentence(
    written: tuple[Run, Path], tmp_path: Path, change: dict[str, object], words: str
) -> None:
    folder = shutil.copytree(written[1], tmp_path / "run")
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(document | change), encoding="utf-8")
    result = CliRunner().invoke(cli, ["audit", str(folder)])
    assert result.exit_code == FAULTS
    told = " ".join(result.output.split())
    assert words in told
    assert "the release" in told
    with pytest.raises(InputError, match=words):
        opt.read(folder)


@pytest.mark.parametrize(
    ("file", "old_new", "words"),
    [
        (
            "tables/costs.csv",
            ("capex", "capex,more"),
            r"costs\.csv!A2: this line has 5 cells",
        ),
        ("tables/commitments.csv", (",10.0", ",dear"), r"F2: capex_musd cannot be read: 'dear'"),
        ("tables/projects.csv", ("P,", "Q,"), "has no line of project P in 2030"),
        ("run.json", ('"title": ', '"name": '), r"run\.json!title: title is missing"),
        ("run.json", ('"status": "optimal"', '"status": "odd"'), "no plan"),
        (
            "run.json",
            ('"status": "optimal",\n      "kept"', '"status": "odd",\n      "kept"'),
            "status is not one of optimal",
        ),
        (
            "model/proof.json",
            ('"objective": "cost"', '"objective": "peak"'),
            r"proof\.json: is no pass of run\.json",
        ),
        (
            "model/proof.json",
            ('"factor"', '"fctor"'),
            r"proof\.json!passes\.0\.factor: passes\.0\.factor is missing",
        ),
    ],
)
def test_a_run_that_cannot_be_read_names_the_place(
    written: tuple[Run, Path], tmp_path: Path, file: str, old_new: tuple[str, str], words: str
) -> None:
    folder = shutil.copytree(written[1], tmp_path / "run")
    text = (folder / file).read_text(encoding="utf-8")
    assert old_new[0] in text
    (folder / file).write_text(text.replace(*old_new), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        opt.read(folder)


def test_a_run_prints_in_a_line(written: tuple[Run, Path]) -> None:
    run = written[0]  # 60 of 100 are made clear
    assert repr(run) == (
        f"Run(id='{run.id}', name='case', scenario=None, status='optimal', dependence=0.4000)"
    )


# ---- Tables ---------------------------------------------------------------------------------


def test_every_file_with_tables_is_in_the_contents() -> None:
    files = iter_modules(opt.record.__path__)
    modules = [import_module(f"opt.record.{file.name}") for file in files]
    declared = [table.name for module in modules for table in tables_of(module)]
    assert sorted(declared) == sorted(TABLE)
    assert len(TABLE) == len(TABLES)


# ---- Tables as DataFrames -------------------------------------------------------------------


def test_tables_are_typed_and_know_their_units(tmp_path: Path) -> None:
    run = make_run(tmp_path / "case.xlsx", full=True)
    assert list(run.tables) == [table.name for table in TABLES]
    margins = run.tables["margins"]
    assert list(margins.columns) == [column.name for column in TABLE["margins"].columns]
    assert margins["gap"].sum() == sum(entry.gap for entry in run.margins)
    assert margins.attrs["units"] == {
        "year": "year",
        "gap": "USD/unit of activity",
        "activity": "units",
        "baseline_activity": "units",
    }
    dtypes = run.tables["dependence"].dtypes.astype(str)
    assert (dtypes["year"], dtypes["counted"], dtypes["demand"]) == ("int64", "bool", "float64")
    options = run.tables["options"]
    assert options["first_output"].dtype == "Int64"
    assert options["first_output"].isna().sum() == 1
    assert run.tables["shipments"]["flows"].value_counts()["world"] == 10


def test_an_unknown_table_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        make_run(tmp_path / "case.xlsx").tables["none"]


def test_pandas_is_imported_only_when_it_is_asked_for() -> None:
    """`opt --help` and `opt check` answer without it."""
    for command in (["--help"], ["check", str(INPUTS / "small")]):
        code = (
            "import sys; from opt.cli import cli\n"
            f"try: cli({command!r})\n"
            "except SystemExit: pass\n"
            "print('pandas' in sys.modules, file=sys.stderr)"
        )
        told = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert told.stderr.split()[-1] == "False", command


# ---- A case of DataFrames -------------------------------------------------------------------


def frames() -> dict[str, pd.DataFrame]:
    """The small case as DataFrames, read as pandas reads it."""
    return {path.stem: pd.read_csv(path) for path in sorted((INPUTS / "small").glob("*.csv"))}


def test_a_case_of_frames_is_the_case_of_the_folder() -> None:
    ours, theirs = opt.load(frames()), opt.load(INPUTS / "small")
    for sheet, rows in theirs.tables.rows.items():
        found = [(dict(row.values), dict(row.years)) for row in ours.tables.rows[sheet]]
        assert found == [(dict(row.values), dict(row.years)) for row in rows], sheet
    assert ours.tables.settings == theirs.tables.settings
    assert ours.name == "case"


def test_faults_in_frames_are_named_by_sheet_and_cell() -> None:
    given = frames()
    given["projects"] = given["projects"].astype(object)
    column = given["projects"].columns.get_loc("capex")
    given["projects"].loc[1, "capex"] = "much"
    with pytest.raises(InputError) as caught:
        opt.load(given)
    (issue,) = caught.value.issues
    assert (issue.sheet, issue.cell, issue.value) == ("projects", f"{chr(65 + column)}3", "much")


@pytest.mark.parametrize(
    ("given", "words"), [({}, "there is no sheet"), ({"regions": [1]}, "regions.*no DataFrame")]
)
def test_what_is_no_frame_is_named(given: dict[str, pd.DataFrame], words: str) -> None:
    with pytest.raises(InputError, match=words):
        opt.load(given)


# ---- Notebooks ------------------------------------------------------------------------------


def test_a_run_shows_itself_in_a_notebook(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    run = make_run(tmp_path / "case.xlsx", names={0: evil}, title=evil)
    shown = run._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert f"dependence {run.metrics.dependence:.1%}" in shown
    assert shown.count("<tr>") == 1 + len(run.projects)
    assert "nothing is built" in make_run(tmp_path / "case.xlsx", 0)._repr_html_()
