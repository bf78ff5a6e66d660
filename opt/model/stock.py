"""Stockpiles: levels, and the money that buys and keeps what programmes add."""

from __future__ import annotations

from typing import Any

from opt.model.rule import OptModel, Relation, over
from opt.model.variables import term


def released(m: OptModel, place: tuple[str, str, str, int]) -> Any:
    """Drawn from the stockpiles of a place. mass/yr."""
    return sum(m.release[key] for key in m.index.released.get(place, ()))


def bought(m: OptModel, place: tuple[str, str, str, int]) -> Any:
    """Bought into the stockpiles of a place. mass/yr."""
    return sum(m.buy[key] for key in m.index.bought.get(place, ()))


def level_before(m: OptModel, s: str, o: str, t: int) -> Any:
    """What is left of the year before, losses taken off; of the initial stock in the first year."""
    stock = m.data.stockpiles[s]
    if t == m.data.first_year:
        return (1.0 - stock.loss) * stock.initial.get(o, 0.0)
    return (1.0 - stock.loss) * m.level[s, o, t - 1]


@over(lambda m: m.index.LEVEL)
def balance_stock(m: OptModel, s: str, o: str, t: int) -> Relation:
    r"""A stock is what was left of it, plus what is bought, less what is released.

    Enforced over: LEVEL. Unit: mass.
    level_{sot} = (1 - loss_s) level_{so,t-1} + buy_{sot} - release_{sot}
    """
    change = term(m.buy, (s, o, t)) - term(m.release, (s, o, t))
    return m.level[s, o, t] - level_before(m, s, o, t) - change == 0.0


def _limited_stocks(m: OptModel) -> list[tuple[str, int]]:
    held = sorted({(s, t) for s, _, t in m.index.LEVEL})
    return [(s, t) for s, t in held if m.data.stockpiles[s].capacity is not None]


@over(_limited_stocks)
def limit_stock(m: OptModel, s: str, t: int) -> Relation:
    r"""A stockpile holds at most its capacity, both classes together.

    Enforced over: stockpiles with a capacity, all years. Unit: mass.
    \sum_o level_{sot} <= capacity_s
    """
    return level(m, s, t) <= m.data.stockpiles[s].capacity


def level(m: OptModel, s: str, t: int) -> Any:
    """Level of a stockpile at the end of a year, both classes together. mass."""
    return sum(term(m.level, (s, o, t)) for o in m.index.origins)
