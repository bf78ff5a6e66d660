"""What a person sees while a solve runs: a moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from typing import TextIO

from opt.commands.terminal import columns, wrapped
from opt.report import wording

REDRAW_SECONDS = 0.25
WIDTH = 110


class Screen:
    """Tells progress on a stream; never writes control codes to anything but a terminal."""

    def __init__(
        self,
        stream: TextIO | None = None,
        time_limit: float = math.inf,
        *,
        given: bool = False,
        last: Sequence[str] = (),
    ) -> None:
        """`given`: the plan is only evaluated, so nothing is said of better ones. `last`: steps
        that follow those that are told to be expected."""
        self.stream = sys.stderr if stream is None else stream
        self.moving = self.stream.isatty()
        # One less than the terminal has: a full line would begin another.
        self.width = min(WIDTH, (columns(self.stream) or WIDTH + 1) - 1)
        self.time_limit = time_limit
        self.given = given
        self.last = tuple(last)
        self.steps: tuple[str, ...] = ()
        self.reached = 0  # the number of the step that was begun last, from 1; 0: none yet
        self.began = self.drawn = time.monotonic()

    def expect(self, steps: Sequence[str]) -> None:
        """Count the steps from here on, with those that always follow."""
        self.steps = (*steps, *self.last) if steps else ()
        self.reached = 0

    def begin(self, step: str) -> None:
        """Name the step that begins, and count it where it was expected."""
        self.reached = self._number(step) or self.reached
        self._show(f"{self._clock()}  {step}", final=not self.moving)

    def progress(
        self, step: str, objective: str, seconds: float, best: float, bound: float
    ) -> None:
        """Redraw the moving line with the best plan and the bound, a few times a second."""
        now = time.monotonic()
        if self.moving and now - self.drawn >= REDRAW_SECONDS:
            self.drawn = now
            words = progress_words(step, objective, best, bound, given=self.given)
            kept = "what is known" if self.given else "the best plan"
            self._show(f"{self._clock()}  {words}   (Ctrl-C keeps {kept})")

    def say(self, words: str) -> None:
        """A line that stays."""
        self._show(words, final=True)

    def close(self) -> None:
        """Clear the moving line."""
        if self.moving:
            self._write("\r" + " " * self.width + "\r")

    def _number(self, words: str) -> int:
        """The number of the step that words name, perhaps with a count in brackets; 0 where it is
        within another. A name that comes twice is first that which is still to come."""
        numbers = [
            number
            for number, step in enumerate(self.steps, start=1)
            if words == step or words.startswith(f"{step} (")
        ]
        return next((n for n in numbers if n > self.reached), max(numbers, default=0))

    def _clock(self) -> str:
        spent = _minutes(time.monotonic() - self.began)
        limit = f" of {_minutes(self.time_limit)}" if math.isfinite(self.time_limit) else ""
        step = f"  step {self.reached} of {len(self.steps)}" if self.reached else ""
        return f"Solving  {spent}{limit}{step}"

    def _show(self, words: str, final: bool = False) -> None:
        if not self.moving:
            self._write(words + "\n")
        elif final:
            first, *others = wrapped(words, self.width).splitlines() or [""]
            self._write("\n".join(["\r" + first.ljust(self.width), *others]) + "\n")
        else:
            self._write("\r" + _cut(words, self.width).ljust(self.width))

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except RuntimeError:
            # A signal is answered in the middle of another line: the words are lost, not the stop.
            return


def _cut(words: str, width: int) -> str:
    """As many of the words as there is room for: a figure that is cut reads as another."""
    if len(words) <= width:
        return words
    return words[: width + 1].rpartition(" ")[0] or words[:width]


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


def progress_words(
    step: str, objective: str, best: float, bound: float, *, given: bool = False
) -> str:
    """How a step goes, each number in the unit of the objective that is searched, which is named
    where the step is called otherwise: 'A larger budget, cost: best plan USD 176 million'."""
    named = step if step == objective else f"{step}, {objective}"
    found, proven = ("at most", "at least") if given else ("best plan", "no plan can beat")
    known = []
    if math.isfinite(best):
        known.append(f"{found} {wording.objective_value(objective, best)}")
    if math.isfinite(bound):
        known.append(f"{proven} {wording.bound_value(objective, bound)}")
    return f"{named}: {' | '.join(known)}" if known else step
