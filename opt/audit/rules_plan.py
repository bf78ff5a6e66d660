"""Rules of the commitments: how many, when, with what, instead of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from opt.audit.case import Plant
from opt.audit.check import Check, at_most, equal
from opt.audit.evidence import Evidence
from opt.audit.supply import committed_capex, lead_years, plain_lead
from opt.record.projects import Commitment

PlanLines = Mapping[tuple[str, int], tuple[int, float | None]]


def limit_units(evidence: Evidence) -> Iterator[Check]:
    """Sum over v of units[j, v] <= max_units[j]. Scale: units."""
    units = _units(evidence)
    for name, total in units.items():
        most = evidence.case.projects[name].row.number_of("max_units")
        yield at_most((name,), total, most, 1.0)


def limit_size(evidence: Evidence) -> Iterator[Check]:
    """capacity_min x units <= size <= capacity_max x units of a scalable project.

    Of any other project the size is blank or units x capacity.
    """
    floor = evidence.case.mass_floor
    for made in evidence.answer.commitments:
        row = evidence.case.projects[made.project].row
        place = (made.project, made.year)
        capacity = row.optional("capacity")
        if capacity is not None:
            given = made.size if made.size is not None else made.units * capacity
            yield equal(place, given, made.units * capacity, floor)
            continue
        size = made.size or 0.0
        least = (row.optional("capacity_min") or 0.0) * made.units
        yield at_most((*place, "least"), least, size, floor)
        most = row.number_of("capacity_max") * made.units
        yield at_most((*place, "most"), size, most, floor)


def exclude_group(evidence: Evidence) -> Iterator[Check]:
    """At most one project of a group is built. Scale: projects."""
    built: dict[str, set[str]] = defaultdict(set)
    for made in evidence.answer.commitments:
        group = evidence.case.projects[made.project].row.text("group")
        if group:
            built[group].add(made.project)
    for group, projects in built.items():
        yield at_most((group, *sorted(projects)), len(projects), 1.0, 1.0)


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


def limit_years(evidence: Evidence) -> Iterator[Check]:
    """earliest <= v <= latest, and first operation <= last_year.

    A commitment of an outside plan may be late through shocks: its first operation without them
    counts. Scale: years.
    """
    tables = evidence.case.tables
    given = _plan_lines(evidence)
    for made in evidence.answer.commitments:
        plant = evidence.case.projects[made.project]
        earliest = plant.row.optional("earliest") or tables.first_year
        latest = plant.row.optional("latest") or tables.last_year
        place = (made.project, made.year)
        yield at_most((*place, "earliest"), max(earliest, tables.first_year), made.year, 1.0)
        yield at_most((*place, "latest"), made.year, min(latest, tables.last_year), 1.0)
        lead = lead_years(evidence.case, plant, made.year)
        if (made.project, made.year) in given:
            lead = min(lead, plain_lead(plant))
        yield at_most((*place, "offered"), made.year + lead, tables.last_year, 1.0)


def define_first_operation(evidence: Evidence) -> Iterator[Check]:
    """First operation = v + lead time, with the lead shocks of v. Scale: years."""
    for made in evidence.answer.commitments:
        plant = evidence.case.projects[made.project]
        start = made.year + lead_years(evidence.case, plant, made.year)
        # Check, not equal: a year off must not be measured against 2031
        yield Check((made.project, made.year), abs(made.first_operation - start), 1.0)


def keep_decision(evidence: Evidence) -> Iterator[Check]:
    """`forbid`: no unit; `force`: at least one; `force 2028`: at least one in that year."""
    for name, plant in evidence.case.projects.items():
        words = plant.row.text("decision").casefold().split()
        units = sum(_units_of(evidence, name, int(words[1]) if len(words) > 1 else None))
        if words[0] == "forbid":
            yield at_most((name, "forbid"), units, 0.0, 1.0)
        elif words[0] == "force":
            yield at_most((name, *words), 1.0, units, 1.0)


def define_capex(evidence: Evidence) -> Iterator[Check]:
    """capex = ((capex x factors + shifts) x units + capex_per_unit x factors x size) x capex_share.

    Unit: USD million.
    """
    for made in evidence.answer.commitments:
        right = committed_capex(evidence.case, made)
        place = (made.project, made.year)
        yield equal(place, made.capex_musd, right, evidence.case.money_floor)


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


def _is_scalable(plant: Plant) -> bool:
    return plant.row.optional("capacity") is None


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
