"""The run folder: written beside its place and moved there when complete, so whole or absent.

Same run, same bytes, but for run.json's `seconds`, the times in the solver's own log, and the two
lines of manifest.json that hold the hashes of these files.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from opt.errors import InputError, Issue
from opt.record.folder import LOG_FILE, RUN_FILE, write_evidence
from opt.record.manifest import write_manifest
from opt.record.proof import write_proofs
from opt.record.run import Run
from opt.report.documents import memo_bytes, report_html, workbook_bytes
from opt.report.figures.registry import pictures, write_charts
from opt.report.statements import statements
from opt.report.story import Story


def write_run(run: Run, folder: Path, template: Path | None = None) -> Path:
    """Writes the whole run folder and gives its path; `template` is a Word document whose styles,
    page, header and footer the memo takes.

    An existing folder is replaced only if it is an earlier run (it holds run.json) or empty.
    Raises InputError if something else stands there, if a file of it is open elsewhere, or if the
    template cannot be used.
    """
    refuse_foreign(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except PermissionError as error:
        raise _locked(error, folder) from error
    try:
        fresh.chmod(0o755)
        _write_files(run, fresh, template)
        write_manifest(fresh)
        _move_into_place(fresh, folder)
    except PermissionError as error:
        raise _locked(error, folder) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _write_files(run: Run, folder: Path, template: Path | None) -> None:
    """Every file of the run, into a folder that exists."""
    write_evidence(run, statements(run), folder)
    write_proofs(run.proofs, folder)
    _write_text(folder / LOG_FILE, run.log)
    story = Story(run)
    _write_text(folder / "report.html", report_html(story))
    drawn = pictures(story, "png")
    (folder / "memo.docx").write_bytes(memo_bytes(story, drawn, template))
    (folder / "results.xlsx").write_bytes(workbook_bytes(story))
    write_charts(story, drawn, folder / "charts")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def refuse_foreign(folder: Path) -> None:
    """Raises InputError where something else than a run stands: asked before a search begins, so
    that none is lost."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_dir() and not folder.is_symlink():
        if (folder / RUN_FILE).is_file() or not any(folder.iterdir()):
            return
        message = f"{folder} holds other files and is not a run folder; nothing was written."
    else:
        message = f"{folder} is not a folder; nothing was written."
    raise InputError([Issue("--out", "", str(folder), message, "Name another folder with --out.")])


def _move_into_place(fresh: Path, folder: Path) -> None:
    """Puts the new folder in place of the old one; the old one comes back if that fails."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent)) / folder.name
    try:
        folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            old.rename(folder)
            raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)


def _locked(error: PermissionError, folder: Path) -> InputError:
    name = error.filename or str(folder)
    message = (
        f"{name} cannot be written: it is open in another program, or you may not write there."
    )
    hint = "Close it and run again, or name another folder with --out."
    return InputError([Issue("--out", "", str(folder), message, hint)])
