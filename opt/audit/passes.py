"""Every objective, recomputed in the written flows in arithmetic of the audit's own, and what is
held of the passes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from opt.audit.case import WORLD
from opt.audit.check import (
    COST_SLACK,
    EARLIER_COST_SLACK,
    FLOOR,
    PASS_SLACK,
    Check,
    KeyedRows,
    OfKind,
    at_most,
    equal,
    holds,
    scales_of,
)
from opt.audit.demand import dependence, dependence_by_year, shortfall
from opt.audit.evidence import Evidence
from opt.audit.idle import idle_musd
from opt.audit.metrics import discounted_parts, public_musd
from opt.audit.rule import of_plan, told
from opt.audit.weighing import mineral_of, over
from opt.objectives import ObjectiveKind, find_objective, objective_of
from opt.record.passes import Pass
from opt.record.shape import MAYBE_NUMBER, NUMBER, TEXT

TINY = 1e-12  # rounding: a bound above its value by less is the value
OUTCOMES = frozenset({"optimal", "feasible"})
KEPT = frozenset({0.0, 1e-9, 1e-8, 1e-7})  # by how much later passes may exceed a pass


def cost(evidence: Evidence) -> float:
    """Sum of all parts of the discounted cost, and of what idle capacity costs, USD million."""
    return sum(discounted_parts(evidence).values()) + idle_musd(evidence)


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
    year. 0 where no demand is worth anything. Where minerals have weights: sum of W x the same of
    each mineral / sum of W."""
    case = evidence.case
    worth = {
        (key, year): case.demands[key].number_of("weight")
        * evidence.prices.worth(key[1], key[0], year)
        for key, year in case.demand
        if case.is_allied(key[0]) and case.is_counted(year)
    }
    wholes: dict[str, float] = defaultdict(float)
    parts: dict[str, float] = defaultdict(float)
    for (key, year), value in worth.items():
        wholes[mineral_of(case, key)] += value * case.demand[key, year]
    for d in evidence.allied.flows.deliveries:
        key = (d.region, d.commodity, d.segment)
        if (key, d.year) in worth:
            parts[mineral_of(case, key)] += worth[key, d.year] * (d.exposed + d.short)
    return over(case, parts, wholes)


def worth(evidence: Evidence) -> float:
    """All public money + worth_of_point x 100 x dependence of the allied flows, USD million."""
    of_point = evidence.case.setting("worth_of_point", 0.0)
    return public_musd(evidence) + of_point * 100.0 * total_dependence(evidence)


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
    "worth": worth,
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
    return objective_of(objective).kind is ObjectiveKind.SHARE


def is_objective(evidence: Evidence, name: str) -> bool:
    """Whether there is such an objective, and its year is one of the plan."""
    found = find_objective(name)
    return found is not None and (found.year is None or found.year in evidence.case.years)


def recomputed_value(evidence: Evidence, name: str) -> float:
    """The value of an objective in the written flows: a share, USD million, or units."""
    asked = objective_of(name)
    recompute = VALUES[asked.row]
    return recompute(evidence) if asked.year is None else recompute(evidence, asked.year)


def gap_excess(evidence: Evidence, line: Pass) -> float:
    """By how much |value - bound| exceeds what was asked, and the solver's own 2e-6, or 2e-6 x
    value where that is more; of the world's pass nothing is asked."""
    if line.objective == WORLD or not line.is_proven:
        return 0.0
    slack = PASS_SLACK * max(1.0, abs(line.value))
    return abs(line.value - line.bound) - allowed_gap(evidence, line) - slack


def allowed_gap(evidence: Evidence, line: Pass) -> float:
    """How far value and bound may lie apart: gap x |value|; of cost cost_gap_added x what the plan
    costs above no new money where that is set and the plan costs more, else cost_gap x |value|."""
    if line.objective != "cost":
        return evidence.case.setting("gap", 0.0) * abs(line.value)
    share = evidence.case.setting("cost_gap_added", math.inf)
    if math.isfinite(share) and cost_added(evidence, line) > 0.0:
        return share * cost_added(evidence, line)
    return evidence.case.setting("cost_gap", 0.0) * abs(line.value)


def cost_added(evidence: Evidence, line: Pass) -> float:
    """What the plan of the cost pass costs above no new money, USD million, idle capacity included;
    the latter as told, which the baseline's own flows confirm (tell_metrics)."""
    told = evidence.answer.record["metrics"]["baseline"]
    return line.value - (float(told["cost_musd"]) + float(told["idle_musd"]))


@of_plan
def keep_order(evidence: Evidence) -> Iterator[Check]:
    """The passes are those of the objective that the settings ask for, in its order, then the
    world's."""
    answer, asked = evidence.answer, evidence.case.setting_text("objective")
    yield holds(("objective", answer.objective), answer.objective == asked)
    passes = [line.objective for line in answer.passes]
    yield holds(("passes", *passes), passes == [*order_of(asked), WORLD])


