"""Offtake contracts: what they bind of a plant's output, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from opt.data.book import Book, PlantRow
from opt.data.case import ScenarioBook
from opt.data.check import PLANTS, check
from opt.data.inspection import Inspection
from opt.data.instance import Offtake, Plant
from opt.data.patterns import EVERYTHING, bloc_named
from opt.data.sheets.contracts import OfftakeRow
from opt.data.words import did_you_mean, listed, rounded
from opt.errors import Effect

MOST_OFFTAKES = 6  # of one commodity in one region: the model bounds every set of them
_ROUNDING = 1e-9


def offtakes(case: ScenarioBook, plants: Mapping[str, Plant]) -> tuple[Offtake, ...]:
    """Contracts in the order of the rows."""
    return tuple(
        _offtake(case, row, plants[row.facility or row.project]) for row in case.rows(OfftakeRow)
    )


def _offtake(case: ScenarioBook, row: OfftakeRow, plant: Plant) -> Offtake:
    return Offtake(
        plant=plant.id,
        region=plant.region,
        commodity=row.commodity,
        destinations=case.members(row.destination),
        share=row.share,
        last_year=case.last if row.last_year is None else row.last_year,
    )


@check("offtake rows", "settings", "regions", *PLANTS)
def check_offtake_rows(book: Inspection) -> None:
    """A contract binds what one plant makes, to regions that exist, in some year of the plan."""
    for row in book.rows(OfftakeRow):
        named = [column for column in ("facility", "project") if column in row.given]
        if len(named) != 1:
            message = "facility and project are both named." if named else "no plant is named."
            hint = "Keep one of them." if named else "Fill facility or project."
            book.fault(row, "facility", message, hint)
        else:
            _check_made(book, row, _plant(book, row))
        to = row.destination
        if to == EVERYTHING:
            message = "output that is bound to every region is bound to none."
            book.fault(row, "destination", message, "Name a region or a bloc, such as bloc:ally.")
        elif not book.members(to):
            message = f"no region is in bloc {bloc_named(to)}."
            book.fault(row, "destination", message, "Name a region or another bloc.")
        last = row.last_year
        if last and last < book.first:
            message = f"it ends before first_year {book.first}, so it changes nothing."
            book.warn(row, "last_year", message, effect=Effect.UNUSED)


def _plant(book: Book, row: OfftakeRow) -> PlantRow | None:
    """The plant of an offtake that names just one."""
    return book.facilities.get(row.facility) or book.projects.get(row.project)


def _check_made(book: Inspection, row: OfftakeRow, plant: PlantRow | None) -> None:
    outputs = sorted(book.outputs(plant)) if plant else []
    commodity = row.commodity
    if plant and commodity not in outputs:
        name = row.facility or row.project
        hint = did_you_mean(commodity, outputs, f"It makes {listed(outputs) or 'nothing'}.")
        book.fault(row, "commodity", f"'{name}' does not make {commodity}.", hint)


def _alive(book: Inspection) -> Iterable[OfftakeRow]:
    """The contracts that hold in the first year of the plan: none begins later."""
    for row in book.rows(OfftakeRow):
        if (row.last_year or book.last) >= book.first:
            yield row


@check("offtake shares", "settings")
def check_offtake_shares(book: Inspection) -> None:
    """The contracts of one plant bind no more than it makes."""
    total: dict[tuple[str, str], float] = {}
    for row in _alive(book):
        name, commodity = row.facility or row.project, row.commodity
        before = total.get((name, commodity), 0.0)
        bound = total[name, commodity] = before + row.share
        if before <= 1 + _ROUNDING < bound:
            shown = rounded(bound)
            message = f"the shares of {commodity} of '{name}' sum to {shown}, more than 1."
            book.fault(row, "share", message, "Mend the shares.")


@check("offtake number", "settings")
def check_offtake_number(book: Inspection) -> None:
    """Few enough contracts of one commodity in one region that every set of them can be bounded."""
    held: dict[tuple[str, str], int] = {}
    for row in _alive(book):
        plant = _plant(book, row)
        if plant is None:
            continue
        region, commodity = plant.region, row.commodity
        held[region, commodity] = held.get((region, commodity), 0) + 1
        if held[region, commodity] == MOST_OFFTAKES + 1:
            message = (
                f"more than {MOST_OFFTAKES} contracts of {commodity} in {region} are too many to"
                " prove."
            )
            book.fault(row, "commodity", message, "Merge contracts with one destination.")
