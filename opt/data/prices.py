"""Market prices by region and year, shocks included."""

from __future__ import annotations

from opt.data import shocks as shock_rules
from opt.data.context import Context, Tags, casefolded
from opt.data.lanes import BLOC, EVERYTHING
from opt.data.timing import interpolate


def market_prices(case: Context, commodity: str, region: str) -> dict[int, float] | None:
    """Price of a commodity in a region by year, USD per unit; None where sheet prices has no row.

    The region's own market counts, else its bloc's, else `*`. Shocks multiply, then add; a price
    is never below 0.
    """
    markets = {
        row.text("market"): row
        for row in case.tables.rows["prices"]
        if row.text("commodity") == commodity
    }
    wanted = (region, BLOC + case.blocs[region], EVERYTHING)
    market = next((markets[m] for m in wanted if m in markets), None)
    if market is None:
        return None
    tags: Tags = {
        **case.commodity_tags(commodity),
        "region": casefolded([region]),
        "bloc": casefolded([case.blocs[region]]),
    }
    return {
        t: max(
            0.0,
            interpolate(market.years, t) * shock_rules.factor(case.shocks, "price", tags, t)
            + shock_rules.shift(case.shocks, "price", tags, t),
        )
        for t in case.years
    }
