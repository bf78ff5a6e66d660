"""Which programme may pay for what: its uses, its rows of eligibility, its years."""

from __future__ import annotations

from opt.audit.case import Case
from opt.audit.shocks import Traits, match_key
from opt.data.tables import Row

CAPEX = "capex"
STOCK = "stock"
PRICE_SUPPORT = "price_support"
OUTPUT_SUPPORT = "output_support"


def uses(case: Case, programme: str) -> frozenset[str]:
    """What the money of a programme can be used for: the items of pays_for."""
    items = case.programmes[programme].text("pays_for").split(";")
    return frozenset(item.strip().casefold() for item in items)


def commit_years(case: Case, programme: str) -> range:
    """commit_from..commit_to; where they are blank, the years of the plan."""
    row = case.programmes[programme]
    first = row.optional("commit_from") or case.tables.first_year
    last = row.optional("commit_to") or case.tables.last_year
    return range(int(first), int(last) + 1)


def eligibility(case: Case, programme: str) -> tuple[Row, ...]:
    """The rows of sheet eligibility of one programme."""
    rows = case.tables.rows.get("eligibility", ())
    return tuple(row for row in rows if row.text("programme") == programme)


def is_eligible(rows: tuple[Row, ...], traits: Traits) -> bool:
    """Whether a thing with these traits passes a programme's eligibility rows."""
    wanted: dict[str, bool] = {}
    for row in rows:
        match = matches(row, traits)
        if row.text("rule") == "never":
            if match:
                return False
            continue
        wanted[row.text("field")] = wanted.get(row.text("field"), False) or match
    return all(wanted.values())


def matches(row: Row, traits: Traits) -> bool:
    """Whether a row of a sheet with field and value takes a thing with these traits."""
    field = row.text("field")
    return match_key(field, row.text("value")) in traits.get(field, frozenset())
