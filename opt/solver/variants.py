"""Variants of a case beside its plan: what less and more money would do.

Each is solved for dependence alone on the clear chain, so that a row of the memo's options table
costs a fraction of the whole solve.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from opt.data.instance import Instance, Programme
from opt.results.metrics import year_metrics
from opt.results.run import Option
from opt.results.solution import Metrics, Solution, YearMetrics
from opt.solver.extract import Reader
from opt.solver.priorities import run_pass, settle, starting_plan
from opt.solver.stage import Job, deciding_origins, open_stage

LARGER = 1.25


def options_table(job: Job, nothing: Option, best: Option) -> tuple[Option, ...]:
    """No new money, do the minimum, the best plan, a larger budget.

    Without forced projects the minimum is no new money. A row whose variant has no plan, as when
    forced projects cannot be paid alone, is left out, and so is the larger budget of a run that
    was stopped early.
    """
    least = only_forced(job.instance)
    minimum: Option | None
    if least.projects:
        note = "Builds only what the workbook forces, and what that requires."
        minimum = option_of(job.of(least), "Do the minimum", note)
    else:
        note = "No project is forced: the same as no new money."
        minimum = dataclasses.replace(nothing, name="Do the minimum", note=note)
    more = None
    if not job.control.stopped:
        note = (
            f"Every programme {LARGER - 1:.0%} larger. Found for dependence alone; "
            "its cost is not minimised."
        )
        more = option_of(job.of(larger_budget(job.instance)), "A larger budget", note)
    return tuple(row for row in (nothing, minimum, best, more) if row is not None)


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


def option_of(job: Job, name: str, note: str) -> Option | None:
    """One row of the options table; None where the variant has no plan."""
    instance = job.instance.replace(dependence_target=None)
    free = dataclasses.replace(job.options, plan=None, improve=False)
    stage = open_stage(job.of(instance, free), deciding_origins(instance))
    plan = starting_plan(stage, "dependence")
    result, _, point = run_pass(stage, "dependence", plan, job.listener, title=name)
    if point is None:
        return None
    reader = Reader(stage.solver, stage.model, point)
    commitments = reader.commitments()
    deliveries = reader.deliveries(others=False)
    years = [year_metrics(instance, deliveries, t) for t in instance.dependence_years]
    return Option(
        name=name,
        dependence=result.value,
        bound=result.bound,
        public_musd=sum(p.paid_musd for p in settle(instance, stage, point, job.control)),
        capex_musd=sum(c.capex_musd for c in commitments),
        cost_musd=None,
        **_worst(years),
        plants=len({c.project for c in commitments}),
        first_output=min((c.first_operation for c in commitments), default=None),
        note=note,
    )


def option_of_run(
    name: str, note: str, bound: float, metrics: Metrics, solution: Solution
) -> Option:
    """The row of an answer that was solved whole."""
    return Option(
        name=name,
        dependence=metrics.dependence,
        bound=bound,
        public_musd=metrics.public_musd,
        capex_musd=metrics.capex_musd,
        cost_musd=metrics.cost_musd,
        **_worst([y for y in metrics.by_year if y.counted]),
        plants=len({c.project for c in solution.commitments}),
        first_output=min((c.first_operation for c in solution.commitments), default=None),
        note=note,
    )


def _worst(years: list[YearMetrics]) -> dict[str, Any]:
    """The counted year of highest dependence."""
    worst = max(years, key=lambda y: y.dependence)
    return {"worst_year": worst.year, "worst_year_dependence": worst.dependence}
