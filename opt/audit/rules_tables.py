"""The written yearly tables (dependence, money, costs) and the passes of the solve."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from opt.audit.answer import WORLD
from opt.audit.check import (
    COST_SLACK,
    EARLIER_COST_SLACK,
    FLOOR,
    PASS_SLACK,
    Check,
    at_most,
    equal,
    holds,
    within,
)
from opt.audit.evidence import Evidence
from opt.audit.limits import (
    NOTHING,
    Amounts,
    amount_and_left,
    amounts_by_year,
    limit_and_left,
)
from opt.audit.mixing import pooled_shares
from opt.audit.objectives import (
    gap_excess,
    is_share,
    objective_value,
    order_of,
)
from opt.audit.rules_metrics import check_year
from opt.audit.worth import cost_lines, dependence_by_year
from opt.record.money import ProgrammeYear
from opt.record.passes import Pass

TINY = 1e-12  # rounding: a bound above its value by less is the value


def define_dependence_table(evidence: Evidence) -> Iterator[Check]:
    """dependence.csv holds by_year, and the baseline's dependence of the same year beside it."""
    rows = {row.year: row for row in evidence.answer.dependence}
    before = dependence_by_year(evidence, evidence.baseline)
    for year, right in dependence_by_year(evidence, evidence.allied).items():
        row = rows.pop(year, None)
        yield holds((year,), row is not None)
        if row is None:
            continue
        yield from check_year(evidence, asdict(row), right, year, ())
        right_before = before[year].dependence()
        yield within((year, "baseline_dependence"), row.baseline_dependence, right_before, 0.0)
    for year in rows:
        yield holds((year, "outside the plan"), False)


def define_pooled_column(evidence: Evidence) -> Iterator[Check]:
    """pooled_dependence of dependence.csv = pooled_by_year recomputed of the world's flows.

    Not of a year in which the shares do not settle.
    """
    _, by_year = pooled_shares(evidence, evidence.sums[WORLD])
    for row in evidence.answer.dependence:
        right = by_year.get(row.year)
        if right is not None:
            yield within((row.year,), row.pooled_dependence, right, 0.0)


def define_money_table(evidence: Evidence) -> Iterator[Check]:
    """money.csv: committed = sum of pay committed in t, face value; due = sum of pay x charge x
    spend[t - v]; both with what is paid in t for stock and support; repaid = sum of pay x charge /
    repay_years of what comes back in t; limit = the year's, with carry_over and what earlier years
    left; left = limit - due + repaid; amount_left = amount - sum of charge x committed so far + sum
    of repaid so far.

    Blank limit and left where there is no limit. USD million.
    """
    floor = evidence.case.money_floor
    amounts = amounts_by_year(evidence)
    rows = {(row.programme, row.year): row for row in evidence.answer.money}
    for key in sorted(amounts.keys() | rows.keys()):
        row = rows.get(key)
        right = amounts.get(key, NOTHING)
        if row is None:
            # years after last_year need no row: they count against no limit
            missing = sum(right) if key[1] in evidence.case.years else 0.0
            yield at_most((*key, "missing"), missing, 0.0, floor)
            continue
        yield equal((*key, "committed"), row.committed_musd, right.committed, floor)
        yield equal((*key, "due"), row.due_musd, right.due, floor)
        yield equal((*key, "repaid"), row.repaid_musd, right.repaid, floor)
        yield from _check_limit(evidence, amounts, row)


def _check_limit(
    evidence: Evidence, amounts: Mapping[tuple[str, int], Amounts], row: ProgrammeYear
) -> Iterator[Check]:
    key = (row.programme, row.year)
    limit, left = limit_and_left(evidence, amounts, *key)
    amount, free = amount_and_left(evidence, amounts, *key)
    scale = max(evidence.case.money_floor, limit or 0.0, amount or 0.0)
    pairs = (
        ("limit", row.limit_musd, limit),
        ("left", row.left_musd, left),
        ("amount", row.amount_musd, amount),
        ("amount_left", row.amount_left_musd, free),
    )
    for name, given, right in pairs:
        yield holds((*key, name), (given is None) == (right is None))
        yield equal((*key, name), given or 0.0, right or 0.0, scale)


def define_costs_table(evidence: Evidence) -> Iterator[Check]:
    """costs.csv: cost by part and year, and the same x (1 + discount_rate)^-(t - first_year).

    USD million; a line left out is 0.
    """
    floor = evidence.case.money_floor
    lines = cost_lines(evidence)
    rows = {(row.part, row.year): (row.musd, row.discounted_musd) for row in evidence.answer.costs}
    for key in sorted(lines.keys() | rows.keys()):
        musd, discounted = rows.get(key, (0.0, 0.0))
        right = lines.get(key, 0.0)
        yield equal((*key, "musd"), musd, right, floor)
        yield equal((*key, "discounted"), discounted, right * evidence.case.discount(key[1]), floor)


def keep_order(evidence: Evidence) -> Iterator[Check]:
    """The passes are those of the objective that the settings ask for, in its order, then the
    world's."""
    answer, asked = evidence.answer, str(evidence.case.tables.settings["objective"])
    yield holds(("objective", answer.objective), answer.objective == asked)
    passes = [line.objective for line in answer.passes]
    yield holds(("passes", *passes), passes == [*order_of(asked), WORLD])


def keep_pass(evidence: Evidence) -> Iterator[Check]:
    """value - slack <= recomputed <= value + slack in the last pass; an earlier one may have been
    bettered, down to its bound: bound - slack <= recomputed. The world's pass stands for itself.

    Slack 2e-6 of a share; of cost and public money 1e-5 x value in the last pass, 1e-4 x value in
    an earlier one; of the world's shortage 2e-6 x value or x the largest demand.
    """
    passes = evidence.answer.passes
    last = [line.objective for line in passes if line.objective != WORLD][-1:]
    for line in passes:
        right = objective_value(evidence, line.objective)
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


def limit_bound(evidence: Evidence) -> Iterator[Check]:
    """bound <= value of every pass."""
    for line in evidence.answer.passes:
        if line.is_proven:
            yield at_most((line.objective,), line.bound, line.value, 1.0)


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


def limit_gap(evidence: Evidence) -> Iterator[Check]:
    """|value - bound| <= asked gap x |value|, of a run that says optimal.

    The asked gap is setting cost_gap in the cost pass, gap in the others; the world pass is a
    report and is left out. Slack 2e-6, or 2e-6 x value where that is more: the solver's own.
    """
    if evidence.answer.status != "optimal":
        return
    for line in evidence.answer.passes:
        yield Check((line.objective,), gap_excess(evidence, line), max(1.0, abs(line.value)))
