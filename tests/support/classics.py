"""Published problems as workbooks, with their known optima."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builders import EXACT, Rows, plant, project

# ---- 0-1 knapsack in ten dimensions: Petersen (1967), first problem of OR-Library's mknap1 ----

PROFITS = (100, 600, 1200, 2400, 500, 2000)
WEIGHTS = (
    (8, 12, 13, 64, 22, 41),
    (8, 12, 13, 75, 22, 41),
    (3, 6, 4, 18, 6, 4),
    (5, 10, 8, 32, 6, 12),
    (5, 13, 8, 42, 6, 20),
    (5, 13, 8, 48, 6, 20),
    (0, 0, 0, 0, 8, 0),
    (3, 0, 4, 0, 8, 0),
    (3, 2, 4, 0, 8, 4),
    (3, 2, 4, 8, 8, 4),
)
ROOM = (80, 96, 20, 36, 44, 48, 10, 18, 22, 24)
KNAPSACK_OPTIMUM = 3800


def knapsack() -> dict[str, Rows]:
    """Objects are mines committed in the first year, profits what they make, rows of the knapsack
    the yearly limits of one programme that pays for everything: an object's weights fall due year
    after year."""
    years = range(2030, 2030 + len(ROOM))
    columns = list(zip(*WEIGHTS, strict=True))
    only_now = {"public_share": 1, "latest": 2030}
    return {
        "settings": [
            {"key": key, "value": value} for key, value in {**EXACT, "last_year": years[-1]}.items()
        ],
        "regions": [{"region": "W", "bloc": "ally"}, {"region": "X", "bloc": "covered"}],
        "commodities": [{"commodity": "ore", "stage": "mining"}],
        "processes": [{"process": "dig", "stage": "mining"}],
        "recipes": [{"process": "dig", "commodity": "ore", "amount": 1}],
        "projects": [
            project(f"object{n}", "dig", profit, sum(weights), spend=f"weights{n}", **only_now)
            for n, (profit, weights) in enumerate(zip(PROFITS, columns, strict=True))
        ],
        "spends": [
            {
                "spend": f"weights{n}",
                **{f"year_{k + 1}": w / sum(weights) for k, w in enumerate(weights)},
            }
            for n, weights in enumerate(columns)
        ],
        "programmes": [
            {
                "programme": "fund",
                "amount": sum(map(sum, WEIGHTS)),
                **{str(t): room for t, room in zip(years, ROOM, strict=True)},
            }
        ],
        "demand": [{"region": "W", "commodity": "ore", str(years[-1]): sum(PROFITS)}],
    }


# ---- Capacitated facility location: five plants, four warehouses (Frontline's and Gurobi's
# example `facility`, optimum 210,500) ----------------------------------------------------------

NEEDS = (15, 18, 14, 20)
CAPACITIES = (20, 22, 17, 19, 18)
FIXED = (12_000, 15_000, 17_000, 13_000, 16_000)
TRANSPORT = (  # warehouse by plant
    (4000, 2000, 3000, 2500, 4500),
    (2500, 2600, 3400, 3000, 4000),
    (1200, 1800, 2600, 4100, 3000),
    (2200, 2600, 3100, 3700, 3200),
)
LOCATION_OPTIMUM = 210_500


def facility_location() -> dict[str, Rows]:
    """Plants are projects of one year, fixed costs their capex, transport the freight of lanes. One
    dollar of the example is USD 1 million here."""
    plants, warehouses = range(len(CAPACITIES)), range(len(NEEDS))
    return {
        "settings": [
            {"key": key, "value": value} for key, value in {**EXACT, "last_year": 2030}.items()
        ],
        "regions": [
            *({"region": f"plant{p}", "bloc": "other"} for p in plants),
            *({"region": f"warehouse{w}", "bloc": "ally"} for w in warehouses),
            {"region": "X", "bloc": "covered"},
        ],
        "commodities": [{"commodity": "good", "stage": "mining"}],
        "processes": [{"process": "make", "stage": "mining"}],
        "recipes": [{"process": "make", "commodity": "good", "amount": 1}],
        "projects": [
            project(f"P{p}", "make", CAPACITIES[p], FIXED[p], region=f"plant{p}") for p in plants
        ],
        "lanes": [
            {
                "origin": f"plant{p}",
                "destination": f"warehouse{w}",
                "commodity": "good",
                "cost": TRANSPORT[w][p] * 1_000_000,
            }
            for p in plants
            for w in warehouses
        ],
        "demand": [
            {"region": f"warehouse{w}", "commodity": "good", "2030": NEEDS[w]} for w in warehouses
        ],
    }


# ---- The farmer: Birge and Louveaux, Introduction to Stochastic Programming, section 1.1 --------

ACRES = 500
CROPS = ("wheat", "corn", "beets")
PLANTING = (150, 230, 260)  # USD an acre, by crop
YIELDS = (2.5, 3, 20)  # t an acre in an average year
SOLD_AT = (170, 150, 36)  # USD/t
QUOTA, SOLD_BEYOND = 6000, 10  # of beets: t, and USD/t of what is more
FODDER = (200, 240)  # t of wheat and corn that the cattle need
BOUGHT_AT = (238, 210)  # USD/t of wheat and corn
WEATHER = {"poor": 0.8, "base": 1, "good": 1.2}  # on all yields, each as likely
WHOLE_FIELDS = (185, 145, 105, 65)  # acres, where a field cannot be shared by crops
PURSE = ACRES * max(PLANTING)  # USD; as much as planting can cost, so that it limits nothing
# The money that is there without any profit, and more than can be had of it in any year. USD.
FARM_ZERO = PURSE + FODDER[0] * BOUGHT_AT[0] + FODDER[1] * BOUGHT_AT[1]
FARM_AIM = 400_000


def farmer(*, whole_fields: bool = False) -> dict[str, Rows]:
    """Money is a commodity that allies ask for, fields are projects of any size. One limit on what
    is built holds the acres, another the money to plant with, of which the rest stays. What is fed
    to cattle need not be bought. So dependence is 1 - (profit + FARM_ZERO) / FARM_AIM."""
    grown = {
        crop: {crop: tonnes, "acres": 1, "outlay": cost}
        for crop, cost, tonnes in zip(CROPS, PLANTING, YIELDS, strict=True)
    }
    wheat, corn, beets = CROPS
    earned: dict[str, tuple[dict[str, float], float]] = {
        "cattle on wheat": ({wheat: BOUGHT_AT[0]}, FODDER[0]),
        "cattle on corn": ({corn: BOUGHT_AT[1]}, FODDER[1]),
        "beets in quota": ({beets: SOLD_AT[2]}, QUOTA),
        "market": ({wheat: SOLD_AT[0], corn: SOLD_AT[1], beets: SOLD_BEYOND}, 100_000),
    }
    fields = [_scalable(crop, crop, ACRES) for crop in CROPS]
    if whole_fields:
        fields = [
            project(f"{crop} on {acres}", crop, acres, 0, group=f"field {acres}")
            for crop in CROPS
            for acres in WHOLE_FIELDS
        ]
    shocks = [
        {"scenario": name, "field": "process", "value": crop, "factor": factor}
        for name, factor in WEATHER.items()
        for crop in CROPS
    ]
    return _two_stages(
        made=grown,
        projects=fields,
        limits={"acres": ACRES, "outlay": PURSE},
        earned=earned,
        aim=FARM_AIM,
        chances=dict.fromkeys(WEATHER, 1 / len(WEATHER)),
        shocks=shocks,
    )


# ---- Power plants under unknown load, LandS: Louveaux and Smeers (1988), Optimal investments for
# electricity generation; with three scenarios, as in the collections of test problems ------------

BUILDING = (10, 7, 16, 6)  # cost of capacity, by technology
RUNNING = ((40, 24, 4), (45, 27, 4.5), (32, 19.2, 3.2), (55, 33, 5.5))  # technology by mode
LOADS = (5, 3, 2)  # by mode; the first of them is that of the base case
FIRST_LOAD = {"low": (3, 0.3), "base": (5, 0.4), "high": (7, 0.3)}  # and how likely
LEAST_CAPACITY, BUDGET = 12, 120
LANDS_OPTIMUM = 381.853
# What capacity, up to the least, and load earn: more than they can cost, so that all is had.
CAPACITY_EARNS, LOAD_EARNS = 50, 200
LANDS_AIM = 3200  # more than can be earned in any scenario


def lands() -> dict[str, Rows]:
    """As the farmer: technologies are projects of any size, modes plants as large as their load.
    Dependence is 1 - (BUDGET + CAPACITY_EARNS LEAST_CAPACITY + LOAD_EARNS load - cost) / LANDS_AIM,
    with the load of all modes."""
    technologies = range(len(BUILDING))
    built = {
        f"technology{i}": {f"power{i}": 1, "capacity": 1, "outlay": BUILDING[i]}
        for i in technologies
    }
    earned: dict[str, tuple[dict[str, float], float]] = {
        f"mode{j}": ({f"power{i}": LOAD_EARNS - RUNNING[i][j] for i in technologies}, load)
        for j, load in enumerate(LOADS)
    }
    earned["least"] = ({"capacity": CAPACITY_EARNS}, LEAST_CAPACITY)
    shocks = [
        {"scenario": name, "field": "facility", "value": "mode0", "factor": load / LOADS[0]}
        for name, (load, _) in FIRST_LOAD.items()
    ]
    return _two_stages(
        made=built,
        projects=[_scalable(name, name, BUDGET) for name in built],
        limits={"outlay": BUDGET},
        earned=earned,
        aim=LANDS_AIM,
        chances={name: chance for name, (_, chance) in FIRST_LOAD.items()},
        shocks=shocks,
    )


def _scalable(name: str, process: str, most: float) -> dict[str, Any]:
    row = project(name, process, most, 0, capacity_max=most)
    del row["capacity"]
    return row


def _two_stages(
    *,
    made: Mapping[str, Mapping[str, float]],
    projects: Rows,
    limits: Mapping[str, float],
    earned: Mapping[str, tuple[Mapping[str, float], float]],
    aim: float,
    chances: Mapping[str, float],
    shocks: Rows,
) -> dict[str, Rows]:
    """A workbook of one year: what a unit of each process makes, the projects that run them and
    limits on what can be built; by plant the money that a unit of each thing earns and how many
    units it takes; the money asked for; scenarios with their chances, the base case among them, and
    shocks on supply. Nothing else knows the cost of the first stage: a project makes money of what
    the limit on outlay leaves."""
    made = {**made, "spare": {"outlay": 1, "money": 1}}
    earning = {
        f"{name}: {thing}": {thing: -1, "money": money}
        for name, (prices, _) in earned.items()
        for thing, money in prices.items()
    }
    things = dict.fromkeys(thing for recipe in made.values() for thing in recipe)
    return {
        "settings": [
            {"key": key, "value": value} for key, value in {**EXACT, "last_year": 2030}.items()
        ],
        "regions": [{"region": "W", "bloc": "ally"}, {"region": "X", "bloc": "covered"}],
        "commodities": [{"commodity": thing} for thing in things],
        "processes": [
            *({"process": name, "stage": "mining"} for name in made),
            *({"process": name, "stage": "earning"} for name in earning),
        ],
        "recipes": [
            {"process": name, "commodity": thing, "amount": amount}
            for name, recipe in (made | earning).items()
            for thing, amount in recipe.items()
        ],
        "facilities": [
            plant(name, "W", "; ".join(f"{name}: {thing}" for thing in prices), most)
            for name, (prices, most) in earned.items()
        ],
        "projects": [*projects, _scalable("spare", "spare", limits["outlay"])],
        "build_limits": [
            {"field": "all", "what": "capacity", "commodity": thing, "2030": most}
            for thing, most in limits.items()
        ],
        "demand": [{"region": "W", "commodity": "money", "2030": aim}],
        "scenarios": [
            {"scenario": name, "probability": chance}
            for name, chance in chances.items()
            if name != "base"
        ],
        "shocks": [{"what": "supply", **row} for row in shocks if row["scenario"] != "base"],
    }
