"""Support of running plants: where costs exceed prices, and what programmes pay on a unit.

Only where setting losing_plants is need_support and sheet prices has rows. A process is judged
where every input has a price and some output has one; an output without a price is worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from opt.data.context import Context
from opt.data.instance import Plant, Process
from opt.data.prices import market_prices
from opt.data.tables import Row

SUPPORTS = frozenset({"price_support", "output_support"})

ByYear = Mapping[int, float]
Run = tuple[str, str]  # plant, process
PriceOf = Callable[[str, str], ByYear | None]


def gaps(case: Context, plants: Iterable[Plant]) -> dict[Run, ByYear]:
    """What a unit of activity costs above what it earns, by plant, process and year, where it does.

    opex + inputs at market price - outputs at market price, USD per unit of activity, of plants
    that can make clear output: a plant of the covered bloc runs at any price.
    """
    if case.tables.settings["losing_plants"] != "need_support" or not case.tables.rows["prices"]:
        return {}
    price_of = _prices(case)
    found = {}
    for plant in plants:
        for p in plant.rates if plant.clear else ():
            lost = _losses(case, plant, case.processes[p], price_of)
            if lost:
                found[plant.id, p] = lost
    return found


def pays_for(programme: Row) -> frozenset[str]:
    """What a programme may pay for."""
    items = (item.strip().casefold() for item in programme.text("pays_for").split(";"))
    return frozenset(item for item in items if item)


def _prices(case: Context) -> PriceOf:
    @cache
    def price_of(commodity: str, region: str) -> ByYear | None:
        return market_prices(case, commodity, region)

    return price_of


def _losses(case: Context, plant: Plant, process: Process, price_of: PriceOf) -> ByYear:
    """The years in which a unit of activity costs more than it earns, and how much more."""
    prices = {c: price_of(c, plant.region) for c in process.recipe}
    known = {c: price for c, price in prices.items() if price is not None}
    if not set(process.inputs) <= set(known) or not set(process.outputs) & set(known):
        return {}
    earned = {
        t: sum(process.recipe[c] * price[t] for c, price in known.items()) for t in case.years
    }
    return {t: plant.opex - earned[t] for t in case.years if plant.opex > earned[t]}


def rates(
    case: Context, programme: Row, plant: Plant, lost: Mapping[Run, ByYear]
) -> dict[Run, ByYear]:
    """What a programme pays on a unit of activity of a plant, where support is needed, in USD.

    A floor tops the market price up to it; per_unit pays the amount; a programme for price support
    without a floor pays the gap itself.
    """
    rows = [
        row
        for row in case.tables.rows["supports"]
        if row.text("programme") == programme.text("programme")
    ]
    kinds = pays_for(programme)
    whole_gap = "price_support" in kinds and all(row["basis"] != "floor" for row in rows)
    per_unit = [(row, _per_unit(case, row, kinds, plant.region)) for row in rows]
    paid: dict[Run, ByYear] = {}
    for p in plant.rates:
        gap = lost.get((plant.id, p), {})
        by_year = gap if whole_gap else _paid(per_unit, case.processes[p], gap)
        if by_year:
            paid[plant.id, p] = by_year
    return paid


def _paid(
    per_unit: Iterable[tuple[Row, ByYear]], process: Process, years: Iterable[int]
) -> dict[int, float]:
    """Floors and amounts per unit that hold in some years, USD per unit of activity."""
    paid: dict[int, float] = {}
    for row, amounts in per_unit:
        made = max(0.0, process.recipe.get(row.text("commodity"), 0.0))
        for t in years:
            if made > 0 and amounts.get(t, 0.0) > 0:
                paid[t] = paid.get(t, 0.0) + amounts[t] * made
    return paid


def _per_unit(case: Context, row: Row, kinds: frozenset[str], region: str) -> ByYear:
    """What one row of sheet supports pays on a unit of its commodity by year, USD."""
    first = row.optional("first_year") or case.years[0]
    last = row.optional("last_year") or case.years[-1]
    alive = [t for t in case.years if first <= t <= last]
    amount = row.number_of("amount")
    if row["basis"] == "per_unit":
        return dict.fromkeys(alive, amount) if "output_support" in kinds else {}
    prices = market_prices(case, row.text("commodity"), region)
    if prices is None or "price_support" not in kinds:
        return {}
    return {t: amount - prices[t] for t in alive}
