"""A lock on a file: held by one process at a time, and let go by the system when that one dies."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


LOOK_SECONDS = 0.1
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}  # another process has it
_UNKNOWN = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS}  # a file system without locks


def lock(path: Path, seconds: float = 0.0) -> int | None:
    """Lock a file, made with its folder where there is none, and give its handle for `unlock`;
    None where another process holds it for all these seconds.

    On a file system without locks nobody holds any. Raises OSError where the file cannot be made.
    """
    until = time.monotonic() + seconds
    while True:
        handle = _open(path)
        if handle is not None:
            if _taken(handle) and _same(handle, path):
                return handle
            os.close(handle)
        if time.monotonic() >= until:
            return None
        time.sleep(LOOK_SECONDS)


def unlock(handle: int, path: Path) -> None:
    """Let a lock go, and its file with it."""
    if sys.platform != "win32":  # there an open file cannot be removed
        path.unlink(missing_ok=True)
    os.close(handle)
    if sys.platform == "win32":
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return  # another process has it by now


def _open(path: Path) -> int | None:
    """The file, open; None where its folder goes away at this moment."""
    path.parent.mkdir(exist_ok=True)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except FileNotFoundError:
        return None


def _taken(handle: int) -> bool:
    try:
        _take(handle)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _UNKNOWN:
            os.close(handle)
            raise
    return True


def _same(handle: int, path: Path) -> bool:
    """Whether the name still leads to the locked file: who had it before may have removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
