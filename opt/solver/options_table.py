"""Cases beside a plan: what less and more money would do.

Each is solved for dependence alone on the clear chain, so that a row of the memo's options table
costs a fraction of the whole solve.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import Any

from opt.data.instance import Instance, Programme
from opt.fixed import FixedCommitment
from opt.model.objectives import measure
from opt.record.demand import Metrics, YearMetrics
from opt.record.options import Option
from opt.record.projects import Commitment
from opt.record.run import Solution
from opt.results.metrics import paid_by_programme, year_metrics
from opt.solver.dive import cheaper_plan
from opt.solver.extract import Reader
from opt.solver.highs import may_bound
from opt.solver.priorities import run_pass, starting_plan
from opt.solver.settle import Decided, settle
from opt.solver.stage import Job, deciding_origins, open_stage

LARGER = 1.25
LEAST_MONEY = ("public", "cost")
# What the passes' own tolerances may move a share by.
SAME = 1e-7


def options_table(
    job: Job, nothing: Option, best: Option, solution: Solution
) -> tuple[Option, ...]:
    """No new money, do the minimum, the best plan, a larger budget.

    Without forced projects the minimum is no new money. A row whose case has no plan, as when
    forced projects cannot be paid alone, is left out. A run that was stopped early solves no other
    case, and one that asked for the least money no larger budget.
    """
    least = only_forced(job.instance)
    minimum: Option | None = None
    if least.projects:
        note = "Builds only what the workbook forces, and what that requires."
        if not job.control.stopped:
            minimum = option_of(job.of(least), "Do the minimum", note)
    else:
        note = "No project is forced: the same as no new money."
        minimum = dataclasses.replace(nothing, name="Do the minimum", note=note)
    more = None
    if not job.control.stopped and job.options.objective not in LEAST_MONEY:
        more = _with_more(job, best, solution)
    return tuple(row for row in (nothing, minimum, best, more) if row is not None)


def _with_more(job: Job, best: Option, solution: Solution) -> Option | None:
    """The row of the larger budget: the plan again where more money buys nothing."""
    name, larger = "A larger budget", f"Every programme {LARGER - 1:.0%} larger."
    note = f"{larger} Its cost is searched on the clear chain alone."
    row = option_of(job.of(larger_budget(job.instance)), name, note, solution.commitments)
    if row is None:
        return None
    if not may_bound(best.dependence, row.bound):
        # More money can only lower dependence: a bound above what less money reaches is none.
        row = dataclasses.replace(row, bound=-math.inf)
    if row.dependence < best.dependence - SAME:
        return row
    again = "the given plan" if job.options.fixed else "the best plan"
    note = f"{larger} No plan is better by more than the gap: {again} again."
    return dataclasses.replace(best, name=name, note=note, bound=min(row.bound, best.bound))


def only_forced(instance: Instance) -> Instance:
    """The case in which nothing but forced projects, and what they require, can be built."""
    kept: set[str] = set()
    waiting = [j for j, project in instance.projects.items() if project.forced]
    while waiting:
        j = waiting.pop()
        if j and j not in kept:
            kept.add(j)
            waiting.append(instance.projects[j].requires)
    return instance.with_projects({j: p for j, p in instance.projects.items() if j in kept})


def larger_budget(instance: Instance, factor: float = LARGER) -> Instance:
    """The case with every programme's amount and yearly limits multiplied."""
    programmes = {k: _larger(p, factor) for k, p in instance.programmes.items()}
    return instance.replace(programmes=programmes)


def _larger(programme: Programme, factor: float) -> Programme:
    limits = {t: limit * factor for t, limit in programme.limits.items()}
    return dataclasses.replace(programme, amount=programme.amount * factor, limits=limits)


def option_of(job: Job, name: str, note: str, start: Sequence[Commitment] = ()) -> Option | None:
    """One row of the options table; None where the case has no plan.

    `start` is a plan that the case allows: it stays where no other lowers dependence. A plan of
    least dependence alone holds projects that help nothing, so a better one is made cheaper before
    anything is said of its money.
    """
    instance = job.instance.replace(dependence_target=None)
    given = fixed(start)
    free = dataclasses.replace(job.options, plan=given, improve=True)
    stage = open_stage(job.of(instance, free), deciding_origins(instance))
    began = starting_plan(stage, "dependence")
    result, plan, _ = run_pass(stage, "dependence", began, job.listener, title=name)
    if plan is None:
        return None
    stage.keep("dependence", result.value)
    plan = plan if plan == began else cheaper_plan(stage, plan, job.listener, name)
    point = stage.complete(measure(stage.model, "cost"), plan).point
    assert point is not None, name  # the plan keeps the row by which it was found
    reader = Reader(stage.solver, stage.model, point)
    decided = Decided.of(reader)
    commitments, deliveries = decided.commitments, decided.flows.deliveries
    paid = settle(job.of(instance), decided)
    paid_by = paid_by_programme(paid)
    years = [year_metrics(instance, deliveries, t) for t in instance.dependence_years]
    return Option(
        name=name,
        dependence=result.value,
        bound=result.bound,
        public_musd=math.fsum(payment.paid_musd for payment in paid),
        capex_musd=math.fsum(c.capex_musd for c in commitments),
        cost_musd=None,
        **_worst(years),
        plants=len({c.project for c in commitments}),
        first_output=min((c.first_operation for c in commitments), default=None),
        note=note,
        by_year=tuple(years),
        commitments=fixed(commitments),
        paid_by=paid_by,
    )


def option_of_run(
    name: str, note: str, bound: float, metrics: Metrics, solution: Solution
) -> Option:
    """The row of an answer that was solved whole."""
    counted = tuple(year for year in metrics.by_year if year.counted)
    return Option(
        name=name,
        dependence=metrics.dependence,
        bound=bound,
        public_musd=metrics.public_musd,
        capex_musd=metrics.capex_musd,
        cost_musd=metrics.cost_musd,
        **_worst(counted),
        plants=len({c.project for c in solution.commitments}),
        first_output=min((c.first_operation for c in solution.commitments), default=None),
        note=note,
        by_year=counted,
        commitments=fixed(solution.commitments),
        paid_by=paid_by_programme(solution.payments),
    )


def _worst(years: Sequence[YearMetrics]) -> dict[str, Any]:
    """The counted year of highest dependence."""
    worst = max(years, key=lambda y: y.dependence)
    return {"worst_year": worst.year, "worst_year_dependence": worst.dependence}


def fixed(commitments: Iterable[Commitment]) -> tuple[FixedCommitment, ...]:
    """Commitments as a plan that may be given."""
    return tuple(FixedCommitment(c.project, c.year, c.units, c.size) for c in commitments)
