"""The place of a run: tried before a search begins, held by one process, and exchanged at once.

Beside the folder `NAME` stands, for as long as it is worked on, `.NAME.opt/`:

    lock        held by the process that works on NAME
    new/        the run that is being written
    replacing   the SHA-256 of new/manifest.json, from just before new/ and NAME change names
    old/        what stood at NAME before
    gone/       what is being removed

A process that is killed leaves it; whoever holds the place next mends what it says. Nothing that
was solved and nothing that a person wrote is removed: it is moved to a name beside NAME, told of.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from opt.errors import InputError, Issue
from opt.record.better import why_better
from opt.record.broken import read_json
from opt.record.exchange import exchange
from opt.record.folder import RUN_FILE, work_of
from opt.record.lock import lock, unlock
from opt.record.manifest import MANIFEST, touched_files
from opt.record.run import Run
from opt.refused import refusal, refused_place

Tell = Callable[[str], None]

# A try writes this much, in files as large and names as long as those of a run.
TRIAL_FILES, TRIAL_BYTES = 8, 256 * 1024
LONGEST_NAME = 40
ANOTHER = "Name another folder with --out."


def ignore(_: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Place:
    """Where a run is to stand while this process holds it.

    `overwrite` lets a run take the place of a better one. `tell` is called with each sentence on
    what became of other folders. Make one with `hold`.
    """

    folder: Path
    overwrite: bool = False
    tell: Tell = ignore
    work: Path = field(init=False)

    def __post_init__(self) -> None:
        """Name the folder of the work."""
        self.work = work_of(self.folder)

    @property
    def new(self) -> Path:
        """Where the run is written until it is whole."""
        return self.work / "new"

    @property
    def old(self) -> Path:
        """Where what stood at the place goes."""
        return self.work / "old"

    def try_out(self) -> None:
        """Write as much as a small run would, all files open at once, and remove it. Raises
        OSError."""
        trial = self.work / "trial" / "tables"
        try:
            trial.mkdir(parents=True)
            with ExitStack() as opened:
                for number in range(TRIAL_FILES):
                    name = f"{number}".rjust(LONGEST_NAME, "x")
                    opened.enter_context((trial / name).open("wb")).write(bytes(TRIAL_BYTES))
        finally:
            shutil.rmtree(self.work / "trial", ignore_errors=True)

    def begin(self) -> Path:
        """An empty folder for a new run."""
        self.clear()
        self.new.mkdir()
        return self.new

    def clear(self) -> None:
        """Remove what was begun and not put in place."""
        self._remove(self.new)

    def settle(self, run: Run) -> Path:
        """Put the written run where it is to stand, whole, and say where that is: beside, where a
        better run stands at the place. Files of the earlier run that a person wrote are kept.

        Raises InputError where something else than a run stands at the place, OSError where the
        system refuses.
        """
        refuse_foreign(self.folder)
        reason = "" if self.overwrite else self._why_better(run)
        if reason:
            kept = self.move_beside(self.new, "new")
            self.tell(
                f"{self.folder} holds a better run and stays. {reason} The new one is in {kept};"
                " --overwrite puts it in place of the other."
            )
            return kept
        self._put()
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

    def _put(self) -> None:
        if not self.folder.exists():
            self.new.rename(self.folder)
            return
        if not any(self.folder.iterdir()):
            self.folder.rmdir()
            self.new.rename(self.folder)
            return
        self._replacing.write_text(_mark(self.new), encoding="ascii")
        if exchange(self.new, self.folder):
            self.new.rename(self.old)
        else:
            self._exchange_in_two()
        self._replacing.unlink()
        self._put_away(self.old)

    def _exchange_in_two(self) -> None:
        """Where names cannot be exchanged: killed in between, the next process mends it."""
        self.folder.rename(self.old)
        try:
            self.new.rename(self.folder)
        except OSError:
            self.old.rename(self.folder)
            raise

    @property
    def _replacing(self) -> Path:
        return self.work / "replacing"

    def _put_away(self, earlier: Path) -> None:
        """Remove an earlier run, or keep it beside where a person has written in it."""
        touched = touched_files(earlier)
        if not touched:
            self._remove(earlier)
            return
        kept = self.move_beside(earlier, "kept")
        names = ", ".join(touched[:3]) + (f" and {len(touched) - 3} more" * (len(touched) > 3))
        self.tell(f"The run before has files that were edited or added ({names}); it is in {kept}.")

    def move_beside(self, folder: Path, word: str) -> Path:
        """Move a folder to the next free name beside the place, and give it: NAME-word, NAME-word-2
        and so on."""
        for number in count(1):
            target = self.folder.with_name(
                f"{self.folder.name}-{word}" + (f"-{number}" if number > 1 else "")
            )
            if not os.path.lexists(target):
                folder.rename(target)
                return target
        raise AssertionError("unreachable")

    def mend(self) -> None:
        """Clear up what a killed process left: what stood at the place comes back, what it had
        written to the end is kept beside, the rest is removed."""
        shutil.rmtree(self.work / "gone", ignore_errors=True)
        if self.old.is_dir():
            if self.folder.exists():
                self._put_away(self.old)
            else:
                self.old.rename(self.folder)
                self.tell(f"{self.folder} is back: a process was killed while it replaced it.")
        if self.new.is_dir():
            self._mend_new()
        shutil.rmtree(self.work / "trial", ignore_errors=True)
        self._replacing.unlink(missing_ok=True)

    def _mend_new(self) -> None:
        if self._exchanged():
            self._put_away(self.new)
        elif (self.new / MANIFEST).is_file() and not touched_files(self.new):
            kept = self.move_beside(self.new, "new")
            self.tell(f"A process was killed before it put its run in place; the run is in {kept}.")
        else:
            self.clear()

    def _remove(self, folder: Path) -> None:
        """Remove a folder, as far as the system lets go of it. Killed in the middle, what is left
        must not pass for a run."""
        gone = self.work / "gone"
        shutil.rmtree(gone, ignore_errors=True)
        with suppress(OSError):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _exchanged(self) -> bool:
        """Whether new/ and the place had changed names already, so that new/ is the earlier run."""
        return self._replacing.is_file() and self._replacing.read_text("ascii") != _mark(self.new)


def _mark(folder: Path) -> str:
    """What tells a run from every other: the SHA-256 of its manifest; blank where it has none."""
    path = folder / MANIFEST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@contextmanager
def hold(
    folder: Path, *, overwrite: bool = False, tell: Tell = ignore, seconds: float = 0.0
) -> Iterator[Place]:
    """The place of a run for as long as this is open, tried and mended.

    Raises InputError where something else than a run stands there, where nothing can be written,
    or where another process holds it for all these seconds.
    """
    refuse_unfit(folder)
    place = Place(folder, overwrite, tell)
    made = [parent for parent in folder.parents if not parent.exists()]
    try:
        handle = _taken(place, seconds)
        try:
            yield place
        finally:
            _let_go(place, handle)
    finally:
        _remove_empty(made)


def _taken(place: Place, seconds: float) -> int:
    """The lock of a place that can be written to, mended."""
    file = place.work / "lock"
    try:
        place.folder.parent.mkdir(parents=True, exist_ok=True)
        handle = lock(file, seconds)
        if handle is None:
            message = f"another process is writing {place.folder}."
            raise InputError([Issue("--out", "", str(place.folder), message, f"Wait. {ANOTHER}")])
        try:
            place.mend()
            # What was mended may stand there now.
            refuse_foreign(place.folder)
            place.try_out()
        except BaseException:
            _let_go(place, handle)
            raise
    except OSError as error:
        _remove_empty([place.work])
        raise cannot_write(error, place.folder) from error
    return handle


def _let_go(place: Place, handle: int) -> None:
    place.clear()
    unlock(handle, place.work / "lock")
    _remove_empty([place.work])


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders that were made for nothing; those that hold something by now stay."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def cannot_write(error: OSError, folder: Path) -> InputError:
    """What the system refused, as a fault of --out."""
    message, hint = refusal(error) or (f"{error}.", "")
    named = Path(refused_place(error) or folder)
    work = work_of(folder)
    place = folder if named == work or work in named.parents else named
    words = f"{place} cannot be written: {message}"
    return InputError([Issue("--out", "", str(folder), words, hint or ANOTHER)])


def refuse_unfit(folder: Path) -> None:
    """Raises InputError where no run can stand: at something else than a run, at the folder that
    the command was called in or one above it, or where another file system begins."""
    here, full = Path.cwd(), Path(os.path.abspath(folder))  # noqa: PTH100  links stay as named
    if full == here or full in here.parents:
        message = f"{folder} is the folder you are in, or above it."
    elif os.path.ismount(folder):
        message = f"{folder} is where another disk begins, which cannot be renamed."
    else:
        refuse_foreign(folder)
        return
    raise InputError([Issue("--out", "", str(folder), message, ANOTHER)])


def refuse_foreign(folder: Path) -> None:
    """Raises InputError where something else than a run stands."""
    try:
        mode = folder.lstat().st_mode
        if stat.S_ISDIR(mode):
            if (folder / RUN_FILE).is_file() or not any(folder.iterdir()):
                return
            message = f"{folder} holds other files and is not a run folder; nothing was written."
        else:
            message = f"{folder} is not a folder; nothing was written."
    except FileNotFoundError:
        return
    except OSError as error:
        raise cannot_write(error, folder) from error
    raise InputError([Issue("--out", "", str(folder), message, ANOTHER)])
