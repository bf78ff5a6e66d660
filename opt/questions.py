"""What can be asked of a case, or of a finished run, beside its plan: many solves each.

Each question is a study of opt.studies; here it gets its instance, what the settings ask for, and
who runs it.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from opt.api import Case, of_variant
from opt.audit import changed
from opt.audit.check import AuditReport
from opt.audit.plan import FoundPlan, audit_plan
from opt.audit.shared import SharedPlans, audit_shared
from opt.data.assemble import assemble
from opt.data.cell_ranges import CellRange, cell_ranges
from opt.data.graded_ranges import HALF_WIDTHS, graded_ranges
from opt.data.instance import Instance
from opt.data.reader import checked, varied
from opt.data.reading.changed_cells import tables_with
from opt.data.reading.edits import Edit, edited, edits
from opt.data.risk import Outlook, drawn_outlook, scenario_outlook
from opt.data.sheets.setup import CaseSettings
from opt.data.tables import Tables
from opt.errors import AuditError, InputError, Issue
from opt.fixed import FixedCommitment
from opt.given import find_id, limits_of, options_of
from opt.model.risk import Doubt, Future
from opt.record.comparison import Comparison
from opt.record.frontier import Frontier, knee_of
from opt.record.minerals import Minerals
from opt.record.options import FASTER, LESS, NAMED, WITH_MERCHANTS, OtherOptions
from opt.record.pool import Pool
from opt.record.projects import as_given
from opt.record.risk import Risk, RiskMeasure
from opt.record.run import Run, Solution
from opt.record.sensitivity import Sensitivity
from opt.record.stress import Strain, Stress
from opt.record.update import NOT_SOUND, EditedCell, Update
from opt.record.variants import Variants
from opt.results.comparison import comparison
from opt.results.grades import PlanGrades, grades_of_projects
from opt.solver.control import Control
from opt.solver.progress import Listener, Silent
from opt.solver.stage import SolveOptions
from opt.solver.venture import Plan
from opt.studies import binding as binding_study
from opt.studies import minerals as minerals_study
from opt.studies import options as options_study
from opt.studies import pool as pool_study
from opt.studies import risk as risk_study
from opt.studies import sensitivity as sensitivity_study
from opt.studies import stress as stress_study
from opt.studies import update as update_study
from opt.studies import variants as variants_study
from opt.studies.axes import Axis, MoneyAxis, PaceAxis, capital_axis, money_axis, pace_axis
from opt.studies.baseline import do_nothing
from opt.studies.best import THE_BEST, Best
from opt.studies.binding import SUBJECTS, Binding
from opt.studies.calibration import CalibrationResult, calibration_results
from opt.studies.change import (
    baseline,
    only,
    scaled_ceilings,
    scaled_programmes,
    without_ceilings,
)
from opt.studies.frontier import Front, is_small, sampled_front, whole_front
from opt.studies.grades import plan_grades
from opt.studies.holding import GivenAnswer
from opt.studies.minerals import Frame
from opt.studies.next_steps import AS_IT_IS, PROGRAMMES, Step, next_steps
from opt.studies.runner import Runner
from opt.studies.stress import World
from opt.studies.task import Base
from opt.studies.variants import AskedCase

# Of CVaR where nothing else is asked: the mean of the worst tenth.
ALPHA = 0.9
RELEASE_RULES = ("any", "disruption")
# Cells whose switching values are looked for where nothing else is asked.
TOP = 10


def calibrate(case: Case, control: Control | None = None) -> tuple[CalibrationResult, ...]:
    """The baseline without new money beside every published figure of sheet calibration.

    It begins in calibrate_from where that setting is given.
    """
    tables = case.tables
    if case.settings.calibrate_from is not None:
        # Not read again: what is asked of the years of a plan is not asked of years before it.
        settings = {**tables.settings, "first_year": case.settings.calibrate_from}
        tables = dataclasses.replace(tables, settings=settings)
    empty = baseline(assemble(tables), case.settings.baseline)
    # Nothing is committed, and limits need not be given for years before the plan.
    empty = without_ceilings(empty, {ceiling.id for ceiling in empty.ceilings})
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


ALL, COMMITMENTS, PACE = "all", "commitments", "pace"
FEW_POINTS = 12  # levels that are solved where the whole front is not looked for


def frontier(
    case: Case,
    of: str = ALL,
    points: int | None = None,
    scenario: str | None = None,
    runner: Runner | None = None,
    *,
    steps: bool = True,
    exact: bool = False,
    best: Best | None = None,
) -> Frontier:
    """Money against dependence in one scenario of a case (None: the base case), each plan audited.

    `of` is what is varied: `all` programmes together, the id of one, `commitments` (all capital),
    or `pace` (limits on capacity, else on starts). Without `points` a small case whose plans need
    finitely many amounts is answered whole: every plan that none with less beats. Elsewhere so many
    levels are solved, with bounds, in the widest open part first; those of a large case to half a
    point of allied demand, with `exact` to the gap of the case. `steps` also asks for the next
    billion of each programme and the next start a year under each limit. A dependence target is
    left out. `best` is the best plan of the case where it is known: in a large case it is not
    searched for again. `runner` says by how many processes it is worked out and where answers are
    kept.

    Raises InputError for an unknown scenario, or where there is nothing of `of` to vary; AuditError
    where the audit disagrees.
    """
    asked = base_of(case, scenario)
    instance = asked.instance.replace(dependence_target=None)
    base, runner = dataclasses.replace(asked, instance=instance), runner or alone()
    axis, scenario = _axis_of(case, instance, of), instance.scenario
    tables = tables_with(case.tables, settings={"dependence_target": None})

    def confirm(level: float, plan: Solution, value: float) -> None:
        key = f"{of} {level:,.6g}"
        confirm_plan(_at_level(tables, axis, level), scenario, key, found_plan(plan, value))

    def confirm_step(step: Step | None, plan: Solution, value: float) -> None:
        confirm_step_of(tables, instance, step, found_plan(plan, value))

    front = Front(base, axis, runner, confirm, exact=exact)
    whole = points is None and is_small(axis)
    widest = whole_front(front) if whole else sampled_front(front, points or FEW_POINTS, best)
    found, unknown = (
        next_steps(front.rough(axis.whole), runner, front.near(axis.whole), confirm_step)
        if steps
        else ((), ())
    )
    return Frontier(
        of=of,
        scenario=scenario,
        points=front.points(),
        steps=found,
        knee=knee_of(front.points()),
        widest=widest,
        not_known=(*front.reasons, *unknown),
        minerals=front.minerals(),
    )


def _axis_of(case: Case, instance: Instance, of: str) -> Axis:
    """What is varied, by its name. Raises InputError where there is nothing of it."""
    axis: Axis | None
    if of == COMMITMENTS:
        axis, lacking = capital_axis(instance), "no project costs anything."
    elif of == PACE:
        axis, lacking = pace_axis(instance), "no row limits capacity or starts."
    elif of == ALL:
        axis, lacking = money_axis(instance, None), "no programme has an amount."
    else:
        name = find_id(case.tables, "programmes", "programme", of)
        assert name is not None
        axis, lacking = money_axis(instance, {name}), f"programme '{name}' has no amount."
    if axis is None:
        sheet = "build_limits" if of == PACE else "projects" if of == COMMITMENTS else "programmes"
        hint = f"Fill sheet {sheet}, or vary something else."
        raise InputError([Issue("--of", "", of, f"there is nothing to vary: {lacking}", hint)])
    return axis


def found_plan(plan: Solution, value: float) -> FoundPlan:
    """A plan with what a study says of it."""
    capex = math.fsum(made.capex_musd for made in plan.commitments)
    return FoundPlan(plan, {"dependence": value, "public": plan.public_musd}, capex)


def _at_level(tables: Tables, axis: Axis, level: float) -> Tables:
    """The tables of a case at a level of what is varied; capital stands in no cell."""
    if isinstance(axis, MoneyAxis):
        return changed.scaled_programmes(tables, level / axis.whole, axis.names)
    return changed.scaled_limits(tables, level, axis.what) if isinstance(axis, PaceAxis) else tables


def confirm_step_of(
    tables: Tables, instance: Instance, step: Step | None, found: FoundPlan
) -> None:
    """Audit a plan with a step, None: of the case as it is, against the tables of the case with it.

    Raises AuditError as `confirm_plan` does.
    """
    if step is None:
        confirm_plan(tables, instance.scenario, AS_IT_IS, found)
    else:
        confirm_plan(with_step(tables, instance, step), instance.scenario, step.key, found)


def with_step(tables: Tables, instance: Instance, step: Step) -> Tables:
    """The tables of a case with a step."""
    if step.subject != PROGRAMMES:
        return changed.one_more_start(tables, step.name)
    amount = instance.programmes[step.name].amount
    return changed.scaled_programmes(tables, (amount + step.more) / amount, {step.name})


def stress(run: Run, runner: Runner | None = None, *, regret: bool = False) -> Stress:
    """The plan of a run held under every scenario of its workbook and with each of its plants
    failed, beside the same without it; with `regret` beside the best plan of each scenario too.

    The case of the run itself comes first, under the scenario that it was solved for. Where one
    plant fails all others operate, whatever their chances. What each comes to is audited. Raises
    AuditError where the audit disagrees.
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

    def confirm(world: World, plan: Solution, value: float) -> None:
        tables = _held_in(run.workbook if world.strain is not Strain.SURE else sure, plan)
        if world.strain is Strain.FAILURE:
            tables = changed.failed(_held_in(sure, plan), world.name)
        scenario = world.name if world.strain is Strain.SCENARIO else run.scenario
        held = FoundPlan(plan, {"dependence": value}, given=as_given(plan.commitments))
        confirm_plan(tables, scenario, world.held, held)

    free = changed.without_targets(run.workbook)

    def confirm_best(world: World, plan: Solution, value: float) -> None:
        # What the run commits stays on offer where the scenario no longer has its year: a plan with
        # such a commitment is held as one that is given.
        offers = assemble(run.workbook, world.name).projects
        usual = all(c.year in offers[c.project].offers for c in plan.commitments)
        held = None if usual else as_given(plan.commitments)
        found = FoundPlan(plan, {"dependence": value}, given=held)
        confirm_plan(free, world.name, world.best, found)

    asked = (base, certain, scenarios, given, runner or alone())
    return stress_study.stress(
        *asked, confirm=confirm, confirm_best=confirm_best, kind=kind, regret=regret
    )


