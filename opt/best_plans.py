"""What is asked of the best plan of a case, or of a finished run's: which projects are in every
good plan, which other lists come near, why a project is in or out and what it would take.

Each is a study of opt.studies; here it gets its instance, the best plan, and the tables against
which its plans are audited.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence

from opt import questions
from opt.api import Case
from opt.audit import changed
from opt.data.assemble import assemble
from opt.data.book import Book
from opt.data.instance import Instance
from opt.data.reading.changed_cells import cell_with, tables_with
from opt.data.sheets.projects import ProjectRow
from opt.given import find_id, near_of
from opt.questions import alone, base_of, confirm_plan, confirm_step_of, found_plan
from opt.record.alternatives import Alternatives
from opt.record.explain import NOT_PROVEN, Explanation
from opt.record.frontier import Frontier
from opt.record.labels import NO_PLAN, Labels
from opt.record.projects import as_given
from opt.record.run import Run, Solution
from opt.results.bottlenecks import bottlenecks
from opt.solver.weighted import is_small
from opt.studies import alternatives as alternative_study
from opt.studies import explain as explain_study
from opt.studies import labels as label_study
from opt.studies.best import Best, best_plan, roughly
from opt.studies.next_steps import PROGRAMMES, Step, next_steps
from opt.studies.runner import Runner
from opt.studies.task import Base

# Candidates left out of the plan that are explained where none is named.
NEAREST = 3
# Reasons that stand for an answer.
KNOWN = ("", NO_PLAN, NOT_PROVEN)
DECIDED = "the case itself forces it, or offers it in no year: there is nothing to find out"


def labels(
    asked: Case | Run, within: float = 1.0, runner: Runner | None = None, *, exact: bool = False
) -> Labels:
    """Every candidate of a case, or of a finished run's, core, borderline or exterior: within so
    many points of dependence of its best plan. With `exact`, and in a small case, every loss is
    told to the gap of the case, else as far as its label needs it.

    A run's own plan is the best one where the run searched for the least dependence; else that is
    searched for first. Losses are of dependence, whatever the run's objective was. `runner` is as
    in `binding`. Raises InfeasibleError where no plan obeys every rule.
    """
    runner = runner or alone()
    base, best = measured(asked, runner)
    small = is_small(base.instance)
    return label_study.labels(base, best, runner, within / 100, exact=exact or small)


def alternatives(
    asked: Case | Run,
    within: float = 1.0,
    most: int = alternative_study.MOST,
    runner: Runner | None = None,
) -> Alternatives:
    """Up to so many lists of projects of a case, or of a finished run's, within so many points of
    dependence of its best plan, years chosen anew, none with a superfluous project; each plan
    audited.

    `runner` is as in `binding`. Raises InfeasibleError where no plan obeys every rule, AuditError
    where the audit disagrees.
    """
    runner = runner or alone()
    base, best = measured(asked, runner)
    tables = case_of(asked).tables

    def confirm(key: str, plan: Solution, value: float) -> None:
        confirm_plan(tables, base.instance.scenario, key, found_plan(plan, value))

    reach = alternative_study.Reach(within / 100, most)
    return alternative_study.alternatives(base, best, runner, reach, confirm)


def frontier(run: Run, runner: Runner | None = None) -> Frontier:
    """Money against dependence in a run's case, all programmes together, the run's own plan among
    the points: in a large case that is not searched for again. `runner` is as in `binding`.

    Raises AuditError where the audit disagrees.
    """
    runner = runner or alone()
    # A bound proven under a target or within some changes of a plan does not hold without.
    target = base_asked(run).instance.dependence_target
    held = run.near is not None or target is not None
    known = None if held else measured(run, runner)[1]
    return questions.frontier(case_of(run), scenario=run.scenario, runner=runner, best=known)


def explain(
    run: Run, names: Sequence[str] = (), runner: Runner | None = None, *, exact: bool = False
) -> Explanation:
    """Why some projects of a run's case are in its best plan or not, and what it would take; of no
    names: all that the plan builds, and what comes nearest of what it leaves out. Beside them what
    waiting a year loses, where the run still touches the covered bloc, and what the next billion of
    each programme does. Each plan is audited.

    In a large case what is lost is told as far as labels need it, what waiting and money do to half
    a point; with `exact`, and in a small case, to the gap of the case. `runner` is as in `binding`.
    Raises InputError for an unknown project, InfeasibleError where no plan obeys every rule,
    AuditError where the audit disagrees.
    """
    runner = runner or alone()
    base, best = measured(run, runner)
    tables = run.workbook
    chosen = [name for name in (find_id(tables, "projects", "project", n) for n in names) if name]
    exact = exact or is_small(base.instance)
    asked = chosen or [*sorted(best.projects), *_nearest(run, base, best, runner, exact=exact)]
    return _explained(run, base, best, asked, runner, exact=exact)


def explain_left_out(run: Run, runner: Runner | None = None) -> Explanation:
    """The same of what comes nearest alone of what the plan leaves out, without the next billion of
    each programme, which `frontier` tells too."""
    runner = runner or alone()
    base, best = measured(run, runner)
    exact = is_small(base.instance)
    asked = _nearest(run, base, best, runner, exact=exact)
    return _explained(run, base, best, asked, runner, exact=exact, money=False)


def _nearest(run: Run, base: Base, best: Best, runner: Runner, *, exact: bool) -> list[str]:
    """The candidates that the best plan leaves out and that lose least when they are forced in,
    those with a name before placeholders."""
    found = label_study.labels(base, best, runner, explain_study.WITHIN, exact=exact)
    left = [row for row in found.projects if not row.chosen and math.isfinite(row.in_high)]
    projects = run.case.projects
    left.sort(key=lambda r: (projects[r.project].placeholder, r.in_high, r.in_low, r.project))
    return [row.project for row in left[:NEAREST]]


def _explained(
    run: Run,
    base: Base,
    best: Best,
    asked: Sequence[str],
    runner: Runner,
    *,
    exact: bool,
    money: bool = True,
) -> Explanation:
    case, tables = case_of(run), run.workbook

    def confirm(project: str, built: bool, plan: Solution, value: float) -> None:
        decided = changed.decided(tables, {project: "force" if built else "forbid"})
        confirm_plan(decided, run.scenario, f"{project} decided otherwise", found_plan(plan, value))

    leads = {row.project: row.lead_time for row in Book(tables).rows(ProjectRow)}
    question = explain_study.Question(
        base, best, runner, _sooner_of(run, base), _whole_years(leads), confirm, exact
    )
    rows = explain_study.explained(question, list(dict.fromkeys(asked)))
    rough = roughly(base, best.value, exact=exact)
    waiting = explain_study.waiting(rough, best, runner)
    steps, unknown = _next_money(case, rough, best, runner) if money else ({}, ())
    left = [name for name in asked if name not in {row.project for row in rows}]
    reasons = [(name, DECIDED) for name in left]
    reasons += [(row.project, row.reason) for row in rows]
    reasons += [(row.project, row.reason) for row in waiting]
    reasons += [(w.project, w.reason) for row in rows for w in row.would_take]
    told = dict.fromkeys(f"{name}: {why}" for name, why in reasons if why not in KNOWN)
    return Explanation(
        best=best.value,
        bound=best.bound,
        projects=rows,
        waiting=waiting,
        bottlenecks=bottlenecks(run),
        next_dollar=steps,
        not_known=(*told, *unknown),
    )


def _whole_years(leads: Mapping[str, float]) -> dict[str, int]:
    """Lead times in whole years, a fraction not counted: by so much they can be shorter."""
    return {name: int(years) for name, years in leads.items()}


def _sooner_of(run: Run, base: Base) -> Callable[[str, int], Instance]:
    """The case with a project's lead time so many years shorter, of its cell."""
    tables = run.workbook

    def sooner(project: str, years: int) -> Instance:
        (row,) = (r for r in tables.rows["projects"] if r.text("project") == project)
        cell = cell_with(row, "lead_time", row.number_of("lead_time") - years)
        found = assemble(tables_with(tables, [cell]), run.scenario)
        return found.replace(near=base.instance.near)

    return sooner


