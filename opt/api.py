"""The run on one page: load > assemble > solve > measure > audit > write.

These are the three public verbs. `load` reads and checks a workbook, `solve` finds, proves and
audits a plan, `write` makes the run folder. Each step hands plain frozen data to the next.
"""

from __future__ import annotations

import dataclasses
import json
import platform
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from opt import __version__
from opt.audit import AuditReport, audit_run
from opt.data.assemble import assemble
from opt.data.frames import files_of
from opt.data.instance import Instance
from opt.data.reader import read as read_workbook
from opt.data.tables import Tables
from opt.errors import AuditError, InfeasibleError, InputError, Issue
from opt.fixed import FixedCommitment, FixedPurchase
from opt.record.flows import CLEAR, EXPOSED
from opt.record.folder import read_run, write_evidence
from opt.record.passes import Outcome
from opt.record.projects import CUT_STOCK, HELD_STOCK, PlanUsed
from opt.record.run import AuditSummary, Run, Solution
from opt.report.conflict import conflict_words
from opt.results import metrics as worth
from opt.results.calibration import CalibrationResult, calibration_results
from opt.results.grades import PlanGrades, grades_of_projects
from opt.results.margins import margin_years
from opt.results.projects import built_projects
from opt.results.shares import element_years, world_shares
from opt.results.stocks import stockpile_years
from opt.results.targets import target_results
from opt.results.touch import touch_years
from opt.solver.conflict import explain_infeasible
from opt.solver.control import Control
from opt.solver.grades import plan_grades
from opt.solver.options_table import option_of_run, options_table
from opt.solver.priorities import Solved, solve_instance
from opt.solver.progress import Listener, Silent
from opt.solver.proof import Recorder
from opt.solver.purchases import possible_purchases
from opt.solver.stage import Job, SolveOptions

if TYPE_CHECKING:
    import pandas as pd

