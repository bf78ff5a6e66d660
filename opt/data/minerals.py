"""Minerals: what each counts for in dependence, and what is joined that should stand apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from opt.data.book import Book
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.sheets.chain import CommodityRow, RecipeRow
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.minerals import MineralRow
from opt.data.sheets.setup import EQUAL, TONNES, SettingRow, setting_row
from opt.data.timing import value_in
from opt.data.words import did_you_mean, listed
from opt.errors import Effect


def mineral_weights(book: Book) -> dict[str, float]:
    """What each mineral counts for in dependence, by its name without case; empty where all demand
    is added up in its own units, whatever mineral it is of."""
    asked = book.settings.weights
    if asked == EQUAL:
        return {row.mineral.casefold(): 1.0 for row in book.commodities.values() if row.mineral}
    if asked == TONNES:
        return {}
    return {row.mineral.casefold(): row.weight for row in book.rows(MineralRow)}


def _demanded(book: Book) -> Mapping[str, list[DemandRow]]:
    """The rows of allied demand that counts, by the mineral of what they ask for, without case."""
    found: dict[str, list[DemandRow]] = {}
    for row in book.rows(DemandRow):
        if book.bloc.get(row.region) == "ally" and row.weight > 0 and row.commodity:
            good = book.commodities.get(row.commodity)
            found.setdefault(good.mineral.casefold() if good else "", []).append(row)
    return found


@check("mineral names", "commodities")
def check_mineral_names(book: Inspection) -> None:
    """Every row of sheet minerals is of a mineral that some commodity belongs to."""
    known = {row.mineral.casefold(): row.mineral for row in book.rows(CommodityRow) if row.mineral}
    for row in book.rows(MineralRow):
        if row.mineral.casefold() not in known:
            message = f"no commodity is of mineral '{row.mineral}'."
            hint = did_you_mean(row.mineral, known.values(), "See sheet commodities.")
            book.fault(row, "mineral", message, hint)


@check("mineral weights", "settings", "regions", "commodities", "demand", "minerals")
def check_mineral_weights(book: Inspection) -> None:
    """Where minerals are weighed, every allied demand is of one that has a weight, and some weight
    is more than nothing; where they are not, only one mineral is asked for."""
    demanded = _demanded(book)
    weights = mineral_weights(book)
    if not weights:
        _warn_of_sum(book, demanded)
        return
    for mineral, rows in demanded.items():
        if mineral not in weights:
            _report_unweighted(book, rows[0])
    if demanded and not any(weights.get(mineral) for mineral in demanded):
        first = book.rows(MineralRow)[0]
        message = "no mineral that allies ask for has a weight above 0, so nothing counts."
        book.fault(first, "weight", message, "Type what one of them counts for.")
    rows_of = {row.mineral.casefold(): row for row in book.rows(MineralRow)}
    for mineral, row in rows_of.items():
        if not any(_counts(book, asked) for asked in demanded.get(mineral, ())):
            message = "allies ask for none of it in the years of dependence, so it counts nothing."
            book.warn(
                row,
                "mineral",
                message,
                "Delete the row, or see sheet demand.",
                effect=Effect.UNUSED,
            )


def _counts(book: Book, row: DemandRow) -> bool:
    return any(value_in(row.years, t) for t in book.dependence_years) if row.years else False


def _report_unweighted(book: Inspection, demand: DemandRow) -> None:
    """The mineral of a demand is not known, or has no weight."""
    good = book.commodities.get(demand.commodity)
    if good is None:
        return
    if not good.mineral:
        message = f"minerals are weighed, and '{good.commodity}', for which allies ask, has none."
        book.fault(good, "mineral", message, "Type its mineral.")
        return
    message = f"allies ask for '{good.mineral}' (demand!{demand.cell('commodity')})"
    last = book.rows(MineralRow)[-1]
    book.fault(last, "mineral", f"{message}, which has no row here.", "Add a row with its weight.")


def _warn_of_sum(book: Inspection, demanded: Mapping[str, list[DemandRow]]) -> None:
    """Several minerals whose demand is added up in its own units, which nobody asked for."""
    row = setting_row(book.rows(SettingRow), "weights")
    asked = row is not None and row.text("value").casefold() == TONNES
    if len(demanded) < 2 or asked:
        return
    minerals = [
        book.commodities[rows[0].commodity].mineral or "no mineral" for rows in demanded.values()
    ]
    second = list(demanded.values())[1][0]
    message = (
        f"dependence adds up the demand for {listed(minerals)} unit by unit: the mineral of which"
        " most is used drowns the others."
    )
    hint = f"Fill sheet minerals, or type setting weights = {EQUAL} or {TONNES}."
    book.warn(second, "commodity", message, hint, effect=Effect.COUNTED)


@check("minerals apart", "commodities", "processes", "recipes")
def check_minerals_apart(book: Inspection) -> None:
    """No recipe uses commodities of two minerals, unless that is meant; one that makes two of one
    is a by-product's."""
    for rows in _joined(book):
        first, other = rows
        names = [book.commodities[row.commodity].mineral for row in rows]
        message = (
            f"the recipe of '{other.process}' joins {names[0]} (row {first.number}) and {names[1]}:"
            " two recipes of one name become one."
        )
        hint = "Give each its own process, unless one plant does make both."
        book.warn(other, "commodity", message, hint, effect=Effect.TAKEN)


def _joined(book: Book) -> Iterator[tuple[RecipeRow, RecipeRow]]:
    """The first two rows of each recipe that use commodities of different minerals."""
    first: dict[str, RecipeRow] = {}
    told = set()
    for row in book.rows(RecipeRow):
        good = book.commodities.get(row.commodity)
        if good is None or not good.mineral or row.amount >= 0:
            continue
        other = first.setdefault(row.process, row)
        before = book.commodities[other.commodity].mineral.casefold()
        if before != good.mineral.casefold() and row.process not in told:
            told.add(row.process)
            yield other, row
