"""The plain extensive programme of the second program: commitments and money, plants and flows.

A lane for every pair of regions, commodity, class and year, both classes in every year, no
reductions.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from second_opinion_world import CLASSES, CLEAR, EXPOSED, World, plant_key, same

from opt.data.tables import Row

MILLION = 1e6
Terms = dict[int, float]
Vector = np.ndarray
Node = tuple[str, str, str]  # region, commodity and class


@dataclass
class LinearProgramme:
    """A linear or mixed programme under construction, one row or column at a time."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def column(self, upper: float = math.inf, whole: bool = False, lower: float = 0.0) -> int:
        """A new variable."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(int(whole))
        return len(self.lower) - 1

    def keep(self, terms: Terms, low: float, high: float) -> None:
        """A new row low <= terms <= high."""
        self.rows.append((terms, low, high))

    def _matrix(self) -> csr_array:
        entries = [(n, c, a) for n, (terms, _, _) in enumerate(self.rows) for c, a in terms.items()]
        where = [n for n, _, _ in entries], [c for _, c, _ in entries]
        shape = (len(self.rows), len(self.lower))
        return csr_array(([a for _, _, a in entries], where), shape=shape)

    def minimise(self, objective: Terms) -> float | None:
        """The least value; None where no solution exists.

        Whole numbers found are fixed and the rest solved again, so that no value rests on a
        variable that is whole within the solver's tolerance only. Searched with and without
        presolve, because the solver that scipy ships stops short of the optimum at times.
        """
        cost = np.zeros(len(self.lower))
        for column, amount in objective.items():
            cost[column] += amount
        low = np.array([row[1] for row in self.rows])
        high = np.array([row[2] for row in self.rows])
        rows = LinearConstraint(self._matrix(), low, high)
        if not any(self.whole):
            return min(self._values(cost, self._points(cost, rows)), default=None)
        fixed = np.flatnonzero(self.whole)
        points = self._points(cost, rows, np.array(self.whole))
        plans = {tuple(np.round(point[fixed])) for point in points}
        found = [self._points(cost, rows, plan=plan) for plan in plans]
        values = [value for points in found for value in self._values(cost, points)]
        assert values or not plans, "rounded whole numbers are not feasible"
        return min(values, default=None)

    def _values(self, cost: Vector, points: Iterable[Vector]) -> list[float]:
        return [float(cost @ point) for point in points]

    def _points(
        self,
        cost: Vector,
        rows: LinearConstraint,
        whole: Vector | None = None,
        plan: Sequence[float] | None = None,
    ) -> list[Vector]:
        """The points found with and without presolve; with a plan, which is whole numbers alone,
        for these. A linear programme that has an end is solved once: were it short of that end,
        the other program's answer would be the better one, which no test takes."""
        lower, upper = np.array(self.lower), np.array(self.upper)
        if plan is not None:
            fixed = np.flatnonzero(self.whole)
            lower[fixed] = upper[fixed] = plan
        found = []
        for presolve in (True, False):
            result = milp(
                cost,
                integrality=whole,
                bounds=Bounds(lower, upper),
                constraints=rows,
                options={"mip_rel_gap": 0.0, "presolve": presolve},
            )
            if result.status == 0:
                found.append(np.asarray(result.x))
                if whole is None:
                    break
        return found


def total(*parts: tuple[float, Mapping[int, float]]) -> Terms:
    """The sum of terms, each times its factor."""
    whole: Terms = defaultdict(float)
    for factor, terms in parts:
        for column, amount in terms.items():
            whole[column] += factor * amount
    return dict(whole)


def own_amount(programme: Row) -> float:
    """What the chain may take of the whole programme."""
    return programme.number_of("share") * programme.number_of("amount")


