"""Checks of stockpiles: what lies there, who buys for them at what price, and whether they help."""

from __future__ import annotations

from opt.data.checks_money import eligible
from opt.data.facts import Facts
from opt.data.tables import Row
from opt.data.words import listed, plain

_CUTS = ("lane", "supply")


def buyers(facts: Facts, stock: Row) -> list[Row]:
    """The programmes that may buy for a stockpile in some year of the plan."""
    return [
        row
        for row in facts.rows("programmes")
        if "stock" in facts.pays_for(row)
        and (row.optional("commit_from") or facts.first) <= facts.last
        and (row.optional("commit_to") or facts.last) >= facts.first
        and eligible(facts, row, stock)
    ]


def check_stock_levels(facts: Facts) -> None:
    """The initial stock fits, and is exposed where it lies in the covered bloc."""
    for row in facts.rows("stockpiles"):
        initial, capacity = row.number_of("initial"), row.optional("capacity")
        if capacity is not None and initial > capacity:
            message = f"initial {plain(initial)} is above capacity {plain(capacity)}."
            facts.fault(row, "initial", message, "Mend one of them.")
        if _is_covered(facts, row) and initial > 0 and row["initial_origin"] == "clear":
            message = f"{row.text('region')} is in bloc covered, so what lies there is exposed."
            facts.fault(row, "initial_origin", message, "Type exposed.")


def _is_covered(facts: Facts, stock: Row) -> bool:
    return facts.bloc.get(stock.text("region")) == "covered"


def check_stock_prices(facts: Facts) -> None:
    """What may be bought has a price; a price of what is held is given up to last_year."""
    for row in facts.rows("stockpiles"):
        commodity, region = row.text("commodity"), row.text("region")
        price = facts.price(commodity, region)
        if price is not None:
            facts.require_years(price)
        elif buyers(facts, row):
            message = f"there is no price of {commodity} in {region} to buy it at."
            facts.fault(row, "commodity", message, price_hint(facts, commodity, region))


def price_hint(facts: Facts, commodity: str, region: str) -> str:
    """How to give a price that is missing: where it has one already, or a new row."""
    rows = [row for row in facts.rows("prices") if row.text("commodity") == commodity]
    if not rows:
        return f"Add a row of {commodity} to sheet prices."
    markets = listed(row.text("market") for row in rows)
    return f"Sheet prices has it for {markets}: add a row for {region} or *."


def check_stocks_of_use(facts: Facts) -> None:
    """A stockpile holds or can buy something that is wanted, and can give it out."""
    wanted = _wanted(facts)
    for row in facts.rows("stockpiles"):
        commodity, payers = row.text("commodity"), buyers(facts, row)
        if not payers and row.number_of("initial") == 0:
            message = "it is empty and no programme may buy for it, so it changes nothing."
            hint = "Fill initial, or let a programme pay for stock (pays_for, eligibility)."
            facts.warn(row, "stockpile", message, hint)
            continue
        if commodity not in wanted:
            message = f"no plant uses {commodity} and nobody demands it, so nothing is released."
            facts.warn(row, "commodity", message, "Mend the name, or delete the row.")
        if row["release"] == "disruption" and not _is_cut(facts):
            message = "no scenario cuts supply or a lane, so nothing is ever released."
            hint = "Type any, or add a shock on supply or lane with a factor below 1."
            facts.warn(row, "release", message, hint)
        if payers and _is_covered(facts, row) and row["buys"] == "clear":
            region = row.text("region")
            message = f"{region} is in bloc covered: what is bought there is exposed all the same."
            facts.warn(row, "buys", message, "Type any.")


def _wanted(facts: Facts) -> set[str]:
    used = {
        commodity
        for plant in facts.plants
        for process in plant.items("processes")
        for commodity, amount in facts.recipe.get(process, {}).items()
        if amount < 0
    }
    return used | {row.text("commodity") for row in facts.rows("demand")}


def _is_cut(facts: Facts) -> bool:
    """Whether some scenario has a disruption in the plan."""
    return any(
        row.text("what") in _CUTS
        and row.number_of("factor") < 1
        and (row.optional("first_year") or facts.first) <= facts.last
        and (row.optional("last_year") or facts.last) >= facts.first
        for row in facts.rows("shocks")
    )
