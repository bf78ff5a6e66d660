"""A model as a file that any solver reads: free MPS, its names leading back to the rules.

A name is the family and its index, `limit_programme[vault]` or `build[mp_heavy,2027]`. Every byte
of an id that is not an ASCII letter, a digit or one of `_ . - ~ |` stands as % and two hexadecimal
digits, as in an address of the web, so that a name holds no blank and can be read back. Numbers are
written with as many digits as it takes to read the same number again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from opt.solver.highs import Vector
from opt.solver.sparse import csc_matrix

LONGEST_NAME = 255
OBJECTIVE = "objective"
MARKER = " MARKER{} 'MARKER' '{}'"


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise cost @ x with row_lower <= matrix @ x <= row_upper, lower <= x <= upper, and x whole
    where `whole`. `name` is that of the objective; names hold no blank."""

    name: str
    cost: Vector
    matrix: csc_matrix
    row_lower: Vector
    row_upper: Vector
    lower: Vector
    upper: Vector
    whole: NDArray[np.bool_]
    rows: Sequence[str]
    columns: Sequence[str]


def component_name(data: Any) -> str:
    """The name of one variable or constraint of a Pyomo model."""
    index = data.index()
    parts = () if index is None else index if isinstance(index, tuple) else (index,)
    return indexed(data.parent_component().local_name, *parts)


def indexed(family: str, *index: object) -> str:
    """A family and its index as one name without blanks."""
    return f"{family}[{','.join(escaped(part) for part in index)}]" if index else family


def escaped(part: object) -> str:
    """A part of a name with everything odd as % and two hexadecimal digits."""
    return quote(str(part), safe="|")


def fitting(names: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Names of at most LONGEST_NAME characters: a longer one becomes its family and `~` with its
    place in the list. Also gives the full name behind each of these."""
    short = [
        name if len(name) <= LONGEST_NAME else f"{name.split('[')[0]}[~{n}]"
        for n, name in enumerate(names)
    ]
    return short, {new: old for new, old in zip(short, names, strict=True) if new != old}


def mps_text(program: Program) -> str:
    """The programme in free MPS. Every column stands there, and every bound that is not the usual
    one: at least 0 and without end."""
    parts = [
        [f"NAME {program.name}", "ROWS", f" N {OBJECTIVE}[{program.name}]"],
        _rows(program),
        ["COLUMNS"],
        _columns(program),
        ["RHS"],
        _sides(program),
        ["BOUNDS"],
        _bounds(program),
        ["ENDATA", ""],
    ]
    return "\n".join(line for part in parts for line in part)


def solution_text(columns: Iterable[str], point: Vector) -> str:
    """Name and value of every column, one a line."""
    # Adding 0.0 takes the sign off a zero.
    return "".join(f"{name} {float(x) + 0.0!r}\n" for name, x in zip(columns, point, strict=True))


def _rows(program: Program) -> Iterator[str]:
    for name, low, high in zip(program.rows, program.row_lower, program.row_upper, strict=True):
        assert math.isfinite(low) != math.isfinite(high) or low == high, name
        kind = "E" if low == high else "L" if math.isfinite(high) else "G"
        yield f" {kind} {name}"


def _columns(program: Program) -> Iterator[str]:
    objective, matrix = f"{OBJECTIVE}[{program.name}]", program.matrix
    inside = False
    for n, name in enumerate(program.columns):
        if program.whole[n] != inside:
            inside = not inside
            yield MARKER.format(n, "INTORG" if inside else "INTEND")
        first, end = matrix.indptr[n], matrix.indptr[n + 1]
        if program.cost[n] or first == end:
            yield f" {name} {objective} {float(program.cost[n])!r}"
        for k in range(first, end):
            yield f" {name} {program.rows[matrix.indices[k]]} {float(matrix.data[k])!r}"
    if inside:
        yield MARKER.format(len(program.columns), "INTEND")


def _sides(program: Program) -> Iterator[str]:
    for name, low, high in zip(program.rows, program.row_lower, program.row_upper, strict=True):
        side = float(high if math.isfinite(high) else low)
        if side:
            yield f" RHS {name} {side!r}"


def _bounds(program: Program) -> Iterator[str]:
    for n, name in enumerate(program.columns):
        yield from _bound(name, float(program.lower[n]), float(program.upper[n]), program.whole[n])


def _bound(name: str, low: float, high: float, whole: bool) -> Iterator[str]:
    if low == high:
        yield f" FX BND {name} {low!r}"
        return
    if low == -math.inf:
        yield f" MI BND {name}"
    elif low:
        yield f" LO BND {name} {low!r}"
    if math.isfinite(high):
        yield f" UP BND {name} {high!r}"
    elif whole:
        # Readers disagree on the bound of a whole number that has none written.
        yield f" PL BND {name}"
