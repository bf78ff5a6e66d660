"""Targets: changes of the full case, faulty, doubtful or sound."""

from __future__ import annotations

from cases import Edit, add, patch, setting
from full_case import aim

FORM = "Write a bloc as bloc:ally."
WHERE = "commodity, element, region, bloc or segment"

# (check, changes, faults in their words)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "target rows",
        [patch("targets", 1, "year", 2036)],
        ["targets!D2: 2036 is outside 2026-2035. Choose a year of the plan."],
    ),
    *(
        (
            "target rows",
            [aim(metric, scope, bound=65)],
            ["targets!E4: 65 is outside 0-1. Did you mean 0.65 (65%)?"],
        )
        for metric, scope in (
            ("dependence", ""),
            ("shortfall", "JPN"),
            ("source_share", "mining:any"),
            ("home_share", "magnet:JPN"),
        )
    ),
    (
        "target rows",
        [aim("shortfall", "", bound=1200)],
        ["targets!E4: 1200 is outside 0-1. Type a share."],
    ),
    (
        "target scopes",
        [aim("dependence", "bloc:covered")],
        [
            "targets!C4: no allied demand matches in 2035, so there is nothing to measure."
            " Mend the scope or the year."
        ],
    ),
    *(
        (
            "target scopes",
            [aim("dependence", scope)],
            [
                "targets!C4: no allied demand matches in 2035, so there is nothing to measure."
                " Mend the scope or the year."
            ],
        )
        for scope in ("oxide", "AUS", "CHN")
    ),
    (
        "target scopes",
        [
            add("contents", commodity="oxide", element="Dy", share=0.01),
            add("contents", commodity="concentrate", element="Dy", share=0.01),
            aim("shortfall", "Dy"),
        ],
        [
            "targets!C4: no allied demand matches in 2035, so there is nothing to measure."
            " Mend the scope or the year."
        ],
    ),
    (
        "target scopes",
        [
            add("demand", region="AUS", commodity="magnet", segment="ships", **{"2035": 0}),
            aim("dependence", "ships"),
        ],
        [
            "targets!C4: no allied demand matches in 2035, so there is nothing to measure."
            " Mend the scope or the year."
        ],
    ),
    (
        "target scopes",
        [aim("home_share", "mining:AUS", sense="at_least")],
        [
            "targets!C4: no demand of these users matches in 2035, so there is nothing to measure."
            " Mend the scope or the year."
        ],
    ),
    (
        "target scopes",
        [
            add("contents", commodity="oxide", element="Dy", share=0.01),
            add("contents", commodity="concentrate", element="Dy", share=0.01),
            aim("home_share", "magnet:JPN:dy", sense="at_least"),
        ],
        [
            "targets!C4: no demand of these users matches in 2035, so there is nothing to measure."
            " Mend the scope or the year."
        ],
    ),
    *(
        ("target scopes", [aim(metric, scope)], [f"targets!C4: {message}"])
        for metric, scope, message in (
            ("dependence", "magnt", f"'magnt' is not a {WHERE}. Did you mean 'magnet'?"),
            (
                "dependence",
                "47",
                f"'47' is not a {WHERE}. No {WHERE} of this name is in the workbook.",
            ),
            ("shortfall", "vehicle", f"'vehicle' is not a {WHERE}. Did you mean 'vehicles'?"),
            ("shortfall", "bloc:alli", "'alli' is not a bloc. Did you mean 'ally'?"),
            ("shortfall", "bloc:x", "'x' is not a bloc. The blocs are ally, covered, other."),
            (
                "dependence",
                "other",
                "no region is in bloc other. Name another bloc, or a region.",
            ),
            ("source_share", "", "scope is blank. Write stage:source or stage:source:users."),
            (
                "source_share",
                "magnet",
                f"'magnet' is not of the form stage:source or stage:source:users. {FORM}",
            ),
            (
                "source_share",
                "magnet:CHN:JPN:x",
                f"'magnet:CHN:JPN:x' is not of the form stage:source or stage:source:users. {FORM}",
            ),
            ("source_share", "magnets:CHN", "'magnets' is not a stage. Did you mean 'magnet'?"),
            (
                "source_share",
                "magnet:China",
                "'China' is not a region or bloc. Did you mean 'CHN'?",
            ),
            (
                "source_share",
                "magnet:JPN",
                "source 'JPN' lies inside the users, so nothing comes from it."
                " Name a source outside the users.",
            ),
            (
                "source_share",
                "magnet:bloc:ally:ally",
                "source 'bloc:ally' lies inside the users, so nothing comes from it."
                " Name a source outside the users.",
            ),
            (
                "home_share",
                "magnet::NdPr",
                f"'magnet::NdPr' is not of the form stage:users or stage:users:element. {FORM}",
            ),
            ("home_share", "magnet:JPN:Ndp", "'Ndp' is not an element. Did you mean 'NdPr'?"),
            ("output", "oxide", f"'oxide' is not of the form commodity:where. {FORM}"),
            ("output", "oxid:AUS", "'oxid' is not a commodity. Did you mean 'oxide'?"),
        )
    ),
    (
        "target scopes",
        [patch("demand", 1, "segment", "Magnet"), aim("dependence", "magnet")],
        [
            "targets!C4: 'magnet' is the name of a commodity and the name of a segment: which is"
            " meant? Rename the commodity."
        ],
    ),
    (
        "target scopes",
        [add("regions", region="Ally", bloc="ally"), aim("dependence", "ally")],
        [
            "targets!C4: 'ally' is the name of a region and the name of a bloc: which is meant?"
            " Write bloc:ally for the bloc, or rename the other."
        ],
    ),
    (
        "target scopes",
        [add("regions", region="any", bloc="other"), aim("source_share", "magnet:any")],
        [
            "targets!C4: 'any' is the name of a region and the word any: which is meant?"
            " Rename the region."
        ],
    ),
    (
        "target scopes",
        [aim("source_share", "magnet:any:JPN", 0.5, "at_least")],
        [
            "targets!F4: at_least cannot hold for any source: each of them would have to reach it."
            " Name one source, or type at_most."
        ],
    ),
    (
        "target pairs",
        [aim("home_share", "Magnet:jpn", 0.3999)],
        ["targets!E4: this and target 'home' cannot both be met. Mend one of the bounds."],
    ),
    (
        "target pairs",
        [aim("dependence", "", 0.66, "at_least")],
        ["targets!E4: this and target 'aim' cannot both be met. Mend one of the bounds."],
    ),
]

