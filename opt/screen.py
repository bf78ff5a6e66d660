"""What a person sees while a solve runs: a moving line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from typing import TextIO

MONEY_STEPS = ("cost", "public")
REDRAW_SECONDS = 0.25
WIDTH = 110


class Screen:
    """Tells progress on a stream; never writes control codes to anything but a terminal."""

    def __init__(self, stream: TextIO | None = None, time_limit: float = math.inf) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.moving = self.stream.isatty()
        self.time_limit = time_limit
        self.began = self.drawn = time.monotonic()

    def begin(self, step: str) -> None:
        """Name the step that begins."""
        self._show(f"{self._clock()}  {step}", final=not self.moving)

    def progress(self, step: str, seconds: float, best: float, bound: float) -> None:
        """Redraw the moving line with the best plan and the bound, a few times a second."""
        now = time.monotonic()
        if self.moving and now - self.drawn >= REDRAW_SECONDS:
            self.drawn = now
            known = [f"{step}:"] if math.isfinite(best) or math.isfinite(bound) else [step]
            if math.isfinite(best):
                known.append(f"best plan {_amount(step, best)}")
            if math.isfinite(bound):
                known.append(f"| no plan can beat {_amount(step, max(0.0, bound))}")
            self._show(f"{self._clock()}  {' '.join(known)}   (Ctrl-C keeps the best plan)")

    def say(self, words: str) -> None:
        """A line that stays."""
        self._show(words, final=True)

    def close(self) -> None:
        """Clear the moving line."""
        if self.moving:
            self.stream.write("\r" + " " * WIDTH + "\r")
            self.stream.flush()

    def _clock(self) -> str:
        spent = _minutes(time.monotonic() - self.began)
        limit = f" of {_minutes(self.time_limit)}" if math.isfinite(self.time_limit) else ""
        return f"Solving  {spent}{limit}"

    def _show(self, words: str, final: bool = False) -> None:
        if self.moving:
            self.stream.write("\r" + words[:WIDTH].ljust(WIDTH) + ("\n" if final else ""))
        else:
            self.stream.write(words + "\n")
        self.stream.flush()


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


def _amount(step: str, value: float) -> str:
    return f"USD {value:,.0f} million" if step in MONEY_STEPS else f"{value:.1%}"
