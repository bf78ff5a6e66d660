"""Random workbooks in which the columns that cases seldom use are used, for the same comparison.

Each is the random workbook with every sheet of its seed, drawn first and as there, with more
columns.
"""

from __future__ import annotations

from pathlib import Path

from random_cases import FIRST, RowValues, write_sheets
from random_cases_sheets import SheetsMaker


class FullMaker(SheetsMaker):
    """A random workbook with every sheet, then the columns that it leaves blank."""

    def make(self) -> dict[str, list[RowValues]]:
        """All sheets, each as a list of rows."""
        super().make()
        self._shares()
        self._minerals()
        self._chances()
        self._uptake()
        self._capacity_limits()
        self._merchants()
        self._ranges()
        self._least_use()
        self._bundles()
        self._opex_shares()
        self._money_shocks()
        self._control_shocks()
        self._lost()
        self._lifts_alone()
        self._carry_over()
        return {name: rows for name, rows in self.sheets.items() if rows}

    def _shares(self) -> None:
        """Programmes of which the chain may take a part."""
        for row in self.sheets["programmes"]:
            row["share"] = self.some(0.5, lambda: self.rng.choice((0, 0.25, 0.5, 0.9, 1)))

    def _minerals(self) -> None:
        """Ceilings on one mineral of what their field matches."""
        for name in ("private_capital", "build_limits"):
            for row in self.sheets.get(name, ()):
                row["mineral"] = self.some(0.5, lambda: self.pick("commodities", "mineral"))

    def _chances(self) -> None:
        """Chances of what is still to come, counted or not."""
        for row in self.sheets["facilities"]:
            row["chance"] = self.some(0.4 if row.get("opens") else 0.0, lambda: self.number(0.2, 1))
        for row in self.sheets["projects"]:
            row["chance"] = self.some(0.6, lambda: self.number(0.2, 1))
        kept = self.some(0.4, lambda: self.rng.choice(("expected", "none")))
        if kept:
            self.sheets["settings"].append({"key": "survival", "value": kept})

    def _uptake(self) -> None:
        """Demands of which a part takes no clear material, and shocks that lift or lower it."""
        rows = {}
        for _ in range(self.rng.choice((0, 1, 1, 2, 3))):
            demand = self.rng.choice(self.sheets["demand"])
            row = {
                "region": self.some(0.6, lambda demand=demand: demand["region"]),
                "commodity": self.some(0.4, lambda demand=demand: demand["commodity"]),
                "segment": self.some(0.4, lambda demand=demand: demand["segment"]),
                "mineral": self.some(0.3, lambda: self.pick("commodities", "mineral")),
            }
            years = {
                str(y): self.some(0.8, lambda: self.number(0, 1))
                for y in range(FIRST, self.last + 1)
            }
            rows[tuple(str(cell).casefold() for cell in row.values())] = row | years
        self.sheets["uptake"] = list(rows.values())
        for scenario in self.sheets.get("scenarios", ()) if rows else ():
            if self.chance(0.5):
                change = self.rng.choice(({"factor": 0.5}, {"factor": 3}, {"shift": 0.3}))
                self.sheets["shocks"].append(
                    {"scenario": scenario["scenario"], "what": "uptake", **change}
                )

    def _capacity_limits(self) -> None:
        """Limits on what can be committed to make a commodity."""
        self.sheets["lifts"] = []
        for n, row in enumerate(self._covers(0.7)):
            limit = row | {"what": "capacity", "commodity": self._made_by_projects()}
            limit["mineral"] = self.some(0.2, lambda: self.pick("commodities", "mineral"))
            limit["learn"] = self.some(0.5, lambda: self.number(0.05, 0.6))
            limit |= self._limits(lambda: self.number(0, 120))
            self.sheets.setdefault("build_limits", []).append(limit)
            for project in self.sheets["projects"] if self.chance(0.5) else ():
                if self.chance(0.4):
                    limit["limit"] = f"l{n}"
                    lift = {"project": project["project"], "limit": f"L{n}"}
                    self.sheets["lifts"].append(lift | {"amount": self.number(0, 60)})

    def _made_by_projects(self) -> str:
        """A commodity that some project makes, else any."""
        made = [
            good
            for row in self.sheets["projects"]
            for process in str(row["processes"]).split(";")
            for good, amount in self.recipe[process].items()
            if amount > 0
        ]
        return str(self.rng.choice(made or self.goods))

    def _opex_shares(self) -> None:
        """Plants of which the chain carries a part of the operating cost."""
        for row in (*self.sheets["facilities"], *self.sheets["projects"]):
            row["opex_share"] = self.some(0.3, lambda: self.number(0, 1))

    def _bundles(self) -> None:
        """Pairs of projects that are committed together."""
        single = [r for r in self.sheets["projects"] if r.get("max_units", "") in ("", 1)]
        for row in single if self.chance(0.6) else ():
            alone = [r for r in single if r is not row and not r.get("bundle")]
            apart = [r for r in alone if not r.get("group") or r["group"] != row.get("group")]
            if apart and not row.get("bundle"):
                for member in (row, self.rng.choice(apart)):
                    member["bundle"] = f"pair {row['project']}"
                return

    def _least_use(self) -> None:
        """Existing plants that run at least so much, one share or one a year; some always do."""
        self.sheets["least_use"] = []
        for row in self.sheets["facilities"]:
            if self.chance(0.5):
                always = self._is_host(row) and self.chance(0.6)
                row["idle_cost"] = "" if always else self.number(0, 20000)
                if self.chance(0.7):
                    row["least_use"] = self.number(0, 1)
                else:
                    years = {str(y): self.number(0, 1) for y in (FIRST, self.last)}
                    self.sheets["least_use"].append({"facility": row["facility"]} | years)

    def _is_host(self, row: RowValues) -> bool:
        """Whether a facility needs nothing that may lack."""
        kept = {r["commodity"] for r in self.sheets["commodities"] if r["surplus"] == "none"}
        amounts = [
            (good, amount)
            for process in str(row["processes"]).split(";")
            for good, amount in self.recipe[process].items()
        ]
        judged = any(r["value"] == "need_support" for r in self.sheets["settings"])
        return not judged and all(a > 0 and good not in kept for good, a in amounts)

    def _merchants(self) -> None:
        """What comes without new money, alone or in a group whose others can take its place."""
        rows = [row for row in self.sheets["projects"] if row.get("decision", "") in ("", "free")]
        for row in rows:
            if self.chance(0.5):
                self._comes(row)
        if self.chance(0.3):
            kind = self.rng.choice(("merchant", "frozen"))
            self.sheets["settings"].append({"key": "baseline", "value": kind})

    def _comes(self, row: RowValues) -> None:
        if row.get("capacity_max"):
            return
        single = [row, *self._mates(row)]
        if any(r.get("merchant") or r.get("capacity_max") for r in single):
            return
        for member in single:
            member["max_units"] = ""
            member["capacity_of"] = row.get("capacity_of", "")
        row["merchant"] = self.year()
        row["merchant_chance"] = round(self.rng.uniform(0, 1) * float(row.get("chance") or 1), 6)

    def _mates(self, row: RowValues) -> list[RowValues]:
        """The others of a project's group; at times one that has none joins it, as a smaller or a
        larger plant for the same site."""
        others = [r for r in self.sheets["projects"] if r is not row]
        group = row.get("group")
        alike = [
            r
            for r in others
            if r["processes"] == row["processes"]
            and not any(r.get(name) for name in ("group", "merchant", "capacity_max"))
        ]
        if alike and self.chance(0.8):
            mate = self.rng.choice(alike)
            mate["group"] = row["group"] = group or f"site of {row['project']}"
        return [r for r in others if row.get("group") and r.get("group") == row["group"]]

    def _lifts_alone(self) -> None:
        """Projects that make nothing and lift a limit, at times with a stage of their own."""
        names = {lift["limit"] for lift in self.sheets.get("lifts", ())}
        for n, limit in enumerate(sorted(map(str, names))):
            if self.chance(0.5):
                row = {"project": f"track{n}", "region": self.pick("regions", "region")}
                row |= {"capex": self.number(1, 30), "lead_time": self.rng.choice((0, 1))}
                row["stage"] = self.some(0.5, lambda: self.pick("processes", "stage"))
                row["life"] = self.some(0.3, lambda: self.rng.choice((1, 2)))
                row["chance"] = self.some(0.3, lambda: self.number(0.2, 1))
                row["fixed_opex"] = self.some(0.3, lambda: self.number(0.1, 1))
                self.sheets["projects"].append(row)
                lift = {"project": row["project"], "limit": limit, "amount": self.number(0, 60)}
                self.sheets["lifts"].append(lift)

    def _carry_over(self) -> None:
        """Limits on capacity of which what a year leaves adds to the next, one for every year."""
        for row in self.sheets.get("build_limits", ()):
            if row["what"] == "capacity" and self.chance(0.5):
                row["carry_over"] = "yes"
                for year in map(str, range(FIRST, self.last + 1)):
                    if row.get(year, "") == "":
                        row[year] = self.number(0, 40)

    def _ranges(self) -> None:
        """Ranges, which no solve heeds."""
        self.sheets["ranges"] = [
            {"sheet": "projects", "row": row["project"], "column": "capex"}
            | {"low": 0, "high": 2 * float(row["capex"]) + 1}
            for row in self.sheets["projects"]
            if self.chance(0.3)
        ]

    def _money_shocks(self) -> None:
        """Shocks on the money of one programme or of all."""
        for scenario in self.sheets.get("scenarios", ()):
            for _ in range(self.rng.choice((0, 1, 2))):
                row = {"scenario": scenario["scenario"], "what": "money"}
                row |= {"factor": self.rng.choice((0, 0, 0.3, 0.5, 2))}
                row |= {"first_year": self.some(0.6, self.year)}
                if row["first_year"]:
                    row["last_year"] = self.some(0.6, lambda row=row: self.year(row["first_year"]))
                if self.chance(0.5) and self.sheets["programmes"]:
                    name = self.rng.choice(self.sheets["programmes"])["programme"]
                    row |= {"field": "programme", "value": name}
                self.sheets["shocks"].append(row)

    def _lost(self) -> None:
        """Projects that the covered bloc takes where nobody commits them in time."""
        for row in self.sheets["projects"]:
            alone = not any(row.get(name) for name in ("merchant", "group", "capacity_max"))
            if alone and self.chance(0.5):
                row["max_units"] = ""
                row["lost_after"] = self.year(FIRST - 2)

    def _control_shocks(self) -> None:
        """Plants that come under the covered bloc for some years."""
        for scenario in self.sheets.get("scenarios", ()) if self.chance(0.6) else ():
            row = {"scenario": scenario["scenario"], "what": "control"}
            row |= {"first_year": self.some(0.6, self.year)}
            if row["first_year"]:
                row["last_year"] = self.some(0.5, lambda row=row: self.year(row["first_year"]))
            sheet = self.rng.choice(("facilities", "projects", "processes", "regions"))
            column = {"facilities": "facility", "projects": "project"}.get(sheet)
            column = column or {"processes": "process", "regions": "region"}[sheet]
            if self.sheets.get(sheet) and self.chance(0.9):
                row |= {"field": column, "value": self.rng.choice(self.sheets[sheet])[column]}
            self.sheets["shocks"].append(row)


def random_full_case(folder: Path, seed: int) -> Path:
    """Write the workbook of a seed as a folder of CSV files and give its path."""
    return write_sheets(folder / f"full_{seed}", FullMaker(seed).make())
