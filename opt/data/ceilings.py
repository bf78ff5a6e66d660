"""Ceilings: what a year can carry of private money, and of commitments."""

from __future__ import annotations

from opt.data.book import Book
from opt.data.case import ScenarioBook
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.instance import Ceiling
from opt.data.sheets.ceilings import BuildLimitRow, CeilingRow, PrivateCapitalRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.projects import ProjectRow


def ceilings(case: ScenarioBook) -> tuple[Ceiling, ...]:
    """Ceilings on private money and on what can be committed in a year, with the projects
    each covers: any match of a row's field takes the whole project, `all` takes every one; where
    the row names a mineral, the project must make it too."""
    private = [_ceiling(case, row, "private") for row in case.rows(PrivateCapitalRow)]
    return (*private, *(_ceiling(case, row, row.what) for row in case.rows(BuildLimitRow)))


def _ceiling(case: ScenarioBook, row: CeilingRow, what: str) -> Ceiling:
    projects = case.projects.items()
    covered = sorted(j for j, project in projects if is_covered(case, row, project))
    limits = {t: limit for t, limit in row.years.items() if t in case.years}
    words = (what, row.field, row.value, *filter(None, [row.mineral]))
    place = (row.field, row.value, row.mineral)
    return Ceiling("|".join(words), what, tuple(covered), limits, *place)


def is_covered(book: Book, row: CeilingRow, project: ProjectRow) -> bool:
    """Whether a ceiling holds over a project: its field and its mineral match."""
    makes = not row.mineral or book.matches(project, "mineral", row.mineral)
    return makes and book.matches(project, row.field, row.value)


@check("ceilings", "settings")
def check_ceilings(book: Inspection) -> None:
    """A row of private_capital or build_limits says what it covers, and limits some year."""
    rows: list[CeilingRow] = [*book.rows(PrivateCapitalRow), *book.rows(BuildLimitRow)]
    for row in rows:
        if row.field == "all" and row.value:
            book.fault(row, "value", "field all takes no value.", "Leave the cell blank.")
        elif row.field != "all" and not row.value:
            book.fault(row, "value", f"which {row.field} is meant?", "Type it, or choose all.")
        elif not any(year in book.years for year in row.years):
            message = f"it limits no year of {book.first}-{book.last}."
            book.warn(row, "field", message, "Fill a year, or delete the row.")


@check("private capital", "private_capital")
def check_private_capital(book: Inspection) -> None:
    """Without ceilings on private money budgets may mean little."""
    if book.rows(ProgrammeRow) and book.projects and not book.rows(PrivateCapitalRow):
        message = "it is blank: private money has no ceiling, so budgets may mean little."
        book.log.caution("private_capital", "", message, "Type what is ready by year.")
