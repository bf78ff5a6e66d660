"""Python's collector of cycles, at rest while much is made that stays, and seldom at work in a
command: it goes over all that is alive again and again, and finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made since the last time before the young ones are gone over, and how often that is done
# before the older ones are. As Python sets it (700, 10, 10) a tenth of a short command is spent on
# it, most of that while libraries are imported.
SELDOM = (20_000, 20, 20)


def seldom() -> None:
    """From now on, for a process of our own."""
    gc.set_threshold(*SELDOM)


@contextmanager
def at_rest() -> Iterator[None]:
    """While it is open nothing is collected; afterwards as before. Also a decorator."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