@of_plan
def keep_pass(evidence: Evidence) -> Iterator[Check]:
    """value - slack <= recomputed <= value + slack in the last pass; an earlier one may have been
    bettered, down to its bound: bound - slack <= recomputed. The world's pass stands for itself.

    Slack 2e-6 of a share; of cost and public money 1e-5 x value in the last pass, 1e-4 x value in
    an earlier one; of the world's shortage 2e-6 x value or x the largest demand.
    """
    passes = evidence.answer.passes
    last = [line.objective for line in passes if line.objective != WORLD][-1:]
    for line in passes:
        right = recomputed_value(evidence, line.objective)
        is_last = not line.is_proven or line.objective in (WORLD, *last)
        scale = _scale(evidence, line)
        slack = _slack(line.objective, is_last) * scale
        least = line.value if is_last else min(line.value, line.bound)
        yield Check((line.objective, "above"), right - line.value - slack, scale)
        yield Check((line.objective, "below"), least - slack - right, scale)


def _scale(evidence: Evidence, line: Pass) -> float:
    """1 of a share, else the value; of money at least a million, of mass the largest demand, where
    there is any."""
    if is_share(line.objective):
        return 1.0
    largest = max(evidence.case.demand.values(), default=0.0) if line.objective == WORLD else 0.0
    return max(largest or 1.0, abs(line.value))


def _slack(objective: str, is_last: bool) -> float:
    """By how much of its scale a pass may differ from what is recomputed."""
    if is_share(objective) or objective == WORLD:
        return PASS_SLACK
    return COST_SLACK if is_last else EARLIER_COST_SLACK


@of_plan
def limit_bound(evidence: Evidence) -> Iterator[Check]:
    """bound <= value of every pass."""
    for line in evidence.answer.passes:
        if line.is_proven:
            yield at_most((line.objective,), line.bound, line.value, 1.0)


@of_plan
def define_gap(evidence: Evidence) -> Iterator[Check]:
    """gap = |value - bound| / |value| of every pass; no gap where there is no bound, or where the
    value is 0 and the bound is not."""
    for line in evidence.answer.passes:
        right = _gap(line)
        known = math.isfinite(line.gap)
        yield holds((line.objective, "known"), (right is not None) == known)
        if right is not None and known:
            yield equal((line.objective,), line.gap, right, FLOOR)


def _gap(line: Pass) -> float | None:
    """None where there is none; 0 where the bound is above the value by no more than rounding."""
    if not line.is_proven:
        return None
    difference = line.value - line.bound
    if -TINY <= difference <= 0.0:
        return 0.0
    return abs(difference) / abs(line.value) if line.value else None


@of_plan
def limit_gap(evidence: Evidence) -> Iterator[Check]:
    """|value - bound| <= asked gap x |value|, of a run that says optimal.

    The asked gap is setting cost_gap in the cost pass, gap in the others; where cost_gap_added is
    set and the plan costs more than no new money, cost_gap_added x (value - cost of no new money)
    takes the place of cost_gap x |value|. The world pass is a report and is left out. Slack 2e-6,
    or 2e-6 x value where that is more: the solver's own.
    """
    if evidence.answer.status != "optimal":
        return
    for line in evidence.answer.passes:
        yield Check((line.objective,), gap_excess(evidence, line), max(1.0, abs(line.value)))


def _gap_of_cost(evidence: Evidence, line: Pass) -> dict[str, Any]:
    """The gap of the cost pass in USD million, and over what the plan costs above no new money."""
    if line.objective != "cost" or not line.is_proven:
        return {"gap_musd": None, "gap_added": None}
    scales, added = scales_of(evidence), cost_added(evidence, line)
    musd = line.value - line.bound
    return {
        "gap_musd": scales.musd(musd),
        "gap_added": scales.share(musd / added) if added > 0.0 else None,
    }


@told
def tell_passes(evidence: Evidence) -> Mapping[str, Any]:
    """Every pass; its numbers are held by keep_pass, limit_bound, define_gap and limit_gap, and
    `seconds` is a clock. status: optimal where every pass is, to the gap asked for."""
    passes = [
        {
            "objective": line.objective,
            "value": OfKind(NUMBER),
            "bound": OfKind(MAYBE_NUMBER),
            "gap": OfKind(MAYBE_NUMBER),
            "seconds": OfKind(NUMBER),
            "status": OfKind(TEXT, OUTCOMES),
            "kept": OfKind(NUMBER, KEPT),
            **_gap_of_cost(evidence, line),
        }
        for line in evidence.answer.passes
    ]
    solved = [
        line.outcome == "optimal" and gap_excess(evidence, line) <= 0.0
        for line in evidence.answer.passes
    ]
    return {
        "passes": KeyedRows(("objective",), passes),
        "status": "optimal" if all(solved) else "feasible",
    }
