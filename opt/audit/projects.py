"""Projects and plants: when they can run, how much, what a commitment costs, what may be built."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opt.audit.case import WORLD, AuditCase, AuditPlant, effect, interpolate, plant_name, stages_of
from opt.audit.check import (
    Check,
    KeyedRows,
    Near,
    OfKind,
    Scales,
    at_most,
    compare_table,
    equal,
    holds,
    scales_of,
    table_columns,
)
from opt.audit.rule import of_plan, of_record, once, told
from opt.record.lines import read_cells
from opt.record.money import Use
from opt.record.projects import Commitment
from opt.record.shape import TEXT, TRUTH

if TYPE_CHECKING:
    from opt.audit.evidence import Evidence

ROUNDING = 1e-9  # 10 x 1.1 years is 11, not 12
PlanLines = Mapping[tuple[str, int], tuple[int, float | None]]
NOTHING = 1e-9  # of a capacity: the solver's noise
STOCK = frozenset({"held", "cut", "free"})


def _round_up(years: float) -> int:
    return math.ceil(years - ROUNDING)


def plain_lead(plant: AuditPlant) -> int:
    """Lead time of a project without shocks, whole years, a fraction rounded up."""
    return _round_up(plant.row.number_of("lead_time"))


def lead_years(case: AuditCase, plant: AuditPlant, committed: int) -> int:
    """Lead time of a commitment: ceil(lead x factors) + shifts, by the year of commitment."""
    change = effect(case.shocks, "lead_time", plant.traits, committed)
    return max(0, _round_up(_round_up(plain_lead(plant) * change.factor) + change.shift))


def operates(plant: AuditPlant, first_operation: int, year: int) -> bool:
    """Whether a project's units run in a year: from first operation on, `life` years."""
    life = plant.row.optional("life")
    return first_operation <= year and (life is None or year < first_operation + life)


def is_open(plant: AuditPlant, year: int) -> bool:
    """Whether an existing facility is open: opens <= year <= closes."""
    opens, closes = plant.row.optional("opens"), plant.row.optional("closes")
    return (opens is None or opens <= year) and (closes is None or year <= closes)


def ramp_share(case: AuditCase, plant: AuditPlant, operated: int | None) -> float:
    """Share reached in the n-th year of operation, or past the ramp (None): ramp[n], last value."""
    name = plant.row.text("ramp")
    if not name:
        return 1.0
    shares = case.ramps[name]
    if operated is None:
        return shares[max(shares)]
    return shares[max((n for n in shares if n <= operated), default=min(shares))]


def reach(case: AuditCase, plant: AuditPlant, operated: int | None, year: int) -> float:
    """Ramp x availability x chance, where survival is expected, x supply and ramp shocks of the
    calendar year."""
    return _share_that_runs(case, plant, operated, year) * chance_counted(case, plant)


def chance_counted(case: AuditCase, plant: AuditPlant) -> float:
    """The chance of a plant where setting survival is expected, else 1."""
    return plant.row.number_of("chance") if case.setting_text("survival") == "expected" else 1.0


def _share_that_runs(case: AuditCase, plant: AuditPlant, operated: int | None, year: int) -> float:
    """Ramp x availability x supply and ramp shocks of the calendar year."""
    supply = effect(case.shocks, "supply", plant.traits, year).factor
    ramp = effect(case.shocks, "ramp", plant.traits, year).factor
    availability = plant.row.number_of("availability")
    return ramp_share(case, plant, operated) * availability * supply * ramp


def merchant_share(case: AuditCase, plant: AuditPlant, year: int) -> float:
    """Share of a project that runs without new money in a year: merchant_chance x ramp x
    availability x shocks, `life` years from merchant + delay on. The delay is what shocks add to
    the lead time of a commitment of the year merchant - lead time; none before the plan."""
    first = plant.row.optional("merchant")
    if first is None:
        return 0.0
    begun = int(first) - plain_lead(plant)
    delayed = begun >= case.tables.first_year
    start = begun + lead_years(case, plant, begun) if delayed else int(first)
    if not operates(plant, start, year):
        return 0.0
    chance = plant.row.number_of("merchant_chance")
    return _share_that_runs(case, plant, year - start + 1, year) * chance


