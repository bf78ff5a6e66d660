"""Benchmarks, run by hand: python tests/benchmarks [building|solving|growth|asking|scenario|peer
...]

Prints tables and writes outputs/benchmarks.json. Seconds are CPU seconds and depend on the machine:
what is held against something is held against it in the same run. Never a test: a ratio of two
times on a busy machine is not the same twice.

building  read, check, assemble, index, build, hand over, beside plain arrays; peak memory
solving   every phase of a whole solve, and its proofs beside HiGHS alone with default options
growth    how each phase grows as projects, years, regions, scenarios are doubled
asking    bounds after single changes and values of plans on a loaded model, beside building anew
scenario  one scenario of many as candidates grow, and what many of many more would come to
peer      the flow part of the gallium case in plain linopy (extra benchmark)
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asking import asking
from generator import Size
from growth import DIRECTIONS, Growth, doubled, growth, written
from measured import Building, Case, Solving, building, in_own_process, solving
from measured_tables import (
    asking_table,
    building_table,
    fleet_table,
    growth_table,
    peer_table,
    phases_table,
    proofs_table,
    scenario_table,
    write_json,
)
from peer import by_linopy, by_opt
from scenario import extrapolated, fleet, scenario

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "inputs" / "ree_magnets.xlsx"

Measured = Building | Solving
# A machine whose rounds of bounds are extrapolated, and how many of it.
CORES, GB, MACHINES = 8, 32, (1, 5, 25)
# What was measured: its title, its rows, and the tables that show them.
Measurements = Iterator[tuple[str, Sequence[Any], Sequence[Callable[[Any], str]]]]


def main(words: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    asked = _asked(words)
    found: dict[str, Sequence[Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), asked)
        for part in asked.what:
            for title, rows, tables in PARTS[part](bench):
                found[title] = rows
                for table in tables:
                    print(table(rows), flush=True)  # noqa: T201
    write_json(asked.json, found)
    print(f"Written: {asked.json}")  # noqa: T201


@dataclass(frozen=True, slots=True)
class Bench:
    """What is asked, and a folder for the drawn cases."""

    folder: Path
    asked: argparse.Namespace

    def cases(self, sizes: Sequence[int]) -> list[Case]:
        """The workbooks given, and drawn cases of so many candidates."""
        drawn = [written(self.folder, Size(size), self.asked.seed) for size in sizes]
        return [*(Case(path.stem, path) for path in self.asked.workbooks), *drawn]


def _building(bench: Bench) -> Measurements:
    found = [in_own_process(building, case) for case in bench.cases(bench.asked.sizes)]
    yield "building", found, (building_table,)


def _solving(bench: Bench) -> Measurements:
    found = [
        in_own_process(solving, case, bench.asked.seconds, True)
        for case in bench.cases(bench.asked.solved)
    ]
    yield "solving", found, (phases_table, proofs_table)


def _growth(bench: Bench) -> Measurements:
    """Growth of building, and, of cases that can be searched, of what follows the search."""

    def built(case: Case) -> Measured:
        return in_own_process(building, case)

    def solved(case: Case) -> Measured:
        return in_own_process(solving, case, bench.asked.seconds, False)

    yield "growth of building", _doubled(bench, bench.asked.base, built), (growth_table,)
    yield "growth of a solve", _doubled(bench, bench.asked.base_solved, solved), (growth_table,)


def _doubled(bench: Bench, base: int, measure: Callable[[Case], Measured]) -> list[Growth]:
    size = Size(base)
    before = measure(written(bench.folder, size, bench.asked.seed))
    return [
        growth(
            direction,
            before,
            measure(written(bench.folder, doubled(size, direction), bench.asked.seed)),
        )
        for direction in DIRECTIONS
    ]


def _asking(bench: Bench) -> Measurements:
    found = [
        in_own_process(asking, case, bench.asked.questions, bench.asked.seed)
        for case in bench.cases(bench.asked.solved)
    ]
    yield "asking", found, (asking_table,)


def _scenario(bench: Bench) -> Measurements:
    sizes, seed = bench.asked.grown, bench.asked.seed
    found = [
        in_own_process(scenario, written(bench.folder, Size(size), seed), size) for size in sizes
    ]
    many = extrapolated(found, bench.asked.beyond)
    yield "scenario", [*found, many], (scenario_table,)
    rounds = [fleet(many, bench.asked.futures, n, CORES, GB) for n in MACHINES]
    yield "round of bounds", rounds, (fleet_table,)


def _peer(bench: Bench) -> Measurements:
    yield "peer", [in_own_process(by_linopy), in_own_process(by_opt)], (peer_table,)


PARTS: dict[str, Callable[[Bench], Measurements]] = {
    "building": _building,
    "solving": _solving,
    "growth": _growth,
    "asking": _asking,
    "scenario": _scenario,
    "peer": _peer,
}


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("what", nargs="*", help=f"{', '.join(PARTS)}; all of them without a word")
    add("--sizes", type=int, nargs="*", default=[60, 200, 1000, 4000], help="candidates, building")
    add("--solved", type=int, nargs="*", default=[60, 200], help="candidates, solving, asking")
    add("--workbooks", type=Path, nargs="*", default=[REFERENCE], help="beside the drawn cases")
    add("--seconds", type=float, default=60.0, help="time limit of each solve")
    add("--questions", type=int, default=40, help="changes and plans that are asked about")
    add("--base", type=int, default=200, help="candidates of the case that is doubled, building")
    add("--base-solved", type=int, default=40, help="the same, solving")
    add("--grown", type=int, nargs="*", default=[100, 200, 400, 800], help="candidates, scenario")
    add("--beyond", type=int, default=4000, help="candidates to which scenario is extrapolated")
    add("--futures", type=int, default=200, help="scenarios of a round of bounds, extrapolated")
    add("--seed", type=int, default=1, help="of the drawn cases")
    add("--json", type=Path, default=ROOT / "outputs" / "benchmarks.json", help="where to write")
    asked = parser.parse_args(words)
    asked.what = asked.what or list(PARTS)
    strange = [word for word in asked.what if word not in PARTS]
    if strange:
        parser.error(f"{', '.join(strange)}: choose from {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    main()