def _held_in(tables: Tables, plan: Solution) -> Tables:
    """The cells that a held plan is audited against: nothing asked of it, no project forced that
    lapsed, and no limit on building, which the commitments kept when they were made."""
    built = {c.project for c in plan.commitments}
    names = (row.text("project") for row in tables.rows["projects"])
    free = changed.decided(tables, {j: "free" for j in names if j not in built})
    return tables_with(changed.without_targets(free), emptied=("build_limits", "lifts"))


HALF, PACED = 0.5, 1.5


def options(run: Run, runner: Runner | None = None) -> OtherOptions:
    """What half the money, named projects alone, and half as much pace again would come to, each
    the best plan of its case, audited; of a large case to half a point of allied demand, its bound
    in its row. A case that is that of the run, since it has no programme, no placeholder or no
    limit on building, is left out. A dependence target is too.

    Raises AuditError where the audit disagrees.
    """
    base = base_of(Case(run.workbook, run.overrides), run.scenario)
    cases = {case.name: case for case in _other_cases(run, base.instance)}

    def confirm(name: str, plan: Solution, value: float) -> None:
        tables = tables_with(cases[name].tables, settings={"dependence_target": None})
        confirm_plan(tables, run.scenario, name, found_plan(plan, value))

    asked = {name: (case.instance, case.note) for name, case in cases.items()}
    plan = as_given(run.solution.commitments)
    best = Best(plan, run.metrics.dependence, -math.inf)
    return options_study.other_options(base, best, asked, runner or alone(), confirm)


