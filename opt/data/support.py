"""Support of running plants: where costs exceed prices, and what programmes pay on a unit.

Only where setting losing_plants is need_support and sheet prices has rows. A process is judged
where every input has a price and some output has one; an output without a price is worth nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from opt.data.book import SUPPORTS, Book, PlantRow
from opt.data.case import ScenarioBook
from opt.data.check import PAYERS, PLANTS, check
from opt.data.inspection import Inspection
from opt.data.instance import Plant, Process
from opt.data.sheets.chain import FacilityRow, ProcessRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.stock import StockpileRow
from opt.data.sheets.support import SupportRow
from opt.data.sheets.trade import PriceRow
from opt.data.stock import buyers, price_hint
from opt.data.taker import Taker
from opt.data.words import listed
from opt.errors import Effect

ByYear = Mapping[int, float]
PlantProcess = tuple[str, str]
Gaps = Mapping[PlantProcess, ByYear]
PriceOf = Callable[[str, str], ByYear | None]


def gaps(case: ScenarioBook, plants: Iterable[Plant]) -> dict[PlantProcess, ByYear]:
    """What a unit of activity costs above what it earns, by plant, process and year, where it does.

    opex + inputs at market price - outputs at market price, USD per unit of activity, of plants
    that can make clear output then: a plant of the covered bloc runs at any price.
    """
    if not case.need_support or not case.rows(PriceRow):
        return {}
    price_of = cache(case.prices)
    found: dict[PlantProcess, ByYear] = {}
    for plant in plants:
        for p in plant.rates if plant.clear else ():
            losses = _losses(case, plant, case.processes[p], price_of)
            lost = {t: loss for t, loss in losses.items() if plant.clear_in(t)}
            if lost:
                found[plant.id, p] = lost
    return found


def _losses(case: ScenarioBook, plant: Plant, process: Process, price_of: PriceOf) -> ByYear:
    """The years in which a unit of activity costs more than it earns, and how much more."""
    prices = {c: price_of(c, plant.region) for c in process.recipe}
    known = {c: price for c, price in prices.items() if price is not None}
    if not set(process.inputs) <= set(known) or not set(process.outputs) & set(known):
        return {}
    earned = {
        t: math.fsum(process.recipe[c] * price[t] for c, price in known.items()) for t in case.years
    }
    return {t: plant.opex - earned[t] for t in case.years if plant.opex > earned[t]}


def unit_rates(
    case: ScenarioBook,
    programme: ProgrammeRow,
    losing: Iterable[tuple[Plant, PlantRow]],
    lost: Gaps,
) -> dict[str, Mapping[PlantProcess, ByYear]]:
    """What a programme pays for a unit, by use, thing and year, in USD."""
    return {"support": supports(case, programme, losing, lost)}


def supports(
    case: ScenarioBook,
    programme: ProgrammeRow,
    losing: Iterable[tuple[Plant, PlantRow]],
    lost: Gaps,
) -> dict[PlantProcess, ByYear]:
    """What a programme pays on a unit of activity of the plants it may support, in USD."""
    paid: dict[PlantProcess, ByYear] = {}
    if SUPPORTS & case.pays_for(programme):
        for plant, row in losing:
            if case.eligible(programme, row):
                paid.update(rates(case, programme, plant, lost))
    return paid


def rates(
    case: ScenarioBook, programme: ProgrammeRow, plant: Plant, lost: Gaps
) -> dict[PlantProcess, ByYear]:
    """What a programme pays on a unit of activity of a plant, where support is needed, in USD.

    A floor tops the market price up to it; per_unit pays the amount; a programme for price support
    without a floor pays the gap itself.
    """
    rows = [row for row in case.rows(SupportRow) if row.programme == programme.programme]
    kinds = case.pays_for(programme)
    whole_gap = "price_support" in kinds and all(row.basis != "floor" for row in rows)
    per_unit = [(row, _per_unit(case, row, kinds, plant.region)) for row in rows]
    paid: dict[PlantProcess, ByYear] = {}
    for p in plant.rates:
        gap = lost.get((plant.id, p), {})
        by_year = gap if whole_gap else _paid(per_unit, case.processes[p], gap)
        if by_year:
            paid[plant.id, p] = by_year
    return paid


def _paid(
    per_unit: Iterable[tuple[SupportRow, ByYear]], process: Process, years: Iterable[int]
) -> dict[int, float]:
    """Floors and amounts per unit that hold in some years, USD per unit of activity."""
    paid: dict[int, float] = {}
    for row, amounts in per_unit:
        made = max(0.0, process.recipe.get(row.commodity, 0.0))
        for t in years:
            if made > 0 and amounts.get(t, 0.0) > 0:
                paid[t] = paid.get(t, 0.0) + amounts[t] * made
    return paid


def _per_unit(case: ScenarioBook, row: SupportRow, kinds: frozenset[str], region: str) -> ByYear:
    """What one row of sheet supports pays on a unit of its commodity by year, USD."""
    first, last = row.first_year or case.first, row.last_year or case.last
    alive = [t for t in case.years if first <= t <= last]
    if row.basis == "per_unit":
        return dict.fromkeys(alive, row.amount) if "output_support" in kinds else {}
    prices = case.prices(row.commodity, region)
    if prices is None or "price_support" not in kinds:
        return {}
    return {t: row.amount - prices[t] for t in alive}


def supported(book: Book, programme: ProgrammeRow) -> list[PlantRow]:
    """The plants that a programme of price or output support may pay."""
    plants = (thing for thing in book.takers(programme) if not isinstance(thing, StockpileRow))
    offered = (p for p in plants if isinstance(p, FacilityRow) or book.is_offered(p))
    return [plant for plant in offered if book.is_clear(plant)]


# One for each of UNIT_USES.
TAKERS = {
    "price_support": Taker("plant that makes clear output", supported),
    "output_support": Taker("plant that makes clear output", supported),
}

_PAY_OR_RUN = "Let a programme pay for it (pays_for), or type run."

_NEEDS = {"floor": "price_support", "per_unit": "output_support"}


@check("losing plants", "settings", "programmes", "prices")
def check_losing_plants(book: Inspection) -> None:
    """Setting losing_plants is stated where a programme pays for support, and has its effect."""
    if not book.need_support:
        for row in book.supporters:
            _warn_of_no_need(book, row)
    elif not book.supporters:
        message, hint = "no programme pays for support, so plants that lose money never run.", ""
        if not book.rows(PriceRow):
            message = "sheet prices is empty, so no plant is known to lose money and all may run."
            hint = "Add prices, or type run."
        book.setting_warning("losing_plants", message, hint or _PAY_OR_RUN, effect=Effect.RUNNING)


def _warn_of_no_need(book: Inspection, programme: ProgrammeRow) -> None:
    """A programme of support in a case whose losing plants run without it."""
    kinds = " and ".join(sorted(book.pays_for(programme) & SUPPORTS))
    blank = any(used.column == "losing_plants" for used in book.tables.defaults_used)
    state = "is not given, which means run" if blank else "is run"
    message = (
        f"setting losing_plants {state}: plants that lose money run without support, so nothing is"
        f" paid for {kinds}."
    )
    hint = "Add a row to sheet settings: losing_plants, and need_support or run."
    other = "Type need_support in sheet settings, or leave it out of pays_for."
    book.warn(programme, "pays_for", message, hint if blank else other, effect=Effect.UNUSED)


@check("support money", "prices", "supports")
def check_support_money(book: Inspection) -> None:
    """Programmes of support have prices to judge by, and amounts per unit where they pay them."""
    for row in book.supporters:
        name, uses = row.programme, book.pays_for(row)
        if book.need_support and not book.rows(PriceRow):
            kinds = " and ".join(sorted(uses & SUPPORTS))
            message = f"sheet prices is empty, so nothing is paid for {kinds}."
            book.warn(
                row, "pays_for", message, "Add prices, or leave it out.", effect=Effect.UNUSED
            )
        if "output_support" in uses and not _has_rows(book, name, "per_unit"):
            message = f"it pays for output_support, but sheet supports has no amount of '{name}'."
            book.warn(
                row,
                "pays_for",
                message,
                "Add a row with basis per_unit, or leave it out.",
                effect=Effect.UNUSED,
            )


def _has_rows(book: Inspection, programme: str, basis: str) -> bool:
    return any(row.programme == programme and row.basis == basis for row in book.rows(SupportRow))


@check("support years", "settings", "programmes")
def check_support_years(book: Inspection) -> None:
    """The years of a support are in order, touch the plan, and come after the first commitment."""
    starts = {row.programme: row.commit_from or book.first for row in book.rows(ProgrammeRow)}
    for row in book.rows(SupportRow):
        start = starts.get(row.programme, book.first)
        if not book.keeps_years(row, "the row", "pays nothing"):
            continue
        if row.last_year and row.last_year < start:
            message = f"'{row.programme}' pays from {start} on, so the row pays nothing."
            book.warn(
                row,
                "last_year",
                message,
                "Mend it, or commit_from of the programme.",
                effect=Effect.UNUSED,
            )


@check("support rows", *PAYERS, "commodities", "prices", "supports", *PLANTS)
def check_support_rows(book: Inspection) -> None:
    """A support is paid by a programme that may, to a plant that makes the commodity."""
    programmes = {row.programme: row for row in book.rows(ProgrammeRow)}
    for row in book.rows(SupportRow):
        programme = programmes.get(row.programme)
        uses = book.pays_for(programme) if programme else frozenset()
        if programme is None or not uses:
            continue
        need = _NEEDS[row.basis]
        if need not in uses:
            message = f"basis {row.basis} is paid for by {need}, which is not in pays_for"
            where = f"programmes!{programme.cell('pays_for')}"
            hint = f"Add {need} there, or choose another basis."
            book.fault(row, "basis", f"{message} of '{row.programme}' ({where}).", hint)
            continue
        _check_makers(book, row, programme)
        pays_gap = "price_support" in uses and not _has_rows(book, row.programme, "floor")
        if row.basis == "per_unit" and pays_gap:
            message = "price_support without a floor pays the whole gap, so this adds nothing."
            book.warn(
                row,
                "basis",
                message,
                "Add a row with basis floor, or delete this one.",
                effect=Effect.UNUSED,
            )


def _check_makers(book: Inspection, row: SupportRow, programme: ProgrammeRow) -> None:
    """Some plant that may be supported makes the commodity; for a floor, where it has a price."""
    name, commodity = row.programme, row.commodity
    makers = [p for p in supported(book, programme) if commodity in book.outputs(p)]
    regions = list(dict.fromkeys(plant.region for plant in makers))
    if not makers:
        message = f"no plant that '{name}' may support makes {commodity}, so the row pays nothing."
        book.warn(
            row,
            "commodity",
            message,
            "Mend the name, or see sheet eligibility.",
            effect=Effect.UNUSED,
        )
    elif (
        row.basis == "floor"
        and book.rows(PriceRow)
        and book.need_support
        and not any(book.price(commodity, region) for region in regions)
    ):
        message = f"there is no price of {commodity} in {listed(regions)} to top up."
        book.fault(row, "commodity", message, price_hint(book, commodity, regions[0]))


def _runs(book: Inspection) -> Iterator[tuple[str, str]]:
    """Every process and region in which losses are judged: none where losing plants run."""
    if book.rows(PriceRow) and book.need_support:
        pairs = dict.fromkeys(
            (process, plant.region)
            for plant in book.plants
            if book.is_clear(plant)
            for process in plant.processes
        )
        yield from pairs


@check("support prices", "settings", "regions", *PLANTS)
def check_support_prices(book: Inspection) -> None:
    """Prices by which support is judged are given up to last_year."""
    for process, region in _runs(book):
        for commodity in book.recipe.get(process, {}):
            price = book.price(commodity, region)
            if price is not None:
                book.require_years(price)


@dataclass(frozen=True, slots=True)
class _Unpriced:
    """What is not judged or worth nothing, of one process and of all such processes, and the
    commodities whose prices are missing where they tell processes apart."""

    one: str
    all: str
    effect: Effect
    missing: tuple[str, ...] = ()


@check("unpriced processes", "regions", "prices", *PLANTS)
def check_unpriced(book: Inspection) -> None:
    """Says which processes support does not judge, and which outputs count as worth nothing."""
    told: dict[tuple[str, _Unpriced], list[str]] = {}
    everywhere: dict[str, list[str]] = {}
    for process, region in _runs(book):
        everywhere.setdefault(process, []).append(region)
        why = _unpriced(book, process, region)
        if why:
            told.setdefault((process, why), []).append(region)
    rows = {row.process: row for row in book.rows(ProcessRow)}
    for (process, why), regions in told.items():
        if process in rows:
            message = f"support of process '{process}' in {listed(regions)}: {why.one}."
            hint = "Add the prices, or leave it so."
            subject = (
                process if regions == everywhere[process] else f"{process} in {listed(regions)}"
            )
            subject += f" ({listed(why.missing)})" if why.missing else ""
            book.warn(
                rows[process],
                "process",
                message,
                hint,
                common=why.all,
                subject=subject,
                effect=why.effect,
            )


def _unpriced(book: Inspection, process: str, region: str) -> _Unpriced | None:
    """What is missing to judge a process in a region; None where nothing is."""
    recipe = book.recipe.get(process, {})
    without = {commodity for commodity in recipe if book.price(commodity, region) is None}
    inputs = tuple(name for name in recipe if recipe[name] < 0 and name in without)
    outputs = tuple(name for name in recipe if recipe[name] > 0)
    worthless = tuple(name for name in outputs if name in without)
    if inputs:
        one = f"it is not judged, since {listed(inputs)} has no price"
        every = "support is not judged, since what they use has no price"
        return _Unpriced(one, every, Effect.UNJUDGED, inputs)
    if worthless == outputs:
        one = "it is not judged, since nothing that it makes has a price"
        every = "support is not judged, since nothing that they make has a price"
        return _Unpriced(one, every, Effect.UNJUDGED)
    if worthless:
        one = f"{listed(worthless)} counts as worth nothing, having no price"
        every = "support counts outputs without a price as worth nothing"
        return _Unpriced(one, every, Effect.OVERLOST, worthless)
    return None


def prices_matter(book: Inspection) -> bool:
    """Whether anything is bought, judged or weighed at market prices."""
    bought = any(buyers(book, row) for row in book.rows(StockpileRow))
    return book.weighs_prices or bought or book.need_support


@check("prices of use", *PAYERS, "commodities", "stockpiles")
def check_prices_of_use(book: Inspection) -> None:
    """Prices are used by something."""
    if book.rows(PriceRow) and not prices_matter(book):
        message = (
            "nothing is bought for stock, weighed by value or judged by what it loses: it changes"
            " nothing."
        )
        hint = "See pays_for of sheet programmes, or settings objective and losing_plants."
        book.log.caution("prices", "", message, hint, effect=Effect.UNUSED)
