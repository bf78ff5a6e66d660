"""Stockpiles: changes of the full case, faulty, doubtful or sound."""

from __future__ import annotations

from cases import Edit, add, drop, patch
from full_case import LOSING_RUN, eligible, stock

# (check, changes, faults in their words)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "stock levels",
        [patch("stockpiles", 1, "capacity", 50)],
        ["stockpiles!D2: initial 100 is above capacity 50. Mend one of them."],
    ),
    (
        "stock levels",
        [patch("stockpiles", 1, "region", "CHN"), patch("stockpiles", 1, "buys", "any")],
        [
            "stockpiles!E2: CHN is in bloc covered, so what lies there is exposed. Type exposed.",
        ],
    ),
    (
        "stock prices",
        [drop("prices", 2)],
        [
            "supports!B2: there is no price of oxide in AUS to top up."
            " Add a row of oxide to sheet prices.",
            "stockpiles!C2: there is no price of oxide in JPN to buy it at."
            " Add a row of oxide to sheet prices.",
        ],
    ),
    (
        "stock prices",
        [patch("prices", 2, "market", "AUS"), drop("supports")],
        [
            "stockpiles!C2: there is no price of oxide in JPN to buy it at."
            " Sheet prices has it for AUS: add a row for JPN or *.",
        ],
    ),
    (
        "stock prices",
        [drop("programmes", 4), drop("supports"), patch("prices", 2, "2035", "")],
        [
            "prices!D3: no price for 2027-2035; it is not treated as zero."
            " Fill the column of 2035; years between are interpolated."
        ],
    ),
]

# (check, changes, warnings in their words) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "stock prices",
        [
            *(drop("prices", 2), drop("programmes", 4), drop("supports")),
            patch("programmes", 3, "commit_to", 2025),
            LOSING_RUN,
        ],
        [
            "programmes!F4: it cannot commit in 2026-2035, so it pays for nothing.",
            "prices: nothing is bought for stock, weighed by value or judged by what it loses: it"
            " changes nothing. See pays_for of sheet programmes, or settings objective and"
            " losing_plants.",
        ],
    ),
    (
        "stocks of use",
        [stock()],
        [
            "stockpiles!A3: it is empty and no programme may buy for it, so it changes nothing."
            " Fill initial, or let a programme pay for stock (pays_for, eligibility)."
        ],
    ),
    (
        "stocks of use",
        [patch("stockpiles", 1, "initial", ""), patch("programmes", 3, "commit_from", 2036)],
        [
            "programmes!S4: it cannot commit in 2026-2035, so it pays for nothing.",
            "stockpiles!A2: it is empty and no programme may buy for it, so it changes nothing."
            " Fill initial, or let a programme pay for stock (pays_for, eligibility).",
        ],
    ),
    (
        "stocks of use",
        [
            add("commodities", commodity="gallium"),
            stock(commodity="gallium", initial=5),
        ],
        [
            "stockpiles!C3: no plant uses gallium and nobody demands it, so nothing is released."
            " Mend the name, or delete the row."
        ],
    ),
    (
        "stocks of use",
        [stock(initial=5, release="disruption"), drop("shocks", 1), drop("scenarios", 1)],
        [
            "stockpiles!I3: no scenario cuts supply or a lane, so nothing is ever released."
            " Type any, or add a shock on supply or lane with a factor below 1."
        ],
    ),
    (
        "stocks of use",
        [stock(initial=5, release="disruption"), patch("shocks", 1, "first_year", 2036)],
        [
            "stockpiles!I3: no scenario cuts supply or a lane, so nothing is ever released."
            " Type any, or add a shock on supply or lane with a factor below 1.",
            "shocks!E2: the shock lies outside 2026-2035, so it changes nothing.",
        ],
    ),
    *(
        (
            "stocks of use",
            [
                stock(initial=5, release="disruption"),
                patch("shocks", 1, "what", what),
                patch("shocks", 1, "field", "region"),
                patch("shocks", 1, "factor", factor),
            ],
            [
                "stockpiles!I3: no scenario cuts supply or a lane, so nothing is ever released."
                " Type any, or add a shock on supply or lane with a factor below 1.",
            ],
        )
        for what, factor in (("supply", 1.5), ("demand", 0.5))
    ),
    (
        "stocks of use",
        [patch("stockpiles", 1, "region", "CHN"), patch("stockpiles", 1, "initial_origin", "")],
        [
            "stockpiles!J2: CHN is in bloc covered: what is bought there is exposed all the same."
            " Type any."
        ],
    ),
]

# (what must pass, changes)
SOUND: list[tuple[str, list[Edit]]] = [
    (
        "a stock that nobody can buy for",
        [
            *(drop("programmes", 4), drop("supports"), drop("prices", 3), stock(initial=5)),
            LOSING_RUN,
        ],
    ),
    (
        "stock by the stage of the commodity",
        [
            patch("commodities", 2, "stage", "oxides"),
            patch("eligibility", 3, "field", "stage"),
            patch("eligibility", 3, "value", "Oxides"),
        ],
    ),
    (
        "stock in a disruption",
        [patch("stockpiles", 1, "release", "disruption")],
    ),
    (
        "a price shock on what is bought",
        [
            *(drop("programmes", 4), drop("supports"), LOSING_RUN),
            add("shocks", scenario="embargo", what="price", factor=2),
        ],
    ),
    (
        "a project that only a stock asks for",
        [
            add("commodities", commodity="sand"),
            add("processes", process="dig", stage="mining"),
            add("recipes", process="dig", commodity="sand", amount=1),
            add("recipes", process="sinter", commodity="sand", amount=-1),
            add("prices", commodity="sand", market="*", **{"2035": 5}),
            patch("projects", 1, "processes", "dig"),
            patch("projects", 1, "capacity_of", "sand"),
        ],
    ),
    (
        "what only a stock can supply",
        [
            add("commodities", commodity="acid"),
            add("recipes", process="refine", commodity="acid", amount=-1),
            add("prices", commodity="acid", market="*", **{"2035": 5}),
            stock(commodity="acid", initial=50),
        ],
    ),
    (
        "stock by its mineral",
        [
            patch("eligibility", 3, "field", "mineral"),
            patch("eligibility", 3, "value", "Rare earths"),
            eligible("reserve", "commodity", "magnet", "never"),
        ],
    ),
]