FRAMES = Path("case")  # what a case of DataFrames is called
NO_PURCHASE = 1e-6  # units of material; less is what a solver leaves of nothing
LIBRARIES = ("pyomo", "highspy", "numpy", "scipy")
GAP_RULE = "limit_gap"
BEST_PLAN, BEST_FOUND = "The best plan", "The best plan found"
SIZED = ("facilities", "projects", "programmes", "demand")  # sheets whose rows tell a case's size


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A checked workbook: typed tables, and the settings that were changed on top of it."""

    tables: Tables
    overrides: Mapping[str, str]

    def __repr__(self) -> str:
        """The case in a line."""
        return f"Case(name={self.name!r}, overrides={dict(self.overrides)!r})"

    def __str__(self) -> str:
        """The case in three lines: title, size, scenarios."""
        tables = self.tables
        sizes = (f"{len(tables.rows[sheet])} {sheet}" for sheet in SIZED)
        return (
            f"{self.name}: {' '.join(_title(tables).split())}\n"
            f"{tables.first_year} to {tables.last_year}, {', '.join(sizes)}\n"
            f"scenarios: {', '.join(self.scenarios) or 'none'}"
        )

    @property
    def name(self) -> str:
        """The workbook's file name without its ending."""
        return self.tables.name

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios of the workbook; the base case has none."""
        return tuple(row.text("scenario") for row in self.tables.rows["scenarios"])


class StoppedError(InfeasibleError):
    """Stopped before any plan was found."""


def load(
    source: str | Path | Mapping[str, pd.DataFrame],
    settings: Mapping[str, object] | None = None,
    variant: str | None = None,
) -> Case:
    """Read and check a workbook (.xlsx), a folder of CSV, or pandas DataFrames by name of sheet.

    `settings` stand in for cells of sheet settings, by key; `variant` names cells of sheet
    variants that stand in for others. Raises InputError with every fault of
    the workbook at once, each by sheet and cell; of a DataFrame the header is row 1.
    """
    if isinstance(source, Mapping):
        return _read_case(FRAMES, settings or {}, variant, files_of(source))
    return _read_case(Path(source), settings or {}, variant)


def _read_case(
    path: Path,
    settings: Mapping[str, object],
    variant: str | None,
    files: Mapping[str, bytes] | None = None,
) -> Case:
    overrides = {key: str(value) for key, value in sorted(settings.items())}
    return Case(read_workbook(path, overrides, variant, files), overrides)


def _again(case: Case, settings: Mapping[str, object]) -> Case:
    """The case with other settings, of the bytes that were read first: by now the file may be
    another."""
    tables = case.tables
    return _read_case(tables.path, {**case.overrides, **settings}, tables.variant, tables.files)


def solve(
    case: Case,
    *,
    scenario: str | None = None,
    plan: str | Path | None = None,
    improve: bool = False,
    free_stock: bool = False,
    control: Control | None = None,
    listener: Listener | None = None,
    write_model: bool = False,
    **settings: object,
) -> Run:
    """The proven and audited answer of one scenario of a case (None: the base case).

    `settings` stand in for cells of sheet settings, as in `load`: `opt.solve(case, gap=0)`.

    `plan` names a plan of the workbook, or a finished run's folder: its commitments are fixed, or
    with `improve` the start and the plan to beat. What a run buys for stock is fixed with them, as
    far as material and money of the scenario allow, unless `free_stock`; a plan of the workbook
    says nothing of stock, so there it is free. `control` lets the caller stop the solve;
    `listener` is told of progress. With `write_model` the run keeps the model and plan of every
    pass, and its folder gets them.

    Raises InputError for an unknown scenario or plan, InfeasibleError where no plan obeys every
    rule, StoppedError where time ran out before any plan, AuditError where the audit disagrees.
    """
    if settings:
        case = _again(case, settings)
    tables = case.tables
    scenario = _named(tables, "scenarios", "scenario", scenario)
    given = None if plan is None else find_plan(tables, plan)
    instance = assemble(tables, scenario, given.commitments if given else ())
    if given and free_stock:
        given = dataclasses.replace(given, purchases=None)
    _check_given(instance, given, improve)
    options = _options(tables, given, improve)
    job = Job(instance, options, _limited(control or Control(), tables), listener or Silent())
    recorder = Recorder()
    job, solved = _solve_given(job, recorder if write_model else None)
    if solved.solution is None:
        raise _no_plan(tables, job, solved)
    run = _measure(case, job, solved, solved.solution, given)
    run = dataclasses.replace(run, proofs=tuple(recorder.proofs))
    job.listener.begin("audit")
    return _audited(run)


def _solve_given(job: Job, recorder: Recorder | None) -> tuple[Job, Solved]:
    """The answer, and the job with the purchases for stock that a given plan can make."""
    solved = solve_instance(job, recorder)
    if solved.outcome is Outcome.INFEASIBLE and job.options.holds_stock:
        left = possible_purchases(job)
        if left is not None:
            job = job.of(job.instance, dataclasses.replace(job.options, purchases=left))
            solved = solve_instance(job, recorder)
    return job, solved


def calibrate(case: Case, control: Control | None = None) -> tuple[CalibrationResult, ...]:
    """The baseline without new money beside every published figure of sheet calibration.

    It begins in calibrate_from where that setting is given.
    """
    start = case.tables.settings["calibrate_from"]
    if start is not None:
        case = _again(case, {"first_year": start})
    empty = assemble(case.tables).without_new_money()
    options = SolveOptions(cost_gap=float(case.tables.settings["cost_gap"]))  # type: ignore[arg-type]
    job = Job(empty, options, _limited(control or Control(), case.tables), Silent())
    return calibration_results(empty, _do_nothing(job, empty), case.tables.rows["calibration"])


def weigh_grades(run: Run, listener: Listener | None = None) -> PlanGrades:
    """How much of a run's plan rests on which grade of data: one linear programme a grade.

    Dependence is the least that the commitments can reach, whatever the run's objective and
    targets were.
    """
    tables, commitments = run.workbook, run.solution.commitments
    plan = tuple(FixedCommitment(c.project, c.year, c.units, c.size) for c in commitments)
    instance = assemble(tables, run.scenario, plan)
    job = Job(instance, SolveOptions(), _limited(Control(), tables), listener or Silent())
    return plan_grades(job, run.solution, run.baseline.dependence, grades_of_projects(tables))


def _limited(control: Control, tables: Tables) -> Control:
    """The caller's control with the threads, seed and deadline of the settings."""
    control.threads = int(tables.settings["threads"])  # type: ignore[arg-type]
    control.seed = int(tables.settings["seed"])  # type: ignore[arg-type]
    control.deadline = time.monotonic() + float(tables.settings["time_limit"])  # type: ignore[arg-type]
    return control


