"""Published problems as workbooks, with their known optima."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


# ---- Network design under unknown costs, capacities and demand: network-10-10-L-02, which comes
# with mpi-sppy (Knueven, Mildebrath, Muir, Watson and Woodruff) in its examples/netdes; by the file
# solutions.dat there the least cost found and the best bound are both 108122.7, told to one place -

CHANCES = (0.05, 0.1, 0.05, 0.05, 0.2, 0.1, 0.05, 0.15, 0.1, 0.15)  # of ten scenarios
# A line an arc: from and to which node, what it costs to build, what a unit on it costs in each
# scenario, and how many it takes in each.
_ARCS = """
0 5 10760  41 76 24 57 74 58 53 76 43 36  31 22 25 36 38 39 36 26 29 35
0 6  9200  78 25 20 79 20 65 61 20 55 37  22 31 29 21 33 20 26 36 23 30
0 8  9120  50 30 43 45 45 41 41 29 61 71  29 37 34 31 36 25 25 31 33 37
1 0 12100  73 34 48 72 78 66 73 62 74 25  37 32 39 37 34 30 27 38 33 22
1 2 13700  75 80 80 80 80 74 80 39 40 57  38 26 40 28 31 22 29 25 35 32
1 6 10120  74 34 35 32 31 80 56 49 45 70  39 20 32 25 25 40 33 36 22 28
2 0 13880  80 80 49 80 80 65 23 80 77 80  34 34 36 38 39 23 38 30 39 32
2 1 12280  54 52 78 40 55 80 80 66 67 42  36 39 35 23 35 30 28 32 23 38
2 3 11180  78 59 37 58 63 47 63 37 70 47  26 35 32 35 25 22 31 22 32 27
2 7 11860  71 42 72 66 80 35 32 80 80 35  27 37 28 27 21 36 32 27 38 34
3 0 13119  32 80 80 71 44 80 80 80 49 60  27 35 38 40 40 39 29 28 30 38
3 2 11000  53 79 35 79 40 39 79 47 56 43  36 25 24 28 20 29 33 40 38 22
3 6  8960  64 50 29 35 45 26 26 30 75 68  28 25 33 32 39 29 31 30 40 21
4 1  8980  30 49 33 31 57 78 26 57 38 50  39 27 32 23 21 23 35 29 36 35
4 3 13260  35 80 80 80 59 68 70 31 80 80  35 30 36 38 37 34 17 32 35 38
5 8 10420  65 50 45 27 48 74 20 80 80 32  27 33 31 27 38 37 39 26 34 38
6 4  9900  45 43 55 62 78 31 47 35 70 29  21 38 21 29 24 31 40 38 40 33
6 5  9920  29 23 80 40 37 28 73 71 72 43  31 23 38 37 27 26 35 31 36 28
6 7 11440  51 25 38 79 57 31 80 79 75 57  32 39 32 30 20 22 35 31 28 35
6 8 14319  76 75 56 79 80 79 72 53 71 75  32 34 20 37 28 35 20 21 37 39
6 9 14260  80 80 80 80 68 80 43 80 80 42  32 37 34 39 21 24 36 31 24 29
7 2  9260  27 55 34 67 74 28 28 28 73 49  36 38 21 28 23 37 37 25 40 26
8 1 10280  54 74 28 40 35 64 73 58 31 57  27 28 38 24 40 38 31 25 20 35
8 7 13480  80 66 76 46 80 48 80 73 80 45  19 22 29 39 36 36 35 31 40 36
9 2  8460  24 48 68 27 60 28 29 56 26 57  34 33 28 38 34 32 23 35 40 39
9 6  9740  57 73 71 34 23 61 51 44 28 45  22 37 28 38 23 35 20 22 22 28
9 7 13380  80 80 79 25 23 72 80 80 80 70  19 35 26 30 27 27 26 28 33 35
"""
Arc = tuple[int, int]
ARC_BUILDING: dict[Arc, int] = {}
ARC_RUNNING: dict[Arc, list[int]] = {}
ARC_TAKES: dict[Arc, list[int]] = {}
for _line in _ARCS.split("\n")[1:-1]:
    _from, _to, _cost, *_rest = map(int, _line.split())
    ARC_BUILDING[_from, _to] = _cost
    ARC_RUNNING[_from, _to] = _rest[: len(CHANCES)]
    ARC_TAKES[_from, _to] = _rest[len(CHANCES) :]
# What arises at a node in each scenario, or is asked for there (below 0); elsewhere nothing.
ARISES = {
    0: (-32, -32, -28, -31, -44, -33, -36, -26, -20, -43),
    1: (25, 19, 22, 27, 19, 20, 29, 25, 21, 25),
    4: (11, 26, 26, 17, 30, 30, 10, 10, 20, 30),
    5: (15, 17, 27, 25, 20, 28, 21, 20, 15, 27),
    6: (19, 26, 14, 10, 16, 21, 23, 28, 17, 23),
    7: (-38, -56, -61, -48, -41, -66, -47, -57, -53, -62),
}
NETWORK_OPTIMUM = 108_122.7
# What a unit that arrives earns: more than it can cost, so that all do.
ARRIVAL_EARNS = 10_000
NETWORK_PURSE = sum(ARC_BUILDING.values())  # enough to build all
NETWORK_AIM = 1_500_000  # more than can be earned in any scenario


def network(scenarios: Sequence[int] = range(len(CHANCES))) -> dict[str, Rows]:
    """As the farmer: arcs are projects that make room on them, and in each scenario a plant of its
    own moves units, at its costs. The base case, in which all of these plants move, is none of the
    scenarios. Those left out are as if they could not come. Dependence is
    1 - (NETWORK_PURSE + ARRIVAL_EARNS arrivals - cost) / NETWORK_AIM."""
    names = {f"s{k}": k for k in scenarios}
    every = sum(CHANCES[k] for k in scenarios)
    room = {arc: max(takes) for arc, takes in ARC_TAKES.items()}
    most = {node: max(map(abs, units)) for node, units in ARISES.items()}
    moved = {
        f"moves {name}": {
            f"{i} to {j} in {name}": {
                f"room {i} to {j}": -1,
                f"at {i}": -1,
                f"at {j}": 1,
                "money": -costs[k],
            }
            for (i, j), costs in ARC_RUNNING.items()
        }
        for name, k in names.items()
    }
    factors = [
        (name, field, value, factor)
        for name, k in names.items()
        for field, value, factor in [
            *(("facility", plant, float(plant == f"moves {name}")) for plant in moved),
            *(("project", f"{i} to {j}", ARC_TAKES[i, j][k] / room[i, j]) for i, j in room),
            *(("facility", f"node {i}", abs(ARISES[i][k]) / most[i]) for i in most),
        ]
    ]
    return _two_stages(
        made={
            f"{i} to {j}": {f"room {i} to {j}": 1, "outlay": cost / room[i, j]}
            for (i, j), cost in ARC_BUILDING.items()
        },
        projects=[
            project(f"{i} to {j}", f"{i} to {j}", units, 0) for (i, j), units in room.items()
        ],
        limits={"outlay": NETWORK_PURSE},
        earned={
            f"node {i}": ({f"at {i}": ARRIVAL_EARNS}, most[i]) for i in most if ARISES[i][0] < 0
        },
        arises={f"node {i}": (f"at {i}", most[i]) for i in most if ARISES[i][0] > 0},
        moved={plant: (own, sum(room.values())) for plant, own in moved.items()},
        aim=NETWORK_AIM,
        chances={name: CHANCES[k] / every for name, k in names.items()},
        shocks=[
            {"scenario": name, "field": field, "value": value, "factor": factor}
            for name, field, value, factor in factors
            if factor != 1
        ],
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
    arises: Mapping[str, tuple[str, float]] | None = None,
    moved: Mapping[str, tuple[Mapping[str, Mapping[str, float]], float]] | None = None,
) -> dict[str, Rows]:
    """A workbook of one year: what a unit of each process makes, the projects that run them and
    limits on what can be built; by plant the money that a unit of each thing earns and how many
    units it takes; the money asked for; scenarios with their chances, the base case among them, and
    shocks on supply; by plant what arises of a thing, and what moves things about and how many of
    them. Nothing else knows the cost of the first stage: a project makes money of what the limit on
    outlay leaves."""
    arises, moved = arises or {}, moved or {}
    made = {**made, "spare": {"outlay": 1, "money": 1}}
    arising = {f"{name}: arises": {thing: 1} for name, (thing, _) in arises.items()}
    moving = {process: recipe for own, _ in moved.values() for process, recipe in own.items()}
    earning = {
        f"{name}: {thing}": {thing: -1, "money": money}
        for name, (prices, _) in earned.items()
        for thing, money in prices.items()
    }
    recipes = {**made, **arising, **moving, **earning}
    things = dict.fromkeys(thing for recipe in recipes.values() for thing in recipe)
    return {
        "settings": [
            {"key": key, "value": value} for key, value in {**EXACT, "last_year": 2030}.items()
        ],
        "regions": [{"region": "W", "bloc": "ally"}, {"region": "X", "bloc": "covered"}],
        "commodities": [{"commodity": thing} for thing in things],
        "processes": [
            *({"process": name, "stage": "mining"} for name in (*made, *arising)),
            *({"process": name, "stage": "moving"} for name in moving),
            *({"process": name, "stage": "earning"} for name in earning),
        ],
        "recipes": [
            {"process": name, "commodity": thing, "amount": amount}
            for name, recipe in recipes.items()
            for thing, amount in recipe.items()
        ],
        "facilities": [
            *(
                plant(name, "W", "; ".join(f"{name}: {thing}" for thing in prices), most)
                for name, (prices, most) in earned.items()
            ),
            *(plant(name, "W", f"{name}: arises", most) for name, (_, most) in arises.items()),
            *(plant(name, "W", "; ".join(own), most) for name, (own, most) in moved.items()),
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
