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
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from opt import __version__
from opt.data.assemble import assemble
from opt.data.instance import FixedCommitment, Instance
from opt.data.reader import read
from opt.data.tables import Tables
from opt.errors import AuditError, InfeasibleError, InputError, Issue
from opt.results import metrics as worth
from opt.results.audit import audit_run
from opt.results.run import AuditSummary, PlanUsed, Run
from opt.results.solution import Commitment, Outcome, Solution
from opt.solve.highs import Control
from opt.solve.infeasible import explain_infeasible
from opt.solve.priorities import Solved, solve_instance
from opt.solve.progress import Listener, Silent
from opt.solve.stage import SolveOptions
from opt.solve.variants import option_of_run, options_table

LIBRARIES = ("pyomo", "highspy", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class Case:
    """A checked workbook: typed tables, and the settings that were changed on top of it."""

    tables: Tables
    overrides: Mapping[str, str]

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


def load(path: str | Path, settings: Mapping[str, object] | None = None) -> Case:
    """Read and check a workbook (.xlsx) or a folder of CSV.

    `settings` stand in for cells of sheet settings, by key. Raises InputError with every fault of
    the workbook at once, each by sheet and cell.
    """
    overrides = {key: str(value) for key, value in sorted((settings or {}).items())}
    return Case(read(Path(path), overrides), overrides)


def solve(
    case: Case,
    *,
    scenario: str | None = None,
    plan: str | Path | None = None,
    improve: bool = False,
    control: Control | None = None,
    listener: Listener | None = None,
) -> Run:
    """The proven and audited answer of one scenario of a case (None: the base case).

    `plan` names a plan of the workbook, or a finished run's folder: its commitments are fixed, or
    with `improve` the start and the plan to beat. `control` lets the caller stop the solve;
    `listener` is told of progress.

    Raises InputError for an unknown scenario or plan, InfeasibleError where no plan obeys every
    rule, StoppedError where time ran out before any plan, AuditError where the audit disagrees.
    """
    tables, listener = case.tables, listener or Silent()
    scenario = _named(tables, "scenarios", "scenario", scenario)
    given = None if plan is None else find_plan(tables, plan)
    instance = assemble(tables, scenario, given.commitments if given else ())
    _check_given(instance, given)
    control = control or Control()
    control.threads = int(tables.settings["threads"])  # type: ignore[arg-type]
    control.seed = int(tables.settings["seed"])  # type: ignore[arg-type]
    control.deadline = time.monotonic() + float(tables.settings["time_limit"])  # type: ignore[arg-type]
    options = _options(tables, given, improve)
    solved = solve_instance(instance, options, control, listener)
    solution = _require_plan(instance, options, solved, control)
    return _finish(case, instance, options, solved, solution, given, control, listener)


def write(run: Run, folder: str | Path) -> Path:
    """Write the run folder: whole or absent. Returns its path.

    Raises InputError where the target is there and is not a run folder, or is open elsewhere.
    """
    from opt.report.folder import write_run  # noqa: PLC0415  charts take a second to import

    return write_run(run, Path(folder))


@dataclass(frozen=True, slots=True)
class GivenPlan:
    """Commitments from outside and what they are called."""

    name: str
    commitments: tuple[FixedCommitment, ...]


def find_plan(tables: Tables, plan: str | Path) -> GivenPlan:
    """A plan of the workbook by name, or the commitments of a finished run by its folder."""
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
        projects = json.loads(answer.read_text(encoding="utf-8"))["projects"]
        found = tuple(
            FixedCommitment(p["project"], p["year"], p["units"], p["size"]) for p in projects
        )
        return GivenPlan(Path(plan).name, found)
    names = sorted({r.text("plan") for r in tables.rows["plans"]})
    known = f"The workbook has: {', '.join(names)}." if names else "The workbook has no plans."
    message = f"'{plan}' is neither a plan of the workbook nor a run folder."
    raise InputError([Issue("plans", "", str(plan), message, known)])


def _check_given(instance: Instance, given: GivenPlan | None) -> None:
    """A plan of a finished run must fit this workbook; one of its own was checked on reading."""
    issues = []
    for c in given.commitments if given else ():
        project = instance.projects.get(c.project)
        if project is None or c.year not in project.offers:
            message = f"plan '{given.name if given else ''}' commits '{c.project}' in {c.year}, which is not offered."
            issues.append(Issue("plans", "", c.project, message, "Check sheet projects."))
    if issues:
        raise InputError(issues)


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
    )


