"""Draws cells of the reference case by a seed, to be looked up: python docs/spot_check.py 20261126

Drawn is what a page is named for: 40 numbers without replacement, each as likely as the others, of
the sheets of figures, from rows with a source that has an address, without the columns that follow
one rule for all rows (settings x_*). docs/spot_check.md tells what was found.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

CASE = Path(__file__).parents[1] / "inputs" / "ree_magnets"
# What is asked, compared or told of other sheets; figures stand elsewhere.
NOT_DRAWN = {"settings", "variants", "ranges", "plans", "sources", "scenarios"}
# Set by one rule for all rows.
BY_RULE = {
    "public_share",
    "max_public_share",
    "chance",
    "merchant",
    "merchant_chance",
    "max_units",
    "earliest",
    "latest",
    "tolerance",
    "learn",
}
CELLS = 40


def cells() -> list[tuple[str, str, str, str, str]]:
    """Sheet, the first cells that name the row, column, value and source of every number."""
    found = []
    pages = {row["source"] for row in rows(CASE / "sources.csv") if row["address"]}
    for path in sorted(CASE.glob("*.csv")):
        if path.stem in NOT_DRAWN:
            continue
        for row in rows(path):
            if not pages & set(row["source"].split(";")):
                continue
            name = " ".join(list(row.values())[:3])
            found += [
                (path.stem, name, column, value, row["source"])
                for column, value in row.items()
                if column not in BY_RULE and not column.startswith("x_") and is_number(value)
            ]
    return found


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a sheet."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_number(value: str) -> bool:
    """Whether a cell holds a number."""
    try:
        float(value)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    seed = int(sys.argv[1])
    for cell in sorted(random.Random(seed).sample(cells(), CELLS)):
        sys.stdout.write(" | ".join(cell) + "\n")
