"""What is measured of one case, in a process of its own, so that its peak of memory is its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from clock import Clock
from plain import OneShot, hand_over, one_shots

import opt
from opt.data.assemble import assemble
from opt.data.tables import Tables
from opt.model.build import build_model
from opt.solver.control import Control
from opt.solver.highs import HighsModel

Found = TypeVar("Found")
# The phases of building, in order.
BUILDING = ("read", "check", "assemble", "index", "build", "hand over")


@dataclass(frozen=True, slots=True)
class Case:
    """A workbook, and what it is called."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of a case: cells that are not blank, and rows, columns, coefficients and whole
    numbers of the programme of its whole network."""

    cells: int
    rows: int
    columns: int
    nonzeros: int
    integers: int


@dataclass(frozen=True, slots=True)
class Building:
    """A case read, checked and handed over: CPU seconds by phase and of plain arrays, peak MB."""

    case: str
    counts: Counts
    seconds: Mapping[str, float]
    ready: float
    written: float
    peak_mb: float

    @property
    def ratio(self) -> float:
        """Building and handing over beside a plain loop that writes the same arrays."""
        return (self.seconds["build"] + self.seconds["hand over"]) / self.written


@dataclass(frozen=True, slots=True)
class PassEnd:
    """How a pass ended: value and bound in its own unit, relative gap."""

    name: str
    value: float
    bound: float
    gap: float


@dataclass(frozen=True, slots=True)
class Solving:
    """A case solved, audited and written: CPU seconds by phase, passes, what HiGHS comes to in as
    many seconds by itself, peak MB of the former."""

    case: str
    counts: Counts
    seconds: Mapping[str, float]
    passes: tuple[PassEnd, ...]
    peak_mb: float
    alone: tuple[OneShot, ...] = field(default=())


def in_own_process(function: Callable[..., Found], *args: Any) -> Found:
    """The function's answer, worked out in a new process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *args).result()


def peak_mb() -> float:
    """The most memory that this process has held, MB."""
    status = Path("/proc/self/status")
    if status.exists():  # elsewhere a child begins with what its parent has held
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024 * 1024 if sys.platform == "darwin" else 1024)


def building(case: Case) -> Building:
    """Read, check, assemble and build a case, and hand its programme to HiGHS."""
    clock = Clock()
    with clock.watching():
        tables = opt.load(case.path).tables
        with clock.phase("assemble"):
            instance = assemble(tables)
        with clock.phase("build"):
            model = build_model(instance)
        solver = HighsModel(model, Control())
    peak = peak_mb()
    counts = _counts(tables, solver)
    arrays = hand_over(solver.highs.getLp(), solver.matrix)
    return Building(case.name, counts, clock.seconds, arrays.ready, arrays.written, peak)


def _counts(tables: Tables, solver: HighsModel) -> Counts:
    cells = sum(len(row.given) + len(row.years) for rows in tables.rows.values() for row in rows)
    rows, columns = solver.matrix.shape
    return Counts(cells, rows, columns, solver.matrix.nnz, len(solver.integers))


def solving(case: Case, seconds: float, beside: bool) -> Solving:
    """Solve a case within some seconds, audit it and write its folder; with `beside` HiGHS by
    itself is then given as long as all passes took, for dependence alone."""
    clock = Clock()
    with clock.watching(), tempfile.TemporaryDirectory() as folder:
        loaded = opt.load(case.path, {"time_limit": seconds})
        run = opt.solve(loaded, listener=clock)
        clock.rest()
        opt.write(run, Path(folder) / "run")
    peak = peak_mb()
    ended = tuple(PassEnd(p.objective, p.value, p.bound, p.gap) for p in run.passes)
    instance = assemble(loaded.tables)
    counts = _counts(loaded.tables, HighsModel(build_model(instance), Control()))
    passes = sum(spent for name, spent in clock.seconds.items() if name.startswith("pass "))
    alone = one_shots(instance, loaded.settings.gap, passes) if beside else []
    return Solving(case.name, counts, clock.seconds, ended, peak, tuple(alone))
