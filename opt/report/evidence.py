"""What the audit needs of a run: the copy of its input, its tables and run.json, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opt.report.runjson import run_json_text
from opt.report.tables import write_tables
from opt.results.run import Run

RUN_FILE = "run.json"


def write_evidence(run: Run, folder: Path) -> None:
    """Write input copy, tables and run.json into a folder that exists."""
    (folder / RUN_FILE).write_text(run_json_text(run), encoding="utf-8", newline="\n")
    write_tables(run, folder / "tables")
    copy_input(run.input_files, folder / "input")


def copy_input(files: Mapping[str, bytes], target: Path) -> None:
    """The workbook, or the CSV files of a folder, as they were read: by now they may be edited."""
    target.mkdir()
    for name, content in files.items():
        (target / name).write_bytes(content)