def _require_plan(
    instance: Instance, options: SolveOptions, solved: Solved, control: Control
) -> Solution:
    if solved.solution is not None:
        return solved.solution
    if solved.outcome is Outcome.INFEASIBLE:
        raise InfeasibleError(explain_infeasible(instance, options, control))
    raise StoppedError("Stopped before any plan was found. Raise time_limit.")


def _finish(
    case: Case,
    instance: Instance,
    options: SolveOptions,
    solved: Solved,
    solution: Solution,
    given: GivenPlan | None,
    control: Control,
    listener: Listener,
) -> Run:
    """Measure the answer and the do-nothing baseline, then audit both."""
    tables = case.tables
    empty = instance.replace(projects={}, dependence_target=None)
    listener.begin("baseline")
    unhurried = dataclasses.replace(options, plan=None, objective="dependence")
    nothing = solve_instance(empty, unhurried, control.without_limits(), Silent())
    assert nothing.solution is not None, nothing
    before = worth.measure_solution(empty, (), (), nothing.solution.allied)
    after = worth.measure_solution(
        instance, solution.commitments, solution.payments, solution.allied
    )
    note = "Rests on existing and committed plants alone."
    bottom = option_of_run("No new money", note, nothing.passes[0].bound, before, nothing.solution)
    note = "Rests on plants that do not run yet: see the data quality annex."
    best = option_of_run("The best plan", note, _dependence_bound(solved), after, solution)
    rows = options_table(instance, options, control, listener, bottom, best)
    run = Run(
        name=tables.name,
        title=str(tables.settings["title"] or tables.name),
        sha256=tables.sha256,
        tables=tables,
        scenario=instance.scenario,
        scenario_text=_scenario_text(tables, instance.scenario),
        objective=options.objective,
        status=solved.outcome,
        passes=solved.passes,
        metrics=after,
        baseline=before,
        solution=solution,
        baseline_flows=nothing.solution.allied,
        overrides=case.overrides,
        plan=_plan_used(instance, given, options),
        options=rows,
        capacity=worth.capacity_years(instance, solution.commitments, solution.world),
        payments_due=worth.programme_years(instance, solution.commitments, solution.payments),
        costs=worth.cost_years(instance, solution.commitments, solution.allied),
        stages=worth.stage_years(instance, solution.allied, nothing.solution.allied, empty),
        versions=_versions(),
        audit=AuditSummary(False, 0.0, {}),
        log="".join(control.log),
        input_path=tables.path,
    )
    listener.begin("audit")
    return dataclasses.replace(run, audit=audit(run))


def audit(run: Run) -> AuditSummary:
    """Write the run's tables beside a copy of its input and recompute everything from them.

    Raises AuditError that names the largest violations where one exceeds the tolerance.
    """
    from opt.report.evidence import write_evidence  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        write_evidence(run, Path(folder))
        report = audit_run(Path(folder))
    if not report.passed:
        worst = "\n".join(f"  {finding}" for finding in report.findings[:20])
        raise AuditError(f"The audit does not confirm the answer:\n{worst}")
    return AuditSummary(report.passed, report.largest_violation, dict(report.checked))


def _scenario_text(tables: Tables, scenario: str | None) -> str:
    for row in tables.rows["scenarios"]:
        if row.text("scenario") == scenario:
            return row.text("description") or row.text("name") or row.text("scenario")
    return ""


def _plan_used(instance: Instance, given: GivenPlan | None, options: SolveOptions) -> PlanUsed | None:
    if given is None:
        return None
    commitments = tuple(
        Commitment(
            c.project, c.year, c.units, c.size, instance.projects[c.project].offers[c.year].first_operation, 0.0
        )
        for c in given.commitments
    )
    return PlanUsed(given.name, options.improve, commitments)


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {"opt": __version__, "python": platform.python_version()} | libraries


def _dependence_bound(solved: Solved) -> float:
    """The proven bound of the dependence pass, which every order of objectives holds."""
    return next(result.bound for result in solved.passes if result.objective == "dependence")
