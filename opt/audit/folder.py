"""The audit of a finished run folder: its files against the manifest, then all that they say.

Memo, page, workbook, charts and log are for people, who may edit them: that is told. Everything
else is evidence: a changed, missing or added file of it is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opt.audit.check import AuditReport, Check, holds, merge_reports, write_report
from opt.audit.document import same_audit
from opt.audit.evidence import read_answer, read_run_json
from opt.audit.facts import same_facts
from opt.audit.rule import AuditRule
from opt.audit.rules import RECORD_RULES, RULES, audit
from opt.data.reader import read
from opt.data.tables import Tables
from opt.errors import InputError
from opt.record.broken import broken, read_json
from opt.record.folder import find_input, read_document
from opt.record.manifest import MANIFEST, file_hashes
from opt.record.shape import TEXT, OrNull, check_part

FOR_PEOPLE = (
    *("memo.docx", "report.html", "results.xlsx", "deck.pptx", "solver.log"),
    *("charts/", "studies/"),
)
# The rules of all that a run says, but for what it says of its own audit.
WHOLE = (*RULES, *RECORD_RULES)
# Nothing but evidence may lie here; and this much is evidence of every run.
EVIDENCE = ("input/", "tables/", "run.json", "facts.csv", "ro-crate-metadata.json")


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
    run = read_run_json(run_folder)
    tables = _input(run_folder, run)
    found = audit(tables, read_answer(run_folder), WHOLE)
    twin = same_facts(run_folder, run, tables)
    again = write_report([("same_audit", same_audit(run, found)), ("same_facts", twin)])
    return FolderReport(merge_reports(merge_reports(report, found), again), files)


def audit_run(run_folder: Path) -> AuditReport:
    """Recompute all that a run folder says, but for what it says of its own audit."""
    return _audit(run_folder, WHOLE)


def audit_answer(run_folder: Path) -> AuditReport:
    """Recompute the plan, the flows, the tables and the metrics of a run folder alone."""
    return _audit(run_folder, RULES)


def _audit(run_folder: Path, rules: Sequence[AuditRule]) -> AuditReport:
    """Audit the written answer, of the input copy with what was recorded in place of its cells."""
    tables = _input(run_folder, read_run_json(run_folder))
    return audit(tables, read_answer(run_folder), rules)


def _input(run_folder: Path, run: Mapping[str, Any]) -> Tables:
    """The input copy, with what was recorded in place of its cells."""
    check_part("variant", OrNull(TEXT), run.get("variant"))
    asked = (run["overrides"], run.get("variant"))
    return read(find_input(run_folder), *asked, decisions=run["decisions"])


@dataclass(frozen=True, slots=True)
class Files:
    """Paths within a run folder by what became of them.

    `edited` and `removed` are for people, `changed`, `missing` and `strange` evidence, `added` are
    the user's own files.
    """

    count: int = 0
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


def compare_files(folder: Path) -> Files:
    """The files of a run folder beside its manifest; an InputError where that cannot be read."""
    path = folder / MANIFEST
    if not path.is_file():
        return Files(missing=(MANIFEST,))
    written, found = _read_manifest(path), file_hashes(folder)
    gone = [name for name in written if name not in found]
    new = [name for name in found if name not in written]
    other = [name for name in written if name in found and written[name] != found[name]]
    return Files(
        count=len(written),
        edited=tuple(name for name in other if _lies_in(name, FOR_PEOPLE)),
        removed=tuple(name for name in gone if _lies_in(name, FOR_PEOPLE)),
        added=tuple(name for name in new if not _lies_in(name, EVIDENCE)),
        changed=tuple(name for name in other if not _lies_in(name, FOR_PEOPLE)),
        missing=tuple(name for name in gone if not _lies_in(name, FOR_PEOPLE)),
        strange=tuple(name for name in new if _lies_in(name, EVIDENCE)),
    )


def keep_files(files: Files) -> Iterator[Check]:
    """The files that are evidence are those of the manifest, each with its SHA-256."""
    faults = {
        "changed since written": files.changed,
        "is missing": files.missing,
        "not written by opt": files.strange,
    }
    for words, names in faults.items():
        yield from (holds((name, words), False) for name in names)
    kept = files.count - len(files.changed) - len(files.missing)
    yield from (holds(("file", number), True) for number in range(kept))


def words_of(files: Files) -> Iterator[str]:
    """What a person is told of the files that are no evidence, a sentence each."""
    told = {
        "edited since written": files.edited,
        "removed since written": files.removed,
        "not written by opt, not looked at": files.added,
    }
    for words, names in told.items():
        yield from (f"{name}: {words}." for name in names)


def _lies_in(name: str, places: tuple[str, ...]) -> bool:
    """Whether a file is one of some files, or lies in one of some folders (`charts/`)."""
    return any(name == p or (p.endswith("/") and name.startswith(p)) for p in places)


def _read_manifest(path: Path) -> Mapping[str, str]:
    written = read_json(path)
    wrong = [name for name, value in written.items() if not isinstance(value, str)]
    if wrong:
        raise InputError([broken(path, name, "", "is not text.") for name in wrong])
    return written
