"""CPU seconds of the package's own phases, each without the phases inside it.

The clock stands in for the functions that begin a phase while it is open, and listens to a solve
for its passes. CPU seconds are of all threads and of ended children: other work on the machine
changes them little, and two processes save none.
"""

from __future__ import annotations

import functools
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import opt.api
import opt.data.reader
import opt.model.rule
import opt.report.folder
import opt.solver.elastic
import opt.solver.extract
import opt.solver.highs
import opt.solver.settle
import opt.solver.stage
from opt.solver.progress import Silent

# Where a function is looked up, its name there, and its phase.
FUNCTIONS: tuple[tuple[Any, str, str], ...] = (
    (opt.data.reader, "read_typed", "read"),
    (opt.data.reader, "run_checks", "check"),
    (opt.api, "assemble", "assemble"),
    (opt.model.rule, "derive_index", "index"),
    (opt.solver.stage, "build_model", "build"),
    (opt.solver.settle, "build_model", "build"),
    (opt.solver.elastic, "build_model", "build"),
    (opt.solver.highs.HighsModel, "__init__", "hand over"),
    (opt.solver.extract.Reader, "flows", "extract"),
    (opt.solver.extract.Reader, "commitments", "extract"),
    (opt.solver.extract.Reader, "capital_payments", "extract"),
    (opt.solver.extract.Reader, "paid_for", "extract"),
    (opt.api, "recompute", "audit"),
    (opt.report.folder, "write_run", "files"),
)
REST = "rest"  # what no phase is
BESIDE = "cases beside"  # all from the baseline on until the audit, passes of their own included


class Clock(Silent):
    """Seconds by phase, in the order in which phases first began."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._phases = [REST]
        self._beside = False
        self._since = cpu()

    def begin(self, step: str) -> None:
        """A pass or another step of the solve begins; it lasts until the next."""
        self._charge()
        self._beside = self._beside or step == "baseline"
        self._phases[0] = BESIDE if self._beside else f"pass {step}"

    def rest(self) -> None:
        """The solve is over."""
        self._charge()
        self._phases[0] = REST

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """While it is open, time is the phase's."""
        self._charge()
        self._phases.append(name)
        try:
            yield
        finally:
            self._charge()
            self._phases.pop()

    def timed(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The function as a phase."""

        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with self.phase(name):
                return function(*args, **kwargs)

        return run

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While it is open, the package's functions are phases."""
        with ExitStack() as stack:
            for place, function, name in FUNCTIONS:
                run = self.timed(getattr(place, function), name)
                stack.enter_context(patch.object(place, function, run))
            yield
        self.rest()

    def _charge(self) -> None:
        now = cpu()
        phase = self._phases[-1]
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._since
        self._since = now


def cpu() -> float:
    """CPU seconds of this process and its ended children."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime
