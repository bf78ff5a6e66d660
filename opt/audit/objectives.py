"""Every objective, recomputed in the written flows, in arithmetic of the audit's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opt.audit.answer import WORLD
from opt.audit.check import PASS_SLACK
from opt.audit.evidence import Evidence
from opt.audit.worth import (
    dependence,
    dependence_by_year,
    discounted_parts,
    public_musd,
    shortfall,
)
from opt.objectives import Kind, find_objective, objective_of
from opt.record.passes import Pass


def cost(evidence: Evidence) -> float:
    """Sum of all parts of the discounted cost, USD million."""
    return sum(discounted_parts(evidence).values())


def total_dependence(evidence: Evidence) -> float:
    """Dependence over the counted years, of the allied flows."""
    return dependence(evidence, evidence.allied)


def dependence_in(evidence: Evidence, year: int) -> float:
    """Dependence of one year alone, of the allied flows."""
    return dependence_by_year(evidence, evidence.allied)[year].dependence()


def total_shortfall(evidence: Evidence) -> float:
    """Shortfall over all years, of the allied flows."""
    return shortfall(evidence, evidence.allied)


def peak(evidence: Evidence) -> float:
    """The largest dependence of a counted year; 0 where no year counts."""
    by_year = dependence_by_year(evidence, evidence.allied)
    counted = (d.dependence() for t, d in by_year.items() if evidence.case.is_counted(t))
    return max(counted, default=0.0)


def value_weighted(evidence: Evidence) -> float:
    """Sum of weight x price x (exposed + short) / sum of weight x price x demand, over allied
    demands and the counted years; the price is that of the commodity where it is asked for in the
    year. 0 where no demand is worth anything."""
    case = evidence.case
    worth = {
        (key, year): case.demands[key].number_of("weight")
        * evidence.prices.worth(key[1], key[0], year)
        for key, year in case.demand
        if case.is_allied(key[0]) and case.is_counted(year)
    }
    whole = sum(worth[key] * case.demand[key] for key in worth)
    part = sum(
        worth.get(((d.region, d.commodity, d.segment), d.year), 0.0) * (d.exposed + d.short)
        for d in evidence.allied.flows.deliveries
    )
    return part / whole if whole else 0.0


def others_shortage(evidence: Evidence) -> float:
    """What regions outside the alliance are short of in the world's flows, all years, units."""
    return sum(
        given.short
        for given in evidence.sums[WORLD].flows.deliveries
        if not evidence.case.is_allied(given.region)
    )


# Every objective of opt.objectives; one that is asked for a year takes it.
VALUES: Mapping[str, Callable[..., float]] = {
    "dependence": total_dependence,
    "dependence@YEAR": dependence_in,
    "shortfall": total_shortfall,
    "cost": cost,
    "public": public_musd,
    "peak": peak,
    "value-weighted": value_weighted,
    WORLD: others_shortage,
}


def order_of(objective: str) -> tuple[str, ...]:
    """The passes that an objective asks for, in order, without the world's."""
    asked = find_objective(objective)
    return () if asked is None else asked.passes


def is_share(objective: str) -> bool:
    """Whether an objective is a share of allied demand; else it is USD million, or units."""
    return objective_of(objective).kind is Kind.SHARE


def is_objective(evidence: Evidence, name: str) -> bool:
    """Whether there is such an objective, and its year is one of the plan."""
    found = find_objective(name)
    return found is not None and (found.year is None or found.year in evidence.case.years)


def objective_value(evidence: Evidence, name: str) -> float:
    """The value of an objective in the written flows: a share, USD million, or units."""
    asked = objective_of(name)
    recompute = VALUES[asked.row]
    return recompute(evidence) if asked.year is None else recompute(evidence, asked.year)


def gap_excess(evidence: Evidence, line: Pass) -> float:
    """By how much |value - bound| exceeds what was asked: cost_gap or gap x |value|, and the
    solver's own 2e-6, or 2e-6 x value where that is more; of the world's pass nothing is asked."""
    if line.objective == WORLD or not line.is_proven:
        return 0.0
    asked = evidence.case.setting("cost_gap" if line.objective == "cost" else "gap", 0.0)
    slack = PASS_SLACK * max(1.0, abs(line.value))
    return abs(line.value - line.bound) - asked * abs(line.value) - slack
