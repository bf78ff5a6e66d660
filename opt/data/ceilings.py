"""Ceilings: what a year can carry of private money, and of commitments."""

from __future__ import annotations

import dataclasses

from opt.data.book import Book, PlantRow
from opt.data.case import ScenarioBook
from opt.data.check import PLANTS, check
from opt.data.inspection import Inspection
from opt.data.instance import Ceiling
from opt.data.sheets.ceilings import (
    CAPACITY,
    BuildLimitRow,
    CeilingRow,
    LiftRow,
    PrivateCapitalRow,
)
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.words import listed, spans
from opt.errors import Effect


def ceilings(case: ScenarioBook) -> tuple[Ceiling, ...]:
    """Ceilings on private money and on what can be committed in a year, with the projects
    each covers: any match of a row's field takes the whole project, `all` takes every one; where
    the row names a mineral, the project must make it too."""
    private = [_ceiling(case, row, "private") for row in case.rows(PrivateCapitalRow)]
    return (*private, *(_build_limit(case, row) for row in case.rows(BuildLimitRow)))


def _build_limit(case: ScenarioBook, row: BuildLimitRow) -> Ceiling:
    """A build limit; one on capacity covers the projects that make its commodity."""
    ceiling = _ceiling(case, row, row.what)
    if row.what != CAPACITY:
        return ceiling
    made = _made(case, row)
    return dataclasses.replace(
        ceiling,
        id="|".join((ceiling.id, row.commodity)),
        projects=tuple(j for j in ceiling.projects if j in made),
        commodity=row.commodity,
        made=made,
        learn=row.learn,
        lifts=_lifts(case, row),
        carry_over=row.carry_over == "yes",
    )


def _ceiling(case: ScenarioBook, row: CeilingRow, what: str) -> Ceiling:
    projects = case.projects.items()
    covered = sorted(j for j, project in projects if is_covered(case, row, project))
    limits = {t: limit for t, limit in row.years.items() if t in case.years}
    words = (what, row.field, row.value, *filter(None, [row.mineral]))
    place = (row.field, row.value, row.mineral)
    return Ceiling("|".join(words), what, tuple(covered), limits, *place)


def is_covered(book: Book, row: CeilingRow, plant: PlantRow) -> bool:
    """Whether a ceiling holds over a plant: its field and its mineral match."""
    makes = not row.mineral or book.matches(plant, "mineral", row.mineral)
    return makes and book.matches(plant, row.field, row.value)


def _made(book: Book, row: BuildLimitRow) -> dict[str, float]:
    """By plant that a limit on capacity covers what a unit of its capacity makes of the commodity:
    the most over its processes."""
    found = {
        book.plant_id(plant): max(
            (
                book.recipe.get(p, {}).get(row.commodity, 0.0) / book.rate(plant, p)
                for p in plant.processes
            ),
            default=0.0,
        )
        for plant in book.plants
        if is_covered(book, row, plant)
    }
    return {name: found[name] for name in sorted(found) if found[name] > 0}


def _lifts(case: ScenarioBook, row: BuildLimitRow) -> dict[str, float]:
    """By project what a unit of it adds to a limit, times its chance where setting survival counts
    it: availability and ramp are of what a plant makes."""
    found = {lift.project: lift.amount for lift in _lifting(case, row) if lift.amount}
    return {j: found[j] * case.chance_counted(case.projects[j]) for j in sorted(found)}


def _lifting(book: Book, row: BuildLimitRow) -> list[LiftRow]:
    """The lifts of a limit."""
    name = row.limit.casefold()
    return [lift for lift in book.rows(LiftRow) if name and lift.limit.casefold() == name]


def _adds_up(row: CeilingRow) -> bool:
    """Whether what a year leaves of a row's limit adds to the next."""
    return isinstance(row, BuildLimitRow) and row.carry_over == "yes"


@check("ceilings", "settings")
def check_ceilings(book: Inspection) -> None:
    """A row of private_capital or build_limits says what it covers, and limits some year."""
    rows: list[CeilingRow] = [*book.rows(PrivateCapitalRow), *book.rows(BuildLimitRow)]
    for row in rows:
        if row.field == "all" and row.value:
            book.fault(row, "value", "field all takes no value.", "Leave the cell blank.")
        elif row.field != "all" and not row.value:
            book.fault(row, "value", f"which {row.field} is meant?", "Type it, or choose all.")
        elif not any(year in book.years for year in row.years) and not _adds_up(row):
            message = f"it limits no year of {book.first}-{book.last}."
            book.warn(
                row, "field", message, "Fill a year, or delete the row.", effect=Effect.UNUSED
            )