@dataclasses.dataclass(frozen=True, slots=True)
class _OtherCase:
    """A case beside that of a run: what it is called, the case, the same in cells, and a note."""

    name: str
    instance: Instance
    tables: Tables
    note: str


def _other_cases(run: Run, instance: Instance) -> Iterator[_OtherCase]:
    tables, projects = run.workbook, run.case.projects
    if money_axis(instance, None) is not None:
        less = scaled_programmes(instance, HALF)
        note = f"Every programme at {HALF:.0%}."
        yield _OtherCase(LESS, less, changed.scaled_programmes(tables, HALF), note)
    placeholders = {j for j, project in projects.items() if project.placeholder}
    if placeholders & instance.projects.keys():
        named = only(instance, instance.projects.keys() - placeholders)
        cells = changed.decided(tables, dict.fromkeys(sorted(placeholders), "forbid"))
        yield _OtherCase(NAMED, named, cells, "No placeholder is built.")
    pace = pace_axis(instance)
    if pace is not None:
        faster = scaled_ceilings(instance, PACED, pace.what)
        cells = changed.scaled_limits(tables, PACED, pace.what)
        note = f"Every limit on {pace.what} {PACED:g} times as high."
        yield _OtherCase(FASTER, faster, cells, note)


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
    runner = runner or alone()
    ranges = dict.fromkeys(cell_ranges(tables), True)
    graded = graded_ranges(tables, {c.project for c in plan}, half_widths)
    ranges |= dict.fromkeys(graded, False)

    def confirm(own: CellRange, value: float, best: Solution, level: float) -> None:
        free = changed.without_targets(varied(tables, own, value))
        key = f"{own.sheet} {own.row} {own.column} at {value:g}"
        confirm_plan(free, run.scenario, key, FoundPlan(best, {"dependence": level}))

    asking = sensitivity_study.Asking(
        base_of_run(run),
        GivenAnswer.of(run.solution),
        CaseSettings(tables.settings).baseline,
        functools.partial(runner.spread, _with_value, (tables, run.scenario, plan)),
        runner,
        reoptimise,
        confirm,
    )
    return sensitivity_study.sensitivity(asking, ranges, half_widths, top)


