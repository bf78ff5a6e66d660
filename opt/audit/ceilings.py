"""Rules of what a year can carry: private money that is ready, starts, capital cost, capacity."""

from __future__ import annotations

from collections.abc import Iterator

from opt.audit.case import AuditCase, AuditPlant, match_key
from opt.audit.check import Check, at_most
from opt.audit.evidence import Evidence
from opt.audit.money import matches, public_by_commitment
from opt.audit.projects import (
    committed_capex,
    committed_size,
    spend_shares,
    use_of_capacity,
)
from opt.audit.rule import of_plan
from opt.data.tables import Row
from opt.record.projects import Commitment

ALL = "all"


@of_plan
def limit_private(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j and v of spend[t - v] x (capex[j, v] - sum over k of pay[j, k, v])
    <= limit[t], for each row of private_capital and each year of the plan that it limits.

    A project with any match counts whole; `all` matches every project; where the row names a
    mineral, the project must make it too. Unit: USD million.
    """
    public = public_by_commitment(evidence)
    for row in evidence.case.tables.rows.get("private_capital", ()):
        matching = _matching(evidence, row)
        for year, limit in _limits(evidence, row):
            private, largest = 0.0, evidence.case.money_floor
            for made in matching:
                share = spend_shares(evidence.case, made.project, made.year).get(year, 0.0)
                capex = committed_capex(evidence.case, made)
                private += share * (capex - public.get((made.project, made.year), 0.0))
                largest = max(largest, share * capex)
            yield at_most((*_place(row), year), private, limit, largest)


@of_plan
def limit_starts(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j of units[j, t] <= limit[t], for each row of build_limits about starts
    and each year of the plan that it limits. Scale: units."""
    for row in _build_rows(evidence, "starts"):
        matching = _matching(evidence, row)
        for year, limit in _limits(evidence, row):
            starts = sum(made.units for made in matching if made.year == year)
            yield at_most((*_place(row), year), starts, limit, 1.0)


@of_plan
def limit_build_capex(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j of capex[j, t] <= limit[t], for each row of build_limits about capex and
    each year of the plan that it limits.

    All capex of a commitment counts in the year of commitment. Unit: USD million.
    """
    for row in _build_rows(evidence, "capex"):
        matching = _matching(evidence, row)
        for year, limit in _limits(evidence, row):
            capex = sum(
                committed_capex(evidence.case, made) for made in matching if made.year == year
            )
            yield at_most((*_place(row), year), capex, limit, evidence.case.money_floor)


@of_plan
def limit_capacity(evidence: Evidence) -> Iterator[Check]:
    """Sum over matching j of made[j] x size[j, t] <= limit[t], for each row of build_limits about
    capacity and each year of the plan that it limits.

    made is the largest output of the row's commodity over the plant's processes, per unit of its
    capacity; size is units x capacity, or that of a scalable project. Unit: that of the commodity,
    a year.
    """
    case = evidence.case
    for row in _build_rows(evidence, "capacity"):
        matching = _matching(evidence, row)
        place = (*_place(row), row.text("commodity"))
        for year, limit in _limits(evidence, row):
            new = 0.0
            for made in matching:
                if made.year == year:
                    plant = case.projects[made.project]
                    new += _output(case, plant, row.text("commodity")) * committed_size(plant, made)
            yield at_most((*place, year), new, limit, case.mass_floor)


def _output(case: AuditCase, plant: AuditPlant, commodity: str) -> float:
    """The most of a commodity that a unit of a plant's capacity makes, over its processes."""
    makes = (
        case.recipes[p].get(commodity, 0.0) / use_of_capacity(case, plant, p)
        for p in plant.processes
    )
    return max(0.0, *makes)


def _build_rows(evidence: Evidence, what: str) -> Iterator[Row]:
    for row in evidence.case.tables.rows.get("build_limits", ()):
        if row.text("what") == what:
            yield row


def _matching(evidence: Evidence, row: Row) -> list[Commitment]:
    """The commitments of the projects that a row takes: its field and its mineral match."""
    projects, mineral = evidence.case.projects, match_key("mineral", row.text("mineral"))
    return [
        made
        for made in evidence.answer.commitments
        for traits in [projects[made.project].traits]
        if row.text("field") == ALL or matches(row, traits)
        if not mineral or mineral in traits["mineral"]
    ]


def _limits(evidence: Evidence, row: Row) -> Iterator[tuple[int, float]]:
    """The years of the plan that a row limits; a blank year is no limit."""
    for year in evidence.case.years:
        if year in row.years:
            yield year, row.years[year]


def _place(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, map(row.text, ("field", "value", "mineral"))))
