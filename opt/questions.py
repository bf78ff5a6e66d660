"""What can be asked of a case, or of a finished run, beside its plan: many solves each.

Each question is a study of opt.studies; here it gets its instance, what the settings ask for, and
who runs it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

from opt.api import Case, again
from opt.data.assemble import assemble
from opt.data.cell_ranges import CellRange, cell_ranges
from opt.data.graded_ranges import HALF_WIDTHS, graded_ranges
from opt.data.instance import Instance
from opt.data.reader import varied
from opt.data.sheets.setup import CaseSettings
from opt.given import find_id, limits_of, options_of
from opt.record.comparison import Comparison
from opt.record.pool import Pool
from opt.record.projects import as_given
from opt.record.run import Run
from opt.record.sensitivity import Sensitivity
from opt.record.stress import Stress
from opt.results.comparison import comparison
from opt.results.grades import PlanGrades, grades_of_projects
from opt.solver.control import Control
from opt.solver.progress import Listener, Silent
from opt.solver.stage import SolveOptions
from opt.studies import binding as binding_study
from opt.studies import pool as pool_study
from opt.studies import sensitivity as sensitivity_study
from opt.studies import stress as stress_study
from opt.studies.baseline import do_nothing
from opt.studies.binding import SUBJECTS, Binding
from opt.studies.calibration import CalibrationResult, calibration_results
from opt.studies.change import baseline
from opt.studies.grades import plan_grades
from opt.studies.holding import GivenAnswer
from opt.studies.runner import Runner
from opt.studies.task import Base

# Cells whose switching values are looked for where nothing else is asked.
TOP = 10


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


def stress(run: Run, runner: Runner | None = None, *, regret: bool = False) -> Stress:
    """The plan of a run held under every scenario of its workbook and with each of its plants
    failed, beside the same without it; with `regret` beside the best plan of each scenario too.

    The case of the run itself comes first, under the scenario that it was solved for. Where one
    plant fails all others operate, whatever their chances.
    """
    given = GivenAnswer.of(run.solution)
    base = base_of_run(run)
    settings = run.workbook.settings
    sure = dataclasses.replace(run.workbook, settings={**settings, "survival": "none"})
    names = [row.text("scenario") for row in run.workbook.rows["scenarios"]]
    scenarios = {
        name: assemble(run.workbook, name, given.commitments)
        for name in names
        if name != run.scenario
    }
    kind = CaseSettings(settings).baseline
    certain = assemble(sure, run.scenario, given.commitments)
    asked = (base, certain, scenarios, given, runner or alone())
    return stress_study.stress(*asked, kind=kind, regret=regret)


def sensitivity(
    run: Run,
    runner: Runner | None = None,
    *,
    reoptimise: bool = False,
    top: int = TOP,
    half_widths: Mapping[str, float] = HALF_WIDTHS,
) -> Sensitivity:
    """What a run's plan rests on: cells at both ends of their ranges, one at a time, its plan held
    or with `reoptimise` beside the best plan of each; values of the `top` cells that move most at
    which it switches.

    Ranges are those of sheet ranges; figures that a plan rests on and that the sheet says nothing
    of go by their grade, `half_widths` to either side.
    """
    tables, plan = run.workbook, as_given(run.solution.commitments)
    ranges = dict.fromkeys(cell_ranges(tables), True)
    graded = graded_ranges(tables, {c.project for c in plan}, half_widths)
    ranges |= dict.fromkeys(graded, False)

    def vary(own: CellRange, value: float) -> Instance:
        return assemble(varied(tables, own, value), run.scenario, plan)

    asking = sensitivity_study.Asking(
        base_of_run(run),
        GivenAnswer.of(run.solution),
        CaseSettings(tables.settings).baseline,
        vary,
        runner or alone(),
        reoptimise,
    )
    return sensitivity_study.sensitivity(asking, ranges, half_widths, top)


def pool(case: Case, scenario: str | None = None, runner: Runner | None = None) -> Pool:
    """One joint budget against separate ones in one scenario of a case (None: the base case): what
    each owner of programmes would do alone, what all do together, and what each adds.

    A programme without an owner stands for itself. Of more than six owners the smallest are taken
    together. Raises InputError for an unknown scenario.
    """
    programmes = case.tables.rows["programmes"]
    owners = {
        row.text("programme"): row.text("owner") or row.text("programme") for row in programmes
    }
    return pool_study.pool(base_of(case, scenario), owners, runner or alone())


def compare(runs: Mapping[str, Run]) -> Comparison:
    """Some runs side by side, by the names that are given them: what of their inputs differs from
    the first, cell by cell, their plans, what they are worth and what is proven of them. Nothing is
    solved."""
    return comparison(runs)


def base_of_run(run: Run) -> Base:
    """The case of a run, its commitments on offer, as its settings ask for it."""
    settings = CaseSettings(run.workbook.settings)
    instance = assemble(run.workbook, run.scenario, as_given(run.solution.commitments))
    return Base(instance, options_of(settings), limits_of(settings))


def base_of(case: Case, scenario: str | None = None) -> Base:
    """One scenario of a case (None: the base case), as its settings ask for it.

    Raises InputError for an unknown scenario.
    """
    scenario = find_id(case.tables, "scenarios", "scenario", scenario)
    instance = assemble(case.tables, scenario)
    return Base(instance, options_of(case.settings), limits_of(case.settings))


def alone() -> Runner:
    """Answers in this process, kept nowhere, which nobody is told of."""
    return Runner(Control(), Silent())
