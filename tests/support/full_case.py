"""The small workbook with a stock of oxide in Japan, a fund for support, one for stock, a contract
and two targets, as changes of the example; and more rows of those sheets."""

from __future__ import annotations

from cases import Edit, add, patch, setting

FULL_CASE: list[Edit] = [
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


def stock(**values: object) -> Edit:
    """A second stockpile, of magnets in Japan."""
    given: dict[str, object] = {"stockpile": "depot", "region": "JPN", "commodity": "magnet"}
    return add("stockpiles", **(given | values))


def aim(metric: str, scope: str, bound: float = 0.5, sense: str = "at_most") -> Edit:
    """A third target, in 2035."""
    values = {"metric": metric, "scope": scope, "bound": bound, "sense": sense}
    return add("targets", target="more", year=2035, **values)


def contract(**values: object) -> Edit:
    """A second contract on the oxide of P2."""
    given: dict[str, object] = {"project": "P2", "commodity": "oxide", "share": 0.1}
    return add("offtakes", **(given | {"destination": "bloc:ally"} | values))


def eligible(programme: str, field: str, value: str, rule: str = "only") -> Edit:
    """A row of sheet eligibility."""
    return add("eligibility", programme=programme, field=field, value=value, rule=rule)


LOSING_RUN = setting("losing_plants", "run")