def lost_share(case: AuditCase, plant: AuditPlant, year: int) -> float:
    """Share of a project that runs exposed in a year where nobody has committed it: what a
    commitment of the year after lost_after would run."""
    last = plant.row.optional("lost_after")
    if last is None:
        return 0.0
    start = int(last) + 1 + lead_years(case, plant, int(last) + 1)
    operating = operates(plant, start, year)
    return reach(case, plant, year - start + 1, year) if operating else 0.0


def after(case: AuditCase, commitments: Iterable[Commitment]) -> AuditCase:
    """The case once it is known what was committed: what was lost without makes nothing clear while
    it runs."""
    made = {commitment.project for commitment in commitments}
    taken = {
        name: replace(plant, clear_years=plant.clear_years - lost)
        for name, plant in case.projects.items()
        if name not in made and plant.row.optional("lost_after") is not None
        for lost in [{t for t in case.years if lost_share(case, plant, t) > 0}]
    }
    return replace(case, projects={**case.projects, **taken}) if taken else case


def rival(case: AuditCase, plant: AuditPlant) -> AuditPlant | None:
    """The project of the same group, if another, that comes without new money."""
    group = plant.row.text("group").casefold()
    for other in case.projects.values() if group else ():
        comes = other.row.optional("merchant") is not None
        if comes and other.name != plant.name and other.row.text("group").casefold() == group:
            return other
    return None


def takes_over(case: AuditCase, commitment: Commitment) -> float:
    """The first year in which a commitment is as large as the merchant of its group would be: from
    then on it runs in its place. Its first operation where there is none; inf where it never is."""
    plant = case.projects[commitment.project]
    start = commitment.year + lead_years(case, plant, commitment.year)
    other = rival(case, plant)
    if other is None:
        return start
    for year in range(start, case.tables.last_year + 1):
        own = committed_size(plant, commitment) * reach(case, plant, year - start + 1, year)
        merchant = other.row.number_of("capacity") * merchant_share(case, other, year)
        if operates(plant, start, year) and own >= merchant * (1.0 - ROUNDING):
            return year
    return math.inf


def existing_capacity(case: AuditCase, plant: AuditPlant, year: int) -> float:
    """Capacity of a facility in a year, units of its capacity column."""
    if not is_open(plant, year):
        return 0.0
    row = plant.row
    nameplate = interpolate(row.years, year) if row.years else row.number_of("capacity")
    opens = row.optional("opens")
    operated = None if opens is None else year - int(opens) + 1
    return nameplate * reach(case, plant, operated, year)


def committed_size(plant: AuditPlant, commitment: Commitment) -> float:
    """Capacity committed: units x capacity, or the size of a scalable project."""
    capacity = nameplate(plant)
    if capacity is None:
        return commitment.size or 0.0
    return commitment.units * capacity


def nameplate(plant: AuditPlant) -> float | None:
    """Capacity of a unit of a project: 0 without processes, None where it is scalable."""
    return plant.row.optional("capacity") if plant.processes else 0.0


def project_capacity(
    case: AuditCase,
    plant: AuditPlant,
    commitments: Iterable[Commitment],
    year: int,
    *,
    merchants: bool = True,
) -> float:
    """Capacity of a project in a year, all commitments of the plan given: merchant's share of its
    capacity, unless another of its group has taken over, and sum over v of size x what its reach in
    its year of operation is above that share. Nothing comes by itself where not `merchants`.

    First operation is recomputed, not taken from the answer.
    """
    made = list(commitments)
    comes = merchant_share(case, plant, year) if merchants else 0.0
    total = 0.0
    if comes > 0.0 and not _is_displaced(case, plant, made, year):
        total = comes * plant.row.number_of("capacity")
    for commitment in made:
        if commitment.project != plant.name:
            continue
        start = commitment.year + lead_years(case, plant, commitment.year)
        if operates(plant, start, year) and takes_over(case, commitment) <= year:
            share = reach(case, plant, year - start + 1, year)
            total += committed_size(plant, commitment) * max(share - comes, 0.0)
    return total


def _is_displaced(
    case: AuditCase, plant: AuditPlant, commitments: Iterable[Commitment], year: int
) -> bool:
    grouped = bool(plant.row.text("group"))
    return grouped and any(
        rival(case, case.projects[made.project]) is plant and takes_over(case, made) <= year
        for made in commitments
    )


