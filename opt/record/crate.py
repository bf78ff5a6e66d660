"""The run folder as a research object: ro-crate-metadata.json of RO-Crate 1.1.

It says in JSON-LD what each file is, of which workbook and by which software it was made, so that
archives can take the folder as it is. It holds no clock: the date is that of the data, and the
hashes of files that hold one stand in manifest.json alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opt.record.manifest import MANIFEST
from opt.record.run import Run

CRATE_FILE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
FORMATS = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".json": "application/json",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".mps": "text/plain",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NAMES = {
    "run.json": "The answer for programs",
    "facts.csv": "Every number of the answer as one long table",
    "results.xlsx": "The answer as a workbook",
    "memo.docx": "The memo",
    "report.html": "The answer as a page",
    "deck.pptx": "The memo as slides",
    "solver.log": "The log of the solver",
    MANIFEST: "The SHA-256 of every other file",
}
# Files that differ by the seconds that a solve took, or by the hashes of such files.
WITH_CLOCK = frozenset({"run.json", "solver.log", MANIFEST})
NO_DATE = "1970-01-01"  # where the workbook states no date of its data: the crate asks for one


def write_crate(run: Run, folder: Path) -> None:
    """Write folder/ro-crate-metadata.json of the files that the folder holds."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix() for path in paths} - {CRATE_FILE}
    graph = _crate(run, folder, sorted(files | {MANIFEST}))
    text = json.dumps(graph, indent=2, ensure_ascii=False) + "\n"
    (folder / CRATE_FILE).write_text(text, encoding="utf-8", newline="\n")


def _crate(run: Run, folder: Path, parts: list[str]) -> dict[str, Any]:
    """The document: itself, the folder, what was done, by what, and each file."""
    graph = [_itself(), _folder(run, parts), _action(run, parts), *_software(run.versions)]
    return {"@context": CONTEXT, "@graph": [*graph, *(_file(folder, name) for name in parts)]}


def _itself() -> dict[str, Any]:
    return {
        "@id": CRATE_FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }


def _folder(run: Run, parts: list[str]) -> dict[str, Any]:
    settings = run.case.settings
    found: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": run.id,
        "name": run.title,
        "description": f"A plan and its proof of workbook {run.name}, scenario "
        f"{run.scenario or 'base'}, objective {run.objective}.",
        "datePublished": str(settings.get("data_date") or NO_DATE),
        "hasPart": [{"@id": name} for name in parts],
        "mentions": {"@id": "#solve"},
    }
    if settings.get("licence"):
        found["license"] = str(settings["licence"])
    if settings.get("data_version"):
        found["version"] = str(settings["data_version"])
    return found


def _action(run: Run, parts: list[str]) -> dict[str, Any]:
    made = [name for name in parts if not name.startswith("input/")]
    return {
        "@id": "#solve",
        "@type": "CreateAction",
        "name": "Plan found, proven and audited",
        "instrument": {"@id": "#opt"},
        "object": [{"@id": name} for name in parts if name.startswith("input/")],
        "result": [{"@id": name} for name in made],
    }


def _software(versions: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version}
        for name, version in versions.items()
    ]


def _file(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": name, "@type": "File", "name": NAMES.get(name, name)}
    if (form := FORMATS.get(Path(name).suffix)) is not None:
        found["encodingFormat"] = form
    if name not in WITH_CLOCK:
        found["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return found
