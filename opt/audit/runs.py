"""The audit of a finished run folder: its input copy against its run.json and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from opt.audit.answer import read_answer, read_run_json
from opt.audit.check import AuditReport, merge_reports, write_report
from opt.audit.files import Files, compare_files, keep_files
from opt.audit.rules import RULES, Rule, audit
from opt.audit.rules_record import RECORD_RULES, same_audit
from opt.data.reader import read
from opt.record.folder import find_input, read_document
from opt.record.shape import TEXT, OrNull, check_part


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What the audit of a finished run found, and what became of the files since."""

    report: AuditReport
    files: Files


def audit_folder(run_folder: Path) -> FolderReport:
    """Audit a finished run: its files against the manifest, then everything that they say.

    Where evidence is missing nothing is recomputed. Raises InputError, which names the file and the
    place in it, where one cannot be read.
    """
    read_document(run_folder)
    files = compare_files(run_folder)
    report = write_report([("keep_files", keep_files(files))])
    if files.missing:
        return FolderReport(report, files)
    found = audit_run(run_folder)
    again = write_report([("same_audit", same_audit(read_run_json(run_folder), found))])
    return FolderReport(merge_reports(merge_reports(report, found), again), files)


def audit_run(run_folder: Path) -> AuditReport:
    """Recompute all that a run folder says, but for what it says of its own audit."""
    return _audit(run_folder, (*RULES, *RECORD_RULES))


def audit_answer(run_folder: Path) -> AuditReport:
    """Recompute the plan, the flows, the tables and the metrics of a run folder alone."""
    return _audit(run_folder, RULES)


def _audit(run_folder: Path, rules: Sequence[Rule]) -> AuditReport:
    """Read the input copy with the recorded overrides and variant, and audit the written answer."""
    run = read_run_json(run_folder)
    check_part("variant", OrNull(TEXT), run.get("variant"))
    tables = read(find_input(run_folder), run["overrides"], run.get("variant"))
    return audit(tables, read_answer(run_folder), rules)
