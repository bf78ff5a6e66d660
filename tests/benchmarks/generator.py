"""Realistic cases of any size from a seed, as sheets of a workbook.

A case has one chain for every forty candidates: two ores, of which one holds more of the heavy
element, a light and a heavy oxide as joint products, their metals, a standard and a strong
product, and scrap that comes back. The classes of plants (capacity, capital a unit, lead time,
ramp, life, operating cost, public share) are the lowest, middle and highest values of the
candidates of each stage in inputs/ree_magnets, so that a case of 136 candidates is of the
reference's size. Money is short: programmes hold half of what all candidates ask of them, in equal
yearly limits, and private capital half of the rest.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opt.data.convert import save_workbook
from opt.data.reading.grids import Grids

RowValues = dict[str, Any]
FIRST = 2026
HALF = 0.5
CHAIN = 40  # candidates a chain
SHOWN = {"source": "estimate", "confidence": "D"}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a case is: candidates, regions, years, scenarios."""

    projects: int
    regions: int = 16
    years: int = 15
    scenarios: int = 8

    @property
    def last(self) -> int:
        """Last year of the plan."""
        return FIRST + self.years - 1

    @property
    def chains(self) -> int:
        """Chains of minerals."""
        return max(1, round(self.projects / CHAIN))


@dataclass(frozen=True, slots=True)
class Stage:
    """The plants of one stage: low, middle and high of what is drawn, and what is chosen among."""

    share: float  # of the candidates
    capacity: tuple[float, float, float]  # units a year
    capital: tuple[float, float, float]  # USD million a unit a year
    opex: tuple[float, float, float]  # USD a unit of activity
    lead: tuple[int, ...]
    ramps: tuple[str, ...]
    life: tuple[int, int]
    public_share: float
    starts: int  # a year and chain


