"""Single changes to the numbers of a finished run, as an accident or a forger would make them.

A change is small (a thousandth), or one more, or turns the sign, or sets to 0, or takes the value
of another number of the same name. `seconds` of the passes are a clock and are left alone.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

Path_ = tuple[str | int, ...]
CLOCK = "seconds"


class NumberChange(NamedTuple):
    """One number of a JSON document (by its path), and what stands there after the change."""

    path: Path_
    before: float
    after: float

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))}: {self.before!r} -> {self.after!r}"


class CellChange(NamedTuple):
    """One cell of a table (line 0 is the first below the header), before and after."""

    table: str
    line: int
    column: str
    before: str
    after: str


def numbers_of(document: Any, path: Path_ = ()) -> Iterator[tuple[Path_, float]]:
    """Every number of a JSON document but the clock's, by its path."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key != CLOCK:
                yield from numbers_of(value, (*path, key))
    elif isinstance(document, list):
        for n, value in enumerate(document):
            yield from numbers_of(value, (*path, n))
    elif isinstance(document, int | float) and not isinstance(document, bool):
        yield path, document


def changed(value: float, others: list[float], draw: random.Random) -> float:
    """A number that is not the given one; whole numbers stay whole."""
    small = value + 1 if isinstance(value, int) else value * (1 + 1e-3)
    moves = [small, value + 1, -value, type(value)(0), draw.choice(others)]
    different = [move for move in moves if move != value]
    return draw.choice(different)


def single_changes(document: Any, count: int, seed: int) -> list[NumberChange]:
    """Changes of numbers drawn at random, each of the whole document's numbers as likely."""
    draw = random.Random(seed)
    found = list(numbers_of(document))
    by_name = defaultdict(list)
    for path, value in found:
        by_name[path[-1]].append(value)
    picked = [draw.choice(found) for _ in range(count)]
    return [NumberChange(p, value, changed(value, by_name[p[-1]], draw)) for p, value in picked]


def change_json(folder: Path, change: NumberChange) -> None:
    """Put a change into run.json."""
    path = folder / "run.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    at = document
    for key in change.path[:-1]:
        at = at[key]
    at[change.path[-1]] = change.after
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def cell_changes(folder: Path, count: int, seed: int) -> list[CellChange]:
    """Changes of number cells of the tables drawn at random, each cell as likely."""
    draw = random.Random(seed)
    cells = [cell for path in sorted((folder / "tables").glob("*.csv")) for cell in _cells(path)]
    by_column = defaultdict(list)
    for table, _, column, text in cells:
        by_column[table, column].append(_number(text))
    found = []
    for table, line, column, text in (draw.choice(cells) for _ in range(count)):
        after = changed(_number(text), by_column[table, column], draw)
        found.append(CellChange(table, line, column, text, repr(after)))
    return found


def change_cell(folder: Path, change: CellChange) -> None:
    """Put a change into a table."""
    path = folder / "tables" / f"{change.table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[change.line + 1][rows[0].index(change.column)] = change.after
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def write_manifest_anew(folder: Path) -> None:
    """The manifest of the folder as it is now, so that only arithmetic can find a change."""
    path = folder / "manifest.json"
    if path.is_file():
        files = sorted(p for p in folder.rglob("*") if p.is_file() and p != path)
        sums = {
            p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in files
        }
        path.write_text(json.dumps(sums, indent=2) + "\n", encoding="utf-8")


def _cells(path: Path) -> Iterator[tuple[str, int, str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream)):
            for column, text in row.items():
                if _is_number(text):
                    yield path.stem, line, column, text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _number(text: str) -> float:
    return int(text) if text.lstrip("-").isdigit() else float(text)
