"""Stockpiles, supports, offtakes, targets and their money: a sound case, and changes that are not.

Each fault and warning is one change of the sound case, with the exact words of its report.
"""

from __future__ import annotations

from cases import Change, add, drop, patch, setting

# The example with a stock of oxide in Japan, a fund for support and one for stock, a contract and
# two targets.
POLICY: list[Change] = [
    setting("losing_plants", "need_support"),
    *(
        add("prices", commodity=commodity, market="*", **{"2026": price, "2035": price})
        for commodity, price in (("concentrate", 500), ("oxide", 60000), ("magnet", 80000))
    ),
    add("programmes", programme="reserve", amount=90, instrument="stock", pays_for="stock"),
    add("programmes", programme="floors", amount=90, instrument="price_support"),
    patch("programmes", 4, "pays_for", "price_support; Output_Support"),
    add("eligibility", programme="reserve", field="commodity", value="oxide"),
    add(
        "stockpiles",
        stockpile="vault",
        region="JPN",
        commodity="oxide",
        initial=100,
        initial_origin="clear",
        capacity=500,
        loss=0.01,
        carrying_cost=50,
        release="any",
        buys="clear",
    ),
    add(
        "supports",
        programme="floors",
        commodity="oxide",
        basis="floor",
        amount=70000,
        first_year=2028,
        last_year=2033,
    ),
    add("supports", programme="floors", commodity="magnet", basis="per_unit", amount=900),
    add(
        "offtakes",
        facility="",
        project="P2",
        commodity="oxide",
        destination="JPN",
        share=0.5,
        last_year=2033,
    ),
    add(
        "targets",
        target="aim",
        metric="dependence",
        scope="all",
        year=2035,
        bound=0.65,
        sense="at_most",
    ),
    add("targets", target="home", metric="home_share", scope="magnet:JPN", year=2035, bound=0.4),
    patch("targets", 2, "sense", "at_least"),
]

# The order of programmes: 1 mining_fund, 2 magnet_grant, 3 reserve, 4 floors; of eligibility:
# mining_fund (region AUS), magnet_grant (stage magnet), reserve (commodity oxide).


def stock(**values: object) -> Change:
    """A second stockpile, of magnets in Japan."""
    given: dict[str, object] = {"stockpile": "depot", "region": "JPN", "commodity": "magnet"}
    return add("stockpiles", **(given | values))


def aim(metric: str, scope: str, bound: float = 0.5, sense: str = "at_most") -> Change:
    """A third target, in 2035."""
    values = {"metric": metric, "scope": scope, "bound": bound, "sense": sense}
    return add("targets", target="more", year=2035, **values)


def contract(**values: object) -> Change:
    """A second contract on the oxide of P2."""
    given: dict[str, object] = {"project": "P2", "commodity": "oxide", "share": 0.1}
    return add("offtakes", **(given | {"destination": "bloc:ally"} | values))


def rule(programme: str, field: str, value: str, rule: str = "only") -> Change:
    """A row of sheet eligibility."""
    return add("eligibility", programme=programme, field=field, value=value, rule=rule)


LOSING_RUN = setting("losing_plants", "run")
NO_PRICES = [drop("prices"), drop("programmes", 3), drop("eligibility", 3)]
FORM = "Write a bloc as bloc:ally."
WHERE = "commodity, element, region, bloc or segment"

# (check, changes of the sound case, faults)
POLICY_FAULTS: list[tuple[str, list[Change], list[str]]] = [
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
    (
        "offtake rows",
        [patch("offtakes", 1, "project", "")],
        ["offtakes!A2: no plant is named. Fill facility or project."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "facility", "cn_refinery")],
        ["offtakes!A2: facility and project are both named. Keep one of them."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "commodity", "magnet")],
        ["offtakes!C2: 'P2' does not make magnet. It makes oxide."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "destination", "*")],
        [
            "offtakes!D2: output that is bound to every region is bound to none."
            " Name a region or a bloc, such as bloc:ally."
        ],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "destination", "bloc:other")],
        ["offtakes!D2: no region is in bloc other. Name a region or another bloc."],
    ),
    (
        "offtake shares",
        [contract(share=0.4), contract(destination="AUS", share=0.3)],
        ["offtakes!E4: the shares of oxide of 'P2' sum to 1.2, more than 1. Mend the shares."],
    ),
    (
        "offtake number",
        [
            patch("facilities", 2, "region", "AUS"),
            *(
                contract(facility=plant, project="", destination=to)
                for plant in ("cn_refinery",)
                for to in ("AUS", "JPN", "CHN", "bloc:ally", "bloc:covered")
            ),
            contract(),
        ],
        [
            "offtakes!C8: more than 6 contracts of oxide in AUS are too many to prove."
            " Merge contracts with one destination."
        ],
    ),
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

