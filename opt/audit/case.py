"""The case as the audit sees it: plants, demand, names and shocks of a scenario, of typed rows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from opt.audit.check import MASS_FLOOR, MONEY_FLOOR
from opt.data.tables import Row, Tables

COVERED = "covered"
PLANT_SHEETS = {"facilities": "facility", "projects": "project"}  # with the column of ids
ALLY = "ally"
USD_PER_MUSD = 1e6
DemandKey = tuple[str, str, str]
NO_GRADE = "none"
GRADES = ("A", "B", "C", "D", NO_GRADE)
EXACT_FIELDS = frozenset({"stage", "mineral", "segment"})
Traits = Mapping[str, frozenset[str]]
ALLIED = "allied"
WORLD = "world"
BASELINE = "baseline"
BASELINE_WORLD = "baseline_world"
FLOW_SETS = (ALLIED, WORLD, BASELINE)


@dataclass(frozen=True, slots=True)
class AuditPlant:
    """A facility or a project: its row, where it stands, and in which years of the plan it can make
    clear output."""

    name: str
    row: Row
    region: str
    processes: tuple[str, ...]
    clear_years: frozenset[int]
    traits: Traits

    def carried(self, column: str) -> float:
        """opex or fixed_opex x opex_share: what this chain must carry of it."""
        return self.row.number_of(column) * self.row.number_of("opex_share")


@dataclass(frozen=True, slots=True)
class AuditCase:
    """Everything the rules look up. Amounts in the workbook's units, money in USD million.

    `mass_floor` and `money_floor` are the least scale of a row (see check.py): MASS_FLOOR times the
    largest demand of a year that counts (of allies and with a weight; where there is none any
    demand, then capacity), and that of floors.py, which knows the answer.
    """

    tables: Tables
    shocks: tuple[AuditShock, ...]
    blocs: Mapping[str, str]
    commodities: Mapping[str, Row]
    processes: Mapping[str, Row]
    recipes: Mapping[str, Mapping[str, float]]
    contents: Mapping[str, Mapping[str, float]]
    facilities: Mapping[str, AuditPlant]
    projects: Mapping[str, AuditPlant]
    programmes: Mapping[str, Row]
    stockpiles: Mapping[str, Row]
    demands: Mapping[DemandKey, Row]
    demand: Mapping[tuple[DemandKey, int], float]
    uptake: Mapping[tuple[DemandKey, int], float]
    ramps: Mapping[str, Mapping[int, float]]
    spends: Mapping[str, Mapping[int, float]]
    mass_floor: float
    money_floor: float

    @property
    def years(self) -> range:
        """All years of the plan."""
        return self.tables.years

    @property
    def plants(self) -> Mapping[str, AuditPlant]:
        """Facilities and projects by id."""
        return {**self.facilities, **self.projects}

    def plant(self, name: str) -> AuditPlant:
        """A facility or project by its id."""
        return self.facilities.get(name) or self.projects[name]

    def is_allied(self, region: str) -> bool:
        """Whether a region's demand counts."""
        return self.blocs[region] == ALLY

    def regions_of(self, words: str) -> frozenset[str]:
        """The regions that a region, `bloc:NAME`, a bloc's bare name or `*` means; else none."""
        name = words.strip().casefold()
        for region in self.blocs:
            if region.casefold() == name:
                return frozenset({region})
        bloc = name.removeprefix("bloc:").strip()
        return frozenset(r for r, own in self.blocs.items() if name == "*" or own == bloc)

    def goods_traits(self, commodity: str, region: str) -> Traits:
        """What a filter finds of a commodity at a place: its own mineral and stage, the place's
        region and bloc."""
        row = self.commodities[commodity]
        return make_traits(
            region=[region],
            bloc=[self.blocs[region]],
            stage=[row.text("stage")],
            mineral=[row.text("mineral")],
            commodity=[commodity],
        )

    def is_covered(self, region: str) -> bool:
        """Whether material in the region is exposed."""
        return self.blocs[region] == COVERED

    def setting_year(self, key: str, otherwise: int) -> int:
        """A setting that is a year, or what its blank means."""
        value = self.tables.settings.get(key)
        return otherwise if value is None else int(value)  # type: ignore[arg-type]

    def setting(self, key: str, otherwise: float) -> float:
        """A setting that is a number, or what its blank means."""
        value = self.tables.settings.get(key)
        return otherwise if value is None else float(value)  # type: ignore[arg-type]

    def setting_text(self, key: str) -> str:
        """A setting that is words; blank where it has none."""
        return str(self.tables.settings.get(key) or "")

    def is_counted(self, year: int) -> bool:
        """Whether dependence_from <= year <= dependence_to."""
        first = self.setting_year("dependence_from", self.tables.first_year)
        last = self.setting_year("dependence_to", self.tables.last_year)
        return first <= year <= last

    def discount(self, year: int) -> float:
        """Discount factor (1 + discount_rate)^-(t - first_year)."""
        return float((1.0 + self.setting("discount_rate", 0.0)) ** -(year - self.tables.first_year))


