"""Facilities and projects: what they can run in which year, and how a project can be committed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from opt.data import shocks as shock_rules
from opt.data.context import Context, Tags, setting
from opt.data.instance import Facility, Offer, Plant, Project
from opt.data.tables import Row
from opt.data.timing import interpolate, ramp_share, whole_years
from opt.fixed import FixedCommitment


def plant(case: Context, row: Row, kind: str) -> Plant:
    """The part that facilities and projects share."""
    basis = row.text("capacity_of")
    covered = "covered" in (case.blocs[row.text("region")], row.text("controlled_by"))
    return Plant(
        id=row.text(kind),
        name=row.text("name") or row.text(kind),
        site=row.text("site"),
        region=row.text("region"),
        rates={
            p: abs(case.processes[p].recipe[basis]) if basis else 1.0
            for p in row.items("processes")
        },
        clear=not covered,
        opex=row.number_of("opex"),
        fixed_opex=row.number_of("fixed_opex"),
    )


def facility(case: Context, row: Row) -> Facility:
    """Capacity by year: nameplate x ramp x availability x shocks, from opens to closes."""
    opens, closes = row.optional("opens"), row.optional("closes")
    open_years = tuple(
        t for t in case.years if (opens is None or t >= opens) and (closes is None or t <= closes)
    )
    tags = case.tags(row, "facility")
    ramp = case.ramps.get(row.text("ramp"), [])
    capacity = row.optional("capacity")
    usable = {}
    for t in open_years:
        nameplate = interpolate(row.years, t) if capacity is None else capacity
        n = None if opens is None else t - int(opens) + 1
        usable[t] = nameplate * running(case, row, tags, ramp_share(ramp, n), t)
    return Facility(plant(case, row, "facility"), usable, open_years)


def running(case: Context, row: Row, tags: Tags, ramped: float, year: int) -> float:
    """Share of nameplate that can run: ramp x availability x supply and ramp shocks."""
    return (
        ramped
        * row.number_of("availability")
        * shock_rules.factor(case.shocks, "supply", tags, year)
        * shock_rules.factor(case.shocks, "ramp", tags, year)
    )


def project(case: Context, row: Row, plan: Sequence[FixedCommitment]) -> Project:
    """A candidate with one offer for each year in which it can be committed."""
    forced, _, named = row.text("decision").partition(" ")
    capacity = row.optional("capacity")
    largest = row.optional("capacity_max") if capacity is None else capacity
    smallest = (row.optional("capacity_min") or 0.0) if capacity is None else capacity
    floor = row.optional("public_share")
    assert largest is not None, row
    return Project(
        plant=plant(case, row, "project"),
        capacity_min=smallest,
        capacity_max=largest,
        scalable=capacity is None,
        max_units=int(row.number_of("max_units")),
        group=row.text("group").casefold(),
        requires=row.text("requires"),
        public_share=setting(case.tables, "public_share") if floor is None else floor,
        max_public_share=row.number_of("max_public_share"),
        forced=forced == "force",
        forced_year=int(named) if forced == "force" and named else None,
        offers={} if forced == "forbid" else offers(case, row, plan),
    )


def offers(case: Context, row: Row, plan: Sequence[FixedCommitment]) -> dict[int, Offer]:
    """One offer a year from earliest to latest that first operates by last_year."""
    earliest, latest = row.optional("earliest"), row.optional("latest")
    first = max(case.years[0], int(earliest or case.years[0]))
    last = min(case.years[-1], int(latest or case.years[-1]))
    tags = case.tags(row, "project")
    planned = {c.year for c in plan if c.project == row.text("project")}
    offers = {v: offer(case, row, tags, v) for v in range(first, last + 1)}
    return {
        v: offer
        for v, offer in offers.items()
        if offer.first_operation <= case.years[-1] or v in planned
    }


def offer(case: Context, row: Row, tags: Tags, year: int) -> Offer:
    """The project as committed in one year."""
    lead = lead_time(case, row, tags, year)
    start = year + lead
    life = row.optional("life")
    end = math.inf if life is None else start + int(life) - 1
    open_years = tuple(t for t in case.years if start <= t <= end)
    ramp = case.ramps.get(row.text("ramp"), [])
    carried = row.number_of("capex_share")
    capex = row.number_of("capex") * shock_rules.factor(case.shocks, "capex", tags, year)
    added = shock_rules.shift(case.shocks, "capex", tags, year)
    per_unit = row.number_of("capex_per_unit") * shock_rules.factor(
        case.shocks, "capex", tags, year
    )
    left = 0.0 if life is None else min(life, max(0.0, end - case.years[-1])) / life
    return Offer(
        year=year,
        first_operation=start,
        capex=max(0.0, capex + added) * carried,
        capex_per_unit=per_unit * carried,
        spend={year + n: share for n, share in enumerate(spend_shares(case, row)) if share > 0},
        usable={
            t: running(case, row, tags, ramp_share(ramp, t - start + 1), t) for t in open_years
        },
        open_years=open_years,
        residual=left,
    )


def spend_shares(case: Context, row: Row) -> Sequence[float]:
    """Shares of capex from the year of commitment on: the profile, else evenly over the lead time.

    The lead time is the workbook's, at least a year: a delay that a scenario brings puts off
    operation, not what falls due, or it would ease the yearly limits of programmes.
    """
    planned = max(1, whole_years(row.number_of("lead_time")))
    return case.spends.get(row.text("spend")) or [1.0 / planned] * planned


def lead_time(case: Context, row: Row, tags: Tags, year: int) -> int:
    """Whole years from commitment to first operation, under the shocks of that year."""
    stretch = shock_rules.factor(case.shocks, "lead_time", tags, year)
    delay = shock_rules.shift(case.shocks, "lead_time", tags, year)
    planned = whole_years(row.number_of("lead_time"))
    return max(0, whole_years(planned * stretch) + whole_years(delay))
