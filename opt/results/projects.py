"""The committed projects of an answer: names, products, what of them can run, who pays."""

from __future__ import annotations

import math
from collections.abc import Sequence

from opt.record.case import CaseRecord
from opt.record.money import Use
from opt.record.projects import BuildYear, BuiltProject, Commitment
from opt.record.run import Solution
from opt.results.products import Fed, feeds, products


def built_projects(
    case: CaseRecord, solution: Solution, builds: Sequence[BuildYear]
) -> tuple[BuiltProject, ...]:
    """Every commitment, by year and project."""
    fed = feeds(case, solution.world)
    made = sorted(solution.commitments, key=lambda entry: (entry.year, entry.project))
    return tuple(_built(case, solution, builds, commitment, fed) for commitment in made)


def _built(
    case: CaseRecord,
    solution: Solution,
    builds: Sequence[BuildYear],
    commitment: Commitment,
    fed: Fed,
) -> BuiltProject:
    key, year = commitment.project, commitment.year
    project = case.projects[key]
    capacity = _capacity(project.capacity, commitment)
    paid = {
        payment.programme: payment.paid_musd
        for payment in sorted(solution.paid_for(Use.CAPITAL), key=lambda entry: entry.programme)
        if (payment.thing, payment.year) == (key, year) and payment.paid_musd > 0
    }
    public = math.fsum(paid.values())
    return BuiltProject(
        project=key,
        name=project.name,
        site=project.site,
        region=project.region,
        stage=project.stage,
        year=year,
        units=commitment.units,
        size=commitment.size,
        capacity=capacity,
        products={
            made.commodity: made.amount
            for made in products(case, key, capacity or 0.0, fed.get(key, {}))
        },
        usable={e.year: e.usable for e in builds if (e.project, e.committed) == (key, year)},
        first_operation=commitment.first_operation,
        capex_musd=commitment.capex_musd,
        public_musd=public,
        private_musd=max(commitment.capex_musd - public, 0.0),
        paid_by=paid,
    )


def _capacity(capacity: float | None, commitment: Commitment) -> float | None:
    """Nameplate capacity of a commitment, all units together, as the workbook measures it."""
    if commitment.size is None and capacity is not None:
        return capacity * commitment.units
    return commitment.size