class Sketch:
    """A programme with what its parts share; masses and money in units of the largest."""

    def __init__(self, world: World) -> None:
        """An empty programme."""
        self.world = world
        self.lp = LinearProgramme()
        demands = (world.demand(row, y) for row in world.allied_demand for y in world.years)
        self.mass = max(demands, default=0.0) or 1.0
        largest = (sum(world.unit_capex(p, world.first)) for p in world.rows("projects"))
        self.money = max(largest, default=0.0) or 1.0
        self.cost: Terms = defaultdict(float)
        self.fixed_cost = 0.0
        self.units: dict[tuple[str, int], int] = {}
        self.size: dict[tuple[str, int], int] = {}
        self.exposed: Terms = {}
        self.short: Terms = {}
        self.released: dict[tuple[str, str, str, int], Terms] = defaultdict(dict)
        self.bought: dict[tuple[str, str, str, int], Terms] = defaultdict(dict)

    def built(self, project: Row, year: int) -> tuple[Terms, float]:
        """Capacity that commitments give or take in a year, and what comes without any."""
        terms: Terms = defaultdict(float)
        world, name = self.world, project.text("project")
        comes = world.comes(project, year)
        own = comes * project.number_of("capacity") / self.mass if comes else 0.0
        for (other, commitment), units in self.units.items():
            if other != name or year not in world.operation(project, commitment):
                continue
            if not world.in_place(project, commitment, year):
                continue
            start = commitment + world.lead(project, commitment)
            reach = max(0.0, world.reach(project, year - start + 1, year) - comes)
            size = self.size.get((name, commitment))
            if size is None:
                terms[units] += reach * world.nameplate(project) / self.mass
            else:
                terms[size] += reach
        for rival in world.group_of(project) if own else ():
            for (other, commitment), units in self.units.items():
                if other == rival.text("project") and world.in_place(rival, commitment, year):
                    terms[units] -= own
        return terms, own


