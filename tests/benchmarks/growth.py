"""How each phase grows as a case is doubled in one direction: the exponent against the non-zeros of
the whole network. At 1 a phase takes as much for each; well above it, large cases never end."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import Size, write
from measured import Building, Case, Solving

DIRECTIONS = ("projects", "years", "regions", "scenarios")
# Too short to be told from the clock and from what every case takes.
SHORTEST = 0.1


@dataclass(frozen=True, slots=True)
class Growth:
    """A case and its double in one direction: how many times the coefficients and the cells, and
    by phase how many times the seconds. A phase that was too short is left out."""

    direction: str
    nonzeros: float
    cells: float
    times: Mapping[str, float]

    def exponents(self) -> Mapping[str, float | None]:
        """Of each phase against the coefficients; None where these do not grow."""
        if self.nonzeros < 1.2:
            return dict.fromkeys(self.times)
        return {name: math.log(t) / math.log(self.nonzeros) for name, t in self.times.items()}


def doubled(size: Size, direction: str) -> Size:
    """The size with twice as much in one direction."""
    return dataclasses.replace(size, **{direction: 2 * getattr(size, direction)})


def written(folder: Path, size: Size, seed: int) -> Case:
    """The case of a size, as a workbook in a folder."""
    sizes = (size.projects, size.regions, size.years, size.scenarios)
    name = "-".join(map(str, sizes))
    path = folder / f"drawn-{name}-{seed}.xlsx"
    return Case(f"drawn {name}", path if path.exists() else write(path, size, seed))


def growth(direction: str, one: Building | Solving, double: Building | Solving) -> Growth:
    """Growth from what was measured of a case to what was measured of its double."""
    times = {
        name: double.seconds[name] / spent
        for name, spent in one.seconds.items()
        if spent >= SHORTEST and name in double.seconds
    }
    nonzeros = double.counts.nonzeros / one.counts.nonzeros
    return Growth(direction, nonzeros, double.counts.cells / one.counts.cells, times)