_Source = tuple[Tables, str | None, tuple[FixedCommitment, ...]]


def _with_value(source: _Source, point: tuple[CellRange, float]) -> Instance | str:
    """The case of some tables, in a scenario and with a plan, that has another value in a cell, or
    why the workbook is not sound with it."""
    tables, scenario, plan = source
    try:
        return assemble(varied(tables, *point), scenario, plan)
    except (InputError, ValueError) as error:
        return str(error)


def pool(
    case: Case,
    scenario: str | None = None,
    runner: Runner | None = None,
    *,
    countries: bool = False,
    exact: bool = False,
) -> Pool:
    """One joint budget against separate ones in one scenario of a case (None: the base case): what
    each owner of programmes would do alone, what all do together, what each adds, and which allies
    lose where one leaves.

    A programme without an owner stands for itself. With `countries` owners of one country are one:
    the country is what stands before a bracket or comma, as in USA (EXIM). Of more than six owners
    the smallest are taken together. In a large case what some of them can do is told to half a
    point of allied demand, with `exact` to the gap of the case. Each plan is audited. Raises
    InputError for an unknown scenario, AuditError where the audit disagrees.
    """
    programmes = case.tables.rows["programmes"]
    owners = {
        row.text("programme"): row.text("owner") or row.text("programme") for row in programmes
    }
    if countries:
        owners = {k: _country(owner) for k, owner in owners.items()}
    base, tables = base_of(case, scenario), changed.without_targets(case.tables)

    def confirm(money: Collection[str], key: str, plan: Solution, value: float) -> None:
        cells = changed.scaled_programmes(tables, 0.0, owners.keys() - set(money))
        confirm_plan(cells, base.instance.scenario, key, FoundPlan(plan, {"dependence": value}))

    return pool_study.pool(base, owners, runner or alone(), confirm, exact=exact)