@check("limits on capacity")
def check_capacity_limits(book: Inspection) -> None:
    """A limit on capacity names its commodity; any other names none, learns nothing and carries
    nothing over."""
    for row in book.rows(BuildLimitRow):
        if row.what == CAPACITY and not row.commodity:
            message = "a limit on capacity is in units of a commodity: which?"
            book.fault(row, "commodity", message, "Type the commodity that the plants make.")
        elif row.what != CAPACITY and row.commodity:
            message = f"a limit on {row.what} takes no commodity."
            book.fault(row, "commodity", message, "Leave the cell blank, or choose capacity.")
        if row.what != CAPACITY and row.learn > 0:
            message = f"a limit on {row.what} does not learn."
            book.fault(row, "learn", message, "Leave the cell blank, or choose capacity.")
        if row.what != CAPACITY and row.carry_over == "yes":
            message = f"a limit on {row.what} carries nothing over."
            book.fault(row, "carry_over", message, "Leave the cell blank, or choose capacity.")


@check("limits that carry over", "settings")
def check_limits_that_carry_over(book: Inspection) -> None:
    """With carry_over a limit on capacity is given for every year."""
    for row in book.rows(BuildLimitRow):
        blank = [year for year in book.years if year not in row.years]
        if row.what == CAPACITY and row.carry_over == "yes" and blank:
            years = listed(spans(blank))
            column = blank[0] if str(blank[0]) in row.cells else "carry_over"
            message = f"limits add up with carry_over, but none is given for {years}."
            book.fault(row, column, message, f"Add the limit of {years}; 0 adds nothing.")


@check("lifts", "build_limits")
def check_lifts(book: Inspection) -> None:
    """Ids of limits are told apart, and what is lifted is a limit on capacity."""
    first: dict[str, BuildLimitRow] = {}
    for row in book.rows(BuildLimitRow):
        if row.limit:
            other = first.setdefault(row.limit.casefold(), row)
            if other is not row:
                message = f"'{row.limit}' is used twice (also {other.cell('limit')})."
                book.fault(row, "limit", message, "Give each limit an id of its own.")
    for lift in book.rows(LiftRow):
        limit = first.get(lift.limit.casefold())
        if limit is not None and limit.what != CAPACITY:
            message = f"'{lift.limit}' limits {limit.what}; only a limit on capacity is lifted."
            book.fault(lift, "limit", message, "Name a limit on capacity.")


# What says something of what a plant makes, and nothing of one that lifts limits alone.
_OF_MAKERS = (
    *("capacity", "capacity_min", "capacity_max", "capacity_of", "capex_per_unit", "ramp", "opex"),
    *("opex_share", "availability", "merchant", "merchant_chance", "controlled_by"),
)


@check("projects that lift alone", "lifts")
def check_projects_that_lift_alone(book: Inspection) -> None:
    """A project without processes lifts a limit, is one unit, and says nothing of what it makes;
    one with processes is of their stages."""
    lifting = {lift.project for lift in book.rows(LiftRow)}
    for row in book.projects.values():
        if row.lifts_alone:
            _check_lifts_alone(book, row, lifts=row.project in lifting)
        elif row.stage:
            message = "its stage is that of its processes."
            book.fault(row, "stage", message, "Leave the cell blank.")


def _check_lifts_alone(book: Inspection, row: ProjectRow, *, lifts: bool) -> None:
    if not lifts:
        message = "it runs no process, and sheet lifts does not name it."
        hint = "Type its processes, or the limit that it lifts in sheet lifts."
        book.fault(row, "processes", message, hint)
        return
    for column in _OF_MAKERS:
        if column in row.given:
            message = f"it runs no process, so {column} says nothing."
            book.fault(row, column, message, "Leave the cell blank, or type its processes.")
    if row.max_units > 1:
        message = "a project that lifts a limit and makes nothing is one unit."
        book.fault(row, "max_units", message, "Type 1, or a row for each.")


@check("limits on capacity of use", *PLANTS)
def check_capacity_limits_of_use(book: Inspection) -> None:
    """A limit on capacity covers a project that makes its commodity."""
    for row in book.rows(BuildLimitRow):
        if row.commodity and book.projects.keys().isdisjoint(_made(book, row)):
            message = f"no project that it covers makes '{row.commodity}', so it limits nothing."
            book.warn(
                row, "commodity", message, "Mend the row, or delete it.", effect=Effect.UNUSED
            )


@check("private capital", "private_capital")
def check_private_capital(book: Inspection) -> None:
    """Without ceilings on private money budgets may mean little."""
    if book.rows(ProgrammeRow) and book.projects and not book.rows(PrivateCapitalRow):
        message = "it is blank: private money has no ceiling, so budgets may mean little."
        book.log.caution(
            "private_capital", "", message, "Type what is ready by year.", effect=Effect.UNLIMITED
        )