def _next_money(
    case: Case, base: Base, best: Best, runner: Runner
) -> tuple[dict[str, tuple[tuple[float, float], ...]], tuple[str, ...]]:
    """Amount and least dependence of each programme, as it is and with a billion more; and what of
    it is not known."""
    tables = tables_with(case.tables, settings={"dependence_target": None})
    instance = base.instance

    def confirm(step: Step | None, plan: Solution, value: float) -> None:
        confirm_step_of(tables, instance, step, found_plan(plan, value))

    found, unknown = next_steps(base, runner, best.plan, confirm)
    money = [row for row in found if row.subject == PROGRAMMES]
    amounts = {row.name: instance.programmes[row.name].amount for row in money}
    steps: dict[str, tuple[tuple[float, float], ...]] = {
        row.name: (
            (amounts[row.name], best.value),
            (amounts[row.name] + row.more, min(row.dependence, best.value)),
        )
        for row in money
    }
    return steps, unknown


def measured(asked: Case | Run, runner: Runner) -> tuple[Base, Best]:
    """A case, or a finished run's, and its plan of least dependence with what is proven of it."""
    base = base_asked(asked)
    if not isinstance(asked, Run):
        return base, best_plan(base, runner)
    plan = as_given(asked.solution.commitments)
    first = asked.passes[0]
    if asked.is_given or first.objective != "dependence":
        return base, best_plan(base, runner, plan)
    return base, Best(plan, first.value, first.bound)


def base_asked(asked: Case | Run) -> Base:
    """A case as its settings ask for it, of a finished run in its scenario."""
    if not isinstance(asked, Run):
        return base_of(asked)
    base = base_of(case_of(asked), asked.scenario)
    return dataclasses.replace(base, instance=base.instance.replace(near=near_of(asked.near)))


def case_of(asked: Case | Run) -> Case:
    """A case; of a finished run that of the copy of its workbook."""
    return Case(asked.workbook, asked.overrides) if isinstance(asked, Run) else asked
