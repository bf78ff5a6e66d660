"""`opt solve` from outside: exit codes, what it prints and writes, and Ctrl-C in a real process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest
from builders import Rows, chain, folder_of, project
from click.testing import CliRunner, Result
from hard import hard_case
from started import started

from opt.cli import cli

SOLVED, FAULTS, NO_PLAN, STOPPED, STOPPED_WITH_PLAN = 0, 2, 3, 4, 5
WHOLE = {
    *("run.json", "results.xlsx", "memo.docx", "report.html", "solver.log", "manifest.json"),
    *("facts.csv", "ro-crate-metadata.json"),
}
WHOLE |= {"input", "tables", "charts"}
HEAVY = ("pyomo", "highspy", "numpy", "scipy", "matplotlib", "openpyxl", "xlsxwriter", "docx")
# No plan is known that reaches it, and none is known not to exist.
HARD_TARGET = 0.424


def easy() -> dict[str, Rows]:
    """One project that helps."""
    return chain(projects=[project("P", "smelt", 60, 10)])


def opt(*arguments: object) -> Result:
    """The command in this process."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def pressed(
    process: subprocess.Popen[str],
    presses: int = 1,
    step: str = "dependence",
    number: signal.Signals = signal.SIGINT,
) -> tuple[int, str, str]:
    """Ctrl-C, or another signal, a second into the first pass, or at once in another step.

    Gives the exit code and what was printed on both streams.
    """
    assert process.stderr
    seen = ""
    while not seen.rstrip().endswith(step):
        line = process.stderr.readline()
        assert line, seen
        seen += line
    time.sleep(1.0 if step == "dependence" else 0.0)
    for _ in range(presses):
        process.send_signal(number)
        time.sleep(0.05)
    out, rest = process.communicate(timeout=60)
    return process.returncode, out, seen + rest


def documents(folder: Path) -> dict[str, Any]:
    """run.json of a folder that is whole."""
    assert {path.name for path in folder.iterdir()} == WHOLE
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


# ---- Progress -------------------------------------------------------------------------------


def counted(stderr: str) -> list[str]:
    """What each line of progress says after its clock: its count and its step."""
    return [line.split("  ", 2)[2] for line in stderr.splitlines() if line.startswith("Solving")]


def test_each_line_of_progress_counts_the_steps_to_come(tmp_path: Path) -> None:
    """Three passes, everybody else, no new money, the one other case, the audit, the folder."""
    result = opt("solve", folder_of(tmp_path, easy()), "--out", tmp_path / "run")
    steps = ("dependence", "shortfall", "cost", "world", "baseline", "A larger budget", "audit")
    assert counted(result.stderr) == [
        f"step {n} of 8  {step}" for n, step in enumerate((*steps, "writing"), start=1)
    ]


def test_no_new_money_that_a_gap_needs_is_the_first_step(tmp_path: Path) -> None:
    """Of the least cost: three passes, what is forced alone, and no larger budget."""
    given = ("--cost-gap-added", "0.1", "--objective", "cost")
    case = easy()
    case["projects"][0] |= {"decision": "force"}
    result = opt("solve", folder_of(tmp_path, case), *given, "--out", tmp_path / "run")
    steps = ("baseline", "shortfall", "cost", "dependence", "world", "baseline", "Do the minimum")
    assert counted(result.stderr) == [
        f"step {n} of 9  {step}" for n, step in enumerate((*steps, "audit", "writing"), start=1)
    ]


def test_a_case_without_a_plan_is_no_step(tmp_path: Path) -> None:
    """A target of nothing at all: three quarters of demand are made in the covered bloc alone."""
    target = {"target": "none", "metric": "dependence", "scope": "all", "year": 2033, "bound": 0}
    case = {**easy(), "targets": [{**target, "sense": "at_most"}]}
    result = opt("solve", folder_of(tmp_path, case), "--out", tmp_path / "run")
    assert result.exit_code == NO_PLAN, result.output
    assert counted(result.stderr)[-1] == "no plan: what stands against what"


# ---- Exit codes -----------------------------------------------------------------------------


