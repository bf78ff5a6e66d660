"""Stocks, and support for running at a loss, in the second program: what they hold and who pays."""

from __future__ import annotations

import math
from collections.abc import Mapping

from second_opinion_parts import MILLION, Investment, Terms, YearFlows, total
from second_opinion_world import CLASSES, CLEAR, EXPOSED, World, plant_key

from opt.data.tables import Row


def hold_stocks(owner: Investment) -> None:
    """What every stockpile holds, buys and releases; before the flows, which take it up."""
    for row in owner.world.rows("stockpiles"):
        _Stockpile(owner, row).build()


class _Stockpile:
    """One stockpile over all years, both classes."""

    def __init__(self, owner: Investment, row: Row) -> None:
        """Prepares the levels before the first year."""
        self.owner, self.world, self.lp, self.row = owner, owner.world, owner.lp, row
        self.region, self.good = row.text("region"), row.text("commodity")
        self.kept = 1 - row.number_of("loss")
        self.initial = row.number_of("initial") / owner.mass
        self.origin = row.text("initial_origin")
        if self.world.bloc[self.region] == "covered":
            self.origin = EXPOSED

    def build(self) -> None:
        """All variables and constraints, year by year."""
        last: dict[str, int] = {}
        for year in self.world.years:
            payers = self.world.stock_payers(self.row, year)
            levels, bought = {}, {}
            for kind in CLASSES:
                level = levels[kind] = self.lp.column()
                most_bought = self._most_bought(kind, any(payers.values()))
                buy = bought[kind] = self.lp.column(most_bought)
                release = self.lp.column(self._most_released(year))
                before = {last[kind]: self.kept} if last else {}
                start = self.kept * self.initial if not last and kind == self.origin else 0.0
                moved = total((1.0, {buy: 1.0, release: -1.0, level: -1.0}), (1.0, before))
                self.lp.keep(moved, -start, -start)
                place = self.region, self.good, kind, year
                if most_bought > 0:
                    self.owner.bought[place][buy] = 1.0
                self.owner.released[place][release] = 1.0
                carrying = self.row.number_of("carrying_cost") * self._musd
                self.owner.cost[level] += carrying * self.world.discount(year)
            most = self.row.optional("capacity")
            if most is not None:
                self.lp.keep(dict.fromkeys(levels.values(), 1.0), 0, most / self.owner.mass)
            self._pay(year, payers, list(levels.values()), list(bought.values()))
            last = levels

    @property
    def _musd(self) -> float:
        """Units of money in a USD on each unit of mass."""
        return self.owner.mass / MILLION / self.owner.money

    def _most_bought(self, kind: str, paid: bool) -> float:
        covered = self.world.bloc[self.region] == "covered"
        allowed = kind == CLEAR or covered or self.row.text("buys") == "any"
        return math.inf if allowed and paid else 0.0

    def _most_released(self, year: int) -> float:
        always = self.row.text("release") == "any"
        return math.inf if always or self.world.disrupted(year, self.good) else 0.0

    def _pay(
        self, year: int, payers: Mapping[str, bool], levels: list[int], bought: list[int]
    ) -> None:
        """Programmes pay for what is bought, and carry what they added to the initial stock."""
        buying: Terms = {}
        paying: Terms = {}
        for name, buys in payers.items():
            pay = self.lp.column()
            self.owner.spent[name, year][pay] = 1.0
            self.owner.spent_on[pay] = self.row
            paying[pay] = 1.0
            if buys:
                buying[pay] = 1.0
        cost: Terms = {}
        if any(self.lp.upper[buy] > 0 for buy in bought):
            price = self.world.price(self.good, self.region, year)
            assert price is not None, (self.good, self.region)
            cost = dict.fromkeys(bought, price * self._musd)
        carrying = self.row.number_of("carrying_cost") * self._musd
        still = self.initial * self.kept ** (year - self.world.first + 1)
        self.lp.keep(total((1.0, buying), (-1.0, cost)), 0, math.inf)
        carried = total((1.0, paying), (-1.0, cost), (-carrying, dict.fromkeys(levels, 1.0)))
        self.lp.keep(carried, -carrying * still, math.inf)


def support_running(owner: Investment, flows: YearFlows) -> None:
    """Plants that would lose money run as far as programmes close the gap."""
    world, year = owner.world, flows.year
    for plant in world.plants:
        for process in plant.items("processes"):
            gap = world.gap(plant, process, year)
            if gap > 0:
                runs = dict.fromkeys(flows.runs[plant_key(plant), process].values(), 1.0)
                _support(flows, runs, gap, _rates(world, plant, process, year), plant)


def _rates(world: World, plant: Row, process: str, year: int) -> dict[str, float]:
    rates = {
        row.text("programme"): world.rate(row, plant, process, year)
        for row in world.support_programmes
    }
    return {name: rate for name, rate in rates.items() if rate > 0}


def _support(
    flows: YearFlows, run: Terms, gap: float, rates: Mapping[str, float], plant: Row
) -> None:
    """What runs is supported until the gap is closed; what each programme pays, and its cost."""
    owner, year = flows.owner, flows.year
    closed: Terms = {}
    for name, rate in rates.items():
        supported = owner.lp.column()
        owner.lp.keep(total((1.0, {supported: 1.0}), (-1.0, run)), -math.inf, 0)
        closed[supported] = min(rate, gap) / gap
        paid = rate * owner.mass / MILLION / owner.money
        owner.spent[name, year][supported] = paid
        owner.spent_on[supported] = plant
        owner.cost[supported] += paid * owner.world.discount(year)
    owner.lp.keep(total((1.0, closed), (-1.0, run)), 0, math.inf)
