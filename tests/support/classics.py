"""Published problems as workbooks, with their known optima."""

from __future__ import annotations

from builders import EXACT, Rows, project

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