def read(folder: str | Path) -> Run:
    """A finished run, from the folder that `write` made.

    Raises InputError, which names the file and the place in it, where it cannot be read.
    """
    return read_run(Path(folder))


def write(run: Run, folder: str | Path) -> Path:
    """Write the run folder: whole or absent. Returns its path.

    Raises InputError where the target is there and is not a run folder, or is open elsewhere.
    """
    from opt.report.folder import write_run  # noqa: PLC0415  charts take a second to import

    return write_run(run, Path(folder))


@dataclass(frozen=True, slots=True)
class GivenPlan:
    """Commitments from outside and what they are called. `purchases` is what they buy for stock;
    None: what is bought is free."""

    name: str
    commitments: tuple[FixedCommitment, ...]
    purchases: tuple[FixedPurchase, ...] | None = None


def find_plan(tables: Tables, plan: str | Path) -> GivenPlan:
    """A plan of the workbook by name, or a finished run by its folder: its commitments, and what it
    buys for stock."""
    rows = [r for r in tables.rows["plans"] if r.text("plan").casefold() == str(plan).casefold()]
    if rows:
        found = tuple(
            FixedCommitment(
                r.text("project"),
                int(r.number_of("year")),
                int(r.number_of("units")),
                r.optional("size"),
            )
            for r in rows
        )
        return GivenPlan(rows[0].text("plan"), found)
    answer = Path(plan) / "run.json"
    if answer.is_file():
        return _plan_of(answer)
    names = sorted({r.text("plan") for r in tables.rows["plans"]})
    known = f"The workbook has: {', '.join(names)}." if names else "The workbook has no plans."
    message = f"'{plan}' is neither a plan of the workbook nor a run folder."
    raise InputError([Issue("plans", "", str(plan), message, known)])


def _plan_of(answer: Path) -> GivenPlan:
    """The commitments and purchases for stock that a finished run's run.json holds."""
    try:
        document = json.loads(answer.read_text(encoding="utf-8"))
        commitments = tuple(
            FixedCommitment(p["project"], int(p["year"]), int(p["units"]), p["size"])
            for p in document["projects"]
        )
        purchases = tuple(
            FixedPurchase(s["stockpile"], origin, int(s["year"]), float(s[f"bought_{origin}"]))
            for s in document["stockpiles"]
            for origin in (CLEAR, EXPOSED)
            if s[f"bought_{origin}"]
        )
        return GivenPlan(answer.parent.name, commitments, purchases)
    except (ValueError, KeyError, TypeError) as error:
        message = f"{answer} cannot be read as a run: {error}."
        raise InputError(
            [Issue("--plan", "", str(answer), message, "Name a run folder.")]
        ) from error


def _check_given(instance: Instance, given: GivenPlan | None, improve: bool) -> None:
    """A plan of a finished run must fit this workbook; one of its own was checked on reading."""
    issues = []
    commitments = given.commitments if given else ()
    for c in commitments:
        project = instance.projects.get(c.project)
        if project is None or c.year not in project.offers:
            message = f"the plan commits '{c.project}' in {c.year}, which is not offered."
            issues.append(Issue("plans", "", c.project, message, "Check sheet projects."))
    planned = {c.project for c in commitments}
    for j, project in instance.projects.items():
        if given and project.forced and j not in planned and not improve:
            message = f"the plan leaves out '{j}', which is forced."
            issues.append(Issue("plans", "", j, message, "Add it, or free it in sheet projects."))
    if given and not improve:
        issues += _purchase_issues(instance, given.purchases or ())
    if issues:
        raise InputError(issues)


