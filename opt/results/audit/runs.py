"""The audit of a finished run folder: its input copy against its run.json and tables."""

from __future__ import annotations

from pathlib import Path

from opt.data.reader import read
from opt.errors import InputError, Issue
from opt.results.audit.answer import read_answer, read_run
from opt.results.audit.check import AuditReport
from opt.results.audit.rules import audit


def audit_run(run_folder: Path) -> AuditReport:
    """Read the input copy with the recorded overrides and variant, and audit the written answer."""
    run = read_run(run_folder)
    overrides = {key: str(value) for key, value in run.get("overrides", {}).items()}
    tables = read(find_input(run_folder), overrides, run.get("variant"))
    return audit(tables, read_answer(run_folder))


def find_input(run_folder: Path) -> Path:
    """The workbook copy under input/: one .xlsx file, or a folder of CSV files.

    The folder may be input/ itself or the one folder in it.
    """
    folder = run_folder / "input"
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    books = [entry for entry in entries if entry.suffix == ".xlsx"]
    if len(books) == 1:
        return books[0]
    if any(entry.suffix == ".csv" for entry in entries):
        return folder
    folders = [entry for entry in entries if entry.is_dir()]
    if len(folders) == 1:
        return folders[0]
    message = "holds no copy of the workbook."
    hint = "Expected one .xlsx file or a folder of CSV files in it."
    raise InputError([Issue(str(folder), "", "", message, hint)])