STAGES = {
    "mining": Stage(
        *(0.26, (1300, 8500, 23300), (0.0067, 0.0667, 0.262), (1000, 3000, 9000), (3, 3, 4)),
        *(("mine_green", "mine_green", "clay"), (11, 45), 0.25, 3),
    ),
    "separation": Stage(
        *(0.2, (400, 4440, 21300), (0.0154, 0.0525, 0.375), (3000, 6000, 9000), (2, 3, 4, 4)),
        *(("sep_green", "sep_green", "sep_brown"), (16, 42), 0.45, 4),
    ),
    "metal": Stage(
        *(0.21, (200, 3400, 3900), (0.02, 0.0477, 0.15), (8000, 8000, 16000), (2, 3, 3)),
        *(("metal",), (20, 30), 0.4, 2),
    ),
    "product": Stage(
        *(0.26, (1000, 3000, 10000), (0.05, 0.0837, 0.104), (30000, 40000, 65000), (2, 3, 3, 3)),
        *(("product", "product", "product_fast"), (20, 30), 0.41, 4),
    ),
    "recycling": Stage(
        *(0.07, (750, 1100, 2000), (0.0575, 0.151, 0.233), (8000, 8000, 30000), (2, 3, 3)),
        *(("recycling",), (20, 40), 0.3, 2),
    ),
}
RAMPS = {
    "mine_green": (0.3, 0.6, 0.8, 0.9, 0.95, 1),
    "clay": (0.02, 0.25, 0.6, 0.9, 1),
    "sep_green": (0.2, 0.42, 0.6, 0.73, 0.83, 0.89, 0.93),
    "sep_brown": (0.45, 0.75, 0.9, 0.95),
    "metal": (0.3, 0.6, 0.8, 0.9, 0.95),
    "product": (0.1, 0.35, 0.65, 0.85, 0.9),
    "product_fast": (0.3, 0.65, 0.85, 0.92, 0.95),
    "recycling": (0.25, 0.5, 0.7, 0.8, 0.85, 0.9),
}
SPENDS = {2: (0.5, 0.5), 3: (0.25, 0.45, 0.3), 4: (0.15, 0.3, 0.35, 0.2)}
# Commodity to its stage, share of the light and of the heavy element, and price in USD a unit.
GOODS: dict[str, tuple[str, float, float, int]] = {
    "ore": ("mining", 0.16, 0.002, 5_000),
    "clay": ("mining", 0.14, 0.02, 8_000),
    "light_oxide": ("separation", 0.857, 0, 100_000),
    "heavy_oxide": ("separation", 0, 0.871, 300_000),
    "light_metal": ("metal", 1, 0, 140_000),
    "heavy_metal": ("metal", 0, 1, 390_000),
    "standard": ("product", 0.3, 0, 105_000),
    "strong": ("product", 0.29, 0.015, 115_000),
    "scrap": ("product", 0.28, 0.007, 20_000),
}
# Process to its stage and recipe.
RECIPES: dict[str, tuple[str, dict[str, float]]] = {
    "mine_ore": ("mining", {"ore": 1}),
    "mine_clay": ("mining", {"clay": 1}),
    "part_ore": ("separation", {"ore": -1, "light_oxide": 0.17, "heavy_oxide": 0.002}),
    "part_clay": ("separation", {"clay": -1, "light_oxide": 0.15, "heavy_oxide": 0.02}),
    "light_smelter": ("metal", {"light_oxide": -1.24, "light_metal": 1}),
    "heavy_smelter": ("metal", {"heavy_oxide": -1.21, "heavy_metal": 1}),
    "make_standard": ("product", {"light_metal": -0.385, "standard": 1}),
    "make_strong": (
        "product",
        {"light_metal": -0.365, "heavy_metal": -0.022, "strong": 1, "scrap": 0.24},
    ),
    "recycle": ("recycling", {"scrap": -1, "light_oxide": 0.3, "heavy_oxide": 0.007}),
}
# What plants of a stage can run: one of these.
PLANTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "mining": (("mine_ore",), ("mine_clay",)),
    "separation": (("part_ore",), ("part_ore", "part_clay")),
    "metal": (("light_smelter",), ("light_smelter",), ("light_smelter", "heavy_smelter")),
    "product": (
        ("make_standard", "make_strong"),
        ("make_standard", "make_strong"),
        ("make_strong",),
    ),
    "recycling": (("recycle",),),
}
# Of the first year's demand of products, what the covered region can make at each stage.
COVERED = {"mining": 9.0, "separation": 8.0, "metal": 1.2, "product": 2.4, "recycling": 0.5}


def sheets(size: Size, seed: int) -> dict[str, list[RowValues]]:
    """The sheets of a case, each a list of rows by column."""
    return _Drawn(size, seed).sheets()


def grids(case: Mapping[str, Sequence[RowValues]]) -> Grids:
    """Sheets that have rows as grids of values, header first."""
    found: Grids = {}
    for name, lines in case.items():
        if not lines:
            continue
        header = tuple(dict.fromkeys(column for line in lines for column in line))
        rows = (tuple(line.get(column, "") for column in header) for line in lines)
        found[name] = (header, *rows)
    return found


def write(path: Path, size: Size, seed: int) -> Path:
    """Write a case as a workbook and give its path."""
    save_workbook(path, grids(sheets(size, seed)))
    return path


