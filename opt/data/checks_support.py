"""Checks of price and output support, and of the prices that say who needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from opt.data.checks_money import supported
from opt.data.checks_stock import buyers, price_hint
from opt.data.facts import SUPPORTS, Facts
from opt.data.tables import Row
from opt.data.words import listed

_PAY_OR_RUN = "Let a programme pay for it (pays_for), or type run."
_NEEDS = {"floor": "price_support", "per_unit": "output_support"}


def check_losing_plants(facts: Facts) -> None:
    """Setting losing_plants is stated where a programme pays for support, and has its effect."""
    if not facts.need_support:
        for row in facts.supporters:
            _warn_of_no_need(facts, row)
    elif not facts.supporters:
        message, hint = "no programme pays for support, so plants that lose money never run.", ""
        if not facts.rows("prices"):
            message = "sheet prices is empty, so no plant is known to lose money and all may run."
            hint = "Add prices, or type run."
        facts.setting_warning("losing_plants", message, hint or _PAY_OR_RUN)


def _warn_of_no_need(facts: Facts, programme: Row) -> None:
    """A programme of support in a case whose losing plants run without it."""
    kinds = " and ".join(sorted(facts.pays_for(programme) & SUPPORTS))
    blank = any(used.column == "losing_plants" for used in facts.tables.defaults_used)
    state = "is not given, which means run" if blank else "is run"
    message = (
        f"setting losing_plants {state}: plants that lose money run without support, so nothing is"
        f" paid for {kinds}."
    )
    hint = "Add a row to sheet settings: losing_plants, and need_support or run."
    other = "Type need_support in sheet settings, or leave it out of pays_for."
    facts.warn(programme, "pays_for", message, hint if blank else other)


def check_support_money(facts: Facts) -> None:
    """Programmes of support have prices to judge by, and amounts per unit where they pay them."""
    for row in facts.supporters:
        name, uses = row.text("programme"), facts.pays_for(row)
        if facts.need_support and not facts.rows("prices"):
            kinds = " and ".join(sorted(uses & SUPPORTS))
            message = f"sheet prices is empty, so nothing is paid for {kinds}."
            facts.warn(row, "pays_for", message, "Add prices, or leave it out.")
        if "output_support" in uses and not _has_rows(facts, name, "per_unit"):
            message = f"it pays for output_support, but sheet supports has no amount of '{name}'."
            facts.warn(row, "pays_for", message, "Add a row with basis per_unit, or leave it out.")


def _has_rows(facts: Facts, programme: str, basis: str) -> bool:
    return any(
        row.text("programme") == programme and row["basis"] == basis
        for row in facts.rows("supports")
    )


def check_support_years(facts: Facts) -> None:
    """The years of a support are in order, touch the plan, and come after the first commitment."""
    starts = {
        row.text("programme"): int(row.optional("commit_from") or facts.first)
        for row in facts.rows("programmes")
    }
    for row in facts.rows("supports"):
        name, first, last = (
            row.text("programme"),
            row.optional("first_year"),
            row.optional("last_year"),
        )
        if first and last and first > last:
            message = f"first_year {int(first)} is after last_year {int(last)}."
            facts.fault(row, "first_year", message, "Swap or mend the years.")
        elif (first and first > facts.last) or (last and last < facts.first):
            column = "first_year" if first and first > facts.last else "last_year"
            message = f"the row lies outside {facts.first}-{facts.last}, so it pays nothing."
            facts.warn(row, column, message)
        elif last and last < starts.get(name, facts.first):
            message = f"'{name}' pays from {starts[name]} on, so the row pays nothing."
            facts.warn(row, "last_year", message, "Mend it, or commit_from of the programme.")


def check_support_rows(facts: Facts) -> None:
    """A support is paid by a programme that may, to a plant that makes the commodity."""
    programmes = {row.text("programme"): row for row in facts.rows("programmes")}
    for row in facts.rows("supports"):
        programme = programmes.get(row.text("programme"))
        uses = facts.pays_for(programme) if programme else frozenset()
        if programme is None or not uses:
            continue
        need = _NEEDS[row.text("basis")]
        if need not in uses:
            message = f"basis {row.text('basis')} is paid for by {need}, which is not in pays_for"
            where = f"programmes!{programme.cell('pays_for')}"
            hint = f"Add {need} there, or choose another basis."
            facts.fault(row, "basis", f"{message} of '{row.text('programme')}' ({where}).", hint)
            continue
        _check_makers(facts, row, programme)
        pays_gap = "price_support" in uses and not _has_rows(facts, row.text("programme"), "floor")
        if row["basis"] == "per_unit" and pays_gap:
            message = "price_support without a floor pays the whole gap, so this adds nothing."
            facts.warn(row, "basis", message, "Add a row with basis floor, or delete this one.")


def _check_makers(facts: Facts, row: Row, programme: Row) -> None:
    """Some plant that may be supported makes the commodity; for a floor, where it has a price."""
    name, commodity = row.text("programme"), row.text("commodity")
    makers = [p for p in supported(facts, programme) if commodity in facts.outputs(p)]
    regions = list(dict.fromkeys(plant.text("region") for plant in makers))
    if not makers:
        message = f"no plant that '{name}' may support makes {commodity}, so the row pays nothing."
        facts.warn(row, "commodity", message, "Mend the name, or see sheet eligibility.")
    elif (
        row["basis"] == "floor"
        and facts.rows("prices")
        and facts.need_support
        and not any(facts.price(commodity, region) for region in regions)
    ):
        message = f"there is no price of {commodity} in {listed(regions)} to top up."
        facts.fault(row, "commodity", message, price_hint(facts, commodity, regions[0]))


def _runs(facts: Facts) -> Iterator[tuple[str, str]]:
    """Every process and region in which losses are judged: none where losing plants run."""
    if facts.rows("prices") and facts.need_support:
        pairs = dict.fromkeys(
            (process, plant.text("region"))
            for plant in facts.plants
            if facts.is_clear(plant)
            for process in plant.items("processes")
        )
        yield from pairs


def check_support_prices(facts: Facts) -> None:
    """Prices by which support is judged are given up to last_year."""
    for process, region in _runs(facts):
        for commodity in facts.recipe.get(process, {}):
            price = facts.price(commodity, region)
            if price is not None:
                facts.require_years(price)


@dataclass(frozen=True, slots=True)
class _Unpriced:
    """What is not judged or worth nothing, of one process and of all such processes, and the
    commodities whose prices are missing where they tell processes apart."""

    one: str
    all: str
    missing: tuple[str, ...] = ()


def check_unpriced(facts: Facts) -> None:
    """Says which processes support does not judge, and which outputs count as worth nothing."""
    told: dict[tuple[str, _Unpriced], list[str]] = {}
    everywhere: dict[str, list[str]] = {}
    for process, region in _runs(facts):
        everywhere.setdefault(process, []).append(region)
        why = _unpriced(facts, process, region)
        if why:
            told.setdefault((process, why), []).append(region)
    rows = {row.text("process"): row for row in facts.rows("processes")}
    for (process, why), regions in told.items():
        if process in rows:
            message = f"support of process '{process}' in {listed(regions)}: {why.one}."
            hint = "Add the prices, or leave it so."
            subject = (
                process if regions == everywhere[process] else f"{process} in {listed(regions)}"
            )
            subject += f" ({listed(why.missing)})" if why.missing else ""
            facts.warn(rows[process], "process", message, hint, common=why.all, subject=subject)


def _unpriced(facts: Facts, process: str, region: str) -> _Unpriced | None:
    """What is missing to judge a process in a region; None where nothing is."""
    recipe = facts.recipe.get(process, {})
    without = {commodity for commodity in recipe if facts.price(commodity, region) is None}
    inputs = tuple(name for name in recipe if recipe[name] < 0 and name in without)
    outputs = tuple(name for name in recipe if recipe[name] > 0)
    worthless = tuple(name for name in outputs if name in without)
    if inputs:
        one = f"it is not judged, since {listed(inputs)} has no price"
        return _Unpriced(one, "support is not judged, since what they use has no price", inputs)
    if worthless == outputs:
        one = "it is not judged, since nothing that it makes has a price"
        return _Unpriced(one, "support is not judged, since nothing that they make has a price")
    if worthless:
        one = f"{listed(worthless)} counts as worth nothing, having no price"
        return _Unpriced(one, "support counts outputs without a price as worth nothing", worthless)
    return None


def prices_matter(facts: Facts) -> bool:
    """Whether anything is bought, judged or weighed at market prices."""
    bought = any(buyers(facts, row) for row in facts.rows("stockpiles"))
    return facts.tables.weighs_prices or bought or facts.need_support


def check_prices_of_use(facts: Facts) -> None:
    """Prices are used by something."""
    if facts.rows("prices") and not prices_matter(facts):
        message = (
            "nothing is bought for stock, weighed by value or judged by what it loses: it changes"
            " nothing."
        )
        hint = "See pays_for of sheet programmes, or settings objective and losing_plants."
        facts.log.caution("prices", "", message, hint)
