"""Uses of public money beside capital: what is paid in its year and never comes back.

A use is one row: its family of variables, what a unit of it costs, and what is paid for. All that
follows for programmes (amounts, limits, who pays, payments) reads this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opt.data.instance import Instance
from opt.record.money import Use

# Programme first, year last; between them what is paid for.
OutlayKey = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Outlay:
    """One use of public money that is paid and falls due in its year.

    `variable` is the family of variables that is paid for, `index` its set: programme k, what is
    paid for, year t. `rate` is what a unit of the variable costs, in the units of the instance:
    1 where the variable is itself money; with `is_activity` it is activity, which is told and
    for which material is needed to see what runs. `thing` is what is paid for, and its process.
    """

    use: Use
    variable: str
    index: str
    rate: Callable[[Instance, OutlayKey], float]
    thing: Callable[[OutlayKey], tuple[str, str]]
    is_activity: bool = False


def _money_itself(_: Instance, key: OutlayKey) -> float:
    return 1.0


def _support_rate(instance: Instance, key: OutlayKey) -> float:
    k, f, p, t = key
    return instance.programmes[k].support[f, p][t]


STOCK = Outlay(Use.STOCK, "pay_stock", "PAY_STOCK", _money_itself, lambda key: (key[1], ""))
SUPPORT = Outlay(
    Use.SUPPORT, "supported", "SUPPORTED", _support_rate, lambda key: (key[1], key[2]), True
)
OUTLAYS = (STOCK, SUPPORT)
