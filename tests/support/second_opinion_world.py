"""What a workbook says in one scenario, in plain look-ups, for the second program.

It is written from the description of the workbook alone and shares nothing with the package but
the reader.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from opt.data.tables import Row, Tables

CLEAR, EXPOSED = "clear", "exposed"
CLASSES = (CLEAR, EXPOSED)
TINY = 1e-9
Matches = Callable[[str, str], bool]  # whether something has a value in a field of a filter


@dataclass(frozen=True, slots=True)
class LaneTerms:
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


def plant_key(row: Row) -> tuple[str, str]:
    """A plant, named by its own row or by a row that speaks of it."""
    facility = row.sheet != "projects" and row.text("facility")
    column, sheet = ("facility", "facilities") if facility else ("project", "projects")
    return sheet, row.text(column).casefold()


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
            "stage": [
                *(self.stage[process] for process in plant.items("processes")),
                *([plant.text("stage")] if plant.sheet == "projects" else []),
            ],
            "mineral": self.minerals_of(plant),
            "commodity": outputs,
            "process": plant.items("processes"),
            "facility": [plant.text("facility")] if plant.sheet == "facilities" else [],
            "project": [plant.text("project")] if plant.sheet == "projects" else [],
        }
        return any(same(value, item) for item in found[what])

    def minerals_of(self, plant: Row) -> set[str]:
        """The minerals of what a plant makes; of what it lifts where it makes nothing."""
        goods = {
            good
            for process in plant.items("processes")
            for good, amount in self.recipe[process].items()
            if amount > 0
        }
        if not goods and plant.sheet == "projects":
            name = plant.text("project")
            lifts = [r.text("limit") for r in self.rows("lifts") if r.text("project") == name]
            goods = {
                row.text("commodity")
                for row in self.rows("build_limits")
                if row.text("commodity") and any(same(row.text("limit"), lift) for lift in lifts)
            }
        return {self.commodity[good].text("mineral") for good in goods}

    def good_matches(self, good: str, what: str, value: str) -> bool:
        """Whether a commodity has a value in a field of a filter."""
        row = self.commodity[good]
        return same(good if what == "commodity" else row.text(what), value)

    def shocks(
        self, what: str, year: int, minerals: Iterable[str] = ()
    ) -> Iterator[tuple[str, str, float, float]]:
        """Field, value, factor and shift of the shocks of one kind that hold in a year, for what is
        of some minerals."""
        of = [mineral for mineral in minerals if mineral]
        for row in self.rows("shocks"):
            mine = self.scenario is not None and same(row.text("scenario"), self.scenario)
            own = row.text("mineral")
            mine &= not own or any(same(own, mineral) for mineral in of)
            if mine and self.holds(row, year) and row.text("what") == what:
                change = row.number_of("factor"), row.number_of("shift")
                yield row.text("field"), row.text("value"), *change

    def plant_shock(self, what: str, plant: Row, year: int) -> tuple[float, float]:
        """Factor and shift that all shocks of one kind together put on a plant."""
        factor, shift = 1.0, 0.0
        for where, value, by, plus in self.shocks(what, year, self.minerals_of(plant)):
            if not where or self.plant_matches(plant, where, value):
                factor, shift = factor * by, shift + plus
        return factor, shift

    # Plants

    @property
    def plants(self) -> tuple[Row, ...]:
        """Facilities and projects."""
        return *self.rows("facilities"), *self.rows("projects")

    @cached_property
    def home(self) -> dict[tuple[str, str], str]:
        """The region of each plant."""
        return {plant_key(row): row.text("region") for row in self.plants}

    def makes_clear(self, plant: Row, year: int) -> bool:
        """Whether a plant can make clear output in a year."""
        for field, value, _, _ in self.shocks("control", year, self.minerals_of(plant)):
            if not field or self.plant_matches(plant, field, value):
                return False
        covered = self.bloc[plant.text("region")] == "covered"
        return not covered and plant.text("controlled_by") != "covered"

    def load(self, plant: Row, process: str) -> float:
        """Capacity that one unit of activity takes."""
        measure = plant.text("capacity_of")
        return abs(self.recipe[process][measure]) if measure else 1.0

    def carried(self, plant: Row, column: str) -> float:
        """What the chain carries of the operating cost of a plant."""
        return plant.number_of(column) * plant.number_of("opex_share")

    @staticmethod
    def nameplate(project: Row) -> float:
        """Capacity of a unit of a project that is not scalable; without processes none."""
        return project.number_of("capacity") if project.items("processes") else 0.0

    def output(self, plant: Row, good: str) -> float:
        """The most of a commodity that a unit of capacity makes."""
        whole = 0.0
        for process in plant.items("processes"):
            whole = max(whole, self.recipe[process].get(good, 0.0) / self.load(plant, process))
        return whole

    def ramp(self, plant: Row, age: int) -> float:
        """Share of capacity in a year of operation, counted from 1."""
        curve = self.ramps.get(plant.text("ramp"), {1: 1.0})
        return curve[min(age, max(curve))]

    def reach(self, plant: Row, age: int, year: int) -> float:
        """Share of nameplate capacity that a plant can run at: ramp, availability, shocks."""
        if self.tables.settings["survival"] == "expected":
            return self.sure_reach(plant, age, year) * plant.number_of("chance")
        return self.sure_reach(plant, age, year)

    def sure_reach(self, plant: Row, age: int, year: int) -> float:
        """The same of a plant that is sure to reach operation."""
        reach = self.ramp(plant, age) * plant.number_of("availability")
        for what in ("ramp", "supply"):
            reach *= self.plant_shock(what, plant, year)[0]
        return reach

    def comes(self, project: Row, year: int) -> float:
        """Share of a project's capacity that runs in a year although nobody commits it."""
        planned, begins = round_up(project.number_of("lead_time")), project.optional("merchant")
        if begins is None:
            return 0.0
        started = int(begins) - planned
        # Shocks are of the plan's years: what began before them is not delayed.
        lead = planned if started < self.first else self.lead(project, started)
        age = year - (started + lead) + 1
        if age < 1 or age > (project.optional("life") or math.inf):
            return 0.0
        return self.sure_reach(project, age, year) * project.number_of("merchant_chance")

    def taken(self, project: Row, year: int) -> float:
        """Share of a project's capacity that runs for the covered bloc in a year if nobody has
        committed it before it was lost."""
        if project.optional("lost_after") is None:
            return 0.0
        begun = int(project.number_of("lost_after")) + 1
        age = year - begun - self.lead(project, begun) + 1
        if age < 1 or age > (project.optional("life") or math.inf):
            return 0.0
        return self.reach(project, age, year)

    def group_of(self, project: Row) -> list[Row]:
        """The other projects of a project's group."""
        group, own = project.text("group").casefold(), project.text("project")
        return [
            row
            for row in self.rows("projects")
            if group and row.text("group").casefold() == group and row.text("project") != own
        ]

    def in_place(self, project: Row, commitment: int, year: int) -> bool:
        """Whether a commitment has once been as large, this year or before, as what comes of its
        group although nobody commits it."""
        rivals = [row for row in self.group_of(project) if row.optional("merchant") is not None]
        years = [t for t in self.operation(project, commitment) if t <= year]
        if not rivals:
            return bool(years)
        start = commitment + self.lead(project, commitment)
        return any(
            self.nameplate(project) * self.reach(project, t - start + 1, t)
            >= row.number_of("capacity") * self.comes(row, t) - TINY
            for row in rivals
            for t in years
        )

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

    def least_use(self, facility: Row, year: int) -> float:
        """Share of what a facility could make in a year that it runs at least."""
        share = facility.optional("least_use")
        for row in self.rows("least_use"):
            if same(row.text("facility"), facility.text("facility")):
                share = straight_line(row.years, year) if year <= max(row.years) else 0.0
        return share or 0.0

    def lead(self, project: Row, year: int) -> int:
        """Years from a commitment in a year to first operation."""
        factor, shift = self.plant_shock("lead_time", project, year)
        return max(0, round_up(round_up(project.number_of("lead_time")) * factor) + int(shift))

    def offers(self, project: Row) -> list[int]:
        """Years in which a project can be committed."""
        if project.text("decision") == "forbid":
            return []
        earliest = project.optional("earliest") or self.first
        latest = min(project.optional(c) or self.last for c in ("latest", "lost_after"))
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
            length = max(1, round_up(project.number_of("lead_time")))
            profile = dict.fromkeys(range(1, length + 1), 1 / length)
        return {commitment + n - 1: share for n, share in profile.items()}

    def unit_capex(self, project: Row, commitment: int) -> tuple[float, float]:
        """Capex of a unit, and of a unit of size, that this chain carries."""
        factor, shift = self.plant_shock("capex", project, commitment)
        share = project.number_of("capex_share")
        unit = max(0.0, project.number_of("capex") * factor + shift)
        return unit * share, project.number_of("capex_per_unit") * factor * share

    # Money

    def pays_for(self, programme: Row, item: str) -> bool:
        """Whether a programme's money can be used for something."""
        return any(same(item, paid) for paid in programme.text("pays_for").split(";"))

    def may_pay(self, programme: Row, matches: Matches) -> bool:
        """Whether the eligibility rows of a programme let it pay for what has the given traits."""
        fields: dict[str, bool] = {}
        for row in self.eligibility_of(programme):
            match = matches(row.text("field"), row.text("value"))
            if row.text("rule") == "never":
                if match:
                    return False
                continue
            fields[row.text("field")] = fields.get(row.text("field"), False) or match
        return all(fields.values())

    def eligibility_of(self, programme: Row) -> list[Row]:
        """The rows of eligibility of a programme."""
        name = programme.text("programme")
        return [row for row in self.rows("eligibility") if same(row.text("programme"), name)]

    def largest_share(self, programme: Row, project: Row) -> float:
        """The largest share of capex that a programme may pay; 0 where it may not."""
        matches = partial(self.plant_matches, project)
        if not self.pays_for(programme, "capex") or not self.may_pay(programme, matches):
            return 0.0
        shares = [programme.number_of("max_share")]
        for row in self.eligibility_of(programme):
            own = row.optional("max_share")
            if own is not None and matches(row.text("field"), row.text("value")):
                shares.append(own)
        return min(shares)

    def thing_matches(self, thing: Row, what: str, value: str) -> bool:
        """Whether a plant or a stockpile has a value in a field of a filter."""
        if thing.sheet != "stockpiles":
            return self.plant_matches(thing, what, value)
        region = thing.text("region")
        own = {"region": region, "bloc": self.bloc[region]}
        if what in ("process", "project"):
            return False
        if what in own:
            return same(own[what], value)
        return self.good_matches(thing.text("commodity"), what, value)

    def stock_payers(self, stockpile: Row, year: int) -> dict[str, bool]:
        """The programmes that can pay for a stockpile in a year, and whether they can buy for it.

        What was bought earlier is carried when a programme cannot commit as well.
        """

        matches = partial(self.thing_matches, stockpile)
        return {
            row.text("programme"): self.can_commit(row, year)
            for row in self.rows("programmes")
            if self.pays_for(row, "stock")
            and self.may_pay(row, matches)
            and self.commit_from(row) <= year
        }

    def money_left(self, programme: Row, year: int) -> float:
        """What shocks leave of a programme's limit of a year, as a factor."""
        left = 1.0
        for field, value, by, _ in self.shocks("money", year):
            if not field or same(value, programme.text("programme")):
                left *= by
        return left

    def can_commit(self, programme: Row, year: int) -> bool:
        """Whether a programme can commit in a year: it is open, and not shut where no limit is."""
        end = programme.optional("commit_to") or self.last
        shut = self.money_left(programme, year) == 0 and programme.years.get(year) is None
        return self.commit_from(programme) <= year <= end and not shut

    def commit_from(self, programme: Row) -> float:
        """First year in which a programme can commit."""
        return programme.optional("commit_from") or self.first

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
        factor, shift = self._demand_shock("demand", row, year)
        return max(0.0, straight_line(row.years, year) * factor + shift)

    def _demand_shock(self, kind: str, row: Row, year: int) -> tuple[float, float]:
        factor, shift = 1.0, 0.0
        region, good = row.text("region"), row.text("commodity")
        own = {"region": region, "bloc": self.bloc[region], "segment": row.text("segment")}
        for what, value, by, plus in self.shocks(
            kind, year, [self.commodity[good].text("mineral")]
        ):
            fits = not what or (
                same(own[what], value) if what in own else self.good_matches(good, what, value)
            )
            if fits:
                factor, shift = factor * by, shift + plus
        return factor, shift

    def uptake(self, row: Row, year: int) -> float:
        """The largest share of a demand that takes clear material in a year."""
        good = self.commodity[row.text("commodity")]
        names = {
            "region": row.text("region"),
            "commodity": row.text("commodity"),
            "segment": row.text("segment"),
            "mineral": good.text("mineral"),
        }
        shares = []
        for limit in self.rows("uptake"):
            wanted = {column: limit.text(column) for column in names if limit.text(column)}
            if all(same(names[c], value) for c, value in wanted.items()) and year in limit.years:
                shares.append(limit.years[year])
        if not shares:
            return 1.0
        factor, shift = self._demand_shock("uptake", row, year)
        return min(1.0, max(0.0, min(shares) * factor + shift))

    @cached_property
    def weight(self) -> float:
        """Weighted allied demand of the counted years."""
        return sum(self._of_pot.values())

    @cached_property
    def _of_pot(self) -> dict[str, float]:
        """Weighted allied demand of the counted years, by the pot that it falls into."""
        found: dict[str, float] = defaultdict(float)
        for row in self.allied_demand:
            for year in self.counted:
                found[self.pot(row)] += row.number_of("weight") * self.demand(row, year)
        return found

    @cached_property
    def pots(self) -> dict[str, float]:
        """What each mineral counts for; one pot of all demand where minerals have no weights."""
        asked, rows = self.tables.settings["weights"], self.rows("minerals")
        if asked == "equal":
            return {row.text("mineral"): 1.0 for row in self.commodity.values()}
        if asked == "tonnes" or not rows:
            return {"": 1.0}
        return {row.text("mineral"): row.number_of("weight") for row in rows}

    def pot(self, demand: Row) -> str:
        """The pot of a demand: its mineral, or the one of all."""
        own = self.commodity[demand.text("commodity")].text("mineral")
        return next((pot for pot in self.pots if pot and same(pot, own)), "")

    def counts(self, demand: Row, asked: Mapping[str, float]) -> float:
        """What a weighted unit of a demand is of a share, where so much is asked for by pot: the
        mean of the shares of all pots that are asked for, by what they count for."""
        pot = self.pot(demand)
        heavy = sum(self.pots[p] for p, amount in asked.items() if amount > 0)
        if not heavy or not asked.get(pot):
            return 0.0
        return self.pots[pot] / heavy / asked[pot]

    def share_of_unit(self, demand: Row) -> float:
        """What a unit of a demand is of dependence."""
        return demand.number_of("weight") * self.counts(demand, self._of_pot)

    def lane(self, origin: str, destination: str, good: str, year: int) -> LaneTerms | None:
        """The terms of a pair in a year; None where it is closed."""
        factor = math.prod(
            by
            for what, value, by, _ in self.shocks(
                "lane", year, [self.commodity[good].text("mineral")]
            )
            if not what or self._lane_shocked(origin, destination, good, what, value)
        )
        found = LaneTerms(0.0, math.inf) if not self.rows("lanes") else None
        best = -1
        for row in self.rows("lanes"):
            score = self._lane_score(row, origin, destination, good, year)
            if score > best:
                best = score
                limit = row.optional("limit")
                found = LaneTerms(row.number_of("cost"), math.inf if limit is None else limit)
                if row.text("open") == "no":
                    found = None
        if found is None or factor == 0:
            return None
        return LaneTerms(found.cost, found.limit * factor)

    def _lane_shocked(
        self, origin: str, destination: str, good: str, what: str, value: str
    ) -> bool:
        ends = {"region": origin, "origin": origin, "destination": destination}
        ends["bloc"] = self.bloc[origin]
        return same(ends[what], value) if what in ends else self.good_matches(good, what, value)

    def _lane_score(self, row: Row, origin: str, destination: str, good: str, year: int) -> int:
        """How well a row fits; -1 where it does not."""
        if not self.holds(row, year):
            return -1
        score = 0
        ends = (("origin", origin), ("destination", destination), ("commodity", good))
        for column, item in ends:
            pattern = row.text(column)
            kind = f"bloc:{self.bloc[item]}" if column != "commodity" else self._mineral(item)
            if same(pattern, item):
                score += 2
            elif same(pattern, kind):
                score += 1
            elif pattern != "*":
                return -1
        return score

    def _mineral(self, good: str) -> str:
        return f"mineral:{self.commodity[good].text('mineral')}"

    # Prices and what they call for

    def price(self, good: str, region: str, year: int) -> float | None:
        """Market price at a place in USD per unit; None where the workbook has none."""
        own = [row for row in self.rows("prices") if same(row.text("commodity"), good)]
        for market in (region, f"bloc:{self.bloc[region]}", "*"):
            for row in own:
                if same(row.text("market"), market):
                    return self._shocked_price(row, region, year)
        return None

    def _good_of(self, row: Row) -> Row:
        return self.commodity[row.text("commodity")]

    def _shocked_price(self, row: Row, region: str, year: int) -> float:
        factor, shift = 1.0, 0.0
        own = {"region": region, "bloc": self.bloc[region]}
        for what, value, by, plus in self.shocks(
            "price", year, [self._good_of(row).text("mineral")]
        ):
            fits = not what or (
                same(own[what], value)
                if what in own
                else self.good_matches(row.text("commodity"), what, value)
            )
            if fits:
                factor, shift = factor * by, shift + plus
        return max(0.0, straight_line(row.years, year) * factor + shift)

    def disrupted(self, year: int, good: str) -> bool:
        """Whether supply or a lane of a commodity's mineral is cut in a year of the scenario."""
        own = [self.commodity[good].text("mineral")]
        kinds = ("lane", "supply")
        return any(by < 1 for what in kinds for _, _, by, _ in self.shocks(what, year, own))

    @cached_property
    def support_programmes(self) -> list[Row]:
        """The programmes that can pay for running at a loss."""
        kinds = ("price_support", "output_support")
        return [
            row
            for row in self.rows("programmes")
            if any(self.pays_for(row, kind) for kind in kinds)
        ]

    def gap(self, plant: Row, process: str, year: int) -> float:
        """What a unit of activity costs beyond what it earns, USD; 0 where it is not judged."""
        judged = same(self.tables.settings["losing_plants"], "need_support")
        if not judged or not self.rows("prices") or not self.makes_clear(plant, year):
            return 0.0
        amounts = self.recipe[process].items()
        prices = {good: self.price(good, plant.text("region"), year) for good, _ in amounts}
        if any(amount < 0 and prices[good] is None for good, amount in amounts):
            return 0.0
        if not any(amount > 0 and prices[good] is not None for good, amount in amounts):
            return 0.0
        return max(
            0.0, self.carried(plant, "opex") - sum(a * (prices[g] or 0.0) for g, a in amounts)
        )

    def rate(self, programme: Row, plant: Row, process: str, year: int) -> float:
        """What a programme pays on a unit of activity that it supports, USD."""
        matches = partial(self.plant_matches, plant)
        if year < self.commit_from(programme) or not self.may_pay(programme, matches):
            return 0.0
        own = [
            r for r in self.rows("supports") if same(r.text("programme"), programme["programme"])
        ]
        rate = 0.0
        if self.pays_for(programme, "price_support"):
            if all(row.text("basis") != "floor" for row in own):
                return self.gap(plant, process, year)
            rate += sum(self._topped_up(row, plant, process, year) for row in own)
        if self.pays_for(programme, "output_support"):
            rate += sum(
                row.number_of("amount") * self._supported(row, process, year)
                for row in own
                if row.text("basis") == "per_unit"
            )
        return rate

    def _topped_up(self, row: Row, plant: Row, process: str, year: int) -> float:
        """What a floor adds to the market price of what a unit of activity makes."""
        if row.text("basis") != "floor":
            return 0.0
        price = self.price(row.text("commodity"), plant.text("region"), year) or 0.0
        above = max(0.0, row.number_of("amount") - price)
        return above * self._supported(row, process, year)

    def _supported(self, row: Row, process: str, year: int) -> float:
        """What a unit of activity makes of the commodity of a support, in its years."""
        if not self.holds(row, year):
            return 0.0
        return max(0.0, self.recipe[process].get(row.text("commodity"), 0.0))

    def holds(self, row: Row, year: int) -> bool:
        """Whether a year lies within first_year and last_year of a row, blank being the plan's."""
        first, last = row.optional("first_year"), row.optional("last_year")
        first, last = (
            (self.first if first is None else first),
            (self.last if last is None else last),
        )
        return first <= year <= last

    # Contracts and elements

    def places(self, name: str) -> frozenset[str]:
        """The regions that a region, bloc:NAME or the bare name of a bloc means."""
        alone = frozenset(region for region in self.bloc if same(region, name))
        bloc = name.rpartition(":")[2]
        return alone or frozenset(region for region, own in self.bloc.items() if same(own, bloc))

    def offtakes(self, region: str, good: str, year: int) -> list[Row]:
        """The contracts on output of a commodity in a region that are alive in a year."""
        return [
            row
            for row in self.rows("offtakes")
            if self.home[plant_key(row)] == region
            and same(row.text("commodity"), good)
            and year <= (row.optional("last_year") or self.last)
        ]

    @cached_property
    def content(self) -> dict[str, dict[str, float]]:
        """Elements by commodity, share by mass."""
        content: dict[str, dict[str, float]] = defaultdict(dict)
        for row in self.rows("contents"):
            content[row.text("commodity")][row.text("element")] = row.number_of("share")
        return content