def interpolate(points: Mapping[int, float], year: int) -> float:
    """Straight line between given years; the first value before them, the last after them."""
    before = [given for given in points if given <= year]
    after = [given for given in points if given >= year]
    if not before or not after:
        return points[min(points)] if not before else points[max(points)]
    left, right = max(before), min(after)
    if left == right:
        return points[left]
    share = (year - left) / (right - left)
    return points[left] + share * (points[right] - points[left])


def _by_id(tables: Tables, sheet: str, column: str) -> dict[str, Row]:
    return {row.text(column): row for row in tables.rows.get(sheet, ())}


def _recipes(tables: Tables) -> dict[str, dict[str, float]]:
    recipes: dict[str, dict[str, float]] = {
        row.text("process"): {} for row in tables.rows.get("processes", ())
    }
    for row in tables.rows.get("recipes", ()):
        amounts = recipes[row.text("process")]
        commodity = row.text("commodity")
        amounts[commodity] = amounts.get(commodity, 0.0) + row.number_of("amount")
    return recipes


def _contents(tables: Tables) -> dict[str, dict[str, float]]:
    """Shares by mass, by commodity and element."""
    contents: dict[str, dict[str, float]] = {}
    for row in tables.rows.get("contents", ()):
        shares = contents.setdefault(row.text("commodity"), {})
        shares[row.text("element")] = row.number_of("share")
    return contents


def _plants(
    tables: Tables,
    sheet: str,
    blocs: Mapping[str, str],
    recipes: Mapping[str, Mapping[str, float]],
    shocks: tuple[AuditShock, ...],
) -> dict[str, AuditPlant]:
    """Plants of one sheet. A project is a facility too, so both filters find it by its id."""
    column = PLANT_SHEETS[sheet]
    taken = [shock for shock in shocks if shock.what == "control"]
    commodities = _by_id(tables, "commodities", "commodity")
    processes = _by_id(tables, "processes", "process")
    plants = {}
    for row in tables.rows.get(sheet, ()):
        name, region, runs = row.text(column), row.text("region"), row.items("processes")
        outputs = {c for p in runs for c, amount in recipes[p].items() if amount > 0}
        own_stage = [row.text("stage")] if sheet == "projects" else []
        traits = make_traits(
            region=[region],
            bloc=[blocs[region]],
            stage=[*(processes[p].text("stage") for p in runs), *own_stage],
            mineral=[
                commodities[c].text("mineral") for c in outputs or _lifted(tables, sheet, name)
            ],
            commodity=outputs,
            process=runs,
            facility=[name],
            project=[name] if sheet == "projects" else [],
        )
        own = blocs[region] != COVERED and row.text("controlled_by") != COVERED
        clear = frozenset(
            t for t in tables.years if own and not any(shock.hits(traits, t) for shock in taken)
        )
        plants[name] = AuditPlant(name, row, region, runs, clear, traits)
    return plants


def _lifted(tables: Tables, sheet: str, name: str) -> set[str]:
    """The commodities of the limits on capacity that a project lifts."""
    rows = tables.rows.get("lifts", ()) if sheet == "projects" else ()
    named = {row.text("limit").casefold() for row in rows if row.text("project") == name}
    return {
        row.text("commodity")
        for row in tables.rows.get("build_limits", ())
        if row.text("limit") and row.text("limit").casefold() in named and row.text("commodity")
    }


def _demand(
    tables: Tables, shocks: tuple[AuditShock, ...], blocs: Mapping[str, str]
) -> dict[tuple[DemandKey, int], float]:
    """Demand by row and year: interpolated, times the factors, plus the shifts, at least 0."""
    commodities = _by_id(tables, "commodities", "commodity")
    demand = {}
    for key, row in demand_rows(tables).items():
        region, commodity, _ = key
        traits = _demand_traits(key, commodities[commodity], blocs[region])
        for year in tables.years:
            change = effect(shocks, "demand", traits, year)
            plain = interpolate(row.years, year)
            demand[key, year] = max(0.0, plain * change.factor + change.shift)
    return demand


