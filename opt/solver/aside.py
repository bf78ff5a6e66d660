"""Threads beside the caller's, in which HiGHS runs, kept from one run to the next.

HiGHS sets up in every thread that calls it what its own threads share, for a number of them that
stays, and takes it down as the thread ends. That takes as long as a small programme does, and a
whole answer takes dozens of these.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable
from queue import SimpleQueue

# Those with nothing to do, by the number of threads that HiGHS was set up for in them.
_IDLE: defaultdict[int, list[Helper]] = defaultdict(list)
if hasattr(os, "register_at_fork"):  # a forked process has none of them
    os.register_at_fork(after_in_child=_IDLE.clear)


class Helper:
    """A thread that does one thing after another, for as long as the process lasts."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._done = threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            self._asked.get()()
            self._done.set()

    def begin(self, work: Callable[[], object]) -> None:
        """Do something, which raises nothing."""
        self._done.clear()
        self._asked.put(work)

    def wait(self, seconds: float) -> None:
        """Wait until it is done, no longer than so many seconds."""
        self._done.wait(seconds)

    @property
    def is_busy(self) -> bool:
        """Whether it is still at it."""
        return not self._done.is_set()


def take(threads: int) -> Helper:
    """One that is idle or new, for a solver of so many threads, and the caller's alone."""
    try:
        return _IDLE[threads].pop()
    except IndexError:
        return Helper()


def give_back(helper: Helper, threads: int) -> None:
    """Let others have it. One that is still busy goes to nobody."""
    if not helper.is_busy:
        _IDLE[threads].append(helper)
