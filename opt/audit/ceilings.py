"""Rules of what a year can carry: private money that is ready, starts, capital cost, capacity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from opt.audit.case import AuditCase, AuditPlant, match_key, unit_of
from opt.audit.check import Check, Where, at_most, equal, holds
from opt.audit.evidence import Evidence
from opt.audit.money import matches, public_by_commitment
from opt.audit.projects import (
    chance_counted,
    committed_capex,
    committed_size,
    existing_capacity,
    lead_years,
    operates,
    project_capacity,
    spend_shares,
    use_of_capacity,
)
from opt.audit.rule import of_plan, of_record
from opt.data.tables import Row
from opt.record.columns import MUSD, UNITS
from opt.record.projects import Commitment

ALL = "all"
PRIVATE, STARTS, CAPEX, CAPACITY = "private", "starts", "capex", "capacity"


class Used(NamedTuple):
    """What the plan uses of a limit in a year, the most, and the scale of the row that holds it."""

    year: int
    used: float
    most: float
    scale: float


@of_plan
def limit_private(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j and v of spend[t - v] x (capex[j, v] - sum over k of pay[j, k, v])
    <= limit[t], for each row of private_capital and each year of the plan that it limits.

    A project with any match counts whole; `all` matches every project; where the row names a
    mineral, the project must make it too. Unit: USD million.
    """
    for row in _private_rows(evidence):
        for own in _private_used(evidence, row):
            yield at_most((*_place(row), own.year), own.used, own.most, own.scale)


def _private_used(evidence: Evidence, row: Row) -> Iterator[Used]:
    public, matching = public_by_commitment(evidence), _matching(evidence, row)
    for year, limit in _limits(evidence, row):
        private, largest = 0.0, evidence.case.money_floor
        for made in matching:
            share = spend_shares(evidence.case, made.project, made.year).get(year, 0.0)
            capex = committed_capex(evidence.case, made)
            private += share * (capex - public.get((made.project, made.year), 0.0))
            largest = max(largest, share * capex)
        yield Used(year, private, limit, largest)


