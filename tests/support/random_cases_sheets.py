"""Random workbooks with stocks, prices and support, offtakes and targets, for the same comparison.

Each is the plain random workbook of its seed with more sheets. Prices follow costs along the chain,
so that some plants lose money and others do not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from random_cases import FIRST, Maker, RowValues, write_sheets

USES = ("capex", "stock", "price_support", "output_support")
ELEMENTS = ("nd", "dy")


class SheetsMaker(Maker):
    """A plain random workbook, then the sheets that it leaves out."""

    def make(self) -> dict[str, list[RowValues]]:
        """All sheets, each as a list of rows."""
        super().make()
        self.uses: dict[str, list[str]] = {}
        if self.chance(0.6):
            self._chain_at_home()
        if self.chance(0.7):
            self._uses()
        if self.chance(0.8):
            self._prices()
            self._supports()
        if self.chance(0.55):
            self._stockpiles()
        if self.chance(0.3):
            self._contents()
        if self.chance(0.45):
            self._offtakes()
        if self.chance(0.4):
            self._targets()
        if self.chance(0.2):
            self._public_first()
        self._disrupt()
        self._losing_plants()
        return {name: rows for name, rows in self.sheets.items() if rows}

    def _chain_at_home(self) -> None:
        """Plants of every step among the allies, some of them for a few years only."""
        for n, process in enumerate(list(self.recipe)[: self.top + 1]):
            row = self._plant(f"h{n}", "facility", [process], "ally")
            row["capacity"] = self.number(20, 200)
            row["closes"] = self.some(0.35, self.year)
            row["controlled_by"] = ""
            self.sheets["facilities"].append(row)

    # Money and prices

    def _uses(self) -> None:
        """What programmes pay for; one or two more programmes that do not pay capex."""
        programmes = self.sheets["programmes"]
        for row in programmes:
            if self.chance(0.4):
                self._pays_for(row, ["capex", *self._some_uses()])
        for n in range(self.rng.choice((1, 1, 2))):
            start = self.some(0.2, lambda: self.year(FIRST, self.last - 1))
            row = {
                "programme": f"u{n}",
                "instrument": self.rng.choice(("stock", "price_support", "output_support")),
                "amount": self.number(3, 60),
                "commit_from": start,
                "commit_to": self.some(0.4, lambda start=start: self.year(start or FIRST)),
                "charge": self.some(0.3, lambda: self.rng.choice((0.5, 0.8))),
                "carry_over": self.some(0.4, lambda: self.rng.choice(("yes", "no"))),
            }
            if self.chance(0.4):
                row |= self._limits(lambda: self.number(1, 12))
            self._pays_for(row, self._some_uses())
            programmes.append(row)
            if self.chance(0.4):
                self._eligible(f"u{n}")

    def _some_uses(self) -> list[str]:
        return self.rng.sample(USES[1:], self.rng.choice((1, 1, 2, 3)))

    def _pays_for(self, row: RowValues, uses: list[str]) -> None:
        row["pays_for"] = ";".join(uses)
        self.uses[str(row["programme"])] = uses

    def _pays(self, use: str) -> list[str]:
        return [name for name, uses in self.uses.items() if use in uses]

    def _prices(self) -> None:
        self.price = {good: self.number(1e4, 2e5) for good in self.goods}
        for n, good in enumerate(self.goods[1 : self.top + 1]):
            recipe = self.recipe[f"to_{good}"]
            fed = recipe[self.goods[n]] * self.price[self.goods[n]]
            self.price[good] = self.number(0.6, 1.5) * (8e4 - fed) / recipe[good]
        self.sheets["prices"] = []
        for good in self.goods:
            markets = [self._end() for _ in range(self.rng.choice((0, 0, 1)))]
            if self.chance(0.9):
                markets.append("*")
            for market in dict.fromkeys(markets):
                row: RowValues = {"commodity": good, "market": market}
                row |= {str(y): self._near(self.price[good]) for y in self._given_years()}
                self.sheets["prices"].append(row)

    def _near(self, value: float) -> float:
        return float(f"{value * self.rng.uniform(0.7, 1.3):.3g}")

    def _priced(self) -> list[str]:
        """Commodities with a price everywhere."""
        rows = self.sheets.get("prices", [])
        return [str(row["commodity"]) for row in rows if row["market"] == "*"]

    def _supports(self) -> None:
        self.sheets["supports"] = []
        for basis, use in (("floor", "price_support"), ("per_unit", "output_support")):
            for programme in self._pays(use):
                goods = self._priced()
                for good in self.rng.sample(goods, min(len(goods), self.rng.randint(0, 3))):
                    share = (0.9, 1.6) if basis == "floor" else (0.02, 0.5)
                    first = self.some(0.2, self.year)
                    row: RowValues = {"programme": programme, "commodity": good, "basis": basis}
                    row["amount"] = float(f"{self.price[good] * self.rng.uniform(*share):.3g}")
                    row["first_year"] = first
                    row["last_year"] = self.some(0.2, lambda first=first: self.year(first or FIRST))
                    self.sheets["supports"].append(row)

    def _losing_plants(self) -> None:
        """Whether plants that lose money need support; where programmes pay it, mostly."""
        pays = self._pays("price_support") or self._pays("output_support")
        if self.chance(0.85 if pays else 0.15):
            self.sheets["settings"].append({"key": "losing_plants", "value": "need_support"})

    # Stocks, contents, contracts

    def _stockpiles(self) -> None:
        bought = self._pays("stock")
        goods = self._priced() if bought else self.goods
        self.sheets["stockpiles"] = []
        for n in range(self.rng.choice((1, 1, 2)) if goods else 0):
            initial = self.some(0.6, lambda: self.number(5, 200))
            bloc = "ally" if self.chance(0.6) else "other"
            region = self.region(bloc)
            origin = "exposed" if self.bloc[region] == "covered" else ""
            top = self.goods[self.top]
            row = {
                "stockpile": f"w{n}",
                "region": region,
                "commodity": top if top in goods and self.chance(0.5) else self.rng.choice(goods),
                "initial": initial,
                "initial_origin": origin or self.rng.choice(("clear", "exposed", "")),
                "capacity": self.some(
                    0.4, lambda least=initial: self.number(10, 150) + (least or 0)
                ),
                "loss": self.some(0.5, lambda: self.number(0, 0.3)),
                "carrying_cost": self.some(0.6, lambda: self.number(0, 3e4)),
                "release": self.some(0.5, lambda: self.rng.choice(("any", "disruption"))),
                "buys": self.some(0.5, lambda: self.rng.choice(("clear", "any"))),
            }
            self.sheets["stockpiles"].append(row)

    def _contents(self) -> None:
        """Shares of elements by which no recipe but mining makes an element out of nothing."""
        self.sheets["contents"] = []
        for element in ELEMENTS[: self.rng.randint(1, 2)]:
            share = {good: self.rng.uniform(0, 0.5) for good in self.goods if self.chance(0.8)}
            changing = [recipe for n, recipe in self.recipe.items() if n not in ("mine", "collect")]
            while any(self._conserve(recipe, share) for recipe in changing):
                pass
            self.sheets["contents"] += [
                {"commodity": good, "element": element, "share": round(part, 6)}
                for good, part in share.items()
                if part
            ]

    @staticmethod
    def _conserve(recipe: dict[str, float], share: dict[str, float]) -> bool:
        """Lower the shares of what a recipe makes to what it uses; whether there was need."""
        mass = {good: amount * share.get(good, 0.0) for good, amount in recipe.items()}
        made = sum(amount for amount in mass.values() if amount > 0)
        used = -sum(amount for amount in mass.values() if amount < 0)
        for good, amount in mass.items():
            if made > used and amount > 0:
                part = share[good] * used / made * 0.9
                share[good] = part if part >= 1e-3 else 0.0
        return made > used

    def _offtakes(self) -> None:
        """Contracts, often several on one commodity at one place, of at most all output."""
        self.sheets["offtakes"] = []
        outputs = self._outputs()
        free = dict.fromkeys(outputs, 1.0)
        told = set()
        picked = self.rng.choice(outputs) if outputs else ("", "", "", "")
        for _ in range(self.rng.randint(1, 4) if outputs else 0):
            mates = [output for output in outputs if output[2:] == picked[2:]]
            picked = self.rng.choice(mates if self.chance(0.6) else outputs)
            column, plant, good, _ = picked
            destination = self._somewhere()
            if (picked, destination) in told:
                continue
            told.add((picked, destination))
            share = round(self.rng.uniform(0, free[picked]), 2)
            free[picked] -= share
            row: RowValues = {column: plant, "commodity": good, "destination": destination}
            row |= {"share": share, "last_year": self.some(0.25, self.year)}
            self.sheets["offtakes"].append(row)

    def _outputs(self) -> list[tuple[str, str, str, str]]:
        """Column and id of each plant, each commodity it makes, and where."""
        return [
            (column, str(row[column]), good, str(row["region"]))
            for column, sheet in (("facility", "facilities"), ("project", "projects"))
            for row in self.sheets[sheet]
            for process in str(row["processes"]).split(";")
            for good, amount in self.recipe[process].items()
            if amount > 0
        ]

    def _somewhere(self) -> str:
        """A region or a bloc that has regions."""
        blocs = [f"bloc:{bloc}" for bloc in self.bloc.values()]
        return self.rng.choice((self.rng.choice(blocs), self.rng.choice(list(self.bloc))))

    # Targets and scenarios

    def _targets(self) -> None:
        rows = []
        for n in range(self.rng.choice((1, 1, 2))):
            metric = self.rng.choice(
                ("dependence", "shortfall", "source_share", "home_share", "output")
            )
            rows.append({"target": f"t{n}", "metric": metric} | self._target(metric))
        self.sheets["targets"] = rows

    def _target(self, metric: str) -> RowValues:
        stage = self.pick("processes", "stage")
        if metric == "source_share":
            return self._source_target(stage)
        if metric == "home_share":
            scope = f"{stage}:{self.rng.choice(('r0', 'ally', 'bloc:ally'))}{self._element()}"
            return {"scope": scope} | self._bounded(0.3, (0, 0.1), (0, 0.5))
        if metric == "output":
            scope = f"{self.rng.choice(self.goods)}:{self._somewhere()}"
            return {"scope": scope} | self._bounded(0.3, (0, 10), (0, 60))
        row = self.rng.choice(self._asked("ally"))
        scopes: list[Any] = [
            "",
            "all",
            row["commodity"],
            row["region"],
            "bloc:ally",
            row["segment"],
        ]
        scopes += [
            part["element"]
            for part in self.sheets.get("contents", [])
            if part["commodity"] == row["commodity"]
        ]
        return {"scope": self.rng.choice(scopes)} | self._bounded(0.6, (0.1, 0.9), (0.6, 1))

    def _element(self) -> str:
        """Nothing, or an element of what is demanded at home."""
        held = {row["commodity"]: row["element"] for row in self.sheets.get("contents", [])}
        elements = [held[r["commodity"]] for r in self._asked("r0") if r["commodity"] in held]
        return f":{elements[0]}" if elements and self.chance(0.5) else ""

    def _asked(self, where: str) -> list[RowValues]:
        """The demands of a region or bloc."""
        rows = self.sheets["demand"]
        return [row for row in rows if where in (row["region"], self.bloc[str(row["region"])])]

    def _source_target(self, stage: str) -> RowValues:
        allies = [region for region, bloc in self.bloc.items() if bloc == "ally"]
        users = self.rng.choice(("", "ally", "bloc:ally", *allies))
        inside = {users} if users in self.bloc else set(allies)
        regions = [region for region in self.bloc if region not in inside]
        others = [bloc for bloc in ("covered", "other") if bloc in self.bloc.values()]
        sources = [*regions, *others, *(f"bloc:{bloc}" for bloc in others)]
        source = self.rng.choice(["any", *sources])
        bound = self._bounded(0.0 if source == "any" else 0.4, (0, 0.6), (0.3, 1))
        return {"scope": ":".join([stage, source, *([users] if users else [])])} | bound

    def _bounded(
        self, at_least: float, low: tuple[float, float], high: tuple[float, float]
    ) -> RowValues:
        """A bound: at least a number of `low` with a probability, else at most one of `high`."""
        if self.chance(at_least):
            return {"bound": self.number(*low), "sense": "at_least", "year": self.year()}
        sense = self.rng.choice(("", "at_most"))
        return {"bound": self.number(*high), "sense": sense, "year": self.last}

    def _public_first(self) -> None:
        """Objective public, with a target of dependence in the last year."""
        keys = {
            "objective": "public",
            "dependence_target": self.number(0.8, 1),
            "dependence_from": self.last,
            "dependence_to": self.last,
        }
        kept = [row for row in self.sheets["settings"] if row["key"] not in keys]
        new = [{"key": key, "value": value} for key, value in keys.items()]
        self.sheets["settings"] = kept + new

    def _disrupt(self) -> None:
        """Prices move in scenarios, and lanes or supply may be cut."""
        for row in self.sheets["scenarios"]:
            if "prices" in self.sheets and self.chance(0.6):
                self.sheets["shocks"].append(row | self._price_shock())
            if "stockpiles" in self.sheets and self.chance(0.4):
                shock = {"what": self.rng.choice(("lane", "supply")), "factor": 0.5}
                shock["first_year"] = self.year()
                self.sheets["shocks"].append(row | shock)

    def _price_shock(self) -> RowValues:
        fields = ("region", "bloc", "stage", "mineral", "commodity")
        name = self.some(0.7, lambda: self.rng.choice(fields))
        value = self._value(name, of_goods=True) if name else ""
        change = self.rng.choice(
            ({"factor": 0.6}, {"factor": 1.4}, {"factor": 0}, {"shift": -3e4}, {"shift": 4e4})
        )
        first = self.some(0.4, self.year)
        return {"what": "price", "field": name, "value": value, "first_year": first} | change


def random_sheets_case(folder: Path, seed: int) -> Path:
    """Write the workbook of a seed as a folder of CSV files and give its path."""
    return write_sheets(folder / f"sheets_{seed}", SheetsMaker(seed).make())
