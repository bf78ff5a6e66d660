"""Rules of stockpiles: levels, room, what may be bought and released, what the passes keep."""

from __future__ import annotations

from collections.abc import Iterator

from opt.audit.answer import ALLIED, BASELINE, WORLD
from opt.audit.check import Check, at_most, equal
from opt.audit.evidence import Evidence
from opt.audit.stocks import (
    CLASSES,
    buyers,
    may_hold_bought,
    may_release,
    stocks_by_key,
    total_level,
)
from opt.record.stock import StockYear


def define_level(evidence: Evidence) -> Iterator[Check]:
    """level[s, o, t] = (1 - loss[s]) x level[s, o, t - 1] + bought - released.

    Before the first year: `initial` in class initial_origin, 0 in the other. For each set of flows;
    a row left out is 0. Unit: units. Scale: the largest term.
    """
    case = evidence.case
    for name, sums in evidence.sets():
        stocks = stocks_by_key(sums.flows)
        for stockpile, row in case.stockpiles.items():
            for origin in CLASSES:
                starts_here = row.text("initial_origin") == origin
                before = row.number_of("initial") if starts_here else 0.0
                for year in case.years:
                    key = (stockpile, origin, year)
                    stock = stocks.get(key, StockYear(*key, 0.0, 0.0, 0.0))
                    left = (1.0 - row.number_of("loss")) * before
                    right = left + stock.bought - stock.released
                    scale = max(case.mass_floor, left, stock.bought, stock.released)
                    yield equal((name, *key), stock.level, right, scale)
                    before = stock.level


def keep_purchases(evidence: Evidence) -> Iterator[Check]:
    """bought[s, o, t] of the allied flows is what the plan given from outside buys, where run.json
    says that its purchases stay (held, cut). Unit: units."""
    plan = evidence.answer.plan
    if plan is None or plan.get("stock") not in ("held", "cut"):
        return
    given = {
        (line["stockpile"], line["origin"], int(line["year"])): float(line["bought"])
        for line in plan["purchases"]
    }
    written = {key: stock.bought for key, stock in stocks_by_key(evidence.allied.flows).items()}
    for key in sorted(given.keys() | written.keys()):
        scale = max(evidence.case.mass_floor, given.get(key, 0.0))
        yield equal(key, written.get(key, 0.0), given.get(key, 0.0), scale)


def limit_room(evidence: Evidence) -> Iterator[Check]:
    """Sum over o of level[s, o, t] <= capacity[s], where one is given. Unit: units."""
    case = evidence.case
    for name, sums in evidence.sets():
        stocks = stocks_by_key(sums.flows)
        for stockpile, row in case.stockpiles.items():
            most = row.optional("capacity")
            for year in case.years if most is not None else ():
                level = total_level(stocks, stockpile, year)
                yield at_most((name, stockpile, year), level, most or 0.0, case.mass_floor)


def limit_release(evidence: Evidence) -> Iterator[Check]:
    """released[s, o, t] = 0 of a stockpile for disruptions, in a year without one: the scenario has
    no lane or supply shock with factor < 1 that covers the year. Unit: units."""
    case = evidence.case
    for name, sums in evidence.sets():
        for stock in sums.flows.stocks:
            free = may_release(case, case.stockpiles[stock.stockpile], stock.year)
            most = stock.released if free else 0.0
            yield at_most(_place(name, stock), stock.released, most, case.mass_floor)


def limit_buying(evidence: Evidence) -> Iterator[Check]:
    """bought[s, o, t] = 0 of what may not be bought: exposed material, unless buys is any or the
    region is covered; in a year in which no programme may buy; in the baseline.

    Unit: units.
    """
    case = evidence.case
    for name, sums in evidence.sets():
        for stock in sums.flows.stocks:
            row = case.stockpiles[stock.stockpile]
            free = name != BASELINE and may_hold_bought(case, row, stock.origin)
            free = free and bool(buyers(case, row, stock.year))
            most = stock.bought if free else 0.0
            yield at_most(_place(name, stock), stock.bought, most, case.mass_floor)


def keep_stock(evidence: Evidence) -> Iterator[Check]:
    """bought, released and level of the world pass = those of the allied flows. Unit: units."""
    allied, world = (stocks_by_key(evidence.sums[name].flows) for name in (ALLIED, WORLD))
    for key in sorted(allied.keys() | world.keys()):
        nothing = StockYear(*key, 0.0, 0.0, 0.0)
        left, right = world.get(key, nothing), allied.get(key, nothing)
        for column in ("bought", "released", "level"):
            pair = getattr(left, column), getattr(right, column)
            yield equal((*key, column), *pair, evidence.case.mass_floor)


def _place(name: str, stock: StockYear) -> tuple[object, ...]:
    return (name, stock.stockpile, stock.origin, stock.year)
