"""Every objective, recomputed in the written flows, and the passes that each one asks for."""

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
from opt.record.passes import Pass

YEARLY = "dependence@"


def cost(evidence: Evidence) -> float:
    """Sum of all parts of the discounted cost, USD million."""
    return sum(discounted_parts(evidence).values())


def total_dependence(evidence: Evidence) -> float:
    """Dependence over the counted years, of the allied flows."""
    return dependence(evidence, evidence.allied)


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


OBJECTIVES: Mapping[str, Callable[[Evidence], float]] = {
    "dependence": total_dependence,
    "shortfall": total_shortfall,
    "cost": cost,
    "public": public_musd,
    "peak": peak,
    "value-weighted": value_weighted,
    WORLD: others_shortage,
}
NO_SHARES = ("cost", "public", WORLD)

# The passes of each objective, by the design; dependence@YEAR goes before dependence.
ORDER: Mapping[str, tuple[str, ...]] = {
    "dependence": ("dependence", "shortfall", "cost"),
    "cost": ("shortfall", "cost", "dependence"),
    "public": ("public", "dependence", "shortfall", "cost"),
    "peak": ("peak", "dependence", "shortfall", "cost"),
    "value-weighted": ("value-weighted", "dependence", "shortfall", "cost"),
}


def order_of(objective: str) -> tuple[str, ...]:
    """The passes that an objective asks for, in order, without the world's."""
    if objective.startswith(YEARLY):
        return (objective, *ORDER["dependence"])
    return ORDER.get(objective, ())


def is_share(objective: str) -> bool:
    """Whether an objective is a share of allied demand; else it is USD million, or units."""
    return objective not in NO_SHARES


def is_objective(evidence: Evidence, name: str) -> bool:
    """Whether there is such an objective, and its year is one of the plan."""
    year = name.removeprefix(YEARLY)
    if name.startswith(YEARLY):
        return year.isdigit() and int(year) in evidence.case.years
    return name in OBJECTIVES


def objective_value(evidence: Evidence, name: str) -> float:
    """The value of an objective in the written flows: a share, USD million, or units."""
    if name.startswith(YEARLY):
        year = int(name.removeprefix(YEARLY))
        return dependence_by_year(evidence, evidence.allied)[year].dependence()
    return OBJECTIVES[name](evidence)


def gap_excess(evidence: Evidence, line: Pass) -> float:
    """By how much |value - bound| exceeds what was asked: cost_gap or gap x |value|, and the
    solver's own 2e-6, or 2e-6 x value where that is more; of the world's pass nothing is asked."""
    if line.objective == WORLD or not line.is_proven:
        return 0.0
    asked = evidence.case.setting("cost_gap" if line.objective == "cost" else "gap", 0.0)
    slack = PASS_SLACK * max(1.0, abs(line.value))
    return abs(line.value - line.bound) - asked * abs(line.value) - slack
