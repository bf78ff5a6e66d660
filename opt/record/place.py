"""The place of a run: a better run stays at it, and one that a person has edited is kept beside."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from opt.disk.place import NAMED, FolderPlace, Tell, hold_place, ignore
from opt.errors import InputError, Issue
from opt.record.better import why_better
from opt.record.broken import read_json
from opt.record.folder import RUN_FILE
from opt.record.manifest import MANIFEST, touched_files
from opt.record.run import Run
from opt.words import some

ANOTHER = "Name another folder with --out."


@dataclass(slots=True)
class RunPlace(FolderPlace):
    """Where a run is to stand while this process holds it.

    `overwrite` lets a run take the place of a better one.
    """

    overwrite: bool = False

    def refused(self, message: str, hint: str = ANOTHER) -> InputError:
        """A fault of --out."""
        return InputError([Issue("--out", "", str(self.folder), message, hint)])

    def settle(self, run: Run) -> Path:
        """Put the written run where it is to stand, whole, and say where that is: beside, where a
        better run stands at the place. Files of the earlier run that a person wrote are kept.

        Raises InputError where something else than a run stands at the place, OSError where the
        system refuses.
        """
        self.refuse_foreign()
        reason = "" if self.overwrite else self._why_better(run)
        if reason:
            kept = self.move_beside(self.new, "new")
            self.tell(
                f"{self.folder} holds a better run and stays. {reason} The new one is in {kept};"
                " --overwrite puts it in place of the other."
            )
            return kept
        self.put()
        return self.folder

    def _why_better(self, run: Run) -> str:
        """Why the run that stands at the place is better; blank where there is none, or one that
        cannot be read."""
        if not (self.folder / RUN_FILE).is_file():
            return ""
        try:
            return why_better(read_json(self.folder / RUN_FILE), run)
        except (InputError, KeyError, TypeError, ValueError):
            return ""

    def refuse_foreign(self) -> None:
        """Raises InputError where something else than a run stands."""
        folder = self.folder
        try:
            mode = folder.lstat().st_mode
            if stat.S_ISDIR(mode):
                if (folder / RUN_FILE).is_file() or not any(folder.iterdir()):
                    return
                message = (
                    f"{folder} holds other files and is not a run folder; nothing was written."
                )
            else:
                message = f"{folder} is not a folder; nothing was written."
        except FileNotFoundError:
            return
        except OSError as error:
            raise self.cannot_write(error) from error
        raise self.refused(message)

    def mark(self, folder: Path) -> str:
        """The SHA-256 of the manifest; blank where there is none."""
        path = folder / MANIFEST
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""

    def put_away(self, earlier: Path) -> None:
        """Remove an earlier run, or keep it beside where a person has written in it."""
        touched = touched_files(earlier)
        if not touched:
            self.remove(earlier)
            return
        kept = self.move_beside(earlier, "kept")
        names = some(touched, NAMED)
        self.tell(f"The run before has files that were edited or added ({names}); it is in {kept}.")

    def mend_begun(self) -> None:
        """Keep beside a run that was written to its end."""
        if (self.new / MANIFEST).is_file() and not touched_files(self.new):
            kept = self.move_beside(self.new, "new")
            self.tell(f"A process was killed before it put its run in place; the run is in {kept}.")
        else:
            self.clear()


@contextmanager
def hold(
    folder: Path, *, overwrite: bool = False, tell: Tell = ignore, seconds: float = 0.0
) -> Iterator[RunPlace]:
    """The place of a run for as long as this is open, tried and mended.

    Raises InputError where something else than a run stands there, where nothing can be written,
    or where another process holds it for all these seconds.
    """
    place = RunPlace(folder, tell, overwrite)
    with hold_place(place, seconds):
        yield place
