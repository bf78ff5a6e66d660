"""Small random workbooks that use every sheet and column at times, for comparing two programs.

A seed gives the same workbook on every machine. Masses are about 1 to 1000 and capex 10 to 400, so
that a solver's tolerances do not show.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from cases import write_folder

RowValues = dict[str, Any]
FIRST = 2026
STAGES = ("refining", "making")
PLANT_FIELDS = ("region", "bloc", "stage", "mineral", "commodity", "process")
SHOCK_FIELDS: dict[str, tuple[str, ...]] = {
    "supply": (*PLANT_FIELDS, "facility", "project"),
    "ramp": (*PLANT_FIELDS, "facility", "project"),
    "lead_time": (*PLANT_FIELDS, "project"),
    "capex": (*PLANT_FIELDS, "project"),
    "lane": ("region", "bloc", "origin", "destination", "stage", "mineral", "commodity"),
    "demand": ("region", "bloc", "stage", "mineral", "commodity", "segment"),
}
SEGMENTS = ("cars", "defence")


class Maker:
    """Writes one random workbook, sheet by sheet."""

    def __init__(self, seed: int, simple: bool = False) -> None:
        """Draws the size of the case; the sheets follow in `make`. `simple` is for a search over
        all plans: few projects of one unit and fixed size, and no smallest tickets."""
        self.rng = random.Random(seed)
        self.simple = simple
        self.last = FIRST + self.rng.choice((0, 1, 2, 2, 3, 3, 4, 5, 6))
        self.sheets: dict[str, list[RowValues]] = {}
        self.recipe: dict[str, dict[str, float]] = {}

    def make(self) -> dict[str, list[RowValues]]:
        """All sheets, each as a list of rows."""
        self._regions()
        self._commodities()
        self._processes()
        self._curves()
        self._facilities()
        self._projects()
        self._programmes()
        self._demand()
        self._lanes()
        self._scenarios()
        self._settings()
        self._loans()
        self._ceilings()
        return {name: rows for name, rows in self.sheets.items() if rows}

    # Draws

    def chance(self, share: float) -> bool:
        """True with a probability."""
        return self.rng.random() < share

    def some(self, share: float, draw: Callable[[], Any]) -> Any:
        """A drawn value with a probability, else a blank cell."""
        return draw() if self.chance(share) else ""

    def number(self, low: float, high: float) -> float:
        """A number of three digits."""
        return float(f"{self.rng.uniform(low, high):.3g}")

    def year(self, low: int = FIRST, high: int | None = None) -> int:
        """A year of the plan."""
        return self.rng.randint(low, max(low, self.last if high is None else high))

    def pick(self, sheet: str, column: str) -> str:
        """An id of another sheet."""
        return str(self.rng.choice(self.sheets[sheet])[column])

    # The chain

    def _regions(self) -> None:
        blocs = ["ally", "covered" if self.chance(0.9) else "other"]
        more = self.rng.randint(0, 3)
        blocs += [self.rng.choice(("ally", "covered", "other")) for _ in range(more)]
        self.bloc = {f"r{n}": bloc for n, bloc in enumerate(blocs)}
        self.sheets["regions"] = [{"region": r, "bloc": b} for r, b in self.bloc.items()]

    def region(self, bloc: str) -> str:
        """A region, of the given bloc with preference."""
        fits = [r for r, b in self.bloc.items() if b == bloc]
        return self.rng.choice(fits if fits and self.chance(0.85) else list(self.bloc))

    def _commodities(self) -> None:
        self.goods = [f"c{n}" for n in range(self.rng.randint(3, 6))]
        self.sheets["commodities"] = [
            {
                "commodity": good,
                "mineral": self.rng.choice(("neo", "dys")),
                "stage": "mining" if n == 0 else self.rng.choice(STAGES),
                "surplus": self._surplus(),
            }
            for n, good in enumerate(self.goods)
        ]

    def _surplus(self) -> Any:
        if self.chance(0.6):
            return self.rng.choice(("free", ""))
        if self.chance(0.25):
            return "none"
        return round(self.rng.uniform(-3e4, 5e4), -2)

    def _processes(self) -> None:
        self.sheets["processes"], self.sheets["recipes"] = [], []
        self._process("mine", "mining", self._joint({self.goods[0]: self.number(0.5, 2)}))
        for source, good in pairwise(self.goods[: self.rng.randint(2, 4)]):
            recipe = self._joint({source: -self.number(0.5, 3), good: self.number(0.5, 2)})
            if self.chance(0.3):
                recipe.setdefault(self.rng.choice(self.goods), -self.number(0.1, 1))
            self._process(f"to_{good}", self.rng.choice(STAGES), recipe)
        self.top = len(self.recipe) - 1
        if self.chance(0.4):
            back = {self.goods[self.top]: -self.number(1, 2), self.goods[0]: self.number(0.3, 1.5)}
            self._process("recycle", "refining", back)
        if self.chance(0.3):
            self._process("collect", "collection", {self.rng.choice(self.goods): 1.0})
        if self.chance(0.3):
            self._process("dispose", "refining", {self.rng.choice(self.goods): -1.0})

    def _joint(self, recipe: dict[str, float]) -> dict[str, float]:
        while self.chance(0.35):
            recipe.setdefault(self.rng.choice(self.goods), self.number(0.1, 1))
        return recipe

    def _process(self, name: str, stage: str, recipe: dict[str, float]) -> None:
        self.recipe[name] = recipe
        self.sheets["processes"].append({"process": name, "stage": stage})
        self.sheets["recipes"] += [
            {"process": name, "commodity": good, "amount": amount}
            for good, amount in recipe.items()
        ]

    def _curves(self) -> None:
        self.sheets["ramps"] = [
            {"ramp": "slow", "year_1": self.number(0.1, 0.6), "year_2": self.number(0.5, 1)},
            {"ramp": "fade", "year_1": 0.5, "year_2": 1, "year_3": self.number(0.2, 0.9)},
        ]
        self.sheets["spends"] = [
            {"spend": "early", "year_1": 0.7, "year_2": 0.3},
            {"spend": "late", "year_1": 0.1, "year_2": 0.2, "year_3": 0.3, "year_4": 0.4},
        ]

    def _plant(self, name: str, column: str, processes: Sequence[str], bloc: str) -> RowValues:
        shared = set.intersection(*(set(self.recipe[p]) for p in processes))
        return {
            column: name,
            "region": self.region(bloc),
            "processes": ";".join(processes),
            "capacity_of": self.rng.choice(sorted(shared)) if shared and self.chance(0.5) else "",
            "ramp": self.some(0.4, lambda: self.pick("ramps", "ramp")),
            "availability": self.some(0.3, lambda: self.number(0.5, 1)),
            "opex": self.some(0.6, lambda: round(self.rng.uniform(0, 2e5), -2)),
            "fixed_opex": self.some(0.4, lambda: self.number(0, 15)),
            "controlled_by": self.some(0.15, lambda: self.rng.choice(("ally", "covered", "other"))),
        }

    def _run_by(self) -> list[str]:
        names = list(self.recipe)
        return self.rng.sample(names, 2 if self.chance(0.2) else 1)

    def _facilities(self) -> None:
        names = [[p] for p in self.recipe if self.chance(0.85)]
        names += [self._run_by() for _ in range(self.rng.randint(0, 3))]
        self.sheets["facilities"] = []
        for n, processes in enumerate(names):
            bloc = "ally" if self.chance(0.35) else "covered"
            row = self._plant(f"f{n}", "facility", processes, bloc)
            row["opens"] = self.some(0.4, lambda: self.year(FIRST - 3, self.last - 1))
            least = max(FIRST, row["opens"] or FIRST)
            row["closes"] = self.some(0.2, lambda least=least: self.year(least))
            if self.chance(0.3):
                row |= {str(y): self.number(5, 250) for y in self._given_years()}
            else:
                row["capacity"] = self.number(5, 300)
            self.sheets["facilities"].append(row)

    def _given_years(self) -> list[int]:
        between = range(FIRST, self.last)
        return [*self.rng.sample(between, self.rng.randint(0, min(2, len(between)))), self.last]

    # Projects and money

    def _projects(self) -> None:
        self.sheets["projects"] = []
        chain = list(self.recipe)[: self.top + 1]
        most = self.rng.choice((0, 2, 3) if self.simple else (0, 2, 3, 4, 5, 6, 7))
        for n in range(most):
            processes = [chain[n]] if n < len(chain) and self.chance(0.7) else self._run_by()
            row = self._plant(f"p{n}", "project", processes, "ally")
            row |= self._size() | self._timing()
            row |= self._company(n, row)
            self.sheets["projects"].append(row)

    def _size(self) -> RowValues:
        row: RowValues = {
            "capex": self.number(10, 400),
            "capex_share": self.some(0.2, lambda: self.number(0.3, 1)),
            "public_share": self.some(0.3, lambda: self.number(0, 0.3)),
            "max_public_share": self.some(0.3, lambda: self.number(0.3, 0.9)),
        }
        if self.chance(0.0 if self.simple else 0.3):
            row["capacity_max"] = self.number(20, 150)
            row["capacity_min"] = self.some(0.6, lambda: self.number(2, 20))
            row["capex_per_unit"] = self.some(0.8, lambda: self.number(0.1, 4))
        else:
            row["capacity"] = self.number(5, 150)
        return row

    def _timing(self) -> RowValues:
        earliest = self.some(0.3, lambda: self.year(FIRST, self.last - 1))
        return {
            "lead_time": self.rng.choice((0, 1, 1, 2, 2, 3, 0.5, 1.5)),
            "spend": self.some(0.4, lambda: self.pick("spends", "spend")),
            "life": self.some(0.5, lambda: self.rng.randint(1, 9)),
            "earliest": earliest,
            "latest": self.some(0.25, lambda: self.year(earliest or FIRST)),
        }

    def _company(self, n: int, row: RowValues) -> RowValues:
        decision = "free"
        first, last = row["earliest"] or FIRST, row["latest"] or self.last
        last = min(last, self.last - math.ceil(row["lead_time"]))
        if self.chance(0.12):
            decision = "forbid"
            if first <= last and row["public_share"] == "":
                decision = self.rng.choice(("forbid", "force", f"force {self.year(first, last)}"))
        return {
            "max_units": self.some(0.0 if self.simple else 0.25, lambda: self.rng.randint(1, 3)),
            "group": self.some(0.25, lambda: self.rng.choice(("g1", "g2"))),
            "requires": f"p{self.rng.randrange(n)}" if n and self.chance(0.2) else "",
            "decision": decision,
        }

    def _programmes(self) -> None:
        self.sheets["programmes"], self.sheets["eligibility"] = [], []
        for n in range(self.rng.randint(0, 4)):
            start = self.some(0.3, lambda: self.year(FIRST, self.last - 1))
            row: RowValues = {
                "programme": f"k{n}",
                "instrument": self.rng.choice(("grant", "loan", "equity", "guarantee")),
                "amount": self.number(20, 900),
                "commit_from": start,
                "commit_to": self.some(0.3, lambda start=start: self.year(start or FIRST)),
                "charge": self.some(0.3, lambda: self.rng.choice((0.1, 0.35, 0.5, 0))),
                "max_share": self.some(0.4, lambda: self.number(0.2, 0.9)),
                "ticket_min": self.some(0.0 if self.simple else 0.25, lambda: self.number(5, 40)),
                "ticket_max": self.some(0.25, lambda: self.number(40, 150)),
                "carry_over": self.some(0.4, lambda: self.rng.choice(("yes", "no"))),
            }
            if self.chance(0.6):
                row |= {str(y): self._limit() for y in range(FIRST, self.last + 1)}
            self.sheets["programmes"].append(row)
            self._eligible(f"k{n}")

    def _limit(self) -> Any:
        return self.some(0.85, lambda: self.number(5, 80))

    def _eligible(self, programme: str) -> None:
        told = set()
        for _ in range(self.rng.choice((0, 0, 1, 1, 2, 3))):
            name = self.rng.choice((*PLANT_FIELDS, "project"))
            value = self._value(name)
            if not value or (name, value.casefold()) in told:
                continue
            told.add((name, value.casefold()))
            rule = self.rng.choice(("only", "only", "only", "never"))
            share = self.some(0.3, lambda: self.number(0.1, 0.7)) if rule == "only" else ""
            row = {"programme": programme, "field": name, "value": value}
            self.sheets["eligibility"].append(row | {"rule": rule, "max_share": share})

    def _value(self, name: str, of_goods: bool = False) -> str:
        """A value that a field of a filter may have, in any spelling of its letters.

        `of_goods`: stage is that of commodities, as for lanes and demand.
        """
        choices: dict[str, Callable[[], str]] = {
            "bloc": lambda: self.rng.choice(("ally", "ally", "covered", "other")),
            "mineral": lambda: self.pick("commodities", "mineral"),
            "stage": lambda: self.pick("commodities" if of_goods else "processes", "stage"),
            "segment": lambda: self.pick("demand", "segment"),
            "origin": lambda: self.rng.choice(list(self.bloc)),
            "destination": lambda: self.rng.choice(list(self.bloc)),
            "region": lambda: self.rng.choice(list(self.bloc)),
            "commodity": lambda: self.rng.choice(self.goods),
            "process": lambda: self.pick("processes", "process"),
            "facility": lambda: self.pick("facilities", "facility"),
            "project": lambda: self.pick("projects", "project") if self.sheets["projects"] else "",
        }
        value = str(choices[name]())
        return value.upper() if self.chance(0.1) else value

    # Demand and trade

    def _demand(self) -> None:
        self.sheets["demand"], told = [], set()
        for n in range(self.rng.randint(1, 4)):
            region = "r0" if n == 0 else self.rng.choice(list(self.bloc))
            good = self.goods[self.top] if self.chance(0.7) else self.rng.choice(self.goods)
            segment = self.some(0.5, lambda: self.rng.choice(SEGMENTS))
            if (region, good, segment) in told:
                continue
            told.add((region, good, segment))
            row: RowValues = {
                "region": region,
                "commodity": good,
                "segment": segment,
                "weight": self.some(0.4, lambda: self.number(0.5, 3)),
                "clear_from": self.some(0.25, self.year),
            }
            row |= {str(y): self.number(5, 200) for y in self._given_years()}
            self.sheets["demand"].append(row)

    def _lanes(self) -> None:
        self.sheets["lanes"] = []
        if self.chance(0.4):
            return
        base = {"origin": "*", "destination": "*", "commodity": "*", "cost": self.number(0, 5e3)}
        self.sheets["lanes"].append(base)
        if self.chance(0.15):
            self.sheets["lanes"].clear()
        for _ in range(self.rng.randint(1, 6)):
            row: RowValues = {
                "origin": self._end(),
                "destination": self._end(),
                "commodity": self.some(0.5, lambda: self.rng.choice(self.goods)) or "*",
                "cost": self.some(0.6, lambda: round(self.rng.uniform(0, 2e4), -1)),
                "limit": self.some(0.6, lambda: self.number(0, 60)),
                "first_year": self.some(0.2, self.year),
                "last_year": self.some(0.2, self.year),
                "open": "no" if self.chance(0.15) else "",
            }
            if (row["first_year"] or FIRST) > (row["last_year"] or self.last):
                row["first_year"] = ""
            if not any(self._ties(row, other) for other in self.sheets["lanes"]):
                self.sheets["lanes"].append(row)

    def _end(self) -> str:
        blocs = [f"bloc:{bloc}" for bloc in self.bloc.values()]
        return self.rng.choice(("*", self.rng.choice(blocs), self.rng.choice(list(self.bloc))))

    def _ties(self, one: RowValues, other: RowValues) -> bool:
        """Whether two rows are as specific as each other and may meet."""
        if self._score(one) != self._score(other):
            return False
        ends = ("origin", "destination", "commodity")
        return all(self._meet(str(one[end]), str(other[end])) for end in ends)

    def _score(self, row: RowValues) -> int:
        patterns = (str(row[end]) for end in ("origin", "destination", "commodity"))
        return sum(0 if p == "*" else 1 if p.startswith("bloc:") else 2 for p in patterns)

    def _meet(self, one: str, other: str) -> bool:
        if "*" in (one, other) or one == other:
            return True
        return f"bloc:{self.bloc.get(one)}" == other or f"bloc:{self.bloc.get(other)}" == one

    def _scenarios(self) -> None:
        self.sheets["scenarios"], self.sheets["shocks"] = [], []
        for n in range(self.rng.choice((0, 1, 1, 2))):
            self.sheets["scenarios"].append({"scenario": f"s{n}"})
            for _ in range(self.rng.randint(1, 4)):
                self.sheets["shocks"].append({"scenario": f"s{n}"} | self._shock())

    def _shock(self) -> RowValues:
        what = self.rng.choice(list(SHOCK_FIELDS))
        name = self.some(0.85, lambda: self.rng.choice(SHOCK_FIELDS[what]))
        first = self.some(0.4, self.year)
        value = self._value(name, what in ("lane", "demand")) if name else ""
        row: RowValues = {"what": what, "field": name if value else "", "value": value}
        row |= {"first_year": first, "last_year": self.some(0.3, lambda: self.year(first or FIRST))}
        row["factor"] = self.rng.choice((0, 0.3, 0.5, 1.2))
        if what == "lead_time":
            row |= self.rng.choice(({"factor": 1.5}, {"factor": "", "shift": 1}, {"factor": 0.4}))
        elif what in ("demand", "capex") and self.chance(0.4):
            row |= {"factor": "", "shift": self.number(-20, 30)}
        elif what == "ramp":
            row["factor"] = self.rng.choice((0, 0.3, 0.5, 0.8))
        return row

    def _settings(self) -> None:
        start = self.some(0.4, self.year)
        floor = self.number(0, 0.2) if self.sheets["programmes"] else 0
        keys = {
            "schema": 1,
            "first_year": FIRST,
            "last_year": self.last,
            "discount_rate": self.some(0.7, lambda: self.number(0, 0.12)),
            "dependence_from": start,
            "dependence_to": self.some(0.3, lambda: self.year(start or FIRST)),
            "public_share": self.some(0.5, lambda: floor),
        }
        self.sheets["settings"] = [{"key": k, "value": v} for k, v in keys.items() if v != ""]

    # Loans that come back, and ceilings

    def _loans(self) -> None:
        for row in self.sheets["programmes"]:
            if row["instrument"] == "loan":
                row["repay_years"] = self.some(0.7, lambda: self.rng.randint(1, 6))

    def _ceilings(self) -> None:
        self.sheets["private_capital"] = [
            row | self._limits(lambda: self.number(10, 250)) for row in self._covers(0.3)
        ]
        self.sheets["build_limits"] = [
            row | {"what": "starts"} | self._limits(lambda: self.rng.choice((0, 1, 1, 2, 3)))
            for row in self._covers(0.25)
        ]
        self.sheets["build_limits"] += [
            row | {"what": "capex"} | self._limits(lambda: self.number(40, 500))
            for row in self._covers(0.25)
        ]

    def _covers(self, share: float) -> list[RowValues]:
        """No rows, or one or two that say what they cover."""
        names = self.rng.sample(("all", "all", *PLANT_FIELDS, "project"), self.rng.randint(1, 2))
        rows = [
            {"field": n, "value": "" if n == "all" else self._value(n)}
            for n in dict.fromkeys(names)
        ]
        kept = [row for row in rows if row["value"] or row["field"] == "all"]
        return kept if self.sheets["projects"] and self.chance(share) else []

    def _limits(self, draw: Callable[[], Any]) -> RowValues:
        """Limits of some years of the plan, of one at least."""
        surely = self.year()
        years = range(FIRST, self.last + 1)
        return {str(y): draw() if y == surely else self.some(0.6, draw) for y in years}


def random_case(folder: Path, seed: int, simple: bool = False) -> Path:
    """Write the workbook of a seed as a folder of CSV files and give its path."""
    return write_sheets(folder / f"case_{seed}", Maker(seed, simple).make())


def write_sheets(folder: Path, sheets: dict[str, list[RowValues]]) -> Path:
    """Write sheets, each a list of rows, as a folder of CSV files and give its path."""
    table = {}
    for name, rows in sheets.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        table[name] = [header, *([row.get(column, "") for column in header] for row in rows)]
    return write_folder(folder, table)