def _purchase_issues(instance: Instance, purchases: Iterable[FixedPurchase]) -> Iterator[Issue]:
    """Purchases for stock that nobody may make in this workbook."""
    for p in purchases:
        stock = instance.stockpiles.get(p.stockpile)
        payers = [k for k in instance.programmes.values() if p.stockpile in k.stocks]
        paid = any(k.commit_from <= p.year <= k.commit_to for k in payers)
        if p.bought > NO_PURCHASE and not (
            stock and p.origin in stock.buys and paid and p.year in instance.years
        ):
            message = (
                f"the plan buys {p.origin} material for '{p.stockpile}' in {p.year}, which no"
                " programme may."
            )
            hint = "Check sheets stockpiles and programmes, or free its stock (--free-stock)."
            yield Issue("stockpiles", "", p.stockpile, message, hint)


def _named(tables: Tables, sheet: str, column: str, name: str | None) -> str | None:
    if name is None:
        return None
    known = [row.text(column) for row in tables.rows[sheet]]
    for spelling in known:
        if spelling.casefold() == name.strip().casefold():
            return spelling
    hint = f"The workbook has: {', '.join(known)}." if known else "The workbook has none."
    raise InputError([Issue(sheet, "", name, f"'{name}' is not a {column}.", hint)])


def _options(tables: Tables, given: GivenPlan | None, improve: bool) -> SolveOptions:
    settings = tables.settings
    return SolveOptions(
        objective=str(settings["objective"]),
        gap=float(settings["gap"]),  # type: ignore[arg-type]
        cost_gap=float(settings["cost_gap"]),  # type: ignore[arg-type]
        plan=given.commitments if given else None,
        improve=improve,
        plan_name=given.name if given else "",
        purchases=given.purchases if given else None,
    )


def _no_plan(tables: Tables, job: Job, solved: Solved) -> InfeasibleError:
    if solved.outcome is Outcome.INFEASIBLE:
        job.listener.begin("no plan: what stands against what")
        return InfeasibleError(conflict_words(tables, explain_infeasible(job)))
    return StoppedError("Stopped before any plan was found. Raise time_limit.")


def _measure(
    case: Case, job: Job, solved: Solved, solution: Solution, given: GivenPlan | None
) -> Run:
    """The answer and the do-nothing baseline, measured; the audit is still to come."""
    tables, instance, options = case.tables, job.instance, job.options
    empty = instance.without_new_money()
    nothing = _do_nothing(job, empty)
    before = worth.measure_solution(empty, nothing)
    after = worth.measure_solution(instance, solution)
    note = "Rests on existing and committed plants alone."
    bottom = option_of_run("No new money", note, before.dependence, before, nothing)
    note = "Rests on plants that do not run yet: see the data quality annex."
    builds = worth.build_years(instance, solution.commitments)
    best = option_of_run(_plan_name(job, solved), note, _dependence_bound(solved), after, solution)
    return Run(
        name=tables.name,
        title=_title(tables),
        sha256=tables.sha256,
        workbook=tables,
        scenario=instance.scenario,
        scenario_text=_scenario_text(tables, instance.scenario),
        objective=options.objective,
        status=solved.outcome,
        passes=solved.passes,
        metrics=after,
        baseline=before,
        solution=solution,
        baseline_flows=nothing.allied,
        baseline_world=nothing.world,
        overrides=case.overrides,
        plan=_plan_used(given, options),
        options=options_table(job, bottom, best, solution),
        capacity=worth.capacity_years(instance, solution.commitments, solution.world),
        payments_due=worth.programme_years(instance, solution),
        costs=worth.cost_years(instance, solution),
        stages=worth.stage_years(instance, solution.allied, nothing.allied, empty),
        stockpiles=stockpile_years(instance, solution),
        margins=margin_years(instance, solution, nothing.allied),
        targets=target_results(instance, solution.allied, empty, nothing.allied),
        world=world_shares(instance, solution.world),
        elements=element_years(instance, solution.allied, nothing.allied),
        touch=touch_years(instance, solution.allied, nothing.allied),
        versions=_versions(),
        audit=AuditSummary(False, 0.0, {}),
        log="".join(job.control.log),
        input_files=tables.files,
        builds=builds,
        projects=built_projects(tables, solution, builds),
    )