@of_plan
def limit_starts(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j of units[j, t] <= limit[t], for each row of build_limits about starts
    and each year of the plan that it limits. Scale: units."""
    for row in _build_rows(evidence, STARTS):
        for own in _starts_used(evidence, row):
            yield at_most((*_place(row), own.year), own.used, own.most, own.scale)


def _starts_used(evidence: Evidence, row: Row) -> Iterator[Used]:
    matching = _matching(evidence, row)
    for year, limit in _limits(evidence, row):
        starts = sum(made.units for made in matching if made.year == year)
        yield Used(year, starts, limit, 1.0)


@of_plan
def limit_build_capex(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j of capex[j, t] <= limit[t], for each row of build_limits about capex and
    each year of the plan that it limits.

    All capex of a commitment counts in the year of commitment. Unit: USD million.
    """
    for row in _build_rows(evidence, CAPEX):
        for own in _capex_used(evidence, row):
            yield at_most((*_place(row), own.year), own.used, own.most, own.scale)


def _capex_used(evidence: Evidence, row: Row) -> Iterator[Used]:
    case, matching = evidence.case, _matching(evidence, row)
    for year, limit in _limits(evidence, row):
        capex = sum(committed_capex(case, made) for made in matching if made.year == year)
        yield Used(year, capex, limit, case.money_floor)


@of_plan
def limit_capacity(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j of made[j] x size[j, t] <= limit[t] + learn x sum over matching
    facilities and projects p that can be clear of made[p] x capacity[p, t - 1] + sum over lifts
    of the row's limit by i and over v of amount x chance[i] x units[i, v] that operate in t, for
    each row of build_limits about capacity and each year of the plan that it limits; with
    carry_over both sides are summed over all years up to t.

    made is the largest output of the row's commodity over the plant's processes, per unit of its
    capacity; size is units x capacity, or that of a scalable project; capacity is after ramp,
    availability, chance and shocks. In the first year that of the facilities in it counts. Unit:
    that of the commodity, a year.
    """
    for row in _build_rows(evidence, CAPACITY):
        for own in _capacity_used(evidence, row):
            place = (*_place(row), row.text("commodity"), own.year)
            yield at_most(place, own.used, own.most, own.scale)


def _capacity_used(evidence: Evidence, row: Row) -> Iterator[Used]:
    case, matching = evidence.case, _matching(evidence, row)
    new, most = 0.0, 0.0
    for year, limit in _limits(evidence, row):
        if row.text("carry_over") != "yes":
            new, most = 0.0, 0.0
        for made in matching:
            if made.year == year:
                plant = case.projects[made.project]
                new += _output(case, plant, row.text("commodity")) * committed_size(plant, made)
        grown = row.number_of("learn") * _could_make(evidence, row, year)
        most += limit + grown + _lifted(evidence, row, year)
        yield Used(year, new, most, case.mass_floor)


@of_record
def repeat_ceilings(evidence: Evidence) -> Iterator[Check]:
    """ceilings.csv: both sides of limit_private, limit_starts, limit_build_capex and limit_capacity
    for each row of private_capital and build_limits and each year that it limits; share = used /
    limit, blank where the limit is 0. In the unit of the row. Scale: the larger side."""
    expected = dict(_every_ceiling(evidence))
    rows = {(*row.place, row.year): row for row in evidence.answer.ceilings}
    yield holds(("rows",), rows.keys() == expected.keys())
    for key in sorted(rows.keys() & expected.keys()):
        row, (own, unit) = rows[key], expected[key]
        scale = max(own.scale, abs(own.used), abs(own.most))
        yield equal((*key, "used"), row.used, own.used, scale)
        yield equal((*key, "limit"), row.limit, own.most, scale)
        yield holds((*key, "unit"), row.unit == unit)
        yield holds((*key, "no share"), (row.share is None) == (own.most <= 0.0))
        if row.share is not None and own.most > 0.0:
            yield equal((*key, "share"), row.share * own.most, own.used, scale)


def _every_ceiling(evidence: Evidence) -> Iterator[tuple[Where, tuple[Used, str]]]:
    """What is used of every limit with its unit, by the place of its row and the year."""
    for row in _private_rows(evidence):
        place = (PRIVATE, *map(row.text, ("field", "value", "mineral")), "")
        for own in _private_used(evidence, row):
            yield (*place, own.year), (own, MUSD)
    for what, used in USED.items():
        for row in _build_rows(evidence, what):
            place = (what, *map(row.text, ("field", "value", "mineral", "commodity")))
            unit = _unit(evidence.case, row)
            for own in used(evidence, row):
                yield (*place, own.year), (own, unit)


# What is used of a row of build_limits, by what it limits.
USED: Mapping[str, Callable[[Evidence, Row], Iterator[Used]]] = {
    STARTS: _starts_used,
    CAPEX: _capex_used,
    CAPACITY: _capacity_used,
}


def _unit(case: AuditCase, row: Row) -> str:
    """What a build limit is in: plants that start, USD million, or a commodity's units a year."""
    if row.text("what") == CAPACITY:
        return f"{unit_of(case, row.text('commodity'))}/yr"
    return UNITS if row.text("what") == STARTS else MUSD


def _lifted(evidence: Evidence, row: Row, year: int) -> float:
    """What projects that operate in a year add to a row's limit; a chance counts where survival is
    expected."""
    case, name = evidence.case, row.text("limit").casefold()
    whole = 0.0
    for lift in case.tables.rows.get("lifts", ()):
        if not name or lift.text("limit").casefold() != name:
            continue
        plant = case.projects[lift.text("project")]
        each = lift.number_of("amount") * chance_counted(case, plant)
        whole += sum(
            each * made.units
            for made in evidence.answer.commitments
            if made.project == plant.name
            if operates(plant, made.year + lead_years(case, plant, made.year), year)
        )
    return whole


def _could_make(evidence: Evidence, row: Row, year: int) -> float:
    """What the plants that a row takes could make in clear of its commodity in the year before."""
    case, commodity = evidence.case, row.text("commodity")
    before = max(year - 1, case.tables.first_year)
    whole = 0.0
    for plant in case.facilities.values():
        if before in plant.clear_years and _takes(row, plant):
            whole += _output(case, plant, commodity) * existing_capacity(case, plant, before)
    for plant in case.projects.values() if before < year else ():
        if before in plant.clear_years and _takes(row, plant):
            capacity = project_capacity(case, plant, evidence.answer.commitments, before)
            whole += _output(case, plant, commodity) * capacity
    return whole


def _output(case: AuditCase, plant: AuditPlant, commodity: str) -> float:
    """The most of a commodity that a unit of a plant's capacity makes, over its processes."""
    makes = (
        case.recipes[p].get(commodity, 0.0) / use_of_capacity(case, plant, p)
        for p in plant.processes
    )
    return max((0.0, *makes))


def _private_rows(evidence: Evidence) -> tuple[Row, ...]:
    return evidence.case.tables.rows.get("private_capital", ())


def _build_rows(evidence: Evidence, what: str) -> Iterator[Row]:
    for row in evidence.case.tables.rows.get("build_limits", ()):
        if row.text("what") == what:
            yield row


def _matching(evidence: Evidence, row: Row) -> list[Commitment]:
    """The commitments of the projects that a row takes: its field and its mineral match."""
    projects = evidence.case.projects
    return [made for made in evidence.answer.commitments if _takes(row, projects[made.project])]


def _takes(row: Row, plant: AuditPlant) -> bool:
    """Whether a row takes a plant: its field and its mineral match. A facility is no project."""
    mineral = match_key("mineral", row.text("mineral"))
    fits = row.text("field") == ALL or matches(row, plant.traits)
    return fits and (not mineral or mineral in plant.traits["mineral"])


def _limits(evidence: Evidence, row: Row) -> Iterator[tuple[int, float]]:
    """The years of the plan that a row limits; a blank year is no limit."""
    for year in evidence.case.years:
        if year in row.years:
            yield year, row.years[year]


def _place(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, map(row.text, ("field", "value", "mineral"))))