def use_of_capacity(case: AuditCase, plant: AuditPlant, process: str) -> float:
    """Capacity used by a unit of activity: |recipe amount of capacity_of|, or 1."""
    commodity = plant.row.text("capacity_of")
    return abs(case.recipes[process].get(commodity, 0.0)) if commodity else 1.0


def committed_capex(case: AuditCase, commitment: Commitment) -> float:
    """Capex of a commitment, USD million.

    ((capex x factors + shifts) x units + capex_per_unit x factors x size) x capex_share.
    """
    plant = case.projects[commitment.project]
    row = plant.row
    change = effect(case.shocks, "capex", plant.traits, commitment.year)
    unit = max(0.0, row.number_of("capex") * change.factor + change.shift)
    by_size = row.number_of("capex_per_unit") * change.factor * (commitment.size or 0.0)
    if not _is_scalable(plant):
        by_size = 0.0
    return (unit * commitment.units + by_size) * row.number_of("capex_share")


def spend_shares(case: AuditCase, project: str, committed: int) -> Mapping[int, float]:
    """Share of capex by calendar year: the spend profile from the year of commitment on, or
    evenly over max(1, lead) years; lead without shocks."""
    plant = case.projects[project]
    name = plant.row.text("spend")
    if name:
        return {committed + n - 1: share for n, share in case.spends[name].items()}
    count = max(1, plain_lead(plant))
    return {committed + n: 1.0 / count for n in range(count)}


def residual_share(case: AuditCase, commitment: Commitment) -> float:
    """Remaining life after last_year over life; 0 where no life is given."""
    plant = case.projects[commitment.project]
    life = plant.row.optional("life")
    if life is None:
        return 0.0
    start = commitment.year + lead_years(case, plant, commitment.year)
    remaining = start + life - 1 - case.tables.last_year
    return min(max(remaining, 0.0), life) / life


@of_plan
def limit_units(evidence: Evidence) -> Iterator[Check]:
    """Sum over v of units[j, v] <= max_units[j]. Scale: units."""
    units = _units(evidence)
    for name, total in units.items():
        most = evidence.case.projects[name].row.number_of("max_units")
        yield at_most((name,), total, most, 1.0)


@of_plan
def limit_size(evidence: Evidence) -> Iterator[Check]:
    """capacity_min x units <= size <= capacity_max x units of a scalable project.

    Of any other project the size is blank or units x capacity.
    """
    floor = evidence.case.mass_floor
    for made in evidence.answer.commitments:
        plant = evidence.case.projects[made.project]
        row, place = plant.row, (made.project, made.year)
        capacity = nameplate(plant)
        if capacity is not None:
            given = made.size if made.size is not None else made.units * capacity
            yield equal(place, given, made.units * capacity, floor)
            continue
        size = made.size or 0.0
        least = (row.optional("capacity_min") or 0.0) * made.units
        yield at_most((*place, "least"), least, size, floor)
        most = row.number_of("capacity_max") * made.units
        yield at_most((*place, "most"), size, most, floor)


@of_plan
def exclude_group(evidence: Evidence) -> Iterator[Check]:
    """At most one project of a group is built. Scale: projects."""
    built: dict[str, set[str]] = defaultdict(set)
    for made in evidence.answer.commitments:
        group = evidence.case.projects[made.project].row.text("group")
        if group:
            built[group].add(made.project)
    for group, projects in built.items():
        yield at_most((group, *sorted(projects)), len(projects), 1.0, 1.0)


@of_plan
def keep_bundle(evidence: Evidence) -> Iterator[Check]:
    """Every project of a bundle is committed in the same units in the same year. Scale: units."""
    bundles: dict[str, list[str]] = defaultdict(list)
    for name, plant in evidence.case.projects.items():
        if plant.row.text("bundle"):
            bundles[plant.row.text("bundle").casefold()].append(name)
    for bundle, members in bundles.items():
        for year in evidence.case.years:
            units = [sum(_units_of(evidence, name, year)) for name in members]
            yield Check((bundle, year), max(units) - min(units), 1.0)


@of_plan
def order_requires(evidence: Evidence) -> Iterator[Check]:
    """In every year: sum over v <= t of units[j, v] <= max_units[j] x the same of the required."""
    for name, plant in evidence.case.projects.items():
        required = plant.row.text("requires")
        if not required:
            continue
        most = plant.row.number_of("max_units")
        for year in evidence.case.years:
            have = _units(evidence, year)
            left, right = have.get(name, 0), most * have.get(required, 0)
            yield at_most((name, required, year), left, right, 1.0)