class _Drawn:
    """One case, drawn sheet by sheet."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size = size
        self.rng = random.Random(seed)
        names = [f"r{n:02}" for n in range(1, size.regions)]
        allied = max(1, round(0.6 * len(names)))
        self.allies, self.others = names[:allied], names[allied:]
        self.minerals = [f"m{n:02}" for n in range(1, size.chains + 1)]
        self.years = range(FIRST, size.last + 1)

    def sheets(self) -> dict[str, list[RowValues]]:
        """Every sheet. Candidates come before the money that is measured by them."""
        projects = list(self._projects())
        demand = list(self._demand())
        programmes, eligibility = self._programmes(projects)
        scenarios, shocks = self._scenarios()
        return {
            "settings": self._settings(),
            "regions": list(self._regions()),
            "commodities": list(self._commodities()),
            "contents": list(self._contents()),
            "processes": list(self._processes()),
            "recipes": list(self._recipes()),
            "ramps": [_numbered("ramp", name, shares) for name, shares in RAMPS.items()],
            "spends": [_numbered("spend", f"s{n}", shares) for n, shares in SPENDS.items()],
            "facilities": list(self._facilities(demand)),
            "projects": projects,
            "programmes": programmes,
            "eligibility": eligibility,
            "supports": list(self._supports()),
            "private_capital": [self._private_capital(projects)],
            "build_limits": list(self._build_limits()),
            "demand": demand,
            "lanes": list(self._lanes(demand)),
            "prices": list(self._prices()),
            "stockpiles": list(self._stockpiles(demand)),
            "scenarios": scenarios,
            "shocks": shocks,
        }

    def _drawn(self, span: tuple[float, float, float]) -> float:
        """A number of three digits between low and high, most often near the middle by ratio."""
        low, middle, high = map(math.log, span)
        return _rounded(math.exp(self.rng.triangular(low, high, middle)))

    def _settings(self) -> list[RowValues]:
        values = {
            "schema": 1,
            "title": f"Drawn case of {self.size.projects} candidates",
            "first_year": FIRST,
            "last_year": self.size.last,
            "price_year": 2025,
            "discount_rate": 0.05,
            "dependence_from": FIRST,
            "dependence_to": self.size.last,
            "public_share": 0.4,
            "losing_plants": "need_support",
        }
        return [{"key": key, "value": value} for key, value in values.items()]

    def _regions(self) -> Iterator[RowValues]:
        for bloc, names in (("ally", self.allies), ("other", self.others), ("covered", ["r00"])):
            for name in names:
                yield {"region": name, "bloc": bloc}

    def _commodities(self) -> Iterator[RowValues]:
        for mineral in self.minerals:
            for good, (stage, *_) in GOODS.items():
                yield {"commodity": f"{mineral}_{good}", "mineral": mineral, "stage": stage}

    def _contents(self) -> Iterator[RowValues]:
        for mineral in self.minerals:
            for good, (_, light, heavy, _) in GOODS.items():
                for element, share in (("light", light), ("heavy", heavy)):
                    if share:
                        name = f"{mineral}_{good}"
                        yield {"commodity": name, "element": f"{mineral}_{element}", "share": share}

    def _processes(self) -> Iterator[RowValues]:
        for mineral in self.minerals:
            for process, (stage, _) in RECIPES.items():
                yield {"process": f"{mineral}_{process}", "stage": stage}

    def _recipes(self) -> Iterator[RowValues]:
        for mineral in self.minerals:
            for process, (_, recipe) in RECIPES.items():
                for good, amount in recipe.items():
                    yield {
                        "process": f"{mineral}_{process}",
                        "commodity": f"{mineral}_{good}",
                        "amount": amount,
                    }

    def _plant(self, mineral: str, processes: Sequence[str]) -> RowValues:
        """What a plant can run, and the unit of its capacity: what it makes most of."""
        line: RowValues = {"processes": ";".join(f"{mineral}_{process}" for process in processes)}
        if len(processes) == 1:
            recipe = RECIPES[processes[0]][1]
            line["capacity_of"] = f"{mineral}_{max(recipe, key=lambda good: recipe[good])}"
        return line

    def _facilities(self, demand: Sequence[RowValues]) -> Iterator[RowValues]:
        """The covered region's plants, which make more than is asked of them, and plants elsewhere,
        half as many as candidates."""
        for mineral in self.minerals:
            goods = {f"{mineral}_{good}" for good in GOODS}
            asked = sum(d[str(self.size.last)] for d in demand if d["commodity"] in goods)
            for stage, ratio in COVERED.items():
                for process in (p for p, (of, _) in RECIPES.items() if of == stage):
                    yield {
                        "facility": f"{mineral}_r00_{process}",
                        "region": "r00",
                        "capacity": _rounded(ratio * asked),
                        **self._plant(mineral, (process,)),
                        "opex": STAGES[stage].opex[0],
                        **SHOWN,
                    }
        for n, (mineral, stage) in enumerate(self._places(self.size.projects // 2)):
            drawn = STAGES[stage]
            yield {
                "facility": f"f{n + 1:04}",
                "region": self.rng.choice((*self.allies, *self.allies, *self.others)),
                "capacity": _rounded(HALF * self._drawn(drawn.capacity)),
                **self._plant(mineral, self.rng.choice(PLANTS[stage])),
                "opens": self.rng.choice(("", "", "", FIRST - 2, FIRST + 1)),
                "ramp": drawn.ramps[0],
                "opex": self._drawn(drawn.opex),
                **SHOWN,
            }

    def _places(self, number: int) -> Iterator[tuple[str, str]]:
        """Minerals in turn, and for each its stages in proportion."""
        for n in range(number):
            drawn = self.rng.choices(tuple(STAGES), [stage.share for stage in STAGES.values()])
            yield self.minerals[n % len(self.minerals)], drawn[0]

    def _projects(self) -> Iterator[RowValues]:
        """Candidates; one in twelve needs a mine of its mineral first, every second one is larger
        or smaller as it pleases, one in twenty comes in up to five units."""
        mines: dict[str, str] = {}
        for n, (mineral, stage) in enumerate(self._places(self.size.projects)):
            drawn, name = STAGES[stage], f"p{n + 1:04}"
            lead, capacity = self.rng.choice(drawn.lead), self._drawn(drawn.capacity)
            # Six-tenths rule of process plants: capital grows with the 0.6th power of capacity.
            capital = self._drawn(drawn.capital) * (drawn.capacity[1] / capacity) ** 0.4
            earliest = FIRST + min(self.rng.choice((1, 1, 1, 2, 3, 5, 7, 9)), self.size.years - 1)
            needs = stage == "separation" and self.rng.random() < 0.4
            yield {
                "project": name,
                "region": self.rng.choice((*self.allies, *self.allies, *self.others)),
                **self._plant(mineral, self.rng.choice(PLANTS[stage])),
                **self._scale(capacity, capital),
                "lead_time": lead,
                "ramp": self.rng.choice(drawn.ramps),
                "spend": f"s{lead}",
                "life": self.rng.randint(*drawn.life),
                "earliest": earliest,
                "max_units": 5 if self.rng.random() < 0.05 else 1,
                "requires": mines.get(mineral, "") if needs else "",
                "public_share": drawn.public_share,
                "max_public_share": 0.51,
                "opex": self._drawn(drawn.opex),
                "x_capital": _rounded(capacity * capital),
                **SHOWN,
            }
            if stage == "mining":
                mines[mineral] = name

    def _scale(self, capacity: float, capital: float) -> RowValues:
        """Capacity and capital: of one size, or a tenth of the capital whatever the size."""
        whole = capacity * capital
        if self.rng.random() < HALF:
            return {"capacity": capacity, "capex": _rounded(whole)}
        return {
            "capacity_min": _rounded(0.2 * capacity),
            "capacity_max": capacity,
            "capex": _rounded(0.1 * whole),
            "capex_per_unit": _rounded(0.9 * capital),
        }

    def _programmes(self, projects: Sequence[RowValues]) -> tuple[list[RowValues], list[RowValues]]:
        """One programme for every five candidates up to thirty, and one for every hundred."""
        count = max(4, min(30, self.size.projects // 5) + self.size.projects // 100)
        asked = sum(p["x_capital"] * p["public_share"] for p in projects)
        weights = [self.rng.paretovariate(1.2) for _ in range(count)]
        programmes: list[RowValues] = []
        eligibility: list[RowValues] = []
        for n, weight in enumerate(weights):
            name, amount = f"k{n + 1:03}", HALF * asked * weight / sum(weights)
            from_year = FIRST + self.rng.choice((0, 0, 0, 1))
            until = min(self.size.last, FIRST + self.rng.choice((4, 6, 9, 14)))
            yearly = _rounded(amount / (until - from_year + 1))
            programmes.append(
                {
                    "programme": name,
                    "instrument": self.rng.choice(("grant", "grant", "loan", "equity")),
                    "amount": _rounded(amount),
                    "commit_from": from_year,
                    "commit_to": until,
                    "ticket_min": _rounded(0.02 * amount) if self.rng.random() < 0.05 else "",
                    "carry_over": self.rng.choice(("yes", "yes", "no")),
                    "pays_for": "capex",
                    **{str(year): yearly for year in self.years},
                    **SHOWN,
                }
            )
            for field, value in self._filters(n):
                eligibility.append({"programme": name, "field": field, "value": value, **SHOWN})
        for mineral in self.minerals:
            for use in ("price_support", "stock"):
                short = asked / len(self.minerals) / 10
                programmes.append(
                    {
                        "programme": f"{mineral}_{use}",
                        "instrument": use,
                        "amount": _rounded(short),
                        "carry_over": "yes",
                        "pays_for": use,
                        **{str(year): _rounded(short / self.size.years) for year in self.years},
                        **SHOWN,
                    }
                )
                line = {"programme": f"{mineral}_{use}", "field": "mineral", "value": mineral}
                eligibility.append({**line, **SHOWN})
        return programmes, eligibility

    def _filters(self, number: int) -> Iterator[tuple[str, str]]:
        """Every eighth programme pays all but the covered region; the others one to three allies,
        half of them some stages alone, and where there are many minerals some of these."""
        if number % 8 == 0:
            yield "bloc", "ally"
            yield "bloc", "other"
            return
        most = min(len(self.allies), 3)
        for region in self.rng.sample(self.allies, self.rng.randint(1, most)):
            yield "region", region
        if self.rng.random() < HALF:
            for stage in self.rng.sample(tuple(STAGES), self.rng.randint(1, 4)):
                yield "stage", stage
        if len(self.minerals) > 3:
            for mineral in self.rng.sample(self.minerals, 3):
                yield "mineral", mineral

    def _supports(self) -> Iterator[RowValues]:
        for mineral in self.minerals:
            yield {
                "programme": f"{mineral}_price_support",
                "commodity": f"{mineral}_light_oxide",
                "basis": "floor",
                "amount": 1.1 * GOODS["light_oxide"][3],
                **SHOWN,
            }

    def _private_capital(self, projects: Sequence[RowValues]) -> RowValues:
        asked = sum(p["x_capital"] * (1 - p["public_share"]) for p in projects)
        yearly = _rounded(HALF * asked / self.size.years)
        return {"field": "all", "value": "", **{str(y): yearly for y in self.years}, **SHOWN}

    def _build_limits(self) -> Iterator[RowValues]:
        for name, stage in STAGES.items():
            most = stage.starts * self.size.chains
            years = {str(year): most for year in self.years}
            yield {"field": "stage", "value": name, "what": "starts", **years, **SHOWN}

    def _demand(self) -> Iterator[RowValues]:
        """Two products in half of the allied regions, one other and the covered one: as much as
        the candidates of the mineral could make and half as much again."""
        for mineral in self.minerals:
            buyers = self.rng.sample(self.allies, max(1, len(self.allies) // 2))
            buyers += [*self.others[:1], "r00"]
            for region in buyers:
                for good in ("standard", "strong"):
                    middle = 2000 * (4 if region == "r00" else 1)
                    first = self._drawn((0.3 * middle, middle, 2.5 * middle))
                    yield {
                        "region": region,
                        "commodity": f"{mineral}_{good}",
                        "segment": "civil",
                        str(FIRST): first,
                        str(self.size.last): _rounded(first * self.rng.uniform(1.2, 2.5)),
                        **SHOWN,
                    }

    def _lanes(self, demand: Sequence[RowValues]) -> Iterator[RowValues]:
        """Trade is open but for the covered region's ores; what it sells of products to a region is
        limited there, by two spans of years."""
        yield {"origin": "*", "destination": "*", "commodity": "*", "cost": 150, **SHOWN}
        for mineral in self.minerals:
            for ore in ("ore", "clay"):
                name = f"{mineral}_{ore}"
                closed = {"origin": "r00", "destination": "*", "commodity": name, "cost": 150}
                yield {**closed, "open": "no", **SHOWN}
        middle = FIRST + self.size.years // 2
        for line in demand:
            if line["region"] == "r00":
                continue
            for first, last, year in (
                (FIRST, middle, FIRST),
                (middle + 1, self.size.last, self.size.last),
            ):
                yield {
                    "origin": "r00",
                    "destination": line["region"],
                    "commodity": line["commodity"],
                    "cost": 150,
                    "limit": line[str(year)],
                    "first_year": first,
                    "last_year": last,
                    **SHOWN,
                }

    def _prices(self) -> Iterator[RowValues]:
        for mineral in self.minerals:
            for good, (*_, price) in GOODS.items():
                years = {str(FIRST): price, str(self.size.last): _rounded(1.1 * price)}
                yield {"commodity": f"{mineral}_{good}", "market": "*", **years, **SHOWN}

    def _stockpiles(self, demand: Sequence[RowValues]) -> Iterator[RowValues]:
        """Two a mineral: sixty days of a region's strong product, and of light oxide."""
        for mineral in self.minerals:
            buyer = next(d for d in demand if d["commodity"] == f"{mineral}_strong")
            for good, ratio in (("strong", 0.16), ("light_oxide", 0.08)):
                yield {
                    "stockpile": f"{mineral}_{good}",
                    "region": buyer["region"],
                    "commodity": f"{mineral}_{good}",
                    "initial": 0,
                    "capacity": _rounded(ratio * buyer[str(FIRST)]),
                    "carrying_cost": 9000,
                    "release": "disruption",
                    "buys": "any",
                    **SHOWN,
                }

    def _scenarios(self) -> tuple[list[RowValues], list[RowValues]]:
        """Scenarios of eight kinds in turn."""
        cut = min(FIRST + 3, self.size.last)
        kinds: tuple[RowValues, ...] = (
            {"what": "lane", "field": "origin", "value": "r00", "factor": 0.4},
            {"what": "lead_time", "field": "", "value": "", "shift": 1},
            {"what": "demand", "field": "", "value": "", "factor": 1.2},
            {"what": "capex", "field": "", "value": "", "factor": 1.28},
            {"what": "ramp", "field": "stage", "value": "separation", "factor": 0.55},
            {"what": "supply", "field": "region", "value": self.allies[0], "factor": 0.7},
            {"what": "lead_time", "field": "stage", "value": "product", "shift": 2},
            {"what": "supply", "field": "bloc", "value": "covered", "factor": 0.8},
        )
        timed = {"lane", "supply"}
        scenarios, shocks = [], []
        for n in range(self.size.scenarios):
            name, kind = f"s{n + 1:02}", kinds[n % len(kinds)]
            year = min(cut + n // len(kinds), self.size.last)
            years = {"first_year": year, "last_year": year} if kind["what"] in timed else {}
            scenarios.append({"scenario": name, "description": f"{kind['what']} from {year}"})
            shocks.append({"scenario": name, **kind, **years, **SHOWN})
        return scenarios, shocks


def _numbered(key: str, name: str, shares: Sequence[float]) -> RowValues:
    return {key: name, **{f"year_{n}": share for n, share in enumerate(shares, start=1)}}


def _rounded(number: float) -> float:
    """Three digits, as figures are given in workbooks."""
    return float(f"{number:.3g}")
