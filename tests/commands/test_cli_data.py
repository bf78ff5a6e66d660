"""The commands init, check and convert as people meet them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from cases import add, patch, setting, tiny_case
from click.testing import CliRunner, Result

from opt import __version__
from opt.cli import cli
from opt.data.reader import read

ROOT = Path(__file__).parents[2]
HEAVY = ("pyomo", "highspy", "numpy", "matplotlib", "openpyxl", "xlsxwriter", "docx")


def run(*words: str | Path) -> Result:
    """Run `opt` with these words."""
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_check_of_a_sound_case(tmp_path: Path) -> None:
    result = run("check", tiny_case(tmp_path))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "case: no problems, no warnings."


def test_check_lists_problems_by_cell(tmp_path: Path) -> None:
    path = tiny_case(
        tmp_path,
        patch("projects", 1, "capex", "1,200"),
        patch("programmes", 1, "max_share", 85),
        patch("regions", 3, "source", "nowhere"),
        add("sources", source="usgs", title="Summaries"),
    )
    result = run("check", path)
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "case: 2 problems, 1 warning. Nothing was solved.",
        "  projects!G2     '1,200' is text, not a number.   Type 1200.",
        "  programmes!G2   85 is outside 0-1.               Did you mean 0.85 (85%)?",
        "  warning  regions!D4: 'nowhere' is not in sheet sources. The plan stays; readers cannot"
        " find where the figure comes from. Add it there, or give an address.",
    ]


def test_check_shows_at_most_fifty(tmp_path: Path) -> None:
    rows = [add("regions", region=f"r{number}", bloc="?") for number in range(60)]
    lines = run("check", tiny_case(tmp_path, *rows)).stdout.splitlines()
    assert lines[0] == "case: 60 problems, no warnings. Nothing was solved."
    assert lines[-1] == "  ... and 10 problems more (all with --json)"
    assert len(lines) == 52


def test_check_json_is_one_document(tmp_path: Path) -> None:
    result = run("check", tiny_case(tmp_path, patch("projects", 1, "capex", "1,200")), "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {
        "problems": [
            {
                "sheet": "projects",
                "cell": "G2",
                "value": "1,200",
                "message": "'1,200' is text, not a number.",
                "hint": "Type 1200.",
            }
        ],
        "warnings": [],
    }


def test_check_json_of_a_sound_case_and_a_missing_file(tmp_path: Path) -> None:
    good = run("check", tiny_case(tmp_path), "--json")
    document = json.loads(good.stdout)
    assert set(document) == {"problems", "warnings", "grades", "ranges"}
    assert (document["problems"], document["warnings"]) == ([], [])
    assert set(document["grades"]) == {"rows", "candidates_musd"}
    missing = run("check", tmp_path / "no.xlsx", "--json")
    assert missing.exit_code == 2
    assert (
        json.loads(missing.stdout)["problems"][0]["message"] == "there is no such file or folder."
    )


def test_check_with_settings(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    assert run("check", path, "--set", "gap=0").exit_code == 0
    result = run("check", path, "--set", "gapp=0")
    assert result.exit_code == 2
    assert "'gapp' is not a setting." in result.stdout
    assert run("check", path, "--set", "gap").exit_code == 2


def test_problems_as_a_workbook(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, patch("projects", 1, "capex", "=1"), xlsx=True)
    target = tmp_path / "problems.xlsx"
    assert run("check", path, "--problems", target).exit_code == 2
    sheet = openpyxl.load_workbook(target)["problems"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["kind", "cell", "value", "message", "hint"]
    assert rows[1][:2] == ["problem", "projects!G2"]
    assert sheet["B2"].hyperlink.target == "case.xlsx"
    assert sheet["B2"].hyperlink.location == "'projects'!G2"


def test_problems_never_replace_the_workbook(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    before = path.read_bytes()
    assert run("check", path, "--problems", path).exit_code == 2
    assert path.read_bytes() == before


def test_problems_that_cannot_be_written(tmp_path: Path) -> None:
    result = run("check", tiny_case(tmp_path), "--problems", tmp_path / "none" / "p.xlsx")
    assert result.exit_code == 2
    assert "p.xlsx   this file cannot be written." in result.stderr


def test_init_writes_a_sound_example(tmp_path: Path) -> None:
    path = tmp_path / "new" / "case.xlsx"
    assert run("init", path).exit_code == 0
    assert run("check", path).stdout.startswith("case.xlsx: no problems, no warnings.\n")
    before = path.read_bytes()
    again = run("init", path)
    assert again.exit_code == 2
    assert "it exists already" in again.stderr
    assert path.read_bytes() == before
    assert run("init", path, "--force").exit_code == 0


def test_init_from_a_case_keeps_its_content(tmp_path: Path) -> None:
    case = tiny_case(tmp_path, setting("title", "Mine"), patch("projects", 1, "x_mine", 5))
    path = tmp_path / "new.xlsx"
    assert run("init", path, "--from", case).exit_code == 0
    assert read(path).settings == read(case).settings
    values = [dict(row.values) for row in read(path).rows["projects"]]
    assert values == [dict(row.values) for row in read(case).rows["projects"]]
    titles = [cell.value for cell in openpyxl.load_workbook(path)["projects"][4]]
    assert titles[-1] == "x_mine"


def test_init_empty_has_the_years_and_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    assert run("init", path, "--empty", "--years", "2027-2030").exit_code == 0
    book = openpyxl.load_workbook(path)
    titles = [str(cell.value) for cell in book["demand"][4]]
    assert [title for title in titles if title.isdigit()] == ["2027", "2028", "2029", "2030"]
    settings = {row[0]: row[1] for row in book["settings"].iter_rows(min_row=5, values_only=True)}
    assert settings == {"schema": 1, "first_year": 2027, "last_year": 2030}
    answer = run("check", path)
    assert answer.exit_code == 2
    for sheet in ("regions", "commodities", "processes", "recipes", "demand"):
        assert f"{sheet} " in answer.stdout
    assert answer.stdout.count("this sheet has no rows.") == 5
    assert answer.stdout.startswith("new.xlsx: 5 problems")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--years", "2026-2030"], "--years goes with --empty"),
        (["--empty", "--years", "2030-2026"], "is not two years in order"),
        (["--empty", "--years", "soon"], "is not two years in order"),
        (["--empty", "--years", "1900-2100"], "at most 100 years"),
        (["--empty", "--from", "x.xlsx"], "exclude each other"),
    ],
)
def test_init_empty_refuses_what_it_cannot_mean(
    tmp_path: Path, words: list[str], told: str
) -> None:
    answer = run("init", tmp_path / "new.xlsx", *words)
    assert answer.exit_code == 2
    assert told in answer.stderr
    assert not (tmp_path / "new.xlsx").exists()


def test_init_wants_xlsx(tmp_path: Path) -> None:
    result = run("init", tmp_path / "case.csv")
    assert result.exit_code == 2
    assert "must end in .xlsx" in result.stderr


def test_convert_both_ways(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    assert run("convert", folder, tmp_path / "a.xlsx").exit_code == 0
    done = run("convert", tmp_path / "a.xlsx", tmp_path / "b")
    assert done.exit_code == 0
    assert done.stderr.splitlines()[-1] == f"Open first: {tmp_path / 'b' / 'settings.csv'}"
    result = run("convert", tmp_path / "a.xlsx", tmp_path / "b")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == "1 problem, no warnings. Nothing was written."
    assert result.stderr.splitlines()[1] == (
        "  b   it exists already.   Name another target, or add --force."
    )
    assert run("convert", tmp_path / "a.xlsx", tmp_path / "b", "--force").exit_code == 0


def test_debug_keeps_the_traceback(tmp_path: Path) -> None:
    result = run("convert", tmp_path / "none", tmp_path / "b", "--debug")
    assert type(result.exception).__name__ == "InputError"


def test_unknown_command_is_a_usage_error() -> None:
    assert run("chek").exit_code == 2
    assert run("--version").stdout == f"opt, version {__version__}\n"


def python(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, from the root of the project."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=ROOT,
    )


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["init", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom opt.cli import cli\n"
        f"try: cli({words!r})\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    assert python("-c", code).stderr == "[]\n"


def test_check_does_not_import_the_solver(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    code = (
        "import sys\nfrom opt.cli import cli\n"
        f"try: cli(['check', {str(path)!r}])\nexcept SystemExit: pass\n"
        "print([m for m in ('pyomo', 'highspy', 'matplotlib') if m in sys.modules])"
    )
    assert python("-c", code).stdout.splitlines()[-1] == "[]"


def test_python_m_opt_answers_at_once() -> None:
    start = time.perf_counter()
    result = python("-m", "opt", "--help")
    assert result.returncode == 0
    assert time.perf_counter() - start < 2.0  # 0.15 s on an idle machine
    assert result.stdout.isascii()