def _country(owner: str) -> str:
    """Whose an owner is: USA of USA (EXIM) and of USA (DFC), ADQ."""
    return re.split(r"[(,]", owner, maxsplit=1)[0].strip() or owner


def minerals(
    cases: Sequence[Case],
    programme: str,
    amounts: Sequence[float] = (),
    scenario: str | None = None,
    runner: Runner | None = None,
) -> Minerals:
    """How a programme falls on minerals and stages with some amounts, USD million (none: what the
    workbook says), in one scenario (None: the base case) of a case and of variants of it, the case
    itself first; each amount beside all other programmes, and alone. Each plan is audited.

    Raises InputError for an unknown programme or scenario, one without money, and a case of one
    mineral; AuditError where the audit disagrees.
    """
    bases = {case.tables.variant or "": base_of(case, scenario) for case in cases}
    tables = {c.tables.variant or "": changed.without_targets(c.tables) for c in cases}
    name = _with_money(cases[0], programme, bases.values())
    every = {row.text("programme") for row in cases[0].tables.rows["programmes"]}

    def confirm(frame: Frame, amount: float, key: str, plan: Solution, value: float) -> None:
        base = bases[frame.variant].instance
        cells = tables[frame.variant]
        cells = changed.scaled_programmes(cells, amount / base.programmes[name].amount, {name})
        if frame.money == minerals_study.ALONE:
            cells = changed.scaled_programmes(cells, 0.0, every - {name})
        confirm_plan(cells, base.scenario, key, FoundPlan(plan, {"dependence": value}))

    whole = next(iter(bases.values())).instance.programmes[name].amount
    asked = tuple(sorted(set(amounts))) or (whole,)
    return minerals_study.minerals(bases, name, asked, runner or alone(), confirm)


def _with_money(case: Case, programme: str, bases: Iterable[Base]) -> str:
    """The id of a programme that holds money in every case; of cases of several minerals."""
    name = find_id(case.tables, "programmes", "programme", programme) or ""
    issues = []
    if any(base.instance.programmes[name].amount <= 0 for base in bases):
        message = "it holds nothing that could fall anywhere."
        hint = "Name a programme that has an amount."
        issues.append(Issue("programmes", "", name, message, hint))
    if len({row.text("mineral").casefold() for row in case.tables.rows["commodities"]}) < 2:
        message = "all commodities are of one mineral."
        hint = "Put workbooks of several minerals together with python -m opt merge."
        issues.append(Issue("commodities", "", "", message, hint))
    if issues:
        raise InputError(issues)
    return name


def variants(case: Case, names: Sequence[str] = (), runner: Runner | None = None) -> Variants:
    """How far the answer moves with what stands in variants and scenarios of a case in place of the
    case itself, whose row is the first. A name is VARIANT, @SCENARIO or VARIANT@SCENARIO; none:
    every variant of the workbook. Each plan is audited.

    Raises InputError with every name that the workbook does not know, AuditError where the audit
    disagrees.
    """
    every = dict.fromkeys(row.text("variant") for row in case.tables.rows["variants"])
    cases = {AskedCase(case.tables.variant or ""): (case, base_of(case))}
    issues: list[Issue] = []
    for name in names or every:
        try:
            asked, of_name = _named_case(case, name)
            cases[asked] = of_name, base_of(of_name, asked.scenario or None)
        except InputError as error:
            issues += error.issues
    if issues:
        raise InputError(issues)

    def confirm(asked: AskedCase, kind: str, key: str, plan: Solution, value: float) -> None:
        tables = cases[asked][0].tables
        if kind == THE_BEST:
            cells = tables_with(tables, settings={"dependence_target": None})
        else:
            cells = changed.without_new_money(tables, merchants=kind == WITH_MERCHANTS)
        confirm_plan(cells, asked.scenario or None, key, found_plan(plan, value))

    bases = {asked: base for asked, (_, base) in cases.items()}
    rows = case.tables.rows["projects"]
    placeholders = {row.text("project") for row in rows if row.text("placeholder") == "yes"}
    return variants_study.variants(bases, placeholders, runner or alone(), confirm)


