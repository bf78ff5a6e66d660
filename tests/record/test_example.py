"""outputs/example is a finished run of inputs/small.xlsx as this release writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

import opt
from opt.audit import audit_folder

ROOT = Path(__file__).parents[2]
EXAMPLE, SMALL = ROOT / "outputs" / "example", ROOT / "inputs" / "small.xlsx"


def test_the_example_is_audited() -> None:
    found = audit_folder(EXAMPLE)
    assert found.report.passed
    assert not [*found.files.edited, *found.files.removed, *found.files.added]


def test_the_example_is_of_the_shipped_workbook() -> None:
    # docs/small_case.md works the 17 / 30 out by hand.
    run = opt.read(EXAMPLE)
    assert run.input_files == {SMALL.name: SMALL.read_bytes()}
    assert run.metrics.dependence == pytest.approx(17 / 30)
    assert {path.name for path in EXAMPLE.iterdir()} == {
        *("memo.docx", "report.html", "results.xlsx", "run.json", "manifest.json", "solver.log"),
        *("charts", "input", "model", "tables", "facts.csv", "ro-crate-metadata.json"),
    }
