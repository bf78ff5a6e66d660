"""Least use: how much of an existing plant runs at least, and what it costs where less does."""

from __future__ import annotations

from opt.data.book import Book
from opt.data.check import check
from opt.data.inspection import Inspection, last_year_cell, missing_years
from opt.data.sheets.chain import FacilityRow
from opt.data.sheets.idle import LeastUseRow
from opt.data.sheets.trade import PriceRow
from opt.data.timing import interpolate
from opt.errors import Effect


def least_use(book: Book, row: FacilityRow) -> dict[int, float]:
    """Share of its usable capacity that a facility runs at least, by year in which any must."""
    given = next((r for r in book.rows(LeastUseRow) if r.facility == row.facility), None)
    if row.least_use is not None:
        shares = dict.fromkeys(book.years, row.least_use)
    elif given is not None:
        last = min(book.last, row.closes or book.last)
        shares = {t: interpolate(given.years, t) for t in range(book.first, last + 1)}
    else:
        shares = {}
    return {t: share for t, share in shares.items() if share > 0}


def _with_least_use(book: Book) -> set[str]:
    """The facilities that have a least use, one or one a year."""
    own = {row.facility for row in book.rows(FacilityRow) if row.least_use is not None}
    return own | {row.facility for row in book.rows(LeastUseRow)}


@check("least use", "settings", "facilities")
def check_least_use(book: Inspection) -> None:
    """A facility has one least use, or one a year up to its end."""
    facilities = {row.facility: row for row in book.rows(FacilityRow)}
    for row in book.rows(LeastUseRow):
        facility = facilities.get(row.facility)
        if facility is None:
            continue
        last = min(book.last, facility.closes or book.last)
        if facility.least_use is not None:
            message = f"least use is given twice, here and in least_use!{row.cell('facility')}."
            book.fault(facility, "least_use", message, "Keep one.")
        elif not row.years:
            book.fault(row, "facility", "no least use is given.", "Fill the year columns.")
        elif missing := missing_years(row, last):
            hint = f"Fill the column of {last}, or the year in which the facility closes."
            message = f"no least use for {missing}; it is not treated as zero."
            book.log.fault("least_use", row.cell(last_year_cell(row, last)), "", message, hint)


@check("idle costs", "least_use")
def check_idle_costs(book: Inspection) -> None:
    """What stands idle below a least use costs something."""
    held = _with_least_use(book)
    for row in book.rows(FacilityRow):
        if row.idle_cost is None:
            continue
        if row.facility not in held:
            message = "idle_cost is given without a least use."
            book.fault(row, "idle_cost", message, "Fill least_use, or delete this.")
        elif row.idle_cost == 0:
            message = "to stand idle costs nothing, so its least use changes nothing."
            book.warn(
                row, "idle_cost", message, "Type what an idle unit costs.", effect=Effect.UNUSED
            )


@check("host metals", "settings", "regions", "commodities", "prices", "recipes", "processes")
def check_hosts(book: Inspection) -> None:
    """What always runs its least use needs nothing for it that may lack: no input, no user of what
    it makes, no support."""
    held = _with_least_use(book)
    for row in book.rows(FacilityRow):
        is_host = row.facility in held and row.idle_cost is None
        why = _what_may_lack(book, row) if is_host else ""
        if why:
            message = f"without it '{row.facility}' always runs its least use, but {why}."
            book.fault(row, "idle_cost", message, "Type what an idle unit costs.")


def _what_may_lack(book: Inspection, row: FacilityRow) -> str:
    """Why a facility may be unable to run; blank where nothing can keep it from that."""
    for process in row.processes:
        recipe = book.recipe.get(process, {})
        used = [name for name, amount in recipe.items() if amount < 0]
        kept = [name for name in recipe if _must_be_used(book, name)]
        if used:
            return f"process '{process}' needs {used[0]}, which may lack"
        if kept:
            return f"of {kept[0]}, which process '{process}' makes, nothing may be left over"
    judged = book.need_support and bool(book.rows(PriceRow)) and book.is_clear(row)
    if judged and any(book.price(name, row.region) for name in book.outputs(row)):
        return "a losing plant runs only as far as support pays (setting losing_plants)"
    return ""


def _must_be_used(book: Inspection, commodity: str) -> bool:
    row = book.commodities.get(commodity)
    return row is not None and row.surplus == "none"
