"""A free MPS file and a solution file read for their arithmetic, and what the one is in the other.

It shares nothing with the writer of these files. Sums are rounded once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FREE_LOWER, FREE_UPPER = 0.0, math.inf
_BROKEN: dict[str, Callable[[float], float]] = {
    "E": abs,
    "L": lambda excess: excess,
    "G": lambda excess: -excess,
    "N": lambda _: 0.0,
}


@dataclass(slots=True)
class MpsModel:
    """Minimise the objective row over columns with bounds, some of them whole, subject to rows.

    `rows` give each row's kind (E, L, G; N: free) and `sides` its right side, where it is not 0;
    `entries` its terms by column; `objective` those of the objective row.
    """

    objective_row: str = ""
    rows: dict[str, str] = field(default_factory=dict)
    sides: dict[str, float] = field(default_factory=dict)
    entries: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: defaultdict(list))
    objective: dict[str, float] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    lower: dict[str, float] = field(default_factory=dict)
    upper: dict[str, float] = field(default_factory=dict)

    def bounds(self, column: str) -> tuple[float, float]:
        """The least and the most that a column may be."""
        return self.lower.get(column, FREE_LOWER), self.upper.get(column, FREE_UPPER)


@dataclass(frozen=True, slots=True)
class Breach:
    """How far a plan breaks a row or column, relative to its largest term."""

    name: str
    size: float


def read_mps(path: Path) -> MpsModel:
    """The model of a free MPS file. Raises ValueError, with the line, for what it cannot read."""
    model, section, whole = MpsModel(), "", False
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            words = line.split()
            if not words or line[0] == "*":
                continue
            try:
                if not line[0].isspace():
                    section = words[0]
                elif section == "COLUMNS" and "'MARKER'" in words:
                    whole = "'INTORG'" in words
                else:
                    _READ[section](model, words, whole)
            except (KeyError, ValueError, IndexError) as error:
                raise ValueError(f"line {number} of {path.name} cannot be read: {error}") from error
    return model


def _row(model: MpsModel, words: list[str], _: bool) -> None:
    kind, name = words
    if kind not in _BROKEN or name in model.rows or name == model.objective_row:
        raise ValueError(f"row {name}")
    if kind == "N" and not model.objective_row:
        model.objective_row = name
    else:
        model.rows[name] = kind


def _column(model: MpsModel, words: list[str], whole: bool) -> None:
    column = words[0]
    model.columns[column] = None
    if whole:
        model.whole.add(column)
    for row, value in _pairs(words[1:]):
        if row == model.objective_row:
            model.objective[column] = value
        else:
            _declared(model, row)
            model.entries[row].append((column, value))


def _side(model: MpsModel, words: list[str], _: bool) -> None:
    for row, value in _pairs(words[1:]):
        _declared(model, row)
        model.sides[row] = value


def _bound(model: MpsModel, words: list[str], _: bool) -> None:
    kind, column = words[0], words[2]
    if column not in model.columns:
        raise KeyError(column)
    value = float(words[3]) if len(words) > 3 else math.nan
    low, high = {
        "FX": (value, value),
        "LO": (value, None),
        "UP": (None, value),
        "MI": (-math.inf, None),
        "PL": (None, math.inf),
        "FR": (-math.inf, math.inf),
        "BV": (0.0, 1.0),
    }[kind]
    if low is not None:
        model.lower[column] = low
    if high is not None:
        model.upper[column] = high
    if kind == "BV":
        model.whole.add(column)


def _declared(model: MpsModel, row: str) -> None:
    if row not in model.rows:
        raise ValueError(f"row {row} is not declared")


def _pairs(words: list[str]) -> Iterator[tuple[str, float]]:
    for name, value in zip(words[::2], words[1::2], strict=True):
        yield name, float(value)


_READ = {"ROWS": _row, "COLUMNS": _column, "RHS": _side, "BOUNDS": _bound}


def read_solution(path: Path) -> dict[str, float]:
    """Name and value of every column, one a line. Raises ValueError for anything else."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    values = {name: float(value) for name, value in lines}
    if len(values) != len(lines):
        raise ValueError(f"{path.name} names a column twice")
    return values


def objective_at(model: MpsModel, plan: Mapping[str, float]) -> float:
    """The objective row at a plan."""
    return math.fsum(value * plan[column] for column, value in model.objective.items())


def worst_breach(model: MpsModel, plan: Mapping[str, float]) -> Breach:
    """The row, bound or whole number that a plan breaks most, relative to its largest term or 1."""
    breaches = [Breach("", 0.0), *_row_breaches(model, plan), *_column_breaches(model, plan)]
    return max(breaches, key=lambda breach: breach.size)


def _row_breaches(model: MpsModel, plan: Mapping[str, float]) -> Iterator[Breach]:
    for row, kind in model.rows.items():
        side = model.sides.get(row, 0.0)
        terms = [value * plan[column] for column, value in model.entries.get(row, ())]
        excess = math.fsum([*terms, -side])
        yield Breach(row, _BROKEN[kind](excess) / max(1.0, abs(side), *map(abs, terms)))


def _column_breaches(model: MpsModel, plan: Mapping[str, float]) -> Iterator[Breach]:
    for column in model.columns:
        value, (low, high) = plan[column], model.bounds(column)
        outside = max(low - value, value - high)
        fraction = abs(value - round(value)) if column in model.whole else 0.0
        yield Breach(column, max(outside, fraction) / max(1.0, abs(value)))
