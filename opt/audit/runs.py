"""The audit of a finished run folder: its input copy against its run.json and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from opt.audit.answer import read_answer, read_run
from opt.audit.check import AuditReport, merge_reports, write_report
from opt.audit.files import Files, compare_files, keep_files
from opt.audit.rules import RULES, Rule, audit
from opt.audit.rules_record import RECORD_RULES, same_audit
from opt.audit.shape import TEXT, OrNull, check_part
from opt.data.reader import read
from opt.errors import InputError, Issue


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What the audit of a finished run found, and what became of the files since."""

    report: AuditReport
    files: Files


def audit_folder(run_folder: Path) -> FolderReport:
    """Audit a finished run: its files against the manifest, then everything that they say.

    Where evidence is missing nothing is recomputed; of a run without manifest, which an older
    version wrote, only the plan, the tables and the metrics are. Raises InputError, which names the
    file and the place in it, where one cannot be read.
    """
    files = compare_files(run_folder)
    report = write_report([("keep_files", keep_files(files))])
    if files.missing:
        return FolderReport(report, files)
    if not files.known:
        return FolderReport(merge_reports(report, audit_answer(run_folder)), files)
    found = audit_run(run_folder)
    again = write_report([("same_audit", same_audit(read_run(run_folder), found))])
    return FolderReport(merge_reports(merge_reports(report, found), again), files)


def audit_run(run_folder: Path) -> AuditReport:
    """Recompute all that a run folder says, but for what it says of its own audit."""
    return _audit(run_folder, (*RULES, *RECORD_RULES))


def audit_answer(run_folder: Path) -> AuditReport:
    """Recompute the plan, the flows, the tables and the metrics of a run folder alone."""
    return _audit(run_folder, RULES)


def _audit(run_folder: Path, rules: Sequence[Rule]) -> AuditReport:
    """Read the input copy with the recorded overrides and variant, and audit the written answer."""
    run = read_run(run_folder)
    check_part("variant", OrNull(TEXT), run.get("variant"))
    tables = read(find_input(run_folder), run["overrides"], run.get("variant"))
    return audit(tables, read_answer(run_folder), rules)


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
