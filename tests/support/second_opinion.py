"""A second program that reads the same workbook and must give the same numbers as the package.

It is written from the description of the workbook alone and shares nothing with the package but
the reader: the plain extensive programme, a lane for every pair of regions, commodity, class and
year, both classes in every pass, solved by scipy. `Search` is a third opinion for few projects: it
tries every combination of years and needs linear programmes of one year only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from second_opinion_contracts_targets import bind_offtakes, set_targets
from second_opinion_money import hold_stocks, support_running
from second_opinion_parts import Investment, Sketch, Terms, YearFlows, total
from second_opinion_world import World

from opt.data.reader import read
from opt.data.tables import Row, Tables

KEPT = (1e-9, 1e-8, 1e-7)  # the closest that leaves a plan
SHARP = 1e3  # the solver allows 1e-6 too much in any row: kept rows are written this much larger
Built = frozenset[tuple[str, int]]  # projects and their years of commitment


@dataclass(frozen=True, slots=True)
class Optimum:
    """The optimum of the passes; money in USD million. What idle capacity costs is in the cost.

    `first_musd` is what comes first where that is money: public money, or it and dependence at what
    a point of it is worth.
    """

    dependence: float
    shortfall: float
    cost_musd: float
    first_musd: float | None = None


class LostError(Exception):
    """A later pass found no plan where an earlier one had one: rounding alone."""


class Extensive(Investment):
    """The whole model as it is described, without any reduction."""

    def __init__(self, world: World) -> None:
        """Builds every variable and constraint."""
        super().__init__(world)
        hold_stocks(self)
        self.flows = {year: YearFlows(self, year) for year in world.years}
        for flows in self.flows.values():
            flows.build()
            support_running(self, flows)
            bind_offtakes(flows)
        self.limit_programmes()
        set_targets(world, self.flows)
        target = world.tables.settings["dependence_target"]
        if target is not None:
            self.lp.keep(self.exposed, -math.inf, float(target))  # type: ignore[arg-type]

    @property
    def public(self) -> Terms:
        """All public money, USD million."""
        pays = [dict.fromkeys(pays, 1.0) for pays in self.pays.values()]
        return total(*((self.money, part) for part in (*pays, *self.spent.values())))

    def solve(self, slack: float) -> Optimum | None:
        """The passes, each kept in the next to a slack; None where no plan exists. Raises
        LostError where the slack leaves none to a later pass."""
        objectives = [self.exposed, self.short]
        objective = self.world.tables.settings["objective"]
        if objective == "public":
            objectives.insert(0, self.public)
        if objective == "worth":
            of_share = 100 * float(self.world.tables.settings["worth_of_point"])  # type: ignore[arg-type]
            objectives.insert(0, total((1.0, self.public), (of_share, self.exposed)))
        kept = []
        for terms in objectives:
            best = self.lp.minimise(terms)
            if best is None and not kept:
                return None
            if best is None:
                raise LostError
            self.lp.keep(total((SHARP, terms)), -math.inf, SHARP * (best + slack))
            kept.append(best)
        cost = self.lp.minimise(self.cost)
        if cost is None:
            raise LostError
        dependence, shortfall = kept[-2:]
        first = kept[0] if kept[2:] else None
        return Optimum(dependence, shortfall, cost * self.money + self.fixed_cost, first)


class Search:
    """The least dependence of a few fixed-size projects, by trying every plan.

    For each plan the money is one linear programme and the flows are one a year, so that neither
    branching nor the years together are needed. It knows neither tickets nor scalable projects nor
    what comes without new money.
    """

    def __init__(self, world: World) -> None:
        """Lists what each project can do: nothing, or one commitment in some year."""
        self.world = world
        self.projects = list(world.rows("projects"))
        self.choices: list[list[int | None]] = [self._choices(row) for row in self.projects]
        self.flows: dict[tuple[int, Built], float] = {}

    @staticmethod
    def fits(world: World, most: int) -> bool:
        """Whether the case is simple and small enough."""
        projects = world.rows("projects")
        simple = all(
            row.number_of("max_units") == 1 and row["capacity_max"] is None for row in projects
        )
        simple &= all(row["merchant"] is None for row in projects)
        tickets = any(row.number_of("ticket_min") > 0 for row in world.rows("programmes"))
        plans = math.prod(1 + len(world.offers(row)) for row in projects)
        return simple and not tickets and plans <= most

    def least_dependence(self) -> float | None:
        """The optimum over all plans; None where no plan obeys every rule."""
        values = []
        for years in itertools.product(*self.choices):
            plan = {
                row.text("project"): year
                for row, year in zip(self.projects, years, strict=True)
                if year is not None
            }
            if self._in_order(plan):
                values.append((self._dependence(plan), plan))
        values.sort(key=lambda pair: pair[0])
        return next((value for value, plan in values if self._is_paid(plan)), None)

    def _choices(self, project: Row) -> list[int | None]:
        decision, _, year = project.text("decision").partition(" ")
        offers = self.world.offers(project)
        if year:
            return [offer for offer in offers if offer == int(year)]
        return [*offers] if decision == "force" else [None, *offers]

    def _in_order(self, plan: Mapping[str, int]) -> bool:
        groups = []
        for row in self.projects:
            year, required = plan.get(row.text("project")), row.text("requires")
            if year is None:
                continue
            if row.text("group"):
                groups.append(row.text("group").casefold())
            if required and plan.get(required, self.world.last + 1) > year:
                return False
        for row, other in itertools.combinations(self.projects, 2):
            bundle = row.text("bundle").casefold()
            bound = bundle and bundle == other.text("bundle").casefold()
            if bound and plan.get(row.text("project")) != plan.get(other.text("project")):
                return False
        return len(groups) == len(set(groups))

    def _dependence(self, plan: Mapping[str, int]) -> float:
        total = 0.0
        for year in self.world.counted:
            running = frozenset(
                (row.text("project"), plan[row.text("project")])
                for row in self.projects
                if row.text("project") in plan
                and year in self.world.operation(row, plan[row.text("project")])
            )
            if (year, running) not in self.flows:
                self.flows[year, running] = self._year(year, running)
            total += self.flows[year, running]
        return total

    def _year(self, year: int, running: Built) -> float:
        """What a year with some projects running adds to dependence."""
        sketch = Sketch(self.world)
        for name, commitment in running:
            sketch.units[name, commitment] = sketch.lp.column(1.0, lower=1.0)
        YearFlows(sketch, year).build()
        best = sketch.lp.minimise(sketch.exposed)
        assert best is not None
        return best

    def _is_paid(self, plan: Mapping[str, int]) -> bool:
        """Whether programmes can pay for a plan within all their rules."""
        sketch = Investment(self.world)
        sketch.limit_programmes()
        for key, column in sketch.units.items():
            built = float(plan.get(key[0]) == key[1])
            sketch.lp.lower[column] = sketch.lp.upper[column] = built
        return not sketch.units or sketch.lp.minimise({}) is not None


class Trial:
    """The least dependence of single-unit projects of a case with any columns, by trying every plan
    of theirs: each is one programme of flows and money, in which nothing is left to decide but
    sizes, tickets and who of what comes by itself is there."""

    def __init__(self, world: World) -> None:
        """Lists every plan: nothing, or one commitment, of each project."""
        self.whole = Extensive(world)
        projects = world.rows("projects")
        years = [[None, *world.offers(row)] for row in projects]
        names = [row.text("project") for row in projects]
        self.plans = [dict(zip(names, plan, strict=True)) for plan in itertools.product(*years)]

    @staticmethod
    def fits(world: World, most: int) -> bool:
        """Whether every project is of one unit, and the plans are few."""
        projects = world.rows("projects")
        plans = math.prod(1 + len(world.offers(row)) for row in projects)
        return all(row.number_of("max_units") == 1 for row in projects) and plans <= most

    def least_dependence(self) -> float | None:
        """The optimum over all plans; None where none obeys every rule."""
        return min((value for _, value in self.possible()), default=None)

    def possible(self) -> Iterator[tuple[dict[str, int], float]]:
        """The plans that obey every rule, years of commitment by project, and their dependence."""
        for plan in self.plans:
            value = self.dependence(plan)
            if value is not None:
                yield {name: year for name, year in plan.items() if year is not None}, value

    def dependence(self, plan: Mapping[str, int | None]) -> float | None:
        """The least dependence of a plan; None where it breaks a rule."""
        lp = self.whole.lp
        for (name, year), column in self.whole.units.items():
            lp.lower[column] = lp.upper[column] = float(plan[name] == year)
        return lp.minimise(self.whole.exposed)


def second_opinion(
    folder: Path, scenario: str | None = None, settings: Mapping[str, str] | None = None
) -> Optimum | None:
    """Dependence, shortfall and cost of a workbook, some settings in place of its own; None where
    no plan obeys every rule."""
    return opinion_of(read(folder, settings), scenario)


def opinion_of(tables: Tables, scenario: str | None) -> Optimum | None:
    """The same of a workbook that is read already."""
    for slack in KEPT:
        try:
            return Extensive(World(tables, scenario)).solve(slack)
        except LostError:
            continue
    raise LostError
