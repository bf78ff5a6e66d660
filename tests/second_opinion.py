"""A second program that reads the same workbook and must give the same numbers as the package.

It is written from the description of the workbook alone and shares nothing with the package but
the reader: the plain extensive programme, a lane for every pair of regions, commodity, class and
year, both classes in every pass, solved by scipy. `Search` is a third opinion for few projects: it
tries every combination of years and needs linear programmes of one year only.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from opt.data.reader import read
from opt.data.tables import Row, Tables

CLEAR, EXPOSED = "clear", "exposed"
CLASSES = (CLEAR, EXPOSED)
KEPT = 1e-6
TINY = 1e-9
MILLION = 1e6
Terms = dict[int, float]
Vector = np.ndarray
Built = frozenset[tuple[str, int]]  # projects and their years of commitment


@dataclass(frozen=True, slots=True)
class Answer:
    """The optimum of the three passes; money in USD million. None where no plan exists."""

    dependence: float
    shortfall: float
    cost_musd: float


@dataclass(frozen=True, slots=True)
class Lane:
    """The terms of one pair in one year: freight in USD per unit, limit a year."""

    cost: float
    limit: float


def same(one: object, other: object) -> bool:
    """Ids and names match without case and surrounding spaces."""
    return str(one).strip().casefold() == str(other).strip().casefold()


def straight_line(points: Mapping[int, float], year: int) -> float:
    """The value in a year: on a straight line between given years, the first one before them."""
    years = sorted(points)
    if year <= years[0]:
        return points[years[0]]
    after = next(y for y in years if y >= year)
    if after == year:
        return points[year]
    before = max(y for y in years if y < year)
    share = (year - before) / (after - before)
    return points[before] * (1 - share) + points[after] * share


def round_up(value: float) -> int:
    """The next whole number, forgiving what binary fractions add."""
    return math.ceil(value - TINY)


class World:
    """What the sheets say in one scenario, in plain look-ups."""

    def __init__(self, tables: Tables, scenario: str | None) -> None:
        """`scenario` None is the base case."""
        self.tables = tables
        self.years = list(tables.years)
        self.first, self.last = tables.first_year, tables.last_year
        self.scenario = scenario
        self.bloc = {row.text("region"): row.text("bloc") for row in self.rows("regions")}
        self.commodity = {row.text("commodity"): row for row in self.rows("commodities")}
        self.recipe: dict[str, dict[str, float]] = defaultdict(dict)
        for row in self.rows("recipes"):
            self.recipe[row.text("process")][row.text("commodity")] = row.number_of("amount")
        self.stage = {row.text("process"): row.text("stage") for row in self.rows("processes")}
        self.ramps = {row.text("ramp"): row.years for row in self.rows("ramps")}
        self.spends = {row.text("spend"): row.years for row in self.rows("spends")}

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """The rows of a sheet."""
        return self.tables.rows[sheet]

    def discount(self, year: int) -> float:
        """Discount factor of a year."""
        rate = float(self.tables.settings["discount_rate"] or 0)  # type: ignore[arg-type]
        return (1 + rate) ** -(year - self.first)

    @property
    def counted(self) -> range:
        """The years in which dependence counts."""
        start = self.tables.settings["dependence_from"] or self.first
        end = self.tables.settings["dependence_to"] or self.last
        return range(int(start), int(end) + 1)  # type: ignore[arg-type]

    # Filters

    def plant_matches(self, plant: Row, what: str, value: str) -> bool:
        """Whether a facility or project has a value in a field of a filter."""
        outputs = {
            good
            for process in plant.items("processes")
            for good, amount in self.recipe[process].items()
            if amount > 0
        }
        found: dict[str, Iterable[str]] = {
            "region": [plant.text("region")],
            "bloc": [self.bloc[plant.text("region")]],
            "stage": [self.stage[process] for process in plant.items("processes")],
            "mineral": [self.commodity[good].text("mineral") for good in outputs],
            "commodity": outputs,
            "process": plant.items("processes"),
            "facility": [plant.text("facility")] if plant.sheet == "facilities" else [],
            "project": [plant.text("project")] if plant.sheet == "projects" else [],
        }
        return any(same(value, item) for item in found[what])

    def good_matches(self, good: str, what: str, value: str) -> bool:
        """Whether a commodity has a value in a field of a filter."""
        row = self.commodity[good]
        return same(good if what == "commodity" else row.text(what), value)

    def shocks(self, what: str, year: int) -> Iterator[tuple[str, str, float, float]]:
        """Field, value, factor and shift of the shocks of one kind that hold in a year."""
        for row in self.rows("shocks"):
            mine = self.scenario is not None and same(row.text("scenario"), self.scenario)
            first, last = row.optional("first_year"), row.optional("last_year")
            holds = (first is None or first <= year) and (last is None or year <= last)
            if mine and holds and row.text("what") == what:
                change = row.number_of("factor"), row.number_of("shift")
                yield row.text("field"), row.text("value"), *change

    def plant_shock(self, what: str, plant: Row, year: int) -> tuple[float, float]:
        """Factor and shift that all shocks of one kind together put on a plant."""
        factor, shift = 1.0, 0.0
        for where, value, by, plus in self.shocks(what, year):
            if not where or self.plant_matches(plant, where, value):
                factor, shift = factor * by, shift + plus
        return factor, shift

    # Plants

    def makes_clear(self, plant: Row) -> bool:
        """Whether a plant can make clear output at all."""
        covered = self.bloc[plant.text("region")] == "covered"
        return not covered and plant.text("controlled_by") != "covered"

    def load(self, plant: Row, process: str) -> float:
        """Capacity that one unit of activity takes."""
        measure = plant.text("capacity_of")
        return abs(self.recipe[process][measure]) if measure else 1.0

    def ramp(self, plant: Row, age: int) -> float:
        """Share of capacity in a year of operation, counted from 1."""
        curve = self.ramps.get(plant.text("ramp"), {1: 1.0})
        return curve[min(age, max(curve))]

    def reach(self, plant: Row, age: int, year: int) -> float:
        """Share of nameplate capacity that a plant can run at: ramp, availability, shocks."""
        reach = self.ramp(plant, age) * plant.number_of("availability")
        for what in ("ramp", "supply"):
            reach *= self.plant_shock(what, plant, year)[0]
        return reach

    def is_open(self, facility: Row, year: int) -> bool:
        """Whether a facility operates in a year."""
        opens, closes = facility.optional("opens"), facility.optional("closes")
        return (opens is None or opens <= year) and (closes is None or year <= closes)

    def facility_capacity(self, facility: Row, year: int) -> float:
        """Capacity that an existing facility can use in a year."""
        if not self.is_open(facility, year):
            return 0.0
        opens = facility.optional("opens")
        age = 10**6 if opens is None else year - int(opens) + 1
        size = facility.optional("capacity")
        if size is None:
            size = straight_line(facility.years, year)
        return size * self.reach(facility, age, year)

    def lead(self, project: Row, year: int) -> int:
        """Years from a commitment in a year to first operation."""
        factor, shift = self.plant_shock("lead_time", project, year)
        return max(0, round_up(round_up(project.number_of("lead_time")) * factor) + int(shift))

    def offers(self, project: Row) -> list[int]:
        """Years in which a project can be committed."""
        if project.text("decision") == "forbid":
            return []
        earliest = project.optional("earliest") or self.first
        latest = project.optional("latest") or self.last
        return [
            year
            for year in self.years
            if earliest <= year <= latest and year + self.lead(project, year) <= self.last
        ]

    def operation(self, project: Row, commitment: int) -> range:
        """Years within the horizon in which a commitment operates."""
        start = commitment + self.lead(project, commitment)
        life = project.optional("life")
        end = self.last if life is None else min(self.last, start + int(life) - 1)
        return range(start, end + 1)

    def residual(self, project: Row, commitment: int) -> float:
        """Share of capex that is left after the horizon."""
        life = project.optional("life")
        if life is None:
            return 0.0
        start = commitment + self.lead(project, commitment)
        return max(0.0, start + life - 1 - self.last) / life

    def spend(self, project: Row, commitment: int) -> dict[int, float]:
        """Share of capex by calendar year."""
        profile = self.spends.get(project.text("spend"))
        if profile is None:
            length = max(1, self.lead(project, commitment))
            profile = dict.fromkeys(range(1, length + 1), 1 / length)
        return {commitment + n - 1: share for n, share in profile.items()}

    def unit_capex(self, project: Row, commitment: int) -> tuple[float, float]:
        """Capex of a unit, and of a unit of size, that this chain carries."""
        factor, shift = self.plant_shock("capex", project, commitment)
        share = project.number_of("capex_share")
        unit = max(0.0, project.number_of("capex") * factor + shift)
        return unit * share, project.number_of("capex_per_unit") * factor * share

    # Money

    def largest_share(self, programme: Row, project: Row) -> float:
        """The largest share of capex that a programme may pay; 0 where it may not."""
        share = programme.number_of("max_share")
        fields: dict[str, bool] = {}
        for row in self.rows("eligibility"):
            if not same(row.text("programme"), programme.text("programme")):
                continue
            match = self.plant_matches(project, row.text("field"), row.text("value"))
            if row.text("rule") == "never":
                if match:
                    return 0.0
                continue
            fields[row.text("field")] = fields.get(row.text("field"), False) or match
            own = row.optional("max_share")
            if match and own is not None:
                share = min(share, own)
        return share if all(fields.values()) else 0.0

    def comes_back(self, programme: Row, project: Row, commitment: int) -> dict[int, float]:
        """Share of a payment that comes back and can be lent again, by calendar year."""
        years = programme.optional("repay_years")
        if years is None:
            return {}
        start = commitment + self.lead(project, commitment)
        return {start + n: 1 / years for n in range(int(years))}

    def ceilings(self, sheet: str) -> Iterator[tuple[Row, int, float]]:
        """Each row of a sheet of ceilings with each year of the plan that it limits."""
        for row in self.rows(sheet):
            for year in self.years:
                if year in row.years:
                    yield row, year, row.years[year]

    def floor(self, project: Row) -> float:
        """Least share of public money."""
        own = project.optional("public_share")
        if own is not None:
            return own
        return float(self.tables.settings["public_share"] or 0)  # type: ignore[arg-type]

    # Demand and trade

    @cached_property
    def allied_demand(self) -> list[Row]:
        """The demands that count."""
        return [row for row in self.rows("demand") if self.bloc[row.text("region")] == "ally"]

    def demand(self, row: Row, year: int) -> float:
        """Demand in a year."""
        factor, shift = 1.0, 0.0
        region, good = row.text("region"), row.text("commodity")
        own = {"region": region, "bloc": self.bloc[region], "segment": row.text("segment")}
        for what, value, by, plus in self.shocks("demand", year):
            fits = not what or (
                same(own[what], value) if what in own else self.good_matches(good, what, value)
            )
            if fits:
                factor, shift = factor * by, shift + plus
        return max(0.0, straight_line(row.years, year) * factor + shift)

    @cached_property
    def weight(self) -> float:
        """Weighted allied demand of the counted years."""
        return sum(
            row.number_of("weight") * self.demand(row, year)
            for row in self.allied_demand
            for year in self.counted
        )

    def lane(self, origin: str, destination: str, good: str, year: int) -> Lane | None:
        """The terms of a pair in a year; None where it is closed."""
        factor = math.prod(
            by
            for what, value, by, _ in self.shocks("lane", year)
            if not what or self._lane_shocked(origin, destination, good, what, value)
        )
        found = Lane(0.0, math.inf) if not self.rows("lanes") else None
        best = -1
        for row in self.rows("lanes"):
            score = self._lane_score(row, origin, destination, good, year)
            if score > best:
                best = score
                limit = row.optional("limit")
                found = Lane(row.number_of("cost"), math.inf if limit is None else limit)
                if row.text("open") == "no":
                    found = None
        if found is None or factor == 0:
            return None
        return Lane(found.cost, found.limit * factor)

    def _lane_shocked(
        self, origin: str, destination: str, good: str, what: str, value: str
    ) -> bool:
        ends = {"region": origin, "origin": origin, "destination": destination}
        ends["bloc"] = self.bloc[origin]
        return same(ends[what], value) if what in ends else self.good_matches(good, what, value)

    def _lane_score(self, row: Row, origin: str, destination: str, good: str, year: int) -> int:
        """How well a row fits; -1 where it does not."""
        first, last = row.optional("first_year"), row.optional("last_year")
        if (first is not None and year < first) or (last is not None and year > last):
            return -1
        score = 0
        ends = (("origin", origin), ("destination", destination), ("commodity", good))
        for column, item in ends:
            pattern = row.text(column)
            if same(pattern, item):
                score += 2
            elif column != "commodity" and same(pattern, f"bloc:{self.bloc[item]}"):
                score += 1
            elif pattern != "*":
                return -1
        return score


@dataclass
class Programme:
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
        if not any(self.whole):
            return min(self._values(cost, self._points(cost)), default=None)
        plans = self._points(cost, np.array(self.whole))
        values = [v for plan in plans for v in self._values(cost, self._points(cost, plan=plan))]
        assert values or not plans, "rounded whole numbers are not feasible"
        return min(values, default=None)

    def _values(self, cost: Vector, points: Iterable[Vector]) -> list[float]:
        return [float(cost @ point) for point in points]

    def _points(
        self, cost: Vector, whole: Vector | None = None, plan: Vector | None = None
    ) -> list[Vector]:
        """The points found with and without presolve; with a plan, for its whole numbers."""
        lower, upper = np.array(self.lower), np.array(self.upper)
        if plan is not None:
            fixed = np.flatnonzero(self.whole)
            lower[fixed] = upper[fixed] = np.round(plan[fixed])
        low = np.array([row[1] for row in self.rows])
        high = np.array([row[2] for row in self.rows])
        found = []
        for presolve in (True, False):
            result = milp(
                cost,
                integrality=whole,
                bounds=Bounds(lower, upper),
                constraints=LinearConstraint(self._matrix(), low, high),
                options={"mip_rel_gap": 0.0, "presolve": presolve},
            )
            if result.status == 0:
                found.append(np.asarray(result.x))
        return found


class Sketch:
    """A programme with what its parts share; masses and money in units of the largest."""

    def __init__(self, world: World) -> None:
        """An empty programme."""
        self.world = world
        self.lp = Programme()
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


class Investment(Sketch):
    """Commitments and who pays for them."""

    def __init__(self, world: World) -> None:
        """Builds every variable and constraint."""
        super().__init__(world)
        self.capex: dict[tuple[str, int], Terms] = {}
        self.projects = {row.text("project"): row for row in world.rows("projects")}
        for project in self.projects.values():
            self._commit(project)
        self._relations()
        self.paid: dict[tuple[str, int], Terms] = {key: {} for key in self.capex}
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
            fixed = project.number_of("fixed_opex") * world.discount(open_year)
            self.cost[self.units[name, year]] += fixed / self.money

    def _relations(self) -> None:
        world, members = self.world, defaultdict(list)
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

    def _pay(self) -> None:
        world = self.world
        for programme in world.rows("programmes"):
            first = programme.optional("commit_from") or world.first
            last = programme.optional("commit_to") or world.last
            pays: dict[int, tuple[str, int]] = {}
            for (name, year), capex in self.capex.items():
                share = world.largest_share(programme, self.projects[name])
                if share == 0 or not first <= year <= last:
                    continue
                pay = self._payment(programme, capex, share)
                self.paid[name, year][pay] = 1.0
                pays[pay] = name, year
            self._amount(programme, pays)
            self._yearly(programme, pays)
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
                bound = programme.number_of("amount") / self.money / programme.number_of("charge")
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

    def _amount(self, programme: Row, pays: Mapping[int, tuple[str, int]]) -> None:
        """The whole amount; in every year, of what is lent and not back, where it comes back."""
        charge, most = programme.number_of("charge"), programme.number_of("amount") / self.money
        if programme["repay_years"] is None:
            self.lp.keep(dict.fromkeys(pays, charge), 0, most)
            return
        for year in self.world.years:
            lent = {}
            for pay, (name, start) in pays.items():
                back = self.world.comes_back(programme, self.projects[name], start)
                if start <= year:
                    lent[pay] = charge * (1 - sum(s for t, s in back.items() if t <= year))
            self.lp.keep(lent, 0, most)

    def _yearly(self, programme: Row, pays: Mapping[int, tuple[str, int]]) -> None:
        """Annual limits on what is due less what comes back; with carry_over what was due so far
        against what was allowed so far.

        A blank year has no limit, so with carry_over nothing that is allowed so far has one after.
        """
        so_far: Terms = defaultdict(float)
        allowed = 0.0
        for year in self.world.years:
            if programme.text("carry_over") != "yes":
                so_far, allowed = defaultdict(float), 0.0
            for pay, (name, start) in pays.items():
                project = self.projects[name]
                due = self.world.spend(project, start).get(year, 0.0)
                back = self.world.comes_back(programme, project, start).get(year, 0.0)
                so_far[pay] += (due - back) * programme.number_of("charge")
            allowed += programme.years.get(year, math.inf)
            if math.isfinite(allowed):
                self.lp.keep(dict(so_far), -math.inf, allowed / self.money)

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
        """Units, or capex, that can be committed in a year in the projects that a row takes."""
        for row, year, limit in self.world.ceilings("build_limits"):
            keys = [key for key in self._taken(row) if key[1] == year]
            if row.text("what") == "starts":
                self.lp.keep({self.units[key]: 1.0 for key in keys}, 0, limit)
            else:
                whole = {c: a for key in keys for c, a in self.capex[key].items()}
                self.lp.keep(whole, 0, limit / self.money)

    def _taken(self, row: Row) -> list[tuple[str, int]]:
        """The commitments of the projects that a row takes."""
        where, value = row.text("field"), row.text("value")
        return [
            key
            for key in self.capex
            if where == "all" or self.world.plant_matches(self.projects[key[0]], where, value)
        ]


class Extensive(Investment):
    """The whole model as it is described, without any reduction."""

    def __init__(self, world: World) -> None:
        """Builds every variable and constraint."""
        super().__init__(world)
        for year in world.years:
            Flows(self, year).build()

    def solve(self) -> Answer | None:
        """The three passes, each kept to 1e-6 in the next; None where no plan exists."""
        kept = []
        for terms in (self.exposed, self.short):
            best = self.lp.minimise(terms)
            if best is None:
                return None
            self.lp.keep(terms, -math.inf, best + KEPT)
            kept.append(best)
        cost = self.lp.minimise(self.cost)
        assert cost is not None
        return Answer(kept[0], kept[1], cost * self.money + self.fixed_cost)


class Flows:
    """The material of one year: what plants run, what is shipped, served and left over.

    What a region makes is split into what leaves and what stays, so that nothing passes through a
    region unprocessed.
    """

    def __init__(self, owner: Sketch, year: int) -> None:
        """Prepares the sums by region, commodity and class."""
        self.owner, self.world, self.lp, self.year = owner, owner.world, owner.lp, year
        self.made: dict[tuple[str, str, str], Terms] = defaultdict(lambda: defaultdict(float))
        self.used: dict[tuple[str, str, str], Terms] = defaultdict(lambda: defaultdict(float))
        self.sent: dict[tuple[str, str, str], Terms] = defaultdict(dict)
        self.got: dict[tuple[str, str, str], Terms] = defaultdict(lambda: defaultdict(float))
        self.price = self.world.discount(year) * owner.mass / MILLION / owner.money

    def build(self) -> None:
        """All variables and constraints of the year."""
        for facility in self.world.rows("facilities"):
            size = self.world.facility_capacity(facility, self.year)
            self._run(facility, {}, size / self.owner.mass)
            if self.world.is_open(facility, self.year):
                fixed = facility.number_of("fixed_opex")
                self.owner.fixed_cost += fixed * self.world.discount(self.year)
        for project in self.world.rows("projects"):
            self._run(project, self._built(project), 0.0)
        self._ship()
        self._serve()
        self._balance()

    def _built(self, project: Row) -> Terms:
        """Capacity that commitments give this year."""
        terms: Terms = {}
        name = project.text("project")
        for (other, commitment), units in self.owner.units.items():
            operation = self.world.operation(project, commitment) if other == name else range(0)
            if self.year not in operation:
                continue
            reach = self.world.reach(project, self.year - operation.start + 1, self.year)
            size = self.owner.size.get((name, commitment))
            if size is None:
                terms[units] = reach * project.number_of("capacity") / self.owner.mass
            else:
                terms[size] = reach
        return terms

    def _run(self, plant: Row, built: Terms, existing: float) -> None:
        load: Terms = {column: -amount for column, amount in built.items()}
        for process in plant.items("processes"):
            for origin in CLASSES:
                if origin == CLEAR and not self.world.makes_clear(plant):
                    continue
                run = self.lp.column()
                load[run] = self.world.load(plant, process)
                self.owner.cost[run] += plant.number_of("opex") * self.price
                for good, amount in self.world.recipe[process].items():
                    side = self.made if amount > 0 else self.used
                    side[plant.text("region"), good, origin][run] += abs(amount)
        self.lp.keep(load, -math.inf, existing)

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
                    self.sent[origin, good, kind][ship] = 1.0
                    covered = self.world.bloc[destination] == "covered"
                    self.got[destination, good, EXPOSED if covered else kind][ship] += 1.0
                if math.isfinite(lane.limit):
                    self.lp.keep(both, 0, lane.limit / self.owner.mass)

    def _serve(self) -> None:
        for row in self.world.allied_demand:
            amount = self.world.demand(row, self.year)
            share = self.owner.mass * row.number_of("weight") / (self.world.weight or 1.0)
            clear, exposed, short = (self.lp.column() for _ in range(3))
            needed = amount / self.owner.mass
            self.lp.keep({clear: 1.0, exposed: 1.0, short: 1.0}, needed, needed)
            start = row.optional("clear_from")
            if start is not None and self.year >= start:
                self.lp.keep({exposed: 1.0}, 0, 0)
            region, good = row.text("region"), row.text("commodity")
            self.used[region, good, CLEAR][clear] += 1.0
            self.used[region, good, EXPOSED][exposed] += 1.0
            if self.world.weight:
                self.owner.short[short] = share
                if self.year in self.world.counted:
                    self.owner.exposed |= {exposed: share, short: share}

    def _balance(self) -> None:
        for region, good in itertools.product(self.world.bloc, self.world.commodity):
            leave_as_exposed, use_as_exposed = self.lp.column(), self.lp.column()
            for kind, sign in ((CLEAR, -1.0), (EXPOSED, 1.0)):
                key = region, good, kind
                stay, left = self.lp.column(), self.lp.column(self._most_left(good))
                terms = self.made[key] | {stay: -1.0, leave_as_exposed: sign}
                self.lp.keep(terms | {c: -a for c, a in self.sent[key].items()}, 0, 0)
                home = self.got[key] | {stay: 1.0, left: -1.0, use_as_exposed: sign}
                for column, amount in self.used[key].items():
                    home[column] = home.get(column, 0.0) - amount
                self.lp.keep(home, 0, 0)
                self.owner.cost[left] += self._surplus_price(good) * self.price

    def _most_left(self, good: str) -> float:
        return 0.0 if self.world.commodity[good]["surplus"] == "none" else math.inf

    def _surplus_price(self, good: str) -> float:
        surplus = self.world.commodity[good]["surplus"]
        return float(surplus) if isinstance(surplus, int | float) else 0.0


class Search:
    """The least dependence of a few fixed-size projects, by trying every plan.

    For each plan the money is one linear programme and the flows are one a year, so that neither
    branching nor the years together are needed. It knows neither tickets nor scalable projects.
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
        Flows(sketch, year).build()
        best = sketch.lp.minimise(sketch.exposed)
        assert best is not None
        return best

    def _is_paid(self, plan: Mapping[str, int]) -> bool:
        """Whether programmes can pay for a plan within all their rules."""
        sketch = Investment(self.world)
        for key, column in sketch.units.items():
            built = float(plan.get(key[0]) == key[1])
            sketch.lp.lower[column] = sketch.lp.upper[column] = built
        return not sketch.units or sketch.lp.minimise({}) is not None


def second_opinion(folder: Path, scenario: str | None = None) -> Answer | None:
    """Dependence, shortfall and cost of a workbook; None where no plan obeys every rule."""
    return Extensive(World(read(folder), scenario)).solve()
