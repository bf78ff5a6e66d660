"""When each candidate of a workbook could be committed under a scenario, and what the smallest unit
of it asks of the limits on starts, capital cost and capacity."""

from __future__ import annotations

from collections.abc import Mapping

from opt.data.book import Book
from opt.data.case import ScenarioBook, shocks_of
from opt.data.ceilings import ceilings
from opt.data.instance import Ceiling, Offer
from opt.data.projects import offer, offers
from opt.data.sheets.projects import ProjectRow
from opt.data.tables import Tables
from opt.record.case import OfferRecord
from opt.record.ceilings import CeilingPlace


def offer_records(tables: Tables, scenario: str | None) -> dict[str, dict[int, OfferRecord]]:
    """By project and year of commitment, the years without output by the last year included."""
    case = ScenarioBook(tables, shocks_of(Book(tables), scenario))
    limits = ceilings(case)
    found = {}
    for row in case.rows(ProjectRow):
        tags, in_time = case.tags(row), offers(case, row, ())
        found[row.project] = {
            v: OfferRecord(own.first_operation, v in in_time, _asks(limits, row, own))
            for v in case.commit_years(row)
            for own in [in_time.get(v) or offer(case, row, tags, v)]
        }
    return found


def _asks(
    limits: tuple[Ceiling, ...], row: ProjectRow, own: Offer
) -> Mapping[tuple[CeilingPlace, int], float]:
    """What one unit, of the smallest size, takes at the least of each limit, by its year.

    Of a limit on capacity that carries over that is made x size in its year and in all after it,
    less learn x made x size x usable[s - 1] over the years s by which the limit has grown through
    it. A limit that it lifts itself is left out.
    """
    fixed = 0.0 if row.lifts_alone else row.capacity
    smallest = (row.capacity_min or 0.0) if fixed is None else fixed
    asks = {}
    for limit in limits:
        if row.project not in limit.projects or row.project in limit.lifts:
            continue
        place = (limit.what, limit.field, limit.value, limit.mineral, limit.commodity)
        amounts = {
            "starts": 1.0,
            "capex": own.capex + own.capex_per_unit * (smallest if fixed is None else 0.0),
            "capacity": limit.made.get(row.project, 0.0) * smallest,
        }
        if limit.what in amounts:
            left = amounts[limit.what]
            for t in sorted(limit.limits):
                if t == own.year or (t > own.year and limit.carry_over):
                    grown = own.usable.get(t - 1, 0.0) if t > own.year else 0.0
                    left -= limit.learn * amounts[limit.what] * grown
                    asks[place, t] = left
    return {key: amount for key, amount in asks.items() if amount > 0.0}