def _named_case(case: Case, name: str) -> tuple[AskedCase, Case]:
    """The case that VARIANT, @SCENARIO or VARIANT@SCENARIO names, ids as the workbook spells them.

    Raises InputError for an unknown one.
    """
    variant, _, scenario = (part.strip() for part in name.partition("@"))
    of_name = of_variant(case, variant) if variant else case
    spelt = find_id(case.tables, "variants", "variant", of_name.tables.variant)
    return AskedCase(
        spelt or "", find_id(case.tables, "scenarios", "scenario", scenario or None) or ""
    ), of_name


def risk(
    case: Case,
    measure: str = RiskMeasure.EXPECTED,
    *,
    of: str = risk_study.DEPENDENCE,
    alpha: float = ALPHA,
    scenarios: Sequence[str] | None = None,
    draw: int | None = None,
    seed: int | None = None,
    choices: bool = False,
    decompose: bool = False,
    runner: Runner | None = None,
) -> Risk:
    """One plan for many scenarios of a case, each plan audited in each of them, and all of them to
    what they must have alike.

    `measure` is expected, cvar (the mean of the worst 1 - `alpha`), worst or regret, `of` is
    dependence or shortfall. Without `scenarios` it is every scenario of the workbook and the base
    case; with `draw` so many futures drawn by chances and ranges, with a `seed` (None: the
    setting). With `choices` also the same without stock, without plants, and with other rules of
    release. Targets are left out. With `decompose` the plan of all is searched for scenario by
    scenario, which needs the extra of that name.

    Raises InputError for what is not there to ask, InfeasibleError where no plan keeps every rule
    in every scenario, AuditError where the audit disagrees.
    """
    if decompose:
        _check_decomposed(_measure(measure), case.settings.second_wave)
    asked = _outlook(case, scenarios, draw, case.settings.seed if seed is None else seed)
    outlook = dataclasses.replace(
        asked,
        base=changed.without_targets(asked.base),
        futures=tuple(
            dataclasses.replace(own, tables=changed.without_targets(own.tables))
            for own in asked.futures
        ),
    )
    futures = tuple(
        Future(own.name, own.probability, instance)
        for own, instance in zip(outlook.futures, outlook.instances(), strict=True)
    )
    doubt = Doubt(futures, _measure(measure), of, alpha, case.settings.second_wave, outlook.alike)
    rules = [rule for rule in RELEASE_RULES if outlook.release_rules - {rule}]
    ruled = {rule: outlook.releasing(rule) for rule in rules}

    def confirm(n: int, rule: str | None, plan: Solution, value: float, given: Plan) -> None:
        future = (outlook if rule is None else ruled[rule]).futures[n]
        found = FoundPlan(plan, {of: value}, given=tuple(given))
        confirm_plan(_grown(future.tables), future.scenario, future.name, found)

    def confirm_shared(plans: Sequence[Solution | None], second_wave: int | None) -> None:
        names = tuple(own.name for own in outlook.futures)
        confirm_alike(SharedPlans(names, tuple(plans), outlook.alike, second_wave, of))

    return risk_study.risk(
        base_of(case),
        risk_study.Asked(
            doubt, tuple(own.stated for own in outlook.futures), outlook.left_out, decompose
        ),
        {rule: own.instances() for rule, own in ruled.items()} if choices else {},
        runner or alone(),
        confirm=confirm,
        confirm_shared=confirm_shared,
        choices=choices,
    )


