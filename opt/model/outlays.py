"""Uses of public money beside capital: what is paid in its year and never comes back.

A use is one row: its family of variables over its index set, what a unit of it costs, what is paid
for and on what. All that follows for programmes (amounts, limits, cost, who pays, payments) reads
this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opt.data.instance import Instance
from opt.record.flows import Flows
from opt.record.money import BY_UNIT, Use

if TYPE_CHECKING:
    from opt.model.index import Index

# Programme first, year last; between them what is paid for.
OutlayKey = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Driver:
    """What is paid for by the unit: a family of variables, and its amounts in flows, in the units
    of the workbook, at which it stands while it is settled who pays."""

    variable: str
    amounts: Callable[[Flows], Mapping[Any, float]]


@dataclass(frozen=True, slots=True)
class Outlay:
    """One use of public money that is paid and falls due in its year.

    `variable` is the family of variables that is paid for, with its unit and meaning; `index` its
    set of `keys`: programme k, what is paid for, year t. `rate` is what a unit of the variable
    costs, in the units of the instance: 1 where the variable is itself money. With a `driver` it is
    units of that, which are told, and whose money is a cost. `thing` is what is paid for, and its
    process.
    """

    use: Use
    variable: str
    unit: str
    doc: str
    index: str
    keys: Callable[[Index, Instance], Iterable[OutlayKey]]
    rate: Callable[[Instance, OutlayKey], float]
    thing: Callable[[OutlayKey], tuple[str, str]]
    driver: Driver | None = None

    def place(self, key: OutlayKey) -> tuple[str, str, str, int]:
        """Programme, thing, process and year of a key."""
        return key[0], *self.thing(key), key[-1]


def _money_itself(_: Instance, key: OutlayKey) -> float:
    return 1.0


def _stock_keys(index: Index, instance: Instance) -> Iterable[OutlayKey]:
    """A programme pays while it can commit, and for keeping what was bought from its first year of
    commitment on."""
    buyable = {s for s, _, _ in index.BUY}
    for k, programme in instance.programmes.items():
        for s in buyable.intersection(programme.stocks):
            keeps = instance.stockpiles[s].carrying_cost > 0
            for t in instance.years:
                if programme.commits_in(t) or (keeps and t >= programme.commit_from):
                    yield k, s, t


def _support_rate(instance: Instance, key: OutlayKey) -> float:
    k, f, p, t = key
    return instance.programmes[k].rates[Use.SUPPORT][f, p][t]


def _support_keys(index: Index, instance: Instance) -> Iterable[OutlayKey]:
    """What programmes can pay for the running of plants that run at all."""
    running = {(f, p, t) for f, p, _, t in index.RUN}
    for k, programme in instance.programmes.items():
        for (f, p), rates in programme.rates.get(Use.SUPPORT, {}).items():
            for t in rates:
                if t >= programme.commit_from and (f, p, t) in running:
                    yield k, f, p, t


def _activities(flows: Flows) -> Mapping[Any, float]:
    return {(a.plant, a.process, a.origin, a.year): a.activity for a in flows.activities}


STOCK = Outlay(
    use=Use.STOCK,
    variable="pay_stock",
    unit="money",
    doc="public money of k for stockpile s in year t",
    index="PAY_STOCK",
    keys=_stock_keys,
    rate=_money_itself,
    thing=lambda key: (key[1], ""),
)
SUPPORT = Outlay(
    use=Use.SUPPORT,
    variable="supported",
    unit="activity/yr",
    doc="activity whose running k supports",
    index="SUPPORTED",
    keys=_support_keys,
    rate=_support_rate,
    thing=lambda key: (key[1], key[2]),
    driver=Driver("run", _activities),
)
OUTLAYS = (STOCK, SUPPORT)
# Uses of which the cost pass decides how much they cost.
UNIT_OUTLAYS = tuple(outlay for outlay in OUTLAYS if outlay.use in BY_UNIT)
