"""Why no plan obeys every rule, in the user's words."""

from __future__ import annotations

import dataclasses

from opt.data.instance import Instance
from opt.results.solution import Outcome, Pass
from opt.solver.priorities import run_pass
from opt.solver.progress import Silent
from opt.solver.stage import Job, deciding_origins, open_stage


def explain_infeasible(job: Job) -> str:
    """Which demands of the workbook stand against each other.

    Only a given plan, forced projects and a dependence target can leave no plan at all: everything
    else can be left unbuilt and every demand short. They are let go one after the other until a
    plan exists.
    """
    instance = job.instance
    free = dataclasses.replace(job.options, plan=None, improve=False)
    if job.options.fixed and _best(job.of(instance, free)) is not None:
        return (
            "The given plan breaks a rule: the programmes cannot pay for it within their amounts, "
            f"yearly limits, shares and commitment years{_ceilings(instance)}, or it misses the "
            "dependence target. Raise a programme, or evaluate fewer projects."
        )
    if instance.dependence_target is not None:
        best = _best(job.of(instance.replace(dependence_target=None), free))
        if best is not None:
            return (
                f"settings: dependence_target {instance.dependence_target:.1%} cannot be met. "
                f"{_least(best)} Raise the target or the budgets."
            )
    if job.control.stopped:
        return (
            "No plan obeys every rule; the search for what stands against what was stopped. "
            "Raise time_limit."
        )
    forced = sorted(j for j, project in instance.projects.items() if project.forced)
    return (
        f"The forced projects cannot all be built: {', '.join(forced)}. The programmes cannot pay "
        "for them within their amounts, yearly limits, shares and commitment years"
        f"{_ceilings(instance)}. "
        "Free one of them in column decision of sheet projects, or raise a programme."
    )


def _ceilings(instance: Instance) -> str:
    """What else may stand against a plan, where the workbook limits private money or building."""
    return (
        ", or a row of private_capital or build_limits stands against that"
        if instance.ceilings
        else ""
    )


def _best(job: Job) -> Pass | None:
    """The pass of least dependence, or None where no plan was found."""
    stage = open_stage(job, deciding_origins(job.instance))
    result, plan, _ = run_pass(stage, "dependence", None, Silent())
    return None if plan is None else result


def _least(best: Pass) -> str:
    """What can be reached instead, as far as it is proven."""
    if best.outcome is Outcome.OPTIMAL:
        return f"The least dependence within these budgets is {best.value:.1%}."
    return f"The best plan found before time ran out reaches {best.value:.1%}."
