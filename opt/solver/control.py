"""Limits that the passes of one run share, what they tell, and how Ctrl-C and a polite end by the
system (SIGTERM, SIGHUP) reach them."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known while a pass runs, in the expression's model units."""

    seconds: float
    best: float
    bound: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a solve may use: threads of the solver, its random seed, and seconds in all."""

    threads: int = 1
    seed: int = 0
    seconds: float = math.inf


@dataclass(slots=True)
class Control:
    """Limits that all passes of one run share, and the user's wish to stop.

    `report` is called with each Progress; `deadline` is on the monotonic clock; `stop` is raised by
    the first Ctrl-C, `abandon` by the second.
    """

    threads: int = 1
    seed: int = 0
    deadline: float = math.inf
    report: Callable[[Progress], None] | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    abandon: threading.Event = field(default_factory=threading.Event)
    log: list[str] = field(default_factory=list)

    def start(self, limits: Limits) -> Control:
        """This control with its clock started under some limits."""
        self.threads, self.seed = limits.threads, limits.seed
        self.deadline = time.monotonic() + limits.seconds
        return self

    def within(self, limits: Limits) -> Control:
        """A control of its own limits, begun now, which this one's stop and end bind too."""
        own = Control(stop=self.stop, abandon=self.abandon, log=self.log).start(limits)
        own.deadline = min(own.deadline, self.deadline)
        return own

    @property
    def stopped(self) -> bool:
        """Whether the user or the clock has asked for an end."""
        return self.stop.is_set() or self.seconds_left <= 0.0

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self.deadline - time.monotonic())


# Besides Ctrl-C: an end as a batch system asks for it, a terminal that is closed, Ctrl-Break.
STOPPING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)


def watch_interrupt(control: Control, tell: Callable[[int], None]) -> Callable[[], None]:
    """Let Ctrl-C keep the best plan: the first press asks HiGHS to stop, the second gives up on it.
    The other signals of `STOPPING` count as a press, but for those that the process was started to
    ignore (nohup).

    `tell` is called with the number of presses. Returns the function that restores the handlers.
    Outside the main thread, where Python hands out no signals, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    presses = 0

    def on_press(_signal: int, _frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        (control.stop if presses == 1 else control.abandon).set()
        tell(presses)

    heard = [n for n in STOPPING if signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, on_press) for number in heard}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore
