"""Work beside the search: asked for early, taken where it is needed, by another process or here.

What comes of it is the same either way: it is worked out from what was asked alone, and taken at
the same place. Only when it is there differs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from opt.solver.control import Control, Limits, Progress

T = TypeVar("T")

LOOK_SECONDS = 0.1
HERE = "goes on in this process alone"


def _unheard(_words: str) -> None:
    pass


@dataclass(slots=True)
class Asked(Generic[T]):
    """Work that was asked for. It is done by `future` where there is one that answers, else here,
    when it is taken."""

    work: Callable[[Control], T]
    beside: Beside
    future: Future[tuple[T, list[str]]] | None = None
    found: list[T] = field(default_factory=list)

    def take(self, control: Control) -> T | None:
        """What came of it, its solver's log in that of the control; None where the control was
        stopped before it was there. While it is waited for, that it goes on is reported."""
        began = time.monotonic()
        while self.future is not None and not self.future.done():
            if control.stopped:
                self.future.cancel()
                return None
            wait([self.future], LOOK_SECONDS)
            if control.report is not None:
                control.report(Progress(time.monotonic() - began, math.inf, -math.inf))
        return None if control.stopped and self.future is None else self.result(control)

    def result(self, control: Control) -> T:
        """The same, however long it takes and whatever stops the control; worked out once."""
        if not self.found:
            self.found.append(self._worked_out(control))
        return self.found[0]

    def _worked_out(self, control: Control) -> T:
        if self.future is not None:
            try:
                done, log = self.future.result()
            except BrokenExecutor:
                self.beside.give_up("a second process ended before its work was done")
                self.future = None
            else:
                control.log.extend(log)
                return done
        return self.work(control)


@dataclass(slots=True)
class Beside:
    """Who does the work: the executor that `opened` opens when there is some, None: this process.
    `tell` is told where it fails; all is then done here."""

    opened: Callable[[], Executor] | None = None
    tell: Callable[[str], None] = field(default=_unheard)

    def ask(self, work: Callable[[Control], T], control: Control) -> Asked[T]:
        """Ask for work that can be pickled, under the threads, seed and time of a control."""
        if self.opened is None:
            return Asked(work, self)
        limits = Limits(control.threads, control.seed, control.seconds_left)
        try:
            return Asked(work, self, self.opened().submit(_done, work, limits))
        except (BrokenExecutor, OSError, ImportError) as error:
            self.give_up(f"no second process can be had ({error})")
            return Asked(work, self)

    def give_up(self, why: str) -> None:
        """Do all that is still asked here, and say so once."""
        if self.opened is not None:
            self.opened = None
            self.tell(f"{why}: {HERE}")


def _done(work: Callable[[Control], T], limits: Limits) -> tuple[T, list[str]]:
    """The work done in a process of its own, and the solver's log."""
    control = Control().start(limits)
    return work(control), control.log