def _demand_traits(key: DemandKey, commodity: Row, bloc: str) -> Traits:
    region, good, segment = key
    return make_traits(
        region=[region],
        bloc=[bloc],
        stage=[commodity.text("stage")],
        mineral=[commodity.text("mineral")],
        commodity=[good],
        segment=[segment],
    )


def _uptake(
    tables: Tables, shocks: tuple[AuditShock, ...], blocs: Mapping[str, str]
) -> dict[tuple[DemandKey, int], float]:
    """The largest clear share of each demand before its clear_from, in years that some row of
    uptake limits."""
    commodities = _by_id(tables, "commodities", "commodity")
    found = {}
    for key, row in demand_rows(tables).items():
        region, commodity, segment = key
        traits = _demand_traits(key, commodities[commodity], blocs[region])
        mineral = commodities[commodity].text("mineral")
        own = {"region": region, "commodity": commodity, "segment": segment, "mineral": mineral}
        first = row.optional("clear_from")
        for year in tables.years:
            shares = [
                limit.years[year]
                for limit in tables.rows.get("uptake", ())
                if year in limit.years
                and all(limit.text(c).casefold() in ("", own[c].casefold()) for c in own)
            ]
            if shares and (first is None or year < first):
                change = effect(shocks, "uptake", traits, year)
                found[key, year] = max(0.0, min(shares) * change.factor + change.shift)
    return found


def demand_rows(tables: Tables) -> dict[DemandKey, Row]:
    """Rows of sheet demand by region, commodity, segment."""
    return {
        (row.text("region"), row.text("commodity"), row.text("segment")): row
        for row in tables.rows.get("demand", ())
    }


def _mass_floor(
    tables: Tables,
    demand: Mapping[tuple[DemandKey, int], float],
    rows: Mapping[DemandKey, Row],
    blocs: Mapping[str, str],
) -> float:
    counted = [
        amount
        for (key, _), amount in demand.items()
        if blocs[key[0]] == ALLY and rows[key].number_of("weight") > 0
    ]
    largest = max(counted, default=0.0) or max(demand.values(), default=0.0)
    return MASS_FLOOR * (largest or _largest_capacity(tables) or 1.0)


def _largest_capacity(tables: Tables) -> float:
    rows = (*tables.rows.get("facilities", ()), *tables.rows.get("projects", ()))
    columns = ("capacity", "capacity_max")
    sizes = [row.optional(c) or 0.0 for row in rows for c in columns if c in row.values]
    return max([*sizes, *(value for row in rows for value in row.years.values())], default=0.0)


def derive_case(tables: Tables, scenario: str | None) -> AuditCase:
    """The lookups of one workbook under one scenario."""
    shocks = read_shocks(tables, scenario)
    blocs = {row.text("region"): row.text("bloc") for row in tables.rows.get("regions", ())}
    recipes = _recipes(tables)
    demand, asked = _demand(tables, shocks, blocs), demand_rows(tables)
    return AuditCase(
        tables=tables,
        shocks=shocks,
        blocs=blocs,
        commodities=_by_id(tables, "commodities", "commodity"),
        processes=_by_id(tables, "processes", "process"),
        recipes=recipes,
        contents=_contents(tables),
        facilities=_plants(tables, "facilities", blocs, recipes, shocks),
        projects=_plants(tables, "projects", blocs, recipes, shocks),
        programmes=_by_id(tables, "programmes", "programme"),
        stockpiles=_by_id(tables, "stockpiles", "stockpile"),
        demands=asked,
        demand=demand,
        uptake=_uptake(tables, shocks, blocs),
        ramps={name: row.years for name, row in _by_id(tables, "ramps", "ramp").items()},
        spends={name: row.years for name, row in _by_id(tables, "spends", "spend").items()},
        mass_floor=_mass_floor(tables, demand, asked, blocs),
        money_floor=MONEY_FLOOR,
    )


def name_of(case: AuditCase, sheet: str, column: str, key: str) -> str:
    """The name that a row of a sheet has, else its id."""
    for row in case.tables.rows.get(sheet, ()):
        if row.text(column) == key:
            return row.text("name") or key
    return key


