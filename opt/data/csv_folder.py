"""A folder of CSV files, put in place whole; what else a person keeps there stays."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opt.data.reading.workbook import is_table
from opt.disk.place import NAMED, FolderPlace, Tell, hold_place, ignore
from opt.errors import InputError, Issue
from opt.words import some


@dataclass(slots=True)
class CsvPlace(FolderPlace):
    """Where a folder of CSV files is to stand. `force` lets the tables of one that is there be
    replaced; those that the new one has not are moved beside."""

    force: bool = False

    def refused(self, message: str, hint: str = "Name another target.") -> InputError:
        """A fault of the target."""
        return InputError([Issue(self.folder.name, "", "", message, hint)])

    def refuse_foreign(self) -> None:
        """Raises InputError where something stands, unless it is a folder and `force` is given."""
        if not os.path.lexists(self.folder):
            return
        if self.folder.is_symlink():
            raise self.refused("this is a link, and none is followed.")
        if not self.folder.is_dir():
            raise self.refused("a file and a folder cannot replace each other.")
        try:
            is_empty = not any(self.folder.iterdir())
        except OSError as error:
            raise self.cannot_write(error) from error
        if not is_empty and not self.force:
            raise self.refused("it exists already.", "Name another target, or add --force.")

    def mark(self, folder: Path) -> str:
        """The SHA-256 of the names and bytes of all files."""
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            digest.update(os.fsencode(path.relative_to(folder)) + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"")
        return digest.hexdigest()

    def keep_others(self) -> None:
        """Copy into the new folder what stands at the place and is no table, links as links.
        Raises OSError."""
        if not self.folder.is_dir():
            return
        for entry in sorted(self.folder.iterdir()):
            copy = self.new / entry.name
            if entry.is_dir() and not entry.is_symlink():
                shutil.copytree(entry, copy, symlinks=True)
            elif not is_table(entry.name):
                shutil.copy2(entry, copy, follow_symlinks=False)
        shutil.copymode(self.folder, self.new)

    def put_away(self, earlier: Path) -> None:
        """Remove an earlier folder; what the one in its place has not is kept beside."""
        entries = sorted(earlier.iterdir())
        left = [entry.name for entry in entries if not self._has(entry)]
        if not left:
            self.remove(earlier)
            return
        for entry in filter(self._has, entries):
            _delete(entry)
        kept = self.move_beside(earlier, "kept")
        names = some(left, NAMED)
        self.tell(f"{self.folder} had files that are no part of it now ({names}): see {kept}.")

    def mend_begun(self) -> None:
        """Keep beside what is neither a table nor a copy of what stands at the place."""
        if all(is_table(entry.name) or self._has(entry) for entry in self.new.iterdir()):
            self.clear()
            return
        kept = self.move_beside(self.new, "kept")
        self.tell(f"A process was killed while it wrote {self.folder}: see {kept}.")

    def _has(self, entry: Path) -> bool:
        return os.path.lexists(self.folder / entry.name)


def _delete(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()


def put_tables(
    folder: Path, write: Callable[[Path], None], *, force: bool = False, tell: Tell = ignore
) -> None:
    """Let `write` fill a folder with CSV files, and put that in place whole.

    `force` replaces those of a folder that is there; `tell` is called with where things are that
    it does not hold any more. Raises InputError where the folder cannot stand there or the system
    refuses.
    """
    place = CsvPlace(folder, tell, force)
    with hold_place(place):
        try:
            new = place.begin()
            place.keep_others()
            write(new)
            place.put()
        except OSError as error:
            raise place.cannot_write(error) from error