def _outlook(case: Case, scenarios: Sequence[str] | None, draw: int | None, seed: int) -> Outlook:
    """The futures that are asked for. Raises InputError for what is not there to ask."""
    if draw is None:
        return scenario_outlook(case.tables, scenarios)
    if scenarios is not None:
        message = "futures are drawn from the base case alone."
        hint = "Leave out --scenarios, or --draw."
        raise InputError([Issue("--draw", "", str(draw), message, hint)])
    return drawn_outlook(case.tables, draw, seed)


def _measure(name: str) -> RiskMeasure:
    known = ", ".join(RiskMeasure)
    if name not in list(RiskMeasure):
        message = f"'{name}' is not a measure of risk."
        raise InputError([Issue("--measure", "", name, message, f"Choose one of: {known}.")])
    return RiskMeasure(name)


def _check_decomposed(measure: RiskMeasure, second_wave: int | None) -> None:
    """Raises InputError for what is not decomposed, and where mpi-sppy is not installed."""
    supported = "It knows measure expected, and no second wave."
    issues = []
    if measure is not RiskMeasure.EXPECTED:
        message = f"measure {measure} is not decomposed."
        issues.append(Issue("--decompose", "", str(measure), message, supported))
    if second_wave is not None:
        message = "a second wave that waits is not decomposed."
        issues.append(Issue("--decompose", "", str(second_wave), message, supported))
    if not issues and importlib.util.find_spec("mpisppy") is None:
        hint = "Install the extra decompose, or leave out --decompose."
        issues.append(Issue("--decompose", "", "", "mpi-sppy is not installed.", hint))
    if issues:
        raise InputError(issues)


def _grown(tables: Tables) -> Tables:
    """The cells that a plan of many scenarios is audited against: where limits on building grow
    with what is made, the flows that are told are not those by which it kept them."""
    learning = any(row.optional("learn") for row in tables.rows["build_limits"])
    return tables_with(tables, emptied=("build_limits", "lifts")) if learning else tables


def compare(runs: Mapping[str, Run]) -> Comparison:
    """Some runs side by side, by the names that are given them: what of their inputs differs from
    the first, cell by cell, their plans, what they are worth and what is proven of them. Nothing is
    solved."""
    return comparison(runs)


MOST_CHANGES = 30


def update(
    old: Case | Run,
    new: Case | Run,
    scenario: str | None = None,
    runner: Runner | None = None,
    *,
    most: int = MOST_CHANGES,
) -> Update:
    """A new edition of a workbook, in one scenario of both (None: that of a run among them, else
    the base case): which cells changed, what that moves in all, and what each change moves alone in
    the old edition. An edition that is a finished run of that scenario is not solved again.

    A change is a cell; of more than `most` cells a row, of more rows a sheet. One with which the
    old edition is not sound alone is told with the reason, and counts with the rest. Targets are
    left out; each plan is audited. Raises InputError for an unknown scenario, SolverError where an
    edition has no plan, AuditError where the audit disagrees.
    """
    given = {update_study.OLD: old, update_study.NEW: new}
    scenario = edition_scenario(old, new, scenario)
    base, target = (base_of(edition_case(own), scenario) for own in (old, new))
    tables = {key: edition_case(own).tables for key, own in given.items()}
    parts = _changes(tuple(edits(*tables.values())), most)
    known = {
        key: answer
        for key, own in given.items()
        if isinstance(own, Run) and own.scenario == base.instance.scenario
        if (answer := update_study.answer_of_run(key, own)) is not None
    }
    instances, reasons = dict[str, Instance](), dict[str, str]()
    before, after = tables[update_study.OLD], tables[update_study.NEW]
    for key, own in parts.items():
        try:
            tables[key] = checked(edited(before, after, own))
            instances[key] = assemble(tables[key], base.instance.scenario)
        except InputError as error:
            reasons[key] = f"{NOT_SOUND}: {error.issues[0].message}"

    def confirm(key: str, plan: Solution, value: float) -> None:
        free = changed.without_targets(tables[key])
        confirm_plan(free, base.instance.scenario, key, found_plan(plan, value))

    answered = update_study.update(
        base, target, instances, known, runner=runner or alone(), confirm=confirm
    )
    alone_rows = tuple(answered.alone(key, reasons.get(key, "")) for key in parts)
    moved, low, high = answered.moved(update_study.NEW)
    return Update(
        scenario=base.instance.scenario or "",
        editions=(
            answered.edition(update_study.OLD, old.name, base.instance),
            answered.edition(update_study.NEW, new.name, target.instance),
        ),
        moved=moved,
        moved_low=low,
        moved_high=high,
        rest=moved - math.fsum(row.moved for row in alone_rows if row.moved is not None),
        cells=tuple(
            EditedCell(key, own.sheet, own.place[0], own.column, own.before, own.after)
            for key, part in parts.items()
            for own in part
        ),
        alone=tuple(sorted(alone_rows, key=lambda row: (-abs(row.moved or 0.0), row.change))),
        plan=answered.plan_changes(),
    )


