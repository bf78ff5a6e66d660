"""Projects: how each can be committed, and in which company."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from opt.data.book import Tags
from opt.data.bundles import bundled
from opt.data.case import ScenarioBook
from opt.data.chain import plant, running
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.instance import Offer, Project
from opt.data.sheets.projects import ProjectRow, RampRow, SpendRow
from opt.data.timing import ROUNDING, ramp_share, whole_years
from opt.data.words import plain, rounded
from opt.errors import Effect, InputError
from opt.fixed import FixedCommitment


def projects(case: ScenarioBook, plan: Sequence[FixedCommitment]) -> dict[str, Project]:
    """Candidates by id. Raises InputError where a forced one cannot operate by last_year."""
    found = bundled({row.project: project(case, row, plan) for row in case.rows(ProjectRow)})
    _refuse_unoffered(case, found.values())
    return found


def project(case: ScenarioBook, row: ProjectRow, plan: Sequence[FixedCommitment]) -> Project:
    """A candidate with one offer for each year in which it can be committed."""
    fixed = 0.0 if row.lifts_alone else row.capacity
    largest = row.capacity_max if fixed is None else fixed
    smallest = (row.capacity_min or 0.0) if fixed is None else fixed
    assert largest is not None, row
    return Project(
        plant=plant(case, row),
        capacity_min=smallest,
        capacity_max=largest,
        scalable=fixed is None,
        max_units=row.max_units,
        group=row.group.casefold(),
        bundle=row.bundle.casefold(),
        requires=row.requires,
        public_share=case.floor(row),
        max_public_share=row.max_public_share,
        forced=case.is_forced(row),
        forced_year=case.forced_year(row),
        offers={} if row.decision == "forbid" else offers(case, row, plan),
    )


def offers(
    case: ScenarioBook, row: ProjectRow, plan: Sequence[FixedCommitment]
) -> dict[int, Offer]:
    """One offer a year from earliest to latest that first operates by last_year."""
    tags = case.tags(row)
    planned = {c.year for c in plan if c.project == row.project}
    found = {v: offer(case, row, tags, v) for v in case.commit_years(row)}
    return {v: o for v, o in found.items() if o.first_operation <= case.last or v in planned}


def offer(case: ScenarioBook, row: ProjectRow, tags: Tags, year: int) -> Offer:
    """The project as committed in one year."""
    start = year + lead_time(case, row, tags, year)
    end = math.inf if row.life is None else start + row.life - 1
    open_years = tuple(t for t in case.years if start <= t <= end)
    ramp = case.ramps.get(row.ramp, [])
    dearer = case.factor("capex", tags, year)
    added = case.shift("capex", tags, year)
    return Offer(
        year=year,
        first_operation=start,
        capex=row.carried(max(0.0, row.capex * dearer + added)),
        capex_per_unit=row.carried(row.capex_per_unit * dearer),
        spend={year + n: share for n, share in enumerate(spend_shares(case, row)) if share > 0},
        usable={
            t: running(case, row, tags, ramp_share(ramp, t - start + 1), t) for t in open_years
        },
        open_years=open_years,
        residual=_residual(case, row.life, end),
    )


def _residual(case: ScenarioBook, life: int | None, end: float) -> float:
    """Share of a life that is left after the last year."""
    return 0.0 if life is None else min(life, max(0.0, end - case.last)) / life


def spend_shares(case: ScenarioBook, row: ProjectRow) -> Sequence[float]:
    """Shares of capex from the year of commitment on: the profile, else evenly over the lead time.

    The lead time is the workbook's, at least a year: a delay that a scenario brings puts off
    operation, not what falls due, or it would ease the yearly limits of programmes.
    """
    planned = max(1, case.lead(row))
    return case.spends.get(row.spend) or [1.0 / planned] * planned


def lead_time(case: ScenarioBook, row: ProjectRow, tags: Tags, year: int) -> int:
    """Whole years from commitment to first operation, under the shocks of that year."""
    stretch = case.factor("lead_time", tags, year)
    delay = case.shift("lead_time", tags, year)
    return max(0, whole_years(case.lead(row) * stretch) + whole_years(delay))


def _of(project: Project) -> str:
    return f" of all of bundle '{project.bundle}'" if project.bundle else ""


def _refuse_unoffered(case: ScenarioBook, found: Iterable[Project]) -> None:
    """InputError where a forced project has no offer that it could take."""
    issues = []
    for project in sorted(found, key=lambda one: case.projects[one.plant.id].number):
        wanted = project.forced_year
        if project.forced and not (project.offers if wanted is None else wanted in project.offers):
            message = (
                f"'{project.plant.id}' is forced, but no commitment{_of(project)}"
                f"{'' if wanted is None else f' in {wanted}'} would operate by {case.last}."
            )
            row = case.projects[project.plant.id]
            issues.append(row.issue("decision", message, "Choose an earlier year or free it."))
    if issues:
        raise InputError(issues, case.tables.warnings)


@check("spend shares")
def check_spends(book: Inspection) -> None:
    """The shares of a spend profile sum to 1."""
    for row in book.rows(SpendRow):
        total = math.fsum(row.years.values())
        if row.years and abs(total - 1) > 1e-6:
            message = f"the shares of '{row.spend}' sum to {rounded(total)}, not to 1."
            book.fault(row, "spend", message, "Mend the shares.")


@check("project capacity")
def check_project_capacity(book: Inspection) -> None:
    """A project has a fixed capacity, or the bounds of a scalable one."""
    for row in book.rows(ProjectRow):
        fixed, largest = row.capacity, row.capacity_max
        smallest = row.capacity_min
        if fixed is not None and largest is not None:
            message = "capacity and capacity_max are both given."
            book.fault(row, "capacity", message, "Keep capacity, or the bounds of a scalable one.")
        elif largest is None and smallest is not None:
            message = "capacity_min is given without capacity_max."
            book.fault(row, "capacity_min", message, "Fill capacity_max, or delete this.")
        elif fixed is None and largest is None and not row.lifts_alone:
            message = "no capacity is given."
            book.fault(row, "capacity", message, "Fill capacity, or capacity_min and capacity_max.")
        elif largest is not None and smallest is not None and smallest > largest:
            book.fault(row, "capacity_min", "capacity_min is above capacity_max.", "Swap them.")
        if largest is None and row.capex_per_unit > 0:
            message = "capex_per_unit is for scalable projects; capacity_max is blank."
            book.fault(row, "capex_per_unit", message, "Fill capacity_max, or delete this.")


@check("ramps")
def check_ramps(book: Inspection) -> None:
    """A ramp rises, and does not end at nothing."""
    for row in book.rows(RampRow):
        shares = [row.years[n] for n in sorted(row.years)]
        falls = [n for n in range(1, len(shares)) if shares[n] < shares[n - 1]]
        if shares and shares[-1] == 0:
            message = f"the last value of ramp '{row.ramp}' is 0 and stays: its plants then idle."
            book.warn(
                row,
                max(row.years),
                message,
                "Type what stays after the last year.",
                effect=Effect.TAKEN,
            )
        elif falls:
            n = falls[0]
            message = (
                f"ramp '{row.ramp}' falls from {plain(shares[n - 1])} to {plain(shares[n])} in year"
                f" {n + 1}."
            )
            book.warn(
                row, n + 1, message, "Mend it, unless the plant wears out.", effect=Effect.TAKEN
            )


@check("lead times")
def check_lead_times(book: Inspection) -> None:
    """Lead times are whole years; a fraction is rounded up."""
    for row in book.rows(ProjectRow):
        years = row.lead_time
        if abs(years - round(years)) > ROUNDING:
            message = f"lead time {years} is rounded up to {book.lead(row)} years."
            book.warn(row, "lead_time", message, "Type whole years.", effect=Effect.TAKEN)


@check("commitment windows", "settings")
def check_windows(book: Inspection) -> None:
    """A project can be committed in some year and operate by last_year; a forced one must."""
    for row in book.rows(ProjectRow):
        earliest, latest = row.earliest, row.latest
        if earliest and latest and earliest > latest:
            message = f"earliest {earliest} is after latest {latest}."
            book.fault(row, "earliest", message, "Swap or mend the years.")
        elif not book.window(row):
            _report_never_offered(book, row)
        else:
            _check_forced_year(book, row)


def _report_never_offered(book: Inspection, row: ProjectRow) -> None:
    why = (
        f"no year of commitment is left: first operation must come by last_year {book.last},"
        f" {book.lead(row)} years after commitment"
        f"{'' if row.lost_after is None else f', and it is lost after {row.lost_after}'}."
    )
    if book.is_forced(row):
        message = f"'{row.project}' is forced, but {why}"
        book.fault(row, "decision", message, "Mend earliest, latest or lead_time, or free it.")
    elif row.decision != "forbid":
        column = "earliest" if row.earliest is not None else "lead_time"
        book.warn(
            row, column, f"'{row.project}' is never offered: {why}", effect=Effect.NEVER_BUILT
        )


def _check_forced_year(book: Inspection, row: ProjectRow) -> None:
    year, window = book.forced_year(row), book.window(row)
    if year is None or year in window:
        return
    operates = year + book.lead(row)
    if operates > book.last >= year:
        message = f"committed in {year} it first operates in {operates}, after last_year."
    else:
        message = f"{year} is outside the years in which it can be committed."
    hint = f"Choose a year from {window.start} to {window.stop - 1}."
    book.fault(row, "decision", message, hint)


@check("requirements", "settings")
def check_requires(book: Inspection) -> None:
    """No project requires itself, a cycle, or what is forbidden while it is forced."""
    needs = {name: row.requires for name, row in book.projects.items()}
    told: set[str] = set()
    for name, row in book.projects.items():
        cycle = _cycle(name, needs)
        if cycle == [name]:
            book.fault(row, "requires", f"'{name}' requires itself.", "Name another project.")
        elif cycle and not told.intersection(cycle):
            told.update(cycle)
            path = " -> ".join([*cycle, name])
            message = f"these projects require each other in a circle: {path}."
            book.fault(row, "requires", message, "Delete one of the requirements.")
        elif needs[name] in book.projects and not cycle:
            _check_required(book, row, book.projects[needs[name]])


def _cycle(start: str, needs: dict[str, str]) -> list[str]:
    """The projects of the circle that begins and ends at `start`; empty if there is none."""
    path = [start]
    while needs.get(path[-1]):
        following = needs[path[-1]]
        if following == start:
            return path
        if following in path:
            return []
        path.append(following)
    return []


def _check_required(book: Inspection, row: ProjectRow, required: ProjectRow) -> None:
    if required.decision != "forbid" and book.window(required):
        return
    state = "forbidden" if required.decision == "forbid" else "never offered"
    message = f"it requires '{required.project}', which is {state}."
    if book.is_forced(row):
        book.fault(row, "requires", message, "A forced project needs what it requires.")
    else:
        book.warn(row, "requires", message, "It can never be built.", effect=Effect.NEVER_BUILT)


@check("groups")
def check_groups(book: Inspection) -> None:
    """At most one project of a group is forced."""
    forced: dict[str, ProjectRow] = {}
    for row in book.rows(ProjectRow):
        group = row.group
        if not group or not book.is_forced(row):
            continue
        if group.casefold() in forced:
            other = forced[group.casefold()].project
            message = f"'{other}' of group '{group}' is forced too; one of a group can be built."
            book.fault(row, "decision", message, "Free one of them.")
        forced.setdefault(group.casefold(), row)


@check("public shares")
def check_public_shares(book: Inspection) -> None:
    """The least public share is not above the largest."""
    for row in book.rows(ProjectRow):
        floor, ceiling = book.floor(row), row.max_public_share
        if floor <= ceiling:
            continue
        if row.public_share is not None:
            message = f"public_share {floor} is above max_public_share {ceiling}."
            book.fault(row, "public_share", message, "Swap or mend the shares.")
        else:
            message = f"max_public_share {ceiling} is below setting public_share {floor}."
            book.fault(row, "max_public_share", message, "Fill public_share of this project.")
