"""Stockpiles by year: what lies there, what moves, what it cost, how long it would last."""

from __future__ import annotations

from collections import defaultdict

from opt.data.instance import Instance
from opt.record.flows import CLEAR, EXPOSED, Flows
from opt.record.money import Use
from opt.record.run import Solution
from opt.record.stock import StockpileYear, StockYear

DAYS = 365.0


def stockpile_years(instance: Instance, solution: Solution) -> tuple[StockpileYear, ...]:
    """Every stockpile in every year, zeros included."""
    held = {(e.stockpile, e.origin, e.year): e for e in solution.allied.stocks}
    paid: dict[tuple[str, int], float] = defaultdict(float)
    for payment in solution.paid_for(Use.STOCK):
        paid[payment.thing, payment.year] += payment.paid_musd
    used = allied_use(instance, solution.allied)
    rows = []
    for s, stock in sorted(instance.stockpiles.items()):
        for t in instance.years:
            clear = held.get((s, CLEAR, t), StockYear(s, CLEAR, t, 0.0, 0.0, 0.0))
            exposed = held.get((s, EXPOSED, t), StockYear(s, EXPOSED, t, 0.0, 0.0, 0.0))
            yearly = used.get((stock.commodity, t), 0.0)
            level = clear.level + exposed.level
            rows.append(
                StockpileYear(
                    stockpile=s,
                    year=t,
                    clear=clear.level,
                    exposed=exposed.level,
                    bought_clear=clear.bought,
                    bought_exposed=exposed.bought,
                    released_clear=clear.released,
                    released_exposed=exposed.released,
                    price=stock.prices.get(t),
                    paid_musd=paid[s, t],
                    cover_days=DAYS * level / yearly if yearly > 0 else None,
                )
            )
    return tuple(rows)


def allied_use(instance: Instance, flows: Flows) -> dict[tuple[str, int], float]:
    """What allied plants take in and allied users are served, by commodity and year."""
    used: dict[tuple[str, int], float] = defaultdict(float)
    plants = instance.plants()
    for run in flows.activities:
        if instance.blocs[plants[run.plant].region] == "ally":
            for c, amount in instance.processes[run.process].recipe.items():
                if amount < 0:
                    used[c, run.year] -= amount * run.activity
    for d in flows.deliveries:
        if instance.blocs[d.region] == "ally":
            used[d.commodity, d.year] += d.clear + d.exposed
    return used