def edition_case(given: Case | Run) -> Case:
    """The case of an edition: of a run that of its input copy, as it was asked."""
    return Case(given.workbook, given.overrides) if isinstance(given, Run) else given


def edition_scenario(old: Case | Run, new: Case | Run, scenario: str | None) -> str | None:
    """The scenario in which two editions are compared: what is asked for, else that of the runs
    among them.

    Raises InputError where two runs are of different scenarios and none is asked for.
    """
    runs = [own for own in (old, new) if isinstance(own, Run)]
    if scenario is not None or not runs:
        return scenario
    if len({run.scenario for run in runs}) > 1:
        of = " and ".join(run.scenario or "the base case" for run in runs)
        message = f"the runs are of {of}, so what moved would be told of both."
        raise InputError([Issue("runs", "", "", message, "Give runs of one scenario.")])
    return runs[0].scenario


def _changes(all_edits: Sequence[Edit], most: int) -> dict[str, list[Edit]]:
    """The differences in changes that are tried alone: cells, else rows, else sheets."""

    def by_cell(own: Edit) -> str:
        return " ".join(filter(None, (own.sheet, _nth(own), own.column)))

    def by_row(own: Edit) -> str:
        return f"{own.sheet} {_nth(own)}"

    def by_sheet(own: Edit) -> str:
        return own.sheet

    found: dict[str, list[Edit]] = {}
    for name in (by_cell, by_row, by_sheet):
        found = {}
        for own in all_edits:
            found.setdefault(name(own), []).append(own)
        if len(found) <= most:
            break
    return found


def _nth(own: Edit) -> str:
    """The id of an edit's row; of a later row of the same id with its number among them."""
    key, n = own.place
    return f"{key} ({n + 1})" if n else key


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


def confirm_plan(tables: Tables, scenario: str | None, key: str, found: FoundPlan) -> None:
    """Audit a plan that a study found against the tables of the case that was asked about: of a
    changed case the changed ones (opt.audit.changed).

    Raises AuditError, whose `run` is the plan, with what does not hold.
    """
    _demand_passed(audit_plan(tables, scenario, found), f"the plan of {key}", found)


def confirm_alike(told: SharedPlans) -> None:
    """Audit what the plans of several scenarios must have alike.

    Raises AuditError, whose `run` is what was given, with projects or stockpiles, years and
    scenarios in which they differ.
    """
    _demand_passed(audit_shared(told), "that the scenarios share one plan", told)


def _demand_passed(report: AuditReport, what: str, found: object) -> None:
    """Raises AuditError with the worst findings of an audit that did not pass."""
    if not report.passed:
        worst = "\n".join(f"  {finding}" for finding in report.findings[:20])
        raise AuditError(f"The audit does not confirm {what}:\n{worst}", found)


def alone() -> Runner:
    """Answers in this process, kept nowhere, which nobody is told of."""
    return Runner(Control(), Silent())