class Investment(Sketch):
    """Commitments and who pays for them.

    `spent` is what each programme pays in a year for stock and for running at a loss, in units of
    money; where it is used, it is filled before `limit_programmes`.
    """

    def __init__(self, world: World) -> None:
        """Builds every variable and constraint but the limits of the programmes."""
        super().__init__(world)
        self.capex: dict[tuple[str, int], Terms] = {}
        self.projects = {row.text("project"): row for row in world.rows("projects")}
        for project in self.projects.values():
            self._commit(project)
        self._relations()
        self.paid: dict[tuple[str, int], Terms] = {key: {} for key in self.capex}
        self.pays: dict[str, dict[int, tuple[str, int]]] = {}
        self.spent: dict[tuple[str, int], Terms] = defaultdict(dict)
        self.spent_on: dict[int, Row] = {}
        self._pay()
        self._private()
        self._build()

    def _commit(self, project: Row) -> None:
        world, name, most = self.world, project.text("project"), project.number_of("max_units")
        for year in world.offers(project):
            units = self.units[name, year] = self.lp.column(most, whole=True)
            fixed, per_size = world.unit_capex(project, year)
            capex = self.capex[name, year] = {units: fixed / self.money}
            largest = project.optional("capacity_max")
            if largest is not None:
                size = self.size[name, year] = self.lp.column()
                least = project.optional("capacity_min") or 0.0
                self.lp.keep({size: 1, units: -least / self.mass}, 0, math.inf)
                self.lp.keep({size: 1, units: -largest / self.mass}, -math.inf, 0)
                capex[size] = per_size * self.mass / self.money
            self._commitment_cost(project, year)
        mine = {column: 1.0 for (n, _), column in self.units.items() if n == name}
        self.lp.keep(mine, 0, most)
        decision, _, forced = project.text("decision").partition(" ")
        if decision == "force":
            chosen = {c: 1.0 for (n, y), c in self.units.items() if n == name}
            if forced:
                column = self.units.get((name, int(forced)))
                chosen = {} if column is None else {column: 1.0}
            self.lp.keep(chosen, 1, math.inf)

    def _commitment_cost(self, project: Row, year: int) -> None:
        world, name = self.world, project.text("project")
        spent = sum(world.discount(y) * s for y, s in world.spend(project, year).items())
        spent -= world.residual(project, year) * world.discount(world.last)
        for column, amount in self.capex[name, year].items():
            self.cost[column] += spent * amount
        for open_year in world.operation(project, year):
            fixed = world.carried(project, "fixed_opex") * world.discount(open_year)
            self.cost[self.units[name, year]] += fixed / self.money

    def _relations(self) -> None:
        world, members = self.world, defaultdict(list)
        self._bundle()
        for project in world.rows("projects"):
            name, most = project.text("project"), project.number_of("max_units")
            if project.text("group"):
                members[project.text("group").casefold()].append((name, most))
            required = project.text("requires")
            if not required:
                continue
            for year in world.years:
                terms: Terms = defaultdict(float)
                for (other, v), column in self.units.items():
                    if v <= year and other == name:
                        terms[column] += 1
                    elif v <= year and other == required:
                        terms[column] -= most
                self.lp.keep(dict(terms), -math.inf, 0)
        for group in members.values():
            chosen = {}
            for name, most in group:
                flag = self.lp.column(1, whole=True)
                chosen[flag] = 1.0
                mine = {c: 1.0 for (n, _), c in self.units.items() if n == name}
                self.lp.keep(mine | {flag: -most}, -math.inf, 0)
            self.lp.keep(chosen, 0, 1)

    def _bundle(self) -> None:
        """Those of a bundle are committed in the same years."""
        first: dict[str, str] = {}
        for name, project in self.projects.items():
            bundle = project.text("bundle").casefold()
            other = first.setdefault(bundle, name) if bundle else name
            for year in self.world.years if other != name else ():
                pair = ((name, 1.0), (other, -1.0))
                found = {self.units[j, year]: s for j, s in pair if (j, year) in self.units}
                self.lp.keep(found, 0, 0)

    def _pay(self) -> None:
        world = self.world
        for programme in world.rows("programmes"):
            pays = self.pays[programme.text("programme")] = {}
            for (name, year), capex in self.capex.items():
                share = world.largest_share(programme, self.projects[name])
                if share == 0 or not world.can_commit(programme, year):
                    continue
                pay = self._payment(programme, capex, share)
                self.paid[name, year][pay] = 1.0
                pays[pay] = name, year
        for (name, year), capex in self.capex.items():
            floor = world.floor(self.projects[name])
            ceiling = self.projects[name].number_of("max_public_share")
            public = self.paid[name, year]
            least = public | {c: -floor * a for c, a in capex.items()}
            self.lp.keep(least, 0, math.inf)
            most = public | {c: -ceiling * a for c, a in capex.items()}
            self.lp.keep(most, -math.inf, 0)

    def _payment(self, programme: Row, capex: Terms, share: float) -> int:
        pay = self.lp.column()
        self.lp.keep({pay: 1.0} | {c: -share * a for c, a in capex.items()}, -math.inf, 0)
        most = programme.optional("ticket_max")
        if most is not None:
            self.lp.keep({pay: 1.0}, 0, most / self.money)
        if programme.number_of("ticket_min") > 0:
            flag = self.lp.column(1, whole=True)
            bound = sum(a * self._largest(c) for c, a in capex.items())
            if programme.number_of("charge") > 0 and programme["repay_years"] is None:
                bound = own_amount(programme) / self.money / programme.number_of("charge")
            self.lp.keep({pay: 1.0, flag: -bound}, -math.inf, 0)
            least = programme.number_of("ticket_min") / self.money
            self.lp.keep({pay: 1.0, flag: -least}, 0, math.inf)
        return pay

    def _largest(self, column: int) -> float:
        """The most units or size that a commitment column can hold."""
        if math.isfinite(self.lp.upper[column]):
            return self.lp.upper[column]
        name = next(n for (n, _), c in self.size.items() if c == column)
        row = next(r for r in self.world.rows("projects") if r.text("project") == name)
        return row.number_of("max_units") * row.number_of("capacity_max") / self.mass

    def limit_programmes(self) -> None:
        """The amounts and yearly limits of all programmes."""
        for programme in self.world.rows("programmes"):
            self._amount(programme)
            self._most_of_rows(programme)
            self._yearly(programme)

    def _amount(self, programme: Row) -> None:
        """The whole amount; in every year, of what is lent and not back, where it comes back."""
        name, charge = programme.text("programme"), programme.number_of("charge")
        most = own_amount(programme) / self.money
        years = self.world.years
        for year in [self.world.last] if programme["repay_years"] is None else years:
            gone: Terms = {}
            for pay, (project, start) in self.pays[name].items():
                back = self.world.comes_back(programme, self.projects[project], start)
                if start <= year:
                    gone[pay] = 1 - sum(s for t, s in back.items() if t <= year)
            spent = [(charge, self.spent[name, t]) for t in years if t <= year]
            self.lp.keep(total((charge, gone), *spent), -math.inf, most)

    def _most_of_rows(self, programme: Row) -> None:
        """The most for all that a row of eligibility takes, of every kind of payment."""
        name, charge = programme.text("programme"), programme.number_of("charge")
        for row in self.world.eligibility_of(programme):
            most = row.optional("max_amount")
            if most is None:
                continue
            what, value = row.text("field"), row.text("value")
            paid: Terms = {
                pay: 1.0
                for pay, (project, _) in self.pays[name].items()
                if self.world.plant_matches(self.projects[project], what, value)
            }
            spent = [
                {column: each}
                for year in self.world.years
                for column, each in self.spent[name, year].items()
                if self.world.thing_matches(self.spent_on[column], what, value)
            ]
            whole = total((charge, paid), *((charge, terms) for terms in spent))
            self.lp.keep(whole, -math.inf, most / self.money)

    def _yearly(self, programme: Row) -> None:
        """Annual limits on what is due less what comes back; with carry_over what was due so far
        against what was allowed so far.

        A blank year has no limit, so with carry_over nothing that is allowed so far has one after.
        """
        name, charge = programme.text("programme"), programme.number_of("charge")
        so_far: Terms = {}
        allowed = 0.0
        for year in self.world.years:
            if programme.text("carry_over") != "yes":
                so_far, allowed = {}, 0.0
            due: Terms = {}
            for pay, (project, start) in self.pays[name].items():
                row = self.projects[project]
                due[pay] = self.world.spend(row, start).get(year, 0.0)
                due[pay] -= self.world.comes_back(programme, row, start).get(year, 0.0)
            so_far = total((1.0, so_far), (charge, due), (charge, self.spent[name, year]))
            limit = programme.years.get(year)
            left = programme.number_of("share") * self.world.money_left(programme, year)
            allowed += math.inf if limit is None else left * limit
            if math.isfinite(allowed):
                self.lp.keep(so_far, -math.inf, allowed / self.money)

    def _private(self) -> None:
        """Private money that is ready in a year, for the projects that a row takes."""
        for row, year, limit in self.world.ceilings("private_capital"):
            private: Terms = defaultdict(float)
            for key in self._taken(row):
                share = self.world.spend(self.projects[key[0]], key[1]).get(year, 0.0)
                for column, amount in self.capex[key].items():
                    private[column] += share * amount
                for column in self.paid[key]:
                    private[column] -= share
            self.lp.keep(dict(private), -math.inf, limit / self.money)

    def _build(self) -> None:
        """Units, capex, or output of a commodity that can be committed in a year in the projects
        that a row takes."""
        aside: dict[int, int] = {}
        for row, year, limit in self.world.ceilings("build_limits"):
            keys = [key for key in self._taken(row) if key[1] == year]
            if row.text("what") == "starts":
                self.lp.keep({self.units[key]: 1.0 for key in keys}, 0, limit)
            elif row.text("what") == "capacity":
                parts = [
                    (self.world.output(self.projects[j], row.text("commodity")), self._new(j, v))
                    for j, v in keys
                ]
                standing, grown = self._learnt(row, year)
                most = (limit + standing) / self.mass
                bought = (-1 / self.mass, self._lifted(row, year))
                kept = self._kept(row, aside)
                self.lp.keep(total(*parts, (-1.0, grown), bought, kept), -math.inf, most)
            else:
                whole = {c: a for key in keys for c, a in self.capex[key].items()}
                self.lp.keep(whole, 0, limit / self.money)

    def _kept(self, row: Row, aside: dict[int, int]) -> tuple[float, Terms]:
        """What of a year's limit is put aside for later, less what was put aside before; `aside`
        holds the last column of each row that carries over."""
        if row.text("carry_over") != "yes":
            return 1.0, {}
        before = {aside[row.number]: -1.0} if row.number in aside else {}
        aside[row.number] = self.lp.column()
        return 1.0, before | {aside[row.number]: 1.0}

    def _learnt(self, row: Row, year: int) -> tuple[float, Terms]:
        """What a limit grows by in a year: for what stood the year before, and for what was built
        by then. The year before the first is taken to be as the first, with nothing built."""
        world, good, share = self.world, row.text("commodity"), row.number_of("learn")
        wanted = [(row.text("field"), row.text("value")), ("mineral", row.text("mineral"))]
        stood, before = 0.0, max(year - 1, world.first)
        for facility in world.rows("facilities"):
            fits = all(world.plant_matches(facility, f, v) for f, v in wanted if f != "all" and v)
            if fits and world.makes_clear(facility, before):
                capacity = world.facility_capacity(facility, before)
                stood += share * world.output(facility, good) * capacity
        grown = []
        for project in world.rows("projects") if year > world.first else ():
            fits = all(world.plant_matches(project, f, v) for f, v in wanted if f != "all" and v)
            if fits and world.makes_clear(project, before):
                built, comes = self.built(project, year - 1)
                made = share * world.output(project, good)
                grown.append((made, built))
                stood += made * comes * self.mass
        return stood, total(*grown)

    def _lifted(self, row: Row, year: int) -> Terms:
        """What the units of projects add to a limit in a year."""
        added: Terms = defaultdict(float)
        for lift in self.world.rows("lifts"):
            if not same(lift.text("limit"), row.text("limit") or "no limit"):
                continue
            project = self.projects[lift.text("project")]
            amount = lift.number_of("amount")
            if self.world.tables.settings["survival"] == "expected":
                amount *= project.number_of("chance")
            for (name, v), column in self.units.items():
                if name == lift.text("project") and year in self.world.operation(project, v):
                    added[column] += amount
        return added

    def _new(self, name: str, year: int) -> Terms:
        """Capacity that is committed of a project in a year."""
        if (name, year) in self.size:
            return {self.size[name, year]: 1.0}
        return {self.units[name, year]: self.world.nameplate(self.projects[name]) / self.mass}

    def _taken(self, row: Row) -> list[tuple[str, int]]:
        """The commitments of the projects that a row takes."""
        wanted = [(row.text("field"), row.text("value")), ("mineral", row.text("mineral"))]
        wanted = [(field, value) for field, value in wanted if field != "all" and value]
        return [
            key
            for key in self.capex
            if all(self.world.plant_matches(self.projects[key[0]], f, v) for f, v in wanted)
        ]


