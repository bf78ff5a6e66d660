"""The run on one page: load > assemble > solve > measure > audit > write.

These are the three public verbs. `load` reads and checks a workbook, `solve` finds, proves and
audits a plan, `write` makes the run folder. Each step hands plain frozen data to the next.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opt.audit import AuditReport, audit_run
from opt.collector import at_rest
from opt.data.assemble import assemble
from opt.data.cell_ranges import CellRange, cell_ranges
from opt.data.frames import files_of
from opt.data.instance import Instance
from opt.data.merge import merge as merge_workbooks
from opt.data.reader import read as read_workbook
from opt.data.sheets.setup import CaseSettings
from opt.data.tables import Tables
from opt.disk.place import ignore
from opt.errors import AuditError, InfeasibleError, StoppedError
from opt.given import (
    GivenPlan,
    check_given,
    find_id,
    find_plan,
    limits_of,
    near_of,
    options_of,
    plan_used,
)
from opt.objectives import objective_of
from opt.record.folder import read_run, write_evidence
from opt.record.options import Option
from opt.record.passes import Outcome
from opt.record.projects import NearUsed, PlanUsed, plan_rows
from opt.record.proof import PassProof
from opt.record.run import AuditSummary, Run, Solution
from opt.results import metrics as worth
from opt.results.case import case_record
from opt.results.ceilings import ceiling_years
from opt.results.conflict_words import conflict_words
from opt.results.idle import idle_years
from opt.results.minerals import mineral_results, mineral_years
from opt.results.projects import built_projects
from opt.results.shares import element_years, world_shares
from opt.results.stock import stockpile_years
from opt.results.support import margin_years
from opt.results.targets import target_results
from opt.results.touch import touch_years
from opt.solver.beside import Asked, Beside
from opt.solver.control import Control
from opt.solver.memory import lacking_memory
from opt.solver.priorities import Solved, solve_instance
from opt.solver.progress import Listener, Silent
from opt.solver.proof import Recorder
from opt.solver.purchases import possible_purchases
from opt.solver.stage import Job, SolveOptions
from opt.solver.versions import versions
from opt.solver.weighted import is_small
from opt.studies.baseline import NoNewMoney
from opt.studies.change import baseline, near_plan
from opt.studies.conflict import explain_infeasible
from opt.studies.options import (
    RowsAhead,
    nothing_note,
    option_of_run,
    options_table,
    solved_rows,
)
from opt.studies.runner import Runner
from opt.studies.task import Base

if TYPE_CHECKING:
    import pandas as pd

FRAMES = Path("case")  # what a case of DataFrames is called
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
    def settings(self) -> CaseSettings:
        """The settings, those of the command line in place of the workbook's."""
        return CaseSettings(self.tables.settings)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios of the workbook; the base case has none."""
        return tuple(row.text("scenario") for row in self.tables.rows["scenarios"])

    @property
    def ranges(self) -> tuple[CellRange, ...]:
        """How far figures of the workbook may lie from what stands there, as sheet ranges says."""
        return cell_ranges(self.tables)


def load(
    source: str | Path | Mapping[str, pd.DataFrame],
    settings: Mapping[str, object] | None = None,
    variant: str | None = None,
    decisions: Mapping[str, str] | None = None,
) -> Case:
    """Read and check a workbook (.xlsx), a folder of CSV, or pandas DataFrames by name of sheet.

    `settings` stand in for cells of sheet settings, by key; `variant` names cells of sheet
    variants that stand in for others; `decisions`, free, forbid, force or force with a year, stand
    in for column decision of sheet projects, by project. Raises InputError with every fault of the
    workbook at once, each by sheet and cell; of a DataFrame the header is row 1.
    """
    if isinstance(source, Mapping):
        return _read_case(FRAMES, settings or {}, variant, decisions or {}, files_of(source))
    return _read_case(Path(source), settings or {}, variant, decisions or {})


def _read_case(
    path: Path,
    settings: Mapping[str, object],
    variant: str | None,
    decisions: Mapping[str, str],
    files: Mapping[str, bytes] | None = None,
) -> Case:
    overrides = {key: str(value) for key, value in sorted(settings.items())}
    return Case(read_workbook(path, overrides, variant, files, decisions), overrides)


def merge(
    sources: Sequence[str | Path],
    target: str | Path,
    settings: Mapping[str, object] | None = None,
    *,
    force: bool = False,
) -> Case:
    """Write workbooks of several minerals as one, and read it: an .xlsx by the target's ending,
    else a folder of CSV files.

    Regions, programmes and sources that stand in several become one row each, ids that would meet
    get a prefix, and what is about everything in its workbook is about its minerals alone.
    `settings` are those of the whole, by key, where the workbooks differ; `force` replaces what
    stands at the target. Raises InputError with all that stands against it, each by workbook and
    cell; then nothing is written.
    """
    merge_workbooks(sources, target, settings, force=force)
    return load(target)


def again(case: Case, settings: Mapping[str, object]) -> Case:
    """A case with other settings, of the bytes that were read first: by now the file may be
    another."""
    tables = case.tables
    every = {**case.overrides, **settings}
    return _read_case(tables.path, every, tables.variant, tables.decisions, tables.files)


def of_variant(case: Case, variant: str) -> Case:
    """A case as one of its variants, of the bytes that were read first."""
    tables = case.tables
    return _read_case(tables.path, case.overrides, variant, tables.decisions, tables.files)


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
    beside: Beside | None = None,
    near: str | Path | None = None,
    changes: int = 0,
    **settings: object,
) -> Run:
    """The proven and audited answer of one scenario of a case (None: the base case).

    `settings` stand in for cells of sheet settings, as in `load`: `opt.solve(case, gap=0)`.

    `plan` names a plan of the workbook, or a finished run's folder: its commitments are fixed, or
    with `improve` the start and the plan to beat. What a run buys for stock is fixed with them, as
    far as material and money of the scenario allow, unless `free_stock`; a plan of the workbook
    says nothing of stock, so there it is free. `control` lets the caller stop the solve;
    `listener` is told of progress. With `write_model` the run keeps the model and plan of every
    pass, and its folder gets them. `beside` has a second process do what can be done beside the
    search; the answer is the same without.

    `near` names a plan as `plan` does: the answer is the best plan within so many `changes` of it,
    units added, dropped or committed in another year, and the rows beside it tell what fewer would
    come to.

    Raises InputError for an unknown scenario or plan, InfeasibleError where no plan obeys every
    rule, StoppedError where time ran out before any plan, AuditError where the audit disagrees.
    """
    if settings:
        case = again(case, settings)
    tables = case.tables
    scenario = find_id(tables, "scenarios", "scenario", scenario)
    given = None if plan is None else find_plan(tables, plan)
    instance = assemble(tables, scenario, given.commitments if given else ())
    if given and free_stock:
        given = dataclasses.replace(given, purchases=None)
    if given:
        check_given(instance, given, improve)
    used = _stayed_near(case, near, changes)
    instance = instance.replace(near=near_of(used))
    options = _started(options_of(case.settings, given, improve=improve), instance)
    control = (control or Control()).start(limits_of(case.settings))
    job = Job(instance, options, control, listener or Silent(), beside or Beside())
    if is_small(instance):
        job = dataclasses.replace(job, beside=Beside())
    if lacking := lacking_memory(instance):
        job.beside.give_up(lacking)
    empty = baseline(instance, case.settings.baseline)
    job.listener.expect(_steps(case, job))
    asked = job.beside.ask(NoNewMoney(empty, options), control)
    if options.cost_gap_added is not None and not options.fixed:
        least = _least_cost(job, empty, asked)
        job = job.of(instance, dataclasses.replace(options, no_new_money=least))
    recorder = Recorder()
    ahead = RowsAhead(_base(case, job), case.settings.baseline, job.beside, control)
    job, solved = _solve_given(job, recorder if write_model else None, ahead)
    if solved.solution is None:
        raise _no_plan(tables, job, solved)
    try:
        job.listener.begin("baseline")
        nothing = asked.result(control)
        run = _measure(case, job, solved, given, (empty, nothing), ahead=ahead)
        run = dataclasses.replace(run, proofs=_proofs(recorder, run), near=used)
        job.listener.begin("audit")
        return _audited(run)
    except Exception as error:
        # The search is over, and what it found must not go with what failed after it.
        found = plan_rows(tables.name, solved.solution.commitments)
        error.add_note(f"The plan that was found, as rows of sheet plans:\n{found}")
        raise


def _steps(case: Case, job: Job) -> tuple[str, ...]:
    """What a solve goes through, in order: no new money first where the cost gap is over that."""
    options = job.options
    first = ("baseline",) if options.cost_gap_added is not None and not options.fixed else ()
    rows = solved_rows(_base(case, job), case.settings.baseline)
    passes = objective_of(options.objective).passes
    return (*first, *passes, "world", "baseline", *rows, "audit")


def _base(case: Case, job: Job) -> Base:
    """What the cases beside the plan change."""
    return Base(job.instance, job.options, limits_of(case.settings))


def _stayed_near(case: Case, near: str | Path | None, changes: int) -> NearUsed | None:
    """The plan to stay near, which need not keep decisions from outside."""
    if near is None:
        return None
    tables = case.tables
    if tables.decisions:
        tables = _read_case(tables.path, case.overrides, tables.variant, {}, tables.files).tables
    found = find_plan(tables, near)
    return NearUsed(found.name, changes, found.commitments)


def _started(options: SolveOptions, instance: Instance) -> SolveOptions:
    """The options, begun from the plan to stay near where no other is given."""
    if instance.near is None or options.plan is not None:
        return options
    return dataclasses.replace(options, plan=near_plan(instance), improve=True)


def _proofs(recorder: Recorder, run: Run) -> tuple[PassProof, ...]:
    """The recorded passes, each told as the run tells it."""
    base = run.baseline.minimised_musd
    return tuple(
        dataclasses.replace(proof, result=proof.result.beside(base)) for proof in recorder.proofs
    )


def _solve_given(job: Job, recorder: Recorder | None, ahead: RowsAhead) -> tuple[Job, Solved]:
    """The answer, and the job with the purchases for stock that a given plan can make."""
    solved = solve_instance(job, recorder, ahead)
    if solved.outcome is Outcome.INFEASIBLE and job.options.holds_stock:
        left = possible_purchases(job)
        if left is not None:
            job = job.of(job.instance, dataclasses.replace(job.options, purchases=left))
            solved = solve_instance(job, recorder)
    return job, solved


def read(folder: str | Path) -> Run:
    """A finished run, from the folder that `write` made.

    Raises InputError, which names the file and the place in it, where it cannot be read.
    """
    return read_run(Path(folder), case_record)


def write(
    run: Run,
    folder: str | Path,
    template: str | Path | None = None,
    *,
    overwrite: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Path:
    """Write the run folder: whole or absent. Returns its path.

    `template` is a Word document whose styles, page, header and footer the memo takes. Where a
    better run stands at `folder` it stays, and the path returned is that of a folder beside it,
    unless `overwrite`. A run in which a person has written is moved beside, never removed. `tell`
    is called with a sentence on each of these.

    Raises InputError where the target is there and is not a run folder, where the system refuses,
    or where the template cannot be used. The notes of the error say where the evidence is kept.
    """
    from opt.report.folder import write_run  # noqa: PLC0415  charts take a second to import

    form = None if template is None else Path(template)
    return write_run(run, Path(folder), form, overwrite=overwrite, tell=tell or ignore)


def _no_plan(tables: Tables, job: Job, solved: Solved) -> InfeasibleError:
    if solved.outcome is Outcome.INFEASIBLE:
        job.listener.expect(())
        job.listener.begin("no plan: what stands against what")
        return InfeasibleError(conflict_words(tables, explain_infeasible(job)))
    return StoppedError("Stopped before any plan was found. Raise time_limit.")


def _least_cost(job: Job, empty: Instance, asked: Asked[Solution]) -> float:
    """What the cost pass comes to without new money, USD million."""
    job.listener.begin("baseline")
    return worth.measure_solution(empty, asked.result(job.control)).minimised_musd


def _measure(
    case: Case,
    job: Job,
    solved: Solved,
    given: GivenPlan | None,
    without: tuple[Instance, Solution],
    *,
    ahead: RowsAhead,
) -> Run:
    """The answer and the case without new money with its own, measured; the audit is still to
    come."""
    assert solved.solution is not None
    tables, instance, options, solution = case.tables, job.instance, job.options, solved.solution
    empty, nothing = without
    before = worth.measure_solution(empty, nothing)
    after = worth.measure_solution(instance, solution)
    bottom = option_of_run("No new money", nothing_note(empty), before.dependence, before, nothing)
    built = bool(solution.commitments)
    note = "Rests on plants that do not run yet: see the data quality annex." if built else ""
    told = case_record(tables, instance.scenario)
    builds = worth.build_years(instance, solution.commitments)
    flows = solution.allied.deliveries
    by_mineral = mineral_years(instance, flows, nothing.allied.deliveries)
    best = option_of_run(_plan_name(job, solved), note, _dependence_bound(solved), after, solution)
    return Run(
        name=tables.name,
        title=_title(tables),
        sha256=tables.sha256,
        workbook=tables,
        case=told,
        scenario=instance.scenario,
        scenario_text=_scenario_text(tables, instance.scenario),
        objective=options.objective,
        status=solved.outcome,
        passes=tuple(entry.beside(before.minimised_musd) for entry in solved.passes),
        metrics=after,
        baseline=before,
        solution=solution,
        baseline_flows=nothing.allied,
        baseline_world=nothing.world,
        overrides=case.overrides,
        plan=None if given is None else _plan_used(job, given),
        options=_options_table(case, job, (bottom, best), solved, ahead),
        capacity=worth.capacity_years(instance, solution.commitments, solution.world),
        payments_due=worth.programme_years(instance, solution),
        costs=worth.cost_years(instance, solution),
        ceilings=ceiling_years(instance, solution),
        stages=worth.stage_years(instance, solution.allied, nothing.allied, empty),
        stockpiles=stockpile_years(instance, solution),
        margins=margin_years(instance, solution, nothing.allied),
        idle=idle_years(instance, solution, nothing.world),
        targets=target_results(instance, solution.allied, empty, nothing.allied),
        world=world_shares(instance, solution.world),
        elements=element_years(instance, solution.allied, nothing.allied),
        minerals=mineral_results(instance, solution, by_mineral),
        mineral_years=by_mineral,
        touch=touch_years(instance, solution, nothing.allied),
        versions=versions(),
        audit=AuditSummary(False, 0.0, {}),
        log="".join(job.control.log),
        input_files=tables.files,
        builds=builds,
        projects=built_projects(told, solution, builds),
    )


def _options_table(
    case: Case, job: Job, known: tuple[Option, Option], solved: Solved, ahead: RowsAhead
) -> tuple[Option, ...]:
    """The cases beside no new money and the plan, within what is left of its time."""
    assert solved.solution is not None
    options = dataclasses.replace(job.options, near=solved.relaxed)
    return options_table(
        _base(case, job.of(job.instance, options)),
        Runner(job.control, job.listener),
        *known,
        solved.solution,
        ahead=ahead,
    )


def _plan_used(job: Job, given: GivenPlan) -> PlanUsed:
    """What is told of the given plan."""
    options = job.options
    held = options.purchases or () if options.holds_stock else None
    return plan_used(given, options.improve, held)


def _plan_name(job: Job, solved: Solved) -> str:
    """What the plan is called among the options: best only where it was searched to the end."""
    if job.options.fixed:
        return f"The given plan, {job.options.plan_name}"
    return BEST_PLAN if solved.outcome is Outcome.OPTIMAL else BEST_FOUND


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
    return dataclasses.replace(run, audit=_confirmed(report, run))


@at_rest()
def recompute(run: Run) -> AuditReport:
    """Write the run's tables beside a copy of its input and recompute everything from them."""
    from opt.report.statements import statements  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        write_evidence(run, statements(run), Path(folder))
        return audit_run(Path(folder))


def _confirmed(report: AuditReport, run: Run) -> AuditSummary:
    if not report.passed:
        worst = "\n".join(f"  {finding}" for finding in report.findings[:20])
        raise AuditError(f"The audit does not confirm the answer:\n{worst}", run)
    return AuditSummary(report.passed, report.largest_violation, dict(report.checked))


def _title(tables: Tables) -> str:
    """The title of the case, with its variant and the decisions that were asked for."""
    title = CaseSettings(tables.settings).title or tables.name
    apart = [] if tables.variant is None else [f"variant {tables.variant}"]
    apart += [f"{project}: {decision}" for project, decision in tables.decisions.items()]
    return f"{title} ({'; '.join(apart)})" if apart else title


def _scenario_text(tables: Tables, scenario: str | None) -> str:
    for row in tables.rows["scenarios"]:
        if row.text("scenario") == scenario:
            return row.text("description") or row.text("name") or row.text("scenario")
    return ""


def _dependence_bound(solved: Solved) -> float:
    """The proven bound of the dependence pass, which every order of objectives holds."""
    return next(result.bound for result in solved.passes if result.objective == "dependence")
