"""Demand by year, and the prices by which it can be weighed."""

from __future__ import annotations

from opt.data import shocks as shock_rules
from opt.data.context import Context, Tags, casefolded
from opt.data.instance import Demand, demand_id
from opt.data.prices import market_prices
from opt.data.tables import Row
from opt.data.timing import interpolate
from opt.errors import InputError, Issue


def demands(case: Context) -> dict[str, Demand]:
    """Demands by region, commodity and segment, with shocks."""
    found = {}
    for row in case.tables.rows["demand"]:
        demand = demand_of(case, row)
        found[demand.id] = demand
    return found


def demand_of(case: Context, row: Row) -> Demand:
    """One demand over all years."""
    region, commodity, segment = row.text("region"), row.text("commodity"), row.text("segment")
    bloc = case.blocs[region]
    tags: Tags = {
        **case.commodity_tags(commodity),
        "region": casefolded([region]),
        "bloc": casefolded([bloc]),
        "segment": casefolded([segment]),
    }
    clear_from = row.optional("clear_from")
    allied = bloc == "ally"
    priced = allied and case.tables.weighs_prices
    return Demand(
        id=demand_id(region, commodity, segment),
        region=region,
        commodity=commodity,
        segment=segment,
        weight=row.number_of("weight"),
        clear_from=None if clear_from is None else int(clear_from),
        amounts={
            t: max(
                0.0,
                interpolate(row.years, t) * shock_rules.factor(case.shocks, "demand", tags, t)
                + shock_rules.shift(case.shocks, "demand", tags, t),
            )
            for t in case.years
        },
        allied=allied,
        prices=prices(case, commodity, region) if priced else {},
    )


def prices(case: Context, commodity: str, region: str) -> dict[int, float]:
    """Price of the demanded commodity where it is demanded. USD per unit.

    Raises InputError where it has none.
    """
    found = market_prices(case, commodity, region)
    if found is None:
        message = f"'{commodity}' in '{region}' has no price."
        raise InputError([Issue("prices", "", "", message, "Add a row for it.")])
    return found
