"""Scenarios and their shocks: what each may be aimed at, and by how much."""

from __future__ import annotations

from opt.data.check import PAYERS, PLANTS, check
from opt.data.inspection import Inspection
from opt.data.sheets.demand import UptakeRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.scenarios import ScenarioRow, ShockRow
from opt.data.sheets.trade import LaneRow, PriceRow
from opt.data.support import prices_matter
from opt.data.words import did_you_mean, listed, plain, rounded
from opt.errors import Effect

_PLANTS = ("region", "bloc", "stage", "mineral", "commodity", "process", "facility", "project")

_PROJECTS = tuple(field for field in _PLANTS if field != "facility")

SHOCK_FITS: dict[str, tuple[str, ...]] = {
    "supply": _PLANTS,
    "ramp": _PLANTS,
    "lead_time": _PROJECTS,
    "capex": _PROJECTS,
    "lane": ("region", "bloc", "origin", "destination", "stage", "mineral", "commodity"),
    "demand": ("region", "bloc", "stage", "mineral", "commodity", "segment"),
    "uptake": ("region", "bloc", "stage", "mineral", "commodity", "segment"),
    "price": ("region", "bloc", "commodity", "mineral", "stage"),
    "money": ("programme",),
    "control": _PLANTS,
}

FACTOR_ONLY = ("supply", "lane", "ramp", "money")


@check("scenarios", "shocks")
def check_scenarios(book: Inspection) -> None:
    """Each scenario changes something; stated probabilities sum to at most 1."""
    shocked = {row.scenario for row in book.rows(ShockRow)}
    for row in book.rows(ScenarioRow):
        if row.scenario not in shocked:
            message = f"scenario '{row.scenario}' has no shocks: it is the base case."
            book.warn(
                row, "scenario", message, "Add its rows to sheet shocks.", effect=Effect.UNUSED
            )
    total = sum(row.probability or 0.0 for row in book.rows(ScenarioRow))
    if total > 1 + 1e-9:
        row = book.rows(ScenarioRow)[-1]
        message = f"the probabilities sum to {rounded(total)}, more than 1."
        book.warn(row, "probability", message, effect=Effect.TAKEN)


@check("shock fields")
def check_shock_fields(book: Inspection) -> None:
    """What a shock matches suits what it changes, and field and value come together."""
    for row in book.rows(ShockRow):
        what, field = row.what, row.field
        fits = SHOCK_FITS[what]
        if field and not row.value:
            book.fault(row, "value", f"field {field} is given without a value.", "Fill it.")
        elif not field and row.value:
            message = f"value '{row.value}' is given without a field."
            book.fault(row, "field", message, f"Choose one of: {listed(fits)}.")
        if field and field not in fits:
            hint = did_you_mean(field, fits, "")
            hint = f"{hint} Choose one of: {listed(fits)}.".strip()
            article = "an" if field == "origin" else "a"
            message = f"a {what} shock cannot be aimed at {article} {field}."
            book.fault(row, "field", message, hint)


@check("shock amounts", "lanes")
def check_shock_amounts(book: Inspection) -> None:
    """A shock changes something, in a way that its kind allows."""
    for row in book.rows(ShockRow):
        what, shift = row.what, row.shift
        if what == "control":
            _check_control_amounts(book, row)
        elif shift and what in FACTOR_ONLY:
            message = f"a {what} shock takes a factor, not a shift."
            book.fault(row, "shift", message, "Use factor; 0 closes, 0.5 halves.")
        elif what == "lead_time" and shift != int(shift):
            message = f"a lead time shifts by whole years, not by {plain(shift)}."
            book.fault(row, "shift", message, "Type whole years.")
        elif row.factor == 1 and not shift:
            book.warn(
                row,
                "factor",
                "factor 1 and shift 0 change nothing.",
                "Fill one of them.",
                effect=Effect.UNUSED,
            )
        elif what == "lane" and not book.rows(LaneRow) and row.factor != 0:
            message = "lanes have no limits, so only factor 0 changes anything."
            book.warn(
                row,
                "factor",
                message,
                "Type 0, or give limits in sheet lanes.",
                effect=Effect.UNUSED,
            )


def _check_control_amounts(book: Inspection, row: ShockRow) -> None:
    """A plant is controlled or it is not."""
    for column, blank in (("factor", 1), ("shift", 0)):
        if getattr(row, column) != blank:
            message = f"a control shock takes no {column}: its plants make exposed output alone."
            book.fault(row, column, message, "Leave the cell blank.")


