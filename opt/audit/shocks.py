"""What a scenario changes: which shocks match a thing, and what they come to together.

A thing (plant, project, lane, demand) is described by its traits: for each filter field the values
it answers to. Ids and blocs match without case, stages, minerals and segments exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opt.data.tables import Tables

EXACT_FIELDS = frozenset({"stage", "mineral", "segment"})

Traits = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Shock:
    """One row of sheet shocks; `key` is the value to match, None for everything."""

    what: str
    field: str
    key: str | None
    first_year: int
    last_year: int
    factor: float
    shift: float

    def hits(self, traits: Traits, year: int) -> bool:
        """Whether the shock works on a thing with these traits in this year."""
        if not self.first_year <= year <= self.last_year:
            return False
        return self.key is None or self.key in traits.get(self.field, frozenset())


@dataclass(frozen=True, slots=True)
class Effect:
    """Several shocks on one thing: factors multiply, then shifts add."""

    factor: float = 1.0
    shift: float = 0.0


def match_key(field: str, value: str) -> str:
    """The form in which a filter value is compared."""
    return value.strip() if field in EXACT_FIELDS else value.strip().casefold()


def make_traits(**values: Iterable[str]) -> Traits:
    """Traits from plain values; blanks answer to nothing."""
    return {
        field: frozenset(match_key(field, value) for value in given if value)
        for field, given in values.items()
    }


def read_shocks(tables: Tables, scenario: str | None) -> tuple[Shock, ...]:
    """The shocks of one scenario; none in the base case."""
    if scenario is None:
        return ()
    found = []
    for row in tables.rows.get("shocks", ()):
        if row.text("scenario").casefold() != scenario.casefold():
            continue
        field, value = row.text("field"), row.text("value")
        first, last = row.optional("first_year"), row.optional("last_year")
        found.append(
            Shock(
                what=row.text("what"),
                field=field,
                key=match_key(field, value) if field and value else None,
                first_year=tables.first_year if first is None else int(first),
                last_year=tables.last_year if last is None else int(last),
                factor=row.number_of("factor"),
                shift=row.number_of("shift"),
            )
        )
    return tuple(found)


def effect(shocks: tuple[Shock, ...], what: str, traits: Traits, year: int) -> Effect:
    """The combined effect of all shocks of one kind on a thing in a year."""
    factor, shift = 1.0, 0.0
    for shock in shocks:
        if shock.what == what and shock.hits(traits, year):
            factor *= shock.factor
            shift += shock.shift
    return Effect(factor, shift)