def test_solved(tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = opt("solve", folder_of(tmp_path, easy()), "--out", out)
    assert result.exit_code == SOLVED, result.output
    # 60 of 100 clear.
    assert documents(out)["metrics"]["dependence"] == pytest.approx(0.4, abs=2e-6)
    assert "40.0%" in result.stdout
    assert result.stdout.splitlines()[-1] == f"Open first: {out / 'memo.docx'}"
    assert str(out) in result.stdout
    # The audit of the finished folder agrees, and a second run may take its place.
    assert opt("audit", out).exit_code == SOLVED


def test_a_run_says_what_the_warnings_of_its_workbook_do_to_the_answer(tmp_path: Path) -> None:
    """Two limits for six pairs each are one line; that a column is not of mass changes nothing."""
    case = easy()
    case["lanes"] = [
        {"origin": "*", "destination": "*", "commodity": name, "limit": 500}
        for name in ("ore", "metal")
    ]
    case["commodities"][1]["unit"] = "flask"
    result = opt("solve", folder_of(tmp_path, case), "--out", tmp_path / "run")
    lines = result.stdout.splitlines()
    assert lines[-4:-2] == [
        "2 warnings of the workbook, all in results.xlsx, sheet Warnings:",
        "  warning  lanes!D2 (2 cells): the limit holds for each of the 6 pairs separately. The"
        " answer takes it so, and is wrong where that is not meant.",
    ]


def test_faults_write_nothing(tmp_path: Path) -> None:
    out = tmp_path / "run"
    case = {**easy(), "demand": [{"region": "nowhere", "commodity": "metal", "2033": "ten"}]}
    result = opt("solve", folder_of(tmp_path, case), "--out", out)
    assert result.exit_code == FAULTS
    assert "demand!A2" in result.stderr
    assert "demand!C2" in result.stderr
    assert result.stdout == ""
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--improve",),
        ("--free-stock",),
        ("--plan", "mine", "--improve", "--free-stock"),
        ("--no-such-option",),
        ("--scenario", "nothing"),
        ("--plan", "nothing"),
        ("--set", "gap"),
        ("--set", "no_such_key=1"),
        ("--objective", "beauty"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    out = tmp_path / "run"
    result = opt("solve", folder_of(tmp_path, easy()), "--out", out, *arguments)
    assert result.exit_code == FAULTS
    assert not out.exists()


def test_no_plan_is_possible(tmp_path: Path) -> None:
    out = tmp_path / "run"
    path = folder_of(tmp_path, easy())
    result = opt("solve", path, "--out", out, "--set", "dependence_target=0.1")
    assert result.exit_code == NO_PLAN
    assert "No plan is possible: This row cannot hold:" in result.stderr
    assert "dependence_target 0.1." in result.stderr
    assert "raise dependence_target from 0.1 to" in result.stderr
    assert not out.exists()


def test_time_over_without_a_plan(tmp_path: Path) -> None:
    out = tmp_path / "run"
    path = folder_of(tmp_path, hard_case(dependence_target=HARD_TARGET))
    result = opt("solve", path, "--out", out, "--time-limit", 1)
    assert result.exit_code == STOPPED
    assert "Stopped before any plan was found" in result.stderr
    assert not out.exists()


def test_no_time_at_all_keeps_the_plan_that_builds_nothing(tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = opt("solve", folder_of(tmp_path, hard_case()), "--out", out, "--time-limit", 0)
    assert result.exit_code == STOPPED_WITH_PLAN, result.output
    found = documents(out)
    assert (found["status"], found["projects"]) == ("feasible", [])
    # Nothing is made: all of it short. Nothing is proven either.
    assert found["passes"][0]["value"] == pytest.approx(1)
    assert found["passes"][0]["bound"] == pytest.approx(0)


# ---- Streams --------------------------------------------------------------------------------


def test_json_is_one_document_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = opt("solve", folder_of(tmp_path, easy()), "--out", out, "--json")
    assert json.loads(result.stdout) == documents(out)
    assert result.stderr == ""


def test_json_says_why_there_is_no_plan(tmp_path: Path) -> None:
    path = folder_of(tmp_path, easy())
    result = opt("solve", path, "--out", tmp_path / "run", "--json", "--set", "dependence_target=0")
    assert result.exit_code == NO_PLAN
    document = json.loads(result.stdout)
    assert document["status"] == "infeasible"
    assert "dependence_target" in document["message"]


def test_quiet(tmp_path: Path) -> None:
    result = opt("solve", folder_of(tmp_path, easy()), "--out", tmp_path / "run", "--quiet")
    assert result.stderr == ""
    assert "40.0%" in result.stdout


def test_flags_stand_for_settings(tmp_path: Path) -> None:
    path = folder_of(tmp_path, easy())
    arguments = ("--objective", "peak", "--gap", 0.25, "--cost-gap", 0.125, "--seed", 3)
    arguments += ("--cost-gap-added", 0.0625)
    result = opt("solve", path, "--out", tmp_path / "run", *arguments, "--set", "gap=0.5")
    assert result.exit_code == SOLVED, result.output
    found = documents(tmp_path / "run")
    keys = ("objective", "gap", "cost_gap", "cost_gap_added", "seed")
    used = tuple(found["settings"][key] for key in keys)
    # A flag wins over --set.
    assert used == ("peak", 0.25, 0.125, 0.0625, 3)
    assert found["passes"][0]["objective"] == "peak"


def test_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("keep me", encoding="utf-8")
    result = opt("solve", folder_of(tmp_path, easy()), "--out", out)
    assert result.exit_code == FAULTS
    assert "is not a run folder" in result.stderr
    assert [path.name for path in out.iterdir()] == ["letter.txt"]
    # Nor is anything left beside it.
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".mine")]


# ---- Help -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_has_help(name: str) -> None:
    command = cli.commands[name]
    assert command.help
    result = opt(name, "--help")
    assert result.exit_code == SOLVED
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from opt.cli import cli\n"
        "for line in [['--help']] + [[name, '--help'] for name in cli.commands]:\n"
        "    cli(line, standalone_mode=False)\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "HEAVY []"


# ---- Ctrl-C ---------------------------------------------------------------------------------


def test_ctrl_c_keeps_the_best_plan(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with started("solve", folder_of(tmp_path, hard_case()), "--out", out) as process:
        code, printed, told = pressed(process)
    assert code == STOPPED_WITH_PLAN, told
    assert "Stopping: keeping the best plan so far. Press Ctrl-C again" in told
    assert "Best plan found before the search stopped" in printed
    # A pipe carries no control codes.
    assert not {"\r", "\x1b", "\b"} & set(printed + told)
    found = documents(out)
    first = found["passes"][0]
    assert found["status"] == first["status"] == "feasible"
    assert found["projects"]
    assert 0.2 < first["bound"] <= first["value"] < 0.6
    assert found["audit"]["passed"]


def test_second_ctrl_c_does_not_wait_for_the_solver(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with started("solve", folder_of(tmp_path, hard_case()), "--out", out) as process:
        code, _, told = pressed(process, presses=2)
    assert code == STOPPED_WITH_PLAN, told
    assert told.count("Stopping: keeping the best plan so far.") == 2
    found = documents(out)
    assert found["status"] == "feasible"
    assert found["projects"]
    assert found["audit"]["passed"]


def test_ctrl_c_while_writing_loses_nothing(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with started("solve", folder_of(tmp_path, easy()), "--out", out) as process:
        code, _, told = pressed(process, presses=2, step="writing")
    assert code == SOLVED, told
    assert documents(out)["status"] == "optimal"


def test_ctrl_c_before_any_plan(tmp_path: Path) -> None:
    out = tmp_path / "run"
    path = folder_of(tmp_path, hard_case(dependence_target=HARD_TARGET))
    with started("solve", path, "--out", out) as process:
        code, printed, told = pressed(process)
    assert code == STOPPED, told
    assert "Stopped before any plan was found" in told
    assert printed == ""
    assert not out.exists()


# ---- Limits ---------------------------------------------------------------------------------


def test_sigterm_is_one_ctrl_c(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with started("solve", folder_of(tmp_path, hard_case()), "--out", out) as process:
        code, _, told = pressed(process, number=signal.SIGTERM)
    assert code == STOPPED_WITH_PLAN, told
    assert "Stopping: keeping the best plan so far." in told
    assert documents(out)["audit"]["passed"]


def test_nothing_is_searched_after_the_first_ctrl_c(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with started("solve", folder_of(tmp_path, hard_case()), "--out", out) as process:
        code, _, told = pressed(process)
    assert code == STOPPED_WITH_PLAN, told
    after = told.split("Stopping: keeping the best plan so far.")[1]
    assert "budget" not in after
    names = [option["name"] for option in documents(out)["options"]]
    assert "A larger budget" not in names


def test_a_limit_bounds_every_search(tmp_path: Path) -> None:
    """The hard case searches for longer than any test; with no time it is not searched at all."""
    out = tmp_path / "run"
    limit = ("--time-limit", 0.01, "--out", out)
    result = opt("solve", folder_of(tmp_path, hard_case()), *limit)
    assert result.exit_code == STOPPED_WITH_PLAN
    found = documents(out)
    assert found["audit"]["passed"]
    first = found["passes"][0]
    assert first["status"] == "feasible"
    assert first["bound"] in (None, 0.0)
