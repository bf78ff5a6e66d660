"""Standard output holds what opt says and nothing else, whatever compiled libraries print."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opt.commands.streams import keep_stderr, keep_stdout_clean

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "inputs" / "small.xlsx"

# A solver that prints on the descriptor at once, and in the C library's buffer, which is emptied
# when the process ends: past Python's stdout, as HiGHS 1.16 does when it is made.
NOISY = """
import ctypes, os, sys
import highspy
made = highspy.Highs.__init__
def noisy(self, *given):
    os.write(1, b"noise at once\\n")
    ctypes.CDLL(None).puts(b"noise in the end")
    made(self, *given)
highspy.Highs.__init__ = noisy
sys.argv = ["opt", *sys.argv[1:]]
from opt.cli import main
main()
"""


def noisily(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command with the noisy solver, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", NOISY, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the C library is found by another name")
class TestNoisySolver:
    """Every `--json` parses, and `--quiet` is quiet."""

    def test_solve(self, tmp_path: Path) -> None:
        done = noisily("solve", SMALL, "--json", "--out", tmp_path / "run")
        assert json.loads(done.stdout)["status"] == "optimal"

    def test_solve_without_a_plan(self, tmp_path: Path) -> None:
        limits = ("--set", "dependence_target=0.01", "--out", tmp_path / "run")
        done = noisily("solve", SMALL, "--json", *limits)
        assert json.loads(done.stdout)["status"] == "infeasible"

    def test_quiet(self, tmp_path: Path) -> None:
        done = noisily("solve", SMALL, "--quiet", "--out", tmp_path / "run")
        assert "noise" not in done.stdout + done.stderr
        assert done.stderr == ""
        assert done.stdout.startswith("In 2026, 100% of allied demand")

    @pytest.mark.parametrize("option", ["--calibration", "--grades"])
    def test_check(self, option: str) -> None:
        done = noisily("check", SMALL, "--json", option)
        assert json.loads(done.stdout)["problems"] == []

    def test_doctor(self) -> None:
        assert json.loads(noisily("doctor", "--json").stdout)["findings"]

    def test_audit(self, tmp_path: Path) -> None:
        noisily("solve", SMALL, "--quiet", "--out", tmp_path / "run")
        assert json.loads(noisily("audit", tmp_path / "run", "--json").stdout)["passed"]


def test_streams_without_a_descriptor_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    keep_stdout_clean()
    keep_stderr()
    assert (sys.stdout, sys.stderr) == (out, err)
