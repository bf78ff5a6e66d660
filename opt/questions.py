"""What can be asked of a case, or of a finished run, beside its plan: many solves each.

Each question is a study of opt.studies; here it gets its instance, what the settings ask for, and
who runs it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from opt.api import Case, again
from opt.audit.plan import FoundPlan, audit_plan
from opt.data.assemble import assemble
from opt.data.sheets.setup import CaseSettings
from opt.data.tables import Tables
from opt.errors import AuditError
from opt.given import find_id, limits_of, options_of
from opt.record.projects import as_given
from opt.record.run import Run
from opt.results.grades import PlanGrades, grades_of_projects
from opt.solver.control import Control
from opt.solver.progress import Listener, Silent
from opt.solver.stage import SolveOptions
from opt.studies import binding as binding_study
from opt.studies.baseline import do_nothing
from opt.studies.binding import SUBJECTS, Binding
from opt.studies.calibration import CalibrationResult, calibration_results
from opt.studies.change import baseline
from opt.studies.grades import plan_grades
from opt.studies.runner import Runner
from opt.studies.task import Base


def calibrate(case: Case, control: Control | None = None) -> tuple[CalibrationResult, ...]:
    """The baseline without new money beside every published figure of sheet calibration.

    It begins in calibrate_from where that setting is given.
    """
    if case.settings.calibrate_from is not None:
        case = again(case, {"first_year": case.settings.calibrate_from})
    empty = baseline(assemble(case.tables), case.settings.baseline)
    options = SolveOptions(cost_gap=case.settings.cost_gap)
    control = (control or Control()).start(limits_of(case.settings))
    nothing = do_nothing(empty, options, control, Silent())
    return calibration_results(empty, nothing, case.tables.rows["calibration"])


def weigh_grades(run: Run, listener: Listener | None = None) -> PlanGrades:
    """How much of a run's plan rests on which grade of data: one linear programme a grade.

    Dependence is the least that the commitments can reach, whatever the run's objective and
    targets were.
    """
    tables = run.workbook
    plan = as_given(run.solution.commitments)
    # Linear programmes alone, which no limit cuts short.
    limits = dataclasses.replace(limits_of(CaseSettings(tables.settings)), seconds=math.inf)
    base = Base(assemble(tables, run.scenario, plan), SolveOptions(), limits)
    runner = Runner(Control().start(limits), listener or Silent())
    grade = grades_of_projects(tables)
    frozen = CaseSettings(tables.settings).baseline == "frozen"
    before = run.baseline.dependence
    return plan_grades(base, run.solution, before, grade, runner, frozen=frozen)


def binding(
    case: Case,
    scenario: str | None = None,
    subjects: Sequence[str] = SUBJECTS,
    runner: Runner | None = None,
    *,
    absence_alone: bool = False,
) -> Binding:
    """What binds in one scenario of a case (None: the base case): its programmes, its limits and
    its targets, or some of these `subjects`; with `absence_alone` only what no plan can
    beat, in the case and without each.

    `runner` says by how many processes it is worked out and where answers are kept; in this process
    and nowhere without it. Raises InputError for an unknown scenario.
    """
    base = base_of(case, scenario)
    return binding_study.binding(base, runner or alone(), subjects, absence_alone=absence_alone)


def base_of(case: Case, scenario: str | None = None) -> Base:
    """One scenario of a case (None: the base case), as its settings ask for it.

    Raises InputError for an unknown scenario.
    """
    scenario = find_id(case.tables, "scenarios", "scenario", scenario)
    instance = assemble(case.tables, scenario)
    return Base(instance, options_of(case.settings), limits_of(case.settings))


def confirm_plan(tables: Tables, scenario: str | None, key: str, found: FoundPlan) -> None:
    """Audit a plan that a study found against the tables of the case that was asked about: of a
    changed case the changed ones (opt.audit.changed).

    Raises AuditError, whose `run` is the plan, with what does not hold.
    """
    report = audit_plan(tables, scenario, found)
    if not report.passed:
        worst = "\n".join(f"  {finding}" for finding in report.findings[:20])
        raise AuditError(f"The audit does not confirm the plan of {key}:\n{worst}", found)


def alone() -> Runner:
    """Answers in this process, kept nowhere, which nobody is told of."""
    return Runner(Control(), Silent())
