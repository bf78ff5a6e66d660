"""Benchmarks of the main job, run by hand: python tests/benchmark.py [WORKBOOK]

Prints what was measured beside what is aimed at, and building and handing over the model as a ratio
to handing the same matrix to HiGHS as plain arrays, side by side on the same machine. Never a test:
times depend on the machine.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.model.build import build_model
from opt.solver.control import Control
from opt.solver.highs import HighsModel

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "inputs" / "ree_magnets.xlsx"
REPEATS = 5


def command(*words: str) -> tuple[float, float]:
    """Wall seconds and peak memory (MB) of one command in a process of its own."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "opt", *words], check=True, capture_output=True)
    seconds = time.perf_counter() - began
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def median(action: Callable[[], object]) -> float:
    """Median wall seconds of a few repeats."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def hand_over(workbook: Path) -> tuple[float, float, int]:
    """Seconds to build and hand over the whole network, the same for its arrays, and non-zeros."""
    instance = assemble(read(workbook))
    whole = median(lambda: HighsModel(build_model(instance), Control()))
    solver = HighsModel(build_model(instance), Control())
    lp = solver.highs.getLp()

    def plain() -> None:
        import highspy  # noqa: PLC0415

        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.passModel(lp)

    return whole, median(plain), len(lp.a_matrix_.value_)


def main() -> None:
    """Measure and print."""
    workbook = Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE
    rows = []
    rows.append(("opt --help", f"{median(lambda: command('--help')):.2f} s", "0.3 s"))
    rows.append(("opt check", f"{median(lambda: command('check', str(workbook))):.2f} s", "2 s"))
    with tempfile.TemporaryDirectory() as folder:
        seconds, memory = command("solve", str(workbook), "--out", f"{folder}/run", "--quiet")
    rows.append(("opt solve", f"{seconds:.1f} s", "60 s"))
    rows.append(("opt solve, peak memory", f"{memory:.0f} MB", "2000 MB"))
    whole, plain, size = hand_over(workbook)
    rows.append((f"build and hand-over, {size:,} non-zeros", f"{whole:.2f} s", ""))
    rows.append(("ratio to plain arrays", f"{whole / plain:.0f}", ""))
    for name, measured, aim in rows:
        print(f"{name:<48}{measured:>12}   {'aim ' + aim if aim else ''}")  # noqa: T201


if __name__ == "__main__":
    main()
