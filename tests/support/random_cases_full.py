"""Random workbooks in which the columns that cases seldom use are used, for the same comparison.

Each is the random workbook with every sheet of its seed, drawn first and as there, with more
columns.
"""

from __future__ import annotations

from pathlib import Path

from random_cases import RowValues, write_sheets
from random_cases_sheets import SheetsMaker


class FullMaker(SheetsMaker):
    """A random workbook with every sheet, then the columns that it leaves blank."""

    def make(self) -> dict[str, list[RowValues]]:
        """All sheets, each as a list of rows."""
        super().make()
        self._shares()
        return {name: rows for name, rows in self.sheets.items() if rows}

    def _shares(self) -> None:
        """Programmes of which the chain may take a part."""
        for row in self.sheets["programmes"]:
            row["share"] = self.some(0.5, lambda: self.rng.choice((0, 0.25, 0.5, 0.9, 1)))


def random_full_case(folder: Path, seed: int) -> Path:
    """Write the workbook of a seed as a folder of CSV files and give its path."""
    return write_sheets(folder / f"full_{seed}", FullMaker(seed).make())
