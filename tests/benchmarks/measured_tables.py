"""Measurements as tables in words, and as JSON."""

from __future__ import annotations

import dataclasses
import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from asking import Asking
from growth import Growth
from measured import BUILDING, Building, Solving
from peer import NOT_COVERED, End
from scenario import POWERS, Fleet, Scenario, exponents


def table(title: str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Columns aligned, the first to the left."""
    rows = [tuple(header), *map(tuple, lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(header))]
    shown = (
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
    return "\n".join((title, *shown, ""))


def building_table(found: Sequence[Building]) -> str:
    """CPU seconds until a case is in HiGHS."""
    header = ("case", "cells", "non-zeros", *BUILDING, "ready", "written", "ratio", "peak MB")
    lines = [
        (
            each.case,
            f"{each.counts.cells:,}",
            f"{each.counts.nonzeros:,}",
            *(f"{each.seconds.get(name, 0.0):.2f}" for name in BUILDING),
            f"{each.ready:.3f}",
            f"{each.written:.2f}",
            f"{each.ratio:.0f}",
            f"{each.peak_mb:,.0f}",
        )
        for each in found
    ]
    title = (
        "Building, CPU seconds. ready: the same arrays to HiGHS; written: after a plain loop that"
        " writes them;\nratio: build and hand over per written (aim: 40 at ten times the reference)"
    )
    return table(title, header, lines)


def phases_table(found: Sequence[Solving]) -> str:
    """CPU seconds of a whole solve by phase."""
    names = list(dict.fromkeys(name for each in found for name in each.seconds))
    lines = [(name, *(f"{each.seconds.get(name, 0.0):.2f}" for each in found)) for name in names]
    lines.append(("all", *(f"{sum(each.seconds.values()):.2f}" for each in found)))
    lines.append(("peak MB", *(f"{each.peak_mb:,.0f}" for each in found)))
    lines.append(("non-zeros", *(f"{each.counts.nonzeros:,}" for each in found)))
    return table("Phases, CPU seconds", ("phase", *(each.case for each in found)), lines)


def proofs_table(found: Sequence[Solving]) -> str:
    """What the passes proved, and what HiGHS comes to by itself in as many seconds."""
    lines = []
    for each in found:
        for end in each.passes:
            lines.append((f"{each.case}: {end.name}", _value(end.value), _value(end.bound), ""))
            lines[-1] = (*lines[-1][:3], _share(end.gap), "")
        lines.extend(
            (
                f"{each.case}: HiGHS alone, dependence, {shot.formulation}",
                _value(shot.best),
                _value(shot.bound),
                _share(shot.gap),
                f"{shot.seconds:.1f}",
            )
            for shot in each.alone
        )
    title = "Proofs. HiGHS alone: one formulation, default options, no start, as long as all passes"
    return table(title, ("pass", "value", "bound", "gap", "CPU s"), lines)


def _value(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else "none"


def _share(share: float) -> str:
    return f"{share:.2%}" if math.isfinite(share) else "none"


def asking_table(found: Sequence[Asking]) -> str:
    """CPU seconds of questions to a loaded model."""
    header = (
        "case",
        "build + relax",
        "load",
        "bound",
        "longest",
        "times",
        "value",
        "longest",
        "times",
    )
    lines = [
        (
            each.case,
            f"{each.cold:.2f}",
            f"{each.load:.2f}",
            *_asked(each, each.bounds),
            *_asked(each, each.values),
        )
        for each in found
    ]
    title = (
        "Questions to a loaded model, CPU seconds, medians. bound: of the relaxation after one"
        " change;\nvalue: of a plan; times: build + relax per question"
    )
    return table(title, header, lines)


def _asked(each: Asking, seconds: Sequence[float]) -> tuple[str, str, str]:
    if not seconds:
        return "-", "-", "-"
    median, times = statistics.median(seconds), each.times_as_fast(seconds)
    return f"{median:.3f}", f"{max(seconds):.2f}", f"{times:.0f}"


def growth_table(found: Sequence[Growth]) -> str:
    """Exponents by phase, and times where the coefficients do not grow."""
    names = list(dict.fromkeys(name for each in found for name in each.times))
    header = ("phase", *(f"{each.direction} x2" for each in found))
    lines = [
        ("non-zeros, times", *(f"{each.nonzeros:.2f}" for each in found)),
        ("cells, times", *(f"{each.cells:.2f}" for each in found)),
        *((name, *(_grown(each, name) for each in found)) for name in names),
    ]
    title = "Growth: times as many seconds, and the exponent against the non-zeros"
    return table(title, header, lines)


def _grown(growth: Growth, name: str) -> str:
    if name not in growth.times:
        return "-"
    exponent = growth.exponents()[name]
    times = f"{growth.times[name]:.2f}"
    return times if exponent is None else f"{times} ({exponent:.2f})"


def peer_table(found: Sequence[End]) -> str:
    """The peer and the package."""
    names = list(dict.fromkeys(name for each in found for name in each.seconds))
    lines = [
        ("shortfall", *(f"{each.shortfall:.6f}" for each in found)),
        ("cost, USD million", *(f"{each.cost:.4f}" for each in found)),
        *(
            (
                name,
                *(f"{each.seconds[name]:.2f}" if name in each.seconds else "-" for each in found),
            )
            for name in names
        ),
        ("all", *(f"{sum(each.seconds.values()):.2f}" for each in found)),
        ("peak MB", *(f"{each.peak_mb:,.0f}" for each in found)),
    ]
    title = f"Flows of the gallium case, CPU seconds. Not covered by the peer: {NOT_COVERED}"
    return table(title, ("", *(each.program for each in found)), lines)


def scenario_table(found: Sequence[Scenario]) -> str:
    """What one scenario takes, and the exponents; the last row is an extrapolation."""
    *measured, last = found
    lines = [_of_scenario(f"{each.candidates:,}", each) for each in measured]
    grown = exponents(measured)
    lines.append(("exponent", *(f"{grown[name]:.2f}" for name in POWERS), "a line"))
    lines.append(_of_scenario(f"{last.candidates:,}, extrapolated", last))
    title = (
        "One scenario, CPU seconds and MB. task: of a worker that bounds it; sent: of that task;"
        " peak: of the worker"
    )
    return table(title, ("candidates", *POWERS, "peak_mb"), lines)


def _of_scenario(name: str, each: Scenario) -> tuple[str, ...]:
    values = (*(getattr(each, key) for key in POWERS), each.peak_mb)
    return (name, *(f"{value:,.2f}" for value in values))


def fleet_table(found: Sequence[Fleet]) -> str:
    """A round of bounds on machines, extrapolated."""
    lines = [
        (f"{x.machines:,}", f"{x.cores}", f"{x.gb:.0f}", f"{x.workers}", f"{x.seconds:,.0f}")
        for x in found
    ]
    header = ("machines", "cores", "GB", "workers on each", "seconds")
    return table("A round of bounds, extrapolated", header, lines)


def write_json(path: Path, found: Mapping[str, Sequence[Any]]) -> None:
    """Everything that was measured; what is infinite or nothing is null."""
    plain = {
        name: [_plain(dataclasses.asdict(each)) for each in rows] for name, rows in found.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
