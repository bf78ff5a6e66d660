"""Elements whose dependence is told in tonnes beside the weighted one."""

from __future__ import annotations

from opt.data.book import Book
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.masses import tonnes_in
from opt.data.sheets.demand import DemandRow
from opt.data.words import did_you_mean, tidy
from opt.errors import Effect


def chosen_elements(book: Book) -> tuple[str, ...]:
    """The elements of setting elements, in its order; where it is blank every one that allied
    demand holds, by name."""
    spelling = {name.casefold(): name for held in book.contents.values() for name in held}
    asked = _asked(book)
    if asked:
        return tuple(dict.fromkeys(spelling[name.casefold()] for name in asked))
    return tuple(sorted({name for good in _demanded(book) for name in book.contents.get(good, ())}))


def _asked(book: Book) -> list[str]:
    return [name for part in book.settings.elements.split(";") if (name := tidy(part))]


def _demanded(book: Book) -> dict[str, DemandRow]:
    """The commodities that allies ask for, each with its first row of sheet demand."""
    found: dict[str, DemandRow] = {}
    for row in book.rows(DemandRow):
        if book.bloc.get(row.region) == "ally":
            found.setdefault(row.commodity, row)
    return found


@check("elements", "settings", "contents", "demand", "regions")
def check_elements(book: Inspection) -> None:
    """What setting elements names is in sheet contents, and allied demand holds it."""
    known = {name.casefold(): name for held in book.contents.values() for name in held}
    asked = _asked(book)
    if book.settings.elements and not asked:
        book.setting_fault("elements", "it names nothing.", "Write elements, separated by ;")
    held = {name for good in _demanded(book) for name in book.contents.get(good, ())}
    for name in asked:
        if name.casefold() not in known:
            hint = did_you_mean(name, known.values(), "Add it there, or mend the name.")
            book.setting_fault("elements", f"'{name}' is not in sheet contents.", hint)
        elif known[name.casefold()] not in held:
            message = f"no allied demand holds '{name}', so nothing is told of it."
            book.setting_warning(
                "elements", message, "Mend the name, or leave it out.", effect=Effect.UNUSED
            )


@check("units of mass", "demand", "regions", "commodities")
def check_units_of_mass(book: Inspection) -> None:
    """Allied demand is in units of mass, or dependence is not told in tonnes."""
    for good, row in _demanded(book).items():
        unit = book.commodities[good].unit if good in book.commodities else "t"
        if tonnes_in(unit) is None:
            message = f"'{unit}' of {good} is no unit of mass that is known"
            hint = "Type the unit in sheet commodities as t, kt, kg, g, Mt or lb."
            book.log.caution(
                row.sheet,
                row.cell("commodity"),
                f"{message}, so dependence in tonnes is not told.",
                hint,
                effect=Effect.NONE,
            )
