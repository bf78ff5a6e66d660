"""When a plant can run and how much, and what a commitment costs and when."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from opt.audit.case import Case, Plant, interpolate
from opt.audit.shocks import effect
from opt.record.projects import Commitment

ROUNDING = 1e-9  # 10 x 1.1 years is 11, not 12


def _round_up(years: float) -> int:
    return math.ceil(years - ROUNDING)


def plain_lead(plant: Plant) -> int:
    """Lead time of a project without shocks, whole years, a fraction rounded up."""
    return _round_up(plant.row.number_of("lead_time"))


def lead_years(case: Case, plant: Plant, committed: int) -> int:
    """Lead time of a commitment: ceil(lead x factors) + shifts, by the year of commitment."""
    change = effect(case.shocks, "lead_time", plant.traits, committed)
    return max(0, _round_up(_round_up(plain_lead(plant) * change.factor) + change.shift))


def operates(plant: Plant, first_operation: int, year: int) -> bool:
    """Whether a project's units run in a year: from first operation on, `life` years."""
    life = plant.row.optional("life")
    return first_operation <= year and (life is None or year < first_operation + life)


def is_open(plant: Plant, year: int) -> bool:
    """Whether an existing facility is open: opens <= year <= closes."""
    opens, closes = plant.row.optional("opens"), plant.row.optional("closes")
    return (opens is None or opens <= year) and (closes is None or year <= closes)


def ramp_share(case: Case, plant: Plant, operated: int | None) -> float:
    """Share reached in the n-th year of operation, or past the ramp (None): ramp[n], last value."""
    name = plant.row.text("ramp")
    if not name:
        return 1.0
    shares = case.ramps[name]
    if operated is None:
        return shares[max(shares)]
    return shares[max((n for n in shares if n <= operated), default=min(shares))]


def reach(case: Case, plant: Plant, operated: int | None, year: int) -> float:
    """Ramp x availability x supply and ramp shocks of the calendar year."""
    supply = effect(case.shocks, "supply", plant.traits, year).factor
    ramp = effect(case.shocks, "ramp", plant.traits, year).factor
    availability = plant.row.number_of("availability")
    return ramp_share(case, plant, operated) * availability * supply * ramp


def existing_capacity(case: Case, plant: Plant, year: int) -> float:
    """Capacity of a facility in a year, units of its capacity column."""
    if not is_open(plant, year):
        return 0.0
    row = plant.row
    nameplate = interpolate(row.years, year) if row.years else row.number_of("capacity")
    opens = row.optional("opens")
    operated = None if opens is None else year - int(opens) + 1
    return nameplate * reach(case, plant, operated, year)


def committed_size(plant: Plant, commitment: Commitment) -> float:
    """Capacity committed: units x capacity, or the size of a scalable project."""
    capacity = plant.row.optional("capacity")
    if capacity is None:
        return commitment.size or 0.0
    return commitment.units * capacity


def project_capacity(
    case: Case, plant: Plant, commitments: Iterable[Commitment], year: int
) -> float:
    """Capacity of a project in a year: sum over v of size x reach in its year of operation.

    First operation is recomputed, not taken from the answer.
    """
    total = 0.0
    for commitment in commitments:
        start = commitment.year + lead_years(case, plant, commitment.year)
        if operates(plant, start, year):
            share = reach(case, plant, year - start + 1, year)
            total += committed_size(plant, commitment) * share
    return total


def use_of_capacity(case: Case, plant: Plant, process: str) -> float:
    """Capacity used by a unit of activity: |recipe amount of capacity_of|, or 1."""
    commodity = plant.row.text("capacity_of")
    return abs(case.recipes[process].get(commodity, 0.0)) if commodity else 1.0


def committed_capex(case: Case, commitment: Commitment) -> float:
    """Capex of a commitment, USD million.

    ((capex x factors + shifts) x units + capex_per_unit x factors x size) x capex_share.
    """
    plant = case.projects[commitment.project]
    row = plant.row
    change = effect(case.shocks, "capex", plant.traits, commitment.year)
    unit = max(0.0, row.number_of("capex") * change.factor + change.shift)
    by_size = row.number_of("capex_per_unit") * change.factor * (commitment.size or 0.0)
    if row.optional("capacity") is not None:
        by_size = 0.0
    return (unit * commitment.units + by_size) * row.number_of("capex_share")


def spend_shares(case: Case, project: str, committed: int) -> Mapping[int, float]:
    """Share of capex by calendar year: the spend profile from the year of commitment on, or
    evenly over max(1, lead) years; lead without shocks."""
    plant = case.projects[project]
    name = plant.row.text("spend")
    if name:
        return {committed + n - 1: share for n, share in case.spends[name].items()}
    count = max(1, plain_lead(plant))
    return {committed + n: 1.0 / count for n in range(count)}


def residual_share(case: Case, commitment: Commitment) -> float:
    """Remaining life after last_year over life; 0 where no life is given."""
    plant = case.projects[commitment.project]
    life = plant.row.optional("life")
    if life is None:
        return 0.0
    start = commitment.year + lead_years(case, plant, commitment.year)
    remaining = start + life - 1 - case.tables.last_year
    return min(max(remaining, 0.0), life) / life
