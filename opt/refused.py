"""What the system refuses, in words: a full disk, a place that may not be written, no memory.

None of it is a fault of opt; each can be mended by whoever runs it.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

_HERE = os.fspath(Path(__file__).parent)
_ROOM = "Free some space, or name a place on another disk."
_ELSEWHERE = "Name a place where you may write."
_HANDLES = "End other programs, or raise the limit (ulimit -n)."
_WORDS = {
    errno.ENOSPC: ("the disk is full.", _ROOM),
    errno.EFBIG: ("a file may not grow so large here.", "Raise the limit (ulimit -f)."),
    errno.EROFS: ("it can only be read there.", _ELSEWHERE),
    errno.EACCES: ("it is open in another program, or you may not.", f"Close it. {_ELSEWHERE}"),
    errno.EPERM: ("the system does not allow it.", _ELSEWHERE),
    errno.EMFILE: ("too many files are open.", _HANDLES),
    errno.ENFILE: ("too many files are open.", _HANDLES),
    errno.ENAMETOOLONG: ("the name is too long.", "Name a shorter one."),
    errno.ENOENT: ("there is no such file or folder.", "Name one that exists."),
    errno.ENOTDIR: ("a file stands where a folder must be.", "Name another."),
    errno.EISDIR: ("a folder stands where a file must be.", "Name another."),
    errno.EEXIST: ("something else stands there.", "Name another."),
    errno.EBUSY: ("it is in use.", "Name another."),
    errno.EIO: ("the device does not answer.", "Name a place on another disk."),
    errno.EINVAL: ("the system does not take it as the name of a place.", "Name another."),
    errno.ELOOP: ("its links lead in a circle.", "Name another."),
    errno.ENOMEM: ("memory ran out.", "End other programs, or raise the limit (ulimit -v)."),
}
# Codes that not every system has.
for _name, _like in (("EDQUOT", errno.ENOSPC), ("ESTALE", errno.EIO)):
    if hasattr(errno, _name):
        _WORDS[getattr(errno, _name)] = _WORDS[_like]
# How the loader of libraries says it, where it gives no code.
_LOADER = {
    "failed to map segment": errno.ENOMEM,
    "cannot allocate memory": errno.ENOMEM,
    "cannot create shared object descriptor": errno.ENOMEM,
    "too many open files": errno.EMFILE,
}


def refusal(error: BaseException) -> tuple[str, str] | None:
    """What the system refused and how to mend it; None where the error says nothing of the kind."""
    code = _code(error)
    return None if code is None else _WORDS.get(code)


def refused_place(error: BaseException) -> str:
    """The file or folder that an error of the system is about; blank where it names none."""
    name = getattr(error, "filename", None)
    return os.fsdecode(name) if isinstance(name, str | bytes | os.PathLike) else ""


def _code(error: BaseException) -> int | None:
    if isinstance(error, MemoryError):
        return errno.ENOMEM
    if isinstance(error, ImportError):
        text = str(error).casefold()
        return next((code for words, code in _LOADER.items() if words in text), None)
    if not isinstance(error, OSError):
        return None
    # A file of the package that is not there is nobody else's fault.
    ours = isinstance(error.filename, str) and error.filename.startswith(_HERE)
    return None if ours and error.errno == errno.ENOENT else error.errno
