"""Workbooks as other programs write them: the parts of an .xlsx changed, renamed or left out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Parts = dict[str, bytes]
Rewrite = Callable[[Parts], None]


def rewrite(path: Path, *changes: Rewrite) -> Path:
    """Change the parts of a workbook in place."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for change in changes:
        change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def swap(part: str, old: str, new: str) -> Rewrite:
    """Put `new` for `old` in every part whose name holds `part`; at least one has it."""

    def change(parts: Parts) -> None:
        found = [name for name in parts if part in name and old.encode() in parts[name]]
        assert found, (part, old)
        for name in found:
            parts[name] = parts[name].replace(old.encode(), new.encode())

    return change


def put(name: str, text: str) -> Rewrite:
    """Write a part anew."""

    def change(parts: Parts) -> None:
        parts[name] = text.encode()

    return change


def move(names: Mapping[str, str]) -> Rewrite:
    """Rename parts, whatever points to them."""

    def change(parts: Parts) -> None:
        for old, new in names.items():
            parts[new] = parts.pop(old)

    return change


def leave_out(name: str) -> Rewrite:
    """Leave a part out, whatever points to it."""

    def change(parts: Parts) -> None:
        del parts[name]

    return change