@of_plan
def limit_years(evidence: Evidence) -> Iterator[Check]:
    """earliest <= v <= latest and lost_after, and first operation <= last_year.

    A commitment of an outside plan may be late through shocks: its first operation without them
    counts. Scale: years.
    """
    tables = evidence.case.tables
    given = _plan_lines(evidence)
    for made in evidence.answer.commitments:
        plant = evidence.case.projects[made.project]
        earliest = plant.row.optional("earliest") or tables.first_year
        ends = (plant.row.optional(name) for name in ("latest", "lost_after"))
        latest = min(tables.last_year if end is None else end for end in ends)
        place = (made.project, made.year)
        yield at_most((*place, "earliest"), max(earliest, tables.first_year), made.year, 1.0)
        yield at_most((*place, "latest"), made.year, min(latest, tables.last_year), 1.0)
        lead = lead_years(evidence.case, plant, made.year)
        if (made.project, made.year) in given:
            lead = min(lead, plain_lead(plant))
        yield at_most((*place, "offered"), made.year + lead, tables.last_year, 1.0)


@of_plan
def define_first_operation(evidence: Evidence) -> Iterator[Check]:
    """First operation = v + lead time, with the lead shocks of v. Scale: years."""
    for made in evidence.answer.commitments:
        plant = evidence.case.projects[made.project]
        start = made.year + lead_years(evidence.case, plant, made.year)
        # Check, not equal: a year off must not be measured against 2031
        yield Check((made.project, made.year), abs(made.first_operation - start), 1.0)


@of_plan
def keep_decision(evidence: Evidence) -> Iterator[Check]:
    """`forbid`: no unit; `force`: at least one; `force 2028`: at least one in that year."""
    for name, plant in evidence.case.projects.items():
        words = plant.row.text("decision").casefold().split()
        units = sum(_units_of(evidence, name, int(words[1]) if len(words) > 1 else None))
        if words[0] == "forbid":
            yield at_most((name, "forbid"), units, 0.0, 1.0)
        elif words[0] == "force":
            yield at_most((name, *words), 1.0, units, 1.0)


@of_plan
def define_capex(evidence: Evidence) -> Iterator[Check]:
    """capex = ((capex x factors + shifts) x units + capex_per_unit x factors x size) x capex_share.

    Unit: USD million.
    """
    for made in evidence.answer.commitments:
        right = committed_capex(evidence.case, made)
        place = (made.project, made.year)
        yield equal(place, made.capex_musd, right, evidence.case.money_floor)


@of_plan
def keep_plan(evidence: Evidence) -> Iterator[Check]:
    """A plan given from outside is what is committed, unless it is to be improved on."""
    plan = evidence.answer.plan
    if plan is None or plan.get("improve"):
        return
    given = _plan_lines(evidence)
    written = {(made.project, made.year): made for made in evidence.answer.commitments}
    for key in sorted(given.keys() | written.keys()):
        units, size = given.get(key, (0, 0.0))
        made = written.get(key) or Commitment(
            *key, units=0, size=None, first_operation=0, capex_musd=0
        )
        yield Check((*key, "units"), abs(made.units - units), 1.0)
        plant = evidence.case.projects[key[0]]
        if _is_scalable(plant) and made.units and size is not None:
            yield equal((*key, "size"), made.size or 0.0, size, evidence.case.mass_floor)


def _is_scalable(plant: AuditPlant) -> bool:
    return nameplate(plant) is None


def _plan_lines(evidence: Evidence) -> PlanLines:
    """The plan's commitments: the workbook's where it has a plan of that name, else run.json's."""
    plan = evidence.answer.plan
    if plan is None:
        return {}
    name = str(plan["name"]).casefold()
    rows = [
        row
        for row in evidence.case.tables.rows.get("plans", ())
        if row.text("plan").casefold() == name
    ]
    if rows:
        return {
            (row.text("project"), int(row.number_of("year"))): (
                int(row.number_of("units")),
                row.optional("size"),
            )
            for row in rows
        }
    return {
        (line["project"], int(line["year"])): (int(line["units"]), line.get("size"))
        for line in plan["commitments"]
    }