def _plan_name(job: Job, solved: Solved) -> str:
    """What the plan is called among the options: best only where it was searched to the end."""
    if job.options.fixed:
        return f"The given plan, {job.options.plan_name}"
    return BEST_PLAN if solved.outcome is Outcome.OPTIMAL else BEST_FOUND


def _do_nothing(job: Job, empty: Instance) -> Solution:
    """The same case with no projects: linear programmes alone, which no limit cuts short."""
    job.listener.begin("baseline")
    plain = dataclasses.replace(job.options, plan=None, objective="dependence")
    solved = solve_instance(Job(empty, plain, job.control, Silent()))
    assert solved.solution is not None, solved
    return solved.solution


def _audited(run: Run) -> Run:
    """The run with its audit. A plan of which only a gap is larger than asked is kept as feasible
    with its true gap: the plan is sound, and the proof is as far as it goes."""
    report = recompute(run)
    if report.findings and {finding.rule for finding in report.findings} == {GAP_RULE}:
        found = {BEST_PLAN: BEST_FOUND}
        options = tuple(
            dataclasses.replace(row, name=found.get(row.name, row.name)) for row in run.options
        )
        run = dataclasses.replace(run, status=Outcome.FEASIBLE, options=options)
        report = recompute(run)
    return dataclasses.replace(run, audit=_confirmed(report))


def audit(run: Run) -> AuditSummary:
    """Recompute everything of a run from its own tables.

    Raises AuditError that names the largest violations where one exceeds the tolerance.
    """
    return _confirmed(recompute(run))


def recompute(run: Run) -> AuditReport:
    """Write the run's tables beside a copy of its input and recompute everything from them."""
    from opt.report.statements import statements  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        write_evidence(run, statements(run), Path(folder))
        return audit_run(Path(folder))


def _confirmed(report: AuditReport) -> AuditSummary:
    if not report.passed:
        worst = "\n".join(f"  {finding}" for finding in report.findings[:20])
        raise AuditError(f"The audit does not confirm the answer:\n{worst}")
    return AuditSummary(report.passed, report.largest_violation, dict(report.checked))


def _title(tables: Tables) -> str:
    """The title of the case, with its variant where one was asked for."""
    title = str(tables.settings["title"] or tables.name)
    return title if tables.variant is None else f"{title} (variant {tables.variant})"


def _scenario_text(tables: Tables, scenario: str | None) -> str:
    for row in tables.rows["scenarios"]:
        if row.text("scenario") == scenario:
            return row.text("description") or row.text("name") or row.text("scenario")
    return ""


def _plan_used(given: GivenPlan | None, options: SolveOptions) -> PlanUsed | None:
    if given is None:
        return None
    if not options.holds_stock:
        return PlanUsed(given.name, options.improve, given.commitments)
    stock = HELD_STOCK if options.purchases == given.purchases else CUT_STOCK
    return PlanUsed(given.name, False, given.commitments, stock, options.purchases or ())


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {"opt": __version__, "python": platform.python_version()} | libraries


def _dependence_bound(solved: Solved) -> float:
    """The proven bound of the dependence pass, which every order of objectives holds."""
    return next(result.bound for result in solved.passes if result.objective == "dependence")
