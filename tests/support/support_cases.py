"""Support of plants that run, and prices: changes of the full case, faulty, doubtful or sound."""

from __future__ import annotations

from cases import Edit, add, drop, patch
from full_case import LOSING_RUN, eligible

NO_PRICES = [drop("prices"), drop("programmes", 3), drop("eligibility", 3)]
_UNJUDGED = "it is not judged, since"

# (check, changes, faults in their words)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "support prices",
        [patch("prices", 1, "2035", ""), patch("prices", 1, "2030", 500)],
        [
            "prices!D2: no price for 2031-2035; it is not treated as zero."
            " Fill the column of 2035; years between are interpolated."
        ],
    ),
    (
        "support years",
        [patch("supports", 1, "last_year", 2027)],
        ["supports!E2: first_year 2028 is after last_year 2027. Swap or mend the years."],
    ),
    (
        "support rows",
        [patch("programmes", 4, "pays_for", "price_support")],
        [
            "supports!C3: basis per_unit is paid for by output_support, which is not in pays_for"
            " of 'floors' (programmes!R5). Add output_support there, or choose another basis."
        ],
    ),
    (
        "support rows",
        [patch("supports", 1, "programme", "Reserve")],
        [
            "supports!C2: basis floor is paid for by price_support, which is not in pays_for"
            " of 'reserve' (programmes!R4). Add price_support there, or choose another basis."
        ],
    ),
    (
        "support rows",
        [patch("prices", 2, "market", "JPN")],
        [
            "supports!B2: there is no price of oxide in AUS to top up."
            " Sheet prices has it for JPN: add a row for AUS or *."
        ],
    ),
]

# (check, changes, warnings in their words) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "losing plants",
        [drop("settings", 10)],
        [
            "programmes!R5: setting losing_plants is not given, which means run: plants that lose"
            " money run without support, so nothing is paid for output_support and price_support."
            " Add a row to sheet settings: losing_plants, and need_support or run.",
        ],
    ),
    (
        "losing plants",
        [LOSING_RUN],
        [
            "programmes!R5: setting losing_plants is run: plants that lose money run without"
            " support, so nothing is paid for output_support and price_support. Type need_support"
            " in sheet settings, or leave it out of pays_for.",
        ],
    ),
    (
        "losing plants",
        [drop("programmes", 4), drop("supports")],
        [
            "settings!B11: no programme pays for support, so plants that lose money never run."
            " Let a programme pay for it (pays_for), or type run.",
        ],
    ),
    (
        "losing plants",
        [*NO_PRICES, drop("stockpiles"), drop("programmes", 3), drop("supports")],
        [
            "settings!B11: sheet prices is empty, so no plant is known to lose money and all may"
            " run. Add prices, or type run.",
        ],
    ),
    (
        "support money",
        [*NO_PRICES, drop("stockpiles")],
        [
            "programmes!R4: sheet prices is empty, so nothing is paid for output_support and"
            " price_support. Add prices, or leave it out."
        ],
    ),
    (
        "support money",
        [drop("supports", 2)],
        [
            "programmes!R5: it pays for output_support, but sheet supports has no amount of"
            " 'floors'. Add a row with basis per_unit, or leave it out.",
        ],
    ),
    (
        "support years",
        [patch("supports", 1, "first_year", 2036), patch("supports", 1, "last_year", "")],
        ["supports!E2: the row lies outside 2026-2035, so it pays nothing."],
    ),
    (
        "support years",
        [patch("supports", 1, "first_year", ""), patch("supports", 1, "last_year", 2025)],
        ["supports!F2: the row lies outside 2026-2035, so it pays nothing."],
    ),
    (
        "support years",
        [patch("programmes", 4, "commit_from", 2034)],
        [
            "supports!F2: 'floors' pays from 2034 on, so the row pays nothing."
            " Mend it, or commit_from of the programme."
        ],
    ),
    (
        "support rows",
        [eligible("floors", "region", "JPN")],
        [
            "supports!B2: no plant that 'floors' may support makes oxide, so the row pays nothing."
            " Mend the name, or see sheet eligibility."
        ],
    ),
    (
        "support rows",
        [drop("supports", 1)],
        [
            "supports!C2: price_support without a floor pays the whole gap, so this adds nothing."
            " Add a row with basis floor, or delete this one."
        ],
    ),
    (
        "unpriced processes",
        [drop("prices", 1)],
        [
            f"processes!A2: support of process 'mine' in AUS: {_UNJUDGED} nothing that it makes"
            " has a price. Add the prices, or leave it so.",
            f"processes!A3: support of process 'refine' in AUS: {_UNJUDGED} concentrate has no"
            " price. Add the prices, or leave it so.",
        ],
    ),
    (
        "unpriced processes",
        [
            add("commodities", commodity="slag", mineral="", stage=""),
            add("contents", commodity="slag", element="NdPr", share=0),
            add("recipes", process="refine", commodity="slag", amount=2),
            patch("projects", 1, "processes", "refine"),
            patch("projects", 1, "capacity_of", "concentrate"),
            patch("facilities", 2, "region", "JPN"),
        ],
        [
            "processes!A3: support of process 'refine' in JPN, AUS: slag counts as worth nothing,"
            " having no price. Add the prices, or leave it so.",
        ],
    ),
    (
        "unpriced processes",
        [
            add("commodities", commodity="slag"),
            add("contents", commodity="slag", element="NdPr", share=0),
            add("recipes", process="refine", commodity="slag", amount=2),
            patch("facilities", 2, "region", "JPN"),
            patch("facilities", 2, "controlled_by", "covered"),
        ],
        [
            "processes!A3: support of process 'refine' in AUS: slag counts as worth nothing,"
            " having no price. Add the prices, or leave it so.",
        ],
    ),
    (
        "prices of use",
        [
            *(drop("programmes", 4), drop("programmes", 3), drop("eligibility", 3)),
            *(drop("supports"), LOSING_RUN),
        ],
        [
            "prices: nothing is bought for stock, weighed by value or judged by what it loses: it"
            " changes nothing. See pays_for of sheet programmes, or settings objective and"
            " losing_plants."
        ],
    ),
    (
        "price shocks",
        [
            *(drop("programmes", 4), drop("programmes", 3), drop("eligibility", 3)),
            *(drop("supports"), LOSING_RUN),
            add("shocks", scenario="embargo", what="price", factor=2),
        ],
        [
            "prices: nothing is bought for stock, weighed by value or judged by what it loses: it"
            " changes nothing. See pays_for of sheet programmes, or settings objective and"
            " losing_plants.",
            "shocks!B3: a price shock changes nothing: no price is used.",
        ],
    ),
]

# (what must pass, changes)
SOUND: list[tuple[str, list[Edit]]] = [
    ("prices by market", [patch("prices", 2, "market", "bloc:ally")]),
    (
        "support promised before the plan",
        [patch("programmes", 4, "commit_from", 2020), patch("programmes", 4, "commit_to", 2025)],
    ),
]