# (check, changes, warnings in their words) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "target scopes",
        [aim("source_share", "magnet:JPN:CHN", 0.5)],
        [
            "targets!C4: nothing of stage magnet is used there: the share is 0.",
            "targets!C4: not all of these users are allies: what others demand counts as short."
            " Name allied users.",
        ],
    ),
    (
        "target rows",
        [aim("dependence", "", sense="at_least")],
        ["targets!F4: at_least asks for more dependence. Type at_most if less is wanted."],
    ),
    (
        "target rows",
        [aim("shortfall", "", sense="at_least")],
        ["targets!F4: at_least asks for more shortfall. Type at_most if less is wanted."],
    ),
    (
        "target rows",
        [aim("output", "magnet:JPN", bound=4000, sense="")],
        [
            "targets!F4: sense is blank, so output may be 4000 at most."
            " Type at_least if that is meant, or at_most."
        ],
    ),
    (
        "target scopes",
        [aim("source_share", "mining:CHN:JPN")],
        ["targets!C4: nothing of stage mining is used there: the share is 0."],
    ),
    (
        "target scopes",
        [aim("home_share", "separation:JPN", sense="at_least")],
        ["targets!C4: no plant there runs a process of stage separation: the share is 0."],
    ),
    (
        "target scopes",
        [aim("output", "oxide:JPN", sense="at_least")],
        ["targets!C4: no plant there makes oxide: the output is 0."],
    ),
]

# (what must pass, changes)
SOUND: list[tuple[str, list[Edit]]] = [
    (
        "a project that only a target asks for",
        [
            add("commodities", commodity="sand", stage="mining"),
            add("processes", process="dig", stage="mining"),
            add("recipes", process="dig", commodity="sand", amount=1),
            add("prices", commodity="sand", market="*", **{"2035": 5}),
            patch("projects", 1, "processes", "dig"),
            patch("projects", 1, "capacity_of", "sand"),
            aim("output", "sand:AUS", 10, "at_least"),
        ],
    ),
    (
        "a project that only a home share asks for",
        [
            add("commodities", commodity="sand"),
            add("contents", commodity="sand", element="NdPr", share=0.1),
            add("processes", process="dig", stage="quarry"),
            add("recipes", process="dig", commodity="sand", amount=1),
            add("recipes", process="dig", commodity="concentrate", amount=-1),
            add("prices", commodity="sand", market="*", **{"2035": 5}),
            patch("projects", 1, "processes", "dig"),
            patch("projects", 1, "capacity_of", "sand"),
            aim("home_share", "quarry:AUS:NdPr", 0.1, "at_least"),
            add("demand", region="AUS", commodity="magnet", segment="ships", **{"2035": 1}),
        ],
    ),
    ("a floor and a ceiling at once", [aim("home_share", "magnet:JPN", 0.4)]),
    ("two floors", [aim("home_share", "magnet:JPN", 0.3, "at_least")]),
    *(
        (f"{metric} {scope} {sense}", [aim(metric, scope, 0.5, sense)])
        for metric, scope, sense in (
            ("dependence", "ALL", "at_most"),
            ("dependence", "Magnet", "at_most"),
            ("dependence", "ndpr", "at_most"),
            ("shortfall", "ally", "at_most"),
            ("shortfall", "bloc: Ally", "at_most"),
            ("shortfall", "VEHICLES", "at_most"),
            ("source_share", "magnet:any", "at_most"),
            ("source_share", "Magnet:Covered:jpn", "at_least"),
            ("source_share", "separation:bloc:ally:JPN", "at_least"),
            ("home_share", "magnet:bloc:ally:NDPR", "at_most"),
            ("output", "oxide : aus", "at_least"),
        )
    ),
    (
        "public money for targets alone",
        [setting("objective", "public")],
    ),
]
