"""The run folder: written beside its place and moved there when complete, so whole or absent.

Same run, same bytes, but for run.json's `seconds`, the times in the solver's own log, and the two
lines of manifest.json that hold the hashes of these files.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from opt.collector import at_rest
from opt.disk.place import Tell, ignore
from opt.record.crate import write_crate
from opt.record.folder import LOG_FILE, write_evidence
from opt.record.manifest import MANIFEST, touched_files, write_manifest
from opt.record.place import RunPlace, hold
from opt.record.projects import plan_rows
from opt.record.proof import write_proofs
from opt.record.run import Run
from opt.record.shown import Shown
from opt.record.studies import write_studies
from opt.report.documents import deck_bytes, memo_bytes, report_html, workbook_bytes
from opt.report.figures.registry import pictures, write_charts
from opt.report.statements import statements
from opt.report.story import Story

WAIT_SECONDS = 60.0  # for another process that writes the same folder


def write_run(
    run: Run,
    folder: Path,
    template: Path | None = None,
    *,
    overwrite: bool = False,
    tell: Tell = ignore,
) -> Path:
    """Writes the whole run folder and gives its path; `template` is a Word document whose styles,
    page, header and footer the memo takes.

    An existing folder is replaced only if it is an earlier run (it holds run.json) or empty. A
    better run is not replaced unless `overwrite`, and a run in which a person has written is moved
    beside: `tell` is called with where things are.

    Raises InputError if something else stands there, if the system refuses, or if the template
    cannot be used; whatever goes wrong, the notes of the error say where the evidence is kept.
    """
    with hold(folder, overwrite=overwrite, tell=tell, seconds=WAIT_SECONDS) as held:
        return write_into(held, run, template)


@at_rest()
def write_into(
    place: RunPlace,
    run: Run,
    template: Path | None = None,
    answers: Mapping[str, Shown] | None = None,
    *,
    slides: bool = False,
) -> Path:
    """As `write_run`, into a place that is held already, with the answers of studies by name; with
    `slides` the memo as slides too."""
    try:
        evidence = place.begin()
        _write_evidence(run, evidence)
        _write_documents(Story(run, answers), evidence, template, slides=slides)
        write_studies(answers or {}, evidence)
        write_crate(run, evidence)
        write_manifest(evidence)
        return place.settle(run)
    except Exception as error:
        words = kept_words(place, run)
        if isinstance(error, OSError):
            refused = place.cannot_write(error)
            refused.add_note(words)
            raise refused from error
        error.add_note(words)
        raise


def kept_words(place: RunPlace, run: Run) -> str:
    """Keep the evidence of a run of which no whole folder can be made, and say where it is: beside
    the place, else in the system's folder for temporary files, else nowhere but in these words."""
    attempts: tuple[Callable[[RunPlace, Run], Path], ...] = (_as_far, _again, _elsewhere)
    for attempt in attempts:
        with suppress(OSError, MemoryError):
            return f"Input, tables and run.json are kept in {attempt(place, run)}."
    rows = plan_rows(run.name, run.solution.commitments)
    return f"Nothing could be written. The plan, as rows of sheet plans:\n{rows}"


def _as_far(place: RunPlace, _: Run) -> Path:
    """What is whole of what was written: all that the manifest names."""
    unfinished = touched_files(place.new)
    if MANIFEST in unfinished or not (place.new / MANIFEST).is_file():
        raise FileNotFoundError(MANIFEST)
    for name in unfinished:
        (place.new / name).unlink()
    return place.move_beside(place.new, "evidence")


def _again(place: RunPlace, run: Run) -> Path:
    """The evidence alone, which takes less room."""
    _write_evidence(run, place.begin())
    return place.move_beside(place.new, "evidence")


def _elsewhere(place: RunPlace, run: Run) -> Path:
    """The evidence in the system's folder for temporary files."""
    folder = Path(tempfile.mkdtemp(prefix="opt-evidence-"))
    try:
        _write_evidence(run, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _write_evidence(run: Run, folder: Path) -> None:
    """What nothing else can be made of, into an empty folder; with its manifest it is whole."""
    write_evidence(run, statements(run), folder)
    write_proofs(run.proofs, folder)
    _write_text(folder / LOG_FILE, run.log)
    write_manifest(folder)


def _write_documents(story: Story, folder: Path, template: Path | None, *, slides: bool) -> None:
    """What is made of a run, and of the studies of it, for people."""
    vectors, pixels = pictures(story, "svg"), pictures(story, "png")
    _write_text(folder / "report.html", report_html(story, vectors))
    (folder / "memo.docx").write_bytes(memo_bytes(story, pixels, template))
    (folder / "results.xlsx").write_bytes(workbook_bytes(story))
    if slides:
        (folder / "deck.pptx").write_bytes(deck_bytes(story))
    write_charts(vectors, pixels, folder / "charts")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