@check("shocks given twice")
def check_shocks_twice(book: Inspection) -> None:
    """No shock is given twice: both would hold."""
    seen: dict[tuple[object, ...], ShockRow] = {}
    for row in book.rows(ShockRow):
        what = (row.scenario, row.what, row.field, row.value.casefold(), row.mineral.casefold())
        key = (*what, row.first_year, row.last_year, row.factor, row.shift)
        other = seen.setdefault(key, row)
        if other is not row:
            message = f"this shock is that of row {other.number} again, and both hold."
            book.warn(
                row,
                "what",
                message,
                "Delete one, unless its effect is meant twice.",
                effect=Effect.TAKEN,
            )


@check("price shocks", "prices", "commodities", "stockpiles", *PAYERS)
def check_price_shocks(book: Inspection) -> None:
    """Prices that a shock changes are used by something."""
    if book.rows(PriceRow) and prices_matter(book):
        return
    why = "no price is used" if book.rows(PriceRow) else "sheet prices is empty"
    for row in book.rows(ShockRow):
        if row.what == "price":
            book.warn(row, "what", f"a price shock changes nothing: {why}.", effect=Effect.UNUSED)


@check("uptake shocks", "uptake")
def check_uptake_shocks(book: Inspection) -> None:
    """An uptake that a shock changes is given."""
    for row in book.rows(ShockRow) if not book.rows(UptakeRow) else ():
        if row.what == "uptake":
            book.warn(
                row,
                "what",
                "an uptake shock changes nothing: sheet uptake is empty.",
                effect=Effect.UNUSED,
            )


@check("mineral shocks")
def check_mineral_shocks(book: Inspection) -> None:
    """A shock on money, which is of no mineral, names none."""
    for row in book.rows(ShockRow):
        if row.what == "money" and row.mineral:
            message = "a programme is of no mineral, so a money shock takes none."
            book.fault(row, "mineral", message, "Leave the cell blank.")


@check("money shocks", "settings", "programmes")
def check_money_shocks(book: Inspection) -> None:
    """A yearly limit that a shock changes is given; factor 0 needs none."""
    for row in book.rows(ShockRow):
        if row.what != "money" or row.factor == 1:
            continue
        hit = [k for k in book.rows(ProgrammeRow) if row.value in ("", k.programme)]
        first = book.first if row.first_year is None else row.first_year
        last = book.last if row.last_year is None else row.last_year
        limited = any(first <= t <= last and t in book.years for k in hit for t in k.years)
        if not hit:
            book.warn(
                row,
                "what",
                "a money shock changes nothing: sheet programmes is empty.",
                effect=Effect.UNUSED,
            )
        elif row.factor != 0 and not limited:
            message = "no programme it is aimed at has a limit in its years: only 0 changes any."
            book.warn(
                row,
                "factor",
                message,
                "Type 0, or give limits in sheet programmes.",
                effect=Effect.UNUSED,
            )


@check("control shocks", "settings", "regions", "recipes", "processes", *PLANTS)
def check_control_shocks(book: Inspection) -> None:
    """Some plant that a control shock is aimed at can make clear output."""
    for row in book.rows(ShockRow):
        value = row.value.casefold()
        aimed = (
            p
            for p in book.plants
            if (not row.field or value in book.tags(p).get(row.field, ()))
            and (not row.mineral or book.matches(p, "mineral", row.mineral))
        )
        if row.what == "control" and not any(map(book.is_clear, aimed)):
            message = "a control shock changes nothing: its plants make exposed output already."
            book.warn(
                row,
                "what",
                message,
                "Mend field and value, or delete the row.",
                effect=Effect.UNUSED,
            )


@check("shock years", "settings")
def check_shock_years(book: Inspection) -> None:
    """The years of a shock are in order and touch the plan."""
    for row in book.rows(ShockRow):
        book.keeps_years(row, "the shock", "changes nothing")


@check("second wave", "settings")
def check_second_wave(book: Inspection) -> None:
    """The second wave begins within the plan, after its first year."""
    year = book.settings.second_wave
    if year is not None and not book.first < year <= book.last:
        message = f"{year} does not lie in {book.first + 1}-{book.last}: nothing would wait."
        book.setting_fault("second_wave", message, "Type a year of the plan, or leave it blank.")
