"""The place of a folder: tried before any work begins, held by one process, and exchanged at once.

Beside the folder `NAME` stands, for as long as it is worked on, `.NAME.opt/`:

    lock        held by the process that works on NAME
    new/        the folder that is being written
    replacing   what tells new/ from NAME, from just before the two change names
    old/        what stood at NAME before
    gone/       what is being removed

A process that is killed leaves it; whoever holds the place next mends what it says. Nothing that
was solved and nothing that a person wrote is removed: it is moved to a name beside NAME, told of.
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from opt.disk.exchange import exchange
from opt.disk.lock import lock, unlock
from opt.errors import InputError
from opt.refused import refusal, refused_place

Tell = Callable[[str], None]

# A try writes this much, in files as large and names as long as those of a run.
TRIAL_FILES, TRIAL_BYTES = 8, 256 * 1024
LONGEST_NAME = 40
NAMED = 3  # files that a sentence names


def ignore(_: str) -> None:
    """Tell nobody."""


def work_of(folder: Path) -> Path:
    """What stands beside a folder for as long as a process works on it."""
    return folder.parent / f".{folder.name}.opt"


@dataclass(slots=True)
class FolderPlace(ABC):
    """Where a folder is to stand while this process holds it, by `hold_place`.

    `tell` is called with each sentence on what became of other folders. A kind of folder says what
    may stand at its place, what tells two of them apart, and what becomes of an earlier one.
    """

    folder: Path
    tell: Tell = ignore
    work: Path = field(init=False)

    def __post_init__(self) -> None:
        """Name the folder of the work."""
        self.work = work_of(self.folder)

    @abstractmethod
    def refused(self, message: str, hint: str = ...) -> InputError:
        """A fault of the place as the user named it; where no hint is given, to name another."""

    @abstractmethod
    def refuse_foreign(self) -> None:
        """Raises InputError where something stands that must not be replaced."""

    @abstractmethod
    def mark(self, folder: Path) -> str:
        """What tells a folder of this kind from every other."""

    @abstractmethod
    def put_away(self, earlier: Path) -> None:
        """Remove what stood at the place before, but for what a person wrote in it."""

    @abstractmethod
    def mend_begun(self) -> None:
        """Remove what a killed process had begun in new/, or keep it beside where it is of use."""

    @property
    def new(self) -> Path:
        """Where the folder is written until it is whole."""
        return self.work / "new"

    @property
    def old(self) -> Path:
        """Where what stood at the place goes."""
        return self.work / "old"

    @property
    def _replacing(self) -> Path:
        return self.work / "replacing"

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
        """An empty folder to write into."""
        self.clear()
        self.new.mkdir()
        return self.new

    def clear(self) -> None:
        """Remove what was begun and not put in place."""
        self.remove(self.new)

    def put(self) -> None:
        """Let what was written change places with what stands there, at once, and put that away.

        Raises OSError where the system refuses.
        """
        if not self.folder.exists():
            self.new.rename(self.folder)
            return
        if not any(self.folder.iterdir()):
            self.folder.rmdir()
            self.new.rename(self.folder)
            return
        self._replacing.write_text(self.mark(self.new), encoding="ascii")
        if exchange(self.new, self.folder):
            self.new.rename(self.old)
        else:
            self._exchange_in_two()
        self._replacing.unlink()
        self.put_away(self.old)

    def _exchange_in_two(self) -> None:
        """Where names cannot be exchanged: killed in between, the next process mends it."""
        self.folder.rename(self.old)
        try:
            self.new.rename(self.folder)
        except OSError:
            self.old.rename(self.folder)
            raise

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
        begun is kept beside or removed."""
        shutil.rmtree(self.work / "gone", ignore_errors=True)
        if self.old.is_dir():
            if self.folder.exists():
                self.put_away(self.old)
            else:
                self.old.rename(self.folder)
                self.tell(f"{self.folder} is back: a process was killed while it replaced it.")
        if self.new.is_dir():
            if self._exchanged():
                self.put_away(self.new)
            else:
                self.mend_begun()
        shutil.rmtree(self.work / "trial", ignore_errors=True)
        self._replacing.unlink(missing_ok=True)

    def _exchanged(self) -> bool:
        """Whether new/ and the place had changed names already, so that new/ is the earlier one."""
        return self._replacing.is_file() and self._replacing.read_text("ascii") != self.mark(
            self.new
        )

    def remove(self, folder: Path) -> None:
        """Remove a folder, as far as the system lets go of it. Killed in the middle, what is left
        must not pass for a whole one."""
        gone = self.work / "gone"
        shutil.rmtree(gone, ignore_errors=True)
        with suppress(OSError):
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def cannot_write(self, error: OSError) -> InputError:
        """What the system refused, as a fault of the place."""
        message, hint = refusal(error) or (f"{error}.", "")
        named = Path(refused_place(error) or self.folder)
        place = self.folder if named == self.work or self.work in named.parents else named
        words = f"{place} cannot be written: {message}"
        return self.refused(words, hint) if hint else self.refused(words)


@contextmanager
def hold_place(place: FolderPlace, seconds: float = 0.0) -> Iterator[None]:
    """Hold a place, tried and mended, for as long as this is open.

    Raises InputError where it cannot stand there, where nothing can be written, or where another
    process holds it for all these seconds.
    """
    _refuse_unfit(place)
    made = [parent for parent in place.folder.parents if not parent.exists()]
    try:
        handle = _taken(place, seconds)
        try:
            yield
        finally:
            _let_go(place, handle)
    finally:
        _remove_empty(made)


def _taken(place: FolderPlace, seconds: float) -> int:
    """The lock of a place that can be written to, mended."""
    file = place.work / "lock"
    try:
        place.folder.parent.mkdir(parents=True, exist_ok=True)
        handle = lock(file, seconds)
        if handle is None:
            message = f"another process is writing {place.folder}."
            raise place.refused(message, "Wait, or name another.")
        try:
            place.mend()
            # What was mended may stand there now.
            place.refuse_foreign()
            place.try_out()
        except BaseException:
            _let_go(place, handle)
            raise
    except OSError as error:
        _remove_empty([place.work])
        raise place.cannot_write(error) from error
    return handle


def _let_go(place: FolderPlace, handle: int) -> None:
    place.clear()
    unlock(handle, place.work / "lock")
    _remove_empty([place.work])


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders that were made for nothing; those that hold something by now stay."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _refuse_unfit(place: FolderPlace) -> None:
    """Raises InputError where no folder can be put: at something that must not be replaced, at the
    folder that the command was called in or one above it, or where another file system begins."""
    here, full = Path.cwd(), Path(os.path.abspath(place.folder))  # noqa: PTH100  links stay as named
    if full == here or full in here.parents:
        raise place.refused(f"{place.folder} is the folder you are in, or above it.")
    if os.path.ismount(place.folder):
        message = f"{place.folder} is where another disk begins, which cannot be renamed."
        raise place.refused(message)
    place.refuse_foreign()
