"""`opt doctor` in a process of its own, and what it says of an installation that is not sound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from opt.cli import cli
from opt.commands import doctor as doctor_command
from opt.solver import canary


def test_sound_here(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "opt", "doctor", "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    document = json.loads(done.stdout)
    assert document["sound"], document
    assert done.returncode == 0
    subjects = {finding["subject"] for finding in document["findings"]}
    assert {"python", "highspy", "a tiny solve", "write access", "converters"} <= subjects
    assert {f"solver: {known.name}" for known in canary.CANARIES} <= subjects
    assert not list(tmp_path.iterdir())  # what it wrote to try is gone


def test_a_false_solver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = canary.CanaryVerdict("two slots", 8000.0, 10000.0, 10000.0, 10000.0)
    monkeypatch.setattr(canary, "verdicts", lambda: (wrong,))
    monkeypatch.setattr(doctor_command, "LOOKS", (doctor_command.look_at_canaries,))
    done = CliRunner().invoke(cli, ["doctor"])
    assert done.exit_code == 2
    assert "FAIL  solver: two slots: HiGHS" in done.stdout
    assert "reports 10000 with bound 10000 at a point worth 10000; 8000 is right" in done.stdout
    assert "answers cannot be trusted now" in done.stdout


@pytest.mark.parametrize(
    ("have", "sound"), [("1.15.1", True), ("1.14.0", False), ("1.16.0", False), (None, False)]
)
def test_a_release_that_was_not_tested_is_named(
    monkeypatch: pytest.MonkeyPatch, have: str | None, sound: bool
) -> None:
    def version(_: str) -> str:
        if have is None:
            raise doctor_command.PackageNotFoundError
        return have

    monkeypatch.setattr(doctor_command, "requires", lambda _: ["highspy<1.16,>=1.15.0"])
    monkeypatch.setattr(doctor_command, "version", version)
    (_, finding) = doctor_command.look_at_versions()
    assert finding.sound is sound
    assert sound or 'pip install "highspy<1.16,>=1.15.0"' in finding.words


def test_a_folder_that_takes_no_files_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor_command.tempfile, "TemporaryDirectory", refuse)
    monkeypatch.chdir(tmp_path)
    (finding,) = doctor_command.look_at_files()
    assert not finding.sound
    assert (
        finding.words == f"{tmp_path}: Permission denied: name a folder you may write to with --out"
    )


def test_a_checkout_is_compared_with_what_its_project_asks_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(_: str) -> None:
        raise doctor_command.PackageNotFoundError

    monkeypatch.setattr(doctor_command, "requires", missing)
    monkeypatch.setattr(doctor_command, "CHECKOUT", Path(__file__).parents[2])
    python, itself, *libraries = doctor_command.look_at_versions()
    assert (python.subject, itself.subject) == ("python", "opt")
    assert itself.words.startswith("not installed, run from ")
    assert not itself.needed
    assert "highspy" in {finding.subject for finding in libraries}
    monkeypatch.setattr(doctor_command, "CHECKOUT", tmp_path)
    _, alone = doctor_command.look_at_versions()
    assert "releases of libraries are not looked at" in alone.words