_UNJUDGED = "it is not judged, since"

# (check, changes of the sound case, warnings) with no faults
POLICY_WARNINGS: list[tuple[str, list[Change], list[str]]] = [
    (
        "uses of money",
        [patch("programmes", 1, "instrument", "output_support")],
        [
            "programmes!R2: instrument output_support is a label alone: pays_for does not name it."
            " Type output_support in pays_for."
        ],
    ),
    (
        "programmes of use",
        [patch("eligibility", 3, "value", "magnet")],
        [
            "programmes!A4: no stockpile may take money of 'reserve'. See sheet eligibility.",
        ],
    ),
    *(
        (
            "programmes of use",
            [rule("reserve", field, value, how)],
            ["programmes!A4: no stockpile may take money of 'reserve'. See sheet eligibility."],
        )
        for field, value, how in (
            ("project", "P1", "only"),
            ("process", "refine", "only"),
            ("bloc", "ally", "never"),
            ("region", "AUS", "only"),
        )
    ),
    (
        "programmes of use",
        [rule("floors", "project", "P2"), drop("supports", 2)],
        [
            "programmes!R5: it pays for output_support, but sheet supports has no amount of"
            " 'floors'. Add a row with basis per_unit, or leave it out.",
        ],
    ),
    (
        "programmes of use",
        [drop("stockpiles")],
        [
            "programmes!A4: no stockpile may take money of 'reserve'. See sheet eligibility.",
        ],
    ),
    (
        "programmes of use",
        [patch("programmes", 1, "pays_for", "capex; stock")],
        [
            "programmes!R2: it pays for stock, but no stockpile may take money of 'mining_fund'."
            " See sheet eligibility, or leave stock out."
        ],
    ),
    (
        "programmes of use",
        [rule("floors", "bloc", "covered"), drop("supports", 1), drop("supports")],
        [
            "programmes!A5: no plant that makes clear output may take money of 'floors'."
            " See sheet eligibility.",
            "programmes!R5: it pays for output_support, but sheet supports has no amount of"
            " 'floors'. Add a row with basis per_unit, or leave it out.",
        ],
    ),
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
        [rule("floors", "region", "JPN")],
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
    (
        "offtake rows",
        [patch("offtakes", 1, "last_year", 2020)],
        ["offtakes!F2: it ends before first_year 2026, so it changes nothing."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "share", 1), contract(last_year=2025)],
        ["offtakes!F3: it ends before first_year 2026, so it changes nothing."],
    ),
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

# (what must pass, changes of the sound case)
POLICY_SOUND: list[tuple[str, list[Change]]] = [
    ("policy", []),
    (
        "a stock that nobody can buy for",
        [
            *(drop("programmes", 4), drop("supports"), drop("prices", 3), stock(initial=5)),
            LOSING_RUN,
        ],
    ),
    ("prices by market", [patch("prices", 2, "market", "bloc:ally")]),
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
        "support promised before the plan",
        [patch("programmes", 4, "commit_from", 2020), patch("programmes", 4, "commit_to", 2025)],
    ),
    (
        "a price shock on what is bought",
        [
            *(drop("programmes", 4), drop("supports"), LOSING_RUN),
            add("shocks", scenario="embargo", what="price", factor=2),
        ],
    ),
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
        "six contracts of one commodity in a region",
        [
            patch("facilities", 2, "region", "AUS"),
            *(
                contract(facility="cn_refinery", project="", destination=to)
                for to in ("AUS", "JPN", "CHN", "bloc:ally", "bloc:covered")
            ),
            contract(commodity="concentrate", project="P1"),
        ],
    ),
    (
        "stock by its mineral",
        [
            patch("eligibility", 3, "field", "mineral"),
            patch("eligibility", 3, "value", "Rare earths"),
            rule("reserve", "commodity", "magnet", "never"),
        ],
    ),
    ("a floor and a ceiling at once", [aim("home_share", "magnet:JPN", 0.4)]),
    ("two floors", [aim("home_share", "magnet:JPN", 0.3, "at_least")]),
    ("a contract with the plant's own region", [contract(destination="AUS")]),
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
