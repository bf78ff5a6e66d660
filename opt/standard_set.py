"""The run on a case and the standard set of studies of it, within a stated time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping

from opt import best_plans, questions
from opt.data.graded_ranges import HALF_WIDTHS
from opt.errors import InfeasibleError, InputError, StoppedError
from opt.record.brief import Brief, BriefPart
from opt.record.run import Run
from opt.record.shown import Shown
from opt.solver.control import Limits
from opt.solver.weighted import is_small
from opt.studies.alternatives import MOST
from opt.studies.runner import Runner

Study = Callable[[Run, Runner], Shown]
MINUTES = 15.0
STOPPED = "stopped before it was begun"
# In a large case: cells whose switching values are looked for, and lists of projects.
FEW_CELLS, FEW_LISTS = 3, 2
RISK = "risk"  # asked where the workbook states probabilities
# Asked of a small case with several programmes: of a large one it takes as long as all else.
POOL = "pool"


def _stress(run: Run, runner: Runner) -> Shown:
    """In a small case beside the best plan of every scenario too: of a large one it takes as long
    as all else."""
    return questions.stress(run, runner, regret=is_small(best_plans.base_asked(run).instance))


def _alternatives(run: Run, runner: Runner) -> Shown:
    small = is_small(best_plans.base_asked(run).instance)
    return best_plans.alternatives(run, most=MOST if small else FEW_LISTS, runner=runner)


def _pool(run: Run, runner: Runner) -> Shown:
    return questions.pool(best_plans.case_of(run), run.scenario, runner)


def _risk(run: Run, runner: Runner) -> Shown:
    case = best_plans.case_of(run)
    return questions.risk(case, choices=bool(case.tables.rows["stockpiles"]), runner=runner)


def _sensitivity(run: Run, runner: Runner) -> Shown:
    """In a large case the ranges that the workbook gives alone, and fewer values at which the plan
    switches: figures by grade are several times as many."""
    if is_small(best_plans.base_asked(run).instance):
        return questions.sensitivity(run, runner)
    widths = dict.fromkeys(HALF_WIDTHS, 0.0)
    return questions.sensitivity(run, runner, top=FEW_CELLS, half_widths=widths)


# In the order in which they are worked out: what a decision needs first.
STUDIES: Mapping[str, Study] = {
    "stress": _stress,
    "options": questions.options,
    "frontier": best_plans.frontier,
    "labels": lambda run, runner: best_plans.labels(run, runner=runner),
    "explain": best_plans.explain_left_out,
    "sensitivity": _sensitivity,
    "alternatives": _alternatives,
    POOL: _pool,
    RISK: _risk,
}


def brief(
    run: Run, seconds: float = 60 * MINUTES, runner: Runner | None = None, names: Iterable[str] = ()
) -> Brief:
    """The standard set of studies of a finished run, or those of some `names`, within so many
    seconds: one after the other, each with all that is left, since one that is finished says more
    than several that are not. Risk is asked where the workbook states the probability of a
    scenario, pooling of a small case with several programmes, and each where it is named.

    `runner` says by how many processes they are worked out and where answers are kept: one that was
    stopped goes on where it was. What was not finished is told, and no error.
    """
    runner = runner or questions.alone()
    asked = {name: STUDIES[name] for name in names} or _of(run)
    limits = Limits(runner.control.threads, runner.control.seed, seconds)
    own = dataclasses.replace(runner, control=runner.control.within(limits))
    parts: list[BriefPart] = []
    answers: dict[str, Shown] = {}
    runner.listener.expect(tuple(asked))
    for name, study in asked.items():
        reason = STOPPED if own.control.stopped else ""
        if not reason:
            runner.listener.begin(name)
            try:
                answers[name] = study(run, own)
            except (InfeasibleError, InputError, StoppedError) as error:
                reason = str(error).removesuffix(".")
        complete = name in answers and bool(getattr(answers[name], "complete", False))
        stopped = own.control.stopped and not complete
        parts.append(BriefPart(name, complete, reason, stopped))
    return Brief(run, tuple(parts), answers)


def _of(run: Run) -> dict[str, Study]:
    """The studies that a run has something to ask of."""
    asked = {RISK: _states_probabilities(run), POOL: _has_budgets_to_pool(run)}
    return {name: own for name, own in STUDIES.items() if asked.get(name, True)}


def _has_budgets_to_pool(run: Run) -> bool:
    """Whether a case is small and has several programmes."""
    return len(run.case.programmes) > 1 and is_small(best_plans.base_asked(run).instance)


def _states_probabilities(run: Run) -> bool:
    """Whether the workbook says of any scenario how likely it is: without that a mean over
    scenarios is none that anyone asked for."""
    rows = best_plans.case_of(run).tables.rows["scenarios"]
    return any(row.optional("probability") is not None for row in rows)
