"""Standard streams that outlive what they lead to.

A search must not end because nobody reads its progress any more, nor a finished one end with
another exit code because the reader of its answer took a few lines and left.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import IO, Any, BinaryIO, TextIO

# The reader went away: a closed pipe, a terminal that hung up; Windows answers EINVAL for a pipe.
GONE = {errno.EPIPE, errno.EIO, errno.ECONNRESET, errno.ESHUTDOWN}
if sys.platform == "win32":
    GONE.add(errno.EINVAL)
STDOUT = "standard output"


class Lasting(io.RawIOBase):
    """The bytes of a stream, which lead nowhere once they cannot be written.

    With `must` that is so only where the reader went away; a full disk, say, is raised.
    """

    def __init__(self, raw: IO[bytes], must: bool) -> None:
        self.raw = raw
        self.must = must
        self.nowhere = False

    def write(self, data: Any) -> int:
        """Write bytes, or take them to lead nowhere. Raises OSError."""
        view = memoryview(data)
        if not self.nowhere:
            try:
                return self.raw.write(view) or 0
            except OSError as error:
                # Whatever is left in the buffers would be tried again when the process ends.
                self.nowhere = True
                if self.must and error.errno not in GONE:
                    raise OSError(error.errno, error.strerror, STDOUT) from error
        return view.nbytes

    def writable(self) -> bool:
        """Yes."""
        return True

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self.raw.isatty()

    def fileno(self) -> int:
        """The descriptor."""
        return self.raw.fileno()


class TextStream(io.TextIOWrapper):
    """A text stream that is written to as it is.

    click takes one in ASCII for a mistake, and writes UTF-8 into the bytes behind it.
    """

    @property
    def buffer(self) -> BinaryIO:
        """Shown to nobody."""
        raise AttributeError("buffer")


def open_missing() -> None:
    """Give every standard stream that was closed before the start a place that leads nowhere: the
    next file to be opened would take its descriptor, and what libraries print would go there."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123


def make_lasting(stream: TextIO, descriptor: int, *, must: bool) -> TextIO:
    """A text stream on a descriptor, in place of another and encoded like it; characters that it
    lacks are replaced."""
    raw: Any = os.fdopen(descriptor, "wb", buffering=0)
    return TextStream(
        io.BufferedWriter(Lasting(raw, must)),
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.isatty() or not must,
    )


def keep_stdout_clean() -> None:
    """Only what opt says reaches standard output.

    Compiled libraries write to file descriptor 1 past Python, at once or when the process ends, and
    would spoil `--json`. The descriptor is theirs from here on and leads nowhere; Python's stdout
    goes on where it led.
    """
    out = sys.stdout
    try:
        own = os.dup(out.fileno())
    except (AttributeError, OSError, io.UnsupportedOperation):
        return  # one that is not the descriptor's
    out.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, out.fileno())
    os.close(nowhere)
    sys.stdout = make_lasting(out, own, must=True)


def keep_stderr() -> None:
    """Progress and warnings go on where they led, or nowhere once that is gone."""
    err = sys.stderr
    try:
        own = os.dup(err.fileno())
    except (AttributeError, OSError, io.UnsupportedOperation):
        return  # one that is not the descriptor's
    sys.stderr = make_lasting(err, own, must=False)
