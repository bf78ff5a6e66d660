"""What a stockpile may do in a year: what it may buy, when it may release, who may pay for it."""

from __future__ import annotations

from collections.abc import Mapping

from opt.audit.case import Case
from opt.audit.programmes import STOCK, commit_years, eligibility, is_eligible, uses
from opt.data.tables import Row
from opt.record.flows import CLEAR, EXPOSED, Flows
from opt.record.stock import StockYear

CLASSES = (CLEAR, EXPOSED)

StockKey = tuple[str, str, int]  # stockpile, origin class, year


def stocks_by_key(flows: Flows) -> Mapping[StockKey, StockYear]:
    """The written stock of a set of flows; what is not written is 0."""
    return {(stock.stockpile, stock.origin, stock.year): stock for stock in flows.stocks}


def total_level(stocks: Mapping[StockKey, StockYear], name: str, year: int) -> float:
    """Both classes at the end of a year, units."""
    return sum(stocks[key].level for o in CLASSES if (key := (name, o, year)) in stocks)


def total_bought(stocks: Mapping[StockKey, StockYear], name: str, year: int) -> float:
    """Both classes bought in a year, units."""
    return sum(stocks[key].bought for o in CLASSES if (key := (name, o, year)) in stocks)


def may_release(case: Case, row: Row, year: int) -> bool:
    """`any`: always; `disruption`: while a lane or supply shock with factor < 1 lasts, whatever it
    hits; so never in the base case."""
    if row.text("release") == "any":
        return True
    return any(
        shock.what in ("lane", "supply")
        and shock.factor < 1
        and shock.first_year <= year <= shock.last_year
        for shock in case.shocks
    )


def may_hold_bought(case: Case, row: Row, origin: str) -> bool:
    """Whether a class may be bought: clear; exposed where buys is any or the region is covered."""
    anything = row.text("buys") == "any" or case.is_covered(row.text("region"))
    return origin == CLEAR or anything


def may_pay(case: Case, programme: str, row: Row) -> bool:
    """Whether a programme may pay for a stockpile: pays_for names stock, and eligibility passes for
    the place and the commodity; a stockpile has no project and no process."""
    traits = case.goods_traits(row.text("commodity"), row.text("region"))
    return STOCK in uses(case, programme) and is_eligible(eligibility(case, programme), traits)


def buyers(case: Case, row: Row, year: int) -> frozenset[str]:
    """The programmes that may buy for a stockpile in a year of their commit_from..commit_to."""
    return frozenset(
        name
        for name in case.programmes
        if year in commit_years(case, name) and may_pay(case, name, row)
    )