def _units(evidence: Evidence, until: int | None = None) -> dict[str, int]:
    """Units committed of each project, up to a year where one is given."""
    units: dict[str, int] = defaultdict(int)
    for made in evidence.answer.commitments:
        if until is None or made.year <= until:
            units[made.project] += made.units
    return units


def _units_of(evidence: Evidence, project: str, year: int | None) -> list[int]:
    return [
        made.units
        for made in evidence.answer.commitments
        if made.project == project and year in (None, made.year)
    ]


def products(evidence: Evidence, project: str, capacity: float) -> dict[str, float]:
    """Amount a year by commodity: capacity x sum over p of share_p recipe_pc / rate_p, where
    share_p is the part that a process has of the plant's use over all years, everybody served."""
    case = evidence.case
    plant = case.projects[project]
    used: dict[str, float] = defaultdict(float)
    for run in evidence.sums[WORLD].flows.activities:
        if run.plant == project:
            used[run.process] += run.activity * use_of_capacity(case, plant, run.process)
    whole = sum(used.values())
    made: dict[str, float] = defaultdict(float)
    for process, use in used.items() if whole > 0 else ():
        activity = capacity * use / whole / use_of_capacity(case, plant, process)
        for commodity, amount in case.recipes[process].items():
            made[commodity] += activity * amount
    wanted = {c for process in used for c in _wanted(case, process)}
    return {c: amount for c, amount in made.items() if c in wanted and amount > NOTHING * capacity}


def _wanted(case: AuditCase, process: str) -> set[str]:
    made = {c for c, amount in case.recipes[process].items() if amount > 0}
    others = [p for p in case.recipes if _stage(case, p) != _stage(case, process)]
    found = made & _leading(case, others)
    return found or made & _leading(case, case.recipes)


def _stage(case: AuditCase, process: str) -> str:
    """The stage of a process; one without a stage is a stage of its own."""
    return case.processes[process].text("stage") or process


def _leading(case: AuditCase, processes: Collection[str]) -> set[str]:
    """Commodities that demand asks for or that these processes lead to it from."""
    known = {commodity for _, commodity, _ in case.demands}
    while True:
        more = {
            c
            for p in processes
            if any(amount > 0 and made in known for made, amount in case.recipes[p].items())
            for c, amount in case.recipes[p].items()
            if amount < 0
        }
        if more <= known:
            return known
        known |= more


@told
def tell_projects(evidence: Evidence) -> Mapping[str, Any]:
    """Each commitment: name, region, stages, nameplate capacity of all units, first operation =
    year + lead time, capex, public = sum of its payments, private = capex - public, who pays."""
    return {"projects": KeyedRows(("project", "year"), project_rows(evidence))}


@once
def project_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """The rows of run.json's projects."""
    scales, case = scales_of(evidence), evidence.case
    paid: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
    for line in evidence.answer.paid_for(Use.CAPITAL):
        if line.paid_musd > 0:
            paid[line.thing, line.year][line.programme] = line.paid_musd
    rows = []
    for made in evidence.answer.commitments:
        own = paid[made.project, made.year]
        public = sum(own.values())
        plant = case.projects[made.project]
        rows.append(
            {
                "project": made.project,
                "name": plant_name(case, made.project),
                "region": plant.region,
                "stage": stages_of(case, made.project),
                "year": made.year,
                "units": made.units,
                "size": scales.units(made.size),
                "capacity": scales.units(_capacity(evidence, made)),
                "first_operation": made.year + lead_years(case, plant, made.year),
                "capex_musd": scales.musd(made.capex_musd),
                "public_musd": scales.musd(public),
                "private_musd": scales.musd(max(made.capex_musd - public, 0.0)),
                "paid_by": {name: scales.musd(musd) for name, musd in own.items()},
                "products": _products(evidence, scales, made),
                "usable": _usable(evidence, scales, made),
            }
        )
    return rows


def _products(evidence: Evidence, scales: Scales, made: Commitment) -> dict[str, Any]:
    capacity = _capacity(evidence, made) or 0.0
    return {c: scales.units(a) for c, a in products(evidence, made.project, capacity).items()}


def _usable(evidence: Evidence, scales: Scales, made: Commitment) -> dict[str, Any]:
    """The share of the capacity that can run, by year in which the plant is open: none before it
    takes over from the merchant of its group."""
    case = evidence.case
    plant, since = case.projects[made.project], takes_over(case, made)
    start = made.year + lead_years(case, plant, made.year)
    return {
        str(t): scales.share(reach(case, plant, t - start + 1, t) if t >= since else 0.0)
        for t in case.years
        if operates(plant, start, t)
    }