def can_run(case: AuditCase, plant: str, process: str) -> bool:
    """Whether there is such a plant and it may run the process."""
    return plant in case.plants and process in case.plant(plant).processes


def plant_name(case: AuditCase, key: str) -> str:
    """The name of a facility or project, else its id."""
    return case.plant(key).row.text("name") or key


def stages_of(case: AuditCase, project: str) -> str:
    """The stages of a project's processes, each once, in their order; its own without processes."""
    plant = case.projects[project]
    stages = [case.processes[p].text("stage") for p in plant.processes]
    stages = stages or [plant.row.text("stage")]
    return "; ".join(dict.fromkeys(stage for stage in stages if stage))


def unit_of(case: AuditCase, commodity: str) -> str:
    """The unit of a commodity's amounts."""
    row = case.commodities.get(commodity)
    return (row.text("unit") if row else "") or "units"


def activity_unit(case: AuditCase, process: str) -> str:
    """The unit of a process's activity: that of the first commodity of which a unit makes one."""
    for row in case.tables.rows.get("recipes", ()):
        if row.text("process") == process and row.number_of("amount") == 1:
            return unit_of(case, row.text("commodity"))
    return "units"


def grade_of(row: Row) -> str:
    """The grade of a row, A to D, or none."""
    return row.text("confidence") or NO_GRADE


def scenario_text(case: AuditCase, scenario: str | None) -> str:
    """What happens in a scenario: its description, else its name, else its id; blank of none."""
    for row in case.tables.rows.get("scenarios", ()):
        if row.text("scenario") == scenario:
            return row.text("description") or row.text("name") or row.text("scenario")
    return ""


def chain_of(case: AuditCase) -> dict[str, int]:
    """The place of each stage in the chain: as sheets processes and commodities first name it."""
    rows = (*case.processes.values(), *case.commodities.values())
    stages = dict.fromkeys(row.text("stage") for row in rows if row.text("stage"))
    return {stage: place for place, stage in enumerate(stages)}


@dataclass(frozen=True, slots=True)
class AuditShock:
    """One row of sheet shocks; `key` is the value to match, None for everything, and so is
    `mineral` beside it."""

    what: str
    field: str
    key: str | None
    first_year: int
    last_year: int
    factor: float
    shift: float
    mineral: str = ""

    def is_of(self, minerals: Container[str]) -> bool:
        """Whether the shock is of one of some minerals, or of all."""
        return not self.mineral or self.mineral in minerals

    def hits(self, traits: Traits, year: int) -> bool:
        """Whether the shock works on a thing with these traits in this year."""
        if not self.first_year <= year <= self.last_year:
            return False
        if not self.is_of(traits.get("mineral", frozenset())):
            return False
        return self.key is None or self.key in traits.get(self.field, frozenset())


@dataclass(frozen=True, slots=True)
class Effect:
    """Several shocks on one thing: factors multiply, then shifts add."""

    factor: float = 1.0
    shift: float = 0.0


def match_key(field: str, value: str) -> str:
    """The form in which a filter value is compared."""
    return value.strip() if field in EXACT_FIELDS else value.strip().casefold()


def make_traits(**values: Iterable[str]) -> Traits:
    """Traits from plain values; blanks answer to nothing."""
    return {
        field: frozenset(match_key(field, value) for value in given if value)
        for field, given in values.items()
    }


def read_shocks(tables: Tables, scenario: str | None) -> tuple[AuditShock, ...]:
    """The shocks of one scenario; none in the base case."""
    if scenario is None:
        return ()
    found = []
    for row in tables.rows.get("shocks", ()):
        if row.text("scenario").casefold() != scenario.casefold():
            continue
        field, value = row.text("field"), row.text("value")
        first, last = row.optional("first_year"), row.optional("last_year")
        found.append(
            AuditShock(
                what=row.text("what"),
                field=field,
                key=match_key(field, value) if field and value else None,
                first_year=tables.first_year if first is None else int(first),
                last_year=tables.last_year if last is None else int(last),
                factor=row.number_of("factor"),
                shift=row.number_of("shift"),
                mineral=row.text("mineral"),
            )
        )
    return tuple(found)


def effect(shocks: tuple[AuditShock, ...], what: str, traits: Traits, year: int) -> Effect:
    """The combined effect of all shocks of one kind on a thing in a year."""
    factor, shift = 1.0, 0.0
    for shock in shocks:
        if shock.what == what and shock.hits(traits, year):
            factor *= shock.factor
            shift += shock.shift
    return Effect(factor, shift)
