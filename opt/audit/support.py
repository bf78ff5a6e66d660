"""What running a plant lacks at market prices, and what programmes may pay towards it."""

from __future__ import annotations

from opt.audit.case import Case, Plant
from opt.audit.evidence import Evidence
from opt.audit.programmes import (
    OUTPUT_SUPPORT,
    PRICE_SUPPORT,
    commit_years,
    eligibility,
    is_eligible,
    uses,
)
from opt.data.tables import Row

FLOOR = "floor"
PER_UNIT = "per_unit"
ROUNDING = 1e-9  # of the largest term: a gap below it is rounding


def is_judged(evidence: Evidence) -> bool:
    """Whether gaps matter: setting losing_plants is need_support, and sheet prices has rows."""
    asked = evidence.case.tables.settings["losing_plants"] == "need_support"
    return asked and bool(evidence.prices.rows)


def gap(evidence: Evidence, plant: Plant, process: str, year: int) -> float:
    """max(0, opex + sum of inputs x price - sum of outputs x price), USD per unit of activity.

    0 where gaps do not matter: at a plant that makes nothing clear, of a process with an input
    without price, or without any output with a price. An output without price is worth nothing.
    """
    if not (is_judged(evidence) and plant.can_be_clear):
        return 0.0
    recipe = evidence.case.recipes[process]
    prices = {c: evidence.prices.find(c, plant.region, year) for c in recipe}
    priced_inputs = all(prices[c] is not None for c, amount in recipe.items() if amount < 0)
    priced_output = any(prices[c] is not None for c, amount in recipe.items() if amount > 0)
    if not (priced_inputs and priced_output):
        return 0.0
    terms = [-amount * (prices[c] or 0.0) for c, amount in recipe.items()]
    terms.append(plant.row.number_of("opex"))
    lacking = sum(terms)
    return lacking if lacking > ROUNDING * max(abs(term) for term in terms) else 0.0


def rate(evidence: Evidence, programme: str, plant: Plant, process: str, year: int) -> float:
    """What a programme pays per unit of activity, USD.

    Price support: the gap itself where the programme has no floor; else the sum over its floors of
    max(0, floor - price) x amount made. Output support adds so much per unit made, but not to the
    gap itself.
    """
    kinds = uses(evidence.case, programme)
    rows = [
        row
        for row in evidence.case.tables.rows.get("supports", ())
        if row.text("programme") == programme
    ]
    floors = [row for row in rows if row.text("basis") == FLOOR]
    if PRICE_SUPPORT in kinds and not floors:
        return gap(evidence, plant, process, year)
    made = evidence.case.recipes[process]
    total = 0.0
    for row in _alive(evidence.case, rows, year):
        commodity, basis = row.text("commodity"), row.text("basis")
        amount = max(0.0, made.get(commodity, 0.0))
        if basis == FLOOR and PRICE_SUPPORT in kinds:
            price = evidence.prices.worth(commodity, plant.region, year)
            total += max(0.0, row.number_of("amount") - price) * amount
        elif basis == PER_UNIT and OUTPUT_SUPPORT in kinds:
            total += row.number_of("amount") * amount
    return total


def may_support(case: Case, programme: str, plant: Plant, year: int) -> bool:
    """Whether a programme may support a plant in a year: pays_for names support, eligibility passes
    as for projects, t >= commit_from (what was promised by commit_to is paid later too)."""
    supports = {PRICE_SUPPORT, OUTPUT_SUPPORT} & uses(case, programme)
    fits = is_eligible(eligibility(case, programme), plant.traits)
    return bool(supports) and fits and year >= commit_years(case, programme).start


def _alive(case: Case, rows: list[Row], year: int) -> list[Row]:
    """The rows of sheet supports that hold in a year; blank years: those of the plan."""
    found = []
    for row in rows:
        first, last = row.optional("first_year"), row.optional("last_year")
        begun = year >= (case.tables.first_year if first is None else first)
        if begun and year <= (case.tables.last_year if last is None else last):
            found.append(row)
    return found