def _capacity(evidence: Evidence, made: Commitment) -> float | None:
    capacity = nameplate(evidence.case.projects[made.project])
    if made.size is not None or capacity is None:
        return made.size
    return capacity * made.units


@told
def tell_plan(evidence: Evidence) -> Mapping[str, Any]:
    """A plan given from outside: the rows of sheet plans, where it has one of this name, else the
    ones told, which keep_plan holds against the commitments unless they are improved on."""
    plan = evidence.answer.plan
    if plan is None:
        return {"plan": None}
    name = str(plan["name"])
    rows = [
        {
            "project": row.text("project"),
            "year": int(row.number_of("year")),
            "units": int(row.number_of("units")),
            "size": scales_of(evidence).units(row.optional("size")),
        }
        for row in evidence.case.tables.rows.get("plans", ())
        if row.text("plan").casefold() == name.casefold()
    ]
    given = KeyedRows(("project", "year"), rows or plan["commitments"])
    told = {"name": name, "improve": OfKind(TRUTH), "commitments": given}
    return {"plan": told | _purchases(evidence, plan)}


def _purchases(evidence: Evidence, plan: Mapping[str, Any]) -> dict[str, Any]:
    """What of the plan's purchases stays, as the allied flows buy it (see keep_purchases)."""
    bought = {
        (stock.stockpile, stock.origin, stock.year): stock.bought
        for stock in evidence.allied.flows.stocks
    }
    keys = ("stockpile", "origin", "year")
    rows = [
        {
            **dict(zip(keys, key, strict=True)),
            "bought": scales_of(evidence).units(bought.get(key, 0.0)),
        }
        for line in plan.get("purchases") or ()
        for key in [tuple(line[name] for name in keys)]
    ]
    return {"stock": OfKind(TEXT, STOCK), "purchases": KeyedRows(keys, rows)}


@of_plan
def same_projects(evidence: Evidence) -> Iterator[Check]:
    """run.json's projects are the rows of commitments.csv, paid_by those of payments.csv."""
    floor = evidence.case.money_floor
    listed = {(line["project"], line["year"]): line for line in evidence.answer.projects}
    written = {(made.project, made.year): made for made in evidence.answer.commitments}
    for key in sorted(listed.keys() | written.keys()):
        line, made = listed.get(key), written.get(key)
        yield holds(key, line is not None and made is not None)
        if line is None or made is None:
            continue
        yield Check((*key, "units"), abs(line["units"] - made.units), 1.0)
        yield equal((*key, "size"), line["size"] or 0.0, made.size or 0.0, evidence.case.mass_floor)
        yield equal((*key, "capex_musd"), line["capex_musd"], made.capex_musd, floor)
        paid = {
            p.programme: p.paid_musd
            for p in evidence.answer.paid_for(Use.CAPITAL)
            if (p.thing, p.year) == key
        }
        for name in sorted(paid.keys() | line["paid_by"].keys()):
            left, right = line["paid_by"].get(name, 0.0), paid.get(name, 0.0)
            yield equal((*key, name), left, right, floor)


def _payers(paid_by: Mapping[str, Near]) -> Iterator[str]:
    yield from (f"{name} {_rounded(musd.value)}" for name, musd in sorted(paid_by.items()))


def _rounded(musd: float) -> str:
    return f"{musd:,.1f}" if 0.05 <= musd < 9.95 else f"{musd:,.0f}"


@of_record
def repeat_projects(evidence: Evidence) -> Iterator[Check]:
    """projects.csv holds the projects of run.json, with their site, and who pays as text: 'GR 30;
    LN 2.5', by name, USD million, one decimal from 0.05 to below 9.95 and else none."""
    case = evidence.case
    rows = [
        {column: row[column] for column in table_columns("projects") if column in row}
        | {"site": case.projects[row["project"]].row.text("site")}
        | {"paid_by": "; ".join(_payers(row["paid_by"]))}
        for row in project_rows(evidence)
    ]
    lines = read_cells(evidence.answer.folder, "projects")
    yield from compare_table("projects.csv", KeyedRows(("project", "year"), rows), lines)