class YearFlows:
    """The material of one year: what plants run, what is shipped, served, stored and left over.

    What a region makes or releases is split into what leaves and what stays, so that nothing passes
    through a region unprocessed.
    """

    def __init__(self, owner: Sketch, year: int) -> None:
        """Prepares the sums by region, commodity and class."""
        self.owner, self.world, self.lp, self.year = owner, owner.world, owner.lp, year
        self.made: dict[Node, Terms] = defaultdict(lambda: defaultdict(float))
        self.used: dict[Node, Terms] = defaultdict(lambda: defaultdict(float))
        self.sent: dict[Node, dict[str, int]] = defaultdict(dict)
        self.got: dict[Node, Terms] = defaultdict(lambda: defaultdict(float))
        self.runs: dict[tuple[tuple[str, str], str], dict[str, int]] = defaultdict(dict)
        self.taken: dict[tuple[tuple[str, str], str], int] = {}
        self.served: list[tuple[Row, int, int, int]] = []
        self.left: dict[Node, int] = {}
        self.contracted: dict[Node, int] = {}
        self.downgraded: dict[tuple[str, str], Terms] = {}
        self.price = self.world.discount(year) * owner.mass / MILLION / owner.money

    def build(self) -> None:
        """All variables and constraints of the year."""
        for facility in self.world.rows("facilities"):
            size = self.world.facility_capacity(facility, self.year)
            load = self._run(facility, {}, size / self.owner.mass)
            self._keep_running(facility, load, size / self.owner.mass)
            if self.world.is_open(facility, self.year):
                fixed = self.world.carried(facility, "fixed_opex")
                self.owner.fixed_cost += fixed * self.world.discount(self.year)
        for project in self.world.rows("projects"):
            self._run(project, *self.owner.built(project, self.year))
            self._lose(project)
        self._ship()
        self._serve()
        for region, good in itertools.product(self.world.bloc, self.world.commodity):
            self._contract(region, good)
            self._balance(region, good)

    def released(self, place: Node) -> Terms:
        """What is released from stock."""
        return self.owner.released[*place, self.year]

    def bound(self, offtake: Row, kind: str) -> Terms:
        """What a contract binds of the output of its plant."""
        terms: Terms = {}
        for (plant, process), runs in self.runs.items():
            amount = self.world.recipe[process].get(offtake.text("commodity"), 0.0)
            if plant == plant_key(offtake) and amount > 0 and kind in runs:
                terms[runs[kind]] = offtake.number_of("share") * amount
                if kind == EXPOSED and (plant, process) in self.taken:
                    terms[self.taken[plant, process]] = terms[runs[kind]]
        return terms

    def _keep_running(self, facility: Row, load: Terms, size: float) -> None:
        """What runs at least, less what stands idle at a cost."""
        least = self.world.least_use(facility, self.year) * size
        cost = facility.optional("idle_cost")
        if least > 0 and cost is not None:
            idle = self.lp.column()
            load = load | {idle: 1.0}
            self.owner.cost[idle] += cost * self.price
        if least > 0:
            self.lp.keep(load, least, math.inf)

    def _lose(self, project: Row) -> None:
        """What runs exposed, at any price, where nobody has committed a project."""
        taken = self.world.taken(project, self.year)
        if taken == 0:
            return
        name = project.text("project")
        size = taken * project.number_of("capacity") / self.owner.mass
        load = {units: size for (j, _), units in self.owner.units.items() if j == name}
        for process in project.items("processes"):
            run = self.taken[plant_key(project), process] = self.lp.column()
            load[run] = self.world.load(project, process)
            self.owner.cost[run] += self.world.carried(project, "opex") * self.price
            for good, amount in self.world.recipe[process].items():
                side = self.made if amount > 0 else self.used
                side[project.text("region"), good, EXPOSED][run] += abs(amount)
        self.lp.keep(load, -math.inf, size)

    def _run(self, plant: Row, built: Terms, existing: float) -> Terms:
        """Runs of all processes and classes within a capacity; the capacity that they take."""
        load: Terms = {column: -amount for column, amount in built.items()}
        for process in plant.items("processes"):
            for origin in CLASSES:
                if origin == CLEAR and not self.world.makes_clear(plant, self.year):
                    continue
                run = self.runs[plant_key(plant), process][origin] = self.lp.column()
                load[run] = self.world.load(plant, process)
                self.owner.cost[run] += self.world.carried(plant, "opex") * self.price
                for good, amount in self.world.recipe[process].items():
                    side = self.made if amount > 0 else self.used
                    side[plant.text("region"), good, origin][run] += abs(amount)
        self.lp.keep(load, -math.inf, existing)
        return load

    def _ship(self) -> None:
        for origin, destination in itertools.permutations(self.world.bloc, 2):
            for good in self.world.commodity:
                lane = self.world.lane(origin, destination, good, self.year)
                if lane is None:
                    continue
                both: Terms = {}
                for kind in CLASSES:
                    ship = self.lp.column()
                    both[ship] = 1.0
                    self.owner.cost[ship] += lane.cost * self.price
                    self.sent[origin, good, kind][destination] = ship
                    covered = self.world.bloc[destination] == "covered"
                    self.got[destination, good, EXPOSED if covered else kind][ship] += 1.0
                if math.isfinite(lane.limit):
                    self.lp.keep(both, 0, lane.limit / self.owner.mass)

    def _serve(self) -> None:
        for row in self.world.allied_demand:
            amount = self.world.demand(row, self.year)
            share = self.owner.mass * self.world.share_of_unit(row)
            clear, exposed, short = (self.lp.column() for _ in range(3))
            needed = amount / self.owner.mass
            self.lp.keep({clear: 1.0, exposed: 1.0, short: 1.0}, needed, needed)
            start = row.optional("clear_from")
            region, good = row.text("region"), row.text("commodity")
            if start is not None and self.year >= start:
                self.lp.keep({exposed: 1.0}, 0, 0)
            else:
                self.lp.keep({clear: 1.0}, 0, self.world.uptake(row, self.year) * needed)
                self.used[region, good, EXPOSED][exposed] += 1.0
            self.served.append((row, clear, exposed, short))
            self.used[region, good, CLEAR][clear] += 1.0
            if self.world.weight:
                self.owner.short[short] = share
                if self.year in self.world.counted:
                    self.owner.exposed |= {exposed: share, short: share}

    def _contract(self, region: str, good: str) -> None:
        """What the holders of contracts take and do not use for allies."""
        offtakes = self.world.offtakes(region, good, self.year)
        for kind in CLASSES if offtakes else ():
            taken = self.contracted[region, good, kind] = self.lp.column()
            bound = total(*((-1.0, self.bound(row, kind)) for row in offtakes))
            self.lp.keep({taken: 1.0} | bound, -math.inf, 0)

    def _balance(self, region: str, good: str) -> None:
        leave_as_exposed, use_as_exposed = self.lp.column(), self.lp.column()
        self.downgraded[region, good] = {leave_as_exposed: 1.0, use_as_exposed: 1.0}
        for kind, sign in ((CLEAR, -1.0), (EXPOSED, 1.0)):
            key = region, good, kind
            stay, left = self.lp.column(), self.lp.column(self._most_left(good))
            self.left[key] = left
            terms = total((1.0, self.made[key]), (1.0, self.released(key)))
            terms |= {stay: -1.0, leave_as_exposed: sign}
            self.lp.keep(terms | dict.fromkeys(self.sent[key].values(), -1.0), 0, 0)
            gone = total((1.0, self.used[key]), (1.0, self.owner.bought[*key, self.year]))
            if key in self.contracted:
                gone[self.contracted[key]] = 1.0
            home = {stay: 1.0, left: -1.0, use_as_exposed: sign}
            self.lp.keep(total((1.0, self.got[key]), (1.0, home), (-1.0, gone)), 0, 0)
            self.owner.cost[left] += self._surplus_price(good) * self.price

    def _most_left(self, good: str) -> float:
        return 0.0 if self.world.commodity[good]["surplus"] == "none" else math.inf

    def _surplus_price(self, good: str) -> float:
        surplus = self.world.commodity[good]["surplus"]
        return float(surplus) if isinstance(surplus, int | float) else 0.0
