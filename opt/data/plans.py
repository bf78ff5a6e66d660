"""Plans given from outside: each of their commitments is one that could be made.

What is wrong with a plan is a warning until that plan is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from opt.data.bundles import bundles
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.sheets.plans import PlanRow
from opt.data.sheets.projects import ProjectRow
from opt.data.words import plain


def _fault(book: Inspection, row: PlanRow, column: str, message: str, hint: str = "") -> None:
    book.log.refuse_plan(row.plan, row.issue(column, message, hint))


@check("plan rows", "settings")
def check_plan_rows(book: Inspection) -> None:
    """Each commitment of a plan is one that could be made."""
    for row in book.rows(PlanRow):
        project = book.projects.get(row.project)
        if project is None:
            continue
        _check_plan_year(book, row, project)
        _check_plan_size(book, row, project)


def _check_plan_year(book: Inspection, row: PlanRow, project: ProjectRow) -> None:
    name, year, window = project.project, row.year, book.window(project)
    if project.decision == "forbid":
        hint = "Delete the row, or free the project."
        _fault(book, row, "project", f"'{name}' is forbidden in sheet projects.", hint)
    elif year not in window:
        operates = year + book.lead(project)
        message = f"'{name}' cannot be committed in {year}."
        if book.first <= year <= book.last < operates:
            message = f"committed in {year} it first operates in {operates}, after last_year."
        hint = f"Choose a year from {window.start} to {window.stop - 1}." if window else ""
        _fault(book, row, "year", message, hint)


def _check_plan_size(book: Inspection, row: PlanRow, project: ProjectRow) -> None:
    largest, size = project.capacity_max, row.size
    if largest is None:
        if size is not None:
            message = f"'{project.project}' is not scalable, so it takes no size."
            _fault(book, row, "size", message, "Delete it.")
        return
    units = row.units
    low, high = (project.capacity_min or 0.0) * units, largest * units
    bounds = f"from {plain(low)} to {plain(high)}"
    if size is None:
        message = f"'{project.project}' is scalable: size is blank."
        _fault(book, row, "size", message, f"Type a capacity {bounds}.")
    elif not low * (1 - 1e-9) <= size <= high * (1 + 1e-9):
        _fault(book, row, "size", f"{plain(size)} is not {bounds}.", "Mend size or units.")


@check("plans", "projects", "plans")
def check_plans(book: Inspection) -> None:
    """A plan as a whole keeps max_units, groups, bundles, requirements and forced projects."""
    plans: dict[str, list[PlanRow]] = {}
    for row in book.rows(PlanRow):
        plans.setdefault(row.plan, []).append(row)
    for plan, rows in plans.items():
        _check_units(book, rows)
        _check_plan_groups(book, rows)
        _check_plan_bundles(book, rows)
        _check_plan_requires(book, rows)
        _check_plan_forced(book, plan, rows)


def _units(rows: Iterable[PlanRow], project: str, year: int) -> float:
    return sum(row.units for row in rows if row.project == project and row.year <= year)


def _check_units(book: Inspection, rows: list[PlanRow]) -> None:
    so_far: dict[str, float] = {}
    for row in rows:
        name = row.project
        before = so_far.get(name, 0.0)
        so_far[name] = before + row.units
        project = book.projects.get(name)
        most = project.max_units if project else so_far[name]
        if before <= most < so_far[name]:
            message = f"the plan commits {plain(so_far[name])} units of '{name}'; at most"
            _fault(book, row, "units", f"{message} {plain(most)} can be built.", "Mend units.")


def _check_plan_groups(book: Inspection, rows: list[PlanRow]) -> None:
    chosen: dict[str, str] = {}
    for row in rows:
        name = row.project
        group = book.projects[name].group if name in book.projects else ""
        other = chosen.setdefault(group.casefold(), name) if group else name
        if other != name:
            message = f"'{other}' of group '{group}' is in the plan too; one can be built."
            _fault(book, row, "project", message, "Delete one of the rows.")


def _check_plan_bundles(book: Inspection, rows: list[PlanRow]) -> None:
    committed = {(row.project, row.year) for row in rows}
    for members in bundles(book.rows(ProjectRow)):
        names = [member.project for member in members]
        for row in rows:
            if row.project not in names:
                continue
            missing = [name for name in names if (name, row.year) not in committed]
            if missing:
                message = (
                    f"'{row.project}' is of bundle '{members[0].bundle}', of which the plan does"
                    f" not commit '{missing[0]}' in {row.year}."
                )
                _fault(book, row, "project", message, f"Add '{missing[0]}' in {row.year}.")


def _check_plan_requires(book: Inspection, rows: list[PlanRow]) -> None:
    for row in rows:
        name, year = row.project, row.year
        project = book.projects.get(name)
        required = project.requires if project else ""
        if project is None or not required:
            continue
        allowed = project.max_units * _units(rows, required, year)
        if _units(rows, name, year) > allowed:
            message = f"'{name}' requires '{required}', which the plan does not commit by {year}."
            _fault(book, row, "project", message, f"Add '{required}' in {year} or before.")


def _check_plan_forced(book: Inspection, plan: str, rows: list[PlanRow]) -> None:
    for name, project in book.projects.items():
        if not book.is_forced(project):
            continue
        wanted = book.forced_year(project)
        years = [row.year for row in rows if row.project == name]
        if not years:
            message = f"plan '{plan}' leaves out '{name}', which sheet projects forces."
            _fault(book, rows[0], "plan", message, "Add it, or free the project.")
        elif wanted is not None and wanted not in years:
            row = next(row for row in rows if row.project == name)
            message = f"'{name}' is forced in {wanted}, not in {years[0]}."
            _fault(book, row, "year", message, "Mend the year, or free the project.")
