"""The manifest of a run folder: the SHA-256 of every file, so that accidents show.

It is no proof: who changes a file can change the manifest too. What the files say is recomputed by
the audit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

MANIFEST = "manifest.json"
# What a file manager drops into the folders that it shows.
DROPPED = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder but the manifest, by its path within, sorted."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: hashlib.sha256(files[name].read_bytes()).hexdigest()
        for name in sorted(files)
        if files[name].is_file() and name != MANIFEST
    }


def manifest_text(hashes: Mapping[str, str]) -> str:
    """The manifest as written: one object, path to SHA-256, in the order of the paths."""
    return json.dumps(dict(sorted(hashes.items())), indent=2, ensure_ascii=False) + "\n"


def write_manifest(folder: Path) -> None:
    """Write manifest.json of all that a folder holds; the last file of a run."""
    text = manifest_text(file_hashes(folder))
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def touched_files(folder: Path) -> tuple[str, ...]:
    """The files of a folder that are not as its manifest says: edited or added since it was
    written, by their path within, sorted. Without a manifest that is every file.
    """
    try:
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        written = None
    known = written if isinstance(written, dict) else {}
    kept = {MANIFEST} if written is known else set()
    now = file_hashes(folder)
    return tuple(
        name
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or not path.is_dir()) and path.name not in DROPPED
        if (name := path.relative_to(folder).as_posix()) not in kept
        if path.is_symlink() or name not in known or known[name] != now.get(name)
    )
