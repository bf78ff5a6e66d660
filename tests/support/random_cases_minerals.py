"""Random workbooks of several minerals, for the same comparison: weighed against each other, with
lanes of a mineral and programmes that may spend only so much on one.

Each is the random workbook with every column of its seed, drawn first and as there, with more.
"""

from __future__ import annotations

from pathlib import Path

from random_cases import RowValues, write_sheets
from random_cases_full import FullMaker

MINERALS = ("neo", "dys")


class MineralsMaker(FullMaker):
    """A random workbook with every column, then what tells minerals apart."""

    def make(self) -> dict[str, list[RowValues]]:
        """All sheets, each as a list of rows."""
        super().make()
        self._shocks_of_minerals()
        self._weights()
        self._most_of_programmes()
        self._lanes_of_minerals()
        self._targets_of_minerals()
        return {name: rows for name, rows in self.sheets.items() if rows}

    def _shocks_of_minerals(self) -> None:
        """Shocks on one mineral of what their field matches."""
        for row in self.sheets.get("shocks", ()):
            if row["what"] != "money":
                row["mineral"] = self.some(0.4, lambda: self.pick("commodities", "mineral"))

    def _weights(self) -> None:
        """What each mineral counts for: by the sheet, or the same."""
        held = {row["mineral"] for row in self.sheets["commodities"]}
        if self.chance(0.75):
            self.sheets["minerals"] = [
                {"mineral": m.upper(), "weight": self.rng.choice((0, 0.5, 1, 1, 2, 3))}
                for m in MINERALS
                if m in held
            ]
        if self.chance(0.3):
            key = {"key": "weights", "value": self.rng.choice(("equal", "tonnes"))}
            self.sheets["settings"].append(key)

    def _most_of_programmes(self) -> None:
        """The most that programmes may pay for what a row of eligibility matches."""
        for row in self.sheets["eligibility"]:
            if row["rule"] == "only":
                row["max_amount"] = self.some(0.5, lambda: self.number(0, 60))

    def _lanes_of_minerals(self) -> None:
        """Lanes of all commodities that become lanes of one mineral, or have one beside."""
        for row in list(self.sheets.get("lanes", ())):
            if row["commodity"] == "*" and self.chance(0.5):
                own = {"commodity": f"mineral:{self.pick('commodities', 'mineral')}"}
                self.sheets["lanes"].append({**row, **own, "cost": self.number(0, 2000)})

    def _targets_of_minerals(self) -> None:
        """Targets of everything that become targets of a mineral."""
        for row in self.sheets.get("targets", ()):
            if row["metric"] in ("dependence", "shortfall") and self.chance(0.4):
                row["scope"] = f"mineral:{self.pick('commodities', 'mineral')}"
            elif row["metric"] in ("source_share", "home_share") and self.chance(0.4):
                row["scope"] = f"{row['scope']}:mineral:{self.pick('commodities', 'mineral')}"


def random_minerals_case(folder: Path, seed: int) -> Path:
    """Write the workbook of a seed as a folder of CSV files and give its path."""
    return write_sheets(folder / f"minerals_{seed}", MineralsMaker(seed).make())
